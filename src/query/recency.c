/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * recency.c - 1/2 + 1/2 * 2^(-age / half_days): 1 for what is of today, 3/4 after half_days, never below 1/2.
 */
#include "src/query/recency.h"

#include <math.h>

#include "src/base/day.h"

static double factor_of(int32_t day, int32_t today, double half_days)
{
    if (day == NS_DAY_UNKNOWN)
        return 0.5; /* what may be old is taken for old */
    double age = day < today ? (double)today - day : 0;
    return 0.5 + 0.5 * exp2(-age / half_days);
}

void ns_recency_apply(ns_scored_article *articles, size_t count, int32_t today, double half_days)
{
    for (size_t i = 0; i < count; i++) {
        articles[i].recency = factor_of(ns_article_day(&articles[i].columns), today, half_days);
        articles[i].score *= articles[i].recency;
    }
    ns_scored_sort(articles, count);
}
