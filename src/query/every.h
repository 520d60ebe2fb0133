/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * every.h - all articles that a plan matches, not only the best of them: what is counted over time and ordered by date.
 */
#ifndef NS_QUERY_EVERY_H
#define NS_QUERY_EVERY_H

#include "src/query/range_maxima.h"

typedef struct ns_dated {
    int32_t day;      /* ns_article_day; unknown where days were not asked for */
    uint32_t article; /* docid of its first passage */
    uint64_t group;   /* number of its group of copies; 0: it stands alone, or days were not asked for */
} ns_dated;

/* Sets *articles, by docid, to all that ns_match_run would count as found. 'dated': with their days and groups, which takes a look
 * at the columns of each. 'exhaustive': by walking lists instead of sets,
 * the same answer. 'cache' may be NULL; memory from 'arena'. */
nsearch_status ns_every_find(ns_snapshot *snapshot, const ns_plan *plan, ns_maxima_cache *cache, bool dated, bool exhaustive,
                             ns_arena *arena, ns_dated **articles, size_t *count, nsearch_error *err);

#endif
