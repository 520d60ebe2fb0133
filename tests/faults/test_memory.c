/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_memory.c - every allocation of our own code may fail, once or from then on: indexing, searching, merging,
 * rebuilding and repairing end in a clean error, nothing is kept, and the index is the old one or the new. Promise M1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/nsearch.h"
#include "tests/faults/points.h"
#include "tests/support/failing_memory.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

/* ---- what is done */

typedef enum deed { INDEX, UPDATE, SEARCH, MERGE, REBUILD, REPAIR, DEEDS } deed;
static const char *const deed_names[] = {"index", "update", "search", "merge", "rebuild", "repair"};

static nsearch_status add(nsearch_writer *w, int i, const char *text, nsearch_error *err)
{
    nsearch_article a = NSEARCH_ARTICLE_INIT;
    char id[16];
    snprintf(id, sizeof id, "a%d", i);
    a.id = id;
    a.title = "Kim Jong Un meets the President of Russia";
    a.text = text;
    a.date = "2023-09-13";
    a.source = "The Wire";
    return nsearch_writer_add(w, &a, err);
}

/* The states that a run goes through, noted when it is not disturbed. */
enum { COMMITS_LONG = 14 };
static uint64_t states[COMMITS_LONG + 2];
static int state_count;
static bool noting;
static int commits; /* of each run, and of what it begins with */

static void note_state(const char *index)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    failing_memory_pause(true);
    if (native_state_of_dir(index, &states[state_count++], &err))
        fail_msg("%s", err.text);
    failing_memory_pause(false);
}

static nsearch_status write_some(const char *index, deed d, nsearch_error *err)
{
    nsearch_writer *w = NULL;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    options.threads = 1;
    options.memory_mb = 32;
    nsearch_status status = nsearch_writer_open(index, &options, &w, err);
    for (int c = 0; c < commits && !status; c++) {
        for (int i = 0; i < 4 && !status && d != MERGE; i++)
            status = add(w, 4 * c + i + (d == UPDATE) * 2,
                         d == UPDATE ? "The talks were put off. \"Nothing is agreed\", said the minister on Tuesday."
                                     : "Officials in Seoul said on Monday that talks would go on.\nArtillery shells were "
                                       "the subject, the ministry said. Nobody would say more.",
                         err);
        if (!status)
            status = d == MERGE ? nsearch_writer_merge(w, err) : nsearch_writer_commit(w, err);
        if (!status && noting)
            note_state(index);
    }
    nsearch_writer_close(w);
    return status;
}

static nsearch_status search_some(const char *path, nsearch_error *err)
{
    static const char *const queries[] = {
        "artillery shells", "\"talks would\" -rain", "title:kim OR minis*", "artilery", "person:kim since:2020",
        /* and in the long form */
        "said:agreed by:minister", "talks /s officials", "nobody w/5 more", "atleast2(shells)", "caps(Seoul)", "hlead:kim", "t*",
        "speaker:minister", "the of and", "place:seoul OR org:ministry", "\"would go on\" OR \"nothing is agreed\"", "source:wire",
        "after:2023-09 monday", "(shells OR talks) -seoul", "kim w/3 president", "ministry /p shells", "pre/2 talks", "xyzzy",
        "nocaps(us) talks",
    };
    nsearch_index *index = NULL;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    options.explain = 1;
    nsearch_status status = nsearch_open(path, NULL, &index, err);
    for (size_t i = 0; i < (points_long() ? sizeof queries / sizeof *queries : 5) && !status; i++) {
        nsearch_result *result = NULL;
        options.timeline = i % 3 == 2 ? NSEARCH_INTERVAL_DAY : NSEARCH_INTERVAL_NONE;
        options.facets = i % 4 == 3 ? "person,place,org,source" : NULL;
        status = nsearch_search(index, queries[i], &options, &result, err);
        nsearch_result_free(result);
    }
    nsearch_close(index);
    return status;
}

static nsearch_status perform(const char *index, deed d, nsearch_error *err)
{
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_repair repair = NSEARCH_REPAIR_INIT;
    options.threads = 1;
    options.memory_mb = 32;
    switch (d) {
    case INDEX:
    case UPDATE:
    case MERGE:
        return write_some(index, d, err);
    case SEARCH:
        return search_some(index, err);
    case REBUILD:
        return nsearch_rebuild(index, &options, err);
    case REPAIR:
        return nsearch_repair_index(index, &options, &repair, err);
    case DEEDS:
        break;
    }
    return NSEARCH_INVALID;
}

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static char *make_base(deed d)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (d != INDEX) {
        must(write_some(dir, INDEX, &err), &err);
        must(write_some(dir, UPDATE, &err), &err);
    }
    if (d == REPAIR) { /* a byte of what can be done without */
        char path[600], manifest[4096];
        snprintf(path, sizeof path, "%s/MANIFEST", dir);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        manifest[fread(manifest, 1, sizeof manifest - 1, f)] = '\0';
        fclose(f);
        const char *segment = strstr(manifest, "seg-");
        assert_non_null(segment);
        snprintf(path, sizeof path, "%s/%.10s", dir, segment);
        f = fopen(path, "r+b");
        assert_non_null(f);
        assert_int_equal(fseek(f, 40, SEEK_SET), 0);
        int c = getc(f);
        assert_int_equal(fseek(f, 40, SEEK_SET), 0);
        putc(c ^ 1, f);
        assert_int_equal(fclose(f), 0);
    }
    return dir;
}

/* One failing allocation, or all from there on. */
static bool try_one(const char *base, deed d, long at, bool always)
{
    char *dir = native_copy(base);
    nsearch_error err = NSEARCH_ERROR_INIT, own = NSEARCH_ERROR_INIT;
    uint64_t state = 0;
    failing_memory_begin(at, always);
    nsearch_status status = perform(dir, d, &err);
    failing_memory_end();
    if (status && status != NSEARCH_NO_MEMORY)
        fail_msg("%s, allocation %ld%s: status %d: %s", deed_names[d], at, always ? " and on" : "", (int)status, err.text);
    if (d != SEARCH && d != REPAIR) {
        must(native_state_of_dir(dir, &state, &own), &own);
        bool known = false;
        for (int i = 0; i < state_count; i++)
            known |= state == states[i];
        if (status ? !known : state != states[state_count - 1])
            fail_msg("%s, allocation %ld%s: status %d and another state", deed_names[d], at, always ? " and on" : "",
                     (int)status);
    }
    test_folder_remove(dir);
    return status == NSEARCH_NO_MEMORY;
}

static void test_every_allocation(void **unused)
{
    (void)unused;
    const long each = points_wanted(60, 2000);
    long points = 0, failed = 0;
    test_random r = {points_seed()};
    for (int i = 0; i < DEEDS; i++) {
        deed d = (deed)i;
        commits = points_long() && d != MERGE ? COMMITS_LONG : 1; /* two segments: many would be one already */
        char *base = make_base(d), *dir = native_copy(base);
        nsearch_error err = NSEARCH_ERROR_INIT;
        state_count = 0;
        if (d != REPAIR)
            must(native_state_of_dir(base, &states[state_count++], &err), &err);
        failing_memory_begin(0, false);
        noting = true;
        must(perform(dir, d, &err), &err);
        noting = false;
        const long calls = failing_memory_end(), step = calls / each + 1;
        must(native_state_of_dir(dir, &states[state_count++], &err), &err);
        test_folder_remove(dir);
        for (long at = 1 + test_random_below(&r, (uint32_t)step); at <= calls; at += step, points += 2) {
            failed += try_one(base, d, at, false);
            failed += try_one(base, d, at, true);
        }
        print_message("%s: %ld allocations, every %ld\n", deed_names[d], calls, step);
        test_folder_remove(base);
    }
    print_message("%ld of %ld were told as no memory; the others did without\n", failed, points);
    assert_true(failed > points * 3 / 4 && points > points_wanted(50, 50) * DEEDS);
    assert_true(points_print("M1", "allocations that fail, once or from then on", points, points_wanted(400, 4000), 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
