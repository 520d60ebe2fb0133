/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * filter_bits.c - one node after the other. A leaf gives passages; where articles have several they are widened to whole
 * articles, because that is what a filter selects (index/plan.h). Positions are looked at last, and only where all else
 * holds.
 */
#include "src/query/filter_bits.h"

#include <string.h>

#include "src/base/day.h"
#include "src/query/places.h"
#include "src/query/select.h"
#include "src/query/sieve.h"

typedef struct work {
    const ns_part_match *m;
    ns_maxima_cache *cache;
    const ns_range_kernels *kernels;
    size_t size;       /* bytes of a set */
    uint32_t passages;
    bool unverified;
} work;

static uint8_t *new_set(const work *w)
{
    return ns_arena_zero(w->m->arena, w->size);
}

static void set_all(const work *w, uint8_t *set)
{
    memset(set, 0xff, w->passages >> 3);
    if (w->passages & 7)
        set[w->passages >> 3] = (uint8_t)((1u << (w->passages & 7)) - 1);
}

/* ---- whole articles */

/* Where an article begins within a word of 64 passages. */
static uint64_t starts_at(const work *w, size_t word)
{
    if (w->m->part.starts)
        return ns_get_u64(w->m->part.starts + word * 8);
    uint64_t starts = 0;
    for (unsigned i = 0; i < 64 && word * 64 + i < w->passages; i++) {
        uint32_t docid = w->m->part.docid_begin + (uint32_t)(word * 64 + i);
        starts |= (uint64_t)(w->m->snapshot->backend->article_of(w->m->snapshot, docid) == docid) << i;
    }
    return starts;
}

/* Passages after a set one in the same article, all in a few steps (a prefix by doubling, Kogge and Stone 1973). */
static uint64_t spread_up(uint64_t set, uint64_t goes_on)
{
    for (unsigned step = 1; step < 64; step *= 2) {
        set |= goes_on & set << step;
        goes_on &= goes_on << step;
    }
    return set;
}

static uint64_t spread_down(uint64_t set, uint64_t goes_on)
{
    for (unsigned step = 1; step < 64; step *= 2) {
        set |= goes_on & set >> step;
        goes_on &= goes_on >> step;
    }
    return set;
}

/* Widens the set to all passages of its articles. */
static void widen(const work *w, uint8_t *set)
{
    if (w->m->part.single)
        return;
    size_t used = ((size_t)w->passages + 63) / 64;
    bool carry = false; /* the passage before is set */
    for (size_t i = 0; i < used; i++) {
        uint64_t here = ns_get_u64(set + i * 8);
        if (here || carry) {
            uint64_t on = ~starts_at(w, i);
            here = spread_up(here | (carry ? on & 1 : 0), on);
            ns_put_u64(set + i * 8, here);
        }
        carry = here >> 63;
    }
    carry = false; /* the passage after is set and goes on from this word */
    for (size_t i = used; i--;) {
        uint64_t here = ns_get_u64(set + i * 8);
        if (here || carry) {
            uint64_t on = ~starts_at(w, i);
            /* passage k leads down from k + 1 when k + 1 goes on */
            here = spread_down(here | (carry ? UINT64_C(1) << 63 : 0), on >> 1);
            ns_put_u64(set + i * 8, here);
            carry = here & on & 1;
        } else
            carry = false;
    }
    if (w->passages % 64) /* nothing past the end */
        ns_put_u64(set + (used - 1) * 8,
                   ns_get_u64(set + (used - 1) * 8) & ((UINT64_C(1) << w->passages % 64) - 1));
}

uint64_t ns_count_articles(const ns_part_match *m, const uint8_t *bits)
{
    work w = {.m = m, .passages = m->part.docid_end - m->part.docid_begin};
    if (m->part.single)
        return ns_range_kernels_best()->count(bits, ns_range_count(w.passages));
    uint64_t articles = 0;
    bool counted = false; /* the article that goes on from the word before */
    for (size_t i = 0; i < ((size_t)w.passages + 63) / 64; i++) {
        uint64_t set = ns_get_u64(bits + i * 8), starts = 0;
        if (set || counted)
            starts = starts_at(&w, i);
        if (counted) /* its other passages */
            set &= starts ? ~((starts & -starts) - 1) : 0;
        counted = counted && !starts;
        while (set) {
            uint64_t later = starts & ~((set & -set) | ((set & -set) - 1));
            articles++;
            counted = !later;
            set &= later ? ~((later & -later) - 1) : 0;
        }
    }
    return articles;
}

/* ---- leaves */

/* A term in the part: as a set of passages, or, rare, as postings; a term that is not there as neither. */
typedef struct member {
    ns_maxima bits;
    ns_cursor *cursor;
} member;

static nsearch_status open_member(const work *w, const ns_filter *term, member *t, nsearch_error *err)
{
    const ns_part_match *m = w->m;
    ns_cursor *c = NULL;
    *t = (member){.cursor = NULL};
    if (ns_maxima_find(w->cache, m, NS_MAXIMA_BITS, term->key, term->key_length, &t->bits))
        return NSEARCH_OK;
    nsearch_status status =
        m->snapshot->backend->cursor(m->snapshot, m->number, term->key, term->key_length, m->arena, &c, err);
    t->cursor = c;
    if (!c || !ns_maxima_worth(m, c))
        return status;
    t->cursor = NULL;
    if (!ns_maxima_make(w->cache, m, NS_MAXIMA_BITS, term->key, term->key_length, c, &t->bits))
        status = ns_error_memory(err);
    else if (c->damaged)
        status = ns_match_damaged(err);
    c->ops->close(c);
    return status;
}

static bool is_there(const member *t)
{
    return t->cursor || t->bits.ranges;
}

/* False: damage was met. */
static bool close_member(const work *w, member *t)
{
    bool damaged = t->cursor && t->cursor->damaged;
    ns_maxima_release(w->cache, &t->bits);
    if (t->cursor)
        t->cursor->ops->close(t->cursor);
    return !damaged;
}

/* Adds the passages that hold a term to the set. */
static nsearch_status add_term(const work *w, const ns_filter *term, uint8_t *set, nsearch_error *err)
{
    ns_arena_mark mark = ns_arena_set_mark(w->m->arena);
    member t;
    nsearch_status status = open_member(w, term, &t, err);
    if (!status && t.cursor)
        ns_maxima_set_bits(w->m, t.cursor, set);
    else if (!status && is_there(&t))
        w->kernels->either(set, t.bits.ranges, w->size);
    bool whole = close_member(w, &t);
    ns_arena_rewind(w->m->arena, mark);
    return status || whole ? status : ns_match_damaged(err);
}

/* The postings of the rarest member that all others have too. */
static void set_common(const work *w, const member *members, size_t count, const member *rarest, uint8_t *set)
{
    const uint32_t begin = w->m->part.docid_begin;
    for (ns_cursor *c = rarest->cursor; c->docid != NS_DOCID_END; ns_cursor_next_block(c))
        for (uint32_t k = 0; k < c->n; k++) {
            uint32_t at = c->docids[k] - begin;
            bool all = true;
            for (size_t i = 0; i < count && all; i++)
                all = members[i].cursor ? &members[i] == rarest || ns_cursor_seek(members[i].cursor, c->docids[k]) == c->docids[k]
                                        : members[i].bits.ranges[at >> 3] >> (at & 7) & 1;
            set[at >> 3] |= (uint8_t)(all << (at & 7));
        }
}

/* Sets the passages that hold all terms. The set is empty before. */
static nsearch_status add_all_terms(const work *w, ns_filter *const *terms, size_t count, uint8_t *set, nsearch_error *err)
{
    ns_arena_mark mark = ns_arena_set_mark(w->m->arena);
    member *members = ns_arena_zero(w->m->arena, (count + 1) * sizeof *members), *rarest = NULL;
    nsearch_status status = members ? NSEARCH_OK : ns_error_memory(err);
    bool all_there = count > 0, whole = true;
    size_t opened = 0;
    while (opened < count && !status && all_there) {
        member *t = &members[opened++];
        status = open_member(w, terms[opened - 1], t, err);
        all_there = is_there(t);
        if (t->cursor && (!rarest || t->cursor->df < rarest->cursor->df))
            rarest = t;
    }
    if (!status && all_there && rarest) {
        set_common(w, members, count, rarest, set);
    } else if (!status && all_there) {
        memcpy(set, members[0].bits.ranges, w->size);
        for (size_t i = 1; i < count; i++)
            w->kernels->both(set, members[i].bits.ranges, w->size);
    }
    for (size_t i = 0; i < opened; i++)
        whole &= close_member(w, &members[i]);
    ns_arena_rewind(w->m->arena, mark);
    return status || whole ? status : ns_match_damaged(err);
}

#define AHEAD 256 /* articles whose positions are asked for at once */

/* Where that is of use, asks for the positions in the next articles of the set before they are looked at, one by one. 'until': up
 * to which passage they were asked for. */
static nsearch_status ask_ahead(const work *w, const uint8_t *set, uint32_t at, const ns_term_key *keys, size_t key_count,
                                uint32_t *until, nsearch_error *err)
{
    const ns_part_match *m = w->m;
    uint32_t articles[AHEAD];
    size_t n = 0;
    if (!m->snapshot->backend->positions_ahead || at < *until)
        return NSEARCH_OK;
    for (; (at = ns_bits_next(set, at, w->passages)) < w->passages; at++) {
        uint32_t article = m->snapshot->backend->article_of(m->snapshot, m->part.docid_begin + at);
        if (n && articles[n - 1] == article)
            continue;
        if (n == AHEAD)
            break;
        articles[n++] = article;
    }
    *until = at;
    return m->snapshot->backend->positions_ahead(m->snapshot, articles, n, keys, key_count, key_count, err);
}

/* Leaves those passages of the set in which the terms stand as the leaf wants. */
static nsearch_status look_at_positions(const work *w, const ns_filter *leaf, uint8_t *set, nsearch_error *err)
{
    const ns_part_match *m = w->m;
    ns_selector *s = NULL;
    ns_sieve sieve;
    ns_term_key keys[NS_PHRASE_TERMS_MAX];
    uint32_t until = 0;
    ns_arena_mark mark = ns_arena_set_mark(m->arena); /* a query may have many leaves */
    nsearch_status status = ns_selector_open(m->snapshot, m->number, leaf, m->arena, &s, err);
    for (size_t i = 0; i < leaf->child_count && i < NS_PHRASE_TERMS_MAX; i++)
        keys[i] = (ns_term_key){leaf->children[i]->key, leaf->children[i]->key_length};
    if (!status)
        status = ns_sieve_open(m, w->cache, leaf, w->kernels->some(set, w->size, NS_SIEVE_CANDIDATES), &sieve, err);
    for (uint32_t at = 0; !status && (at = ns_bits_next(set, at, w->passages)) < w->passages; at++) {
        uint32_t docid = m->part.docid_begin + at;
        status = ask_ahead(w, set, at, keys, leaf->child_count, &until, err);
        if (status)
            break;
        if (!ns_sieve_passes(&sieve, docid) || !ns_selector_holds(s, docid))
            set[at >> 3] &= (uint8_t)~(1u << (at & 7));
    }
    if (!status)
        ns_sieve_close(w->cache, &sieve);
    if (!status && ns_selector_damaged(s))
        status = ns_match_damaged(err);
    if (s)
        ns_selector_close(s);
    ns_arena_rewind(m->arena, mark);
    return status;
}

static nsearch_status add_phrase(const work *w, const ns_filter *leaf, const uint8_t *within, uint8_t *set,
                                 nsearch_error *err)
{
    if (!leaf->child_count || leaf->child_count > NS_PHRASE_TERMS_MAX)
        return NSEARCH_OK;
    nsearch_status status = add_all_terms(w, leaf->children, leaf->child_count, set, err);
    if (!status && within)
        w->kernels->both(set, within, w->size);
    if (!status && !w->unverified)
        status = look_at_positions(w, leaf, set, err);
    return status;
}

/* The engine goes by the articles' own days. */
static void set_days_of_copies(const ns_part_match *m, const ns_filter *leaf, uint8_t *set)
{
    for (size_t i = 0; i < m->snapshot->day_of_copy_count; i++) {
        const ns_day_of_copy *d = &m->snapshot->days_of_copies[i];
        if (d->article < m->part.docid_begin || d->article >= m->part.docid_end)
            continue;
        bool good = d->day >= leaf->first_day && d->day <= leaf->last_day;
        for (uint32_t at = d->article - m->part.docid_begin, end = at + d->passage_count; at < end; at++) {
            set[at >> 3] &= (uint8_t)~(1u << (at & 7));
            set[at >> 3] |= (uint8_t)(good << (at & 7));
        }
    }
}

static nsearch_status add_days(const work *w, const ns_filter *leaf, const uint8_t *within, uint8_t *set,
                               nsearch_error *err)
{
    const ns_part_match *m = w->m;
    if (m->snapshot->backend->days) {
        nsearch_status status =
            m->snapshot->backend->days(m->snapshot, m->number, leaf->first_day, leaf->last_day, set, err);
        if (!status)
            set_days_of_copies(m, leaf, set);
        return status;
    }
    for (uint32_t at = 0; at < w->passages;) {
        ns_article_columns columns;
        if (within && (at = ns_bits_next(within, at, w->passages)) >= w->passages)
            break;
        if (ns_article_outline(m->snapshot, m->part.docid_begin + at, &columns, NULL)) {
            at++; /* removed */
            continue;
        }
        at = columns.article - m->part.docid_begin;
        uint32_t end = at + columns.passage_count;
        int32_t day = ns_article_day(&columns);
        bool good = day != NS_DAY_UNKNOWN && day >= leaf->first_day && day <= leaf->last_day;
        for (; at < end; at++)
            set[at >> 3] |= (uint8_t)(good << (at & 7));
    }
    return NSEARCH_OK;
}

/* Of the articles that the child selects those that have the places. */
static nsearch_status look_for_places(const work *w, const ns_filter *f, uint8_t *set, nsearch_error *err)
{
    const ns_part_match *m = w->m;
    ns_places *places = NULL;
    uint32_t until = 0;
    ns_arena_mark mark = ns_arena_set_mark(m->arena);
    nsearch_status status = ns_places_open(m->snapshot, m->number, f->place, m->arena, &places, err);
    for (uint32_t at = 0; !status && (at = ns_bits_next(set, at, w->passages)) < w->passages;) {
        ns_article_columns columns;
        size_t count = 0;
        uint32_t end = at + 1;
        status = ask_ahead(w, set, at, NULL, 0, &until, err);
        if (status)
            break;
        if (!ns_article_outline(m->snapshot, m->part.docid_begin + at, &columns, NULL)) {
            at = columns.article - m->part.docid_begin;
            end = at + columns.passage_count;
            ns_places_find(places, columns.article, &count);
        }
        for (; at < end; at++)
            if (count < f->least)
                set[at >> 3] &= (uint8_t)~(1u << (at & 7));
    }
    if (!status)
        status = ns_places_status(places, err);
    ns_places_close(places);
    ns_arena_rewind(m->arena, mark);
    return status;
}

/* ---- nodes */

static nsearch_status add_node(const work *w, const ns_filter *f, const uint8_t *within, uint8_t *set,
                               nsearch_error *err);

/* How late a child of an AND is worked out: positions, and columns that are read one by one, only where all else
 * holds. */
static unsigned lateness(const work *w, const ns_filter *f)
{
    if (f->kind == NS_FILTER_PLACES)
        return 4;
    bool columns = f->kind == NS_FILTER_DAYS && !w->m->snapshot->backend->days;
    unsigned most = columns ? 3 : f->kind == NS_FILTER_PHRASE ? 2 : 0;
    for (size_t i = 0; i < f->child_count && most == 0; i++)
        most = lateness(w, f->children[i]) ? 1 : 0;
    return most;
}

static nsearch_status add_and(const work *w, const ns_filter *f, const uint8_t *within, uint8_t *set,
                              nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    uint8_t *one = NULL;
    const bool together = w->m->part.single; /* a passage is an article: what all terms select are passages */
    if (together) {
        size_t count = 0;
        ns_filter **terms = ns_arena_array(w->m->arena, f->child_count + 1, sizeof *terms);
        if (!terms)
            return ns_error_memory(err);
        for (size_t i = 0; i < f->child_count; i++)
            if (f->children[i]->kind == NS_FILTER_TERM)
                terms[count++] = f->children[i];
        if (count) {
            status = add_all_terms(w, terms, count, set, err);
            if (within)
                w->kernels->both(set, within, w->size);
            within = set;
        }
    }
    for (unsigned late = 0; late <= 4; late++)
        for (size_t i = 0; i < f->child_count && !status; i++) {
            if (lateness(w, f->children[i]) != late || (together && f->children[i]->kind == NS_FILTER_TERM))
                continue;
            if (!within) {
                status = add_node(w, f->children[i], NULL, set, err);
                within = set;
                continue;
            }
            if (!one && !(one = new_set(w)))
                return ns_error_memory(err);
            memset(one, 0, w->size);
            status = add_node(w, f->children[i], within, one, err);
            if (within != set)
                memcpy(set, within, w->size);
            w->kernels->both(set, one, w->size);
            within = set;
        }
    return status;
}

static nsearch_status add_or(const work *w, const ns_filter *f, const uint8_t *within, uint8_t *set,
                             nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    uint8_t *one = NULL;
    for (size_t i = 0; i < f->child_count && !status; i++) {
        const ns_filter *child = f->children[i];
        if (child->kind == NS_FILTER_TERM) {
            status = add_term(w, child, set, err);
            continue;
        }
        if (!one && !(one = new_set(w)))
            return ns_error_memory(err);
        memset(one, 0, w->size);
        status = add_node(w, child, within, one, err);
        w->kernels->either(set, one, w->size);
    }
    widen(w, set);
    return status;
}

static nsearch_status add_not(const work *w, const ns_filter *f, const uint8_t *within, uint8_t *set,
                              nsearch_error *err)
{
    uint8_t *one = new_set(w);
    if (!one)
        return ns_error_memory(err);
    nsearch_status status = add_node(w, f->children[0], within, one, err);
    set_all(w, set);
    for (size_t i = 0; i < w->size; i++)
        set[i] &= (uint8_t)~one[i];
    return status;
}

/* Adds what the node selects to an empty set; outside 'within' (NULL: everywhere) it may add or leave out as it likes. */
static nsearch_status add_node(const work *w, const ns_filter *f, const uint8_t *within, uint8_t *set,
                               nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    switch (f->kind) {
    case NS_FILTER_ALL:
        set_all(w, set);
        return NSEARCH_OK;
    case NS_FILTER_NONE:
        return NSEARCH_OK;
    case NS_FILTER_TERM:
        status = add_term(w, f, set, err);
        break;
    case NS_FILTER_PHRASE:
        status = add_phrase(w, f, within, set, err);
        break;
    case NS_FILTER_AND:
        return add_and(w, f, within, set, err);
    case NS_FILTER_OR:
        return add_or(w, f, within, set, err);
    case NS_FILTER_NOT:
        return add_not(w, f, within, set, err);
    case NS_FILTER_DAYS:
        return add_days(w, f, within, set, err);
    case NS_FILTER_PLACES:
        status = add_node(w, f->children[0], within, set, err);
        if (!status && within)
            w->kernels->both(set, within, w->size);
        return status ? status : look_for_places(w, f, set, err);
    }
    widen(w, set);
    return status;
}

static work make_work(const ns_part_match *m, ns_maxima_cache *cache, bool unverified)
{
    uint32_t passages = m->part.docid_end - m->part.docid_begin;
    return (work){m, cache, ns_range_kernels_best(), ns_range_count(passages), passages, unverified};
}

static void take_removed(const work *w, uint8_t *set)
{
    if (w->m->part.removed)
        for (size_t i = 0; i < ((size_t)w->passages + 7) / 8; i++)
            set[i] &= (uint8_t)~w->m->part.removed[i];
}

nsearch_status ns_filter_bits(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *filter, bool unverified,
                              uint8_t **bits, nsearch_error *err)
{
    work w = make_work(m, cache, unverified);
    *bits = new_set(&w);
    if (!*bits)
        return ns_error_memory(err);
    nsearch_status status = add_node(&w, filter, NULL, *bits, err);
    take_removed(&w, *bits);
    return status;
}

nsearch_status ns_filter_look(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *filter, uint8_t *bits,
                              nsearch_error *err)
{
    work w = make_work(m, cache, false);
    nsearch_status status = NSEARCH_OK;
    if (filter->kind == NS_FILTER_PHRASE)
        return look_at_positions(&w, filter, bits, err);
    for (size_t i = 0; i < filter->child_count && !status; i++)
        if (filter->children[i]->kind != NS_FILTER_TERM)
            status = look_at_positions(&w, filter->children[i], bits, err);
    return status;
}

nsearch_status ns_weight_bits(const ns_part_match *m, ns_maxima_cache *cache, uint8_t **bits, nsearch_error *err)
{
    work w = make_work(m, cache, false);
    nsearch_status status = NSEARCH_OK;
    *bits = new_set(&w);
    if (!*bits)
        return ns_error_memory(err);
    for (size_t i = 0; i < m->plan->weight_count && !status; i++) {
        const ns_filter term = {.key = m->plan->weights[i].key, .key_length = m->plan->weights[i].key_length};
        status = add_term(&w, &term, *bits, err);
    }
    take_removed(&w, *bits);
    return status;
}
