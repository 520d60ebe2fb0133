/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_sums.h - arithmetic over the ranges of a part: what all terms of a query can add at most to a passage of
 * each range of 16 passages, as 16-bit sums. One pass over a byte a range and term; with AVX2 where the processor has
 * it, to the same numbers.
 */
#ifndef NS_QUERY_RANGE_SUMS_H
#define NS_QUERY_RANGE_SUMS_H

#include <stddef.h>
#include <stdint.h>

#define NS_RANGE_SHIFT 3
#define NS_RANGE (1u << NS_RANGE_SHIFT) /* passages */
#define NS_RANGE_GROUP 64               /* arrays hold whole groups of ranges; what is past the end is 0 */

static inline size_t ns_range_count(uint32_t passages)
{
    size_t ranges = ((size_t)passages + NS_RANGE - 1) >> NS_RANGE_SHIFT;
    return (ranges + NS_RANGE_GROUP - 1) / NS_RANGE_GROUP * NS_RANGE_GROUP;
}

/* What a term whose largest share is q/255 of 'scale' adds: rounded up, 0 only for q = 0. */
static inline uint16_t ns_range_part(uint8_t q, uint16_t scale)
{
    return (uint16_t)(((uint32_t)q * scale >> 8) + (q != 0));
}

typedef struct ns_range_kernels {
    /* sums[i] += ns_range_part(maxima[i], scale); n in whole groups. */
    void (*add)(uint16_t *sums, const uint8_t *maxima, uint16_t scale, size_t n);
    /* sums[i] = 0 where maxima[i] is 0. */
    void (*require)(uint16_t *sums, const uint8_t *maxima, size_t n);
    /* tops[g] = the largest sum of group g. */
    void (*tops)(const uint16_t *sums, size_t groups, uint16_t *tops);
    /* Indexes of the sums of one group that are at least 'least'; 'out' has room for a group. Returns how many. */
    size_t (*select)(const uint16_t *group, uint16_t least, uint8_t *out);
} ns_range_kernels;

/* The fastest that this processor runs. */
const ns_range_kernels *ns_range_kernels_best(void);
/* The reference in plain C. */
extern const ns_range_kernels ns_range_kernels_plain;

#endif
