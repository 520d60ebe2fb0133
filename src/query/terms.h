/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * terms.h - collects the scored terms of a query and recognises the names in it.
 */
#ifndef NS_QUERY_TERMS_H
#define NS_QUERY_TERMS_H

#include "src/query/build.h"

/* Adds 'count' to a term, made if need be. The text is copied. *index may be NULL. */
nsearch_status ns_terms_add_key(const ns_build_context *c, ns_built *b, char kind, const char *text, size_t length,
                            const char *shown, double count, uint32_t *index, nsearch_error *err);

/* Words of a text: terms, pairs and highlights; and its names with their aliases. Stopwords are left out
 * unless there is nothing else. */
nsearch_status ns_terms_add_text(const ns_build_context *c, ns_built *b, const ns_tokens *tokens,
                                 nsearch_error *err);

/* Whether there is no word but stopwords, which then count. */
bool ns_terms_all_stop(const ns_tokens *tokens);

#define NS_WHOLE_NAME 4      /* entity weights of a name that is all the query has: as much as a word */
#define NS_WEIGHT_WITHIN 0.5 /* of a name's count: places that lie in the country */

/* A name of the text: key without its kind; known to the gazetteer or found in the index. */
typedef struct ns_linked {
    const char *key, *shown;
    uint32_t first, count; /* tokens */
    bool known;
} ns_linked;
/* Names in the tokens, longest first from the left, not overlapping. */
nsearch_status ns_terms_link(const ns_build_context *c, const ns_tokens *tokens, ns_linked **linked, size_t *count,
                             nsearch_error *err);
/* Scores a name with 'weight' of a word, highlights its spellings and notes them. */
nsearch_status ns_terms_add_name(const ns_build_context *c, ns_built *b, const ns_linked *name, double weight,
                                 nsearch_error *err);
/* Scores the places that lie in a country, as a part of what the country itself would count; *found: there are some. */
nsearch_status ns_terms_add_within(const ns_build_context *c, ns_built *b, const ns_linked *name, double weight,
                                   bool *found, nsearch_error *err);
/* Looks frequencies up and makes the plan's weights. */
nsearch_status ns_terms_weigh(const ns_build_context *c, ns_built *b, nsearch_error *err);

#endif
