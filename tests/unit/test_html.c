/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_html.c - HTML pages: which date, headline, author, outlet and story are taken, and what bad pages may
 * not do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "corpus/html_dates.h"
#include "src/base/buffer.h"
#include "tests/support/instrumented.h"
#include "tests/unit/reading.h"

#define STORY                                                                                                \
    "<p>Part of the harbour wall gave way in the storm, officials said, and the ferry terminal was "         \
    "closed.</p>"                                                                                            \
    "<p>Nobody was hurt, the council said, but it will take a year, and cost more than the old one did.</p>"

static void read_page(reading *r, const char *head, const char *body)
{
    char page[8192];
    int n = snprintf(page, sizeof page,
                     "<!DOCTYPE html><html lang=\"en\"><head>%s</head><body>%s</body></html>", head, body);
    assert_in_range(n, 1, sizeof page - 1);
    reading_one(r, "page.html", page);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body, *date, *source, *certainty, *updated;
    } pages[] = {
        {"<script "
         "type='application/"
         "ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-09-04T10:12:00+02:00\","
         "\"dateModified\":\"2023-09-05\"}</script><meta name=date content=2024-01-01>",
         "<h1>Wall falls</h1>" STORY, "2023-09-04T10:12:00+02:00", "json-ld", "sure", "2023-09-05"},
        {"<script "
         "type='application/"
         "ld+json'>\n<![CDATA[\n[{\"@type\":\"WebPage\",\"datePublished\":\"2023-09-04\"}]\n]]>"
         "</script>",
         "<h1>Wall falls</h1>" STORY, "2023-09-04", "json-ld", "likely", ""},
        {"<meta property='article:published_time' content='2023-09-04'><meta "
         "property='article:modified_time' "
         "content='2023-09-06'>",
         "<h1>Wall falls</h1>" STORY, "2023-09-04", "meta", "sure", "2023-09-06"},
        /* a clock in UTC is set right by the address, which knows the place's day */
        {"<meta property='article:published_time' content='2023-09-05T01:30:00Z'>"
         "<link rel=canonical href='https://example.org/2023/09/04/wall-falls'>",
         "<h1>Wall falls</h1>" STORY, "2023-09-04", "url", "sure", ""},
        {"<link rel=canonical href='https://example.org/news/2023-09-04-wall-falls'>",
         "<h1>Wall falls</h1>" STORY, "2023-09-04", "url", "likely", ""},
        {"", "<h1>Wall falls</h1><time datetime='2023-09-04T08:00:00Z'>Monday</time>" STORY,
         "2023-09-04T08:00:00Z", "time", "likely", ""},
        {"",
         "<h1>Wall falls</h1><p class=byline>Published 4 September 2023, updated 6 September 2023</p>" STORY,
         "2023-09-04", "text", "likely", "2023-09-06"},
        {"", "<h1>Mauer eingest\xc3\xbcrzt</h1><div class=date>4. M\xc3\xa4rz 2023</div>" STORY, "2023-03-04",
         "text", "likely", ""},
        {"", "<h1>Wall falls</h1><span class=date><b>Sept</b><b>04</b><b>2023</b></span>" STORY, "2023-09-04",
         "text", "likely", ""},
        /* the month of the address chooses among dates */
        {"<link rel=canonical href='https://example.org/2023/09/wall-falls.html'>",
         "<p class=date>1 May 2024</p><h1>Wall falls</h1><p>4 September 2023</p>" STORY, "2023-09-04", "text",
         "likely", ""},
        {"<link rel=canonical href='https://example.org/2023/09/wall-falls.html'>",
         "<h1>Wall falls</h1>" STORY, "2023-09", "url", "likely", ""},
        {"", "<h1>Wall falls</h1>" STORY "<p>Last updated: 6 September 2023</p>", "2023-09-06", "updated",
         "guess", "2023-09-06"},
        /* other stories' dates, a story's own mention of a day, impossible days: unknown */
        {"",
         "<h1>Wall falls</h1>" STORY
         "<div class=related><a href=x>Ferry</a><span class=date>3 May 2024</span></div>",
         "", "", "", ""},
        {"",
         "<h1>Wall falls</h1>" STORY "<p>It was built by the men of the town, as every child there knows, "
                                     "between the great storm of 3 May 1924 and "
         "the war, and it was never meant to stand for so long a time.</p>",
         "", "", "", ""},
        {"<meta name=pubdate content='2023-02-30'><meta name=date content='now'>",
         "<h1>Wall falls</h1>" STORY, "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        reading r;
        read_page(&r, pages[i].head, pages[i].body);
        if (strcmp(r.article.date, pages[i].date) || strcmp(r.article.date_source, pages[i].source) ||
            strcmp(r.article.date_certainty, pages[i].certainty) ||
            strcmp(r.article.updated, pages[i].updated))
            fail_msg("page %zu: '%s' from '%s', '%s', updated '%s'", i, r.article.date, r.article.date_source,
                     r.article.date_certainty, r.article.updated);
        reading_close(&r);
    }
}

static void test_dates_of_addresses(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"https://example.org/2023/09/04/wall", "2023-09-04"},
        {"https://example.org/2023/sep/04/wall", "2023-09-04"},
        {"https://example.org/a-2023-09-04.html", "2023-09-04"},
        {"https://example.org/20230904/wall", "2023-09-04"},
        {"https://example.org/2023-09/04/wall", "2023-09-04"},
        {"https://example.org/04-09-2023-wall", "2023-09-04"},
        {"https://example.org/2023/09/wall", "2023-09"},
        {"https://2023-09-04.example.org/wall", ""},
        {"https://example.org/2023/13/04/wall", ""},
        {"https://example.org/wall?d=2023-09-04", ""},
        {"https://example.org/12345678/wall", ""},
        {"https://example.org/a20230904b", ""},
        {"https://example.org", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char iso[NS_DATE_SIZE];
        ns_url_date(pairs[i][0], iso);
        if (strcmp(iso, pairs[i][1]))
            fail_msg("'%s' gave '%s', not '%s'", pairs[i][0], iso, pairs[i][1]);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body, *title, *byline, *source, *agency;
    } pages[] = {
        {"<title>Harbour wall falls in the great storm | The Ledger</title>",
         "<h1>Harbour wall falls in the great storm</h1><p class=byline>By Ann Morell | 4 May 2023</p>" STORY,
         "Harbour wall falls in the great storm", "By Ann Morell", "The Ledger", ""},
        {"<meta property=og:title content='Wall falls &amp; ferry stops'><meta property=og:site_name "
         "content=Ledger>"
         "<meta name=author content='https://example.org/ann'>",
         "<h1>Wall</h1><span itemprop=author>By <span itemprop=name>Bo Tarn</span></span>" STORY,
         "Wall falls & ferry stops", "Bo Tarn", "Ledger", ""},
        {"<script type='application/ld+json'>{\"@graph\":[{\"@type\":[\"NewsArticle\"],\"headline\":\"Wall "
         "falls\",\"author\":"
         "[{\"name\":\"Ann\"},{\"name\":\"Bo\"}],\"publisher\":{\"name\":\"The Ledger\"}}]}</script>",
         "<h1>Wall</h1>" STORY, "Wall falls", "Ann, Bo", "The Ledger", ""},
        {"<title>Harbour wall falls in the great storm</title>",
         "<h1>Harbour wall falls in the great storm</h1><p class=byline>/ Ann Morell / 10:08 am</p>" STORY,
         "Harbour wall falls in the great storm", "Ann Morell", "", ""},
        {"<meta property=og:title content='Harbour wall falls'><meta name=author content='Reuters'>", STORY,
         "Harbour wall falls", "Reuters", "", "Reuters"},
        {"<title>Harbour wall falls</title>",
         "<p>OSLO (AFP) - Part of the wall fell, and a man told Interfax of it.</p>" STORY,
         "Harbour wall falls", "", "", "AFP"},
        {"<title>Harbour wall falls</title>", STORY "<p>With inputs from PTI and AP</p>",
         "Harbour wall falls", "", "", "PTI, AP"},
        {"<title>Harbour wall falls</title>", STORY "<p>SOURCE: The Ledger and agencies</p>",
         "Harbour wall falls", "", "", "agencies"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        reading r;
        read_page(&r, pages[i].head, pages[i].body);
        if (strcmp(r.article.title, pages[i].title) || strcmp(r.article.byline, pages[i].byline) ||
            strcmp(r.article.source, pages[i].source) || strcmp(r.article.agency, pages[i].agency))
            fail_msg("page %zu: title '%s', byline '%s', source '%s', agency '%s'", i, r.article.title,
                     r.article.byline, r.article.source, r.article.agency);
        reading_close(&r);
    }
}

static void test_story(void **state)
{
    (void)state;
    reading r;
    /* the lead is part of the story; the headline, the byline and repeats are not; comments never are */
    read_page(
        &r, "<title>Harbour wall falls</title>",
        "<div class='page ad-margins'><h1>Harbour wall falls</h1><p class=standfirst>The wall had stood for "
        "a century, and "
        "nobody had looked after it.</p><p>4 May 2023</p><div class=entry-content>" STORY
        "<p>The wall had stood for a century, and nobody had looked after it.</p><aside>Ferry fares to "
        "rise</aside>"
        "<h3>What now</h3><p>The council meets on Friday, and a report is to be ready by then, officials "
        "said.</p>"
        "<p>Nobody knows yet what it will say, or who is to pay, or when the ferry will run again.</p></div>"
        "<div id=comments><p>I have always said so, and so has my neighbour, who is a builder, and "
        "knows.</p></div></div>");
    assert_int_equal(r.article.paragraph_count, 6);
    assert_string_equal(r.article.paragraphs[0].text,
                        "The wall had stood for a century, and nobody had looked after it.");
    assert_string_equal(r.article.paragraphs[3].text, "What now");
    assert_string_equal(reading_dropped(&r, "The wall had stood")->reason, "repeated");
    assert_string_equal(reading_dropped(&r, "Ferry fares")->reason, "related");
    assert_null(reading_paragraph(&r, "neighbour"));
    reading_close(&r);
    /* what a publisher says of itself goes; sentences of a story that have such words stay */
    read_page(&r, "<title>Harbour wall falls</title>",
              "<article><h1>Harbour wall falls</h1>" STORY
              "<p>The builder had no written permission of the council, and sold its wall by apps, newsletters and affiliates.</p>"
              "<p>To view the full story, please subscribe to the Harbour Times.</p>"
              "<p>For the latest stories download our apps for iOS and Android.</p>"
              "<p>The Harbour Times is not responsible for the opinions of its contributors.</p>"
              "<p>This page may contain affiliate links, and we may earn a commission.</p><p>Tags: harbour, wall</p></article>");
    assert_int_equal(r.article.paragraph_count, 3);
    assert_non_null(reading_paragraph(&r, "The builder"));
    assert_string_equal(reading_dropped(&r, "To view")->reason, "promotion");
    assert_string_equal(reading_dropped(&r, "For the latest")->reason, "promotion");
    assert_string_equal(reading_dropped(&r, "responsible")->reason, "legal");
    assert_string_equal(reading_dropped(&r, "affiliate links")->reason, "legal");
    assert_string_equal(reading_dropped(&r, "Tags")->reason, "menu");
    reading_close(&r);
    /* of several articles the one below the headline */
    read_page(
        &r, "<title>Harbour wall falls in the storm</title>",
        "<div><article><h1>Harbour wall falls in the storm</h1>" STORY
        "<p>A third paragraph, which is here to make it long enough, says no more than that.</p></article>"
        "<article><h2>Ferry fares to rise</h2><p>The fares of the ferry will rise in May, the company said, "
        "by a "
        "tenth, and by more, perhaps, in the year after that.</p><p>The fares, it said, had not been raised "
        "for six "
        "years, and it had no other choice, or none that it liked, or that it could name.</p><p>And a third, "
        "with "
        "commas, one, two, three, four, five, six, seven, to make it heavy, heavier, "
        "heaviest.</p></article></div>");
    assert_non_null(reading_paragraph(&r, "Nobody was hurt"));
    assert_null(reading_paragraph(&r, "fares of the ferry"));
    reading_close(&r);
    /* a story that only JSON-LD holds */
    read_page(
        &r,
        "<title>Harbour wall falls</title><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
        "\"articleBody\":\"Part of the harbour wall gave way in the storm, officials said, and the ferry "
        "terminal "
        "was closed.\\nNobody was hurt, the council said, but it will take a year, and cost more than the "
        "old one "
        "did, &amp; more than it has.\"}</script>",
        "<div id=app>Loading, please wait.</div>");
    assert_int_equal(r.article.paragraph_count, 2);
    assert_non_null(reading_paragraph(&r, "& more than it has"));
    reading_close(&r);
}

/* Pages that say one thing by odd markup. */
static void test_odd_markup(void **state)
{
    (void)state;
    static const struct {
        const char *body, *kept, *left_out;
    } pages[] = {
        /* a letter drawn large */
        {"<article><h1>Harbour wall falls</h1><span class=x>T</span><p>he wall, people said, was old, and nobody knew how "
         "old.</p>" STORY "</article>",
         "The wall, people", NULL},
        /* the end of any heading ends the one that is open */
        {"<main><h1>Harbour wall falls</h1><h2 class=excerpt>The town has no other ferry, and none is to be had this "
         "year.</h3><div class=ad-box><p>Buy a boat, our boats are cheap, and good.</p></div><div id=story>" STORY
         "</div></main>",
         "The town has no other ferry", "Buy a boat"},
        /* how a word is spoken stands above it */
        {"<article><h1>Harbour wall falls</h1><p>The <ruby>wall<rp>(</rp><rt>wawl</rt><rp>)</rp></ruby> is of stone, "
         "people said, and old.</p>" STORY "</article>",
         "The wall is of stone", "wawl"},
        /* the rest of a story, shown on demand; and a box of links of that name */
        {"<div><h1>Harbour wall falls</h1><div class=text>" STORY STORY STORY STORY STORY STORY
         "<div id=read-more>" STORY STORY STORY STORY STORY STORY
         "<p>The last of it, the council said, is not yet known.</p></div><div class=read-more><p>Ferry fares to rise, says "
         "company</p></div></div></div>",
         "The last of it", "Ferry fares"},
        /* a stream of other stories */
        {"<div><h1>Harbour wall falls</h1><div class=text>" STORY STORY STORY "</div><ul><li><div><p>A man who lost his dog, "
         "a brown one, found it, his wife said, in May.</p></div></li><li><div><p>The fair, which had been put off, will be "
         "held, the mayor said, in June.</p></div></li><li><div><p>Rain, wind, hail, snow, and frost are on their way, we are "
         "told, by night.</p></div></li><li><div><p>Ten men, two women, a child, and a goat were on the boat, he "
         "said.</p></div></li></ul></div>",
         "Part of the harbour wall", "lost his dog"},
        /* an agency's caption, and a notice */
        {"<article><h1>Harbour wall falls</h1><p>This website uses cookies. By continuing to use it you agree to that.</p>"
         "<p>In this June 3, 2011 file photo, the harbour wall is seen from the ferry.</p>" STORY "</article>",
         "Part of the harbour wall", "from the ferry"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        reading r;
        read_page(&r, "<title>Harbour wall falls</title>", pages[i].body);
        if (!reading_paragraph(&r, pages[i].kept) || (pages[i].left_out && reading_paragraph(&r, pages[i].left_out)))
            fail_msg("page %zu: '%s' is %s", i, pages[i].kept,
                     reading_paragraph(&r, pages[i].kept) ? "there, and more than that" : "not there");
        reading_close(&r);
    }
}

static void test_wrong_charset(void **state)
{
    (void)state;
    static const struct {
        const char *page, *words;
    } pages[] = {
        {"<html><head><meta charset=iso-8859-1></head><body><p>Caf\xc3\xa9 owners said so, and more.</p>",
         "Caf\xc3\xa9 o"},
        {"<html><head><meta charset=utf-8></head><body><p>Caf\xe9 owners said so, and more.</p>",
         "Caf\xc3\xa9 o"},
        {"<html><head><meta charset=utf-7></head><body><p>Caf\xc3\xa9 +ADw-b+AD4- owners, they said.</p>",
         "Caf\xc3\xa9 +ADw-b"},
        {"<html><head><meta charset=klingon></head><body><p>Caf\xe9 owners said so, and more.</p>",
         "Caf\xc3\xa9 o"},
        {"<html><head><meta http-equiv=content-type content='text/html; charset=windows-1251'></head><body>"
         "<p>\xcc\xee\xf1\xea\xe2\xe0, \xcc\xee\xf1\xea\xe2\xe0.</p>",
         "\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0, "},
        {"<html><head><meta charset=utf-16></head><body><p>Caf\xc3\xa9 owners said so, and more.</p>",
         "Caf\xc3\xa9 o"},
        {"\xef\xbb\xbf<html><head><meta charset=shift_jis></head><body><p>Caf\xc3\xa9 owners said so.</p>",
         "Caf\xc3\xa9 o"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        reading r;
        reading_one(&r, "page.html", pages[i].page);
        if (!reading_paragraph(&r, pages[i].words))
            fail_msg("page %zu: '%s'", i, r.article.paragraph_count ? r.article.paragraphs[0].text : "");
        reading_close(&r);
    }
    static const char wide[] =
        "\xff\xfe<\0h\0t\0m\0l\0>\0<\0b\0o\0d\0y\0>\0<\0p\0>\0C\0a\0f\0\xe9\0.\0<\0/\0p\0>\0";
    reading r;
    reading_open(&r, "page.html", wide, sizeof wide - 1);
    assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
    assert_non_null(reading_paragraph(&r, "Caf\xc3\xa9."));
    reading_close(&r);
}

/* What a page may do to the reader: nothing but be read or skipped, quickly, with the text that it has. */
static void test_bad_pages(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *unit, *end, *words;
        size_t times;
    } pages[] = {
        {"", "", "", NULL, 1},
        {"\xef\xbb\xbf", "", "", NULL, 1},
        {"<body>", "<div>", "<p>The wall fell.</p>", "The wall fell.", 200000},
        {"<body>", "<ul><li>", "The wall fell.", "The wall fell.", 64000},
        {"<body>", "<b i>", "The wall fell.", "The wall fell.", 10000},
        {"<body><p>The wall fell.</p>", "<b i>x</b>", "", "The wall fell.", 10000},
        {"<body><p", " a1=b", ">The wall fell.</p>", "The wall fell.", 400000},
        {"<body><p class=\"", "share ", "\">The wall fell.</p>", "The wall fell.", 400000},
        {"<body><p>The wall fell.</p>", "<h1>", "", "The wall fell.", 100000},
        {"<body><p>The wall fell.</p>", "<p class=author>", "", "The wall fell.", 100000},
        {"<body><p>The wall fell.</p><p>", "1 May 2023 ", "</p>", "The wall fell.", 100000},
        {"<body><p>The wall fell.</p>", "<time datetime=2023-05-01>", "", "The wall fell.", 100000},
        {"<body><p>The wall fell.</p>", "<meta property='og:title' content='Harbour wall'>", "",
         "The wall fell.", 50000},
        {"<body><p>The wall fell.</p><script>", "\"publishDate\":\"2", "", "The wall fell.", 50000},
        {"<body><p>The wall fell.</p><script type='application/ld+json'>", "[", "</script>", "The wall fell.",
         200000},
        {"<body><p>The wall fell.</p><!--", "x", "", "The wall fell.", 1000000},
        {"<body><p>The wall fell.</p>", "<!-", "", "The wall fell.", 2000000},
        {"<body><p>The wall fell.</p><textarea>", "x", "", "The wall fell.", 100000},
        {"<body><p>The wall fell.</p><![CDATA[", "x", "", "The wall fell.", 100000},
        {"<!DOCTYPE html [<!ENTITY a '", "x",
         "'><!ENTITY b '&a;&a;&a;&a;&a;'>]><body><p>The wall fell. &b;&b;", "The wall fell.", 1000},
        {"<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><body><p>The wall fell. &a;", "", "</p>",
         "The wall fell.", 1},
        {"<body><p>The wall fell. &#0; &#x110000; &#99999999999999; &#xd800; &bogus;", "", "</p>",
         "The wall fell.", 1},
        {"<head><base href='file:///'><meta http-equiv=refresh "
         "content='0;url=http://example.org/'></head><body>"
         "<p>The wall fell.</p><img src='data:image/png;base64,",
         "AAAA", "'>", "The wall fell.", 1000000},
        {"<title>", "Wall ", "</title><body><p>The wall fell.</p>", "The wall fell.", 2000000},
        {"<body><p>The wall fell.</p><table>", "<tr><td>", "", "The wall fell.", 50000},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        ns_buffer page = NS_BUFFER_INIT;
        reading r;
        ns_buffer_add_string(&page, pages[i].begin);
        for (size_t k = 0; k < pages[i].times; k++)
            ns_buffer_add_string(&page, pages[i].unit);
        ns_buffer_add_string(&page, pages[i].end);
        clock_t begin = clock();
        reading_open(&r, "page.html", page.data ? page.data : (const uint8_t *)"", page.size);
        ns_read read = reading_next(&r);
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (pages[i].words && (read != NS_READ_ARTICLE || !reading_paragraph(&r, pages[i].words)))
            fail_msg("page %zu ('%s'): not read: %s", i, pages[i].unit, r.err.text);
        if (!pages[i].words && read != NS_READ_SKIPPED)
            fail_msg("page %zu: not skipped", i);
        if (seconds > 4)
            fail_msg("page %zu ('%s'): %.1f s", i, pages[i].unit, seconds);
        if (read == NS_READ_ARTICLE)
            for (const unsigned char *p = (const unsigned char *)r.article.title; *p; p++)
                assert_true(*p >= ' ');
        reading_close(&r);
        ns_buffer_release(&page);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (!INSTRUMENTED) /* a sanitizer needs memory of its own */
        assert_in_range(usage.ru_maxrss >> 10, 1, 256);
}

static void test_addresses_and_controls(void **state)
{
    (void)state;
    static const char *const bad[] = {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
                                      "//example.org/x", "http://example.org/ x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r;
        char head[200];
        snprintf(head, sizeof head,
                 "<title>Wall \x1b[31m \x1b]52;c;eA==\x07 \xe2\x80\xae falls</title><link rel=canonical "
                 "href='%s'>",
                 bad[i]);
        read_page(&r, head, STORY);
        assert_string_equal(r.article.url, "");
        assert_null(strpbrk(r.article.title, "\x1b\x07"));
        assert_null(strstr(r.article.title, "\xe2\x80\xae"));
        reading_close(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_dates_of_addresses),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_story),
        cmocka_unit_test(test_odd_markup),
        cmocka_unit_test(test_wrong_charset),
        cmocka_unit_test(test_bad_pages),
        cmocka_unit_test(test_addresses_and_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
