/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quoted.c - where the plan has quotations among its places, the article's are found in the index by position, and their
 * texts and speakers by analysing the article as it was analysed for the index.
 */
#include "src/query/quoted.h"

#include <stdlib.h>
#include <string.h>

#include "src/query/places.h"
#include "src/query/snippet.h"

#define QUOTED_MAX 20 /* quotations of an article that are shown */
#define PLACES_MAX 64

typedef struct shower {
    const ns_build_context *c;
    const ns_place *places[PLACES_MAX]; /* QUOTATIONs of the plan */
    size_t place_count;
    uint32_t *begins; /* first words, among those of the body, of the quotations that match */
    size_t count, capacity;
} shower;

static void gather_places(shower *s, const ns_place *place)
{
    if (place->kind == NS_PLACE_QUOTATION && s->place_count < PLACES_MAX)
        s->places[s->place_count++] = place;
    for (size_t i = 0; i < place->child_count; i++)
        gather_places(s, place->children[i]);
}

static void gather_filter(shower *s, const ns_filter *f)
{
    if (f->kind == NS_FILTER_NOT)
        return;
    if (f->kind == NS_FILTER_PLACES)
        gather_places(s, f->place);
    for (size_t i = 0; i < f->child_count && f->kind != NS_FILTER_PLACES; i++)
        gather_filter(s, f->children[i]);
}

static nsearch_status add_begin(shower *s, uint32_t begin, nsearch_error *err)
{
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 16;
        uint32_t *begins = ns_arena_array(s->c->arena, capacity, sizeof *begins);
        if (!begins)
            return ns_error_memory(err);
        if (s->count)
            memcpy(begins, s->begins, s->count * sizeof *begins);
        s->begins = begins;
        s->capacity = capacity;
    }
    s->begins[s->count++] = begin;
    return NSEARCH_OK;
}

static nsearch_status find(shower *s, size_t part, const ns_place *place, uint32_t article, nsearch_error *err)
{
    ns_places *places = NULL;
    size_t count = 0;
    const ns_run *runs = NULL;
    nsearch_status status = ns_places_open(s->c->snapshot, part, place, s->c->arena, &places, err);
    if (!status) {
        runs = ns_places_find(places, article, &count);
        status = ns_places_status(places, err);
    }
    for (size_t i = 0; i < count && !status; i++)
        if (runs[i].begin >= NS_BODY_POSITION)
            status = add_begin(s, runs[i].begin - NS_BODY_POSITION, err);
    ns_places_close(places);
    return status;
}

static bool is_wanted(const shower *s, uint32_t first_word)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->begins[i] == first_word)
            return true;
    return false;
}

static nsearch_status find_all(shower *s, uint32_t article, nsearch_error *err)
{
    const ns_backend *backend = s->c->snapshot->backend;
    nsearch_status status = NSEARCH_OK;
    for (size_t p = 0; p < backend->part_count(s->c->snapshot) && !status; p++) {
        ns_part part;
        backend->part(s->c->snapshot, p, &part);
        for (size_t i = 0; i < s->place_count && !status && article >= part.docid_begin && article < part.docid_end; i++)
            status = find(s, p, s->places[i], article, err);
    }
    return status;
}

nsearch_status ns_quoted_show(const ns_build_context *c, const ns_built *built, uint32_t article,
                              const ns_stored *stored, nsearch_hit *hit, nsearch_error *err)
{
    shower s = {.c = c};
    ns_quotation *quotations;
    size_t count;
    if (built->plan.filter)
        gather_filter(&s, built->plan.filter);
    if (!s.place_count)
        return NSEARCH_OK;
    nsearch_status status = find_all(&s, article, err);
    if (!status && s.count)
        status = ns_analyse_quotations(c->workspace, &stored->article, c->arena, &quotations, &count, err);
    if (status || !s.count)
        return status;
    nsearch_quotation *out = ns_arena_zero(c->arena, QUOTED_MAX * sizeof *out);
    if (!out)
        return ns_error_memory(err);
    for (size_t i = 0; i < count && hit->quotation_count < QUOTED_MAX && !status; i++) {
        const ns_quotation *q = &quotations[i];
        nsearch_passage shown = {0};
        if (!is_wanted(&s, q->first_word))
            continue;
        status = ns_snippet(c, built, q->text, strlen(q->text), &shown, err);
        if (!status)
            out[hit->quotation_count++] =
                (nsearch_quotation){shown.text, q->speaker ? q->speaker : "", shown.spans, shown.span_count};
    }
    hit->quotations = out;
    return status;
}
