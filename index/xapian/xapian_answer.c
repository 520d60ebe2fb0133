/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_answer.c - hands a ranked query to Xapian's own matcher, which answers it where the databases are.
 *
 * Only Xapian's built-in BM25Weight is used, because a remote database knows no other. With k2 = k3 = min_normlen = 0
 * it gives a term of N documents, df of which hold it (xapian-core, weight/bm25weight.cc):
 *
 *     r = (N - df + 1/2) / (df + 1/2);  if r < 2 then r = r/2 + 1
 *     log(r) * (k1 + 1) * wdf / (wdf + k1 * ((1 - b) + b * len / avg))
 *
 * A factor on the term (OP_SCALE_WEIGHT) divides log(r) away and puts the plan's weight in its place. N, df and avg are
 * those of all databases together; should avg not be the plan's, k1 and b are replaced by values that make the
 * denominator equal to the plan's:
 *
 *     k1' * (1 - b') = k1 * (1 - b),   k1' * b' / avg = k1 * b / average_length
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_snapshot.h"

typedef struct model {
    double documents;     /* N */
    double k1, b;         /* of the plan */
    double own_k1, own_b; /* given to Xapian */
} model;

static model model_of(const ns_xapian_snapshot *s, const ns_plan *plan)
{
    double ratio = 1.0, documents = (double)s->stats.passages;
    double average = documents > 0 ? (double)s->stats.total_length / documents : 0.0;
    if (average > 0.0 && plan->average_length > 0.0)
        ratio = average / plan->average_length;
    double fixed = plan->k1 * (1.0 - plan->b), by_length = plan->k1 * plan->b * ratio;
    model m = {.documents = documents, .k1 = plan->k1, .b = plan->b};
    m.own_k1 = fixed + by_length;
    m.own_b = m.own_k1 > 0.0 ? by_length / m.own_k1 : 0.0;
    if (ratio == 1.0)
        m.own_k1 = plan->k1, m.own_b = plan->b;
    return m;
}

static double factor_of(const model *m, double df, double weight)
{
    double r = (m->documents - df + 0.5) / (df + 0.5);
    if (r < 2.0)
        r = r * 0.5 + 1.0;
    return weight * (m->k1 + 1.0) / (log(r) * (m->own_k1 + 1.0));
}

typedef struct asking {
    ns_xapian_snapshot *s;
    ns_xapian_handle *handle;
    const ns_plan *plan;
    model model;
    ns_arena arena;
    ns_map terms;              /* Xapian must meet a term once: key -> its place in 'sums' */
    double *sums;
    ns_xapian_query *ranked;
    ns_xapian_query *articles; /* those that hold a weighted term, by their first passages; NULL: cannot be asked for */
    nsearch_error *err;
} asking;

static nsearch_status sum_weights(asking *a)
{
    const ns_plan *plan = a->plan;
    a->sums = ns_arena_array(&a->arena, plan->weight_count + 1, sizeof *a->sums);
    if (!a->sums)
        return ns_error_memory(a->err);
    for (size_t i = 0; i < plan->weight_count; i++) {
        const ns_weight *w = &plan->weights[i];
        bool is_new;
        if (w->key_length > NS_TERM_MAX || !ns_xapian_is_term(w->key, w->key_length))
            continue;
        uint64_t *place = ns_map_put(&a->terms, w->key, w->key_length, &is_new);
        if (!place)
            return ns_error_memory(a->err);
        if (is_new) {
            *place = a->terms.count - 1;
            a->sums[*place] = 0.0;
        }
        a->sums[*place] += w->weight;
    }
    return NSEARCH_OK;
}

static nsearch_status build(asking *a)
{
    nsearch_status status = sum_weights(a);
    ns_xapian_query **ranked = ns_arena_array(&a->arena, a->terms.count + 1, sizeof(ns_xapian_query *));
    ns_xapian_query **articles = ns_arena_array(&a->arena, a->terms.count + 1, sizeof(ns_xapian_query *));
    bool countable = a->s->remote;
    size_t n = 0, counted = 0;
    if (!status && (!ranked || !articles))
        status = ns_error_memory(a->err);
    for (size_t i = 0; !status && i < a->terms.count; i++) {
        const ns_map_entry *e = &a->terms.entries[i];
        ns_term_stats stats;
        char whole[NS_TERM_MAX];
        status = ns_xapian_term_stats(&a->s->base, e->key, e->length, &stats, a->err);
        if (status || !stats.df)
            continue;
        memcpy(whole, e->key, e->length);
        countable &= (whole[0] = ns_xapian_article_kind(e->key[0])) != 0;
        ranked[n++] = ns_xapian_query_term(e->key, e->length,
                                           factor_of(&a->model, (double)stats.df, a->sums[e->value]), a->err);
        if (countable)
            articles[counted++] = ns_xapian_query_term(whole, e->length, 1.0, a->err);
    }
    a->ranked = ns_xapian_query_join(NS_XAPIAN_OR, ranked, n, a->err);
    a->articles = ns_xapian_query_join(NS_XAPIAN_OR, articles, counted, a->err);
    if (!status && (!a->ranked || !a->articles))
        status = a->err->status;
    if (!countable) {
        ns_xapian_query_free(a->articles);
        a->articles = NULL;
    }
    return status;
}

/* ---- the best articles */

static int by_score(const void *a, const void *b)
{
    const ns_candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* Keeps the best passage of each article, which comes first; of equal ones the lowest: Xapian keeps the order of docids
 * within a database. */
static nsearch_status group(asking *a, const ns_xapian_hit *hits, size_t count, ns_candidate *articles, size_t *n)
{
    ns_map seen;
    nsearch_status status = NSEARCH_OK;
    ns_map_init(&seen);
    *n = 0;
    for (size_t i = 0; i < count && !status; i++) {
        const ns_xapian_part *part = &a->s->parts[hits[i].part];
        bool is_new = false;
        if (hits[i].docid >= part->columns.end) {
            status = ns_error_set(a->err, NSEARCH_DAMAGED, "'%s' has passages that it should not", part->shard->name);
            break;
        }
        uint32_t article = part->base + ns_xapian_article_of(&part->columns, hits[i].docid);
        if (!ns_map_put(&seen, &article, sizeof article, &is_new))
            status = ns_error_memory(a->err);
        else if (is_new)
            articles[(*n)++] = (ns_candidate){hits[i].score, part->base + hits[i].docid, article};
    }
    ns_map_release(&seen);
    qsort(articles, *n, sizeof *articles, by_score);
    return status;
}

/* Xapian's own collapsing loses entries when it also prunes (1.4.22), so passages are asked for, more and more of them
 * until there are enough articles and no other can score as much as the last of them. */
static nsearch_status match(asking *a, size_t limit, ns_candidate *candidates, size_t *count, bool *complete)
{
    uint64_t passages = a->s->stats.passages;
    ns_xapian_match m = {.query = a->ranked, .k1 = a->model.own_k1, .b = a->model.own_b, .slot = -1};
    nsearch_status status = NSEARCH_OK;
    m.limit = limit < SIZE_MAX / 8 ? limit * 4 + 16 : limit;
    for (;; m.limit *= 4) {
        size_t n = 0, articles = 0;
        if (m.limit > passages)
            m.limit = passages;
        ns_xapian_hit *hits = ns_arena_array(&a->arena, m.limit + 1, sizeof *hits);
        ns_candidate *found = ns_arena_array(&a->arena, m.limit + 1, sizeof *found);
        if (!hits || !found)
            return ns_error_memory(a->err);
        status = ns_xapian_answer(a->handle->joined, &m, hits, &n, NULL, a->err);
        if (!status)
            status = group(a, hits, n, found, &articles);
        if (status)
            return status;
        *complete = n < m.limit || n == passages;
        if (*complete || (articles >= limit && hits[n - 1].score < found[limit - 1].score)) {
            *count = articles < limit ? articles : limit;
            *complete &= articles <= limit;
            memcpy(candidates, found, *count * sizeof *found);
            return NSEARCH_OK;
        }
    }
}

static nsearch_status count_articles(asking *a, uint64_t *found)
{
    ns_xapian_hit none;
    size_t n;
    const ns_xapian_match m = {.query = a->articles, .k1 = -1, .slot = -1};
    return ns_xapian_answer(a->handle->joined, &m, &none, &n, found, a->err);
}

nsearch_status ns_xapian_answer_plan(ns_snapshot *snapshot, const ns_plan *plan, size_t limit,
                                     ns_candidate *candidates, size_t *count, uint64_t *found, bool *at_least,
                                     nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    asking a = {.s = s, .plan = plan, .model = model_of(s, plan), .err = err};
    bool complete = false;
    *count = 0;
    *found = 0;
    *at_least = false;
    if (!s->stats.passages || !limit)
        return NSEARCH_OK;
    nsearch_status status = ns_xapian_lease(s, &a.handle, err);
    if (status)
        return status;
    ns_arena_init(&a.arena);
    ns_map_init(&a.terms);
    status = build(&a);
    if (!status)
        status = match(&a, limit, candidates, count, &complete);
    *found = *count;
    *at_least = !complete;
    if (!status && !complete && a.articles) {
        status = count_articles(&a, found);
        *at_least = false;
    }
    ns_xapian_query_free(a.ranked);
    ns_xapian_query_free(a.articles);
    ns_map_release(&a.terms);
    ns_arena_release(&a.arena);
    return ns_xapian_unlease(s, a.handle, status, err);
}
