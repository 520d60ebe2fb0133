/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pack.c - writes packed integers, unpacks them in plain C, and chooses the machine's best way.
 */
#include "index/native/pack.h"

#include <string.h>

unsigned ns_pack_width(const uint32_t *v, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= v[i];
    return all ? 32u - (unsigned)__builtin_clz(all) : 0;
}

/* ---- bit runs */

void ns_bits_put(ns_buffer *out, const uint32_t *v, size_t n, unsigned bits)
{
    size_t size = ns_bits_size(n, bits);
    if (!size || !ns_buffer_reserve(out, size))
        return;
    uint8_t *p = out->data + out->size;
    uint64_t pending = 0;
    unsigned held = 0;
    for (size_t i = 0; i < n; i++) {
        pending |= (uint64_t)v[i] << held;
        for (held += bits; held >= 8; held -= 8, pending >>= 8)
            *p++ = (uint8_t)pending;
    }
    if (held)
        *p = (uint8_t)pending;
    out->size += size;
}

/* ---- patched runs */

enum { LEAST = 5, PATCHES = 6, BITMAP = 0x80 };

typedef struct patched {
    unsigned bits, least, patch_bits;
    uint32_t patches;
} patched;

/* The bits of the low part that cost least; the cost in bits with it. */
static uint64_t choose_patched(const uint32_t *v, uint32_t n, unsigned tax, patched *chosen)
{
    uint32_t least = n > 0, of_width[33] = {0}, above = 0;
    for (uint32_t i = 0; i < n; i++)
        least &= v[i] > 0;
    for (uint32_t i = 0; i < n; i++)
        of_width[v[i] > least ? 32 - __builtin_clz(v[i] - least) : 0]++;
    unsigned most = 32;
    while (most && !of_width[most])
        most--;
    uint64_t best = UINT64_MAX, cost = 0;
    for (unsigned bits = most + 1; bits-- > 0; above += of_width[bits]) {
        uint64_t taxed = (uint64_t)n * bits + (above ? (uint64_t)above * (8 + tax + most - bits) + 16 : 0);
        if (taxed < best) {
            best = taxed;
            cost = taxed - (uint64_t)above * tax + 8;
            *chosen = (patched){bits, least, above ? most - bits : 0, above};
        }
    }
    return cost;
}

static void put_patched(ns_buffer *out, const uint32_t *v, uint32_t n, const patched *c)
{
    uint32_t low[NS_BLOCK], high[NS_BLOCK], patches = 0;
    for (uint32_t i = 0; i < n; i++)
        low[i] = (v[i] - c->least) & ((UINT32_C(1) << c->bits) - 1);
    ns_buffer_add_byte(out, (uint8_t)(c->bits | c->least << LEAST | (c->patches > 0) << PATCHES));
    if (c->patches) {
        ns_buffer_add_byte(out, (uint8_t)(c->patches - 1));
        ns_buffer_add_byte(out, (uint8_t)c->patch_bits);
    }
    ns_bits_put(out, low, n, c->bits);
    for (uint32_t i = 0; i < n; i++)
        if ((v[i] - c->least) >> c->bits) {
            ns_buffer_add_byte(out, (uint8_t)i);
            high[patches++] = (v[i] - c->least) >> c->bits;
        }
    ns_bits_put(out, high, patches, c->patch_bits);
}

void ns_patched_put(ns_buffer *out, const uint32_t *v, uint32_t n, unsigned tax)
{
    patched chosen;
    choose_patched(v, n, tax, &chosen);
    put_patched(out, v, n, &chosen);
}

/* Reads the head and finds the parts; NULL when they do not fit. */
static const uint8_t *open_patched(const uint8_t *p, const uint8_t *end, uint32_t n, patched *c)
{
    if (p >= end || *p & BITMAP)
        return NULL;
    *c = (patched){*p & 31u, *p >> LEAST & 1u, 0, 0};
    if (*p++ >> PATCHES & 1) {
        if (end - p < 2)
            return NULL;
        c->patches = p[0] + 1u;
        c->patch_bits = p[1];
        p += 2;
    }
    if (c->bits + c->patch_bits > 31 ||
        ns_bits_size(n, c->bits) + c->patches + ns_bits_size(c->patches, c->patch_bits) > (size_t)(end - p))
        return NULL;
    return p;
}

/* 'p' stands after the low bits. Returns the end. */
static const uint8_t *patch(const uint8_t *p, uint32_t n, const patched *c, uint32_t *out)
{
    const uint8_t *run = p + c->patches;
    uint32_t at = 0, least = 0, fall = 0;
    for (uint32_t i = 0; i < c->patches; i++, at += c->patch_bits) {
        fall |= p[i] < least;
        least = p[i] + 1u;
        out[p[i] % NS_BLOCK] += ns_bits_get(run, at, c->patch_bits) << c->bits;
    }
    return fall || least > n ? NULL : run + ns_bits_size(c->patches, c->patch_bits);
}

const uint8_t *ns_patched_get(const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t *out)
{
    patched c;
    if (n > NS_BLOCK || !(p = open_patched(p, end, n, &c)))
        return NULL;
    ns_pack_chosen->unpack(p, c.bits, n, c.least, out);
    p += ns_bits_size(n, c.bits);
    return c.patches ? patch(p, n, &c, out) : p;
}

/* ---- docids */

enum { DOCID_TAX = 12 };

void ns_docids_put(ns_buffer *out, const uint32_t *docids, uint32_t n, uint32_t first)
{
    uint32_t gaps[NS_BLOCK];
    uint64_t span = (uint64_t)docids[n - 1] - first + 1;
    size_t size = (size_t)((span + 7) / 8);
    patched c;
    for (uint32_t i = 0; i < n; i++)
        gaps[i] = docids[i] - (i ? docids[i - 1] + 1 : first);
    if (choose_patched(gaps, n, DOCID_TAX, &c) <= 8 + span || !ns_buffer_reserve(out, size + 1)) {
        put_patched(out, gaps, n, &c);
        return;
    }
    ns_buffer_add_byte(out, BITMAP);
    uint8_t *bits = out->data + out->size;
    memset(bits, 0, size);
    for (uint32_t i = 0; i < n; i++)
        bits[(docids[i] - first) / 8] |= (uint8_t)(1u << (docids[i] - first) % 8);
    out->size += size;
}

static const uint8_t *get_bitmap(const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t first,
                                 uint32_t span, uint32_t *out)
{
    uint32_t size = span / 8 + (span % 8 != 0);
    if (size > (size_t)(end - p) || ns_pack_chosen->find_ones(p, size, n, first, out) < n)
        return NULL;
    return p + size;
}

const uint8_t *ns_docids_get(const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t first, uint32_t last,
                             uint32_t add, uint32_t *out)
{
    patched c;
    if (!n || n > NS_BLOCK || p >= end || last < first)
        return NULL;
    if (*p == BITMAP) {
        p = get_bitmap(p + 1, end, n, first + add, last - first + 1, out);
        return p && out[n - 1] == last + add ? p : NULL;
    }
    if (!(p = open_patched(p, end, n, &c)))
        return NULL;
    const uint8_t *low = p;
    p += ns_bits_size(n, c.bits);
    if (!c.patches && !c.least)
        ns_pack_chosen->unpack_gaps(low, c.bits, n, first + add, out);
    else {
        ns_pack_chosen->unpack(low, c.bits, n, c.least, out);
        if (c.patches && !(p = patch(p, n, &c, out)))
            return NULL;
        ns_pack_chosen->sum_gaps(out, n, first + add);
    }
    if (out[n - 1] != last + add)
        return NULL;
    /* 128 narrow gaps cannot wrap around, so that the last being right is enough. */
    if (c.bits + c.patch_bits > 24)
        for (uint32_t i = 0; i < n; i++)
            if (out[i] < (i ? out[i - 1] + 1 : first + add))
                return NULL;
    return p;
}

/* ---- plain C */

static bool always(void)
{
    return true;
}

static void unpack_plain(const uint8_t *run, unsigned bits, uint32_t n, uint32_t add, uint32_t *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = add + ns_bits_get(run, (uint64_t)i * bits, bits);
}

static void unpack_gaps_plain(const uint8_t *run, unsigned bits, uint32_t n, uint32_t first, uint32_t *out)
{
    for (uint32_t i = 0; i < n; i++, first++)
        out[i] = first += ns_bits_get(run, (uint64_t)i * bits, bits);
}

static void sum_gaps_plain(uint32_t *v, uint32_t n, uint32_t first)
{
    for (uint32_t i = 0; i < n; i++, first++)
        v[i] = first += v[i];
}

static uint32_t find_ones_plain(const uint8_t *bits, uint32_t size, uint32_t n, uint32_t first, uint32_t *out)
{
    uint32_t i = 0;
    for (uint32_t at = 0; at < size && i < n; at += 8)
        for (uint64_t word = ns_get_u64(bits + at); word && i < n; word &= word - 1)
            out[i++] = first + at * 8 + (uint32_t)__builtin_ctzll(word);
    return i;
}

const ns_pack_path ns_pack_plain = {"plain",           always,         unpack_plain,
                                    unpack_gaps_plain, sum_gaps_plain, find_ones_plain};

const ns_pack_path *const ns_pack_paths[] = {
#if defined(__x86_64__)
    &ns_pack_avx512, &ns_pack_avx2,
#endif
    &ns_pack_plain, NULL};

const ns_pack_path *ns_pack_chosen = &ns_pack_plain;

__attribute__((constructor)) static void choose(void)
{
    const ns_pack_path *const *path = ns_pack_paths;
    while (!(*path)->is_supported())
        path++;
    ns_pack_chosen = *path;
}
