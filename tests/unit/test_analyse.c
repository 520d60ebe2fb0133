/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_analyse.c - the hand-over to the engines: what analysed.h promises holds, for plain articles and for
 * random ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/base/buffer.h"
#include "src/text/stored.h"
#include "src/base/bytes.h"
#include "src/base/map.h"
#include "tests/unit/text_help.h"

static ns_analysed analyse(text_help *help, const ns_article *article)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_analysed out;
    assert_int_equal(ns_analyse_article(help->workspace, article, &out, &err), NSEARCH_OK);
    return out;
}

/* A number stands for one key, and a passage has no key twice. */
static void check_key(const ns_term *term, ns_map *keys, ns_map *numbers)
{
    bool is_new;
    assert_non_null(ns_map_put(keys, term->key, term->length, &is_new));
    assert_true(is_new);
    if (!term->number)
        return;
    uint64_t hash = ns_hash64(term->key, term->length, 0);
    uint64_t *of = ns_map_put(numbers, &term->number, sizeof term->number, &is_new);
    assert_non_null(of);
    if (is_new)
        *of = hash;
    assert_true(*of == hash);
}

static void check_term(const ns_term *term)
{
    assert_in_range(term->length, 1, NS_TERM_MAX);
    assert_non_null(strchr("wxtuecPLOsbqmidf", term->key[0]));
    for (uint32_t i = 1; i < term->position_count; i++)
        assert_true(term->positions[i - 1] < term->positions[i]);
    if (!strchr("wec", term->key[0]))
        assert_int_equal(term->tf, 0);
    else
        assert_true(term->tf > 0);
}

/* Every promise of analysed.h. */
static void check(const ns_analysed *a, size_t body_length)
{
    assert_in_range(a->passage_count, 1, 65535);
    uint32_t end = 0;
    ns_map keys, numbers;
    ns_map_init(&keys);
    ns_map_init(&numbers);
    for (uint32_t p = 0; p < a->passage_count; p++) {
        const ns_passage *passage = &a->passages[p];
        ns_map_clear(&keys);
        uint64_t length = 0;
        assert_true(passage->begin <= passage->end && passage->end <= body_length);
        if (passage->end)
            assert_true(passage->begin >= end && passage->begin < passage->end);
        end = passage->end;
        for (uint32_t i = 0; i < passage->term_count; i++) {
            check_term(&passage->terms[i]);
            check_key(&passage->terms[i], &keys, &numbers);
            length += passage->terms[i].tf;
        }
        assert_in_range(passage->length, 1, 65535);
        assert_int_equal(length, passage->length);
        assert_true((text_help_tf(passage, "ia1") == 0) == (p == 0));
    }
    ns_map_release(&keys);
    ns_map_release(&numbers);
}

static void one_article(void **state)
{
    text_help *help = *state;
    ns_article article =
        text_help_article(&help->arena, "Shells for Seoul",
                          "The shells, the SHELL and the shelling. Mr Putin went to North Korea.");
    ns_analysed a = analyse(help, &article);
    assert_int_equal(a.passage_count, 1);
    check(&a, 69);
    const ns_passage *p = &a.passages[0];
    assert_int_equal(text_help_tf(p, "wshell"), 3 + NS_TITLE_WEIGHT);
    assert_int_equal(text_help_tf(p, "xshells"), 0);
    assert_int_equal(text_help_tf(p, "wseoul"), NS_TITLE_WEIGHT); /* of the title only: no positions */
    assert_int_equal(text_help_tf(p, "xseoul"), -1);
    assert_int_equal(text_help_tf(p, "tseoul"), 0);
    assert_int_equal(text_help_tf(p, "ushells"), 0);
    assert_int_equal(text_help_tf(p, "evladimir putin"), 1);
    assert_int_equal(text_help_tf(p, "enorth korea"), 1);
    assert_int_equal(text_help_tf(p, "eseoul"), 1);
    assert_int_equal(text_help_tf(p, "Pvladimir"), 0);
    assert_int_equal(text_help_tf(p, "Lkorea"), 0);
    assert_int_equal(text_help_tf(p, "spost"), 0);
    assert_int_equal(text_help_tf(p, "bwriter"), 0);
    assert_int_equal(text_help_tf(p, "f/news/a1.txt"), 0);
    for (uint32_t i = 0; i < p->term_count; i++)
        if (!strncmp(p->terms[i].key, "wshell", p->terms[i].length)) {
            assert_int_equal(p->terms[i].position_count, 3);
            assert_int_equal(p->terms[i].positions[0], 1);
            assert_int_equal(p->terms[i].positions[2], 6);
        }
}

/* "w0. w1. " or the like: 'count' words from 'first' on, each with 'end' behind it. */
static char *counted(ns_arena *arena, size_t first, size_t count, const char *end)
{
    ns_buffer text = NS_BUFFER_INIT;
    char word[32];
    for (size_t i = 0; i < count; i++)
        ns_buffer_add(&text, word, (size_t)snprintf(word, sizeof word, "W%zx%s", first + i, end));
    char *copy = ns_arena_copy(arena, text.data, text.size);
    assert_false(text.failed);
    assert_non_null(copy);
    ns_buffer_release(&text);
    return copy;
}

static void too_many_words(void **state)
{
    text_help *help = *state;
    char *body = counted(&help->arena, 0, NS_ARTICLE_WORDS_MAX, " ");
    ns_article article = text_help_article(&help->arena, "", body);
    ns_analysed a = analyse(help, &article);
    check(&a, strlen(body));
    assert_false(a.cut); /* the last character is no word */
    assert_int_equal(a.passages[a.passage_count - 1].end, strlen(body));
    const char *more[] = {" more words", "\nmore words", ".\n\n...\nMore words"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        article = text_help_article(&help->arena, "", ns_arena_printf(&help->arena, "%s%s", body, more[i]));
        a = analyse(help, &article);
        check(&a, strlen(body) + strlen(more[i]));
        const ns_passage *last = &a.passages[a.passage_count - 1];
        assert_true(a.cut);
        assert_in_range(last->end, strlen(body) - 1, strlen(body) + 1);
        assert_int_equal(text_help_tf(last, "wmore"), -1);
        assert_int_equal(text_help_tf(last, ns_arena_printf(&help->arena, "xw%x", NS_ARTICLE_WORDS_MAX - 1)), 0);
        ns_quotation *quotations;
        nsearch_error err = NSEARCH_ERROR_INIT;
        size_t count;
        assert_int_equal(ns_analyse_quotations(help->workspace, &article, &help->arena, &quotations, &count, &err), 0);
        assert_int_equal(ns_workspace_trim(help->workspace, &err), NSEARCH_OK);
    }
}

static void too_many_paragraphs(void **state)
{
    text_help *help = *state;
    char *body = ns_arena_take(&help->arena, 2 * NS_ARTICLE_WORDS_MAX + 8);
    for (size_t i = 0; i < NS_ARTICLE_WORDS_MAX; i++)
        memcpy(body + 2 * i, "-\n", 2);
    for (size_t more = 0; more < 2; more++) {
        strcpy(body + 2 * (NS_ARTICLE_WORDS_MAX - 1 + more), "word");
        ns_article article = text_help_article(&help->arena, "A title", body);
        ns_analysed a = analyse(help, &article);
        check(&a, strlen(body));
        assert_int_equal(a.cut, more);
        assert_int_equal(text_help_tf(&a.passages[0], "wword"), more ? -1 : 1);
        memcpy(body + 2 * (NS_ARTICLE_WORDS_MAX - 1), "-\n", 2);
    }
}

/* Each word of the title is a term of each passage, so that little text makes much. */
static void too_many_terms(void **state)
{
    text_help *help = *state;
    const char *title = counted(&help->arena, 1 << 20, 256, ", "), *body = counted(&help->arena, 0, 32 << 10, ". ");
    ns_article article = text_help_article(&help->arena, title, body);
    ns_analysed a = analyse(help, &article);
    size_t terms = 0;
    check(&a, strlen(body));
    for (uint32_t i = 0; i < a.passage_count; i++)
        terms += a.passages[i].term_count;
    assert_true(a.cut);
    assert_in_range(terms, NS_ARTICLE_TERMS_MAX, NS_ARTICLE_TERMS_MAX + 4096);
    assert_true(a.passages[a.passage_count - 1].end < strlen(body));
}

static void title_only(void **state)
{
    text_help *help = *state;
    ns_article article = text_help_article(&help->arena, "Fed says it sets repurchase", "");
    ns_analysed a = analyse(help, &article);
    check(&a, 0);
    assert_int_equal(a.passages[0].begin, 0);
    assert_int_equal(a.passages[0].end, 0);
    assert_int_equal(text_help_tf(&a.passages[0], "wrepurchas"), NS_TITLE_WEIGHT);
    nsearch_error err = NSEARCH_ERROR_INIT;
    article = text_help_article(&help->arena, "...", "!?");
    assert_int_equal(ns_analyse_article(help->workspace, &article, &a, &err), NSEARCH_SKIPPED);
}

/* A "sentence" without end is cut; passages stay within an article's paragraphs where they can. */
static void long_sentence(void **state)
{
    text_help *help = *state;
    char *body = ns_arena_take(&help->arena, 6 * 10000 + 1);
    for (int i = 0; i < 10000; i++)
        snprintf(body + (size_t)i * 6, 7, "w%04d ", i);
    ns_article article = text_help_article(&help->arena, "", body);
    ns_analysed a = analyse(help, &article);
    check(&a, 60000);
    assert_int_equal(a.passage_count, 3);
}

static void passages(void **state)
{
    text_help *help = *state;
    char *body = ns_arena_string(&help->arena, "");
    for (int i = 0; i < 40; i++)
        body = ns_arena_printf(&help->arena,
                               "%s%sThe minister said on day %d that nothing had been decided about the long "
                               "border road, and left.",
                               body, i ? "\n" : "", i);
    ns_article article = text_help_article(&help->arena, "", body);
    ns_analysed a = analyse(help, &article);
    check(&a, strlen(body));
    for (uint32_t i = 0; i < a.passage_count; i++) {
        assert_in_range(a.passages[i].length, 54, 126);
        assert_memory_equal(body + a.passages[i].begin, "The minister", 12);
        assert_int_equal(body[a.passages[i].end - 1], '.');
    }
}

/* The same article gives the same bytes whatever was analysed before. */
static void repeatable(void **state)
{
    text_help *help = *state;
    ns_article article =
        text_help_article(&help->arena, "Kim meets Putin", "Kim Jong Un met Mr Putin. Kim left on a train.");
    ns_analysed a = analyse(help, &article);
    uint64_t hash = a.hash, text = a.sketch.text_hash;
    uint32_t terms = a.passages[0].term_count;
    uint8_t *stored = ns_arena_take(&help->arena, a.stored_size);
    size_t size = a.stored_size;
    memcpy(stored, a.stored, size);
    ns_article other = text_help_article(&help->arena, "Others",
                                         "Another article of the town council was read here. More words.");
    analyse(help, &other);
    a = analyse(help, &article);
    assert_true(a.hash == hash && a.sketch.text_hash == text && a.passages[0].term_count == terms);
    assert_int_equal(a.stored_size, size);
    assert_memory_equal(a.stored, stored, size);
}

/* Valid UTF-8 without NUL and newline, from words, marks and odd characters. */
static char *random_text(ns_arena *arena, uint64_t *seed, size_t pieces)
{
    static const char *const parts[] = {"a",
                                        "The ",
                                        "Kim ",
                                        "Putin's ",
                                        "U.S. ",
                                        "Mr. ",
                                        ". ",
                                        "! ",
                                        "? ",
                                        "\"",
                                        "\xe2\x80\x9d ",
                                        "-",
                                        "anti-",
                                        "north ",
                                        "east ",
                                        "1,000 ",
                                        "3.5",
                                        "%",
                                        " ",
                                        " ",
                                        " ",
                                        "of ",
                                        "University ",
                                        "Bank ",
                                        "\xcc\x81",
                                        "\xc2\xad",
                                        "\xe5\x8c\x97",
                                        "\xf0\x9f\x98\x80",
                                        "\xef\xbf\xbd",
                                        "Inc. ",
                                        "CIA ",
                                        "(",
                                        ") ",
                                        "US ",
                                        "\xc3\x9f",
                                        "\xef\xac\x81",
                                        "\xe1\xba\x9e",
                                        "&",
                                        "Saint ",
                                        "von ",
                                        "said ",
                                        "President ",
                                        "covid19 ",
                                        "per cent ",
                                        "\x01",
                                        "'",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                        "ing "};
    char *text = ns_arena_take(arena, pieces * 64 + 1), *at = text;
    for (size_t i = 0; i < pieces; i++) {
        *seed = ns_mix64(*seed + 1);
        const char *part = parts[*seed % (sizeof parts / sizeof *parts)];
        memcpy(at, part, strlen(part));
        at += strlen(part);
    }
    *at = '\0';
    return text;
}

static void random_articles(void **state)
{
    text_help *help = *state;
    const char *given = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 20230911;
    print_message("seed %llu\n", (unsigned long long)seed);
    unsigned analysed = 0;
    for (int round = 0; round < 800; round++) {
        ns_arena arena = NS_ARENA_INIT;
        ns_paragraph paragraphs[5];
        seed = ns_mix64(seed + 1);
        ns_article article = text_help_article(&arena, random_text(&arena, &seed, seed % 30), "");
        article.paragraphs = paragraphs;
        article.paragraph_count = seed % 6;
        size_t body = article.paragraph_count;
        for (size_t i = 0; i < article.paragraph_count; i++) {
            paragraphs[i].text = random_text(&arena, &seed, seed % 400);
            paragraphs[i].length = strlen(paragraphs[i].text);
            body += paragraphs[i].length;
        }
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_analysed out;
        nsearch_status status = ns_analyse_article(help->workspace, &article, &out, &err);
        assert_true(status == NSEARCH_OK || status == NSEARCH_SKIPPED);
        if (status == NSEARCH_OK) {
            analysed++;
            check(&out, body);
            ns_stored stored;
            assert_int_equal(ns_stored_decode(out.stored, out.stored_size, &arena, &stored, &err),
                             NSEARCH_OK);
            assert_int_equal(stored.passage_count, out.passage_count);
        }
        ns_mention *mentions;
        int32_t *where;
        size_t count;
        assert_int_equal(
            ns_analyse_mentions(help->workspace, &article, &arena, &mentions, &where, &count, &err),
            NSEARCH_OK);
        for (size_t i = 0; i < count; i++) {
            size_t length = where[i] < 0 ? strlen(article.title) : paragraphs[where[i]].length;
            assert_true(mentions[i].begin < mentions[i].end && mentions[i].end <= length);
            assert_true(mentions[i].key[0] && mentions[i].canonical[0]);
            assert_true(i == 0 || where[i - 1] < where[i] || mentions[i - 1].end <= mentions[i].begin);
        }
        ns_arena_release(&arena);
    }
    assert_in_range(analysed, 600, 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_article), cmocka_unit_test(too_many_words), cmocka_unit_test(too_many_paragraphs),
        cmocka_unit_test(too_many_terms), cmocka_unit_test(title_only), cmocka_unit_test(long_sentence),
        cmocka_unit_test(passages),    cmocka_unit_test(repeatable), cmocka_unit_test(random_articles),
    };
    return cmocka_run_group_tests(tests, text_help_setup, text_help_teardown);
}
