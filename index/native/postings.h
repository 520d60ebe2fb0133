/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * postings.h - the list of one term: in which passages, how often, where (doc/format.md, section 4).
 *
 * df = 1: the posting stands in the dictionary (dictionary.h): varint docid * 2 + c, [varint tf], [positions:
 * varint count if c is 1, else there are tf of them; varint gaps].
 * df <= 16: varint docid gaps; df < 128: varint last docid, docids (pack.h); then, if the list has tf, a
 * patched run of them. Longer lists are cut into blocks of at most 128, found through tables:
 *
 *     u32 blocks
 *     u32 last docid                         of each
 *     u32 offset in the list's positions     of each, if it has positions
 *     u32 offset in data                     of each 32nd
 *     u16 offset from that                   of each
 *     data         for each: u8 postings - 1, docids, patched run of tfs
 *
 * A docid gap is the distance to the docid before it, less 1; the docid before the first is -1, so that the
 * first gap is the docid itself. docids are counted from the segment's first passage. A block's docids begin
 * after the last of the block before, so that moved by a constant its bytes stay the same.
 */
#ifndef NS_NATIVE_POSTINGS_H
#define NS_NATIVE_POSTINGS_H

#include "index/cursor.h"
#include "index/native/positions.h"
#include "index/native/segment.h"
#include "src/base/arena.h"

#define NS_LIST_HAS_TF 1u
#define NS_LIST_HAS_POSITIONS 2u
#define NS_LIST_VARINTS 16 /* postings of a list without packed docids, at most */
#define NS_LIST_BLOCKS_A_BASE 32

/* What the dictionary knows of a list. */
typedef struct ns_list {
    uint32_t df, texts; /* passages; articles that are no copies */
    uint32_t flags;
    uint64_t postings, postings_size;     /* in section 'postings'; size 0 when inlined */
    uint64_t positions, positions_size;   /* in section 'positions' */
    const uint8_t *inlined, *inlined_end; /* df = 1 */
} ns_list;

/* ---- writing */

typedef struct ns_postings_writer {
    ns_buffer *lists, *positions_out; /* what goes to sections 'postings' and 'positions' */
    uint32_t df, texts, last_docid, last_text, n;
    uint32_t docids[NS_BLOCK], tfs[NS_BLOCK];
    bool has_tf, has_positions, bad;
    uint32_t before; /* docid before the block in the making */
    ns_position_block block_positions;
    ns_buffer data, positions, lasts, bases, data_offsets, position_offsets, inlined;
} ns_postings_writer;

/* Appends to the two buffers, which the caller empties when it likes. */
void ns_postings_writer_init(ns_postings_writer *w, ns_buffer *lists, ns_buffer *positions);
void ns_postings_writer_release(ns_postings_writer *w);
/* One posting of the list in the making, docids ascending. 'text' tells articles apart (ns_text_of). */
void ns_postings_add(ns_postings_writer *w, uint32_t docid, uint32_t text, uint32_t tf,
                     const uint32_t *positions, size_t count);
/* All postings of a list of another segment, whose docids move by 'shift'; its articles have no passage in
 * what was added before. Blocks are copied as they are where there are many. DAMAGED. */
nsearch_status ns_postings_add_list(ns_postings_writer *w, const ns_segment *segment, const ns_list *list,
                                    uint32_t shift, ns_arena *arena, nsearch_error *err);
/* Writes the list and begins the next; list->df = 0 when it had no posting. list->postings and
 * list->positions are offsets in the buffers; list->inlined is valid until the next call. INVALID when
 * positions or docids were out of order. */
nsearch_status ns_postings_finish(ns_postings_writer *w, ns_list *list, nsearch_error *err);

/* ---- reading */

/* The tables of a long list, df at least NS_BLOCK. */
typedef struct ns_list_tables {
    uint32_t blocks, data_size;
    uint64_t data; /* in section postings */
    const uint8_t *lasts, *position_offsets, *bases,
        *data_offsets; /* position_offsets: NULL without positions */
} ns_list_tables;

/* False when they are bad. */
bool ns_list_tables_open(const ns_segment *segment, const ns_list *list, ns_list_tables *tables);
static inline uint32_t ns_list_last(const ns_list_tables *t, uint32_t block)
{
    return ns_get_u32(t->lasts + (size_t)block * 4);
}
/* The bytes of a block; NULL when they are bad. *before is the last docid of the block before it. */
const uint8_t *ns_list_block(const ns_segment *segment, const ns_list_tables *tables, uint32_t block,
                             uint32_t *before, const uint8_t **end);
/* Its positions, of a list that has some. */
const uint8_t *ns_list_block_positions(const ns_segment *segment, const ns_list *list,
                                       const ns_list_tables *tables, uint32_t block, const uint8_t **end);

/* A cursor on the list; docids start at 'docid_base'. *cursor = NULL and DAMAGED when it is bad. */
nsearch_status ns_postings_cursor(const ns_segment *segment, const ns_list *list, uint32_t docid_base,
                                  ns_arena *arena, ns_cursor **cursor, nsearch_error *err);

#endif
