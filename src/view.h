/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * view.h - what an opened index searches in: one snapshot, and what is kept from search to search for it. A view never changes; the
 * handle of a cluster exchanges its view when shards go and come back, while searches under way keep theirs. Part of the
 * facade.
 */
#ifndef NS_VIEW_H
#define NS_VIEW_H

#include "index/backend.h"
#include "src/cluster.h"
#include "src/query/range_maxima.h"
#include "src/query/stories.h"

/* What became of a shard when the view was opened. */
typedef struct ns_view_shard {
    const char *name;      /* the cluster's */
    nsearch_status status; /* OK: it answers, or its replica does */
    bool replica;          /* its replica */
    char reason[256];      /* why it, or the one that the replica stands for, does not; "" */
    ns_snapshot_stats stats;
} ns_view_shard;

typedef struct ns_view {
    const ns_backend *backend;
    ns_snapshot *snapshot;
    ns_maxima_cache *maxima;
    ns_stories *stories;
    char fingerprint[17];
    ns_view_shard *shards; /* in the order of the list; NULL: an index in a folder */
    size_t shard_count;
    bool complete;         /* every shard answers for itself */
    unsigned users;
} ns_view;

/* Opens the index in a folder. 'memory': for what is kept, 0: half of the index. */
nsearch_status ns_view_open(const char *path, size_t memory, ns_view **view, nsearch_error *err);
/* Opens all shards that answer. UNREACHABLE: none does. UNSUPPORTED: a build without Xapian. */
nsearch_status ns_view_open_cluster(const ns_cluster *cluster, size_t memory, ns_view **view, nsearch_error *err);
/* Whether one that did not answer when the view was opened seems to be there again; waits a fifth of a second for each server, and
 * for programs not at all. Not to be called by two threads at once. */
bool ns_view_returns(const ns_view *view, ns_cluster *cluster);
void ns_view_free(ns_view *view);

/* ---- cluster_probe.c */

/* Whether a server sends its greeting within 'ms'; of a program, whether it has since an earlier call; of a folder, whether it is
 * there. */
bool ns_shard_probe(const ns_shard *shard, ns_program_probe *probe, unsigned ms);

#endif
