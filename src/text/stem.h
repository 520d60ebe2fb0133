/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stem.h - English stems (Snowball).
 */
#ifndef NS_TEXT_STEM_H
#define NS_TEXT_STEM_H

#include <stddef.h>

struct sb_stemmer;

struct sb_stemmer *ns_stemmer_new(void); /* NULL: out of memory */
void ns_stemmer_free(struct sb_stemmer *stemmer);
/* Writes the stem of a folded word of at most NS_WORD_MAX bytes, ending in NUL; returns its length, 0 when
 * the word is its own stem. Only words of plain letters are stemmed: numbers and initials stay. */
size_t ns_stem(struct sb_stemmer *stemmer, const char *word, size_t length, char *out);

#endif
