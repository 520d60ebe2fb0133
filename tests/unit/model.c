/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * model.c - the slow and plain side of the oracles.
 */
#include "tests/unit/model.h"

#include "tests/unit/model_places.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t model_random(uint64_t *state)
{
    uint64_t x = *state ? *state : 88172645463325252u;
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    *state = x;
    return x * UINT64_C(2685821657736338717);
}

static uint32_t below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(model_random(seed) >> 33) % n;
}

/* Rank r with a chance that falls like 1 / r. */
static uint32_t zipf(uint64_t *seed, uint32_t n)
{
    double u = (double)(model_random(seed) >> 11) / 9007199254740992.0;
    uint32_t r = (uint32_t)(exp(u * log((double)n + 1)) - 1);
    return r < n ? r : n - 1;
}

uint32_t model_word(uint32_t i, char kind, char out[16])
{
    return (uint32_t)snprintf(out, 16, "%cw%u", kind, i);
}

/* ---- making */

#define WORDS_MAX 60

static int by_key(const void *a, const void *b)
{
    const ns_term *x = a, *y = b;
    uint32_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->key, y->key, n);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static void make_passage(model *m, ns_passage *p, const char *id, bool first, uint64_t *seed)
{
    uint32_t count = 1 + below(seed, WORDS_MAX), words[WORDS_MAX];
    ns_term *terms = ns_arena_array(&m->arena, count + 2, sizeof *terms);
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++) /* repeats and runs, so that phrases are there to be found */
        words[i] = i && below(seed, 4) == 0 ? words[i - 1] + 1 : zipf(seed, m->vocabulary);
    p->length = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *positions = ns_arena_array(&m->arena, count, sizeof *positions), k = 0;
        char key[16];
        bool before = false;
        for (uint32_t j = 0; j < count; j++)
            if (words[j] == words[i]) {
                before |= j < i;
                positions[k++] = j;
            }
        if (before)
            continue;
        uint32_t length = model_word(words[i], NS_TERM_STEM, key);
        uint32_t tf = k + (below(seed, 8) == 0 ? NS_TITLE_WEIGHT : 0);
        terms[n++] = (ns_term){ns_arena_copy(&m->arena, key, length), length, tf, positions, k, 0};
        p->length += tf;
    }
    if (first) {
        char *key = ns_arena_printf(&m->arena, "%c%s", NS_TERM_ID, id);
        terms[n++] = (ns_term){key, (uint32_t)strlen(key), 0, NULL, 0, 0};
    }
    qsort(terms, n, sizeof *terms, by_key);
    p->terms = terms;
    p->term_count = (uint32_t)n;
    p->begin = 0;
    p->end = 0;
}

void model_make(model *m, size_t count, uint32_t passages, uint32_t vocabulary, uint64_t *seed)
{
    memset(m, 0, sizeof *m);
    ns_arena_init(&m->arena);
    m->vocabulary = vocabulary;
    m->articles = calloc(count, sizeof *m->articles);
    m->count = count;
    for (size_t i = 0; i < count; i++) {
        ns_analysed *a = &m->articles[i].analysed;
        a->id = ns_arena_printf(&m->arena, "a%zu", i);
        a->hash = model_random(seed);
        a->day = below(seed, 10) ? (int32_t)below(seed, 40) : INT32_MIN;
        a->text_bytes = 100;
        a->sketch.text_hash = model_random(seed);
        a->group = below(seed, 3) ? 0 : (1 + below(seed, 20)) * (NS_GROUP_BITS + 1) + below(seed, 4);
        a->passage_count = 1 + below(seed, passages);
        ns_passage *list = ns_arena_array(&m->arena, a->passage_count, sizeof *list);
        for (uint32_t p = 0; p < a->passage_count; p++)
            make_passage(m, &list[p], a->id, p == 0, seed);
        a->passages = list;
        model_mark(m, a, seed);
        a->stored = (const uint8_t *)a->id;
        a->stored_size = strlen(a->id);
    }
}

void model_release(model *m)
{
    free(m->articles);
    ns_arena_release(&m->arena);
    memset(m, 0, sizeof *m);
}

/* ---- answering */

static const ns_term *find_term(const ns_passage *p, const char *key, uint32_t length)
{
    for (uint32_t i = 0; i < p->term_count; i++)
        if (p->terms[i].length == length && !memcmp(p->terms[i].key, key, length))
            return &p->terms[i];
    return NULL;
}

void model_totals(const model *m, uint64_t *length, uint64_t *passages, uint64_t *articles, uint64_t *texts)
{
    *length = *passages = *articles = *texts = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i].analysed;
        if (m->articles[i].removed)
            continue;
        ++*articles;
        *texts += !ns_group_is_copy(a->group);
        *passages += a->passage_count;
        for (uint32_t p = 0; p < a->passage_count; p++)
            *length += a->passages[p].length;
    }
}

void model_frequency(const model *m, const char *key, uint32_t length, uint64_t *passages, uint64_t *texts)
{
    *passages = *texts = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i].analysed;
        bool here = false;
        for (uint32_t p = 0; p < a->passage_count && !m->articles[i].removed; p++)
            if (find_term(&a->passages[p], key, length)) {
                ++*passages;
                here = true;
            }
        *texts += here && !ns_group_is_copy(a->group);
    }
}

static bool has_position(const ns_term *t, uint32_t position)
{
    for (uint32_t i = 0; i < t->position_count; i++)
        if (t->positions[i] == position)
            return true;
    return false;
}

static bool leaf_holds(const ns_filter *f, const ns_passage *p)
{
    if (f->kind == NS_FILTER_TERM)
        return find_term(p, f->key, f->key_length) != NULL;
    const ns_term *first = find_term(p, f->children[0]->key, f->children[0]->key_length);
    for (uint32_t k = 0; first && k < first->position_count; k++) {
        bool all = true;
        for (size_t i = 1; i < f->child_count; i++) {
            const ns_term *t = find_term(p, f->children[i]->key, f->children[i]->key_length);
            uint32_t gap = f->offsets ? f->offsets[i] - f->offsets[0] : (uint32_t)i;
            all &= t && has_position(t, first->positions[k] + gap);
        }
        if (all)
            return true;
    }
    return false;
}

static bool selects(const ns_filter *f, const ns_analysed *a)
{
    switch (f->kind) {
    case NS_FILTER_ALL:
        return true;
    case NS_FILTER_NONE:
        return false;
    case NS_FILTER_TERM:
    case NS_FILTER_PHRASE:
        for (uint32_t p = 0; p < a->passage_count; p++)
            if (leaf_holds(f, &a->passages[p]))
                return true;
        return false;
    case NS_FILTER_AND:
        for (size_t i = 0; i < f->child_count; i++)
            if (!selects(f->children[i], a))
                return false;
        return true;
    case NS_FILTER_OR:
        for (size_t i = 0; i < f->child_count; i++)
            if (selects(f->children[i], a))
                return true;
        return false;
    case NS_FILTER_NOT:
        return !selects(f->children[0], a);
    case NS_FILTER_DAYS:
        return a->day != INT32_MIN && a->day >= f->first_day && a->day <= f->last_day;
    case NS_FILTER_PLACES:
        return selects(f->children[0], a) && model_count_places(a, f->place) >= f->least;
    }
    return false;
}

typedef struct ranked {
    double score;
    size_t order;
} ranked;

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

size_t model_answer(const model *m, const ns_plan *plan, size_t limit, model_hit *hits, uint64_t *found)
{
    ranked *all = calloc(m->count + 1, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i].analysed;
        double best = 0;
        if (m->articles[i].removed || (plan->filter && !selects(plan->filter, a)))
            continue;
        for (uint32_t p = 0; p < a->passage_count; p++) {
            double score = 0;
            for (size_t k = 0; k < plan->weight_count; k++) {
                const ns_weight *w = &plan->weights[k];
                const ns_term *t = find_term(&a->passages[p], w->key, w->key_length);
                if (t)
                    score += w->weight * t->tf * (plan->k1 + 1) /
                             (t->tf + plan->k1 * ((1 - plan->b) + plan->b * a->passages[p].length /
                                                                      plan->average_length));
            }
            if (score > best)
                best = score;
        }
        if (best > 0 || plan->filter)
            all[n++] = (ranked){best, i};
    }
    qsort(all, n, sizeof *all, by_score);
    *found = n;
    if (n > limit)
        n = limit;
    for (size_t i = 0; i < n; i++)
        hits[i] = (model_hit){m->articles[all[i].order].analysed.id, all[i].score};
    free(all);
    return n;
}

/* ---- random plans */

static ns_filter *random_filter(const model *m, uint64_t *seed, int depth, ns_arena *arena)
{
    ns_filter *f = ns_arena_zero(arena, sizeof *f);
    f->children = ns_arena_zero(arena, 4 * sizeof *f->children);
    uint32_t shape = below(seed, depth > 0 ? 20 : 12);
    if (below(seed, 4) == 0)
        return model_random_places(m, seed, arena);
    if (shape < 6) {
        char key[16];
        f->kind = NS_FILTER_TERM;
        f->key_length = model_word(zipf(seed, m->vocabulary), NS_TERM_STEM, key);
        f->key = ns_arena_copy(arena, key, f->key_length);
    } else if (shape < 10) {
        uint32_t word = zipf(seed, m->vocabulary);
        f->kind = NS_FILTER_PHRASE;
        f->child_count = 2 + below(seed, 2);
        if (below(seed, 2)) {
            f->offsets = ns_arena_array(arena, 3, sizeof *f->offsets);
            for (uint32_t i = 0; i < 3; i++)
                f->offsets[i] = 5 + i * (1 + below(seed, 2));
            if (f->offsets[2] <= f->offsets[1])
                f->offsets[2] = f->offsets[1] + 1;
        }
        for (size_t i = 0; i < f->child_count; i++) {
            char key[16];
            ns_filter *t = f->children[i] = ns_arena_zero(arena, sizeof *t);
            if (below(seed, 3) == 0)
                word = zipf(seed, m->vocabulary);
            t->kind = NS_FILTER_TERM;
            t->key_length = model_word(word++, NS_TERM_STEM, key);
            t->key = ns_arena_copy(arena, key, t->key_length);
        }
    } else if (shape == 10) {
        f->kind = NS_FILTER_DAYS;
        f->first_day = (int32_t)below(seed, 40);
        f->last_day = f->first_day + (int32_t)below(seed, 20);
    } else if (shape == 11) {
        f->kind = below(seed, 4) ? NS_FILTER_ALL : NS_FILTER_NONE;
    } else if (shape == 12) {
        f->kind = NS_FILTER_NOT;
        f->child_count = 1;
        f->children[0] = random_filter(m, seed, depth - 1, arena);
    } else {
        f->kind = shape < 17 ? NS_FILTER_AND : NS_FILTER_OR;
        f->child_count = 2 + below(seed, 2);
        for (size_t i = 0; i < f->child_count; i++)
            f->children[i] = random_filter(m, seed, depth - 1, arena);
    }
    return f;
}

void model_plan(const model *m, uint64_t *seed, bool filtered, ns_arena *arena, ns_plan *plan)
{
    static const double k1[] = {0.9, 1.2, 0.3}, b[] = {0.4, 0.75, 0};
    uint64_t length, passages, articles, texts;
    size_t count = 1 + below(seed, 5);
    ns_weight *weights = ns_arena_array(arena, count, sizeof *weights);
    memset(plan, 0, sizeof *plan);
    for (size_t i = 0; i < count;) {
        char key[16];
        uint32_t n = model_word(zipf(seed, m->vocabulary), NS_TERM_STEM, key);
        bool twice = false;
        for (size_t k = 0; k < i; k++)
            twice |= weights[k].key_length == n && !memcmp(weights[k].key, key, n);
        if (twice && m->vocabulary > 8)
            continue;
        weights[i++] = (ns_weight){ns_arena_copy(arena, key, n), n, 0.05 + (double)below(seed, 1000) / 100};
    }
    model_totals(m, &length, &passages, &articles, &texts);
    plan->weights = weights;
    plan->weight_count = count;
    plan->k1 = k1[below(seed, 3)];
    plan->b = b[below(seed, 3)];
    plan->average_length = passages ? (double)length / (double)passages : 1;
    if (filtered)
        plan->filter = random_filter(m, seed, 3, arena);
}
