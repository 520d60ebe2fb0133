/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench.h - the modes of nsearch-bench. Each returns the exit code and has said on stderr what went wrong.
 */
#ifndef NS_BENCH_BENCH_H
#define NS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "src/base/error.h"

/* Reports a failed call; gives the exit code 1. */
static inline int bench_failed(const nsearch_error *err)
{
    fprintf(stderr, "nsearch-bench: %s\n", err->text);
    return 1;
}

static inline uint64_t bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline int bench_compare_times(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

typedef struct bench_index_options {
    const char *passages, *dir;
    uint64_t limit; /* lines to take; 0: all */
    int memory_mb;
    int threads;
} bench_index_options;

int bench_index(const bench_index_options *options);
int bench_search(const char *dir, const char *queries, const char *out, const char *label, const char *classes);
/* Runs the first 'count' queries of a class 'times' times over: for instruction counts. */
int bench_repeat(const char *dir, const char *queries, const char *class, size_t count, unsigned times);
/* Answers against exhaustive ones and, with 'passages' (NULL: without), against an oracle. */
int bench_check(const char *dir, const char *queries, const char *passages);
/* One line after another from number 'first' on, each committed. */
int bench_durable(const char *dir, const char *passages, uint64_t first, size_t rounds);
/* Queries with copies folded and kept, over an index that nsearch-index made. */
int bench_folded(const char *dir, const char *queries);
/* Writes 'wanted' passages that read like the given ones to standard output. */
int bench_grow(const char *passages, uint64_t wanted, uint64_t seed);
int bench_sizes(const char *dir);
int bench_one(const char *dir, const char *class, const char *words);

#endif
