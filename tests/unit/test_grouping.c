/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_grouping.c - groups of copies among random sketches: the same in one go and with a reload after any article, with
 * little memory and with much where nothing is forgotten, and after removals as a search through all sketches says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/day.h"
#include "src/grouping.h"
#include "tests/support/random.h"

enum { ARTICLES = 900, STORIES = 120 };

typedef struct article {
    ns_article_columns columns;
    bool gone;
} article;

typedef struct index {
    ns_snapshot base;
    article *articles;
    size_t count;
} index_of_articles;

static nsearch_status walk(ns_snapshot *s, bool (*each)(const ns_article_columns *columns, void *user), void *user,
                           nsearch_error *err)
{
    const index_of_articles *x = (const index_of_articles *)s;
    (void)err;
    for (size_t i = 0; i < x->count; i++)
        if (!x->articles[i].gone && !each(&x->articles[i].columns, user))
            break;
    return NSEARCH_OK;
}

static const ns_backend backend = {.name = "random", .articles = walk};

/* A story's sketch, with some of its values changed. */
static void make_article(test_random *r, size_t i, article *out)
{
    uint32_t story = test_random_below(r, STORIES), changed = test_random_below(r, 50);
    test_random of_story = {story + 1};
    ns_article_columns *c = &out->columns;
    memset(out, 0, sizeof *out);
    c->hash = test_random_next(r);
    c->article = (uint32_t)i;
    c->day = test_random_below(r, 6) ? 19000 + (int32_t)(story % 7) : NS_DAY_UNKNOWN;
    c->sketch.text_hash = test_random_next(story % 10 ? r : &of_story);
    c->sketch.shingles = story % 10 ? 60 + test_random_below(r, 40) : 0;
    for (size_t k = 0; k < NS_SKETCH_WORDS && c->sketch.shingles; k++) {
        uint16_t word = (uint16_t)test_random_next(&of_story);
        /* a few set phrases that all stories have */
        word = k % 16 ? word : (uint16_t)(7 * k);
        c->sketch.words[k] = test_random_below(r, 100) < changed ? (uint16_t)test_random_next(r) : word;
    }
    for (size_t k = 0; k < NS_KEYWORDS; k++) {
        uint16_t keyword = (uint16_t)(1 + test_random_below(&of_story, 65535));
        c->sketch.keywords[k] = test_random_below(r, 200) < changed ? 1 : keyword;
    }
}

static void decide(ns_grouping *g, article *a)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_article_columns *c = &a->columns;
    assert_int_equal(ns_grouping_add(g, c->hash, c->day, false, &c->sketch, &c->group, &err), NSEARCH_OK);
}

static void load(ns_grouping *g, article *articles, size_t count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    index_of_articles x = {{&backend, NULL, 0}, articles, count};
    assert_int_equal(ns_grouping_load(g, count ? &x.base : NULL, &err), NSEARCH_OK);
}

/* Adds all, removing one in ten of those before on the way; 'again': about how many are added between two reloads, 0 never. */
static void run(uint64_t seed, size_t memory, uint32_t again, uint64_t groups[ARTICLES])
{
    article *articles = calloc(ARTICLES, sizeof *articles);
    test_random r = {seed}, order = {seed + again};
    ns_grouping *g = ns_grouping_new(memory);
    assert_non_null(articles);
    assert_non_null(g);
    load(g, articles, 0);
    for (size_t i = 0; i < ARTICLES; i++) {
        make_article(&r, i, &articles[i]);
        if (again && !test_random_below(&order, again))
            load(g, articles, i);
        decide(g, &articles[i]);
        groups[i] = articles[i].columns.group;
        size_t old = test_random_below(&r, (uint32_t)i + 1);
        if (test_random_below(&r, 10) == 0 && !articles[old].gone) {
            ns_grouping_remove(g, articles[old].columns.hash);
            articles[old].gone = true;
        }
    }
    ns_grouping_free(g);
    free(articles);
}

static void compare(uint64_t seed, const uint64_t *a, const uint64_t *b, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            fail_msg("seed %llu: article %zu is in another group %s", (unsigned long long)seed, i, what);
}

static void same_however_committed(void **state)
{
    (void)state;
    static uint64_t once[ARTICLES], reloaded[ARTICLES];
    for (uint64_t seed = 1; seed <= 4; seed++) {
        size_t heads = 0;
        run(seed, 64u << 20, 0, once);
        for (size_t i = 0; i < ARTICLES; i++)
            heads += (once[i] & NS_GROUP_HEAD) != 0;
        assert_in_range(heads, STORIES / 2, ARTICLES / 2); /* the input has copies, and more than one story */
        run(seed, 64u << 20, 100, reloaded);
        compare(seed, once, reloaded, ARTICLES, "after reloads");
        run(seed, 64u << 20, 5, reloaded); /* never a table: all sketches are looked through */
        compare(seed, once, reloaded, ARTICLES, "by looking through all");
        run(seed, 1u << 20, 0, reloaded);
        compare(seed, once, reloaded, ARTICLES, "with a table of short lists");
    }
}

/* More articles than memory: what is forgotten hangs on what came after it alone. */
static void the_last_are_compared(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    article *articles = calloc(MANY, sizeof *articles);
    uint64_t *once = calloc(MANY, sizeof *once);
    assert_true(articles && once);
    for (uint32_t again = 0; again < 3; again++) {
        test_random r = {77};
        ns_grouping *g = ns_grouping_new(0);
        load(g, articles, 0);
        for (size_t i = 0; i < MANY; i++) {
            make_article(&r, i, &articles[i]);
            if (again && i && i % (again * 700) == 0)
                load(g, articles, i);
            decide(g, &articles[i]);
            if (!again)
                once[i] = articles[i].columns.group;
            else if (once[i] != articles[i].columns.group)
                fail_msg("article %zu is in another group with a commit at each %u", i, again * 700);
        }
        ns_grouping_free(g);
    }
    free(articles);
    free(once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_however_committed), cmocka_unit_test(the_last_are_compared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
