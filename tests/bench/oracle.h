/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * oracle.h - the plainest way to answer a query: every passage of the file is read and scored. Shares the words with
 * the index, and nothing else.
 */
#ifndef NS_BENCH_ORACLE_H
#define NS_BENCH_ORACLE_H

#include "tests/bench/queries.h"

typedef struct oracle_text {
    uint32_t *words; /* stems, in order */
    uint32_t count;
    double score;    /* of the query in hand; below 0: no match */
} oracle_text;

typedef struct oracle {
    plain_analyser analyser;
    ns_arena arena;
    oracle_text *texts;
    size_t count, room;
    double average_length;
} oracle;

/* Reads the whole file. False: errno says why. */
bool oracle_open(oracle *o, const char *path);
void oracle_close(oracle *o);
/* Scores all passages; returns how many match. False: out of memory. */
bool oracle_run(oracle *o, const bench_query *query, uint64_t *found);
/* Whether 'match' is the answer to the query that was run; prints what differs. */
bool oracle_agrees(const oracle *o, bench_searcher *s, const bench_query *query, uint64_t found,
                   const ns_match *match);

#endif
