/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timex.h - dates as people write them in a query.
 */
#ifndef NS_TEXT_TIMEX_H
#define NS_TEXT_TIMEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first and the last day that [s, s + n) names, both inclusive: "2023", "2023-09", "2023-09-11",
 * "11 September 2023", "Sept 11, 2023", "September 2023", "today", "yesterday", "last week", "this month",
 * "3 days ago", and ranges of two of them: "2023-01..2023-03", "2023..", "..2023". 'today' is a day as in
 * day.h. Open ends give NS_DAY_MIN and NS_DAY_MAX. False: it is none. */
bool ns_timex_parse(const char *s, size_t n, int32_t today, int32_t *first, int32_t *last);

#endif
