/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_site_lines.c - lines that recur over a site's pages: which of them go and which stay, that a page read again
 * is the same, and that an index made page by page is the one that was made at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corpus/site_lines.h"
#include "index/backend.h"
#include "src/known_files.h"
#include "tests/unit/reading.h"

static const char promise[] = "Our weekly letter brings you the best of the harbour every Friday.";
static const char history[] = "The harbour has had no dredger since 2006, officials say.";

/* A page about something of its own, between lines that all pages have. */
static char *page(const char *host, unsigned number)
{
    char *html;
    assert_true(asprintf(&html,
                         "<!doctype html><html><head><title>Boat %u comes home</title>"
                         "<link rel=canonical href='https://%s/story/%u'></head><body><article><h1>Boat %u comes home</h1>"
                         "<p>Harbour desk</p>"
                         "<p>The fishermen of boat %u told the harbour master on Monday that they had seen %u walruses.</p>"
                         "<p>They said that the weather had been poor for all of the %u days that the voyage took them.</p>"
                         "<p>%s</p><p>The harbour master of berth %u wrote all of it down in the book of the port.</p>"
                         "<p>%s</p><p>Tides and times</p></article></body></html>",
                         number, host, number, number, number, number + 20, number + 3, history, number, promise) > 0);
    return html;
}

static void read_page(ns_site_lines *lines, reading *r, const char *host, unsigned number)
{
    char *html = page(host, number);
    reading_one(r, "a.html", html);
    assert_true(ns_site_lines_apply(lines, &r->arena, &r->article));
    free(html);
}

/* Whether the page has lost what recurs; it has its story either way. */
static bool has_lost(const reading *r)
{
    const ns_dropped *letter = reading_dropped(r, "weekly letter"), *desk = reading_dropped(r, "Harbour desk");
    assert_non_null(reading_paragraph(r, "had seen"));
    assert_non_null(reading_paragraph(r, "the weather"));
    assert_non_null(reading_paragraph(r, "since 2006")); /* a sentence that a story may have */
    assert_int_equal(!letter, !desk);
    assert_int_equal(!letter, !!reading_paragraph(r, "weekly letter"));
    assert_int_equal(!letter, !reading_dropped(r, "Tides and times"));
    if (!letter)
        return false;
    assert_string_equal(letter->reason, "recurring");
    assert_int_equal(desk->before, 0);
    assert_int_equal(letter->before, r->article.paragraph_count);
    return true;
}

static bool loses(ns_site_lines *lines, const char *host, unsigned number)
{
    reading r;
    read_page(lines, &r, host, number);
    bool lost = has_lost(&r);
    reading_close(&r);
    return lost;
}

static void test_fourth_page(void **unused)
{
    (void)unused;
    ns_site_lines lines = {NULL, 0};
    for (unsigned i = 0; i < 3; i++) {
        assert_false(loses(&lines, "www.harbour.example", i));
        assert_false(loses(&lines, "www.harbour.example", i)); /* the same page again is no other */
    }
    assert_true(loses(&lines, "harbour.example", 3)); /* the same site */
    assert_false(loses(&lines, "other.example", 3));
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(loses(&lines, "www.harbour.example", i), i >= 3); /* as it was */
    ns_site_lines_release(&lines);
}

/* The same story at many addresses, and a page that changes at one, are one page each. */
static void test_copies(void **unused)
{
    (void)unused;
    ns_site_lines lines = {NULL, 0};
    for (unsigned i = 0; i < 12; i++) {
        reading r;
        char url[64];
        read_page(&lines, &r, "one.example", 7);
        reading_close(&r);
        read_page(&lines, &r, "two.example", 7);
        snprintf(url, sizeof url, "https://two.example/%u", i);
        reading_close(&r);
        char *html = page("two.example", 7);
        reading_one(&r, "a.html", html);
        r.article.url = url;
        assert_true(ns_site_lines_apply(&lines, &r.arena, &r.article));
        assert_false(has_lost(&r));
        reading_close(&r);
        free(html);
    }
    assert_false(loses(&lines, "one.example", 8));
    assert_false(loses(&lines, "two.example", 8));
    ns_site_lines_release(&lines);
}

/* A text of one sentence that all pages have keeps it; so do feeds and records, whatever recurs in them. */
static void test_left_alone(void **unused)
{
    (void)unused;
    ns_site_lines lines = {NULL, 0};
    for (unsigned i = 0; i < 6; i++) {
        reading r;
        char record[400];
        snprintf(record, sizeof record,
                 "{\"title\":\"%u\",\"url\":\"http://a.example/%u\",\"text\":\"The story of boat %u is told here in full.\\n\\n"
                 "%s\"}",
                 i, i, i, promise);
        reading_one(&r, "a.jsonl", record);
        size_t before = r.article.paragraph_count;
        assert_true(ns_site_lines_apply(&lines, &r.arena, &r.article));
        assert_int_equal(r.article.paragraph_count, before);
        reading_close(&r);
        snprintf(record, sizeof record, "<!doctype html><html><title>%u</title><p>%s</p></html>", i, promise);
        reading_one(&r, "a.html", record);
        assert_true(ns_site_lines_apply(&lines, &r.arena, &r.article));
        assert_int_equal(r.article.paragraph_count, 1);
        reading_close(&r);
    }
    ns_site_lines_release(&lines);
}

/* What is read back answers alike; bytes that are none are refused. More sites than there is room for do no harm. */
static void test_on_disk(void **unused)
{
    (void)unused;
    ns_site_lines lines = {NULL, 0}, again = {NULL, 0};
    ns_buffer bytes = NS_BUFFER_INIT, other = NS_BUFFER_INIT;
    char host[32];
    for (unsigned i = 0; i < 9000; i++) {
        snprintf(host, sizeof host, "s%u.example", i % 3000);
        ns_paragraph body[] = {{"Boats", 5}, {"The master of the port has counted all of the boats again.", 58}, {host, strlen(host)}};
        ns_article a;
        ns_arena arena = NS_ARENA_INIT;
        char url[64], text[96];
        ns_article_init(&a);
        snprintf(url, sizeof url, "http://%s/%u", host, i);
        snprintf(text, sizeof text, "The master of port %u has counted all of the boats of the harbour again.", i);
        body[1] = (ns_paragraph){text, strlen(text)};
        a.form = "page";
        a.id = a.url = url;
        a.paragraphs = body;
        a.paragraph_count = 3;
        assert_true(ns_site_lines_apply(&lines, &arena, &a));
        ns_arena_release(&arena);
    }
    for (unsigned i = 0; i < 5; i++)
        loses(&lines, "harbour.example", i);
    ns_site_lines_encode(&lines, &bytes);
    assert_true(bytes.size > 50000 && bytes.size < 1 << 20);
    assert_true(ns_site_lines_decode(&again, bytes.data, bytes.size));
    ns_site_lines_encode(&again, &other);
    assert_int_equal(other.size, bytes.size);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(loses(&again, "harbour.example", i), i >= 3);
    for (size_t n = 0; n < 200; n++)
        assert_int_equal(ns_site_lines_decode(&again, bytes.data, n), n >= 4 && (n - 4) % 37 == 0);
    for (size_t at = 0; at < 4000; at++) { /* never more than room, whatever the bytes */
        bytes.data[at] ^= 0xff;
        ns_site_lines_decode(&again, bytes.data, bytes.size);
        loses(&again, "harbour.example", 9);
        bytes.data[at] ^= 0xff;
    }
    ns_site_lines_release(&again);
    ns_site_lines_release(&lines);
    ns_buffer_release(&bytes);
    ns_buffer_release(&other);
}

/* ---- an index */

enum { PAGES = 9 };

static void add(const char *index, const char *path, int threads)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w;
    options.threads = threads;
    assert_int_equal(nsearch_writer_open(scratch_path(index), &options, &w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_add_path(w, scratch_path(path), &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
    nsearch_writer_close(w);
}

static bool take_hash(const ns_article_columns *columns, void *user)
{
    uint64_t *sum = user;
    sum[0] += columns->hash;
    sum[1] ^= columns->hash;
    sum[2]++;
    return true;
}

/* Of all that the index holds, in any order. */
static void sum_index(const char *index, uint64_t sum[3])
{
    const ns_backend *backend;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *snapshot;
    memset(sum, 0, 3 * sizeof *sum);
    assert_int_equal(ns_backend_of(scratch_path(index), &backend, &err), 0);
    assert_int_equal(backend->open(scratch_path(index), &snapshot, &err), 0);
    assert_int_equal(backend->articles(snapshot, take_hash, sum, &err), 0);
    backend->close(snapshot);
}

static void test_index(void **unused)
{
    (void)unused;
    uint64_t at_once[3], step_by_step[3];
    char name[32];
    scratch_make();
    mkdir(scratch_path("news"), 0777);
    for (unsigned i = 0; i < PAGES; i++) {
        char *html = page("harbour.example", i);
        snprintf(name, sizeof name, "news/%u.html", i);
        scratch_write(name, html, strlen(html));
        free(html);
        add("steps", "news", 1 + (int)i % 3); /* earlier pages are too young to be passed over: they are read again */
        add("steps", "news", 1);
    }
    add("once", "news", 2);
    sum_index("once", at_once);
    sum_index("steps", step_by_step);
    assert_int_equal(at_once[2], PAGES);
    assert_memory_equal(at_once, step_by_step, sizeof at_once);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fourth_page), cmocka_unit_test(test_copies),
                                       cmocka_unit_test(test_left_alone), cmocka_unit_test(test_on_disk),
                                       cmocka_unit_test(test_index)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
