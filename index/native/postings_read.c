/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * postings_read.c - the cursor over one list. Blocks are decoded when entered, their tf and positions when
 * asked for. Bytes are trusted no further than their checksum: a hostile list ends the cursor and marks it
 * damaged.
 */
#include <string.h>

#include "index/native/columns.h"
#include "index/native/postings.h"
#include "src/base/bytes.h"

/* ---- tables */

bool ns_list_tables_open(const ns_segment *segment, const ns_list *list, ns_list_tables *t)
{
    bool has_positions = list->flags & NS_LIST_HAS_POSITIONS;
    const uint8_t *p = ns_segment_at(segment, NS_SECTION_POSTINGS, list->postings, 4);
    if (!p || list->postings_size < 4)
        return false;
    uint64_t blocks = ns_get_u32(p), bases = (blocks + NS_LIST_BLOCKS_A_BASE - 1) / NS_LIST_BLOCKS_A_BASE;
    uint64_t before_data = 4 + blocks * (4 + (has_positions ? 4 : 0) + 2) + bases * 4;
    if (!blocks || blocks > list->df || before_data > list->postings_size ||
        list->postings_size - before_data > UINT32_MAX ||
        !ns_segment_at(segment, NS_SECTION_POSTINGS, list->postings, before_data))
        return false;
    t->blocks = (uint32_t)blocks;
    t->lasts = p + 4;
    t->position_offsets = has_positions ? t->lasts + blocks * 4 : NULL;
    t->bases = t->lasts + blocks * (has_positions ? 8 : 4);
    t->data_offsets = t->bases + bases * 4;
    t->data = list->postings + before_data;
    t->data_size = (uint32_t)(list->postings_size - before_data);
    return true;
}

static uint64_t data_offset(const ns_list_tables *t, uint32_t block)
{
    const uint8_t *p = t->data_offsets + (size_t)block * 2;
    return (uint64_t)ns_get_u32(t->bases + (size_t)(block / NS_LIST_BLOCKS_A_BASE) * 4) +
           ((uint32_t)p[0] | (uint32_t)p[1] << 8);
}

const uint8_t *ns_list_block(const ns_segment *segment, const ns_list_tables *t, uint32_t block,
                             uint32_t *before, const uint8_t **end)
{
    uint32_t last = ns_list_last(t, block);
    uint64_t from = data_offset(t, block),
             to = block + 1 < t->blocks ? data_offset(t, block + 1) : t->data_size;
    *before = block ? ns_list_last(t, block - 1) : UINT32_MAX;
    if ((block && last <= *before) || last >= segment->counts.passages || from >= to || to > t->data_size)
        return NULL;
    const uint8_t *p = ns_segment_at(segment, NS_SECTION_POSTINGS, t->data + from, to - from);
    *end = p + (to - from);
    return p;
}

const uint8_t *ns_list_block_positions(const ns_segment *segment, const ns_list *list,
                                       const ns_list_tables *t, uint32_t block, const uint8_t **end)
{
    uint64_t from = ns_get_u32(t->position_offsets + (size_t)block * 4), to = list->positions_size;
    if (block + 1 < t->blocks)
        to = ns_get_u32(t->position_offsets + (size_t)(block + 1) * 4);
    if (from > to || to > list->positions_size)
        return NULL;
    const uint8_t *p = ns_segment_at(segment, NS_SECTION_POSITIONS, list->positions + from, to - from);
    *end = p + (to - from);
    return p;
}

/* ---- the cursor */

typedef struct list_cursor {
    ns_cursor base;
    uint32_t docid_base;
    uint32_t block, block_count; /* a short list is one block */
    const ns_segment *segment;
    ns_list list;
    ns_list_tables tables;        /* lasts: NULL in a short list */
    const uint8_t *tfs, *tfs_end; /* of the block */
    bool positions_ready;
    ns_arena *arena;
    uint32_t *scratch;
    uint32_t scratch_capacity;
    uint32_t single_count; /* positions of the only posting */
    /* the rest is not set when the cursor is made */
    uint32_t docids[NS_PACK_ROOM], freqs[NS_PACK_ROOM];
    ns_position_view view;
} list_cursor;

static uint32_t end_here(list_cursor *c)
{
    c->base.i = c->base.n = 0;
    c->block = c->block_count;
    return c->base.docid = NS_DOCID_END;
}

static uint32_t damage(list_cursor *c)
{
    c->base.damaged = true;
    return end_here(c);
}

/* Damage met while standing on a posting: the caller may still hold its docid, so that stays until the next
 * move. */
static uint32_t spoil(list_cursor *c)
{
    c->base.damaged = true;
    c->base.n = c->base.i + 1;
    c->block = c->block_count;
    return 0;
}

static bool load_block(list_cursor *c, uint32_t block)
{
    uint32_t before;
    const uint8_t *p = ns_list_block(c->segment, &c->tables, block, &before, &c->tfs_end);
    if (!p)
        return false;
    c->block = block;
    c->base.n = *p + 1u;
    c->base.freqs = NULL;
    c->positions_ready = false;
    c->tfs = ns_docids_get(p + 1, c->tfs_end, c->base.n, before + 1, ns_list_last(&c->tables, block),
                           c->docid_base, c->docids);
    return c->tfs != NULL;
}

static bool load_tfs(list_cursor *c)
{
    if (!(c->list.flags & NS_LIST_HAS_TF))
        memset(c->freqs, 0, c->base.n * sizeof *c->freqs);
    else if (!ns_patched_get(c->tfs, c->tfs_end, c->base.n, c->freqs))
        return false;
    c->base.freqs = c->freqs;
    return true;
}

/* The first block from 'from' on whose last docid is at least 'target' (of the segment); block_count when
 * none. */
static uint32_t find_block(const list_cursor *c, uint32_t from, uint32_t target)
{
    uint32_t low = from, step = 1;
    while (low < c->block_count && ns_list_last(&c->tables, low) < target) {
        from = low + 1;
        low += step;
        step *= 2;
    }
    uint32_t high = low < c->block_count ? low : c->block_count;
    while (from < high) {
        uint32_t middle = from + (high - from) / 2;
        if (ns_list_last(&c->tables, middle) < target)
            from = middle + 1;
        else
            high = middle;
    }
    return from;
}

static uint32_t list_seek(ns_cursor *base, uint32_t target)
{
    list_cursor *c = (list_cursor *)base;
    if (!c->tables.lasts || c->block + 1 >= c->block_count)
        return end_here(c);
    uint32_t block = find_block(c, c->block + 1, target - c->docid_base);
    if (block >= c->block_count)
        return end_here(c);
    if (!load_block(c, block))
        return damage(c);
    c->base.i = 0;
    c->base.docid = c->docids[0];
    return ns_cursor_seek(base, target);
}

static void list_load_freqs(ns_cursor *base)
{
    list_cursor *c = (list_cursor *)base;
    if (load_tfs(c))
        return;
    memset(c->freqs, 0, sizeof c->freqs);
    base->freqs = c->freqs;
    spoil(c);
}

static bool load_positions(list_cursor *c)
{
    const uint8_t *end, *p;
    if (c->tables.lasts)
        p = ns_list_block_positions(c->segment, &c->list, &c->tables, c->block, &end);
    else {
        p = ns_segment_at(c->segment, NS_SECTION_POSITIONS, c->list.positions, c->list.positions_size);
        end = p + c->list.positions_size;
    }
    if (!p || (!c->base.freqs && !load_tfs(c)))
        return false;
    return c->positions_ready = ns_position_view_open(&c->view, p, end, c->base.n, c->freqs);
}

static bool reserve_scratch(list_cursor *c, uint32_t count)
{
    if (count > c->scratch_capacity) {
        uint32_t capacity = count < 64 ? 64 : count * 2;
        uint32_t *scratch = ns_arena_array(c->arena, capacity, sizeof *scratch);
        if (!scratch)
            return false;
        c->scratch = scratch;
        c->scratch_capacity = capacity;
    }
    return true;
}

static size_t list_positions(ns_cursor *base, const uint32_t **positions)
{
    list_cursor *c = (list_cursor *)base;
    if (!(c->list.flags & NS_LIST_HAS_POSITIONS) || c->base.docid == NS_DOCID_END)
        return 0;
    if (!c->positions_ready && !load_positions(c))
        return spoil(c);
    uint32_t count = ns_position_view_count(&c->view, c->base.i);
    if (count > NS_POSITION_COUNT_MAX || !reserve_scratch(c, count) ||
        !ns_position_view_get(&c->view, c->base.i, c->scratch))
        return spoil(c);
    *positions = c->scratch;
    return count;
}

static void list_spots(ns_cursor *base, uint32_t *spots)
{
    list_cursor *c = (list_cursor *)base;
    memset(spots, 0, base->n * sizeof *spots);
    if (!(c->list.flags & NS_LIST_HAS_POSITIONS))
        return;
    if ((!c->positions_ready && !load_positions(c)) || !ns_position_view_spots(&c->view, spots))
        spoil(c);
}

/* df = 1: the positions were read when the cursor was opened. */
static size_t single_positions(ns_cursor *base, const uint32_t **positions)
{
    list_cursor *c = (list_cursor *)base;
    if (c->base.docid == NS_DOCID_END)
        return 0;
    *positions = c->scratch;
    return c->single_count;
}

static bool list_rewind(ns_cursor *base)
{
    list_cursor *c = (list_cursor *)base;
    if (base->damaged)
        return false;
    if (!c->tables.lasts) { /* its one block was never left */
        c->block = 0;
        base->n = c->list.df;
    } else if (c->block && !load_block(c, 0)) {
        damage(c);
        return false;
    }
    base->i = 0;
    base->docid = c->docids[0];
    return true;
}

static void list_close(ns_cursor *base)
{
    (void)base; /* all memory is the arena's */
}

static const ns_cursor_ops list_ops = {list_seek, list_load_freqs, list_positions, list_spots, list_rewind, list_close};
static const ns_cursor_ops single_ops = {list_seek, list_load_freqs, single_positions, NULL, list_rewind, list_close};

static bool open_single(list_cursor *c, const ns_list *list)
{
    const uint8_t *p = list->inlined, *end = list->inlined_end;
    uint32_t docid, count;
    c->base.ops = &single_ops;
    c->base.n = 1;
    c->base.freqs = c->freqs;
    c->freqs[0] = 0;
    if (!(p = ns_get_varint32(p, end, &docid)) || docid / 2 >= c->segment->counts.passages)
        return false;
    c->docids[0] = c->docid_base + docid / 2;
    if ((list->flags & NS_LIST_HAS_TF) && !(p = ns_get_varint32(p, end, &c->freqs[0])))
        return false;
    if (list->flags & NS_LIST_HAS_POSITIONS) {
        count = c->freqs[0];
        if ((docid & 1 && !(p = ns_get_varint32(p, end, &count))) || count > NS_POSITION_COUNT_MAX ||
            count > (size_t)(end - p) || !reserve_scratch(c, count))
            return false;
        uint64_t position = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t gap;
            if (!(p = ns_get_varint32(p, end, &gap)))
                return false;
            position += (uint64_t)gap + (i != 0);
            if (position > NS_POSITION_MAX)
                return false;
            c->scratch[i] = (uint32_t)position;
        }
        c->single_count = count;
    }
    return true;
}

static bool open_short(list_cursor *c, const ns_list *list)
{
    const uint8_t *p = ns_segment_at(c->segment, NS_SECTION_POSTINGS, list->postings, list->postings_size);
    const uint8_t *end = p + list->postings_size;
    uint32_t passages = c->segment->counts.passages, last, gap;
    c->base.n = list->df;
    if (!p)
        return false;
    if (list->df > NS_LIST_VARINTS) {
        if (!(p = ns_get_varint32(p, end, &last)) || last >= passages)
            return false;
        p = ns_docids_get(p, end, list->df, 0, last, c->docid_base, c->docids);
    } else {
        uint64_t docid = 0;
        for (uint32_t i = 0; i < list->df; i++, docid++) {
            if (!(p = ns_get_varint32(p, end, &gap)) || (docid += gap) >= passages)
                return false;
            c->docids[i] = c->docid_base + (uint32_t)docid;
        }
    }
    c->tfs = p;
    c->tfs_end = end;
    return p != NULL;
}

static bool open_long(list_cursor *c, const ns_list *list)
{
    if (!ns_list_tables_open(c->segment, list, &c->tables))
        return false;
    c->block_count = c->tables.blocks;
    return load_block(c, 0);
}

nsearch_status ns_postings_cursor(const ns_segment *segment, const ns_list *list, uint32_t docid_base,
                                  ns_arena *arena, ns_cursor **cursor, nsearch_error *err)
{
    list_cursor *c = ns_arena_take(arena, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    memset(c, 0, offsetof(list_cursor, docids));
    c->base.ops = &list_ops;
    c->base.df = list->df;
    c->segment = segment;
    c->docid_base = docid_base;
    c->list = *list;
    c->block_count = 1;
    c->arena = arena;
    bool good = list->df == 1         ? open_single(c, list)
                : list->df < NS_BLOCK ? open_short(c, list)
                                      : open_long(c, list);
    /* what is scored is scored with lengths: they are checked before anyone looks at them */
    if (good && (list->flags & NS_LIST_HAS_TF))
        good = ns_columns_lengths(segment) != NULL;
    if (!good)
        return ns_segment_damaged(segment, NS_SECTION_POSTINGS, err);
    c->base.docids = c->docids;
    c->base.docid = c->docids[0];
    *cursor = &c->base;
    return NSEARCH_OK;
}
