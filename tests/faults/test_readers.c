/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_readers.c - readers while a writer commits, merges and removes: no opening and no reading fails, and each
 * answer is that of one generation, which never goes back. Promise R1.
 */
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

#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

#ifndef TEST_ENGINE
#define TEST_ENGINE ns_native_backend
#define ENGINE_SUFFIX ""
#define COMMITS_SHORT 1000
#define COMMITS_LONG 10000
#define QUERIES_LONG 1000000
#else
#define ENGINE_SUFFIX " (Xapian)"
#define COMMITS_SHORT 150
#define COMMITS_LONG 1000
#define QUERIES_LONG 50000
#endif
static const ns_backend *const engine = &TEST_ENGINE;

#define READERS 8
#define VOCABULARY 40

/* Shared by all processes. */
typedef struct board {
    long queries, openings, generations; /* of all readers */
    int done;                            /* the writer has made all its commits */
    int failed;
    char what[640];
} board;
static board *shared;

static void complain(const char *what, const nsearch_error *err)
{
    if (!__atomic_exchange_n(&shared->failed, 1, __ATOMIC_SEQ_CST))
        snprintf(shared->what, sizeof shared->what, "%s: %s", what, err->text);
    _exit(1);
}

/* The same step for a store or for a model: what each generation should be. */
static void one_step(ns_store *store, synthetic_model *m, uint32_t c)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    char id[32];
    for (uint32_t i = c % 9; i < c % 9 + 2; i++)
        if (store) {
            ns_analysed article;
            synthetic_article(&arena, i, c % 50, VOCABULARY, &article);
            if (engine->store_add(store, &article, &err))
                complain("adding", &err);
        } else
            synthetic_model_add(m, i, c % 50, VOCABULARY);
    ns_arena_release(&arena);
    snprintf(id, sizeof id, "article-%u", c % 5);
    if (store) {
        nsearch_status status = engine->store_remove(store, id, &err);
        if (status && status != NSEARCH_NOT_FOUND)
            complain("removing", &err);
        err = (nsearch_error)NSEARCH_ERROR_INIT;
        if (c % 20 == 19 ? engine->store_merge(store, &err) : engine->store_commit(store, &err))
            complain("committing", &err);
    } else
        synthetic_model_remove(m, id);
}

static void write_all(const char *dir, uint32_t commits)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    if (engine->store_open(dir, NULL, &store, &err))
        complain("opening the writer", &err);
    for (uint32_t c = 0; c < commits; c++)
        one_step(store, NULL, c);
    engine->store_close(store);
    __atomic_store_n(&shared->done, 1, __ATOMIC_SEQ_CST);
    _exit(0);
}

/* Whether an engine whose readers outlive one commit says that there were more: then the index is opened again. */
static bool overtaken(ns_snapshot *s, nsearch_status status)
{
    return status == NSEARCH_CHANGED || (engine->intact && engine->intact(s, NULL) == NSEARCH_CHANGED);
}

/* Walks the list of a word in every part. False: overtaken. */
static bool query(ns_snapshot *s, uint32_t word)
{
    bool good = true;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    char key[16];
    size_t n = (size_t)snprintf(key, sizeof key, "%cw%u", NS_TERM_EXACT, word);
    for (size_t p = 0; p < engine->part_count(s) && good; p++) {
        ns_cursor *c;
        nsearch_status status = engine->cursor(s, p, key, n, &arena, &c, &err);
        good = !overtaken(s, status);
        if (status && good)
            complain("a query", &err);
        if (status)
            break;
        for (uint32_t d = c ? c->docid : NS_DOCID_END; d != NS_DOCID_END;)
            d = ns_cursor_next(c);
        if (c && c->damaged)
            good = !overtaken(s, NSEARCH_OK);
        if (c && c->damaged && good)
            complain("a query", &(nsearch_error){.text = "met damage"});
        if (c)
            c->ops->close(c);
    }
    ns_arena_release(&arena);
    return good;
}

/* Opens the newest state, reads all of it or asks for words, again and again; half of the time goes on with a handle
 * whose files are being removed. */
static void read_all(const char *dir, const uint64_t *expected, uint32_t commits, long queries, uint32_t number)
{
    test_random r = {number};
    uint64_t last = 0;
    long asked = 0, opened = 0, generations = 0;
    while (asked < queries || last < commits) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_snapshot *s;
        ns_snapshot_stats stats;
        uint64_t state;
        nsearch_status status = engine->open(dir, &s, &err);
        if (status == NSEARCH_NOT_FOUND && !last)
            continue; /* not made yet */
        if (status)
            complain("opening", &err);
        opened++;
        for (uint32_t i = test_random_below(&r, 200); i && query(s, test_random_below(&r, VOCABULARY)); i--)
            asked++;
        if (engine->stats(s, &stats, &err))
            complain("its numbers", &err);
        if (stats.generation < last || stats.generation > commits)
            complain("a generation", &(nsearch_error){.text = "that went back"});
        if (opened % 4 == 0 || stats.generation == commits) {
            status = native_state_of_index(s, &state, &err);
            if (status && overtaken(s, status)) {
                engine->close(s);
                continue;
            }
            if (status)
                complain("reading", &err);
            if (state != expected[stats.generation])
                complain("a state", &(nsearch_error){.text = "that no generation has"});
        }
        engine->close(s);
        generations += stats.generation != last;
        last = stats.generation;
    }
    __atomic_add_fetch(&shared->queries, asked, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&shared->openings, opened, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&shared->generations, generations, __ATOMIC_SEQ_CST);
    _exit(0);
}

static void test_readers_during_commits(void **unused)
{
    (void)unused;
    const uint32_t commits = (uint32_t)points_wanted(COMMITS_SHORT, COMMITS_LONG);
    const long queries = points_wanted(2000, QUERIES_LONG / READERS);
    char *dir = test_folder_new();
    uint64_t *expected = malloc((commits + 1) * sizeof *expected);
    synthetic_model m;
    synthetic_model_init(&m);
    expected[0] = native_state_of_model(&m);
    for (uint32_t c = 0; c < commits; c++) {
        one_step(NULL, &m, c);
        expected[c + 1] = native_state_of_model(&m);
    }
    synthetic_model_release(&m);
    pid_t children[READERS + 1];
    for (uint32_t i = 0; i <= READERS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (!children[i] && i < READERS)
            read_all(dir, expected, commits, queries, i);
        if (!children[i])
            write_all(dir, commits);
    }
    int worst = 0;
    for (int i = 0; i <= READERS; i++) {
        int result = 0;
        assert_int_equal(wait(&result) > 0, 1);
        worst |= result;
        if (result) /* one failed: the others would wait for it */
            for (int k = 0; k <= READERS; k++)
                kill(children[k], SIGKILL);
    }
    if (worst)
        fail_msg("%s", shared->failed ? shared->what : "a process died");
    print_message("%ld openings, %ld changes of generation seen in %u commits\n", shared->openings, shared->generations,
                  commits);
    assert_true(shared->generations >= 5 * READERS);
    assert_true(points_print("R1", "queries of 8 readers during commits" ENGINE_SUFFIX, shared->queries,
                             queries * READERS, shared->failed));
    free(expected);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_readers_during_commits)};
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
