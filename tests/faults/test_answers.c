/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_answers.c - a damaged byte as one who searches meets it: the answer is the one of the sound index, or an error
 * that names the place. Promise C1 through the public calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/nsearch.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

static const char *const queries[] = {
    "minister talks", "\"talks would go\"", "person:kim", "title:harbour OR title:storm", "w1* -w12 since:2023-09-05",
    "w3 w7 w11", "source:wire w5", "ministr harbor",
};
#define QUERIES (sizeof queries / sizeof *queries)

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static void add(nsearch_writer *w, uint32_t i)
{
    test_random r = {i * 31 + 7};
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_article a = NSEARCH_ARTICLE_INIT;
    char id[32], title[80], date[32], text[6000];
    size_t n = 0;
    snprintf(id, sizeof id, "story-%u", i);
    snprintf(title, sizeof title, "%s of day %u", i % 3 ? "Harbour talks" : "Storm in the north", i);
    snprintf(date, sizeof date, "2023-09-%02u", 1 + i % 28);
    for (uint32_t s = 0; s < 12; s++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s said that talks would go on", s % 4 ? "The minister" : "Kim Jong Un");
        for (uint32_t k = 0; k < 9; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, " w%u", test_random_skewed(&r, 400));
        n += (size_t)snprintf(text + n, sizeof text - n, ".%s", s % 4 == 3 ? "\n" : " ");
    }
    a.id = id;
    a.title = title;
    a.text = text;
    a.date = date;
    a.source = i % 2 ? "The Wire" : "Herald";
    must(nsearch_writer_add(w, &a, &err), &err);
}

static char *make_index(void)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w = NULL;
    options.threads = 1;
    must(nsearch_writer_open(dir, &options, &w, &err), &err);
    for (uint32_t i = 0; i < 60; i++)
        add(w, i);
    must(nsearch_writer_commit(w, &err), &err);
    must(nsearch_writer_remove(w, "story-9", &err), &err);
    must(nsearch_writer_commit(w, &err), &err);
    nsearch_writer_close(w);
    return dir;
}

static uint64_t mix_text(uint64_t h, const char *s)
{
    return s ? ns_hash64(s, strlen(s), h) : ns_mix64(h);
}

/* All that an answer says. */
static nsearch_status answer(nsearch_index *index, const char *query, bool by_date, uint64_t *out, nsearch_error *err)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *result;
    const nsearch_hit *hit;
    uint64_t h = 1;
    options.now = 1700000000;
    options.limit = 8;
    options.sort = by_date ? NSEARCH_SORT_DATE : NSEARCH_SORT_RELEVANCE;
    nsearch_status status = nsearch_search(index, query, &options, &result, err);
    if (status)
        return status;
    int at_least;
    h = ns_mix64(h + nsearch_result_found(result, &at_least));
    h = ns_mix64(h + (uint64_t)at_least);
    for (size_t i = 0; nsearch_result_note(result, i); i++)
        h = mix_text(h, nsearch_result_note(result, i));
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++) {
        uint64_t bits;
        memcpy(&bits, &hit->score, sizeof bits);
        h = mix_text(mix_text(mix_text(mix_text(h + bits, hit->id), hit->title), hit->source), hit->date);
        for (size_t p = 0; p < hit->passage_count; p++)
            h = mix_text(h + hit->passages[p].span_count, hit->passages[p].text);
        for (size_t c = 0; c < hit->copy_count; c++)
            h = mix_text(h, hit->copies[c].id);
    }
    nsearch_result_free(result);
    *out = h;
    return NSEARCH_OK;
}

typedef struct tally {
    uint64_t right[2 * QUERIES];
    long cases, errors, wrong;
} tally;

/* Asks all queries of the index in 'dir'; each answer is right or an error. */
static void ask(const char *dir, const char *name, size_t at, tally *t)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    nsearch_status status = nsearch_open(dir, NULL, &index, &err);
    bool told = status != NSEARCH_OK;
    for (size_t q = 0; q < 2 * QUERIES && !status; q++) {
        uint64_t got;
        nsearch_error why = NSEARCH_ERROR_INIT;
        nsearch_status one = answer(index, queries[q / 2], q % 2, &got, &why);
        told |= one != NSEARCH_OK;
        if (one && one != NSEARCH_DAMAGED)
            fail_msg("byte %zu of '%s': '%s' gives status %d: %s", at, name, queries[q / 2], (int)one, why.text);
        if (!one && got != t->right[q]) {
            if (t->wrong++ < 12)
                print_message("byte %zu of '%s': '%s'%s gives another answer\n", at, name, queries[q / 2],
                              q % 2 ? " by date" : "");
        }
    }
    if (status && status != NSEARCH_DAMAGED && status != NSEARCH_UNSUPPORTED)
        fail_msg("byte %zu of '%s': status %d: %s", at, name, (int)status, err.text);
    t->errors += told;
    t->cases++;
    nsearch_close(index);
}

static void damage(const char *dir, const char *name, long wanted, test_random *r, tally *t)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f), step = size > wanted ? size / wanted : 1;
    for (long at = (long)test_random_below(r, (uint32_t)step); at < size; at += step) {
        static const int masks[] = {1, 0x80, 0xff};
        fseek(f, at, SEEK_SET);
        int good = getc(f);
        fseek(f, at, SEEK_SET);
        putc(good ^ masks[test_random_below(r, 3)], f);
        fflush(f);
        ask(dir, name, (size_t)at, t);
        fseek(f, at, SEEK_SET);
        putc(good, f);
        fflush(f);
    }
    fclose(f);
}

static void test_damaged_answers(void **unused)
{
    (void)unused;
    const long wanted = points_wanted(1200, 30000);
    test_random r = {points_seed()};
    char *dir = make_index();
    tally t = {{0}, 0, 0, 0};
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    must(nsearch_open(dir, NULL, &index, &err), &err);
    for (size_t q = 0; q < 2 * QUERIES; q++)
        must(answer(index, queries[q / 2], q % 2, &t.right[q], &err), &err);
    nsearch_close(index);
    damage(dir, "seg-000001", wanted, &r, &t);
    damage(dir, "MANIFEST", 60, &r, &t);
    damage(dir, "del-000002", 8, &r, &t);
    print_message("%ld of %ld gave an error\n", t.errors, t.cases);
    assert_true(t.errors > t.cases / 3);
    assert_true(points_print("C1", "damaged bytes, as a search meets them", t.cases, wanted, t.wrong));
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damaged_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
