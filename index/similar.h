/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * similar.h - how many edits part the terms of a dictionary from a word. An edit puts in, takes out or
 * changes a character, or swaps two neighbours (optimal string alignment). Terms that come in order share the
 * work on the characters that they share.
 */
#ifndef NS_INDEX_SIMILAR_H
#define NS_INDEX_SIMILAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_SIMILAR_CHARS 48 /* longer words are like no other */
#define NS_SIMILAR_EDITS 2

typedef struct ns_similar {
    uint32_t word[NS_SIMILAR_CHARS];
    unsigned length, most;
    unsigned depth; /* characters of the last term whose rows are worked out */
    uint32_t text[NS_SIMILAR_CHARS + NS_SIMILAR_EDITS + 1];
    uint8_t rows[NS_SIMILAR_CHARS + NS_SIMILAR_EDITS + 2][NS_SIMILAR_CHARS + 1];
} ns_similar;

/* A word in UTF-8 and the most edits, up to NS_SIMILAR_EDITS. False when the word is too long. */
bool ns_similar_init(ns_similar *s, const char *word, size_t n, unsigned most);
/* The edits that part a text from the word; more than 'most' where there are more. *dead: so many bytes of
 * the text are such that nothing that begins with them is near; 0 when there are none. */
unsigned ns_similar_distance(ns_similar *s, const char *text, size_t n, size_t *dead);

#endif
