/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rescore.h - the second stage (doc/ranking.md): over the best articles of the first one adds what the whole article
 * says and how close the words stand.
 */
#ifndef NS_QUERY_RESCORE_H
#define NS_QUERY_RESCORE_H

#include "index/backend.h"
#include "src/query/bm25.h"
#include "src/query/build.h"

typedef struct ns_scored_passage {
    uint32_t docid;
    double score;     /* first stage */
    double proximity; /* of the words that stand together */
} ns_scored_passage;

typedef struct ns_scored_article {
    ns_article_columns columns;
    double first;     /* first-stage score of the best passage */
    double article;   /* BM25 of the whole article, weighted */
    double proximity; /* of the passage that wins with it */
    double recency;   /* factor of the sum (recency.h); 1: none */
    double score;     /* by which articles are ordered */
    ns_scored_passage *passages; /* best first; those with a part of the score, at least one */
    size_t passage_count;
    size_t scored_count; /* of the same list: others that have a part follow after those, in no order that matters */
} ns_scored_article;

/* doc/ranking.md */
#define NS_WEIGHT_ARTICLE 0.5
#define NS_WEIGHT_ORDERED 0.4
#define NS_WEIGHT_UNORDERED 0.1
#define NS_UNORDERED_WINDOW 8

/* The order of two that are equal in all that counts: it tells nothing, but is the same wherever articles lie. */
int ns_scored_tie(const ns_scored_article *x, const ns_scored_article *y);
/* Score descending; among equals the one published first, unknown days last; then as above. */
void ns_scored_sort(ns_scored_article *articles, size_t count);
/* Scores the candidates anew; of each, 'article' and 'docid' are looked at. *articles has one entry a candidate that is still there, best first; at most 'passages'
 * passages each. With 'first_only' the score stays that of the first stage. */
nsearch_status ns_rescore(ns_snapshot *snapshot, const ns_built *built, const ns_candidate *candidates, size_t count,
                          size_t passages, bool first_only, ns_arena *arena, ns_scored_article **articles,
                          size_t *article_count, nsearch_error *err);

#endif
