/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_exhaustive.c - the oracle: an accumulator a passage, term after term. Slow and plain on purpose.
 */
#include "src/query/match_part.h"

nsearch_status ns_match_exhaustive(ns_part_match *m, nsearch_error *err)
{
    size_t passages = m->part.docid_end - m->part.docid_begin;
    double *scores = ns_arena_zero(m->arena, (passages + 1) * sizeof *scores);
    if (!scores)
        return ns_error_memory(err);
    for (size_t i = 0; i < m->count; i++) {
        ns_cursor *c = m->cursors[i];
        if (!c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c))
            scores[d - m->part.docid_begin] +=
                ns_bm25_part(m->formula, m->plan->weights[i].weight, ns_cursor_freq(c),
                             ns_bm25_norm(m->formula, ns_part_length(m, d)));
    }
    for (size_t i = 0; i < passages; i++) {
        uint32_t docid = m->part.docid_begin + (uint32_t)i;
        if (scores[i] > 0 && !ns_part_has_removed(&m->part, docid))
            ns_topk_offer(m->top, scores[i], docid, m->snapshot->backend->article_of(m->snapshot, docid));
    }
    return NSEARCH_OK;
}
