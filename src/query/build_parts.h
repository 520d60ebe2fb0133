/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * build_parts.h - what the files share that make a plan of a query. Every function does nothing after a failure, and
 * takes NULL for a filter that there is not.
 */
#ifndef NS_QUERY_BUILD_PARTS_H
#define NS_QUERY_BUILD_PARTS_H

#include "src/query/build.h"
#include "src/query/terms.h"

typedef struct ns_builder {
    const ns_build_context *c;
    ns_built *b;
    nsearch_error *err;
    size_t prefixes;       /* in the query */
    size_t place_words;    /* words whose places are looked at */
    uint64_t lists;        /* of positions that are read for them, roughly */
    nsearch_status status; /* the first failure; all later work is skipped */
} ns_builder;

/* The filter of a node; 'scored': its terms rank. NULL: it asks for nothing. */
ns_filter *ns_build_node(ns_builder *w, const ns_node *node, bool scored);
/* The same for a node that asks for places (build_places.c). */
ns_filter *ns_build_places(ns_builder *w, const ns_node *node, bool scored);

/* A filter with room for so many children. */
ns_filter *ns_build_filter(ns_builder *w, ns_filter_kind kind, size_t children);
ns_filter *ns_build_term(ns_builder *w, char kind, const char *text);
void ns_build_add(ns_filter *parent, ns_filter *child);
/* A node with one child is that child; with none, NULL. */
ns_filter *ns_build_simplest(ns_filter *f);

/* Cuts a text of the query. False after a failure. */
bool ns_build_cut(ns_builder *w, const char *text, size_t length, ns_tokens *tokens);
void ns_build_score_text(ns_builder *w, const ns_tokens *tokens);
/* The names in a text; 'scored': they rank, and a note tells of their other forms. */
ns_linked *ns_build_score_names(ns_builder *w, const ns_tokens *tokens, bool scored, size_t *count);
/* The words that begin so: an OR of terms. */
ns_filter *ns_build_expand(ns_builder *w, char kind, const char *prefix, bool scored);

#endif
