/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_keywords.c - which stems of an article are its keywords, in which order, and how two lists compare.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/text/keywords.h"
#include "tests/unit/text_help.h"

/* The hash by which a stem stands among the keywords. */
static uint16_t hash_of(const char *stem, size_t n)
{
    uint16_t hash = (uint16_t)(ns_mix64(ns_hash64(stem, n, 0)) >> 48);
    return hash ? hash : 1;
}

static size_t place_of(const uint16_t *keywords, const char *stem, size_t n)
{
    size_t i = 0;
    while (i < NS_KEYWORDS && keywords[i] != hash_of(stem, n))
        i++;
    return i;
}

static const struct {
    const char *what, *text;
    const char *order; /* stems, each before the next */
    const char *none;  /* stems that are no keywords */
} table[] = {
    {"rare before common", "They said the zymurgist would return to the market and the company.",
     "zymurgist market", "they the to and would"},
    {"the more often the more",
     "A quokka met a numbat. The numbat ran. Another numbat slept, and one more numbat woke.",
     "numbat quokka", "a and"},
    {"names count half as much again", "Near the quokka pen stood Zebulon with a numbat.", "zebulon quokka",
     "the a with"},
    {"forms of one word are one", "Quokkas eat. The quokka eats. A numbat eats.", "quokka numbat", "quokkas"},
    {"a capital at the start of a sentence of a common word is no name",
     "Markets fell. The zymurgist watched markets.", "zymurgist market", "the"},
};

static void chosen(void **state)
{
    text_help *help = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ns_article article = text_help_article(&help->arena, "", table[i].text);
        ns_analysed analysed;
        nsearch_error err = NSEARCH_ERROR_INIT;
        if (ns_analyse_article(help->workspace, &article, &analysed, &err))
            fail_msg("%s", err.text);
        size_t before = 0, n;
        for (const char *p = table[i].order; *p; p += n, p += *p == ' ') {
            n = strcspn(p, " ");
            size_t at = place_of(analysed.sketch.keywords, p, n);
            if (at == NS_KEYWORDS || (p != table[i].order && at <= before))
                fail_msg("%s: '%s' is at %zu, after %zu", table[i].what, p, at, before);
            before = at;
        }
        for (const char *p = table[i].none; *p; p += n, p += *p == ' ') {
            n = strcspn(p, " ");
            if (place_of(analysed.sketch.keywords, p, n) < NS_KEYWORDS)
                fail_msg("%s: '%s' is a keyword", table[i].what, p);
        }
    }
}

/* The list ends with zeros, and never holds more than there is room for. */
static void as_many(void **state)
{
    text_help *help = *state;
    char text[2000];
    for (unsigned words = 0; words < 80; words += 13) {
        size_t n = 0;
        text[0] = '\0';
        for (unsigned i = 0; i < words; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "zq%cx%cv ", 'a' + (int)(i / 10),
                                  'a' + (int)(i % 10));
        ns_article article = text_help_article(&help->arena, "", words ? text : "the");
        ns_analysed analysed;
        nsearch_error err = NSEARCH_ERROR_INIT;
        if (ns_analyse_article(help->workspace, &article, &analysed, &err))
            fail_msg("%s", err.text);
        for (unsigned i = 0; i < NS_KEYWORDS; i++)
            assert_true((analysed.sketch.keywords[i] != 0) == (i < words));
    }
}

/* Lists as letters, the most telling first. */
static const struct {
    const char *a, *b;
    double least, most; /* likeness */
    double common;
} pairs[] = {
    {"", "", 0, 0, 0},
    {"abc", "", 0, 0, 0},
    {"abc", "def", 0, 0, 0},
    {"abc", "abc", 1, 1, 1},
    {"abcdefgh", "hgfedcba", 0.9, 0.9999, 1}, /* the order tells something, though not much */
    {"abcdefgh", "abcdwxyz", 0.5, 0.65, 0.5},
    {"abcdefgh", "stuvefgh", 0.35, 0.5, 0.5}, /* the last four tell less than the first */
    {"ab", "abcdefgh", 0.5, 0.65, 1},         /* all of the shorter one */
};

static void fill(const char *letters, uint16_t keywords[NS_KEYWORDS])
{
    memset(keywords, 0, NS_KEYWORDS * sizeof *keywords);
    for (size_t i = 0; letters[i]; i++)
        keywords[i] = (uint16_t)letters[i];
}

static void compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint16_t a[NS_KEYWORDS], b[NS_KEYWORDS];
        fill(pairs[i].a, a);
        fill(pairs[i].b, b);
        unsigned of, turned;
        double likeness = ns_keywords_likeness(a, b), common = ns_keywords_common(a, b, &of);
        if (likeness < pairs[i].least - 1e-12 || likeness > pairs[i].most + 1e-12)
            fail_msg("'%s' and '%s': likeness %.4f", pairs[i].a, pairs[i].b, likeness);
        assert_true(fabs(common - pairs[i].common) < 1e-12);
        assert_true(fabs(likeness - ns_keywords_likeness(b, a)) < 1e-12);
        assert_true(fabs(common - ns_keywords_common(b, a, &turned)) < 1e-12);
        size_t n = strlen(pairs[i].a), m = strlen(pairs[i].b);
        assert_int_equal(of, n < m ? n : m);
        assert_int_equal(turned, of);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chosen), cmocka_unit_test(as_many),
                                       cmocka_unit_test(compared)};
    return cmocka_run_group_tests(tests, text_help_setup, text_help_teardown);
}
