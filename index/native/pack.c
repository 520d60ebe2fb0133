/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pack.c - packing, and unpacking unrolled for each width with portable vectors of four.
 */
#include "index/native/pack.h"

#include <string.h>

#include "src/base/bytes.h"

typedef uint32_t four __attribute__((vector_size(16)));

unsigned ns_pack_width(const uint32_t *v, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= v[i];
    return all ? 32u - (unsigned)__builtin_clz(all) : 0;
}

void ns_pack_block(const uint32_t *in, unsigned bits, uint8_t *out)
{
    memset(out, 0, ns_pack_size(bits));
    for (unsigned lane = 0; lane < 4; lane++)
        for (unsigned i = 0; i < NS_BLOCK / 4; i++) {
            unsigned bit = i * bits, word = bit / 32, shift = bit % 32;
            uint64_t v = (uint64_t)in[4 * i + lane] << shift;
            uint8_t *p = out + 16 * word + 4 * lane;
            if (bits)
                ns_put_u32(p, ns_get_u32(p) | (uint32_t)v);
            if (shift + bits > 32)
                ns_put_u32(p + 16, ns_get_u32(p + 16) | (uint32_t)(v >> 32));
        }
}

static inline __attribute__((always_inline)) four load(const uint8_t *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    four v;
    memcpy(&v, p, sizeof v);
    return v;
#else
    return (four){ns_get_u32(p), ns_get_u32(p + 4), ns_get_u32(p + 8), ns_get_u32(p + 12)};
#endif
}

static inline __attribute__((always_inline)) void store(uint32_t *out, four v)
{
    memcpy(out, &v, sizeof v);
}

/* Row i of a block of 'bits': all is constant after inlining but the loads. */
static inline __attribute__((always_inline)) four row(const uint8_t *in, unsigned bits, unsigned i)
{
    unsigned bit = i * bits, word = bit / 32, shift = bit % 32;
    if (!bits)
        return (four){0, 0, 0, 0};
    four v = load(in + (size_t)16 * word) >> shift;
    if (shift + bits > 32)
        v |= load(in + (size_t)16 * (word + 1)) << (32 - shift);
    return bits == 32 ? v : v & ((UINT32_C(1) << (bits & 31)) - 1);
}

/* before + 1, 2, 3, 4 more gaps: the sum of the four, and the last of it in every lane. */
static inline __attribute__((always_inline)) four running(four gaps, four *before)
{
    const four one = {1, 2, 3, 4}, zero = {0, 0, 0, 0};
    four v = gaps + __builtin_shufflevector(zero, gaps, 0, 4, 5, 6);
    v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
    v += one + *before;
    *before = __builtin_shufflevector(v, v, 3, 3, 3, 3);
    return v;
}

#define ROWS_4(DO, i) DO(i) DO((i) + 1) DO((i) + 2) DO((i) + 3)
#define ROWS_32(DO) \
    ROWS_4(DO, 0) ROWS_4(DO, 4) ROWS_4(DO, 8) ROWS_4(DO, 12) \
    ROWS_4(DO, 16) ROWS_4(DO, 20) ROWS_4(DO, 24) ROWS_4(DO, 28)

static inline __attribute__((always_inline)) void unpack(const uint8_t *in, unsigned bits, uint32_t base,
                                                         uint32_t *out)
{
    const four add = {base, base, base, base};
#define ROW(i) store(out + (size_t)4 * (i), row(in, bits, i) + add);
    ROWS_32(ROW)
#undef ROW
}

static inline __attribute__((always_inline)) void unpack_gaps(const uint8_t *in, unsigned bits,
                                                              uint32_t before, uint32_t *out)
{
    four last = {before, before, before, before};
#define ROW(i) store(out + (size_t)4 * (i), running(row(in, bits, i), &last));
    ROWS_32(ROW)
#undef ROW
}

#define WIDTHS_16(DO) \
    DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15) DO(16)
#define WIDTHS_32(DO) \
    WIDTHS_16(DO) DO(17) DO(18) DO(19) DO(20) DO(21) DO(22) DO(23) DO(24) \
    DO(25) DO(26) DO(27) DO(28) DO(29) DO(30) DO(31) DO(32)

void ns_unpack_block(const uint8_t *in, unsigned bits, uint32_t base, uint32_t *out)
{
    switch (bits) {
#define WIDTH(b) \
    case b: \
        unpack(in, b, base, out); \
        break;
        WIDTHS_16(WIDTH)
#undef WIDTH
    default:
        unpack(in, 0, base, out);
    }
}

void ns_unpack_gaps(const uint8_t *in, unsigned bits, uint32_t before, uint32_t *out)
{
    switch (bits) {
#define WIDTH(b) \
    case b: \
        unpack_gaps(in, b, before, out); \
        break;
        WIDTHS_32(WIDTH)
#undef WIDTH
    default:
        unpack_gaps(in, 0, before, out);
    }
}

void ns_bits_put(ns_buffer *out, const uint32_t *v, size_t n, unsigned bits)
{
    size_t size = ns_bits_size(n, bits);
    if (!size || !ns_buffer_reserve(out, size))
        return;
    uint8_t *p = out->data + out->size;
    uint64_t pending = 0;
    unsigned held = 0;
    for (size_t i = 0; i < n; i++) {
        pending |= (uint64_t)v[i] << held;
        for (held += bits; held >= 8; held -= 8, pending >>= 8)
            *p++ = (uint8_t)pending;
    }
    if (held)
        *p = (uint8_t)pending;
    out->size += size;
}

uint32_t ns_bits_get(const uint8_t *run, const uint8_t *end, uint64_t i, unsigned bits)
{
    uint64_t bit = i * bits, byte = bit / 8;
    uint32_t word = 0;
    if (byte >= (uint64_t)(end - run))
        return 0;
    const uint8_t *p = run + byte;
    size_t left = (size_t)(end - p);
    if (left >= 4)
        word = ns_get_u32(p);
    else
        for (size_t k = 0; k < left; k++)
            word |= (uint32_t)p[k] << 8 * k;
    return word >> bit % 8 & ((UINT32_C(1) << bits) - 1);
}
