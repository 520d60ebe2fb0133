/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * positions_read.c - finds the positions of single postings in a block.
 */
#include "index/native/positions.h"

bool ns_position_view_open(ns_position_view *v, const uint8_t *p, const uint8_t *end, uint32_t n,
                           const uint32_t *tfs)
{
    if (end - p < 2 || n > NS_BLOCK || p[0] & 0x70)
        return false;
    unsigned head = *p++, bits = 0, classes[NS_POSITION_CLASSES];
    for (unsigned class = 0; class < NS_POSITION_CLASSES; class ++) {
        if (!class || head >> (class - 1) & 1) {
            if (p == end || *p > 24)
                return false;
            bits = *p++;
        }
        classes[class] = bits;
    }
    v->bits[0] = 0;
    for (uint32_t count = 1; count < sizeof v->bits; count++)
        v->bits[count] = (uint8_t)classes[ns_position_class(count)];
    v->counts = tfs;
    if (head & 0x80) {
        if (!(p = ns_patched_get(p, end, n, v->stored)))
            return false;
        v->counts = v->stored;
    }
    v->gaps = p;
    v->size = (uint64_t)(end - p) * 8;
    v->n = n;
    v->i = 0;
    v->at = 0;
    return v->counts != NULL;
}

static inline unsigned bits_of(const ns_position_view *v, uint32_t count)
{
    return v->bits[count < sizeof v->bits ? count : sizeof v->bits - 1];
}

bool ns_position_view_get(ns_position_view *v, uint32_t i, uint32_t *out)
{
    uint32_t count = v->counts[i], k = i < v->i ? 0 : v->i;
    uint64_t at = k ? v->at : 0, position = 0;
    for (; k < i; k++)
        at += (uint64_t)v->counts[k] * bits_of(v, v->counts[k]);
    v->i = i;
    v->at = at;
    unsigned bits = bits_of(v, count);
    if (at > v->size || (uint64_t)count * bits > v->size - at)
        return false;
    for (k = 0; k < count; k++, at += bits) {
        position += ns_bits_get(v->gaps, at, bits) + (k != 0);
        out[k] = (uint32_t)position;
    }
    return position <= NS_POSITION_MAX;
}

bool ns_position_view_spots(const ns_position_view *v, uint32_t *spots)
{
    uint64_t at = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        uint32_t count = v->counts[i], position = 0, set = 0;
        unsigned bits = bits_of(v, count);
        if ((uint64_t)count * bits > v->size - at)
            return false;
        for (uint32_t k = 0; k < count; k++, at += bits) {
            position += (uint32_t)ns_bits_get(v->gaps, at, bits) + (k != 0);
            set |= UINT32_C(1) << (position & 31);
        }
        spots[i] = set;
    }
    return true;
}
