/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_native_commit.c - all or nothing: each operation is stopped at every file call, and every file call is
 * made to fail; what is there then is the old state or the new, nothing false was acknowledged, and doing it
 * again ends where an undisturbed run ends. Ten writers at once; readers while a writer commits.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/unit/native_faults.h"
#include "tests/unit/native_state.h"

#define VOCABULARY 40

/* The engine is chosen when this is compiled: tests/unit/xapian.mk does so once more. */
#ifndef TEST_ENGINE
#define TEST_ENGINE ns_native_backend
#endif
static const ns_backend *const engine = &TEST_ENGINE;

typedef enum operation { CREATE, EXTEND, UPDATE, REMOVE, MERGE, REBUILD, MANY, OPERATIONS } operation;

static const char *const operation_names[] = {"create", "extend",  "update", "remove",
                                              "merge",  "rebuild", "many"};

static nsearch_status add_some(ns_store *store, synthetic_model *m, uint32_t from, uint32_t to,
                               uint32_t version, nsearch_error *err)
{
    ns_arena arena = NS_ARENA_INIT;
    nsearch_status status = NSEARCH_OK;
    for (uint32_t i = from; i < to && !status; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, version, VOCABULARY, &article);
        status = engine->store_add(store, &article, err);
        if (m && !status)
            synthetic_model_add(m, i, version, VOCABULARY);
    }
    ns_arena_release(&arena);
    return status;
}

static nsearch_status remove_some(ns_store *store, synthetic_model *m, uint32_t from, uint32_t to,
                                  nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (uint32_t i = from; i < to && !status; i++) {
        char id[32];
        nsearch_error absent = NSEARCH_ERROR_INIT;
        snprintf(id, sizeof id, "article-%u", i);
        status = engine->store_remove(store, id, &absent);
        if (status == NSEARCH_NOT_FOUND) /* the run before this one got that far */
            status = NSEARCH_OK;
        else if (status)
            ns_error_set(err, status, "%s", absent.text);
        if (m)
            synthetic_model_remove(m, id);
    }
    return status;
}

static nsearch_status work(ns_store *store, operation op, synthetic_model *m, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    switch (op) {
    case CREATE:
        return add_some(store, m, 0, 4, 0, err);
    case EXTEND:
        return add_some(store, m, 10, 13, 0, err);
    case UPDATE:
        return add_some(store, m, 2, 7, 1, err);
    case REMOVE:
        return remove_some(store, m, 1, 6, err);
    case MERGE:
        return NSEARCH_OK;
    case REBUILD:
        if (m)
            m->count = 0;
        status = engine->store_restart(store, err);
        return status ? status : add_some(store, m, 3, 8, 2, err);
    case MANY:
        status = add_some(store, m, 8, 12, 4, err);
        if (!status)
            status = remove_some(store, m, 0, 3, err);
        return status ? status : engine->store_names(store, "A Name", 6, err);
    case OPERATIONS:
        break;
    }
    return status;
}

/* Opens, works, commits. OK means: acknowledged. */
static nsearch_status run(const char *dir, operation op, synthetic_model *m, nsearch_error *err)
{
    ns_store *store;
    ns_store_options options = {.memory_mb = 8, .threads = 1};
    nsearch_status status = engine->store_open(dir, &options, &store, err);
    if (status)
        return status;
    status = work(store, op, m, err);
    if (!status)
        status = op == MERGE ? engine->store_merge(store, err) : engine->store_commit(store, err);
    engine->store_close(store);
    return status;
}

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static uint64_t state_of(const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t state = 0;
    must(native_state_of_dir(dir, &state, &err), &err);
    return state;
}

/* What the operation begins with: nothing, or ten articles from three commits, one of them removed. */
static char *make_base(operation op, synthetic_model *m)
{
    char *dir = test_folder_new();
    synthetic_model_init(m);
    for (uint32_t c = 0; c < 3 && op != CREATE; c++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_store *store;
        must(engine->store_open(dir, NULL, &store, &err), &err);
        must(add_some(store, m, c * 3, c * 3 + 4, 0, &err), &err);
        if (c == 2)
            must(remove_some(store, m, 7, 8, &err), &err);
        must(engine->store_commit(store, &err), &err);
        engine->store_close(store);
    }
    return dir;
}

static bool in_child(const char *dir, operation op, native_fault fault, long at, int number,
                     nsearch_status *status)
{
    pid_t child = fork();
    int result;
    assert_true(child >= 0);
    if (!child) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        native_faults_begin(fault, at, number);
        _exit((int)run(dir, op, NULL, &err));
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (!WIFEXITED(result))
        fail_msg("%s died of signal %d at call %ld", operation_names[op], WTERMSIG(result), at);
    *status = (nsearch_status)WEXITSTATUS(result);
    return WEXITSTATUS(result) != NATIVE_FAULT_EXIT;
}

/* One fault; the state after it; and again without. */
static void try_one(const char *base, operation op, native_fault fault, long at, int number, uint64_t before,
                    uint64_t after)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_status status;
    char *dir = native_copy(base);
    bool returned = in_child(dir, op, fault, at, number, &status);
    uint64_t state = state_of(dir);
    if (state != before && state != after)
        fail_msg("%s, fault %d at call %ld: neither the old state nor the new", operation_names[op],
                 (int)fault, at);
    if (returned && status == NSEARCH_OK && state != after)
        fail_msg("%s, fault %d at call %ld: acknowledged and not there", operation_names[op], (int)fault, at);

    must(run(dir, op, NULL, &err), &err);
    if (state_of(dir) != after)
        fail_msg("%s, fault %d at call %ld: the second run ends elsewhere", operation_names[op], (int)fault,
                 at);
    test_folder_remove(dir);
}

static long try_all(native_fault fault, int number)
{
    long points = 0;
    for (int i = 0; i < OPERATIONS; i++) {
        synthetic_model m;
        nsearch_error err = NSEARCH_ERROR_INIT;
        operation op = (operation)i;
        char *base = make_base(op, &m), *dir = native_copy(base);
        uint64_t before = state_of(base);
        assert_int_equal(before, native_state_of_model(&m));
        native_faults_begin(NATIVE_FAULT_NONE, 0, 0);
        nsearch_status status = run(dir, op, &m, &err);
        long calls = native_faults_end();
        must(status, &err);
        uint64_t after = state_of(dir);
        assert_int_equal(after, native_state_of_model(&m));
        for (long at = 1; at <= calls; at++, points++)
            try_one(base, op, fault, at, number, before, after);
        test_folder_remove(dir);
        test_folder_remove(base);
        synthetic_model_release(&m);
    }
    return points;
}

static long points_met;

static void test_stopped(void **unused)
{
    (void)unused;
    long points = try_all(NATIVE_FAULT_STOP, 0);
    print_message("stopped at %ld calls\n", points);
    assert_true(points >= 300);
    points_met += points;
}

static void test_full_disk(void **unused)
{
    (void)unused;
    points_met += try_all(NATIVE_FAULT_ONCE, ENOSPC) + try_all(NATIVE_FAULT_ALWAYS, ENOSPC);
}

static void test_broken_disk(void **unused)
{
    (void)unused;
    points_met += try_all(NATIVE_FAULT_ONCE, EIO);
    print_message("%ld points in all\n", points_met);
    assert_true(points_met >= 1000);
}

/* Ten at once: one works, the others are told who holds the lock. */
static void test_ten_writers(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    int go[2], done[2], won = 0, locked = 0;
    pid_t children[10];
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    for (int i = 0; i < 10; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (!children[i]) {
            char byte;
            nsearch_error err = NSEARCH_ERROR_INIT;
            ns_store *store = NULL;
            nsearch_status status = engine->store_open(dir, NULL, &store, &err);
            if (status == NSEARCH_LOCKED && !strstr(err.text, "process"))
                status = NSEARCH_INVALID;
            if (!status)
                status = add_some(store, NULL, 0, 5, 0, &err);
            if (write(done[1], "x", 1) != 1)
                _exit(99);
            close(go[1]);
            if (read(go[0], &byte, 1) != 0) /* wait until all have tried */
                _exit(99);
            if (!status)
                status = engine->store_commit(store, &err);
            if (store)
                engine->store_close(store);
            _exit((int)status);
        }
    }
    for (int i = 0; i < 10; i++) {
        char byte;
        assert_int_equal(read(done[0], &byte, 1), 1);
    }
    close(go[0]);
    close(go[1]);
    for (int i = 0; i < 10; i++) {
        int result;
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_true(WIFEXITED(result));
        won += WEXITSTATUS(result) == NSEARCH_OK;
        locked += WEXITSTATUS(result) == NSEARCH_LOCKED;
    }
    close(done[0]);
    close(done[1]);
    assert_int_equal(won, 1);
    assert_int_equal(locked, 9);
    synthetic_model m;
    synthetic_model_init(&m);
    for (uint32_t i = 0; i < 5; i++)
        synthetic_model_add(&m, i, 0, VOCABULARY);
    assert_int_equal(state_of(dir), native_state_of_model(&m));
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

#define COMMITS 150

/* The same steps with a store or without: what each generation should be. */
static void one_step(ns_store *store, synthetic_model *m, uint32_t c)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (store) {
        if (add_some(store, m, c % 9, c % 9 + 2, c, &err) || remove_some(store, m, c % 5, c % 5 + 1, &err) ||
            (c % 20 == 19 ? engine->store_merge(store, &err) : engine->store_commit(store, &err))) {
            fprintf(stderr, "%s\n", err.text);
            _exit(1);
        }
        return;
    }
    for (uint32_t i = c % 9; i < c % 9 + 2; i++)
        synthetic_model_add(m, i, c, VOCABULARY);
    char id[32];
    snprintf(id, sizeof id, "article-%u", c % 5);
    synthetic_model_remove(m, id);
}

static void test_readers_during_commits(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    uint64_t expected[COMMITS + 1];
    synthetic_model m;
    synthetic_model_init(&m);
    expected[0] = native_state_of_model(&m);
    for (uint32_t c = 0; c < COMMITS; c++) {
        one_step(NULL, &m, c);
        expected[c + 1] = native_state_of_model(&m);
    }
    synthetic_model_release(&m);
    pid_t child = fork();
    if (!child) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_store *store;
        synthetic_model own;
        synthetic_model_init(&own);
        if (engine->store_open(dir, NULL, &store, &err))
            _exit(1);
        for (uint32_t c = 0; c < COMMITS; c++)
            one_step(store, &own, c);
        engine->store_close(store);
        _exit(0);
    }
    uint64_t last = 0, opened = 0, changes = 0;
    for (int result = 1; last < COMMITS;) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_snapshot *s;
        ns_snapshot_stats stats;
        uint64_t state;
        nsearch_status status = engine->open(dir, &s, &err);
        if (status == NSEARCH_NOT_FOUND && !last)
            continue; /* not made yet */
        must(status, &err);
        must(engine->stats(s, &stats, &err), &err);
        must(native_state_of_index(s, &state, &err), &err);
        engine->close(s);
        assert_true(stats.generation >= last && stats.generation <= COMMITS);
        if (state != expected[stats.generation])
            fail_msg("a reader saw another state than that of generation %llu",
                     (unsigned long long)stats.generation);
        changes += stats.generation != last;
        last = stats.generation;
        opened++;
        if (waitpid(child, &result, WNOHANG) == child && result)
            fail_msg("the writer failed");
    }
    waitpid(child, NULL, 0);
    print_message("%llu openings, %llu generations seen\n", (unsigned long long)opened,
                  (unsigned long long)changes);
    assert_true(changes >= 5);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stopped),     cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_broken_disk), cmocka_unit_test(test_ten_writers),
        cmocka_unit_test(test_readers_during_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
