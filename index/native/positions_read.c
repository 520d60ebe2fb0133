/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * positions_read.c - finds the positions of single postings in a block.
 */
#include "index/native/positions.h"

bool ns_position_view_open(ns_position_view *v, const uint8_t *p, const uint8_t *end, uint32_t n)
{
    if (end - p < 2 || p[0] > 16 || p[1] > 24 || n > NS_BLOCK)
        return false;
    unsigned count_bits = p[0], gap_bits = p[1];
    p += 2;
    size_t counts_size = ns_bits_size(n, count_bits);
    if ((size_t)(end - p) < counts_size)
        return false;
    uint32_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        v->starts[i] = total;
        total += ns_bits_get(p, p + counts_size, i, count_bits);
    }
    v->starts[n] = total;
    p += counts_size;
    if ((size_t)(end - p) < ns_bits_size(total, gap_bits))
        return false;
    v->gaps = p;
    v->end = end;
    v->gap_bits = gap_bits;
    v->n = n;
    return true;
}

bool ns_position_view_get(const ns_position_view *v, uint32_t i, uint32_t *out)
{
    uint64_t position = 0;
    uint32_t begin = v->starts[i], count = ns_position_view_count(v, i);
    for (uint32_t k = 0; k < count; k++) {
        position += ns_bits_get(v->gaps, v->end, begin + k, v->gap_bits) + (k != 0);
        if (position > NS_POSITION_MAX)
            return false;
        out[k] = (uint32_t)position;
    }
    return true;
}
