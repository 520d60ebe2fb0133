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

typedef struct list_cursor {
    ns_cursor base;
    uint32_t docids[NS_BLOCK];
    uint32_t docid_base;
    uint32_t block, block_count; /* the tail counts as a block */
    uint32_t flags;
    const ns_segment *segment;
    const uint8_t *lasts, *data_offsets, *impact_offsets, *position_offsets; /* NULL in a short list */
    const uint8_t *impacts;
    uint32_t impacts_size, data_size;
    uint64_t data; /* in section postings */
    uint64_t positions, positions_size;
    const uint8_t *tfs, *tfs_end; /* of the block */
    unsigned tf_bits;             /* TAIL: varints */
    uint32_t tf_least;
    bool positions_ready;
    ns_arena *arena;
    uint32_t *scratch;
    uint32_t scratch_capacity;
    uint32_t freqs[NS_BLOCK];
    ns_position_view view;
} list_cursor;

enum { TAIL = 255 };

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

static uint32_t table(const uint8_t *t, uint32_t i)
{
    return ns_get_u32(t + (size_t)i * 4);
}

/* Gaps, then tfs where the list has them. */
static bool decode_tail(list_cursor *c, const uint8_t *p, const uint8_t *end, uint32_t n, uint32_t before)
{
    uint64_t docid = before == UINT32_MAX ? 0 : (uint64_t)before + 1;
    for (uint32_t i = 0; i < n; i++, docid++) {
        uint32_t gap;
        if (!(p = ns_get_varint32(p, end, &gap)))
            return false;
        docid += gap;
        if (docid >= c->segment->counts.passages)
            return false;
        c->docids[i] = c->docid_base + (uint32_t)docid;
    }
    c->tfs = p;
    c->tfs_end = end;
    c->tf_bits = TAIL;
    return true;
}

static bool decode_block(list_cursor *c, const uint8_t *p, const uint8_t *end, uint32_t before)
{
    if (end - p < 3 || p[0] > 32 || p[1] > 16 ||
        (size_t)(end - p - 3) < ns_pack_size(p[0]) + ns_pack_size(p[1]))
        return false;
    ns_unpack_gaps(p + 3, p[0], c->docid_base + before, c->docids);
    if (p[0] > 24) /* narrower gaps cannot wrap */
        for (uint32_t i = 0; i < NS_BLOCK; i++)
            if (c->docids[i] < c->docid_base || (i && c->docids[i] <= c->docids[i - 1]))
                return false;
    c->tf_bits = p[1];
    c->tf_least = p[2];
    c->tfs = p + 3 + ns_pack_size(p[0]);
    c->tfs_end = end;
    return true;
}

static bool load_block(list_cursor *c, uint32_t block)
{
    uint32_t before = block ? table(c->lasts, block - 1) : UINT32_MAX, last = table(c->lasts, block);
    uint32_t begin = table(c->data_offsets, block);
    uint32_t end = block + 1 < c->block_count ? table(c->data_offsets, block + 1) : c->data_size;
    uint32_t rest = c->base.df - block * NS_BLOCK;
    if ((block && last <= before) || last >= c->segment->counts.passages || begin > end || end > c->data_size)
        return false;
    const uint8_t *p = ns_segment_at(c->segment, NS_SECTION_POSTINGS, c->data + begin, end - begin);
    if (!p)
        return false;
    c->block = block;
    c->base.n = rest < NS_BLOCK ? rest : NS_BLOCK;
    c->base.freqs = NULL;
    c->positions_ready = false;
    bool good = rest < NS_BLOCK ? decode_tail(c, p, p + (end - begin), rest, before)
                                : decode_block(c, p, p + (end - begin), before);
    return good && c->docids[c->base.n - 1] == c->docid_base + last;
}

static bool load_tfs(list_cursor *c)
{
    if (!(c->flags & NS_LIST_HAS_TF))
        memset(c->freqs, 0, c->base.n * sizeof *c->freqs);
    else if (c->tf_bits != TAIL)
        ns_unpack_block(c->tfs, c->tf_bits, c->tf_least, c->freqs);
    else {
        const uint8_t *p = c->tfs;
        for (uint32_t i = 0; i < c->base.n; i++)
            if (!(p = ns_get_varint32(p, c->tfs_end, &c->freqs[i])))
                return false;
    }
    c->base.freqs = c->freqs;
    return true;
}

/* The first block from 'from' on whose last docid is at least 'target' (of the segment); block_count when
 * none. */
static uint32_t find_block(const list_cursor *c, uint32_t from, uint32_t target)
{
    uint32_t low = from, step = 1;
    while (low < c->block_count && table(c->lasts, low) < target) {
        from = low + 1;
        low += step;
        step *= 2;
    }
    uint32_t high = low < c->block_count ? low : c->block_count;
    while (from < high) {
        uint32_t middle = from + (high - from) / 2;
        if (table(c->lasts, middle) < target)
            from = middle + 1;
        else
            high = middle;
    }
    return from;
}

static uint32_t list_seek(ns_cursor *base, uint32_t target)
{
    list_cursor *c = (list_cursor *)base;
    if (!c->lasts || c->block + 1 >= c->block_count)
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
    uint64_t begin = c->position_offsets ? table(c->position_offsets, c->block) : 0, end = c->positions_size;
    if (c->position_offsets && c->block + 1 < c->block_count)
        end = table(c->position_offsets, c->block + 1);
    if (begin > end || end > c->positions_size)
        return false;
    const uint8_t *p = ns_segment_at(c->segment, NS_SECTION_POSITIONS, c->positions + begin, end - begin);
    return p && (c->positions_ready = ns_position_view_open(&c->view, p, p + (end - begin), c->base.n));
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
    if (!(c->flags & NS_LIST_HAS_POSITIONS) || c->base.docid == NS_DOCID_END)
        return 0;
    if (!c->positions_ready && !load_positions(c))
        return spoil(c);
    uint32_t count = ns_position_view_count(&c->view, c->base.i);
    if (!reserve_scratch(c, count) || !ns_position_view_get(&c->view, c->base.i, c->scratch))
        return spoil(c);
    *positions = c->scratch;
    return count;
}

/* df = 1: the positions were read when the cursor was opened. */
static size_t single_positions(ns_cursor *base, const uint32_t **positions)
{
    list_cursor *c = (list_cursor *)base;
    if (c->base.docid == NS_DOCID_END)
        return 0;
    *positions = c->scratch;
    return c->view.n;
}

static size_t list_impacts(ns_cursor *base, uint32_t target, ns_impact *pairs, size_t capacity,
                           uint32_t *last)
{
    list_cursor *c = (list_cursor *)base;
    uint32_t count = 0, block = 0;
    uint32_t local = target > c->docid_base ? target - c->docid_base : 0;
    *last = NS_DOCID_END;
    if (!c->lasts) { /* one run, decoded when opened; after its end the block is gone */
        if (c->block >= c->block_count || target > c->docids[c->base.n - 1] || !capacity)
            return 0;
        *last = c->docids[c->base.n - 1];
    } else {
        bool ahead = c->block < c->block_count && (!c->block || table(c->lasts, c->block - 1) < local);
        block = find_block(c, ahead ? c->block : 0, local);
        if (block >= c->block_count || !capacity)
            return 0;
        *last = c->docid_base + table(c->lasts, block);
    }
    if (!(c->flags & NS_LIST_HAS_TF)) {
        pairs[0] = (ns_impact){0, 1};
        return 1;
    }
    if (!c->lasts) {
        for (; count < c->base.impact_count && count < capacity; count++)
            pairs[count] = c->base.impacts[count];
        for (uint32_t i = count; i < c->base.impact_count; i++)
            pairs[count - 1].len = c->base.impacts[i].len;
        return count;
    }
    uint32_t at = table(c->impact_offsets, block);
    if (at > c->impacts_size ||
        !ns_impacts_get(c->impacts + at, c->impacts + c->impacts_size, pairs, capacity, &count)) {
        *last = NS_DOCID_END;
        return c->base.docid == NS_DOCID_END ? 0 : spoil(c);
    }
    return count;
}

static void list_close(ns_cursor *base)
{
    (void)base; /* all memory is the arena's */
}

static const ns_cursor_ops list_ops = {list_seek, list_load_freqs, list_positions, list_impacts, list_close};
static const ns_cursor_ops single_ops = {list_seek, list_load_freqs, single_positions, list_impacts, list_close};

static bool open_single(list_cursor *c, const ns_list *list)
{
    const uint8_t *p = list->inlined, *end = list->inlined_end;
    uint32_t docid, count = 0;
    c->base.ops = &single_ops;
    c->base.n = 1;
    c->base.freqs = c->freqs;
    c->freqs[0] = 0;
    if (!(p = ns_get_varint32(p, end, &docid)) || docid >= c->segment->counts.passages)
        return false;
    c->docids[0] = c->docid_base + docid;
    if ((list->flags & NS_LIST_HAS_TF) && !(p = ns_get_varint32(p, end, &c->freqs[0])))
        return false;
    if (list->flags & NS_LIST_HAS_POSITIONS) {
        if (!(p = ns_get_varint32(p, end, &count)) || count > NS_POSITION_COUNT_MAX ||
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
    }
    c->view.n = count;
    return true;
}

/* A short list is decoded whole; its bounds come from its postings. */
static bool open_short(list_cursor *c, const ns_list *list)
{
    const uint8_t *p = ns_segment_at(c->segment, NS_SECTION_POSTINGS, list->postings, list->postings_size);
    c->base.n = list->df;
    return p && decode_tail(c, p, p + list->postings_size, list->df, UINT32_MAX);
}

static bool bound_short(list_cursor *c)
{
    const uint8_t *lengths = ns_columns_lengths(c->segment);
    ns_impact_set set = {.count = 0};
    if (!lengths || (!c->base.freqs && !load_tfs(c)))
        return false;
    for (uint32_t i = 0; i < c->base.n; i++)
        ns_impacts_add(&set, c->freqs[i], ns_columns_length_at(lengths, c->docids[i] - c->docid_base),
                       NS_IMPACTS_MAX);
    memcpy(c->base.impacts, set.pairs, sizeof set.pairs);
    c->base.impact_count = set.count;
    return true;
}

static bool open_long(list_cursor *c, const ns_list *list)
{
    bool has_tf = list->flags & NS_LIST_HAS_TF, has_positions = list->flags & NS_LIST_HAS_POSITIONS;
    const uint8_t *p = ns_segment_at(c->segment, NS_SECTION_POSTINGS, list->postings, 8);
    if (!p || list->postings_size < 8)
        return false;
    c->block_count = (list->df + NS_BLOCK - 1) / NS_BLOCK;
    c->impacts_size = ns_get_u32(p);
    c->data_size = ns_get_u32(p + 4);
    uint64_t one = (uint64_t)c->block_count * 4, tables = one * (2u + has_tf + has_positions);
    uint64_t before_data = 8 + tables + c->impacts_size;
    if (before_data + c->data_size != list->postings_size ||
        !ns_segment_at(c->segment, NS_SECTION_POSTINGS, list->postings, before_data))
        return false;
    c->lasts = p + 8;
    c->data_offsets = c->lasts + one;
    c->impact_offsets = has_tf ? c->data_offsets + one : NULL;
    c->position_offsets = has_positions ? c->data_offsets + one * (1u + has_tf) : NULL;
    c->impacts = p + 8 + tables;
    c->data = list->postings + before_data;
    if (has_tf && !ns_impacts_get(c->impacts, c->impacts + c->impacts_size, c->base.impacts, NS_IMPACTS_MAX,
                                  &c->base.impact_count))
        return false;
    return load_block(c, 0);
}

nsearch_status ns_postings_cursor(const ns_segment *segment, const ns_list *list, uint32_t docid_base,
                                  ns_arena *arena, ns_cursor **cursor, nsearch_error *err)
{
    list_cursor *c = ns_arena_take(arena, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    memset(c, 0, offsetof(list_cursor, docids));
    memset((char *)c + offsetof(list_cursor, docid_base), 0,
           offsetof(list_cursor, freqs) - offsetof(list_cursor, docid_base));
    c->base.ops = &list_ops;
    c->base.df = list->df;
    c->segment = segment;
    c->docid_base = docid_base;
    c->flags = list->flags;
    c->positions = list->positions;
    c->positions_size = list->positions_size;
    c->block_count = 1;
    c->arena = arena;
    bool good = list->df == 1         ? open_single(c, list)
                : list->df < NS_BLOCK ? open_short(c, list)
                                      : open_long(c, list);
    /* what is scored is scored with lengths: they are checked before anyone looks at them */
    if (good && (list->flags & NS_LIST_HAS_TF))
        good = list->df < NS_BLOCK ? bound_short(c) : ns_columns_lengths(segment) != NULL;
    if (!good)
        return ns_segment_damaged(segment, NS_SECTION_POSTINGS, err);
    c->base.docids = c->docids;
    c->base.docid = c->docids[0];
    *cursor = &c->base;
    return NSEARCH_OK;
}
