/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lexicon.h - the words that one thread has met, each held once with its stem. Folding, spelling and
 * stemming are paid once a distinct word; a token is then a number.
 */
#ifndef NS_TEXT_LEXICON_H
#define NS_TEXT_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/text/gazetteer.h"

struct sb_stemmer;

#define NS_WORD_MAX 244 /* bytes of a folded word: NS_TERM_MAX without the kind */
#define NS_WORDS_NUMBERED (1u << 18) /* a number leads to a place in a table of an engine */

typedef struct ns_word {
    const char *text; /* folded; text[-1] is 'x', and "w" + text starts at text + length + 1; ends in NUL */
    uint64_t hash;    /* stable over machines: gazetteer and shingles */
    uint32_t length;
    uint32_t stem;         /* word that is its stem; UINT32_MAX: not asked for yet */
    uint32_t stamp, local; /* scratch of passage_terms.c: place in the passage in hand */
    uint32_t stem_stamp, stem_local;
    uint32_t name_stamp; /* scratch of analyse.c: passage and kind in which it is a name's word already */
    uint32_t seen_lower; /* scratch of entity.c: article in which it was met in lower case */
    uint32_t keyword;    /* scratch of keywords.c: place among the stems of the article in hand, checked there */
    uint32_t name_kinds; /* NS_NAME_... */
    uint8_t starts;      /* tokens of the longest name in the gazetteer that begins with it; 0: none */
    uint8_t rarity;      /* of a stem: see keywords.c; 0: not looked up yet */
    bool stopword;
    bool number;
} ns_word;

/* What bytes of text give: found by their raw form, case and all. */
enum {
    NS_RAW_CAPITAL = 1,   /* begins with an upper-case letter */
    NS_RAW_UPPER = 2,     /* two letters or more, none lower */
    NS_RAW_LOWER = 4,     /* holds a lower-case letter */
    NS_RAW_NUMBER = 8,    /* begins with a digit */
    NS_RAW_INITIALS = 16, /* "U.S." */
    NS_RAW_POSSESSIVE = 32,
    NS_RAW_COUNTRY_US = 64,    /* "US": the country, unless all is in capitals */
    NS_RAW_JOINS_HYPHEN = 128, /* a prefix: joined with what a hyphen follows */
    NS_RAW_JOINS_SPACE = 256,  /* joined with the next word even after a space */
    NS_RAW_COMPASS = 512,      /* north, south: joined with east and west */
    NS_RAW_PER = 1024,         /* per: joined with cent */
    NS_RAW_JOINED = 2048
};

typedef struct ns_raw {
    uint64_t head[2];  /* of a word of sixteen bytes or less all of it, in the entry's own cache line */
    const char *bytes; /* of a longer word, else NULL */
    uint32_t length, hash;
    uint32_t word;
    uint32_t second;       /* a second word of the same bytes ("1.5bn"), or UINT32_MAX */
    uint32_t second_begin; /* where it begins in the bytes */
    uint16_t flags;
    uint16_t cut; /* bytes at the end that are not the word's: 's */
} ns_raw;

typedef struct ns_lexicon {
    const ns_gazetteer *gazetteers[2]; /* built-in and the user's; may be NULL */
    struct sb_stemmer *stemmer;
    uint64_t seed;
    ns_arena memory;
    char *block;
    size_t block_left;
    ns_word *words;
    uint32_t word_count, word_capacity;
    uint32_t *word_slots, word_slot_count;
    ns_raw *raws;
    uint32_t raw_count, raw_capacity;
    uint64_t *raw_slots; /* hash and entry + 1; 0 is empty */
    uint32_t raw_slot_count;
    uint32_t us, percent; /* two words that the tokeniser itself puts in */
    uint32_t pronoun_us;
    uint32_t article;    /* scratch of entity.c: the one in hand */
    uint32_t name_stamp; /* scratch of analyse.c: the newest given to a word */
    uint64_t numbering;  /* of the words as they are: no other lexicon's, and a new one after they were forgotten */
} ns_lexicon;

/* The number (analysed.h) of the term that is this word in a kind; 0: none. */
static inline uint32_t ns_lexicon_number(uint32_t word, char kind)
{
    uint32_t place = kind == 'w'   ? 1
                     : kind == 'x' ? 2
                     : kind == 't' ? 3
                     : kind == 'u' ? 4
                     : kind == 'P' ? 5
                     : kind == 'L' ? 6
                     : kind == 'O' ? 7
                     : kind == 's' ? 8
                                   : 0;
    return place && word < NS_WORDS_NUMBERED ? word * 8 + place : 0;
}

bool ns_lexicon_init(ns_lexicon *lexicon, const ns_gazetteer *built_in, const ns_gazetteer *user);
void ns_lexicon_release(ns_lexicon *lexicon);
/* Forgets all words when there are too many; call between articles only. False: out of memory. */
bool ns_lexicon_trim(ns_lexicon *lexicon);
/* The number of a folded word (length 1 to NS_WORD_MAX); UINT32_MAX: out of memory. */
uint32_t ns_lexicon_word(ns_lexicon *lexicon, const char *folded, size_t length);
/* The number of the word's stem; UINT32_MAX: out of memory. Moves the words. */
uint32_t ns_lexicon_stem(ns_lexicon *lexicon, uint32_t word);
/* Looks raw bytes up, analysing them at first sight. 'flags': what the tokeniser saw. The word is UINT32_MAX
 * when nothing is left after folding. NULL: out of memory. Valid until the next call. */
const ns_raw *ns_lexicon_raw(ns_lexicon *lexicon, const char *bytes, size_t n, unsigned flags);

#endif
