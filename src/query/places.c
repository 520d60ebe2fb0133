/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * places.c - a list of runs for each node of a place, from its words upwards. In every list beginnings and ends both
 * rise, so that two lists are compared in one walk.
 */
#include "src/query/places.h"

#include <stdlib.h>
#include <string.h>

#include "src/query/match_part.h"
#include "src/text/analysed.h"

typedef struct runs {
    ns_run *items;
    size_t count, capacity;
} runs;

/* Positions of one term through an article. */
typedef struct walk {
    ns_cursor *cursor; /* NULL: not in this part */
} walk;

typedef struct node {
    const ns_place *place;
    walk body, title;
    runs runs;
    struct node *children, *speakers;
} node;

enum { SENTENCES, PARAGRAPHS, QUOTATIONS, QUOTED, CAPITALS, UPPERS, MARKS };

struct ns_places {
    ns_snapshot *snapshot;
    size_t part;
    ns_arena *arena;
    node root;
    walk marks[MARKS];
    bool wanted[MARKS];
    uint32_t article, passages;
    uint32_t *bases; /* position of the first word of each passage; one more for the end */
    size_t base_capacity;
    runs units[2]; /* sentences and paragraphs of the article in hand, the title first */
    bool has_paragraphs, cut_paragraphs;
    runs marked[MARKS]; /* its quotations and letters: asked for by several nodes, while a cursor does not go back */
    bool has_marked[MARKS];
    bool no_memory, damaged;
};

static const char mark_letters[MARKS] = {NS_MARK_SENTENCE, NS_MARK_PARAGRAPH, NS_MARK_QUOTATION,
                                         NS_MARK_QUOTED,   NS_MARK_CAPITAL,   NS_MARK_UPPER};

/* ---- lists */

static void add(ns_places *p, runs *list, uint32_t begin, uint32_t end)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        ns_run *items = ns_arena_array(p->arena, capacity, sizeof *items);
        if (!items) {
            p->no_memory = true;
            return;
        }
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (ns_run){begin, end};
}

static int by_begin(const void *a, const void *b)
{
    const ns_run *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static void sort(runs *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (by_begin(&list->items[i - 1], &list->items[i]) > 0) {
            qsort(list->items, list->count, sizeof *list->items, by_begin);
            return;
        }
}

/* Of runs that lie in one another the longest stay. */
static void keep_longest(runs *list)
{
    size_t kept = 0;
    sort(list);
    for (size_t i = 0; i < list->count; i++) {
        ns_run r = list->items[i];
        if (kept && r.begin == list->items[kept - 1].begin)
            list->items[kept - 1] = r; /* begins there too, and is no shorter */
        else if (!kept || r.end > list->items[kept - 1].end)
            list->items[kept++] = r;
    }
    list->count = kept;
}

/* Of runs that lie in one another the shortest stay. */
static void keep_shortest(runs *list)
{
    size_t kept = 0;
    sort(list);
    for (size_t i = 0; i < list->count; i++) {
        ns_run r = list->items[i];
        if (kept && r.begin == list->items[kept - 1].begin)
            continue; /* longer, or the same */
        while (kept && list->items[kept - 1].end >= r.end)
            kept--;
        list->items[kept++] = r;
    }
    list->count = kept;
}

/* ---- the article in hand */

static size_t positions_at(walk *w, uint32_t docid, const uint32_t **at)
{
    if (!w->cursor || ns_cursor_seek(w->cursor, docid) != docid)
        return 0;
    return w->cursor->ops->positions(w->cursor, at);
}

static void begin_article(ns_places *p, uint32_t article)
{
    ns_article_columns columns;
    p->article = article;
    p->passages = ns_article_outline(p->snapshot, article, &columns, NULL) ? 0 : columns.passage_count;
    p->has_paragraphs = false;
    memset(p->has_marked, 0, sizeof p->has_marked);
    if (p->passages >= p->base_capacity) {
        p->base_capacity = 2 * (size_t)p->passages + 16;
        p->bases = ns_arena_array(p->arena, p->base_capacity, sizeof *p->bases);
        if (!p->bases) {
            p->base_capacity = 0;
            p->passages = 0;
            p->no_memory = true;
            return;
        }
    }
    p->bases[0] = NS_BODY_POSITION;
    p->units[SENTENCES].count = 0;
    add(p, &p->units[SENTENCES], 0, NS_BODY_POSITION - 1);
    for (uint32_t i = 0; i < p->passages; i++) {
        const uint32_t *at;
        size_t n = positions_at(&p->marks[SENTENCES], article + i, &at);
        uint32_t words = n ? at[n - 1] : NS_PASSAGE_TERMS_MAX, begin = p->bases[i];
        for (size_t k = 0; k + 1 < n; k++) {
            add(p, &p->units[SENTENCES], begin, p->bases[i] + at[k] - 1);
            begin = p->bases[i] + at[k];
        }
        p->bases[i + 1] = p->bases[i] + words;
        add(p, &p->units[SENTENCES], begin, p->bases[i + 1] - 1);
    }
}

static const runs *paragraphs(ns_places *p)
{
    runs *units = &p->units[PARAGRAPHS];
    if (p->has_paragraphs)
        return units;
    p->has_paragraphs = true;
    units->count = 0;
    add(p, units, 0, NS_BODY_POSITION - 1);
    uint32_t begin = NS_BODY_POSITION;
    for (uint32_t i = 0; i < p->passages; i++) {
        const uint32_t *at;
        size_t n = positions_at(&p->marks[PARAGRAPHS], p->article + i, &at);
        for (size_t k = 0; k < n; k++) {
            uint32_t next = p->bases[i] + at[k];
            if (next > begin)
                add(p, units, begin, next - 1);
            begin = next;
        }
        if (p->cut_paragraphs && p->bases[i + 1] > begin) {
            add(p, units, begin, p->bases[i + 1] - 1);
            begin = p->bases[i + 1];
        }
    }
    if (p->bases[p->passages] > begin)
        add(p, units, begin, p->bases[p->passages] - 1);
    return units;
}

/* ---- words */

/* The positions of a mark. */
static const runs *marked(ns_places *p, int mark)
{
    runs *list = &p->marked[mark];
    if (p->has_marked[mark])
        return list;
    p->has_marked[mark] = true;
    list->count = 0;
    for (uint32_t i = 0; i < p->passages; i++) {
        const uint32_t *at;
        size_t n = positions_at(&p->marks[mark], p->article + i, &at);
        for (size_t k = 0; k < n; k++)
            add(p, list, p->bases[i] + at[k], p->bases[i] + at[k]);
    }
    return list;
}

/* Whether a position is among those of a mark; *next walks along. */
static bool is_marked(const runs *list, size_t *next, uint32_t position)
{
    while (*next < list->count && list->items[*next].begin < position)
        ++*next;
    return *next < list->count && list->items[*next].begin == position;
}

/* Leaves the words that are written as wanted. */
static void keep_letters(ns_places *p, runs *list, ns_letters letters)
{
    const runs *capitals = marked(p, CAPITALS), *uppers = marked(p, UPPERS);
    size_t c = 0, u = 0, kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        uint32_t at = list->items[i].begin;
        bool capital = is_marked(capitals, &c, at), upper = is_marked(uppers, &u, at), good = false;
        switch (letters) {
        case NS_LETTERS_ANY:
            good = true;
            break;
        case NS_LETTERS_LOWER:
            good = !capital && !upper;
            break;
        case NS_LETTERS_CAPITAL:
            good = capital;
            break;
        case NS_LETTERS_UPPER:
            good = upper;
            break;
        }
        if (good)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

static void find_word(ns_places *p, node *x)
{
    const uint32_t *at;
    size_t n = positions_at(&x->title, p->article, &at);
    for (size_t k = 0; k < n && at[k] < NS_BODY_POSITION; k++)
        add(p, &x->runs, at[k], at[k]);
    for (uint32_t i = 0; i < p->passages; i++) {
        n = positions_at(&x->body, p->article + i, &at);
        for (size_t k = 0; k < n; k++)
            add(p, &x->runs, p->bases[i] + at[k], p->bases[i] + at[k]);
    }
    if (x->place->letters != NS_LETTERS_ANY && x->runs.count)
        keep_letters(p, &x->runs, x->place->letters);
}

/* ---- combinations */

static void find_sequence(ns_places *p, node *x)
{
    const ns_place *place = x->place;
    size_t next[NS_PHRASE_TERMS_MAX] = {0};
    const runs *first = &x->children[0].runs;
    for (size_t k = 0; k < first->count; k++) {
        uint32_t begin = first->items[k].begin, want = begin;
        size_t i = 1;
        for (; i < place->child_count; i++) {
            const runs *other = &x->children[i].runs;
            want = begin + place->offsets[i] - place->offsets[0];
            while (next[i] < other->count && other->items[next[i]].begin < want)
                next[i]++;
            if (next[i] == other->count || other->items[next[i]].begin != want)
                break;
        }
        if (i == place->child_count)
            add(p, &x->runs, begin, want);
    }
}

/* For each run of 'a' the nearest of 'b' that begins after it. */
static void add_followed(ns_places *p, const runs *a, const runs *b, uint32_t distance, runs *out)
{
    for (size_t i = 0, k = 0; i < a->count; i++) {
        while (k < b->count && b->items[k].begin <= a->items[i].end)
            k++;
        if (k < b->count && b->items[k].begin - a->items[i].end <= distance)
            add(p, out, a->items[i].begin, b->items[k].end);
    }
}

/* Moves to the first run that begins in or after the unit; whether it ends in it. */
static bool in_unit(const runs *list, size_t *next, ns_run unit)
{
    while (*next < list->count && list->items[*next].begin < unit.begin)
        ++*next;
    return *next < list->count && list->items[*next].end <= unit.end;
}

static void find_in_units(ns_places *p, node *x, const runs *units)
{
    size_t next[NS_PHRASE_TERMS_MAX] = {0};
    const ns_place *place = x->place;
    for (size_t u = 0; u < units->count; u++) {
        ns_run cover = units->items[u];
        size_t i = 0;
        for (; i < place->child_count && in_unit(&x->children[i].runs, &next[i], units->items[u]); i++) {
            ns_run r = x->children[i].runs.items[next[i]];
            if (!i || r.begin < cover.begin)
                cover.begin = r.begin;
            if (!i || r.end > cover.end)
                cover.end = r.end;
        }
        if (i == place->child_count)
            add(p, &x->runs, cover.begin, cover.end);
        else if (next[i] == x->children[i].runs.count)
            return;
    }
}

/* Each quotation begins at a mark and ends before the next mark of an end. */
static void find_quotations(ns_places *p, node *x)
{
    const ns_place *place = x->place;
    size_t next[NS_PHRASE_TERMS_MAX] = {0}, speaker[NS_PHRASE_TERMS_MAX] = {0};
    const runs *begins = marked(p, QUOTATIONS), *ends = marked(p, QUOTED);
    for (size_t q = 0, e = 0; q < begins->count; q++) {
        uint32_t begin = begins->items[q].begin;
        while (e < ends->count && ends->items[e].begin <= begin)
            e++;
        if (e == ends->count)
            return;
        ns_run unit = {begin, ends->items[e].begin - 1};
        bool good = true;
        for (size_t i = 0; i < place->speaker_count && good; i++)
            good = in_unit(&x->speakers[i].runs, &speaker[i], (ns_run){begin, begin});
        for (size_t i = 0; i < place->child_count && good; i++)
            good = in_unit(&x->children[i].runs, &next[i], unit);
        if (good)
            add(p, &x->runs, unit.begin, unit.end);
    }
}

static void find_lead(ns_places *p, node *x)
{
    const runs *units = paragraphs(p);
    size_t u = 1;
    while (u + 1 < units->count && units->items[u].end + 1 < NS_BODY_POSITION + NS_LEAD_WORDS)
        u++;
    uint32_t end = u < units->count ? units->items[u].end : NS_BODY_POSITION - 1;
    for (size_t i = 0; i < x->place->child_count; i++)
        if (x->children[i].runs.items[0].end > end)
            return;
    add(p, &x->runs, 0, end);
}

static void find(ns_places *p, node *x)
{
    const ns_place *place = x->place;
    x->runs.count = 0;
    for (size_t i = 0; i < place->speaker_count; i++) {
        find(p, &x->speakers[i]);
        if (!x->speakers[i].runs.count)
            return;
    }
    for (size_t i = 0; i < place->child_count; i++) {
        find(p, &x->children[i]);
        if (!x->children[i].runs.count && place->kind != NS_PLACE_ANY)
            return;
    }
    switch (place->kind) {
    case NS_PLACE_WORD:
        find_word(p, x);
        break;
    case NS_PLACE_ANY:
        for (size_t i = 0; i < place->child_count; i++)
            for (size_t k = 0; k < x->children[i].runs.count; k++)
                add(p, &x->runs, x->children[i].runs.items[k].begin, x->children[i].runs.items[k].end);
        keep_longest(&x->runs);
        break;
    case NS_PLACE_SEQUENCE:
        find_sequence(p, x);
        break;
    case NS_PLACE_NEAR:
        add_followed(p, &x->children[1].runs, &x->children[0].runs, place->distance, &x->runs);
        add_followed(p, &x->children[0].runs, &x->children[1].runs, place->distance, &x->runs);
        keep_shortest(&x->runs);
        break;
    case NS_PLACE_BEFORE:
        add_followed(p, &x->children[0].runs, &x->children[1].runs, place->distance, &x->runs);
        keep_shortest(&x->runs);
        break;
    case NS_PLACE_SENTENCE:
        find_in_units(p, x, &p->units[SENTENCES]);
        break;
    case NS_PLACE_PARAGRAPH:
        find_in_units(p, x, paragraphs(p));
        break;
    case NS_PLACE_QUOTATION:
        find_quotations(p, x);
        break;
    case NS_PLACE_LEAD:
        find_lead(p, x);
        break;
    }
}

/* ---- opening */

static nsearch_status open_walk(ns_places *p, const char *key, uint32_t n, walk *w, nsearch_error *err)
{
    return p->snapshot->backend->cursor(p->snapshot, p->part, key, n, p->arena, &w->cursor, err);
}

static nsearch_status open_word(ns_places *p, node *x, nsearch_error *err)
{
    const ns_place *place = x->place;
    char kind = place->key[0], title[NS_TERM_MAX];
    nsearch_status status = open_walk(p, place->key, place->key_length, &x->body, err);
    if (status || (kind != NS_TERM_STEM && kind != NS_TERM_EXACT) || place->letters != NS_LETTERS_ANY)
        return status;
    memcpy(title, place->key, place->key_length);
    title[0] = kind == NS_TERM_STEM ? NS_TERM_TITLE : NS_TERM_TITLE_EXACT;
    return open_walk(p, title, place->key_length, &x->title, err);
}

static nsearch_status open_all(ns_places *p, ns_place **places, size_t count, node **nodes, nsearch_error *err);

static nsearch_status open_node(ns_places *p, node *x, const ns_place *place, nsearch_error *err)
{
    x->place = place;
    switch (place->kind) {
    case NS_PLACE_WORD:
        p->wanted[CAPITALS] |= place->letters != NS_LETTERS_ANY;
        p->wanted[UPPERS] |= place->letters != NS_LETTERS_ANY;
        return open_word(p, x, err);
    case NS_PLACE_PARAGRAPH:
    case NS_PLACE_LEAD:
        p->wanted[PARAGRAPHS] = true;
        break;
    case NS_PLACE_QUOTATION:
        p->wanted[QUOTATIONS] = p->wanted[QUOTED] = true;
        break;
    case NS_PLACE_ANY:
    case NS_PLACE_SEQUENCE:
    case NS_PLACE_NEAR:
    case NS_PLACE_BEFORE:
    case NS_PLACE_SENTENCE:
        break;
    }
    nsearch_status status = open_all(p, place->children, place->child_count, &x->children, err);
    return status ? status : open_all(p, place->speakers, place->speaker_count, &x->speakers, err);
}

static nsearch_status open_all(ns_places *p, ns_place **places, size_t count, node **nodes, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    *nodes = ns_arena_zero(p->arena, (count + 1) * sizeof **nodes);
    if (!*nodes)
        return ns_error_memory(err);
    for (size_t i = 0; i < count && !status; i++)
        status = open_node(p, &(*nodes)[i], places[i], err);
    return status;
}

nsearch_status ns_places_open(ns_snapshot *snapshot, size_t part, const ns_place *place, ns_arena *arena,
                              ns_places **places, nsearch_error *err)
{
    ns_places *p = ns_arena_zero(arena, sizeof *p);
    if (!p)
        return ns_error_memory(err);
    *places = p;
    p->snapshot = snapshot;
    p->part = part;
    p->arena = arena;
    p->wanted[SENTENCES] = true;
    nsearch_status status = open_node(p, &p->root, place, err);
    for (int i = 0; i < MARKS && !status; i++) {
        char key[2] = {NS_TERM_MARK, mark_letters[i]};
        if (p->wanted[i])
            status = open_walk(p, key, sizeof key, &p->marks[i], err);
    }
    return status;
}

void ns_places_cut_paragraphs(ns_places *p)
{
    p->cut_paragraphs = true;
}

const ns_run *ns_places_find(ns_places *p, uint32_t article, size_t *count)
{
    begin_article(p, article);
    if (p->passages)
        find(p, &p->root);
    *count = p->passages && !p->no_memory ? p->root.runs.count : 0;
    return p->root.runs.items;
}

static uint32_t passage_at(const ns_places *p, uint32_t position)
{
    uint32_t low = 0, high = p->passages; /* bases[low] <= position < bases[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (p->bases[middle] <= position)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool ns_places_passages(const ns_places *p, const ns_run *run, uint32_t *first, uint32_t *last)
{
    if (!p->passages || run->end < NS_BODY_POSITION)
        return false;
    *first = run->begin < NS_BODY_POSITION ? 0 : passage_at(p, run->begin);
    *last = run->begin < NS_BODY_POSITION ? 0 : passage_at(p, run->end);
    return true;
}

/* ---- closing */

static void close_walk(ns_places *p, walk *w)
{
    if (!w->cursor)
        return;
    p->damaged |= w->cursor->damaged;
    w->cursor->ops->close(w->cursor);
    w->cursor = NULL;
}

static bool is_damaged(const node *x)
{
    bool damaged = (x->body.cursor && x->body.cursor->damaged) || (x->title.cursor && x->title.cursor->damaged);
    for (size_t i = 0; x->children && i < x->place->child_count; i++)
        damaged |= x->children[i].place && is_damaged(&x->children[i]);
    for (size_t i = 0; x->speakers && i < x->place->speaker_count; i++)
        damaged |= x->speakers[i].place && is_damaged(&x->speakers[i]);
    return damaged;
}

nsearch_status ns_places_status(const ns_places *p, nsearch_error *err)
{
    bool damaged = p->damaged || is_damaged(&p->root);
    for (int i = 0; i < MARKS; i++)
        damaged |= p->marks[i].cursor && p->marks[i].cursor->damaged;
    return damaged ? ns_match_damaged(err) : p->no_memory ? ns_error_memory(err) : NSEARCH_OK;
}

static void close_node(ns_places *p, node *x)
{
    if (!x->place)
        return;
    close_walk(p, &x->body);
    close_walk(p, &x->title);
    for (size_t i = 0; x->children && i < x->place->child_count; i++)
        close_node(p, &x->children[i]);
    for (size_t i = 0; x->speakers && i < x->place->speaker_count; i++)
        close_node(p, &x->speakers[i]);
}

void ns_places_close(ns_places *p)
{
    if (!p)
        return;
    close_node(p, &p->root);
    for (int i = 0; i < MARKS; i++)
        close_walk(p, &p->marks[i]);
}
