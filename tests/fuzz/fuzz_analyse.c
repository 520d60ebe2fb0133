/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_analyse.c - one input is an article (first line the title), a query, a stored article, a gazetteer and
 * a date. With libFuzzer: clang -fsanitize=fuzzer -DNS_LIBFUZZER; without, a program that replays the files
 * it is given, or some thousand random inputs when it is given none.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/article.h"
#include "src/base/bytes.h"
#include "src/text/analyse.h"
#include "src/text/fold.h"
#include "src/text/stored.h"
#include "src/text/timex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A reader hands over valid UTF-8 without NUL: other bytes become '?'. */
static char *clean(ns_arena *arena, const uint8_t *data, size_t size)
{
    char *text = ns_arena_copy(arena, data, size);
    for (size_t i = 0; text && i < size;) {
        size_t length;
        uint32_t c = ns_utf8_next(text + i, text + size, &length);
        if (c == 0 || (c == 0xfffd && length == 1))
            text[i] = '?';
        i += length;
    }
    return text;
}

static void analyse_article(ns_workspace *workspace, ns_arena *arena, char *text)
{
    ns_article a;
    ns_article_init(&a);
    a.id = "1";
    a.title = text;
    a.source = "S";
    a.byline = "B";
    a.date = "2023-09";
    ns_paragraph paragraphs[64];
    a.paragraphs = paragraphs;
    for (char *p = strchr(text, '\n'); p && a.paragraph_count < 64;) {
        *p++ = '\0';
        char *end = strchr(p, '\n');
        paragraphs[a.paragraph_count++] = (ns_paragraph){p, end ? (size_t)(end - p) : strlen(p)};
        p = end;
    }
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_analysed out;
    ns_mention *mentions;
    int32_t *where;
    size_t count;
    ns_stored stored;
    if (ns_analyse_article(workspace, &a, &out, &err) == NSEARCH_OK &&
        ns_stored_decode(out.stored, out.stored_size, arena, &stored, &err) != NSEARCH_OK)
        abort(); /* what was encoded must be read back */
    ns_analyse_mentions(workspace, &a, arena, &mentions, &where, &count, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ns_analyser *analyser;
    static ns_workspace *workspace;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (!workspace &&
        (ns_analyser_new(NULL, 0, &analyser, &err) || ns_workspace_new(analyser, &workspace, &err)))
        return 0;
    ns_arena arena = NS_ARENA_INIT;
    ns_tokens tokens;
    ns_stored stored;
    ns_analyser *own = NULL;
    int32_t first, last;
    const char *bytes = (const char *)data;
    ns_analyse_query(workspace, bytes, size, &arena, &tokens, &err);
    ns_analyse_text(workspace, bytes, size, &arena, &tokens, &err);
    ns_stored_decode(data, size, &arena, &stored, &err);
    ns_timex_parse(bytes, size, 19611, &first, &last);
    if (ns_analyser_new(bytes, size, &own, &err) == NSEARCH_OK)
        ns_analyser_free(own);
    char *text = clean(&arena, data, size);
    if (text)
        analyse_article(workspace, &arena, text);
    ns_arena_release(&arena);
    return 0;
}

#ifndef NS_LIBFUZZER
/* Pieces that the code treats in a special way, glued and broken at random. */
static size_t random_input(uint8_t *out, size_t capacity, uint64_t *seed)
{
    static const char *const pieces[] = {"U.S. ",
                                         "anti-",
                                         "Mr. ",
                                         "\n",
                                         "\t",
                                         "|",
                                         "person",
                                         "org",
                                         "=",
                                         "~",
                                         "2023-09",
                                         "..",
                                         "last week",
                                         "\xe2\x80\x99s ",
                                         "\xcc\x81",
                                         "1,000",
                                         "Kim Jong-un ",
                                         "north ",
                                         "\xf0\x9f\x98\x80",
                                         "\xed\xa0\x80",
                                         "%",
                                         "\1",
                                         "\x0c"};
    size_t n = 0, wanted = (*seed = ns_mix64(*seed + 1)) % capacity;
    while (n + 16 < wanted) {
        uint64_t r = *seed = ns_mix64(*seed + 1);
        if (r & 1) {
            out[n++] = (uint8_t)(r >> 8);
            continue;
        }
        const char *piece = pieces[(r >> 8) % (sizeof pieces / sizeof *pieces)];
        memcpy(out + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        uint64_t seed = 1;
        static uint8_t input[2048];
        for (int i = 0; i < 3000; i++) {
            size_t n = random_input(input, sizeof input, &seed);
            LLVMFuzzerTestOneInput(input, n);
        }
        printf("3000 random inputs\n");
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        static uint8_t bytes[1 << 20];
        if (!file) {
            perror(argv[i]);
            return 2;
        }
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, n);
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}
#endif
