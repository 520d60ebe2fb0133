/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * notes.c - a short list of remarks.
 */
#include "src/query/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ns_note(ns_notes *notes, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0 || notes->count == NS_NOTES_MAX)
        return;
    /* a cut must not leave half a character */
    for (size_t end = strlen(text); (size_t)n >= sizeof text && end && (text[end - 1] & 0x80);)
        text[--end] = '\0';
    for (size_t i = 0; i < notes->count; i++)
        if (!strcmp(notes->text[i], text))
            return;
    const char *copy = ns_arena_string(notes->arena, text);
    if (copy)
        notes->text[notes->count++] = copy;
}
