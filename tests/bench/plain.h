/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * plain.h - the plainest analysis, so that other engines can be given the same: words as Unicode parts them
 * (UAX 29), folded, an ending 's dropped, Snowball's English stem. No stop words, no spelling, no names.
 */
#ifndef NS_BENCH_PLAIN_H
#define NS_BENCH_PLAIN_H

#include "src/text/analysed.h"
#include "src/text/lexicon.h"
#include "tests/bench/passages.h"

/* A word as written. */
typedef struct plain_raw {
    uint64_t head[2]; /* all its bytes: a longer one is not kept */
    uint32_t length;  /* 0: an empty slot */
    uint32_t stem;    /* UINT32_MAX: nothing is left of it */
} plain_raw;

typedef struct plain_stem {
    const char *key;  /* kind and text, of the lexicon */
    uint32_t length;  /* of the key */
    uint32_t stamp, local; /* of the passage in hand, and its place there */
} plain_stem;

typedef struct plain_token {
    const char *bytes;
    uint32_t length, slot;
    bool plain; /* letters and digits of ASCII alone */
} plain_token;

/* One thread's words, and the terms of the passage in hand. */
typedef struct plain_analyser {
    ns_lexicon lexicon;
    plain_raw *raws;       /* open addressing */
    uint32_t raw_count;
    plain_stem *known;     /* all stems */
    uint32_t known_count, known_room;
    uint32_t *stem_of;     /* of a word of the lexicon that is a stem: its place in 'known' + 1 */
    uint32_t stem_of_room;
    plain_token *tokens;   /* of the text in hand */
    uint32_t *stems;       /* of the passage in hand, in order */
    size_t stem_count, stem_room;
    uint32_t stamp;
    uint32_t *locals;      /* distinct stems */
    uint32_t *counts, *starts;
    ns_term *terms;
    uint32_t *positions;
    size_t room;           /* of the arrays of a passage */
} plain_analyser;

bool plain_init(plain_analyser *a); /* false: out of memory */
void plain_release(plain_analyser *a);
/* Cuts and stems a text, after what 'stems' holds already. False: out of memory. */
bool plain_cut(plain_analyser *a, const char *text, size_t n);
/* The number that 'stems' has for a stem without its kind; UINT32_MAX: out of memory. */
uint32_t plain_number(plain_analyser *a, const char *stem, size_t n);
/* Cuts and stems a query, which must not gain from words met before: nothing is remembered. Writes up to 'room' keys
 * (kind and stem) of NS_TERM_MAX bytes and their lengths; returns how many. */
size_t plain_query(plain_analyser *a, const char *text, size_t n, char (*keys)[NS_TERM_MAX], uint32_t *lengths,
                   size_t room);
/* The terms of 'title newline text'. Valid until the next call. A passage without words gets the length 1. */
bool plain_passage(plain_analyser *a, const bench_passage *from, ns_passage *out);

#endif
