/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet.c - counts names by number, part by part, and keeps the most frequent. The same whatever the engine and the
 * number of parts. How a name is shown: facet_shown.c.
 */
#include "src/query/facet.h"

#include <stdlib.h>
#include <string.h>

#include "src/query/facet_shown.h"

static const char *const fields[NS_NAME_TYPES] = {
    [NS_NAME_OF_PERSON] = "person",
    [NS_NAME_OF_PLACE] = "place",
    [NS_NAME_OF_ORG] = "org",
    [NS_NAME_OF_OUTLET] = "source",
};

nsearch_status ns_facet_list_read(const char *text, ns_facet_list *list, nsearch_error *err)
{
    unsigned seen = 0;
    list->count = 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ","), type = 0;
        if (!n) {
            p++;
            continue;
        }
        while (type < NS_NAME_TYPES && (strlen(fields[type]) != n || memcmp(fields[type], p, n) != 0))
            type++;
        if (type == NS_NAME_TYPES)
            return ns_error_set(err, NSEARCH_INVALID, "no names are counted as '%.*s', only as person, place, org or source",
                                (int)(n > 40 ? 40 : n), p);
        if (!(seen >> type & 1))
            list->types[list->count++] = (ns_name_type)type;
        seen |= 1u << type;
        p += n + (p[n] == ',');
    }
    return NSEARCH_OK;
}

/* How many articles hold a name, and one of them, by index: whose spelling is shown. */
typedef struct tally {
    uint32_t articles, holder;
} tally;

/* A name and the articles that hold it. */
typedef struct counted {
    const char *key; /* its term, which ends in NUL; NULL: not looked up yet */
    uint32_t number;
    tally sum;
} counted;

typedef struct counter {
    const ns_build_context *c;
    const ns_dated *articles;
    size_t count;
    unsigned wanted; /* types, a bit each */
    tally *tallies[NS_NAME_TYPES]; /* by number (backend.h): close together, since most names are of one type */
    size_t room;
    ns_buffer entries;
    ns_arena scratch;
    nsearch_error *err;
} counter;

static bool make_room(counter *w, uint32_t number)
{
    size_t room = w->room ? w->room : 1024;
    while (room <= number)
        room *= 2;
    for (size_t type = 0; type < NS_NAME_TYPES; type++) {
        tally *tallies = realloc(w->tallies[type], room * sizeof *tallies);
        if (!tallies)
            return false;
        memset(tallies + w->room, 0, (room - w->room) * sizeof *tallies);
        w->tallies[type] = tallies;
    }
    w->room = room;
    return true;
}

#define AHEAD 1024 /* articles whose names are asked for at once */

/* Of an engine that is far away, before they are read one by one. */
static nsearch_status ask_ahead(const counter *w, size_t from, size_t to)
{
    uint32_t articles[AHEAD];
    size_t n = 0;
    for (; from < to && n < AHEAD; from++)
        articles[n++] = w->articles[from].article;
    return w->c->snapshot->backend->names_ahead(w->c->snapshot, articles, n, w->err);
}

/* Names of articles [from, to), which are of one part. */
static nsearch_status tally_part(counter *w, size_t part, size_t from, size_t to)
{
    ns_snapshot *s = w->c->snapshot;
    for (size_t i = from; i < to; i++) {
        nsearch_status status = NSEARCH_OK;
        ns_buffer_clear(&w->entries);
        if (s->backend->names_ahead && (i - from) % AHEAD == 0)
            status = ask_ahead(w, i, to);
        if (!status)
            status = s->backend->named(s, part, w->articles[i].article, &w->entries, w->err);
        if (status)
            return status;
        const uint32_t *entry = (const uint32_t *)(const void *)w->entries.data;
        for (size_t k = 0; k < w->entries.size / sizeof *entry; k++) {
            uint32_t type = entry[k] & 3, number = entry[k] >> 2;
            if (!(w->wanted >> type & 1))
                continue;
            if (number >= w->room && !make_room(w, number))
                return ns_error_memory(w->err);
            tally *t = &w->tallies[type][number];
            if (!t->articles++)
                t->holder = (uint32_t)i;
        }
    }
    return NSEARCH_OK;
}

static nsearch_status look_up(const counter *w, counted *name)
{
    char bytes[NS_TERM_MAX];
    size_t n = 0;
    ns_snapshot *s = w->c->snapshot;
    nsearch_status status = s->backend->named_key(s, name->number, bytes, &n, w->err);
    if (!status && !(name->key = ns_arena_copy(w->c->arena, bytes, n)))
        status = ns_error_memory(w->err);
    return status;
}

/* ---- the most frequent */

/* More articles first, then by the term. */
static int by_articles(const void *a, const void *b)
{
    const counted *x = a, *y = b;
    if (x->sum.articles != y->sum.articles)
        return x->sum.articles > y->sum.articles ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int descending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x > y ? -1 : x < y;
}

/* The n-th largest of the counts, 1 where there are fewer. */
static nsearch_status nth_largest(counter *w, const counted *names, size_t count, size_t n, uint32_t *least)
{
    size_t room = 4 * n + 64, held = 0;
    uint32_t *best = ns_arena_array(&w->scratch, room, sizeof *best);
    if (!best)
        return ns_error_memory(w->err);
    *least = 1;
    for (size_t i = 0; i < count; i++) {
        if (names[i].sum.articles < *least)
            continue;
        best[held++] = names[i].sum.articles;
        if (held == room) { /* keep the best n */
            qsort(best, held, sizeof *best, descending);
            held = n;
            *least = best[n - 1];
        }
    }
    qsort(best, held, sizeof *best, descending);
    if (held >= n)
        *least = best[n - 1];
    return NSEARCH_OK;
}

/* Leaves the first 'values' by by_articles, with their terms. */
static nsearch_status choose(counter *w, counted *names, size_t *count, size_t values)
{
    uint32_t least = 1;
    size_t kept = 0;
    ns_arena_reset(&w->scratch);
    nsearch_status status = nth_largest(w, names, *count, values, &least);
    for (size_t i = 0; i < *count && !status; i++) {
        if (names[i].sum.articles < least)
            continue;
        names[kept] = names[i];
        status = look_up(w, &names[kept++]);
    }
    if (!status) {
        qsort(names, kept, sizeof *names, by_articles);
        *count = kept < values ? kept : values;
    }
    return status;
}

/* All names of a type. */
static nsearch_status gather(const counter *w, ns_name_type type, counted **names, size_t *count)
{
    size_t n = 0;
    const tally *tallies = w->tallies[type];
    for (size_t number = 0; number < w->room; number++)
        n += tallies[number].articles != 0;
    counted *out = ns_arena_array(w->c->arena, n + 1, sizeof *out);
    if (!out)
        return ns_error_memory(w->err);
    *count = n;
    *names = out;
    for (size_t number = 0; number < w->room; number++)
        if (tallies[number].articles)
            *out++ = (counted){NULL, (uint32_t)number, tallies[number]};
    return NSEARCH_OK;
}

static nsearch_status make_facet(counter *w, ns_name_type type, size_t values, nsearch_facet *facet)
{
    counted *names = NULL;
    size_t count = 0;
    nsearch_status status = gather(w, type, &names, &count);
    *facet = (nsearch_facet){.field = fields[type], .distinct = count};
    if (!status)
        status = choose(w, names, &count, values);
    nsearch_facet_value *out = ns_arena_array(w->c->arena, count + 1, sizeof *out);
    if (!status && !out)
        status = ns_error_memory(w->err);
    for (size_t i = 0; i < count && !status; i++) {
        out[i].articles = names[i].sum.articles;
        status = ns_name_shown(w->c, names[i].key, w->articles[names[i].sum.holder].article, &out[i].name, w->err);
    }
    facet->values = out;
    facet->value_count = count;
    return status;
}

/* ---- the whole */

static nsearch_status count_all(counter *w)
{
    const ns_backend *backend = w->c->snapshot->backend;
    size_t parts = backend->part_count(w->c->snapshot), from = 0;
    nsearch_status status = NSEARCH_OK;
    for (size_t p = 0; p < parts && from < w->count && !status; p++) {
        ns_part part;
        size_t to = from;
        backend->part(w->c->snapshot, p, &part);
        while (to < w->count && w->articles[to].article < part.docid_end)
            to++;
        status = tally_part(w, p, from, to);
        from = to;
    }
    return status;
}

nsearch_status ns_facets_make(const ns_build_context *context, const ns_dated *articles, size_t count,
                              const ns_facet_list *list, size_t values, ns_answer *answer, nsearch_error *err)
{
    counter w = {.c = context, .articles = articles, .count = count, .err = err};
    for (size_t i = 0; i < list->count; i++)
        w.wanted |= 1u << list->types[i];
    ns_arena_init(&w.scratch);
    nsearch_facet *facets = ns_arena_zero(&answer->arena, (list->count + 1) * sizeof *facets);
    nsearch_status status = facets ? count_all(&w) : ns_error_memory(err);
    for (size_t i = 0; i < list->count && !status; i++)
        status = make_facet(&w, list->types[i], values, &facets[i]);
    if (!status) {
        answer->facets = facets;
        answer->facet_count = list->count;
    }
    ns_buffer_release(&w.entries);
    ns_arena_release(&w.scratch);
    for (size_t type = 0; type < NS_NAME_TYPES; type++)
        free(w.tallies[type]);
    return status;
}
