/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * search_print.h - the three forms of an answer: for a person, as JSON, as rows of a TREC run.
 */
#ifndef NS_TOOLS_SEARCH_PRINT_H
#define NS_TOOLS_SEARCH_PRINT_H

#include <stdbool.h>

#include "src/nsearch.h"
#include "tools/tool_print.h"

typedef struct search_settings {
    const char *index;             /* path as named */
    nsearch_search_options search;
    tool_colour colour;
    bool json, times;
    const char *queries;           /* file; NULL: the query is on the command line */
    const char *trec;              /* tag of a TREC run; NULL: none */
} search_settings;

/* For a person; 'seconds' is the time the answer took. */
void search_print_page(const search_settings *set, const nsearch_result *result, double seconds);
/* One object; 'id' is the query's in a file, or NULL. False after an error that was printed. */
bool search_print_json(const search_settings *set, const char *id, const char *query,
                       const nsearch_result *result, double seconds);
/* "id Q0 article rank score TAG", a row an article. */
void search_print_trec(const search_settings *set, const char *id, const nsearch_result *result);

#endif
