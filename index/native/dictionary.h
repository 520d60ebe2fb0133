/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dictionary.h - the terms of a segment, ascending by bytes, and where their lists are (doc/format.md,
 * section 5).
 *
 * Section 'dictionary' holds blocks of 16 terms (the last may hold fewer). A term:
 *
 *     varint bytes shared with the term before it in the block (0 for the first)
 *     varint bytes of the rest, at least 1; the rest
 *     varint df * 4 + flags (NS_LIST_HAS_TF, NS_LIST_HAS_POSITIONS)
 *     df = 1:  the posting itself (postings.h)
 *     df > 1:  varint df - articles, varint bytes in section postings, [varint bytes in section positions]
 *
 * Section 'term index' finds a block:
 *
 *     u64 for each block: first 8 bytes of its first term as a big-endian number, padded with zeros
 *     24 bytes for each block: u64 offset in dictionary, u64 offset in postings, u64 offset in positions
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

/* ---- writing */

typedef struct ns_dictionary_writer {
    ns_spool terms;
    ns_buffer heads, places; /* the two parts of the term index */
    uint64_t count;
    uint8_t last[NS_TERM_MAX];
    uint32_t last_length;
} ns_dictionary_writer;

void ns_dictionary_writer_init(ns_dictionary_writer *w, int dirfd, const char *name);
void ns_dictionary_writer_release(ns_dictionary_writer *w);
/* Terms ascending. INVALID when they are not. */
nsearch_status ns_dictionary_add(ns_dictionary_writer *w, const void *key, size_t n, const ns_list *list,
                                 nsearch_error *err);
void ns_dictionary_put(ns_dictionary_writer *w, ns_segment_writer *out);

/* ---- reading */

typedef enum ns_found { NS_FOUND, NS_ABSENT, NS_BAD } ns_found;

/* One exact term. */
ns_found ns_dictionary_find(const ns_segment *s, const void *key, size_t n, ns_list *list);

/* A walk in order. */
typedef struct ns_dictionary_walk {
    const ns_segment *segment;
    uint64_t block, block_count;
    uint32_t left; /* terms of the block not yet read */
    const uint8_t *p, *end;
    uint64_t postings, positions; /* offsets of the next list */
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
