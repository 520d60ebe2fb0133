/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_salvage.c - goes through all blocks of a table of glass, whether anything leads to them or not, and puts the
 * pieces of its entries together. As of Xapian 1.4, big-endian:
 *
 *     block    8,192 bytes: u32 revision, u8 level (0: a leaf), 4 bytes, u16 end of the directory, which begins at 11: u16
 *              offset of each item
 *     item     u16 flags and size - 3, u8 length of the key, the key, u16 number of the piece (from 2; none in the first), bytes.
 *              Flags: 0x8000 the entry is deflated, 0x4000 its last piece, 0x2000 its first
 *
 * A block that is no longer in use may hold pieces that moved elsewhere, or that were removed: of one piece the newest counts, and
 * whether an article lives the caller must know.
 */
#include "index/xapian/xapian_salvage.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_layout.h"
#include "src/base/buffer.h"
#include "src/base/fs.h"

#define BLOCK 8192
#define DIRECTORY 11
#define KEY_MAX 8
#define DEFLATED 0x80
#define LAST 0x40
#define FIRST 0x20
#define INFLATED_MAX (1u << 28)

typedef struct piece {
    uint8_t key[KEY_MAX]; /* padded with zeros */
    uint8_t key_length, flags;
    uint16_t number, size;
    uint32_t revision;
    uint64_t at; /* of its bytes */
} piece;

typedef struct table {
    int fd;
    piece *list;
    size_t count, capacity;
    ns_buffer deflated, data;
    struct libdeflate_decompressor *inflater;
} table;

static uint32_t get_be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static bool read_whole(int fd, uint8_t *to, size_t n, uint64_t at)
{
    return ns_fs_read_at(fd, to, n, (off_t)at) == (ssize_t)n;
}

static int open_file(const char *database, const char *name)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", database, name);
    return ns_fs_current->openat(AT_FDCWD, path, O_RDONLY, 0);
}

/* ---- pieces */

static bool note_piece(table *t, const piece *p)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 2 : 1024;
        piece *list = realloc(t->list, capacity * sizeof *list);
        if (!list)
            return false;
        t->list = list;
        t->capacity = capacity;
    }
    t->list[t->count++] = *p;
    return true;
}

/* False: no memory. */
static bool note_item(table *t, const uint8_t *block, uint64_t at, uint32_t offset)
{
    piece p = {.revision = ns_xapian_get_be32(block), .number = 1};
    if (offset < DIRECTORY || offset + 3 > BLOCK)
        return true;
    const uint8_t *item = block + offset;
    uint32_t flags_size = get_be16(item), size = (flags_size & 0x1fff) + 3, head = 3 + (uint32_t)item[2];
    p.flags = (uint8_t)(flags_size >> 8 & 0xe0);
    p.key_length = item[2];
    if (!(p.flags & FIRST))
        head += 2;
    if (offset + size > BLOCK || head > size || !p.key_length || p.key_length > KEY_MAX)
        return true;
    memcpy(p.key, item + 3, p.key_length);
    if (!(p.flags & FIRST))
        p.number = (uint16_t)get_be16(item + head - 2);
    p.at = at + offset + head;
    p.size = (uint16_t)(size - head);
    return note_piece(t, &p);
}

static bool note_block(table *t, const uint8_t *block, uint64_t at, uint32_t revision)
{
    uint32_t end = get_be16(block + 9);
    bool fine = true;
    if (block[4] || end <= DIRECTORY || end > BLOCK || ns_xapian_get_be32(block) > revision)
        return true;
    for (uint32_t c = DIRECTORY; c + 2 <= end && fine; c += 2)
        fine = note_item(t, block, at, get_be16(block + c));
    return fine;
}

/* By key, which sorts as docids do, then by number; the newest first. */
static int by_place(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    int order = memcmp(x->key, y->key, KEY_MAX);
    if (!order)
        order = (x->key_length > y->key_length) - (x->key_length < y->key_length);
    if (!order)
        order = (x->number > y->number) - (x->number < y->number);
    return order ? order : (x->revision < y->revision) - (x->revision > y->revision);
}

static bool same_key(const piece *a, const piece *b)
{
    return a->key_length == b->key_length && !memcmp(a->key, b->key, KEY_MAX);
}

/* ---- entries */

static bool inflate(table *t)
{
    size_t room = t->deflated.size * 6 + 4096, n;
    for (; room <= INFLATED_MAX; room *= 4) {
        ns_buffer_clear(&t->data);
        if (!ns_buffer_reserve(&t->data, room))
            return false;
        enum libdeflate_result result =
            libdeflate_deflate_decompress(t->inflater, t->deflated.data, t->deflated.size, t->data.data, room, &n);
        if (result == LIBDEFLATE_SUCCESS)
            t->data.size = n;
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
            return result == LIBDEFLATE_SUCCESS;
    }
    return false;
}

/* Puts the entry together whose pieces are 'count' from 'p' on. */
static bool assemble(table *t, const piece *p, size_t count)
{
    uint16_t wanted = 1;
    const piece *last = NULL;
    bool deflated = p->flags & DEFLATED;
    ns_buffer *out = deflated ? &t->deflated : &t->data;
    ns_buffer_clear(out);
    for (size_t i = 0; i < count && !last; i++) {
        if (p[i].number != wanted)
            continue; /* an older one */
        size_t before = out->size;
        if (!ns_buffer_reserve(out, p[i].size) || !read_whole(t->fd, out->data + before, p[i].size, p[i].at))
            return false;
        out->size = before + p[i].size;
        wanted++;
        last = p[i].flags & LAST ? &p[i] : NULL;
    }
    return last && (!deflated || inflate(t));
}

nsearch_status ns_xapian_salvage(const char *database, uint32_t revision,
                                 void (*each)(uint32_t article, const uint8_t *bytes, size_t n, uint64_t hash, void *user),
                                 void (*bad)(void *user), void *user, nsearch_error *err)
{
    table t = {.fd = open_file(database, "docdata.glass"), .inflater = libdeflate_alloc_decompressor()};
    uint8_t *block = malloc(BLOCK);
    bool fine = t.inflater && block;
    if (t.fd < 0) {
        libdeflate_free_decompressor(t.inflater);
        free(block);
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no stored articles in '%s'", database);
    }
    int64_t size = ns_fs_current->size(t.fd);
    for (int64_t at = 0; fine && at + BLOCK <= size; at += BLOCK)
        if (read_whole(t.fd, block, BLOCK, (uint64_t)at)) /* else the disk has lost it */
            fine = note_block(&t, block, (uint64_t)at, revision);
    if (fine && t.count)
        qsort(t.list, t.count, sizeof *t.list, by_place);
    for (size_t i = 0, next; fine && i < t.count; i = next) {
        uint32_t article;
        uint64_t hash;
        for (next = i + 1; next < t.count && same_key(&t.list[i], &t.list[next]); next++)
            ;
        if (assemble(&t, &t.list[i], next - i) && ns_xapian_tail_decode(t.data.data, t.data.size, &article, &hash))
            each(article, t.data.data, t.data.size - NS_XAPIAN_TAIL, hash, user);
        else
            bad(user);
        fine = !t.deflated.failed && !t.data.failed;
    }
    ns_buffer_release(&t.deflated);
    ns_buffer_release(&t.data);
    libdeflate_free_decompressor(t.inflater);
    ns_fs_current->close(t.fd);
    free(t.list);
    free(block);
    return fine ? NSEARCH_OK : ns_error_memory(err);
}

/* ---- the file of versions */

uint32_t ns_xapian_salvage_revision(const char *database)
{
    static const char magic[] = "\x0f\x0dXapian Glass";
    enum { UUID = 16, VERSION = 2, REVISION = sizeof magic - 1 + VERSION + UUID };
    uint8_t bytes[REVISION + 5];
    int fd = open_file(database, "iamglass");
    bool fine = fd >= 0 && read_whole(fd, bytes, sizeof bytes, 0) && !memcmp(bytes, magic, sizeof magic - 1);
    uint32_t revision = 0;
    if (fd >= 0)
        ns_fs_current->close(fd);
    for (size_t i = 0; fine && i < 5; i++) { /* seven bits a byte, the lowest first */
        revision |= (uint32_t)(bytes[REVISION + i] & 0x7f) << (7 * i);
        if (bytes[REVISION + i] < 0x80)
            return revision;
    }
    return UINT32_MAX;
}
