/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * shown.h - which passages of an article stand under a hit: where the query has phrases or operators of
 * place, those that hold what was found, then the best.
 */
#ifndef NS_QUERY_SHOWN_H
#define NS_QUERY_SHOWN_H

#include "src/query/rescore.h"

/* At most 'wanted' passages, but at least one, and both where what was found goes over from one into another.
 * Memory from the context's arena. */
nsearch_status ns_shown_passages(const ns_build_context *context, const ns_filter *filter,
                                 const ns_scored_article *article, size_t wanted,
                                 const ns_scored_passage **passages, size_t *count, nsearch_error *err);

#endif
