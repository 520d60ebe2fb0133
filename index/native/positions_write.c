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
    /* out of memory: told by the buffer, and without gaps from then on */
    uint32_t *gaps = ns_buffer_reserve(&b->gaps, count * sizeof *gaps + 1)
                         ? (uint32_t *)(void *)(b->gaps.data + b->gaps.size)
                         : NULL;
    for (size_t i = 0; i < count; i++) {
        if (positions[i] > NS_POSITION_MAX || (i && positions[i] <= positions[i - 1]))
            return false;
        if (gaps)
            gaps[i] = i ? positions[i] - positions[i - 1] - 1 : positions[i];
    }
    b->gaps.size += gaps ? count * sizeof *gaps : 0;
    b->counts[b->n++] = (uint32_t)count;
    return true;
}

typedef struct widths {
    unsigned bits[NS_POSITION_CLASSES]; /* of the widest gap of each class */
    uint64_t gaps[NS_POSITION_CLASSES];
} widths;

static void measure(const ns_position_block *b, const uint32_t *gaps, widths *w)
{
    memset(w, 0, sizeof *w);
    for (uint32_t i = 0; i < b->n; gaps += b->counts[i++]) {
        unsigned class = ns_position_class(b->counts[i]), bits = ns_pack_width(gaps, b->counts[i]);
        w->gaps[class] += b->counts[i];
        if (bits > w->bits[class])
            w->bits[class] = bits;
    }
}

/* What the classes take when those in 'own' have a width of their own; sets the widths that come of it. */
static uint64_t share(const widths *w, unsigned own, unsigned bits[NS_POSITION_CLASSES])
{
    uint64_t cost = 8;
    for (unsigned from = 0, to; from < NS_POSITION_CLASSES; from = to) {
        unsigned widest = 0;
        uint64_t gaps = 0;
        for (to = from; to < NS_POSITION_CLASSES && (to == from || !(own >> (to - 1) & 1)); to++) {
            gaps += w->gaps[to];
            if (w->bits[to] > widest)
                widest = w->bits[to];
        }
        for (unsigned class = from; class < to; class ++)
            bits[class] = widest;
        cost += gaps * widest + (from ? 8 : 0);
    }
    return cost;
}

void ns_position_block_put(ns_position_block *b, const uint32_t *tfs, ns_buffer *out)
{
    if (b->gaps.failed) { /* gaps are missing: the list is given up */
        out->failed = true;
        ns_buffer_clear(&b->gaps);
        b->n = 0;
        return;
    }
    const uint32_t *gaps = (const uint32_t *)(const void *)b->gaps.data;
    bool as_tfs = !memcmp(b->counts, tfs, b->n * sizeof *tfs);
    unsigned bits[NS_POSITION_CLASSES], best = 0;
    uint64_t least = UINT64_MAX;
    widths w;
    measure(b, gaps, &w);
    unsigned used = 0;
    for (unsigned class = 0; class < NS_POSITION_CLASSES; class ++)
        used += w.gaps[class] > 0;
    for (unsigned own = 0; own < (used > 1 ? 1u << (NS_POSITION_CLASSES - 1) : 1u); own++) {
        uint64_t cost = share(&w, own, bits);
        if (cost < least)
            least = cost, best = own;
    }
    share(&w, best, bits);
    ns_buffer_add_byte(out, (uint8_t)(best | (as_tfs ? 0 : 0x80)));
    for (unsigned class = 0; class < NS_POSITION_CLASSES; class ++)
        if (!class || best >> (class - 1) & 1)
            ns_buffer_add_byte(out, (uint8_t)bits[class]);
    if (!as_tfs)
        ns_patched_put(out, b->counts, b->n, 0);
    uint64_t pending = 0;
    unsigned held = 0;
    size_t room = b->gaps.size / sizeof *gaps * 3 + 1; /* a gap has at most 24 bits */
    uint8_t *p = ns_buffer_reserve(out, room) ? out->data + out->size : NULL;
    for (uint32_t i = 0; p && i < b->n; i++)
        for (uint32_t k = 0, width = bits[ns_position_class(b->counts[i])]; k < b->counts[i]; k++) {
            pending |= (uint64_t)*gaps++ << held;
            for (held += width; held >= 8; held -= 8, pending >>= 8)
                *p++ = (uint8_t)pending;
        }
    if (p && held)
        *p++ = (uint8_t)pending;
    if (p)
        out->size = (size_t)(p - out->data);
    ns_buffer_clear(&b->gaps);
    b->n = 0;
}
