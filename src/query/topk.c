/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * topk.c - a binary heap of articles.
 */
#include "src/query/topk.h"

#include <stdlib.h>

int ns_candidate_compare(const void *a, const void *b)
{
    const ns_candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

bool ns_topk_init(ns_topk *top, size_t limit, ns_arena *arena)
{
    *top = (ns_topk){.limit = limit, .threshold = -1, .floor = -1};
    top->heap = ns_arena_array(arena, limit ? limit : 1, sizeof *top->heap);
    return top->heap != NULL;
}

static bool worse(const ns_candidate *a, const ns_candidate *b)
{
    return ns_candidate_compare(a, b) > 0;
}

static void sift_down(ns_topk *top, size_t i)
{
    ns_candidate *h = top->heap, moved = h[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= top->count)
            break;
        if (child + 1 < top->count && worse(&h[child + 1], &h[child]))
            child++;
        if (!worse(&h[child], &moved))
            break;
        h[i] = h[child];
        i = child;
    }
    h[i] = moved;
}

static void push(ns_topk *top, const ns_candidate *c)
{
    ns_candidate *h = top->heap;
    if (top->count < top->limit) {
        size_t i = top->count++;
        while (i && worse(c, &h[(i - 1) / 2])) {
            h[i] = h[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        h[i] = *c;
    } else if (top->limit && worse(&h[0], c)) {
        h[0] = *c;
        sift_down(top, 0);
    }
    if (top->count == top->limit && top->limit)
        top->threshold = h[0].score;
}

void ns_topk_offer(ns_topk *top, double score, uint32_t docid, uint32_t article)
{
    if (top->has_pending && top->pending.article == article) {
        if (score > top->pending.score) {
            top->pending.score = score;
            top->pending.docid = docid;
        }
        return;
    }
    if (top->has_pending)
        push(top, &top->pending);
    top->pending = (ns_candidate){score, docid, article};
    top->has_pending = true;
}

void ns_topk_finish(ns_topk *top)
{
    if (top->has_pending)
        push(top, &top->pending);
    top->has_pending = false;
    size_t count = top->count;
    while (top->count > 1) { /* the worst goes to the end (Floyd's heapsort, 1964) */
        ns_candidate worst = top->heap[0];
        top->heap[0] = top->heap[--top->count];
        sift_down(top, 0);
        top->heap[top->count] = worst;
    }
    top->count = count;
}
