/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * synthetic.c - makes articles and random plans.
 */
#include "tests/support/synthetic.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"

#define WORDS_MAX 64
#define TERMS_MAX 512

/* ---- articles */

typedef struct draft {
    ns_arena *arena;
    ns_term terms[TERMS_MAX];
    uint32_t count;
} draft;

static ns_term *draft_term(draft *d, char kind, const char *text)
{
    size_t n = strlen(text);
    for (uint32_t i = 0; i < d->count; i++)
        if (d->terms[i].length == n + 1 && d->terms[i].key[0] == kind && !memcmp(d->terms[i].key + 1, text, n))
            return &d->terms[i];
    ns_term *term = &d->terms[d->count++];
    *term = (ns_term){.key = ns_arena_printf(d->arena, "%c%s", kind, text), .length = (uint32_t)n + 1};
    return term;
}

static void draft_position(draft *d, char kind, const char *text, uint32_t position)
{
    ns_term *term = draft_term(d, kind, text);
    uint32_t *positions = ns_arena_array(d->arena, term->position_count + 1, sizeof *positions);
    if (term->position_count)
        memcpy(positions, term->positions, term->position_count * sizeof *positions);
    positions[term->position_count++] = position;
    term->positions = positions;
}

static int by_key(const void *a, const void *b)
{
    const ns_term *x = a, *y = b;
    uint32_t n = x->length < y->length ? x->length : y->length;
    int c = memcmp(x->key, y->key, n);
    return c ? c : (x->length > y->length) - (x->length < y->length);
}

static const char *word(ns_arena *arena, uint32_t i)
{
    return ns_arena_printf(arena, "w%u", i);
}

/* Three words in a row share a stem. */
static const char *stem_of(ns_arena *arena, uint32_t i)
{
    return ns_arena_printf(arena, "s%u", i / 3);
}

static void make_passage(test_random *r, ns_arena *arena, uint32_t vocabulary, const uint32_t *title,
                         uint32_t title_count, ns_passage *out)
{
    draft d = {.arena = arena};
    uint32_t n = 1 + test_random_below(r, WORDS_MAX - 1), position = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t w = test_random_skewed(r, vocabulary);
        draft_position(&d, NS_TERM_STEM, stem_of(arena, w), position);
        draft_term(&d, NS_TERM_STEM, stem_of(arena, w))->tf++;
        draft_position(&d, NS_TERM_EXACT, word(arena, w), position);
        position += 1 + (test_random_below(r, 10) == 0);
    }
    for (uint32_t i = 0; i < title_count; i++) {
        ns_term *stem = draft_term(&d, NS_TERM_STEM, stem_of(arena, title[i]));
        bool met = false;
        for (uint32_t k = 0; k < i; k++)
            met |= title[k] / 3 == title[i] / 3;
        stem->tf += met ? 0 : NS_TITLE_WEIGHT;
        draft_position(&d, NS_TERM_TITLE, stem_of(arena, title[i]), i);
        draft_position(&d, NS_TERM_TITLE_EXACT, word(arena, title[i]), i);
    }
    for (uint32_t i = test_random_below(r, 3); i; i--) {
        const char *name = word(arena, test_random_skewed(r, vocabulary / 8 + 1));
        draft_term(&d, NS_TERM_ENTITY, name)->tf++;
        draft_term(&d, test_random_below(r, 2) ? NS_TERM_PERSON : NS_TERM_PLACE, name);
    }
    qsort(d.terms, d.count, sizeof *d.terms, by_key);
    ns_term *terms = ns_arena_array(arena, d.count, sizeof *terms);
    memcpy(terms, d.terms, d.count * sizeof *terms);
    *out = (ns_passage){.terms = terms, .term_count = d.count};
    for (uint32_t i = 0; i < d.count; i++)
        out->length += terms[i].tf;
}

/* Inserts a term without tf into a finished passage. */
static void insert_term(ns_arena *arena, ns_passage *p, char kind, const char *text)
{
    draft d = {.arena = arena, .count = p->term_count};
    memcpy(d.terms, p->terms, p->term_count * sizeof *d.terms);
    draft_term(&d, kind, text);
    qsort(d.terms, d.count, sizeof *d.terms, by_key);
    ns_term *terms = ns_arena_array(arena, d.count, sizeof *terms);
    memcpy(terms, d.terms, d.count * sizeof *terms);
    p->terms = terms;
    p->term_count = d.count;
}

void synthetic_article(ns_arena *arena, uint32_t id, uint32_t version, uint32_t vocabulary, ns_analysed *out)
{
    test_random r = {(uint64_t)id << 32 | version};
    uint32_t title[6], title_count = test_random_below(&r, 6), count = 1 + test_random_below(&r, 5);
    for (uint32_t i = 0; i < title_count; i++)
        title[i] = test_random_skewed(&r, vocabulary);
    ns_passage *passages = ns_arena_array(arena, count, sizeof *passages);
    const char *source = ns_arena_printf(arena, "outlet%u", test_random_below(&r, 4));
    memset(out, 0, sizeof *out);
    out->id = ns_arena_printf(arena, "article-%u", id);
    for (uint32_t i = 0; i < count; i++) {
        make_passage(&r, arena, vocabulary, title, title_count, &passages[i]);
        insert_term(arena, &passages[i], NS_TERM_SOURCE, source);
        if (!i)
            insert_term(arena, &passages[i], NS_TERM_ID, out->id);
    }
    out->hash = test_random_next(&r);
    out->day = test_random_below(&r, 10) ? 19000 + (int32_t)test_random_below(&r, 60) - 30 : NS_DAY_UNKNOWN;
    out->text_bytes = 100 * count;
    out->sketch.text_hash = test_random_next(&r);
    out->sketch.shingles = test_random_below(&r, 100);
    for (size_t i = 0; i < NS_SKETCH_WORDS; i++)
        out->sketch.words[i] = (uint16_t)test_random_next(&r);
    for (size_t i = 0; i < NS_KEYWORDS; i++)
        out->sketch.keywords[i] = (uint16_t)test_random_next(&r);
    for (size_t i = 0; i < NS_SKETCH_NUMBERS; i++)
        out->sketch.numbers[i] = (uint16_t)test_random_next(&r);
    out->group = test_random_next(&r);
    out->passages = passages;
    out->passage_count = count;
    out->stored = (const uint8_t *)out->id;
    out->stored_size = strlen(out->id);
}

/* ---- plans */

static ns_filter *new_filter(ns_arena *arena, ns_filter_kind kind, size_t children)
{
    ns_filter *f = ns_arena_zero(arena, sizeof *f);
    f->kind = kind;
    f->child_count = children;
    f->children = ns_arena_zero(arena, (children + 1) * sizeof *f->children);
    return f;
}

static ns_filter *term_filter(ns_arena *arena, char kind, const char *text)
{
    ns_filter *f = new_filter(arena, NS_FILTER_TERM, 0);
    f->key = ns_arena_printf(arena, "%c%s", kind, text);
    f->key_length = (uint32_t)strlen(f->key);
    return f;
}

/* Terms of one kind that have positions, often several at one place in one article. */
static ns_filter *phrase_filter(test_random *r, const synthetic_model *m, uint32_t vocabulary,
                                synthetic_leaves leaves, ns_arena *arena)
{
    static const char kinds[] = {NS_TERM_TITLE, NS_TERM_TITLE_EXACT, NS_TERM_STEM, NS_TERM_EXACT};
    char k = kinds[test_random_below(r, leaves == SYNTHETIC_UNIFORM ? 2 : 4)];
    size_t n = 2 + test_random_below(r, 3);
    ns_filter *f = new_filter(arena, NS_FILTER_PHRASE, n);
    const ns_passage *p = NULL;
    if (m->count) {
        const ns_analysed *a = &m->articles[test_random_below(r, (uint32_t)m->count)];
        p = &a->passages[test_random_below(r, a->passage_count)];
    }
    uint32_t at = test_random_below(r, k == NS_TERM_TITLE || k == NS_TERM_TITLE_EXACT ? 3 : 30);
    if (test_random_below(r, 2))
        f->offsets = ns_arena_zero(arena, n * sizeof *f->offsets);
    for (size_t i = 0; i < n; i++) {
        uint32_t wanted = at + (uint32_t)i;
        if (f->offsets) {
            f->offsets[i] = i ? f->offsets[i - 1] + 1 + test_random_below(r, 2) : 0;
            wanted = at + f->offsets[i];
        }
        /* The word that stands there, so that phrases are found. */
        for (uint32_t t = 0; p && t < p->term_count && !f->children[i]; t++)
            for (uint32_t q = 0; p->terms[t].key[0] == k && q < p->terms[t].position_count; q++)
                if (p->terms[t].positions[q] == wanted) {
                    f->children[i] = new_filter(arena, NS_FILTER_TERM, 0);
                    f->children[i]->key = ns_arena_copy(arena, p->terms[t].key, p->terms[t].length);
                    f->children[i]->key_length = p->terms[t].length;
                    break;
                }
        if (!f->children[i]) {
            uint32_t w = test_random_skewed(r, vocabulary);
            bool is_stem = k == NS_TERM_TITLE || k == NS_TERM_STEM;
            f->children[i] = term_filter(arena, k, is_stem ? stem_of(arena, w) : word(arena, w));
        }
    }
    return f;
}

static ns_filter *leaf_filter(test_random *r, const synthetic_model *m, uint32_t vocabulary, synthetic_leaves leaves,
                              ns_arena *arena)
{
    uint32_t w = test_random_skewed(r, vocabulary);
    switch (test_random_below(r, leaves == SYNTHETIC_UNIFORM ? 8 : 12)) {
    case 0:
        return new_filter(arena, test_random_below(r, 3) ? NS_FILTER_ALL : NS_FILTER_NONE, 0);
    case 1: {
        ns_filter *f = new_filter(arena, NS_FILTER_DAYS, 0);
        f->first_day = test_random_below(r, 8) ? 19000 + (int32_t)test_random_below(r, 60) - 30 : INT32_MIN;
        f->last_day = test_random_below(r, 8) ? f->first_day + (int32_t)test_random_below(r, 20) : INT32_MAX;
        return f;
    }
    case 2:
    case 3:
    case 4:
        return phrase_filter(r, m, vocabulary, leaves, arena);
    case 5:
        return term_filter(arena, NS_TERM_SOURCE, ns_arena_printf(arena, "outlet%u", test_random_below(r, 5)));
    case 6:
        return term_filter(arena, NS_TERM_TITLE, stem_of(arena, w));
    case 7:
        return term_filter(arena, NS_TERM_TITLE_EXACT, word(arena, w));
    case 8:
        return term_filter(arena, NS_TERM_EXACT, word(arena, w));
    case 9:
        return term_filter(arena, NS_TERM_PERSON, word(arena, w));
    default:
        return term_filter(arena, NS_TERM_STEM, stem_of(arena, w));
    }
}

static ns_filter *random_filter(test_random *r, const synthetic_model *m, uint32_t vocabulary,
                                synthetic_leaves leaves, ns_arena *arena, int depth)
{
    uint32_t what = test_random_below(r, 10);
    if (!depth || what < 5)
        return leaf_filter(r, m, vocabulary, leaves, arena);
    ns_filter_kind kind = what < 7 ? NS_FILTER_AND : what < 9 ? NS_FILTER_OR : NS_FILTER_NOT;
    ns_filter *f = new_filter(arena, kind, kind == NS_FILTER_NOT ? 1 : 1 + test_random_below(r, 3));
    for (size_t i = 0; i < f->child_count; i++)
        f->children[i] = random_filter(r, m, vocabulary, leaves, arena, depth - 1);
    return f;
}

void synthetic_plan(test_random *r, const synthetic_model *m, uint32_t vocabulary, synthetic_leaves leaves,
                    ns_arena *arena, ns_plan *plan)
{
    size_t n = test_random_below(r, 12) ? 1 + test_random_below(r, 7) : 0;
    ns_weight *weights = ns_arena_zero(arena, (n + 1) * sizeof *weights);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_name = !test_random_below(r, 5);
        const char *text = is_name ? word(arena, test_random_skewed(r, vocabulary / 8 + 1))
                                   : stem_of(arena, test_random_skewed(r, vocabulary + 6));
        const char *key = ns_arena_printf(arena, "%c%s", is_name ? NS_TERM_ENTITY : NS_TERM_STEM, text);
        bool met = false;
        for (size_t k = 0; k < count; k++)
            met |= !strcmp(weights[k].key, key);
        if (!met)
            weights[count++] = (ns_weight){key, (uint32_t)strlen(key), 0.01 + test_random_below(r, 1000) / 100.0};
    }
    plan->weights = weights;
    plan->weight_count = count;
    plan->filter = test_random_below(r, 3) && count ? NULL : random_filter(r, m, vocabulary, leaves, arena, 3);
    plan->k1 = test_random_below(r, 3) ? 0.9 : 0.5 + test_random_below(r, 20) / 10.0;
    plan->b = test_random_below(r, 3) ? 0.4 : test_random_below(r, 11) / 10.0;
    plan->average_length = synthetic_model_average(m);
}
