/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_tokenise.c - what words a text is cut into, and what they fold to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/text/fold.h"
#include "tests/unit/text_help.h"

static void gives(text_help *help, const char *text, const char *wanted)
{
    assert_string_equal(text_help_query(help, text), wanted);
}

static void words(void **state)
{
    gives(*state, "Shells, and more shells!", "shells and more shells");
    gives(*state, "  ", "");
    gives(*state,
          "don't we'll o'brien O\xe2\x80\x99"
          "Brien",
          "dont we obrien obrien");
    gives(*state, "#metoo @user foo_bar a/b", "metoo user foo bar a b");
    gives(*state, "AT&T R&D", "at&t r&d");
    gives(*state, "\xe5\x8c\x97\xe4\xba\xac", "\xe5\x8c\x97 \xe4\xba\xac"); /* each ideograph a word */
}

static void accents_and_marks(void **state)
{
    gives(*state,
          "S\xc3\xa3o Gr\xc3\xb6\xc3\x9f"
          "e na\xc3\xafve \xc3\x98rsted \xc5\x81\xc3\xb3"
          "d\xc5\xba \xc3\x86on",
          "sao grosse naive orsted lodz aeon");
    gives(*state, "cafe\xcc\x81", "cafe");           /* a combining accent */
    gives(*state, "co\xc2\xadoperate", "cooperate"); /* a soft hyphen */
    gives(*state,
          "a\xff"
          "b \xc3 c",
          "a b c"); /* bad bytes part words */
}

static void possessives(void **state)
{
    gives(*state, "Merkel's Merkel\xe2\x80\x99s workers' its it's",
          "merkel merkel workers its it <angela merkel> <angela merkel>");
    gives(*state, "the 1980's", "the 1980s");
}

static void numbers(void **state)
{
    gives(*state, "1,000 71-19 3.5 $1.13bn 10,0000", "1000 71 19 3.5 1.13 billion 10 0000");
    gives(*state, "5% 5 per cent 5 pct 5 percent", "5 percent 5 percent 5 percent 5 percent");
    gives(*state, "18:38 9/11 F-16", "18 38 9 11 f 16");
}

static void initials(void **state)
{
    gives(*state, "U.S. troops", "u.s. troops <united states>");
    gives(*state, "US troops", "u.s. troops <united states>");
    gives(*state, "USA", "u.s. <united states>");
    gives(*state, "U.S.-led", "u.s. led <united states>");
    gives(*state, "trust us", "trust us"); /* the pronoun */
    gives(*state, "U.K. U.N. e.g. J.K. x", "uk un eg jk x <united kingdom> <united nations>");
}

static void compounds(void **state)
{
    gives(*state, "anti-tank", "antitank");
    gives(*state, "anti tank", "antitank");
    gives(*state, "antitank", "antitank");
    gives(*state, "non-proliferation re-election e-mail co-operation",
          "nonproliferation reelection email cooperation");
    gives(*state, "nuclear-powered", "nuclear powered");
    gives(*state, "north-eastern north east northeastern", "northeastern northeast northeastern");
    gives(*state, "Covid-19 COVID-19 covid19", "covid 19 covid 19 covid 19");
    gives(*state, "re-sign mid-May", "re sign mid may");
    gives(*state, "toldThe iPhone MacDonald", "told the iphone macdonald");
}

static void spellings(void **state)
{
    gives(*state, "armoured armored travelled traveled", "armored armored traveled traveled");
    gives(*state, "defence organisation centre mln dlrs", "defense organization center million dollars");
    gives(*state, "storey advise", "storey advise");
}

/* Ranges are those of the text as written, and positions count words. */
static void ranges(void **state)
{
    text_help *help = *state;
    const char *text = "Putin\xe2\x80\x99s anti-tank plan";
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_tokens tokens;
    assert_int_equal(ns_analyse_text(help->workspace, text, strlen(text), &help->arena, &tokens, &err),
                     NSEARCH_OK);
    assert_int_equal(tokens.count, 3);
    assert_int_equal(tokens.tokens[0].begin, 0);
    assert_int_equal(tokens.tokens[0].end, 5);
    assert_true(tokens.tokens[0].capitalised);
    assert_int_equal(tokens.tokens[1].begin, 10);
    assert_int_equal(tokens.tokens[1].end, 19);
    assert_int_equal(tokens.tokens[2].position, 2);
    assert_int_equal(tokens.mention_count, 0);
}

static void stems(void **state)
{
    text_help *help = *state;
    static const char *const pairs[][2] = {{"missiles", "missil"}, {"running", "run"},
                                           {"keating", "keating"}, {"williams", "williams"},
                                           {"bills", "bill"},      {"u.s.", "u.s."}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_tokens tokens;
        assert_int_equal(
            ns_analyse_query(help->workspace, pairs[i][0], strlen(pairs[i][0]), &help->arena, &tokens, &err),
            0);
        assert_string_equal(tokens.tokens[0].stem, pairs[i][1]);
    }
}

/* In a headline that is all in capitals "US" may be the pronoun; beside lower case it is the country. */
static void capitals(void **state)
{
    text_help *help = *state;
    static const struct {
        const char *text, *word;
    } cases[] = {{"US SENDS SHELLS", "us"}, {"US sends shells", "u.s."}};
    for (size_t i = 0; i < 2; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_tokens tokens;
        assert_int_equal(ns_analyse_text(help->workspace, cases[i].text, strlen(cases[i].text), &help->arena,
                                         &tokens, &err),
                         0);
        assert_string_equal(tokens.tokens[0].exact, cases[i].word);
    }
}

static void long_words(void **state)
{
    text_help *help = *state;
    size_t n = 100000;
    char *text = ns_arena_take(&help->arena, n);
    for (size_t i = 0; i < n; i += 2)
        memcpy(text + i, "\xc3\xa9", 2); /* folds to e */
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_tokens tokens;
    assert_int_equal(ns_analyse_text(help->workspace, text, n, &help->arena, &tokens, &err), NSEARCH_OK);
    assert_int_equal(tokens.count, 1);
    assert_int_equal(tokens.tokens[0].end, n);
    assert_int_equal(strlen(tokens.tokens[0].exact), NS_TERM_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),    cmocka_unit_test(accents_and_marks), cmocka_unit_test(possessives),
        cmocka_unit_test(numbers),  cmocka_unit_test(initials),          cmocka_unit_test(compounds),
        cmocka_unit_test(ranges),   cmocka_unit_test(spellings),         cmocka_unit_test(stems),
        cmocka_unit_test(capitals), cmocka_unit_test(long_words),
    };
    return cmocka_run_group_tests(tests, text_help_setup, text_help_teardown);
}
