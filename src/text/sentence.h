/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sentence.h - where sentences begin and end.
 */
#ifndef NS_TEXT_SENTENCE_H
#define NS_TEXT_SENTENCE_H

#include "src/text/tokenise.h"

typedef struct ns_sentence {
    uint32_t begin, end; /* bytes */
    uint32_t first_token, token_count;
    bool ends_paragraph;
} ns_sentence;

/* Whether tokens[i] begins a sentence (true for the first of its text). 'text' + offset is where the token's
 * bytes are. */
bool ns_sentence_begins(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t i);
/* Cuts one paragraph, whose tokens are tokens[first, last) and whose bytes are [text, text + n) at offset
 * 'base'; writes at most last - first sentences and returns their number. Sentences of more than 'longest'
 * tokens are cut. */
size_t ns_sentences_cut(const ns_lexicon *lexicon, const char *text, size_t n, uint32_t base,
                        const ns_lexeme *tokens, size_t first, size_t last, uint32_t longest,
                        ns_sentence *out);

#endif
