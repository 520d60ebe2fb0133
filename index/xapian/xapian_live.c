/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_live.c - the bitmaps of live docids and of article heads.
 */
#include "index/xapian/xapian_live.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"

#define MAGIC "NSXLIVE1"
#define HEADER 16

static bool bit(const uint8_t *map, uint32_t i)
{
    return map[i >> 3] >> (i & 7) & 1;
}

static void set_bit(uint8_t *map, uint32_t i)
{
    map[i >> 3] |= (uint8_t)(1u << (i & 7));
}

static size_t bytes_for(uint32_t end)
{
    return ((size_t)end + 7) / 8;
}

void ns_xapian_live_init(ns_xapian_live *live)
{
    memset(live, 0, sizeof *live);
}

void ns_xapian_live_release(ns_xapian_live *live)
{
    free(live->gone);
    free(live->heads);
    ns_xapian_live_init(live);
}

static bool reserve(ns_xapian_live *live, size_t bytes)
{
    if (bytes <= live->capacity)
        return true;
    size_t capacity = live->capacity ? live->capacity : 64;
    while (capacity < bytes)
        capacity *= 2;
    uint8_t *gone = realloc(live->gone, capacity);
    if (!gone)
        return false;
    live->gone = gone;
    uint8_t *heads = realloc(live->heads, capacity);
    if (!heads)
        return false;
    live->heads = heads;
    memset(gone + live->capacity, 0, capacity - live->capacity);
    memset(heads + live->capacity, 0, capacity - live->capacity);
    live->capacity = capacity;
    return true;
}

nsearch_status ns_xapian_live_copy(const ns_xapian_live *from, ns_xapian_live *to, nsearch_error *err)
{
    ns_xapian_live copy;
    ns_xapian_live_init(&copy);
    size_t n = bytes_for(from->end);
    if (!reserve(&copy, n)) {
        ns_xapian_live_release(&copy);
        return ns_error_memory(err);
    }
    if (n) {
        memcpy(copy.gone, from->gone, n);
        memcpy(copy.heads, from->heads, n);
    }
    copy.end = from->end;
    *to = copy;
    return NSEARCH_OK;
}

nsearch_status ns_xapian_live_append(ns_xapian_live *live, uint32_t passages, nsearch_error *err)
{
    /* Joined databases multiply docids by their number, which stays below 32. */
    if (passages > UINT32_MAX / 32 - live->end)
        return ns_error_set(err, NSEARCH_INVALID, "too many passages for one index");
    if (!reserve(live, bytes_for(live->end + passages)))
        return ns_error_memory(err);
    set_bit(live->heads, live->end);
    live->end += passages;
    return NSEARCH_OK;
}

void ns_xapian_live_remove(ns_xapian_live *live, uint32_t docid, uint32_t count)
{
    for (uint32_t i = 0; i < count && docid + i < live->end; i++)
        set_bit(live->gone, docid + i);
}

bool ns_xapian_live_is_gone(const ns_xapian_live *live, uint32_t docid)
{
    return docid >= live->end || bit(live->gone, docid);
}

uint32_t ns_xapian_live_article(const ns_xapian_live *live, uint32_t docid)
{
    if (docid >= live->end)
        return docid;
    while (docid && !bit(live->heads, docid))
        docid--;
    return docid;
}

uint32_t ns_xapian_live_next_gone(const ns_xapian_live *live, uint32_t docid)
{
    while (docid < live->end) {
        if (bit(live->gone, docid))
            return docid;
        docid++;
        while (!(docid & 7) && docid < live->end && !live->gone[docid >> 3])
            docid += 8;
    }
    return UINT32_MAX;
}

uint32_t ns_xapian_live_count(const ns_xapian_live *live, uint32_t begin, uint32_t end)
{
    uint32_t count = 0;
    for (uint32_t i = begin; i < end && i < live->end; i++)
        count += !bit(live->gone, i);
    return count;
}

void ns_xapian_live_encode(const ns_xapian_live *live, ns_buffer *out)
{
    ns_buffer_add(out, MAGIC, 8);
    ns_buffer_add_u32(out, live->end);
    ns_buffer_add_u32(out, 0);
    if (live->end) {
        ns_buffer_add(out, live->gone, bytes_for(live->end));
        ns_buffer_add(out, live->heads, bytes_for(live->end));
    }
}

nsearch_status ns_xapian_live_decode(const uint8_t *bytes, size_t n, ns_xapian_live *live, nsearch_error *err)
{
    if (n < HEADER || memcmp(bytes, MAGIC, 8) != 0)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad header in file of live passages");
    ns_xapian_live read;
    ns_xapian_live_init(&read);
    uint32_t end = ns_get_u32(bytes + 8);
    size_t each = bytes_for(end);
    if (n - HEADER != 2 * each || (end && !(bytes[HEADER + each] & 1)))
        return ns_error_set(err, NSEARCH_DAMAGED, "bad size of file of live passages");
    if (!reserve(&read, each)) {
        ns_xapian_live_release(&read);
        return ns_error_memory(err);
    }
    if (each) {
        memcpy(read.gone, bytes + HEADER, each);
        memcpy(read.heads, bytes + HEADER + each, each);
    }
    read.end = end;
    *live = read;
    return NSEARCH_OK;
}
