/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * random.h - seeded random numbers for tests, the same on every machine.
 */
#ifndef NS_TESTS_RANDOM_H
#define NS_TESTS_RANDOM_H

#include <stdint.h>

#include "src/base/bytes.h"

typedef struct test_random {
    uint64_t state;
} test_random;

static inline uint64_t test_random_next(test_random *r)
{
    r->state += UINT64_C(0x9e3779b97f4a7c15);
    return ns_mix64(r->state);
}

/* 0 to n - 1. */
static inline uint32_t test_random_below(test_random *r, uint32_t n)
{
    return (uint32_t)(((test_random_next(r) >> 32) * n) >> 32);
}

/* 0 to n - 1, small numbers far more often, as words are in a text. */
static inline uint32_t test_random_skewed(test_random *r, uint32_t n)
{
    uint32_t a = test_random_below(r, n) + 1;
    return test_random_below(r, test_random_below(r, a) + 1);
}

#endif
