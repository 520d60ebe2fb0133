/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_json.h - answers for programs: JSON with "format": 1, and bytes that could control a terminal escaped.
 */
#ifndef NS_TOOLS_TOOL_JSON_H
#define NS_TOOLS_TOOL_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "src/nsearch.h"

#define TOOL_JSON_FORMAT 1

/* A new answer: "format" and, unless NULL, the index's "fingerprint". NULL when memory is out. */
json_t *tool_json_answer(const char *fingerprint);
/* A string; bytes that are no UTF-8 become U+FFFD. */
json_t *tool_json_text(const char *text);
/* Sets a key to a string, a list of the text's lines, or to a count. */
void tool_json_set_text(json_t *object, const char *key, const char *text);
void tool_json_set_lines(json_t *object, const char *key, const char *text);
void tool_json_set_count(json_t *object, const char *key, uint64_t n);
void tool_json_set_stats(json_t *object, const char *path, const nsearch_stats *stats);
/* Prints the answer on one line or many and lets go of it. False after an error that was printed. */
bool tool_json_print(json_t *answer, bool one_line);

#endif
