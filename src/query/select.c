/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * select.c - one selector a filter node: leaves walk cursors, AND leapfrogs, OR takes the least, NOT and
 * ALL count through the part's articles.
 */
#include "src/query/select.h"

#include <string.h>

#include "src/base/day.h"
#include "src/query/match_part.h"
#include "src/query/places.h"

struct ns_selector {
    const ns_filter *filter;
    ns_snapshot *snapshot;
    ns_part part;
    ns_cursor **cursors; /* leaves: one a term; NULL where a term is not in this part */
    size_t cursor_count;
    ns_selector **children;
    size_t child_count;
    uint32_t article; /* where it stands; NS_DOCID_END at the end */
    uint32_t passage;
    ns_places *places;
    uint64_t *passages; /* OR of many terms: a bit for each passage of the part that holds one */
    uint8_t rarest_first[NS_PHRASE_TERMS_MAX]; /* of a PHRASE, when 'ordered' */
    bool ordered;
    bool started, dead; /* dead: a leaf term is missing, nothing can match */
    bool damaged;       /* met while the bits were set */
};

/* ---- positions */

typedef struct run {
    const uint32_t *at;
    size_t count, next;
} run;

/* Moves to the first position >= target; false at the end. */
static bool run_geq(run *r, uint32_t target)
{
    while (r->next < r->count && r->at[r->next] < target)
        r->next++;
    return r->next < r->count;
}

static bool phrase_holds(const ns_filter *leaf, run *runs)
{
    size_t n = leaf->child_count;
    for (; runs[0].next < runs[0].count; runs[0].next++) {
        uint32_t begin = runs[0].at[runs[0].next];
        size_t i = 1;
        for (; i < n; i++) {
            uint32_t want = begin + (leaf->offsets ? leaf->offsets[i] - leaf->offsets[0] : (uint32_t)i);
            if (!run_geq(&runs[i], want))
                return false;
            if (runs[i].at[runs[i].next] != want)
                break;
        }
        if (i == n)
            return true;
    }
    return false;
}

/* Whether the passage on which all cursors stand satisfies a TERM or PHRASE leaf. */
static bool leaf_holds(const ns_filter *leaf, ns_cursor *const *cursors)
{
    run runs[NS_PHRASE_TERMS_MAX];
    if (leaf->kind == NS_FILTER_TERM)
        return true;
    for (size_t i = 0; i < leaf->child_count; i++) {
        size_t same = 0; /* a word that comes again shares its cursor */
        while (cursors[same] != cursors[i])
            same++;
        runs[i].next = 0;
        if (same < i) {
            runs[i].at = runs[same].at;
            runs[i].count = runs[same].count;
        } else
            runs[i].count = cursors[i]->ops->positions(cursors[i], &runs[i].at);
    }
    return phrase_holds(leaf, runs);
}

/* ---- opening */

static bool is_leaf(ns_filter_kind kind)
{
    return kind == NS_FILTER_TERM || kind == NS_FILTER_PHRASE;
}

static nsearch_status open_leaf(ns_selector *s, size_t part, ns_arena *arena, nsearch_error *err)
{
    const ns_filter *f = s->filter;
    bool single = f->kind == NS_FILTER_TERM;
    size_t n = single ? 1 : f->child_count;
    s->cursors = ns_arena_zero(arena, n * sizeof *s->cursors);
    if (!s->cursors)
        return ns_error_memory(err);
    s->cursor_count = n;
    if (n == 0 || n > NS_PHRASE_TERMS_MAX)
        s->dead = true;
    for (size_t i = 0; i < n && !s->dead; i++) {
        const ns_filter *term = single ? f : f->children[i];
        size_t same = 0;
        while (same < i && !ns_filter_same_key(f->children[same], term))
            same++;
        if (same < i) {
            s->cursors[i] = s->cursors[same];
            continue;
        }
        nsearch_status status =
            s->snapshot->backend->cursor(s->snapshot, part, term->key, term->key_length, arena, &s->cursors[i], err);
        if (status)
            return status;
        s->dead = !s->cursors[i];
    }
    return NSEARCH_OK;
}

/* From how many terms on an OR is worked out beforehand: a walk would ask each of them at every article. */
#define MANY_TERMS 16

static bool is_many_terms(const ns_filter *f)
{
    bool all = f->kind == NS_FILTER_OR && f->child_count >= MANY_TERMS;
    for (size_t i = 0; i < f->child_count && all; i++)
        all = f->children[i]->kind == NS_FILTER_TERM;
    return all;
}

static nsearch_status open_many_terms(ns_selector *s, size_t part, ns_arena *arena, nsearch_error *err)
{
    const ns_backend *backend = s->snapshot->backend;
    size_t words = (s->part.docid_end - s->part.docid_begin) / 64 + 1;
    s->passages = ns_arena_zero(arena, words * sizeof *s->passages);
    if (!s->passages)
        return ns_error_memory(err);
    ns_arena each = NS_ARENA_INIT;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < s->filter->child_count && !status; i++) {
        const ns_filter *term = s->filter->children[i];
        ns_cursor *c;
        ns_arena_reset(&each);
        status = backend->cursor(s->snapshot, part, term->key, term->key_length, &each, &c, err);
        if (status || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
            uint32_t bit = d - s->part.docid_begin;
            s->passages[bit >> 6] |= UINT64_C(1) << (bit & 63);
        }
        s->damaged |= c->damaged;
        c->ops->close(c);
    }
    ns_arena_release(&each);
    return status;
}

nsearch_status ns_selector_open(ns_snapshot *snapshot, size_t part, const ns_filter *filter, ns_arena *arena,
                                ns_selector **selector, nsearch_error *err)
{
    ns_selector *s = ns_arena_zero(arena, sizeof *s);
    if (!s)
        return ns_error_memory(err);
    *selector = s;
    s->filter = filter;
    s->snapshot = snapshot;
    snapshot->backend->part(snapshot, part, &s->part);
    if (is_leaf(filter->kind))
        return open_leaf(s, part, arena, err);
    if (is_many_terms(filter))
        return open_many_terms(s, part, arena, err);
    s->children = ns_arena_zero(arena, (filter->child_count + 1) * sizeof *s->children);
    if (!s->children)
        return ns_error_memory(err);
    for (size_t i = 0; i < filter->child_count; i++) {
        nsearch_status status =
            ns_selector_open(snapshot, part, filter->children[i], arena, &s->children[i], err);
        s->child_count = i + 1;
        if (status)
            return status;
    }
    return filter->kind == NS_FILTER_PLACES ? ns_places_open(snapshot, part, filter->place, arena, &s->places, err)
                                            : NSEARCH_OK;
}

void ns_selector_close(ns_selector *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->cursor_count; i++) {
        bool shared = false;
        for (size_t k = 0; k < i; k++)
            shared |= s->cursors[k] == s->cursors[i];
        if (s->cursors[i] && !shared)
            s->cursors[i]->ops->close(s->cursors[i]);
    }
    for (size_t i = 0; i < s->child_count; i++)
        ns_selector_close(s->children[i]);
    ns_places_close(s->places);
    s->places = NULL;
    s->cursor_count = s->child_count = 0;
}

bool ns_selector_damaged(const ns_selector *s)
{
    bool damaged = s->damaged;
    for (size_t i = 0; i < s->cursor_count; i++)
        damaged |= s->cursors[i] && s->cursors[i]->damaged;
    for (size_t i = 0; i < s->child_count; i++)
        damaged |= ns_selector_damaged(s->children[i]);
    return damaged;
}

nsearch_status ns_selector_status(const ns_selector *s, nsearch_error *err)
{
    nsearch_status status = ns_selector_damaged(s) ? ns_match_damaged(err) : NSEARCH_OK;
    if (!status && s->places)
        status = ns_places_status(s->places, err);
    for (size_t i = 0; i < s->child_count && !status; i++)
        status = ns_selector_status(s->children[i], err);
    return status;
}

/* ---- walking */

static uint32_t next_any(const ns_selector *s, uint32_t target)
{
    const ns_backend *backend = s->snapshot->backend;
    for (uint32_t d = target; d < s->part.docid_end; d++)
        if (!ns_part_has_removed(&s->part, d) && backend->article_of(s->snapshot, d) == d)
            return d;
    return NS_DOCID_END;
}

static uint32_t next_in_days(const ns_selector *s, uint32_t target)
{
    ns_article_columns columns;
    for (uint32_t d = next_any(s, target); d != NS_DOCID_END; d = next_any(s, d + 1)) {
        if (ns_article_outline(s->snapshot, d, &columns, NULL))
            continue;
        int32_t day = ns_article_day(&columns);
        if (day != NS_DAY_UNKNOWN && day >= s->filter->first_day && day <= s->filter->last_day)
            return d;
    }
    return NS_DOCID_END;
}

/* The next passage at or after 'target' that satisfies the leaf. */
static uint32_t next_leaf_passage(ns_selector *s, uint32_t target)
{
    if (s->dead)
        return NS_DOCID_END;
    ns_cursor **c = s->cursors;
    uint32_t d = ns_cursor_seek(c[0], target);
    while (d != NS_DOCID_END) {
        size_t i = 1;
        for (; i < s->cursor_count; i++) {
            uint32_t other = ns_cursor_seek(c[i], d);
            if (other != d) {
                d = other == NS_DOCID_END ? other : ns_cursor_seek(c[0], other);
                break;
            }
        }
        if (i == s->cursor_count) {
            if (leaf_holds(s->filter, c))
                return d;
            d = ns_cursor_next(c[0]);
        }
    }
    return NS_DOCID_END;
}

static uint32_t find(ns_selector *s, uint32_t target);

static uint32_t find_and(ns_selector *s, uint32_t target)
{
    uint32_t a = target;
    if (!s->child_count)
        return NS_DOCID_END;
    for (size_t agreed = 0, i = 0; agreed < s->child_count; i = (i + 1) % s->child_count) {
        uint32_t at = ns_selector_next_geq(s->children[i], a);
        if (at == NS_DOCID_END)
            return at;
        agreed = at == a ? agreed + 1 : 1;
        a = at;
    }
    return a;
}

static uint32_t find_or(ns_selector *s, uint32_t target)
{
    uint32_t least = NS_DOCID_END;
    for (size_t i = 0; i < s->child_count; i++) {
        uint32_t at = ns_selector_next_geq(s->children[i], target);
        if (at < least)
            least = at;
    }
    return least;
}

static uint32_t find_not(ns_selector *s, uint32_t target)
{
    for (uint32_t a = next_any(s, target); a != NS_DOCID_END; a = next_any(s, a + 1))
        if (ns_selector_next_geq(s->children[0], a) != a)
            return a;
    return NS_DOCID_END;
}

static uint32_t find_places(ns_selector *s, uint32_t target)
{
    for (uint32_t a = ns_selector_next_geq(s->children[0], target); a != NS_DOCID_END;
         a = ns_selector_next_geq(s->children[0], a + 1)) {
        size_t count;
        ns_places_find(s->places, a, &count);
        if (count >= s->filter->least)
            return a;
    }
    return NS_DOCID_END;
}

static uint32_t next_of_many(const ns_selector *s, uint32_t target)
{
    if (target >= s->part.docid_end)
        return NS_DOCID_END;
    uint32_t bit = target - s->part.docid_begin, last = (s->part.docid_end - s->part.docid_begin) >> 6;
    uint64_t word = s->passages[bit >> 6] & ~UINT64_C(0) << (bit & 63);
    for (bit >>= 6; !word; word = s->passages[bit])
        if (++bit > last)
            return NS_DOCID_END;
    return s->part.docid_begin + (bit << 6) + (uint32_t)__builtin_ctzll(word);
}

/* A target within an article begins with the next one. */
static uint32_t find_leaf(ns_selector *s, uint32_t target)
{
    for (s->passage = target;; s->passage++) {
        s->passage = s->passages ? next_of_many(s, s->passage) : next_leaf_passage(s, s->passage);
        if (s->passage == NS_DOCID_END)
            return NS_DOCID_END;
        uint32_t article = s->snapshot->backend->article_of(s->snapshot, s->passage);
        if (article >= target)
            return article;
    }
}

static uint32_t find(ns_selector *s, uint32_t target)
{
    switch (s->filter->kind) {
    case NS_FILTER_ALL:
        return next_any(s, target);
    case NS_FILTER_NONE:
        return NS_DOCID_END;
    case NS_FILTER_TERM:
    case NS_FILTER_PHRASE:
        return find_leaf(s, target);
    case NS_FILTER_AND:
        return find_and(s, target);
    case NS_FILTER_OR:
        return s->passages ? find_leaf(s, target) : find_or(s, target);
    case NS_FILTER_NOT:
        return find_not(s, target);
    case NS_FILTER_DAYS:
        return next_in_days(s, target);
    case NS_FILTER_PLACES:
        return find_places(s, target);
    }
    return NS_DOCID_END;
}

uint32_t ns_selector_next_geq(ns_selector *s, uint32_t target)
{
    if (!s->started || s->article < target) {
        s->started = true;
        s->article = find(s, target);
    }
    return s->article;
}

#define BEGINS_MAX 256

/* PHRASE, rarest word first: most passages are done with after two words, and frequent words are seldom read. */
static bool phrase_holds_at(ns_selector *s, uint32_t docid)
{
    uint32_t begins[BEGINS_MAX]; /* where the first word would stand */
    size_t count = 0;
    for (size_t k = 0; k < s->cursor_count; k++) {
        size_t i = s->rarest_first[k], kept = 0, next = 0;
        uint32_t offset = s->filter->offsets ? s->filter->offsets[i] - s->filter->offsets[0] : (uint32_t)i;
        const uint32_t *at;
        if (ns_cursor_seek(s->cursors[i], docid) != docid)
            return false;
        size_t n = s->cursors[i]->ops->positions(s->cursors[i], &at);
        if (!k && n > BEGINS_MAX) { /* no passage of ours */
            for (size_t c = 0; c < s->cursor_count; c++)
                if (ns_cursor_seek(s->cursors[c], docid) != docid)
                    return false;
            return leaf_holds(s->filter, s->cursors);
        }
        if (!k)
            for (size_t p = 0; p < n; p++) {
                begins[count] = at[p] - offset;
                count += at[p] >= offset;
            }
        for (size_t b = 0; k && b < count; b++) {
            while (next < n && at[next] < begins[b] + offset)
                next++;
            if (next < n && at[next] == begins[b] + offset)
                begins[kept++] = begins[b];
        }
        if (k)
            count = kept;
        if (!count)
            return false;
    }
    return true;
}

static int by_df(const ns_selector *s, size_t a, size_t b)
{
    uint32_t x = s->cursors[a]->df, y = s->cursors[b]->df;
    return x != y ? (x < y ? -1 : 1) : (a > b) - (a < b);
}

static void order_by_df(ns_selector *s)
{
    for (size_t i = 0; i < s->cursor_count; i++) {
        size_t k = i;
        for (; k && by_df(s, s->rarest_first[k - 1], i) > 0; k--)
            s->rarest_first[k] = s->rarest_first[k - 1];
        s->rarest_first[k] = (uint8_t)i;
    }
    s->ordered = true;
}

bool ns_selector_holds(ns_selector *leaf, uint32_t docid)
{
    if (leaf->dead)
        return false;
    if (leaf->filter->kind == NS_FILTER_PHRASE) {
        if (!leaf->ordered)
            order_by_df(leaf);
        return phrase_holds_at(leaf, docid);
    }
    for (size_t i = 0; i < leaf->cursor_count; i++)
        if (ns_cursor_seek(leaf->cursors[i], docid) != docid)
            return false;
    return leaf_holds(leaf->filter, leaf->cursors);
}
