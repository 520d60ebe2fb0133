/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * grouping.h - which group of copies an article belongs to, decided once, when it is added: it joins the group whose head
 * it is most like, or begins one of its own. The answer depends on the articles that are in the index and on nothing
 * else, neither their order in it nor commits nor threads. Used by one thread; part of the facade.
 */
#ifndef NS_GROUPING_H
#define NS_GROUPING_H

#include "index/backend.h"

typedef struct ns_grouping ns_grouping;

/* 'memory': bytes that it may hold; when they are full the half with the older days is forgotten. NULL: out of memory. */
ns_grouping *ns_grouping_new(size_t memory);
void ns_grouping_free(ns_grouping *g);
/* Begins with the articles of a committed state; NULL: with none. */
nsearch_status ns_grouping_load(ns_grouping *g, ns_snapshot *snapshot, nsearch_error *err);
/* Adds those of another index: a cluster's articles lie in several (src/cluster.h). After the load. */
nsearch_status ns_grouping_load_more(ns_grouping *g, ns_snapshot *snapshot, nsearch_error *err);
bool ns_grouping_loaded(const ns_grouping *g);
/* Decides the group (analysed.h) of an article with this ns_article_hash. 'doubtful': its day is a guess. */
nsearch_status ns_grouping_add(ns_grouping *g, uint64_t hash, int32_t day, bool doubtful, const ns_sketch *sketch,
                               uint64_t *group, nsearch_error *err);
/* Takes an article out that was loaded or added, if it is there. Its group stays, even without its head. */
void ns_grouping_remove(ns_grouping *g, uint64_t hash);
/* Forgets all. */
void ns_grouping_clear(ns_grouping *g);

#endif
