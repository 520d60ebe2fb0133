/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_reader.c - throws bytes at the readers and holds every article they give to the promises of
 * corpus/article.h. With libFuzzer:
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -DNS_FUZZ_ENGINE ... fuzz_reader.c
 * Without, it replays the files named, or else mutates a few small inputs; the seed is printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/charset.h"
#include "corpus/reader.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void check_string(const char *s, size_t n)
{
    CHECK(s && strlen(s) == n);
    for (const uint8_t *p = (const uint8_t *)s, *end = p + n; p < end;) {
        uint32_t code;
        p += ns_utf8_decode(p, end, &code);
        CHECK(code != UINT32_MAX && code >= 0x20 && !(code >= 0x7f && code < 0xa0));
    }
}

static void check_article(const ns_article *a)
{
    ns_article copy = *a;
    const char **strings[NS_ARTICLE_STRINGS];
    int32_t first, last;
    ns_article_strings(&copy, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++) {
        CHECK(*strings[i]);
        check_string(*strings[i], strlen(*strings[i]));
    }
    CHECK(*a->id);
    CHECK(*a->title || a->paragraph_count);
    CHECK(!*a->date == !*a->date_source && !*a->date == !*a->date_certainty);
    CHECK(!*a->updated || ns_day_parse_iso(a->updated, &first, &last));
    CHECK(!*a->captured || ns_day_parse_iso(a->captured, &first, &last));
    CHECK(!*a->date || ns_day_parse_iso(a->date, &first, &last));
    CHECK(!*a->url || !strncasecmp(a->url, "http", 4));
    for (size_t i = 0; i < a->paragraph_count; i++) {
        const ns_paragraph *p = &a->paragraphs[i];
        check_string(p->text, p->length);
        CHECK(p->length && p->text[0] != ' ' && p->text[p->length - 1] != ' ' && !strstr(p->text, "  "));
    }
    for (size_t i = 0; i < a->dropped_count; i++) {
        check_string(a->dropped[i].text, strlen(a->dropped[i].text));
        CHECK(a->dropped[i].reason && *a->dropped[i].reason);
        CHECK(a->dropped[i].before <= a->paragraph_count);
    }
    CHECK(ns_article_hash(a) == ns_article_hash(a));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const names[] = {"a.jsonl", "a.html", "a.txt",  "a",
                                        "a.xml",   "a.csv",  "a.warc", "a.sgm"};
    ns_reader *reader;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena;
    if (n == 0)
        return 0;
    ns_arena_init(&arena);
    /* the first byte names the file, so that each reader is met with any bytes */
    CHECK(!ns_reader_open_memory(names[bytes[0] % 8], bytes + 1, n - 1, &reader, &err));
    for (size_t answers = 0;; answers++) {
        ns_article article;
        ns_arena_reset(&arena);
        ns_read read = ns_reader_next(reader, &arena, &article, &err);
        CHECK(*ns_reader_where(reader));
        CHECK(answers <= n + 1);
        if (read == NS_READ_ARTICLE)
            check_article(&article);
        else if (read != NS_READ_END)
            CHECK(err.status != NSEARCH_OK && err.text[0]);
        if (read == NS_READ_END || read == NS_READ_FAILED)
            break;
    }
    ns_reader_close(reader);
    ns_arena_release(&arena);
    return 0;
}

#ifndef NS_FUZZ_ENGINE
static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    if (!file) {
        perror(path);
        return 2;
    }
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, n);
    return 0;
}

static const char *const seeds[] = {
    "0{\"id\": 7, \"title\": \"A &amp; B\", \"date\": \"29 Feb 1900\", \"text\": \"One\\u0000 two.\\n\\nRead "
    "also: x\"}\n{\n[1]\n",
    "1<!DOCTYPE html><html lang=en><head><title>T | S</title><script "
    "type='application/ld+json'>{\"@type\":\"NewsArticle\","
    "\"datePublished\":\"2023-09-11\"}</script></head><body><div class=menu>a</div><p>First, of all, a "
    "sentence that is long "
    "enough to be prose.</p><figure><figcaption>c</figcaption></figure><p>Second one, just as long as the "
    "first.</p></body>",
    "2Saturday, May 18, 2024\nHomeasiaHarbour reopens after the storm\n\nHarbour reopens after the storm\nBy "
    "Ann Morell\n"
    "SEOUL \xe2\x80\x93 The harbour reopened on Monday, said the council, after a week of repairs.\n\nRead "
    "also:Tax\np.x:before {\n"
    "color: red;\nRelated Articles\nOther story\nSOURCE: The Ledger and agencies",
    "3\xff\xfeh\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0.\0",
    "4<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>F</title><item><title>A "
    "&amp; B &eacute;</title>"
    "<link>http://a.b/</link><guid>7</guid><pubDate>Mon, 04 Sep 2023 10:00:00 "
    "GMT</pubDate><description>&lt;p>Text&lt;/p></description>"
    "</item><item><title><![CDATA[x]]></title></item></channel></rss>",
    "4<feed xmlns='http://www.w3.org/2005/Atom' "
    "xml:base='http://a.b/'><entry><title>T</title><id>tag:a,1</id><link href='c'/><content "
    "type='xhtml'><div "
    "xmlns='http://www.w3.org/1999/xhtml'><p>One</p><br/>two</div></content><updated>2023-09-04</updated></"
    "entry></feed>",
    "4<newsMessage><newsItem guid='u:1'><itemMeta><provider "
    "literal='M'/></itemMeta><contentMeta><headline>H</headline><by>By A</by>"
    "</contentMeta><contentSet><inlineXML><nitf><head><docdata><date.issue "
    "norm='20230904T101500+0200'/></docdata></head><body><body.head>"
    "<hedline><hl1>T</hl1></hedline></body.head><body.content><p>Text.</p></body.content></body></nitf></"
    "inlineXML></contentSet></newsItem></newsMessage>",
    "4<NewsML><NewsItem><NewsManagement/><NewsComponent><NewsLines><HeadLine>H</HeadLine><DateLine>OSLO</"
    "DateLine></NewsLines><ContentItem>"
    "<DataContent><p>Text.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
    "7<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS NEWID=\"7\"><DATE>26-FEB-1987 "
    "15:01:01.79</DATE><TEXT>&#2;<TITLE>COCOA &lt;X></TITLE>"
    "<BODY>Showers.\n&#3;</BODY></TEXT></REUTERS>",
    "3\001abc0062 4 i 211  mna 061\r\n\002Wall gives way\r\nBy Ann =\r\n\r\n   Oslo (mna) - "
    "Text.\r\n\003041137 GMT Sep 23\r\n\004",
    "3\026\001W28\037_x\r\n\021 BC-Wall\r\n\002^BC-Wall,46<\r\n^Wall <\r\n^By A=\r\n\t   O (AP) _ "
    "``So''.\r\n\003AP-WF-09-04-23 1509GMT<\r\n\004",
    "5id,title,text\n1,\"A, \"\"b\"\"\",\"One\ntwo\"\n2,C,\"open\n3,D,e\n",
    "6WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.b/\r\nWARC-Date: "
    "2023-09-12T10:00:00Z\r\nContent-Type: application/http\r\n"
    "Content-Length: 159\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
    "chunked\r\n\r\n40\r\n<html><title>T</title><p>A sentence of "
    "some words, all the same.\r\n0\r\n\r\n\r\n\r\nWARC/1.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n",
    "3PK\3\4\x0a\0\0\0\0\0\x20\x7c\x76\x5b\x2d\x3b\x08\xaf\x0c\0\0\0\x0c\0\0\0\x05\0\0\0"
    "a.txthello world\n",
    "3\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0",
};
static const size_t seed_sizes[] = {
    [3] = 27, [13] = 1 + 30 + 5 + 12, [14] = 26}; /* of those that hold zeros */

int main(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++)
        status |= replay(argv[i]);
    if (argc > 1)
        return status;
    const char *chosen = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = chosen ? strtoull(chosen, NULL, 10) : 1, state = seed;
    static uint8_t bytes[4096];
    const char *runs = getenv("NSEARCH_FUZZ_RUNS");
    size_t rounds = runs ? strtoull(runs, NULL, 10) : 20000;
    printf("mutating with seed %llu\n", (unsigned long long)seed);
    for (size_t round = 0; round < rounds; round++) {
        size_t which = round % (sizeof seeds / sizeof *seeds);
        size_t n = seed_sizes[which] ? seed_sizes[which] : strlen(seeds[which]);
        memcpy(bytes, seeds[which], n);
        for (size_t i = 0, changes = round / (sizeof seeds / sizeof *seeds) % 12; i < changes; i++) {
            uint64_t r = ns_mix64(state += UINT64_C(0x9e3779b97f4a7c15));
            size_t at = (size_t)(r >> 32) % n;
            if (r % 5 == 0 && n > 8) { /* cut out */
                size_t cut = (r >> 8) % 8;
                memmove(bytes + at, bytes + at + (at + cut < n ? cut : 0), n - at - (at + cut < n ? cut : 0));
                n -= at + cut < n ? cut : 0;
            } else if (r % 5 == 1 && n * 2 < sizeof bytes) { /* repeat */
                memmove(bytes + at + 1, bytes + at, n - at);
                n++;
            } else if (r % 5 == 2) {
                bytes[at] = (uint8_t) "\n<>\"{}[]:;&#.-\\/\xc2\xe2\x80 "[(r >> 8) % 21];
            } else {
                bytes[at] ^= (uint8_t)(1u << (r >> 8) % 8);
            }
        }
        LLVMFuzzerTestOneInput(bytes, n);
    }
    return 0;
}
#endif
