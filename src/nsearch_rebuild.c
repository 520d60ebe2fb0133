/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_rebuild.c - builds an index anew from the articles that it holds.
 */
#include <string.h>

#include "src/engine_move.h"
#include "src/text/stored.h"
#include "src/writer.h"

#define MOVE_MEMORY_MB 32 /* for an index that is only read */

typedef struct rebuild {
    nsearch_writer *w;
    ns_snapshot *old;
    nsearch_status status;
    nsearch_error *err;
} rebuild;

static bool rebuild_article(const ns_article_columns *columns, void *user)
{
    rebuild *r = user;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_ingest_job *job;
    r->status = ns_ingest_take(r->w->ingest, &job, r->err);
    if (!r->status)
        r->status = r->old->backend->fetch(r->old, columns->article, job->arena, &bytes, &n, r->err);
    if (!r->status)
        r->status = ns_stored_decode(bytes, n, job->arena, &stored, r->err);
    if (!r->status) {
        job->article = stored.article;
        job->where = stored.article.id;
        r->w->progress.bytes_read += n;
        r->status = ns_writer_submit(r->w, job, r->err);
    }
    return !r->status;
}

/* Adds all articles of 'old' to the writer, commits and verifies. */
static nsearch_status rebuild_from(nsearch_writer *w, ns_snapshot *old, nsearch_error *err)
{
    rebuild r = {.w = w, .old = old, .err = err};
    w->finds_disabled = true; /* all of them are to be analysed anew, */
    nsearch_status status = ns_grouping_load(w->grouping, NULL, err); /* and grouped */
    if (old && !status)
        status = old->backend->articles(old, rebuild_article, &r, err);
    if (!status)
        status = r.status;
    if (!status && old && old->backend->intact)
        status = old->backend->intact(old, err);
    if (!status)
        status = nsearch_writer_commit(w, err);
    ns_snapshot *rebuilt = status ? NULL : w->backend->store_snapshot(w->store);
    if (rebuilt)
        status = rebuilt->backend->verify(rebuilt, err);
    return status;
}

/* The new index is built in a folder inside the old one, whose lock is held meanwhile. */
static nsearch_status rebuild_with_engine(const char *path, const ns_backend *backend,
                                          const nsearch_writer_options *options, nsearch_error *err)
{
    ns_store *store = NULL;
    ns_engine_move *move = NULL;
    nsearch_writer *w = NULL;
    ns_store_options little = {.memory_mb = MOVE_MEMORY_MB, .threads = 1};
    if (!ns_backend_named(options->engine))
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "no engine '%s' in this build", options->engine);
    nsearch_status status = backend->store_open(path, &little, &store, err);
    if (status)
        return status;
    ns_snapshot *old = backend->store_snapshot(store);
    ns_writer_names names = {NULL, 0};
    if (old)
        status = backend->names(old, &names.text, &names.n, err);
    if (!status)
        status = ns_engine_move_begin(path, options->engine, NULL, &move, err);
    if (!status)
        status = ns_writer_open(ns_engine_move_path(move), options, &names, &w, err);
    if (!status)
        status = rebuild_from(w, old, err);
    nsearch_writer_close(w);
    if (!status)
        status = ns_engine_move_finish(move, err);
    backend->store_close(store);
    ns_engine_move_free(move);
    return status;
}

nsearch_status nsearch_rebuild(const char *path, const nsearch_writer_options *options, nsearch_error *err)
{
    nsearch_writer *w = NULL;
    const ns_backend *backend;
    ns_error_clear(err);
    if (!path)
        return ns_error_set(err, NSEARCH_INVALID, "no path was given");
    if (ns_cluster_is_file(path))
        return ns_error_set(err, NSEARCH_INVALID, "'%s' is a list of shards: the folder of each is rebuilt by itself", path);
    nsearch_status status = ns_backend_of(path, &backend, err); /* there must be one */
    if (status)
        return status;
    if (options && options->version == NSEARCH_WRITER_OPTIONS_VERSION && options->engine &&
        strcmp(options->engine, backend->name) != 0)
        return rebuild_with_engine(path, backend, options, err);
    status = ns_writer_open(path, options, NULL, &w, err);
    if (status)
        return status;
    ns_snapshot *old = w->backend->store_snapshot(w->store);
    status = w->backend->store_restart(w->store, err);
    if (!status)
        status = rebuild_from(w, old, err);
    nsearch_writer_close(w);
    return status;
}
