/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * spool.c - memory first, then an unlinked file.
 */
#include "index/native/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "src/base/fs.h"

void ns_spool_init(ns_spool *s, int dirfd, const char *name)
{
    memset(s, 0, sizeof *s);
    s->dirfd = dirfd;
    s->fd = -1;
    memcpy(s->name, name, strnlen(name, sizeof s->name - 1));
}

uint64_t ns_spool_size(const ns_spool *s)
{
    return s->on_disk + s->memory.size;
}

static void fail(ns_spool *s)
{
    s->status = ns_error_system(&s->error, "cannot write '%s'", s->name);
}

static void spill(ns_spool *s)
{
    const ns_fs *fs = ns_fs_current;
    if (s->fd < 0) {
        s->fd = fs->openat(s->dirfd, s->name, O_RDWR | O_CREAT | O_TRUNC, 0600);
        if (s->fd < 0) {
            fail(s);
            return;
        }
        if (fs->unlinkat(s->dirfd, s->name, 0)) {
            fail(s);
            return;
        }
    }
    if (!ns_fs_write_all(s->fd, s->memory.data, s->memory.size)) {
        fail(s);
        return;
    }
    s->on_disk += s->memory.size;
    s->memory.size = 0;
}

void ns_spool_put(ns_spool *s, const void *bytes, size_t n)
{
    if (!s->status && s->dirfd >= 0 && s->memory.size && s->memory.size + n > NS_SPOOL_MEMORY)
        spill(s);
    if (s->status)
        return;
    ns_buffer_add(&s->memory, bytes, n);
    if (s->memory.failed)
        s->status = ns_error_memory(&s->error);
}

void ns_spool_copy(ns_spool *s, ns_segment_writer *w)
{
    uint8_t chunk[16384];
    for (uint64_t at = 0; at < s->on_disk && !s->status;) {
        size_t n = s->on_disk - at < sizeof chunk ? (size_t)(s->on_disk - at) : sizeof chunk;
        ssize_t got = ns_fs_read_at(s->fd, chunk, n, (off_t)at);
        if (got < (ssize_t)n) {
            if (got >= 0)
                errno = EIO;
            s->status = ns_error_system(&s->error, "cannot read '%s'", s->name);
            break;
        }
        ns_segment_put(w, chunk, n);
        at += n;
    }
    if (s->status) {
        ns_segment_fail(w, s->status);
        ns_error_set(w->err, s->status, "%s", s->error.text);
    } else
        ns_segment_put(w, s->memory.data, s->memory.size);
}

void ns_spool_release(ns_spool *s)
{
    if (s->name[0] && s->fd >= 0)
        ns_fs_current->close(s->fd);
    ns_buffer_release(&s->memory);
    memset(s, 0, sizeof *s);
    s->fd = -1;
}
