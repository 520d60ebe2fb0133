/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * failing_memory.h - allocations that fail on purpose, in a program that is linked with --wrap=malloc, calloc, realloc and
 * strdup: it is our own calls that fail, from all threads, and none of a library's.
 */
#ifndef NS_TESTS_FAILING_MEMORY_H
#define NS_TESTS_FAILING_MEMORY_H

#include <stdbool.h>

/* The n-th allocation from now on fails, and with 'on' all that follow; 0: none does, they are only counted. */
void failing_memory_begin(long n, bool on);
/* What the test does itself in between is neither counted nor fails. */
void failing_memory_pause(bool pause);
/* No more; how many allocations there were. */
long failing_memory_end(void);

#endif
