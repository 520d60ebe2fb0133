/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * points.h - how much a test of a promise (doc/reliability.md) tried. It says so in one line, which 'make check-long'
 * gathers into its table, and has failed when that is less than it should be.
 */
#ifndef NS_TESTS_POINTS_H
#define NS_TESTS_POINTS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the long form is wanted: NSEARCH_TEST_LONG=1. */
bool points_long(void);
/* The short number, or the long one; a sixteenth of the short one in an instrumented build. */
long points_wanted(long in_short, long in_long);
/* The distance between points that are tried: 'step', and more in an instrumented build. */
long points_step(long step);
/* NSEARCH_TEST_SEED, else the clock; printed. */
uint64_t points_seed(void);
/* What a line of threads adds: whether ThreadSanitizer watched. */
#ifdef __SANITIZE_THREAD__
#define POINTS_RACES ", watched by ThreadSanitizer"
#else
#define POINTS_RACES ""
#endif
/* "promise D1: killed at every disk call: 1234 points, 1000 wanted, 0 findings". False when too few or any finding. */
bool points_print(const char *promise, const char *what, long met, long wanted, long findings);

#endif
