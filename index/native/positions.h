/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * positions.h - where a term stands in each passage of one block of postings (doc/format.md, section 4.4).
 *
 *     u8 bits of a count, u8 bits of a gap
 *     bit run of the counts, one for each posting of the block
 *     bit run of the gaps of all postings: the first of each is its first position, the others the
 *     distance to the position before, less 1
 *
 * The gaps of any one posting are found by the sum of the counts before it, without reading the others.
 */
#ifndef NS_NATIVE_POSITIONS_H
#define NS_NATIVE_POSITIONS_H

#include <stdbool.h>

#include "index/native/pack.h"
#include "src/base/arena.h"

#define NS_POSITION_MAX ((1u << 24) - 1)   /* a gap fits 24 bits */
#define NS_POSITION_COUNT_MAX 65535        /* of one posting */

/* ---- writing */

typedef struct ns_position_block {
    uint32_t counts[NS_BLOCK];
    uint32_t n;      /* postings */
    ns_buffer gaps;  /* uint32_t of the machine */
} ns_position_block;

void ns_position_block_release(ns_position_block *b);
/* Adds the next posting's positions, ascending. False when they are not, or out of bounds. */
bool ns_position_block_add(ns_position_block *b, const uint32_t *positions, size_t count);
/* Appends the block and empties it. */
void ns_position_block_put(ns_position_block *b, ns_buffer *out);

/* ---- reading */

typedef struct ns_position_view {
    uint32_t starts[NS_BLOCK + 1]; /* gaps before each posting */
    const uint8_t *gaps, *end;
    unsigned gap_bits;
    uint32_t n;
} ns_position_view;

/* Opens a block of n postings; false when its bytes are bad. */
bool ns_position_view_open(ns_position_view *v, const uint8_t *p, const uint8_t *end, uint32_t n);
static inline uint32_t ns_position_view_count(const ns_position_view *v, uint32_t i)
{
    return v->starts[i + 1] - v->starts[i];
}
/* Writes the positions of posting i to out, which has room for its count; false when they are bad. */
bool ns_position_view_get(const ns_position_view *v, uint32_t i, uint32_t *out);

#endif
