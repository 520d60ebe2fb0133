/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * marks.h - terms that stand for no word: where in a passage sentences, paragraphs and quotations begin and end, who
 * speaks there, and which words are written with capitals (analysed.h).
 */
#ifndef NS_TEXT_MARKS_H
#define NS_TEXT_MARKS_H

#include "src/text/passage_terms.h"
#include "src/text/quote.h"
#include "src/text/sentence.h"

/* Adds the marks of a passage that is made of 'sentences', all of it tokens[first, last). 'begins_paragraph': its first
 * sentence does. *quote is the first quotation that ends in this passage or later, and walks along. False: out of
 * memory. */
bool ns_marks_add(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t first, size_t last,
                  const ns_sentence *sentences, size_t sentence_count, bool begins_paragraph, const ns_quotes *quotes,
                  size_t *quote, ns_arena *arena, ns_term_list *list);

#endif
