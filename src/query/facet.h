/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet.h - the people, places, organisations and outlets that all matching articles name most.
 */
#ifndef NS_QUERY_FACET_H
#define NS_QUERY_FACET_H

#include "src/query/build.h"
#include "src/query/every.h"
#include "src/query/hits.h"

/* What "person,source" asks for: NS_NAME_TYPES of them at most, each once, in that order. INVALID names what is none. */
typedef struct ns_facet_list {
    ns_name_type types[NS_NAME_TYPES];
    size_t count;
} ns_facet_list;
nsearch_status ns_facet_list_read(const char *text, ns_facet_list *list, nsearch_error *err);

/* Fills the answer's facets with the 'values' names that stand in most of the articles: exact counts, an article once
 * a name. Articles ascend. */
nsearch_status ns_facets_make(const ns_build_context *context, const ns_dated *articles, size_t count,
                              const ns_facet_list *list, size_t values, ns_answer *answer, nsearch_error *err);

#endif
