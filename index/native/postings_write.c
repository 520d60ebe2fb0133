/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * postings_write.c - encodes one list at a time.
 */
#include <string.h>

#include "index/native/postings.h"
#include "src/base/bytes.h"

void ns_postings_writer_init(ns_postings_writer *w, ns_buffer *lists, ns_buffer *positions)
{
    memset(w, 0, sizeof *w);
    w->lists = lists;
    w->positions_out = positions;
    w->before = w->last_docid = UINT32_MAX;
    w->last_article = UINT32_MAX;
}

void ns_postings_writer_release(ns_postings_writer *w)
{
    ns_position_block_release(&w->block_positions);
    ns_buffer *const buffers[] = {&w->data,         &w->impacts,        &w->positions,        &w->lasts,
                                  &w->data_offsets, &w->impact_offsets, &w->position_offsets, &w->inlined};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        ns_buffer_release(buffers[i]);
}

/* Table entries, impacts and positions of the block or tail that ends here. */
static void put_tables(ns_postings_writer *w)
{
    ns_buffer_add_u32(&w->lasts, w->docids[w->n - 1]);
    ns_buffer_add_u32(&w->data_offsets, (uint32_t)w->data.size);
    ns_buffer_add_u32(&w->impact_offsets, (uint32_t)w->impacts.size);
    ns_impacts_put(&w->impacts, &w->block_set);
    w->block_set.count = 0;
    ns_buffer_add_u32(&w->position_offsets, (uint32_t)w->positions.size);
    ns_position_block_put(&w->block_positions, &w->positions);
    if (w->data.size > UINT32_MAX / 2 || w->impacts.size > UINT32_MAX / 2 ||
        w->positions.size > UINT32_MAX / 2)
        w->bad = true;
}

static void put_block(ns_postings_writer *w)
{
    uint32_t gaps[NS_BLOCK], tfs[NS_BLOCK], least = w->tfs[0];
    for (uint32_t i = 0; i < NS_BLOCK; i++) {
        gaps[i] = w->docids[i] - (i ? w->docids[i - 1] : w->before) - 1;
        if (w->tfs[i] < least)
            least = w->tfs[i];
    }
    if (least > 255)
        least = 255;
    for (uint32_t i = 0; i < NS_BLOCK; i++)
        tfs[i] = w->tfs[i] - least;
    unsigned gap_bits = ns_pack_width(gaps, NS_BLOCK), tf_bits = ns_pack_width(tfs, NS_BLOCK);
    put_tables(w);
    ns_buffer_add_byte(&w->data, (uint8_t)gap_bits);
    ns_buffer_add_byte(&w->data, (uint8_t)tf_bits);
    ns_buffer_add_byte(&w->data, (uint8_t)least);
    size_t size = ns_pack_size(gap_bits) + ns_pack_size(tf_bits);
    if (ns_buffer_reserve(&w->data, size)) {
        ns_pack_block(gaps, gap_bits, w->data.data + w->data.size);
        ns_pack_block(tfs, tf_bits, w->data.data + w->data.size + ns_pack_size(gap_bits));
        w->data.size += size;
    }
    w->before = w->docids[NS_BLOCK - 1];
    w->n = 0;
}

static void put_tail(ns_postings_writer *w)
{
    if (!w->n)
        return;
    put_tables(w);
    for (uint32_t i = 0; i < w->n; i++)
        ns_buffer_add_varint(&w->data, w->docids[i] - (i ? w->docids[i - 1] : w->before) - 1);
    if (w->has_tf)
        for (uint32_t i = 0; i < w->n; i++)
            ns_buffer_add_varint(&w->data, w->tfs[i]);
}

void ns_postings_add(ns_postings_writer *w, uint32_t docid, uint32_t article, uint32_t len, uint32_t tf,
                     const uint32_t *positions, size_t count)
{
    if (w->n == NS_BLOCK)
        put_block(w);
    if ((w->df && docid <= w->last_docid) || tf > 65535 || len > 65535 ||
        !ns_position_block_add(&w->block_positions, positions, count)) {
        w->bad = true;
        return;
    }
    w->docids[w->n] = docid;
    w->tfs[w->n++] = tf;
    w->df++;
    w->articles += article != w->last_article;
    w->last_docid = docid;
    w->last_article = article;
    if (tf) {
        w->has_tf = true;
        ns_impacts_add(&w->block_set, tf, len, NS_BLOCK_IMPACTS_MAX);
        ns_impacts_add(&w->list_set, tf, len, NS_IMPACTS_MAX);
    } else if (!w->block_set.count)
        ns_impacts_add(&w->block_set, 0, len, NS_BLOCK_IMPACTS_MAX);
    w->has_positions |= count > 0;
}

static void put_inlined(ns_postings_writer *w)
{
    const uint32_t *gaps = (const uint32_t *)(const void *)w->block_positions.gaps.data;
    ns_buffer *out = &w->inlined;
    ns_buffer_add_varint(out, w->docids[0]);
    if (w->has_tf)
        ns_buffer_add_varint(out, w->tfs[0]);
    if (w->has_positions) {
        ns_buffer_add_varint(out, w->block_positions.counts[0]);
        for (uint32_t i = 0; i < w->block_positions.counts[0]; i++)
            ns_buffer_add_varint(out, gaps[i]);
    }
}

static void put_long(ns_postings_writer *w)
{
    uint8_t sizes[8];
    ns_buffer list_impacts = NS_BUFFER_INIT;
    if (w->has_tf) {
        ns_impacts_put(&list_impacts, &w->list_set);
        for (size_t at = 0; at < w->impact_offsets.size; at += 4)
            ns_put_u32(w->impact_offsets.data + at,
                       ns_get_u32(w->impact_offsets.data + at) + (uint32_t)list_impacts.size);
    }
    ns_put_u32(sizes, w->has_tf ? (uint32_t)(list_impacts.size + w->impacts.size) : 0);
    ns_put_u32(sizes + 4, (uint32_t)w->data.size);
    ns_buffer_add(w->lists, sizes, sizeof sizes);
    ns_buffer_add(w->lists, w->lasts.data, w->lasts.size);
    ns_buffer_add(w->lists, w->data_offsets.data, w->data_offsets.size);
    if (w->has_tf)
        ns_buffer_add(w->lists, w->impact_offsets.data, w->impact_offsets.size);
    if (w->has_positions)
        ns_buffer_add(w->lists, w->position_offsets.data, w->position_offsets.size);
    if (w->has_tf) {
        ns_buffer_add(w->lists, list_impacts.data, list_impacts.size);
        ns_buffer_add(w->lists, w->impacts.data, w->impacts.size);
    }
    ns_buffer_add(w->lists, w->data.data, w->data.size);
    if (list_impacts.failed)
        w->data.failed = true;
    ns_buffer_release(&list_impacts);
}

static bool any_failed(const ns_postings_writer *w)
{
    return w->data.failed || w->impacts.failed || w->positions.failed || w->lasts.failed ||
           w->data_offsets.failed || w->impact_offsets.failed || w->position_offsets.failed ||
           w->inlined.failed || w->block_positions.gaps.failed || w->lists->failed || w->positions_out->failed;
}

static void begin_next(ns_postings_writer *w)
{
    w->df = w->articles = w->n = 0;
    w->last_docid = w->before = w->last_article = UINT32_MAX;
    w->has_tf = w->has_positions = w->bad = false;
    w->block_set.count = w->list_set.count = 0;
    w->block_positions.n = 0;
    ns_buffer_clear(&w->block_positions.gaps);
    ns_buffer *const buffers[] = {&w->data,         &w->impacts,        &w->positions, &w->lasts,
                                  &w->data_offsets, &w->impact_offsets, &w->position_offsets};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        ns_buffer_clear(buffers[i]);
}

nsearch_status ns_postings_finish(ns_postings_writer *w, ns_list *list, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    memset(list, 0, sizeof *list);
    ns_buffer_clear(&w->inlined);
    list->df = w->df;
    list->articles = w->articles;
    list->flags = (w->has_tf ? NS_LIST_HAS_TF : 0) | (w->has_positions ? NS_LIST_HAS_POSITIONS : 0);
    list->postings = w->lists->size;
    list->positions = w->positions_out->size;
    if (w->df == 1 && !w->bad)
        put_inlined(w);
    else if (w->df && !w->bad) {
        if (w->n == NS_BLOCK)
            put_block(w);
        put_tail(w);
        if (w->df < NS_BLOCK)
            ns_buffer_add(w->lists, w->data.data, w->data.size);
        else
            put_long(w);
        if (w->has_positions)
            ns_buffer_add(w->positions_out, w->positions.data, w->positions.size);
    }
    if (w->bad)
        status = ns_error_set(err, NSEARCH_INVALID, "a list of postings is out of order or out of bounds");
    else if (any_failed(w))
        status = ns_error_memory(err);
    list->postings_size = w->lists->size - list->postings;
    list->positions_size = w->positions_out->size - list->positions;
    list->inlined = w->inlined.data;
    list->inlined_end = w->inlined.size ? w->inlined.data + w->inlined.size : w->inlined.data;
    begin_next(w);
    return status;
}
