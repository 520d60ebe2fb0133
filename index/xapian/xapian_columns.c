/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_columns.c - grows, looks up, reads and writes the columns.
 */
#include "index/xapian/xapian_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"

#define PAGE_HEAD 12
#define KEY_SIZE 32

static void page_key(uint32_t page, char key[KEY_SIZE])
{
    snprintf(key, KEY_SIZE, "nsearch-page-%06x", page);
}

void ns_xapian_columns_init(ns_xapian_columns *c)
{
    memset(c, 0, sizeof *c);
    c->single = true;
}

void ns_xapian_columns_release(ns_xapian_columns *c)
{
    free(c->lengths);
    free(c->starts);
    free(c->removed);
    free(c->heads);
    free(c->days);
    free(c->groups);
    free(c->dirty);
    ns_xapian_columns_init(c);
}

/* ---- room */

static bool grow(void **array, size_t count, size_t size)
{
    void *more = realloc(*array, count * size);
    if (more)
        *array = more;
    return more != NULL;
}

static bool reserve_docids(ns_xapian_columns *c, uint64_t end)
{
    if (end <= c->docid_capacity)
        return true;
    size_t old = c->docid_capacity / 8, capacity = (end + end / 2 + 127) / 64 * 64;
    size_t pages = capacity / NS_XAPIAN_PAGE + 2;
    if (!grow((void **)&c->lengths, capacity, sizeof *c->lengths) || !grow((void **)&c->starts, capacity / 8, 1) ||
        !grow((void **)&c->removed, capacity / 8, 1) || !grow((void **)&c->dirty, pages, 1))
        return false;
    memset(c->starts + old, 0, capacity / 8 - old);
    memset(c->removed + old, 0, capacity / 8 - old);
    memset(c->dirty + c->dirty_capacity, 0, pages - c->dirty_capacity);
    c->dirty_capacity = pages;
    c->docid_capacity = capacity;
    return true;
}

static bool reserve_articles(ns_xapian_columns *c, size_t more)
{
    size_t wanted = c->article_count + more;
    if (wanted <= c->article_capacity)
        return true;
    size_t capacity = wanted + wanted / 2 + 64;
    if (!grow((void **)&c->heads, capacity, sizeof *c->heads) || !grow((void **)&c->days, capacity, sizeof *c->days) ||
        !grow((void **)&c->groups, capacity, sizeof *c->groups))
        return false;
    c->article_capacity = capacity;
    return true;
}

static void set_bit(uint8_t *bits, uint32_t i)
{
    bits[i >> 3] = (uint8_t)(bits[i >> 3] | 1u << (i & 7));
}

/* ---- changes */

static void touch(ns_xapian_columns *c, uint32_t from, uint32_t count)
{
    for (uint32_t page = from / NS_XAPIAN_PAGE; page <= (from + count - 1) / NS_XAPIAN_PAGE; page++)
        c->dirty[page] = 1;
}

nsearch_status ns_xapian_columns_append(ns_xapian_columns *c, const ns_analysed *a, nsearch_error *err)
{
    uint64_t end = (uint64_t)c->end + a->passage_count;
    if (end > UINT32_MAX / 32) /* joined docids are multiplied by the number of databases */
        return ns_error_set(err, NSEARCH_INVALID, "the database is full");
    if (!reserve_docids(c, end) || !reserve_articles(c, 1))
        return ns_error_memory(err);
    for (uint32_t i = 0; i < a->passage_count; i++)
        c->lengths[c->end + i] = (uint16_t)a->passages[i].length;
    set_bit(c->starts, c->end);
    c->heads[c->article_count] = c->end;
    c->days[c->article_count] = a->day;
    c->groups[c->article_count++] = a->group;
    touch(c, c->end, a->passage_count);
    c->single &= a->passage_count == 1;
    c->live += a->passage_count;
    c->end = (uint32_t)end;
    return NSEARCH_OK;
}

nsearch_status ns_xapian_columns_remove(ns_xapian_columns *c, uint32_t article, uint32_t passages, nsearch_error *err)
{
    if ((uint64_t)article + passages > c->end || !passages)
        return ns_error_set(err, NSEARCH_DAMAGED, "article %u has docids that do not exist", article);
    for (uint32_t i = 0; i < passages; i++) {
        c->live -= !ns_xapian_is_removed(c, article + i);
        set_bit(c->removed, article + i);
    }
    touch(c, article, passages);
    return NSEARCH_OK;
}

nsearch_status ns_xapian_columns_clear(ns_xapian_columns *c, ns_xapian_db *db, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (uint32_t page = 0; page * (uint64_t)NS_XAPIAN_PAGE < c->end && !status; page++) {
        char key[KEY_SIZE];
        page_key(page, key);
        status = ns_xapian_set_metadata(db, key, (ns_xapian_bytes){NULL, 0}, err);
    }
    ns_xapian_columns_release(c);
    return status;
}

/* ---- look-ups */

uint32_t ns_xapian_article_of(const ns_xapian_columns *c, uint32_t docid)
{
    size_t word = docid >> 6;
    uint64_t bits = ns_get_u64(c->starts + word * 8) & (~UINT64_C(0) >> (63 - (docid & 63)));
    while (!bits && word)
        bits = ns_get_u64(c->starts + --word * 8);
    return bits ? (uint32_t)(word * 64 + 63 - (unsigned)__builtin_clzll(bits)) : 0;
}

/* The first article that begins at or after 'docid'. */
static uint32_t place_at(const ns_xapian_columns *c, uint32_t docid)
{
    uint32_t low = 0, high = c->article_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (c->heads[middle] < docid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t ns_xapian_place_of(const ns_xapian_columns *c, uint32_t article)
{
    uint32_t low = place_at(c, article);
    return low < c->article_count && c->heads[low] == article ? low : UINT32_MAX;
}

bool ns_xapian_is_copy(const ns_xapian_columns *c, uint32_t article)
{
    uint32_t place = ns_xapian_place_of(c, article);
    return place < c->article_count && ns_group_is_copy(c->groups[place]);
}

uint32_t ns_xapian_passages_of(const ns_xapian_columns *c, uint32_t place)
{
    return (place + 1 < c->article_count ? c->heads[place + 1] : c->end) - c->heads[place];
}

/* ---- pages */

static void encode_page(const ns_xapian_columns *c, uint32_t first, uint32_t n, ns_buffer *out)
{
    uint32_t from = place_at(c, first), to = place_at(c, first + n);
    ns_buffer_clear(out);
    ns_buffer_add_u32(out, 0);
    ns_buffer_add_u32(out, n);
    ns_buffer_add_u32(out, to - from);
    for (uint32_t i = first; i < first + n; i++) {
        ns_buffer_add_byte(out, (uint8_t)c->lengths[i]);
        ns_buffer_add_byte(out, (uint8_t)(c->lengths[i] >> 8));
    }
    ns_buffer_add(out, c->starts + first / 8, (n + 7) / 8);
    ns_buffer_add(out, c->removed + first / 8, (n + 7) / 8);
    for (uint32_t i = from; i < to; i++)
        ns_buffer_add_u32(out, (uint32_t)c->days[i]);
    for (uint32_t i = from; i < to; i++)
        ns_buffer_add_u64(out, c->groups[i]);
    if (!out->failed)
        ns_put_u32(out->data, ns_crc32c(0, out->data + 4, out->size - 4));
}

nsearch_status ns_xapian_columns_save(ns_xapian_columns *c, ns_xapian_db *db, nsearch_error *err)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    for (uint32_t page = 0; page * (uint64_t)NS_XAPIAN_PAGE < c->end && !status; page++) {
        char key[KEY_SIZE];
        uint32_t first = page * NS_XAPIAN_PAGE, left = c->end - first;
        if (!c->dirty[page])
            continue;
        page_key(page, key);
        encode_page(c, first, left < NS_XAPIAN_PAGE ? left : NS_XAPIAN_PAGE, &bytes);
        status = bytes.failed ? ns_error_memory(err)
                              : ns_xapian_set_metadata(db, key, (ns_xapian_bytes){bytes.data, bytes.size}, err);
        c->dirty[page] = 0;
    }
    ns_buffer_release(&bytes);
    return status;
}

/* The articles that begin in the page, and the bits and lengths of its docids. */
static nsearch_status decode_page(ns_xapian_columns *c, uint32_t first, uint32_t n, const ns_buffer *bytes,
                                  nsearch_error *err)
{
    const uint8_t *p = bytes->data;
    size_t bits = (n + 7) / 8;
    uint32_t m = bytes->size >= PAGE_HEAD ? ns_get_u32(p + 8) : 0, count = 0;
    if (bytes->size < PAGE_HEAD || ns_get_u32(p) != ns_crc32c(0, p + 4, bytes->size - 4) || ns_get_u32(p + 4) != n ||
        m > n || bytes->size != PAGE_HEAD + (size_t)n * 2 + bits * 2 + (size_t)m * 12)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad page of passages from %u", first);
    if (!reserve_articles(c, m))
        return ns_error_memory(err);
    const uint8_t *lengths = p + PAGE_HEAD, *starts = lengths + (size_t)n * 2, *removed = starts + bits;
    const uint8_t *days = removed + bits, *groups = days + (size_t)m * 4;
    memcpy(c->starts + first / 8, starts, bits);
    memcpy(c->removed + first / 8, removed, bits);
    for (uint32_t i = 0; i < n; i++) {
        c->lengths[first + i] = (uint16_t)(lengths[2 * i] | lengths[2 * i + 1] << 8);
        c->live += !(removed[i >> 3] >> (i & 7) & 1);
        if (!(starts[i >> 3] >> (i & 7) & 1))
            continue;
        if (count == m)
            return ns_error_set(err, NSEARCH_DAMAGED, "bad page of passages from %u", first);
        c->heads[c->article_count + count++] = first + i;
    }
    if (count != m || (!first && !ns_xapian_is_start(c, 0)))
        return ns_error_set(err, NSEARCH_DAMAGED, "bad page of passages from %u", first);
    for (uint32_t i = 0; i < m; i++) {
        c->days[c->article_count + i] = (int32_t)ns_get_u32(days + 4 * i);
        c->groups[c->article_count + i] = ns_get_u64(groups + 8 * i);
    }
    c->article_count += m;
    return NSEARCH_OK;
}

nsearch_status ns_xapian_columns_load(ns_xapian_columns *c, ns_xapian_db *db, uint32_t end, nsearch_error *err)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    for (uint32_t first = 0; first < end && !status; first += NS_XAPIAN_PAGE) {
        char key[KEY_SIZE];
        uint32_t n = end - first < NS_XAPIAN_PAGE ? end - first : NS_XAPIAN_PAGE;
        page_key(first / NS_XAPIAN_PAGE, key);
        ns_buffer_clear(&bytes);
        status = ns_xapian_metadata(db, key, &bytes, err);
        if (!status && !reserve_docids(c, first + n)) /* page by page: no more than is there */
            status = ns_error_memory(err);
        if (!status)
            status = decode_page(c, first, n, &bytes, err);
    }
    ns_buffer_release(&bytes);
    c->end = end;
    c->single = c->article_count == end;
    if (!status && end && !reserve_docids(c, end))
        status = ns_error_memory(err);
    return status;
}
