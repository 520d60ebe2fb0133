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

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
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
    static const char *const names[] = { "a.jsonl", "a.html", "a.txt", "a" };
    ns_reader *reader;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena;
    if (n == 0)
        return 0;
    ns_arena_init(&arena);
    /* the first byte names the file, so that each reader is met with any bytes */
    CHECK(!ns_reader_open_memory(names[bytes[0] % 4], bytes + 1, n - 1, &reader, &err));
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
    "0{\"id\": 7, \"title\": \"A &amp; B\", \"date\": \"29 Feb 1900\", \"text\": \"One\\u0000 two.\\n\\nRead also: x\"}\n{\n[1]\n",
    "1<!DOCTYPE html><html lang=en><head><title>T | S</title><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
    "\"datePublished\":\"2023-09-11\"}</script></head><body><div class=menu>a</div><p>First, of all, a sentence that is long "
    "enough to be prose.</p><figure><figcaption>c</figcaption></figure><p>Second one, just as long as the first.</p></body>",
    "2Saturday, May 18, 2024\nHomeasiaHarbour reopens after the storm\n\nHarbour reopens after the storm\nBy Ann Morell\n"
    "SEOUL \xe2\x80\x93 The harbour reopened on Monday, said the council, after a week of repairs.\n\nRead also:Tax\np.x:before {\n"
    "color: red;\nRelated Articles\nOther story\nSOURCE: The Ledger and agencies",
    "3\xff\xfeh\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0.\0",
    "3\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0",
};
static const size_t seed_sizes[] = { 0, 0, 0, 27, 26 };

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
    printf("mutating with seed %llu\n", (unsigned long long)seed);
    for (size_t round = 0; round < 20000; round++) {
        size_t which = round % (sizeof seeds / sizeof *seeds);
        size_t n = seed_sizes[which] ? seed_sizes[which] : strlen(seeds[which]);
        memcpy(bytes, seeds[which], n);
        for (size_t i = 0, changes = round / 5 % 12; i < changes; i++) {
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
