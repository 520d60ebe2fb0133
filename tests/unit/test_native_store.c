/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_native_store.c - what goes into the native engine comes out: random additions, replacements and
 * removals, in one commit or many, in 1 to 8 segments, merged or not, always the state of a plain model.
 * NSEARCH_TEST_SEED chooses the random numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "index/native/merge.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

#define VOCABULARY 400

static uint64_t first_seed;
static const ns_backend *const engine = &ns_native_backend;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("seed %llu: status %d: %s", (unsigned long long)first_seed, (int)status, err->text);
}

static ns_store *open_store(const char *dir, size_t memory_mb)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store_options options = {.memory_mb = memory_mb, .threads = 1};
    ns_store *store;
    must(engine->store_open(dir, &options, &store, &err), &err);
    return store;
}

static void commit(ns_store *store)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    must(engine->store_commit(store, &err), &err);
}

static void add(ns_store *store, synthetic_model *m, uint32_t id, uint32_t version)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    must(engine->store_add(store, synthetic_model_add(m, id, version, VOCABULARY), &err), &err);
}

static void drop(ns_store *store, synthetic_model *m, uint32_t id)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    char name[32];
    snprintf(name, sizeof name, "article-%u", id);
    nsearch_status status = engine->store_remove(store, name, &err);
    assert_int_equal(status, synthetic_model_remove(m, name) ? NSEARCH_OK : NSEARCH_NOT_FOUND);
}

/* Verified, of the expected state; returns the number of segments. */
static uint64_t check(const char *dir, const synthetic_model *m)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    ns_snapshot_stats stats;
    uint64_t state;
    must(engine->open(dir, &s, &err), &err);
    must(engine->verify(s, &err), &err);
    must(native_state_of_index(s, &state, &err), &err);
    must(engine->stats(s, &stats, &err), &err);
    engine->close(s);
    if (state != native_state_of_model(m))
        fail_msg("seed %llu: the index is not what was put in", (unsigned long long)first_seed);
    return stats.segments;
}

static void test_random_runs(void **unused)
{
    (void)unused;
    test_random r = {first_seed};
    uint64_t most_segments = 0;
    for (int round = 0; round < 12; round++) {
        char *dir = test_folder_new();
        synthetic_model m;
        synthetic_model_init(&m);
        ns_merge_width = round % 3 ? 4 : 3 + test_random_below(&r, 8);
        for (int c = 1 + (int)test_random_below(&r, 6); c; c--) {
            ns_store *store = open_store(dir, 64);
            for (uint32_t i = test_random_below(&r, 60); i; i--) {
                uint32_t id = test_random_below(&r, 80);
                if (test_random_below(&r, 4))
                    add(store, &m, id, test_random_below(&r, 1000));
                else
                    drop(store, &m, id);
                if (test_random_below(&r, 40) == 0)
                    commit(store);
            }
            if (test_random_below(&r, 4) == 0) {
                nsearch_error err = NSEARCH_ERROR_INIT;
                must(engine->store_merge(store, &err), &err);
            }
            commit(store);
            engine->store_close(store);
            uint64_t segments = check(dir, &m);
            if (segments > most_segments)
                most_segments = segments;
        }
        synthetic_model_release(&m);
        test_folder_remove(dir);
    }
    ns_merge_width = 4;
    assert_true(most_segments >= 3);
}

/* One go, and n commits, and n commits merged, are the same index to look at. */
static void test_any_number_of_segments(void **unused)
{
    (void)unused;
    ns_merge_width = 100;
    for (uint32_t n = 1; n <= 8; n++) {
        char *dir = test_folder_new();
        synthetic_model m;
        nsearch_error err = NSEARCH_ERROR_INIT;
        synthetic_model_init(&m);
        ns_store *store = open_store(dir, 64);
        for (uint32_t i = 0; i < 160; i++) {
            add(store, &m, i, 0);
            if ((i + 1) % (160 / n) == 0 && (i + 1) / (160 / n) < n)
                commit(store);
        }
        commit(store);
        assert_int_equal(check(dir, &m), n);
        for (uint32_t i = 0; i < 160; i += 16)
            drop(store, &m, i);
        add(store, &m, 33, 7);
        commit(store);
        check(dir, &m);
        must(engine->store_merge(store, &err), &err);
        assert_int_equal(check(dir, &m), 1);
        engine->store_close(store);
        synthetic_model_release(&m);
        test_folder_remove(dir);
    }
    ns_merge_width = 4;
}

/* Lists of many blocks: 3,000 articles, flushed several times by a small budget. */
static void test_budget(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    synthetic_model m;
    synthetic_model_init(&m);
    ns_store *store = open_store(dir, 1);
    for (uint32_t i = 0; i < 3000; i++)
        add(store, &m, i % 2900, i);
    commit(store);
    engine->store_close(store);
    check(dir, &m);
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

/* One number of the positions of the current posting. */
static uint64_t places_of(ns_cursor *c)
{
    const uint32_t *positions = NULL;
    size_t count = c->ops->positions(c, &positions);
    return ns_hash64(positions, count * sizeof *positions, count);
}

/* Seeks and positions against a plain walk, on every list of an index with long ones. */
static bool check_cursors(const char *key, size_t length, uint64_t df, void *user)
{
    ns_snapshot *s = user;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    test_random r = {df ^ first_seed};
    ns_cursor *walk, *jump;
    must(engine->cursor(s, 0, key, length, &arena, &walk, &err), &err);
    uint32_t *docids = ns_arena_array(&arena, walk->df, sizeof *docids),
             *tfs = ns_arena_array(&arena, walk->df, sizeof *tfs);
    uint64_t *places = ns_arena_array(&arena, walk->df, sizeof *places);
    uint32_t n = 0;
    for (uint32_t d = walk->docid; d != NS_DOCID_END; d = ns_cursor_next(walk), n++) {
        docids[n] = d;
        tfs[n] = ns_cursor_freq(walk);
        places[n] = places_of(walk);
    }
    assert_int_equal(n, df);
    for (int stride = 1; stride <= 1024; stride *= 4) {
        must(engine->cursor(s, 0, key, length, &arena, &jump, &err), &err);
        for (uint32_t i = 0, target = 0; i < n;) {
            uint32_t d = ns_cursor_seek(jump, target);
            while (i < n && docids[i] < target)
                i++;
            if (i == n) {
                assert_int_equal(d, NS_DOCID_END);
                break;
            }
            assert_int_equal(d, docids[i]);
            assert_int_equal(ns_cursor_freq(jump), tfs[i]);
            if (test_random_below(&r, 2))
                assert_int_equal(places_of(jump), places[i]);
            target = d + 1 + test_random_below(&r, (uint32_t)stride);
        }
        assert_false(jump->damaged);
    }
    ns_arena_release(&arena);
    return true;
}

/* How many blocks of lists, but the last of each, are not full. */
static bool count_gaps(const char *key, size_t length, uint64_t df, void *user)
{
    ns_snapshot *s = ((void **)user)[0];
    uint32_t *gaps = ((void **)user)[1];
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_cursor *c;
    (void)df;
    must(engine->cursor(s, 0, key, length, &arena, &c, &err), &err);
    while (c->docid != NS_DOCID_END) {
        uint32_t n = c->n;
        *gaps += ns_cursor_next_block(c) != NS_DOCID_END && n < 128;
    }
    ns_arena_release(&arena);
    return true;
}

/* Lists long enough that a merge copies their blocks. Every word stands in most passages. */
static void test_copied_blocks(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    synthetic_model m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    uint32_t gaps = 0;
    synthetic_model_init(&m);
    ns_merge_width = 100;
    ns_store *store = open_store(dir, 64);
    for (uint32_t i = 0; i < 4500; i++) {
        must(engine->store_add(store, synthetic_model_add(&m, i, first_seed & 0xffff, 5), &err), &err);
        if (i % 1500 == 1499)
            commit(store);
    }
    assert_int_equal(check(dir, &m), 3);
    must(engine->store_merge(store, &err), &err);
    engine->store_close(store);
    assert_int_equal(check(dir, &m), 1);
    must(engine->open(dir, &s, &err), &err);
    must(engine->walk(s, "", 0, count_gaps, (void *[]){s, &gaps}, &err), &err);
    assert_true(gaps > 0); /* else nothing was copied */
    must(engine->walk(s, "w", 1, check_cursors, s, &err), &err);
    engine->close(s);
    ns_merge_width = 4;
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

static void test_cursors(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    synthetic_model m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    synthetic_model_init(&m);
    ns_store *store = open_store(dir, 64);
    for (uint32_t i = 0; i < 800; i++)
        add(store, &m, i, 1);
    commit(store);
    engine->store_close(store);
    must(engine->open(dir, &s, &err), &err);
    must(engine->walk(s, "w", 1, check_cursors, s, &err), &err);
    must(engine->walk(s, "s", 1, check_cursors, s, &err), &err);
    engine->close(s);
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

static char *read_all(const char *dir, const char *name, size_t *n)
{
    char path[600];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(stat(path, &st), 0);
    char *bytes = malloc((size_t)st.st_size + 1);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    *n = fread(bytes, 1, (size_t)st.st_size, f);
    fclose(f);
    return bytes;
}

/* The same additions give the same bytes. */
static void test_same_bytes(void **unused)
{
    (void)unused;
    char *dirs[2] = {test_folder_new(), test_folder_new()};
    for (int k = 0; k < 2; k++) {
        synthetic_model m;
        synthetic_model_init(&m);
        ns_store *store = open_store(dirs[k], 64);
        for (uint32_t i = 0; i < 200; i++) {
            add(store, &m, i % 150, i);
            if (i % 30 == 29)
                commit(store);
        }
        commit(store);
        engine->store_close(store);
        synthetic_model_release(&m);
    }
    size_t n[2];
    char *a = read_all(dirs[0], "MANIFEST", &n[0]), *b = read_all(dirs[1], "MANIFEST", &n[1]);
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(a, b, n[0]); /* names, ids, sizes and sums of all other files */
    free(a);
    free(b);
    test_folder_remove(dirs[0]);
    test_folder_remove(dirs[1]);
}

/* A rebuild forgets what was there, but only at its commit; names stay until they are replaced. */
static void test_restart_and_names(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    synthetic_model old, m;
    nsearch_error err = NSEARCH_ERROR_INIT;
    const char *text;
    size_t n;
    ns_snapshot *s;
    synthetic_model_init(&old);
    synthetic_model_init(&m);
    ns_store *store = open_store(dir, 64);
    assert_null(engine->store_snapshot(store));
    must(engine->store_names(store, "Nowhere Land", 12, &err), &err);
    for (uint32_t i = 0; i < 50; i++)
        add(store, &old, i, 0);
    commit(store);
    must(engine->store_restart(store, &err), &err);
    for (uint32_t i = 20; i < 40; i++)
        add(store, &m, i, 3);
    assert_non_null(engine->store_snapshot(store));
    check(dir, &old);
    commit(store);
    check(dir, &m);
    assert_int_equal(engine->store_restart(store, &err), NSEARCH_OK);
    engine->store_close(store); /* never committed */
    check(dir, &m);
    must(engine->open(dir, &s, &err), &err);
    must(engine->names(s, &text, &n, &err), &err);
    assert_int_equal(n, 12);
    assert_memory_equal(text, "Nowhere Land", 12);
    engine->close(s);
    synthetic_model_release(&old);
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

/* What breaks the rules of analysed.h is refused and changes nothing. */
static void test_refuses(void **unused)
{
    (void)unused;
    char *dir = test_folder_new();
    synthetic_model m;
    ns_arena arena = NS_ARENA_INIT;
    synthetic_model_init(&m);
    ns_store *store = open_store(dir, 64);
    add(store, &m, 1, 1);
    for (int fault = 0; fault < 5; fault++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_analysed bad;
        synthetic_article(&arena, 1, 2, VOCABULARY, &bad);
        ns_passage *p = ns_arena_array(&arena, bad.passage_count, sizeof *p);
        memcpy(p, bad.passages, bad.passage_count * sizeof *p);
        ns_term *terms = ns_arena_array(&arena, p->term_count, sizeof *terms);
        memcpy(terms, p->terms, p->term_count * sizeof *terms);
        p->terms = terms;
        bad.passages = p;
        if (fault == 0)
            p->length++;
        else if (fault == 1)
            terms[1] = terms[0];
        else if (fault == 2)
            terms[0].length = NS_TERM_MAX + 1;
        else if (fault == 3)
            p->length = 65536;
        else
            bad.passage_count = 0;
        assert_int_equal(engine->store_add(store, &bad, &err), NSEARCH_INVALID);
    }
    commit(store);
    engine->store_close(store);
    check(dir, &m);
    ns_arena_release(&arena);
    synthetic_model_release(&m);
    test_folder_remove(dir);
}

int main(void)
{
    const char *seed = getenv("NSEARCH_TEST_SEED");
    first_seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
    print_message("seed %llu\n", (unsigned long long)first_seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_runs), cmocka_unit_test(test_any_number_of_segments),
        cmocka_unit_test(test_budget),      cmocka_unit_test(test_cursors),
        cmocka_unit_test(test_same_bytes),  cmocka_unit_test(test_restart_and_names),
        cmocka_unit_test(test_refuses),     cmocka_unit_test(test_copied_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
