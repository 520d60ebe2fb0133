/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * recency.h - age as a bounded factor of the score (doc/ranking.md): it can halve one at most, so that what is new comes
 * forward and nothing relevant is buried.
 */
#ifndef NS_QUERY_RECENCY_H
#define NS_QUERY_RECENCY_H

#include "src/query/rescore.h"

/* Multiplies the scores with factors from the articles' ages on day 'today', and sorts anew. */
void ns_recency_apply(ns_scored_article *articles, size_t count, int32_t today, double half_days);

#endif
