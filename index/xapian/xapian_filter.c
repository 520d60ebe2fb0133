/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_filter.c - evaluates a filter tree on one passage after another, with a cursor at each term.
 */
#include "index/xapian/xapian_filter.h"

#include <string.h>

#include "src/base/day.h"

struct ns_xapian_filter {
    const ns_filter *filter;
    ns_xapian_snapshot *snapshot;
    ns_arena *arena;
    ns_cursor *cursor;      /* TERM: NULL when no passage holds it */
    uint32_t asked;         /* TERM: the last docid looked for */
    ns_xapian_filter **children;
    /* NEAR: of the passage at hand */
    const uint32_t **positions;
    size_t *counts;
    uint32_t *taken;        /* NEAR: position given to each child */
    bool *tried;
    nsearch_status status;
};

nsearch_status ns_xapian_filter_open(ns_xapian_snapshot *snapshot, const ns_filter *filter, ns_arena *arena,
                                     ns_xapian_filter **out, nsearch_error *err)
{
    ns_xapian_filter *f = ns_arena_zero(arena, sizeof *f);
    if (!f)
        return ns_error_memory(err);
    f->filter = filter;
    f->snapshot = snapshot;
    f->arena = arena;
    nsearch_status status = NSEARCH_OK;
    if (filter->kind == NS_FILTER_TERM)
        status = ns_xapian_cursor_open(&snapshot->base, 0, filter->key, filter->key_length, arena, &f->cursor, err);
    size_t n = filter->child_count;
    if (n) {
        f->children = ns_arena_zero(arena, n * sizeof *f->children);
        f->positions = ns_arena_zero(arena, n * sizeof *f->positions);
        f->counts = ns_arena_zero(arena, n * sizeof *f->counts);
        f->taken = ns_arena_zero(arena, n * sizeof *f->taken);
        f->tried = ns_arena_zero(arena, n * sizeof *f->tried);
        if (!f->children || !f->positions || !f->counts || !f->taken || !f->tried)
            status = ns_error_memory(err);
    }
    for (size_t i = 0; !status && i < n; i++)
        status = ns_xapian_filter_open(snapshot, filter->children[i], arena, &f->children[i], err);
    if (status)
        ns_xapian_filter_close(f);
    else
        *out = f;
    return status;
}

void ns_xapian_filter_close(ns_xapian_filter *f)
{
    if (!f)
        return;
    if (f->cursor)
        f->cursor->ops->close(f->cursor);
    for (size_t i = 0; f->children && i < f->filter->child_count; i++)
        ns_xapian_filter_close(f->children[i]);
}

nsearch_status ns_xapian_filter_status(const ns_xapian_filter *f, nsearch_error *err)
{
    nsearch_status status = f->status;
    if (!status && f->cursor && f->cursor->damaged)
        status = NSEARCH_DAMAGED;
    if (status)
        return ns_error_set(err, status, "cannot read postings of a filter");
    for (size_t i = 0; !status && i < f->filter->child_count; i++)
        status = ns_xapian_filter_status(f->children[i], err);
    return status;
}

static bool term_holds(ns_xapian_filter *f, uint32_t docid)
{
    if (!f->cursor)
        return false;
    if (docid < f->asked) { /* a cursor only goes forward */
        f->cursor->ops->close(f->cursor);
        f->cursor = NULL;
        f->status = ns_xapian_cursor_open(&f->snapshot->base, 0, f->filter->key, f->filter->key_length, f->arena,
                                          &f->cursor, NULL);
        if (!f->cursor)
            return false;
    }
    f->asked = docid;
    return ns_cursor_seek(f->cursor, docid) == docid;
}

static bool contains(const uint32_t *positions, size_t n, uint64_t wanted)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (positions[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && positions[low] == wanted;
}

/* Points at the children's positions in this passage; false when one is missing. */
static bool load_positions(ns_xapian_filter *f, uint32_t docid)
{
    for (size_t i = 0; i < f->filter->child_count; i++) {
        if (!ns_xapian_filter_holds(f->children[i], docid))
            return false;
        ns_cursor *c = f->children[i]->cursor;
        f->counts[i] = c->ops->positions(c, &f->positions[i]);
        if (!f->counts[i])
            return false;
    }
    return f->filter->child_count > 0;
}

static bool phrase_holds(ns_xapian_filter *f, uint32_t docid)
{
    const ns_filter *filter = f->filter;
    if (!load_positions(f, docid))
        return false;
    for (size_t k = 0; k < f->counts[0]; k++) {
        uint64_t start = f->positions[0][k];
        size_t i = 1;
        while (i < filter->child_count &&
               contains(f->positions[i], f->counts[i], start + (filter->offsets ? filter->offsets[i] : i)))
            i++;
        if (i == filter->child_count)
            return true;
    }
    return false;
}

/* Gives child i a position in [begin, end) that no other has, moving others where that helps (an augmenting
 * path of a bipartite matching; 'given' children have one). */
static bool give_position(ns_xapian_filter *f, size_t i, size_t given, uint64_t begin, uint64_t end)
{
    f->tried[i] = true;
    for (size_t k = 0; k < f->counts[i]; k++) {
        uint32_t p = f->positions[i][k];
        if (p < begin || p >= end || (i < given && f->taken[i] == p)) /* the one that it is to give away */
            continue;
        size_t holder = 0;
        while (holder < given && f->taken[holder] != p)
            holder++;
        if (holder == given || (!f->tried[holder] && give_position(f, holder, given, begin, end))) {
            f->taken[i] = p;
            return true;
        }
    }
    return false;
}

static bool near_holds(ns_xapian_filter *f, uint32_t docid)
{
    size_t n = f->filter->child_count;
    if (!load_positions(f, docid))
        return false;
    uint64_t span = (uint64_t)f->filter->window + n - 1;
    /* Some child stands first: try each position of each as the begin of the span. */
    for (size_t first = 0; first < n; first++)
        for (size_t k = 0; k < f->counts[first]; k++) {
            uint64_t begin = f->positions[first][k];
            size_t given = 0;
            for (; given < n; given++) {
                memset(f->tried, 0, n * sizeof *f->tried);
                if (!give_position(f, given, given, begin, begin + span))
                    break;
            }
            if (given == n)
                return true;
        }
    return false;
}

static bool days_hold(ns_xapian_filter *f, uint32_t docid)
{
    ns_article_columns columns;
    nsearch_status status = f->snapshot->base.backend->columns(&f->snapshot->base, docid, &columns, NULL);
    if (status && status != NSEARCH_NOT_FOUND)
        f->status = status;
    int32_t day = status ? NS_DAY_UNKNOWN : ns_article_day(&columns);
    return day != NS_DAY_UNKNOWN && day >= f->filter->first_day && day <= f->filter->last_day;
}

bool ns_xapian_filter_holds(ns_xapian_filter *f, uint32_t docid)
{
    size_t n = f->filter->child_count;
    switch (f->filter->kind) {
    case NS_FILTER_ALL:
        return true;
    case NS_FILTER_NONE:
        return false;
    case NS_FILTER_TERM:
        return term_holds(f, docid);
    case NS_FILTER_AND:
        for (size_t i = 0; i < n; i++)
            if (!ns_xapian_filter_holds(f->children[i], docid))
                return false;
        return true;
    case NS_FILTER_OR:
        for (size_t i = 0; i < n; i++)
            if (ns_xapian_filter_holds(f->children[i], docid))
                return true;
        return false;
    case NS_FILTER_NOT:
        return !ns_xapian_filter_holds(f->children[0], docid);
    case NS_FILTER_PHRASE:
        return phrase_holds(f, docid);
    case NS_FILTER_NEAR:
        return near_holds(f, docid);
    case NS_FILTER_DAYS:
        return days_hold(f, docid);
    case NS_FILTER_PLACES: /* never handed to an engine: not the same in all passages of an article */
        return false;
    }
    return false;
}
