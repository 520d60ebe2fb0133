/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * day.h - calendar days as days since 1970-01-01 (proleptic Gregorian, UTC).
 */
#ifndef NS_BASE_DAY_H
#define NS_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

#define NS_DAY_UNKNOWN INT32_MIN
#define NS_DAY_MIN (-354285) /* 1000-01-01 */
#define NS_DAY_MAX 2932896   /* 9999-12-31 */

/* False when there is no such day; year 1000 to 9999, month and day from 1. */
bool ns_day_from_civil(int year, int month, int day, int32_t *out);
void ns_day_to_civil(int32_t day, int *year, int *month, int *mday);
int ns_days_in_month(int year, int month);
/* Writes "2023-09-11", or "" for NS_DAY_UNKNOWN. */
void ns_day_format(int32_t day, char out[11]);
/* ISO 8601 prefix: "2023", "2023-09", "2023-09-11", "2023-09-11T...". Gives the first and
 * the last day it covers. False when it is none. */
bool ns_day_parse_iso(const char *s, int32_t *first, int32_t *last);

#endif
