/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_folded.c - what it costs to fold copies of one story: the same queries through the library, with copies folded and
 * with copies kept, one after the other.
 */
#include <stdlib.h>
#include <string.h>

#include "src/nsearch.h"
#include "tests/bench/bench.h"
#include "tests/bench/queries.h"

enum { PASSES = 9 };

static nsearch_status time_one(nsearch_index *index, const char *words, int keep, uint64_t *time, nsearch_error *err)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *result;
    options.plain = 1;
    options.snippets = 0;
    options.keep_copies = keep;
    uint64_t from = bench_now();
    nsearch_status status = nsearch_search(index, words, &options, &result, err);
    *time = bench_now() - from;
    if (!status)
        nsearch_result_free(result);
    return status;
}

/* The median times of one query, folded and kept. */
static nsearch_status time_both(nsearch_index *index, const char *words, uint64_t medians[2], nsearch_error *err)
{
    uint64_t times[2][PASSES];
    for (int pass = -1; pass < PASSES; pass++) /* the first is not counted */
        for (int keep = 0; keep < 2; keep++) {
            nsearch_status status = time_one(index, words, keep, &times[keep][pass < 0 ? 0 : pass], err);
            if (status)
                return status;
        }
    for (int keep = 0; keep < 2; keep++) {
        qsort(times[keep], PASSES, sizeof times[keep][0], bench_compare_times);
        medians[keep] = times[keep][PASSES / 2];
    }
    return NSEARCH_OK;
}

int bench_folded(const char *dir, const char *path)
{
    bench_query_list queries;
    nsearch_index *index = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t sums[2] = {0, 0};
    size_t asked = 0;
    if (!bench_queries_load(&queries, path, "or,head")) {
        fprintf(stderr, "nsearch-bench: '%s' cannot be read as queries\n", path);
        return 1;
    }
    nsearch_status status = nsearch_open(dir, NULL, &index, &err);
    for (size_t i = 0; i < queries.count && !status; i++, asked++) {
        uint64_t medians[2];
        status = time_both(index, queries.items[i].words, medians, &err);
        sums[0] += status ? 0 : medians[0];
        sums[1] += status ? 0 : medians[1];
    }
    if (!status && sums[1])
        printf("queries %zu, copies folded %.1f us, kept %.1f us, ratio %.3f\n", asked,
               (double)sums[0] / 1e3 / (double)asked, (double)sums[1] / 1e3 / (double)asked,
               (double)sums[0] / (double)sums[1]);
    if (index)
        nsearch_close(index);
    bench_queries_release(&queries);
    return status ? bench_failed(&err) : 0;
}
