/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_native_format.c - the example of doc/format.md, section 14: made anew, it is what the page shows, byte
 * for byte; and the page's bytes, written to files, are an index that verifies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "index/backend.h"
#include "src/base/buffer.h"
#include "tests/support/folder.h"

static const ns_backend *const engine = &ns_native_backend;

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("status %d: %s", (int)status, err->text);
}

static void make_example(const char *dir)
{
    static const uint32_t fire[] = {1, 3}, first[] = {0};
    static const ns_term terms0[] = {
        {"enorth", 6, 1, first, 1, 0}, {"ia1", 3, 0, NULL, 0, 0}, {"wfire", 5, 2, fire, 2, 0}, {"wnorth", 6, 1, first, 1, 0}};
    static const ns_term terms1[] = {{"wfire", 5, 1, first, 1, 0}};
    static const ns_passage passages[] = {{terms0, 4, 4, 0, 10}, {terms1, 1, 1, 10, 16}};
    static const ns_article_name name = {"enorth", 6, NS_NAME_OF_PLACE};
    static const ns_analysed article = {
        .id = "a1",
        .hash = UINT64_C(0x0123456789abcdef),
        .day = 19611,
        .text_bytes = 16,
        .passages = passages,
        .passage_count = 2,
        .names = &name,
        .name_count = 1,
        .stored = (const uint8_t *)"north fire",
        .stored_size = 10,
    };
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_store *store;
    must(engine->store_open(dir, NULL, &store, &err), &err);
    must(engine->store_add(store, &article, &err), &err);
    must(engine->store_commit(store, &err), &err);
    engine->store_close(store);
}

static void read_file(const char *dir, const char *name, ns_buffer *out)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open '%s'", path);
    for (int c; (c = getc(f)) != EOF;)
        ns_buffer_add_byte(out, (uint8_t)c);
    fclose(f);
}

/* The lines between ```kind and ``` of the page. */
static char *fenced(const char *kind)
{
    const char *top = getenv("srcdir");
    ns_buffer page = NS_BUFFER_INIT;
    char path[600], fence[32];
    snprintf(path, sizeof path, "%s/doc", top ? top : ".");
    read_file(path, "format.md", &page);
    ns_buffer_add_byte(&page, 0);
    snprintf(fence, sizeof fence, "\n```%s\n", kind);
    char *begin = strstr((char *)page.data, fence);
    assert_non_null(begin);
    begin += strlen(fence);
    char *end = strstr(begin - 1, "\n```");
    assert_non_null(end);
    char *text = end < begin ? strdup("") : strndup(begin, (size_t)(end - begin) + 1);
    ns_buffer_release(&page);
    return text;
}

/* Sixteen bytes a line: offset, hexadecimal, and what is printable. */
static void dump(const ns_buffer *b, ns_buffer *out)
{
    for (size_t at = 0; at < b->size; at += 16) {
        size_t n = b->size - at < 16 ? b->size - at : 16;
        ns_buffer_printf(out, "%04zx ", at);
        for (size_t i = 0; i < 16; i++)
            if (i < n)
                ns_buffer_printf(out, " %02x", b->data[at + i]);
            else
                ns_buffer_printf(out, "   ");
        ns_buffer_printf(out, "  ");
        for (size_t i = 0; i < n; i++)
            ns_buffer_add_byte(out,
                               b->data[at + i] >= 0x20 && b->data[at + i] < 0x7f ? b->data[at + i] : '.');
        ns_buffer_add_byte(out, '\n');
    }
    ns_buffer_add_byte(out, 0);
}

static void undump(const char *text, ns_buffer *out)
{
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        for (int i = 0; i < 16; i++) {
            unsigned byte;
            if (line[6 + 3 * i] != ' ' && sscanf(line + 6 + 3 * i, "%2x", &byte) == 1)
                ns_buffer_add_byte(out, (uint8_t)byte);
        }
}

static void test_made_anew(void **unused)
{
    (void)unused;
    char *dir = test_folder_new(), *manifest = fenced("manifest"), *hex = fenced("hex");
    ns_buffer bytes = NS_BUFFER_INIT, shown = NS_BUFFER_INIT;
    make_example(dir);
    read_file(dir, "MANIFEST", &bytes);
    ns_buffer_add_byte(&bytes, 0);
    if (strcmp((char *)bytes.data, manifest) != 0)
        fail_msg("doc/format.md should show this manifest:\n%s", (char *)bytes.data);
    ns_buffer_clear(&bytes);
    read_file(dir, "seg-000001", &bytes);
    dump(&bytes, &shown);
    if (strcmp((char *)shown.data, hex) != 0) {
        fprintf(stderr, "%s\n", (char *)shown.data);
        fail_msg("doc/format.md should show this segment");
    }
    ns_buffer_release(&bytes);
    ns_buffer_release(&shown);
    free(manifest);
    free(hex);
    test_folder_remove(dir);
}

static void write_file(const char *dir, const char *name, const void *bytes, size_t n)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void test_read_from_the_page(void **unused)
{
    (void)unused;
    char *dir = test_folder_new(), *manifest = fenced("manifest"), *hex = fenced("hex");
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_snapshot *s;
    ns_cursor *c;
    const uint32_t *positions;
    const uint8_t *stored;
    size_t n;
    undump(hex, &bytes);
    assert_true(bytes.size > 0);
    write_file(dir, "MANIFEST", manifest, strlen(manifest));
    write_file(dir, "seg-000001", bytes.data, bytes.size);
    must(engine->open(dir, &s, &err), &err);
    must(engine->verify(s, &err), &err);
    must(engine->cursor(s, 0, "wfire", 5, &arena, &c, &err), &err);
    assert_int_equal(c->df, 2);
    assert_int_equal(c->docid, 0);
    assert_int_equal(ns_cursor_freq(c), 2);
    assert_int_equal(c->ops->positions(c, &positions), 2);
    assert_int_equal(positions[1], 3);
    assert_int_equal(ns_cursor_next(c), 1);
    assert_int_equal(ns_cursor_freq(c), 1);
    assert_int_equal(ns_cursor_next(c), NS_DOCID_END);
    must(s->backend->fetch(s, 1, &arena, &stored, &n, &err), &err);
    assert_int_equal(n, 10);
    assert_memory_equal(stored, "north fire", 10);
    engine->close(s);
    ns_arena_release(&arena);
    ns_buffer_release(&bytes);
    free(manifest);
    free(hex);
    test_folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_made_anew),
                                       cmocka_unit_test(test_read_from_the_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
