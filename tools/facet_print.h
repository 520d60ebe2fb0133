/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet_print.h - the names that stand in most of what matches, for a person and as JSON.
 */
#ifndef NS_TOOLS_FACET_PRINT_H
#define NS_TOOLS_FACET_PRINT_H

#include <jansson.h>

#include "tools/tool_print.h"

/* A paragraph a facet. */
void facet_print(const tool_page *page, const nsearch_result *result);
json_t *facet_json(const nsearch_result *result);

#endif
