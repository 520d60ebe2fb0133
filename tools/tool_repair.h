/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_repair.h - repairs a damaged index and says what was damaged and what is lost.
 */
#ifndef NS_TOOLS_TOOL_REPAIR_H
#define NS_TOOLS_TOOL_REPAIR_H

#include <jansson.h>
#include <stdbool.h>

#include "src/nsearch.h"

#define TOOL_REPAIR_NAMED 20 /* places and articles that are named unless all are wanted */

typedef struct tool_repair {
    nsearch_repair report;
    uint64_t told_places, told_articles;
    bool all; /* name them all */
} tool_repair;

/* Repairs, and tells standard error of all damage, whatever else is to be quiet. Nothing is said of a sound index. */
nsearch_status tool_repair_index(tool_repair *repair, const char *path, const nsearch_writer_options *options, bool all,
                                 nsearch_error *err);
/* "damaged", "kept" and "lost" as the object "repair". */
void tool_repair_set_json(const tool_repair *repair, json_t *answer);

#endif
