/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * rescore.c - walks the weights' cursors over the candidate articles in docid order: once for the scores of
 * their passages and of the whole, once for positions in the best of them.
 */
#include "src/query/rescore.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/day.h"

#define CLOSE_PASSAGES 3 /* of an article, in which positions are looked at */

typedef struct rescorer {
    ns_snapshot *snapshot;
    const ns_built *built;
    const ns_plan *plan;
    ns_bm25 *passage_formula, *article_formula;
    ns_arena *arena;
    size_t passages; /* wanted of each article */
    bool first_only;
    ns_cursor **cursors; /* one a weight, of the current part */
    double *scores;      /* of one article's passages */
    size_t capacity;
    bool *in_pair; /* weights whose positions matter */
    bool *here;    /* and stand in the passage at hand */
    const uint32_t **positions;
    size_t *position_counts;
} rescorer;

static int by_passage_score(const void *a, const void *b)
{
    const ns_scored_passage *x = a, *y = b;
    double s = x->score + x->proximity, t = y->score + y->proximity;
    if (s != t)
        return s > t ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static int by_docid(const void *a, const void *b)
{
    const ns_scored_passage *x = a, *y = b;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

static int by_article_docid(const void *a, const void *b)
{
    const ns_candidate *x = a, *y = b;
    return x->article < y->article ? -1 : x->article > y->article;
}

int ns_scored_tie(const ns_scored_article *x, const ns_scored_article *y)
{
    if (x->columns.hash != y->columns.hash)
        return x->columns.hash < y->columns.hash ? -1 : 1;
    return x->columns.article < y->columns.article ? -1 : x->columns.article > y->columns.article;
}

static int by_score(const void *a, const void *b)
{
    const ns_scored_article *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    int32_t a_day = ns_article_day(&x->columns), b_day = ns_article_day(&y->columns);
    if (a_day != b_day) {
        if (a_day == NS_DAY_UNKNOWN || b_day == NS_DAY_UNKNOWN)
            return a_day == NS_DAY_UNKNOWN ? 1 : -1;
        return a_day < b_day ? -1 : 1;
    }
    return ns_scored_tie(x, y);
}

/* Of these articles of the part, at least. */
static nsearch_status open_cursors(rescorer *r, size_t part, const ns_candidate *articles, size_t count, nsearch_error *err)
{
    const ns_backend *backend = r->snapshot->backend;
    size_t n = r->plan->weight_count;
    nsearch_status status = NSEARCH_OK;
    memset(r->cursors, 0, (n + 1) * sizeof *r->cursors);
    if (backend->cursors_within) {
        ns_term_key *keys = ns_arena_array(r->arena, n + 1, sizeof *keys);
        uint32_t *starts = ns_arena_array(r->arena, count + 1, sizeof *starts);
        if (!keys || !starts)
            return ns_error_memory(err);
        for (size_t i = 0; i < n; i++)
            keys[i] = (ns_term_key){r->plan->weights[i].key, r->plan->weights[i].key_length};
        for (size_t i = 0; i < count; i++)
            starts[i] = articles[i].article;
        return backend->cursors_within(r->snapshot, part, starts, count, keys, n, r->arena, r->cursors, err);
    }
    for (size_t i = 0; i < n && !status; i++) {
        const ns_weight *w = &r->plan->weights[i];
        status = backend->cursor(r->snapshot, part, w->key, w->key_length, r->arena, &r->cursors[i], err);
    }
    return status;
}

static bool close_cursors(rescorer *r)
{
    bool damaged = false;
    for (size_t i = 0; i < r->plan->weight_count; i++)
        if (r->cursors[i]) {
            damaged |= r->cursors[i]->damaged;
            r->cursors[i]->ops->close(r->cursors[i]);
            r->cursors[i] = NULL;
        }
    return damaged;
}

/* The second walk begins where the first did. *damaged as close_cursors gives it. */
static nsearch_status begin_again(rescorer *r, size_t part, const ns_candidate *articles, size_t count, bool *damaged,
                                  nsearch_error *err)
{
    bool all = r->snapshot->backend->cursors_within != NULL;
    for (size_t i = 0; i < r->plan->weight_count && all; i++)
        all = !r->cursors[i] || (r->cursors[i]->ops->rewind && r->cursors[i]->ops->rewind(r->cursors[i]));
    if (all)
        return NSEARCH_OK;
    *damaged |= close_cursors(r);
    return open_cursors(r, part, articles, count, err);
}

/* ---- first walk: scores of all passages, and of the article as one text */

static nsearch_status score_article(rescorer *r, const ns_candidate *candidate, ns_scored_article *out,
                                    nsearch_error *err)
{
    uint32_t begin = out->columns.article, count = out->columns.passage_count;
    if (count > r->capacity) {
        r->capacity = (size_t)count * 2;
        r->scores = ns_arena_array(r->arena, r->capacity, sizeof *r->scores);
        if (!r->scores)
            return ns_error_memory(err);
    }
    memset(r->scores, 0, count * sizeof *r->scores);
    uint64_t length = 0;
    for (uint32_t i = 0; i < count; i++)
        length += r->snapshot->backend->length(r->snapshot, begin + i);
    double norm = ns_bm25_norm_of(r->article_formula, (double)length);
    for (size_t i = 0; i < r->plan->weight_count; i++) {
        ns_cursor *c = r->cursors[i];
        uint32_t tf = 0;
        if (!c)
            continue;
        for (uint32_t d = ns_cursor_seek(c, begin); d < begin + count; d = ns_cursor_next(c)) {
            uint32_t here = ns_cursor_freq(c);
            tf += here;
            r->scores[d - begin] +=
                ns_bm25_part(r->passage_formula, r->plan->weights[i].weight, here,
                             ns_bm25_norm(r->passage_formula, r->snapshot->backend->length(r->snapshot, d)));
        }
        if (tf)
            out->article += NS_WEIGHT_ARTICLE *
                            ns_bm25_part(r->article_formula, r->plan->weights[i].weight, tf, norm);
    }
    size_t matching = 0;
    for (uint32_t i = 0; i < count; i++)
        matching += r->scores[i] > 0;
    out->passages = ns_arena_array(r->arena, matching + 1, sizeof *out->passages);
    if (!out->passages)
        return ns_error_memory(err);
    for (uint32_t i = 0; i < count; i++)
        if (r->scores[i] > 0 || (!matching && begin + i == candidate->docid))
            out->passages[out->passage_count++] = (ns_scored_passage){begin + i, r->scores[i], 0};
    qsort(out->passages, out->passage_count, sizeof *out->passages, by_passage_score);
    out->scored_count = out->passage_count;
    size_t keep = r->passages > CLOSE_PASSAGES ? r->passages : CLOSE_PASSAGES;
    if (out->passage_count > keep)
        out->passage_count = keep;
    out->first = out->passages[0].score;
    return NSEARCH_OK;
}

/* ---- second walk: words that stand together (after Metzler and Croft 2005: ordered, and in a window) */

static uint32_t count_ordered(const uint32_t *a, size_t n, const uint32_t *b, size_t m, uint32_t gap)
{
    uint32_t count = 0;
    for (size_t i = 0, k = 0; i < n; i++) {
        while (k < m && b[k] < a[i] + gap)
            k++;
        count += k < m && b[k] == a[i] + gap;
    }
    return count;
}

static uint32_t count_near(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    uint32_t count = 0;
    for (size_t i = 0, k = 0; i < n; i++) {
        while (k < m && b[k] + NS_UNORDERED_WINDOW < a[i])
            k++;
        count += k < m && b[k] <= a[i] + NS_UNORDERED_WINDOW;
    }
    return count;
}

static void add_proximity(rescorer *r, ns_scored_passage *p)
{
    const ns_built *b = r->built;
    double norm = ns_bm25_norm(r->passage_formula, r->snapshot->backend->length(r->snapshot, p->docid));
    for (size_t i = 0; i < r->plan->weight_count; i++) {
        ns_cursor *c = r->cursors[i];
        r->position_counts[i] = 0;
        r->here[i] = c && r->in_pair[i] && ns_cursor_seek(c, p->docid) == p->docid;
    }
    for (size_t i = 0; i < b->pair_count; i++) { /* a word alone makes no pair */
        uint32_t both[2] = {b->terms[b->pairs[i].first].weight, b->terms[b->pairs[i].second].weight};
        if (both[0] == UINT32_MAX || both[1] == UINT32_MAX || !r->here[both[0]] || !r->here[both[1]])
            continue;
        for (size_t k = 0; k < 2; k++)
            if (!r->position_counts[both[k]])
                r->position_counts[both[k]] =
                    r->cursors[both[k]]->ops->positions(r->cursors[both[k]], &r->positions[both[k]]);
    }
    for (size_t i = 0; i < b->pair_count; i++) {
        const ns_word_pair *pair = &b->pairs[i];
        uint32_t x = b->terms[pair->first].weight, y = b->terms[pair->second].weight;
        if (x == UINT32_MAX || y == UINT32_MAX || !r->position_counts[x] || !r->position_counts[y])
            continue;
        uint32_t near = count_near(r->positions[x], r->position_counts[x], r->positions[y], r->position_counts[y]);
        uint32_t ordered = count_ordered(r->positions[x], r->position_counts[x], r->positions[y],
                                         r->position_counts[y], pair->gap);
        double weight = b->terms[pair->first].idf < b->terms[pair->second].idf ? b->terms[pair->first].idf
                                                                               : b->terms[pair->second].idf;
        if (ordered)
            p->proximity += ns_bm25_part(r->passage_formula, NS_WEIGHT_ORDERED * weight, ordered, norm);
        if (near)
            p->proximity += ns_bm25_part(r->passage_formula, NS_WEIGHT_UNORDERED * weight, near, norm);
    }
}

static void finish_article(rescorer *r, ns_scored_article *a)
{
    if (!r->first_only) {
        qsort(a->passages, a->passage_count, sizeof *a->passages, by_docid);
        for (size_t i = 0; i < a->passage_count && r->built->pair_count; i++)
            add_proximity(r, &a->passages[i]);
        qsort(a->passages, a->passage_count, sizeof *a->passages, by_passage_score);
        a->proximity = a->passages[0].proximity;
        a->first = a->passages[0].score;
        a->score = a->first + a->article + a->proximity;
    } else {
        a->article = 0;
        a->score = a->first;
    }
    a->recency = 1;
    if (a->passage_count > r->passages)
        a->passage_count = r->passages;
}

void ns_scored_sort(ns_scored_article *articles, size_t count)
{
    qsort(articles, count, sizeof *articles, by_score);
}

/* What the second walk will read, of an engine that is far away, asked for at once. */
static nsearch_status ask_ahead(const rescorer *r, const ns_candidate *articles, size_t count, nsearch_error *err)
{
    const ns_built *b = r->built;
    size_t n = 0;
    if (!r->snapshot->backend->positions_ahead || !count || !b->pair_count || r->first_only)
        return NSEARCH_OK;
    uint32_t *starts = ns_arena_array(r->arena, count, sizeof *starts);
    ns_term_key *keys = ns_arena_array(r->arena, 2 * b->pair_count, sizeof *keys);
    if (!starts || !keys)
        return ns_error_memory(err);
    for (size_t i = 0; i < count; i++)
        starts[i] = articles[i].article;
    for (size_t i = 0; i < b->pair_count; i++) {
        const ns_query_term *x = &b->terms[b->pairs[i].first], *y = &b->terms[b->pairs[i].second];
        if (x->weight == UINT32_MAX || y->weight == UINT32_MAX)
            continue;
        keys[n++] = (ns_term_key){x->key, x->key_length};
        keys[n++] = (ns_term_key){y->key, y->key_length};
    }
    return r->snapshot->backend->positions_ahead(r->snapshot, starts, count, keys, n, 2, err);
}

/* ---- all candidates, part by part */

static nsearch_status prepare(rescorer *r, nsearch_error *err)
{
    ns_snapshot_stats stats;
    size_t n = r->plan->weight_count + 1;
    nsearch_status status = r->snapshot->backend->stats(r->snapshot, &stats, err);
    if (status)
        return status;
    r->passage_formula = ns_arena_take(r->arena, sizeof *r->passage_formula);
    r->article_formula = ns_arena_take(r->arena, sizeof *r->article_formula);
    r->cursors = ns_arena_zero(r->arena, n * sizeof *r->cursors);
    r->in_pair = ns_arena_zero(r->arena, n * sizeof *r->in_pair);
    r->here = ns_arena_zero(r->arena, n * sizeof *r->here);
    r->positions = ns_arena_zero(r->arena, n * sizeof *r->positions);
    r->position_counts = ns_arena_zero(r->arena, n * sizeof *r->position_counts);
    if (!r->passage_formula || !r->article_formula || !r->cursors || !r->in_pair || !r->here || !r->positions ||
        !r->position_counts)
        return ns_error_memory(err);
    ns_bm25_init(r->passage_formula, r->plan->k1, r->plan->b, r->plan->average_length);
    ns_bm25_init(r->article_formula, r->plan->k1, r->plan->b,
                 stats.articles ? (double)stats.total_length / (double)stats.articles : 1);
    for (size_t i = 0; i < r->built->pair_count; i++) {
        uint32_t x = r->built->terms[r->built->pairs[i].first].weight;
        uint32_t y = r->built->terms[r->built->pairs[i].second].weight;
        if (x != UINT32_MAX && y != UINT32_MAX)
            r->in_pair[x] = r->in_pair[y] = true;
    }
    return NSEARCH_OK;
}

nsearch_status ns_rescore(ns_snapshot *snapshot, const ns_built *built, const ns_candidate *candidates, size_t count,
                          size_t passages, bool first_only, ns_arena *arena, ns_scored_article **articles,
                          size_t *article_count, nsearch_error *err)
{
    rescorer r = {.snapshot = snapshot, .built = built, .plan = &built->plan, .arena = arena,
                  .passages = passages, .first_only = first_only};
    ns_candidate *ordered = ns_arena_array(arena, count + 1, sizeof *ordered);
    ns_scored_article *out = ns_arena_zero(arena, (count + 1) * sizeof *out);
    if (!ordered || !out)
        return ns_error_memory(err);
    nsearch_status status = prepare(&r, err);
    if (status)
        return status;
    if (count)
        memcpy(ordered, candidates, count * sizeof *ordered);
    qsort(ordered, count, sizeof *ordered, by_article_docid);
    size_t n = 0, i = 0;
    if (snapshot->backend->prefetch && count)
        status = snapshot->backend->prefetch(snapshot, ordered, count, err);
    if (!status)
        status = ask_ahead(&r, ordered, count, err);
    if (status)
        return status;
    for (size_t p = 0; p < snapshot->backend->part_count(snapshot) && i < count && !status; p++) {
        ns_part part;
        size_t begin = n;
        snapshot->backend->part(snapshot, p, &part);
        if (ordered[i].article >= part.docid_end)
            continue;
        const ns_candidate *first = &ordered[i];
        bool damaged = false;
        while (i < count && ordered[i].article < part.docid_end)
            i++;
        size_t here = (size_t)(&ordered[i] - first);
        status = open_cursors(&r, p, first, here, err);
        for (size_t k = 0; k < here && !status; k++) {
            if (snapshot->backend->columns(snapshot, first[k].article, &out[n].columns, NULL))
                continue;
            status = score_article(&r, &first[k], &out[n++], err);
        }
        if (!status && !first_only && built->pair_count)
            status = begin_again(&r, p, first, here, &damaged, err);
        for (size_t k = begin; k < n && !status; k++)
            finish_article(&r, &out[k]);
        damaged |= close_cursors(&r);
        if (!status && damaged)
            status = ns_error_set(err, NSEARCH_DAMAGED, "damaged postings: run 'nsearch-inspect verify'");
    }
    if (!status) {
        ns_scored_sort(out, n);
        *articles = out;
        *article_count = n;
    }
    return status;
}
