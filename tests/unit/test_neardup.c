/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_neardup.c - copies of one story and what only looks like them. The thresholds rest on what was measured
 * (doc/analysis.md): two carriers of one agency story .68, an article that only shares wire paragraphs with them .29 and
 * .36, rewrites of the same news under .15; of 85,078 pairs of ECB+ the 94 above .40 are all about the same event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/reader.h"
#include "src/base/day.h"
#include "src/text/neardup.h"
#include "tests/unit/text_help.h"

enum { WORDS = 600 };
static char pool[4000][8];

/* A text of words from..to of an endless random text. */
static void make(ns_sketch *sketch, size_t from, size_t to)
{
    const char *words[WORDS];
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        words[count++] = pool[i];
    ns_sketch_make(words, count, sketch);
    for (size_t i = 0; i < NS_KEYWORDS; i++) /* as if each ten words had one */
        sketch->keywords[i] = (uint16_t)(1 + from / 10 + i);
}

static int fill_pool(void **state)
{
    (void)state;
    unsigned v = 1;
    for (size_t i = 0; i < 4000; i++) {
        v = v * 1103515245u + 12345u;
        snprintf(pool[i], sizeof pool[i], "w%u", (v >> 16) % 900);
    }
    return 0;
}

static void estimates(void **state)
{
    (void)state;
    ns_sketch a, b;
    make(&a, 0, 400);
    make(&b, 0, 400);
    assert_true(ns_sketch_likeness(&a, &b) == 1.0);
    assert_true(a.text_hash == b.text_hash);
    make(&b, 1000, 1400);
    assert_true(ns_sketch_likeness(&a, &b) == 0.0);
    make(&b, 200, 600); /* half of each */
    double half = ns_sketch_likeness(&a, &b);
    assert_true(half > 0.35 && half < 0.65);
    make(&b, 0, 200); /* half of one, all of the other */
    assert_true(ns_sketch_likeness(&a, &b) > 0.75);
    assert_in_range(a.shingles, 390, 398);
}

static void short_texts(void **state)
{
    (void)state;
    ns_sketch a, b, none;
    make(&a, 0, 8);
    make(&b, 0, 8);
    assert_int_equal(a.shingles, 0);
    assert_true(ns_sketch_is_copy(&a, 100, &b, 100, NULL));  /* the same words */
    assert_false(ns_sketch_is_copy(&a, 100, &b, 300, NULL)); /* a brief that comes every year */
    make(&b, 0, 9);
    assert_false(ns_sketch_is_copy(&a, 100, &b, 100, NULL));
    make(&none, 0, 0);
    assert_false(ns_sketch_is_copy(&none, 100, &a, 100, NULL));
    const char *same[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        same[i] = "buffalo";
    ns_sketch_make(same, WORDS, &a);
    assert_int_equal(a.shingles, 0);
}

static void days(void **state)
{
    (void)state;
    ns_sketch a, b;
    double likeness = 0;
    make(&a, 0, 400);
    make(&b, 100, 500);
    assert_true(ns_sketch_is_copy(&a, 19000, &b, 19010, &likeness));
    assert_true(likeness > 1.0);
    assert_false(ns_sketch_is_copy(&a, 19000, &b, 19100, NULL));
    assert_true(ns_sketch_is_copy(&a, 19000, &b, NS_DAY_UNKNOWN, NULL));
    make(&b, 0, 400);
    assert_true(ns_sketch_is_copy(&a, 19000, &b, 19400, NULL)); /* word for word: one date is wrong */
}

/* The sketch is part of the index: the same on every machine and in every version. */
static void stable(void **state)
{
    (void)state;
    ns_sketch a;
    make(&a, 0, 400);
    uint64_t sum = a.text_hash;
    for (int i = 0; i < NS_SKETCH_WORDS; i++)
        sum = sum * 31 + a.words[i];
    assert_int_equal(sum, UINT64_C(0x3ab850dff8c90409));
}

static void real_copies(void **state)
{
    text_help *help;
    (void)state;
    const char *shared = text_help_shared();
    if (!shared) {
        print_message("no shared data: set NSEARCH_SHARED\n");
        skip();
    }
    assert_int_equal(text_help_setup((void **)&help), 0);
    ns_reader *reader;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_sketch sketches[5];
    size_t count = 0;
    assert_int_equal(ns_reader_open(ns_arena_printf(&help->arena, "%s/seeds", shared), &reader, &err),
                     NSEARCH_OK);
    for (ns_article article;
         count < 5 && ns_reader_next(reader, &help->arena, &article, &err) == NS_READ_ARTICLE; count++) {
        ns_analysed out;
        assert_int_equal(ns_analyse_article(help->workspace, &article, &out, &err), NSEARCH_OK);
        sketches[count] = out.sketch;
    }
    ns_reader_close(reader);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = i + 1; k < 5; k++)
            assert_int_equal(
                ns_sketch_is_copy(&sketches[i], NS_DAY_UNKNOWN, &sketches[k], NS_DAY_UNKNOWN, NULL),
                i == 0 && k == 1);
    text_help_teardown((void **)&help);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates), cmocka_unit_test(short_texts), cmocka_unit_test(days),
        cmocka_unit_test(stable),    cmocka_unit_test(real_copies),
    };
    return cmocka_run_group_tests(tests, fill_pool, NULL);
}
