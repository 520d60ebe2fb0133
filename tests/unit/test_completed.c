/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_completed.c - a feed's partial entry gives way to the page of its address, whichever comes first and in
 * whichever run; and comes back when the page is gone. With every engine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/nsearch.h"
#include "src/text/address.h"
#include "tests/unit/reading.h"

static const char *engine;

static const char feed[] =
    "<rss><channel><title>Ledger</title>"
    "<item><title>Walrus seen</title><guid>tag:1</guid><link>http://www.Ledger.example/2023/walrus?utm_source=rss</link>"
    "<description>The walrus was seen again.</description></item>"
    "<item><title>Walrus elsewhere</title><guid>tag:2</guid><link>http://ledger.example/2023/other</link>"
    "<description>Another walrus was seen.</description></item>"
    "<item><title>Walrus at home</title><guid>tag:3</guid><link>http://ledger.example/</link>"
    "<description>A walrus.</description></item>"
    "<item><title>Walrus in full</title><guid>tag:4</guid><link>http://ledger.example/2023/walrus</link>"
    "<encoded>A walrus in full.</encoded></item></channel></rss>";

static const char page[] =
    "<html><head><title>Walrus seen again</title><link rel=canonical href='https://ledger.example/2023/walrus/#top'></head>"
    "<body><h1>Walrus seen again</h1><p>The walrus was seen again on Monday, the harbour master said, near the pier.</p>"
    "<p>It is the second time this year that a walrus has come so far south, and nobody knows why it did.</p></body></html>";
static const char front[] =
    "<html><head><title>Ledger</title><link rel=canonical href='https://ledger.example/'></head>"
    "<body><h1>Ledger</h1><p>The walrus was seen again on Monday, the harbour master said, near the pier.</p></body></html>";
static const char shorter[] =
    "<html><head><title>Walrus elsewhere</title><link rel=canonical href='https://ledger.example/2023/other'></head>"
    "<body><h1>Walrus elsewhere</h1><p>A walrus.</p></body></html>";

static void put(const char *name, const char *text)
{
    scratch_write(name, text, strlen(text));
}

static nsearch_progress update(const char *first, const char *second, int remove_missing)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w;
    nsearch_progress progress;
    options.engine = engine;
    assert_int_equal(nsearch_writer_open(scratch_path("i"), &options, &w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_add_path(w, scratch_path(first), &err), NSEARCH_OK);
    if (second)
        assert_int_equal(nsearch_writer_add_path(w, scratch_path(second), &err), NSEARCH_OK);
    if (remove_missing)
        assert_int_equal(nsearch_writer_remove_missing(w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
    nsearch_writer_progress(w, &progress);
    nsearch_writer_close(w);
    return progress;
}

/* All that has a walrus has these titles, each once. */
static void expect(size_t count, const char *const *titles)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_index *index;
    nsearch_result *result;
    options.keep_copies = 1;
    assert_int_equal(nsearch_open(scratch_path("i"), NULL, &index, &err), NSEARCH_OK);
    assert_int_equal(nsearch_search(index, "walrus", &options, &result, &err), NSEARCH_OK);
    for (size_t t = 0; t < count; t++) {
        size_t found = 0;
        for (size_t i = 0; i < nsearch_result_count(result); i++)
            found += !strcmp(nsearch_result_hit(result, i)->title, titles[t]);
        if (found != 1)
            print_message("%zu of '%s'\n", found, titles[t]);
        assert_int_equal(found, 1);
    }
    assert_int_equal(nsearch_result_count(result), count);
    nsearch_result_free(result);
    nsearch_close(index);
}

static const char *const entries[] = {"Walrus seen", "Walrus elsewhere", "Walrus at home", "Walrus in full"};
static const char *const completed[] = {"Walrus seen again", "Walrus elsewhere", "Walrus at home", "Walrus in full"};

static void begin(const char *feed_name, const char *page_name)
{
    char path[128];
    scratch_make();
    mkdir(scratch_path("feeds"), 0777);
    mkdir(scratch_path("pages"), 0777);
    snprintf(path, sizeof path, "feeds/%s", feed_name);
    put(path, feed);
    snprintf(path, sizeof path, "pages/%s", page_name);
    put(path, page);
}

static void test_one_run(void **unused)
{
    (void)unused;
    for (int turn = 0; turn < 2; turn++) {
        begin("a.xml", "a.html");
        nsearch_progress p = turn ? update("feeds", "pages", 0) : update("pages", "feeds", 0);
        assert_int_equal(p.completed, 1);
        expect(4, completed);
        /* again, and only the feed: the page is there from before */
        update("feeds", NULL, 1);
        expect(4, completed);
        scratch_remove();
    }
}

static void test_two_runs(void **unused)
{
    (void)unused;
    for (int turn = 0; turn < 2; turn++) {
        begin("a.xml", "a.html");
        update(turn ? "feeds" : "pages", NULL, 0);
        if (turn)
            expect(4, entries);
        nsearch_progress p = update(turn ? "pages" : "feeds", NULL, 0);
        assert_int_equal(p.completed, 1);
        expect(4, completed);
        /* the page goes, and the entry comes back, whether its feed is read or not */
        unlink(scratch_path("pages/a.html"));
        update("pages", "feeds", 1);
        expect(4, entries);
        scratch_remove();
    }
}

static void test_what_is_no_page_of_it(void **unused)
{
    (void)unused;
    begin("a.xml", "a.html");
    put("pages/front.html", front);
    put("pages/shorter.html", shorter);
    nsearch_progress p = update("feeds", "pages", 0);
    assert_int_equal(p.completed, 1);
    assert_int_equal(p.added, 4 + 3);
    scratch_remove();
}

static void expect_same(const char *a, const char *b, bool same)
{
    char x[NS_TERM_MAX], y[NS_TERM_MAX];
    size_t n = ns_address_term("page", a, x), m = ns_address_term("page", b, y);
    assert_true(n > 2 && m > 2);
    assert_int_equal(n == m && !memcmp(x, y, n), same);
}

static void test_addresses(void **unused)
{
    (void)unused;
    char term[NS_TERM_MAX], one[1000], other[2000];
    expect_same("http://a.example/b", "https://WWW.A.example:443/b/#c", true);
    expect_same("http://a.example/b", "http://a.example/B", false);
    expect_same("http://a.example/b?id=1", "http://a.example/b?id=2", false);
    expect_same("http://a.example/b?utm_source=x&id=1&fbclid=3", "http://a.example/b?id=1", true);
    expect_same("http://a.example/?p=1", "http://a.example/?p=2", false);
    assert_int_equal(ns_address_term("page", "http://a.example/", term), 0);
    assert_int_equal(ns_address_term("page", "http://a.example/?utm_medium=x#y", term), 0);
    assert_int_equal(ns_address_term("page", "http:///b", term), 0);
    assert_int_equal(ns_address_term("page", "httpx", term), 0);
    assert_int_equal(ns_address_term("page", "", term), 0);
    assert_int_equal(ns_address_term("", "http://a.example/b", term), 0);
    for (int i = 0; i < 400; i++) /* every length around the limit, two bytes a character */
        for (int last = 0; last < 2; last++) {
            snprintf(one, sizeof one, "http://a.example/%*s", i, "");
            for (char *c = one; *c; c++)
                *c = *c == ' ' ? (char)((c - one) & 1 ? 0xc3 : 0xa9) : *c;
            snprintf(other, sizeof other, "%s%c", one, last ? 'x' : 'y');
            strcat(one, "x");
            expect_same(one, other, last);
        }
}

static int choose(void **state)
{
    engine = *state;
    return 0;
}

int main(void)
{
    static char native[] = "native", xapian[] = "xapian";
#define WITH(test, name) {#test " " #name, test, choose, NULL, name}
    const struct CMUnitTest tests[] = {
        WITH(test_one_run, native),
        WITH(test_two_runs, native),
        WITH(test_what_is_no_page_of_it, native),
        cmocka_unit_test(test_addresses),
        WITH(test_one_run, xapian),
        WITH(test_two_runs, xapian),
        WITH(test_what_is_no_page_of_it, xapian),
    };
    const struct CMUnitTest plain[] = {tests[0], tests[1], tests[2], tests[3]};
    return nsearch_has_engine("xapian") ? cmocka_run_group_tests(tests, NULL, NULL)
                                        : cmocka_run_group_tests(plain, NULL, NULL);
}
