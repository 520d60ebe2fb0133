/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dictionary_write.c - front-codes the terms as they come.
 */
#include <stdio.h>
#include <string.h>

#include "index/native/dictionary.h"
#include "src/base/bytes.h"

void ns_dictionary_writer_init(ns_dictionary_writer *w, int dirfd, const char *name)
{
    char part[40];
    memset(w, 0, sizeof *w);
    snprintf(part, sizeof part, "%.20s.d", name);
    ns_spool_init(&w->terms, dirfd, part);
}

void ns_dictionary_writer_release(ns_dictionary_writer *w)
{
    ns_spool_release(&w->terms);
    ns_buffer_release(&w->heads);
    ns_buffer_release(&w->places);
}

static void begin_block(ns_dictionary_writer *w, const uint8_t *key, size_t n, const ns_list *list)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < n ? key[i] : 0);
    ns_buffer_add_u64(&w->heads, head);
    ns_buffer_add_u64(&w->places, ns_spool_size(&w->terms));
    ns_buffer_add_u64(&w->places, list->postings);
    ns_buffer_add_u64(&w->places, list->positions);
}

nsearch_status ns_dictionary_add(ns_dictionary_writer *w, const void *key, size_t n, const ns_list *list,
                                 nsearch_error *err)
{
    uint8_t bytes[64], *p = bytes;
    const uint8_t *k = key;
    size_t shared = 0, least = n < w->last_length ? n : w->last_length;
    while (shared < least && k[shared] == w->last[shared])
        shared++;
    if (!n || n > NS_TERM_MAX ||
        (w->count && (shared == n || (shared < least && k[shared] < w->last[shared]))))
        return ns_error_set(err, NSEARCH_INVALID, "a term is out of order or out of bounds");
    if (w->count % NS_DICTIONARY_BLOCK == 0) {
        begin_block(w, k, n, list);
        shared = 0;
    }
    p = ns_put_varint(p, shared);
    p = ns_put_varint(p, n - shared);
    ns_spool_put(&w->terms, bytes, (size_t)(p - bytes));
    ns_spool_put(&w->terms, k + shared, n - shared);
    p = ns_put_varint(bytes, (uint64_t)list->df << 2 | list->flags);
    if (list->df > 1) {
        p = ns_put_varint(p, list->df - list->articles);
        p = ns_put_varint(p, list->postings_size);
        if (list->flags & NS_LIST_HAS_POSITIONS)
            p = ns_put_varint(p, list->positions_size);
    }
    ns_spool_put(&w->terms, bytes, (size_t)(p - bytes));
    if (list->df == 1)
        ns_spool_put(&w->terms, list->inlined, (size_t)(list->inlined_end - list->inlined));
    memcpy(w->last, k, n);
    w->last_length = (uint32_t)n;
    w->count++;
    if (w->heads.failed || w->places.failed)
        return ns_error_memory(err);
    return NSEARCH_OK;
}

void ns_dictionary_put(ns_dictionary_writer *w, ns_segment_writer *out)
{
    ns_segment_begin(out, NS_SECTION_DICTIONARY);
    ns_spool_copy(&w->terms, out);
    ns_segment_end(out, NS_SECTION_DICTIONARY);
    ns_segment_begin(out, NS_SECTION_TERM_INDEX);
    ns_segment_put(out, w->heads.data, w->heads.size);
    ns_segment_put(out, w->places.data, w->places.size);
    ns_segment_end(out, NS_SECTION_TERM_INDEX);
}
