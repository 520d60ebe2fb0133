/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * snippet.h - a passage as it is shown, and which of its bytes matched.
 */
#ifndef NS_QUERY_SNIPPET_H
#define NS_QUERY_SNIPPET_H

#include "src/query/build.h"

/* Copies text[0..n) with line ends as spaces and finds the spans to highlight: words with a stem or form of the
 * query, and names of it in any spelling; neighbours that match are one span. */
nsearch_status ns_snippet(const ns_build_context *context, const ns_built *built, const char *text, size_t n,
                          nsearch_passage *out, nsearch_error *err);

#endif
