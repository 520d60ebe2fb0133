/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * segment_write.c - writes a segment from front to back, summing each page as it goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "index/native/segment.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

enum { BUFFER_SIZE = 64 * NS_SEGMENT_PAGE };

const char *ns_section_name(ns_section section)
{
    switch (section) {
    case NS_SECTION_POSTINGS:
        return "postings";
    case NS_SECTION_POSITIONS:
        return "positions";
    case NS_SECTION_DICTIONARY:
        return "dictionary";
    case NS_SECTION_TERM_INDEX:
        return "term index";
    case NS_SECTION_LENGTHS:
        return "lengths";
    case NS_SECTION_STARTS:
        return "starts";
    case NS_SECTION_DAYS:
        return "days";
    case NS_SECTION_ARTICLES:
        return "articles";
    case NS_SECTION_SKETCHES:
        return "sketches";
    case NS_SECTION_TEXTS:
        return "texts";
    case NS_SECTION_TEXT_INDEX:
        return "text index";
    case NS_SECTION_NAMES:
        return "names";
    case NS_SECTION_NAME_INDEX:
        return "name index";
    case NS_SECTION_GROUPS:
        return "groups";
    case NS_SECTION_COUNT:
        break;
    }
    return "footer";
}

uint32_t ns_segment_seed(uint64_t id, uint64_t page)
{
    uint8_t bytes[16];
    ns_put_u64(bytes, id);
    ns_put_u64(bytes + 8, page);
    return ns_crc32c(0, bytes, sizeof bytes);
}

void ns_segment_fail(ns_segment_writer *w, nsearch_status status)
{
    if (!w->status)
        w->status = status;
}

/* Sums and writes what is in the buffer; only the last call may hold a part of a page. */
static void flush(ns_segment_writer *w)
{
    uint64_t page = (w->offset - w->used) / NS_SEGMENT_PAGE;
    for (size_t at = 0; at < w->used; at += NS_SEGMENT_PAGE, page++) {
        size_t n = w->used - at < NS_SEGMENT_PAGE ? w->used - at : NS_SEGMENT_PAGE;
        ns_buffer_add_u32(&w->sums, ns_crc32c(ns_segment_seed(w->id, page), w->pages + at, n));
    }
    if (w->sums.failed)
        ns_segment_fail(w, ns_error_memory(w->err));
    else if (!ns_fs_write_all(w->fd, w->pages, w->used))
        ns_segment_fail(w, ns_error_system(w->err, "cannot write '%s'", w->name));
    w->used = 0;
}

void ns_segment_put(ns_segment_writer *w, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n && !w->status) {
        size_t room = BUFFER_SIZE - w->used, take = n < room ? n : room;
        memcpy(w->pages + w->used, p, take);
        w->used += take;
        w->offset += take;
        p += take;
        n -= take;
        if (w->used == BUFFER_SIZE)
            flush(w);
    }
}

nsearch_status ns_segment_create(int dirfd, const char *name, uint64_t id, ns_segment_writer *w,
                                 nsearch_error *err)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL;
    memset(w, 0, sizeof *w);
    w->dirfd = dirfd;
    w->id = id;
    w->err = err;
    w->fd = -1;
    memcpy(w->name, name, strnlen(name, sizeof w->name - 1));
    w->pages = malloc(BUFFER_SIZE);
    if (!w->pages)
        return w->status = ns_error_memory(err);
    w->fd = ns_fs_current->openat(dirfd, w->name, flags, 0666);
    if (w->fd < 0 && errno == EEXIST && ns_fs_current->unlinkat(dirfd, w->name, 0) == 0)
        w->fd = ns_fs_current->openat(dirfd, w->name, flags, 0666); /* a dead writer's: we hold the lock */
    if (w->fd < 0) {
        w->status = ns_error_system(err, "cannot create '%s'", w->name);
        ns_segment_abort(w);
        return w->status;
    }
    uint8_t header[NS_SEGMENT_HEADER_SIZE] = NS_SEGMENT_MAGIC;
    ns_put_u32(header + 8, NS_SEGMENT_VERSION);
    ns_put_u32(header + 12, 0);
    ns_put_u64(header + 16, id);
    ns_segment_put(w, header, sizeof header);
    return w->status;
}

void ns_segment_begin(ns_segment_writer *w, ns_section section)
{
    static const uint8_t zeros[8];
    ns_segment_put(w, zeros, (size_t)(-w->offset & 7));
    w->sections[section].offset = w->offset;
}

void ns_segment_end(ns_segment_writer *w, ns_section section)
{
    w->sections[section].size = w->offset - w->sections[section].offset;
}

static void put_footer(ns_segment_writer *w, const ns_segment_counts *counts)
{
    uint8_t footer[NS_SEGMENT_FOOTER_SIZE], *p = footer;
    ns_put_u32(p, counts->passages);
    ns_put_u32(p + 4, counts->articles);
    ns_put_u64(p + 8, counts->terms);
    ns_put_u64(p + 16, counts->postings);
    ns_put_u64(p + 24, counts->total_length);
    ns_put_u64(p + 32, counts->text_bytes);
    ns_put_u64(p + 40, counts->texts);
    p += 48;
    for (uint32_t i = 0; i < NS_SECTION_COUNT; i++, p += 24) {
        ns_put_u32(p, i);
        ns_put_u32(p + 4, NS_SECTION_VERSION);
        ns_put_u64(p + 8, w->sections[i].offset);
        ns_put_u64(p + 16, w->sections[i].size);
    }
    ns_put_u32(p, NS_SECTION_COUNT);
    ns_put_u32(p + 4, NS_SEGMENT_VERSION);
    memcpy(p + 8, NS_SEGMENT_FOOT_MAGIC, 8);
    static const uint8_t zeros[8];
    ns_segment_put(w, zeros, (size_t)(-w->offset & 7));
    ns_segment_put(w, footer, sizeof footer);
}

nsearch_status ns_segment_finish(ns_segment_writer *w, const ns_segment_counts *counts,
                                 ns_manifest_file *file)
{
    put_footer(w, counts);
    if (!w->status)
        flush(w);
    if (!w->status && !ns_fs_write_all(w->fd, w->sums.data, w->sums.size))
        ns_segment_fail(w, ns_error_system(w->err, "cannot write '%s'", w->name));
    if (!w->status && ns_fs_current->fsync(w->fd))
        ns_segment_fail(w, ns_error_system(w->err, "cannot sync '%s'", w->name));
    if (!w->status) {
        int fd = w->fd;
        w->fd = -1;
        if (ns_fs_current->close(fd)) {
            ns_segment_fail(w, ns_error_system(w->err, "cannot write '%s'", w->name));
            ns_fs_current->unlinkat(w->dirfd, w->name, 0);
        }
    }
    if (!w->status) {
        memset(file, 0, sizeof *file);
        memcpy(file->name, w->name, sizeof file->name);
        memcpy(file->role, "segment", sizeof "segment");
        file->id = w->id;
        file->size = w->offset + w->sums.size;
        file->sum = ns_crc32c(ns_segment_seed(w->id, UINT64_MAX), w->sums.data, w->sums.size);
        file->numbers[0] = counts->passages;
        file->numbers[1] = counts->articles;
        file->numbers[2] = counts->total_length;
        file->numbers[3] = counts->text_bytes;
        file->numbers[4] = counts->texts;
    }
    nsearch_status status = w->status;
    ns_segment_abort(w);
    return status;
}

void ns_segment_abort(ns_segment_writer *w)
{
    if (w->pages && w->fd >= 0) {
        ns_fs_current->close(w->fd);
        ns_fs_current->unlinkat(w->dirfd, w->name, 0);
    }
    w->fd = -1;
    free(w->pages);
    w->pages = NULL;
    ns_buffer_release(&w->sums);
}
