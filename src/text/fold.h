/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fold.h - characters as people type them: lower case, no accents, one form of width.
 */
#ifndef NS_TEXT_FOLD_H
#define NS_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a character is to the tokeniser. */
typedef enum ns_char_class {
    NS_CHAR_OTHER,     /* parts words */
    NS_CHAR_WORD,      /* letter, digit or mark */
    NS_CHAR_UPPER,     /* a letter that has a lower form */
    NS_CHAR_IDEOGRAPH, /* a word by itself */
    NS_CHAR_IGNORED,   /* soft hyphen, zero-width marks: as if absent */
    NS_CHAR_APOSTROPHE,
    NS_CHAR_HYPHEN,
    NS_CHAR_QUOTE,
    NS_CHAR_SPACE,
    NS_CHAR_STOP /* ends a sentence: an ellipsis or a foreign full stop */
} ns_char_class;

/* The character at p (p < end) and its length in bytes, at least 1. Bad bytes give U+FFFD. */
uint32_t ns_utf8_next(const char *p, const char *end, size_t *length);
ns_char_class ns_char_classify(uint32_t c);
/* Folds [text, text + n) into 'out' (capacity > 0; ends in NUL); what does not fit is left out, cut
 * between characters. Apostrophes, hyphens, blanks and ignored characters vanish. Returns the length. */
size_t ns_fold_word(const char *text, size_t n, char *out, size_t capacity);
/* Bytes of a prefix of 'text' that is at most 'limit' long and does not cut a character. */
size_t ns_utf8_cut(const char *text, size_t n, size_t limit);

#endif
