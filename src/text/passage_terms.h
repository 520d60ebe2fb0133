/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passage_terms.h - the terms of one passage.
 */
#ifndef NS_TEXT_PASSAGE_TERMS_H
#define NS_TEXT_PASSAGE_TERMS_H

#include "src/base/arena.h"
#include "src/text/analysed.h"
#include "src/text/tokenise.h"

/* A term that is the same in many passages; 'terms' sorts a list of them and drops doubles. */
typedef struct ns_term_list {
    ns_term *items;
    size_t count, capacity;
} ns_term_list;

/* False: out of memory (the list keeps what it has). */
bool ns_term_list_add(ns_term_list *list, ns_arena *arena, ns_term term);
/* A term of kind and text, cut at NS_TERM_MAX; key NULL: out of memory. */
ns_term ns_term_make(ns_arena *arena, char kind, const char *text, size_t length, uint32_t tf);
/* The term of a word in a kind. */
ns_term ns_term_of_word(ns_arena *arena, const ns_lexicon *lexicon, char kind, uint32_t word);
/* By key; of equal keys, of which one may have positions, one stays, with the sum of their tf. */
void ns_term_list_sort(ns_term_list *list);

typedef struct ns_title {
    uint32_t *stems; /* distinct words that are stems of the title's */
    size_t stem_count;
    ns_term_list terms; /* kinds t and u, sorted, with positions */
} ns_title;

/* Terms of the title's tokens; their stems. */
bool ns_title_make(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, ns_arena *arena,
                   ns_title *out);

/* Scratch of one thread, kept between passages. */
typedef struct ns_term_scratch {
    struct ns_local *words, *stems;
    size_t capacity;
    uint32_t stamp;
} ns_term_scratch;
void ns_term_scratch_release(ns_term_scratch *scratch);

/* The terms of a passage: those of 'low' (kinds before 't', none twice), the title's, and w and x of the tokens.
 * Fills terms, term_count and length of *passage. */
bool ns_passage_terms_make(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t count, const ns_title *title,
                           const ns_term_list *low, ns_term_scratch *scratch, ns_arena *arena,
                           ns_passage *passage);

#endif
