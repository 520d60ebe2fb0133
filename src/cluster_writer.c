/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_writer.c - writes one shard: of all that is read, the articles that belong there. The others are looked at, too: which
 * are copies of one story is decided over all shards, by every writer for its own articles, and as for one index.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/fs.h"
#include "src/cluster.h"
#include "src/writer.h"

nsearch_status nsearch_shard_name(const char *path, size_t i, char name[NSEARCH_SHARD_NAME], nsearch_error *err)
{
    ns_cluster cluster;
    ns_error_clear(err);
    if (!path || !name)
        return ns_error_set(err, NSEARCH_INVALID, "no path or no place for the name was given");
    nsearch_status status = ns_cluster_read(path, &cluster, err);
    if (status)
        return status;
    if (i < cluster.shard_count)
        snprintf(name, NSEARCH_SHARD_NAME, "%s", cluster.shards[i].where.name);
    else
        status = ns_error_set(err, NSEARCH_NOT_FOUND, "'%s' lists %zu shards", path, cluster.shard_count);
    ns_cluster_release(&cluster);
    return status;
}

/* The record of known files lies in the shard's folder; that of one that is not here in a folder beside the list. Where
 * that cannot be made there is none, and files are read again. */
static nsearch_status place_of_record(const ns_cluster *cluster, size_t shard, char **place, nsearch_error *err)
{
    const ns_shard *to = &cluster->shards[shard].writer;
    char *above = NULL;
    if (to->kind == NS_SHARD_DIRECTORY) {
        *place = strdup(to->where);
    } else if (asprintf(&above, "%s.files", cluster->path) < 0 || asprintf(place, "%s/%s", above, to->name) < 0) {
        *place = NULL;
    } else {
        ns_fs_current->mkdirat(AT_FDCWD, above, 0777);
        ns_fs_current->mkdirat(AT_FDCWD, *place, 0777);
    }
    free(above);
    return *place ? NSEARCH_OK : ns_error_memory(err);
}

nsearch_status nsearch_writer_open_shard(const char *path, const char *shard, const nsearch_writer_options *options,
                                         nsearch_writer **writer, nsearch_error *err)
{
    ns_cluster cluster;
    ns_error_clear(err);
    if (!path || !shard)
        return ns_error_set(err, NSEARCH_INVALID, "no path or no name of a shard was given");
    nsearch_status status = ns_cluster_read(path, &cluster, err);
    if (status)
        return status;
    size_t i = 0;
    while (i < cluster.shard_count && strcmp(cluster.shards[i].where.name, shard))
        i++;
    if (i == cluster.shard_count)
        status = ns_error_set(err, NSEARCH_NOT_FOUND, "no shard '%s' in '%s'", shard, path);
    else if (options && options->engine)
        status = ns_error_set(err, NSEARCH_INVALID, "the engine of a shard is Xapian: none is to be named");
    if (!status) {
        char *record = NULL;
        status = place_of_record(&cluster, i, &record, err);
        if (!status)
            status = ns_writer_make(record, &cluster, i, options, NULL, writer, err);
        free(record);
    }
    ns_cluster_release(&cluster); /* empty if the writer has it */
    return status;
}

/* Whether the shard has an article with this id, from this run or from an earlier one. */
static nsearch_status is_here(nsearch_writer *w, const char *id, bool *here, nsearch_error *err)
{
    ns_article_columns columns;
    const ns_sighting *seen = ns_writer_sighting(w, id);
    *here = seen && seen->hash;
    return seen ? NSEARCH_OK
                : ns_writer_find(w->backend->store_snapshot(w->store), id, here, &columns, err);
}

nsearch_status ns_writer_elsewhere(nsearch_writer *w, const ns_article *article, bool *elsewhere, nsearch_error *err)
{
    bool here = false;
    *elsewhere = w->cluster.shard_count && ns_cluster_place(&w->cluster, ns_cluster_key(article)) != w->shard;
    if (!*elsewhere)
        return NSEARCH_OK;
    nsearch_status status = is_here(w, article->id, &here, err);
    if (!status && here) {
        /* its slot stays taken: what is under way goes first */
        char *id = strdup(article->id);
        status = id ? nsearch_writer_remove(w, id, err) : ns_error_memory(err);
        if (status == NSEARCH_NOT_FOUND) { /* it went before */
            ns_error_clear(err);
            status = NSEARCH_OK;
        }
        free(id);
    }
    return status;
}

/* ---- groups of copies over all shards */

#define OTHERS_TRIES 5 /* their writers may be at work */

void ns_writer_close_others(nsearch_writer *w)
{
    if (w->others)
        w->others->backend->close(w->others);
    w->others = NULL;
    w->others_opened = false;
}

#ifdef NS_WITH_XAPIAN
static void tell_missing(nsearch_writer *w, const ns_shard *shard, nsearch_status status, const char *reason)
{
    char where[NSEARCH_SHARD_NAME + 16], text[400];
    if (!w->options.skipped || !status || status == NSEARCH_NOT_FOUND) /* one that was never written has no articles */
        return;
    snprintf(where, sizeof where, "shard '%s'", shard->name);
    snprintf(text, sizeof text, "copies of its articles are not recognised: %s", reason);
    w->options.skipped(where, text, w->options.user);
}

static nsearch_status open_others(nsearch_writer *w, nsearch_error *err)
{
    const ns_shard_state *states;
    nsearch_error why = NSEARCH_ERROR_INIT;
    size_t count = 0;
    bool told = w->others_opened;
    ns_shard *list = calloc(w->cluster.shard_count, sizeof *list);
    ns_writer_close_others(w);
    if (!list)
        return ns_error_memory(err);
    for (size_t i = 0; i < w->cluster.shard_count; i++)
        if (i != w->shard)
            list[count++] = w->cluster.shards[i].where;
    nsearch_status status = count ? ns_shards_open(list, count, w->cluster.timeout_ms, &w->others, &why) : NSEARCH_OK;
    size_t known = w->others ? ns_shards_states(w->others, &states) : 0;
    for (size_t i = 0; i < count && !told; i++)
        tell_missing(w, &list[i], known ? states[i].status : status, known ? states[i].reason : why.text);
    free(list);
    w->others_opened = true;
    return status == NSEARCH_NO_MEMORY ? ns_error_memory(err) : NSEARCH_OK;
}
#else
static nsearch_status open_others(nsearch_writer *w, nsearch_error *err)
{
    (void)err;
    w->others_opened = true;
    return NSEARCH_OK;
}
#endif

nsearch_status ns_writer_load_groups(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (ns_grouping_loaded(w->grouping))
        return NSEARCH_OK;
    for (int tries = 0; tries < OTHERS_TRIES; tries++) {
        ns_error_clear(err);
        status = ns_grouping_load(w->grouping, w->backend->store_snapshot(w->store), err);
        if (status || w->cluster.shard_count < 2)
            return status;
        status = open_others(w, err);
        if (!status && w->others)
            status = ns_grouping_load_more(w->grouping, w->others, err);
        if (!status || status == NSEARCH_NO_MEMORY)
            return status;
    }
    ns_grouping_clear(w->grouping);
    return status;
}

nsearch_status ns_writer_find_elsewhere(nsearch_writer *w, const char *id, uint64_t *hash, nsearch_error *err)
{
    ns_article_columns columns;
    bool found = false;
    nsearch_status status = NSEARCH_OK;
    const uint64_t *known = ns_map_find(&w->elsewhere, id, strlen(id));
    *hash = known ? *known : 0;
    if (known || w->cluster.shard_count < 2)
        return NSEARCH_OK;
    status = ns_writer_find(w->others, id, &found, &columns, err);
    for (int tries = 1; status && status != NSEARCH_NO_MEMORY && tries < OTHERS_TRIES; tries++) {
        ns_error_clear(err);
        status = open_others(w, err);
        if (!status)
            status = ns_writer_find(w->others, id, &found, &columns, err);
    }
    if (!status && found)
        *hash = columns.hash;
    return status;
}

nsearch_status ns_writer_submit_elsewhere(nsearch_writer *w, ns_ingest_job *job, nsearch_error *err)
{
    const ns_article *a = &job->article;
    bool outdone;
    w->progress.read++;
    nsearch_status status = ns_writer_complete_elsewhere(w, a, &outdone, err);
    if (status || outdone)
        return status;
    job->elsewhere = true;
    job->file = NS_NO_FILE;
    job->hash = ns_article_hash(a);
    status = ns_writer_load_groups(w, err);
    if (!status)
        status = ns_writer_find_elsewhere(w, a->id, &job->replaced, err);
    uint64_t *known = status ? NULL : ns_map_put(&w->elsewhere, a->id, strlen(a->id), NULL);
    if (!known)
        return status ? status : ns_error_memory(err);
    *known = job->hash;
    return job->replaced == job->hash ? ns_writer_tell(w, err) : ns_ingest_put(w->ingest, err);
}
