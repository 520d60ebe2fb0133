/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_reader.c - files, folders, gzip and charsets: what is opened, what is skipped and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "src/base/buffer.h"
#include "tests/support/instrumented.h"
#include "tests/unit/reading.h"

static const char story[] = "Harbour reopens after the storm\n\n"
                            "The harbour reopened on Monday, the council said, after a week of repairs to the wall.\n";

static int make(void **state)
{
    (void)state;
    scratch_make();
    return 0;
}

static int clean(void **state)
{
    (void)state;
    scratch_remove();
    return 0;
}

static void gzip_member(ns_buffer *to, const void *bytes, size_t n)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, n) + 64;
    assert_true(ns_buffer_reserve(to, room));
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = to->data + to->size;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    to->size += room - z.avail_out;
    deflateEnd(&z);
}

static void test_folder_in_byte_order(void **state)
{
    (void)state;
    reading r;
    char names[256] = "";
    assert_int_equal(mkdir(scratch_path("b"), 0700), 0);
    scratch_write("b/2.txt", story, strlen(story));
    scratch_write("b/10.txt", story, strlen(story));
    scratch_write("a.txt", story, strlen(story));
    scratch_write("Z.txt", story, strlen(story));
    scratch_write(".hidden.txt", story, strlen(story));
    assert_int_equal(mkdir(scratch_path("index"), 0700), 0);
    scratch_write("index/MANIFEST", story, strlen(story));
    scratch_write("index/LOCK", "", 0);
    reading_open_path(&r, scratch_path(""));
    while (reading_next(&r) == NS_READ_ARTICLE) {
        strcat(names, strrchr(r.article.id, '/'));
        assert_string_equal(r.article.title, "Harbour reopens after the storm");
        assert_int_equal(r.article.origin[0], '/');
    }
    assert_string_equal(names, "/Z.txt/a.txt/10.txt/2.txt");
    assert_int_equal(reading_next(&r), NS_READ_END);
    assert_int_equal(ns_reader_bytes(r.reader), 4 * strlen(story));
    reading_close(&r);
}

static void test_stays_inside_and_opens_files_only(void **state)
{
    (void)state;
    reading r;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    assert_int_equal(mkdir(scratch_path("in"), 0700), 0);
    scratch_write("outside.txt", story, strlen(story));
    scratch_write("in/one.txt", story, strlen(story));
    assert_int_equal(symlink("../outside.txt", scratch_path("in/link.txt")), 0);
    assert_int_equal(symlink("..", scratch_path("in/loop")), 0);
    assert_int_equal(symlink("/dev/zero", scratch_path("in/zero")), 0);
    assert_int_equal(mkfifo(scratch_path("in/pipe.txt"), 0600), 0);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", scratch_path("in/socket"));
    assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    reading_open_path(&r, scratch_path("in"));
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.id, "in/one.txt");
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    close(s);
    /* named by the user, a pipe is skipped with a reason and nothing waits for its writer */
    reading_open_path(&r, scratch_path("in/pipe.txt"));
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_non_null(strstr(r.err.text, "neither a file nor a folder"));
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
}

static void test_deep_folders_are_bounded(void **state)
{
    (void)state;
    reading r;
    char path[4096];
    size_t skipped = 0;
    scratch_write("top.txt", story, strlen(story));
    strcpy(path, scratch_path("d"));
    for (int i = 0; i < 150; i++) {
        assert_int_equal(mkdir(path, 0700), 0);
        strcat(path, "/d");
    }
    reading_open_path(&r, scratch_path(""));
    for (ns_read read; (read = reading_next(&r)) != NS_READ_END;)
        skipped += read == NS_READ_SKIPPED && strstr(r.err.text, "folders deep") != NULL;
    assert_int_equal(skipped, 1);
    reading_close(&r);
}

static void test_missing_path(void **state)
{
    (void)state;
    ns_reader *reader = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    assert_int_equal(ns_reader_open(scratch_path("none"), &reader, &err), NSEARCH_NOT_FOUND);
    assert_null(reader);
    assert_non_null(strstr(err.text, "none"));
}

static void test_unreadable_goes_on(void **state)
{
    (void)state;
    reading r;
    static const char nuls[4096];
    size_t articles = 0, skipped = 0;
    scratch_write("1.txt", story, strlen(story));
    scratch_write("2-empty.txt", "", 0);
    scratch_write("3-bom.txt", "\xef\xbb\xbf", 3);
    scratch_write("4-nuls.txt", nuls, sizeof nuls);
    scratch_write("5.pdf", "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", 24);
    scratch_write("6-blank.txt", " \n\t\n \n", 6);
    scratch_write("7-denied.txt", story, strlen(story));
    assert_int_equal(chmod(scratch_path("7-denied.txt"), 0), 0);
    scratch_write("8.txt", story, strlen(story));
    reading_open_path(&r, scratch_path(""));
    for (ns_read read; (read = reading_next(&r)) != NS_READ_END;) {
        assert_int_not_equal(read, NS_READ_FAILED);
        articles += read == NS_READ_ARTICLE;
        if (read == NS_READ_SKIPPED) {
            skipped++;
            assert_true(r.err.text[0]);
        }
    }
    bool root = geteuid() == 0; /* to whom nothing is denied */
    assert_int_equal(articles, root ? 3 : 2);
    assert_int_equal(skipped, root ? 5 : 6);
    reading_close(&r);
}

static void test_gzip_members(void **state)
{
    (void)state;
    reading r;
    ns_buffer gz = NS_BUFFER_INIT;
    static const char a[] = "{\"id\": \"1\", \"title\": \"One\"}\n", b[] = "{\"id\": \"2\", \"title\": \"Two\"}\n";
    gzip_member(&gz, a, strlen(a));
    gzip_member(&gz, "", 0);
    gzip_member(&gz, b, strlen(b));
    scratch_write("rows.jsonl.gz", gz.data, gz.size);
    reading_open_path(&r, scratch_path("rows.jsonl.gz"));
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.id, "1");
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.id, "2");
    assert_int_equal(reading_next(&r), NS_READ_END);
    assert_int_equal(ns_reader_bytes(r.reader), strlen(a) + strlen(b));
    reading_close(&r);
    ns_buffer_release(&gz);
}

/* Whatever the place of the cut or of the wrong byte: no crash, and never a silent end. */
static void test_gzip_broken(void **state)
{
    (void)state;
    ns_buffer gz = NS_BUFFER_INIT, text = NS_BUFFER_INIT;
    size_t said = 0, cuts = 0;
    for (int i = 0; i < 300; i++)
        ns_buffer_printf(&text, "{\"id\": \"%d\", \"title\": \"Row %d of the %x\"}\n", i, i * 7919, i * 104729);
    gzip_member(&gz, text.data, text.size);
    for (size_t cut = 20; cut < gz.size; cut += 13, cuts++) {
        reading r;
        size_t rows = 0;
        ns_read read;
        reading_open(&r, "rows.jsonl.gz", gz.data, cut);
        while ((read = reading_next(&r)) == NS_READ_ARTICLE)
            rows++;
        /* the row in the making is reported as bad JSON, then the cut itself */
        while (read == NS_READ_SKIPPED)
            read = reading_next(&r);
        assert_int_equal(read, NS_READ_FAILED);
        assert_non_null(strstr(r.err.text, "cut short"));
        assert_true(rows <= 300);
        said++;
        assert_int_equal(reading_next(&r), NS_READ_END);
        reading_close(&r);
    }
    assert_true(cuts > 100);
    assert_int_equal(said, cuts);
    gz.data[gz.size - 6] ^= 1; /* the sum */
    reading r;
    ns_read read;
    size_t rows = 0;
    reading_open(&r, "rows.jsonl.gz", gz.data, gz.size);
    while ((read = reading_next(&r)) == NS_READ_ARTICLE)
        rows++;
    assert_int_equal(read, NS_READ_FAILED);
    assert_int_equal(rows, 300);
    reading_close(&r);
    ns_buffer_release(&gz);
    ns_buffer_release(&text);
}

/* A gigabyte of one byte in a megabyte: given up early, in the memory of one article. */
static void test_gzip_bomb(void **state)
{
    (void)state;
    static const char *const names[] = { "bomb.txt.gz", "bomb.jsonl.gz", "bomb.html.gz" };
    ns_buffer gz = NS_BUFFER_INIT, chunk = NS_BUFFER_INIT;
    ns_buffer_reserve(&chunk, 1 << 24);
    memset(chunk.data, ' ', 1 << 24);
    gzip_member(&gz, chunk.data, 1 << 24);
    size_t member = gz.size;
    for (int i = 1; i < 64; i++) {
        ns_buffer_reserve(&gz, member);
        ns_buffer_add(&gz, gz.data, member);
    }
    for (size_t i = 0; i < 3; i++) {
        reading r;
        reading_open(&r, names[i], gz.data, gz.size);
        for (ns_read read; (read = reading_next(&r)) != NS_READ_END;)
            assert_int_not_equal(read, NS_READ_ARTICLE);
        assert_true(ns_reader_bytes(r.reader) < 200u << 20);
        reading_close(&r);
    }
    ns_buffer_release(&gz);
    ns_buffer_release(&chunk);
}

static void expect_text(const void *bytes, size_t n, const char *words)
{
    reading r;
    reading_open(&r, "a.txt", bytes, n);
    if (reading_next(&r) != NS_READ_ARTICLE)
        fail_msg("'%s' not read: %s", words, r.err.text);
    if (!reading_paragraph(&r, words))
        fail_msg("'%s' is not in '%s'", words,
                 r.article.paragraph_count ? r.article.paragraphs[0].text : "(no paragraph)");
    reading_close(&r);
}

static void test_charsets(void **state)
{
    (void)state;
    static const char utf16[] = "\xff\xfe"
                                "C\0a\0f\0\xe9\0 \0o\0p\0e\0n\0s\0.\0";
    static const char big[] = "\xfe\xff\0C\0a\0f\0\xe9\0 \0o\0p\0e\0n\0s\0.";
    expect_text(utf16, sizeof utf16 - 1, "Caf\xc3\xa9 opens.");
    expect_text(big, sizeof big - 1, "Caf\xc3\xa9 opens.");
    expect_text(utf16 + 2, sizeof utf16 - 3, "Caf\xc3\xa9 opens."); /* no mark */
    expect_text("\xef\xbb\xbf" "Caf\xc3\xa9 opens.", 15, "Caf\xc3\xa9 opens.");
    expect_text("The caf\xe9 \x93opens\x94 today.", 24, "The caf\xc3\xa9 \xe2\x80\x9copens\xe2\x80\x9d today.");
    /* one accent is too little to guess from, a sentence is not */
    expect_text("El Ni\xf1o is back.", 16, "El Ni\xc3\xb1o is back.");
    expect_text("A fianc\xe9 said no.", 17, "A fianc\xc3\xa9 said no.");
    expect_text("\xed\xcf\xd3\xcb\xd7\xc1 \xd6\xc4\xa3\xd4.", 12,
                "\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0 \xd0\xb6\xd0\xb4\xd1\x91\xd1\x82.");
    /* broken UTF-8 stays UTF-8: overlong, a surrogate, cut at the end */
    expect_text("A \xc0\xaf b \xed\xa0\x80 c.", 13, "A \xef\xbf\xbd");
    expect_text("It ended caf\xc3", 13, "caf\xef\xbf\xbd");
    /* nothing that moves a cursor */
    expect_text("red \x1b[31m and \x07 bell \xc2\x9b and \xe2\x80\xae over.", 37, "red [31m and bell and over.");
}

enum { MUCH = INSTRUMENTED ? 400000 : 1600000 }; /* bytes; some shapes take seconds for more */

static void test_time_is_linear(void **state)
{
    (void)state;
    struct {
        const char *name, *unit;
    } shapes[] = { { "a.txt", "\n" },          { "a.txt", "x" },         { "a.txt", "Related\n" }, { "a.txt", "a{\n" },
                   { "a.txt", "By Ann\n" },    { "a.txt", "1 May " },    { "a.txt", "news" },      { "a.txt", "- \xe2\x80\x93" },
                   { "a.jsonl", "{\n" },       { "a.jsonl", "[" },       { "a.html", "<div>" },    { "a.html", "<b i>" },
                   { "a.html", "<ul><li>" },   { "a.html", "<!-" },      { "a.html", "<!--" },     { "a.html", "<a b=\"" },
                   { "a.html", "<script>" },   { "a.html", "&#0;" },     { "a.html", "<x>" },      { "a.html", "</p>" },
                   { "a.html", "<table><td>" }, { "a.html", "<p>a" },    { "a.html", "<br>" } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        double seconds[2];
        for (int size = 0; size < 2; size++) {
            ns_buffer bytes = NS_BUFFER_INIT;
            if (!strcmp(shapes[i].name, "a.html"))
                ns_buffer_add_string(&bytes, "<html><body>");
            while (bytes.size < (size_t)(size ? MUCH : MUCH / 4))
                ns_buffer_add_string(&bytes, shapes[i].unit);
            clock_t begin = clock();
            reading r;
            reading_open(&r, shapes[i].name, bytes.data, bytes.size);
            while (reading_next(&r) != NS_READ_END)
                ;
            reading_close(&r);
            seconds[size] = (double)(clock() - begin) / CLOCKS_PER_SEC;
            ns_buffer_release(&bytes);
        }
        if (seconds[1] > 0.4 && seconds[1] > 8 * seconds[0])
            fail_msg("'%s' in %s: %.2f s for %d bytes, %.2f s for %d", shapes[i].unit, shapes[i].name, seconds[0],
                     MUCH / 4, seconds[1], MUCH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folder_in_byte_order, make, clean),
        cmocka_unit_test_setup_teardown(test_stays_inside_and_opens_files_only, make, clean),
        cmocka_unit_test_setup_teardown(test_deep_folders_are_bounded, make, clean),
        cmocka_unit_test_setup_teardown(test_missing_path, make, clean),
        cmocka_unit_test_setup_teardown(test_unreadable_goes_on, make, clean),
        cmocka_unit_test_setup_teardown(test_gzip_members, make, clean),
        cmocka_unit_test(test_gzip_broken),
        cmocka_unit_test(test_gzip_bomb),
        cmocka_unit_test(test_charsets),
        cmocka_unit_test(test_time_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
