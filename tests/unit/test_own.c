/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_own.c - the sentences of a copy that are its own: a table of texts that were known before and
 * sentences after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/text/own.h"

static const struct {
    const char *known, *text;
    const char *marks; /* a letter a sentence: '+' its own, '=' known */
} table[] = {
    {"", "The council voted on Monday to close the quay.", "+"},
    {"The council voted on Monday to close the quay.", "The council voted on Monday to close the quay.", "="},
    {"The council voted on Monday to close the quay.", "the COUNCIL voted, on Monday, to close the quay!",
     "="},
    {"“The quay is closed,” he said on Monday.", "\"The quay is closed\" he said on Monday.", "="},
    /* a word or two changed make it no new one; more than half of its pairs do */
    {"The council voted on Monday to close the quay.", "The council voted on Tuesday to close the quay.",
     "="},
    {"The council voted on Monday to close the quay.",
     "A council decided on Monday that it would shut the quay.", "+"},
    /* in another order, with something between, and at a line's end without a stop */
    {"The council voted to close. Dockworkers gathered outside the customs house.",
     "Dockworkers gathered outside the customs house. A pilot wept in the gallery. The council voted to "
     "close.",
     "=+="},
    {"Quay to close for repairs\nDockworkers gathered outside",
     "Dockworkers gathered outside\nA pilot wept openly\nQuay to close for repairs", "=+="},
    /* sentences of two words say nothing */
    {"Nothing of it.", "Oh no. A pilot wept in the gallery. Well then!", "+"},
    {"", "", ""},
    {"A b c d.", "...  !? \n\n .", ""},
    /* what ends no sentence */
    {"", "Freight rose by 3.5 per cent at example.org this winter.", "+"},
    {"Die Brücke bleibt für Fußgänger geöffnet.",
     "Die Brücke bleibt für Fußgänger geöffnet. Die Brücke bleibt für Autos gesperrt, hieß es gestern.",
     "=+"},
};

typedef struct seen {
    char marks[16];
    size_t count;
} seen;

static void note(const char *sentence, size_t length, bool own, void *user)
{
    seen *s = user;
    assert_true(length > 0 && sentence[0] != '\n');
    s->marks[s->count++] = own ? '+' : '=';
}

static void known_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ns_known_pairs known = {0};
        seen s = {"", 0};
        assert_true(ns_known_pairs_add(&known, table[i].known, strlen(table[i].known)));
        ns_own_count count = ns_own_sentences(&known, table[i].text, strlen(table[i].text), note, &s);
        s.marks[s.count] = '\0';
        if (strcmp(s.marks, table[i].marks) != 0)
            fail_msg("'%s' after '%s': %s, not %s", table[i].text, table[i].known, s.marks, table[i].marks);
        assert_int_equal(count.sentences, s.count);
        size_t own = 0;
        for (size_t k = 0; k < s.count; k++)
            own += s.marks[k] == '+';
        assert_int_equal(count.own, own);
        ns_known_pairs_release(&known);
    }
}

/* Of several texts together, each text adding to what is known; no memory of a text's end runs over into the
 * next. */
static void known_by_several(void **state)
{
    static const char *const texts[] = {"The council voted to close the quay",
                                        "Dockworkers gathered outside the house"};
    static const char both[] = "Dockworkers gathered outside the house. The council voted to close the quay.";
    static const char across[] = "quay dockworkers quay dockworkers quay dockworkers";
    ns_known_pairs known = {0};
    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_true(ns_known_pairs_add(&known, texts[i], strlen(texts[i])));
    ns_own_count count = ns_own_sentences(&known, both, strlen(both), NULL, NULL);
    assert_int_equal(count.sentences, 2);
    assert_int_equal(count.own, 0);
    count = ns_own_sentences(&known, across, strlen(across), NULL, NULL);
    assert_int_equal(count.own, 1);
    ns_known_pairs_release(&known);
}

/* The table of pairs grows, and finds what it had. */
static void many_pairs(void **state)
{
    ns_known_pairs known = {0};
    char text[64];
    (void)state;
    for (int i = 0; i < 20000; i++)
        assert_true(ns_known_pairs_add(&known, text,
                                       (size_t)snprintf(text, sizeof text, "w%d x%d y%d z%d", i, i, i, i)));
    for (int i = 0; i < 20000; i++) {
        int n = snprintf(text, sizeof text, "w%d x%d y%d z%d", i, i, i, i);
        assert_int_equal(ns_own_sentences(&known, text, (size_t)n, NULL, NULL).own, 0);
        n = snprintf(text, sizeof text, "z%d y%d x%d w%d", i, i, i, i);
        assert_int_equal(ns_own_sentences(&known, text, (size_t)n, NULL, NULL).own, 1);
    }
    ns_known_pairs_release(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_before), cmocka_unit_test(known_by_several),
                                       cmocka_unit_test(many_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
