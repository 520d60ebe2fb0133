/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_kernels.c - the kernels, in plain C and with AVX2.
 */
#include "src/query/range_kernels.h"

#include <stdbool.h>
#include <string.h>

#include "src/base/bytes.h"

static void shares_plain(const uint32_t *tfs, const float *norms, size_t n, uint8_t *shares)
{
    for (size_t i = 0; i < n; i++)
        shares[i] = ns_range_share(tfs[i], norms[i]);
}

static void add_plain(uint16_t *sums, const uint8_t *maxima, uint16_t scale, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sums[i] = ns_range_add(sums[i], ns_range_part(maxima[i], scale));
}

static uint16_t group_plain(uint16_t *sums, const uint8_t *const *maxima, const uint16_t *scales, size_t terms,
                            size_t at, const uint8_t *selected)
{
    uint16_t top = 0;
    for (size_t t = 0; t < terms; t++)
        add_plain(sums, maxima[t] + at, scales[t], NS_RANGE_GROUP);
    for (size_t i = 0; i < NS_RANGE_GROUP; i++) {
        sums[i] = !selected || selected[i] ? sums[i] : 0;
        top = sums[i] > top ? sums[i] : top;
    }
    return top;
}

static void either_plain(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] |= from[i];
}

static void both_plain(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] &= from[i];
}

static uint64_t count_plain(const uint8_t *bits, size_t n)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += (unsigned)__builtin_popcount(bits[i]);
    return count;
}

static uint64_t some_plain(const uint8_t *bits, size_t n, uint64_t enough)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n && count < enough; i += 64)
        count += count_plain(bits + i, 64);
    return count;
}

static void leave_plain(uint16_t *sums, const uint8_t *selected, size_t groups)
{
    for (size_t g = 0; g < groups; g++, selected += NS_RANGE_GROUP)
        if (!(ns_get_u64(selected) | ns_get_u64(selected + 8)))
            sums[g] = 0;
}

static void tops_plain(const uint16_t *sums, size_t groups, uint16_t *tops)
{
    for (size_t g = 0; g < groups; g++, sums += NS_RANGE_GROUP) {
        uint16_t top = 0;
        for (size_t i = 0; i < NS_RANGE_GROUP; i++)
            top = sums[i] > top ? sums[i] : top;
        tops[g] = top;
    }
}

static void climb_plain(uint16_t *const *levels, size_t at)
{
    for (unsigned i = 1; i < NS_RANGE_LEVELS; i++) {
        at /= NS_RANGE_GROUP;
        tops_plain(levels[i - 1] + at * NS_RANGE_GROUP, 1, &levels[i][at]);
    }
}

static size_t peak_plain(uint16_t *const *levels, size_t count)
{
    size_t at = 0;
    for (unsigned i = NS_RANGE_LEVELS; i--; count = NS_RANGE_GROUP) {
        const uint16_t *sums = levels[i] + at * NS_RANGE_GROUP;
        size_t best = 0;
        for (size_t k = 1; k < count; k++)
            best = sums[k] > sums[best] ? k : best;
        at = at * NS_RANGE_GROUP + best;
    }
    return at;
}

static size_t select_plain(const uint16_t *group, uint16_t least, uint8_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < NS_RANGE_GROUP; i++) {
        out[n] = (uint8_t)i;
        n += group[i] >= least;
    }
    return n;
}

const ns_range_kernels ns_range_kernels_plain = {shares_plain, add_plain,   group_plain, either_plain,
                                                 both_plain,   count_plain, some_plain,  leave_plain,
                                                 tops_plain,   climb_plain, peak_plain,  select_plain};

#ifdef __x86_64__
#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2,bmi,popcnt")))

static inline WITH_AVX2 __m256i load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

/* ns_range_part of 16 maxima. */
static inline WITH_AVX2 __m256i part_of(const uint8_t *maxima, __m256i scale)
{
    __m256i q = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)maxima));
    return _mm256_mulhi_epu16(_mm256_slli_epi16(q, 8), scale);
}

static inline WITH_AVX2 uint16_t largest(__m256i a)
{
    __m128i b = _mm_max_epu16(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    b = _mm_minpos_epu16(_mm_xor_si128(b, _mm_set1_epi16(-1))); /* the largest is the least of the complements */
    return (uint16_t)~_mm_cvtsi128_si32(b);
}

static WITH_AVX2 void shares_avx2(const uint32_t *tfs, const float *norms, size_t n, uint8_t *shares)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256 tf = _mm256_cvtepi32_ps(load(tfs + i));
        __m256 share = _mm256_div_ps(_mm256_mul_ps(_mm256_set1_ps(255.0f), tf),
                                     _mm256_add_ps(tf, _mm256_loadu_ps(norms + i)));
        __m256i q = _mm256_sub_epi32(_mm256_cvttps_epi32(share), _mm256_set1_epi32(-1));
        __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
        _mm_storel_epi64((__m128i *)(void *)(shares + i), _mm_packus_epi16(words, words));
    }
    shares_plain(tfs + i, norms + i, n - i, shares + i);
}

static WITH_AVX2 void add_avx2(uint16_t *sums, const uint8_t *maxima, uint16_t scale, size_t n)
{
    const __m256i factor = _mm256_set1_epi16((short)scale);
    for (size_t i = 0; i < n; i += 16) {
        __m256i sum = _mm256_adds_epu16(load(sums + i), part_of(maxima + i, factor));
        _mm256_storeu_si256((__m256i *)(void *)(sums + i), sum);
    }
}

static WITH_AVX2 uint16_t group_avx2(uint16_t *sums, const uint8_t *const *maxima, const uint16_t *scales, size_t terms,
                                     size_t at, const uint8_t *selected)
{
    __m256i sum = load(sums);
    for (size_t t = 0; t < terms; t++)
        sum = _mm256_adds_epu16(sum, part_of(maxima[t] + at, _mm256_set1_epi16((short)scales[t])));
    if (selected) {
        __m256i q = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)selected));
        sum = _mm256_andnot_si256(_mm256_cmpeq_epi16(q, _mm256_setzero_si256()), sum);
    }
    _mm256_storeu_si256((__m256i *)(void *)sums, sum);
    return largest(sum);
}

static WITH_AVX2 void either_avx2(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i += 32)
        _mm256_storeu_si256((__m256i *)(void *)(to + i), _mm256_or_si256(load(to + i), load(from + i)));
}

static WITH_AVX2 void both_avx2(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i += 32)
        _mm256_storeu_si256((__m256i *)(void *)(to + i), _mm256_and_si256(load(to + i), load(from + i)));
}

static WITH_AVX2 uint64_t count_avx2(const uint8_t *bits, size_t n)
{
    uint64_t count = 0, word;
    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, bits + i, sizeof word);
        count += (uint64_t)__builtin_popcountll(word);
    }
    return count;
}

static WITH_AVX2 uint64_t some_avx2(const uint8_t *bits, size_t n, uint64_t enough)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n && count < enough; i += 64) {
        __m256i any = _mm256_or_si256(load(bits + i), load(bits + i + 32));
        if (!_mm256_testz_si256(any, any)) /* most sets have few bits */
            count += count_avx2(bits + i, 64);
    }
    return count;
}

static WITH_AVX2 void leave_avx2(uint16_t *sums, const uint8_t *selected, size_t groups)
{
    const __m256i bit = _mm256_setr_epi16(1, 4, 16, 64, 256, 1024, 4096, 16384, 1, 4, 16, 64, 256, 1024, 4096, 16384);
    for (size_t g = 0; g < groups; g += 16, selected += 16 * NS_RANGE_GROUP) {
        uint32_t any = 0; /* two bits a group: whether its halves are empty, then (even) whether one is not */
        for (unsigned i = 0; i < 8; i++) {
            __m256i empty = _mm256_cmpeq_epi64(load(selected + i * 32), _mm256_setzero_si256());
            any |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(empty)) << i * 4;
        }
        any = ~any | ~any >> 1;
        __m256i mask = _mm256_set_m128i(_mm_set1_epi16((short)(any >> 16)), _mm_set1_epi16((short)any));
        mask = _mm256_cmpeq_epi16(_mm256_and_si256(mask, bit), bit);
        _mm256_storeu_si256((__m256i *)(void *)(sums + g), _mm256_and_si256(load(sums + g), mask));
    }
}

static WITH_AVX2 void tops_avx2(const uint16_t *sums, size_t groups, uint16_t *tops)
{
    for (size_t g = 0; g < groups; g++)
        tops[g] = largest(load(sums + g * NS_RANGE_GROUP));
}

static WITH_AVX2 void climb_avx2(uint16_t *const *levels, size_t at)
{
    for (unsigned i = 1; i < NS_RANGE_LEVELS; i++) {
        at /= NS_RANGE_GROUP;
        levels[i][at] = largest(load(levels[i - 1] + at * NS_RANGE_GROUP));
    }
}

/* The first of the largest of 16, and their complement. */
static inline WITH_AVX2 size_t first_largest(const uint16_t *sums, uint32_t *complement)
{
    const __m128i all = _mm_set1_epi16(-1);
    __m256i a = load(sums);
    uint32_t low = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(_mm_xor_si128(_mm256_castsi256_si128(a), all)));
    uint32_t high = (uint32_t)_mm_cvtsi128_si32(_mm_minpos_epu16(_mm_xor_si128(_mm256_extracti128_si256(a, 1), all)));
    bool is_high = (high & 0xffff) < (low & 0xffff);
    *complement = (is_high ? high : low) & 0xffff;
    return is_high ? 8 + (high >> 16 & 7) : low >> 16 & 7;
}

static WITH_AVX2 size_t peak_avx2(uint16_t *const *levels, size_t count)
{
    size_t at = 0;
    uint32_t least = UINT32_MAX, complement;
    for (size_t i = 0; i < count; i += NS_RANGE_GROUP) {
        size_t best = i + first_largest(levels[NS_RANGE_LEVELS - 1] + i, &complement);
        at = complement < least ? best : at;
        least = complement < least ? complement : least;
    }
    for (unsigned i = NS_RANGE_LEVELS - 1; i--;)
        at = at * NS_RANGE_GROUP + first_largest(levels[i] + at * NS_RANGE_GROUP, &complement);
    return at;
}

static WITH_AVX2 size_t select_avx2(const uint16_t *group, uint16_t least, uint8_t *out)
{
    __m256i a = load(group);
    __m256i good = _mm256_cmpeq_epi16(_mm256_max_epu16(a, _mm256_set1_epi16((short)least)), a);
    size_t n = 0;
    for (uint32_t bits = (uint32_t)_mm256_movemask_epi8(good) & 0x55555555u; bits; bits &= bits - 1)
        out[n++] = (uint8_t)(__builtin_ctz(bits) / 2);
    return n;
}

static const ns_range_kernels kernels_avx2 = {shares_avx2, add_avx2,   group_avx2, either_avx2,
                                              both_avx2,   count_avx2, some_avx2,  leave_avx2,
                                              tops_avx2,   climb_avx2, peak_avx2,  select_avx2};

const ns_range_kernels *ns_range_kernels_best(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? &kernels_avx2 : &ns_range_kernels_plain;
}
#else
const ns_range_kernels *ns_range_kernels_best(void)
{
    return &ns_range_kernels_plain;
}
#endif
