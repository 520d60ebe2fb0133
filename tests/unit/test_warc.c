/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_warc.c - pages out of WARC files: HTTP's chunks and packing undone, dates bounded by the day of the capture,
 * broken records passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "src/base/buffer.h"
#include "tests/unit/reading.h"

static const char page[] =
    "<html lang=en><head><title>Harbour wall gives way | The Ledger</title></head><body><h1>Harbour wall gives way</h1>"
    "<p>The harbour wall gave way on Monday, officials said, and nobody was hurt in the storm that followed.</p>"
    "<p>The ferry terminal was closed until further notice, the council said, and the boats were moved.</p></body></html>";

static void add_record(ns_buffer *to, const char *type, const char *uri, const char *http, const void *body, size_t n,
                       const char *length)
{
    ns_buffer_printf(to, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2023-09-12T10:00:00Z\r\n"
                         "WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n",
                     type, uri);
    if (length)
        ns_buffer_printf(to, "Content-Length: %s\r\n\r\n", length);
    else
        ns_buffer_printf(to, "Content-Length: %zu\r\n\r\n", strlen(http) + n);
    ns_buffer_add_string(to, http);
    ns_buffer_add(to, body, n);
    ns_buffer_add_string(to, "\r\n\r\n");
    assert_false(to->failed);
}

static void add_page(ns_buffer *to, const char *uri, const char *headers, const void *body, size_t n)
{
    char http[400];
    snprintf(http, sizeof http, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n", headers);
    add_record(to, "response", uri, http, body, n, NULL);
}

static void expect_page(reading *r, const char *uri)
{
    ns_read read = reading_next(r);
    if (read != NS_READ_ARTICLE)
        fail_msg("'%s' was not read: %s", uri, r->err.text);
    assert_string_equal(r->article.id, uri);
    assert_string_equal(r->article.url, uri);
    assert_int_equal(strncmp(r->article.title, "Harbour wall gives way", 22), 0);
    assert_non_null(reading_paragraph(r, "gave way on Monday"));
    assert_non_null(reading_paragraph(r, "ferry terminal"));
    assert_string_equal(r->article.captured, "2023-09-12T10:00:00Z");
}

/* The page in chunks of so many bytes. */
static void add_chunks(ns_buffer *to, const void *body, size_t n, size_t chunk)
{
    for (size_t at = 0; at < n; at += chunk) {
        size_t size = n - at < chunk ? n - at : chunk;
        ns_buffer_printf(to, "%zx;x=1\r\n", size);
        ns_buffer_add(to, (const uint8_t *)body + at, size);
        ns_buffer_add_string(to, "\r\n");
    }
    ns_buffer_add_string(to, "0\r\n\r\n");
}

static size_t packed(const void *body, size_t n, int bits, uint8_t *to, size_t room)
{
    z_stream z = { .next_in = (Bytef *)(uintptr_t)body, .avail_in = (uInt)n, .next_out = to, .avail_out = (uInt)room };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

/* Every way a body comes in; the last also by records packed one by one, as CC-NEWS has them. */
static void test_bodies(void **state)
{
    ns_buffer file = NS_BUFFER_INIT, chunks = NS_BUFFER_INIT;
    uint8_t bytes[4096];
    size_t n;
    (void)state;
    ns_buffer_add_string(&file, "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 9\r\n\r\nx: y\r\n\r\n\r\n\r\n\r\n");
    add_page(&file, "https://a.example/plain", "", page, sizeof page - 1);
    add_chunks(&chunks, page, sizeof page - 1, 1);
    add_page(&file, "https://a.example/chunks-of-1", "Transfer-Encoding: chunked\r\n", chunks.data, chunks.size);
    ns_buffer_clear(&chunks);
    add_chunks(&chunks, page, sizeof page - 1, 97);
    add_page(&file, "https://a.example/chunks", "transfer-encoding: Chunked\r\n", chunks.data, chunks.size);
    add_page(&file, "https://a.example/not-chunked", "Transfer-Encoding: chunked\r\n", page, sizeof page - 1);
    n = packed(page, sizeof page - 1, 16 + MAX_WBITS, bytes, sizeof bytes);
    add_page(&file, "https://a.example/gzip", "Content-Encoding: gzip\r\n", bytes, n);
    ns_buffer_clear(&chunks);
    add_chunks(&chunks, bytes, n, 50);
    add_page(&file, "https://a.example/gzip-chunks", "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
             chunks.data, chunks.size);
    add_page(&file, "https://a.example/not-gzip", "Content-Encoding: gzip\r\n", page, sizeof page - 1);
    n = packed(page, sizeof page - 1, MAX_WBITS, bytes, sizeof bytes);
    add_page(&file, "https://a.example/deflate", "Content-Encoding: deflate\r\n", bytes, n);
    n = packed(page, sizeof page - 1, -MAX_WBITS, bytes, sizeof bytes);
    add_page(&file, "https://a.example/raw-deflate", "Content-Encoding: deflate\r\n", bytes, n);
    add_record(&file, "request", "https://a.example/asked", "GET / HTTP/1.1\r\n\r\n", "", 0, NULL);
    add_record(&file, "response", "https://a.example/404", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n", page,
               sizeof page - 1, NULL);
    add_record(&file, "response", "https://a.example/img", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", page,
               sizeof page - 1, NULL);
    add_record(&file, "response", "<https://a.example/last>", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page,
               sizeof page - 1, NULL);
    reading r;
    reading_open(&r, "crawl.warc", file.data, file.size);
    static const char *const uris[] = { "plain", "chunks-of-1", "chunks", "not-chunked", "gzip", "gzip-chunks", "not-gzip",
                                        "deflate", "raw-deflate", "last" };
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        char uri[80];
        snprintf(uri, sizeof uri, "https://a.example/%s", uris[i]);
        expect_page(&r, uri);
    }
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    ns_buffer_release(&file);
    ns_buffer_release(&chunks);
}

/* Records packed one by one; a damaged one costs itself. */
static void test_members(void **state)
{
    uint8_t bytes[4096];
    (void)state;
    for (int damaged = 0; damaged < 4; damaged++) {
        ns_buffer file = NS_BUFFER_INIT;
        for (int i = 0; i < 3; i++) {
            ns_buffer record = NS_BUFFER_INIT;
            char uri[80];
            snprintf(uri, sizeof uri, "https://a.example/%d", i);
            add_page(&record, uri, "", page, sizeof page - 1);
            size_t n = packed(record.data, record.size, 16 + MAX_WBITS, bytes, sizeof bytes);
            if (i == 1 && damaged == 1)
                memset(bytes + n / 2, 0xff, 8);
            if (i == 1 && damaged == 2)
                n -= 30;
            ns_buffer_add(&file, bytes, n);
            if (i == 1 && damaged == 3)
                ns_buffer_add_string(&file, "garbage between members");
            ns_buffer_release(&record);
        }
        reading r;
        reading_open(&r, "crawl.warc.gz", file.data, file.size);
        expect_page(&r, "https://a.example/0");
        if (damaged == 0 || damaged == 3)
            expect_page(&r, "https://a.example/1");
        ns_read read;
        bool last = false;
        while ((read = reading_next(&r)) == NS_READ_ARTICLE || read == NS_READ_SKIPPED)
            last = last || (read == NS_READ_ARTICLE && !strcmp(r.article.id, "https://a.example/2"));
        if (!last)
            fail_msg("damage %d lost the last record: %s", damaged, r.err.text);
        assert_int_equal(read, damaged ? NS_READ_FAILED : NS_READ_END); /* the damage is told at the end */
        reading_close(&r);
        ns_buffer_release(&file);
    }
}

/* Bad lengths: the next record is found again. */
static void test_lengths(void **state)
{
    static const char *const lengths[] = { "-1", "18446744073709551616", "12x", "", "5\r\nContent-Length: 7", "99999999999",
                                           "3", "18446744073709551615" };
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        ns_buffer file = NS_BUFFER_INIT;
        add_page(&file, "https://a.example/first", "", page, sizeof page - 1);
        add_record(&file, "response", "https://a.example/bad", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page,
                   sizeof page - 1, lengths[i]);
        add_page(&file, "https://a.example/last", "", page, sizeof page - 1);
        reading r;
        reading_open(&r, "crawl.warc", file.data, file.size);
        expect_page(&r, "https://a.example/first");
        bool last = false, told = false;
        ns_read read;
        size_t answers = 0;
        while ((read = reading_next(&r)) != NS_READ_END && read != NS_READ_FAILED) {
            assert_true(answers++ < 20);
            last = last || (read == NS_READ_ARTICLE && !strcmp(r.article.id, "https://a.example/last"));
            told = told || read == NS_READ_SKIPPED;
        }
        if (strcmp(lengths[i], "99999999999")) /* that one swallows the rest */
            assert_true(last && told);
        reading_close(&r);
        ns_buffer_release(&file);
    }
}

static void test_chunk_sizes(void **state)
{
    static const char *const bodies[] = { "ffffffffffffffff\r\nx", "ffffffff\r\n", "0\r\n\r\n", "5", "-1\r\nx", "5\r\nab" };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        ns_buffer file = NS_BUFFER_INIT;
        add_page(&file, "https://a.example/bad", "Transfer-Encoding: chunked\r\n", bodies[i], strlen(bodies[i]));
        add_page(&file, "https://a.example/last", "", page, sizeof page - 1);
        reading r;
        reading_open(&r, "crawl.warc", file.data, file.size);
        ns_read read;
        while ((read = reading_next(&r)) == NS_READ_SKIPPED || (read == NS_READ_ARTICLE && strstr(r.article.id, "bad")))
            continue;
        assert_int_equal(read, NS_READ_ARTICLE);
        assert_string_equal(r.article.id, "https://a.example/last");
        reading_close(&r);
        ns_buffer_release(&file);
    }
}

/* A date after the capture is no date of the story; odd addresses are no addresses. */
static void test_capture_bounds_and_addresses(void **state)
{
    static const char late[] =
        "<html><head><title>Tomorrow</title><meta property='article:published_time' content='2024-05-18T00:00:00Z'></head>"
        "<body><p>The harbour wall gave way on Monday, officials said, and nobody was hurt in the storm.</p></body></html>";
    ns_buffer file = NS_BUFFER_INIT, uri = NS_BUFFER_INIT;
    (void)state;
    add_page(&file, "https://a.example/late", "", late, sizeof late - 1);
    add_page(&file, "urn:x:\x1b]52;../../etc", "", page, sizeof page - 1);
    ns_buffer_add_string(&uri, "https://a.example/");
    for (size_t i = 0; i < 1 << 15; i++)
        ns_buffer_add_byte(&uri, 'x');
    ns_buffer_add_byte(&uri, 0);
    add_page(&file, (const char *)uri.data, "", page, sizeof page - 1);
    reading r;
    reading_open(&r, "crawl.warc", file.data, file.size);
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.date, "");
    assert_string_equal(r.article.captured, "2023-09-12T10:00:00Z");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.url, "");
        assert_true(strlen(r.article.id) < 4100);
        assert_null(strchr(r.article.id, '\x1b'));
        assert_null(strchr(ns_reader_where(r.reader), '\x1b'));
    }
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    ns_buffer_release(&file);
    ns_buffer_release(&uri);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),      cmocka_unit_test(test_members),
        cmocka_unit_test(test_lengths),     cmocka_unit_test(test_chunk_sizes),
        cmocka_unit_test(test_capture_bounds_and_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
