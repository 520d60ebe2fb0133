/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * operations.c - the scripts. Each is written once, as steps that act on a store, on a model, or on both.
 */
#include "tests/faults/operations.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/native_state.h"

#define VOCABULARY 40

/* What a step acts on; either may be NULL. */
typedef struct target {
    const ns_backend *engine;
    ns_store *store;
    synthetic_model *model;
    nsearch_error *err;
} target;

const char *operation_name(operation op)
{
    static const char *const names[] = {"create", "extend",  "update", "remove",
                                        "merge",  "rebuild", "mixed",  "days"};
    return names[op];
}

static nsearch_status add(const target *t, uint32_t from, uint32_t to, uint32_t version)
{
    ns_arena arena = NS_ARENA_INIT;
    nsearch_status status = NSEARCH_OK;
    for (uint32_t i = from; i < to && !status; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, version, VOCABULARY, &article);
        if (t->store)
            status = t->engine->store_add(t->store, &article, t->err);
        if (t->model && !status)
            synthetic_model_add(t->model, i, version, VOCABULARY);
    }
    ns_arena_release(&arena);
    return status;
}

static nsearch_status take_out(const target *t, uint32_t from, uint32_t to)
{
    nsearch_status status = NSEARCH_OK;
    for (uint32_t i = from; i < to && !status; i++) {
        char id[32];
        nsearch_error absent = NSEARCH_ERROR_INIT;
        snprintf(id, sizeof id, "article-%u", i);
        if (t->store)
            status = t->engine->store_remove(t->store, id, &absent);
        if (status == NSEARCH_NOT_FOUND) /* the run before this one got that far */
            status = NSEARCH_OK;
        else if (status)
            ns_error_set(t->err, status, "%s", absent.text);
        if (t->model)
            synthetic_model_remove(t->model, id);
    }
    return status;
}

static int commit_count(operation op, uint32_t variant)
{
    return op == OPERATION_DAYS ? 3 + (int)(variant % 6) : 1;
}

/* What comes before commit number 'commit', from 1. */
static nsearch_status step(const target *t, operation op, uint32_t variant, int commit)
{
    uint32_t more = variant % 5, c = (uint32_t)commit;
    nsearch_status status = NSEARCH_OK;
    switch (op) {
    case OPERATION_CREATE:
        return add(t, 0, 4 + 3 * more, 0);
    case OPERATION_EXTEND:
        return add(t, 30, 33 + more, 0);
    case OPERATION_UPDATE:
        return add(t, 2 + more, 7 + 2 * more, 1);
    case OPERATION_REMOVE:
        return take_out(t, 1 + more, 6 + 2 * more);
    case OPERATION_MERGE:
        return NSEARCH_OK;
    case OPERATION_REBUILD:
        if (t->model)
            t->model->count = 0;
        if (t->store)
            status = t->engine->store_restart(t->store, t->err);
        return status ? status : add(t, 3, 8 + more, 2);
    case OPERATION_MIXED:
        status = add(t, 28, 32 + more, 4);
        if (!status)
            status = take_out(t, 0, 3 + more);
        if (!status && t->store)
            status = t->engine->store_names(t->store, "A Name", 6, t->err);
        return status;
    case OPERATION_DAYS:
        status = add(t, 40 + 2 * c, 43 + 2 * c, variant);
        return status ? status : take_out(t, c, c + 1 + more % 2);
    case OPERATIONS:
        break;
    }
    return NSEARCH_INVALID;
}

nsearch_status operation_base(const ns_backend *engine, const char *index, operation op, uint32_t variant,
                              synthetic_model *model, nsearch_error *err)
{
    target t = {.engine = engine, .model = model, .err = err};
    nsearch_status status = NSEARCH_OK;
    uint32_t commits = op == OPERATION_CREATE ? 0 : 3 + variant % 3;
    for (uint32_t c = 0; c < commits && !status; c++) {
        status = engine->store_open(index, NULL, &t.store, err);
        if (status)
            return status;
        status = add(&t, c * 3, c * 3 + 4 + variant % 4, 0);
        if (!status && c == 2)
            status = take_out(&t, 7, 8);
        if (!status)
            status = engine->store_commit(t.store, err);
        engine->store_close(t.store);
    }
    return status;
}

nsearch_status operation_run(const ns_backend *engine, const char *index, operation op, uint32_t variant,
                             void (*acknowledged)(int commit, void *user), void *user, nsearch_error *err)
{
    target t = {.engine = engine, .err = err};
    ns_store_options options = {.memory_mb = 8, .threads = 1};
    nsearch_status status = engine->store_open(index, &options, &t.store, err);
    if (status)
        return status;
    if (acknowledged)
        acknowledged(0, user);
    for (int c = 1; c <= commit_count(op, variant) && !status; c++) {
        status = step(&t, op, variant, c);
        if (!status)
            status = op == OPERATION_MERGE ? engine->store_merge(t.store, err) : engine->store_commit(t.store, err);
        if (!status && acknowledged)
            acknowledged(c, user);
    }
    engine->store_close(t.store);
    return status;
}

int operation_states(operation op, uint32_t variant, synthetic_model *model, uint64_t states[OPERATION_STATES])
{
    target t = {.model = model};
    int commits = commit_count(op, variant);
    states[0] = native_state_of_model(model);
    for (int c = 1; c <= commits; c++) {
        step(&t, op, variant, c);
        states[c] = native_state_of_model(model);
    }
    return commits;
}
