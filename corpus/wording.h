/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * wording.h - a line folded for matching (lower case, straight quotes, no bullets) and the phrases of page
 * furniture looked up in it. Lists hold one phrase a string and end in NULL.
 */
#ifndef NS_CORPUS_WORDING_H
#define NS_CORPUS_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_FOLD_SIZE 320

typedef struct ns_folded {
    char text[NS_FOLD_SIZE]; /* the line's first bytes, folded, NUL behind */
    size_t n;
    uint16_t from[NS_FOLD_SIZE]; /* where each byte stood in the line */
    bool cut;                    /* the line goes on */
} ns_folded;

void ns_wording_fold(const char *s, size_t n, ns_folded *folded);

/* The length of the longest phrase that the folded text begins with, as whole words or glued to
 * what follows (the caller looks at the next byte); 0 when none. */
size_t ns_begins_with(const ns_folded *folded, const char *const *phrases);
/* The whole line is one of the phrases, marks (": - . …) around it aside. */
bool ns_is_phrase(const ns_folded *folded, const char *const *phrases);
/* A phrase stands somewhere in it, as whole words. */
bool ns_holds_phrase(const ns_folded *folded, const char *const *phrases);
/* Every word of it is in the list; false for an empty line. */
bool ns_all_words_in(const ns_folded *folded, const char *const *words);

#endif
