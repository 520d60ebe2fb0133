/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_archive.c - zip and tar: a container whose members formats read in their turn. libarchive takes it
 * apart; nothing is ever written to disk, so that a member's name is only a name.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/format.h"

typedef struct opened {
    struct archive *archive;
    ns_input *input;
    ns_buffer name;
    uint64_t given;         /* bytes of the member */
    uint64_t bytes, packed; /* of the input when the member began */
    bool bomb;
    bool over;
} opened;

static bool is_tar(const uint8_t *p, size_t n)
{
    unsigned sum = 0, stored = 0;
    if (n < 512 || !p[0])
        return false;
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : p[i];
    size_t at = 148;
    while (at < 156 && p[at] == ' ')
        at++;
    size_t first = at;
    for (; at < 156 && p[at] >= '0' && p[at] <= '7'; at++)
        stored = stored * 8 + (p[at] - '0');
    return at > first && sum == stored;
}

/* Office documents and books are zip files too; their parts are no articles. */
static bool is_document(const uint8_t *p, size_t n)
{
    static const char *const names[] = {"[Content_Types].xml", "mimetype", "META-INF/", "_rels/"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (n >= 30 + strlen(names[i]) && !memcmp(p + 30, names[i], strlen(names[i])))
            return true;
    return false;
}

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    (void)path;
    if (n >= 30 && !memcmp(bytes, "PK\3\4", 4))
        return is_document(bytes, n) ? 0 : 95;
    return is_tar(bytes, n) ? 95 : 0;
}

/* ---------------------------------------------------------------- libarchive reads our input */

static bool is_too_small(opened *o)
{
    return o->bomb || (o->bomb = ns_input_is_bomb(o->input, o->bytes, o->packed));
}

static la_ssize_t lend(struct archive *a, void *user, const void **block)
{
    opened *o = user;
    size_t n;
    (void)a;
    if (is_too_small(o))
        return 0;
    *block = ns_input_block(o->input, &n);
    return (la_ssize_t)n;
}

static la_int64_t seek(struct archive *a, void *user, la_int64_t offset, int whence)
{
    opened *o = user;
    uint64_t size;
    (void)a;
    if (!ns_input_size(o->input, &size))
        return ARCHIVE_FATAL;
    int64_t from = whence == SEEK_END ? (int64_t)size : 0;
    if (whence == SEEK_CUR || offset < -from || (uint64_t)(from + offset) > size ||
        !ns_input_seek(o->input, (uint64_t)(from + offset)))
        return ARCHIVE_FATAL;
    return from + offset;
}

static bool open_archive(ns_item *item)
{
    opened *o = calloc(1, sizeof *o);
    uint64_t size;
    if (!o)
        return false;
    item->state = o;
    o->input = &item->input;
    o->archive = archive_read_new();
    if (!o->archive)
        return false;
    archive_read_support_format_tar(o->archive);
    if (ns_input_size(o->input, &size)) {
        archive_read_support_format_zip(o->archive);
        archive_read_set_seek_callback(o->archive, seek);
        if (!ns_input_seek(o->input, 0)) /* what was shown to bidders is read again */
            o->over = true;
    } else {
        archive_read_support_format_zip_streamable(o->archive);
    }
    archive_read_set_callback_data(o->archive, o);
    archive_read_set_read_callback(o->archive, lend);
    return true;
}

static void release(ns_item *item)
{
    opened *o = item->state;
    if (!o)
        return;
    archive_read_free(o->archive);
    ns_buffer_release(&o->name);
    free(o);
    item->state = NULL;
}

/* ---------------------------------------------------------------- members */

static void say_why(opened *o, char problem[160])
{
    const char *why = archive_error_string(o->archive);
    snprintf(problem, 160, "%s",
             o->bomb ? "packed more than 200 times: no text"
             : why   ? why
                     : "damaged archive");
}

/* A zip's members are unpacked by libarchive, so that the input's own watch does not see them. */
enum { BOMB_BYTES = 64 << 20, BOMB_RATIO = 200 };

static ptrdiff_t read_member(void *user, uint8_t *to, size_t n, char *problem)
{
    opened *o = user;
    la_ssize_t got = archive_read_data(o->archive, to, n);
    if (got > 0)
        o->given += (uint64_t)got;
    if (o->given > BOMB_BYTES && o->given / BOMB_RATIO > o->input->packed - o->packed)
        o->bomb = true;
    if (got >= 0 && !o->bomb)
        return got;
    say_why(o, problem);
    return -1;
}

static const char *name_of(opened *o, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    ns_buffer_clear(&o->name);
    ns_buffer_add_string(&o->name, name && *name ? name : "unnamed");
    ns_buffer_add_byte(&o->name, 0);
    return o->name.failed ? NULL : (const char *)o->name.data;
}

static ns_read out_of_memory(nsearch_error *err)
{
    ns_error_memory(err);
    return NS_READ_FAILED;
}

static ns_read member(ns_item *item, ns_member *m, nsearch_error *err)
{
    if (!item->state) {
        if (!open_archive(item))
            return out_of_memory(err);
        opened *o = item->state;
        if (archive_read_open1(o->archive) != ARCHIVE_OK) {
            say_why(o, item->input.problem);
            o->over = true;
        }
    }
    opened *o = item->state;
    while (!o->over) {
        struct archive_entry *entry;
        o->given = 0;
        o->bytes = item->input.bytes;
        o->packed = item->input.packed;
        int answer = o->bomb ? ARCHIVE_FATAL : archive_read_next_header(o->archive, &entry);
        if (answer == ARCHIVE_EOF && !o->bomb) {
            o->over = true;
        } else if (answer == ARCHIVE_RETRY) {
            ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", archive_error_string(o->archive), item->path);
            return NS_READ_SKIPPED;
        } else if (answer < ARCHIVE_WARN || answer == ARCHIVE_EOF) {
            o->over = true;
            if (!item->input.problem[0])
                say_why(o, item->input.problem);
        } else if (archive_entry_filetype(entry) == AE_IFREG || !archive_entry_filetype(entry)) {
            const char *name = name_of(o, entry);
            if (!name)
                return out_of_memory(err);
            if (archive_entry_hardlink(entry) || strstr(name, "__MACOSX/"))
                continue;
            if (archive_entry_is_encrypted(entry)) {
                ns_error_set(err, NSEARCH_SKIPPED, "encrypted: '%s' in '%s'", name, item->path);
                return NS_READ_SKIPPED;
            }
            m->name = name;
            m->source = read_member;
            m->user = o;
            return NS_READ_ARTICLE;
        }
    }
    return NS_READ_END;
}

const ns_format ns_format_archive = {"archive", bid, NULL, release, member};
