/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tokenise.h - text to words. A joined compound (anti-tank) is one token, another hyphen parts words.
 */
#ifndef NS_TEXT_TOKENISE_H
#define NS_TEXT_TOKENISE_H

#include "src/text/lexicon.h"

/* What stood between a token and the one before it in the same text. */
enum {
    NS_GAP_SPACE = 1,
    NS_GAP_PERIOD = 2,
    NS_GAP_STOP = 4,  /* ! ? and the like */
    NS_GAP_COMMA = 8, /* , ; : ( ) and other marks that part phrases */
    NS_GAP_HYPHEN = 16,
    NS_GAP_QUOTE = 32,
    NS_GAP_POSSESSIVE = 64,     /* 's of the token before */
    NS_GAP_SPACED_PERIOD = 128, /* a period with a space before it */
    NS_GAP_START = 256,         /* the first token of its text */
    NS_GAP_APOSTROPHE = 512,    /* a single quote, or the end of a plural possessive */
    NS_GAP_AND = 1024,          /* & */
    NS_GAP_ELLIPSIS = 2048      /* ... */
};

typedef struct ns_lexeme {
    uint32_t begin, end; /* bytes in the text, without a possessive */
    uint32_t word;       /* in the lexicon */
    uint16_t flags;      /* NS_RAW_... */
    uint16_t gap;
} ns_lexeme;

typedef struct ns_lexemes {
    ns_lexeme *items;
    size_t count, capacity;
} ns_lexemes;

/* Appends the tokens of [text, text + n), offsets counted from 'base'. In a text that is all in
 * capitals "US" is the pronoun unless 'is_query'. False: out of memory. */
bool ns_tokenise(ns_lexicon *lexicon, const char *text, size_t n, uint32_t base, bool is_query,
                 ns_lexemes *out);
/* The same of a text that is no query; there will be no more than 'most' tokens in all (and are not now). *end: n, or less
 * if tokens behind that place were left out. */
bool ns_tokenise_some(ns_lexicon *lexicon, const char *text, size_t n, uint32_t base, size_t most,
                      ns_lexemes *out, size_t *end);
void ns_lexemes_release(ns_lexemes *lexemes);

#endif
