/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * plan.h - hand-over from the query to the engines: which passages, and what each is worth.
 *
 * A filter selects articles: each of its leaves (TERM, PHRASE, NEAR) holds for an article when some
 * passage of it satisfies the leaf, and AND, OR and NOT combine articles, because a reader who asks
 * for two words means the article, wherever in it they stand. Candidates are all passages of the selected
 * articles; without a filter, the passages that hold at least one weighted term. An engine's answer() is handed only
 * filters whose leaves are the same in all passages of an article (title, source, byline, days), where
 * that is the same as filtering passages. A candidate's score is the sum over the weighted terms that it holds of
 *
 *     weight * tf * (k1 + 1) / (tf + k1 * ((1 - b) + b * len / average_length))
 *
 * (BM25, Robertson and Zaragoza 2009, eq. 3.15), added in the order of the weights in double
 * precision. idf and query weights are folded into 'weight' by the evaluator. Order: score
 * descending, then docid ascending.
 */
#ifndef NS_INDEX_PLAN_H
#define NS_INDEX_PLAN_H

#include <stddef.h>
#include <stdint.h>

typedef enum ns_filter_kind {
    NS_FILTER_ALL,    /* every passage */
    NS_FILTER_NONE,   /* no passage */
    NS_FILTER_TERM,   /* holds 'key' */
    NS_FILTER_AND,    /* all children */
    NS_FILTER_OR,     /* any child */
    NS_FILTER_NOT,    /* not its one child */
    NS_FILTER_PHRASE, /* children are TERMs: adjacent positions in this order */
    NS_FILTER_NEAR,   /* children are TERMs: distinct positions, any order, span at most 'window' positions:
                         max - min < window + number of children - 1 */
    NS_FILTER_DAYS    /* the article's day lies in [first_day, last_day]; unknown never does */
} ns_filter_kind;

/* A leaf with more terms selects nothing: the evaluator cuts longer ones, and says so. */
#define NS_PHRASE_TERMS_MAX 64
#define NS_NEAR_TERMS_MAX 16

typedef struct ns_filter ns_filter;
struct ns_filter {
    ns_filter_kind kind;
    const char *key;
    uint32_t key_length;
    uint32_t window;
    int32_t first_day, last_day;
    uint32_t *offsets;   /* PHRASE: position of each child relative to the first; NULL: 0, 1, 2 ... */
    ns_filter **children;
    size_t child_count;
};

typedef struct ns_weight {
    const char *key;
    uint32_t key_length;
    double weight;       /* > 0 */
} ns_weight;

typedef struct ns_plan {
    const ns_filter *filter;  /* NULL: none */
    const ns_weight *weights;
    size_t weight_count;      /* at most 1,024 */
    double k1, b;
    double average_length;    /* len summed over all live passages / their number */
} ns_plan;

/* One article of the first stage: its best passage. */
typedef struct ns_candidate {
    double score;
    uint32_t docid;   /* of the best passage; the lowest among equals */
    uint32_t article; /* docid of the article's first passage */
} ns_candidate;

#endif
