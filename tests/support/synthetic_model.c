/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * synthetic_model.c - what an index should hold and answer, worked out in the plainest way there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/day.h"
#include "tests/support/synthetic.h"

void synthetic_model_init(synthetic_model *m)
{
    memset(m, 0, sizeof *m);
    ns_arena_init(&m->arena);
}

void synthetic_model_release(synthetic_model *m)
{
    free(m->articles);
    ns_arena_release(&m->arena);
    memset(m, 0, sizeof *m);
}

bool synthetic_model_remove(synthetic_model *m, const char *id)
{
    for (size_t i = 0; i < m->count; i++)
        if (!strcmp(m->articles[i].id, id)) {
            memmove(&m->articles[i], &m->articles[i + 1], (m->count - i - 1) * sizeof *m->articles);
            m->count--;
            return true;
        }
    return false;
}

const ns_analysed *synthetic_model_add(synthetic_model *m, uint32_t id, uint32_t version, uint32_t vocabulary)
{
    ns_analysed article;
    synthetic_article(&m->arena, id, version, vocabulary, &article);
    synthetic_model_remove(m, article.id);
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? m->capacity * 2 : 64;
        m->articles = realloc(m->articles, m->capacity * sizeof *m->articles);
    }
    m->articles[m->count] = article;
    return &m->articles[m->count++];
}

double synthetic_model_average(const synthetic_model *m)
{
    uint64_t sum = 0, passages = 0;
    for (size_t i = 0; i < m->count; i++)
        for (uint32_t p = 0; p < m->articles[i].passage_count; p++) {
            sum += m->articles[i].passages[p].length;
            passages++;
        }
    return passages ? (double)sum / (double)passages : 0.0;
}

static const ns_term *find(const ns_passage *p, const char *key, uint32_t length)
{
    for (uint32_t i = 0; i < p->term_count; i++)
        if (p->terms[i].length == length && !memcmp(p->terms[i].key, key, length))
            return &p->terms[i];
    return NULL;
}

void synthetic_model_term(const synthetic_model *m, const char *key, uint32_t length, uint64_t *df,
                          uint64_t *texts)
{
    *df = *texts = 0;
    for (size_t i = 0; i < m->count; i++) {
        uint64_t before = *df;
        for (uint32_t p = 0; p < m->articles[i].passage_count; p++)
            *df += find(&m->articles[i].passages[p], key, length) != NULL;
        *texts += *df > before && !ns_group_is_copy(m->articles[i].group);
    }
}

/* ---- filters */

static bool stands_at(const ns_term *term, uint64_t position)
{
    for (uint32_t i = 0; i < term->position_count; i++)
        if (term->positions[i] == position)
            return true;
    return false;
}

static bool phrase_holds(const ns_filter *f, const ns_passage *p)
{
    const ns_term *first = find(p, f->children[0]->key, f->children[0]->key_length);
    for (uint32_t q = 0; first && q < first->position_count; q++) {
        size_t i = 1;
        for (; i < f->child_count; i++) {
            const ns_term *term = find(p, f->children[i]->key, f->children[i]->key_length);
            if (!term || !stands_at(term, first->positions[q] + (f->offsets ? f->offsets[i] : i)))
                break;
        }
        if (i == f->child_count)
            return true;
    }
    return false;
}

static bool holds(const ns_filter *f, const ns_analysed *a, const ns_passage *p)
{
    switch (f->kind) {
    case NS_FILTER_ALL:
        return true;
    case NS_FILTER_NONE:
        return false;
    case NS_FILTER_TERM:
        return find(p, f->key, f->key_length) != NULL;
    case NS_FILTER_AND:
        for (size_t i = 0; i < f->child_count; i++)
            if (!holds(f->children[i], a, p))
                return false;
        return true;
    case NS_FILTER_OR:
        for (size_t i = 0; i < f->child_count; i++)
            if (holds(f->children[i], a, p))
                return true;
        return false;
    case NS_FILTER_NOT:
        return !holds(f->children[0], a, p);
    case NS_FILTER_PHRASE:
        return phrase_holds(f, p);
    case NS_FILTER_DAYS:
        return a->day != NS_DAY_UNKNOWN && a->day >= f->first_day && a->day <= f->last_day;
    case NS_FILTER_PLACES: /* the places of an article are not the same in all its passages: not asked of an engine */
        return false;
    }
    return false;
}

/* ---- answers */

static bool score(const ns_plan *plan, const ns_analysed *a, const ns_passage *p, double *out)
{
    bool any = false;
    double sum = 0.0;
    for (size_t i = 0; i < plan->weight_count; i++) {
        const ns_weight *w = &plan->weights[i];
        const ns_term *term = find(p, w->key, w->key_length);
        if (!term)
            continue;
        any = true;
        sum += w->weight * term->tf * (plan->k1 + 1) /
               (term->tf + plan->k1 * ((1 - plan->b) + plan->b * p->length / plan->average_length));
    }
    *out = sum;
    return plan->filter ? holds(plan->filter, a, p) : any;
}

static int by_score(const void *a, const void *b)
{
    const synthetic_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->article > y->article) - (x->article < y->article);
}

size_t synthetic_answer(const synthetic_model *m, const ns_plan *plan, ns_arena *arena, synthetic_hit **hits)
{
    size_t count = 0;
    *hits = ns_arena_array(arena, m->count + 1, sizeof **hits);
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i];
        synthetic_hit best = {.article = i};
        bool any = false;
        for (uint32_t p = 0; p < a->passage_count; p++) {
            double s;
            if (score(plan, a, &a->passages[p], &s) && (!any || s > best.score)) {
                any = true;
                best.score = s;
                best.passage = p;
            }
        }
        if (any)
            (*hits)[count++] = best;
    }
    qsort(*hits, count, sizeof **hits, by_score);
    return count;
}

/* ---- printing */

static void print_filter(const ns_filter *f)
{
    static const char *const names[] = {"all", "none", "", "and", "or", "not", "phrase", "days", "places"};
    fprintf(stderr, "%s", names[f->kind]);
    if (f->kind == NS_FILTER_TERM)
        fprintf(stderr, "%.*s", (int)f->key_length, f->key);
    if (f->kind == NS_FILTER_DAYS)
        fprintf(stderr, " %d..%d", f->first_day, f->last_day);
    for (size_t i = 0; i < f->child_count; i++) {
        fputs(i ? ", " : "(", stderr);
        if (f->offsets)
            fprintf(stderr, "+%u ", f->offsets[i]);
        print_filter(f->children[i]);
    }
    if (f->child_count)
        fputc(')', stderr);
}

void synthetic_plan_print(const ns_plan *plan)
{
    fprintf(stderr, "  k1 %g b %g average %g", plan->k1, plan->b, plan->average_length);
    for (size_t i = 0; i < plan->weight_count; i++)
        fprintf(stderr, " %.*s^%g", (int)plan->weights[i].key_length, plan->weights[i].key, plan->weights[i].weight);
    if (plan->filter) {
        fputs(" filter ", stderr);
        print_filter(plan->filter);
    }
    fputc('\n', stderr);
}
