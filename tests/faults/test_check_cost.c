/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_check_cost.c - what it costs to find damage: the same queries with and without the sums of pages being
 * looked at, in instructions (in time where the system does not count those), and the sums' share of the
 * size. Promise C3. test_check_cost [INDEX]    of another index than the one that it makes
 */
#include <linux/perf_event.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "index/native/segment.h"
#include "src/nsearch.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/support/instrumented.h"
#include "tests/support/random.h"

#define ARTICLES 1500
#define SESSION 100 /* queries of one handle: what is judged */
#define ROUNDS 5
static const int sessions[] = {1, 10, SESSION, 1000};
#define SESSIONS ((int)(sizeof sessions / sizeof *sessions))
#define SHARE_MAX 3.0
#define SIZE_MAX_SHARE 0.5

/* ---- the switch: the linker sends here what ns_segment_at asks of a page that was not looked at yet */

static bool unchecked;
static long pages;

bool __real_ns_segment_check_pages(const ns_segment *s, uint64_t first, uint64_t last);
bool __wrap_ns_segment_check_pages(const ns_segment *s, uint64_t first, uint64_t last);
bool __wrap_ns_segment_check_pages(const ns_segment *s, uint64_t first, uint64_t last)
{
    if (!unchecked)
        return __real_ns_segment_check_pages(s, first, last);
    for (uint64_t page = first; page <= last; page++) {
        uint64_t bit = UINT64_C(1) << page % 64;
        pages += !(atomic_fetch_or_explicit(&s->checked[page / 64], bit, memory_order_relaxed) & bit);
    }
    return true;
}

/* ---- the measure */

static int counter = -1;

static void open_counter(void)
{
    struct perf_event_attr a;
    memset(&a, 0, sizeof a);
    a.size = sizeof a;
    a.type = PERF_TYPE_HARDWARE;
    a.config = PERF_COUNT_HW_INSTRUCTIONS;
    a.exclude_kernel = a.exclude_hv = 1;
    counter = (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static double spent(void)
{
    uint64_t n;
    struct timespec t;
    if (counter >= 0 && read(counter, &n, sizeof n) == (ssize_t)sizeof n)
        return (double)n;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- the index and its queries */

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status) {
        fprintf(stderr, "%s\n", err->text);
        exit(2);
    }
}

static char *make_index(void)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w = NULL;
    static char text[40000];
    options.threads = 1;
    must(nsearch_writer_open(dir, &options, &w, &err), &err);
    for (uint32_t i = 0; i < ARTICLES; i++) {
        test_random r = {i};
        nsearch_article a = NSEARCH_ARTICLE_INIT;
        char id[32], title[64], date[32];
        size_t n = 0;
        snprintf(id, sizeof id, "story-%u", i);
        snprintf(title, sizeof title, "Word%u and the harbour", test_random_skewed(&r, 3000));
        snprintf(date, sizeof date, "2023-%02u-%02u", 1 + i % 12, 1 + i % 28);
        for (uint32_t s = 0; s < 25; s++) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s said that",
                                  s % 4 ? "The minister" : "Kim Jong Un");
            for (uint32_t k = 0; k < 14; k++)
                n += (size_t)snprintf(text + n, sizeof text - n, " word%u", test_random_skewed(&r, 20000));
            n += (size_t)snprintf(text + n, sizeof text - n, ".%s", s % 5 == 4 ? "\n" : " ");
        }
        a.id = id;
        a.title = title;
        a.text = text;
        a.date = date;
        must(nsearch_writer_add(w, &a, &err), &err);
    }
    must(nsearch_writer_merge(w, &err), &err);
    nsearch_writer_close(w);
    return dir;
}

typedef struct query_class {
    const char *name, *queries[4]; /* of the index made here, and of news */
} query_class;
static const query_class classes[] = {
    {"a rare word", {"word777", "word1234", "artillery", "lira"}},
    {"a frequent word", {"minister", "word0", "said", "minister"}},
    {"three words", {"word1 word50 word300", "harbour word3 word9", "oil price talks", "interest rate bank"}},
    {"a phrase", {"\"said that word0\"", "\"minister said\"", "\"prime minister\"", "\"central bank said\""}},
    {"near each other", {"word1 w/5 word2", "word3 /s word4", "oil w/5 price", "bank /s rate"}},
    {"a prefix", {"word77*", "word12*", "econom*", "nego*"}},
    {"with NOT and a date",
     {"word5 -word6 since:2023-06", "harbour -word1", "oil -gas since:1990", "bank -rate"}},
    {"a name", {"person:kim", "person:\"Kim Jong Un\"", "person:reagan", "place:japan"}},
};
#define CLASSES (sizeof classes / sizeof *classes)

static nsearch_index *open_index(const char *dir)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    must(nsearch_open(dir, NULL, &index, &err), &err);
    return index;
}

static void ask(nsearch_index *index, const char *query)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *result;
    options.now = 1700000000;
    must(nsearch_search(index, query, &options, &result, &err), &err);
    nsearch_result_free(result);
}

/* A query that a handle has never seen, and again; or the session of a reader: some queries, opening included. */
static double first_touch(const char *dir, const char *query, double *again)
{
    nsearch_index *index = open_index(dir);
    double begin = spent(), middle;
    ask(index, query);
    middle = spent();
    ask(index, query);
    *again = spent() - middle;
    nsearch_close(index);
    return middle - begin;
}

static double session(const char *dir, bool other, int queries)
{
    test_random r = {7};
    double begin = spent();
    nsearch_index *index = open_index(dir);
    for (int i = 0; i < queries; i++)
        ask(index, classes[test_random_below(&r, CLASSES)].queries[2 * other + test_random_below(&r, 2)]);
    nsearch_close(index);
    return spent() - begin;
}

static double share(double with, double without)
{
    return 100 * (with - without) / with;
}

/* The least of several: others use the machine too. */
static double session_share(const char *dir, bool other, int queries)
{
    double with = 0, without = 0;
    for (int i = 0; i < 2 * ROUNDS; i++) {
        unchecked = i % 2;
        double *least = unchecked ? &without : &with, now = session(dir, other, queries);
        *least = *least > 0 && *least < now ? *least : now;
    }
    unchecked = false;
    return share(with, without);
}

static int measure(const char *dir, bool other)
{
    long points = 0, findings = 0;
    double again, all_with = 0, all_without = 0;
    first_touch(dir, classes[0].queries[2 * other],
                &again); /* our own code and data are touched for the first time too */
    printf("%-22s %14s %14s %8s %10s\n", "", "first: checked", "not checked", "share", "pages");
    for (size_t c = 0; c < CLASSES; c++)
        for (int i = 0; i < 2; i++, points++) {
            const char *query = classes[c].queries[2 * other + i];
            double with, without;
            unchecked = false;
            with = first_touch(dir, query, &again);
            unchecked = true;
            pages = 0;
            without = first_touch(dir, query, &again);
            all_with += with;
            all_without += without;
            printf("%-22s %14.0f %14.0f %7.2f%% %10ld  %s\n", classes[c].name, with, without,
                   share(with, without), pages, query);
        }
    printf("first queries in all: %.2f%%\n", share(all_with, all_without));
    double cost = 0, size = 100.0 * 4 / (NS_SEGMENT_PAGE + 4);
    const char *is_long = getenv("NSEARCH_TEST_LONG");
    for (int i = 0; i < (is_long && *is_long ? SESSIONS : SESSIONS - 1); i++) {
        double part = session_share(dir, other, sessions[i]);
        printf("%4d quer%s of one handle, from opening to closing: %.2f%% of the %s is checking\n", sessions[i],
               sessions[i] == 1 ? "y" : "ies", part, counter >= 0 ? "instructions" : "time");
        if (sessions[i] == SESSION)
            cost = part;
    }
    printf("%.2f%% of the size is sums\n", size);
    findings = (cost > SHARE_MAX) + (size > SIZE_MAX_SHARE);
    return points_print("C3", "classes of queries with and without checking", points, 2 * (long)CLASSES,
                        findings)
               ? 0
               : 1;
}

int main(int argc, char **argv)
{
    if (INSTRUMENTED) {
        puts("SKIP: instrumented code costs something else");
        return 77;
    }
    open_counter();
    if (argc > 1)
        return measure(argv[1], true);
    char *dir = make_index();
    int status = measure(dir, false);
    test_folder_remove(dir);
    return status;
}
