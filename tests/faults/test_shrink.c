/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_shrink.c - a file that shrinks under its map: with the guard installed, a reader and a writer are told, and
 * live. Part of promise C2.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/guard.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

static const ns_backend *const engine = &ns_native_backend;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static char *make_index(void)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_store *store;
    must(engine->store_open(dir, NULL, &store, &err), &err);
    for (uint32_t i = 0; i < 300; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, 0, 200, &article);
        must(engine->store_add(store, &article, &err), &err);
    }
    must(engine->store_commit(store, &err), &err);
    engine->store_close(store);
    ns_arena_release(&arena);
    return dir;
}

/* The segment's path and size. */
static off_t segment_of(const char *dir, char path[600])
{
    struct stat st;
    snprintf(path, 600, "%s/seg-000001", dir);
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

/* Whether the length was noticed; else all was as before. */
static bool read_shrunk(off_t length, uint64_t expected)
{
    char *dir = make_index(), path[600];
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    uint64_t state = 0;
    segment_of(dir, path);
    must(engine->open(dir, &s, &err), &err);
    if (length % 2) /* half of the time the pages have been read and checked before */
        must(native_state_of_index(s, &state, &err), &err);
    assert_int_equal(truncate(path, length), 0);
    nsearch_status status = native_state_of_index(s, &state, &err);
    nsearch_error why = NSEARCH_ERROR_INIT;
    bool noticed = engine->intact(s, &why) == NSEARCH_DAMAGED;
    if (!noticed) {
        must(status, &err);
        assert_int_equal(state, expected);
    } else
        assert_non_null(strstr(why.text, "seg-000001"));
    engine->close(s);
    err = (nsearch_error)NSEARCH_ERROR_INIT;
    assert_int_equal(engine->open(dir, &s, &err), NSEARCH_DAMAGED);
    test_folder_remove(dir);
    return noticed;
}

static void test_reading(void **unused)
{
    (void)unused;
    char *dir = make_index(), path[600];
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t expected = 0;
    long points = 0, noticed = 0;
    off_t size = segment_of(dir, path);
    must(native_state_of_dir(dir, &expected, &err), &err);
    test_folder_remove(dir);
    must(ns_guard_install(&err), &err);
    must(ns_guard_install(&err), &err);
    for (off_t length = 0; length < size; length += 2999, points++)
        noticed += read_shrunk(length, expected);
    assert_true(noticed > points * 3 / 4);
    assert_true(points_print("C2", "files that shrink under a reader", points, 20, 0));
}

/* A merge of what is no longer there is not committed. */
static void test_writing(void **unused)
{
    (void)unused;
    char *dir = make_index(), path[600];
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    segment_of(dir, path);
    must(ns_guard_install(&err), &err);
    must(engine->store_open(dir, NULL, &store, &err), &err);
    must(engine->store_remove(store, "article-3", &err), &err);
    assert_int_equal(truncate(path, 5000), 0);
    assert_int_equal(engine->store_merge(store, &err), NSEARCH_DAMAGED);
    engine->store_close(store);
    test_folder_remove(dir);
}

/* A bus error of someone else's still ends the process. */
static void test_foreign(void **unused)
{
    (void)unused;
    int result;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        int fd = memfd_create("foreign", 0);
        char *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
        signal(SIGBUS, SIG_DFL); /* no sanitizer's */
        if (ns_guard_install(&err) || map == MAP_FAILED)
            _exit(1);
        _exit(2 + *(volatile char *)map);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result) && WTERMSIG(result) == SIGBUS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foreign), /* first: before the guard is installed in this process */
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
