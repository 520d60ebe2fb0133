/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * flush.c - writes what was gathered as one segment. The terms are cut into pieces of the alphabet; threads encode the
 * lists of different pieces, and the pieces are written in order.
 */
#include <stdlib.h>
#include <string.h>

#include "index/native/gather.h"
#include "index/native/postings.h"
#include "index/native/terms_write.h"
#include "src/base/ordered.h"

enum { PIECE_TERMS = 2048, SLOTS_PER_THREAD = 2 };

/* A term of one lane, being read; its docids are those of the segment. */
typedef struct reading {
    ns_inverted_reader reader;
    const ns_lane *lane;
    uint32_t run, run_end; /* the run in hand, and the lane's passage after it */
    uint32_t docid;
    bool at_end;
} reading;

/* A term that was encoded. */
typedef struct encoded {
    const ns_inverted_term *term;
    ns_list list;
    size_t inlined, inlined_size; /* in the slot's bytes */
} encoded;

typedef struct slot {
    ns_postings_writer writer;
    ns_buffer lists, positions, inlined, terms; /* terms: struct encoded */
    reading *readings;                          /* one a lane */
    size_t *next;                               /* of each lane: the term it is at, in its order */
} slot;

typedef struct flush {
    ns_gather *g;
    uint32_t **orders; /* of each lane */
    int widest;        /* the lane with the most terms: its order is cut into pieces */
    slot *slots;
    const uint8_t *copies; /* ns_columns_copies */
    ns_terms_writer terms;
} flush;

static const ns_inverted_term *term_at(const flush *f, int lane, size_t place)
{
    const ns_inverter *inv = &f->g->lanes[lane].inverter;
    return place < inv->count ? &inv->terms[f->orders[lane][place]] : NULL;
}

/* Where the piece begins in the order of a lane. */
static size_t piece_begin(const flush *f, int lane, size_t piece)
{
    size_t count = f->g->lanes[lane].inverter.count, low = 0, high = count;
    const ns_inverted_term *first = term_at(f, f->widest, piece * PIECE_TERMS);
    if (!piece)
        return 0;
    if (!first)
        return count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ns_inverted_compare(term_at(f, lane, middle), first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- one term */

/* The last run that begins at or before the passage: never before 'from'. */
static uint32_t run_of(const ns_lane *lane, uint32_t passage, uint32_t from)
{
    uint32_t low = from, high = lane->run_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lane->runs[middle].lane_first <= passage)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void advance(reading *r)
{
    r->at_end = !ns_inverted_next(&r->reader);
    if (r->at_end)
        return;
    uint32_t passage = r->reader.docid;
    if (passage >= r->run_end) {
        r->run = run_of(r->lane, passage, r->run);
        r->run_end = r->run + 1 < r->lane->run_count ? r->lane->runs[r->run + 1].lane_first : UINT32_MAX;
    }
    r->docid = passage - r->lane->runs[r->run].lane_first + r->lane->runs[r->run].docid_first;
}

static bool open_reading(reading *r, const ns_lane *lane, uint32_t list)
{
    if (!ns_inverted_open(&r->reader, &lane->inverter, list))
        return false;
    r->lane = lane;
    r->run = r->run_end = 0;
    advance(r);
    return true;
}

/* Encodes the postings that 'count' lanes have of a term; false: out of memory. */
static bool encode_list(const flush *f, slot *s, size_t count)
{
    const uint8_t *starts = f->g->columns.starts;
    for (;;) {
        reading *least = NULL;
        uint32_t limit = UINT32_MAX; /* where another lane's posting comes next */
        for (size_t i = 0; i < count; i++) {
            reading *r = &s->readings[i];
            if (r->at_end)
                continue;
            if (!least || r->docid < least->docid) {
                limit = least && least->docid < limit ? least->docid : limit;
                least = r;
            } else if (r->docid < limit) {
                limit = r->docid;
            }
        }
        if (!least)
            break;
        for (; !least->at_end && least->docid < limit; advance(least)) {
            const ns_inverted_reader *p = &least->reader;
            ns_postings_add(&s->writer, least->docid, ns_text_of(starts, f->copies, least->docid), p->tf, p->positions,
                            p->count);
        }
    }
    for (size_t i = 0; i < count; i++)
        if (s->readings[i].reader.bytes.failed || s->readings[i].reader.places.failed)
            return false;
    return true;
}

static nsearch_status encode_term(const flush *f, slot *s, const ns_inverted_term *term, size_t readings,
                                  nsearch_error *err)
{
    encoded e = {.term = term, .inlined = s->inlined.size};
    if (!encode_list(f, s, readings))
        return ns_error_memory(err);
    nsearch_status status = ns_postings_finish(&s->writer, &e.list, err);
    if (status || !e.list.df)
        return status; /* a term of none but an article that was refused */
    e.inlined_size = (size_t)(e.list.inlined_end - e.list.inlined);
    ns_buffer_add(&s->inlined, e.list.inlined, e.inlined_size);
    ns_buffer_add(&s->terms, &e, sizeof e);
    return s->inlined.failed || s->terms.failed ? ns_error_memory(err) : NSEARCH_OK;
}

/* ---- pieces */

static nsearch_status encode_piece(size_t piece, size_t number, void *user, nsearch_error *err)
{
    flush *f = user;
    slot *s = &f->slots[number];
    ns_gather *g = f->g;
    nsearch_status status = NSEARCH_OK;
    ns_buffer_clear(&s->lists);
    ns_buffer_clear(&s->positions);
    ns_buffer_clear(&s->inlined);
    ns_buffer_clear(&s->terms);
    for (int i = 0; i < g->lane_count; i++)
        s->next[i] = piece_begin(f, i, piece);
    const ns_inverted_term *end = term_at(f, f->widest, (piece + 1) * PIECE_TERMS);
    while (!status) {
        const ns_inverted_term *least = NULL;
        size_t readings = 0;
        for (int i = 0; i < g->lane_count; i++) {
            const ns_inverted_term *t = term_at(f, i, s->next[i]);
            if (t && (!least || ns_inverted_compare(t, least) < 0))
                least = t;
        }
        if (!least || (end && ns_inverted_compare(least, end) >= 0))
            break;
        for (int i = 0; i < g->lane_count && !status; i++) {
            const ns_inverted_term *t = term_at(f, i, s->next[i]);
            if (!t || (t != least && ns_inverted_compare(t, least) != 0))
                continue;
            if (!open_reading(&s->readings[readings++], &g->lanes[i], f->orders[i][s->next[i]++]))
                status = ns_error_memory(err);
        }
        if (!status)
            status = encode_term(f, s, least, readings, err);
    }
    return status;
}

static nsearch_status write_piece(size_t piece, size_t number, void *user, nsearch_error *err)
{
    (void)piece;
    flush *f = user;
    const slot *s = &f->slots[number];
    nsearch_status status = NSEARCH_OK;
    const encoded *e = (const encoded *)(const void *)s->terms.data;
    for (size_t i = 0; i < s->terms.size / sizeof *e && !status; i++) {
        ns_list list = e[i].list;
        list.inlined = e[i].inlined_size ? s->inlined.data + e[i].inlined : NULL;
        list.inlined_end = e[i].inlined_size ? list.inlined + e[i].inlined_size : NULL;
        status = ns_terms_add(&f->terms, e[i].term->key, e[i].term->length, &list, s->lists.data, s->positions.data, err);
    }
    return status;
}

static nsearch_status order_lane(size_t lane, size_t number, void *user, nsearch_error *err)
{
    (void)number;
    flush *f = user;
    f->orders[lane] = ns_inverter_order(&f->g->lanes[lane].inverter);
    return f->orders[lane] ? NSEARCH_OK : ns_error_memory(err);
}

static nsearch_status make_slots(flush *f, size_t count, nsearch_error *err)
{
    size_t lanes = (size_t)f->g->lane_count;
    f->slots = calloc(count, sizeof *f->slots);
    f->orders = calloc(lanes, sizeof *f->orders);
    if (!f->slots || !f->orders)
        return ns_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        slot *s = &f->slots[i];
        ns_postings_writer_init(&s->writer, &s->lists, &s->positions);
        s->readings = calloc(lanes, sizeof *s->readings);
        s->next = calloc(lanes, sizeof *s->next);
        if (!s->readings || !s->next)
            return ns_error_memory(err);
    }
    return NSEARCH_OK;
}

static void free_slots(flush *f, size_t count)
{
    for (size_t i = 0; f->slots && i < count; i++) {
        slot *s = &f->slots[i];
        ns_postings_writer_release(&s->writer);
        for (int k = 0; s->readings && k < f->g->lane_count; k++)
            ns_inverted_reader_release(&s->readings[k].reader);
        free(s->readings);
        free(s->next);
        ns_buffer_release(&s->lists);
        ns_buffer_release(&s->positions);
        ns_buffer_release(&s->inlined);
        ns_buffer_release(&s->terms);
    }
    for (int k = 0; f->orders && k < f->g->lane_count; k++)
        free(f->orders[k]);
    free(f->slots);
    free(f->orders);
}

static nsearch_status write_terms(flush *f, int threads, size_t slots, nsearch_error *err)
{
    ns_gather *g = f->g;
    nsearch_status status = ns_ordered_run(threads, (size_t)g->lane_count, slots, order_lane, NULL, f, err);
    if (status)
        return status;
    for (int i = 1; i < g->lane_count; i++)
        if (g->lanes[i].inverter.count > g->lanes[f->widest].inverter.count)
            f->widest = i;
    size_t pieces = ((size_t)g->lanes[f->widest].inverter.count + PIECE_TERMS - 1) / PIECE_TERMS;
    return ns_ordered_run(threads, pieces, slots, encode_piece, write_piece, f, err);
}

/* ---- names */

/* The number (named.h) of each list of each lane that holds one. */
static nsearch_status number_names(const flush *f, uint32_t **numbers, size_t *next, nsearch_error *err)
{
    const ns_gather *g = f->g;
    uint32_t count = 0;
    for (int i = 0; i < g->lane_count; i++) {
        size_t lists = g->lanes[i].inverter.count;
        numbers[i] = calloc(lists + 1, sizeof **numbers);
        if (!numbers[i])
            return ns_error_memory(err);
        for (size_t low = 0, n = lists; n; next[i] = low) {
            size_t half = n / 2;
            bool before = term_at(f, i, low + half)->key[0] < NS_NAMED_FIRST;
            low += before ? n - half : 0;
            n = half;
        }
    }
    for (;;) {
        const ns_inverted_term *least = NULL;
        bool written = false;
        for (int i = 0; i < g->lane_count; i++) {
            const ns_inverted_term *t = term_at(f, i, next[i]);
            if (t && t->key[0] < NS_NAMED_END && (!least || ns_inverted_compare(t, least) < 0))
                least = t;
        }
        if (!least)
            return NSEARCH_OK;
        for (int i = 0; i < g->lane_count; i++) {
            const ns_inverted_term *t = term_at(f, i, next[i]);
            if (!t || (t != least && ns_inverted_compare(t, least) != 0))
                continue;
            numbers[i][f->orders[i][next[i]++]] = count;
            written |= t->first != NULL;
        }
        count += written; /* a term of none but an article that was refused has no place */
    }
}

static nsearch_status write_names(const flush *f, ns_named_writer *named, nsearch_error *err)
{
    size_t lanes = (size_t)f->g->lane_count;
    uint32_t **numbers = calloc(lanes, sizeof *numbers), *entries = NULL;
    size_t *next = calloc(lanes, sizeof *next), room = 0;
    nsearch_status status = numbers && next ? number_names(f, numbers, next, err) : ns_error_memory(err);
    const uint32_t *p = (const uint32_t *)(const void *)f->g->named.data;
    const uint32_t *end = p + f->g->named.size / sizeof *p;
    while (!status && p < end) {
        const uint32_t *of_lane = numbers[p[0]], count = p[1];
        if (count > room) {
            free(entries);
            room = (size_t)count * 2;
            entries = calloc(room, sizeof *entries);
            if (!entries) {
                status = ns_error_memory(err);
                break;
            }
        }
        for (uint32_t i = 0; i < count; i++)
            entries[i] = of_lane[p[2 + i] >> 2] << 2 | (p[2 + i] & 3);
        ns_named_add(named, entries, count);
        p += 2 + count;
    }
    for (size_t i = 0; numbers && i < lanes; i++)
        free(numbers[i]);
    free(numbers);
    free(next);
    free(entries);
    return status;
}

nsearch_status ns_gather_write(ns_gather *g, int threads, const char *name, uint64_t id, ns_manifest_file *file,
                               nsearch_error *err)
{
    flush f = {.g = g};
    ns_segment_writer out;
    size_t slots = threads > 1 ? (size_t)threads * SLOTS_PER_THREAD : 1;
    nsearch_status status = ns_segment_create(g->dirfd, name, id, &out, err);
    ns_named_writer named;
    uint32_t texts = 0;
    ns_terms_writer_init(&f.terms, g->dirfd, name, &out);
    ns_named_writer_init(&named, g->dirfd, name);
    if (!status && !(f.copies = ns_columns_copies(&g->columns, &texts)))
        status = ns_error_memory(err);
    if (!status)
        status = make_slots(&f, slots, err);
    if (!status)
        status = write_terms(&f, threads, slots, err);
    if (!status)
        status = write_names(&f, &named, err);
    if (!status) {
        ns_terms_finish(&f.terms);
        ns_columns_put(&g->columns, &out);
        g->texts.err = err;
        ns_texts_put(&g->texts, &out);
        ns_named_put(&named, &out);
        ns_columns_put_groups(&g->columns, &out);
        ns_segment_counts counts = {
            .passages = g->columns.passage_count,
            .articles = g->columns.article_count,
            .texts = texts,
            .terms = f.terms.dictionary.count,
            .postings = f.terms.postings,
            .total_length = g->columns.total_length,
            .text_bytes = g->columns.text_bytes,
        };
        status = ns_segment_finish(&out, &counts, file);
    }
    ns_segment_abort(&out);
    ns_terms_writer_release(&f.terms);
    ns_named_writer_release(&named);
    free_slots(&f, slots);
    return status;
}
