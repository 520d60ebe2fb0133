/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bytes.h - fixed and variable integers in little-endian bytes. Every decoder takes an
 * end pointer and returns NULL where the bytes end too soon or the value is too long.
 */
#ifndef NS_BASE_BYTES_H
#define NS_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t ns_get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t ns_get_u64(const uint8_t *p)
{
    return (uint64_t)ns_get_u32(p) | (uint64_t)ns_get_u32(p + 4) << 32;
}
static inline void ns_put_u32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8), p[2] = (uint8_t)(v >> 16), p[3] = (uint8_t)(v >> 24);
}
static inline void ns_put_u64(uint8_t *p, uint64_t v)
{
    ns_put_u32(p, (uint32_t)v);
    ns_put_u32(p + 4, (uint32_t)(v >> 32));
}
/* Writes at most 10 bytes; returns the end. */
uint8_t *ns_put_varint(uint8_t *p, uint64_t v);
const uint8_t *ns_get_varint64(const uint8_t *p, const uint8_t *end, uint64_t *v);
static inline const uint8_t *ns_get_varint32(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
    if (p < end && *p < 0x80) {
        *v = *p;
        return p + 1;
    }
    uint64_t wide;
    p = ns_get_varint64(p, end, &wide);
    if (!p || wide > UINT32_MAX)
        return NULL;
    *v = (uint32_t)wide;
    return p;
}
static inline uint64_t ns_zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}
static inline int64_t ns_unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* CRC32C (Castagnoli); chain with the previous value as seed, 0 to start. */
uint32_t ns_crc32c(uint32_t seed, const void *bytes, size_t n);
/* A 64-bit hash for tables and change detection: stable over versions and machines. */
uint64_t ns_hash64(const void *bytes, size_t n, uint64_t seed);
/* The finaliser of a 64-bit mix (splitmix64). */
static inline uint64_t ns_mix64(uint64_t x)
{
    x ^= x >> 30, x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27, x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

#endif
