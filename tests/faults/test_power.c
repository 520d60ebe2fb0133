/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_power.c - what was acknowledged survives a loss of power: each operation is recorded, and at each of its steps
 * the disk is built as it may then be, with what was not synced kept, lost or torn. And the test itself is tested:
 * with any one sync left out it must find something. Promise D2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "src/base/map.h"
#include "tests/faults/journal.h"
#include "tests/faults/operations.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

static const ns_backend *const engine = &ns_native_backend;

/* One recorded operation. */
typedef struct trial {
    operation op;
    uint32_t variant;
    char index[600]; /* while it is recorded */
    journal *journal;
    uint64_t states[OPERATION_STATES]; /* each with the generation that it has */
    uint64_t last; /* the state after all of it, without a generation */
    int commits;
} trial;

typedef struct tally {
    ns_map seen; /* states of the disk -> 1 + place in 'results' */
    uint64_t *results;
    size_t result_count;
    long tried, repeated; /* repeated: the operation was run again on them */
    test_random random;
} tally;

#define UNREADABLE UINT64_C(0xdead)
#define ABSENT UINT64_C(0xab5e27)

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

/* The state with its generation, which is all that changes in a merge. */
static uint64_t with_generation(uint64_t state, uint64_t generation)
{
    return ns_mix64(state + generation);
}

static void note(int commit, void *user)
{
    trial *t = user;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    ns_snapshot_stats stats;
    journal_mark(t->journal, commit);
    must(engine->open(t->index, &s, &err), &err);
    must(engine->stats(s, &stats, &err), &err);
    engine->close(s);
    t->states[commit] = with_generation(t->states[commit], stats.generation);
}

static trial record(operation op, uint32_t variant)
{
    trial t = {.op = op, .variant = variant};
    char *root = test_folder_new();
    synthetic_model m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    snprintf(t.index, sizeof t.index, "%s/a/index", root);
    synthetic_model_init(&m);
    must(operation_base(engine, t.index, op, variant, &m, &err), &err);
    t.commits = operation_states(op, variant, &m, t.states);
    t.last = t.states[t.commits];
    synthetic_model_release(&m);
    t.journal = journal_begin(root);
    nsearch_status status = operation_run(engine, t.index, op, variant, note, &t, &err);
    journal_end(t.journal);
    must(status, &err);
    test_folder_remove(root);
    return t;
}

static nsearch_status read_state(ns_snapshot *s, uint64_t *state)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot_stats stats;
    nsearch_status status = native_state_of_index(s, state, &err);
    if (!status)
        status = engine->stats(s, &stats, &err);
    if (!status)
        *state = with_generation(*state, stats.generation);
    return status;
}

/* The state that a reader finds, and sometimes whether the operation can be run again. */
static uint64_t result_of(const trial *t, const disk *d, bool again)
{
    char *root = test_folder_new(), index[600];
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s = NULL;
    uint64_t state = UNREADABLE;
    disk_build(d, root);
    snprintf(index, sizeof index, "%s/a/index", root);
    nsearch_status status = engine->open(index, &s, &err);
    if (status == NSEARCH_NOT_FOUND)
        state = ABSENT;
    else if (!status && read_state(s, &state))
        state = UNREADABLE;
    if (s)
        engine->close(s);
    if (again && state != UNREADABLE) {
        uint64_t after = 0;
        err = (nsearch_error)NSEARCH_ERROR_INIT;
        if (operation_run(engine, index, t->op, t->variant, NULL, NULL, &err) ||
            native_state_of_dir(index, &after, &err) || after != t->last)
            fail_msg("%s, variant %u: cannot be run again: %s", operation_name(t->op), t->variant, err.text);
    }
    test_folder_remove(root);
    return state;
}

/* Whether the disk, after what it lost, holds what it must. 'mark': the last acknowledged. */
static bool holds(const trial *t, disk *d, int mark, disk_loss loss, size_t which, tally *y)
{
    uint64_t key = disk_lose(d, loss, which, &y->random);
    bool is_new = true;
    uint64_t *place = ns_map_put(&y->seen, &key, sizeof key, &is_new);
    assert_non_null(place);
    if (is_new) {
        bool again = y->tried % 16 == 0;
        if (y->result_count % 1024 == 0)
            y->results = realloc(y->results, (y->result_count + 1024) * sizeof *y->results);
        assert_non_null(y->results);
        y->results[y->result_count++] = result_of(t, d, again);
        *place = y->result_count;
        y->tried++;
        y->repeated += again;
    }
    uint64_t state = y->results[*place - 1];
    int least = mark < 0 ? 0 : mark;
    if (state == ABSENT) /* an empty index that nobody was told of may be missing */
        return mark < 0 && t->op == OPERATION_CREATE;
    return state == t->states[least] || (least < t->commits && state == t->states[least + 1]);
}

/* Every step, every single loss, and 'random' mixed ones. The first step at which something is wrong, or -1. */
static long replay(const trial *t, size_t without, int random, tally *y)
{
    disk *d = disk_new(t->journal, without);
    int mark = -1;
    long step = 0, wrong = -1;
    ns_map_clear(&y->seen);
    y->result_count = 0;
    do {
        size_t n = disk_pending(d);
        bool fine = holds(t, d, mark, DISK_NOTHING, 0, y) && holds(t, d, mark, DISK_ALL, 0, y);
        for (size_t i = 0; i < n && fine; i++)
            fine = holds(t, d, mark, DISK_ONE, i, y) && holds(t, d, mark, DISK_BUT_ONE, i, y) &&
                   holds(t, d, mark, DISK_TORN, i, y);
        for (int i = 0; i < random && n > 1 && fine; i++)
            fine = holds(t, d, mark, DISK_RANDOM, 0, y);
        if (!fine)
            wrong = step;
        step++;
    } while (wrong < 0 && disk_step(d, &mark));
    disk_free(d);
    return wrong;
}

static void test_loss_of_power(void **unused)
{
    (void)unused;
    const long wanted = points_wanted(10000, 100000);
    tally y = {.random = {points_seed()}};
    ns_map_init(&y.seen);
    for (uint32_t variant = 0; y.tried < wanted; variant++)
        for (int op = 0; op < OPERATIONS; op++) {
            trial t = record((operation)op, variant);
            long wrong = replay(&t, SIZE_MAX, 12, &y);
            if (wrong >= 0)
                fail_msg("%s, variant %u: lost after step %ld", operation_name(t.op), variant, wrong);
            journal_free(t.journal);
        }
    print_message("%ld of them worked on again\n", y.repeated);
    assert_true(points_print("D2", "states of a disk after a loss of power", y.tried, wanted, 0));
    ns_map_release(&y.seen);
    free(y.results);
}

/* A protocol that lacks any one of its syncs is found out. */
static void test_every_sync_matters(void **unused)
{
    (void)unused;
    long met = 0, given_up = 0, findings = 0;
    tally y = {.random = {points_seed()}};
    ns_map_init(&y.seen);
    for (uint32_t variant = 0; variant < (points_long() ? 6u : 1u); variant++)
        for (int op = 0; op < OPERATIONS; op++) {
            trial t = record((operation)op, variant);
            for (size_t i = 0; i < journal_sync_count(t.journal); i++) {
                size_t at;
                if (!journal_sync_matters(t.journal, i, &at)) {
                    given_up++;
                    continue;
                }
                met++;
                if (replay(&t, at, 0, &y) < 0) {
                    print_message("%s, variant %u: nobody misses sync %zu\n", operation_name(t.op), variant, i);
                    findings++;
                }
            }
            journal_free(t.journal);
        }
    print_message("%ld syncs of files that were given up before a commit\n", given_up);
    assert_true(points_print("D2", "syncs left out, each of which is missed", met, points_long() ? 240 : 40, findings));
    ns_map_release(&y.seen);
    free(y.results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss_of_power),
        cmocka_unit_test(test_every_sync_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
