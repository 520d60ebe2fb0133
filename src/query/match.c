/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match.c - which way to match, part by part: one heap and one threshold over all parts.
 */
#include "src/query/match.h"

#include <string.h>

#include "src/query/filter_bits.h"
#include "src/query/match_part.h"
#include "src/query/select.h"

/* ---- filtered: the selector gives articles, each is scored whole */

typedef struct filtered {
    ns_part_match *m;
    ns_selector *selector;
    double *scores; /* of one article's passages */
    size_t capacity;
} filtered;

static nsearch_status score_article(filtered *f, uint32_t article, uint32_t count, nsearch_error *err)
{
    ns_part_match *m = f->m;
    if (count > f->capacity) {
        f->capacity = count * 2;
        f->scores = ns_arena_array(m->arena, f->capacity, sizeof *f->scores);
        if (!f->scores)
            return ns_error_memory(err);
    }
    memset(f->scores, 0, count * sizeof *f->scores);
    for (size_t i = 0; i < m->count; i++) {
        ns_cursor *c = m->cursors[i];
        if (!c)
            continue;
        for (uint32_t d = ns_cursor_seek(c, article); d < article + count; d = ns_cursor_next(c))
            f->scores[d - article] += ns_bm25_part(m->formula, m->plan->weights[i].weight, ns_cursor_freq(c),
                                                   ns_bm25_norm(m->formula, ns_part_length(m, d)));
    }
    uint32_t best = article;
    for (uint32_t i = 1; i < count; i++)
        if (f->scores[i] > f->scores[best - article])
            best = article + i;
    ns_topk_offer(m->top, f->scores[best - article], best, article);
    return NSEARCH_OK;
}

static nsearch_status match_filtered(ns_part_match *m, uint64_t *found, nsearch_error *err)
{
    filtered f = {.m = m};
    nsearch_status status = ns_selector_open(m->snapshot, m->number, m->plan->filter, m->arena, &f.selector, err);
    for (uint32_t at = m->part.docid_begin; !status;) {
        uint32_t article = ns_selector_next_geq(f.selector, at);
        if (article == NS_DOCID_END)
            break;
        at = article;
        do /* past the article: a removed one has no columns to tell its size */
            at++;
        while (at < m->part.docid_end && m->snapshot->backend->article_of(m->snapshot, at) <= article);
        if (ns_part_has_removed(&m->part, article))
            continue;
        ns_article_columns columns;
        if (ns_article_outline(m->snapshot, article, &columns, NULL))
            continue;
        (*found)++;
        status = score_article(&f, article, columns.passage_count, err);
    }
    if (!status)
        status = ns_selector_status(f.selector, err);
    ns_selector_close(f.selector);
    return status;
}

/* ---- filtered, as sets of passages */

/* Fewer candidates than this have their positions looked at before they are ranked. */
#define LATE_MIN 512

/* A leaf that looks at positions, or an AND of leaves: its positions may be looked at as late as one likes. */
static bool is_conjunction(const ns_filter *f, bool within)
{
    bool good = f->kind == NS_FILTER_TERM || f->kind == NS_FILTER_PHRASE;
    if (f->kind == NS_FILTER_AND && !within) {
        good = true;
        for (size_t i = 0; i < f->child_count; i++)
            good &= is_conjunction(f->children[i], true);
    }
    return good;
}

static bool is_weighted(const ns_plan *plan, const ns_filter *term)
{
    for (size_t i = 0; i < plan->weight_count; i++)
        if (plan->weights[i].key_length == term->key_length &&
            !memcmp(plan->weights[i].key, term->key, term->key_length))
            return true;
    return false;
}

/* Whether every passage that satisfies a conjunction holds a weighted term. */
static bool surely_scores(const ns_plan *plan, const ns_filter *f)
{
    bool scores = f->kind == NS_FILTER_TERM && is_weighted(plan, f);
    for (size_t i = 0; i < f->child_count && !scores; i++)
        scores = surely_scores(plan, f->children[i]);
    return scores;
}

/* The PHRASEs of a conjunction. */
static nsearch_status checks_of(const ns_filter *f, ns_arena *arena, ns_selection *selection, nsearch_error *err)
{
    const ns_filter **checks = ns_arena_array(arena, f->child_count + 1, sizeof *checks);
    if (!checks)
        return ns_error_memory(err);
    selection->checks = checks;
    if (f->kind == NS_FILTER_PHRASE)
        checks[selection->check_count++] = f;
    for (size_t i = 0; i < f->child_count && f->kind == NS_FILTER_AND; i++)
        if (f->children[i]->kind != NS_FILTER_TERM)
            checks[selection->check_count++] = f->children[i];
    return NSEARCH_OK;
}

/* Selected articles that hold no weighted term come last, by docid. All others are in the heap when it is not full. */
static void add_unscored(ns_part_match *m, const uint8_t *bits)
{
    uint32_t passages = m->part.docid_end - m->part.docid_begin;
    size_t scored = m->top->count;
    for (uint32_t at = 0; m->top->count < m->top->limit; at++) {
        at = ns_bits_next(bits, at, passages);
        if (at >= passages)
            break;
        uint32_t docid = m->part.docid_begin + at;
        uint32_t article = m->snapshot->backend->article_of(m->snapshot, docid);
        bool known = docid != article;
        for (size_t i = 0; i < scored && !known; i++)
            known = m->top->heap[i].article == article;
        if (!known)
            m->top->heap[m->top->count++] = (ns_candidate){0, article, article};
    }
}

/* Ranks the passages of a conjunction and looks at positions only where a passage can still enter. Where that does not
 * pay, *done stays false and nothing was offered. */
static nsearch_status match_late(ns_part_match *m, const ns_match_options *options, uint8_t *bits, bool *done,
                                 nsearch_error *err)
{
    ns_selection selection = {.bits = bits};
    bool hopeless = false;
    nsearch_status status = checks_of(m->plan->filter, m->arena, &selection, err);
    if (status || (selection.check_count && ns_range_kernels_best()->some(bits, ns_range_count(m->part.docid_end - m->part.docid_begin), LATE_MIN) < LATE_MIN))
        return status;
    status = ns_match_ranges(m, options->cache, &selection, &hopeless, err);
    *done = !hopeless;
    return hopeless && !status ? ns_part_match_rewind_all(m, err) : status;
}

/* The sets of all parts are kept until it is known whether unscored articles are wanted. */
static nsearch_status match_sets(ns_part_match *m, const ns_match_options *options, uint8_t **bits, uint64_t *found,
                                 nsearch_error *err)
{
    const ns_plan *plan = m->plan;
    nsearch_status status = NSEARCH_OK;
    if (options->uncounted && m->part.single && is_conjunction(plan->filter, false) &&
        surely_scores(plan, plan->filter)) {
        bool done = false;
        status = ns_filter_bits(m, options->cache, plan->filter, true, bits, err);
        if (!status)
            status = match_late(m, options, *bits, &done, err);
        if (status || done)
            return status;
        status = ns_filter_look(m, options->cache, plan->filter, *bits, err);
    } else {
        status = ns_filter_bits(m, options->cache, plan->filter, false, bits, err);
    }
    ns_selection selection = {.bits = *bits};
    if (status)
        return status;
    *found += ns_count_articles(m, *bits);
    return ns_match_ranges(m, options->cache, &selection, NULL, err);
}

/* ---- how many articles a ranked query matches */

static nsearch_status count_ranked(ns_part_match *m, ns_maxima_cache *cache, ns_match *match, nsearch_error *err)
{
    const ns_backend *backend = m->snapshot->backend;
    nsearch_status status = NSEARCH_OK;
    match->found = 0;
    match->at_least = false;
    for (m->number = 0; m->number < backend->part_count(m->snapshot) && !status; m->number++) {
        uint8_t *bits;
        backend->part(m->snapshot, m->number, &m->part);
        status = ns_weight_bits(m, cache, &bits, err);
        if (!status)
            match->found += ns_count_articles(m, bits);
    }
    return status;
}

/* ---- all parts */

static bool by_sets(const ns_part_match *m, const ns_match_options *options)
{
    return m->plan->filter && m->part.lengths && options->mode != NS_MATCH_EXHAUSTIVE;
}

static nsearch_status match_part(ns_part_match *m, const ns_match_options *options, uint8_t **bits, uint64_t *found,
                                 nsearch_error *err)
{
    const ns_selection everything = {0};
    nsearch_status status = ns_part_match_open(m, err);
    *bits = NULL;
    if (!status && by_sets(m, options))
        status = match_sets(m, options, bits, found, err);
    else if (!status && m->plan->filter)
        status = match_filtered(m, found, err);
    else if (!status && options->mode == NS_MATCH_EXHAUSTIVE)
        status = ns_match_exhaustive(m, err);
    else if (!status)
        status = ns_match_ranges(m, options->cache, &everything, NULL, err);
    if (!status && ns_part_match_damaged(m))
        status = ns_match_damaged(err);
    ns_part_match_close(m);
    return status;
}

static nsearch_status match_parts(ns_part_match *m, const ns_match_options *options, uint64_t *found,
                                  nsearch_error *err)
{
    const ns_backend *backend = m->snapshot->backend;
    size_t parts = backend->part_count(m->snapshot);
    uint8_t **bits = ns_arena_zero(m->arena, (parts + 1) * sizeof *bits);
    nsearch_status status = bits ? NSEARCH_OK : ns_error_memory(err);
    for (m->number = 0; m->number < parts && !status; m->number++)
        status = match_part(m, options, &bits[m->number], found, err);
    ns_topk_finish(m->top);
    for (size_t i = 0; i < parts && !status; i++) {
        backend->part(m->snapshot, i, &m->part);
        if (bits[i] && *found > m->top->count)
            add_unscored(m, bits[i]);
    }
    return status;
}

nsearch_status ns_match_run(ns_snapshot *snapshot, const ns_plan *plan, const ns_match_options *options,
                            ns_arena *arena, ns_match *match, nsearch_error *err)
{
    const ns_backend *backend = snapshot->backend;
    ns_topk top;
    nsearch_status status = NSEARCH_OK;
    *match = (ns_match){NULL, 0, 0, false};
    ns_bm25 *formula = ns_arena_take(arena, sizeof *formula);
    if (!formula || !ns_topk_init(&top, options->limit, arena))
        return ns_error_memory(err);
    if (!plan->filter && !plan->weight_count)
        return NSEARCH_OK;
    if (plan->weight_count)
        ns_bm25_init(formula, plan->k1, plan->b, plan->average_length);
    ns_part_match m = {.snapshot = snapshot, .plan = plan, .formula = formula, .top = &top, .arena = arena};
    bool answers = options->mode == NS_MATCH_BEST && backend->answer && !plan->filter;
    if (answers)
        status = backend->answer(snapshot, plan, options->limit, top.heap, &top.count, &match->found,
                                 &match->at_least, err);
    else
        status = match_parts(&m, options, &match->found, err);
    if (!status && !plan->filter && !options->uncounted && (!answers || match->at_least))
        status = count_ranked(&m, options->cache, match, err);
    if (!status) {
        match->candidates = top.heap;
        match->count = top.count;
    }
    return status;
}
