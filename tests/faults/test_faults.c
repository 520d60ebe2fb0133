/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_faults.c - all or nothing: each operation is killed at every file call, and every file call is made to fail.
 * What is there then is the state last acknowledged or the one under way, nothing false was acknowledged, and doing
 * it again ends where an undisturbed run ends. Promises D1 and D3.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/faults/faults.h"
#include "tests/faults/operations.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

/* The engine is chosen when this is compiled: tests/faults/Makefile.mk does so twice. */
#ifndef TEST_ENGINE
#define TEST_ENGINE ns_native_backend
#define ENGINE_SUFFIX ""
#define MAY_ABORT 0
#define KILLS_LONG 10000
#define FAULTS_LONG 25000
#define ROUNDS_LONG 1000
#else /* most of its calls are its own, and each operation takes ten times as long */
#define ENGINE_SUFFIX " (Xapian)"
#define MAY_ABORT 1 /* when the disk refuses glass its version file, of 100 bytes, Xapian ends the process (1.4.22) */
#define KILLS_LONG 3000
#define FAULTS_LONG 5000
#define ROUNDS_LONG 300
#endif
static const ns_backend *const engine = &TEST_ENGINE;

/* One operation on one base. */
typedef struct trial {
    operation op;
    uint32_t variant;
    char *base;
    uint64_t states[OPERATION_STATES];
    int commits;
} trial;

static long aborted; /* children */
static volatile int *acknowledged; /* shared with the children: -1, or the last commit that was acknowledged */

static void note(int commit, void *unused)
{
    (void)unused;
    *acknowledged = commit;
}

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static uint64_t state_of(const char *dir, const trial *t, long at)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t state = 0;
    if (native_state_of_dir(dir, &state, &err))
        fail_msg("%s, variant %u, call %ld: %s", operation_name(t->op), t->variant, at, err.text);
    return state;
}

/* The status of the run in a child; false when it was killed, as it should be. */
static bool in_child(const char *dir, const trial *t, fault_kind fault, long at, int number, nsearch_status *status)
{
    int result;
    *acknowledged = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        faults_begin(fault, at, number);
        _exit((int)operation_run(engine, dir, t->op, t->variant, note, NULL, &err));
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL && fault == FAULT_STOP)
        return false;
    if (MAY_ABORT && WIFSIGNALED(result) && WTERMSIG(result) == SIGABRT) {
        aborted++;
        return false;
    }
    if (!WIFEXITED(result))
        fail_msg("%s died of signal %d at call %ld", operation_name(t->op), WTERMSIG(result), at);
    *status = (nsearch_status)WEXITSTATUS(result);
    return true;
}

/* One fault; the state after it; and again without. */
static void try_one(const trial *t, fault_kind fault, long at, int number)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_status status = NSEARCH_OK;
    char *dir = native_copy(t->base);
    bool returned = in_child(dir, t, fault, at, number, &status);
    uint64_t state = state_of(dir, t, at);
    int least = *acknowledged < 0 ? 0 : *acknowledged;
    bool old = state == t->states[least], new = least < t->commits && state == t->states[least + 1];
    if (!old && !new)
        fail_msg("%s, variant %u, fault %d at call %ld: neither the acknowledged state nor the next",
                 operation_name(t->op), t->variant, (int)fault, at);
    if (returned && status == NSEARCH_OK && (least != t->commits || !old))
        fail_msg("%s, variant %u, fault %d at call %ld: acknowledged and not there", operation_name(t->op),
                 t->variant, (int)fault, at);
    if (fault == FAULT_SHORT && status)
        fail_msg("%s, variant %u: status %d after a short write at call %ld", operation_name(t->op), t->variant,
                 (int)status, at);
    must(operation_run(engine, dir, t->op, t->variant, NULL, NULL, &err), &err);
    if (state_of(dir, t, at) != t->states[t->commits])
        fail_msg("%s, variant %u, fault %d at call %ld: the second run ends elsewhere", operation_name(t->op),
                 t->variant, (int)fault, at);
    test_folder_remove(dir);
}

/* At the calls 'first', 'first' + 'step', ... */
static long try_operation(operation op, uint32_t variant, fault_kind fault, int number, long first, long step)
{
    trial t = {.op = op, .variant = variant, .base = test_folder_new()};
    synthetic_model m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    synthetic_model_init(&m);
    must(operation_base(engine, t.base, op, variant, &m, &err), &err);
    t.commits = operation_states(op, variant, &m, t.states);
    synthetic_model_release(&m);
    assert_int_equal(state_of(t.base, &t, 0), t.states[0]);

    char *dir = native_copy(t.base);
    faults_begin(FAULT_NONE, 0, 0);
    nsearch_status status = operation_run(engine, dir, op, variant, NULL, NULL, &err);
    long calls = faults_end();
    must(status, &err);
    assert_int_equal(state_of(dir, &t, 0), t.states[t.commits]);
    test_folder_remove(dir);
    long points = 0;
    for (long at = first; at <= calls; at += step, points++)
        try_one(&t, fault, at, number);
    test_folder_remove(t.base);
    return points;
}

/* All operations, in ever new variants until there are enough points. */
static long try_all(fault_kind fault, int number, long wanted, long step)
{
    long points = 0;
    for (uint32_t variant = 0; points < wanted; variant++)
        for (int op = 0; op < OPERATIONS; op++)
            points += try_operation((operation)op, variant, fault, number, 1 + (variant + (uint32_t)op) % step, step);
    return points;
}

static void test_killed(void **unused)
{
    (void)unused;
    long wanted = points_wanted(1000, KILLS_LONG);
    long points = try_all(FAULT_STOP, 0, wanted, points_step(1));
    assert_true(points_print("D1", "killed at every file call" ENGINE_SUFFIX, points, wanted, 0));
}

static void test_failing_disk(void **unused)
{
    (void)unused;
    const long each = points_wanted(200, FAULTS_LONG / 5), step = points_step(points_long() ? 1 : 3);
    long points = 0;
    points += try_all(FAULT_ONCE, ENOSPC, each, step);
    points += try_all(FAULT_ALWAYS, ENOSPC, each, step);
    points += try_all(FAULT_ONCE, EIO, each, step);
    points += try_all(FAULT_ALWAYS, EIO, each, step);
    points += try_all(FAULT_SHORT, 0, each, step);
    print_message("%ld of them ended the process\n", aborted);
    assert_true(aborted * 5 < points);
    assert_true(points_print("D3", "file calls that fail, once or from then on" ENGINE_SUFFIX, points, 5 * each, 0));
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
            if (write(done[1], "x", 1) != 1)
                _exit(99);
            close(go[1]);
            if (read(go[0], &byte, 1) != 0) /* wait until all have tried */
                _exit(99);
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
    test_folder_remove(dir);
    points_print("R2", "ten writers at once: one works, nine are told" ENGINE_SUFFIX, 10, 10, 0);
}

/* A writer killed at any moment, again and again on one index: the next one is never kept from working. */
static void test_killed_again_and_again(void **unused)
{
    (void)unused;
    const long rounds = points_wanted(200, ROUNDS_LONG);
    test_random r = {points_seed()};
    char *dir = test_folder_new();
    long killed = 0;
    for (long i = 0; i < rounds; i++) {
        int result;
        pid_t child = fork();
        assert_true(child >= 0);
        if (!child) {
            nsearch_error err = NSEARCH_ERROR_INIT;
            for (uint32_t variant = 0;; variant++) /* until it is killed */
                if (operation_run(engine, dir, (operation)(1 + variant % (OPERATIONS - 1)), variant, NULL, NULL, &err))
                    _exit(1);
        }
        usleep(test_random_below(&r, 4000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &result, 0), child);
        if (!WIFSIGNALED(result))
            fail_msg("round %ld: the writer failed", i);
        killed++;
        trial t = {.op = OPERATION_EXTEND};
        (void)state_of(dir, &t, i); /* it can be read */
    }
    assert_true(points_print("R2", "writers killed and followed by others" ENGINE_SUFFIX, killed, rounds, 0));
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_failing_disk),
        cmocka_unit_test(test_ten_writers),
        cmocka_unit_test(test_killed_again_and_again),
    };
    acknowledged = mmap(NULL, sizeof *acknowledged, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return acknowledged == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
