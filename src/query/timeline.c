/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timeline.c - days to periods. Weeks begin on Monday.
 */
#include "src/query/timeline.h"

#include <stdlib.h>

#include "src/base/day.h"

static int32_t week_begin(int32_t day)
{
    int32_t from_thursday = day % 7; /* 1970-01-01 was one */
    int32_t from_monday = (from_thursday + 7 + 3) % 7;
    return day - from_monday;
}

static void period_of(int32_t day, nsearch_interval interval, int32_t *first, int32_t *last)
{
    int year, month, mday;
    *first = *last = day;
    switch (interval) {
    case NSEARCH_INTERVAL_NONE:
    case NSEARCH_INTERVAL_DAY:
        return;
    case NSEARCH_INTERVAL_WEEK:
        *first = week_begin(day);
        *last = *first + 6;
        return;
    case NSEARCH_INTERVAL_MONTH:
        ns_day_to_civil(day, &year, &month, &mday);
        *first = day - (mday - 1);
        *last = *first + ns_days_in_month(year, month) - 1;
        return;
    }
}

int ns_dated_compare(int32_t a, int32_t b, nsearch_sort sort)
{
    if (a == b)
        return 0;
    if (a == NS_DAY_UNKNOWN || b == NS_DAY_UNKNOWN)
        return a == NS_DAY_UNKNOWN ? 1 : -1;
    return (a < b) == (sort == NSEARCH_SORT_OLDEST) ? -1 : 1;
}

static int compare(const ns_dated *x, const ns_dated *y, nsearch_sort sort)
{
    int order = ns_dated_compare(x->day, y->day, sort);
    return order ? order : (x->article > y->article) - (x->article < y->article);
}

static int oldest_first(const void *a, const void *b)
{
    return compare(a, b, NSEARCH_SORT_OLDEST);
}

static int newest_first(const void *a, const void *b)
{
    return compare(a, b, NSEARCH_SORT_DATE);
}

void ns_dated_sort(ns_dated *articles, size_t count, nsearch_sort sort)
{
    if (count)
        qsort(articles, count, sizeof *articles, sort == NSEARCH_SORT_OLDEST ? oldest_first : newest_first);
}

size_t ns_dated_take(const ns_dated *articles, size_t count, size_t limit)
{
    if (count <= limit)
        return count;
    while (limit && limit < count && articles[limit].day == articles[limit - 1].day)
        limit++;
    return limit;
}

static int by_day(const void *a, const void *b)
{
    const ns_dated *x = a, *y = b;
    return x->day < y->day ? -1 : x->day > y->day;
}

static int by_group(const void *a, const void *b)
{
    const ns_dated *x = a, *y = b;
    return x->group < y->group ? -1 : x->group > y->group;
}

static uint64_t count_stories(ns_dated *articles, size_t count)
{
    uint64_t stories = 0;
    qsort(articles, count, sizeof *articles, by_group);
    for (size_t i = 0; i < count; i++)
        stories += !i || !articles[i].group || articles[i].group != articles[i - 1].group;
    return stories;
}

nsearch_status ns_timeline_make(const ns_dated *articles, size_t count, nsearch_interval interval, ns_answer *answer,
                                nsearch_error *err)
{
    ns_dated *dated = ns_arena_array(&answer->arena, count + 1, sizeof *dated);
    size_t n = 0, periods = 0;
    if (!dated)
        return ns_error_memory(err);
    for (size_t i = 0; i < count; i++)
        if (articles[i].day != NS_DAY_UNKNOWN)
            dated[n++] = articles[i];
    answer->undated = count - n;
    qsort(dated, n, sizeof *dated, by_day);
    int32_t first = 0, last = NS_DAY_UNKNOWN;
    for (size_t i = 0; i < n; i++)
        if (dated[i].day > last) {
            period_of(dated[i].day, interval, &first, &last);
            periods++;
        }
    answer->periods = ns_arena_zero(&answer->arena, (periods + 1) * sizeof *answer->periods);
    if (!answer->periods)
        return ns_error_memory(err);
    for (size_t i = 0, end; i < n; i = end) {
        nsearch_period *p = &answer->periods[answer->period_count++];
        period_of(dated[i].day, interval, &first, &last);
        for (end = i + 1; end < n && dated[end].day <= last;)
            end++;
        ns_day_format(first, p->first);
        ns_day_format(last, p->last);
        p->articles = end - i;
        p->stories = count_stories(&dated[i], end - i);
    }
    return NSEARCH_OK;
}
