/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_repair.c - looks for damage, and builds a damaged index anew from the articles that can still be read. The
 * old index stays until the new one is verified and takes its place.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/fs.h"
#include "src/engine_move.h"
#include "src/text/stored.h"
#include "src/writer.h"

typedef struct repair {
    nsearch_repair *report;
    ns_buffer names;
    nsearch_writer *w;
    nsearch_status status; /* of the new index */
    nsearch_error *err;
} repair;

static void note_damaged(const char *what, void *user)
{
    repair *r = user;
    r->report->damaged++;
    if (r->report->found)
        r->report->found(what, r->report->user);
}

static void note_names(const char *text, size_t n, void *user)
{
    repair *r = user;
    ns_buffer_clear(&r->names);
    ns_buffer_add(&r->names, text, n);
}

static void note_lost(const char *id, const char *file, uint64_t count, void *user)
{
    repair *r = user;
    r->report->lost += count;
    if (r->report->missed)
        r->report->missed(id, file, count, r->report->user);
}

static bool repair_article(const uint8_t *bytes, size_t n, uint64_t hash, void *user)
{
    repair *r = user;
    ns_stored stored;
    ns_ingest_job *job;
    nsearch_error local = NSEARCH_ERROR_INIT;
    if (!r->status)
        r->status = ns_ingest_take(r->w->ingest, &job, r->err);
    if (r->status)
        return true; /* it is not the article's fault */
    const uint8_t *copy = (const uint8_t *)ns_arena_copy(job->arena, (const char *)bytes, n);
    if (!copy) {
        r->status = ns_error_memory(r->err);
        return true;
    }
    if (ns_stored_decode(copy, n, job->arena, &stored, &local) || ns_article_hash(&stored.article) != hash) {
        if (local.status == NSEARCH_NO_MEMORY)
            r->status = ns_error_memory(r->err);
        return false;
    }
    job->article = stored.article;
    job->where = stored.article.id;
    r->w->progress.bytes_read += n;
    r->report->kept++;
    r->status = ns_writer_submit(r->w, job, r->err);
    return true;
}

static void note_number(const char *name, void *user)
{
    uint64_t *counter = user;
    const char *dash = strrchr(name, '-');
    uint64_t number = dash ? strtoull(dash + 1, NULL, 10) : 0;
    if (number >= *counter && number < UINT64_MAX / 2)
        *counter = number + 1;
}

static void note_names_file(const char *name, void *user)
{
    bool *found = user;
    *found |= !strncmp(name, "names-", 6);
}

/* The user's names are no article that sources bring back. */
static void tell_names_lost(const repair *r, int dirfd, const ns_manifest *old)
{
    bool had = false;
    for (size_t i = 0; i < old->file_count; i++)
        had |= !strcmp(old->files[i].role, "names");
    if (!old->file_count)
        ns_fs_current->list(dirfd, note_names_file, &had);
    if (had && !r->names.size && r->report->found)
        r->report->found("the names given with --gazetteer could not be kept: give them again", r->report->user);
}

/* What the new index follows on: of a damaged manifest what can be read, and no name that is in use. */
static nsearch_status read_old(const char *path, int dirfd, ns_manifest *old, const ns_backend **backend, nsearch_error *err)
{
    size_t bad_lines;
    nsearch_error why = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_manifest_read(dirfd, old, &why);
    *backend = ns_backend_named(old->engine);
    if (!status && !*backend)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "no engine '%s' in this build", old->engine);
    if (status != NSEARCH_DAMAGED)
        return status ? ns_error_set(err, status, "%s", why.text) : status;
    status = ns_manifest_read_damaged(dirfd, old, &bad_lines, err);
    *backend = ns_backend_of_damaged(path);
    if (status == NSEARCH_DAMAGED) { /* nothing is left of it; segments and databases tell themselves what they are */
        ns_error_clear(err);
        status = NSEARCH_OK;
    }
    if (!status && ns_fs_current->list(dirfd, note_number, &old->counter))
        status = ns_error_system(err, "cannot list the index directory");
    return status;
}

/* The survey's articles go into a new index beside the old one, which then takes its place. */
static nsearch_status build_from_survey(const char *path, const ns_backend *backend, const ns_manifest *old,
                                        const nsearch_writer_options *options, repair *r, nsearch_error *err)
{
    ns_engine_move *move = NULL;
    const ns_survey calls = {.article = repair_article, .lost = note_lost, .user = r};
    const ns_writer_names names = {(const char *)r->names.data, r->names.size};
    nsearch_status status = ns_engine_move_begin(path, backend->name, old, &move, err);
    if (!status)
        status = ns_writer_open(ns_engine_move_path(move), options, &names, &r->w, err);
    if (!status) {
        r->w->finds_disabled = true;
        status = backend->survey(path, &calls, err);
    }
    if (!status)
        status = r->status;
    if (!status)
        status = nsearch_writer_commit(r->w, err);
    ns_snapshot *built = status ? NULL : backend->store_snapshot(r->w->store);
    if (built)
        status = backend->verify(built, err);
    nsearch_writer_close(r->w);
    if (!status)
        status = ns_engine_move_finish(move, err);
    ns_engine_move_free(move);
    return status;
}

static nsearch_status repair_locked(const char *path, int dirfd, const nsearch_writer_options *options,
                                    nsearch_repair *report, nsearch_error *err)
{
    ns_manifest old;
    repair r = {.report = report, .err = err};
    const ns_survey look = {.damaged = note_damaged, .names = note_names, .user = &r};
    ns_manifest_init(&old);
    const ns_backend *backend;
    nsearch_status status = read_old(path, dirfd, &old, &backend, err);
    if (status)
        return status;
    status = backend->survey(path, &look, err);
    if (!status && r.names.failed)
        status = ns_error_memory(err);
    if (!status && report->damaged)
        tell_names_lost(&r, dirfd, &old);
    if (!status && report->damaged)
        status = build_from_survey(path, backend, &old, options, &r, err);
    ns_buffer_release(&r.names);
    ns_manifest_release(&old);
    return status;
}

nsearch_status nsearch_repair_index(const char *path, const nsearch_writer_options *options, nsearch_repair *report,
                                    nsearch_error *err)
{
    int lock = -1;
    ns_error_clear(err);
    if (!path || !report || report->version != NSEARCH_REPAIR_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "no path or no report was given, or one of another version");
    report->damaged = report->kept = report->lost = 0;
    if (ns_cluster_is_file(path))
        return ns_error_set(err, NSEARCH_INVALID, "'%s' is a list of shards: the folder of each is repaired by itself", path);
    int dirfd = ns_fs_current->openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
    if (dirfd < 0)
        return ns_error_system(err, "cannot open index '%s'", path);
    nsearch_status status = ns_manifest_lock(dirfd, path, &lock, err);
    if (!status)
        status = repair_locked(path, dirfd, options, report, err);
    if (lock >= 0)
        ns_fs_current->close(lock);
    ns_fs_current->close(dirfd);
    return status;
}
