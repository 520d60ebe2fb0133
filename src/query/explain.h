/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explain.h - the query and the scores in words, for --explain and for a query that found nothing.
 */
#ifndef NS_QUERY_EXPLAIN_H
#define NS_QUERY_EXPLAIN_H

#include "src/query/build.h"
#include "src/query/rescore.h"

/* A line a term: kind, word, articles, idf, weight; then the filter. NULL when memory is out. */
const char *ns_explain_query(const ns_built *built, ns_arena *arena);
/* The parts of an article's score, a line each. */
const char *ns_explain_article(const ns_scored_article *article, ns_arena *arena);
/* Why there is nothing: the words that no article has, and what may have been meant. */
void ns_explain_nothing(ns_snapshot *snapshot, const ns_built *built, ns_notes *notes);

#endif
