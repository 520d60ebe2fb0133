/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * keywords.h - the stems that tell most of what an article is about: part of its sketch (analysed.h). Two articles
 * about one event share them even where no sentence is the same.
 */
#ifndef NS_TEXT_KEYWORDS_H
#define NS_TEXT_KEYWORDS_H

#include <stdbool.h>

#include "src/text/analysed.h"
#include "src/text/lexicon.h"
#include "src/text/tokenise.h"

/* Room for the stems of one article; legal when zeroed. */
typedef struct ns_keyword_scratch {
    struct ns_keyword_count *counts;
    size_t capacity;
} ns_keyword_scratch;

/* The keywords of an article's tokens: rare, frequent in it and capitalised ones first. False: out of memory. */
bool ns_keywords_make(ns_lexicon *lexicon, const ns_lexemes *lexemes, ns_keyword_scratch *scratch,
                      uint16_t keywords[NS_KEYWORDS]);
/* Whether a word is rare enough to mark a phrase. Moves the words. */
bool ns_word_tells(ns_lexicon *lexicon, uint32_t word);
void ns_keyword_scratch_release(ns_keyword_scratch *scratch);

/* Share of the shorter list, of *of keywords, that the other holds too; 0 to 1. */
double ns_keywords_common(const uint16_t a[NS_KEYWORDS], const uint16_t b[NS_KEYWORDS], unsigned *of);
/* The cosine of the lists' weights, which fall with the place in the list; 0 to 1. */
double ns_keywords_likeness(const uint16_t a[NS_KEYWORDS], const uint16_t b[NS_KEYWORDS]);
/* Two articles of this likeness, and not further apart than NS_EVENT_DAYS, are about one event (doc/copies.md). */
#define NS_EVENT_LIKENESS 0.26
#define NS_EVENT_DAYS 7

#endif
