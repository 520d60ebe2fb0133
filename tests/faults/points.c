/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * points.c - counts what was tried, and says so.
 */
#include "tests/faults/points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/instrumented.h"

bool points_long(void)
{
    const char *text = getenv("NSEARCH_TEST_LONG");
    return text && *text && strcmp(text, "0") != 0;
}

long points_wanted(long in_short, long in_long)
{
    if (INSTRUMENTED)
        in_short /= 16;
    return points_long() ? in_long : in_short;
}

long points_step(long step)
{
    return INSTRUMENTED && !points_long() ? step * 7 : step;
}

uint64_t points_seed(void)
{
    const char *text = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = text && *text ? strtoull(text, NULL, 10) : (uint64_t)time(NULL) * UINT64_C(2654435761);
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

bool points_print(const char *promise, const char *what, long met, long wanted, long findings)
{
    printf("promise %s: %s: %ld points, %ld wanted, %ld findings\n", promise, what, met, wanted, findings);
    fflush(stdout);
    return met >= wanted && !findings;
}
