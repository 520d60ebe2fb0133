/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gather.c - batches: filled by many threads, put in order by one.
 */
#include "index/native/gather.h"

#include <libdeflate.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/native/parts.h"
#include "src/base/bytes.h"

#define SPOOLS "gather" /* temporary files: gather.a and so on */
enum { SEEN_BITS = 1 << 23 };
/* Bytes of memory for a byte of postings, for a term, for a passage; a little more than was seen, so that the budget
 * holds. */
#define COST_POSTINGS 1.4
#define COST_TERM 150.0
#define COST_PASSAGE 3.0

nsearch_status ns_gather_init(ns_gather *g, int dirfd, int lanes, nsearch_error *err)
{
    memset(g, 0, sizeof *g);
    g->dirfd = dirfd;
    ns_columns_writer_init(&g->columns, dirfd, SPOOLS);
    ns_texts_writer_init(&g->texts, dirfd, SPOOLS, &g->text_error);
    g->lane_count = lanes;
    g->lanes = calloc((size_t)lanes, sizeof *g->lanes);
    g->seen = calloc(SEEN_BITS / 8, 1);
    if (!g->lanes || !g->seen) {
        ns_gather_release(g);
        return ns_error_memory(err);
    }
    for (int i = 0; i < lanes; i++)
        ns_inverter_init(&g->lanes[i].inverter);
    return NSEARCH_OK;
}

void ns_gather_release(ns_gather *g)
{
    for (int i = 0; g->lanes && i < g->lane_count; i++) {
        ns_inverter_release(&g->lanes[i].inverter);
        free(g->lanes[i].runs);
        libdeflate_free_compressor(g->lanes[i].compressor);
    }
    free(g->lanes);
    free(g->seen);
    ns_buffer_release(&g->named);
    ns_columns_writer_release(&g->columns);
    ns_texts_writer_release(&g->texts);
    memset(g, 0, sizeof *g);
}

/* ---- a batch, in its lane's thread */

nsearch_status ns_batch_begin(ns_gather *g, int lane, ns_native_batch **batch, nsearch_error *err)
{
    ns_native_batch *b = g->lanes ? calloc(1, sizeof *b) : NULL; /* none: the store failed before */
    if (!b)
        return ns_error_memory(err);
    b->lane = &g->lanes[lane];
    b->first = b->lane->inverter.passages;
    ns_columns_writer_init(&b->columns, -1, SPOOLS);
    ns_texts_writer_init(&b->texts, -1, SPOOLS, &b->text_error);
    b->texts.compressor = b->lane->compressor;
    b->lane->compressor = NULL;
    *batch = b;
    return NSEARCH_OK;
}

static void add_u32(ns_buffer *b, uint32_t v)
{
    ns_buffer_add(b, &v, sizeof v);
}

/* The names by the numbers of their lists. */
static nsearch_status add_names(ns_native_batch *b, const ns_analysed *article, nsearch_error *err)
{
    add_u32(&b->named, article->name_count);
    for (uint32_t i = 0; i < article->name_count; i++) {
        const ns_article_name *name = &article->names[i];
        uint32_t list = ns_inverter_find(&b->lane->inverter, name->key, name->length);
        if (list > NS_NAMED_MAX) /* checked before */
            return ns_error_set(err, NSEARCH_INVALID, "a name of article '%s' is no term of it", article->id);
        add_u32(&b->named, list << 2 | name->type);
    }
    return b->named.failed ? ns_error_memory(err) : NSEARCH_OK;
}

static nsearch_status add(ns_native_batch *b, const ns_analysed *article, nsearch_error *err)
{
    uint8_t record[NS_SKETCH_RECORD];
    char key[NS_TERM_MAX];
    nsearch_status status = ns_inverter_add(&b->lane->inverter, article, &b->tally, err);
    if (status)
        return status;
    status = add_names(b, article, err);
    if (status)
        return status == NSEARCH_INVALID ? b->status = status : status;
    uint32_t id_length = (uint32_t)ns_id_key(article->id, key);
    ns_buffer_add_u32(&b->ids, b->columns.passage_count);
    ns_buffer_add_u32(&b->ids, id_length);
    ns_buffer_add(&b->ids, key, id_length);
    ns_article_facts facts = {.day = article->day, .text_bytes = article->text_bytes, .hash = article->hash,
                              .group = article->group};
    ns_texts_add(&b->texts, article->stored, article->stored_size, &facts);
    if (b->texts.status)
        return ns_error_set(err, b->texts.status, "%s", b->text_error.text);
    ns_sketch_encode(&article->sketch, record);
    ns_columns_add_article(&b->columns, &facts, record);
    for (uint32_t i = 0; i < article->passage_count; i++)
        ns_columns_add_passage(&b->columns, article->passages[i].length);
    b->text_bytes += article->text_bytes;
    b->content = ns_hash64(article->id, strlen(article->id), b->content ^ article->hash);
    b->content = ns_hash64(article->stored, article->stored_size, b->content);
    return b->columns.failed || b->ids.failed ? ns_error_memory(err) : NSEARCH_OK;
}

nsearch_status ns_batch_add(ns_native_batch *b, const ns_analysed *article, nsearch_error *err)
{
    if (b->status)
        return ns_error_set(err, b->status, "this batch failed before");
    if (!article->passage_count || article->passage_count > NS_SEGMENT_PASSAGES_MAX - b->columns.passage_count)
        return ns_error_set(err, NSEARCH_INVALID, "article '%s' has no passages or too many", article->id);
    if (article->stored_size > NS_TEXT_ARTICLE_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "article '%s' of %zu bytes is too large to store", article->id,
                            article->stored_size);
    nsearch_status status = add(b, article, err);
    if (status != NSEARCH_INVALID)
        b->status = status;
    return status;
}

nsearch_status ns_batch_finish(ns_native_batch *b, nsearch_error *err)
{
    ns_texts_finish(&b->texts);
    b->lane->compressor = b->texts.compressor;
    b->texts.compressor = NULL;
    if (!b->status && b->texts.status)
        b->status = ns_error_set(err, b->texts.status, "%s", b->text_error.text);
    return b->status;
}

void ns_batch_free(ns_native_batch *b)
{
    if (!b)
        return;
    ns_columns_writer_release(&b->columns);
    ns_texts_writer_release(&b->texts);
    ns_buffer_release(&b->tally.fresh);
    ns_buffer_release(&b->named);
    ns_buffer_release(&b->ids);
    free(b);
}

/* ---- in order */

static bool add_run(ns_lane *lane, uint32_t lane_first, uint32_t docid_first)
{
    if (lane->run_count == lane->run_capacity) {
        uint32_t capacity = lane->run_capacity ? lane->run_capacity * 2 : 64;
        ns_lane_run *runs = realloc(lane->runs, capacity * sizeof *runs);
        if (!runs)
            return false;
        lane->runs = runs;
        lane->run_capacity = capacity;
    }
    lane->runs[lane->run_count++] = (ns_lane_run){lane_first, docid_first};
    return true;
}

static void take_names(ns_gather *g, const ns_native_batch *b)
{
    const uint32_t *p = (const uint32_t *)(const void *)b->named.data;
    const uint32_t *end = p + b->named.size / sizeof *p;
    while (p < end) {
        add_u32(&g->named, (uint32_t)(b->lane - g->lanes));
        ns_buffer_add(&g->named, p, (*p + 1) * sizeof *p);
        p += *p + 1;
    }
}

nsearch_status ns_gather_take(ns_gather *g, ns_native_batch *b, nsearch_error *err)
{
    if (b->status)
        return ns_error_set(err, b->status, "a batch failed before");
    if (b->columns.passage_count > NS_SEGMENT_PASSAGES_MAX - g->columns.passage_count)
        return ns_error_set(err, NSEARCH_INVALID, "too many passages for one segment");
    if (!b->columns.passage_count)
        return NSEARCH_OK;
    if (!add_run(b->lane, b->first, g->columns.passage_count))
        return ns_error_memory(err);
    ns_columns_append(&g->columns, &b->columns, g->texts.block_count);
    ns_texts_append(&g->texts, &b->texts);
    take_names(g, b);
    g->content = ns_mix64(g->content ^ b->content);
    g->bytes += b->tally.bytes;
    for (size_t at = 0; at < b->tally.fresh.size; at += sizeof(uint32_t)) {
        uint32_t hash;
        memcpy(&hash, b->tally.fresh.data + at, sizeof hash);
        hash %= SEEN_BITS;
        g->seen_count += !(g->seen[hash / 8] >> hash % 8 & 1);
        g->seen[hash / 8] |= (uint8_t)(1u << hash % 8);
    }
    if (g->texts.status)
        return ns_error_set(err, g->texts.status, "%s", g->text_error.text);
    return g->columns.failed || g->named.failed ? ns_error_memory(err) : NSEARCH_OK;
}

size_t ns_gather_bytes(const ns_gather *g)
{
    /* Distinct terms by linear counting (Whang 1990): by how many bits are still clear. */
    double clear = SEEN_BITS - (double)g->seen_count;
    double terms = SEEN_BITS * -log((clear < 1.0 ? 1.0 : clear) / SEEN_BITS);
    return (size_t)((double)g->bytes * COST_POSTINGS + terms * COST_TERM +
                    (double)g->columns.passage_count * COST_PASSAGE) +
           ns_columns_bytes(&g->columns) + ns_texts_bytes(&g->texts) + g->named.capacity;
}
