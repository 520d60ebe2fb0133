/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * arena.c - chunks of doubling size, freed together.
 */
#include "src/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 << 10, LARGEST_CHUNK = 1 << 20, ALIGN = 16 };

struct ns_arena_chunk {
    ns_arena_chunk *next;
    size_t size, used; /* of data */
};

#define HEADER ((sizeof(ns_arena_chunk) + ALIGN - 1) & ~(size_t)(ALIGN - 1))

void ns_arena_init(ns_arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

static ns_arena_chunk *grow(ns_arena *arena, size_t n)
{
    size_t size = arena->current ? arena->current->size * 2 : FIRST_CHUNK - HEADER;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < n)
        size = n;
    if (size > SIZE_MAX - HEADER)
        return NULL;
    ns_arena_chunk *chunk = malloc(HEADER + size);
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;
    if (arena->current)
        arena->current->next = chunk;
    else
        arena->first = chunk;
    arena->current = chunk;
    arena->total += HEADER + size;
    return chunk;
}

void *ns_arena_take(ns_arena *arena, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    ns_arena_chunk *chunk = arena->current;
    if (!chunk || chunk->size - chunk->used < n) {
        chunk = grow(arena, n);
        if (!chunk)
            return NULL;
    }
    void *piece = (char *)chunk + HEADER + chunk->used;
    chunk->used += n;
    arena->used += n;
    return piece;
}

void *ns_arena_zero(ns_arena *arena, size_t n)
{
    void *piece = ns_arena_take(arena, n);
    if (piece)
        memset(piece, 0, n);
    return piece;
}

void *ns_arena_array(ns_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return ns_arena_take(arena, count * size);
}

char *ns_arena_copy(ns_arena *arena, const void *bytes, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *copy = ns_arena_take(arena, n + 1);
    if (copy) {
        if (n)
            memcpy(copy, bytes, n);
        copy[n] = '\0';
    }
    return copy;
}

char *ns_arena_string(ns_arena *arena, const char *s)
{
    return ns_arena_copy(arena, s, strlen(s));
}

char *ns_arena_printf(ns_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = n < 0 ? NULL : ns_arena_take(arena, (size_t)n + 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

ns_arena_mark ns_arena_set_mark(const ns_arena *arena)
{
    const ns_arena_chunk *chunk = arena->current;
    return (ns_arena_mark){arena->current, chunk ? chunk->used : 0, arena->used};
}

void ns_arena_rewind(ns_arena *arena, ns_arena_mark mark)
{
    if (!mark.chunk) {
        ns_arena_reset(arena);
        return;
    }
    for (ns_arena_chunk *chunk = mark.chunk->next; chunk;) {
        ns_arena_chunk *next = chunk->next;
        arena->total -= HEADER + chunk->size;
        free(chunk);
        chunk = next;
    }
    mark.chunk->next = NULL;
    mark.chunk->used = mark.chunk_used;
    arena->current = mark.chunk;
    arena->used = mark.used;
}

void ns_arena_reset(ns_arena *arena)
{
    ns_arena_chunk *keep = arena->current; /* the largest */
    if (keep && keep->size > LARGEST_CHUNK)
        keep = NULL;
    for (ns_arena_chunk *chunk = arena->first; chunk;) {
        ns_arena_chunk *next = chunk->next;
        if (chunk != keep)
            free(chunk);
        chunk = next;
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        arena->first = arena->current = keep;
        arena->total = HEADER + keep->size;
    } else {
        arena->first = arena->current = NULL;
        arena->total = 0;
    }
    arena->used = 0;
}

void ns_arena_release(ns_arena *arena)
{
    for (ns_arena_chunk *chunk = arena->first; chunk;) {
        ns_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    ns_arena_init(arena);
}
