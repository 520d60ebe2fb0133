/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge_terms.c - walks the dictionaries side by side, a piece of the alphabet at a time.
 */
#include "index/native/merge_terms.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/named.h"
#include "src/base/bytes.h"
#include "src/base/ordered.h"

/* Pieces are cut where blocks of the largest dictionary begin. */
enum { PIECE_BLOCKS = 2048 / NS_DICTIONARY_BLOCK, SLOTS_PER_THREAD = 2 };

typedef struct walk {
    ns_dictionary_walk at;
    bool at_end;
} walk;

/* A term that was joined; offsets are in the slot's bytes. */
typedef struct joined {
    ns_list list; /* df = 0: all its passages are removed */
    size_t key, inlined, inlined_size;
    size_t holders; /* of a name: where the numbers of its sources are, */
    uint32_t holder_count; /* and how many */
    uint32_t length;
} joined;

typedef struct slot {
    walk *walks; /* one a source */
    ns_postings_writer writer;
    ns_buffer lists, positions;
    ns_buffer bytes, holders, terms; /* holders: uint32_t; terms: struct joined */
    ns_arena arena;
    uint64_t steps; /* terms of all sources */
} slot;

typedef struct term_merge {
    ns_merge_source *sources;
    size_t count, widest;
    const uint8_t *starts, *copies;
    ns_terms_writer *terms;
    slot *slots;
    uint32_t name_count; /* numbers given */
    uint64_t steps;
} term_merge;

static int compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_walks(const walk *a, const walk *b)
{
    return compare(a->at.key, a->at.length, b->at.key, b->at.length);
}

/* ---- one list */

static uint32_t new_docid(const ns_merge_source *s, uint32_t docid)
{
    uint64_t word = ns_get_u64(s->removed->bits + (size_t)docid / 64 * 8) & ~(~UINT64_C(0) << (docid % 64));
    return s->docid_base + docid - s->removed_before[docid / 64] - (uint32_t)__builtin_popcountll(word);
}

static nsearch_status add_list(const term_merge *m, slot *t, const ns_merge_source *s, const ns_list *list,
                               nsearch_error *err)
{
    ns_cursor *c;
    ns_arena_reset(&t->arena);
    if (!s->removed_before)
        return ns_postings_add_list(&t->writer, s->segment, list, s->docid_base, &t->arena, err);
    nsearch_status status = ns_postings_cursor(s->segment, list, 0, &t->arena, &c, err);
    if (status)
        return status;
    for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
        const uint32_t *positions = NULL;
        if (ns_removed_has(s->removed, d))
            continue;
        uint32_t docid = new_docid(s, d), tf = ns_cursor_freq(c);
        size_t count = c->ops->positions(c, &positions);
        if (c->damaged)
            break;
        ns_postings_add(&t->writer, docid, ns_text_of(m->starts, m->copies, docid), tf, positions, count);
    }
    return c->damaged ? ns_segment_damaged(s->segment, NS_SECTION_POSTINGS, err) : NSEARCH_OK;
}

/* ---- pieces */

static nsearch_status stepped(const ns_merge_source *s, walk *w, bool has_term, nsearch_error *err)
{
    w->at_end = !has_term;
    return w->at.damaged ? ns_segment_damaged(s->segment, NS_SECTION_DICTIONARY, err) : NSEARCH_OK;
}

/* Stands 'at' on the first term of a piece; past the last piece there is none. */
static nsearch_status piece_begin(const term_merge *m, size_t piece, ns_dictionary_walk *at, bool *found,
                                  nsearch_error *err)
{
    const ns_segment *s = m->sources[m->widest].segment;
    *found = (uint64_t)piece * PIECE_BLOCKS * NS_DICTIONARY_BLOCK < s->counts.terms;
    if (!*found || (ns_dictionary_block(at, s, (uint64_t)piece * PIECE_BLOCKS) && ns_dictionary_next(at)))
        return NSEARCH_OK;
    return ns_segment_damaged(s, NS_SECTION_DICTIONARY, err);
}

/* Joins the lists of the least term of all walks, 'least' being the first that stands on it. */
static nsearch_status join(const term_merge *m, slot *t, size_t least, nsearch_error *err)
{
    walk first = t->walks[least]; /* keeps the key while its walk goes on */
    joined e = {.key = t->bytes.size, .length = first.at.length, .holders = t->holders.size};
    nsearch_status status = NSEARCH_OK;
    for (size_t i = least; i < m->count && !status; i++) {
        const ns_merge_source *s = &m->sources[i];
        walk *w = &t->walks[i];
        if (w->at_end || (i != least && compare_walks(w, &first) != 0))
            continue;
        if (ns_named_kind(first.at.key[0])) {
            ns_buffer_add(&t->holders, &(uint32_t){(uint32_t)i}, sizeof(uint32_t));
            e.holder_count++;
        }
        t->steps++;
        status = add_list(m, t, s, &w->at.list, err);
        if (!status)
            status = stepped(s, w, ns_dictionary_next(&w->at), err);
    }
    if (!status)
        status = ns_postings_finish(&t->writer, &e.list, err);
    if (status)
        return status;
    ns_buffer_add(&t->bytes, first.at.key, first.at.length);
    e.inlined = t->bytes.size;
    e.inlined_size = e.list.df ? (size_t)(e.list.inlined_end - e.list.inlined) : 0;
    ns_buffer_add(&t->bytes, e.list.inlined, e.inlined_size);
    ns_buffer_add(&t->terms, &e, sizeof e);
    return t->bytes.failed || t->holders.failed || t->terms.failed ? ns_error_memory(err) : NSEARCH_OK;
}

static nsearch_status join_piece(size_t piece, size_t number, void *user, nsearch_error *err)
{
    const term_merge *m = user;
    slot *t = &m->slots[number];
    ns_dictionary_walk begin, end;
    bool found, bounded = false;
    ns_buffer_clear(&t->lists);
    ns_buffer_clear(&t->positions);
    ns_buffer_clear(&t->bytes);
    ns_buffer_clear(&t->holders);
    ns_buffer_clear(&t->terms);
    t->steps = 0;
    nsearch_status status = piece_begin(m, piece, &begin, &found, err);
    if (!status)
        status = piece_begin(m, piece + 1, &end, &bounded, err);
    for (size_t i = 0; i < m->count && !status; i++) {
        const ns_merge_source *s = &m->sources[i];
        bool has_term = ns_dictionary_seek(&t->walks[i].at, s->segment, begin.key, piece ? begin.length : 0);
        status = stepped(s, &t->walks[i], has_term, err);
    }
    while (!status) {
        size_t least = m->count;
        for (size_t i = 0; i < m->count; i++)
            if (!t->walks[i].at_end && (least == m->count || compare_walks(&t->walks[i], &t->walks[least]) < 0))
                least = i;
        if (least == m->count ||
            (bounded && compare(t->walks[least].at.key, t->walks[least].at.length, end.key, end.length) >= 0))
            break;
        status = join(m, t, least, err);
    }
    return status;
}

/* A name gets its number in the new segment; its sources learn it, and those of names that are gone too. */
static void number_name(term_merge *m, const uint32_t *holders, const joined *e)
{
    for (uint32_t i = 0; i < e->holder_count; i++) {
        ns_merge_source *s = &m->sources[holders[i]];
        if (s->named < s->name_count)
            s->numbers[s->named++] = m->name_count;
    }
    m->name_count += e->holder_count && e->list.df;
}

static nsearch_status write_piece(size_t piece, size_t number, void *user, nsearch_error *err)
{
    term_merge *m = user;
    const slot *t = &m->slots[number];
    const joined *e = (const joined *)(const void *)t->terms.data;
    const uint8_t *bytes = t->bytes.data;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < t->terms.size / sizeof *e && !status; i++) {
        ns_list list = e[i].list;
        if (e[i].holder_count)
            number_name(m, (const uint32_t *)(const void *)(t->holders.data + e[i].holders), &e[i]);
        if (!list.df)
            continue;
        list.inlined = e[i].inlined_size ? bytes + e[i].inlined : NULL;
        list.inlined_end = e[i].inlined_size ? list.inlined + e[i].inlined_size : NULL;
        status = ns_terms_add(m->terms, bytes + e[i].key, e[i].length, &list, t->lists.data, t->positions.data, err);
    }
    m->steps += t->steps;
    for (size_t i = 0; i < m->count && piece % 2; i++)
        ns_segment_let_go(m->sources[i].segment);
    return status;
}

/* ---- all */

static nsearch_status make_slots(term_merge *m, size_t slots, nsearch_error *err)
{
    m->slots = calloc(slots, sizeof *m->slots);
    if (!m->slots)
        return ns_error_memory(err);
    for (size_t i = 0; i < slots; i++) {
        slot *t = &m->slots[i];
        ns_postings_writer_init(&t->writer, &t->lists, &t->positions);
        ns_arena_init(&t->arena);
        t->walks = calloc(m->count, sizeof *t->walks);
        if (!t->walks)
            return ns_error_memory(err);
    }
    return NSEARCH_OK;
}

static void free_slots(term_merge *m, size_t slots)
{
    for (size_t i = 0; m->slots && i < slots; i++) {
        slot *t = &m->slots[i];
        ns_postings_writer_release(&t->writer);
        ns_buffer_release(&t->lists);
        ns_buffer_release(&t->positions);
        ns_buffer_release(&t->bytes);
        ns_buffer_release(&t->holders);
        ns_buffer_release(&t->terms);
        ns_arena_release(&t->arena);
        free(t->walks);
    }
    free(m->slots);
}

nsearch_status ns_merge_terms(ns_merge_source *sources, size_t count, const uint8_t *starts, const uint8_t *copies,
                              int threads, ns_terms_writer *terms, nsearch_error *err)
{
    term_merge m = {.sources = sources, .count = count, .starts = starts, .copies = copies, .terms = terms};
    size_t slots = threads > 1 ? (size_t)threads * SLOTS_PER_THREAD : 1;
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        all += sources[i].segment->counts.terms;
        if (sources[i].segment->counts.terms > sources[m.widest].segment->counts.terms)
            m.widest = i;
    }
    uint64_t most = sources[m.widest].segment->counts.terms, in_piece = PIECE_BLOCKS * NS_DICTIONARY_BLOCK;
    nsearch_status status = make_slots(&m, slots, err);
    if (!status)
        status = ns_ordered_run(threads, (size_t)((most + in_piece - 1) / in_piece), slots, join_piece, write_piece, &m, err);
    if (!status && m.steps != all) /* a dictionary is out of order: some terms were not met, or were twice */
        status = ns_segment_damaged(sources[m.widest].segment, NS_SECTION_DICTIONARY, err);
    free_slots(&m, slots);
    return status;
}
