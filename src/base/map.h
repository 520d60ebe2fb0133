/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * map.h - a hash map from byte strings to 64-bit values. Keys are copied in. Open
 * addressing, seeded at random per map so that chosen keys cannot make it slow; iteration is
 * in the order of insertion, so the seed never shows.
 */
#ifndef NS_BASE_MAP_H
#define NS_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"

typedef struct ns_map_entry {
    const char *key;
    uint32_t length;
    uint32_t hash;
    uint64_t value;
} ns_map_entry;

typedef struct ns_map {
    ns_map_entry *entries; /* in the order of insertion */
    uint32_t *slots;       /* entry + 1; 0 is empty */
    size_t count, capacity, slot_count;
    uint64_t seed;
    ns_arena keys;
} ns_map;

void ns_map_init(ns_map *map);
void ns_map_release(ns_map *map);
void ns_map_clear(ns_map *map);
/* NULL when there is no such key. */
uint64_t *ns_map_find(const ns_map *map, const void *key, size_t length);
/* Finds or inserts (value 0); *is_new may be NULL. NULL only when memory is out. Valid
 * until the next insertion. */
uint64_t *ns_map_put(ns_map *map, const void *key, size_t length, bool *is_new);
/* Bytes held, for memory budgets. */
size_t ns_map_bytes(const ns_map *map);

#endif
