/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * buffer.h - a growing run of bytes. A failed append sets 'failed' and all later
 * appends do nothing, so that a writer checks once at its end.
 */
#ifndef NS_BASE_BUFFER_H
#define NS_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ns_buffer {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
} ns_buffer;
#define NS_BUFFER_INIT { 0, 0, 0, false }

void ns_buffer_init(ns_buffer *b);
void ns_buffer_release(ns_buffer *b);
void ns_buffer_clear(ns_buffer *b); /* size 0, keeps the memory, clears 'failed' */
bool ns_buffer_reserve(ns_buffer *b, size_t more);
void ns_buffer_add(ns_buffer *b, const void *bytes, size_t n);
void ns_buffer_add_string(ns_buffer *b, const char *s);
void ns_buffer_add_byte(ns_buffer *b, uint8_t byte);
void ns_buffer_add_u32(ns_buffer *b, uint32_t v); /* little-endian */
void ns_buffer_add_u64(ns_buffer *b, uint64_t v);
void ns_buffer_add_varint(ns_buffer *b, uint64_t v); /* LEB128 */
void ns_buffer_printf(ns_buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
