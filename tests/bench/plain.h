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

typedef struct plain_raw {
    uint64_t head[2]; /* all its bytes */
    uint32_t length;
    uint32_t stem;    /* in the lexicon; UINT32_MAX: nothing is left of it */
} plain_raw;

typedef struct plain_order {
    uint64_t head;
    uint32_t local;
} plain_order;

/* One thread's words, and the terms of the passage in hand. */
typedef struct plain_analyser {
    ns_lexicon lexicon;
    plain_raw *raws;       /* open addressing; length 0 is empty */
    uint32_t raw_count;
    uint32_t stamp;
    uint32_t *stems;       /* of the tokens, in order */
    size_t stem_count, stem_room;
    uint32_t *locals;      /* distinct stems */
    uint32_t *counts, *starts;
    plain_order *order, *spare;
    ns_term *terms;
    uint32_t *positions;
    size_t room;           /* of the arrays of a passage */
} plain_analyser;

bool plain_init(plain_analyser *a); /* false: out of memory */
void plain_release(plain_analyser *a);
/* Cuts and stems a text, after what 'stems' holds already. False: out of memory. */
bool plain_cut(plain_analyser *a, const char *text, size_t n);
/* The same for a query, which must not gain from words met before: nothing is remembered. Writes up to 'room' keys
 * (kind and stem) of NS_TERM_MAX bytes and their lengths; returns how many. */
size_t plain_query(plain_analyser *a, const char *text, size_t n, char (*keys)[NS_TERM_MAX], uint32_t *lengths,
                   size_t room);
/* The terms of 'title newline text'. Valid until the next call. A passage without words gets the length 1. */
bool plain_passage(plain_analyser *a, const bench_passage *from, ns_passage *out);

#endif
