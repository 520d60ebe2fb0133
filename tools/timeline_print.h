/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timeline_print.h - what matches over time, as a plot for a person and as JSON.
 */
#ifndef NS_TOOLS_TIMELINE_PRINT_H
#define NS_TOOLS_TIMELINE_PRINT_H

#include <jansson.h>

#include "tools/tool_print.h"

/* A row a period, no wider than the page. */
void timeline_print(const tool_page *page, const nsearch_result *result, nsearch_interval interval);
json_t *timeline_json(const nsearch_result *result, nsearch_interval interval);
/* "day", "week", "month". False after an error that was printed. */
bool timeline_read_interval(const char *text, nsearch_interval *interval);

#endif
