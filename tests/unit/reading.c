/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * reading.c - see reading.h.
 */
#include "tests/unit/reading.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void reading_open(reading *r, const char *name, const void *bytes, size_t n)
{
    memset(r, 0, sizeof *r);
    assert_int_equal(ns_reader_open_memory(name, bytes, n, &r->reader, &r->err), NSEARCH_OK);
}

void reading_open_path(reading *r, const char *path)
{
    memset(r, 0, sizeof *r);
    if (ns_reader_open(path, &r->reader, &r->err))
        fail_msg("cannot open '%s': %s", path, r->err.text);
}

ns_read reading_next(reading *r)
{
    ns_arena_reset(&r->arena);
    return ns_reader_next(r->reader, &r->arena, &r->article, &r->err);
}

void reading_one(reading *r, const char *name, const char *text)
{
    reading_open(r, name, text, strlen(text));
    if (reading_next(r) != NS_READ_ARTICLE)
        fail_msg("no article in '%s': %s", name, r->err.text);
}

void reading_close(reading *r)
{
    ns_reader_close(r->reader);
    ns_arena_release(&r->arena);
    memset(r, 0, sizeof *r);
}

const char *reading_paragraph(const reading *r, const char *words)
{
    for (size_t i = 0; i < r->article.paragraph_count; i++)
        if (strstr(r->article.paragraphs[i].text, words))
            return r->article.paragraphs[i].text;
    return NULL;
}

const ns_dropped *reading_dropped(const reading *r, const char *words)
{
    for (size_t i = 0; i < r->article.dropped_count; i++)
        if (strstr(r->article.dropped[i].text, words))
            return &r->article.dropped[i];
    return NULL;
}

static char folder[64];
static char path[8][512];
static unsigned turn;

const char *scratch_make(void)
{
    snprintf(folder, sizeof folder, "/tmp/nsearch-read-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_entry(const char *name, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    return remove(name);
}

void scratch_remove(void)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const char *name)
{
    char *p = path[turn++ % 8];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

void scratch_write(const char *name, const void *bytes, size_t n)
{
    FILE *file = fopen(scratch_path(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}
