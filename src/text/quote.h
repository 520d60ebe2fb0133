/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quote.h - what an article quotes, and who is said to have said it.
 */
#ifndef NS_TEXT_QUOTE_H
#define NS_TEXT_QUOTE_H

#include "src/text/entity.h"

/* Words between quotation marks. One that goes on in further paragraphs is one quotation. */
typedef struct ns_quote {
    uint32_t first, last;    /* tokens [first, last) */
    uint32_t begin, end;     /* bytes of the body between the marks */
    uint32_t entity;         /* the speaker among the article's names; UINT32_MAX: no name */
    uint32_t named, named_count; /* tokens by which the speaker is called there; 0 of them: nobody is told */
    const uint32_t *speaker; /* words of the lexicon: all by which the speaker is found */
    uint32_t speaker_count;
} ns_quote;

typedef struct ns_quotes {
    ns_quote *items; /* in order, not overlapping */
    size_t count;
} ns_quotes;

/* Quotations in the body: texts 1 to span_count - 1, whose tokens are given by 'spans' and whose bytes begin at 'bases'
 * (entity.h). Memory from 'arena'. False: out of memory. */
bool ns_quotes_find(ns_lexicon *lexicon, const char *const *texts, const size_t *lengths, const ns_span *spans,
                    const uint32_t *bases, size_t span_count, const ns_lexeme *tokens, const ns_entities *entities,
                    ns_arena *arena, ns_quotes *out);

#endif
