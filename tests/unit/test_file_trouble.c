/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_file_trouble.c - files that turn on the reader: a disk that gives up in the middle, a file that grows, shrinks or
 * goes while it is read. What the index had of it stays, and the file is read again in the next run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "src/base/buffer.h"
#include "src/nsearch.h"
#include "tests/unit/reading.h"

typedef enum trouble { NONE, DISK_ERROR, GROWS, SHRINKS, GOES } trouble;

static trouble wanted;
static unsigned met; /* reads of the file so far */
static ino_t inode;
static size_t ten_lines; /* of the file */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) /* files just written count as settled */
{
    int status = __real_clock_gettime(clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += 10;
    return status;
}

ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n);
ssize_t __wrap_read(int fd, void *to, size_t n)
{
    struct stat st;
    if (wanted == NONE || fstat(fd, &st) || st.st_ino != inode)
        return __real_read(fd, to, n);
    met++;
    if (met == 2) /* behind the first piece */
        switch (wanted) {
        case NONE:
            break;
        case DISK_ERROR:
            errno = EIO;
            return -1;
        case GROWS: {
            FILE *f = fopen(scratch_path("news/b.jsonl"), "ab");
            assert_non_null(f);
            fputs("{\"id\":\"late\",\"title\":\"Late\",\"text\":\"It came last.\"}\n", f);
            fclose(f);
            break;
        }
        case SHRINKS:
            assert_int_equal(truncate(scratch_path("news/b.jsonl"), (off_t)ten_lines), 0);
            break;
        case GOES:
            assert_int_equal(unlink(scratch_path("news/b.jsonl")), 0);
            break;
        }
    return __real_read(fd, to, n);
}

enum { ARTICLES = 4000 }; /* more than the reader takes at a time */

static void write_one(const char *name)
{
    char path[32], line[80];
    snprintf(path, sizeof path, "news/%s.jsonl", name);
    snprintf(line, sizeof line, "{\"id\":\"%s\",\"title\":\"One\",\"text\":\"A boat is %s.\"}\n", name, name);
    scratch_write(path, line, strlen(line));
}

static void make_folder(void)
{
    ns_buffer text = NS_BUFFER_INIT;
    struct stat st;
    scratch_make();
    mkdir(scratch_path("news"), 0777);
    write_one("a");
    for (unsigned i = 0; i < ARTICLES; i++) {
        ns_buffer_printf(&text, "{\"id\":\"b%u\",\"title\":\"Boat %u\",\"text\":\"The boat came home on Monday, %u days late.\"}\n",
                         i, i, i);
        if (i == 9)
            ten_lines = text.size;
    }
    scratch_write("news/b.jsonl", text.data, text.size);
    write_one("c");
    ns_buffer_release(&text);
    assert_int_equal(stat(scratch_path("news/b.jsonl"), &st), 0);
    inode = st.st_ino;
}

static nsearch_progress update(trouble how, int reread)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w;
    nsearch_progress progress;
    options.threads = 1;
    options.reread = reread;
    wanted = how;
    met = 0;
    assert_int_equal(nsearch_writer_open(scratch_path("index"), &options, &w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_add_path(w, scratch_path("news"), &err), NSEARCH_OK);
    wanted = NONE;
    assert_int_equal(nsearch_writer_remove_missing(w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
    nsearch_writer_progress(w, &progress);
    nsearch_writer_close(w);
    assert_true(how == NONE || met >= 2);
    return progress;
}

static void test_disk_error(void **unused)
{
    (void)unused;
    make_folder();
    assert_int_equal(update(NONE, 0).added, ARTICLES + 2);
    nsearch_progress p = update(DISK_ERROR, 1);
    assert_true(p.skipped >= 1 && p.skipped <= 2); /* the file, and perhaps the record that was cut */
    assert_int_equal(p.removed, 0); /* what the index had stays */
    assert_int_equal(p.updated, 0);
    assert_true(p.read > 2 && p.read < ARTICLES); /* the files behind it are read */
    p = update(NONE, 0);
    assert_int_equal(p.passed, 2); /* it is read again, the others are not */
    assert_int_equal(p.unchanged, ARTICLES + 2);
    assert_int_equal(update(NONE, 0).passed, 3);
    scratch_remove();
}

static void test_changes_while_read(void **unused)
{
    (void)unused;
    static const trouble ways[] = {GROWS, SHRINKS, GOES};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        make_folder();
        nsearch_progress p = update(ways[i], 0);
        assert_true(p.added > 2 && p.added <= ARTICLES + 3);
        bool gone = ways[i] == GOES;
        p = update(NONE, 0);
        assert_int_equal(p.passed, 2);
        assert_int_equal(p.read > 0, !gone);
        assert_true(ways[i] == GROWS ? !p.removed : p.removed > 0);
        update(NONE, 0); /* a file that holds less than it did is looked at once more */
        p = update(NONE, 0);
        assert_int_equal(p.passed, gone ? 2 : 3);
        assert_int_equal(p.removed, 0);
        scratch_remove();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_disk_error), cmocka_unit_test(test_changes_while_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
