/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lines.h - a text cut into lines, hard-wrapped ones joined again, white space made single: the
 * candidates for paragraphs. Also how such a line looks: prose, a headline, or neither.
 */
#ifndef NS_CORPUS_LINES_H
#define NS_CORPUS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"

typedef struct ns_line {
    const char *text; /* trimmed, NUL behind */
    size_t n;
    const char *reason; /* why it is left out of the body; NULL: it is body */
    uint32_t words;
    bool after_blank; /* an empty line stands before it */
    bool prose;       /* ends as a sentence does, and is long enough to be one */
    bool ended;       /* ends as a sentence does */
} ns_line;

typedef struct ns_lines {
    ns_line *line;
    size_t count;
} ns_lines;

/* False when memory is out. */
bool ns_lines_cut(ns_arena *arena, const char *text, size_t n, ns_lines *lines);
/* Looks again at a line whose text has changed. */
void ns_line_look(ns_line *line);

#endif
