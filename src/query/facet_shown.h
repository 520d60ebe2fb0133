/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet_shown.h - a name as a reader writes it, for a term that is folded.
 */
#ifndef NS_QUERY_FACET_SHOWN_H
#define NS_QUERY_FACET_SHOWN_H

#include "src/query/build.h"

/* The name that a term of kind ENTITY or OUTLET stands for: the gazetteer's form, or the one in the text of 'article', which
 * holds it. Memory from the context's arena. */
nsearch_status ns_name_shown(const ns_build_context *context, const char *key, uint32_t article, const char **name,
                             nsearch_error *err);

#endif
