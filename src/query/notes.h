/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * notes.h - remarks for the reader about how a query was understood.
 */
#ifndef NS_QUERY_NOTES_H
#define NS_QUERY_NOTES_H

#include <stddef.h>

#include "src/base/arena.h"

#define NS_NOTES_MAX 16

typedef struct ns_notes {
    const char *text[NS_NOTES_MAX];
    size_t count;
    ns_arena *arena;
} ns_notes;

/* Adds a note unless it is there already or there are too many. */
void ns_note(ns_notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
