/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_query.c - one input is a query, asked of a small index: it is answered, within a second and 64 MB, and the pruned
 * answer is that of scoring everything. With libFuzzer (NS_FUZZ_ENGINE, 'make fuzz'), or by itself: first the queries that are
 * meant to hurt, then random ones made of pieces of the language; NSEARCH_TEST_SEED and NSEARCH_FUZZ_RUNS change them.
 *     fuzz_query FILE...          asks these
 *     fuzz_query --index DIR      asks what is meant to hurt of another index, and says what each took
 * Promise Q1.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/nsearch.h"
#include "src/query/parse.h"
#include "tests/faults/points.h"
#include "tests/support/instrumented.h"
#include "tests/support/random.h"

#define SLOW (INSTRUMENTED ? 10 : 1) /* a sanitizer costs time, and memory is its own */
#define ARTICLES 300
#define RARE_WORDS 10 /* of each article, that no other has: they begin with 'rare' */
#define SECONDS_MAX 1.0
#define BYTES_MAX (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static nsearch_index *fuzzed_index;

static void stop(const char *why, const nsearch_error *err)
{
    fprintf(stderr, "%s%s%s\n", why, err ? ": " : "", err ? err->text : "");
    abort();
}

/* ---- the index */

static void add_words(char *text, size_t size, test_random *r, int words)
{
    static const char *const pieces[] = {
        "the",      "of",        "shells",    "artillery", "Kim",      "Putin",     "North Korea", "DPRK",  "train.",
        "\"We will pay a price,\" said Matthew Miller.", "Turkey", "turkey", "US",  "us",          "said",  "a",
        "'no deal'", "he said.", "\n",        "anti-tank", "2023",     "oil prices", "AIDS",       "\xc3\xa9t\xc3\xa9",
    };
    size_t used = strlen(text);
    for (int i = 0; i < words; i++) {
        const char *piece = pieces[test_random_skewed(r, sizeof pieces / sizeof *pieces)];
        used += (size_t)snprintf(text + used, size - used, "%s ", piece);
    }
}

static void open_index(void)
{
    char dir[] = "/tmp/nsearch-fuzz-query-XXXXXX", command[100];
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *writer;
    test_random r = {1};
    options.threads = 1;
    if (!mkdtemp(dir) || nsearch_writer_open(dir, &options, &writer, &err))
        stop("no index", &err);
    for (int i = 0; i < ARTICLES; i++) {
        char id[20], title[400] = "", text[8000] = "", date[20];
        nsearch_article article = NSEARCH_ARTICLE_INIT;
        snprintf(id, sizeof id, "a%d", i);
        snprintf(date, sizeof date, "2023-%02u-%02u", 1 + test_random_below(&r, 12), 1 + test_random_below(&r, 28));
        add_words(title, sizeof title, &r, 3);
        for (int k = 0; k < RARE_WORDS; k++)
            sprintf(text + strlen(text), "rare%04d ", i * RARE_WORDS + k);
        add_words(text, sizeof text, &r, 1 + (int)test_random_below(&r, 300));
        article.id = id;
        article.title = title;
        article.text = text;
        article.date = i % 10 ? date : NULL;
        article.source = "Harbour Post";
        if (nsearch_writer_add(writer, &article, &err) || (i % 100 == 99 && nsearch_writer_commit(writer, &err)))
            stop("no article", &err);
    }
    nsearch_writer_close(writer);
    if (nsearch_open(dir, NULL, &fuzzed_index, &err))
        stop("not opened", &err);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command))
        stop("not removed", NULL);
}

/* ---- one query */

static nsearch_result *ask(const char *query, const nsearch_search_options *options)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_result *result = NULL;
    if (nsearch_search(fuzzed_index, query, options, &result, &err)) {
        if (err.status != NSEARCH_INVALID || strlen(query) <= 1u << 20)
            stop("no answer", &err);
        return NULL;
    }
    return result;
}

static void ask_both_ways(const char *query)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    options.now = 1700000000;
    options.timeline = NSEARCH_INTERVAL_MONTH;
    nsearch_result *pruned = ask(query, &options);
    options.exhaustive = 1;
    nsearch_result *all = ask(query, &options);
    const nsearch_hit *a, *b;
    for (size_t i = 0; pruned && (a = nsearch_result_hit(pruned, i)); i++) {
        b = nsearch_result_hit(all, i);
        if (!b || strcmp(a->id, b->id) || a->score != b->score)
            stop("pruned and exhaustive answers differ", NULL);
    }
    const nsearch_period *p, *q;
    for (size_t i = 0; pruned && (p = nsearch_result_period(pruned, i)); i++) {
        q = nsearch_result_period(all, i);
        if (!q || strcmp(p->first, q->first) || p->articles != q->articles)
            stop("pruned and exhaustive timelines differ", NULL);
    }
    int least;
    if (pruned && nsearch_result_found(pruned, &least) != nsearch_result_found(all, &least))
        stop("pruned and exhaustive answers differ in their number", NULL);
    nsearch_result_free(pruned);
    nsearch_result_free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!fuzzed_index)
        open_index();
    char *query = malloc(size + 1);
    if (!query)
        return 0;
    memcpy(query, data, size);
    query[size] = '\0';
    ask_both_ways(query);
    free(query);
    return 0;
}

#ifndef NS_FUZZ_ENGINE
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_verbose;
static int bombs, findings;

/* Answered once, as a user would have it answered, within its budget. */
static void check_budget(const char *name, const char *query)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    double begin = seconds();
    struct mallinfo2 before = mallinfo2();
    nsearch_result *result = ask(query, &options);
    double taken = seconds() - begin;
    struct mallinfo2 after = mallinfo2(); /* what the answer holds is all that the search has taken, and more */
    size_t bytes = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
    nsearch_result_free(result);
    bombs++;
    if (is_verbose)
        printf("%-30.30s %7.3f s %8zu kB\n", name, taken, bytes >> 10);
    if (taken > SECONDS_MAX * SLOW || (SLOW == 1 && bytes > BYTES_MAX)) {
        fprintf(stderr, "%s: %.2f s, %zu bytes\n", name, taken, bytes);
        findings++;
    }
}

/* One piece over and over. */
static void repeat_pieces(void)
{
    static const struct {
        const char *piece;
        size_t times;
    } pieces[] = {
        {"(", 100000},       {")", 100000},          {"the OR ", 100000},     {"shells OR ", 100000}, {"a* ", 50},
        {"*a* ", 50},        {"* ", 1000},           {"the /s ", 10000},      {"the w/1000 ", 10000}, {"(the /p ", 10000},
        {"said:(", 10000},   {"case:(", 10000},      {"hlead:(", 10000},      {"atleast1000(", 10000}, {"NOT ", 100000},
        {"-a ", 10000},      {"+the ", 10000},       {"\"the of\" ", 10000},  {"AND ", 100000},       {"OR ", 100000},
        {"/s ", 100000},     {"said:the by:a ", 10000}, {"speaker:a ", 10000}, {"a* /s ", 1000},      {"\xff", 1 << 20},
        {"title:", 10000},   {"date:9999999999..-1 ", 1000}, {"person:the ", 10000}, {"caps(", 10000}, {"the pre/3 ", 10000},
        {"(the /s of) OR ", 1000}, {"atleast2(the) ", 1000}, {"\"", 100000}, {"\xe2\x80\x9c", 100000}, {"a:b ", 10000},
    };
    char *query = malloc((1u << 20) + 1);
    for (size_t i = 0; query && i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = 0, length = strlen(pieces[i].piece);
        for (size_t k = 0; k < pieces[i].times && n + length <= 1u << 20; k++, n += length)
            memcpy(query + n, pieces[i].piece, length);
        query[n] = '\0';
        check_budget(pieces[i].piece, query);
    }
    free(query);
}

/* A piece with all pairs of letters. */
static void vary_pieces(void)
{
    static const char *const around[][2] = {{"", "* "}, {"", "* OR "}, {"(the w/50 ", "*) OR "}, {"speaker:", " "}, {"\"of ", "\" OR "}, {"-", "* "}};
    char query[26 * 26 * 24];
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        char *end = query;
        for (int k = 0; k < 26 * 26; k++)
            end += sprintf(end, "%s%c%c%s", around[i][0], 'a' + k / 26, 'a' + k % 26, around[i][1]);
        check_budget(query, query);
    }
}

static void check_bombs(void)
{
    static const char *const whole[] = {
        "", "*", "a*", "NOT a", "-a -b", "AND OR", "shells NEAR/99999999999 kim", "date:9999999999..-1",
        "said:\"\" by:\"\"", "atleast99999999999(kim)", "case:* said:* hlead:*", "/s /p w/5 pre/5",
    };
    repeat_pieces();
    vary_pieces();
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        check_budget(whole[i], whole[i]);
    char *query = malloc(120000), *end = query;
    if (!query)
        return;
    *end++ = '"'; /* a quotation of 10,000 stopwords */
    for (int i = 0; i < 10000; i++)
        end = stpcpy(end, i % 2 ? "of " : "the ");
    stpcpy(end, "\"");
    check_budget("10,000 stopwords in quotes", query);
    memset(query, 'x', 65536); /* a field and a word without an end */
    strcpy(query + 65536, ":y ~9");
    check_budget("a field of 64 kB", query);
    free(query);
}

/* Whether a query is answered with articles, and whether with a note that holds a text. */
static void check_note(const char *name, const char *query, bool found, const char *note)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *result = ask(query, &options);
    bool noted = false;
    for (size_t i = 0; result && nsearch_result_note(result, i); i++)
        noted |= strstr(nsearch_result_note(result, i), note) != NULL;
    if (!result || (nsearch_result_hit(result, 0) != NULL) != found || noted != (strlen(name) > 0 && name[0] == '>')) {
        fprintf(stderr, "%s: %s hits, %s note of '%s'\n", name, result && nsearch_result_hit(result, 0) ? "some" : "no",
                noted ? "a" : "no", note);
        findings++;
    }
    nsearch_result_free(result);
}

/* The edges of what is taken: as it is up to the limit; beyond, what fits is answered and it is said. Names begin with '>'
 * where something must be said. */
static void check_limits(void)
{
    char query[32768], *end;
    for (int depth = NS_QUERY_DEPTH_MAX; depth <= NS_QUERY_DEPTH_MAX + 1; depth++) {
        end = stpcpy(query, "shells ");
        for (int i = 0; i < depth; i++)
            end = stpcpy(end, "(");
        end = stpcpy(end, "kim");
        for (int i = 0; i < depth; i++)
            end = stpcpy(end, ")");
        check_note(depth == NS_QUERY_DEPTH_MAX ? "64 deep" : ">65 deep", query, true, "nested deeper than 64");
    }
    for (int clauses = 500; clauses <= 2000; clauses += 1500) { /* each takes a node, and some the OR above them */
        end = query;
        for (int i = 0; i < clauses; i++)
            end += sprintf(end, "%srare%04d", i ? " OR " : "", i);
        check_note(clauses == 500 ? "500 clauses" : ">2,000 clauses", query, true, "only its first 1024 parts");
    }
    check_note("200 expansions", "rare00* OR rare10*", true, "begins very many words");
    check_note(">3,000 expansions", "rare*", true, "begins very many words");
}

static void ask_random(test_random *r)
{
    static const char *const pieces[] = {
        "(",     ")",       "\"",     " ",       "shells",  "the ",    " AND ", " OR ",      " NOT ",     "-",
        "+",     "title:",  "date:",  "2023",    "NEAR/2 ", " /s ",    " /p ",  " w/3 ",     " pre/2 ",   "caps(",
        "said:", "by:",     "kim ",   "DPRK",    "putin",   "art*",    "case:", "Turkey ",   "atleast2(", "hlead:",
        "price", "speaker:miller ",   "\xe2\x80\x9d", "\xff", ":",     "'",     "nocaps(us)", "person:",  "said:\"pay a price\" ",
    };
    char query[600];
    size_t n = 0;
    for (uint32_t k = test_random_below(r, 16); k > 0; k--) {
        const char *piece = pieces[test_random_below(r, sizeof pieces / sizeof *pieces)];
        memcpy(query + n, piece, strlen(piece));
        n += strlen(piece);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)query, n);
}

static int ask_file(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *in = fopen(path, "rb");
    if (!in)
        return 2;
    size_t n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    LLVMFuzzerTestOneInput(bytes, n);
    return 0;
}

int main(int argc, char **argv)
{
    const char *seed = getenv("NSEARCH_TEST_SEED"), *runs = getenv("NSEARCH_FUZZ_RUNS");
    test_random r = {seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL)};
    nsearch_error err = NSEARCH_ERROR_INIT;
    int code = 0, random = runs && !points_long() ? atoi(runs) : (int)points_wanted(400, 20000);
    if (argc == 3 && !strcmp(argv[1], "--index")) {
        if (nsearch_open(argv[2], NULL, &fuzzed_index, &err))
            stop("not opened", &err);
        is_verbose = true;
        check_bombs();
        nsearch_close(fuzzed_index);
        return findings > 0;
    }
    for (int i = 1; i < argc; i++)
        code |= ask_file(argv[i]);
    if (argc > 1)
        return code;
    printf("seed %llu\n", (unsigned long long)r.state);
    open_index();
    check_bombs();
    check_limits();
    for (int i = 0; i < random; i++)
        ask_random(&r);
    printf("%d random queries answered, pruned and exhaustive alike\n", random);
    nsearch_close(fuzzed_index);
    return points_print("Q1", "query bombs, each within a second and 64 MB", bombs, 40, findings) ? 0 : 1;
}

#endif
