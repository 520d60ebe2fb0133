/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * view.c - opens an index in a folder, or what answers of an index in several places.
 */
#include "src/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE_MS 200

void ns_view_free(ns_view *view)
{
    if (!view)
        return;
    ns_maxima_cache_free(view->maxima);
    ns_stories_free(view->stories);
    if (view->snapshot)
        view->backend->close(view->snapshot);
    free(view->shards);
    free(view);
}

/* What is kept beside the opened snapshot. */
static nsearch_status furnish(ns_view *view, size_t memory, nsearch_error *err)
{
    ns_snapshot_stats stats;
    nsearch_status status = view->backend->stats(view->snapshot, &stats, err);
    if (status)
        return status;
    snprintf(view->fingerprint, sizeof view->fingerprint, "%016" PRIx64, stats.fingerprint);
    view->maxima = ns_maxima_cache_new(memory, stats.bytes_index);
    view->stories = ns_stories_new();
    return view->maxima && view->stories ? NSEARCH_OK : ns_error_memory(err);
}

/* Hands the view over, or gives it up. */
static nsearch_status finish(ns_view *v, nsearch_status status, size_t memory, ns_view **view, nsearch_error *err)
{
    if (!status)
        status = furnish(v, memory, err);
    if (status)
        ns_view_free(v);
    else
        *view = v;
    return status;
}

static nsearch_status open_folder(const char *path, ns_view *view, nsearch_error *err)
{
    nsearch_status status = ns_backend_of(path, &view->backend, err);
    return status ? status : view->backend->open(path, &view->snapshot, err);
}

nsearch_status ns_view_open(const char *path, size_t memory, ns_view **view, nsearch_error *err)
{
    const ns_backend *now;
    ns_view *v = calloc(1, sizeof *v);
    if (!v)
        return ns_error_memory(err);
    v->complete = true;
    nsearch_status status = open_folder(path, v, err);
    if (status && v->backend && ns_backend_of(path, &now, NULL) == NSEARCH_OK && now != v->backend) {
        /* a rebuild gave the index another engine under our hands */
        ns_error_clear(err);
        status = open_folder(path, v, err);
    }
    return finish(v, status, memory, view, err);
}

/* ---- several places */

#ifdef NS_WITH_XAPIAN
/* A step is a third of the time that a search may wait: it may meet a shard that hangs, open all again, and then open a replica
 * that hangs as well. */
static unsigned step_ms(const ns_cluster *cluster)
{
    return cluster->timeout_ms / 3;
}

/* Opens those of 'list' that are asked for; of[i] is the shard that list[i] stands for. */
static nsearch_status open_list(ns_view *v, const ns_shard *list, const size_t *of, size_t count, unsigned timeout_ms,
                                nsearch_error *err)
{
    const ns_shard_state *states;
    nsearch_error why = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_shards_open(list, count, timeout_ms, &v->snapshot, &why);
    size_t told = status ? 0 : ns_shards_states(v->snapshot, &states);
    for (size_t i = 0; i < count; i++) {
        ns_view_shard *s = &v->shards[of[i]];
        s->status = status;
        const char *reason = why.text;
        if (i < told) {
            s->status = states[i].status;
            s->stats = states[i].stats;
            reason = states[i].reason;
        }
        if (s->status && list[i].kind == NS_SHARD_PROGRAM) /* whose own words Xapian throws away */
            snprintf(s->reason, sizeof s->reason, "%.120s; '%s %s' should print something and wait",
                     *reason ? reason : nsearch_status_name(s->status), list[i].where, list[i].arguments);
        else if (s->status)
            snprintf(s->reason, sizeof s->reason, "%s", *reason ? reason : nsearch_status_name(s->status));
        else if (!s->replica)
            s->reason[0] = '\0';
    }
    if (status)
        return ns_error_set(err, status, "%s", why.text);
    v->backend = v->snapshot->backend;
    return NSEARCH_OK;
}

/* Those that answered the first time, and the replicas of those that did not. */
static size_t second_list(ns_view *v, const ns_cluster *cluster, ns_shard *list, size_t *of, bool *better)
{
    size_t count = 0;
    *better = false;
    for (size_t i = 0; i < cluster->shard_count; i++) {
        const ns_cluster_shard *s = &cluster->shards[i];
        if (v->shards[i].status && !s->replica.where)
            continue;
        v->shards[i].replica = v->shards[i].status != NSEARCH_OK;
        *better |= v->shards[i].replica;
        list[count] = v->shards[i].replica ? s->replica : s->where;
        of[count++] = i;
    }
    return count;
}

static nsearch_status open_shards(ns_view *v, const ns_cluster *cluster, nsearch_error *err)
{
    size_t n = cluster->shard_count, *of = calloc(n, sizeof *of);
    ns_shard *list = calloc(n, sizeof *list);
    nsearch_error first = NSEARCH_ERROR_INIT;
    bool better;
    nsearch_status status = of && list ? NSEARCH_OK : ns_error_memory(err);
    if (status)
        goto out;
    for (size_t i = 0; i < n; i++) {
        list[i] = cluster->shards[i].where;
        of[i] = i;
    }
    status = open_list(v, list, of, n, step_ms(cluster), &first);
    size_t count = second_list(v, cluster, list, of, &better);
    if (better && first.status != NSEARCH_NO_MEMORY) {
        if (v->snapshot)
            v->backend->close(v->snapshot);
        v->snapshot = NULL;
        first = (nsearch_error)NSEARCH_ERROR_INIT;
        status = open_list(v, list, of, count, step_ms(cluster), &first);
    }
    if (status && status != NSEARCH_NO_MEMORY)
        status = NSEARCH_UNREACHABLE;
    if (status)
        ns_error_set(err, status, "no shard of '%s' answers; the first: %s", cluster->path, v->shards[0].reason);
    v->complete = true;
    for (size_t i = 0; i < n; i++)
        v->complete &= !v->shards[i].status && !v->shards[i].replica;
out:
    free(of);
    free(list);
    return status;
}

nsearch_status ns_view_open_cluster(const ns_cluster *cluster, size_t memory, ns_view **view, nsearch_error *err)
{
    ns_view *v = calloc(1, sizeof *v);
    if (v)
        v->shards = calloc(cluster->shard_count, sizeof *v->shards);
    if (!v || !v->shards) {
        ns_view_free(v);
        return ns_error_memory(err);
    }
    v->shard_count = cluster->shard_count;
    for (size_t i = 0; i < v->shard_count; i++)
        v->shards[i].name = cluster->shards[i].where.name;
    return finish(v, open_shards(v, cluster, err), memory, view, err);
}
#else
nsearch_status ns_view_open_cluster(const ns_cluster *cluster, size_t memory, ns_view **view, nsearch_error *err)
{
    (void)memory;
    (void)view;
    return ns_error_set(err, NSEARCH_UNSUPPORTED, "'%s' lists shards: they are Xapian's, and this build is without it",
                        cluster->path);
}
#endif

bool ns_view_returns(const ns_view *view, ns_cluster *cluster)
{
    for (size_t i = 0; i < view->shard_count; i++) {
        const ns_view_shard *s = &view->shards[i];
        ns_cluster_shard *c = &cluster->shards[i];
        if (s->status || s->replica)
            if (ns_shard_probe(&c->where, &c->where_probe, PROBE_MS) ||
                (s->status && c->replica.where && ns_shard_probe(&c->replica, &c->replica_probe, PROBE_MS)))
                return true;
    }
    return false;
}
