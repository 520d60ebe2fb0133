/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timex.h - days as people write them in a query.
 */
#ifndef NS_TEXT_TIMEX_H
#define NS_TEXT_TIMEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads "2023", "2023-09", "11 September 2023", "yesterday", "last week", "a..b" and gives the first and the last day it
 * covers, both inclusive. 'today' is what relative forms count from. False when it is no date. */
bool ns_timex_parse(const char *s, size_t n, int32_t today, int32_t *first, int32_t *last);

#endif
