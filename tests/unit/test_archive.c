/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_archive.c - zip and tar, xz, zstd and bzip2: what is in them is read as if it lay in a folder; broken, endless
 * and nested ones end soon and say why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "src/base/buffer.h"
#include "tests/support/instrumented.h"
#include "tests/unit/reading.h"

typedef struct file {
    const char *name, *bytes;
    size_t n; /* 0: a string */
    unsigned type;
} file;

static const char first[] = "The harbour wall gave way on Monday, officials said, and nobody was hurt in the storm.\n";
static const char second[] = "{\"id\": \"j1\", \"title\": \"Ferry back\", \"text\": \"The ferry sails again.\"}\n"
                             "{\"id\": \"j2\", \"title\": \"Ferry late\", \"text\": \"The ferry is late.\"}\n";

/* Packs files by libarchive's own writers. */
static void pack(const char *format, const char *filter, const file *files, size_t count, ns_buffer *to)
{
    static uint8_t packed[8 << 20];
    size_t used = 0;
    struct archive *a = archive_write_new();
    assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
    if (filter)
        assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
    archive_write_set_bytes_per_block(a, 0);
    assert_int_equal(archive_write_open_memory(a, packed, sizeof packed, &used), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        size_t n = files[i].n ? files[i].n : strlen(files[i].bytes);
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, files[i].name);
        archive_entry_set_filetype(entry, files[i].type ? files[i].type : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        if (files[i].type == AE_IFLNK)
            archive_entry_set_symlink(entry, files[i].bytes);
        else
            archive_entry_set_size(entry, (la_int64_t)n);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        if (files[i].type != AE_IFLNK)
            assert_int_equal(archive_write_data(a, files[i].bytes, n), n);
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    ns_buffer_clear(to);
    ns_buffer_add(to, packed, used);
    assert_false(to->failed);
}

static const file ordinary[] = {
    { "a/wall.txt", first, 0, 0 },
    { "../../etc/passwd", "An evil name is only a name, said the editor of the paper, and went on reading it.\n", 0, 0 },
    { "a/link.txt", "/etc/passwd", 0, AE_IFLNK },
    { "b.jsonl", second, 0, 0 },
};

static void expect_ordinary(reading *r)
{
    assert_int_equal(reading_next(r), NS_READ_ARTICLE);
    assert_non_null(strstr(r->article.id, "/a/wall.txt"));
    assert_non_null(reading_paragraph(r, "harbour wall"));
    assert_int_equal(reading_next(r), NS_READ_ARTICLE);
    assert_non_null(reading_paragraph(r, "evil name"));
    assert_int_equal(reading_next(r), NS_READ_ARTICLE);
    assert_string_equal(r->article.id, "j1");
    assert_int_equal(reading_next(r), NS_READ_ARTICLE);
    assert_string_equal(r->article.id, "j2");
    assert_non_null(strstr(ns_reader_where(r->reader), "b.jsonl:2"));
    assert_int_equal(reading_next(r), NS_READ_END);
}

static void test_archives(void **state)
{
    static const struct {
        const char *format, *filter;
    } kinds[] = { { "zip", NULL },    { "ustar", NULL }, { "pax", "gzip" },  { "gnutar", "xz" },
                  { "ustar", "zstd" }, { "v7tar", "bzip2" } };
    ns_buffer bytes = NS_BUFFER_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        pack(kinds[i].format, kinds[i].filter, ordinary, sizeof ordinary / sizeof *ordinary, &bytes);
        reading r;
        reading_open(&r, "input", bytes.data, bytes.size);
        expect_ordinary(&r);
        reading_close(&r);
        /* from a file, where zip can be sought in */
        scratch_make();
        scratch_write("input", bytes.data, bytes.size);
        reading_open_path(&r, scratch_path("input"));
        expect_ordinary(&r);
        reading_close(&r);
        reading_open_path(&r, scratch_path("input"));
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_string_equal(ns_reader_origin(r.reader), r.article.origin);
        reading_close(&r);
        scratch_remove();
    }
    ns_buffer_release(&bytes);
}

static void test_packed_files(void **state)
{
    static const char *const filters[] = { "xz", "zstd", "bzip2", "gzip" };
    const file one = { "x.txt", first, 0, 0 };
    ns_buffer bytes = NS_BUFFER_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        pack("raw", filters[i], &one, 1, &bytes);
        reading r;
        reading_open(&r, "x.txt.packed", bytes.data, bytes.size);
        assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
        assert_non_null(reading_paragraph(&r, "harbour wall"));
        reading_close(&r);
    }
    ns_buffer_release(&bytes);
}

enum { CUTS = INSTRUMENTED ? 30 : 150, BOMB = (INSTRUMENTED ? 128 : 512) << 20 };

/* Every cut of every kind ends, and all but the cut file's own articles are whole. */
static void test_cut_and_damaged(void **state)
{
    static const char *const formats[] = { "zip", "ustar" };
    static const char *const filters[] = { NULL, "gzip", "xz", "zstd" };
    ns_buffer bytes = NS_BUFFER_INIT;
    (void)state;
    for (size_t f = 0; f < 2; f++)
        for (size_t k = 0; k < 4; k++) {
            pack(formats[f], filters[k], ordinary, sizeof ordinary / sizeof *ordinary, &bytes);
            for (size_t cut = 1; cut < bytes.size; cut += 1 + bytes.size / CUTS)
                for (int damage = 0; damage < 2; damage++) {
                    uint8_t old = bytes.data[cut];
                    bytes.data[cut] ^= damage ? 0x55 : 0;
                    reading r;
                    reading_open(&r, "input", bytes.data, damage ? bytes.size : cut);
                    size_t answers = 0;
                    ns_read read;
                    while ((read = reading_next(&r)) != NS_READ_END && read != NS_READ_FAILED)
                        assert_true(answers++ < 100);
                    reading_close(&r);
                    bytes.data[cut] = old;
                }
        }
    ns_buffer_release(&bytes);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* Half a gigabyte of zeros, packed: in a zip, in a tar under each packer, and by itself. */
static void test_bombs(void **state)
{
    static const struct {
        const char *format, *filter, *name;
    } kinds[] = { { "zip", NULL, "a.jsonl" },   { "ustar", "gzip", "a.jsonl" }, { "ustar", "xz", "a.txt" },
                  { "ustar", "zstd", "a.txt" }, { "zip", NULL, "a.txt" },      { "raw", "gzip", "a.jsonl" } };
    (void)state;
    ns_buffer bytes = NS_BUFFER_INIT;
    char *zeros = calloc(1, BOMB);
    if (!zeros)
        skip();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        file files[] = { { kinds[i].name, zeros, BOMB, 0 }, { "b.txt", first, 0, 0 } };
        pack(kinds[i].format, kinds[i].filter, files, kinds[i].filter && !strcmp(kinds[i].format, "raw") ? 1 : 2, &bytes);
        long before = megabytes();
        double start = seconds();
        reading r;
        reading_open(&r, "input", bytes.data, bytes.size);
        size_t answers = 0;
        for (ns_read read; (read = reading_next(&r)) != NS_READ_END && read != NS_READ_FAILED;)
            assert_true(answers++ < 10);
        reading_close(&r);
        double took = seconds() - start;
        long grew = megabytes() - before;
        print_message("%s %s %s: %.2f s, %ld MB\n", kinds[i].format, kinds[i].filter ? kinds[i].filter : "-",
                      kinds[i].name, took, grew);
        assert_true(took < 5); /* goal: 1 s; the machine may be busy and the build instrumented */
        assert_true(grew < 128);
    }
    free(zeros);
    ns_buffer_release(&bytes);
}

static void test_nested(void **state)
{
    ns_buffer bytes = NS_BUFFER_INIT, inner = NS_BUFFER_INIT;
    (void)state;
    const file one = { "wall.txt", first, 0, 0 };
    pack("zip", NULL, &one, 1, &inner);
    for (size_t depth = 2; depth <= 20; depth++) {
        const file outer = { "inner.zip", (const char *)inner.data, inner.size, 0 };
        pack("zip", NULL, &outer, 1, &bytes);
        ns_buffer_clear(&inner);
        ns_buffer_add(&inner, bytes.data, bytes.size);
        reading r;
        reading_open(&r, "outer.zip", bytes.data, bytes.size);
        if (depth <= 3) {
            assert_int_equal(reading_next(&r), NS_READ_ARTICLE);
            assert_non_null(reading_paragraph(&r, "harbour wall"));
        } else {
            assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
            assert_non_null(strstr(r.err.text, "in one another"));
        }
        assert_int_equal(reading_next(&r), NS_READ_END);
        reading_close(&r);
    }
    ns_buffer_release(&bytes);
    ns_buffer_release(&inner);
}

/* Office documents are zip files, and no articles. */
static void test_documents_are_skipped(void **state)
{
    const file parts[] = { { "[Content_Types].xml", "<Types/>", 0, 0 }, { "word/document.xml", "<w/>", 0, 0 } };
    ns_buffer bytes = NS_BUFFER_INIT;
    (void)state;
    pack("zip", NULL, parts, 2, &bytes);
    reading r;
    reading_open(&r, "letter.docx", bytes.data, bytes.size);
    assert_int_equal(reading_next(&r), NS_READ_SKIPPED);
    assert_non_null(strstr(r.err.text, "office document"));
    assert_int_equal(reading_next(&r), NS_READ_END);
    reading_close(&r);
    ns_buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archives),        cmocka_unit_test(test_packed_files),
        cmocka_unit_test(test_cut_and_damaged), cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_nested),          cmocka_unit_test(test_documents_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
