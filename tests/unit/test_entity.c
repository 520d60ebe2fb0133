/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_entity.c - names: of the gazetteer, of the user, of the article alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/text_help.h"

/* The names of one paragraph as "text=key/type; ...". */
static const char *names(text_help *help, const char *title, const char *body)
{
    static const char types[] = "PLO-";
    ns_article article = text_help_article(&help->arena, title, body);
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_mention *list;
    int32_t *paragraph;
    size_t count;
    assert_int_equal(
        ns_analyse_mentions(help->workspace, &article, &help->arena, &list, &paragraph, &count, &err), 0);
    const char *out = "";
    for (size_t i = 0; i < count; i++) {
        const char *text = paragraph[i] < 0 ? title : article.paragraphs[paragraph[i]].text;
        out = ns_arena_printf(&help->arena, "%s%s%.*s=%s/%c", out, i ? "; " : "",
                              (int)(list[i].end - list[i].begin), text + list[i].begin, list[i].key,
                              types[list[i].type]);
    }
    return out;
}

static void known(void **state)
{
    assert_string_equal(
        names(*state, "",
              "North Korea, N. Korea, the DPRK and the Democratic People's Republic of Korea are one."),
        "North Korea=north korea/L; N. Korea=north korea/L; DPRK=north korea/L; "
        "Democratic People's Republic of Korea=north korea/L");
    assert_string_equal(names(*state, "", "The Republic of Korea and South Korean troops."),
                        "Republic of Korea=south korea/L; South Korean=south korea/L");
    assert_string_equal(names(*state, "", "Those who ask us for aid get it in May."), "");
    assert_string_equal(names(*state, "", "The WHO told the US."),
                        "WHO=world health organization/O; US=united states/L");
    assert_string_equal(
        names(*state, "",
              "\xe2\x80\x9cKim Jong-un met Putin\xe2\x80\x9d, the Korean Central News Agency (KCNA) said."),
        "Kim Jong-un=kim jong un/P; Putin=vladimir putin/P; Korean Central News Agency=korean central news "
        "agency/O; "
        "KCNA=korean central news agency/O");
}

static void by_neighbours(void **state)
{
    assert_string_equal(names(*state, "", "They came to the town of Quarlow, crossed the Ibbern desert and rested."),
                        "Quarlow=quarlow/L; Ibbern=ibbern/L");
    assert_string_equal(names(*state, "", "It was the chipmaker Vantor Ilsk, and not Dorvane, 58, who paid."),
                        "Vantor Ilsk=vantor ilsk/O; Dorvane=dorvane/P");
    assert_string_equal(names(*state, "", "QUARLOW (MNA) - A man came with his daughter, Solveig."),
                        "QUARLOW=quarlow/L; MNA=mna/O; Solveig=solveig/P");
    assert_string_equal(names(*state, "", "They sailed in the Chongam 3 and saw nobody else."), "");
    assert_string_equal(names(*state, "", "He stole from St Aidan's Hospice, as Ukraine's Parliament was told."),
                        "St Aidan's Hospice=st aidan hospice/O; Ukraine=ukraine/L");
}

static void for_short(void **state)
{
    assert_string_equal(names(*state, "", "The group Vantor Ilsk Holdings fell. Later Vantor rose again."),
                        "Vantor Ilsk Holdings=vantor ilsk holdings/O; Vantor=vantor ilsk holdings/O");
    assert_string_equal(names(*state, "", "The Quarlow Rivers Authority met, and the QRA agreed to pay."),
                        "Quarlow Rivers Authority=quarlow rivers authority/O; QRA=quarlow rivers authority/O");
    assert_string_equal(names(*state, "", "We met Maisie Cardinal. The girl Maisie won."),
                        "Maisie Cardinal=maisie cardinal/P; Maisie=maisie cardinal/P");
    /* a place that is someone's name, unless a place is wanted there */
    assert_string_equal(names(*state, "", "The actor Kate Houston spoke. Then Houston left, and it rained in Houston."),
                        "Kate Houston=kate houston/P; Houston=kate houston/P; Houston=houston/L");
}

static void within_the_article(void **state)
{
    assert_string_equal(names(*state, "", "Mr Kim went. Later Kim Jong Un spoke, and Kim left."),
                        "Kim=kim jong un/P; Kim Jong Un=kim jong un/P; Kim=kim jong un/P");
    assert_string_equal(names(*state, "",
                              "Spokesman Carla Okonjo said so. Okonjo was there with Mrs Ruth Bellweather "
                              "and Mr Quillfeather."),
                        "Carla Okonjo=carla okonjo/P; Okonjo=carla okonjo/P; Ruth Bellweather=ruth "
                        "bellweather/P; Quillfeather=quillfeather/P");
    /* Another Bush than the president. */
    assert_string_equal(names(*state, "", "The singer Kate Bush sang. Bush was heard."),
                        "Kate Bush=kate bush/P; Bush=kate bush/P");
    assert_string_equal(names(*state, "", "President Bush spoke."), "President Bush=george w bush/P");
    assert_string_equal(
        names(*state, "",
              "Kestrel Mining Inc closed. The Dorne Valley Authority (DVA) opened, and DVA men came."),
        "Kestrel Mining Inc=kestrel mining/O; Dorne Valley Authority=dorne valley authority/O; "
        "DVA=dorne valley authority/O; DVA=dorne valley authority/O");
}

static void no_names(void **state)
{
    assert_string_equal(
        names(*state, "", "Analysts said nothing. Yesterday it rained. On Monday the Prime Minister left."),
        "");
    assert_string_equal(names(*state, "", "The Defense Minister, who had come in June, was late."), "");
    /* Capitals on every word of a headline tell nothing. */
    assert_string_equal(names(*state, "Quiet Harvest Season Ends In Sudden Storm", ""), "");
}

static void types(void **state)
{
    assert_string_equal(
        names(*state, "", "He taught at the University of Westmoor near Lake Tarn in Ebbsworth, Texas."),
        "University of Westmoor=university of westmoor/O; Lake Tarn=lake tarn/L; Ebbsworth=ebbsworth/L; "
        "Texas=texas/L");
    assert_string_equal(names(*state, "",
                              "Shares of British Airways and the Russian Railways rose as Russian President "
                              "Vladimir Putin spoke."),
                        "British Airways=british airways/O; Russian Railways=russian railways/O; "
                        "Russian=russia/L; Vladimir Putin=vladimir putin/P");
}

static void queries(void **state)
{
    assert_string_equal(text_help_query(*state, "dprk missiles"), "dprk missiles <north korea>");
    assert_string_equal(text_help_query(*state, "kim jong-un"), "kim jong un <kim jong un>");
    assert_string_equal(text_help_query(*state, "who won in turkey"), "who won in turkey");
    assert_string_equal(text_help_query(*state, "WHO in Turkey"),
                        "who in turkey <world health organization> <turkey>");
    assert_string_equal(text_help_query(*state, "republic of korea"), "republic of korea <south korea>");
    text_help *help = *state;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_tokens tokens;
    const char *query = "does Carla Okonjo know";
    assert_int_equal(ns_analyse_query(help->workspace, query, strlen(query), &help->arena, &tokens, &err), 0);
    assert_int_equal(tokens.mention_count, 1);
    assert_false(tokens.mentions[0].known);
    assert_string_equal(tokens.mentions[0].key, "carla okonjo");
    assert_int_equal(tokens.mentions[0].first_token, 1);
}

static void aliases(void **state)
{
    text_help *help = *state;
    nsearch_error err = NSEARCH_ERROR_INIT;
    const char **list;
    size_t count;
    assert_int_equal(ns_gazetteer_aliases(help->analyser, "north korea", &help->arena, &list, &count, &err),
                     NSEARCH_OK);
    bool dprk = false;
    for (size_t i = 0; i < count; i++) {
        dprk = dprk || !strcmp(list[i], "DPRK");
        assert_string_not_equal(list[i], "Republic of Korea");
        assert_string_not_equal(list[i], "North Korean"); /* not a name of the country */
    }
    assert_true(dprk);
    assert_int_equal(ns_gazetteer_aliases(help->analyser, "nobody", &help->arena, &list, &count, &err),
                     NSEARCH_OK);
    assert_int_equal(count, 0);
}

static void users_own(void **state)
{
    (void)state;
    static const char file[] =
        "\xef\xbb\xbf# mine\n\nMeridian News Agency\torg\tMNA|=Meridian\r\nPutin the Cat\tperson\tPutin\n";
    text_help mine = {0};
    nsearch_error err = NSEARCH_ERROR_INIT;
    assert_int_equal(ns_analyser_new(file, sizeof file - 1, &mine.analyser, &err), NSEARCH_OK);
    assert_int_equal(ns_workspace_new(mine.analyser, &mine.workspace, &err), NSEARCH_OK);
    assert_string_equal(names(&mine, "", "The MNA and Meridian reported on Putin in Moscow."),
                        "MNA=meridian news agency/O; Meridian=meridian news agency/O; Putin=putin the cat/P; "
                        "Moscow=moscow/L");
    assert_string_equal(text_help_query(&mine, "meridian mna"), "meridian mna <meridian news agency>");
    ns_workspace_free(mine.workspace);
    ns_analyser_free(mine.analyser);
    ns_arena_release(&mine.arena);
}

static void bad_files(void **state)
{
    (void)state;
    static const char *const files[] = {
        "no tab here\n", "Name\tdog\n", "\n\n\torg\tX\n",
        "A\torg\tone two three four five six seven eight nine ten eleven twelve thirteen\n"};
    static const char *const lines[] = {"line 1 ", "line 1 ", "line 3 ", "line 1 "};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_analyser *analyser = NULL;
        assert_int_equal(ns_analyser_new(files[i], strlen(files[i]), &analyser, &err), NSEARCH_INVALID);
        assert_non_null(strstr(err.text, lines[i]));
        assert_null(analyser);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),     cmocka_unit_test(within_the_article),
        cmocka_unit_test(by_neighbours), cmocka_unit_test(for_short),
        cmocka_unit_test(no_names),  cmocka_unit_test(types),
        cmocka_unit_test(queries),   cmocka_unit_test(aliases),
        cmocka_unit_test(users_own), cmocka_unit_test(bad_files),
    };
    return cmocka_run_group_tests(tests, text_help_setup, text_help_teardown);
}
