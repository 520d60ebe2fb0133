/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * http_body.c - undoes what HTTP did to a body on its way.
 */
#include "corpus/http_body.h"

#include <stdio.h>
#include <string.h>

enum { BOMB_BYTES = 64 << 20, BOMB_RATIO = 200 };

void ns_http_body_open(ns_http_body *b, ns_input *from, uint64_t left, bool chunked, bool deflated)
{
    memset(b, 0, sizeof *b);
    b->from = from;
    b->left = b->began = left;
    b->chunked = chunked;
    b->deflated = deflated;
}

void ns_http_body_release(ns_http_body *b)
{
    if (b->inflating)
        inflateEnd(&b->z);
    b->inflating = false;
}

static size_t take(ns_http_body *b, void *to, size_t n)
{
    if (n > b->left)
        n = (size_t)b->left;
    size_t got = ns_input_take(b->from, to, n);
    b->left -= got;
    if (got < n)
        b->left = 0;
    return got;
}

static int digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* A chunk's size stands at the head of the coming bytes: its value; false when it is none. */
static bool chunk_size(const uint8_t *p, size_t n, uint64_t *size, size_t *length)
{
    size_t i = 0;
    *size = 0;
    while (i < n && i < 16 && digit(p[i]) >= 0)
        *size = *size * 16 + (uint64_t)digit(p[i++]);
    if (!i || *size > UINT64_MAX / 32)
        return false;
    while (i < n && i < 200 && p[i] != '\n')
        if (p[i] != '\r' && p[i] != ' ' && p[i] != ';' && !memchr(p, ';', i))
            return false;
        else
            i++;
    *length = i + 1;
    return i < n && p[i] == '\n';
}

static void start(ns_http_body *b)
{
    size_t n, length;
    uint64_t size;
    const uint8_t *p = ns_input_peek(b->from, &n);
    b->started = true;
    if (n > b->left)
        n = (size_t)b->left;
    b->chunked = b->chunked && chunk_size(p, n, &size, &length);
}

/* The next chunk's head; false at the end, or where chunks make no sense any more. */
static bool next_chunk(ns_http_body *b)
{
    size_t n, length;
    uint8_t head[256];
    const uint8_t *p = ns_input_peek(b->from, &n);
    if (n > b->left)
        n = (size_t)b->left;
    size_t at = 0;
    while (at < n && at < 2 && (p[at] == '\r' || p[at] == '\n'))
        at++;
    if (!chunk_size(p + at, n - at, &b->chunk_left, &length) || !b->chunk_left)
        return false;
    take(b, head, at + length);
    return true;
}

static size_t read_plain(ns_http_body *b, uint8_t *to, size_t n)
{
    if (!b->chunked)
        return take(b, to, n);
    if (!b->chunk_left && !next_chunk(b)) {
        b->chunked = false;
        b->left = 0; /* the caller passes the rest over */
        return 0;
    }
    size_t got = take(b, to, n < b->chunk_left ? n : (size_t)b->chunk_left);
    b->chunk_left -= got;
    return got;
}

static bool start_inflating(ns_http_body *b, uint8_t first, uint8_t second)
{
    bool zlib = (first & 15) == 8 && (first * 256 + second) % 31 == 0;
    b->inflating = inflateInit2(&b->z, zlib ? MAX_WBITS : -MAX_WBITS) == Z_OK;
    return b->inflating;
}

ptrdiff_t ns_http_body_read(void *user, uint8_t *to, size_t n, char *problem)
{
    ns_http_body *b = user;
    if (!b->started)
        start(b);
    if (b->over)
        return 0;
    if (b->deflated && !b->inflating) {
        size_t got = read_plain(b, b->packed, sizeof b->packed);
        bool plain = got < 2 || b->packed[0] == '<' || b->packed[0] == '\n' || b->packed[0] == '\r';
        if (plain || !start_inflating(b, b->packed[0], b->packed[1])) {
            b->deflated = false;
            got = got < n ? got : n;
            memcpy(to, b->packed, got);
            return (ptrdiff_t)got;
        }
        b->z.next_in = b->packed;
        b->z.avail_in = (uInt)got;
    }
    if (!b->deflated)
        return (ptrdiff_t)read_plain(b, to, n);
    b->z.next_out = to;
    b->z.avail_out = (uInt)n;
    while (b->z.avail_out == n) {
        if (!b->z.avail_in) {
            b->z.next_in = b->packed;
            b->z.avail_in = (uInt)read_plain(b, b->packed, sizeof b->packed);
        }
        int answer = inflate(&b->z, Z_NO_FLUSH);
        if (answer == Z_STREAM_END) {
            b->over = true;
            break;
        }
        if (answer != Z_OK || (!b->z.avail_in && !b->left && b->z.avail_out == n)) {
            b->over = true;
            if (b->z.avail_out == n) {
                snprintf(problem, 160, "damaged body");
                return -1;
            }
        }
    }
    b->given += n - b->z.avail_out;
    if (b->given > BOMB_BYTES && b->given / BOMB_RATIO > b->began - b->left) {
        snprintf(problem, 160, "packed more than 200 times: no text");
        b->over = true;
        return -1;
    }
    return (ptrdiff_t)(n - b->z.avail_out);
}
