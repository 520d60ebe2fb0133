/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_xapian.c - the Xapian engine against a model: random additions, updates, removals, merges and restarts, and
 * after each commit the whole state and random plans. A reader that writers overtake says so, and is never wrong; so is
 * what is read of a damaged database.
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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/xapian/xapian_snapshot.h"
#include "tests/support/agree.h"
#include "tests/support/folder.h"
#include "tests/support/instrumented.h"

#define VOCABULARY 90
#define LIMIT 12
#define SPARSER (INSTRUMENTED ? 5 : 1) /* each damage is a process, which a sanitizer makes slow */

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
        plan.filter = NULL; /* filters are the evaluator's: test_engines.c */
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
    uint64_t first = given ? strtoull(given, NULL, 0) : 1, n = count ? strtoull(count, NULL, 0) : INSTRUMENTED ? 4 : 12;
    for (uint64_t seed = first; seed < first + n; seed++) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        run_seed(seed);
    }
}

/* Whether a snapshot still gives the state of the model; false: it says that writers have overtaken it. */
static bool still_reads(ns_snapshot *s, const synthetic_model *m)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    bool changed = false;
    for (size_t i = 0; i < m->count && !changed; i++) {
        char key[16];
        ns_cursor *c;
        size_t n = (size_t)snprintf(key, sizeof key, "%cw%zu", NS_TERM_STEM, i % VOCABULARY);
        uint64_t df, texts, met = 0;
        synthetic_model_term(m, key, (uint32_t)n, &df, &texts);
        nsearch_status status = engine->cursor(s, 0, key, n, &arena, &c, &err);
        for (uint32_t d = c && !status ? c->docid : NS_DOCID_END; d != NS_DOCID_END; d = ns_cursor_next(c))
            met++;
        bool damaged = !status && c && c->damaged;
        if (c && !status)
            c->ops->close(c);
        changed = status == NSEARCH_CHANGED || (damaged && engine->intact(s, &err) == NSEARCH_CHANGED);
        if (!changed && (status || met != df))
            fail_msg("'%s' is in %llu passages, not %llu: %s", key, (unsigned long long)met, (unsigned long long)df,
                     err.text);
    }
    ns_arena_release(&arena);
    return !changed;
}

static void overtaken_readers_say_so(void **state)
{
    (void)state;
    char *dir = test_folder_new();
    test_random r = {7};
    synthetic_model model, old;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    ns_snapshot *s;
    bool reads = true;
    synthetic_model_init(&model);
    synthetic_model_init(&old);
    if (engine->store_open(dir, NULL, &store, &err))
        fail_msg("%s", err.text);
    for (uint32_t i = 0; i < 300; i++) {
        synthetic_model_add(&old, i, 0, VOCABULARY);
        assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, 0, VOCABULARY), &err), NSEARCH_OK);
    }
    assert_int_equal(engine->store_commit(store, &err), NSEARCH_OK);
    assert_int_equal(engine->open(dir, &s, &err), NSEARCH_OK);
    for (uint32_t round = 1; round < 12; round++) {
        for (uint32_t i = 0; i < 300; i += 1 + round % 3)
            assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, round, VOCABULARY), &err),
                             NSEARCH_OK);
        if (engine->store_commit(store, &err))
            fail_msg("%s", err.text);
        if (reads)
            reads = still_reads(s, &old);
        assert_true(reads || round > 1); /* one commit does no harm */
    }
    assert_false(reads);
    check_index(dir, &model, &r, 20);
    engine->close(s);
    engine->store_close(store);
    synthetic_model_release(&model);
    synthetic_model_release(&old);
    test_folder_remove(dir);
}

/* ---- damage */

typedef struct outcomes {
    long found, harmless, wrong, crashed;
} outcomes;

/* Opening or verifying tells; or all that is read is what it should be, so that it does no harm. Xapian trusts the bytes
 * it reads (1.4.22), and may end the process: hence a child, whose end is counted. */
static void look(const char *dir, const synthetic_model *m, outcomes *sum)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_snapshot *s;
        alarm(20);
        if (engine->open(dir, &s, &err) || engine->verify(s, &err))
            _exit(1);
        _exit(freopen("/dev/null", "w", stderr) && agree_state(s, m, 20) ? 2 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    long *const counts[] = {&sum->crashed, &sum->found, &sum->harmless, &sum->wrong};
    ++*counts[WIFEXITED(status) && WEXITSTATUS(status) <= 3 ? WEXITSTATUS(status) : 0];
}

/* Changes bytes in four ways, a 'step' apart, and cuts the file. */
static void damage_file(const char *dir, const char *name, long step, const synthetic_model *m, outcomes *sum)
{
    static const uint8_t patterns[] = {0x01, 0x80, 0xff, 0x00}; /* the last: to zero */
    char path[4200];
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
            look(dir, m, sum);
            assert_int_equal(pwrite(fd, &was, 1, at), 1);
            if (sum->wrong)
                fail_msg("'%s' at %ld: %02x for %02x is not found", name, (long)at, is, was);
        }
    char *bytes = malloc((size_t)st.st_size);
    assert_int_equal(pread(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    for (off_t size = 0; size < st.st_size; size += 1 + st.st_size / 20) {
        assert_int_equal(ftruncate(fd, size), 0);
        look(dir, m, sum);
        if (sum->wrong)
            fail_msg("'%s' cut to %ld bytes is not found", name, (long)size);
        assert_int_equal(pwrite(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    }
    free(bytes);
    close(fd);
}

/* Xapian's tables have no sums of their own; what they hold is under ours. */
static void damage_is_found(void **state)
{
    (void)state;
    static const char *const files[] = {"MANIFEST", "xapian/iamglass", "xapian/postlist.glass", "xapian/position.glass",
                                        "xapian/docdata.glass", "xapian/termlist.glass"};
    char *dir = test_folder_new();
    synthetic_model model;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    outcomes sum = {0, 0, 0, 0};
    synthetic_model_init(&model);
    assert_int_equal(engine->store_open(dir, NULL, &store, &err), NSEARCH_OK);
    for (uint32_t i = 0; i < 12; i++)
        assert_int_equal(engine->store_add(store, synthetic_model_add(&model, i, 0, 20), &err), NSEARCH_OK);
    assert_int_equal(engine->store_names(store, "A Name\n", 7, &err), NSEARCH_OK);
    if (engine->store_commit(store, &err))
        fail_msg("%s", err.text);
    engine->store_close(store);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        damage_file(dir, files[i], (i < 2 ? 1 : 211) * SPARSER, &model, &sum);
    check_index(dir, &model, &(test_random){3}, 20);
    print_message("damages: %ld found, %ld without effect, %ld that ended the process, %ld unnoticed\n", sum.found,
                  sum.harmless, sum.crashed, sum.wrong);
    assert_true(sum.found + sum.harmless + sum.crashed > 1000 / SPARSER);
    assert_true(sum.crashed * 50 < sum.found);
    synthetic_model_release(&model);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories),
        cmocka_unit_test(overtaken_readers_say_so),
        cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
