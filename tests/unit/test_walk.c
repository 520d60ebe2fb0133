/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_walk.c - a walk stays below its root and never waits, whatever stands there or takes a place between being
 * looked at and being opened: openat is wrapped, so that a test can act in between. Promise H4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "corpus/walk.h"
#include "tests/faults/points.h"
#include "tests/unit/reading.h"

static void (*between)(const char *name);
static long points; /* things that stood in the way, or took a place */

int __real_openat(int at, const char *name, int flags, ...);
int __wrap_openat(int at, const char *name, int flags, ...);
int __wrap_openat(int at, const char *name, int flags, ...)
{
    if (between)
        between(name);
    return __real_openat(at, name, flags, 0600);
}

static void make_folder(void)
{
    scratch_make();
    mkdir(scratch_path("in"), 0777);
    mkdir(scratch_path("out"), 0777);
    scratch_write("out/secret.txt", "secret", 6);
}

/* How many files, how many skipped; no file holds "secret". */
static void walk_all(size_t *files, size_t *skipped)
{
    ns_walk *walk;
    nsearch_error err = NSEARCH_ERROR_INIT;
    int fd = open(scratch_path("in"), O_RDONLY | O_DIRECTORY);
    *files = *skipped = 0;
    assert_true(fd >= 0);
    assert_int_equal(ns_walk_open(fd, &walk, &err), NSEARCH_OK);
    for (;;) {
        char text[7] = "";
        nsearch_error why = NSEARCH_ERROR_INIT;
        ns_walk_answer answer = ns_walk_next(walk, &fd, &why);
        if (answer == NS_WALK_END)
            break;
        if (answer == NS_WALK_SKIPPED) {
            assert_true(why.status && why.text[0]);
            ++*skipped;
            continue;
        }
        ++*files;
        assert_true(read(fd, text, 6) >= 0);
        assert_string_not_equal(text, "secret");
        close(fd);
    }
    ns_walk_close(walk);
}

static void expect(size_t files, size_t skipped)
{
    size_t found, passed;
    walk_all(&found, &passed);
    assert_int_equal(found, files);
    assert_int_equal(passed, skipped);
    points++;
}

/* ---- what takes a place */

static void swap_folder(const char *name)
{
    if (strcmp(name, "d"))
        return;
    between = NULL;
    assert_int_equal(rename(scratch_path("in/d"), scratch_path("moved")), 0);
    assert_int_equal(symlink("../out", scratch_path("in/d")), 0);
}

static void swap_file(const char *name)
{
    if (strcmp(name, "f.txt"))
        return;
    between = NULL;
    unlink(scratch_path("in/f.txt"));
    assert_int_equal(symlink("../out/secret.txt", scratch_path("in/f.txt")), 0);
}

static void swap_pipe(const char *name)
{
    if (strcmp(name, "f.txt"))
        return;
    between = NULL;
    unlink(scratch_path("in/f.txt"));
    assert_int_equal(mkfifo(scratch_path("in/f.txt"), 0600), 0);
}

static void take_away(const char *name)
{
    if (strcmp(name, "f.txt"))
        return;
    between = NULL;
    unlink(scratch_path("in/f.txt"));
}

static void test_swapped(void **unused)
{
    (void)unused;
    make_folder();
    mkdir(scratch_path("in/d"), 0777);
    scratch_write("in/d/g.txt", "inside", 6);
    scratch_write("in/e.txt", "inside", 6);
    expect(2, 0);
    between = swap_folder;
    expect(1, 1);
    assert_null(between); /* it came to that */
    expect(1, 0);         /* a link is not even asked after */
    void (*const swaps[])(const char *) = {swap_file, swap_pipe, take_away};
    const size_t skipped[] = {1, 0, 1};
    for (size_t i = 0; i < 3; i++) {
        unlink(scratch_path("in/f.txt"));
        scratch_write("in/f.txt", "inside", 6);
        between = swaps[i];
        expect(1, skipped[i]);
        assert_null(between);
    }
    scratch_remove();
}

/* ---- what is no file */

static void test_odd_entries(void **unused)
{
    (void)unused;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    make_folder();
    scratch_write("in/a.txt", "inside", 6);
    assert_int_equal(symlink("a.txt", scratch_path("in/b.txt")), 0);
    assert_int_equal(symlink("../out", scratch_path("in/c")), 0);
    assert_int_equal(symlink(".", scratch_path("in/d")), 0);
    assert_int_equal(symlink("/dev/zero", scratch_path("in/e.txt")), 0);
    assert_int_equal(symlink("nowhere", scratch_path("in/f.txt")), 0);
    assert_int_equal(mkfifo(scratch_path("in/g.txt"), 0600), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", scratch_path("in/h.txt"));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    if (mknod(scratch_path("in/i.txt"), S_IFCHR | 0600, 1 << 8 | 5)) /* /dev/zero; only root may */
        print_message("no device was made: %s\n", strerror(errno));
    expect(1, 0);
    points += 7; /* each of these names */
    close(fd);

    /* an index, in the folder and linked into it */
    mkdir(scratch_path("in/index"), 0777);
    scratch_write("in/index/MANIFEST", "secret", 6);
    scratch_write("in/index/LOCK", "secret", 6);
    assert_int_equal(symlink("index", scratch_path("in/index.txt")), 0);
    expect(1, 0);
    scratch_remove();
}

static void test_hard_links(void **unused)
{
    (void)unused;
    make_folder();
    scratch_write("in/a.txt", "inside", 6);
    char from[512], to[600];
    snprintf(from, sizeof from, "%s", scratch_path("in/a.txt"));
    for (int i = 0; i < 10000; i++) {
        snprintf(to, sizeof to, "%s%d", from, i);
        if (link(from, to)) {
            print_message("a file has at most %d names here: %s\n", i, strerror(errno));
            scratch_remove();
            skip();
        }
    }
    expect(10001, 0);
    scratch_remove();
}

/* ---- names */

static void test_names(void **unused)
{
    (void)unused;
    static const char *const names[] = {"-rf", "a\nb.txt", "c\033[31m.txt", "d\xff\xfe.txt", "e\xe2\x80\xae.txt", "f%41.txt"};
    static const char *const shown[] = {"in/-rf",         "in/a%0Ab.txt",         "in/c%1B[31m.txt",
                                        "in/d%FF%FE.txt", "in/e%E2%80%AE.txt", "in/f%41.txt"};
    enum { NAMES = sizeof names / sizeof *names };
    reading r;
    make_folder();
    for (size_t i = 0; i < NAMES; i++) {
        char name[64];
        snprintf(name, sizeof name, "in/%s", names[i]);
        scratch_write(name, "Walrus\n\nIt was seen.\n", 21);
    }
    reading_open_path(&r, scratch_path("in"));
    for (size_t i = 0; i < NAMES; i++) {
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.id, shown[i]);
        points++;
        assert_non_null(strstr(ns_reader_where(r.reader), shown[i]));
        assert_true(i == 3 ? !*r.article.origin : strstr(r.article.origin, names[i]) != NULL);
    }
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    scratch_remove();
}

static void test_deep(void **unused)
{
    (void)unused;
    enum { DEPTH = 5000 };
    make_folder();
    int at = open(scratch_path("in"), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < DEPTH; i++) {
        assert_int_equal(mkdirat(at, "d", 0777), 0);
        int fd = __real_openat(at, "a.txt", O_WRONLY | O_CREAT, 0600);
        assert_true(fd >= 0);
        close(fd);
        fd = __real_openat(at, "d", O_RDONLY | O_DIRECTORY);
        close(at);
        at = fd;
    }
    close(at);
    expect(NS_WALK_DEPTH, 1);
    char command[600]; /* nftw has no room for such paths */
    snprintf(command, sizeof command, "rm -r '%s'", scratch_path("in"));
    assert_int_equal(system(command), 0);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swapped), cmocka_unit_test(test_odd_entries), cmocka_unit_test(test_hard_links),
        cmocka_unit_test(test_names),   cmocka_unit_test(test_deep),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return points_print("H4", "links, pipes, devices, names, and what takes a place", points, 20, failed) ? 0 : 1;
}
