/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_facet.c - the names that are counted over what a query matches, against a plain count: with either engine, in one
 * commit or many, with articles replaced and removed, before and after a merge.
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

#define ARTICLES 120
#define MOST 3 /* names of a kind in an article */

/* What is to be told apart: a surname that two people have, spellings, aliases, accents, capitals. */
static const char *const people[] = {"Ruth Adeyemi", "Paul Adeyemi", "Vladimir Putin", "Sandra Quist", "José Ibáñez",
                                     "Angela Merkel", "Edith Marsh", "Brian Cole"};
static const char *const places[] = {"North Korea", "Zambia", "Lisbon", "Norway", "Peru", "Nairobi"};
static const char *const orgs[] = {"United Nations", "Kestrel Mining Corporation", "NATO", "Quarry Workers Union"};
static const char *const sources[] = {"Harbour Post", "The Ledger", "Agência Sul", ""};
static const char *const topics[] = {"copper", "harvest", "football", "court"};
enum { PERSON, PLACE, ORG, SOURCE, KINDS };
static const char *const kinds[] = {"person", "place", "org", "source"};
static const struct {
    const char *const *names;
    uint32_t count;
} all[KINDS] = {{people, sizeof people / sizeof *people},
                {places, sizeof places / sizeof *places},
                {orgs, sizeof orgs / sizeof *orgs},
                {sources, sizeof sources / sizeof *sources}};

typedef struct made {
    bool live;
    uint32_t topic;
    unsigned holds[KINDS]; /* a bit a name */
} made;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("%s", err->text);
}

static void add(nsearch_writer *writer, uint32_t id, made *m, test_random *r)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_article article = NSEARCH_ARTICLE_INIT;
    char name[24], text[2000];
    *m = (made){.live = true, .topic = test_random_below(r, sizeof topics / sizeof *topics)};
    size_t n = (size_t)snprintf(text, sizeof text, "Early in the week the matter of %s came up again.\n", topics[m->topic]);
    for (int k = PERSON; k < SOURCE; k++)
        for (uint32_t i = test_random_below(r, MOST + 1); i; i--) {
            uint32_t which = test_random_below(r, all[k].count);
            m->holds[k] |= 1u << which;
            n += (size_t)snprintf(text + n, sizeof text - n, "It was said that %s knew of it. ", all[k].names[which]);
        }
    uint32_t source = test_random_below(r, all[SOURCE].count);
    m->holds[SOURCE] = *sources[source] ? 1u << source : 0;
    snprintf(name, sizeof name, "a%u", id);
    article.id = name;
    article.title = "What the week brought";
    article.text = text;
    article.source = sources[source];
    must(nsearch_writer_add(writer, &article, &err), &err);
}

static uint64_t count_of(const made *list, uint32_t topic, int kind, uint32_t name)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < ARTICLES; i++)
        count += list[i].live && list[i].topic == topic && list[i].holds[kind] >> name & 1;
    return count;
}

static void check_facet(const nsearch_facet *facet, const made *list, uint32_t topic, int kind, size_t values)
{
    uint64_t distinct = 0, least = UINT64_MAX;
    assert_string_equal(facet->field, kinds[kind]);
    for (uint32_t i = 0; i < all[kind].count; i++)
        distinct += count_of(list, topic, kind, i) > 0;
    assert_int_equal(facet->distinct, distinct);
    assert_int_equal(facet->value_count, distinct < values ? distinct : values);
    for (size_t v = 0; v < facet->value_count; v++) {
        uint32_t i = 0;
        while (i < all[kind].count && strcmp(all[kind].names[i], facet->values[v].name) != 0)
            i++;
        if (i == all[kind].count)
            fail_msg("no such name: '%s'", facet->values[v].name);
        assert_int_equal(facet->values[v].articles, count_of(list, topic, kind, i));
        assert_true(facet->values[v].articles <= least);
        least = facet->values[v].articles;
    }
    for (uint32_t i = 0; i < all[kind].count; i++) { /* none that is left out is more frequent */
        bool given = false;
        for (size_t v = 0; v < facet->value_count; v++)
            given |= !strcmp(all[kind].names[i], facet->values[v].name);
        assert_true(given || count_of(list, topic, kind, i) <= least);
    }
}

static void check(const char *path, const made *list)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index;
    must(nsearch_open(path, NULL, &index, &err), &err);
    must(nsearch_verify(index, &err), &err);
    for (uint32_t topic = 0; topic < sizeof topics / sizeof *topics; topic++)
        for (size_t values = 1; values < 12; values += 3) {
            nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
            nsearch_result *result;
            options.facets = "person,place,org,source";
            options.facet_values = values;
            options.limit = 1;
            must(nsearch_search(index, topics[topic], &options, &result, &err), &err);
            for (int k = 0; k < KINDS; k++)
                check_facet(nsearch_result_facet(result, (size_t)k), list, topic, k, values);
            assert_null(nsearch_result_facet(result, KINDS));
            nsearch_result_free(result);
        }
    nsearch_close(index);
}

static void try_engine(const char *engine, uint64_t seed)
{
    made list[ARTICLES] = {{0}};
    test_random r = {seed};
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *writer;
    char *folder = test_folder_new(), path[4096];
    snprintf(path, sizeof path, "%s/index", folder);
    options.engine = engine;
    options.threads = 1;
    must(nsearch_writer_open(path, &options, &writer, &err), &err);
    for (int commit = 0; commit < 5; commit++) {
        for (uint32_t i = 0; i < ARTICLES / 3; i++) {
            uint32_t id = test_random_below(&r, ARTICLES);
            add(writer, id, &list[id], &r);
        }
        for (uint32_t i = 0; commit && i < 5; i++) {
            uint32_t id = test_random_below(&r, ARTICLES);
            char name[24];
            snprintf(name, sizeof name, "a%u", id);
            if (!list[id].live)
                continue;
            must(nsearch_writer_remove(writer, name, &err), &err);
            list[id].live = false;
        }
        must(nsearch_writer_commit(writer, &err), &err);
        check(path, list);
    }
    must(nsearch_writer_merge(writer, &err), &err);
    nsearch_writer_close(writer);
    check(path, list);
    test_folder_remove(folder);
}

static uint64_t seed_of_run(void)
{
    const char *text = getenv("NSEARCH_TEST_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 0) : 20230911;
    fprintf(stderr, "NSEARCH_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static void test_native(void **unused)
{
    (void)unused;
    try_engine("native", seed_of_run());
}

static void test_xapian(void **unused)
{
    (void)unused;
    if (!nsearch_has_engine("xapian"))
        skip();
    try_engine("xapian", seed_of_run());
}

static void test_refused(void **unused)
{
    (void)unused;
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options writing = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_writer *writer;
    nsearch_index *index;
    nsearch_result *result = NULL;
    char *folder = test_folder_new();
    must(nsearch_writer_open(folder, &writing, &writer, &err), &err);
    must(nsearch_writer_commit(writer, &err), &err);
    nsearch_writer_close(writer);
    must(nsearch_open(folder, NULL, &index, &err), &err);
    options.facets = "person,ship";
    assert_int_equal(nsearch_search(index, "copper", &options, &result, &err), NSEARCH_INVALID);
    assert_non_null(strstr(err.text, "'ship'"));
    options.facets = "person,,source,person";
    must(nsearch_search(index, "copper", &options, &result, &err), &err);
    assert_string_equal(nsearch_result_facet(result, 1)->field, "source");
    assert_int_equal(nsearch_result_facet(result, 1)->value_count, 0);
    assert_null(nsearch_result_facet(result, 2));
    nsearch_result_free(result);
    options.facet_values = 1001;
    assert_int_equal(nsearch_search(index, "copper", &options, &result, &err), NSEARCH_INVALID);
    nsearch_close(index);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_native), cmocka_unit_test(test_xapian),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
