/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * positions_write.c - packs the positions of a block of postings.
 */
#include <string.h>

#include "index/native/positions.h"

void ns_position_block_release(ns_position_block *b)
{
    ns_buffer_release(&b->gaps);
    b->n = 0;
}

bool ns_position_block_add(ns_position_block *b, const uint32_t *positions, size_t count)
{
    if (count > NS_POSITION_COUNT_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (positions[i] > NS_POSITION_MAX || (i && positions[i] <= positions[i - 1]))
            return false;
        uint32_t gap = i ? positions[i] - positions[i - 1] - 1 : positions[i];
        ns_buffer_add(&b->gaps, &gap, sizeof gap);
    }
    b->counts[b->n++] = (uint32_t)count;
    return true;
}

void ns_position_block_put(ns_position_block *b, ns_buffer *out)
{
    const uint32_t *gaps = (const uint32_t *)(const void *)b->gaps.data;
    size_t gap_count = b->gaps.size / sizeof *gaps;
    unsigned count_bits = ns_pack_width(b->counts, b->n), gap_bits = ns_pack_width(gaps, gap_count);
    ns_buffer_add_byte(out, (uint8_t)count_bits);
    ns_buffer_add_byte(out, (uint8_t)gap_bits);
    ns_bits_put(out, b->counts, b->n, count_bits);
    ns_bits_put(out, gaps, gap_count, gap_bits);
    if (b->gaps.failed)
        out->failed = true;
    ns_buffer_clear(&b->gaps);
    b->n = 0;
}
