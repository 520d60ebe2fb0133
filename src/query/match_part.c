/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_part.c - opens and closes the cursors of one part.
 */
#include "src/query/match_part.h"

nsearch_status ns_part_match_open(ns_part_match *m, nsearch_error *err)
{
    const ns_plan *plan = m->plan;
    m->snapshot->backend->part(m->snapshot, m->number, &m->part);
    m->cursors = ns_arena_zero(m->arena, (plan->weight_count + 1) * sizeof *m->cursors);
    if (!m->cursors)
        return ns_error_memory(err);
    for (size_t i = 0; i < plan->weight_count; i++) {
        const ns_weight *w = &plan->weights[i];
        nsearch_status status = m->snapshot->backend->cursor(m->snapshot, m->number, w->key, w->key_length, m->arena,
                                                             &m->cursors[i], err);
        m->count = i + 1;
        if (status)
            return status;
    }
    return NSEARCH_OK;
}

nsearch_status ns_part_match_rewind(ns_part_match *m, size_t i, nsearch_error *err)
{
    const ns_weight *w = &m->plan->weights[i];
    if (m->cursors[i]->ops->rewind && m->cursors[i]->ops->rewind(m->cursors[i]))
        return NSEARCH_OK;
    m->cursors[i]->ops->close(m->cursors[i]);
    m->cursors[i] = NULL;
    return m->snapshot->backend->cursor(m->snapshot, m->number, w->key, w->key_length, m->arena, &m->cursors[i], err);
}

nsearch_status ns_part_match_rewind_all(ns_part_match *m, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < m->count && !status; i++)
        if (m->cursors[i])
            status = ns_part_match_rewind(m, i, err);
    return status;
}

nsearch_status ns_match_damaged(nsearch_error *err)
{
    return ns_error_set(err, NSEARCH_DAMAGED, "damaged postings: run 'nsearch-inspect verify'");
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
