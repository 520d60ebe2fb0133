/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_manifest.c - the manifest and the calls below it: what is written is read, and what should not be there is refused by its
 * name. Each hostile text has a fitting sum.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/backend.h"
#include "index/manifest.h"
#include "src/base/buffer.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"
#include "tests/support/folder.h"

static char *dir;
static int dirfd_of_test;

static int set_up(void **unused)
{
    (void)unused;
    dir = test_folder_new();
    dirfd_of_test = open(dir, O_RDONLY | O_DIRECTORY);
    return dirfd_of_test < 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    close(dirfd_of_test);
    test_folder_remove(dir);
    return 0;
}

static void write_text(const void *text, size_t n)
{
    char path[600];
    snprintf(path, sizeof path, "%s/MANIFEST", dir);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

static nsearch_status read_text(const char *text, const char *word)
{
    ns_buffer b = NS_BUFFER_INIT;
    ns_manifest m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_manifest_init(&m);
    ns_buffer_add_string(&b, text);
    ns_buffer_printf(&b, "sum\t%08x\n", ns_crc32c(0, b.data, b.size));
    write_text(b.data, b.size);
    nsearch_status status = ns_manifest_read(dirfd_of_test, &m, &err);
    if (status && !strstr(err.text, word))
        fail_msg("'%s' should say '%s'", err.text, word);
    ns_manifest_release(&m);
    ns_buffer_release(&b);
    return status;
}

static void test_round_trip(void **unused)
{
    (void)unused;
    ns_manifest m, again;
    nsearch_error err = NSEARCH_ERROR_INIT;
    const ns_manifest_file file = {"seg-000007", "segment",  UINT64_MAX,
                                   123456789012, 0xdeadbeef, {1, 2, 3, UINT64_MAX}};
    ns_manifest_init(&m);
    strcpy(m.engine, "native");
    m.generation = UINT64_MAX - 1;
    m.counter = 8;
    assert_int_equal(ns_manifest_add(&m, &file, &err), NSEARCH_OK);
    assert_int_equal(ns_manifest_write(dirfd_of_test, &m, &err), NSEARCH_OK);
    assert_int_equal(ns_manifest_read(dirfd_of_test, &again, &err), NSEARCH_OK);
    assert_string_equal(again.engine, "native");
    assert_true(again.generation == m.generation && again.counter == 8);
    assert_int_equal(again.file_count, 1);
    assert_string_equal(again.files[0].name, file.name);
    assert_string_equal(again.files[0].role, file.role);
    assert_true(again.files[0].id == file.id && again.files[0].size == file.size &&
                again.files[0].sum == file.sum);
    assert_memory_equal(again.files[0].numbers, file.numbers, sizeof file.numbers);
    ns_manifest_release(&m);
    ns_manifest_release(&again);
}

#define TOP "nsearch-index\t2\nengine\tnative\ngeneration\t1\ncounter\t2\n"
#define REST "\tsegment\t1\t10\t0\t1\t1\t1\t1\t1\n"

static void test_refuses(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        nsearch_status status;
        const char *word;
    } cases[] = {
        {TOP, NSEARCH_OK, ""},
        {TOP "file\tseg-000001" REST, NSEARCH_OK, ""},
        {"nsearch-index\t3\nengine\tnative\n", NSEARCH_UNSUPPORTED, "newer"},
        {"nsearch-index\t1\nengine\tnative\n", NSEARCH_UNSUPPORTED, "anew"},
        {"nsearch-index\t0\nengine\tnative\n", NSEARCH_DAMAGED, "MANIFEST"},
        {"something else\n", NSEARCH_DAMAGED, "MANIFEST"},
        {"nsearch-index\t2\n", NSEARCH_DAMAGED, "engine"},
        {TOP "file\t../../etc/passwd" REST, NSEARCH_DAMAGED, "line"},
        {TOP "file\t.." REST, NSEARCH_DAMAGED, "line"},
        {TOP "file\tMANIFEST" REST, NSEARCH_DAMAGED, "line"},
        {TOP "file\tseg-000001" REST "file\tseg-000001" REST, NSEARCH_DAMAGED, "line"},
        {TOP "file\tseg-000001\tsegment\t1\t-10\t0\t1\t1\t1\t1\t1\n", NSEARCH_DAMAGED, "line"},
        {TOP "file\tseg-000001\tsegment\t1\t99999999999999999999\t0\t1\t1\t1\t1\t1\n", NSEARCH_DAMAGED, "line"},
        {TOP "file\tseg-000001\tsegment\t1\t10\t100000000\t1\t1\t1\t1\t1\n", NSEARCH_DAMAGED, "line"},
        {TOP "file\tseg-000001\tsegment\t1\t10\n", NSEARCH_DAMAGED, "line"},
        {TOP "unknown\t1\n", NSEARCH_DAMAGED, "line"},
        {TOP "\n", NSEARCH_DAMAGED, "line"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (read_text(cases[i].text, cases[i].word) != cases[i].status)
            fail_msg("wrong answer to:\n%s", cases[i].text);
}

/* Every cut, a NUL inside, far too long: found. */
static void test_cut_and_long(void **unused)
{
    (void)unused;
    ns_manifest m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_buffer b = NS_BUFFER_INIT;
    ns_buffer_add_string(&b, TOP);
    ns_buffer_printf(&b, "sum\t%08x\n", ns_crc32c(0, b.data, b.size));
    for (size_t n = 0; n < b.size; n++) {
        ns_error_clear(&err);
        write_text(b.data, n);
        assert_int_equal(ns_manifest_read(dirfd_of_test, &m, &err), NSEARCH_DAMAGED);
    }
    b.data[20] = 0;
    ns_error_clear(&err);
    write_text(b.data, b.size);
    assert_int_equal(ns_manifest_read(dirfd_of_test, &m, &err), NSEARCH_DAMAGED);
    ns_buffer_release(&b);
    char path[600];
    snprintf(path, sizeof path, "%s/MANIFEST", dir);
    assert_int_equal(truncate(path, 1 << 30), 0);
    ns_error_clear(&err);
    assert_int_equal(ns_manifest_read(dirfd_of_test, &m, &err), NSEARCH_DAMAGED);
    unlink(path);
    ns_error_clear(&err);
    assert_int_equal(ns_manifest_read(dirfd_of_test, &m, &err), NSEARCH_NOT_FOUND);
    snprintf(path, sizeof path, "%s/seg-000001", dir); /* of an index that was there */
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fclose(f);
    ns_error_clear(&err);
    assert_int_equal(ns_manifest_read(dirfd_of_test, &m, &err), NSEARCH_DAMAGED);
    assert_non_null(strstr(err.text, "cannot open 'MANIFEST'"));
    unlink(path);
}

static void test_engine_of(void **unused)
{
    (void)unused;
    const ns_backend *backend = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    assert_int_equal(read_text(TOP, ""), NSEARCH_OK);
    assert_int_equal(ns_backend_of(dir, &backend, &err), NSEARCH_OK);
    assert_ptr_equal(backend, &ns_native_backend);
    assert_ptr_equal(ns_backend_named("native"), &ns_native_backend);
    assert_null(ns_backend_named("other"));
    read_text("nsearch-index\t2\nengine\tother\ngeneration\t1\ncounter\t2\n", "");
    assert_int_equal(ns_backend_of(dir, &backend, &err), NSEARCH_UNSUPPORTED);
    assert_non_null(strstr(err.text, "other"));
}

/* A system that is interrupted at every third call, and takes or gives a few bytes at a time. */
static unsigned calls;

static bool interrupted(void)
{
    errno = EINTR;
    return ++calls % 3 == 0;
}

static ssize_t write_some(int fd, const void *bytes, size_t n)
{
    return interrupted() ? -1 : write(fd, bytes, n < 7 ? n : 7);
}

static ssize_t read_some(int fd, void *to, size_t n, off_t offset)
{
    return interrupted() ? -1 : pread(fd, to, n < 5 ? n : 5, offset);
}

static void test_in_pieces(void **unused)
{
    (void)unused;
    char path[600], bytes[300], back[301];
    ns_fs choppy = ns_fs_system;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    snprintf(path, sizeof path, "%s/pieces", dir);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0);
    choppy.write = write_some;
    choppy.pread = read_some;
    ns_fs_current = &choppy;
    bool written = ns_fs_write_all(fd, bytes, sizeof bytes);
    ssize_t whole = ns_fs_read_at(fd, back, sizeof bytes, 0), rest = ns_fs_read_at(fd, back, sizeof back, 100);
    ns_fs_current = &ns_fs_system;
    close(fd);
    unlink(path);
    assert_true(written);
    assert_int_equal(whole, sizeof bytes);
    assert_int_equal(rest, sizeof bytes - 100);
    assert_memory_equal(back, bytes + 100, sizeof bytes - 100);
    assert_memory_equal(back + 200, bytes + 200, 100); /* of the first reading */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_and_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_engine_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_in_pieces, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
