/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_part.c - opens and closes the cursors of one part.
 */
#include "src/query/match_part.h"

nsearch_status ns_part_match_open(ns_part_match *m, size_t part, nsearch_error *err)
{
    const ns_plan *plan = m->plan;
    m->cursors = ns_arena_zero(m->arena, (plan->weight_count + 1) * sizeof *m->cursors);
    m->bounds = ns_arena_zero(m->arena, (plan->weight_count + 1) * sizeof *m->bounds);
    if (!m->cursors || !m->bounds)
        return ns_error_memory(err);
    for (size_t i = 0; i < plan->weight_count; i++) {
        const ns_weight *w = &plan->weights[i];
        nsearch_status status =
            m->snapshot->backend->cursor(m->snapshot, part, w->key, w->key_length, m->arena, &m->cursors[i], err);
        m->count = i + 1;
        if (status)
            return status;
        const ns_cursor *c = m->cursors[i];
        if (c)
            m->bounds[i] = ns_bm25_bound(m->formula, w->weight, c->impacts, c->impact_count);
    }
    return NSEARCH_OK;
}

bool ns_part_match_damaged(const ns_part_match *m)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->cursors[i] && m->cursors[i]->damaged)
            return true;
    return false;
}

void ns_part_match_close(ns_part_match *m)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->cursors[i])
            m->cursors[i]->ops->close(m->cursors[i]);
    m->count = 0;
}
