/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_damage.c - every byte of every file of an index of 64 kB, changed in four ways, and every length to which a
 * file may be cut: the damage is found, or everything that can be read is as it was. Files of another generation or
 * with another's content are found too. Promises C1 and C2. The short form takes some of the bytes.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/fs.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/support/memory_files.h"
#include "tests/unit/native_state.h"

static const ns_backend *const engine = &ns_native_backend;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static void load_name(const char *name, void *user)
{
    char path[600];
    if (!strcmp(name, "LOCK"))
        return;
    snprintf(path, sizeof path, "%s/%s", (const char *)user, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_true(memory_file_count < MEMORY_FILES_MAX && strlen(name) < sizeof memory_files->name);
    strcpy(memory_files[memory_file_count].name, name);
    memory_files[memory_file_count].bytes = malloc(1 << 20);
    memory_files[memory_file_count].size = memory_files[memory_file_count].shown = fread(memory_files[memory_file_count].bytes, 1, 1 << 20, f);
    fclose(f);
    memory_file_count++;
}

static void load_files(char *dir)
{
    int fd = ns_fs_system.openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    assert_int_equal(ns_fs_system.list(fd, load_name, dir), 0);
    ns_fs_system.close(fd);
}

static void commit_articles(ns_store *store, uint32_t from, uint32_t to, uint32_t version)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    for (uint32_t i = from; i < to; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, version, 12, &article);
        must(engine->store_add(store, &article, &err), &err);
    }
    must(engine->store_commit(store, &err), &err);
    ns_arena_release(&arena);
}

/* Two segments, one with a removed article, and names. */
static char *make_index(uint32_t version)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    must(engine->store_open(dir, NULL, &store, &err), &err);
    must(engine->store_names(store, version == 1 ? "Some Name" : "One Other", 9, &err), &err);
    commit_articles(store, 0, 210, version);
    commit_articles(store, 208, 240, version + 1);
    engine->store_close(store);
    return dir;
}

static uint64_t read_state(const char *dir, nsearch_status *status)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t state = 0, names = 0;
    ns_snapshot *s;
    const char *text;
    size_t n;
    if ((*status = engine->open(dir, &s, &err)))
        return 0;
    *status = native_state_of_index(s, &state, &err);
    if (!*status)
        *status = engine->names(s, &text, &n, &err);
    if (!*status)
        names = ns_hash64(text, n, 1);
    engine->close(s);
    return state + names;
}

static uint64_t found, harmless;

static void judge(const char *dir, uint64_t expected, const char *what, size_t file, size_t at)
{
    nsearch_status status;
    uint64_t state = read_state(dir, &status);
    if (status == NSEARCH_OK && state != expected)
        fail_msg("%s of '%s' at %zu gives another answer", what, memory_files[file].name, at);
    if (status != NSEARCH_OK && status != NSEARCH_DAMAGED && status != NSEARCH_UNSUPPORTED)
        fail_msg("%s of '%s' at %zu gives status %d", what, memory_files[file].name, at, (int)status);
    *(status ? &found : &harmless) += 1;
}

static char *dir_of_test;
static uint64_t state_of_test;

static int set_up(void **unused)
{
    (void)unused;
    nsearch_status status;
    memory_file_count = 0;
    dir_of_test = make_index(1);
    load_files(dir_of_test);
    memory_files_serve();
    state_of_test = read_state(dir_of_test, &status);
    assert_int_equal(status, NSEARCH_OK);
    assert_int_equal(memory_file_count, 5); /* manifest, two segments, removed, names */
    for (int i = 0; i < memory_file_count; i++)
        if (strstr(memory_files[i].name, "del-"))
            return 0;
    fail_msg("no file of removed passages");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    ns_fs_current = &ns_fs_system;
    for (int i = 0; i < memory_file_count; i++)
        free(memory_files[i].bytes);
    test_folder_remove(dir_of_test);
    return 0;
}

/* Bytes 'first', 'first' + 'step', ... of all files taken as one. */
static void damage_bytes(size_t first, size_t step)
{
    size_t all = 0;
    for (size_t f = 0; f < (size_t)memory_file_count; f++)
        for (size_t at = 0; at < memory_files[f].size; at++, all++) {
            const uint8_t good = memory_files[f].bytes[at];
            const uint8_t patterns[] = {good ^ 1, good ^ 0x80, (uint8_t)~good, good ? 0 : 0xff};
            for (size_t k = 0; k < sizeof patterns && all % step == first; k++) {
                memory_files[f].bytes[at] = patterns[k];
                judge(dir_of_test, state_of_test, "a changed byte", f, at);
            }
            memory_files[f].bytes[at] = good;
        }
}

/* In the long form two processes share the work; what one finds ends it, and with it the test. */
static void test_every_byte(void **unused)
{
    (void)unused;
    const size_t step = points_long() ? 2 : 65536 * 4 / (size_t)points_wanted(8192, 8192);
    test_random r = {points_seed()};
    size_t first = test_random_below(&r, (uint32_t)step);
    found = harmless = 0;
    pid_t child = points_long() ? fork() : -1;
    if (child == 0) {
        damage_bytes(1 - first, step);
        _exit(0);
    }
    damage_bytes(first, step);
    long cases = (long)(found + harmless);
    if (child > 0) {
        int result;
        assert_int_equal(waitpid(child, &result, 0), child);
        assert_int_equal(result, 0);
        cases *= 2;
    }
    print_message("%llu changes found, %llu harmless\n", (unsigned long long)found, (unsigned long long)harmless);
    assert_true(found > 20 * harmless);
    assert_true(points_print("C1", "damaged bytes", cases, points_wanted(8192, 262144), 0));
}

static void test_every_length(void **unused)
{
    (void)unused;
    found = harmless = 0;
    for (size_t f = 0; f < (size_t)memory_file_count; f++) {
        for (size_t n = 0; n < memory_files[f].size; n++) {
            memory_files[f].shown = n;
            judge(dir_of_test, state_of_test, "a cut", f, n);
        }
        memory_files[f].shown = memory_files[f].size;
    }
    assert_int_equal(harmless, 0);
    assert_true(points_print("C2", "lengths to which a file is cut", (long)found, 65536, 0));
}

/* Any file in the place of any other, and each file of an index with other content. */
static void test_swapped(void **unused)
{
    (void)unused;
    found = harmless = 0;
    for (size_t a = 0; a < (size_t)memory_file_count; a++)
        for (size_t b = 0; b < (size_t)memory_file_count; b++) {
            uint8_t *bytes = memory_files[a].bytes;
            size_t size = memory_files[a].size;
            if (a == b)
                continue;
            memory_files[a].bytes = memory_files[b].bytes;
            memory_files[a].shown = memory_files[b].size;
            judge(dir_of_test, state_of_test, "an exchange", a, b);
            memory_files[a].bytes = bytes;
            memory_files[a].shown = size;
        }
    ns_fs_current = &ns_fs_system;
    char *other = make_index(5);
    int own = memory_file_count;
    load_files(other);
    memory_files_serve();
    for (int i = 0; i < own; i++)
        for (int k = own; k < memory_file_count; k++) {
            uint8_t *bytes = memory_files[i].bytes;
            if (strcmp(memory_files[i].name, memory_files[k].name) != 0)
                continue;
            memory_files[i].bytes = memory_files[k].bytes;
            memory_files[i].shown = memory_files[k].size;
            judge(dir_of_test, state_of_test, "another index's file", (size_t)i, 0);
            memory_files[i].bytes = bytes;
            memory_files[i].shown = memory_files[i].size;
        }
    test_folder_remove(other);
    assert_int_equal(harmless, 0);
    assert_true(points_print("C2", "files in each other's place, and another index's", (long)found, 5 * 4 + 5, 0));
}

/* One file of the index before its last commits, among the files after them. */
static void test_previous_generation(void **unused)
{
    (void)unused;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    nsearch_status status;
    uint64_t newer;
    const int old = memory_file_count;
    ns_fs_current = &ns_fs_system;
    must(engine->store_open(dir_of_test, NULL, &store, &err), &err);
    must(engine->store_names(store, "A Third", 7, &err), &err);
    commit_articles(store, 10, 14, 9);
    must(engine->store_merge(store, &err), &err);
    engine->store_close(store);
    load_files(dir_of_test); /* the later files, behind the earlier ones */
    memmove(memory_files + MEMORY_FILES_MAX - old, memory_files, (size_t)old * sizeof *memory_files);
    memmove(memory_files, memory_files + old, (size_t)(memory_file_count - old) * sizeof *memory_files);
    memory_file_count -= old;
    memory_files_serve();
    newer = read_state(dir_of_test, &status);
    assert_int_equal(status, NSEARCH_OK);
    assert_true(newer != state_of_test);
    found = harmless = 0;
    for (int i = MEMORY_FILES_MAX - old; i < MEMORY_FILES_MAX; i++)
        for (int k = 0; k < memory_file_count; k++) {
            uint8_t *bytes = memory_files[k].bytes;
            size_t size = memory_files[k].size;
            bool same = !strcmp(memory_files[i].name, memory_files[k].name) && memory_files[i].size == size &&
                        !memcmp(memory_files[i].bytes, bytes, size);
            if (same || !strcmp(memory_files[k].name, "MANIFEST"))
                continue;
            memory_files[k].bytes = memory_files[i].bytes;
            memory_files[k].shown = memory_files[i].size;
            judge(dir_of_test, newer, "an older file", (size_t)k, (size_t)i);
            memory_files[k].bytes = bytes;
            memory_files[k].shown = size;
        }
    /* The older manifest: the older state as a whole if its files are there, else nothing. */
    for (int k = 0; k < memory_file_count; k++)
        if (!strcmp(memory_files[k].name, "MANIFEST"))
            for (int i = MEMORY_FILES_MAX - old; i < MEMORY_FILES_MAX; i++)
                if (!strcmp(memory_files[i].name, "MANIFEST")) {
                    uint8_t *bytes = memory_files[k].bytes;
                    memory_files[k].bytes = memory_files[i].bytes;
                    memory_files[k].shown = memory_files[i].size;
                    uint64_t state = read_state(dir_of_test, &status);
                    assert_true(status == NSEARCH_OK ? state == state_of_test : status == NSEARCH_DAMAGED);
                    memory_files[k].bytes = bytes;
                    memory_files[k].shown = memory_files[k].size;
                    found++;
                }
    assert_true(points_print("C2", "files of a generation before", (long)(found + harmless), 8, 0));
    for (int i = MEMORY_FILES_MAX - old; i < MEMORY_FILES_MAX; i++)
        free(memory_files[i].bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_swapped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_previous_generation, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
