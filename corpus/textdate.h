/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * textdate.h - publication dates as people and programs write them, to ISO 8601. What is ambiguous
 * (3/4/2023) or impossible (29 Feb 1900) is no date.
 */
#ifndef NS_CORPUS_TEXTDATE_H
#define NS_CORPUS_TEXTDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_DATE_SIZE 32

typedef struct ns_text_date {
    char iso[NS_DATE_SIZE]; /* "2023-09-11", "2023-09", with the time where it was asked for */
    int32_t day;            /* first day it covers */
    size_t begin, end;      /* bytes, with weekday and time */
    bool has_day, has_weekday, has_time;
} ns_text_date;

/* How 3/4/2023 is meant where the page's language tells. */
typedef enum ns_date_order { NS_DATE_ORDER_UNKNOWN, NS_DATE_DAY_FIRST, NS_DATE_MONTH_FIRST } ns_date_order;

/* The first date in s[from, n) that names a year. */
bool ns_text_date_find(const char *s, size_t n, size_t from, ns_text_date *date);
bool ns_text_date_find_in(const char *s, size_t n, size_t from, ns_date_order order, ns_text_date *date);
/* A date field's value: ISO kept as precise as it is, other forms turned into ISO; "" when it is none. */
void ns_text_date_field(const char *s, char iso[NS_DATE_SIZE]);

#endif
