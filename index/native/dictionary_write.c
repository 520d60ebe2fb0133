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
    ns_buffer_release(&w->keys);
    ns_buffer_release(&w->lists);
}

static void begin_block(ns_dictionary_writer *w, const uint8_t *key, size_t n, const ns_list *list)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < n ? key[i] : 0);
    ns_buffer_add_u64(&w->heads, head);
    ns_buffer_add_u64(&w->places, ns_spool_size(&w->terms));
    ns_buffer_clear(&w->keys);
    ns_buffer_clear(&w->lists);
    w->postings = list->postings;
    w->positions = list->positions;
}

static void end_block(ns_dictionary_writer *w, size_t terms)
{
    uint8_t head[NS_DICTIONARY_HEAD];
    ns_put_u64(head, w->postings);
    ns_put_u64(head + 8, w->positions);
    head[16] = (uint8_t)w->keys.size;
    head[17] = (uint8_t)(w->keys.size >> 8);
    ns_spool_put(&w->terms, head, sizeof head);
    ns_spool_put(&w->terms, w->keys.data, w->keys.size);
    ns_spool_put(&w->terms, w->controls, terms);
    ns_spool_put(&w->terms, w->lists.data, w->lists.size);
}

static void add_key(ns_dictionary_writer *w, const uint8_t *key, size_t n, size_t shared)
{
    size_t rest = n - shared, low_shared = shared < 15 ? shared : 15, low_rest = rest < 15 ? rest : 15;
    ns_buffer_add_byte(&w->keys, (uint8_t)(low_shared << 4 | low_rest));
    if (low_shared == 15)
        ns_buffer_add_varint(&w->keys, shared - 15);
    if (low_rest == 15)
        ns_buffer_add_varint(&w->keys, rest - 15);
    ns_buffer_add(&w->keys, key + shared, rest);
}

static void add_list(ns_dictionary_writer *w, const ns_list *list)
{
    size_t inlined = (size_t)(list->inlined_end - list->inlined);
    const uint64_t numbers[4] = {(uint64_t)list->df << 2 | list->flags, list->df - list->texts,
                                 list->df == 1 ? inlined : list->postings_size, list->positions_size};
    uint8_t control = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned code = numbers[i] >> 16 ? 3 : numbers[i] >> 8 ? 2 : numbers[i] != 0;
        control |= (uint8_t)(code << 2 * i);
        for (unsigned k = 0; k < 1u << code >> 1; k++)
            ns_buffer_add_byte(&w->lists, (uint8_t)(numbers[i] >> 8 * k));
    }
    w->controls[w->count % NS_DICTIONARY_BLOCK] = control;
    if (list->df == 1)
        ns_buffer_add(&w->lists, list->inlined, inlined);
}

nsearch_status ns_dictionary_add(ns_dictionary_writer *w, const void *key, size_t n, const ns_list *list,
                                 nsearch_error *err)
{
    const uint8_t *k = key;
    size_t shared = 0, least = n < w->last_length ? n : w->last_length;
    while (shared < least && k[shared] == w->last[shared])
        shared++;
    if (!n || n > NS_TERM_MAX ||
        (w->count && (shared == n || (shared < least && k[shared] < w->last[shared]))))
        return ns_error_set(err, NSEARCH_INVALID, "a term is out of order or out of bounds");
    if (list->df > NS_SEGMENT_PASSAGES_MAX || list->postings_size > UINT32_MAX || list->positions_size > UINT32_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "a term has too many postings for one segment");
    if (w->count % NS_DICTIONARY_BLOCK == 0) {
        begin_block(w, k, n, list);
        shared = 0;
    }
    add_key(w, k, n, shared);
    add_list(w, list);
    memcpy(w->last, k, n);
    w->last_length = (uint32_t)n;
    if (++w->count % NS_DICTIONARY_BLOCK == 0)
        end_block(w, NS_DICTIONARY_BLOCK);
    if (w->heads.failed || w->places.failed || w->keys.failed || w->lists.failed)
        return ns_error_memory(err);
    return NSEARCH_OK;
}

void ns_dictionary_put(ns_dictionary_writer *w, ns_segment_writer *out)
{
    if (w->count % NS_DICTIONARY_BLOCK)
        end_block(w, w->count % NS_DICTIONARY_BLOCK);
    ns_segment_begin(out, NS_SECTION_DICTIONARY);
    ns_spool_copy(&w->terms, out);
    ns_segment_end(out, NS_SECTION_DICTIONARY);
    ns_segment_begin(out, NS_SECTION_TERM_INDEX);
    ns_segment_put(out, w->heads.data, w->heads.size);
    ns_segment_put(out, w->places.data, w->places.size);
    ns_segment_end(out, NS_SECTION_TERM_INDEX);
}
