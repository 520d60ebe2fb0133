/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * model_places.h - the places of index/plan.h by their definitions: made-up sentences, paragraphs, quotations, speakers and
 * letters, and lists of all runs, each compared with each.
 */
#ifndef NS_TESTS_MODEL_PLACES_H
#define NS_TESTS_MODEL_PLACES_H

#include "tests/unit/model.h"

/* Gives the article a title and marks. */
void model_mark(model *m, ns_analysed *article, uint64_t *seed);
/* How many places the article has. */
size_t model_count_places(const ns_analysed *article, const ns_place *place);
/* A PLACES filter with a place of random shape. */
ns_filter *model_random_places(const model *m, uint64_t *seed, ns_arena *arena);
/* Those of a filter, for the report of a failure. */
void model_print_places(const ns_filter *filter);

#endif
