/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bytes.c - varints, CRC32C (RFC 3720, reflected polynomial 0x82f63b78), and a 64-bit hash.
 */
#include "src/base/bytes.h"

#include <pthread.h>

uint8_t *ns_put_varint(uint8_t *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

const uint8_t *ns_get_varint64(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    uint64_t value = 0;
    for (unsigned shift = 0; p < end; shift += 7) {
        uint8_t byte = *p++;
        if (shift == 63 && byte > 1)
            return NULL;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *v = value;
            return p;
        }
        if (shift == 63)
            return NULL;
    }
    return NULL;
}

/* Eight tables: eight bytes a step. */
static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ UINT32_C(0x82f63b78) : c >> 1;
        table[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int k = 1; k < 8; k++)
            table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xff];
}

static uint32_t crc_plain(uint32_t c, const uint8_t *p, size_t n)
{
    pthread_once(&table_once, make_table);
    for (; n >= 8; n -= 8, p += 8) {
        uint32_t low = c ^ ns_get_u32(p), high = ns_get_u32(p + 4);
        c = table[7][low & 0xff] ^ table[6][low >> 8 & 0xff] ^ table[5][low >> 16 & 0xff] ^
            table[4][low >> 24] ^ table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
            table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
    }
    for (; n; n--)
        c = c >> 8 ^ table[0][(c ^ *p++) & 0xff];
    return c;
}

#if defined(__x86_64__)
/* The instruction's answer comes three cycles later: three lanes at once, each of a third of a page. */
#define LANE 1360
static uint32_t past_lane[4][256]; /* what the sum becomes behind a lane of zeros, for each byte of it */
static pthread_once_t lane_once = PTHREAD_ONCE_INIT;

__attribute__((target("sse4.2"))) static void make_lane(void)
{
    uint32_t bits[32];
    for (int i = 0; i < 32; i++) {
        uint64_t c = UINT32_C(1) << i;
        for (int k = 0; k < LANE; k += 8)
            c = __builtin_ia32_crc32di(c, 0);
        bits[i] = (uint32_t)c;
    }
    for (int byte = 0; byte < 4; byte++)
        for (uint32_t i = 0; i < 256; i++)
            for (int k = 0; k < 8; k++)
                past_lane[byte][i] ^= i >> k & 1 ? bits[byte * 8 + k] : 0;
}

static uint32_t shift_lane(uint32_t c)
{
    return past_lane[0][c & 0xff] ^ past_lane[1][c >> 8 & 0xff] ^ past_lane[2][c >> 16 & 0xff] ^ past_lane[3][c >> 24];
}

__attribute__((target("sse4.2"))) static uint32_t crc_sse42(uint32_t seed, const uint8_t *p, size_t n)
{
    uint64_t c = seed;
    if (n >= 3 * LANE)
        pthread_once(&lane_once, make_lane);
    for (; n >= 3 * LANE; n -= 3 * LANE, p += 2 * LANE) {
        uint64_t second = 0, third = 0;
        for (const uint8_t *end = p + LANE; p < end; p += 8) {
            c = __builtin_ia32_crc32di(c, ns_get_u64(p));
            second = __builtin_ia32_crc32di(second, ns_get_u64(p + LANE));
            third = __builtin_ia32_crc32di(third, ns_get_u64(p + 2 * LANE));
        }
        c = shift_lane(shift_lane((uint32_t)c) ^ (uint32_t)second) ^ (uint32_t)third;
    }
    for (; n >= 8; n -= 8, p += 8)
        c = __builtin_ia32_crc32di(c, ns_get_u64(p));
    uint32_t low = (uint32_t)c;
    for (; n; n--)
        low = __builtin_ia32_crc32qi(low, *p++);
    return low;
}
#endif

uint32_t ns_crc32c(uint32_t seed, const void *bytes, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return ~crc_sse42(~seed, bytes, n);
#endif
    return ~crc_plain(~seed, bytes, n);
}

uint64_t ns_hash64(const void *bytes, size_t n, uint64_t seed)
{
    const uint8_t *p = bytes;
    uint64_t h = ns_mix64(seed ^ (uint64_t)n * UINT64_C(0x9e3779b97f4a7c15));
    for (; n >= 8; n -= 8, p += 8)
        h = ns_mix64(h ^ ns_get_u64(p)) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t tail = 0;
    for (size_t i = 0; i < n; i++)
        tail |= (uint64_t)p[i] << 8 * i;
    return ns_mix64(h ^ tail);
}
