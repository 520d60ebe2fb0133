/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * model.h - a random corpus in memory, and the answer to a plan by its definition (index/plan.h): no index, no
 * cursors, nothing clever. What an engine and the evaluator say is held against it.
 */
#ifndef NS_TESTS_MODEL_H
#define NS_TESTS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "index/plan.h"
#include "src/base/arena.h"
#include "src/text/analysed.h"

typedef struct model_article {
    ns_analysed analysed;
    bool removed;
} model_article;

typedef struct model {
    ns_arena arena;
    model_article *articles; /* in the order of adding */
    size_t count;
    uint32_t vocabulary;
} model;

typedef struct model_hit {
    const char *id;
    double score;
} model_hit;

/* xorshift64*: the same on every machine. */
uint64_t model_random(uint64_t *state);
/* 'count' articles of 1 to 'passages' passages; words follow a Zipf-like law, some come in runs. Ids are "a0", "a1" ...; the stored
 * bytes are the id. */
void model_make(model *m, size_t count, uint32_t passages, uint32_t vocabulary, uint64_t *seed);
void model_release(model *m);
/* Key of the i-th word, the most frequent first; returns its length. */
uint32_t model_word(uint32_t i, char kind, char out[16]);
/* Sum of len over live passages, and their number. */
void model_totals(const model *m, uint64_t *length, uint64_t *passages, uint64_t *articles, uint64_t *texts);
/* Live passages with the term, and articles that are no copies. */
void model_frequency(const model *m, const char *key, uint32_t length, uint64_t *passages, uint64_t *texts);
/* The best 'limit' articles by score, then order; returns how many, and in *found all that match. */
size_t model_answer(const model *m, const ns_plan *plan, size_t limit, model_hit *hits, uint64_t *found);
/* A random plan: 1 to 5 weighted words and, in half of the cases, a filter of random shape. */
void model_plan(const model *m, uint64_t *seed, bool filtered, ns_arena *arena, ns_plan *plan);

#endif
