/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * filter_bits.h - what a filter selects in one part, as a bit for each passage: all leaves are worked out as sets, and
 * AND, OR and NOT become operations on words. Bits are those of range_kernels.h.
 */
#ifndef NS_QUERY_FILTER_BITS_H
#define NS_QUERY_FILTER_BITS_H

#include "src/query/range_maxima.h"

/* Sets in *bits (of the arena) all passages of all live articles that the filter selects. With 'unverified', a single
 * leaf or an AND of leaves is taken without looking at positions: a superset, for a part of one-passage articles. */
nsearch_status ns_filter_bits(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *filter, bool unverified,
                              uint8_t **bits, nsearch_error *err);
/* Sets in *bits the live passages that hold one of the plan's weighted terms. */
nsearch_status ns_weight_bits(const ns_part_match *m, ns_maxima_cache *cache, uint8_t **bits, nsearch_error *err);
/* Articles among the passages that are set. */
uint64_t ns_count_articles(const ns_part_match *m, const uint8_t *bits);

/* The next set bit at or after 'from', below 'end'; 'end' when there is none. */
static inline uint32_t ns_bits_next(const uint8_t *bits, uint32_t from, uint32_t end)
{
    for (uint32_t byte = from >> 3, last = (end + 7) >> 3; byte < last; byte++) {
        unsigned rest = bits[byte];
        if (byte == from >> 3)
            rest &= 0xffu << (from & 7);
        if (rest) {
            uint32_t at = byte * 8 + (uint32_t)__builtin_ctz(rest);
            return at < end ? at : end;
        }
    }
    return end;
}

#endif
