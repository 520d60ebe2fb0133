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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum ns_filter_kind {
    NS_FILTER_ALL,    /* every passage */
    NS_FILTER_NONE,   /* no passage */
    NS_FILTER_TERM,   /* holds 'key' */
    NS_FILTER_AND,    /* all children */
    NS_FILTER_OR,     /* any child */
    NS_FILTER_NOT,    /* not its one child */
    NS_FILTER_PHRASE, /* children are TERMs: adjacent positions in this order */
    NS_FILTER_DAYS,   /* the article's day lies in [first_day, last_day]; unknown never does */
    NS_FILTER_PLACES  /* the article has 'place' at least 'least' times; its one child selects all such articles, and
                         may select others */
} ns_filter_kind;

/* Where in an article something stands, by the positions of its words (after Clarke, Cormack and Burkowski 1995, "An
 * algebra for structured text search"). A place is a run of positions; what a kind gives holds no place inside another.
 * Positions go on through the passages of an article; its title stands before them, too far for any distance. */
typedef enum ns_place_kind {
    NS_PLACE_WORD,      /* each position of 'key', as 'letters' wants */
    NS_PLACE_ANY,       /* the places of all children, the longer of two that lie in one another */
    NS_PLACE_SEQUENCE,  /* WORDs at 'offsets' from the first */
    NS_PLACE_NEAR,      /* the places of two children that do not overlap, from the end of one to the beginning of the
                           other at most 'distance' positions */
    NS_PLACE_BEFORE,    /* the same, the first child first */
    NS_PLACE_SENTENCE,  /* in a sentence, or the title, that holds places of all children: the first of each, and what
                           lies between */
    NS_PLACE_PARAGRAPH, /* the same in a paragraph, or the title */
    NS_PLACE_QUOTATION, /* all of a quotation that holds a place of each child, and has each of 'speakers' at its
                           beginning */
    NS_PLACE_LEAD       /* title and lead together; once */
} ns_place_kind;

typedef enum ns_letters {
    NS_LETTERS_ANY,
    NS_LETTERS_LOWER,   /* the first letter is small. These three are looked for in the body alone */
    NS_LETTERS_CAPITAL, /* the first letter is a capital, not all are */
    NS_LETTERS_UPPER    /* two letters or more, all capitals */
} ns_letters;

typedef struct ns_place ns_place;
struct ns_place {
    ns_place_kind kind;
    ns_letters letters;
    const char *key;     /* WORD: of kind NS_TERM_STEM or NS_TERM_EXACT (then in the title too), or another kind */
    uint32_t key_length;
    uint32_t distance;
    uint32_t *offsets;   /* SEQUENCE */
    ns_place **children;
    size_t child_count;  /* NEAR, BEFORE: two */
    ns_place **speakers; /* QUOTATION: WORDs of kind NS_TERM_SPEAKER */
    size_t speaker_count;
};

#define NS_LEAD_WORDS 50        /* the lead ends with the paragraph in which the 50th word of the body stands */
#define NS_BODY_POSITION 8192   /* of the first word of the body */

/* A leaf with more terms selects nothing: the evaluator cuts longer ones, and says so. */
#define NS_PHRASE_TERMS_MAX 64

typedef struct ns_filter ns_filter;
struct ns_filter {
    ns_filter_kind kind;
    const char *key;
    uint32_t key_length;
    int32_t first_day, last_day;
    uint32_t *offsets;   /* PHRASE: position of each child relative to the first; NULL: 0, 1, 2 ... */
    const ns_place *place;
    uint32_t least;
    ns_filter **children;
    size_t child_count;
};

/* Whether two TERMs are of one key. */
static inline bool ns_filter_same_key(const ns_filter *a, const ns_filter *b)
{
    return a->key_length == b->key_length && !memcmp(a->key, b->key, a->key_length);
}

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
