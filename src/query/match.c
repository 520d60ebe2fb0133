/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match.c - which way to match, part by part: one heap and one threshold over all parts.
 */
#include "src/query/match.h"

#include <string.h>

#include "src/base/bytes.h"
#include "src/query/match_part.h"
#include "src/query/select.h"

/* Above this many postings a ranked query's matches are not counted one by one. */
#define COUNT_POSTINGS_MAX 2000000

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
    uint32_t best = ns_selector_passage(f->selector);
    for (uint32_t i = 0; i < count; i++) {
        double score = f->scores[i], most = f->scores[best - article];
        if (score > most || (score == most && score > 0 && article + i < best))
            best = article + i;
    }
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
        if (m->snapshot->backend->columns(m->snapshot, article, &columns, NULL))
            continue;
        (*found)++;
        status = score_article(&f, article, columns.passage_count, err);
    }
    if (!status && ns_selector_damaged(f.selector))
        status = ns_error_set(err, NSEARCH_DAMAGED, "damaged postings: run 'nsearch-inspect verify'");
    ns_selector_close(f.selector);
    return status;
}

/* ---- how many articles a ranked query matches */

/* Live articles among the passages (or first passages) that were seen. */
static uint64_t count_articles(const ns_part *part, const uint64_t *seen, size_t words)
{
    uint64_t articles = 0;
    bool counted = false; /* the article that goes on from the word before */
    for (size_t i = 0; i < words; i++) {
        uint64_t live = seen[i], starts = part->starts ? ns_get_u64(part->starts + i * 8) : live;
        if (part->removed)
            for (unsigned k = 0; k < 8 && i * 64 + k * 8 < part->docid_end - part->docid_begin; k++)
                live &= ~((uint64_t)part->removed[i * 8 + k] << 8 * k);
        if (counted) /* its other passages */
            live &= starts ? ~((starts & -starts) - 1) : 0;
        counted = counted && !starts;
        while (live) {
            uint64_t later = starts & ~((live & -live) | ((live & -live) - 1));
            articles++;
            counted = !later;
            live &= later ? ~((later & -later) - 1) : 0;
        }
    }
    return articles;
}

static nsearch_status count_part(ns_snapshot *snapshot, const ns_plan *plan, size_t p, ns_arena *arena,
                                 uint64_t *found, nsearch_error *err)
{
    ns_part part;
    nsearch_status status = NSEARCH_OK;
    snapshot->backend->part(snapshot, p, &part);
    size_t words = (part.docid_end - part.docid_begin + 63) / 64;
    uint64_t *seen = ns_arena_zero(arena, (words + 1) * sizeof *seen);
    if (!seen)
        return ns_error_memory(err);
    for (size_t i = 0; i < plan->weight_count && !status; i++) {
        ns_cursor *c;
        const ns_weight *w = &plan->weights[i];
        status = snapshot->backend->cursor(snapshot, p, w->key, w->key_length, arena, &c, err);
        if (status || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
            uint32_t bit = (part.starts ? d : snapshot->backend->article_of(snapshot, d)) - part.docid_begin;
            seen[bit >> 6] |= UINT64_C(1) << (bit & 63);
        }
        c->ops->close(c);
    }
    *found += count_articles(&part, seen, words);
    return status;
}

static nsearch_status count_ranked(ns_snapshot *snapshot, const ns_plan *plan, ns_arena *arena, ns_match *match,
                                   nsearch_error *err)
{
    uint64_t postings = 0, most = 0;
    for (size_t i = 0; i < plan->weight_count; i++) {
        ns_term_stats stats;
        nsearch_status status = snapshot->backend->term(snapshot, plan->weights[i].key,
                                                        plan->weights[i].key_length, &stats, err);
        if (status)
            return status;
        postings += stats.df;
        if (stats.articles > most)
            most = stats.articles;
    }
    match->found = 0;
    if (plan->weight_count == 1 || postings > COUNT_POSTINGS_MAX) {
        match->found = most;
        match->at_least = plan->weight_count != 1;
        return NSEARCH_OK;
    }
    for (size_t p = 0; p < snapshot->backend->part_count(snapshot); p++) {
        nsearch_status status = count_part(snapshot, plan, p, arena, &match->found, err);
        if (status)
            return status;
    }
    return NSEARCH_OK;
}

/* ---- all parts */

static nsearch_status match_part(ns_part_match *m, const ns_match_options *options, uint64_t *found, nsearch_error *err)
{
    nsearch_status status = ns_part_match_open(m, err);
    if (!status && m->plan->filter)
        status = match_filtered(m, found, err);
    else if (!status && options->mode == NS_MATCH_EXHAUSTIVE)
        status = ns_match_exhaustive(m, err);
    else if (!status)
        status = ns_match_ranges(m, options->cache, err);
    if (!status && ns_part_match_damaged(m))
        status = ns_error_set(err, NSEARCH_DAMAGED, "damaged postings: run 'nsearch-inspect verify'");
    ns_part_match_close(m);
    return status;
}

nsearch_status ns_match_run(ns_snapshot *snapshot, const ns_plan *plan, const ns_match_options *options,
                            ns_arena *arena, ns_match *match, nsearch_error *err)
{
    const ns_backend *backend = snapshot->backend;
    ns_topk top;
    nsearch_status status = NSEARCH_OK;
    *match = (ns_match){NULL, 0, 0, false};
    if (!ns_topk_init(&top, options->limit, arena))
        return ns_error_memory(err);
    if (!plan->filter && !plan->weight_count)
        return NSEARCH_OK;
    if (options->mode == NS_MATCH_BEST && backend->answer && !plan->filter) {
        status = backend->answer(snapshot, plan, options->limit, top.heap, &top.count, &match->found,
                                 &match->at_least, err);
    } else {
        ns_bm25 *formula = ns_arena_take(arena, sizeof *formula);
        if (!formula)
            return ns_error_memory(err);
        ns_bm25_init(formula, plan->k1, plan->b, plan->average_length);
        for (size_t p = 0; p < backend->part_count(snapshot) && !status; p++) {
            ns_part_match m = {.snapshot = snapshot, .plan = plan, .formula = formula, .number = p, .top = &top,
                               .arena = arena};
            status = match_part(&m, options, &match->found, err);
        }
        ns_topk_finish(&top);
    }
    if (!status && !plan->filter && !options->uncounted)
        status = count_ranked(snapshot, plan, arena, match, err);
    if (!status) {
        match->candidates = top.heap;
        match->count = top.count;
    }
    return status;
}
