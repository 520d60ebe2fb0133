/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_print.h - text for a person: colour only where it is wanted, lines no wider than the terminal, and no byte of
 * an indexed text that could control a terminal.
 */
#ifndef NS_TOOLS_TOOL_PRINT_H
#define NS_TOOLS_TOOL_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "src/nsearch.h"

typedef enum tool_style { TOOL_PLAIN, TOOL_BOLD, TOOL_DIM, TOOL_MATCH } tool_style;
typedef enum tool_colour { TOOL_COLOUR_AUTO, TOOL_COLOUR_ALWAYS, TOOL_COLOUR_NEVER } tool_colour;

typedef struct tool_page {
    FILE *out;
    bool colour;
    unsigned width; /* columns */
} tool_page;

/* Colour when it is asked for, or the stream is a terminal that has it and NO_COLOR is not set. */
void tool_page_init(tool_page *page, FILE *out, tool_colour colour);
/* "auto", "always", "never". False after an error that was printed. */
bool tool_read_colour(const char *text, tool_colour *colour);

/* Decodes one character from 'text' (n > 0 bytes); bytes that are no UTF-8 give U+FFFD. Returns its bytes. */
size_t tool_decode(const char *text, size_t n, int32_t *character);
/* Whether a character could control a terminal or the order of what it shows. */
bool tool_is_control(int32_t character);

/* Prints text on the line as it is, controlling characters replaced by U+FFFD, white space by one blank. */
void tool_print_safe(FILE *out, const char *text);
void tool_print_styled(const tool_page *page, tool_style style, const char *text);
/* Prints a paragraph, wrapped between 'indent' and the page's width, and ends the line. The cursor stands in column
 * 'column' already (indent where it does not, and then the indent is printed first). 'spans' are shown as matches. */
void tool_print_wrapped(const tool_page *page, unsigned indent, unsigned column, tool_style style,
                        const char *text, const nsearch_span *spans, size_t span_count);

/* "12,345" into 'out'. Returns 'out'. */
#define TOOL_NUMBER 32
char *tool_number(uint64_t n, char out[TOOL_NUMBER]);
/* The ending of a noun: "1 passage", "2 passages". */
#define TOOL_S(n) ((n) == 1 ? "" : "s")
/* "1.2 MB" (10^6 bytes). */
char *tool_bytes(uint64_t n, char out[TOOL_NUMBER]);
/* Seconds on a clock that never goes back. */
double tool_clock(void);

#endif
