/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_reader_memory.c - every allocation of a reader fails once, and from then on: an article that is given
 * is whole, one that is not given is said, and nothing crashes. Linked with --wrap, so that it is our calls
 * that fail; the libraries' own are left alone (jansson 2.14 drops a byte when its buffer cannot grow).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/reader.h"
#include "tests/support/failing_memory.h"

static const struct {
    const char *name, *bytes;
} inputs[] = {
    { "rows.jsonl", "{\"id\": \"1\", \"title\": \"One\", \"byline\": [\"Ann\", \"Bo\"], \"text\": \"First.\\n\\nRead also: x\"}\n"
                    "{\"id\": \"2\", \"title\": \"caf\xe9\"}\n{\"bad\n{\"id\": \"4\", \"text\": \"Four.\"}\n" },
    { "many.json", "[\n{\"title\": \"A\"},\n{\"title\": \"B\", \"date\": \"2001\"}]\n" },
    { "page.txt", "Friday, March 1, 2024\nHarbour wall gives way as storm comes\nBy Ann Morell\n4 September 2023\n"
                  "OSLO (AFP) - Part of the harbour wall gave way on Monday, officials said, in the great storm.\n"
                  "Nobody was hurt and the ferry terminal was closed, caf\xe9 owners said.\nRelated\nOther story\nSOURCE: Ledger\n" },
    { "page.html", "<html lang=en><head><title>Wall falls | The Ledger</title><meta property=og:site_name content=Ledger>"
                   "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-09-04\"}</script>"
                   "<meta name=author content='Ann Morell'></head><body><h1>Wall falls</h1><p class=byline>By <b>Ann</b> Morell"
                   "</p><p class=date>4 <b>September</b> 2023</p><time datetime=2023-09-04>today</time><p>Part of the harbour wall gave way on Monday, officials said, in the storm.</p><ul><li><a "
                   "href=x>Other</a></ul><p>Nobody was hurt, and the ferry terminal was closed until further notice.</p><p>(AFP)</p></body>" },
    { "told.html", "<html><head><title>Wall falls</title><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
                   "\"author\":[{\"name\":\"Ann\"}],\"articleBody\":\"Part of the harbour wall gave way on Monday, officials "
                   "said, in the great storm that had come from the north. Nobody was hurt, and the ferry terminal was closed "
                   "until further notice, the council said in the evening. It is to be built anew.\"}</script></head><body>"
                   "<p>Please wait for the page to load.</p></body>" },
};

/* Reads an input through; the hashes of its articles. True when it told of a failure for memory. */
static bool read_through(size_t input, uint64_t *hashes, size_t *count, size_t *skipped)
{
    ns_reader *reader = NULL;
    ns_arena arena;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_article article;
    bool told = false;
    *count = *skipped = 0;
    ns_arena_init(&arena);
    if (ns_reader_open_memory(inputs[input].name, inputs[input].bytes, strlen(inputs[input].bytes), &reader, &err))
        return err.status == NSEARCH_NO_MEMORY;
    for (ns_read read; (read = ns_reader_next(reader, &arena, &article, &err)) != NS_READ_END;) {
        if (read == NS_READ_ARTICLE && *count < 8)
            hashes[(*count)++] = ns_article_hash(&article);
        if (read != NS_READ_ARTICLE) {
            assert_int_not_equal(err.status, NSEARCH_OK);
            told = told || err.status == NSEARCH_NO_MEMORY;
            *skipped += err.status != NSEARCH_NO_MEMORY;
        }
        if (read == NS_READ_FAILED)
            break;
    }
    ns_reader_close(reader);
    ns_arena_release(&arena);
    return told;
}

static void test_every_allocation_fails(void **state)
{
    (void)state;
    size_t met = 0;
    for (size_t input = 0; input < sizeof inputs / sizeof *inputs; input++) {
        uint64_t whole[8], hashes[8];
        size_t count, skipped, got, passed;
        assert_false(read_through(input, whole, &count, &skipped));
        assert_true(count > 0);
        for (int mode = 0; mode < 2; mode++) {
            bool reached = true;
            for (long n = 1; reached; n++) {
                failing_memory_begin(n, mode);
                bool told = read_through(input, hashes, &got, &passed);
                reached = failing_memory_end() >= n;
                met += reached;
                for (size_t i = 0; i < got; i++)
                    if (i >= count || hashes[i] != whole[i])
                        fail_msg("'%s': article %zu is not whole when allocation %ld fails", inputs[input].name, i, n);
                if (!told && (got != count || passed != skipped))
                    fail_msg("'%s': allocation %ld failed and nothing was said", inputs[input].name, n);
            }
        }
    }
    print_message("%zu failures met\n", met);
    assert_true(met >= 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_allocation_fails) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
