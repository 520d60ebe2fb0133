/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * texts.h - the stored articles, in zlib streams of about 24 KiB in the order of the articles (doc/format.md,
 * section 7). A block holds whole articles; where one begins is in its column record.
 *
 *     texts        the streams, one after the other
 *     text index   16 bytes a block: u64 offset of the stream, u32 bytes of it, u32 bytes when inflated
 */
#ifndef NS_NATIVE_TEXTS_H
#define NS_NATIVE_TEXTS_H

#include "index/native/columns.h"
#include "index/native/segment.h"
#include "index/native/spool.h"
#include "src/base/arena.h"

#define NS_TEXT_BLOCK (24u << 10)
#define NS_TEXT_BLOCK_RECORD 16
#define NS_TEXT_ARTICLE_MAX (256u << 20)

/* ---- writing */

typedef struct ns_texts_writer {
    ns_spool streams, index;
    ns_buffer block; /* articles of the block in the making */
    ns_buffer stream; /* the block compressed */
    struct libdeflate_compressor *compressor;
    uint32_t held;   /* how many */
    uint32_t block_count;
    nsearch_status status;
    nsearch_error *err;
} ns_texts_writer;

void ns_texts_writer_init(ns_texts_writer *w, int dirfd, const char *name, nsearch_error *err);
void ns_texts_writer_release(ns_texts_writer *w);
/* Adds an article; fills text_block and text_offset. */
void ns_texts_add(ns_texts_writer *w, const uint8_t *bytes, size_t n, ns_article_facts *facts);
/* Takes over a whole compressed block as it is, if none is in the making. Returns its number, UINT32_MAX if
 * it must be added article by article. */
uint32_t ns_texts_add_block(ns_texts_writer *w, const uint8_t *stream, uint32_t n, uint32_t inflated);
/* Ends the block in the making. */
void ns_texts_finish(ns_texts_writer *w);
/* All blocks of 'from', which was finished and whose spools are in memory; none may be in the making. */
void ns_texts_append(ns_texts_writer *w, const ns_texts_writer *from);
void ns_texts_put(ns_texts_writer *w, ns_segment_writer *out);
size_t ns_texts_bytes(const ns_texts_writer *w);

/* ---- reading */

typedef struct ns_text_block {
    const uint8_t *stream;
    uint32_t size, inflated;
} ns_text_block;

uint32_t ns_texts_block_count(const ns_segment *s);
/* False when damaged or out of range. */
bool ns_texts_block(const ns_segment *s, uint32_t number, ns_text_block *block);
/* The first n bytes of a block; memory from 'arena'. DAMAGED. */
nsearch_status ns_texts_inflate(const ns_segment *s, const ns_text_block *block, uint32_t n, ns_arena *arena,
                                const uint8_t **bytes, nsearch_error *err);
/* Where article number 'article' lies: in 'facts', and to '*end' of its block. False when damaged. */
bool ns_texts_place(const ns_segment *s, uint32_t article, ns_article_facts *facts, ns_text_block *block,
                    uint32_t *end);

#endif
