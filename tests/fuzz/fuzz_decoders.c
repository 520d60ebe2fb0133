/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_decoders.c - sound bytes of every decoder, changed at random: 200,000 runs, with NSEARCH_TEST_LONG=1 a
 * hundred million, in two processes. NSEARCH_TEST_SEED and NSEARCH_FUZZ_RUNS change them. With libFuzzer
 * (NS_FUZZ_ENGINE, 'make fuzz') it chooses the bytes. Promise C4. fuzz_decoders FILE...       runs these
 * inputs fuzz_decoders --seeds DIR   writes the sound ones, for libFuzzer to begin with
 */
#include "tests/fuzz/decoders.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    return 0;
}

#ifndef NS_FUZZ_ENGINE

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/backend.h"
#include "index/native/columns.h"
#include "index/native/dictionary.h"
#include "index/native/removed.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"
#include "src/text/stored.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/support/synthetic.h"

enum { SAMPLES_MAX = 4096, ROUND = 4096 /* runs of one seed */ };

typedef struct sample {
    uint8_t *bytes;
    size_t n;
} sample;
static sample samples[DECODERS][SAMPLES_MAX];
static size_t sample_count[DECODERS];

/* ---- sound inputs */

static void put(decoder d, const uint32_t a[6], const ns_buffer *bytes)
{
    if (sample_count[d] == SAMPLES_MAX || bytes->size > DECODER_INPUT_MAX - DECODER_HEAD)
        return;
    sample *s = &samples[d][sample_count[d]++];
    s->n = DECODER_HEAD + bytes->size;
    s->bytes = malloc(s->n);
    s->bytes[0] = (uint8_t)d;
    for (int i = 0; i < 6; i++)
        ns_put_u32(s->bytes + 1 + i * 4, a[i]);
    memcpy(s->bytes + DECODER_HEAD, bytes->data, bytes->size);
}

static void add_section(ns_buffer *out, const ns_segment *s, ns_section section)
{
    ns_buffer_add(out, s->base + s->sections[section].offset, s->sections[section].size);
}

static uint32_t size_of(const ns_segment *s, ns_section section)
{
    return (uint32_t)s->sections[section].size;
}

static void put_lists(const ns_segment *s)
{
    ns_dictionary_walk walk;
    for (bool found = ns_dictionary_seek(&walk, s, "", 0); found; found = ns_dictionary_next(&walk)) {
        const ns_list *list = &walk.list;
        ns_buffer bytes = NS_BUFFER_INIT;
        uint32_t a[6] = {
            list->df - 1, list->flags, s->counts.passages - 1, (uint32_t)list->postings_size, 1000, 3};
        if (list->df == 1) {
            a[3] = (uint32_t)(list->inlined_end - list->inlined);
            ns_buffer_add(&bytes, list->inlined, a[3]);
        } else {
            ns_buffer_add(&bytes, ns_segment_at(s, NS_SECTION_POSTINGS, list->postings, list->postings_size),
                          list->postings_size);
            ns_buffer_add(&bytes,
                          ns_segment_at(s, NS_SECTION_POSITIONS, list->positions, list->positions_size),
                          list->positions_size);
        }
        put(DECODE_LIST, a, &bytes);
        put(DECODE_COPY, a, &bytes);
        ns_buffer_release(&bytes);
    }
}

static void put_sections(const ns_segment *s)
{
    const uint32_t terms = (uint32_t)s->counts.terms, passages = s->counts.passages,
                   articles = s->counts.articles;
    ns_buffer bytes = NS_BUFFER_INIT;
    add_section(&bytes, s, NS_SECTION_DICTIONARY);
    add_section(&bytes, s, NS_SECTION_TERM_INDEX);
    for (uint32_t i = 0; i < 16; i++) /* keys at some places of it */
        put(DECODE_DICTIONARY,
            (uint32_t[]){terms, passages - 1, size_of(s, NS_SECTION_DICTIONARY), i * 37 | (2 + i) << 16, i,
                         0},
            &bytes);
    bytes.size = 0;
    add_section(&bytes, s, NS_SECTION_NAMES);
    add_section(&bytes, s, NS_SECTION_NAME_INDEX);
    add_section(&bytes, s, NS_SECTION_DICTIONARY);
    add_section(&bytes, s, NS_SECTION_TERM_INDEX);
    if (articles <= 64)
        put(DECODE_NAMES,
            (uint32_t[]){articles - 1, size_of(s, NS_SECTION_NAMES), size_of(s, NS_SECTION_NAME_INDEX),
                         size_of(s, NS_SECTION_DICTIONARY), terms, 5},
            &bytes);
    bytes.size = 0;
    const ns_section all[] = {NS_SECTION_LENGTHS, NS_SECTION_STARTS, NS_SECTION_DAYS, NS_SECTION_ARTICLES,
                              NS_SECTION_GROUPS};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        add_section(&bytes, s, all[i]);
    if (passages <= 1024)
        put(DECODE_COLUMNS, (uint32_t[]){passages - 1, articles - 1, 0, 0, 0, 0}, &bytes);
    bytes.size = 0;
    const ns_section stored[] = {NS_SECTION_ARTICLES, NS_SECTION_DAYS, NS_SECTION_TEXT_INDEX,
                                 NS_SECTION_TEXTS};
    for (size_t i = 0; i < 4; i++)
        add_section(&bytes, s, stored[i]);
    for (uint32_t i = 0; i < 4 && articles <= 64; i++)
        put(DECODE_TEXTS,
            (uint32_t[]){articles - 1, articles * NS_ARTICLE_RECORD, articles * 4,
                         size_of(s, NS_SECTION_TEXT_INDEX), i, 0},
            &bytes);
    bytes.size = 0;
    uint32_t size = (uint32_t)ns_removed_size(passages), end = ns_columns_end(s, 0);
    uint8_t *bits = calloc(size, 1); /* the first article */
    for (uint32_t i = 0; i < end; i++)
        bits[i / 8] |= (uint8_t)(1u << i % 8);
    ns_buffer_add(&bytes, s->base + s->sections[NS_SECTION_STARTS].offset, size);
    ns_buffer_add(&bytes, bits, size);
    put(DECODE_REMOVED, (uint32_t[]){passages - 1, end, size, 0, 0, 0}, &bytes);
    free(bits);
    ns_buffer_release(&bytes);
}

/* Articles of a folder's one segment, and its manifest. */
static void put_index(uint32_t count, uint32_t vocabulary)
{
    char *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_store *store;
    ns_manifest manifest;
    ns_segment *segment = NULL;
    nsearch_status status = ns_native_backend.store_open(dir, NULL, &store, &err);
    for (uint32_t i = 0; i < count && !status; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, 0, vocabulary, &article);
        status = ns_native_backend.store_add(store, &article, &err);
    }
    if (!status)
        status = ns_native_backend.store_commit(store, &err);
    int fd = ns_fs_system.openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    if (!status)
        status = ns_manifest_read(fd, &manifest, &err);
    if (!status)
        status = ns_segment_open(fd, &manifest.files[0], &segment, &err);
    if (status) {
        fprintf(stderr, "no segment to begin with: %s\n", err.text);
        exit(2);
    }
    put_lists(segment);
    put_sections(segment);
    char text[4096], path[600], *sum;
    snprintf(path, sizeof path, "%s/MANIFEST", dir);
    FILE *f = fopen(path, "rb");
    ns_buffer bytes = NS_BUFFER_INIT;
    text[f ? fread(text, 1, sizeof text - 1, f) : 0] = '\0';
    if (f && (sum = strstr(text, "sum\t")) != NULL)
        ns_buffer_add(&bytes, text, (size_t)(sum - text));
    put(DECODE_MANIFEST, (uint32_t[6]){0}, &bytes);
    if (f)
        fclose(f);
    ns_buffer_release(&bytes);
    ns_segment_close(segment);
    ns_manifest_release(&manifest);
    ns_native_backend.store_close(store);
    ns_fs_system.close(fd);
    ns_arena_release(&arena);
    test_folder_remove(dir);
}

static void put_runs(test_random *r)
{
    for (int i = 0; i < 200; i++) {
        uint32_t n = 1 + test_random_below(r, NS_BLOCK), v[NS_BLOCK], first = test_random_below(r, 1000),
                 last = first;
        uint32_t width = 1u << (1 + i % 20), tfs[NS_BLOCK], places[40];
        ns_buffer bytes = NS_BUFFER_INIT;
        for (uint32_t k = 0; k < n; k++)
            v[k] = last += 1 + test_random_below(r, k % 9 ? width / 4 + 1 : width);
        ns_docids_put(&bytes, v, n, first);
        put(DECODE_DOCIDS, (uint32_t[]){n, first, last, 7, 0, 0}, &bytes);
        bytes.size = 0;
        for (uint32_t k = 0; k < n; k++)
            v[k] = test_random_below(r, k % 9 ? width / 4 + 1 : width);
        ns_patched_put(&bytes, v, n, 8);
        put(DECODE_PATCHED, (uint32_t[]){n, 0, 0, 0, 0, 0}, &bytes);
        bytes.size = 0;
        ns_position_block block = {.n = 0};
        for (uint32_t k = 0; k < n; k++) { /* as decoders.c says of tfs */
            uint32_t count = tfs[k] = k % 4 == 3 ? 30 : 5, at = 0;
            for (uint32_t p = 0; p < count; p++)
                places[p] = at += 1 + test_random_below(r, 1 + width % 4096);
            ns_position_block_add(&block, places, count);
        }
        ns_position_block_put(&block, tfs, &bytes);
        put(DECODE_POSITIONS, (uint32_t[]){n, 5, 30, 0, 0, 0}, &bytes);
        ns_position_block_release(&block);
        ns_buffer_release(&bytes);
    }
}

static void put_stored(test_random *r)
{
    for (uint32_t i = 0; i < 50; i++) {
        ns_article article;
        ns_article_init(&article);
        ns_paragraph paragraphs[4] = {
            {"One sentence. Another one.", 26}, {"And more of it.", 15}, {"\xc3\xa9t\xc3\xa9", 5}, {"x", 1}};
        ns_dropped dropped[2] = {{"Share this", "button", 0}, {"Cookies", "notice", 1}};
        ns_passage passages[2];
        memset(passages, 0, sizeof passages);
        passages[0].end = passages[1].begin = 1;
        passages[1].end = 20;
        article.id = "an id";
        article.title = i % 2 ? "A headline" : "";
        article.url = "https://example.org/";
        article.paragraphs = paragraphs;
        article.paragraph_count = 1 + test_random_below(r, 4);
        article.dropped = dropped;
        article.dropped_count = i % 3;
        ns_buffer bytes = NS_BUFFER_INIT;
        ns_stored_encode(&bytes, &article, passages, i % 3);
        put(DECODE_STORED, (uint32_t[6]){0}, &bytes);
        ns_buffer_release(&bytes);
    }
}

/* ---- changes */

static size_t change(uint8_t *bytes, size_t n, test_random *r)
{
    static const uint32_t nasty[] = {0,       1,          0x7f,       0x80,       0xff,      0xffff,
                                     0x10000, 0x3fffffff, 0x7fffffff, 0x80000000, 0xffffffff};
    for (uint32_t k = 1 + test_random_below(r, 4); k; k--) {
        /* a third of the changes among the counts and the first bytes, which steer the rest */
        size_t room = n - 1,
               at = 1 + test_random_below(r, (uint32_t)(test_random_below(r, 3) || room < 40 ? room : 40));
        switch (test_random_below(r, 6)) {
        case 0:
            bytes[at] ^= (uint8_t)(1u << test_random_below(r, 8));
            break;
        case 1:
            bytes[at] = (uint8_t)test_random_next(r);
            break;
        case 2:
            if (n - at >= 4)
                ns_put_u32(bytes + at, nasty[test_random_below(r, sizeof nasty / sizeof *nasty)]);
            break;
        case 3:
            bytes[at] = (uint8_t)(bytes[at] + 1 - 2 * test_random_below(r, 2));
            break;
        case 4: {
            size_t from = 1 + test_random_below(r, (uint32_t)room), most = n - (from > at ? from : at);
            memmove(bytes + at, bytes + from, test_random_below(r, (uint32_t)(most < 32 ? most : 32) + 1));
            break;
        }
        case 5:
            if (at > DECODER_HEAD && !test_random_below(r, 4))
                n = at;
        }
    }
    return n;
}

static uint64_t seed_of_round;
static const char *tried;

static void tell(int number)
{
    char text[200];
    int n = snprintf(text, sizeof text, "signal %d in '%s': NSEARCH_TEST_SEED=%llu NSEARCH_FUZZ_RUNS=%d\n",
                     number, tried, (unsigned long long)seed_of_round, ROUND);
    if (write(STDERR_FILENO, text, (size_t)n) < 0)
        _exit(3);
    signal(number, SIG_DFL);
    raise(number);
}

/* Every 'step'th round of ROUND runs, each with a seed of its own; returns how many inputs were taken for
 * sound. */
static long run(uint64_t seed, long runs, long first, long step)
{
    static uint8_t bytes[DECODER_INPUT_MAX];
    long accepted = 0;
    for (long i = first; i * ROUND < runs; i += step) {
        test_random r = {seed_of_round = seed + (uint64_t)i};
        for (int k = 0; k < ROUND; k++) {
            decoder d = (decoder)test_random_below(&r, DECODERS);
            const sample *s = &samples[d][test_random_below(&r, (uint32_t)sample_count[d])];
            tried = decoder_name(d);
            memcpy(bytes, s->bytes, s->n);
            accepted += decode(bytes, change(bytes, s->n, &r));
        }
    }
    return accepted;
}

static bool begin(void)
{
    test_random r = {1};
    put_index(6, 60);   /* short lists */
    put_index(30, 400); /* more terms */
    put_index(120, 6);  /* lists of several blocks */
    put_runs(&r);
    put_stored(&r);
    for (int d = 0; d < DECODERS; d++)
        for (size_t i = 0; i < sample_count[d] || !i; i++)
            if (i == sample_count[d] || !decode(samples[d][i].bytes, samples[d][i].n)) {
                fprintf(stderr, "sound bytes of '%s' are refused or there are none\n",
                        decoder_name((decoder)d));
                return false;
            }
    return true;
}

static int write_seeds(const char *dir)
{
    char path[600];
    for (int d = 0; d < DECODERS; d++)
        for (size_t i = 0; i < sample_count[d]; i += sample_count[d] / 16 + 1) {
            snprintf(path, sizeof path, "%s/%s-%zu", dir, decoder_name((decoder)d), i);
            FILE *f = fopen(path, "wb");
            if (!f || fwrite(samples[d][i].bytes, samples[d][i].n, 1, f) != 1 || fclose(f)) {
                perror(path);
                return 2;
            }
        }
    return 0;
}

static int run_file(const char *path)
{
    static uint8_t bytes[DECODER_INPUT_MAX];
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return 2;
    }
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    printf("%s: %s\n", path, decode(bytes, n) ? "sound" : "refused");
    return 0;
}

int main(int argc, char **argv)
{
    const char *text = getenv("NSEARCH_FUZZ_RUNS");
    long wanted = points_wanted(200000, 100000000), runs = text ? atol(text) : wanted;
    int status = 0;
    if (points_long() && runs < wanted)
        runs = wanted;
    if (!begin())
        return 1;
    if (argc == 3 && !strcmp(argv[1], "--seeds"))
        return write_seeds(argv[2]);
    for (int i = 1; i < argc; i++)
        status |= run_file(argv[i]);
    if (argc > 1)
        return status;
    uint64_t seed = points_seed();
    signal(SIGSEGV, tell);
    signal(SIGBUS, tell);
    signal(SIGABRT, tell);
    pid_t child = fork();
    if (child == 0)
        _exit(run(seed, runs, 1, 2) == 0);
    long accepted = run(seed, runs, 0, 2), met = (runs + ROUND - 1) / ROUND * ROUND;
    bool fine = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    printf("%ld%% of one half were taken for sound\n", accepted * 200 / met);
    return points_print("C4", "changed bytes, each given to one decoder", met, text ? 1 : wanted, !fine) ? 0
                                                                                                         : 1;
}

#endif
