/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_engines.c - the engines are each other's judge: the same random history of additions, updates, removals, commits
 * and merges goes into the native and the Xapian engine, and then the same random plans must give the same
 * articles and scores: natively by pruning, natively by scoring everything, by Xapian's own matcher, by the evaluator over
 * Xapian's postings, and by the model. Commits fall at different moments, so that the number of segments differs.
 *
 * NSEARCH_TEST_SEED and NSEARCH_TEST_ROUNDS choose the histories.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/query/match.h"
#include "tests/support/agree.h"
#include "tests/support/folder.h"
#include "tests/support/instrumented.h"

#define VOCABULARY 90
#define LIMIT_MAX 200

typedef struct contender {
    const char *name;
    ns_match_mode mode;
    ns_snapshot *snapshot;
} contender;

typedef struct writer {
    const ns_backend *engine;
    char path[4096];
    ns_store *store;
} writer;

static uint64_t plans_compared;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("%s", err->text);
}

/* A plan's answer from each contender against the model's. */
static void check_plan(const contender *contenders, size_t count, const synthetic_model *m, test_random *r)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_plan plan;
    size_t limit = test_random_below(r, 2) ? 1 + test_random_below(r, 12) : LIMIT_MAX;
    synthetic_plan(r, m, VOCABULARY, SYNTHETIC_UNIFORM, &arena, &plan);
    for (size_t i = 0; i < count; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_match match = {0};
        ns_match_options options = {.limit = limit, .mode = contenders[i].mode};
        must(ns_match_run(contenders[i].snapshot, &plan, &options, &arena, &match, &err), &err);
        if (!agree_answer(contenders[i].snapshot, m, &plan, limit, match.candidates, match.count, match.found,
                          match.at_least)) {
            synthetic_plan_print(&plan);
            fail_msg("%s differs", contenders[i].name);
        }
    }
    plans_compared++;
    ns_arena_release(&arena);
}

static void check_all(writer *writers, size_t count, const synthetic_model *m, test_random *r, int plans)
{
    contender contenders[8];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_snapshot *s;
        must(writers[i].engine->open(writers[i].path, &s, &err), &err);
        must(writers[i].engine->verify(s, &err), &err);
        if (!agree_state(s, m, VOCABULARY))
            fail_msg("state of engine %s", writers[i].engine->name);
        if (writers[i].engine->answer)
            contenders[n++] = (contender){"Xapian's matcher", NS_MATCH_BEST, s};
        contenders[n++] = (contender){i ? "pruned over Xapian's postings" : "pruned", NS_MATCH_CURSORS, s};
        contenders[n++] = (contender){i ? "all of Xapian's postings" : "exhaustive", NS_MATCH_EXHAUSTIVE, s};
    }
    for (int i = 0; i < plans; i++)
        check_plan(contenders, n, m, r);
    for (size_t i = 0; i < n; i++)
        if (!i || contenders[i].snapshot != contenders[i - 1].snapshot)
            contenders[i].snapshot->backend->close(contenders[i].snapshot);
}

static void change(writer *writers, size_t count, synthetic_model *m, test_random *r)
{
    uint32_t id = test_random_below(r, 150);
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (test_random_below(r, 5)) {
        const ns_analysed *a = synthetic_model_add(m, id, (uint32_t)test_random_next(r), VOCABULARY);
        for (size_t i = 0; i < count; i++)
            must(writers[i].engine->store_add(writers[i].store, a, &err), &err);
        return;
    }
    char name[32];
    snprintf(name, sizeof name, "article-%u", id);
    nsearch_status wanted = synthetic_model_remove(m, name) ? NSEARCH_OK : NSEARCH_NOT_FOUND;
    for (size_t i = 0; i < count; i++) {
        nsearch_error ignored = NSEARCH_ERROR_INIT;
        assert_int_equal(writers[i].engine->store_remove(writers[i].store, name, &ignored), wanted);
    }
}

static void run_history(uint64_t seed)
{
    test_random r = {seed};
    char *dir = test_folder_new();
    synthetic_model model;
    synthetic_model_init(&model);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store_options options = {.memory_mb = 64, .threads = 1};
    writer writers[2] = {{.engine = &ns_native_backend}};
    size_t count = 1;
#ifdef NS_WITH_XAPIAN
    writers[count++].engine = &ns_xapian_backend;
#endif
    for (size_t i = 0; i < count; i++) {
        snprintf(writers[i].path, sizeof writers[i].path, "%s/%s", dir, writers[i].engine->name);
        must(writers[i].engine->store_open(writers[i].path, &options, &writers[i].store, &err), &err);
    }
    for (int round = 0; round < 5; round++) {
        for (uint32_t n = test_random_below(&r, round ? 30 : 150); n; n--) {
            change(writers, count, &model, &r);
            for (size_t i = 0; i < count; i++)
                if (!test_random_below(&r, 25))
                    must(writers[i].engine->store_commit(writers[i].store, &err), &err);
        }
        for (size_t i = 0; i < count; i++) {
            bool merge = !test_random_below(&r, 4);
            const ns_backend *e = writers[i].engine;
            must((merge ? e->store_merge : e->store_commit)(writers[i].store, &err), &err);
        }
        check_all(writers, count, &model, &r, 30);
    }
    for (size_t i = 0; i < count; i++)
        writers[i].engine->store_close(writers[i].store);
    synthetic_model_release(&model);
    test_folder_remove(dir);
}

static void random_histories(void **state)
{
    (void)state;
    const char *given = getenv("NSEARCH_TEST_SEED"), *rounds = getenv("NSEARCH_TEST_ROUNDS");
    uint64_t first = given ? strtoull(given, NULL, 0) : 1, n = rounds ? strtoull(rounds, NULL, 0) : INSTRUMENTED ? 4 : 10;
    for (uint64_t seed = first; seed < first + n; seed++) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        run_history(seed);
    }
    fprintf(stderr, "promise Q2: plans whose answers agree, pruned, exhaustive and of both engines: %llu points, %llu wanted, 0 findings\n",
            (unsigned long long)plans_compared, (unsigned long long)(n * 5 * 30));
    assert_true(plans_compared >= n * 5 * 30);
}

/* ---- one snapshot, many threads */

#define THREADS 6

typedef struct asker {
    pthread_t thread;
    ns_snapshot *snapshot;
    ns_maxima_cache *cache; /* of all threads */
    const synthetic_model *model;
    uint64_t seed;
    bool good;
} asker;

static void *ask(void *user)
{
    asker *a = user;
    test_random r = {a->seed};
    a->good = true;
    for (int i = 0; i < 120 && a->good; i++) {
        ns_arena arena = NS_ARENA_INIT;
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_plan plan;
        ns_match match = {0};
        synthetic_plan(&r, a->model, VOCABULARY, SYNTHETIC_UNIFORM, &arena, &plan);
        ns_match_options options = {.limit = 20, .mode = i % 2 ? NS_MATCH_BEST : NS_MATCH_CURSORS, .cache = a->cache};
        nsearch_status status = ns_match_run(a->snapshot, &plan, &options, &arena, &match, &err);
        a->good = !status && agree_answer(a->snapshot, a->model, &plan, 20, match.candidates, match.count,
                                          match.found, match.at_least);
        ns_arena_release(&arena);
    }
    return NULL;
}

static void share_one(const ns_backend *engine)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    synthetic_model model;
    ns_store *store;
    ns_snapshot *s;
    ns_maxima_cache *cache = ns_maxima_cache_new(100000, 0);
    assert_non_null(cache);
    asker askers[THREADS];
    synthetic_model_init(&model);
    must(engine->store_open(dir, NULL, &store, &err), &err);
    for (uint32_t i = 0; i < 200; i++) {
        must(engine->store_add(store, synthetic_model_add(&model, i % 170, i, VOCABULARY), &err), &err);
        if (i % 80 == 79)
            must(engine->store_commit(store, &err), &err);
    }
    must(engine->store_commit(store, &err), &err);
    engine->store_close(store);
    must(engine->open(dir, &s, &err), &err);
    for (size_t i = 0; i < THREADS; i++) {
        askers[i] = (asker){.snapshot = s, .cache = cache, .model = &model, .seed = i + 1};
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    bool good = true;
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(askers[i].thread, NULL);
        good &= askers[i].good;
    }
    assert_true(good);
    ns_maxima_cache_free(cache);
    engine->close(s);
    synthetic_model_release(&model);
    test_folder_remove(dir);
}

static void shared_by_threads(void **state)
{
    (void)state;
    share_one(&ns_native_backend);
#ifdef NS_WITH_XAPIAN
    share_one(&ns_xapian_backend);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_histories), cmocka_unit_test(shared_by_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
