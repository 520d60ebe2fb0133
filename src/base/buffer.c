/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * buffer.c - a growing run of bytes.
 */
#include "src/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"

void ns_buffer_init(ns_buffer *b)
{
    memset(b, 0, sizeof *b);
}

void ns_buffer_release(ns_buffer *b)
{
    free(b->data);
    ns_buffer_init(b);
}

void ns_buffer_clear(ns_buffer *b)
{
    b->size = 0;
    b->failed = false;
}

bool ns_buffer_reserve(ns_buffer *b, size_t more)
{
    if (b->failed)
        return false;
    if (more <= b->capacity - b->size)
        return true;
    size_t capacity = b->capacity ? b->capacity : 64;
    while (capacity - b->size < more) {
        if (capacity > SIZE_MAX / 2) {
            b->failed = true;
            return false;
        }
        capacity *= 2;
    }
    uint8_t *data = realloc(b->data, capacity);
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

void ns_buffer_add(ns_buffer *b, const void *bytes, size_t n)
{
    if (n && ns_buffer_reserve(b, n)) {
        memcpy(b->data + b->size, bytes, n);
        b->size += n;
    }
}

void ns_buffer_add_string(ns_buffer *b, const char *s)
{
    ns_buffer_add(b, s, strlen(s));
}

void ns_buffer_add_byte(ns_buffer *b, uint8_t byte)
{
    if (ns_buffer_reserve(b, 1))
        b->data[b->size++] = byte;
}

void ns_buffer_add_u32(ns_buffer *b, uint32_t v)
{
    if (ns_buffer_reserve(b, 4)) {
        ns_put_u32(b->data + b->size, v);
        b->size += 4;
    }
}

void ns_buffer_add_u64(ns_buffer *b, uint64_t v)
{
    if (ns_buffer_reserve(b, 8)) {
        ns_put_u64(b->data + b->size, v);
        b->size += 8;
    }
}

void ns_buffer_add_varint(ns_buffer *b, uint64_t v)
{
    if (ns_buffer_reserve(b, 10))
        b->size = (size_t)(ns_put_varint(b->data + b->size, v) - b->data);
}

void ns_buffer_printf(ns_buffer *b, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n < 0)
        b->failed = true;
    else if (ns_buffer_reserve(b, (size_t)n + 1)) {
        vsnprintf((char *)b->data + b->size, (size_t)n + 1, format, again);
        b->size += (size_t)n;
    }
    va_end(again);
}
