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
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/fs.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

static const ns_backend *const engine = &ns_native_backend;

#define FILES_MAX 32

/* The index's files in memory; the table below serves them, one of them damaged. */
static struct {
    char name[32];
    uint8_t *bytes;
    size_t size, shown; /* shown: after a cut */
} files[FILES_MAX];
static int file_count;

static int memory_openat(int dirfd, const char *path, int flags, mode_t mode)
{
    for (int i = 0; i < file_count; i++)
        if (!strcmp(files[i].name, path))
            return 1000 + i;
    return ns_fs_system.openat(dirfd, path, flags, mode);
}

static ssize_t memory_pread(int fd, void *buffer, size_t n, off_t offset)
{
    if (fd < 1000)
        return ns_fs_system.pread(fd, buffer, n, offset);
    size_t left = (size_t)offset < files[fd - 1000].shown ? files[fd - 1000].shown - (size_t)offset : 0;
    n = n < left ? n : left;
    memcpy(buffer, files[fd - 1000].bytes + offset, n);
    return (ssize_t)n;
}

static int memory_close(int fd)
{
    return fd < 1000 ? ns_fs_system.close(fd) : 0;
}

static int64_t memory_size(int fd)
{
    return fd < 1000 ? ns_fs_system.size(fd) : (int64_t)files[fd - 1000].shown;
}

/* A copy of exactly the size, so that a reader past the end is caught by the sanitizer. */
static void *memory_map(int fd, size_t n)
{
    void *copy = malloc(n ? n : 1);
    if (n > files[fd - 1000].shown)
        return MAP_FAILED;
    memcpy(copy, files[fd - 1000].bytes, n);
    return copy;
}

static void memory_let_go(void *address, size_t n)
{
    (void)address;
    (void)n;
}

static int memory_unmap(void *address, size_t n)
{
    (void)n;
    free(address);
    return 0;
}

static void serve_from_memory(void)
{
    static ns_fs table;
    table = ns_fs_system;
    table.openat = memory_openat;
    table.pread = memory_pread;
    table.close = memory_close;
    table.size = memory_size;
    table.map = memory_map;
    table.unmap = memory_unmap;
    table.let_go = memory_let_go;
    ns_fs_current = &table;
}

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
    assert_true(file_count < FILES_MAX && strlen(name) < sizeof files->name);
    strcpy(files[file_count].name, name);
    files[file_count].bytes = malloc(1 << 20);
    files[file_count].size = files[file_count].shown = fread(files[file_count].bytes, 1, 1 << 20, f);
    fclose(f);
    file_count++;
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
        fail_msg("%s of '%s' at %zu gives another answer", what, files[file].name, at);
    if (status != NSEARCH_OK && status != NSEARCH_DAMAGED && status != NSEARCH_UNSUPPORTED)
        fail_msg("%s of '%s' at %zu gives status %d", what, files[file].name, at, (int)status);
    *(status ? &found : &harmless) += 1;
}

static char *dir_of_test;
static uint64_t state_of_test;

static int set_up(void **unused)
{
    (void)unused;
    nsearch_status status;
    file_count = 0;
    dir_of_test = make_index(1);
    load_files(dir_of_test);
    serve_from_memory();
    state_of_test = read_state(dir_of_test, &status);
    assert_int_equal(status, NSEARCH_OK);
    assert_int_equal(file_count, 5); /* manifest, two segments, removed, names */
    for (int i = 0; i < file_count; i++)
        if (strstr(files[i].name, "del-"))
            return 0;
    fail_msg("no file of removed passages");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    ns_fs_current = &ns_fs_system;
    for (int i = 0; i < file_count; i++)
        free(files[i].bytes);
    test_folder_remove(dir_of_test);
    return 0;
}

/* Bytes 'first', 'first' + 'step', ... of all files taken as one. */
static void damage_bytes(size_t first, size_t step)
{
    size_t all = 0;
    for (size_t f = 0; f < (size_t)file_count; f++)
        for (size_t at = 0; at < files[f].size; at++, all++) {
            const uint8_t good = files[f].bytes[at];
            const uint8_t patterns[] = {good ^ 1, good ^ 0x80, (uint8_t)~good, good ? 0 : 0xff};
            for (size_t k = 0; k < sizeof patterns && all % step == first; k++) {
                files[f].bytes[at] = patterns[k];
                judge(dir_of_test, state_of_test, "a changed byte", f, at);
            }
            files[f].bytes[at] = good;
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
    for (size_t f = 0; f < (size_t)file_count; f++) {
        for (size_t n = 0; n < files[f].size; n++) {
            files[f].shown = n;
            judge(dir_of_test, state_of_test, "a cut", f, n);
        }
        files[f].shown = files[f].size;
    }
    assert_int_equal(harmless, 0);
    assert_true(points_print("C2", "lengths to which a file is cut", (long)found, 65536, 0));
}

/* Any file in the place of any other, and each file of an index with other content. */
static void test_swapped(void **unused)
{
    (void)unused;
    found = harmless = 0;
    for (size_t a = 0; a < (size_t)file_count; a++)
        for (size_t b = 0; b < (size_t)file_count; b++) {
            uint8_t *bytes = files[a].bytes;
            size_t size = files[a].size;
            if (a == b)
                continue;
            files[a].bytes = files[b].bytes;
            files[a].shown = files[b].size;
            judge(dir_of_test, state_of_test, "an exchange", a, b);
            files[a].bytes = bytes;
            files[a].shown = size;
        }
    ns_fs_current = &ns_fs_system;
    char *other = make_index(5);
    int own = file_count;
    load_files(other);
    serve_from_memory();
    for (int i = 0; i < own; i++)
        for (int k = own; k < file_count; k++) {
            uint8_t *bytes = files[i].bytes;
            if (strcmp(files[i].name, files[k].name) != 0)
                continue;
            files[i].bytes = files[k].bytes;
            files[i].shown = files[k].size;
            judge(dir_of_test, state_of_test, "another index's file", (size_t)i, 0);
            files[i].bytes = bytes;
            files[i].shown = files[i].size;
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
    const int old = file_count;
    ns_fs_current = &ns_fs_system;
    must(engine->store_open(dir_of_test, NULL, &store, &err), &err);
    must(engine->store_names(store, "A Third", 7, &err), &err);
    commit_articles(store, 10, 14, 9);
    must(engine->store_merge(store, &err), &err);
    engine->store_close(store);
    load_files(dir_of_test); /* the later files, behind the earlier ones */
    memmove(files + FILES_MAX - old, files, (size_t)old * sizeof *files);
    memmove(files, files + old, (size_t)(file_count - old) * sizeof *files);
    file_count -= old;
    serve_from_memory();
    newer = read_state(dir_of_test, &status);
    assert_int_equal(status, NSEARCH_OK);
    assert_true(newer != state_of_test);
    found = harmless = 0;
    for (int i = FILES_MAX - old; i < FILES_MAX; i++)
        for (int k = 0; k < file_count; k++) {
            uint8_t *bytes = files[k].bytes;
            size_t size = files[k].size;
            bool same = !strcmp(files[i].name, files[k].name) && files[i].size == size &&
                        !memcmp(files[i].bytes, bytes, size);
            if (same || !strcmp(files[k].name, "MANIFEST"))
                continue;
            files[k].bytes = files[i].bytes;
            files[k].shown = files[i].size;
            judge(dir_of_test, newer, "an older file", (size_t)k, (size_t)i);
            files[k].bytes = bytes;
            files[k].shown = size;
        }
    /* The older manifest: the older state as a whole if its files are there, else nothing. */
    for (int k = 0; k < file_count; k++)
        if (!strcmp(files[k].name, "MANIFEST"))
            for (int i = FILES_MAX - old; i < FILES_MAX; i++)
                if (!strcmp(files[i].name, "MANIFEST")) {
                    uint8_t *bytes = files[k].bytes;
                    files[k].bytes = files[i].bytes;
                    files[k].shown = files[i].size;
                    uint64_t state = read_state(dir_of_test, &status);
                    assert_true(status == NSEARCH_OK ? state == state_of_test : status == NSEARCH_DAMAGED);
                    files[k].bytes = bytes;
                    files[k].shown = files[k].size;
                    found++;
                }
    assert_true(points_print("C2", "files of a generation before", (long)(found + harmless), 8, 0));
    for (int i = FILES_MAX - old; i < FILES_MAX; i++)
        free(files[i].bytes);
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
