/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * model_places.c - slow and plain: every list is a bitmap of all pairs of positions that could be, or nearly so.
 */
#include "tests/unit/model_places.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPEAKERS 4

static uint32_t below(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(model_random(seed) >> 33) % n;
}

/* ---- marks */

typedef struct adder {
    model *m;
    ns_term *terms;
    uint32_t count;
} adder;

static void add_term(adder *a, const char *key, uint32_t length, const uint32_t *positions, uint32_t count)
{
    if (!count)
        return;
    uint32_t *copy = ns_arena_array(&a->m->arena, count, sizeof *copy);
    memcpy(copy, positions, count * sizeof *copy);
    a->terms[a->count++] = (ns_term){ns_arena_copy(&a->m->arena, key, length), length, 0, copy, count, 0};
}

static void add_mark(adder *a, char which, const uint32_t *positions, uint32_t count)
{
    char key[2] = {NS_TERM_MARK, which};
    add_term(a, key, 2, positions, count);
}

static uint32_t words_of(const ns_passage *p)
{
    uint32_t words = 0;
    for (uint32_t i = 0; i < p->term_count; i++)
        for (uint32_t k = 0; k < p->terms[i].position_count; k++)
            if (p->terms[i].positions[k] >= words)
                words = p->terms[i].positions[k] + 1;
    return words;
}

static void add_title(adder *a, const uint32_t *title, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        uint32_t positions[16], n = 0;
        bool before = false;
        char key[16];
        for (uint32_t k = 0; k < words; k++)
            if (title[k] == title[i]) {
                before |= k < i;
                positions[n++] = k;
            }
        uint32_t length = model_word(title[i], NS_TERM_TITLE, key);
        if (!before)
            add_term(a, key, length, positions, n);
    }
}

void model_mark(model *m, ns_analysed *article, uint64_t *seed)
{
    uint32_t title[8], title_words = below(seed, 8), quoted = 0; /* words in the quotation in hand; 0: none */
    for (uint32_t i = 0; i < title_words; i++)
        title[i] = below(seed, 1 + below(seed, m->vocabulary));
    ns_passage *passages = ns_arena_array(&m->arena, article->passage_count, sizeof *passages);
    for (uint32_t p = 0; p < article->passage_count; p++) {
        ns_passage *passage = &passages[p];
        *passage = article->passages[p];
        uint32_t words = words_of(passage), at[6][128], n[6] = {0}, speaker[SPEAKERS][128], said[SPEAKERS] = {0};
        adder a = {m, ns_arena_array(&m->arena, passage->term_count + 32, sizeof *a.terms), passage->term_count};
        memcpy(a.terms, passage->terms, passage->term_count * sizeof *a.terms);
        for (uint32_t i = 0; i < words; i++) {
            bool sentence = i == 0 || below(seed, 6) == 0;
            if (sentence && i)
                at[0][n[0]++] = i;
            if (sentence && (below(seed, 3) == 0 || (i == 0 && p == 0)))
                at[1][n[1]++] = i;
            if (quoted && below(seed, 5) == 0) {
                at[3][n[3]++] = i;
                quoted = 0;
            }
            if (!quoted && below(seed, 9) == 0) {
                at[2][n[2]++] = i;
                for (int k = below(seed, 3) > 0; k; k = below(seed, 2)) {
                    uint32_t who = below(seed, SPEAKERS);
                    if (!said[who] || speaker[who][said[who] - 1] != i)
                        speaker[who][said[who]++] = i;
                }
                quoted = 1;
            }
            uint32_t letters = below(seed, 8);
            if (letters < 3)
                at[letters ? 4 : 5][n[letters ? 4 : 5]++] = i;
        }
        at[0][n[0]++] = words;
        if (quoted && (p + 1 == article->passage_count || below(seed, 2))) {
            at[3][n[3]++] = words;
            quoted = 0;
        }
        static const char marks[] = {NS_MARK_SENTENCE, NS_MARK_PARAGRAPH, NS_MARK_QUOTATION,
                                     NS_MARK_QUOTED,   NS_MARK_CAPITAL,   NS_MARK_UPPER};
        for (int k = 0; k < 6; k++)
            add_mark(&a, marks[k], at[k], n[k]);
        for (uint32_t k = 0; k < SPEAKERS; k++) {
            char key[16];
            add_term(&a, key, model_word(k, NS_TERM_SPEAKER, key), speaker[k], said[k]);
        }
        add_title(&a, title, title_words);
        passage->terms = a.terms;
        passage->term_count = a.count;
    }
    article->passages = passages;
}

/* ---- lists of runs */

typedef struct run {
    uint32_t begin, end;
} run;

typedef struct runs {
    run *items;
    size_t count;
} runs;

static void add_run(runs *list, uint32_t begin, uint32_t end)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].begin == begin && list->items[i].end == end)
            return;
    list->items = realloc(list->items, (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = (run){begin, end};
}

static bool holds(run outer, run inner)
{
    return outer.begin <= inner.begin && inner.end <= outer.end &&
           (outer.begin != inner.begin || outer.end != inner.end);
}

/* Leaves out what holds another ('longest': what another holds). */
static void thin(runs *list, bool longest)
{
    runs kept = {0};
    for (size_t i = 0; i < list->count; i++) {
        bool good = true;
        for (size_t k = 0; k < list->count; k++)
            good &= !(longest ? holds(list->items[k], list->items[i]) : holds(list->items[i], list->items[k]));
        if (good)
            add_run(&kept, list->items[i].begin, list->items[i].end);
    }
    free(list->items);
    *list = kept;
}

static int by_begin(const void *a, const void *b)
{
    const run *x = a, *y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* ---- the article */

static const ns_term *find_term(const ns_passage *p, const char *key, uint32_t length)
{
    for (uint32_t i = 0; i < p->term_count; i++)
        if (p->terms[i].length == length && !memcmp(p->terms[i].key, key, length))
            return &p->terms[i];
    return NULL;
}

static uint32_t base_of(const ns_analysed *a, uint32_t passage)
{
    uint32_t base = NS_BODY_POSITION;
    for (uint32_t p = 0; p < passage; p++) {
        const char key[2] = {NS_TERM_MARK, NS_MARK_SENTENCE};
        const ns_term *t = find_term(&a->passages[p], key, 2);
        base += t->positions[t->position_count - 1];
    }
    return base;
}

static runs positions_of(const ns_analysed *a, const char *key, uint32_t length)
{
    runs list = {0};
    for (uint32_t p = 0; p < a->passage_count; p++) {
        const ns_term *t = find_term(&a->passages[p], key, length);
        uint32_t base = t ? base_of(a, p) : 0;
        for (uint32_t k = 0; t && k < t->position_count; k++)
            add_run(&list, base + t->positions[k], base + t->positions[k]);
    }
    return list;
}

static runs marks_of(const ns_analysed *a, char which)
{
    char key[2] = {NS_TERM_MARK, which};
    return positions_of(a, key, 2);
}

static bool has_begin(const runs *list, uint32_t begin)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].begin == begin)
            return true;
    return false;
}

/* Title and sentences, or title and paragraphs. */
static runs units_of(const ns_analysed *a, bool paragraphs)
{
    runs begins = marks_of(a, paragraphs ? NS_MARK_PARAGRAPH : NS_MARK_SENTENCE), units = {0};
    add_run(&units, 0, NS_BODY_POSITION - 1);
    uint32_t begin = NS_BODY_POSITION, end = base_of(a, a->passage_count);
    for (uint32_t at = begin + 1; at <= end; at++)
        if (at == end || has_begin(&begins, at)) {
            add_run(&units, begin, at - 1);
            begin = at;
        }
    free(begins.items);
    return units;
}

/* ---- places */

static runs places_of(const ns_analysed *a, const ns_place *place);

static runs words_at(const ns_analysed *a, const ns_place *place)
{
    runs all = positions_of(a, place->key, place->key_length), capital = marks_of(a, NS_MARK_CAPITAL),
         upper = marks_of(a, NS_MARK_UPPER), list = {0};
    for (size_t i = 0; i < all.count; i++) {
        uint32_t at = all.items[i].begin;
        bool is_capital = has_begin(&capital, at), is_upper = has_begin(&upper, at);
        if (place->letters == NS_LETTERS_ANY || (place->letters == NS_LETTERS_LOWER && !is_capital && !is_upper) ||
            (place->letters == NS_LETTERS_CAPITAL && is_capital) || (place->letters == NS_LETTERS_UPPER && is_upper))
            add_run(&list, at, at);
    }
    char key[16];
    memcpy(key, place->key, place->key_length);
    key[0] = NS_TERM_TITLE;
    const ns_term *title = find_term(&a->passages[0], key, place->key_length);
    bool in_title = place->letters == NS_LETTERS_ANY && place->key[0] == NS_TERM_STEM;
    for (uint32_t k = 0; in_title && title && k < title->position_count; k++)
        add_run(&list, title->positions[k], title->positions[k]);
    free(all.items);
    free(capital.items);
    free(upper.items);
    return list;
}

/* The first of a list within a unit. */
static bool first_within(const runs *list, run unit, run *first)
{
    bool found = false;
    for (size_t i = 0; i < list->count; i++) {
        run r = list->items[i];
        if (r.begin >= unit.begin && r.end <= unit.end && (!found || r.begin < first->begin)) {
            *first = r;
            found = true;
        }
    }
    return found;
}

static void add_covers(runs *out, const runs *units, const runs *children, size_t count)
{
    for (size_t u = 0; u < units->count; u++) {
        run cover = {UINT32_MAX, 0}, r = {0, 0};
        bool good = true;
        for (size_t i = 0; i < count && good; i++) {
            good = first_within(&children[i], units->items[u], &r);
            if (good && r.begin < cover.begin)
                cover.begin = r.begin;
            if (good && r.end > cover.end)
                cover.end = r.end;
        }
        if (good)
            add_run(out, cover.begin, cover.end);
    }
}

static void add_quotations(const ns_analysed *a, const ns_place *place, const runs *children, runs *out)
{
    runs begins = marks_of(a, NS_MARK_QUOTATION), ends = marks_of(a, NS_MARK_QUOTED);
    for (size_t q = 0; q < begins.count; q++) {
        run unit = {begins.items[q].begin, UINT32_MAX}, r;
        for (size_t i = 0; i < ends.count; i++)
            if (ends.items[i].begin > unit.begin && ends.items[i].begin - 1 < unit.end)
                unit.end = ends.items[i].begin - 1;
        bool good = true;
        for (size_t i = 0; i < place->speaker_count; i++) {
            runs said = places_of(a, place->speakers[i]);
            good &= has_begin(&said, unit.begin);
            free(said.items);
        }
        for (size_t i = 0; i < place->child_count; i++)
            good &= first_within(&children[i], unit, &r);
        if (good)
            add_run(out, unit.begin, unit.end);
    }
    free(begins.items);
    free(ends.items);
}

static void add_lead(const ns_analysed *a, const runs *children, size_t count, runs *out)
{
    runs units = units_of(a, true);
    qsort(units.items, units.count, sizeof *units.items, by_begin);
    uint32_t end = NS_BODY_POSITION - 1;
    for (size_t u = 1; u < units.count && end + 1 < NS_BODY_POSITION + NS_LEAD_WORDS; u++)
        end = units.items[u].end;
    run lead = {0, end}, r;
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good &= first_within(&children[i], lead, &r);
    if (good)
        add_run(out, lead.begin, lead.end);
    free(units.items);
}

static void add_sequences(const ns_place *place, const runs *children, runs *out)
{
    for (size_t k = 0; k < children[0].count; k++) {
        uint32_t begin = children[0].items[k].begin, last = begin;
        bool good = true;
        for (size_t i = 1; i < place->child_count; i++) {
            last = begin + place->offsets[i] - place->offsets[0];
            good &= has_begin(&children[i], last);
        }
        if (good)
            add_run(out, begin, last);
    }
}

static void add_pairs(const ns_place *place, const runs *a, const runs *b, runs *out)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (b->items[k].begin > a->items[i].end && b->items[k].begin - a->items[i].end <= place->distance)
                add_run(out, a->items[i].begin, b->items[k].end);
}

static runs places_of(const ns_analysed *a, const ns_place *place)
{
    runs children[8] = {{0}}, out = {0}, units = {0};
    for (size_t i = 0; i < place->child_count; i++)
        children[i] = places_of(a, place->children[i]);
    switch (place->kind) {
    case NS_PLACE_WORD:
        out = words_at(a, place);
        break;
    case NS_PLACE_ANY:
        for (size_t i = 0; i < place->child_count; i++)
            for (size_t k = 0; k < children[i].count; k++)
                add_run(&out, children[i].items[k].begin, children[i].items[k].end);
        thin(&out, true);
        break;
    case NS_PLACE_SEQUENCE:
        add_sequences(place, children, &out);
        break;
    case NS_PLACE_NEAR:
        add_pairs(place, &children[1], &children[0], &out);
        add_pairs(place, &children[0], &children[1], &out);
        thin(&out, false);
        break;
    case NS_PLACE_BEFORE:
        add_pairs(place, &children[0], &children[1], &out);
        thin(&out, false);
        break;
    case NS_PLACE_SENTENCE:
    case NS_PLACE_PARAGRAPH:
        units = units_of(a, place->kind == NS_PLACE_PARAGRAPH);
        add_covers(&out, &units, children, place->child_count);
        break;
    case NS_PLACE_QUOTATION:
        add_quotations(a, place, children, &out);
        break;
    case NS_PLACE_LEAD:
        add_lead(a, children, place->child_count, &out);
        break;
    }
    free(units.items);
    for (size_t i = 0; i < place->child_count; i++)
        free(children[i].items);
    return out;
}

size_t model_count_places(const ns_analysed *article, const ns_place *place)
{
    runs list = places_of(article, place);
    free(list.items);
    return list.count;
}

/* ---- random shapes */

static ns_place *new_place(ns_arena *arena, ns_place_kind kind)
{
    ns_place *p = ns_arena_zero(arena, sizeof *p);
    p->kind = kind;
    p->children = ns_arena_zero(arena, 4 * sizeof *p->children);
    p->speakers = ns_arena_zero(arena, 4 * sizeof *p->speakers);
    return p;
}

static ns_place *random_word(const model *m, uint64_t *seed, char kind, uint32_t vocabulary, ns_arena *arena)
{
    char key[16];
    (void)m;
    ns_place *p = new_place(arena, NS_PLACE_WORD);
    p->key_length = model_word(below(seed, 1 + below(seed, 1 + below(seed, vocabulary))), kind, key);
    p->key = ns_arena_copy(arena, key, p->key_length);
    return p;
}

static ns_place *random_place(const model *m, uint64_t *seed, int depth, ns_arena *arena)
{
    static const ns_place_kind kinds[] = {NS_PLACE_ANY,      NS_PLACE_SEQUENCE,  NS_PLACE_NEAR,      NS_PLACE_BEFORE,
                                          NS_PLACE_SENTENCE, NS_PLACE_PARAGRAPH, NS_PLACE_QUOTATION, NS_PLACE_LEAD};
    ns_place *p;
    if (depth == 0 || below(seed, 5) == 0) {
        p = random_word(m, seed, NS_TERM_STEM, m->vocabulary, arena);
        if (below(seed, 3) == 0)
            p->letters = (ns_letters)(1 + below(seed, 3));
        return p;
    }
    p = new_place(arena, kinds[below(seed, 8)]);
    p->distance = 1 + below(seed, 8);
    p->child_count = p->kind == NS_PLACE_NEAR || p->kind == NS_PLACE_BEFORE ? 2 : 1 + below(seed, 3);
    if (p->kind == NS_PLACE_SEQUENCE) {
        p->offsets = ns_arena_array(arena, 4, sizeof *p->offsets);
        for (uint32_t i = 0; i < 4; i++)
            p->offsets[i] = 3 + i * (1 + below(seed, 2));
        p->offsets[2] = p->offsets[2] <= p->offsets[1] ? p->offsets[1] + 1 : p->offsets[2];
    }
    if (p->kind == NS_PLACE_QUOTATION) {
        p->child_count = below(seed, 3);
        p->speaker_count = p->child_count ? below(seed, 2) : 1 + below(seed, 2);
    }
    for (size_t i = 0; i < p->child_count; i++)
        p->children[i] = random_place(m, seed, p->kind == NS_PLACE_SEQUENCE ? 0 : depth - 1, arena);
    for (size_t i = 0; i < p->speaker_count; i++)
        p->speakers[i] = random_word(m, seed, NS_TERM_SPEAKER, SPEAKERS, arena);
    return p;
}

ns_filter *model_random_places(const model *m, uint64_t *seed, ns_arena *arena)
{
    ns_filter *f = ns_arena_zero(arena, sizeof *f), *all = ns_arena_zero(arena, sizeof *all);
    f->kind = NS_FILTER_PLACES;
    f->place = random_place(m, seed, 1 + (int)below(seed, 3), arena);
    f->least = below(seed, 4) ? 1 : 1 + below(seed, 4);
    f->children = ns_arena_zero(arena, sizeof *f->children);
    f->child_count = 1;
    f->children[0] = all;
    all->kind = NS_FILTER_ALL;
    return f;
}

static void print_place(const ns_place *place)
{
    static const char *const kinds[] = {"word",     "any",       "sequence",  "near", "before",
                                        "sentence", "paragraph", "quotation", "lead"};
    static const char *const letters[] = {"", " lower", " capital", " upper"};
    if (place->kind == NS_PLACE_WORD) {
        fprintf(stderr, "%.*s%s", (int)place->key_length, place->key, letters[place->letters]);
        return;
    }
    fprintf(stderr, "%s/%u(", kinds[place->kind], place->distance);
    for (size_t i = 0; i < place->child_count; i++) {
        fprintf(stderr, i ? ", " : "");
        if (place->offsets)
            fprintf(stderr, "+%u ", place->offsets[i]);
        print_place(place->children[i]);
    }
    for (size_t i = 0; i < place->speaker_count; i++) {
        fprintf(stderr, " by ");
        print_place(place->speakers[i]);
    }
    fprintf(stderr, ")");
}

void model_print_places(const ns_filter *filter)
{
    if (filter->kind == NS_FILTER_PLACES) {
        fprintf(stderr, "%u times ", filter->least);
        print_place(filter->place);
        fprintf(stderr, "\n");
    }
    for (size_t i = 0; i < filter->child_count; i++)
        model_print_places(filter->children[i]);
}
