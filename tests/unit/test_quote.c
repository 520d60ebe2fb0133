/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_quote.c - quotations and speakers against articles that were marked by hand (tests/cases/quotations.txt), with
 * the shares found and right; then what must be no quotation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/buffer.h"
#include "src/text/analyse.h"

#define QUOTES_MAX 32
#define PARAGRAPHS_MAX 32

typedef struct gold {
    char speaker[100], first[100], last[100];
    bool met;
} gold;

typedef struct marked {
    char title[300];
    char *paragraphs[PARAGRAPHS_MAX];
    size_t paragraph_count;
    gold quotes[QUOTES_MAX];
    size_t quote_count;
} marked;

typedef struct tally {
    int wanted, found, right;                /* quotations */
    int told, attributed, attributed_right;  /* those with a speaker */
    int articles;
} tally;

static ns_analyser *analyser;
static ns_workspace *workspace;

/* The words of a text as the index has them, joined by blanks. */
static char *folded(const char *text, size_t n, ns_arena *arena)
{
    ns_tokens tokens;
    ns_buffer b = NS_BUFFER_INIT;
    assert_int_equal(ns_analyse_text(workspace, text, n, arena, &tokens, NULL), NSEARCH_OK);
    for (size_t i = 0; i < tokens.count; i++)
        ns_buffer_printf(&b, i ? " %s" : "%s", tokens.tokens[i].exact);
    ns_buffer_add_byte(&b, 0);
    char *copy = ns_arena_string(arena, (const char *)b.data);
    ns_buffer_release(&b);
    return copy;
}

static bool begins_and_ends(const char *words, const char *first, const char *last)
{
    size_t n = strlen(words), a = strlen(first), z = strlen(last);
    return n >= a && n >= z && !memcmp(words, first, a) && !memcmp(words + n - z, last, z);
}

/* Every word of the wanted name, stopwords aside, is one of the speaker's. */
static bool is_speaker(const char *found, const char *wanted, ns_arena *arena)
{
    char *have = folded(found, strlen(found), arena), padded[400];
    ns_tokens tokens;
    snprintf(padded, sizeof padded, " %s ", have);
    assert_int_equal(ns_analyse_text(workspace, wanted, strlen(wanted), arena, &tokens, NULL), NSEARCH_OK);
    for (size_t i = 0; i < tokens.count; i++) {
        char word[100];
        snprintf(word, sizeof word, " %s ", tokens.tokens[i].exact);
        if (!tokens.tokens[i].stopword && !strstr(padded, word))
            return false;
    }
    return true;
}

static void judge(marked *m, tally *t)
{
    ns_arena arena = NS_ARENA_INIT;
    ns_paragraph paragraphs[PARAGRAPHS_MAX];
    ns_quotation *quotations;
    size_t count;
    if (!m->paragraph_count)
        return;
    for (size_t i = 0; i < m->paragraph_count; i++)
        paragraphs[i] = (ns_paragraph){.text = m->paragraphs[i], .length = strlen(m->paragraphs[i])};
    ns_article article;
    ns_article_init(&article);
    article.id = "marked";
    article.title = m->title;
    article.paragraphs = paragraphs;
    article.paragraph_count = m->paragraph_count;
    assert_int_equal(ns_analyse_quotations(workspace, &article, &arena, &quotations, &count, NULL), NSEARCH_OK);
    t->articles++;
    t->wanted += (int)m->quote_count;
    t->found += (int)count;
    for (size_t q = 0; q < m->quote_count; q++)
        t->told += strcmp(m->quotes[q].speaker, "-") != 0;
    for (size_t i = 0; i < count; i++) {
        char *words = folded(quotations[i].text, strlen(quotations[i].text), &arena);
        gold *match = NULL;
        for (size_t q = 0; q < m->quote_count && !match; q++) {
            gold *g = &m->quotes[q];
            if (!g->met && begins_and_ends(words, folded(g->first, strlen(g->first), &arena),
                                           folded(g->last, strlen(g->last), &arena)))
                match = g;
        }
        t->attributed += quotations[i].speaker != NULL;
        if (!match) {
            print_message("  no quotation: %s\n", words);
            continue;
        }
        match->met = true;
        t->right++;
        bool right = quotations[i].speaker && strcmp(match->speaker, "-") &&
                     is_speaker(quotations[i].speaker, match->speaker, &arena);
        t->attributed_right += right;
        if (!right && (quotations[i].speaker || strcmp(match->speaker, "-")))
            print_message("  '%s ...' is said by %s, not %s\n", match->first, match->speaker,
                          quotations[i].speaker ? quotations[i].speaker : "nobody");
    }
    for (size_t q = 0; q < m->quote_count; q++)
        if (!m->quotes[q].met)
            print_message("  not found: '%s ...'\n", m->quotes[q].first);
    ns_arena_release(&arena);
}

static void forget(marked *m)
{
    for (size_t i = 0; i < m->paragraph_count; i++)
        free(m->paragraphs[i]);
    memset(m, 0, sizeof *m);
}

static void read_gold(const char *line, gold *g)
{
    memset(g, 0, sizeof *g);
    assert_int_equal(sscanf(line, "%99[^|]| %99[^~]~ %99[^\n]", g->speaker, g->first, g->last), 3);
    g->speaker[strcspn(g->speaker, "|")] = '\0';
    while (*g->speaker && g->speaker[strlen(g->speaker) - 1] == ' ')
        g->speaker[strlen(g->speaker) - 1] = '\0';
}

static void test_marked(void **state)
{
    (void)state;
    const char *source = getenv("srcdir");
    char path[4096], *line = NULL;
    size_t capacity = 0;
    marked m = {0};
    tally t = {0};
    snprintf(path, sizeof path, "%s/tests/cases/quotations.txt", source ? source : ".");
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (getline(&line, &capacity, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == 'T') {
            judge(&m, &t);
            forget(&m);
            snprintf(m.title, sizeof m.title, "%s", line + 2);
        } else if (line[0] == 'P') {
            assert_true(m.paragraph_count < PARAGRAPHS_MAX);
            assert_non_null(m.paragraphs[m.paragraph_count++] = strdup(line + 2));
        } else if (line[0] == 'Q') {
            assert_true(m.quote_count < QUOTES_MAX);
            read_gold(line + 2, &m.quotes[m.quote_count++]);
        }
    }
    judge(&m, &t);
    forget(&m);
    free(line);
    fclose(in);
    assert_true(t.articles >= 10 && t.wanted >= 60 && t.found && t.attributed);
    double precision = (double)t.right / t.found, recall = (double)t.right / t.wanted;
    double speaker_precision = (double)t.attributed_right / t.attributed;
    double speaker_recall = (double)t.attributed_right / t.told;
    print_message("%d quotations: precision %.3f, recall %.3f; speakers: precision %.3f, recall %.3f\n", t.wanted,
                  precision, recall, speaker_precision, speaker_recall);
    assert_true(precision >= 0.97 && recall >= 0.97);
    assert_true(speaker_precision >= 0.93 && speaker_recall >= 0.93);
}

static size_t count_quotations(const char *text, const char **first)
{
    static ns_arena arena = NS_ARENA_INIT;
    ns_paragraph paragraph = {.text = text, .length = strlen(text)};
    ns_quotation *quotations;
    size_t count;
    ns_article article;
    ns_article_init(&article);
    article.id = "x";
    article.paragraphs = &paragraph;
    article.paragraph_count = 1;
    ns_arena_release(&arena);
    assert_int_equal(ns_analyse_quotations(workspace, &article, &arena, &quotations, &count, NULL), NSEARCH_OK);
    *first = count ? quotations[0].text : NULL;
    return count;
}

static void test_apostrophes(void **state)
{
    (void)state;
    static const char *const none[] = {
        "The ministers' decision on the workers' pay wasn't the players' fault.",
        "In the '80s and the '90s rock 'n' roll was king.",
        "He is 6' 2\" tall and weighs 200lb.",
        "Tell 'em that we'll go, 'cause it's late.",
        "James' brother and the Joneses' dog.",
        "One mark \" stands alone.",
        "‘One that is never closed, like this.",
    };
    const char *first;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (count_quotations(none[i], &first))
            fail_msg("'%s' is quoted in: %s", first, none[i]);
    assert_int_equal(count_quotations("He called it 'the ministers' fault', and left.", &first), 1);
    assert_string_equal(first, "the ministers' fault");
    assert_int_equal(count_quotations("\"She said 'no' to me,\" he said.", &first), 1);
    assert_string_equal(first, "She said 'no' to me,");
    assert_int_equal(count_quotations("'She said \"no\" to me,' he said.", &first), 1);
    assert_string_equal(first, "She said \"no\" to me,");
    assert_int_equal(count_quotations("„Das ist gut“, sagte er, »sehr gut«.", &first), 2);
    assert_int_equal(count_quotations("\"[He] is right,\" and \"$5 is enough.\"", &first), 2);
    count_quotations("nothing", &first);
}

static int open_workspace(void **state)
{
    (void)state;
    return ns_analyser_new(NULL, 0, &analyser, NULL) || ns_workspace_new(analyser, &workspace, NULL);
}

static int close_workspace(void **state)
{
    (void)state;
    ns_workspace_free(workspace);
    ns_analyser_free(analyser);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_marked), cmocka_unit_test(test_apostrophes)};
    return cmocka_run_group_tests(tests, open_workspace, close_workspace);
}
