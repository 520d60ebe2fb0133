/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_sentence.c - where sentences end: each case is a paragraph with the wanted cuts as bars.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/text/sentence.h"
#include "tests/unit/text_help.h"

static const char *const cases[] = {
    "One sentence.",
    "One. |Two.",
    "Mr. Smith met Sen. Jones. |They left.",
    "The U.S. Senate voted. |It was late.",
    "He lives in the U.S. |The man left.",
    "John F. Kennedy and J. R. Smith spoke. |All heard.",
    "It cost 3.5 dollars. |No. 5 won. |He said no. |Then yes.",
    "\"It is over.\" |He left.",
    "\xe2\x80\x9cIt is over.\xe2\x80\x9d |He left.",
    "It is over.\xe2\x80\x9d|Saturday came.",
    "\"Why?\" he asked. |\"Because!\" she said.",
    "The war.|The president spoke.",
    "Visit example.com or example.COM today.",
    "Acme Inc. Chief Smith left. |Acme Inc. |The firm closed.",
    "On Sept. 11 it began. |In Dec. |They met.",
    "At the invitation of... Putin went on.\xe2\x80\xa6 |But later.",
    "text without capitals . and more of it .",
    "He came (late.) |She did not.",
    "What now? |Nothing!",
    "Sales rose 4.1 pct. |Profits fell.",
};

static void cut(void **state)
{
    (void)state;
    ns_lexicon lexicon;
    assert_true(ns_lexicon_init(&lexicon, NULL, NULL));
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char text[256], got[256];
        size_t n = 0, used = 0;
        for (const char *p = cases[c]; *p; p++)
            if (*p != '|')
                text[n++] = *p;
        ns_lexemes lexemes = {0};
        ns_sentence sentences[32];
        assert_true(ns_tokenise(&lexicon, text, n, 100, false, &lexemes));
        size_t count =
            ns_sentences_cut(&lexicon, text, n, 100, lexemes.items, 0, lexemes.count, 4096, sentences);
        uint32_t tokens = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t begin = i ? sentences[i].begin : 100;
            if (i) {
                for (uint32_t k = sentences[i - 1].end; k < begin; k++)
                    got[used++] = text[k - 100];
                got[used++] = '|';
            }
            memcpy(got + used, text + begin - 100, sentences[i].end - begin);
            used += sentences[i].end - begin;
            assert_int_equal(sentences[i].first_token, tokens);
            tokens += sentences[i].token_count;
            assert_int_equal(sentences[i].ends_paragraph, i + 1 == count);
        }
        got[used] = '\0';
        assert_int_equal(tokens, lexemes.count);
        if (strncmp(cases[c], "text without", 12))
            assert_string_equal(got, cases[c]);
        else
            assert_int_equal(count, 2); /* a period with a space before it ends one, capital or not */
        ns_lexemes_release(&lexemes);
    }
    ns_lexicon_release(&lexicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
