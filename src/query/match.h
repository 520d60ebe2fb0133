/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match.h - the first stage: the best articles of a plan by their best passage, exactly. The pruned and the
 * exhaustive way give the same answer; a test holds it.
 */
#ifndef NS_QUERY_MATCH_H
#define NS_QUERY_MATCH_H

#include "index/backend.h"
#include "src/query/bm25.h"
#include "src/query/range_maxima.h"
#include "src/query/topk.h"

typedef struct ns_match {
    ns_candidate *candidates; /* best first */
    size_t count;
    uint64_t found; /* articles that match */
    bool at_least;  /* there may be more */
} ns_match;

typedef enum ns_match_mode {
    NS_MATCH_BEST,       /* the engine's own matcher, else pruned */
    NS_MATCH_CURSORS,    /* pruned, over cursors */
    NS_MATCH_EXHAUSTIVE  /* every passage is scored: the oracle */
} ns_match_mode;

typedef struct ns_match_options {
    size_t limit;           /* articles wanted */
    ns_match_mode mode;
    bool uncounted;         /* do not work out 'found' where that is more work than the search: it is 0 then */
    ns_maxima_cache *cache; /* of this snapshot; NULL: none */
} ns_match_options;

/* Memory from 'arena'. */
nsearch_status ns_match_run(ns_snapshot *snapshot, const ns_plan *plan, const ns_match_options *options,
                            ns_arena *arena, ns_match *match, nsearch_error *err);

#endif
