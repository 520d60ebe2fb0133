/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * map.c - open addressing with linear probing over an array of entries.
 */
#include "src/base/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "src/base/bytes.h"

void ns_map_init(ns_map *map)
{
    memset(map, 0, sizeof *map);
    if (getrandom(&map->seed, sizeof map->seed, GRND_NONBLOCK) != sizeof map->seed)
        map->seed = (uint64_t)(uintptr_t)map;
}

void ns_map_release(ns_map *map)
{
    free(map->entries);
    free(map->slots);
    ns_arena_release(&map->keys);
    memset(map, 0, sizeof *map);
}

void ns_map_clear(ns_map *map)
{
    map->count = 0;
    if (map->slots)
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    ns_arena_reset(&map->keys);
}

static size_t probe(const ns_map *map, const void *key, size_t length, uint32_t hash)
{
    size_t mask = map->slot_count - 1, slot = hash & mask;
    for (; map->slots[slot]; slot = (slot + 1) & mask) {
        const ns_map_entry *e = &map->entries[map->slots[slot] - 1];
        if (e->hash == hash && e->length == length && !memcmp(e->key, key, length))
            break;
    }
    return slot;
}

uint64_t *ns_map_find(const ns_map *map, const void *key, size_t length)
{
    if (!map->count)
        return NULL;
    size_t slot = probe(map, key, length, (uint32_t)ns_hash64(key, length, map->seed));
    return map->slots[slot] ? &map->entries[map->slots[slot] - 1].value : NULL;
}

static bool grow(ns_map *map)
{
    if (map->capacity > UINT32_MAX / 4)
        return false;
    size_t capacity = map->capacity ? map->capacity * 2 : 16, slot_count = capacity * 2;
    ns_map_entry *entries = realloc(map->entries, capacity * sizeof *entries);
    if (!entries)
        return false;
    map->entries = entries;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return false;
    free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    map->capacity = capacity;
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = entries[i].hash & (slot_count - 1);
        while (slots[slot])
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

uint64_t *ns_map_put(ns_map *map, const void *key, size_t length, bool *is_new)
{
    if (length > UINT32_MAX || (map->count == map->capacity && !grow(map)))
        return NULL;
    uint32_t hash = (uint32_t)ns_hash64(key, length, map->seed);
    size_t slot = probe(map, key, length, hash);
    if (is_new)
        *is_new = !map->slots[slot];
    if (!map->slots[slot]) {
        const char *copy = ns_arena_copy(&map->keys, key, length);
        if (!copy)
            return NULL;
        map->entries[map->count] = (ns_map_entry){copy, (uint32_t)length, hash, 0};
        map->slots[slot] = (uint32_t)++map->count;
    }
    return &map->entries[map->slots[slot] - 1].value;
}

size_t ns_map_bytes(const ns_map *map)
{
    return map->capacity * sizeof *map->entries + map->slot_count * sizeof *map->slots + map->keys.total;
}
