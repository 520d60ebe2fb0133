/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * synthetic.h - made-up analysed articles, a model of what an index of them holds, and the plain evaluation of a plan
 * over the model: the oracle that shares no code with any engine.
 */
#ifndef NS_TESTS_SYNTHETIC_H
#define NS_TESTS_SYNTHETIC_H

#include <stdbool.h>

#include "index/plan.h"
#include "src/base/arena.h"
#include "src/text/analysed.h"
#include "tests/support/random.h"

/* An article; the same id and version give the same article. Memory from 'arena'. 'stored' is its id. */
void synthetic_article(ns_arena *arena, uint32_t id, uint32_t version, uint32_t vocabulary, ns_analysed *out);

/* What should be in an index, in the order of adding. */
typedef struct synthetic_model {
    ns_arena arena;
    ns_analysed *articles;
    size_t count, capacity;
} synthetic_model;

void synthetic_model_init(synthetic_model *m);
void synthetic_model_release(synthetic_model *m);
/* Adds, or puts it in the place of the one with this id, at the end. */
const ns_analysed *synthetic_model_add(synthetic_model *m, uint32_t id, uint32_t version, uint32_t vocabulary);
bool synthetic_model_remove(synthetic_model *m, const char *id);
double synthetic_model_average(const synthetic_model *m);
void synthetic_model_term(const synthetic_model *m, const char *key, uint32_t length, uint64_t *df,
                          uint64_t *texts);

typedef struct synthetic_hit {
    double score;
    size_t article;   /* in the model */
    uint32_t passage; /* its best, the first among equals */
} synthetic_hit;

/* All hits of a plan, best first. *hits from 'arena'. */
size_t synthetic_answer(const synthetic_model *m, const ns_plan *plan, ns_arena *arena, synthetic_hit **hits);

typedef enum synthetic_leaves {
    SYNTHETIC_ANY,     /* leaves may differ between passages of one article */
    SYNTHETIC_UNIFORM  /* only such as are the same in all its passages: title, source, byline, days */
} synthetic_leaves;
/* A random plan over the same vocabulary; 'average' is filled in from the model. */
void synthetic_plan(test_random *r, const synthetic_model *m, uint32_t vocabulary, synthetic_leaves leaves,
                    ns_arena *arena, ns_plan *plan);
/* For the report of a failure. */
void synthetic_plan_print(const ns_plan *plan);

#endif
