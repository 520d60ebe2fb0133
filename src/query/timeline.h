/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timeline.h - how many of the matching articles were published in each day, week or month; and orders by date.
 */
#ifndef NS_QUERY_TIMELINE_H
#define NS_QUERY_TIMELINE_H

#include "src/query/every.h"
#include "src/query/hits.h"

/* Fills the answer's timeline; its memory is the answer's arena. */
nsearch_status ns_timeline_make(const ns_dated *articles, size_t count, nsearch_interval interval, ns_answer *answer,
                                nsearch_error *err);

/* Puts them in the order of their dates, unknown ones last, those of one day by docid. */
void ns_dated_sort(ns_dated *articles, size_t count, nsearch_sort sort);
/* How many of the sorted ones are to be looked at for the first 'limit': all of the last one's day come along, because
 * those of one day are ordered by their scores. */
size_t ns_dated_take(const ns_dated *articles, size_t count, size_t limit);
/* Below 0: day a comes before day b. */
int ns_dated_compare(int32_t a, int32_t b, nsearch_sort sort);

#endif
