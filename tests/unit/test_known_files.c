/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_known_files.c - an index that passes over files that did not change is the same as one that reads all of them
 * each time: over random changes of a folder in which files hold each other's articles. The clock is put
 * forward, so that files just written count as settled.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "index/backend.h"
#include "src/base/bytes.h"
#include "src/known_files.h"
#include "src/text/stored.h"
#include "tests/unit/reading.h"

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
static int ahead = 10;
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int status = __real_clock_gettime(clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += ahead;
    return status;
}

static uint64_t state;
static uint32_t random_below(uint32_t n)
{
    return (uint32_t)(ns_mix64(state += UINT64_C(0x9e3779b97f4a7c15)) >> 33) % n;
}

/* ---- indexing and looking */

static nsearch_progress update(const char *index, int reread, bool remove_missing)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *w;
    nsearch_progress progress;
    char path[512];
    options.threads = 1;
    options.reread = reread;
    snprintf(path, sizeof path, "%s", scratch_path(index));
    assert_int_equal(nsearch_writer_open(path, &options, &w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_add_path(w, scratch_path("news"), &err), NSEARCH_OK);
    if (remove_missing)
        assert_int_equal(nsearch_writer_remove_missing(w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
    nsearch_writer_progress(w, &progress);
    nsearch_writer_close(w);
    return progress;
}

typedef struct listing {
    ns_snapshot *snapshot;
    char *line[256];
    size_t count;
} listing;

static bool list_article(const ns_article_columns *columns, void *user)
{
    listing *l = user;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    assert_int_equal(l->snapshot->backend->fetch(l->snapshot, columns->article, &arena, &bytes, &n, &err), 0);
    assert_int_equal(ns_stored_decode(bytes, n, &arena, &stored, &err), 0);
    assert_true(l->count < 256);
    assert_true(asprintf(&l->line[l->count++], "%s %s %s", stored.article.id, stored.article.title,
                         strrchr(stored.article.origin, '/')) > 0);
    ns_arena_release(&arena);
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *list_index(const char *index)
{
    const ns_backend *backend;
    nsearch_error err = NSEARCH_ERROR_INIT;
    listing l = {NULL, {NULL}, 0};
    ns_buffer text = NS_BUFFER_INIT;
    assert_int_equal(ns_backend_of(scratch_path(index), &backend, &err), 0);
    assert_int_equal(backend->open(scratch_path(index), &l.snapshot, &err), 0);
    assert_int_equal(backend->articles(l.snapshot, list_article, &l, &err), 0);
    backend->close(l.snapshot);
    qsort(l.line, l.count, sizeof *l.line, by_text);
    for (size_t i = 0; i < l.count; i++) {
        ns_buffer_printf(&text, "%s\n", l.line[i]);
        free(l.line[i]);
    }
    ns_buffer_add_byte(&text, 0);
    return (char *)text.data;
}

/* ---- a folder that changes */

static const char *const names[] = {"a.jsonl", "a/b.jsonl", "a/c.jsonl", "a.d/e.jsonl", "z.jsonl", "z/a.jsonl"};
enum { NAMES = sizeof names / sizeof *names, IDS = 10 };

static bool with_broken;

static const char *place(uint32_t which)
{
    static char name[64];
    snprintf(name, sizeof name, "news/%s", names[which]);
    return name;
}

static void write_file(uint32_t which)
{
    ns_buffer text = NS_BUFFER_INIT;
    uint32_t ids = random_below(1 << IDS) & random_below(1 << IDS);
    for (uint32_t i = 0; i < IDS; i++)
        if (ids >> i & 1)
            ns_buffer_printf(&text, "{\"id\": \"%u\", \"title\": \"T%u\", \"text\": \"The walrus was seen.\"}\n", i,
                             random_below(4));
    if (with_broken && !random_below(6))
        ns_buffer_add_string(&text, "{ broken\n");
    ns_buffer_add(&text, "\n", 1);
    scratch_write(place(which), text.data, text.size);
    ns_buffer_release(&text);
}

static void change(void)
{
    uint32_t which = random_below(NAMES);
    char from[512], to[512];
    snprintf(from, sizeof from, "%s", scratch_path(place(which)));
    switch (random_below(6)) {
    case 0:
        unlink(from);
        break;
    case 1:
        snprintf(to, sizeof to, "%s", scratch_path(place(random_below(NAMES))));
        rename(from, to);
        break;
    case 2: /* a folder goes, or comes back as it was */
        snprintf(from, sizeof from, "%s", scratch_path("news/a"));
        snprintf(to, sizeof to, "%s", scratch_path("away"));
        if (rename(from, to)) {
            rmdir(from);
            rename(to, from);
        }
        break;
    default:
        if (!strncmp(names[which], "a/", 2) && access(scratch_path("news/a"), F_OK))
            return;
        write_file(which);
    }
}

static void make_folder(void)
{
    scratch_make();
    mkdir(scratch_path("news"), 0777);
    mkdir(scratch_path("news/a"), 0777);
    mkdir(scratch_path("news/a.d"), 0777);
    mkdir(scratch_path("news/z"), 0777);
}

static void pause_a_tick(void) /* times of files move in steps */
{
    usleep(12000);
}

/* Between two runs that remove what is missing, others may leave it. An article of a file that vanished meanwhile
 * stays where all files are read only if no other has it; a broken file keeps what it had. So not both at once. */
static void change_at_random(bool broken)
{
    const char *seed = getenv("NSEARCH_TEST_SEED"), *more = getenv("NSEARCH_TEST_ROUNDS");
    uint32_t rounds = more ? (uint32_t)strtoul(more, NULL, 10) : 60;
    uint64_t passed = 0;
    state = seed ? strtoull(seed, NULL, 10) : 1;
    print_message("seed %llu\n", (unsigned long long)state);
    with_broken = broken;
    make_folder();
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t changes = random_below(4); changes; changes--)
            change();
        pause_a_tick();
        if (!random_below(8))
            unlink(scratch_path("passing/" NS_KNOWN_FILES_NAME));
        bool remove_missing = broken || random_below(3) > 0;
        passed += update("passing", 0, remove_missing).passed;
        assert_int_equal(update("reading", 1, remove_missing).passed, 0);
        if (!remove_missing)
            continue;
        char *a = list_index("passing"), *b = list_index("reading");
        if (strcmp(a, b))
            print_message("round %u: passing over\n%s\nreading\n%s\n", round, a, b);
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
    assert_true(passed > rounds / 4);
    scratch_remove();
}

static void test_random_changes(void **unused)
{
    (void)unused;
    change_at_random(false);
}

static void test_random_damage(void **unused)
{
    (void)unused;
    change_at_random(true);
}

/* ---- single promises */

static void write_text(const char *name, const char *text)
{
    scratch_write(name, text, strlen(text));
}

static void test_passing_over(void **unused)
{
    (void)unused;
    struct stat st;
    char path[512];
    make_folder();
    write_text("news/one.txt", "Walrus seen\n\nThe walrus was seen again on Monday, officials said.\n");
    write_text("news/two.jsonl", "{\"id\":\"1\",\"title\":\"A\",\"text\":\"b\"}\n{\"id\":\"2\",\"title\":\"C\"}\n{\n");
    pause_a_tick();
    nsearch_progress p = update("i", 0, false);
    assert_int_equal(p.added, 3);
    assert_int_equal(p.skipped, 1);
    p = update("i", 0, true);
    assert_int_equal(p.passed, 2);
    assert_int_equal(p.read, 0);
    assert_int_equal(p.bytes_read, 0);
    assert_int_equal(p.unchanged, 3);
    assert_int_equal(p.removed, 0);
    assert_int_equal(p.skipped, 1); /* said again */

    /* other bytes of the same length, with the time put back */
    snprintf(path, sizeof path, "%s", scratch_path("news/one.txt"));
    stat(path, &st);
    pause_a_tick();
    write_text("news/one.txt", "Walrus seen\n\nThe walrus was seen again on Friday, officials said.\n");
    const struct timespec times[2] = {st.st_atim, st.st_mtim};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    p = update("i", 0, false);
    assert_int_equal(p.updated, 1);
    assert_int_equal(p.passed, 1);

    /* a file as young as the run is not trusted; nor is one from the future */
    for (int i = 0; i < 2; i++) {
        ahead = i ? -100 : 0;
        write_text("news/one.txt", i ? "Walrus\n\nOne. Two.\n" : "Walrus\n\nThree.\n");
        assert_int_equal(update("i", 0, false).updated, 1);
        assert_int_equal(update("i", 0, false).passed, 1);
        assert_int_equal(update("i", 0, false).read, 1);
    }
    ahead = 10;
    assert_int_equal(update("i", 0, false).read, 1);
    assert_int_equal(update("i", 0, false).passed, 2);

    /* a record that is damaged, cut short or of another state is none */
    static uint8_t bytes[4096];
    FILE *f = fopen(scratch_path("i/" NS_KNOWN_FILES_NAME), "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    for (size_t at = 0; at < n; at += 7) {
        bytes[at] ^= 0x10;
        scratch_write("i/" NS_KNOWN_FILES_NAME, bytes, n);
        bytes[at] ^= 0x10;
        ns_known_files files;
        ns_known_files_init(&files);
        assert_false(ns_known_files_load(&files, scratch_path("i"), ns_get_u64(bytes + 16), ns_get_u64(bytes + 24)));
        assert_int_equal(files.count, 0);
        ns_known_files_release(&files);
    }
    for (size_t size = 0; size < n; size += 5) {
        scratch_write("i/" NS_KNOWN_FILES_NAME, bytes, size);
        assert_int_equal(update("i", 0, false).passed, 0);
    }

    /* what a writer left that was killed while it wrote one is swept up */
    scratch_write("i/" NS_KNOWN_FILES_NAME ".tmp", bytes, n / 2);
    nsearch_error err = NSEARCH_ERROR_INIT;
    assert_int_equal(nsearch_rebuild(scratch_path("i"), NULL, &err), NSEARCH_OK);
    assert_int_equal(access(scratch_path("i/" NS_KNOWN_FILES_NAME ".tmp"), F_OK), -1);
    scratch_remove();
}

static void test_removed_by_id(void **unused)
{
    (void)unused;
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer *w;
    make_folder();
    write_text("news/two.jsonl", "{\"id\":\"1\",\"title\":\"A\",\"text\":\"b\"}\n{\"id\":\"2\",\"title\":\"C\"}\n");
    pause_a_tick();
    update("i", 0, false);
    assert_int_equal(nsearch_writer_open(scratch_path("i"), NULL, &w, &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_remove(w, "2", &err), NSEARCH_OK);
    assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
    nsearch_writer_close(w);
    nsearch_progress p = update("i", 0, false); /* the folder has it still */
    assert_int_equal(p.added, 1);
    assert_int_equal(p.unchanged, 1);
    assert_int_equal(update("i", 0, false).passed, 1);

    /* built anew, the index still knows its files */
    assert_int_equal(nsearch_rebuild(scratch_path("i"), NULL, &err), NSEARCH_OK);
    assert_int_equal(update("i", 0, false).passed, 1);

    /* removed and added again by one writer, it is there, and not left out as unchanged */
    nsearch_article article = NSEARCH_ARTICLE_INIT;
    article.id = "3";
    article.title = "D";
    for (int round = 0; round < 2; round++) {
        assert_int_equal(nsearch_writer_open(scratch_path("i"), NULL, &w, &err), NSEARCH_OK);
        if (round)
            assert_int_equal(nsearch_writer_remove(w, "3", &err), NSEARCH_OK);
        assert_int_equal(nsearch_writer_add(w, &article, &err), NSEARCH_OK);
        assert_int_equal(nsearch_writer_commit(w, &err), NSEARCH_OK);
        nsearch_writer_close(w);
    }
    nsearch_index *index;
    nsearch_stats stats;
    assert_int_equal(nsearch_open(scratch_path("i"), NULL, &index, &err), NSEARCH_OK);
    assert_int_equal(nsearch_index_stats(index, &stats, &err), NSEARCH_OK);
    assert_int_equal(stats.articles, 3);
    nsearch_close(index);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passing_over),
        cmocka_unit_test(test_removed_by_id),
        cmocka_unit_test(test_random_changes),
        cmocka_unit_test(test_random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
