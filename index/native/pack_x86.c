/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pack_x86.c - unpacking with the wide registers of x86-64: a shuffle brings the bytes of each integer into
 * its lane, a shift by lane brings its bits down. What the two ways leave out (wide integers) plain C does.
 */
#include "index/native/pack.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx2,bmi,bmi2,popcnt")))
#define INLINE(machine) static inline __attribute__((always_inline)) machine

/* ---- AVX2: eight integers a step */

typedef struct shuffle2 {
    __m256i bytes, shift, mask;
    unsigned upper; /* bytes from the first integer's to the fifth's */
} shuffle2;

enum { WIDEST2 = 25, WIDEST512 = 17 }; /* bits: with the shift they fit a lane of 32 */

/* The places of the ones of a byte. */
static uint8_t ones_of[256][8];
/* Which bytes or words go to the lanes, and how far they shift there, for each width. */
static uint32_t bytes2[WIDEST2 + 1][8], shift2[WIDEST2 + 1][8], words512[WIDEST512 + 1][16],
    shift512[WIDEST512 + 1][16];

__attribute__((constructor)) static void make_tables(void)
{
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 0, n = 0; bit < 8; bit++)
            if (byte >> bit & 1)
                ones_of[byte][n++] = (uint8_t)bit;
    for (unsigned bits = 0; bits <= WIDEST2; bits++)
        for (unsigned lane = 0; lane < 8;
             lane++) { /* the upper four begin at a byte, perhaps in its middle */
            unsigned at = lane < 4 ? lane * bits : (lane - 4) * bits + 4 * bits % 8;
            bytes2[bits][lane] = at / 8 * 0x01010101u + 0x03020100u;
            shift2[bits][lane] = at % 8;
        }
    for (unsigned bits = 0; bits <= WIDEST512; bits++)
        for (unsigned lane = 0; lane < 16; lane++) { /* the word of 16 bits where it begins, and the next */
            words512[bits][lane] = lane * bits / 16 * 0x10001u + 0x10000u;
            shift512[bits][lane] = lane * bits % 16;
        }
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

INLINE(AVX2) shuffle2 plan2(unsigned bits)
{
    shuffle2 s;
    s.bytes = _mm256_loadu_si256((const __m256i *)(const void *)bytes2[bits]);
    s.shift = _mm256_loadu_si256((const __m256i *)(const void *)shift2[bits]);
    s.mask = _mm256_set1_epi32((int)((UINT32_C(1) << bits) - 1));
    s.upper = bits / 2;
    return s;
}

INLINE(AVX2) __m256i take2(const uint8_t *p, const shuffle2 *s)
{
    __m128i lower = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i upper = _mm_loadu_si128((const __m128i *)(const void *)(p + s->upper));
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(lower), upper, 1);
    return _mm256_and_si256(_mm256_srlv_epi32(_mm256_shuffle_epi8(v, s->bytes), s->shift), s->mask);
}

AVX2 static void unpack_avx2(const uint8_t *run, unsigned bits, uint32_t n, uint32_t add, uint32_t *out)
{
    if (bits > WIDEST2) {
        ns_pack_plain.unpack(run, bits, n, add, out);
        return;
    }
    shuffle2 s = plan2(bits);
    __m256i more = _mm256_set1_epi32((int)add);
    for (uint32_t i = 0; i < n; i += 8, run += bits)
        _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_add_epi32(take2(run, &s), more));
}

/* The sums of eight gaps, each with 1 more; *base is what stood before the first, then the last. */
INLINE(AVX2) __m256i sum2(__m256i v, __m256i *base)
{
    const __m256i one_up = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8), fourth = _mm256_set1_epi32(3);
    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
    __m256i lower = _mm256_blend_epi32(_mm256_setzero_si256(), _mm256_permutevar8x32_epi32(v, fourth), 0xf0);
    v = _mm256_add_epi32(_mm256_add_epi32(v, lower), _mm256_add_epi32(*base, one_up));
    *base = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(7));
    return v;
}

AVX2 static void unpack_gaps_avx2(const uint8_t *run, unsigned bits, uint32_t n, uint32_t first,
                                  uint32_t *out)
{
    if (bits > WIDEST2) {
        ns_pack_plain.unpack_gaps(run, bits, n, first, out);
        return;
    }
    shuffle2 s = plan2(bits);
    __m256i base = _mm256_set1_epi32((int)(first - 1));
    for (uint32_t i = 0; i < n; i += 8, run += bits)
        _mm256_storeu_si256((__m256i *)(void *)(out + i), sum2(take2(run, &s), &base));
}

AVX2 static void sum_gaps_avx2(uint32_t *v, uint32_t n, uint32_t first)
{
    __m256i base = _mm256_set1_epi32((int)(first - 1));
    for (uint32_t i = 0; i < n; i += 8) {
        __m256i *p = (__m256i *)(void *)(v + i);
        _mm256_storeu_si256(p, sum2(_mm256_loadu_si256(p), &base));
    }
}

AVX2 static uint32_t find_ones_avx2(const uint8_t *bits, uint32_t size, uint32_t n, uint32_t first,
                                    uint32_t *out)
{
    uint32_t count = 0;
    __m256i place = _mm256_set1_epi32((int)first);
    for (uint32_t at = 0; at < size && count < n; at += 8) {
        uint64_t word = ns_get_u64(bits + at);
        for (unsigned k = 0; k < 8; k++) { /* unrolled: none of the eight waits for another */
            unsigned before = (unsigned)__builtin_popcountll(word & ~(~UINT64_C(0) << 8 * k));
            __m128i ones = _mm_loadl_epi64((const __m128i *)(const void *)ones_of[word >> 8 * k & 0xff]);
            _mm256_storeu_si256((__m256i *)(void *)(out + count + before),
                                _mm256_add_epi32(_mm256_cvtepu8_epi32(ones), place));
            place = _mm256_add_epi32(place, _mm256_set1_epi32(8));
        }
        count += (uint32_t)__builtin_popcountll(word);
    }
    return count < n ? count : n;
}

const ns_pack_path ns_pack_avx2 = {"avx2",           has_avx2,      unpack_avx2,
                                   unpack_gaps_avx2, sum_gaps_avx2, find_ones_avx2};

/* ---- AVX-512: sixteen integers a step */

typedef struct shuffle512 {
    __m512i words, shift, mask;
} shuffle512;

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
}

INLINE(AVX512) __m512i count512(void)
{
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

INLINE(AVX512) shuffle512 plan512(unsigned bits)
{
    shuffle512 s;
    s.words = _mm512_loadu_si512(words512[bits]);
    s.shift = _mm512_loadu_si512(shift512[bits]);
    s.mask = _mm512_set1_epi32((int)((UINT32_C(1) << bits) - 1));
    return s;
}

INLINE(AVX512) __m512i take512(const uint8_t *p, const shuffle512 *s)
{
    __m512i v = _mm512_permutexvar_epi16(s->words, _mm512_loadu_si512(p));
    return _mm512_and_si512(_mm512_srlv_epi32(v, s->shift), s->mask);
}

AVX512 static void unpack_avx512(const uint8_t *run, unsigned bits, uint32_t n, uint32_t add, uint32_t *out)
{
    if (bits > WIDEST512) {
        unpack_avx2(run, bits, n, add, out);
        return;
    }
    shuffle512 s = plan512(bits);
    __m512i more = _mm512_set1_epi32((int)add);
    for (uint32_t i = 0; i < n; i += 16, run += 2 * bits)
        _mm512_storeu_si512(out + i, _mm512_add_epi32(take512(run, &s), more));
}

/* The sums of sixteen gaps, each with 1 more; *base is what stood before the first, then the last. */
INLINE(AVX512) __m512i sum512(__m512i v, __m512i *base)
{
    const __m512i zero = _mm512_setzero_si512();
    v = _mm512_add_epi32(v, _mm512_bslli_epi128(v, 4));
    v = _mm512_add_epi32(v, _mm512_bslli_epi128(v, 8));
    /* the sums of each four go to all four of the next, and so on */
    __m512i fours = _mm512_shuffle_epi32(v, _MM_PERM_DDDD);
    fours = _mm512_add_epi32(fours, _mm512_alignr_epi32(fours, zero, 12));
    fours = _mm512_add_epi32(fours, _mm512_alignr_epi32(fours, zero, 8));
    __m512i start = _mm512_add_epi32(*base, _mm512_add_epi32(count512(), _mm512_set1_epi32(1)));
    __m512i sums = _mm512_add_epi32(v, _mm512_add_epi32(_mm512_alignr_epi32(fours, zero, 12), start));
    *base = _mm512_add_epi32(
        *base, _mm512_add_epi32(_mm512_shuffle_i32x4(fours, fours, 0xff), _mm512_set1_epi32(16)));
    return sums;
}

AVX512 static void unpack_gaps_avx512(const uint8_t *run, unsigned bits, uint32_t n, uint32_t first,
                                      uint32_t *out)
{
    if (bits > WIDEST512) {
        unpack_gaps_avx2(run, bits, n, first, out);
        return;
    }
    shuffle512 s = plan512(bits);
    __m512i base = _mm512_set1_epi32((int)(first - 1));
    for (uint32_t i = 0; i < n; i += 16, run += 2 * bits)
        _mm512_storeu_si512(out + i, sum512(take512(run, &s), &base));
}

AVX512 static void sum_gaps_avx512(uint32_t *v, uint32_t n, uint32_t first)
{
    __m512i base = _mm512_set1_epi32((int)(first - 1));
    for (uint32_t i = 0; i < n; i += 16)
        _mm512_storeu_si512(v + i, sum512(_mm512_loadu_si512(v + i), &base));
}

AVX512 static uint32_t find_ones_avx512(const uint8_t *bits, uint32_t size, uint32_t n, uint32_t first,
                                        uint32_t *out)
{
    uint32_t count = 0;
    __m512i place = _mm512_add_epi32(count512(), _mm512_set1_epi32((int)first));
    for (uint32_t at = 0; at < size && count < n; at += 8) {
        uint64_t word = ns_get_u64(bits + at);
        for (unsigned k = 0; k < 4; k++) { /* unrolled: none of the four waits for another */
            unsigned before = (unsigned)__builtin_popcountll(word & ~(~UINT64_C(0) << 16 * k));
            _mm512_storeu_si512(out + count + before,
                                _mm512_maskz_compress_epi32((__mmask16)(word >> 16 * k), place));
            place = _mm512_add_epi32(place, _mm512_set1_epi32(16));
        }
        count += (uint32_t)__builtin_popcountll(word);
    }
    return count < n ? count : n;
}

const ns_pack_path ns_pack_avx512 = {"avx512",           has_avx512,      unpack_avx512,
                                     unpack_gaps_avx512, sum_gaps_avx512, find_ones_avx512};
#endif
