/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * postings_write.c - encodes one list at a time.
 */
#include <string.h>

#include "index/native/columns.h"
#include "index/native/postings.h"
#include "src/base/bytes.h"

void ns_postings_writer_init(ns_postings_writer *w, ns_buffer *lists, ns_buffer *positions)
{
    memset(w, 0, sizeof *w);
    w->lists = lists;
    w->positions_out = positions;
    w->before = w->last_docid = UINT32_MAX;
    w->last_text = NS_NO_TEXT;
}

void ns_postings_writer_release(ns_postings_writer *w)
{
    ns_position_block_release(&w->block_positions);
    ns_buffer *const buffers[] = {&w->data,         &w->positions,        &w->lasts,  &w->bases,
                                  &w->data_offsets, &w->position_offsets, &w->inlined};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        ns_buffer_release(buffers[i]);
}

/* ---- blocks */

/* Less than a patch that saves so many bits is not made: it costs time to unpack. */
enum { TF_TAX = 2 };

/* Table entries of the block that begins where 'data' and 'positions' end. */
static void put_tables(ns_postings_writer *w, uint32_t last)
{
    if (w->lasts.size / 4 % NS_LIST_BLOCKS_A_BASE == 0)
        ns_buffer_add_u32(&w->bases, (uint32_t)w->data.size);
    if (w->bases.size) {
        uint32_t offset = (uint32_t)w->data.size - ns_get_u32(w->bases.data + w->bases.size - 4);
        ns_buffer_add_byte(&w->data_offsets, (uint8_t)offset);
        ns_buffer_add_byte(&w->data_offsets, (uint8_t)(offset >> 8));
    }
    ns_buffer_add_u32(&w->lasts, last);
    ns_buffer_add_u32(&w->position_offsets, (uint32_t)w->positions.size);
    if (w->data.size > UINT32_MAX / 2 || w->positions.size > UINT32_MAX / 2)
        w->bad = true;
}

static void put_block(ns_postings_writer *w)
{
    put_tables(w, w->docids[w->n - 1]);
    ns_position_block_put(&w->block_positions, w->tfs, &w->positions);
    ns_buffer_add_byte(&w->data, (uint8_t)(w->n - 1));
    ns_docids_put(&w->data, w->docids, w->n, w->before + 1);
    ns_patched_put(&w->data, w->tfs, w->n, TF_TAX);
    w->before = w->docids[w->n - 1];
    w->n = 0;
}

void ns_postings_add(ns_postings_writer *w, uint32_t docid, uint32_t text, uint32_t tf,
                     const uint32_t *positions, size_t count)
{
    if (w->n == NS_BLOCK)
        put_block(w);
    if ((w->df && docid <= w->last_docid) || docid >= NS_SEGMENT_PASSAGES_MAX || tf > 65535 ||
        !ns_position_block_add(&w->block_positions, positions, count)) {
        w->bad = true;
        return;
    }
    w->docids[w->n] = docid;
    w->tfs[w->n++] = tf;
    w->df++;
    w->texts += text != w->last_text && text != NS_NO_TEXT;
    w->last_docid = docid;
    w->last_text = text;
    w->has_tf |= tf > 0;
    w->has_positions |= count > 0;
}

/* ---- blocks of other segments */

enum { BLOCKS_COPIED = 16 }; /* at least: what is copied leaves a block behind that is not full */

static void add_block(ns_postings_writer *w, const uint8_t *data, const uint8_t *end, uint32_t last)
{
    if (w->n)
        put_block(w);
    put_tables(w, last);
    ns_buffer_add(&w->data, data, (size_t)(end - data));
    w->df += data[0] + 1u;
    w->before = w->last_docid = last;
}

/* Where other segments have positions of the term, that there are none must be said. */
static void add_no_positions(ns_postings_writer *w, uint32_t n)
{
    static const uint32_t none = 0;
    uint32_t tfs[NS_BLOCK];
    memset(tfs, 1, sizeof tfs);
    for (uint32_t i = 0; i < n && i < NS_BLOCK; i++)
        ns_position_block_add(&w->block_positions, &none, 0);
    ns_position_block_put(&w->block_positions, tfs, &w->positions);
}

/* Blocks 1 to before the last: the first begins elsewhere now, the last may be filled up. */
static bool copy_blocks(ns_postings_writer *w, const ns_segment *segment, const ns_list *list,
                        const ns_list_tables *tables, uint32_t shift)
{
    for (uint32_t block = 1; block + 1 < tables->blocks; block++) {
        uint32_t before;
        const uint8_t *end, *positions_end, *positions = NULL,
                                            *data = ns_list_block(segment, tables, block, &before, &end);
        if (!data || data[0] >= NS_BLOCK)
            return false;
        if (tables->position_offsets &&
            !(positions = ns_list_block_positions(segment, list, tables, block, &positions_end)))
            return false;
        add_block(w, data, end, ns_list_last(tables, block) + shift);
        if (positions)
            ns_buffer_add(&w->positions, positions, (size_t)(positions_end - positions));
        else
            add_no_positions(w, data[0] + 1u);
    }
    w->has_tf |= (list->flags & NS_LIST_HAS_TF) != 0;
    w->has_positions |= (list->flags & NS_LIST_HAS_POSITIONS) != 0;
    return true;
}

nsearch_status ns_postings_add_list(ns_postings_writer *w, const ns_segment *segment, const ns_list *list,
                                    uint32_t shift, ns_arena *arena, nsearch_error *err)
{
    ns_cursor *c;
    ns_list_tables tables;
    uint32_t texts = w->texts, df = w->df, before;
    nsearch_status status = ns_postings_cursor(segment, list, 0, arena, &c, err);
    if (status)
        return status;
    bool copies =
        list->df >= NS_BLOCK && ns_list_tables_open(segment, list, &tables) && tables.blocks >= BLOCKS_COPIED;
    before = copies ? ns_list_last(&tables, 0) : 0;
    for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
        const uint32_t *positions = NULL;
        uint32_t tf = ns_cursor_freq(c);
        size_t count = c->ops->positions(c, &positions);
        if (c->damaged)
            break;
        ns_postings_add(w, d + shift, NS_NO_TEXT, tf, positions, count); /* the list knows how many */
        if (copies && d == before) {
            if (!copy_blocks(w, segment, list, &tables, shift))
                return ns_segment_damaged(segment, NS_SECTION_POSTINGS, err);
            d = ns_cursor_seek(c, ns_list_last(&tables, tables.blocks - 2)); /* copied too */
            copies = false;
        }
    }
    if (c->damaged || w->df - df != list->df)
        return ns_segment_damaged(segment, NS_SECTION_POSTINGS, err);
    w->texts = texts + list->texts;
    return NSEARCH_OK;
}

/* ---- lists */

static void put_inlined(ns_postings_writer *w)
{
    const uint32_t *gaps = (const uint32_t *)(const void *)w->block_positions.gaps.data;
    uint32_t count = w->block_positions.counts[0];
    ns_buffer *out = &w->inlined;
    ns_buffer_add_varint(out, (uint64_t)w->docids[0] << 1 | (count != w->tfs[0]));
    if (w->has_tf)
        ns_buffer_add_varint(out, w->tfs[0]);
    if (w->has_positions) {
        if (count != w->tfs[0])
            ns_buffer_add_varint(out, count);
        for (uint32_t i = 0; i < count; i++)
            ns_buffer_add_varint(out, gaps[i]);
    }
}

static void put_short(ns_postings_writer *w)
{
    if (w->df <= NS_LIST_VARINTS)
        for (uint32_t i = 0; i < w->n; i++)
            ns_buffer_add_varint(w->lists, w->docids[i] - (i ? w->docids[i - 1] : UINT32_MAX) - 1);
    else {
        ns_buffer_add_varint(w->lists, w->last_docid);
        ns_docids_put(w->lists, w->docids, w->n, 0);
    }
    if (w->has_tf)
        ns_patched_put(w->lists, w->tfs, w->n, 0);
    ns_position_block_put(&w->block_positions, w->tfs, &w->positions);
}

static void put_long(ns_postings_writer *w)
{
    put_block(w);
    ns_buffer_add_u32(w->lists, (uint32_t)(w->lasts.size / 4));
    ns_buffer_add(w->lists, w->lasts.data, w->lasts.size);
    if (w->has_positions)
        ns_buffer_add(w->lists, w->position_offsets.data, w->position_offsets.size);
    ns_buffer_add(w->lists, w->bases.data, w->bases.size);
    ns_buffer_add(w->lists, w->data_offsets.data, w->data_offsets.size);
    ns_buffer_add(w->lists, w->data.data, w->data.size);
}

static bool any_failed(const ns_postings_writer *w)
{
    return w->data.failed || w->positions.failed || w->lasts.failed || w->bases.failed ||
           w->data_offsets.failed || w->position_offsets.failed || w->inlined.failed ||
           w->block_positions.gaps.failed || w->lists->failed || w->positions_out->failed;
}

static void begin_next(ns_postings_writer *w)
{
    w->df = w->texts = w->n = 0;
    w->last_docid = w->before = UINT32_MAX;
    w->last_text = NS_NO_TEXT;
    w->has_tf = w->has_positions = w->bad = false;
    w->block_positions.n = 0;
    ns_buffer_clear(&w->block_positions.gaps);
    ns_buffer *const buffers[] = {&w->data,  &w->positions,    &w->lasts,
                                  &w->bases, &w->data_offsets, &w->position_offsets};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        ns_buffer_clear(buffers[i]);
}

nsearch_status ns_postings_finish(ns_postings_writer *w, ns_list *list, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    memset(list, 0, sizeof *list);
    ns_buffer_clear(&w->inlined);
    list->df = w->df;
    list->texts = w->texts;
    list->flags = (w->has_tf ? NS_LIST_HAS_TF : 0) | (w->has_positions ? NS_LIST_HAS_POSITIONS : 0);
    list->postings = w->lists->size;
    list->positions = w->positions_out->size;
    if (w->df == 1 && !w->bad)
        put_inlined(w);
    else if (w->df && !w->bad) {
        if (w->df < NS_BLOCK)
            put_short(w);
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
