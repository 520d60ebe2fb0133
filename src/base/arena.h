/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * arena.h - memory of one article or one query: many small pieces, freed at once.
 */
#ifndef NS_BASE_ARENA_H
#define NS_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ns_arena_chunk ns_arena_chunk;
typedef struct ns_arena {
    ns_arena_chunk *first, *current;
    size_t used;  /* bytes handed out since the last reset */
    size_t total; /* bytes held from the system */
    bool failed;  /* memory was out, once since it was made: for one who can only say that something went wrong */
} ns_arena;
#define NS_ARENA_INIT { 0, 0, 0, 0, false }

void ns_arena_init(ns_arena *arena);
/* 16-byte aligned, not zeroed; NULL only when memory is out. n = 0 gives a valid pointer. */
void *ns_arena_take(ns_arena *arena, size_t n);
void *ns_arena_zero(ns_arena *arena, size_t n);
/* count * size with overflow check. */
void *ns_arena_array(ns_arena *arena, size_t count, size_t size);
/* A copy that ends in NUL. */
char *ns_arena_copy(ns_arena *arena, const void *bytes, size_t n);
char *ns_arena_string(ns_arena *arena, const char *s);
char *ns_arena_printf(ns_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Forgets the pieces taken since the mark was set. */
typedef struct ns_arena_mark {
    ns_arena_chunk *chunk;
    size_t chunk_used, used;
} ns_arena_mark;
ns_arena_mark ns_arena_set_mark(const ns_arena *arena);
void ns_arena_rewind(ns_arena *arena, ns_arena_mark mark);
/* Forgets all pieces; keeps up to one chunk for the next round. */
void ns_arena_reset(ns_arena *arena);
void ns_arena_release(ns_arena *arena);

#endif
