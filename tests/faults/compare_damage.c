/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compare_damage.c - the same articles and queries in several engines; each byte of their files (or evenly
 * spread ones) is changed in four ways, and the index is opened and asked anew. What comes of it: a wrong
 * answer and no error, a crash or no end, an error, or nothing. For the comparison in doc/reliability.md;
 * 'make compare-damage'. compare_damage [BYTES [ENGINE...]]    at most so many bytes of each (8192)
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/base/bytes.h"
#include "src/nsearch.h"
#include "tests/faults/compared.h"
#include "tests/support/folder.h"
#include "tests/support/random.h"

enum { FILES_MAX = 64, PATTERNS = 4, SECONDS_MAX = 10 };

uint64_t compared_mix(uint64_t h, const void *bytes, unsigned long n)
{
    return ns_hash64(bytes, n, h);
}

void compared_article_make(uint32_t i, compared_article *a)
{
    test_random r = {i * 31 + 7};
    size_t n = 0;
    snprintf(a->id, sizeof a->id, "story-%u", i);
    snprintf(a->title, sizeof a->title, "%s of day %u", i % 3 ? "Harbour talks" : "Storm in the north", i);
    snprintf(a->date, sizeof a->date, "2023-09-%02u", 1 + i % 28);
    a->source = i % 2 ? "The Wire" : "Herald";
    for (uint32_t s = 0; s < 12; s++) {
        n += (size_t)snprintf(a->text + n, sizeof a->text - n, "%s said that talks would go on",
                              s % 4 ? "The minister" : "Kim Jong Un");
        for (uint32_t k = 0; k < 9; k++)
            n += (size_t)snprintf(a->text + n, sizeof a->text - n, " w%u", test_random_skewed(&r, 400));
        n += (size_t)snprintf(a->text + n, sizeof a->text - n, ".%s", s % 4 == 3 ? "\n" : " ");
    }
}

/* ---- nsearch, with either engine */

static const char *const queries[COMPARED_QUERIES] = {
    "minister talks", "\"talks would go\"", "person:kim",     "title:harbour OR title:storm",
    "w1* -w12",       "w3 w7 w11",          "source:wire w5", "ministers harbours",
};

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status) {
        fprintf(stderr, "%s\n", err->text);
        exit(2);
    }
}

static void make_with(const char *dir, const char *engine)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w = NULL;
    static compared_article a;
    options.threads = 1;
    options.engine = engine;
    must(nsearch_writer_open(dir, &options, &w, &err), &err);
    for (uint32_t i = 0; i < COMPARED_ARTICLES; i++) {
        nsearch_article article = NSEARCH_ARTICLE_INIT;
        compared_article_make(i, &a);
        article.id = a.id;
        article.title = a.title;
        article.text = a.text;
        article.date = a.date;
        article.source = a.source;
        must(nsearch_writer_add(w, &article, &err), &err);
    }
    must(nsearch_writer_commit(w, &err), &err);
    nsearch_writer_close(w);
}

static void make_native(const char *dir)
{
    make_with(dir, "native");
}

static void make_xapian(const char *dir)
{
    make_with(dir, "xapian");
}

static uint64_t mix_text(uint64_t h, const char *s)
{
    return s ? ns_hash64(s, strlen(s), h) : h + 1;
}

static void ask_nsearch(const char *dir, compared_answer answers[COMPARED_QUERIES])
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    nsearch_status opened = nsearch_open(dir, NULL, &index, &err);
    for (int q = 0; q < COMPARED_QUERIES; q++) {
        nsearch_error why = NSEARCH_ERROR_INIT;
        nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
        nsearch_result *result = NULL;
        const nsearch_hit *hit;
        options.now = 1700000000;
        options.limit = COMPARED_HITS;
        answers[q] = (compared_answer){true, 1};
        if (opened || nsearch_search(index, queries[q], &options, &result, &why))
            continue;
        answers[q].told = false;
        for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++) {
            uint64_t h = mix_text(mix_text(answers[q].hash, hit->id), hit->title);
            h = compared_mix(h, &hit->score, sizeof hit->score);
            for (size_t p = 0; p < hit->passage_count; p++)
                h = mix_text(h, hit->passages[p].text);
            answers[q].hash = h;
        }
        nsearch_result_free(result);
    }
    nsearch_close(index);
}

const compared compared_nsearch = {"nsearch", make_native, ask_nsearch};
const compared compared_nsearch_xapian = {"nsearch, Xapian engine", make_xapian, ask_nsearch};

/* ---- the sweep */

static struct {
    char path[600];
    long size;
} files[FILES_MAX];
static int file_count;
static long all_bytes;

/* Files that are read: locks are not. */
static int note_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    const char *name = path + at->base;
    if (kind != FTW_F || !st->st_size || !strcmp(name, "LOCK") || !strcmp(name, "flintlock") ||
        strstr(path, "/db/"))
        return 0;
    if (file_count == FILES_MAX) {
        fprintf(stderr, "more than %d files\n", FILES_MAX);
        exit(2);
    }
    snprintf(files[file_count].path, sizeof files->path, "%s", path);
    files[file_count++].size = st->st_size;
    all_bytes += st->st_size;
    return 0;
}

/* Shared with the worker, which may die at any point. */
typedef struct board {
    long at;  /* the case in hand */
    int good; /* the byte that it changes, as it was */
    long wrong, told, harmless;
} board;
static board *tally;

static void write_byte(const char *path, long offset, int byte)
{
    int fd = open(path, O_WRONLY);
    uint8_t b = (uint8_t)byte;
    if (fd < 0 || pwrite(fd, &b, 1, offset) != 1 || close(fd)) {
        perror(path);
        exit(2);
    }
}

static int read_byte(const char *path, long offset)
{
    int fd = open(path, O_RDONLY);
    uint8_t b = 0;
    if (fd < 0 || pread(fd, &b, 1, offset) != 1 || close(fd)) {
        perror(path);
        exit(2);
    }
    return b;
}

/* Where case number 'at' is: every 'step'th byte of all files taken as one. */
static const char *place(long at, long step, long *offset)
{
    int f = 0;
    *offset = at / PATTERNS * step;
    while (*offset >= files[f].size)
        *offset -= files[f++].size;
    return files[f].path;
}

static void try_case(const compared *engine, const char *dir, long step,
                     const compared_answer right[COMPARED_QUERIES])
{
    compared_answer answers[COMPARED_QUERIES];
    bool wrong = false, told = false;
    long offset;
    const char *path = place(tally->at, step, &offset);
    const int good = tally->good = read_byte(path, offset),
              patterns[PATTERNS] = {good ^ 1, good ^ 0x80, ~good & 0xff, good ? 0 : 0xff};
    write_byte(path, offset, patterns[tally->at % PATTERNS]);
    alarm(SECONDS_MAX);
    engine->ask(dir, answers);
    alarm(0);
    write_byte(path, offset, good);
    for (int q = 0; q < COMPARED_QUERIES; q++) {
        told |= answers[q].told;
        wrong |= !answers[q].told && answers[q].hash != right[q].hash;
    }
    *(wrong ? &tally->wrong : told ? &tally->told : &tally->harmless) += 1;
}

/* A process goes through the cases; where it dies the next begins behind. Returns how often. */
static long sweep(const compared *engine, const char *dir, long cases, long step,
                  const compared_answer right[COMPARED_QUERIES])
{
    long crashes = 0;
    for (tally->at = 0; tally->at < cases; tally->at++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            exit(2);
        }
        if (!child) {
            struct rlimit room = {UINT64_C(2) << 30, UINT64_C(2) << 30}, none = {0, 0};
            setrlimit(RLIMIT_AS, &room);
            setrlimit(RLIMIT_CORE, &none);
            for (; tally->at < cases; tally->at++)
                try_case(engine, dir, step, right);
            _exit(0);
        }
        int result = 0;
        waitpid(child, &result, 0);
        if (tally->at < cases) {
            long offset;
            const char *path = place(tally->at, step, &offset);
            fprintf(stderr, "%s: signal %d with byte %ld of '%s' changed in way %ld\n", engine->name,
                    WTERMSIG(result), offset, path, tally->at % PATTERNS);
            write_byte(path, offset, tally->good);
            crashes++;
        }
    }
    return crashes;
}

static void compare(const compared *engine, long most)
{
    char *dir = test_folder_new();
    compared_answer right[COMPARED_QUERIES], again[COMPARED_QUERIES];
    file_count = 0;
    all_bytes = 0;
    memset(tally, 0, sizeof *tally);
    engine->make(dir);
    engine->ask(dir, right);
    engine->ask(dir, again);
    for (int q = 0; q < COMPARED_QUERIES; q++)
        if (right[q].told || right[q].hash == 1 || right[q].hash != again[q].hash) {
            fprintf(stderr, "%s: query %d finds nothing in a sound index, or not the same\n", engine->name,
                    q);
            exit(2);
        }
    nftw(dir, note_file, 8, FTW_PHYS);
    long step = (all_bytes + most - 1) / most, cases = (all_bytes + step - 1) / step * PATTERNS;
    time_t begin = time(NULL);
    long crashes = sweep(engine, dir, cases, step, right);
    printf("| %s | %ld | %ld | %ld (%.2f %%) | %ld | %ld | %ld |\n", engine->name, all_bytes, cases,
           tally->wrong, 100.0 * (double)tally->wrong / (double)cases, crashes, tally->told, tally->harmless);
    fprintf(stderr, "%s: every %ld. byte, %ld s\n", engine->name, step, (long)(time(NULL) - begin));
    fflush(stdout);
    test_folder_remove(dir);
}

int main(int argc, char **argv)
{
    static const compared *const engines[] = {
        &compared_nsearch,
#ifdef NS_WITH_XAPIAN
        &compared_nsearch_xapian,
        &compared_xapian,
#endif
#ifdef WITH_SQLITE
        &compared_sqlite,
#endif
    };
    long most = argc > 1 ? atol(argv[1]) : 8192;
    if (most < 1) {
        fprintf(stderr, "usage: %s [BYTES [ENGINE...]]\n", argv[0]);
        return 2;
    }
    tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tally == MAP_FAILED)
        return 2;
#ifndef WITH_SQLITE
    fprintf(stderr, "SKIP: SQLite FTS5: built without libsqlite3-dev\n");
#endif
#ifndef NS_WITH_XAPIAN
    fprintf(stderr, "SKIP: Xapian: built without it\n");
#endif
    printf("| | bytes | cases | wrong answers | crashes | errors | harmless |\n| --- | --- | --- | --- | --- "
           "| --- | --- |\n");
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        bool wanted = argc < 3;
        for (int k = 2; k < argc; k++)
            wanted |= !strcmp(argv[k], engines[i]->name);
        if (wanted)
            compare(engines[i], most);
    }
    return 0;
}
