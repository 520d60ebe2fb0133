/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_segment.c - segments whose sums fit and whose contents do not: bytes of a segment without its table of
 * sums, changed at will, are given fitting sums and a fitting manifest. Whatever stands there, opening,
 * verifying, reading everything and merging must stay inside of the bytes and come to an end. With libFuzzer:
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -DNS_FUZZ_ENGINE ... fuzz_segment.c
 * Without, it replays the files named, or else mutates segments that it makes; the seed is printed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index/native/merge.h"
#include "index/native/segment.h"
#include "index/native/snapshot.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"
#include "tests/support/folder.h"
#include "tests/support/memory_files.h"
#include "tests/support/synthetic.h"
#include "tests/unit/native_state.h"

static memory_file *const file = &memory_files[0]; /* the segment with its sums */

/* Sums and a manifest for 'n' bytes. */
static bool fit(const uint8_t *data, size_t n, ns_manifest *manifest)
{
    static ns_manifest_file record;
    if (n < NS_SEGMENT_HEADER_SIZE + NS_SEGMENT_FOOTER_SIZE)
        return false;
    size_t pages = (n + NS_SEGMENT_PAGE - 1) / NS_SEGMENT_PAGE;
    file->size = n + pages * 4;
    file->shown = file->size;
    file->bytes = realloc(file->bytes, file->size);
    memcpy(file->bytes, data, n);
    memset(&record, 0, sizeof record);
    record.id = 42;
    for (size_t p = 0; p < pages; p++) {
        size_t at = p * NS_SEGMENT_PAGE, size = n - at < NS_SEGMENT_PAGE ? n - at : NS_SEGMENT_PAGE;
        ns_put_u32(file->bytes + n + p * 4, ns_crc32c(ns_segment_seed(record.id, p), file->bytes + at, size));
    }
    const uint8_t *footer = file->bytes + n - NS_SEGMENT_FOOTER_SIZE;
    strcpy(record.name, "seg-000001");
    strcpy(file->name, record.name);
    memory_file_count = 1;
    strcpy(record.role, "segment");
    record.size = file->size;
    record.sum = ns_crc32c(ns_segment_seed(record.id, UINT64_MAX), file->bytes + n, pages * 4);
    record.numbers[0] = ns_get_u32(footer);
    record.numbers[1] = ns_get_u32(footer + 4);
    record.numbers[2] = ns_get_u64(footer + 24);
    record.numbers[3] = ns_get_u64(footer + 32);
    record.numbers[4] = ns_get_u64(footer + 40);
    ns_manifest_init(manifest);
    strcpy(manifest->engine, "native");
    manifest->files = &record;
    manifest->file_count = 1;
    return true;
}

/* Jumps about, as a query does. */
static bool jump(const char *key, size_t length, uint64_t df, void *user)
{
    ns_snapshot *s = user;
    ns_arena arena = NS_ARENA_INIT;
    ns_cursor *c;
    ns_part part;
    (void)df;
    s->backend->part(s, 0, &part);
    if (s->backend->cursor(s, 0, key, length, &arena, &c, NULL) == NSEARCH_OK && c) {
        const uint32_t *positions;
        size_t total = 0;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_seek(c, d + 1 + d / 3)) {
            if (d < part.docid_begin || d >= part.docid_end)
                abort(); /* a caller looks up lengths with it */
            total += part.lengths ? part.lengths[d - part.docid_begin] : 0;
            total += c->ops->positions(c, &positions);
        }
        if (total == SIZE_MAX)
            puts("");
    }
    ns_arena_release(&arena);
    return true;
}

static char *scratch; /* a folder */
static int scratch_fd = -1;

/* Merges the segment with itself, as a commit might with a neighbour. */
static void merge(const ns_native_snapshot *s)
{
    ns_native_part twice[2] = {s->parts.list[0], s->parts.list[0]};
    ns_manifest_file merged;
    if (scratch_fd < 0) {
        scratch = test_folder_new();
        scratch_fd = ns_fs_system.openat(AT_FDCWD, scratch, O_RDONLY | O_DIRECTORY, 0);
    }
    if (ns_merge_parts(twice, 2, 1, scratch_fd, "seg-000002", 7, &merged, NULL) == NSEARCH_OK)
        ns_fs_system.unlinkat(scratch_fd, "seg-000002", 0);
}

static int accepted; /* runs in which everything could be read */

static void one_input(const uint8_t *data, size_t n)
{
    ns_manifest manifest;
    ns_native_snapshot *s;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t state;
    if (!fit(data, n, &manifest) || ns_native_snapshot_open(3, &manifest, &s, &err))
        return;
    ns_native_verify(&s->base, &err);
    accepted += native_state_of_index(&s->base, &state, NULL) == NSEARCH_OK;
    ns_native_walk(&s->base, "", 0, jump, &s->base, NULL);
    merge(s);
    ns_native_snapshot_close(s);
}

#ifdef NS_FUZZ_ENGINE
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    memory_files_serve();
    one_input(data, n);
    return 0;
}
#else

static uint8_t *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 22);
    if (!f || !bytes) {
        perror(path);
        exit(1);
    }
    *n = fread(bytes, 1, 1 << 22, f);
    fclose(f);
    return bytes;
}

/* The bytes before the sums of a new index of 'count' articles. */
static uint8_t *make_segment(uint32_t count, uint32_t vocabulary, size_t *n)
{
    char path[600], *dir = test_folder_new();
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_store *store;
    nsearch_status status = ns_native_backend.store_open(dir, NULL, &store, &err);
    for (uint32_t i = 0; i < count && !status; i++) {
        ns_analysed article;
        synthetic_article(&arena, i, 0, vocabulary, &article);
        status = ns_native_backend.store_add(store, &article, &err);
    }
    if (status || ns_native_backend.store_commit(store, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    ns_native_backend.store_close(store);
    ns_arena_release(&arena);
    snprintf(path, sizeof path, "%s/seg-000001", dir);
    uint8_t *bytes = read_file(path, n);
    test_folder_remove(dir);
    *n -= (*n + NS_SEGMENT_PAGE + 3) / (NS_SEGMENT_PAGE + 4) * 4;
    return bytes;
}

static void mutate(uint8_t *bytes, size_t n, test_random *r)
{
    static const uint32_t nasty[] = {0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
    for (uint32_t k = 1 + test_random_below(r, 4); k; k--) {
        /* half of the changes among the tables at the end, which steer all the rest */
        size_t at = test_random_below(r, 2) ? test_random_below(r, (uint32_t)n - 4)
                                            : n - 4 - test_random_below(r, NS_SEGMENT_FOOTER_SIZE);
        switch (test_random_below(r, 4)) {
        case 0:
            bytes[at] ^= (uint8_t)(1u << test_random_below(r, 8));
            break;
        case 1:
            bytes[at] = (uint8_t)test_random_next(r);
            break;
        case 2:
            ns_put_u32(bytes + at, nasty[test_random_below(r, sizeof nasty / sizeof *nasty)]);
            break;
        default:
            memmove(bytes + at, bytes + test_random_below(r, (uint32_t)n - 4), 4);
        }
    }
}

int main(int argc, char **argv)
{
    const char *runs_text = getenv("NSEARCH_FUZZ_RUNS"), *seed_text = getenv("NSEARCH_TEST_SEED");
    int runs = runs_text ? atoi(runs_text) : 3000;
    uint64_t seed = seed_text ? strtoull(seed_text, NULL, 10) : (uint64_t)time(NULL) * 2654435761u;
    test_random r = {seed};
    size_t n;
    int changed = 0;
    printf("seed %llu\n", (unsigned long long)seed);
    for (int i = 1; i < argc; i++) {
        uint8_t *bytes = read_file(argv[i], &n);
        memory_files_serve();
        one_input(bytes, n);
        free(bytes);
    }
    for (int kind = 0; kind < 2 && argc < 2; kind++) {
        ns_fs_current = &ns_fs_system;
        /* a small one of short lists, and one with lists of several blocks */
        uint8_t *good = kind ? make_segment(120, 6, &n) : make_segment(6, 60, &n), *bytes = malloc(n);
        memory_files_serve();
        accepted = 0;
        one_input(good, n);
        if (!accepted) {
            fprintf(stderr, "a sound segment is refused\n");
            return 1;
        }
        for (int i = 0; i < (kind ? runs / 10 : runs); i++) {
            memcpy(bytes, good, n);
            mutate(bytes, n, &r);
            one_input(bytes, n);
        }
        printf("%d of the changed segments could be read\n", accepted - 1);
        free(good);
        free(bytes);
        changed += kind ? runs / 10 : runs;
    }
    if (changed)
        printf("promise C4: changed segments with sums that fit: %d points, %d wanted, 0 findings\n", changed, changed);
    free(file->bytes);
    if (scratch_fd >= 0) {
        ns_fs_system.close(scratch_fd);
        test_folder_remove(scratch);
    }
    return 0;
}
#endif
