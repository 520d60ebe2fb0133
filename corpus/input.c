/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * input.c - bytes of a file, of memory or of a source, gzip unpacked (members one after another) by zlib, the
 * rarer packers by libarchive, in two fixed buffers. Called by the reader and its formats.
 */
#include "corpus/input.h"

#include <archive.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAW_SIZE = 1 << 16, OUT_SIZE = 1 << 18, MEMBER_SIZE = 1 << 16, REWINDS_MAX = 1000 };

/* What swallows this much at this ratio is no text. */
enum { BOMB_BYTES = 64 << 20, BOMB_RATIO = 200 };

static bool start(ns_input *in, size_t room)
{
    in->out = malloc(room);
    in->out_size = room;
    return in->out != NULL;
}

bool ns_input_open_fd(ns_input *in, int fd, bool own)
{
    memset(in, 0, sizeof *in);
    in->fd = fd;
    in->own_fd = own;
    in->raw = malloc(RAW_SIZE);
    return in->raw && start(in, OUT_SIZE);
}

bool ns_input_open_memory(ns_input *in, const void *bytes, size_t n)
{
    memset(in, 0, sizeof *in);
    in->fd = -1;
    in->memory = in->next = bytes;
    in->memory_size = in->left = n;
    in->raw_over = true;
    return start(in, n < OUT_SIZE - 2 * NS_INPUT_PEEK ? n + 2 * NS_INPUT_PEEK : OUT_SIZE);
}

bool ns_input_open_source(ns_input *in, ns_input_source *source, void *user)
{
    memset(in, 0, sizeof *in);
    in->fd = -1;
    in->source = source;
    in->user = user;
    in->raw = malloc(RAW_SIZE);
    return in->raw && start(in, MEMBER_SIZE);
}

void ns_input_release(ns_input *in)
{
    if (in->gzip)
        inflateEnd(&in->z);
    archive_read_free(in->unpacker);
    if (in->own_fd)
        close(in->fd);
    free(in->raw);
    free(in->out);
    memset(in, 0, sizeof *in);
    in->fd = -1;
}

static void stop(ns_input *in, const char *problem)
{
    if (!in->problem[0])
        snprintf(in->problem, sizeof in->problem, "%s", problem);
    in->over = true;
}

/* Reads more of the file behind what is left. Called with fewer than RAW_SIZE bytes left. */
static void more_raw(ns_input *in)
{
    if (in->raw_over)
        return;
    if (in->left)
        memmove(in->raw, in->next, in->left);
    in->next = in->raw;
    ptrdiff_t got;
    if (in->source) {
        got = in->source(in->user, in->raw + in->left, RAW_SIZE - in->left, in->problem);
    } else {
        do
            got = read(in->fd, in->raw + in->left, RAW_SIZE - in->left);
        while (got < 0 && errno == EINTR);
    }
    if (got < 0 && !in->source) {
        char text[96];
        in->unreadable = true;
        snprintf(in->problem, sizeof in->problem, "cannot read on: %s",
                 strerror_r(errno, text, sizeof text));
    }
    if (got <= 0)
        in->raw_over = true;
    else
        in->left += (size_t)got;
}

static void take_raw(ns_input *in, size_t n)
{
    in->next += n;
    in->left -= n;
    in->packed += n;
}

static bool is_gzip(const ns_input *in)
{
    return in->left >= 3 && in->next[0] == 0x1f && in->next[1] == 0x8b && in->next[2] == 8;
}

/* ---------------------------------------------------------------- xz, zstd, bzip2 */

static bool is_packed(const ns_input *in)
{
    static const struct {
        const char *magic;
        size_t n;
    } packers[] = { { "\xfd" "7zXZ", 6 }, { "\x28\xb5\x2f\xfd", 4 }, { "BZh", 3 } };
    for (size_t i = 0; i < sizeof packers / sizeof *packers; i++)
        if (in->left >= packers[i].n && !memcmp(in->next, packers[i].magic, packers[i].n))
            return true;
    return false;
}

static la_ssize_t lend_raw(struct archive *a, void *user, const void **block)
{
    ns_input *in = user;
    (void)a;
    take_raw(in, in->lent);
    if (!in->left)
        more_raw(in);
    in->lent = in->left;
    *block = in->next;
    return (la_ssize_t)in->left;
}

static void stop_unpacker(ns_input *in)
{
    const char *why = archive_error_string(in->unpacker);
    stop(in, why ? why : "cannot unpack");
}

static void start_unpacker(ns_input *in)
{
    struct archive_entry *entry;
    in->unpacker = archive_read_new();
    if (!in->unpacker) {
        stop(in, "out of memory for unpacking");
        return;
    }
    archive_read_support_filter_xz(in->unpacker);
    archive_read_support_filter_zstd(in->unpacker);
    archive_read_support_filter_bzip2(in->unpacker);
    archive_read_support_format_raw(in->unpacker);
    if (archive_read_open(in->unpacker, in, NULL, lend_raw, NULL) != ARCHIVE_OK ||
        archive_read_next_header(in->unpacker, &entry) != ARCHIVE_OK)
        stop_unpacker(in);
}

static void run_unpacker(ns_input *in)
{
    while (!in->over && in->end - in->at < NS_INPUT_PEEK) {
        la_ssize_t got = archive_read_data(in->unpacker, in->out + in->end, in->out_size - in->end);
        if (got < 0)
            stop_unpacker(in);
        else if (got == 0)
            in->over = true;
        else
            in->end += (size_t)got;
    }
}

/* ---------------------------------------------------------------- gzip */

/* To the beginning of the next member behind a damaged one. */
static void find_member(ns_input *in)
{
    in->broken = false;
    if (in->in_member && in->rewound++ < REWINDS_MAX) {
        /* a member that was cut short runs into the next one, whose beginning may be used up already */
        const uint8_t *base = in->raw ? in->raw : in->memory;
        uint64_t back = (uint64_t)(in->next - base), used = in->packed - in->member;
        back = used ? back < used - 1 ? back : used - 1 : 0;
        in->next -= back;
        in->left += back;
        in->packed -= back;
    }
    in->in_member = false;
    while (in->left || !in->raw_over) {
        if (in->left < 3 && !in->raw_over) {
            more_raw(in);
            continue;
        }
        const uint8_t *next = memchr(in->next, 0x1f, in->left);
        take_raw(in, next ? (size_t)(next - in->next) : in->left);
        if (is_gzip(in)) {
            in->gap = true;
            return;
        }
        if (in->left && (in->left >= 3 || in->raw_over))
            take_raw(in, 1);
    }
}

static void stop_member(ns_input *in, const char *problem)
{
    stop(in, problem);
    in->broken = true;
    if (in->resync) {
        in->over = false;
        find_member(in);
    }
}

void ns_input_resync(ns_input *in)
{
    in->resync = true;
    if (in->broken) { /* met while the first bytes were looked at */
        in->over = false;
        find_member(in);
    }
}

/* Between two members: another one, padding, or the end. */
static void next_member(ns_input *in)
{
    while (in->left < 3 && !in->raw_over)
        more_raw(in);
    if (is_gzip(in)) {
        inflateReset(&in->z);
        in->in_member = true;
        in->member = in->packed;
        return;
    }
    while (in->left || !in->raw_over) {
        if (!in->left) {
            more_raw(in);
            continue;
        }
        if (*in->next) {
            stop_member(in, "bytes that are not gzip behind a gzip member");
            return;
        }
        take_raw(in, 1);
    }
    in->over = true;
}

static void unpack(ns_input *in)
{
    size_t room = in->out_size - in->end;
    while (room && !in->over && !in->gap && in->end - in->at < NS_INPUT_PEEK) {
        if (!in->in_member) {
            next_member(in);
            continue;
        }
        if (!in->left)
            more_raw(in);
        in->z.next_in = (Bytef *)(uintptr_t)in->next;
        in->z.avail_in = in->left > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)in->left;
        in->z.next_out = in->out + in->end;
        in->z.avail_out = (uInt)room;
        size_t had = in->z.avail_in;
        int answer = inflate(&in->z, Z_NO_FLUSH);
        take_raw(in, had - in->z.avail_in);
        in->end = in->out_size - in->z.avail_out;
        room = in->z.avail_out;
        if (answer == Z_STREAM_END)
            in->in_member = false;
        else if (answer == Z_BUF_ERROR && !in->left && in->raw_over)
            stop(in, "gzip member cut short");
        else if (answer != Z_OK && answer != Z_BUF_ERROR)
            stop_member(in, in->z.msg ? in->z.msg : "damaged gzip member");
        else if (!had && !in->left && in->raw_over)
            stop(in, "gzip member cut short");
    }
}

/* Makes at least NS_INPUT_PEEK bytes ready unless the input ends before. */
static void fill(ns_input *in)
{
    if (in->end - in->at >= NS_INPUT_PEEK || in->over || in->gap)
        return;
    memmove(in->out, in->out + in->at, in->end - in->at);
    in->end -= in->at;
    in->at = 0;
    if (!in->started) {
        in->started = true;
        while (in->left < 6 && !in->raw_over)
            more_raw(in);
        if (is_packed(in)) {
            start_unpacker(in);
        } else if (is_gzip(in)) {
            in->gzip = inflateInit2(&in->z, 16 + MAX_WBITS) == Z_OK;
            in->in_member = in->gzip;
            if (!in->gzip)
                stop(in, "out of memory for gzip");
        }
    }
    if (in->gzip) {
        unpack(in);
        return;
    }
    if (in->unpacker) {
        run_unpacker(in);
        return;
    }
    while (in->end < NS_INPUT_PEEK && !in->over) {
        if (!in->left)
            more_raw(in);
        size_t n = in->left < in->out_size - in->end ? in->left : in->out_size - in->end;
        if (n)
            memcpy(in->out + in->end, in->next, n);
        take_raw(in, n);
        in->end += n;
        if (!in->left && in->raw_over)
            in->over = true;
    }
}

const uint8_t *ns_input_peek(ns_input *in, size_t *n)
{
    fill(in);
    *n = in->end - in->at;
    if (*n > NS_INPUT_PEEK)
        *n = NS_INPUT_PEEK;
    return in->out + in->at;
}

static void take(ns_input *in, size_t n)
{
    in->at += n;
    in->bytes += n;
}

bool ns_input_all(ns_input *in, size_t limit, ns_buffer *to)
{
    size_t taken = 0;
    for (;;) {
        fill(in);
        size_t n = in->end - in->at;
        if (!n)
            return false;
        if (n > limit - taken)
            n = limit - taken;
        if (!n)
            return true;
        ns_buffer_add(to, in->out + in->at, n);
        take(in, n);
        taken += n;
    }
}

const uint8_t *ns_input_block(ns_input *in, size_t *n)
{
    fill(in);
    const uint8_t *block = in->out + in->at;
    *n = in->end - in->at;
    take(in, *n);
    return *n ? block : NULL;
}

size_t ns_input_take(ns_input *in, void *to, size_t n)
{
    size_t taken = 0;
    while (taken < n) {
        fill(in);
        size_t have = in->end - in->at;
        if (!have)
            break;
        if (have > n - taken)
            have = n - taken;
        memcpy((uint8_t *)to + taken, in->out + in->at, have);
        take(in, have);
        taken += have;
    }
    return taken;
}

bool ns_input_is_bomb(const ns_input *in, uint64_t bytes, uint64_t packed)
{
    return (in->gzip || in->unpacker) && in->bytes - bytes > BOMB_BYTES &&
           (in->bytes - bytes) / BOMB_RATIO > in->packed - packed;
}

static void stop_bomb(ns_input *in)
{
    in->at = in->end;
    stop(in, "packed more than 200 times: no text");
}

bool ns_input_skip(ns_input *in, uint64_t n)
{
    uint64_t bytes = in->bytes, packed = in->packed;
    while (n) {
        fill(in);
        size_t have = in->end - in->at;
        if (!have)
            return false;
        if (have > n)
            have = (size_t)n;
        take(in, have);
        n -= have;
        if (ns_input_is_bomb(in, bytes, packed)) {
            stop_bomb(in);
            return false;
        }
    }
    return true;
}

bool ns_input_pass_gap(ns_input *in)
{
    bool gap = in->gap && in->at == in->end;
    in->gap = in->gap && !gap;
    return gap;
}

bool ns_input_size(const ns_input *in, uint64_t *size)
{
    if (in->gzip || in->unpacker || in->source || (in->fd < 0 && !in->memory))
        return false;
    if (in->fd < 0) {
        *size = in->memory_size;
        return true;
    }
    /* not by fstat, which a confined process may not call: to the C library it is one of looking for files */
    off_t at = lseek(in->fd, 0, SEEK_CUR), end = at < 0 ? -1 : lseek(in->fd, 0, SEEK_END);
    if (end < 0 || lseek(in->fd, at, SEEK_SET) != at)
        return false;
    *size = (uint64_t)end;
    return true;
}

bool ns_input_seek(ns_input *in, uint64_t offset)
{
    uint64_t size;
    if (!ns_input_size(in, &size) || offset > size)
        return false;
    if (in->fd < 0) {
        in->next = in->memory + offset;
        in->left = (size_t)(size - offset);
    } else {
        if (lseek(in->fd, (off_t)offset, SEEK_SET) < 0)
            return false;
        in->next = in->raw;
        in->left = 0;
        in->raw_over = false;
    }
    in->at = in->end = 0;
    in->over = false;
    return true;
}

ns_input_answer ns_input_line(ns_input *in, size_t limit, ns_buffer *to)
{
    bool too_long = false;
    uint64_t bytes = in->bytes, packed = in->packed;
    ns_buffer_clear(to);
    for (;;) {
        fill(in);
        size_t have = in->end - in->at;
        if (!have) {
            if (too_long)
                return NS_INPUT_TOO_LONG;
            return to->size || to->failed ? NS_INPUT_LINE : NS_INPUT_OVER;
        }
        const uint8_t *from = in->out + in->at;
        const uint8_t *newline = memchr(from, '\n', have);
        size_t n = newline ? (size_t)(newline - from) : have;
        if (!too_long && n > limit - to->size) {
            too_long = true;
            ns_buffer_clear(to);
        }
        if (!too_long)
            ns_buffer_add(to, from, n);
        take(in, newline ? n + 1 : n);
        if (newline)
            return too_long ? NS_INPUT_TOO_LONG : NS_INPUT_LINE;
        if (too_long && ns_input_is_bomb(in, bytes, packed))
            stop_bomb(in);
    }
}
