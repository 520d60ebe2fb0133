/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_pruned.c - block-max MaxScore (Turtle and Flood 1995; Ding and Suel 2011; Mallia et al. 2019), over windows
 * that end where the first block ends. Lists whose bounds together cannot lift a passage over the
 * threshold are only probed. A passage that survives is summed in the order of the weights, so its
 * score has the same bits as the exhaustive one.
 */
#include "src/query/match_part.h"

typedef struct list {
    ns_cursor *cursor;
    size_t weight; /* index in the plan */
    double bound;  /* over the whole list */
    double window; /* over the current window */
} list;

typedef struct pruner {
    ns_part_match *m;
    list *lists; /* by bound, ascending */
    size_t count;
    double *parts; /* what each weight adds to the current passage; 0 if nothing */
    double *below; /* below[i]: sum of window bounds of lists 0..i-1 */
    uint32_t window_last;
} pruner;

/* Sums of bounds in another order than the parts may round below the true sum. */
#define SLACK (1 + 1e-9)

static double part_of(const pruner *p, const list *l, uint32_t docid)
{
    return ns_bm25_part(p->m->formula, p->m->plan->weights[l->weight].weight, ns_cursor_freq(l->cursor),
                        ns_bm25_norm(p->m->formula, ns_part_length(p->m, docid)));
}

static bool can_enter(const pruner *p, double bound)
{
    return bound * SLACK > p->m->top->threshold;
}

static void sort_lists(pruner *p)
{
    for (size_t i = 1; i < p->count; i++) {
        list moved = p->lists[i];
        size_t k = i;
        for (; k && p->lists[k - 1].bound > moved.bound; k--)
            p->lists[k] = p->lists[k - 1];
        p->lists[k] = moved;
    }
}

/* Bounds of all lists from 'docid' to where the first of their blocks ends. Returns whether anything in it can enter. */
static bool open_window(pruner *p, uint32_t docid)
{
    p->window_last = NS_DOCID_END - 1;
    double sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        ns_impact impacts[NS_IMPACTS_MAX];
        uint32_t last;
        list *l = &p->lists[i];
        size_t n = l->cursor->ops->impacts(l->cursor, docid, impacts, NS_IMPACTS_MAX, &last);
        l->window = ns_bm25_bound(p->m->formula, p->m->plan->weights[l->weight].weight, impacts, n);
        if (last < p->window_last)
            p->window_last = last;
        p->below[i] = sum;
        sum += l->window;
    }
    p->below[p->count] = sum;
    return can_enter(p, sum);
}

/* The first list that a passage must be in to enter. */
static size_t first_essential(const pruner *p)
{
    size_t i = 0;
    while (i < p->count && !can_enter(p, p->below[i + 1]))
        i++;
    return i;
}

static void score(pruner *p, size_t essential, uint32_t docid)
{
    double sum = 0;
    for (size_t i = essential; i < p->count; i++) {
        list *l = &p->lists[i];
        if (l->cursor->docid == docid) {
            p->parts[l->weight] = part_of(p, l, docid);
            sum += p->parts[l->weight];
        } else
            p->parts[l->weight] = 0;
    }
    for (size_t i = 0; i < essential; i++)
        p->parts[p->lists[i].weight] = 0;
    for (size_t i = essential; i--;) {
        list *l = &p->lists[i];
        if (!can_enter(p, sum + p->below[i + 1]))
            return;
        if (ns_cursor_seek(l->cursor, docid) == docid) {
            p->parts[l->weight] = part_of(p, l, docid);
            sum += p->parts[l->weight];
        }
    }
    if (!can_enter(p, sum) || ns_part_has_removed(&p->m->part, docid))
        return;
    double exact = 0;
    for (size_t i = 0; i < p->m->plan->weight_count; i++)
        exact += p->parts[i];
    if (exact > p->m->top->threshold)
        ns_topk_offer(p->m->top, exact, docid, p->m->snapshot->backend->article_of(p->m->snapshot, docid));
}

static uint32_t least(const pruner *p, size_t from)
{
    uint32_t docid = NS_DOCID_END;
    for (size_t i = from; i < p->count; i++)
        if (p->lists[i].cursor->docid < docid)
            docid = p->lists[i].cursor->docid;
    return docid;
}

static void move_all(pruner *p, size_t from, uint32_t target)
{
    for (size_t i = from; i < p->count; i++)
        if (p->lists[i].cursor->docid < target)
            ns_cursor_seek(p->lists[i].cursor, target);
}

/* All passages of the window, beginning at 'docid'. */
static void run_window(pruner *p, uint32_t docid)
{
    double threshold = p->m->top->threshold;
    size_t essential = first_essential(p);
    move_all(p, essential, docid);
    for (docid = least(p, essential); docid <= p->window_last; docid = least(p, essential)) {
        score(p, essential, docid);
        for (size_t i = essential; i < p->count; i++)
            if (p->lists[i].cursor->docid == docid)
                ns_cursor_next(p->lists[i].cursor);
        if (p->m->top->threshold > threshold) {
            threshold = p->m->top->threshold;
            essential = first_essential(p);
            if (essential == p->count)
                return;
        }
    }
}

nsearch_status ns_match_pruned(ns_part_match *m, nsearch_error *err)
{
    pruner p = {.m = m};
    p.lists = ns_arena_zero(m->arena, (m->count + 1) * sizeof *p.lists);
    p.parts = ns_arena_zero(m->arena, (m->count + 1) * sizeof *p.parts);
    p.below = ns_arena_zero(m->arena, (m->count + 2) * sizeof *p.below);
    if (!p.lists || !p.parts || !p.below)
        return ns_error_memory(err);
    for (size_t i = 0; i < m->count; i++)
        if (m->cursors[i])
            p.lists[p.count++] = (list){m->cursors[i], i, m->bounds[i], 0};
    sort_lists(&p);
    uint32_t docid = m->part.docid_begin;
    while (docid < m->part.docid_end) {
        bool worth = open_window(&p, docid);
        if (p.below[p.count] == 0 && p.window_last >= m->part.docid_end - 1)
            break; /* all lists are at their end */
        if (worth)
            run_window(&p, docid);
        if (p.window_last >= m->part.docid_end - 1)
            break;
        docid = p.window_last + 1;
    }
    return NSEARCH_OK;
}
