/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * named_read.c - the names of one article, and the term that a number stands for.
 */
#include <string.h>

#include "index/native/named.h"
#include "src/base/bytes.h"

/* The place of the first term that is not less than a kind. */
static bool place_of(const ns_segment *s, char kind, uint64_t *place)
{
    ns_dictionary_walk walk;
    bool found = ns_dictionary_seek(&walk, s, &kind, 1);
    *place = found ? walk.block * NS_DICTIONARY_BLOCK - walk.left - 1 : s->counts.terms;
    if (found && walk.block == walk.block_count) /* the last block may hold fewer */
        *place = s->counts.terms - walk.left - 1;
    return !walk.damaged;
}

/* Kept in the segment once it was looked up: threads that do so at once agree. */
bool ns_named_range(const ns_segment *s, uint64_t *first, uint32_t *count)
{
    atomic_uint_fast64_t *kept = &((ns_segment *)(uintptr_t)s)->named;
    uint64_t known = atomic_load_explicit(kept, memory_order_relaxed), end;
    if (!known) {
        if (!place_of(s, NS_NAMED_FIRST, first) || !place_of(s, NS_NAMED_END, &end) || end < *first ||
            end - *first > NS_NAMED_MAX)
            return false;
        *count = (uint32_t)(end - *first);
        if (*first < UINT32_MAX)
            atomic_store_explicit(kept, (*first + 1) << 32 | *count, memory_order_relaxed);
        return true;
    }
    *first = (known >> 32) - 1;
    *count = (uint32_t)known;
    return true;
}

/* The bytes of an article's list, of 'left' bytes from 'p'. */
static const uint8_t *next_list(const uint8_t *p, const uint8_t *end, size_t *left)
{
    uint64_t n;
    if (!(p = ns_get_varint64(p, end, &n)) || n > (size_t)(end - p))
        return NULL;
    *left = (size_t)n;
    return p;
}

bool ns_named_entries(const ns_segment *s, uint32_t article, ns_buffer *entries)
{
    uint64_t size = s->sections[NS_SECTION_NAMES].size, groups = s->sections[NS_SECTION_NAME_INDEX].size / 8;
    uint64_t group = article / NS_NAMED_STEP;
    if (!size)
        return article < s->counts.articles;
    const uint8_t *at = ns_segment_at(s, NS_SECTION_NAME_INDEX, group * 8, group + 1 < groups ? 16 : 8);
    if (!at || ns_get_u64(at) > size)
        return false;
    uint64_t begin = ns_get_u64(at), stop = group + 1 < groups ? ns_get_u64(at + 8) : size;
    const uint8_t *p = begin <= stop ? ns_segment_at(s, NS_SECTION_NAMES, begin, stop - begin) : NULL;
    const uint8_t *end = p ? p + (stop - begin) : NULL;
    size_t left = 0;
    for (uint32_t i = 0; p && i <= article % NS_NAMED_STEP; i++)
        p = next_list(p + left, end, &left);
    if (!p)
        return false;
    end = p + left;
    uint32_t entry = 0;
    for (bool is_first = true; p < end; is_first = false) {
        uint32_t distance;
        if (!(p = ns_get_varint32(p, end, &distance)) || (!is_first && !distance) || distance > UINT32_MAX - entry)
            return false;
        entry += distance;
        ns_buffer_add(entries, &entry, sizeof entry);
    }
    return !entries->failed;
}

size_t ns_named_key(const ns_segment *s, uint64_t place, char key[NS_TERM_MAX])
{
    ns_dictionary_walk walk;
    if (place >= s->counts.terms || !ns_dictionary_block(&walk, s, place / NS_DICTIONARY_BLOCK))
        return 0;
    for (uint64_t i = 0; i <= place % NS_DICTIONARY_BLOCK; i++)
        if (!ns_dictionary_next(&walk))
            return 0;
    memcpy(key, walk.key, walk.length);
    return walk.length;
}
