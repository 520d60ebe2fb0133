/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * related.h - what the articles of an answer have to do with others: the date that a copy lends, and other articles about
 * the same event.
 */
#ifndef NS_QUERY_RELATED_H
#define NS_QUERY_RELATED_H

#include "src/query/hits.h"
#include "src/query/rescore.h"

/* Where the article's day is that of a copy: *date becomes that day, *source "copy of ID" and *inferred 1. Memory from
 * 'arena'. */
nsearch_status ns_shown_date(ns_snapshot *snapshot, uint32_t article, ns_arena *arena, const char **date,
                             const char **source, int *inferred, nsearch_error *err);
/* Fills hit->related of the answer's hits from the ranked articles; shown[i] is the place in them of hit i. */
nsearch_status ns_related_show(ns_snapshot *snapshot, const ns_scored_article *articles, size_t count,
                               const size_t *shown, ns_answer *answer, nsearch_error *err);

#endif
