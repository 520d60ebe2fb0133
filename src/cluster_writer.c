/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_writer.c - writes one shard: of all that is read, the articles that belong there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        const ns_shard *to = &cluster.shards[i].writer;
        /* The record of known files lies in the shard's folder; one that is not here has none, and files are read again. */
        const char *place = to->kind == NS_SHARD_DIRECTORY ? to->where : path;
        status = ns_writer_make(place, &cluster, i, options, NULL, writer, err);
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
