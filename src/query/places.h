/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * places.h - works out the places (index/plan.h) of one article after another within one part.
 */
#ifndef NS_QUERY_PLACES_H
#define NS_QUERY_PLACES_H

#include "index/backend.h"

typedef struct ns_places ns_places;

typedef struct ns_run {
    uint32_t begin, end; /* positions of the first and of the last word */
} ns_run;

/* 'place' must outlive it; memory from 'arena'. Close it also after an error (NULL is fine). */
nsearch_status ns_places_open(ns_snapshot *snapshot, size_t part, const ns_place *place, ns_arena *arena,
                              ns_places **places, nsearch_error *err);
/* From now on a paragraph ends where a passage does. */
void ns_places_cut_paragraphs(ns_places *places);
/* The places in an article, in order; valid until the next call. 'article' never goes down. */
const ns_run *ns_places_find(ns_places *places, uint32_t article, size_t *count);
/* The passages of that article, counted from its first, in which a place of it begins and ends; false: in the title alone. Of
 * the lead the first. */
bool ns_places_passages(const ns_places *places, const ns_run *run, uint32_t *first, uint32_t *last);
/* Whether all went well up to now. */
nsearch_status ns_places_status(const ns_places *places, nsearch_error *err);
void ns_places_close(ns_places *places);

#endif
