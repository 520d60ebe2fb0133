/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_native_lanes.c - batches filled in one lane or in several, however they fall, make the same files, merged or not; and
 * what is in them is what was added.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/buffer.h"
#include "src/base/error.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

enum { ARTICLES = 700, IDS = 660, VOCABULARY = 9000, LANES_MAX = 5, BATCH_MAX = 40 };

static const ns_backend *const engine = &ns_native_backend;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static ns_batch *fill(ns_store *store, int lane, uint32_t from, uint32_t to)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_batch *batch;
    ns_analysed article;
    must(engine->batch_begin(store, lane, &batch, &err), &err);
    for (uint32_t i = from; i < to; i++) {
        synthetic_article(&arena, i % IDS, i / IDS, VOCABULARY, &article);
        must(engine->batch_add(batch, &article, &err), &err);
    }
    must(engine->batch_finish(batch, &err), &err);
    ns_arena_release(&arena);
    return batch;
}

/* The same batches, each in a lane that chance chooses; as many are begun before one is taken as there are lanes. */
static void make_index(const char *dir, int lanes, bool merged, uint64_t seed)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store_options options = {.memory_mb = 64, .threads = lanes};
    ns_store *store;
    ns_batch *batches[ARTICLES];
    size_t begun = 0, taken = 0;
    test_random chance = {seed};
    must(engine->store_open(dir, &options, &store, &err), &err);
    for (uint32_t at = 0, size = 1; at < ARTICLES; at += size, size = size % BATCH_MAX + 7) {
        uint32_t to = at + size < ARTICLES ? at + size : ARTICLES;
        batches[begun++] = fill(store, (int)test_random_below(&chance, (uint32_t)lanes), at, to);
        if (begun - taken == (size_t)lanes)
            must(engine->batch_take(store, batches[taken++], &err), &err);
        if (at < ARTICLES / 2 && to >= ARTICLES / 2) {
            while (taken < begun)
                must(engine->batch_take(store, batches[taken++], &err), &err);
            must(engine->store_commit(store, &err), &err);
        }
    }
    while (taken < begun)
        must(engine->batch_take(store, batches[taken++], &err), &err);
    must((merged ? engine->store_merge : engine->store_commit)(store, &err), &err);
    engine->store_close(store);
}

static void read_index(const char *dir, bool merged, ns_buffer *out)
{
    static const char *const apart[] = {"MANIFEST", "seg-000001", "seg-000002", "del-000003", NULL};
    static const char *const as_one[] = {"MANIFEST", "seg-000003", NULL};
    for (const char *const *name = merged ? as_one : apart; *name; name++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", dir, *name);
        FILE *f = fopen(path, "rb");
        if (!f)
            fail_msg("no file '%s'", path);
        for (int c; (c = getc(f)) != EOF;)
            ns_buffer_add_byte(out, (uint8_t)c);
        fclose(f);
    }
}

static void check_state(const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    synthetic_model model;
    ns_snapshot *s;
    uint64_t state;
    synthetic_model_init(&model);
    for (uint32_t i = 0; i < ARTICLES; i++)
        synthetic_model_add(&model, i % IDS, i / IDS, VOCABULARY);
    must(engine->open(dir, &s, &err), &err);
    must(engine->verify(s, &err), &err);
    must(native_state_of_index(s, &state, &err), &err);
    assert_true(state == native_state_of_model(&model));
    engine->close(s);
    synthetic_model_release(&model);
}

/* So many terms that they are joined in several pieces. */
static void check_terms(const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    ns_snapshot_stats stats;
    must(engine->open(dir, &s, &err), &err);
    must(engine->stats(s, &stats, &err), &err);
    engine->close(s);
    assert_true(stats.terms > 10000);
}

static void compare_lanes(bool merged)
{
    ns_buffer one = NS_BUFFER_INIT, many = NS_BUFFER_INIT;
    for (int lanes = 1; lanes <= LANES_MAX; lanes++) {
        char *dir = test_folder_new();
        make_index(dir, lanes, merged, 20230911 + (uint64_t)lanes);
        ns_buffer_clear(&many);
        read_index(dir, merged, lanes == 1 ? &one : &many);
        if (lanes == 1) {
            check_state(dir);
            check_terms(dir);
        } else if (one.size != many.size || memcmp(one.data, many.data, one.size) != 0)
            fail_msg("%d lanes make another index than one", lanes);
        test_folder_remove(dir);
    }
    ns_buffer_release(&one);
    ns_buffer_release(&many);
}

static void same_files(void **unused)
{
    (void)unused;
    compare_lanes(false);
}

static void same_files_merged(void **unused)
{
    (void)unused;
    compare_lanes(true);
}

/* What breaks the rules is refused alone: a term twice, positions that do not ascend. */
static void refused_alone(void **unused)
{
    (void)unused;
    static const uint32_t falling[] = {4, 4};
    static const ns_term twice[] = {{"wfire", 5, 1, NULL, 0, 0}, {"wfire", 5, 1, NULL, 0, 0}};
    static const ns_term back[] = {{"wfire", 5, 2, falling, 2, 0}};
    static const ns_passage bad[] = {{twice, 2, 2, 0, 0}, {back, 1, 2, 0, 0}};
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_store *store;
    ns_batch *batch;
    ns_snapshot_stats stats;
    char *dir = test_folder_new();
    must(engine->store_open(dir, NULL, &store, &err), &err);
    must(engine->batch_begin(store, 0, &batch, &err), &err);
    for (uint32_t i = 0; i < 4; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, 0, VOCABULARY, &article);
        must(engine->batch_add(batch, &article, &err), &err);
        article.passages = &bad[i % 2];
        article.passage_count = 1;
        assert_int_equal(engine->batch_add(batch, &article, &err), NSEARCH_INVALID);
        ns_error_clear(&err);
    }
    must(engine->batch_finish(batch, &err), &err);
    must(engine->batch_take(store, batch, &err), &err);
    must(engine->store_commit(store, &err), &err);
    must(engine->stats(engine->store_snapshot(store), &stats, &err), &err);
    assert_int_equal(stats.articles, 4);
    must(engine->verify(engine->store_snapshot(store), &err), &err);
    engine->store_close(store);
    ns_arena_release(&arena);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_files),
        cmocka_unit_test(same_files_merged), cmocka_unit_test(refused_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
