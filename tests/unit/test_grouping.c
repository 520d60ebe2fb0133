/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_grouping.c - groups of copies among random sketches: the same in one go and with a reload after any
 * article, with little memory and with much where nothing is forgotten, and after removals as a search
 * through all sketches says. And a few articles that are, or are not, copies.
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
#include "src/text/neardup.h"
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

static nsearch_status walk(ns_snapshot *s, bool (*each)(const ns_article_columns *columns, void *user),
                           void *user, nsearch_error *err)
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

/* Adds all, removing one in ten of those before on the way; 'again': about how many are added between two
 * reloads, 0 never. */
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

/* ---- tables of a few articles */

enum { WORDS = NS_SKETCH_WORDS, FEW = 5 };

/* An article of a story of which 'changed' of 64 values are its own: those from 'from' on. */
static void make_version(article *a, size_t i, uint16_t story, size_t from, size_t changed, int32_t day)
{
    memset(a, 0, sizeof *a);
    ns_article_columns *c = &a->columns;
    c->hash = ns_mix64(story * 100u + i + 1);
    c->article = (uint32_t)i;
    c->day = day;
    c->sketch.text_hash = c->hash;
    c->sketch.shingles = 80;
    for (size_t k = 0; k < WORDS; k++) {
        bool own = (k + WORDS - from) % WORDS < changed;
        c->sketch.words[k] = (uint16_t)ns_mix64(story * 1000u + k + (own ? (i + 1) << 20 : 0));
    }
    for (size_t k = 0; k < NS_KEYWORDS; k++) {
        bool own = (k + NS_KEYWORDS - from % NS_KEYWORDS) % NS_KEYWORDS < changed * NS_KEYWORDS / WORDS;
        c->sketch.keywords[k] = (uint16_t)(ns_mix64(story * 3000u + k + (own ? (i + 1) << 20 : 0)) | 1);
    }
}

#define NEVER NS_DAY_UNKNOWN
/* Articles as they come: values of their own, [from, from + changed) of 64, and days; and who is with whom, a
 * letter a group. */
static const struct {
    const char *what;
    size_t count;
    struct {
        uint16_t story;
        size_t from, changed;
        int32_t day;
    } articles[FEW];
    const char *groups;
} decisions[] = {
    {"copies", 3, {{1, 0, 0, 10}, {1, 0, 8, 12}, {1, 30, 8, 14}}, "aaa"},
    {"other stories", 3, {{1, 0, 0, 10}, {2, 0, 0, 10}, {3, 0, 0, 10}}, "abc"},
    {"too much is changed", 2, {{1, 0, 0, 10}, {1, 14, 50, 10}}, "ab"},
    {"in fourteen days", 2, {{1, 0, 0, 10}, {1, 0, 16, 24}}, "aa"},
    {"after more", 2, {{1, 0, 0, 10}, {1, 0, 16, 25}}, "ab"},
    {"nearly the same, at any time", 2, {{1, 0, 0, 10}, {1, 0, 2, 400}}, "aa"},
    {"no date fits any", 2, {{1, 0, 0, NEVER}, {1, 0, 16, 400}}, "aa"},
    {"but holds no two together that are months apart",
     3,
     {{1, 0, 0, NEVER}, {1, 0, 12, 10}, {1, 20, 12, 400}},
     "aab"},
    {"nor does it stand in the way of those that are near",
     3,
     {{1, 0, 0, NEVER}, {1, 0, 12, 10}, {1, 20, 12, 12}},
     "aaa"},
};

static void decided(void **state)
{
    (void)state;
    for (size_t d = 0; d < sizeof decisions / sizeof *decisions; d++) {
        article articles[FEW];
        uint64_t first[26] = {0};
        char groups[FEW + 1] = "";
        size_t known = 0;
        ns_grouping *g = ns_grouping_new(1u << 20);
        load(g, articles, 0);
        for (size_t i = 0; i < decisions[d].count; i++) {
            make_version(&articles[i], i, decisions[d].articles[i].story, decisions[d].articles[i].from,
                         decisions[d].articles[i].changed, decisions[d].articles[i].day);
            decide(g, &articles[i]);
            uint64_t number = ns_group_number(articles[i].columns.group);
            size_t k = 0;
            while (k < known && first[k] != number)
                k++;
            assert_int_equal((articles[i].columns.group & NS_GROUP_HEAD) != 0, k == known);
            if (k == known)
                first[known++] = number;
            groups[i] = (char)('a' + k);
            groups[i + 1] = '\0';
        }
        if (strcmp(groups, decisions[d].groups) != 0)
            fail_msg("%s: groups %s, not %s (evidence of the last two %.3f)", decisions[d].what, groups,
                     decisions[d].groups,
                     ns_sketch_evidence(&articles[decisions[d].count - 2].columns.sketch,
                                        &articles[decisions[d].count - 1].columns.sketch));
        ns_grouping_free(g);
    }
}

/* A group's head counts as its text. One that is removed is followed by the next that joins, in the same run or after the
 * index was read anew; while it is there, there is no second. */
static void heads(void **state)
{
    (void)state;
    for (int anew = 0; anew < 2; anew++) {
        article articles[4];
        for (size_t i = 0; i < 4; i++)
            make_version(&articles[i], i, 1, 0, i, 10);
        ns_grouping *g = ns_grouping_new(1u << 20);
        load(g, articles, 0);
        decide(g, &articles[0]);
        decide(g, &articles[1]);
        assert_true(articles[0].columns.group & NS_GROUP_HEAD);
        assert_true(ns_group_is_copy(articles[1].columns.group) && !ns_group_is_copy(articles[0].columns.group));
        ns_grouping_remove(g, articles[0].columns.hash);
        if (anew)
            load(g, articles + 1, 1);
        decide(g, &articles[2]);
        decide(g, &articles[3]);
        for (size_t i = 1; i < 4; i++) {
            assert_int_equal(ns_group_number(articles[i].columns.group), ns_group_number(articles[0].columns.group));
            assert_int_equal(ns_group_is_copy(articles[i].columns.group), i != 2);
        }
        ns_grouping_free(g);
    }
}

/* ---- what numbers, days and short lists of keywords say */

/* A version of the first story with 'changed' of 64 values its own, and a dozen numbers: 'kept' of them the
 * story's. */
static article make_table(size_t i, size_t changed, size_t kept)
{
    article a;
    make_version(&a, i, 1, 0, changed, 10);
    for (size_t k = 0; k < 12; k++)
        ns_sketch_add_number(&a.columns.sketch, ns_mix64(k + 1 + (k < kept ? 0 : (i + 1) << 20)));
    return a;
}

static bool are_copies(const article *a, const article *b)
{
    const ns_article_columns *x = &a->columns, *y = &b->columns;
    bool copies = ns_sketch_is_copy(&x->sketch, x->day, &y->sketch, y->day, NULL);
    assert_int_equal(copies, ns_sketch_is_copy(&y->sketch, y->day, &x->sketch, x->day, NULL));
    return copies;
}

static void tables(void **state)
{
    (void)state;
    article table = make_table(0, 0, 12), later = make_table(1, 20, 2), edited = make_table(2, 20, 10);
    assert_false(are_copies(&table, &later)); /* the same lines, other prices */
    assert_true(are_copies(&table, &edited));
    /* where next to nothing else was edited, lost numbers are a form's */
    const ns_sketch *t = &table.columns.sketch;
    article alike = make_table(1, 2, 6), all_alike = make_table(1, 2, 12);
    article less = make_table(1, 24, 6), all_less = make_table(1, 24, 12);
    assert_true(
        ns_sketch_evidence(t, &all_alike.columns.sketch) - ns_sketch_evidence(t, &alike.columns.sketch) >
        ns_sketch_evidence(t, &all_less.columns.sketch) - ns_sketch_evidence(t, &less.columns.sketch));
}

static void days_and_keywords(void **state)
{
    (void)state;
    article a, b;
    make_version(&a, 0, 1, 0, 0, 10);
    make_version(&b, 1, 1, 0, 44, 10);
    assert_true(are_copies(&a, &b));
    b.columns.day = 22; /* within the fortnight, but as like as a report that follows up */
    assert_false(are_copies(&a, &b));
    assert_true(ns_sketch_days_against(10, 10) == 0);
    assert_true(ns_sketch_days_against(10, 11) > 0);
    assert_true(ns_sketch_days_against(10, NEVER) > ns_sketch_days_against(11, 10));
    assert_true(ns_sketch_days_against(10, NEVER) < ns_sketch_days_against(10, 15));
    assert_true(ns_sketch_days_against(0, INT32_MAX) == ns_sketch_days_against(0, 14));
    /* of a brief with few words to choose from the same share in common tells less */
    ns_sketch brief = a.columns.sketch;
    double whole = ns_sketch_evidence(&brief, &brief);
    memset(&brief.keywords[20], 0, (NS_KEYWORDS - 20) * sizeof *brief.keywords);
    ns_sketch other = brief;
    other.text_hash++;
    assert_true(ns_sketch_evidence(&brief, &other) < whole - 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decided), cmocka_unit_test(heads), cmocka_unit_test(tables), cmocka_unit_test(days_and_keywords),
        cmocka_unit_test(same_however_committed), cmocka_unit_test(the_last_are_compared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
