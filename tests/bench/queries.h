/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * queries.h - from the words of a query to a plan, and to its answer.
 */
#ifndef NS_BENCH_QUERIES_H
#define NS_BENCH_QUERIES_H

#include "index/backend.h"
#include "src/query/match.h"
#include "tests/bench/plain.h"

enum { BENCH_TOP = 10, BENCH_WORDS_MAX = 64 };

typedef enum bench_kind {
    BENCH_OR,     /* any word, ranked; a headline is one */
    BENCH_AND,    /* all words, ranked */
    BENCH_PHRASE, /* the words in this order, ranked by the sum over its words */
    BENCH_KINDS
} bench_kind;

typedef struct bench_query {
    char *class, *id, *words;
    size_t length; /* of words */
    bench_kind kind;
    bool count;    /* how many match, not which */
} bench_query;

/* A query file: lines of class, id and words. */
typedef struct bench_query_list {
    bench_query *items;
    size_t count, room;
} bench_query_list;

/* Those of the classes named ("or,and"; NULL or "": all), a class's together. False: errno says why, or 0 for a bad line. */
bool bench_queries_load(bench_query_list *list, const char *path, const char *classes);
void bench_queries_release(bench_query_list *list);
bool bench_query_class(const char *class, bench_query *out); /* false: there is no such class */

/* An opened index and what a query needs again and again. */
typedef struct bench_searcher {
    ns_snapshot *snapshot;
    ns_maxima_cache *cache;
    double passages, average_length;
    plain_analyser analyser;
    bool counted;   /* ranked queries give 'found' too */
    ns_arena arena; /* of the query in hand */
    char keys[BENCH_WORDS_MAX][NS_TERM_MAX];
    uint32_t lengths[BENCH_WORDS_MAX];
} bench_searcher;

nsearch_status bench_searcher_open(bench_searcher *s, const char *dir, nsearch_error *err);
void bench_searcher_close(bench_searcher *s);
/* From words to the answer. It lives in s->arena until the next. */
nsearch_status bench_run(bench_searcher *s, const bench_query *query, ns_match_mode mode, ns_match *match,
                         nsearch_error *err);
/* The line of the passage file that a docid is. */
uint64_t bench_line_of(bench_searcher *s, uint32_t docid);

#endif
