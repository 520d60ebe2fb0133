/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * texts_write.c - compresses articles block by block.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "index/native/texts.h"
#include "src/base/bytes.h"

/* The fastest level in blocks of 24 KiB is as small as the default one in blocks of 16 KiB, at a fifth of the time. */
enum { LEVEL = 1 };

void ns_texts_writer_init(ns_texts_writer *w, int dirfd, const char *name, nsearch_error *err)
{
    char part[40];
    memset(w, 0, sizeof *w);
    snprintf(part, sizeof part, "%.20s.t", name);
    ns_spool_init(&w->streams, dirfd, part);
    snprintf(part, sizeof part, "%.20s.i", name);
    ns_spool_init(&w->index, dirfd, part);
    w->err = err;
}

void ns_texts_writer_release(ns_texts_writer *w)
{
    ns_spool_release(&w->streams);
    ns_spool_release(&w->index);
    ns_buffer_release(&w->block);
    ns_buffer_release(&w->stream);
    libdeflate_free_compressor(w->compressor);
    w->compressor = NULL;
}

size_t ns_texts_bytes(const ns_texts_writer *w)
{
    return w->streams.memory.capacity + w->index.memory.capacity + w->block.capacity + w->stream.capacity;
}

static void put_stream(ns_texts_writer *w, const uint8_t *stream, uint32_t n, uint32_t inflated)
{
    uint8_t record[NS_TEXT_BLOCK_RECORD];
    ns_put_u64(record, ns_spool_size(&w->streams));
    ns_put_u32(record + 8, n);
    ns_put_u32(record + 12, inflated);
    ns_spool_put(&w->streams, stream, n);
    ns_spool_put(&w->index, record, sizeof record);
    w->block_count++;
}

void ns_texts_finish(ns_texts_writer *w)
{
    if (!w->held || w->status)
        return;
    if (!w->compressor)
        w->compressor = libdeflate_alloc_compressor(LEVEL);
    size_t bound = w->compressor ? libdeflate_zlib_compress_bound(w->compressor, w->block.size) : 0;
    ns_buffer_clear(&w->stream);
    size_t size = bound && ns_buffer_reserve(&w->stream, bound)
                      ? libdeflate_zlib_compress(w->compressor, w->block.data, w->block.size, w->stream.data, bound)
                      : 0;
    if (!size)
        w->status = ns_error_memory(w->err); /* its only way to fail */
    else
        put_stream(w, w->stream.data, (uint32_t)size, (uint32_t)w->block.size);
    ns_buffer_clear(&w->block);
    w->held = 0;
}

void ns_texts_add(ns_texts_writer *w, const uint8_t *bytes, size_t n, ns_article_facts *facts)
{
    if (n > NS_TEXT_ARTICLE_MAX) {
        if (!w->status)
            w->status =
                ns_error_set(w->err, NSEARCH_INVALID, "article of %zu bytes is too large to store", n);
        return;
    }
    if (n >= NS_TEXT_BLOCK)
        ns_texts_finish(w); /* nobody is to inflate a long article for the sake of a short one */
    facts->text_block = w->block_count;
    facts->text_offset = (uint32_t)w->block.size;
    ns_buffer_add(&w->block, bytes, n);
    w->held++;
    if (w->block.failed && !w->status)
        w->status = ns_error_memory(w->err);
    if (w->block.size >= NS_TEXT_BLOCK)
        ns_texts_finish(w);
}

uint32_t ns_texts_add_block(ns_texts_writer *w, const uint8_t *stream, uint32_t n, uint32_t inflated)
{
    if (inflated < NS_TEXT_BLOCK / 2)
        return UINT32_MAX; /* small ones from small commits are better joined */
    if (w->block.size >= NS_TEXT_BLOCK / 2)
        ns_texts_finish(w);
    if (w->held)
        return UINT32_MAX;
    put_stream(w, stream, n, inflated);
    return w->block_count - 1;
}

void ns_texts_append(ns_texts_writer *w, const ns_texts_writer *from)
{
    const uint8_t *record = from->index.memory.data;
    if (from->streams.status || from->index.status) {
        if (!w->status)
            w->status = ns_error_memory(w->err);
        return;
    }
    for (uint32_t i = 0; i < from->block_count; i++, record += NS_TEXT_BLOCK_RECORD)
        put_stream(w, from->streams.memory.data + ns_get_u64(record), ns_get_u32(record + 8), ns_get_u32(record + 12));
}

void ns_texts_put(ns_texts_writer *w, ns_segment_writer *out)
{
    ns_texts_finish(w);
    if (w->status) {
        ns_segment_fail(out, w->status);
        return;
    }
    ns_segment_begin(out, NS_SECTION_TEXTS);
    ns_spool_copy(&w->streams, out);
    ns_segment_end(out, NS_SECTION_TEXTS);
    ns_segment_begin(out, NS_SECTION_TEXT_INDEX);
    ns_spool_copy(&w->index, out);
    ns_segment_end(out, NS_SECTION_TEXT_INDEX);
}
