/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * filter_bits.h - what a filter selects in one part, as a bit for each passage: all leaves are worked out as sets, and
 * AND, OR and NOT become operations on words. Bits are those of range_kernels.h.
 */
#ifndef NS_QUERY_FILTER_BITS_H
#define NS_QUERY_FILTER_BITS_H

#include "src/base/bytes.h"
#include "src/query/range_maxima.h"

/* Sets in *bits (of the arena) all passages of all live articles that the filter selects. With 'unverified', a single
 * leaf or an AND of leaves is taken without looking at positions: a superset, for a part of one-passage articles. */
nsearch_status ns_filter_bits(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *filter, bool unverified,
                              uint8_t **bits, nsearch_error *err);
/* Leaves of the set of an unverified conjunction what stands as it wants. */
nsearch_status ns_filter_look(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *filter, uint8_t *bits,
                              nsearch_error *err);
/* Sets in *bits the live passages that hold one of the plan's weighted terms. */
nsearch_status ns_weight_bits(const ns_part_match *m, ns_maxima_cache *cache, uint8_t **bits, nsearch_error *err);
/* Articles among the passages that are set. */
uint64_t ns_count_articles(const ns_part_match *m, const uint8_t *bits);

/* The next set bit at or after 'from', below 'end'; 'end' when there is none. */
static inline uint32_t ns_bits_next(const uint8_t *bits, uint32_t from, uint32_t end)
{
    if (from >= end)
        return end;
    uint32_t word = from >> 6, last = (end - 1) >> 6;
    uint64_t rest = ns_get_u64(bits + (size_t)word * 8) & ~UINT64_C(0) << (from & 63);
    while (!rest && word < last)
        rest = ns_get_u64(bits + (size_t)++word * 8);
    uint32_t at = rest ? word * 64 + (uint32_t)__builtin_ctzll(rest) : end;
    return at < end ? at : end;
}

#endif
