/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inverter.h - articles turned around in memory: from passages with terms to terms with passages. One thread's;
 * several of them together become one segment (gather.h). Passages are counted within the inverter.
 */
#ifndef NS_NATIVE_INVERTER_H
#define NS_NATIVE_INVERTER_H

#include "src/base/arena.h"
#include "src/base/buffer.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

/* One term's postings: what is touched at each posting, and the rest. */
typedef struct ns_inverted_list {
    uint8_t *at, *end;   /* of the last chunk */
    uint32_t last_docid; /* UINT32_MAX: no posting yet */
    uint32_t stamp;      /* passage in which it was met last */
} ns_inverted_list;

typedef struct ns_inverted_term {
    struct ns_inverted_chunk *first, *last; /* NULL: no posting */
    const uint8_t *key;
    uint32_t length, hash;
} ns_inverted_term;

typedef struct ns_inverter {
    ns_inverted_list *lists;
    ns_inverted_term *terms;
    uint32_t count, capacity;
    uint64_t *slots; /* hash and term + 1; 0 is empty */
    uint32_t slot_count;
    uint64_t seed;
    ns_arena memory;
    uint8_t *block; /* of the memory, not yet given out */
    size_t block_left;
    uint32_t *numbered; /* term + 1 of a number of the numbering in force */
    uint32_t numbered_count;
    uint64_t numbering;
    uint32_t *found; /* the terms of the article in hand */
    size_t found_capacity;
    uint32_t passages;
    uint32_t stamp;
} ns_inverter;

/* What adding an article cost: counted so that it does not depend on what else the inverter holds. */
typedef struct ns_inverter_tally {
    uint64_t bytes;  /* of postings */
    ns_buffer fresh; /* uint32_t of the machine: hashes of the terms that are new in this inverter */
} ns_inverter_tally;

/* Legal on a zeroed inverter, as is release. */
void ns_inverter_init(ns_inverter *inv);
void ns_inverter_release(ns_inverter *inv);
/* INVALID: the article is not as analysed.h says, nothing was added; NO_MEMORY: the inverter is dead. */
nsearch_status ns_inverter_add(ns_inverter *inv, const ns_analysed *article, ns_inverter_tally *tally,
                               nsearch_error *err);

/* The list of a term that was added, as its number; UINT32_MAX: there is none. */
uint32_t ns_inverter_find(const ns_inverter *inv, const void *key, size_t n);

/* The terms by bytes, as numbers of lists; to be freed. NULL: out of memory. */
uint32_t *ns_inverter_order(const ns_inverter *inv);
int ns_inverted_compare(const ns_inverted_term *a, const ns_inverted_term *b);

/* Reads one list again. */
typedef struct ns_inverted_reader {
    const uint8_t *p, *end;
    uint32_t docid, tf, count;
    const uint32_t *positions; /* ascending; in 'places' */
    ns_buffer bytes, places;
} ns_inverted_reader;
/* False: out of memory. */
bool ns_inverted_open(ns_inverted_reader *r, const ns_inverter *inv, uint32_t list);
/* The next posting: false at the end, or when memory is out (then 'bytes.failed' or 'places.failed'). */
bool ns_inverted_next(ns_inverted_reader *r);
void ns_inverted_reader_release(ns_inverted_reader *r);

#endif
