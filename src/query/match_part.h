/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_part.h - matching within one part of a snapshot: the cursors of the plan's weights and the two ways
 * through a ranked query.
 */
#ifndef NS_QUERY_MATCH_PART_H
#define NS_QUERY_MATCH_PART_H

#include "index/backend.h"
#include "src/query/bm25.h"
#include "src/query/topk.h"

struct ns_maxima_cache;

typedef struct ns_part_match {
    ns_snapshot *snapshot;
    const ns_plan *plan;
    const ns_bm25 *formula;
    size_t number; /* of the part */
    ns_part part;
    ns_topk *top;
    ns_arena *arena;
    ns_cursor **cursors; /* one a weight, NULL where the part lacks the term */
    size_t count;
} ns_part_match;

/* Opens the cursors of m->plan in part m->number. */
nsearch_status ns_part_match_open(ns_part_match *m, nsearch_error *err);
/* The i-th cursor, which the part has, on its first posting again. */
nsearch_status ns_part_match_rewind(ns_part_match *m, size_t i, nsearch_error *err);
nsearch_status ns_part_match_rewind_all(ns_part_match *m, nsearch_error *err);
/* Sets the error for damage met in a list. */
nsearch_status ns_match_damaged(nsearch_error *err);
bool ns_part_match_damaged(const ns_part_match *m);
void ns_part_match_close(ns_part_match *m);

static inline uint32_t ns_part_length(const ns_part_match *m, uint32_t docid)
{
    return m->part.lengths ? m->part.lengths[docid - m->part.docid_begin]
                           : m->snapshot->backend->length(m->snapshot, docid);
}

/* Every posting of every list is scored (match_exhaustive.c). */
nsearch_status ns_match_exhaustive(ns_part_match *m, nsearch_error *err);
/* What passages are to be ranked. */
typedef struct ns_selection {
    const uint8_t *bits;            /* filter_bits.h; NULL: all */
    const ns_filter *const *checks; /* PHRASEs that the passage must satisfy besides */
    size_t check_count;
} ns_selection;

/* Only ranges of passages that can hold one of the best are looked into (match_ranges.c). 'cache' may be NULL. *hopeless
 * (NULL where there are no checks): so few stand the checks that all are better checked first; nothing was offered. */
nsearch_status ns_match_ranges(ns_part_match *m, struct ns_maxima_cache *cache, const ns_selection *selection,
                               bool *hopeless, nsearch_error *err);

#endif
