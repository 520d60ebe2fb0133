/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_search.c - times the queries of a file, in process: one untimed pass over each class, then passes until 15 are
 * done or H_BUDGET seconds (5) are spent, three at least.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"
#include "tests/bench/queries.h"

enum { PASSES_MAX = 15, PASSES_MIN = 3 };

/* What the first pass gave. */
typedef struct answer {
    uint64_t found;
    size_t count;
    ns_candidate top[BENCH_TOP];
    uint64_t times[PASSES_MAX];
} answer;

static double budget(void)
{
    const char *text = getenv("H_BUDGET");
    return text ? strtod(text, NULL) : 5;
}

static void print_answer(bench_searcher *s, FILE *out, const char *label, const bench_query *q, answer *a,
                         size_t passes)
{
    qsort(a->times, passes, sizeof *a->times, bench_compare_times);
    fprintf(out, "%s\t%s\t%s\t%llu\t%llu\t%llu\t", label, q->class, q->id, (unsigned long long)a->times[passes / 2],
            (unsigned long long)a->times[0], (unsigned long long)a->found);
    for (size_t i = 0; i < a->count; i++)
        fprintf(out, "%s%llu:%.6g", i ? "," : "", (unsigned long long)bench_line_of(s, a->top[i].docid),
                a->top[i].score);
    fputc('\n', out);
}

static nsearch_status time_class(bench_searcher *s, const bench_query *queries, size_t count, const char *label,
                                 FILE *out, nsearch_error *err)
{
    answer *answers = calloc(count, sizeof *answers);
    nsearch_status status = answers ? NSEARCH_OK : ns_error_memory(err);
    size_t passes = 0;
    uint64_t begin = bench_now();
    double seconds = budget();
    for (size_t i = 0; i < count && !status; i++) {
        ns_match match;
        status = bench_run(s, &queries[i], NS_MATCH_BEST, &match, err);
        answers[i].found = match.found;
        answers[i].count = queries[i].count ? 0 : match.count;
        if (answers[i].count)
            memcpy(answers[i].top, match.candidates, answers[i].count * sizeof *match.candidates);
    }
    double first = (double)(bench_now() - begin) / 1e9;
    size_t least = first > 60 ? 1 : PASSES_MIN;
    begin = bench_now();
    while (!status && passes < PASSES_MAX && (passes < least || (double)(bench_now() - begin) / 1e9 < seconds)) {
        for (size_t i = 0; i < count && !status; i++) {
            ns_match match;
            uint64_t from = bench_now();
            status = bench_run(s, &queries[i], NS_MATCH_BEST, &match, err);
            answers[i].times[passes] = bench_now() - from;
            if (!status && match.found != answers[i].found)
                status = ns_error_set(err, NSEARCH_DAMAGED, "'%s' found %llu, then %llu", queries[i].words,
                                      (unsigned long long)answers[i].found, (unsigned long long)match.found);
        }
        passes++;
    }
    for (size_t i = 0; i < count && !status; i++)
        print_answer(s, out, label, &queries[i], &answers[i], passes);
    if (!status)
        fprintf(stderr, "%s %s: %zu queries, %zu passes, the first in %.6f s\n", label, queries->class, count, passes,
                first);
    free(answers);
    return status;
}

int bench_search(const char *dir, const char *path, const char *out_path, const char *label, const char *classes)
{
    bench_query_list queries;
    bench_searcher s;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (!bench_queries_load(&queries, path, classes)) {
        fprintf(stderr, "nsearch-bench: '%s': %s\n", path, errno ? strerror(errno) : "a line is no query");
        return 1;
    }
    FILE *out = fopen(out_path, "w");
    if (!out) {
        fprintf(stderr, "nsearch-bench: cannot write '%s': %s\n", out_path, strerror(errno));
        bench_queries_release(&queries);
        return 1;
    }
    nsearch_status status = bench_searcher_open(&s, dir, &err);
    bool opened = !status;
    for (size_t from = 0, to; from < queries.count && !status; from = to) {
        for (to = from; to < queries.count && !strcmp(queries.items[to].class, queries.items[from].class);)
            to++;
        status = time_class(&s, queries.items + from, to - from, label, out, &err);
    }
    if (opened)
        bench_searcher_close(&s);
    if (fclose(out) && !status)
        status = ns_error_system(&err, "cannot write '%s'", out_path);
    bench_queries_release(&queries);
    return status ? bench_failed(&err) : 0;
}

int bench_one(const char *dir, const char *class, const char *words)
{
    bench_searcher s;
    bench_query query;
    ns_match match;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (!bench_query_class(class, &query)) {
        fprintf(stderr, "nsearch-bench: there is no class '%s'\n", class);
        return 2;
    }
    query.words = (char *)(uintptr_t)words;
    query.length = strlen(words);
    nsearch_status status = bench_searcher_open(&s, dir, &err);
    if (status)
        return bench_failed(&err);
    status = bench_run(&s, &query, NS_MATCH_BEST, &match, &err);
    for (size_t i = 0; i < match.count && !query.count && !status; i++)
        printf("%llu %.9g\n", (unsigned long long)bench_line_of(&s, match.candidates[i].docid),
               match.candidates[i].score);
    if (!status && query.count)
        printf("%llu\n", (unsigned long long)match.found);
    bench_searcher_close(&s);
    return status ? bench_failed(&err) : 0;
}

int bench_repeat(const char *dir, const char *path, const char *class, size_t count, unsigned times)
{
    bench_query_list queries;
    bench_searcher s;
    nsearch_error err = NSEARCH_ERROR_INIT;
    size_t done = 0;
    if (!bench_queries_load(&queries, path, class)) {
        fprintf(stderr, "nsearch-bench: '%s': %s\n", path, errno ? strerror(errno) : "a line is no query");
        return 1;
    }
    nsearch_status status = bench_searcher_open(&s, dir, &err);
    bool opened = !status;
    if (count > queries.count)
        count = queries.count;
    for (unsigned t = 0; t < times; t++)
        for (size_t i = 0; i < count && !status; i++, done++) { /* some of the whole class, evenly */
            ns_match match;
            status = bench_run(&s, &queries.items[i * queries.count / count], NS_MATCH_BEST, &match, &err);
        }
    if (opened)
        bench_searcher_close(&s);
    if (!status)
        printf("%zu\n", done);
    bench_queries_release(&queries);
    return status ? bench_failed(&err) : 0;
}
