/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * hits.h - hand-over from the evaluator to the facade: the answer to one query. Everything lives
 * in the answer's arena.
 */
#ifndef NS_QUERY_HITS_H
#define NS_QUERY_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/nsearch.h"

typedef struct ns_answer {
    ns_arena arena;
    nsearch_hit *hits;
    size_t hit_count;
    uint64_t found; /* articles */
    bool at_least;
    nsearch_period *periods; /* of the timeline, by time */
    size_t period_count;
    uint64_t undated;
    nsearch_facet *facets;
    size_t facet_count;
    const char **notes;
    size_t note_count;
    const char *explain; /* of the query; NULL unless asked for */
} ns_answer;

#endif
