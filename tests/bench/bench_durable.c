/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_durable.c - what one new article costs: added to an index and committed, synced, by a writer that is opened for
 * it and by one that stays open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "index/backend.h"
#include "tests/bench/article.h"
#include "tests/bench/bench.h"

enum { ROUNDS_MAX = 1000 };

typedef struct round_times {
    uint64_t commit; /* add and commit */
    uint64_t whole;  /* with opening and closing the writer */
} round_times;

static nsearch_status add_one(const char *dir, const ns_analysed *article, round_times *times, nsearch_error *err)
{
    const ns_store_options options = {.memory_mb = 64, .threads = 1};
    ns_store *store = NULL;
    uint64_t start = bench_now();
    nsearch_status status = ns_native_backend.store_open(dir, &options, &store, err);
    uint64_t opened = bench_now();
    if (!status)
        status = ns_native_backend.store_add(store, article, err);
    if (!status)
        status = ns_native_backend.store_commit(store, err);
    times->commit = bench_now() - opened;
    if (store)
        ns_native_backend.store_close(store);
    times->whole = bench_now() - start;
    return status;
}

static void print_times(const char *name, uint64_t *times, size_t n)
{
    qsort(times, n, sizeof *times, bench_compare_times);
    printf("%s: median %.2f ms, least %.2f, most %.2f\n", name, (double)times[n / 2] / 1e6, (double)times[0] / 1e6,
           (double)times[n - 1] / 1e6);
}

int bench_durable(const char *dir, const char *passages, uint64_t first, size_t rounds)
{
    bench_passages in;
    bench_passage line;
    plain_analyser analyser;
    bench_article_room room = {.stored = NS_BUFFER_INIT};
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t commits[ROUNDS_MAX], wholes[ROUNDS_MAX];
    size_t done = 0;
    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    if (!bench_passages_open(&in, passages)) {
        fprintf(stderr, "nsearch-bench: cannot read '%s': %s\n", passages, strerror(errno));
        return 1;
    }
    nsearch_status status = plain_init(&analyser) ? NSEARCH_OK : ns_error_memory(&err);
    while (!status && done < rounds && bench_passages_next(&in, &line)) {
        ns_analysed article;
        round_times times = {0, 0};
        if (line.number < first)
            continue;
        status = bench_article(&analyser, &line, &room, &article) ? add_one(dir, &article, &times, &err)
                                                                   : ns_error_memory(&err);
        commits[done] = times.commit;
        wholes[done++] = times.whole;
    }
    plain_release(&analyser);
    ns_buffer_release(&room.stored);
    bench_passages_close(&in);
    if (status)
        return bench_failed(&err);
    if (!done) {
        fprintf(stderr, "nsearch-bench: '%s' has no line %llu\n", passages, (unsigned long long)first);
        return 1;
    }
    print_times("add and commit", commits, done);
    print_times("open, add, commit, close", wholes, done);
    return 0;
}
