/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_article.c - what is made of an article's fields and text: JSON lines, dates, wrapped lines,
 * headlines, furniture. The texts are invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "corpus/entities.h"
#include "corpus/textdate.h"
#include "src/base/buffer.h"
#include "tests/unit/reading.h"

/* ---------------------------------------------------------------- JSON lines */

static void test_fields(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "a.jsonl",
                "\xef\xbb\xbf{\"id\": 12, \"date\": \"Mon, 11 Sep 2023 10:15:00 GMT\", \"source\": \" The  Ledger \","
                " \"title\": \"Tolls &amp; taxes\", \"byline\": [\"By Ann Morell\", \"Bo Tarn\"], \"dateline\": \"OSLO, Norway, Sept. 11 -\","
                " \"url\": \"javascript:alert(1)\", \"language\": \"en\", \"section\": \"world\","
                " \"text\": \"It didn #39;t rain.\\r\\n\\r\\nIt\\u0000 poured &amp;amp; stopped.\"}\r\n");
    assert_string_equal(r.article.id, "12");
    assert_string_equal(r.article.date, "2023-09-11T10:15:00Z");
    assert_string_equal(r.article.date_source, "field");
    assert_string_equal(r.article.source, "The Ledger");
    assert_string_equal(r.article.title, "Tolls & taxes");
    assert_string_equal(r.article.byline, "Ann Morell, Bo Tarn");
    assert_string_equal(r.article.dateline, "OSLO, Norway");
    assert_string_equal(r.article.url, "");
    assert_int_equal(r.article.paragraph_count, 2);
    assert_string_equal(r.article.paragraphs[0].text, "It didn't rain.");
    assert_string_equal(r.article.paragraphs[1].text, "It poured &amp; stopped.");
    assert_string_equal(ns_reader_where(r.reader), "a.jsonl:1");
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
}

static void test_bad_lines_are_named_and_passed(void **state)
{
    (void)state;
    reading r;
    ns_buffer b = NS_BUFFER_INIT;
    ns_buffer_add_string(&b, "{\"id\": \"1\", \"title\": \"One\"}\n"
                             "{\"id\": \"2\", \"title\": \n"                    /* cut */
                             "\n"
                             "[1, 2]\n"                                           /* no object */
                             "{\"id\": \"5\", \"date\": \"2001\"}\n"            /* nothing to index */
                             "{\"title\": \"lone \\ud800 half\", \"x\": 1}\n"   /* mended; no id */
                             "{\"id\": \"7\", \"title\": \"a\", \"title\": \"b\"}\n");
    for (int i = 0; i < 200000; i++)
        ns_buffer_add_byte(&b, '[');
    ns_buffer_add_string(&b, "\n{\"id\": \"9\", \"title\": \"caf\xe9\"}\n{\"id\": \"10\", \"n\": 1e999999999, \"title\": \"t\"}\n"
                             "{\"id\": \"11\", \"title\": \"last\"}"); /* no line end */
    const char *expected = "1 ok\n2 skip\n4 skip\n5 skip\n6 ok\n7 ok\n8 skip\n9 ok\n10 skip\n11 ok\n";
    ns_buffer got = NS_BUFFER_INIT;
    reading_open(&r, "rows", b.data, b.size);
    for (ns_read read; (read = reading_next(&r)) != NS_READ_END;) {
        const char *where = strchr(ns_reader_where(r.reader), ':');
        assert_non_null(where);
        ns_buffer_printf(&got, "%s %s\n", where + 1, read == NS_READ_ARTICLE ? "ok" : "skip");
        if (read == NS_READ_SKIPPED)
            assert_int_equal(r.err.status, NSEARCH_SKIPPED);
        if (read == NS_READ_ARTICLE && !strcmp(where, ":6")) {
            assert_string_equal(r.article.title, "lone \xef\xbf\xbd half");
            assert_string_equal(r.article.id, "rows:6");
        }
        if (read == NS_READ_ARTICLE && !strcmp(where, ":9"))
            assert_string_equal(r.article.title, "caf\xc3\xa9");
    }
    ns_buffer_add_byte(&got, 0);
    assert_string_equal((char *)got.data, expected);
    reading_close(&r);
    ns_buffer_release(&b);
    ns_buffer_release(&got);
}

/* A file that is one JSON value over many lines. */
static void test_json_documents(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "one.json", "{\n  \"title\": \"One\",\n  \"text\": [\"First.\", \"Second.\"]\n}\n");
    assert_string_equal(r.article.id, "one.json");
    assert_int_equal(r.article.paragraph_count, 2);
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    reading_one(&r, "many", "[\n{\"id\": \"a\", \"title\": \"A\"},\n7,\n{\"title\": \"B\"}\n]\n");
    assert_string_equal(r.article.id, "a");
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_string_equal(ns_reader_where(r.reader), "many:2");
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.id, "many:3");
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    reading_open(&r, "cut.json", "{\n \"title\": ", 13);
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
}

static void test_line_beyond_the_limit(void **state)
{
    (void)state;
    reading r;
    ns_buffer b = NS_BUFFER_INIT;
    ns_buffer_add_string(&b, "{\"id\": \"1\", \"title\": \"");
    for (int i = 0; i < (17 << 20) / 16; i++)
        ns_buffer_add_string(&b, "sixteen letters ");
    ns_buffer_add_string(&b, "\"}\n{\"id\": \"2\", \"title\": \"Two\"}\n");
    reading_open(&r, "a.jsonl", b.data, b.size);
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_string_equal(ns_reader_where(r.reader), "a.jsonl:1");
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_string_equal(r.article.id, "2");
    reading_close(&r);
    ns_buffer_release(&b);
}

static void test_long_text_is_cut_and_said(void **state)
{
    (void)state;
    reading r;
    ns_buffer b = NS_BUFFER_INIT;
    for (int i = 0; i < (17 << 20) / 32; i++)
        ns_buffer_add_string(&b, "The council of Oslo met again.\n\n");
    reading_open(&r, "a.txt", b.data, b.size);
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_true(r.article.paragraph_count > 1000);
    assert_string_equal(r.article.dropped[r.article.dropped_count - 1].reason, "limit");
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    ns_buffer_release(&b);
}

/* ---------------------------------------------------------------- dates, references */

static void test_date_fields(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "2006", "2006" }, { "1958-12", "1958-12" }, { "1987-02-26T15:01:01", "1987-02-26T15:01:01" },
        { "2023-09-11 08:00", "2023-09-11T08:00" }, { "Aug. 1, 2006", "2006-08-01" }, { "1 August 2006", "2006-08-01" },
        { "26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01" }, { "Tue, 05 Mar 2024 23:59:59 +0100", "2024-03-05T23:59:59+01:00" },
        { "20230911", "2023-09-11" }, { "25/12/2023", "2023-12-25" }, { "12/25/2023", "2023-12-25" },
        { "1694428200", "2023-09-11T10:30:00Z" },
        /* ambiguous, impossible, no date: unknown, not today, not 1970 */
        { "3/4/2023", "" }, { "29 Feb 1900", "" }, { "2023-02-30", "" }, { "2023-13-01", "" }, { "0000-01-01", "" },
        { "99999", "" }, { "yesterday", "" }, { "", "" }, { "Mon, 11 Sep 2023 10:15:00 +9999", "" }, { "2023-09-11T25:00:00", "" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char iso[NS_DATE_SIZE];
        ns_text_date_field(pairs[i][0], iso);
        if (strcmp(iso, pairs[i][1]))
            fail_msg("'%s' gave '%s', not '%s'", pairs[i][0], iso, pairs[i][1]);
    }
}

static void test_dates_in_text(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "Published: Monday, September 11, 2023, 4:05 pm EST by", "2023-09-11T16:05:00" },
        { "on the 11th of September, 2023", "2023-09-11" }, { "in Sept. 2023 it", "2023-09" },
        { "born 31 June 2001, 2 July 2001", "2001-07-02" }, { "version 1.2.2023.4", "" }, { "may 40 2020 people", "" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ns_text_date date;
        bool found = ns_text_date_find(pairs[i][0], strlen(pairs[i][0]), 0, &date);
        assert_string_equal(found ? date.iso : "", pairs[i][1]);
    }
}

static void test_references(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "AT&amp;T &lt;b&gt; &quot;x&quot; caf&eacute; &#8217; &#x2019;", "AT&T <b> \"x\" caf\xc3\xa9 \xe2\x80\x99 \xe2\x80\x99" },
        { "&amp;amp;", "&amp;" }, { "a #36;5 note", "a $5 note" }, { "#1; #12 & &; &nosuch; R&D", "#1; #12 & &; &nosuch; R&D" },
        { "&#0; &#x110000; &#99999999999999;", "  \xef\xbf\xbd \xef\xbf\xbd" }, { "&#150;", "\xe2\x80\x93" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char s[128];
        strcpy(s, pairs[i][0]);
        s[ns_unescape_entities(s, strlen(s))] = '\0';
        assert_string_equal(s, pairs[i][1]);
    }
}

/* ---------------------------------------------------------------- lines */

static void body(reading *r, const char *text)
{
    memset(r, 0, sizeof *r);
    ns_article_init(&r->article);
    assert_int_equal(ns_article_set_body(&r->arena, text, strlen(text), &r->article, &r->err), NSEARCH_OK);
}

static void test_indented_paragraphs(void **state)
{
    (void)state;
    reading r;
    body(&r, "The council of the harbour\n"
             "town said that it would repair the wall before the end of\n"
             "the year and that the ferry would run again from Monday.\n"
             "    The wall was built in 1911 and had not been looked at\n"
             "since the flood of 1953, a report found.\n"
             "    It will cost 12 mln.\n");
    assert_int_equal(r.article.paragraph_count, 3);
    assert_string_equal(r.article.paragraphs[1].text, "The wall was built in 1911 and had not been looked at since the "
                                                      "flood of 1953, a report found.");
    reading_close(&r);
}

static void test_wrapped_paragraphs(void **state)
{
    (void)state;
    reading r;
    body(&r, "the flow of water past a wall of stone is studied for small and for\n"
             "large waves .  the results agree with those found in a tank when the\n"
             "wall is steep .\n\n"
             "a second series was made with a sloping wall and with sand before it ,\n"
             "for which no theory is known .");
    assert_int_equal(r.article.paragraph_count, 2);
    assert_non_null(strstr(r.article.paragraphs[0].text, "for small and for large waves . the results"));
    reading_close(&r);
    /* a sentence a line is not wrapping */
    body(&r, "The harbour reopened on Monday after a week.\nThe council said so in the morning.\nShips came at noon.\n");
    assert_int_equal(r.article.paragraph_count, 3);
    reading_close(&r);
}

/* ---------------------------------------------------------------- pages */

static void test_page_with_everything(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "page.txt",
                "\xe2\x80\xa2 Friday, March 1, 2024\n"
                "eastporttimes logo\n"
                "Skip to content\n"
                "WorldEuropeBusiness\n"
                "HomeWorldHarbour wall gives way as storm reaches the coast\n\n"
                "Harbour wall gives way as storm reaches the coast\n\n"
                "harbour-wall (2)\n"
                "The wall on Monday morning. / Photo: Eastport Council\n"
                "By Ann Morell\n"
                "Published: 4 September 2023, 10:12 GMT\n"
                "EASTPORT \xe2\x80\x94 Part of the harbour wall gave way on Monday, sending water into the old town, officials said.\n"
                "Nobody was hurt, and the ferry terminal was closed until further notice as a precaution.\n"
                "Read also: Ferry fares to rise\n"
                "\"We read also the sea's own warnings,\" said Bo Tarn, who has lived by the quay for forty years.\n"
                "A wall of their own\n"
                "The neighbouring town built a wall in 1999 that has held ever since, its mayor told reporters.\n"
                "RelatedStorm names for next year chosen\n"
                "Advertisement\n"
                "Engineers from three countries will look at the stones this week, the council added.\n"
                "SOURCE: Eastport Times and agencies\n"
                "Sign up for our newsletter and get the news in your inbox every morning.\n"
                "More On This Topic\n"
                "Why walls fall\n"
                "Ten harbours to see before they go\n"
                "a.box:hover {\n"
                "color: #123;\n"
                "Most Popular\n"
                "Leave a Reply\n"
                "\xc2\xa9 2024 Eastport Times. All rights reserved.\n");
    const ns_article *a = &r.article;
    assert_string_equal(a->title, "Harbour wall gives way as storm reaches the coast");
    assert_string_equal(a->byline, "Ann Morell");
    assert_string_equal(a->date, "2023-09-04");
    assert_string_equal(a->date_source, "text");
    assert_string_equal(a->dateline, "EASTPORT");
    assert_string_equal(a->source, "Eastport Times");
    assert_string_equal(a->credit, "Eastport Times and agencies");
    static const char *const kept[] = {
        "EASTPORT \xe2\x80\x94 Part", "Nobody was hurt", "We read also", "A wall of their own",
        "The neighbouring town", "Engineers from"
    };
    static const char *const out[][2] = {
        { "March 1, 2024", "date" }, { "logo", "image" }, { "Skip to", "menu" }, { "WorldEurope", "menu" },
        { "HomeWorld", "menu" }, { "harbour-wall (2)", "image" }, { "Photo:", "caption" }, { "By Ann", "byline" },
        { "4 September", "date" }, { "Ferry fares", "related" }, { "Storm names", "related" },
        { "Advertisement", "advertisement" }, { "SOURCE", "credit" }, { "newsletter", "promotion" },
        { "Why walls", "related" }, { "Ten harbours", "related" }, { "a.box", "style" }, { "color:", "style" },
        { "Leave a Reply", "menu" }, { "All rights", "menu" },
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (!reading_paragraph(&r, kept[i]))
            fail_msg("lost: %s", kept[i]);
    assert_int_equal(a->paragraph_count, sizeof kept / sizeof *kept);
    for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
        const ns_dropped *d = reading_dropped(&r, out[i][0]);
        if (!d)
            fail_msg("not set apart: %s", out[i][0]);
        else
            assert_string_equal(d->reason, out[i][1]);
    }
    assert_int_equal(reading_dropped(&r, "Ferry fares")->before, 2);
    reading_close(&r);
}

static void test_page_without_furniture(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "plain.txt",
                "The council of Eastport has confirmed that the harbour wall will be built anew, after a week in which "
                "engineers from three countries had looked at every stone of it.\n"
                "Related costs will be paid by the state. Read more widely, the plan is the largest since 1953.\n"
                "By Monday the first ships had come back.\n"
                "Share prices of the ferry company rose by 3 per cent.\n"
                "\"Follow the money,\" said Bo Tarn. \"Subscribe to nothing.\"\n"
                "Advertisement for the contract will begin in May.\n");
    assert_string_equal(r.article.title, "");
    assert_int_equal(r.article.paragraph_count, 6);
    assert_int_equal(r.article.dropped_count, 0);
    assert_string_equal(r.article.date, "");
    reading_close(&r);
}

/* Outlets, writers and dates where other pages put them. */
static void test_other_heads_and_feet(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "a.txt",
                "Harbour wall to be built anew by the state | The Eastport Ledger\n"
                "Published On 13 Sep 202313 Sep 2023\n\n"
                "The council said on Monday that the harbour wall would be built anew by the state.\n"
                "Reporting by Ann Morell; Editing by Bo Tarn\n");
    assert_string_equal(r.article.title, "Harbour wall to be built anew by the state");
    assert_string_equal(r.article.source, "The Eastport Ledger");
    assert_string_equal(r.article.date, "2023-09-13");
    assert_string_equal(r.article.byline, "Ann Morell");
    assert_string_equal(r.article.credit, "Reporting by Ann Morell; Editing by Bo Tarn");
    assert_int_equal(r.article.paragraph_count, 1);
    reading_close(&r);
    reading_one(&r, "b.txt",
                "The Eastport Ledger\n"
                "News for the harbour since 1889\n"
                "Harbour wall to be built anew\n\n"
                "OSLO (Reuters) - The council said on Monday that the harbour wall would be built anew.\n"
                "It will take a year, and cost more than the old one did.\n"
                "\xc2\xa9 2023 The Eastport Ledger. All rights reserved.\n");
    assert_string_equal(r.article.title, "Harbour wall to be built anew");
    assert_string_equal(r.article.source, "The Eastport Ledger");
    assert_string_equal(r.article.dateline, "OSLO");
    assert_string_equal(r.article.credit, "Reuters");
    assert_string_equal(r.article.date, "");
    assert_int_equal(r.article.paragraph_count, 2);
    reading_close(&r);
}

/* The day of the crawl above a page is not the story's, unless the story says so. */
static void test_dates_that_lie(void **state)
{
    (void)state;
    static const char *const head = "Harbour wall to be built anew\n\n";
    static const char *const story = "The council said on Monday that the harbour wall would be built anew by the state.\n";
    static const struct {
        const char *above, *below, *after, *date;
    } pages[] = {
        { "Thursday, February 29, 2024\n", "", "", "" },
        { "Today: July 24, 2008\n", "November 9, 2007\n", "", "2007-11-09" },
        { "Thursday, February 29, 2024\n", "September 11, 2023\n", "", "2023-09-11" },
        { "2023-09-11 WORLD\n", "", "", "2023-09-11" },
        { "Tuesday, September 12, 2023\n", "", "The wall had failed on September 10, 2023, in the night of the great storm.\n", "2023-09-12" },
        { "", "Updated 3 May 2022\nPublished 2 May 2022\n", "", "2022-05-02" },
        { "", "The Harbour Weekly Review, 3 May 2022\n", "", "2022-05-03" },
        { "", "The Harbour Weekly Review met the mayor, 3 May 2022\n", "", "" },
        { "", "", "", "" },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char text[1024];
        reading r;
        snprintf(text, sizeof text, "%s%s%s%s%s", pages[i].above, head, pages[i].below, story, pages[i].after);
        reading_one(&r, "page.txt", text);
        assert_string_equal(r.article.title, "Harbour wall to be built anew");
        if (strcmp(r.article.date, pages[i].date))
            fail_msg("page %zu gave '%s', not '%s'", i, r.article.date, pages[i].date);
        assert_non_null(reading_paragraph(&r, "The council said"));
        reading_close(&r);
    }
}

static void test_html_page(void **state)
{
    (void)state;
    reading r;
    reading_one(&r, "page.html",
                "<!DOCTYPE html><html lang=en><head><meta charset=windows-1252><title>Harbour wall falls | The Ledger</title>"
                "<meta property=og:site_name content='The Ledger'>"
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-09-04T10:12:00Z\","
                "\"author\":{\"name\":\"Ann Morell\"}}</script><script>var a = '<p>no</p>';</script></head><body>"
                "<nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav>"
                "<article><h1>Harbour wall falls</h1><figure><img src=x><figcaption>The wall, before.</figcaption></figure>"
                "<p>Part of the harbour wall gave way on Monday, sending water into the old town\x92s caf\xe9s.</p>"
                "<div class='related-links'><a href=/f>Ferry fares to rise</a></div>"
                "<p>Nobody was hurt, and the ferry terminal was closed, officials said, until further notice.</p></article>"
                "<footer><p>All of this is ours, and has been for years, and will be.</p></footer></body></html>");
    assert_string_equal(r.article.title, "Harbour wall falls");
    assert_string_equal(r.article.source, "The Ledger");
    assert_string_equal(r.article.byline, "Ann Morell");
    assert_string_equal(r.article.date, "2023-09-04T10:12:00Z");
    assert_string_equal(r.article.language, "en");
    assert_non_null(reading_paragraph(&r, "old town\xe2\x80\x99s caf\xc3\xa9s."));
    assert_non_null(reading_paragraph(&r, "Nobody was hurt"));
    assert_null(reading_paragraph(&r, "Ferry fares"));
    assert_null(reading_paragraph(&r, "ours"));
    assert_null(reading_paragraph(&r, "before."));
    assert_null(reading_paragraph(&r, "<p>"));
    assert_non_null(reading_dropped(&r, "Ferry fares"));
    reading_close(&r);
}

/* ---------------------------------------------------------------- hash, and real pages */

static void test_hash_sees_every_field(void **state)
{
    (void)state;
    ns_paragraph p[2] = { { "One.", 4 }, { "Two.", 4 } };
    ns_dropped d = { "Menu", "menu", 0 };
    uint64_t seen[40];
    size_t count = 0;
    for (int change = -1; change < NS_ARTICLE_STRINGS + 4; change++) {
        const char **strings[NS_ARTICLE_STRINGS];
        ns_article a;
        ns_article_init(&a);
        ns_article_strings(&a, strings);
        for (int i = 0; i < NS_ARTICLE_STRINGS; i++)
            *strings[i] = i == change ? "changed" : "same";
        int other = change - NS_ARTICLE_STRINGS;
        a.paragraphs = p;
        a.paragraph_count = other == 0 ? 1 : 2;
        a.dropped = &d;
        a.dropped_count = other == 1 ? 0 : 1;
        p[1].text = other == 2 ? "Twa." : "Two.";
        d.before = other == 3;
        seen[count] = ns_article_hash(&a);
        for (size_t i = 0; i < count; i++)
            assert_true(seen[i] != seen[count]);
        assert_true(ns_article_hash(&a) == seen[count]);
        count++;
    }
    assert_int_equal(count, NS_ARTICLE_STRINGS + 5);
}

/* Five real pages about one event, where they are at hand. */
static void test_real_pages(void **state)
{
    (void)state;
    const char *shared = getenv("NSEARCH_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/seeds", shared && *shared ? shared : SHARED_FOLDER);
    if (access(path, R_OK)) {
        print_message("no real pages at '%s': skipped\n", path);
        skip();
    }
    static const struct {
        const char *date, *title, *source, *dateline;
        size_t paragraphs, least_dropped;
    } expected[] = {
        { "2023-09-11", "DPRK, Russia confirm", "TRTWorld", "", 21, 6 },
        { "", "Putin to host North Korea", "BusinessDay", "", 18, 6 },
        { "", "North Korea\xe2\x80\x99s Kim to visit", "", "SEOUL", 16, 20 },
        { "", "", "", "", 12, 1 },
        { "", "N. Korea\xe2\x80\x99s Kim in Russia", "", "", 27, 4 },
    };
    reading r;
    reading_open_path(&r, path);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(r.article.date, expected[i].date);
        assert_string_equal(r.article.source, expected[i].source);
        assert_string_equal(r.article.dateline, expected[i].dateline);
        assert_true(!strncmp(r.article.title, expected[i].title, strlen(expected[i].title)));
        assert_true(!*r.article.title == !*expected[i].title);
        assert_int_equal(r.article.paragraph_count, expected[i].paragraphs);
        assert_true(r.article.dropped_count >= expected[i].least_dropped);
    }
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_bad_lines_are_named_and_passed),
        cmocka_unit_test(test_json_documents),
        cmocka_unit_test(test_line_beyond_the_limit),
        cmocka_unit_test(test_long_text_is_cut_and_said),
        cmocka_unit_test(test_date_fields),
        cmocka_unit_test(test_dates_in_text),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_indented_paragraphs),
        cmocka_unit_test(test_wrapped_paragraphs),
        cmocka_unit_test(test_page_with_everything),
        cmocka_unit_test(test_page_without_furniture),
        cmocka_unit_test(test_other_heads_and_feet),
        cmocka_unit_test(test_dates_that_lie),
        cmocka_unit_test(test_html_page),
        cmocka_unit_test(test_hash_sees_every_field),
        cmocka_unit_test(test_real_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
