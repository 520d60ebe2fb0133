/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pack.h - integers in few bits (doc/format.md, section 4.1), and the ways of this machine to unpack them.
 *
 * A bit run of b bits holds integers one after the other, low bits first. A patched run takes most of its
 * integers in few bits and adds to some what they lack:
 *
 *     u8 bits | least << 5 | (has patches) << 6, [u8 patches - 1, u8 their bits]
 *     bit run of the low bits of (integer - least); least is 0 or 1
 *     u8 index of each patch, bit run of what stands above the low bits there
 *
 * Docids are a patched run of the gaps between them or, where that is smaller, a bitmap: byte 0x80, then a
 * bit for each docid from the first possible one to the last.
 */
#ifndef NS_NATIVE_PACK_H
#define NS_NATIVE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buffer.h"
#include "src/base/bytes.h"

#define NS_BLOCK 128
/* Unpacking may read so many bytes past the end of a run; in a segment the footer stands behind all runs. It
 * may write past the last integer too: room for so many is needed. */
#define NS_PACK_SLACK 64
#define NS_PACK_ROOM (NS_BLOCK + 64 + 16)

/* Bits that hold the largest of n integers. */
unsigned ns_pack_width(const uint32_t *v, size_t n);

/* ---- bit runs */

static inline size_t ns_bits_size(uint64_t count, unsigned bits)
{
    return (size_t)((count * bits + 7) / 8);
}
/* Appends a bit run; bits at most 32. */
void ns_bits_put(ns_buffer *out, const uint32_t *v, size_t n, unsigned bits);
/* The integer of 'bits', at most 32, that begins at bit 'at' of a run. */
static inline uint32_t ns_bits_get(const uint8_t *run, uint64_t at, unsigned bits)
{
    return (uint32_t)(ns_get_u64(run + at / 8) >> at % 8 & ((UINT64_C(1) << bits) - 1));
}

/* ---- patched runs, of at most NS_BLOCK integers below 2^31 */

/* Returns the end of the run, NULL when the bytes are bad. 'out' has NS_PACK_ROOM. */
const uint8_t *ns_patched_get(const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t *out);
/* A patch is made where it saves more than 'tax' bits: unpacking it costs time. */
void ns_patched_put(ns_buffer *out, const uint32_t *v, uint32_t n, unsigned tax);

/* ---- docids, at most NS_BLOCK, of which the first possible is 'first' */

void ns_docids_put(ns_buffer *out, const uint32_t *docids, uint32_t n, uint32_t first);
/* Adds 'add' to each. 'out' has NS_PACK_ROOM. Returns the end, NULL when the bytes are bad: then the docids
 * do not ascend from 'first' on to 'last'. */
const uint8_t *ns_docids_get(const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t first, uint32_t last,
                             uint32_t add, uint32_t *out);

/* ---- the ways of machines: all give the same */

typedef struct ns_pack_path {
    const char *name;
    bool (*is_supported)(void);
    /* out[i] = integer i of the run + add. bits at most 31. */
    void (*unpack)(const uint8_t *run, unsigned bits, uint32_t n, uint32_t add, uint32_t *out);
    /* out[i] = first + i + integers 0 to i of the run. */
    void (*unpack_gaps)(const uint8_t *run, unsigned bits, uint32_t n, uint32_t first, uint32_t *out);
    /* The same of integers that stand in 'v'. */
    void (*sum_gaps)(uint32_t *v, uint32_t n, uint32_t first);
    /* out[i] = first + place of the i-th 1. Returns how many of n there are. */
    uint32_t (*find_ones)(const uint8_t *bits, uint32_t size, uint32_t n, uint32_t first, uint32_t *out);
} ns_pack_path;

extern const ns_pack_path ns_pack_plain;
#if defined(__x86_64__)
extern const ns_pack_path ns_pack_avx2, ns_pack_avx512; /* pack_x86.c */
#endif
/* All that were built, the fastest first; ends in NULL. */
extern const ns_pack_path *const ns_pack_paths[];
/* The first that this machine supports: chosen when the program starts. */
extern const ns_pack_path *ns_pack_chosen;

#endif
