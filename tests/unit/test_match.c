/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_match.c - the first stage against its definition: over random corpora in 1 to 8 segments, with articles removed
 * and replaced, each engine, each way of matching and the model give the same articles with the same scores, and pruned and
 * exhaustive the same bits. NSEARCH_TEST_SEED and NSEARCH_TEST_QUERIES change what is tried.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/backend.h"
#include "index/native/merge.h"
#include "src/query/match.h"
#include "tests/support/instrumented.h"
#include "tests/unit/model.h"
#include "tests/unit/model_places.h"

static uint64_t first_seed;
static int queries_wanted = INSTRUMENTED ? 1500 : 10000;

static void remove_tree(const char *dir)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
}

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

/* Adds the articles in 'commits' commits; in the last ones some articles are removed or given another text. */
static void build(const ns_backend *backend, const char *dir, model *m, int commits, uint64_t *seed)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store_options options = {.memory_mb = 64, .threads = 1};
    ns_store *store;
    must(backend->store_open(dir, &options, &store, &err), &err);
    for (int c = 0; c < commits; c++) {
        size_t begin = m->count * (size_t)c / (size_t)commits, end = m->count * (size_t)(c + 1) / (size_t)commits;
        for (size_t i = begin; i < end; i++)
            must(backend->store_add(store, &m->articles[i].analysed, &err), &err);
        for (size_t i = 0; c && i < begin; i++)
            if (!m->articles[i].removed && model_random(seed) % 16 == 0) {
                must(backend->store_remove(store, m->articles[i].analysed.id, &err), &err);
                m->articles[i].removed = true;
            }
        must(backend->store_commit(store, &err), &err);
    }
    backend->store_close(store);
}

static void assert_same(ns_snapshot *s, const ns_match *got, const model_hit *want, size_t count, double tolerance)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    assert_int_equal(got->count, count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *id;
        size_t n;
        must(s->backend->fetch(s, got->candidates[i].docid, &arena, &id, &n, &err), &err);
        bool same = n == strlen(want[i].id) && !memcmp(id, want[i].id, n);
        double scale = fabs(want[i].score) > 1e-9 ? fabs(want[i].score) : 1;
        if (fabs(got->candidates[i].score - want[i].score) > tolerance * scale)
            fail_msg("seed %llu: hit %zu scores %.17g, not %.17g", (unsigned long long)first_seed, i,
                     got->candidates[i].score, want[i].score);
        /* with rounding, scores that are equal but for it may change places */
        bool tie = (i && fabs(want[i].score - want[i - 1].score) <= tolerance * scale) ||
                   (i + 1 < count && fabs(want[i].score - want[i + 1].score) <= tolerance * scale) ||
                   (i + 1 == count && tolerance > 1e-9);
        if (!same && !tie)
            fail_msg("seed %llu: hit %zu is '%.*s', not '%s'", (unsigned long long)first_seed, i, (int)n, id,
                     want[i].id);
    }
    ns_arena_release(&arena);
}

static void check_totals(ns_snapshot *s, const model *m)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot_stats stats;
    uint64_t length, passages, articles, texts;
    model_totals(m, &length, &passages, &articles, &texts);
    must(s->backend->stats(s, &stats, &err), &err);
    assert_int_equal(stats.total_length, length);
    assert_int_equal(stats.passages, passages);
    assert_int_equal(stats.articles, articles);
    assert_int_equal(stats.texts, texts);
    for (uint32_t i = 0; i < m->vocabulary; i++) {
        char key[16];
        ns_term_stats term;
        uint32_t n = model_word(i, NS_TERM_STEM, key);
        model_frequency(m, key, n, &passages, &texts);
        must(s->backend->term(s, key, n, &term, &err), &err);
        assert_int_equal(term.df, passages);
        assert_int_equal(term.texts, texts);
    }
}

static void check_plan(ns_snapshot *s, const model *m, const ns_plan *plan, size_t limit, ns_maxima_cache *cache,
                       ns_arena *arena)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    model_hit *want = ns_arena_array(arena, limit + 1, sizeof *want);
    uint64_t found;
    ns_match pruned, hasty, exhaustive, own;
    size_t count = model_answer(m, plan, limit, want, &found);
    ns_match_options options = {.limit = limit, .mode = NS_MATCH_CURSORS, .cache = cache};
    must(ns_match_run(s, plan, &options, arena, &pruned, &err), &err);
    options.mode = NS_MATCH_EXHAUSTIVE;
    must(ns_match_run(s, plan, &options, arena, &exhaustive, &err), &err);
    if (exhaustive.count != count && plan->filter)
        model_print_places(plan->filter);
    assert_same(s, &exhaustive, want, count, 1e-12);
    assert_int_equal(pruned.count, exhaustive.count);
    for (size_t i = 0; i < pruned.count; i++) {
        assert_int_equal(pruned.candidates[i].docid, exhaustive.candidates[i].docid);
        assert_memory_equal(&pruned.candidates[i].score, &exhaustive.candidates[i].score, sizeof(double));
    }
    options.mode = NS_MATCH_CURSORS; /* uncounted, positions may be looked at later: the same */
    options.uncounted = true;
    must(ns_match_run(s, plan, &options, arena, &hasty, &err), &err);
    assert_int_equal(hasty.count, pruned.count);
    assert_memory_equal(hasty.candidates, pruned.candidates, pruned.count * sizeof *pruned.candidates);
    options.uncounted = false;
    assert_false(pruned.at_least);
    if (pruned.found != found && plan->filter)
        model_print_places(plan->filter);
    assert_int_equal(pruned.found, found);
    if (s->backend->answer) {
        options.mode = NS_MATCH_BEST;
        must(ns_match_run(s, plan, &options, arena, &own, &err), &err);
        assert_same(s, &own, want, count, 1e-6);
    }
}

static void check_engine(const ns_backend *backend, int queries)
{
    uint64_t seed = first_seed;
    const int rounds = 16;
    int filtered = 0, ranked = 0;
    unsigned numbers_met = 0; /* of segments: bit n - 1 */
    for (int round = 0; round < rounds; round++) {
        char dir[] = "/tmp/nsearch-test-match-XXXXXX";
        nsearch_error err = NSEARCH_ERROR_INIT;
        model m;
        ns_snapshot *s;
        assert_non_null(mkdtemp(dir));
        size_t articles = round % 4 == 3 ? 1500 : 40 + 60 * (size_t)(round % 4);
        uint32_t most = round % 4 == 1 || round % 8 == 7 ? 1 : 6; /* passages an article */
        model_make(&m, articles, most, round % 3 ? 300 : 30, &seed);
        build(backend, dir, &m, 1 + round % 8, &seed);
        must(backend->open(dir, &s, &err), &err);
        check_totals(s, &m);
        ns_maxima_cache *cache = ns_maxima_cache_new(round % 2 ? 1 << 20 : 4000, 0); /* a small one is emptied often */
        assert_non_null(cache);
        size_t parts = backend->part_count(s);
        if (parts && parts <= 8)
            numbers_met |= 1u << (parts - 1);
        for (int q = 0; q < queries / rounds; q++) {
            ns_arena arena = NS_ARENA_INIT;
            ns_plan plan;
            bool filter = q % 4 == 0;
            model_plan(&m, &seed, filter, &arena, &plan);
            check_plan(s, &m, &plan, 1 + model_random(&seed) % 30, q % 3 ? cache : NULL, &arena);
            filtered += filter;
            ranked += !filter;
            ns_arena_release(&arena);
        }
        must(backend->verify(s, &err), &err);
        ns_maxima_cache_free(cache);
        backend->close(s);
        model_release(&m);
        remove_tree(dir);
    }
    print_message("%s: %d ranked and %d filtered queries agree\n", backend->name, ranked, filtered);
    assert_true(filtered + ranked >= queries - rounds);
    if (backend == &ns_native_backend)
        assert_int_equal(numbers_met, 0xff);
}

static void test_native(void **state)
{
    (void)state;
    ns_merge_width = 100; /* as many segments as commits */
    check_engine(&ns_native_backend, queries_wanted);
}

#ifdef NS_WITH_XAPIAN
static void test_xapian(void **state)
{
    (void)state;
    check_engine(&ns_xapian_backend, queries_wanted / 10);
}
#endif

int main(void)
{
    const char *seed = getenv("NSEARCH_TEST_SEED"), *queries = getenv("NSEARCH_TEST_QUERIES");
    first_seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
    if (queries)
        queries_wanted = atoi(queries);
    print_message("seed %llu\n", (unsigned long long)first_seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_native),
#ifdef NS_WITH_XAPIAN
        cmocka_unit_test(test_xapian),
#endif
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    printf("promise Q2: random queries whose pruned answer is that of scoring everything: %d points, %d wanted, %d findings\n",
           queries_wanted, queries_wanted, failed);
    return failed;
}
