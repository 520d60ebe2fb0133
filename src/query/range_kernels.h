/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_kernels.h - arithmetic over a whole part at once. Passages are taken in ranges of eight: a byte a range says how
 * much a term can add there (range_maxima.h), or, bit by bit, which of its passages are selected (filter_bits.h). With AVX2
 * where the processor has it, to the same numbers as plain C.
 */
#ifndef NS_QUERY_RANGE_KERNELS_H
#define NS_QUERY_RANGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define NS_RANGE_SHIFT 3
#define NS_RANGE (1u << NS_RANGE_SHIFT) /* passages */
#define NS_RANGE_GROUP 16  /* ranges that are bounded together first */
#define NS_RANGE_LEVELS 4  /* groups of ranges, 16 of them, 16 of these ... */
#define NS_RANGE_PAD 4096  /* arrays hold a multiple of so many ranges; what is past the end is 0 */

static inline size_t ns_range_count(uint32_t passages)
{
    size_t ranges = ((size_t)passages + NS_RANGE - 1) >> NS_RANGE_SHIFT;
    return (ranges + NS_RANGE_PAD - 1) / NS_RANGE_PAD * NS_RANGE_PAD;
}

/* The share tf / (tf + norm) of its weight that a term gives to a passage as a byte, rounded up and never 0. */
static inline uint8_t ns_range_share(uint32_t tf, float norm)
{
    int share = 1 + (int)(255.0f * (float)tf / ((float)tf + norm));
    return (uint8_t)(share < 255 ? share : 255);
}

#define NS_RANGE_SCALE_MIN 256

/* What a term whose largest share is q/255 of 'scale' adds, rounded down: 1 less at most. With a scale of
 * NS_RANGE_SCALE_MIN or more it is 0 only for q = 0. */
static inline uint16_t ns_range_part(uint8_t q, uint16_t scale)
{
    return (uint16_t)((uint32_t)q * scale >> 8);
}

/* Sums stop at 65,535, which means: that or more. */
static inline uint16_t ns_range_add(uint16_t sum, uint16_t part)
{
    uint32_t all = (uint32_t)sum + part;
    return (uint16_t)(all < UINT16_MAX ? all : UINT16_MAX);
}

typedef struct ns_range_kernels {
    /* shares[i] = ns_range_share(tfs[i], norms[i]). */
    void (*shares)(const uint32_t *tfs, const float *norms, size_t n, uint8_t *shares);
    /* Adds ns_range_part(maxima[i], scale) to sums[i]; n a multiple of 16. */
    void (*add)(uint16_t *sums, const uint8_t *maxima, uint16_t scale, size_t n);
    /* The same for one group of ranges and several terms, whose maxima begin at maxima[i] + at; then sums[i] = 0 where
     * byte i of 'selected' is 0 (NULL: nowhere). Returns the largest sum. */
    uint16_t (*group)(uint16_t *sums, const uint8_t *const *maxima, const uint16_t *scales, size_t terms, size_t at,
                      const uint8_t *selected);
    /* to |= from and to &= from; count: bits that are set; some: as many, or 'enough' or more. n a multiple of 64. */
    void (*either)(uint8_t *to, const uint8_t *from, size_t n);
    void (*both)(uint8_t *to, const uint8_t *from, size_t n);
    uint64_t (*count)(const uint8_t *bits, size_t n);
    uint64_t (*some)(const uint8_t *bits, size_t n, uint64_t enough);
    /* sums[g] = 0 for groups without a selected passage; 'groups' a multiple of 16. */
    void (*leave)(uint16_t *sums, const uint8_t *selected, size_t groups);
    /* tops[g] = the largest of each 16 sums. */
    void (*tops)(const uint16_t *sums, size_t groups, uint16_t *tops);
    /* levels[i + 1] are the tops of levels[i], i < NS_RANGE_LEVELS - 1: sets those above entry 'at' of the lowest ... */
    void (*climb)(uint16_t *const *levels, size_t at);
    /* ... and finds the first of the largest there: of 'count' entries of the highest, a multiple of 16, downwards. */
    size_t (*peak)(uint16_t *const *levels, size_t count);
    /* Indexes of the sums of one group that are at least 'least'; 'out' has room for a group. Returns how many. */
    size_t (*select)(const uint16_t *group, uint16_t least, uint8_t *out);
} ns_range_kernels;

/* The fastest that this processor runs. */
const ns_range_kernels *ns_range_kernels_best(void);
/* The reference in plain C. */
extern const ns_range_kernels ns_range_kernels_plain;

#endif
