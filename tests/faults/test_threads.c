/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_threads.c - threads of one process: an indexer with several threads that commits, removes and merges;
 * eight readers, each with handles of its own; and four that search one handle at once, whose answers never
 * change. Promise R3, when it is built with --enable-sanitizers=thread ('make check-races'); without, that
 * nothing fails.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/bytes.h"
#include "src/nsearch.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

#define FILES 48
#define READERS 8
#define SHARERS 4

static const char *const queries[] = {
    "minister talks",
    "\"talks would go\"",
    "person:\"Kim Jong Un\"",
    "title:harbour OR title:storm",
    "w1* -w12 since:2023-09-05",
    "w3 /s w7",
    "source:wire w5",
    "ministr harbor",
    "said:talks",
    "atleast2(harbour)",
    "the of and",
    "w2 w9 w14 w30",
};
#define QUERIES (sizeof queries / sizeof *queries)

static struct {
    char *files, *index;
    atomic_int done;  /* the writer is */
    atomic_int ready; /* commits so far */
    atomic_long searches, failed;
    long wanted;             /* searches of each reader */
    uint64_t right[QUERIES]; /* of the shared handle */
    nsearch_index *handle;
} shared;

static void complain(const char *what, const nsearch_error *err)
{
    if (atomic_fetch_add(&shared.failed, 1) < 5)
        fprintf(stderr, "%s: %s\n", what, err->text);
}

/* ---- the indexer */

static size_t write_story(char *text, size_t size, uint32_t i, uint32_t version, const char *stop)
{
    test_random r = {i * 31 + version};
    size_t n = 0;
    for (uint32_t s = 0; s < 12; s++) {
        n += (size_t)snprintf(text + n, size - n, "%s said that talks would go on",
                              s % 4 ? "The minister" : "Kim Jong Un");
        for (uint32_t k = 0; k < 9; k++)
            n += (size_t)snprintf(text + n, size - n, " w%u", test_random_skewed(&r, 400));
        n += (size_t)snprintf(text + n, size - n, ".%s", s % 4 == 3 ? stop : " ");
    }
    return n;
}

/* A third of the files each: plain text, pages, lines of JSON. */
static void write_file(uint32_t i, uint32_t version)
{
    static const char *const endings[] = {"txt", "html", "jsonl"};
    char path[600], text[8000];
    const char *title = i % 2 ? "Harbour talks" : "Storm in the north";
    snprintf(path, sizeof path, "%s/story-%02u.%s", shared.files, i, endings[i % 3]);
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    if (i % 3 == 0) {
        write_story(text, sizeof text, i, version, "\n\n");
        fprintf(f, "%s\n\n%s", title, text);
    } else if (i % 3 == 1) {
        write_story(text, sizeof text, i, version, "</p>\n<p>");
        fprintf(f,
                "<html><head><title>%s</title><meta name=date "
                "content='2023-09-%02u'></head><body><article><h1>%s</h1><p>%s</p>"
                "</article></body></html>\n",
                title, 1 + i % 28, title, text);
    } else
        for (uint32_t k = 0; k < 5; k++) {
            write_story(text, sizeof text, i * 5 + k, version, "\\n");
            fprintf(f,
                    "{\"id\": \"line-%u-%u\", \"title\": \"%s\", \"date\": \"2023-09-%02u\", \"source\": "
                    "\"The Wire\", \"text\": \"%s\"}\n",
                    i, k, title, 1 + (i + k) % 28, text);
        }
    fclose(f);
}

static nsearch_status write_round(uint32_t round, nsearch_error *err)
{
    nsearch_writer *w = NULL;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    char id[32];
    options.threads = 4;
    options.memory_mb = 64;
    options.reread = 1;
    for (uint32_t i = 0; i < FILES; i++)
        if (!round || i % 6 == round % 6)
            write_file(i, round);
    nsearch_status status = nsearch_writer_open(shared.index, &options, &w, err);
    if (!status)
        status = nsearch_writer_add_path(w, shared.files, err);
    if (!status)
        status = nsearch_writer_commit(w, err);
    snprintf(id, sizeof id, "line-%u-%u", 2 + round * 3 % FILES, round % 5);
    if (!status && nsearch_writer_remove(w, id, err) == NSEARCH_NOT_FOUND)
        *err = (nsearch_error)NSEARCH_ERROR_INIT;
    if (!status)
        status = round % 4 == 3 ? nsearch_writer_merge(w, err) : nsearch_writer_commit(w, err);
    nsearch_writer_close(w);
    return status;
}

static void *write_all(void *rounds)
{
    for (uint32_t round = 0; round < *(uint32_t *)rounds; round++) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        if (write_round(round, &err))
            complain("writing", &err);
        atomic_store(&shared.ready, (int)round + 1);
    }
    atomic_store(&shared.done, 1);
    return NULL;
}

/* ---- those who search */

static uint64_t answer(nsearch_index *index, size_t q)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_result *result;
    const nsearch_hit *hit;
    uint64_t h = q;
    options.now = 1700000000;
    options.timeline = q % 3 ? NSEARCH_INTERVAL_NONE : NSEARCH_INTERVAL_WEEK;
    options.facets = q % 2 ? NULL : "person,source";
    options.explain = q % 4 == 1;
    options.sort = q % 5 == 4 ? NSEARCH_SORT_DATE : NSEARCH_SORT_RELEVANCE;
    atomic_fetch_add(&shared.searches, 1);
    if (nsearch_search(index, queries[q], &options, &result, &err)) {
        complain(queries[q], &err);
        return 0;
    }
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++) {
        h = ns_hash64(hit->id, strlen(hit->id), h);
        for (size_t p = 0; p < hit->passage_count; p++)
            h = ns_hash64(hit->passages[p].text, strlen(hit->passages[p].text), h);
    }
    nsearch_result_free(result);
    return h;
}

static void *read_newest(void *number)
{
    test_random r = {(uint64_t)(uintptr_t)number};
    for (long asked = 0; asked < shared.wanted || !atomic_load(&shared.done);) {
        nsearch_error err = NSEARCH_ERROR_INIT;
        nsearch_index *index = NULL;
        nsearch_status status = nsearch_open(shared.index, NULL, &index, &err);
        if (status == NSEARCH_NOT_FOUND && !atomic_load(&shared.ready)) {
            usleep(1000);
            continue;
        }
        if (status) {
            complain("opening", &err);
            break;
        }
        for (uint32_t i = 1 + test_random_below(&r, 20); i; i--, asked++)
            answer(index, test_random_below(&r, QUERIES));
        nsearch_close(index);
    }
    return NULL;
}

static void *read_shared(void *number)
{
    test_random r = {(uint64_t)(uintptr_t)number};
    for (long asked = 0; asked < shared.wanted || !atomic_load(&shared.done); asked++) {
        size_t q = test_random_below(&r, QUERIES);
        if (answer(shared.handle, q) != shared.right[q])
            complain(queries[q], &(nsearch_error){.text = "another answer of the same state"});
    }
    return NULL;
}

static void test_threads(void **unused)
{
    (void)unused;
    uint32_t rounds = points_long() ? 60 : 6;
    pthread_t writer, readers[READERS], sharers[SHARERS];
    nsearch_error err = NSEARCH_ERROR_INIT;
    shared.files = test_folder_new();
    shared.index = test_folder_new();
    shared.wanted = points_wanted(160, 2000);
    if (write_round(0, &err) || nsearch_open(shared.index, NULL, &shared.handle, &err))
        fail_msg("%s", err.text);
    for (size_t q = 0; q < QUERIES; q++)
        shared.right[q] = answer(shared.handle, q);
    atomic_store(&shared.searches, 0);
    nsearch_close(shared.handle); /* a new one: the threads are the first to touch its pages */
    if (nsearch_open(shared.index, NULL, &shared.handle, &err))
        fail_msg("%s", err.text);
    assert_int_equal(pthread_create(&writer, NULL, write_all, &rounds), 0);
    for (uintptr_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_newest, (void *)(i + 1)), 0);
    for (uintptr_t i = 0; i < SHARERS; i++)
        assert_int_equal(pthread_create(&sharers[i], NULL, read_shared, (void *)(i + 101)), 0);
    pthread_join(writer, NULL);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    for (size_t i = 0; i < SHARERS; i++)
        pthread_join(sharers[i], NULL);
    nsearch_close(shared.handle);
    bool fine = points_print("R3", "searches of 12 threads while one indexes with 4" POINTS_RACES,
                             atomic_load(&shared.searches), shared.wanted * (READERS + SHARERS),
                             atomic_load(&shared.failed));
    test_folder_remove(shared.files);
    test_folder_remove(shared.index);
    assert_true(fine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
