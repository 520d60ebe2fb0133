/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_shown.c - under a hit stands the passage that holds what an operator of place or a phrase asks for,
 * whatever scores best: over random articles, with either engine, against the sentences as they were made.
 * Both engines show the same.
 *
 * NSEARCH_TEST_SEED chooses the articles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/nsearch.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

enum { ARTICLES = 150, SENTENCES = 60, WORDS = 14, PASSAGES = 20 };
typedef enum word { FILLER, ZINC, COBALT } word;

/* An article's words; sentences all have WORDS of them. */
typedef struct made {
    word words[SENTENCES * WORDS];
    uint32_t sentences, paragraphs[SENTENCES]; /* the paragraph that each is in */
} made;

static const char *const fillers[] = {"harbour", "council", "winter", "budget",
                                      "railway", "harvest", "debate", "market"};

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("%s", err->text);
}

/* The two words are mostly apart, each several times in a sentence of its own, which scores more than where
 * they meet. */
static void make(made *m, test_random *r)
{
    memset(m, 0, sizeof *m);
    m->sentences = 20 + test_random_below(r, SENTENCES - 19);
    for (uint32_t s = 0, paragraph = 0; s < m->sentences; s++) {
        paragraph += s && !test_random_below(r, 4);
        m->paragraphs[s] = paragraph;
        for (uint32_t n = test_random_below(r, 20) ? 0 : 1 + test_random_below(r, 5); n; n--)
            m->words[s * WORDS + test_random_below(r, WORDS)] = s % 2 ? ZINC : COBALT;
    }
    for (uint32_t n = test_random_below(r, 3); n; n--) {
        uint32_t at = test_random_below(r, m->sentences * WORDS - 40);
        uint32_t other = at + 1 + test_random_below(r, test_random_below(r, 3) ? 6 : 39);
        bool swapped = test_random_below(r, 2);
        m->words[at] = swapped ? COBALT : ZINC;
        m->words[other] = swapped ? ZINC : COBALT;
    }
}

static void add(nsearch_writer *writer, uint32_t id, const made *m, test_random *r)
{
    static char text[SENTENCES * WORDS * 12];
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_article article = NSEARCH_ARTICLE_INIT;
    char name[24];
    size_t n = 0;
    for (uint32_t i = 0; i < m->sentences * WORDS; i++) {
        uint32_t sentence = i / WORDS;
        const char *w = m->words[i] == ZINC     ? "zinc"
                        : m->words[i] == COBALT ? "cobalt"
                                                : fillers[test_random_below(r, 8)];
        if (i && i % WORDS == 0)
            n += (size_t)sprintf(text + n,
                                 m->paragraphs[sentence] == m->paragraphs[sentence - 1] ? ". " : ".\n\n");
        n += (size_t)sprintf(text + n, "%s%s", i % WORDS ? " " : "", w);
        if (i % WORDS == 0)
            text[n - strlen(w)] = (char)(text[n - strlen(w)] - 'a' + 'A');
    }
    sprintf(text + n, ".\n");
    snprintf(name, sizeof name, "a%u", id);
    article.id = name;
    article.title = "What the week brought";
    article.text = text;
    must(nsearch_writer_add(writer, &article, &err), &err);
}

/* ---- what each query asks for */

static uint32_t apart(uint32_t a, uint32_t b)
{
    return a < b ? b - a : a - b;
}

static bool meet_in_sentence(const made *m, uint32_t zinc, uint32_t cobalt)
{
    (void)m;
    return zinc / WORDS == cobalt / WORDS;
}

static bool meet_in_paragraph(const made *m, uint32_t zinc, uint32_t cobalt)
{
    return m->paragraphs[zinc / WORDS] == m->paragraphs[cobalt / WORDS];
}

static bool meet_within(const made *m, uint32_t zinc, uint32_t cobalt)
{
    (void)m;
    return apart(zinc, cobalt) <= 3;
}

static bool meet_in_order(const made *m, uint32_t zinc, uint32_t cobalt)
{
    (void)m;
    return zinc < cobalt && cobalt - zinc <= 3;
}

static bool meet_side_by_side(const made *m, uint32_t zinc, uint32_t cobalt)
{
    (void)m;
    return cobalt == zinc + 1;
}

static const struct {
    const char *query;
    bool (*meet)(const made *m, uint32_t zinc, uint32_t cobalt);
} queries[] = {
    {"zinc /s cobalt", meet_in_sentence},
    {"zinc /p cobalt", meet_in_paragraph},
    {"zinc w/3 cobalt", meet_within},
    {"zinc pre/3 cobalt", meet_in_order},
    {"\"zinc cobalt\"", meet_side_by_side},
    {"(zinc /s cobalt) harbour council", meet_in_sentence},
    {"zinc /s cobalt -turnip", meet_in_sentence},
};
enum { QUERIES = sizeof queries / sizeof *queries };

/* ---- what is shown */

/* The sentences that a passage holds, [begin, end): passages are whole sentences of the text, one after the
 * other. */
typedef struct extent {
    char text[4000];
    uint32_t begin, end;
} extent;

/* An article's passages, in their order. */
typedef struct cut {
    extent extents[PASSAGES];
    size_t count;
} cut;

static void read_cut(const nsearch_hit *hit, cut *c)
{
    uint32_t first = UINT32_MAX;
    c->count = hit->passage_count;
    assert_in_range(c->count, 1, PASSAGES - 1);
    for (size_t p = 0; p < c->count; p++)
        first = hit->passages[p].docid < first ? hit->passages[p].docid : first;
    for (size_t p = 0; p < c->count; p++)
        snprintf(c->extents[hit->passages[p].docid - first].text, sizeof c->extents->text, "%s",
                 hit->passages[p].text);
    for (size_t p = 0; p < c->count; p++) {
        extent *e = &c->extents[p];
        e->begin = e->end = p ? e[-1].end : 0;
        for (const char *t = e->text; *t; t++)
            e->end += *t == '.';
    }
}

/* Each passage holds one of the fillers. */
static void read_cuts(nsearch_index *index, cut *cuts)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *result;
    const nsearch_hit *hit;
    options.passages = PASSAGES;
    options.limit = ARTICLES;
    options.keep_copies = 1;
    must(nsearch_search(index, "harbour council winter budget railway harvest debate market", &options,
                        &result, &err),
         &err);
    assert_int_equal(nsearch_result_count(result), ARTICLES);
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)); i++)
        read_cut(hit, &cuts[atoi(hit->id + 1)]);
    nsearch_result_free(result);
}

static bool is_in(const extent *e, uint32_t at)
{
    return at / WORDS >= e->begin && at / WORDS < e->end;
}

/* Whether the two passages hold a match between them. */
static bool holds(const made *m, size_t query, const extent *a, const extent *b)
{
    for (uint32_t zinc = 0; zinc < m->sentences * WORDS; zinc++)
        for (uint32_t cobalt = 0; m->words[zinc] == ZINC && cobalt < m->sentences * WORDS; cobalt++)
            if (m->words[cobalt] == COBALT && queries[query].meet(m, zinc, cobalt) &&
                ((is_in(a, zinc) && is_in(b, cobalt)) || (is_in(b, zinc) && is_in(a, cobalt))))
                return true;
    return false;
}

typedef struct tallies {
    uint64_t hits, not_best, across;
} tallies;

static const extent *extent_of(const cut *c, const char *text)
{
    for (size_t i = 0; i < c->count; i++)
        if (!strcmp(c->extents[i].text, text))
            return &c->extents[i];
    fail_msg("no such passage: %s", text);
    return NULL;
}

static void check_hit(const nsearch_hit *hit, const made *m, size_t query, const cut *c, tallies *t)
{
    bool one = false;
    for (size_t p = 0; p < c->count; p++)
        one |= holds(m, query, &c->extents[p], &c->extents[p]);
    assert_true(hit->passage_count > 0);
    const extent *first = extent_of(c, hit->passages[0].text);
    double best = hit->passages[0].score;
    for (size_t p = 1; p < hit->passage_count; p++)
        best = hit->passages[p].score > best ? hit->passages[p].score : best;
    t->hits++;
    t->not_best += best > hit->passages[0].score;
    if (one) {
        if (!holds(m, query, first, first))
            fail_msg("'%s', article '%s': shown is '%s'", queries[query].query, hit->id, first->text);
        return;
    }
    t->across++;
    assert_true(hit->passage_count > 1);
    if (!holds(m, query, first, extent_of(c, hit->passages[1].text)))
        fail_msg("'%s', article '%s': shown are '%s' and '%s'", queries[query].query, hit->id, first->text,
                 hit->passages[1].text);
}

static void check(nsearch_index *index, const made *list, size_t passages, tallies *t)
{
    static cut cuts[ARTICLES];
    nsearch_error err = NSEARCH_ERROR_INIT;
    read_cuts(index, cuts);
    for (size_t q = 0; q < QUERIES; q++) {
        nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
        nsearch_result *result;
        const nsearch_hit *hit;
        options.limit = 60;
        options.passages = passages;
        options.keep_copies = 1;
        must(nsearch_search(index, queries[q].query, &options, &result, &err), &err);
        for (size_t i = 0; (hit = nsearch_result_hit(result, i)); i++)
            check_hit(hit, &list[atoi(hit->id + 1)], q, &cuts[atoi(hit->id + 1)], t);
        nsearch_result_free(result);
    }
}

/* Opens an index of the articles, made in three commits. */
static nsearch_index *open_made(const char *engine, const char *path, const made *list, uint64_t seed)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *writer;
    nsearch_index *index;
    test_random r = {seed};
    options.engine = engine;
    options.threads = 1;
    must(nsearch_writer_open(path, &options, &writer, &err), &err);
    for (uint32_t i = 0; i < ARTICLES; i++) {
        add(writer, i, &list[i], &r);
        if (i % 50 == 49)
            must(nsearch_writer_commit(writer, &err), &err);
    }
    nsearch_writer_close(writer);
    must(nsearch_open(path, NULL, &index, &err), &err);
    return index;
}

static void same_shown(nsearch_index *a, nsearch_index *b)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    for (size_t q = 0; q < QUERIES; q++) {
        nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
        nsearch_result *of_a, *of_b;
        const nsearch_hit *x, *y;
        options.limit = 60;
        must(nsearch_search(a, queries[q].query, &options, &of_a, &err), &err);
        must(nsearch_search(b, queries[q].query, &options, &of_b, &err), &err);
        for (size_t i = 0; (x = nsearch_result_hit(of_a, i)); i++) {
            assert_non_null(y = nsearch_result_hit(of_b, i));
            assert_string_equal(x->id, y->id);
            assert_int_equal(x->passage_count, y->passage_count);
            for (size_t p = 0; p < x->passage_count; p++)
                assert_string_equal(x->passages[p].text, y->passages[p].text);
        }
        assert_null(nsearch_result_hit(of_b, nsearch_result_count(of_a)));
        nsearch_result_free(of_a);
        nsearch_result_free(of_b);
    }
}

static void test_shown(void **unused)
{
    static const char *const engines[] = {"native", "xapian"};
    static made list[ARTICLES];
    const char *given = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 1;
    test_random r = {seed};
    nsearch_index *indexes[2] = {NULL, NULL};
    char *folder = test_folder_new(), path[4096];
    (void)unused;
    fprintf(stderr, "NSEARCH_TEST_SEED=%llu\n", (unsigned long long)seed);
    for (uint32_t i = 0; i < ARTICLES; i++)
        make(&list[i], &r);
    for (size_t e = 0; e < 2 && nsearch_has_engine(engines[e]); e++) {
        tallies t = {0};
        snprintf(path, sizeof path, "%s/%s", folder, engines[e]);
        indexes[e] = open_made(engines[e], path, list, seed);
        check(indexes[e], list, 1, &t);
        check(indexes[e], list, 3, &t);
        fprintf(stderr, "%s: %llu hits; in %llu another passage scores more, in %llu no passage holds all\n",
                engines[e], (unsigned long long)t.hits, (unsigned long long)t.not_best,
                (unsigned long long)t.across);
        assert_true(t.hits > 100 && t.not_best > 10 && t.across > 3);
    }
    if (indexes[1])
        same_shown(indexes[0], indexes[1]);
    for (size_t e = 0; e < 2; e++)
        nsearch_close(indexes[e]);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
