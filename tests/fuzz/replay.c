/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * replay.c - without libFuzzer: throws the seeds of every reader at it, as they are and with random changes.
 *     replay                 all seeds, and NSEARCH_FUZZ_RUNS changed ones, from NSEARCH_TEST_SEED on
 *     replay READER FILE...  these files, such as a finding of libFuzzer
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "tests/fuzz/fuzz_readers.h"

enum { SEED_BYTES = 1 << 20, SEEDS = 64 };

typedef struct seed {
    uint8_t *bytes;
    size_t n;
} seed;

static seed load(const char *path)
{
    FILE *file = fopen(path, "rb");
    seed s = {malloc(SEED_BYTES), 0};
    if (!file || !s.bytes) {
        perror(path);
        exit(2);
    }
    s.n = fread(s.bytes, 1, SEED_BYTES, file);
    fclose(file);
    return s;
}

static void run(const fuzz_reader *reader, const uint8_t *bytes, size_t n)
{
    uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a byte behind the end */
    if (!exact)
        exit(2);
    memcpy(exact, bytes, n);
    reader->run(exact, n);
    free(exact);
}

static size_t load_seeds(const char *reader, seed seeds[SEEDS])
{
    const char *top = getenv("srcdir");
    char folder[1024], path[2048];
    size_t count = 0;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/seeds/%s", top ? top : ".", reader);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && count < SEEDS && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        seeds[count++] = load(path);
    }
    if (dir)
        closedir(dir);
    if (!count) {
        fprintf(stderr, "no seeds in '%s'\n", folder);
        exit(1);
    }
    return count;
}

static void change(uint8_t *bytes, size_t *size, size_t room, uint64_t r)
{
    static const char telling[] = "\n<>\"{}[]:;&#.-\\/\xc2\xe2\x80 ";
    size_t n = *size, at = n ? (size_t)(r >> 32) % n : 0, cut = (r >> 8) % 8;
    if (!n)
        return;
    if (r % 5 == 0 && at + cut < n) { /* cut out */
        memmove(bytes + at, bytes + at + cut, n - at - cut);
        *size -= cut;
    } else if (r % 5 == 1 && n < room) { /* repeat */
        memmove(bytes + at + 1, bytes + at, n - at);
        ++*size;
    } else if (r % 5 == 2) {
        bytes[at] = (uint8_t)telling[(r >> 8) % (sizeof telling - 1)];
    } else {
        bytes[at] ^= (uint8_t)(1u << (r >> 8) % 8);
    }
}

static void mutate(const fuzz_reader *reader, const seed *seeds, size_t count, size_t rounds, uint64_t *state)
{
    static uint8_t bytes[SEED_BYTES];
    for (size_t round = 0; round < rounds; round++) {
        const seed *s = &seeds[round % count];
        size_t n = s->n;
        memcpy(bytes, s->bytes, n);
        for (size_t i = 0, changes = 1 + round / count % 12; i < changes; i++)
            change(bytes, &n, sizeof bytes, ns_mix64(*state += UINT64_C(0x9e3779b97f4a7c15)));
        run(reader, bytes, n);
    }
}

static int replay(const char *name, char **files, int count)
{
    const fuzz_reader *reader = fuzz_reader_named(name);
    if (!reader) {
        fprintf(stderr, "no reader '%s'\n", name);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        seed s = load(files[i]);
        run(reader, s.bytes, s.n);
        free(s.bytes);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return replay(argv[1], argv + 2, argc - 2);
    const char *chosen = getenv("NSEARCH_TEST_SEED"), *runs = getenv("NSEARCH_FUZZ_RUNS");
    uint64_t state = chosen ? strtoull(chosen, NULL, 10) : 1;
    size_t readers = 0, total = 0, rounds = runs ? strtoull(runs, NULL, 10) : 20000;
    printf("changing with seed %llu\n", (unsigned long long)state);
    while (fuzz_readers[readers].name)
        readers++;
    for (size_t r = 0; r < readers; r++) {
        seed seeds[SEEDS];
        size_t count = load_seeds(fuzz_readers[r].name, seeds);
        for (size_t i = 0; i < count; i++)
            run(&fuzz_readers[r], seeds[i].bytes, seeds[i].n);
        mutate(&fuzz_readers[r], seeds, count, rounds / readers, &state);
        for (size_t i = 0; i < count; i++)
            free(seeds[i].bytes);
        total += count;
    }
    printf("%zu seeds of %zu readers\n", total, readers);
    return 0;
}
