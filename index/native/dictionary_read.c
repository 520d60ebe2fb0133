/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dictionary_read.c - finds terms by a binary search over the blocks' heads and a walk through one block.
 */
#include <string.h>

#include "index/native/dictionary.h"
#include "src/base/bytes.h"

static uint64_t block_count(const ns_segment *s)
{
    return s->counts.terms / NS_DICTIONARY_BLOCK + (s->counts.terms % NS_DICTIONARY_BLOCK != 0);
}

bool ns_dictionary_check(const ns_segment *s)
{
    uint64_t size = s->sections[NS_SECTION_TERM_INDEX].size;
    return s->counts.terms > 0 && size % 32 == 0 && size / 32 == block_count(s);
}

/* The bytes of block number 'block', and where its lists begin; NULL when bad. */
static const uint8_t *block_bytes(const ns_segment *s, uint64_t block, const uint8_t **end,
                                  uint64_t *postings, uint64_t *positions)
{
    uint64_t blocks = block_count(s), size = s->sections[NS_SECTION_DICTIONARY].size;
    bool is_last = block + 1 >= blocks;
    const uint8_t *p = ns_segment_at(s, NS_SECTION_TERM_INDEX, blocks * 8 + block * 24, is_last ? 24 : 48);
    if (!p)
        return NULL;
    uint64_t begin = ns_get_u64(p), stop = is_last ? size : ns_get_u64(p + 24);
    if (begin > stop || stop > size)
        return NULL;
    *postings = ns_get_u64(p + 8);
    *positions = ns_get_u64(p + 16);
    p = ns_segment_at(s, NS_SECTION_DICTIONARY, begin, stop - begin);
    *end = p + (stop - begin);
    return p;
}

static uint32_t terms_in_block(const ns_segment *s, uint64_t block)
{
    uint64_t left = s->counts.terms - block * NS_DICTIONARY_BLOCK;
    return left < NS_DICTIONARY_BLOCK ? (uint32_t)left : NS_DICTIONARY_BLOCK;
}

/* Nearly all numbers of a dictionary have one or two bytes. */
static inline const uint8_t *get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    if (end - p < 2)
        return ns_get_varint64(p, end, v);
    if (p[0] < 0x80) {
        *v = p[0];
        return p + 1;
    }
    if (p[1] < 0x80) {
        *v = (p[0] & 0x7fu) | (uint32_t)p[1] << 7;
        return p + 2;
    }
    return ns_get_varint64(p, end, v);
}

static inline const uint8_t *skip(const uint8_t *p, const uint8_t *end, uint64_t count)
{
    for (; count; count--) {
        while (p < end && *p >= 0x80)
            p++;
        if (p++ >= end)
            return NULL;
    }
    return p;
}

/* The posting of a term with df = 1. */
static inline const uint8_t *skip_inlined(const uint8_t *p, const uint8_t *end, unsigned flags)
{
    uint64_t docid, tf = 0, count = 0;
    if (!(p = get(p, end, &docid)) || ((flags & NS_LIST_HAS_TF) && !(p = get(p, end, &tf))))
        return NULL;
    if (flags & NS_LIST_HAS_POSITIONS) {
        count = tf;
        if ((docid & 1) && !(p = get(p, end, &count)))
            return NULL;
    }
    return skip(p, end, count);
}

/* Steps over what follows a term's bytes. */
static inline const uint8_t *skip_list(const uint8_t *p, const uint8_t *end, uint64_t *postings,
                                       uint64_t *positions)
{
    uint64_t df_flags, value;
    if (!(p = get(p, end, &df_flags)))
        return NULL;
    if (df_flags >> 2 == 1)
        return skip_inlined(p, end, df_flags & 3);
    if (!(p = get(p, end, &value)) || !(p = get(p, end, &value)))
        return NULL;
    *postings += value;
    if (df_flags & NS_LIST_HAS_POSITIONS) {
        if (!(p = get(p, end, &value)))
            return NULL;
        *positions += value;
    }
    return p;
}

/* What follows a term's bytes. */
static const uint8_t *read_list(const ns_segment *s, const uint8_t *p, const uint8_t *end, uint64_t *postings,
                                uint64_t *positions, ns_list *list)
{
    uint64_t df_flags, value;
    if (!(p = get(p, end, &df_flags)) || df_flags < 4 || df_flags >> 2 > s->counts.passages)
        return NULL;
    list->df = (uint32_t)(df_flags >> 2);
    list->flags = df_flags & 3;
    list->postings = *postings;
    list->positions = *positions;
    list->postings_size = list->positions_size = 0;
    list->articles = 1;
    list->inlined = list->inlined_end = NULL;
    if (list->df == 1) {
        list->inlined = p;
        return list->inlined_end = skip_inlined(p, end, list->flags);
    }
    if (!(p = get(p, end, &value)) || value >= list->df || !(p = get(p, end, &list->postings_size)))
        return NULL;
    list->articles = list->df - (uint32_t)value;
    if ((list->flags & NS_LIST_HAS_POSITIONS) && !(p = get(p, end, &list->positions_size)))
        return NULL;
    if (list->postings > s->sections[NS_SECTION_POSTINGS].size ||
        list->postings_size > s->sections[NS_SECTION_POSTINGS].size - list->postings ||
        list->positions > s->sections[NS_SECTION_POSITIONS].size ||
        list->positions_size > s->sections[NS_SECTION_POSITIONS].size - list->positions)
        return NULL;
    *postings += list->postings_size;
    *positions += list->positions_size;
    return p;
}

/* Compares the first term of a block with a key: < 0, 0, > 0; *bad is set when that cannot be told. */
static int compare_first(const ns_segment *s, uint64_t block, const uint8_t *key, size_t n, bool *bad)
{
    const uint8_t *end;
    uint64_t postings, positions;
    uint32_t shared, length;
    const uint8_t *p = block_bytes(s, block, &end, &postings, &positions);
    if (!p || !(p = ns_get_varint32(p, end, &shared)) || !(p = ns_get_varint32(p, end, &length)) || shared ||
        length > (size_t)(end - p)) {
        *bad = true;
        return 0;
    }
    int order = memcmp(p, key, length < n ? length : n);
    return order ? order : (length > n) - (length < n);
}

/* The first of the heads from 'low' to before 'high' that is at least 'least'. */
static uint64_t find_head(const uint8_t *heads, uint64_t low, uint64_t high, uint64_t least)
{
    for (uint64_t n = high - low; n;) {
        uint64_t half = n / 2;
        bool after = ns_get_u64(heads + (low + half) * 8) < least;
        low += after ? n - half : 0; /* n - half: past the middle, or one more of two */
        n = half;
    }
    return low;
}

/* The last block whose first term is not greater than the key, 0 when there is none. False when bad. */
static bool find_block(const ns_segment *s, const uint8_t *key, size_t n, uint64_t *block)
{
    uint64_t blocks = block_count(s), head = 0;
    bool bad = false;
    const uint8_t *heads = ns_segment_at(s, NS_SECTION_TERM_INDEX, 0, blocks * 8);
    if (!heads)
        return false;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < n ? key[i] : 0);
    uint64_t low = find_head(heads, 0, blocks, head), high = low;
    if (low < blocks && ns_get_u64(heads + low * 8) == head)
        high = head == UINT64_MAX ? blocks : find_head(heads, low, blocks, head + 1);
    while (low < high && !bad) { /* those that begin with the same bytes */
        uint64_t middle = low + (high - low) / 2;
        if (compare_first(s, middle, key, n, &bad) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    *block = low ? low - 1 : 0;
    return !bad;
}

ns_found ns_dictionary_find(const ns_segment *s, const void *key, size_t n, ns_list *list)
{
    const uint8_t *k = key, *end;
    uint64_t block, postings, positions, shared, rest;
    if (!n || n > NS_TERM_MAX)
        return NS_ABSENT;
    if (!find_block(s, k, n, &block))
        return NS_BAD;
    const uint8_t *p = block_bytes(s, block, &end, &postings, &positions);
    if (!p)
        return NS_BAD;
    /* 'met' bytes of the key agree with the term before; that term is less than the key. */
    uint32_t met = 0;
    for (uint32_t left = terms_in_block(s, block); left; left--) {
        if (!(p = get(p, end, &shared)) || !(p = get(p, end, &rest)) || rest > (size_t)(end - p))
            return NS_BAD;
        const uint8_t *tail = p;
        p += rest;
        if (shared < met)
            return NS_ABSENT; /* leaves the key where the term before agreed with it: greater */
        if (shared == met) {
            uint32_t i = 0;
            while (i < rest && met < n && tail[i] == k[met])
                i++, met++;
            if (i == rest && met == n)
                return read_list(s, p, end, &postings, &positions, list) ? NS_FOUND : NS_BAD;
            if (met == n || (i < rest && tail[i] > k[met]))
                return NS_ABSENT;
        }
        if (!(p = skip_list(p, end, &postings, &positions)))
            return NS_BAD;
    }
    return NS_ABSENT;
}

static bool fail(ns_dictionary_walk *walk)
{
    walk->damaged = true;
    walk->left = 0;
    walk->block = walk->block_count;
    return false;
}

static bool enter_block(ns_dictionary_walk *walk)
{
    walk->p = block_bytes(walk->segment, walk->block, &walk->end, &walk->postings, &walk->positions);
    if (!walk->p)
        return fail(walk);
    walk->left = terms_in_block(walk->segment, walk->block++);
    walk->length = 0;
    return true;
}

bool ns_dictionary_next(ns_dictionary_walk *walk)
{
    uint32_t shared, rest;
    if (!walk->left && (walk->block >= walk->block_count || !enter_block(walk)))
        return false;
    const uint8_t *p = walk->p;
    if (!(p = ns_get_varint32(p, walk->end, &shared)) || !(p = ns_get_varint32(p, walk->end, &rest)) ||
        shared > walk->length || !rest || rest > NS_TERM_MAX - shared || rest > (size_t)(walk->end - p))
        return fail(walk);
    memcpy(walk->key + shared, p, rest);
    walk->length = shared + rest;
    walk->p = read_list(walk->segment, p + rest, walk->end, &walk->postings, &walk->positions, &walk->list);
    if (!walk->p)
        return fail(walk);
    walk->left--;
    return true;
}

bool ns_dictionary_block(ns_dictionary_walk *walk, const ns_segment *s, uint64_t block)
{
    memset(walk, 0, sizeof *walk);
    walk->segment = s;
    walk->block_count = block_count(s);
    walk->block = block;
    return block < walk->block_count && enter_block(walk);
}

bool ns_dictionary_seek(ns_dictionary_walk *walk, const ns_segment *s, const void *key, size_t n)
{
    memset(walk, 0, sizeof *walk);
    walk->segment = s;
    walk->block_count = block_count(s);
    if (!n)
        key = "";
    if (!find_block(s, key, n, &walk->block))
        return fail(walk);
    while (ns_dictionary_next(walk)) {
        int order = memcmp(walk->key, key, walk->length < n ? walk->length : n);
        if (order > 0 || (order == 0 && walk->length >= n))
            return true;
    }
    return false;
}
