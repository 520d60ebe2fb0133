/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * every.c - part by part, from the sets of filter_bits.h, or by walking a selector.
 */
#include "src/query/every.h"

#include <string.h>

#include "src/base/day.h"
#include "src/query/filter_bits.h"
#include "src/query/select.h"

typedef struct every {
    ns_part_match m;
    ns_maxima_cache *cache;
    bool dated;
    ns_dated *items;
    size_t count, capacity;
} every;

static nsearch_status reserve(every *e, size_t more, nsearch_error *err)
{
    if (e->count + more <= e->capacity)
        return NSEARCH_OK;
    size_t capacity = e->count + more + e->capacity;
    ns_dated *items = ns_arena_array(e->m.arena, capacity, sizeof *items);
    if (!items)
        return ns_error_memory(err);
    if (e->count)
        memcpy(items, e->items, e->count * sizeof *items);
    e->items = items;
    e->capacity = capacity;
    return NSEARCH_OK;
}

/* Takes the article, which is live; gives a docid past this one and not past the next article's first. */
static uint32_t take_undated(every *e, uint32_t docid)
{
    uint32_t article = e->m.part.single ? docid : e->m.snapshot->backend->article_of(e->m.snapshot, docid);
    if (!e->count || e->items[e->count - 1].article != article)
        e->items[e->count++] = (ns_dated){NS_DAY_UNKNOWN, article, 0};
    return docid + 1;
}

/* Takes the article; gives where the next one begins. */
static uint32_t take(every *e, uint32_t docid)
{
    ns_article_columns columns;
    if (!e->dated)
        return take_undated(e, docid);
    if (ns_article_outline(e->m.snapshot, docid, &columns, NULL))
        return docid + 1; /* removed */
    e->items[e->count++] = (ns_dated){ns_article_day(&columns), columns.article, ns_group_number(columns.group)};
    return columns.article + columns.passage_count;
}

static nsearch_status find_in_set(every *e, nsearch_error *err)
{
    const ns_part_match *m = &e->m;
    uint32_t passages = m->part.docid_end - m->part.docid_begin;
    uint8_t *bits;
    nsearch_status status = m->plan->filter ? ns_filter_bits(m, e->cache, m->plan->filter, false, &bits, err)
                                            : ns_weight_bits(m, e->cache, &bits, err);
    if (!status)
        status = reserve(e, ns_count_articles(m, bits), err);
    for (uint32_t at = 0; !status && (at = ns_bits_next(bits, at, passages)) < passages;)
        at = take(e, m->part.docid_begin + at) - m->part.docid_begin;
    return status;
}

static nsearch_status find_by_walking(every *e, const ns_filter *filter, nsearch_error *err)
{
    ns_selector *selector;
    const ns_part *part = &e->m.part;
    nsearch_status status = ns_selector_open(e->m.snapshot, e->m.number, filter, e->m.arena, &selector, err);
    for (uint32_t at = part->docid_begin; !status && at < part->docid_end;) {
        at = ns_selector_next_geq(selector, at);
        if (at == NS_DOCID_END)
            break;
        status = reserve(e, 1, err);
        if (!status)
            at = ns_part_has_removed(part, at) ? at + 1 : take(e, at);
    }
    if (!status)
        status = ns_selector_status(selector, err);
    ns_selector_close(selector);
    return status;
}

/* A ranked query as a filter: any of its terms. */
static ns_filter *any_weight(const ns_plan *plan, ns_arena *arena)
{
    ns_filter *terms = ns_arena_zero(arena, (plan->weight_count + 1) * sizeof *terms);
    ns_filter **children = ns_arena_array(arena, plan->weight_count + 1, sizeof *children);
    if (!terms || !children)
        return NULL;
    for (size_t i = 0; i < plan->weight_count; i++) {
        children[i] = &terms[i + 1];
        terms[i + 1] = (ns_filter){.kind = NS_FILTER_TERM, .key = plan->weights[i].key,
                                   .key_length = plan->weights[i].key_length};
    }
    *terms = (ns_filter){.kind = NS_FILTER_OR, .children = children, .child_count = plan->weight_count};
    return terms;
}

nsearch_status ns_every_find(ns_snapshot *snapshot, const ns_plan *plan, ns_maxima_cache *cache, bool dated, bool exhaustive,
                             ns_arena *arena, ns_dated **articles, size_t *count, nsearch_error *err)
{
    const ns_backend *backend = snapshot->backend;
    every e = {.m = {.snapshot = snapshot, .plan = plan, .arena = arena}, .cache = cache, .dated = dated};
    const ns_filter *filter = plan->filter;
    nsearch_status status = NSEARCH_OK;
    *articles = NULL;
    *count = 0;
    if (!filter && !plan->weight_count)
        return NSEARCH_OK;
    if (!filter && exhaustive && !(filter = any_weight(plan, arena)))
        return ns_error_memory(err);
    for (; e.m.number < backend->part_count(snapshot) && !status; e.m.number++) {
        backend->part(snapshot, e.m.number, &e.m.part);
        status = exhaustive ? find_by_walking(&e, filter, err) : find_in_set(&e, err);
    }
    if (!status) {
        *articles = e.items;
        *count = e.count;
    }
    return status;
}
