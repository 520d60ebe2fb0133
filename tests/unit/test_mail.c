/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_mail.c - newsletters: the part that is read, headers, encodings, mbox, and what is broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buffer.h"
#include "tests/unit/reading.h"

#define HEAD                                                                                                  \
    "Received: from a.example\nFrom: \"The Ledger\" <desk@ledger.example>\nDate: Mon, 4 Sep 2023 10:00:00 +0200\n" \
    "Message-ID: <1@ledger.example>\nMIME-Version: 1.0\n"
#define PROSE "The walrus was seen again on Monday, the harbour master said, and the pier stays closed."
#define MORE "Nobody knows why it came so far south, and nobody was hurt, according to the council."

static reading r;

static void open_mail(const char *text)
{
    reading_open(&r, "cur/1693.M1P2.host:2,S", text, strlen(text));
}

static void expect_article(const char *title, const char *source, const char *words)
{
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.title, title);
    assert_string_equal(r.article.source, source);
    if (!reading_paragraph(&r, words))
        fail_msg("'%s' lacks '%s'", title, words);
}

static void expect_end(void)
{
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
}

static void test_plain(void **state)
{
    (void)state;
    open_mail(HEAD "Subject: Walrus seen\n again\nContent-Type: text/plain; charset=iso-8859-1\n"
                   "Content-Transfer-Encoding: quoted-printable\n\n" PROSE "\n\n" MORE " Caf=E9s agr=\nee.\n");
    expect_article("Walrus seen again", "The Ledger", "Caf\xc3\xa9s agree.");
    assert_non_null(reading_paragraph(&r, "The walrus was seen again on Monday"));
    assert_string_equal(r.article.id, "1@ledger.example");
    assert_int_equal(strncmp(r.article.date, "2023-09-04", 10), 0);
    assert_string_equal(r.article.date_source, "field");
    assert_string_equal(r.article.date_certainty, "sure");
    expect_end();

    /* CRLF, base64, encoded words */
    open_mail("Return-Path: <x>\r\nFrom: desk@ledger.example\r\nSubject: =?utf-8?Q?W=C3=A4lder_?=\r\n =?ISO-8859-1?B?aW4g5A==?= =x\r\n"
              "List-Id: Ledger Morning <m.ledger.example>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
              "VGhlIHdhbHJ1cyB3YXMgc2VlbiBhZ2Fp\r\nbiBvbiBNb25kYXksIHNhaWQgdGhlIGNvdW5jaWwuCg==\r\n");
    expect_article("W\xc3\xa4lder in \xc3\xa4 =x", "Ledger Morning", "walrus was seen again on Monday, said");
    expect_end();
}

static void test_parts(void **state)
{
    (void)state;
    static const char html[] = "<html><head><title>Newsletter</title></head><body><p>" PROSE "</p><p>" MORE "</p></body></html>\n";
    ns_buffer mail = NS_BUFFER_INIT;
    for (int related = 0; related < 2; related++) {
        ns_buffer_clear(&mail);
        ns_buffer_printf(&mail, HEAD "Subject: Walrus\nContent-Type: multipart/%s; boundary=\"x y\"\n\nno\n--x y\n"
                                     "Content-Type: text/plain\n\nOnly %s\n--x y\nContent-Type: text/html\n\n%s--x y--\nno\n",
                         related ? "mixed" : "alternative", PROSE, html);
        ns_buffer_add_byte(&mail, 0);
        open_mail((char *)mail.data);
        expect_article("Walrus", "The Ledger", related ? "Only The walrus" : MORE);
        assert_int_equal(!reading_paragraph(&r, "Only"), !related);
        expect_end();
    }
    /* attachments are none; the end of a part may be missing */
    open_mail(HEAD "Subject: Walrus\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n"
                   "Content-Disposition: attachment; filename=a.txt\n\nno text\n--b\nContent-Type: application/pdf\n\n%PDF\n--b\n\n" PROSE);
    expect_article("Walrus", "The Ledger", PROSE);
    expect_end();
    open_mail(HEAD "Subject: Picture\nContent-Type: image/png\n\nxxxx\n");
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_non_null(strstr(r.err.text, "without a text"));
    expect_end();
    ns_buffer_release(&mail);
}

static void test_mbox(void **state)
{
    (void)state;
    open_mail("From desk Mon Sep  4 10:00:00 2023\n" HEAD "Subject: One\n\n" PROSE "\n\n>From here it went on to the north, said the council.\n"
              "From the pier it was seen, too.\n\nFrom other Tue\nFrom: B <b@b.example>\nSubject: Two\nMessage-ID: <2@b>\n\n" MORE "\n\n"
              "From empty\n\nFrom last\nSubject: Three\n\n" PROSE "\n");
    expect_article("One", "The Ledger", "From here it went on");
    assert_null(reading_paragraph(&r, ">From"));
    assert_non_null(reading_paragraph(&r, "From the pier"));
    expect_article("Two", "B", MORE);
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    expect_article("Three", "", PROSE);
    expect_end();
}

static void test_no_mail(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "From: our correspondent\nDate: Monday\n\n" PROSE "\n", /* no header that only mail has */
        "Received: with thanks\n\n" PROSE "\n",
        "From the pier\n\n" PROSE "\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        reading_open(&r, "a.txt", texts[i], strlen(texts[i]));
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.id, "a.txt"); /* the file's own */
        reading_close(&r);
    }
}

static void test_bombs(void **state)
{
    (void)state;
    ns_buffer mail = NS_BUFFER_INIT;
    ns_buffer_add_string(&mail, HEAD "Subject: Deep\n");
    for (int i = 0; i < 20000; i++) /* parts in parts */
        ns_buffer_printf(&mail, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    reading_open(&r, "m", mail.data, mail.size);
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    reading_close(&r);
    ns_buffer_clear(&mail);
    ns_buffer_add_string(&mail, HEAD "Subject: ");
    for (int i = 0; i < 1000000; i++)
        ns_buffer_add_string(&mail, "=?a?q?");
    ns_buffer_add_string(&mail, "\n\n" PROSE);
    reading_open(&r, "m", mail.data, mail.size);
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    reading_close(&r);
    ns_buffer_release(&mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_parts), cmocka_unit_test(test_mbox),
        cmocka_unit_test(test_no_mail), cmocka_unit_test(test_bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
