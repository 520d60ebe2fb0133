/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * positions.h - where a term stands in each passage of one block of postings (doc/format.md, section 4.3).
 *
 *     u8 head: bits 0 to 3: the classes 1 to 4 that have a width of their own; bit 7: counts follow
 *     u8 bits of a gap of class 0, and of each class that has its own; others take that of the class below
 *     [patched run of the counts: how many positions each posting has; without it: as many as its tf]
 *     the gaps of all postings, low bits first: the first of a posting is its first position, each other the
 *     distance to the position before, less 1
 *
 * A posting is of class 0 to 4 when it has 1, 2, 3 to 4, 5 to 8, or more positions: the more there are, the
 * closer they stand. The gaps of any one posting begin at the sum of count * bits before it, so it is found
 * without reading the others.
 */
#ifndef NS_NATIVE_POSITIONS_H
#define NS_NATIVE_POSITIONS_H

#include <stdbool.h>

#include "index/native/pack.h"

#define NS_POSITION_MAX ((1u << 24) - 1) /* a gap fits 24 bits */
#define NS_POSITION_COUNT_MAX 65535      /* of one posting */
#define NS_POSITION_CLASSES 5

static inline unsigned ns_position_class(uint32_t count)
{
    return count < 3 ? count == 2 : count < 5 ? 2 : count < 9 ? 3 : 4;
}

/* ---- writing */

typedef struct ns_position_block {
    uint32_t counts[NS_BLOCK];
    uint32_t n;     /* postings */
    ns_buffer gaps; /* uint32_t of the machine */
} ns_position_block;

void ns_position_block_release(ns_position_block *b);
/* Adds the next posting's positions, ascending. False when they are not, or out of bounds. */
bool ns_position_block_add(ns_position_block *b, const uint32_t *positions, size_t count);
/* Appends the block and empties it. 'tfs': of its postings. */
void ns_position_block_put(ns_position_block *b, const uint32_t *tfs, ns_buffer *out);

/* ---- reading */

typedef struct ns_position_view {
    const uint32_t *counts; /* of each posting */
    const uint8_t *gaps;
    uint64_t size;    /* of the gaps, in bits */
    uint8_t bits[10]; /* of a gap of a posting with so many positions, 9: or more */
    uint32_t n;
    uint32_t i; /* the posting whose gaps begin at bit 'at' */
    uint64_t at;
    uint32_t stored[NS_PACK_ROOM]; /* the counts, where they are not the tfs */
} ns_position_view;

/* Opens a block of n postings; false when its bytes are bad. 'tfs' are used as long as the view is. */
bool ns_position_view_open(ns_position_view *v, const uint8_t *p, const uint8_t *end, uint32_t n,
                           const uint32_t *tfs);
static inline uint32_t ns_position_view_count(const ns_position_view *v, uint32_t i)
{
    return v->counts[i];
}
/* Writes the positions of posting i to out, which has room for its count; false when they are bad. Cheapest
 * when i ascends. */
bool ns_position_view_get(ns_position_view *v, uint32_t i, uint32_t *out);
/* spots[i]: bit p % 32 for each position p of posting i. False when they are bad. */
bool ns_position_view_spots(const ns_position_view *v, uint32_t *spots);

#endif
