/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * topk.h - the best k articles by their best passage. Passages are offered in docid order, so an article's
 * passages come together and the heap holds one entry an article.
 */
#ifndef NS_QUERY_TOPK_H
#define NS_QUERY_TOPK_H

#include <stdbool.h>
#include <stddef.h>

#include "index/plan.h"
#include "src/base/arena.h"

typedef struct ns_topk {
    ns_candidate *heap; /* the worst on top */
    size_t count, limit;
    ns_candidate pending; /* best passage of the article now being offered */
    bool has_pending;
    double threshold; /* a passage of another article must score more than this; -1 while not full */
    double floor;     /* and at least this: known beforehand not to be above the limit-th best; -1: nothing is known */
} ns_topk;

/* False when memory is out. */
bool ns_topk_init(ns_topk *top, size_t limit, ns_arena *arena);
void ns_topk_offer(ns_topk *top, double score, uint32_t docid, uint32_t article);
/* Ends the offers; the heap is sorted best first. */
void ns_topk_finish(ns_topk *top);
/* Order of the first stage: score descending, then docid ascending. */
int ns_candidate_compare(const void *a, const void *b);

#endif
