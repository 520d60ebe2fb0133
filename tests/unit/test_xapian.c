/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_xapian.c - the Xapian engine against a model: random additions, updates, removals, merges and restarts, and
 * after each commit the whole state and random plans. Snapshots keep their answers whatever is committed later.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/xapian/xapian_snapshot.h"
#include "tests/support/agree.h"
#include "tests/support/folder.h"

#define VOCABULARY 90
#define LIMIT 12

static const ns_backend *const engine = &ns_xapian_backend;

static void check_plans(ns_snapshot *s, const synthetic_model *m, test_random *r, int count)
{
    for (int i = 0; i < count; i++) {
        ns_arena arena = NS_ARENA_INIT;
        ns_plan plan;
        ns_candidate candidates[200];
        size_t n, limit = test_random_below(r, 2) ? LIMIT : 200;
        uint64_t found;
        bool at_least;
        nsearch_error err = NSEARCH_ERROR_INIT;
        uint64_t state = r->state;
        synthetic_plan(r, m, VOCABULARY, SYNTHETIC_ANY, &arena, &plan);
        /* Half the plans are matched as on a large index, where the best suffice. */
        ((ns_xapian_snapshot *)s)->count_postings_max = test_random_below(r, 2) ? NS_XAPIAN_COUNT_POSTINGS_MAX : 0;
        if (engine->answer(s, &plan, limit, candidates, &n, &found, &at_least, &err)) {
            synthetic_plan_print(&plan);
            fail_msg("%s", err.text);
        }
        if (!agree_answer(s, m, &plan, limit, candidates, n, found, at_least)) {
            synthetic_plan_print(&plan);
            fail_msg("plan from state %llx", (unsigned long long)state);
        }
        ns_arena_release(&arena);
    }
}

static void check_index(const char *dir, const synthetic_model *m, test_random *r, int plans)
{
    ns_snapshot *s;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (engine->open(dir, &s, &err) || engine->verify(s, &err))
        fail_msg("%s", err.text);
    assert_true(agree_state(s, m, VOCABULARY));
    check_plans(s, m, r, plans);
    engine->close(s);
}

static void change(ns_store *store, synthetic_model *m, test_random *r)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint32_t id = test_random_below(r, 120);
    if (test_random_below(r, 4)) {
        const ns_analysed *a = synthetic_model_add(m, id, (uint32_t)test_random_next(r), VOCABULARY);
        if (engine->store_add(store, a, &err))
            fail_msg("%s", err.text);
    } else {
        char name[32];
        snprintf(name, sizeof name, "article-%u", id);
        nsearch_status wanted = synthetic_model_remove(m, name) ? NSEARCH_OK : NSEARCH_NOT_FOUND;
        assert_int_equal(engine->store_remove(store, name, &err), wanted);
    }
}

static void run_seed(uint64_t seed)
{
    test_random r = {seed};
    char *dir = test_folder_new();
    char path[4096];
    snprintf(path, sizeof path, "%s/index", dir);
    synthetic_model model;
    synthetic_model_init(&model);
    ns_store *store;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store_options options = {.memory_mb = 64, .threads = 1};
    if (engine->store_open(path, &options, &store, &err))
        fail_msg("%s", err.text);
    for (int round = 0; round < 8; round++) {
        if (round && !test_random_below(&r, 5)) {
            synthetic_model_release(&model);
            synthetic_model_init(&model);
            assert_int_equal(engine->store_restart(store, &err), NSEARCH_OK);
        }
        for (uint32_t n = test_random_below(&r, round ? 20 : 100); n; n--)
            change(store, &model, &r);
        bool merge = !test_random_below(&r, 4);
        if ((merge ? engine->store_merge : engine->store_commit)(store, &err))
            fail_msg("%s", err.text);
        check_index(path, &model, &r, 60);
        if (!test_random_below(&r, 3)) {
            engine->store_close(store);
            if (engine->store_open(path, &options, &store, &err))
                fail_msg("%s", err.text);
        }
    }
    engine->store_close(store);
    synthetic_model_release(&model);
    test_folder_remove(dir);
}

static void random_histories(void **state)
{
    (void)state;
    const char *given = getenv("NSEARCH_TEST_SEED"), *count = getenv("NSEARCH_TEST_ROUNDS");
    uint64_t first = given ? strtoull(given, NULL, 0) : 1, n = count ? strtoull(count, NULL, 0) : 12;
    for (uint64_t seed = first; seed < first + n; seed++) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        run_seed(seed);
    }
}

/* A snapshot must not feel later commits, merges and the sweeping of its files. */
static void snapshots_stay(void **state)
{
    (void)state;
    char *dir = test_folder_new();
    test_random r = {7};
    synthetic_model model, old;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    ns_snapshot *s;
    synthetic_model_init(&model);
    synthetic_model_init(&old);
    if (engine->store_open(dir, NULL, &store, &err))
        fail_msg("%s", err.text);
    for (uint32_t i = 0; i < 50; i++) {
        synthetic_model_add(&old, i, 0, VOCABULARY);
        assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, 0, VOCABULARY), &err), NSEARCH_OK);
    }
    assert_int_equal(engine->store_commit(store, &err), NSEARCH_OK);
    assert_int_equal(engine->open(dir, &s, &err), NSEARCH_OK);
    for (uint32_t round = 1; round < 12; round++) {
        for (uint32_t i = 0; i < 50; i += 1 + round % 3)
            assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, round, VOCABULARY), &err),
                             NSEARCH_OK);
        if (round % 4 ? engine->store_commit(store, &err) : engine->store_merge(store, &err))
            fail_msg("%s", err.text);
        assert_true(agree_state(s, &old, VOCABULARY));
        check_plans(s, &old, &r, 20);
    }
    check_index(dir, &model, &r, 20);
    engine->close(s);
    engine->store_close(store);
    synthetic_model_release(&model);
    synthetic_model_release(&old);
    test_folder_remove(dir);
}

/* ---- damage */

static bool is_found(const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    nsearch_status status = engine->open(dir, &s, &err);
    if (!status) {
        status = engine->verify(s, &err);
        engine->close(s);
    }
    return status == NSEARCH_DAMAGED || status == NSEARCH_UNSUPPORTED;
}

/* Changes bytes in four ways, a 'step' apart, and cuts the file; returns how many damages there were. */
static long damage_file(const char *dir, const char *name, long step)
{
    static const uint8_t patterns[] = {0x01, 0x80, 0xff, 0x00}; /* the last: to zero */
    char path[4200];
    long tried = 0;
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    for (off_t at = 0; at < st.st_size; at += step)
        for (size_t i = 0; i < sizeof patterns; i++) {
            uint8_t was, is;
            assert_int_equal(pread(fd, &was, 1, at), 1);
            is = patterns[i] ? was ^ patterns[i] : 0;
            if (is == was)
                continue;
            assert_int_equal(pwrite(fd, &is, 1, at), 1);
            if (!is_found(dir))
                fail_msg("'%s' at %ld: %02x for %02x is not found", name, (long)at, is, was);
            assert_int_equal(pwrite(fd, &was, 1, at), 1);
            tried++;
        }
    char *bytes = malloc((size_t)st.st_size);
    assert_int_equal(pread(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    for (off_t size = 0; size < st.st_size; size += 1 + st.st_size / 20, tried++) {
        assert_int_equal(ftruncate(fd, size), 0);
        if (!is_found(dir))
            fail_msg("'%s' cut to %ld bytes is not found", name, (long)size);
        assert_int_equal(pwrite(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    }
    free(bytes);
    close(fd);
    return tried;
}

/* Every byte is under a sum: the manifest's own, or one that it holds. */
static void damage_is_found(void **state)
{
    (void)state;
    char *dir = test_folder_new();
    synthetic_model model;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    synthetic_model_init(&model);
    assert_int_equal(engine->store_open(dir, NULL, &store, &err), NSEARCH_OK);
    for (uint32_t i = 0; i < 12; i++)
        assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, 0, 20), &err), NSEARCH_OK);
    assert_int_equal(engine->store_names(store, "A Name\n", 7, &err), NSEARCH_OK);
    if (engine->store_commit(store, &err))
        fail_msg("%s", err.text);
    engine->store_close(store);
    assert_false(is_found(dir));
    long tried = damage_file(dir, "MANIFEST", 1) + damage_file(dir, "live-000003", 1) +
                 damage_file(dir, "names-000004", 1) + damage_file(dir, "db-000002", 97);
    assert_false(is_found(dir));
    print_message("%ld damages found\n", tried);
    assert_true(tried > 1500);
    synthetic_model_release(&model);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories),
        cmocka_unit_test(snapshots_stay),
        cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
