/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_stored.c - a stored article comes back as it was; damaged bytes never do harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/text/stored.h"
#include "tests/unit/text_help.h"

static ns_buffer encoded(ns_arena *arena)
{
    static const ns_passage passages[] = {{NULL, 0, 1, 0, 11}, {NULL, 0, 1, 12, 25}};
    static ns_dropped dropped[] = {{"Read also: shells", "related", 1}, {"menu", "menu", 0}};
    ns_article article = text_help_article(arena, "A title", "First line.\nSecond line of it.");
    article.dropped = dropped;
    article.dropped_count = 2;
    ns_buffer out = NS_BUFFER_INIT;
    ns_stored_encode(&out, &article, passages, 2);
    assert_false(out.failed);
    return out;
}

static void round_trip(void **state)
{
    (void)state;
    ns_arena arena = NS_ARENA_INIT;
    ns_buffer bytes = encoded(&arena);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_stored s;
    assert_int_equal(ns_stored_decode(bytes.data, bytes.size, &arena, &s, &err), NSEARCH_OK);
    assert_string_equal(s.article.id, "a1");
    assert_string_equal(s.article.title, "A title");
    assert_string_equal(s.article.origin, "/news/a1.txt");
    assert_string_equal(s.article.section, "");
    assert_string_equal(s.article.date_certainty, "sure");
    assert_string_equal(s.article.updated, "2023-09-12T08:00:00Z");
    assert_string_equal(s.article.captured, "2023-09-14");
    assert_string_equal(s.article.agency, "AFP");
    assert_string_equal(s.body, "First line.\nSecond line of it.");
    assert_int_equal(s.body_length, 30);
    assert_int_equal(s.article.paragraph_count, 2);
    assert_ptr_equal(s.article.paragraphs[1].text, s.body + 12);
    assert_int_equal(s.article.dropped_count, 2);
    assert_string_equal(s.article.dropped[0].reason, "related");
    assert_int_equal(s.article.dropped[0].before, 1);
    assert_int_equal(s.passage_count, 2);
    assert_int_equal(s.passages[1].begin, 12);
    assert_int_equal(s.passages[1].end, 25);
    ns_buffer_release(&bytes);
    ns_arena_release(&arena);
}

static void cut_short(void **state)
{
    (void)state;
    ns_arena arena = NS_ARENA_INIT;
    ns_buffer bytes = encoded(&arena);
    for (size_t n = 0; n < bytes.size; n++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_stored s;
        uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a read past the end */
        memcpy(exact, bytes.data, n);
        assert_int_equal(ns_stored_decode(exact, n, &arena, &s, &err), NSEARCH_DAMAGED);
        free(exact);
    }
    ns_buffer_add_byte(&bytes, 0);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_stored s;
    assert_int_equal(ns_stored_decode(bytes.data, bytes.size, &arena, &s, &err), NSEARCH_DAMAGED);
    ns_buffer_release(&bytes);
    ns_arena_release(&arena);
}

/* Every byte in turn, every value: an answer or DAMAGED, with bounds that hold. */
static void every_byte(void **state)
{
    (void)state;
    ns_arena keep = NS_ARENA_INIT;
    ns_buffer bytes = encoded(&keep);
    unsigned damaged = 0;
    for (size_t i = 0; i < bytes.size; i++)
        for (unsigned v = 1; v < 256; v++) {
            ns_arena arena = NS_ARENA_INIT;
            nsearch_error err = NSEARCH_ERROR_INIT;
            ns_stored s;
            bytes.data[i] ^= (uint8_t)v;
            nsearch_status status = ns_stored_decode(bytes.data, bytes.size, &arena, &s, &err);
            bytes.data[i] ^= (uint8_t)v;
            damaged += status == NSEARCH_DAMAGED;
            if (status) {
                assert_int_equal(status, NSEARCH_DAMAGED);
            } else {
                assert_int_equal(strlen(s.body), s.body_length);
                for (uint32_t p = 0; p < s.passage_count; p++)
                    assert_true(s.passages[p].begin <= s.passages[p].end &&
                                s.passages[p].end <= s.body_length);
            }
            ns_arena_release(&arena);
        }
    assert_true(damaged > 1000);
    ns_buffer_release(&bytes);
    ns_arena_release(&keep);
}

/* A huge count must not make it take memory. */
static void huge_counts(void **state)
{
    (void)state;
    ns_arena arena = NS_ARENA_INIT;
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_buffer_add_byte(&bytes, 1);
    for (int i = 0; i < 12; i++)
        ns_buffer_add_varint(&bytes, 0);
    ns_buffer_add_varint(&bytes, UINT32_MAX);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_stored s;
    assert_int_equal(ns_stored_decode(bytes.data, bytes.size, &arena, &s, &err), NSEARCH_DAMAGED);
    assert_true(arena.total < 1 << 20);
    ns_buffer_release(&bytes);
    ns_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trip), cmocka_unit_test(cut_short),
                                       cmocka_unit_test(every_byte), cmocka_unit_test(huge_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
