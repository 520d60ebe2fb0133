/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_check.c - whether the fast answers are right: the same as with every posting scored, to the last bit, and, where
 * the passages are given, those of the oracle, which uses no index.
 */
#include <errno.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/oracle.h"

/* Runs the query in one mode; the answer's candidates are copied out of the arena. */
static nsearch_status answer_of(bench_searcher *s, const bench_query *query, ns_match_mode mode, ns_match *match,
                                ns_candidate *candidates, nsearch_error *err)
{
    nsearch_status status = bench_run(s, query, mode, match, err);
    if (!status && match->count) {
        memcpy(candidates, match->candidates, match->count * sizeof *candidates);
        match->candidates = candidates;
    }
    return status;
}

static bool same(const ns_match *a, const ns_match *b)
{
    if (a->count != b->count || (!a->at_least && !b->at_least && a->found != b->found))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->candidates[i].docid != b->candidates[i].docid ||
            memcmp(&a->candidates[i].score, &b->candidates[i].score, sizeof(double)) != 0)
            return false;
    return true;
}

int bench_check(const char *dir, const char *path, const char *passages)
{
    bench_query_list queries;
    bench_searcher s;
    oracle o;
    nsearch_error err = NSEARCH_ERROR_INIT;
    size_t differ = 0, answered = 0;
    if (!bench_queries_load(&queries, path, NULL) || (passages && !oracle_open(&o, passages))) {
        fprintf(stderr, "nsearch-bench: cannot read '%s' or '%s': %s\n", path, passages ? passages : "",
                errno ? strerror(errno) : "a line is no query");
        return 1;
    }
    nsearch_status status = bench_searcher_open(&s, dir, &err);
    bool opened = !status;
    for (size_t i = 0; i < queries.count && !status; i++) {
        const bench_query *q = &queries.items[i];
        ns_match fast, full;
        ns_candidate fast_top[BENCH_TOP], full_top[BENCH_TOP];
        uint64_t found;
        s.counted = false; /* as it is timed */
        status = answer_of(&s, q, NS_MATCH_BEST, &fast, fast_top, &err);
        s.counted = true;
        if (!status)
            status = answer_of(&s, q, NS_MATCH_EXHAUSTIVE, &full, full_top, &err);
        if (status)
            break;
        if (!q->count) {
            fast.found = full.found;
            fast.at_least = full.at_least;
        }
        bool good = same(&fast, &full);
        if (!good)
            printf("%s '%s': not the exhaustive answer\n", q->class, q->words);
        if (passages && !oracle_run(&o, q, &found))
            status = ns_error_memory(&err);
        else if (passages && !oracle_agrees(&o, &s, q, found, &fast))
            good = false;
        differ += !good;
        answered += fast.found > 0;
    }
    if (!status)
        printf("%zu queries, %zu with an answer, %zu wrong\n", queries.count, answered, differ);
    if (opened)
        bench_searcher_close(&s);
    if (passages)
        oracle_close(&o);
    bench_queries_release(&queries);
    return status ? bench_failed(&err) : differ || !answered;
}
