/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pack.h - integers in a fixed number of bits (doc/format.md, section 4.1).
 *
 * A packed block holds 128 integers in four interleaved lanes: integer 4*i + l is the i-th of lane l, a lane
 * is a bit stream in 32-bit little-endian words, low bits first, and word w of lane l stands at byte 16*w +
 * 4*l. So b bits take 16*b bytes, and four integers are unpacked at a time by any machine with 128-bit
 * registers.
 *
 * A bit run holds any number of integers one after the other, low bits first.
 */
#ifndef NS_NATIVE_PACK_H
#define NS_NATIVE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/buffer.h"

#define NS_BLOCK 128

static inline size_t ns_pack_size(unsigned bits)
{
    return (size_t)bits * (NS_BLOCK / 8);
}

/* Bits that hold the largest of n integers. */
unsigned ns_pack_width(const uint32_t *v, size_t n);
/* Writes ns_pack_size(bits) bytes. */
void ns_pack_block(const uint32_t *in, unsigned bits, uint8_t *out);
/* Reads ns_pack_size(bits) bytes; bits at most 16. Adds 'base' to each. */
void ns_unpack_block(const uint8_t *in, unsigned bits, uint32_t base, uint32_t *out);
/* Reads gaps; out[i] = before + sum of (gap + 1) up to i; bits at most 32. Wraps modulo 2^32. */
void ns_unpack_gaps(const uint8_t *in, unsigned bits, uint32_t before, uint32_t *out);

static inline size_t ns_bits_size(uint64_t count, unsigned bits)
{
    return (size_t)((count * bits + 7) / 8);
}
/* Appends a bit run; bits at most 32. */
void ns_bits_put(ns_buffer *out, const uint32_t *v, size_t n, unsigned bits);
/* The i-th integer of a bit run that ends at 'end'; bits at most 24. Bytes past the end read as zero. */
uint32_t ns_bits_get(const uint8_t *run, const uint8_t *end, uint64_t i, unsigned bits);

#endif
