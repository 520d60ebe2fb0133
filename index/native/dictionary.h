/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dictionary.h - the terms of a segment, ascending by bytes, and where their lists are (doc/format.md,
 * section 5).
 *
 * Section 'dictionary' holds blocks of 16 terms (the last may hold fewer), in each what a look-up scans and what it steps
 * over apart:
 *
 *     u64 offset in postings, u64 offset in positions   where its lists begin
 *     u16 bytes of the keys
 *     keys      of each term: u8 shared << 4 | rest, of either what is above 14 as a varint, the rest's bytes
 *               (shared: bytes in common with the term before, 0 for the first; rest: at least 1)
 *     controls  u8 for each term: two bits for each of four numbers: 0, 1, 2 or 4 bytes
 *     lists     of each term: df * 4 + flags (NS_LIST_HAS_TF, NS_LIST_HAS_POSITIONS), df - texts, bytes in
 *               postings, bytes in positions
 *               df = 1: the third is the size of the posting itself (postings.h), which follows
 *
 * Section 'term index' finds a block: a look-up reads it, and of the dictionary only the block.
 *
 *     u64 for each block: first 8 bytes of its first term as a big-endian number, padded with zeros
 *     u64 for each block: offset in dictionary
 *
 * Lists lie in the order of their terms without gaps, so that the sizes within a block give the offsets.
 */
#ifndef NS_NATIVE_DICTIONARY_H
#define NS_NATIVE_DICTIONARY_H

#include "index/native/postings.h"
#include "index/native/segment.h"
#include "index/native/spool.h"
#include "src/text/analysed.h"

#define NS_DICTIONARY_BLOCK 16
#define NS_DICTIONARY_HEAD 18 /* bytes before the keys */

/* ---- writing */

typedef struct ns_dictionary_writer {
    ns_spool terms;
    ns_buffer heads, places; /* the two parts of the term index */
    ns_buffer keys, lists;   /* of the block in hand */
    uint8_t controls[NS_DICTIONARY_BLOCK];
    uint64_t postings, positions; /* where its lists begin */
    uint64_t count;
    uint8_t last[NS_TERM_MAX];
    uint32_t last_length;
} ns_dictionary_writer;

void ns_dictionary_writer_init(ns_dictionary_writer *w, int dirfd, const char *name);
void ns_dictionary_writer_release(ns_dictionary_writer *w);
/* Terms ascending. INVALID when they are not, or when a list has 4 GiB. */
nsearch_status ns_dictionary_add(ns_dictionary_writer *w, const void *key, size_t n, const ns_list *list,
                                 nsearch_error *err);
/* Writes both sections. */
void ns_dictionary_put(ns_dictionary_writer *w, ns_segment_writer *out);

/* ---- reading */

typedef enum ns_found { NS_FOUND, NS_ABSENT, NS_BAD } ns_found;

/* One exact term. */
ns_found ns_dictionary_find(const ns_segment *s, const void *key, size_t n, ns_list *list);

/* A block being read: 'keys' stands before a term, 'lists' at the list of term i. */
typedef struct ns_dictionary_reading {
    const uint8_t *keys, *controls, *lists, *end;
    uint64_t postings, positions; /* offsets of term i's list */
    uint32_t terms, i;
} ns_dictionary_reading;

/* A walk in order. */
typedef struct ns_dictionary_walk {
    const ns_segment *segment;
    uint64_t block, block_count;
    uint32_t left; /* terms of the block not yet read */
    ns_dictionary_reading reading;
    uint8_t key[NS_TERM_MAX];
    uint32_t length;
    ns_list list;
    bool damaged;
} ns_dictionary_walk;

/* Stands before the first term that is not less than the key; false when there is none or the bytes are bad
 * (then 'damaged' is set). The term is loaded: key, length, list. */
bool ns_dictionary_seek(ns_dictionary_walk *walk, const ns_segment *s, const void *key, size_t n);
bool ns_dictionary_next(ns_dictionary_walk *walk);
/* Begins a walk before the first term of a block; none is loaded. False when the bytes are bad or there is no such
 * block. */
bool ns_dictionary_block(ns_dictionary_walk *walk, const ns_segment *s, uint64_t block);
/* Checks the sizes of the two sections against each other; for opening. */
bool ns_dictionary_check(const ns_segment *s);

#endif
