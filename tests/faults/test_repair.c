/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_repair.c - a damaged index is repaired: nothing is lost but what was hit, the result is sound, and with the
 * sources added again it is equal to a fresh index. Promise C6.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "index/native/segment.h"
#include "src/nsearch.h"
#include "tests/faults/points.h"
#include "tests/support/folder.h"
#include "tests/unit/native_state.h"

#define ARTICLES 60

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

/* Words that a generator makes, and by which no article compresses to nothing. */
static void write_article(FILE *f, uint32_t i)
{
    test_random r = {i * 977 + 5};
    fprintf(f, "Headline %u of the day\n\n", i);
    for (uint32_t sentence = 0; sentence < 30; sentence++) {
        fprintf(f, "On that day");
        for (uint32_t k = 0; k < 12; k++)
            fprintf(f, " w%x", test_random_below(&r, 50000));
        fprintf(f, ".%s", sentence % 5 == 4 ? "\n\n" : " ");
    }
}

static void write_sources(const char *dir)
{
    char path[600];
    for (uint32_t i = 0; i < ARTICLES; i++) {
        snprintf(path, sizeof path, "%s/article-%02u.txt", dir, i);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        write_article(f, i);
        assert_int_equal(fclose(f), 0);
    }
}

/* Adds the folder, and with 'pieces' two articles more, of which one is removed in a second commit. */
static void add_sources(const char *index, const char *sources, bool pieces)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w = NULL;
    options.threads = 1;
    must(nsearch_writer_open(index, &options, &w, &err), &err);
    must(nsearch_writer_add_path(w, sources, &err), &err);
    nsearch_article extra = NSEARCH_ARTICLE_INIT;
    extra.id = "extra";
    extra.text = "An article that goes again. It has two sentences.";
    if (pieces)
        must(nsearch_writer_add(w, &extra, &err), &err);
    must(nsearch_writer_commit(w, &err), &err);
    if (pieces) {
        must(nsearch_writer_remove(w, "extra", &err), &err);
        extra.id = "other";
        extra.text = "An article that came from no file. It is kept in its own segment.";
        must(nsearch_writer_add(w, &extra, &err), &err);
        must(nsearch_writer_commit(w, &err), &err);
    }
    nsearch_writer_close(w);
}

/* What an index holds, whatever the order: sum over the articles of a hash of each. */
typedef struct holding {
    ns_snapshot *s;
    uint64_t sum, count;
} holding;

static bool add_up(const ns_article_columns *c, void *user)
{
    holding *h = user;
    ns_arena arena = NS_ARENA_INIT;
    const uint8_t *bytes;
    size_t n;
    nsearch_error err = NSEARCH_ERROR_INIT;
    must(ns_native_backend.fetch(h->s, c->article, &arena, &bytes, &n, &err), &err);
    h->sum += ns_hash64(bytes, n, c->hash ^ (uint64_t)c->day);
    h->count++;
    ns_arena_release(&arena);
    return true;
}

static holding contents(const char *index)
{
    holding h = {0};
    nsearch_error err = NSEARCH_ERROR_INIT;
    must(ns_native_backend.open(index, &h.s, &err), &err);
    must(ns_native_backend.verify(h.s, &err), &err);
    must(ns_native_backend.articles(h.s, add_up, &h, &err), &err);
    ns_native_backend.close(h.s);
    return h;
}

static void flip(const char *path, size_t at)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
    int c = getc(f);
    assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
    assert_true(putc(c ^ 0x24, f) != EOF);
    assert_int_equal(fclose(f), 0);
}

typedef struct spot {
    char name[64];
    size_t size;
} spot;

/* The manifest, and what it names; files of the generation before may lie there too. */
static size_t list_files(const char *index, spot spots[16])
{
    size_t count = 0;
    char manifest[4096] = "";
    snprintf(manifest, sizeof manifest, "%s/MANIFEST", index);
    FILE *f = fopen(manifest, "r");
    assert_non_null(f);
    manifest[fread(manifest, 1, sizeof manifest - 1, f)] = '\0';
    fclose(f);
    DIR *dir = opendir(index);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[600];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", index, e->d_name);
        if (e->d_name[0] == '.' || stat(path, &st) ||
            (strcmp(e->d_name, "MANIFEST") && !strstr(manifest, e->d_name)))
            continue;
        assert_true(count < 16);
        snprintf(spots[count].name, sizeof spots->name, "%.63s", e->d_name);
        spots[count++].size = (size_t)st.st_size;
    }
    closedir(dir);
    return count;
}

static char *sources;
static uint64_t named; /* of the lost ones */

static void note_missed(const char *id, const char *file, uint64_t count, void *unused)
{
    (void)unused;
    if (*id) {
        assert_int_equal(count, 1);
        assert_true(strstr(id, ".txt") ? strstr(file, id + (strrchr(id, '/') - id)) != NULL : !*file);
        named++;
    }
}

static void count_found(const char *place, void *user)
{
    assert_true(strchr(place, '\'') != NULL);
    ++*(long *)user;
}

/* Damages one byte of a copy, repairs, and adds the sources again. */
static void try_one(const char *base, const spot *s, size_t at, const holding *whole, uint64_t *lost)
{
    char *index = native_copy(base), path[600];
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_repair repair = NSEARCH_REPAIR_INIT;
    long found = 0;
    options.threads = 1;
    repair.found = count_found;
    repair.missed = note_missed;
    repair.user = &found;
    snprintf(path, sizeof path, "%s/%s", index, s->name);
    flip(path, at);
    nsearch_status status = nsearch_repair_index(index, &options, &repair, &err);
    if (status)
        fail_msg("byte %zu of '%s': status %d: %s", at, s->name, (int)status, err.text);
    if (repair.damaged == 0 || (long)repair.damaged != found)
        fail_msg("byte %zu of '%s': the damage was not found", at, s->name);
    holding now = contents(index);
    if (repair.kept + repair.lost < whole->count || now.count > repair.kept)
        fail_msg("byte %zu of '%s': %llu kept, %llu lost", at, s->name, (unsigned long long)repair.kept,
                 (unsigned long long)repair.lost);
    if (!repair.lost && strncmp(s->name, "del-", 4) && strcmp(s->name, "MANIFEST") && now.sum != whole->sum)
        fail_msg("byte %zu of '%s': nothing is lost, and not all is there", at, s->name);
    *lost += repair.lost;
    bool tables = at + 2048 > s->size; /* the footer, without which a segment's articles are not to be found */
    if (repair.lost > 12 && strcmp(s->name, "MANIFEST") && !tables)
        fail_msg("byte %zu of '%s': one byte cost %llu articles", at, s->name, (unsigned long long)repair.lost);

    add_sources(index, sources, true);
    now = contents(index);
    if (now.sum != whole->sum)
        fail_msg("byte %zu of '%s': with the sources it is not a fresh index", at, s->name);
    repair = (nsearch_repair)NSEARCH_REPAIR_INIT;
    must(nsearch_repair_index(index, &options, &repair, &err), &err);
    assert_int_equal(repair.damaged, 0);
    test_folder_remove(index);
}

static void test_every_place(void **unused)
{
    (void)unused;
    const long wanted = points_wanted(100, 2000);
    test_random r = {points_seed()};
    char *base = test_folder_new();
    uint64_t lost = 0;
    long points = 0;
    spot spots[16];
    sources = test_folder_new();
    write_sources(sources);
    add_sources(base, sources, true);
    holding whole = contents(base);
    assert_int_equal(whole.count, ARTICLES + 1);
    size_t count = list_files(base, spots), bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += spots[i].size;
    for (size_t i = 0; i < count; i++) { /* the footer of the large one: counts and places that all else goes by */
        size_t end = spots[i].size - (spots[i].size + 4099) / 4100 * 4;
        for (size_t at = end - NS_SEGMENT_FOOTER_SIZE; spots[i].size > bytes / 2 && at < end; at += (size_t)points_step(points_long() ? 1 : 8), points++)
            try_one(base, &spots[i], at, &whole, &lost);
    }
    for (; points < wanted; points++) { /* every third in the small files */
        size_t i = test_random_below(&r, (uint32_t)count);
        if (points % 3)
            for (i = 0; i + 1 < count && spots[i].size < bytes / 2; i++)
                ;
        try_one(base, &spots[i], test_random_below(&r, (uint32_t)spots[i].size), &whole, &lost);
    }
    print_message("%zu bytes in %zu files; %llu articles were lost, %llu of them named\n", bytes, count,
                  (unsigned long long)lost, (unsigned long long)named);
    assert_true(points_print("C6", "damaged indexes repaired", points, wanted, 0));
    test_folder_remove(base);
    test_folder_remove(sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
