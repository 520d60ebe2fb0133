/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_words.c - encodes and reads the words of a passage.
 */
#include "index/xapian/xapian_words.h"

#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_layout.h"
#include "src/base/bytes.h"

#define HEAD 5
#define SUM 4
#define FAR 255
#define SEEDS 256

typedef struct word {
    uint32_t position;
    uint16_t term;
} word;

static uint16_t hash_of(const void *key, size_t n, uint8_t seed)
{
    return (uint16_t)(ns_hash64(key, n, seed) >> 48);
}

static int by_position(const void *a, const void *b)
{
    const word *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->term > y->term) - (x->term < y->term);
}

/* Whether each term with positions differs from all other terms of the passage: one without any is looked for, too. 'seen' has
 * 2^16 bits, all clear before and after. */
static bool tells_apart(const ns_passage *passage, uint8_t seed, uint64_t *seen)
{
    bool apart = true;
    for (uint32_t i = 0; i < passage->term_count && apart; i++) {
        uint16_t hash = hash_of(passage->terms[i].key, passage->terms[i].length, seed);
        if (passage->terms[i].position_count) {
            apart = !(seen[hash >> 6] >> (hash & 63) & 1);
            seen[hash >> 6] |= UINT64_C(1) << (hash & 63);
        }
    }
    for (uint32_t i = 0; i < passage->term_count && apart; i++) {
        uint16_t hash = hash_of(passage->terms[i].key, passage->terms[i].length, seed);
        apart = passage->terms[i].position_count || !(seen[hash >> 6] >> (hash & 63) & 1);
    }
    for (uint32_t i = 0; i < passage->term_count; i++)
        seen[hash_of(passage->terms[i].key, passage->terms[i].length, seed) >> 6] = 0;
    return apart;
}

bool ns_xapian_words_encode(const ns_passage *passage, uint32_t docid, ns_arena *arena, ns_buffer *out)
{
    size_t count = 0, n = 0, begin = out->size;
    unsigned seed = 0;
    uint8_t head[4];
    uint32_t last = 0;
    for (uint32_t i = 0; i < passage->term_count; i++)
        count += passage->terms[i].position_count;
    word *words = ns_arena_array(arena, count + 1, sizeof *words);
    uint64_t *seen = ns_arena_zero(arena, 65536 / 8);
    if (!words || !seen)
        return false;
    while (seed < SEEDS && !tells_apart(passage, (uint8_t)seed, seen))
        seed++;
    if (seed == SEEDS)
        return true;
    for (uint32_t i = 0; i < passage->term_count; i++)
        for (uint32_t k = 0; k < passage->terms[i].position_count; k++)
            words[n++] = (word){passage->terms[i].positions[k],
                                hash_of(passage->terms[i].key, passage->terms[i].length, (uint8_t)seed)};
    qsort(words, n, sizeof *words, by_position);
    ns_xapian_put_be32(head, docid);
    ns_buffer_add(out, head, sizeof head);
    ns_buffer_add_byte(out, (uint8_t)seed);
    for (size_t i = 0; i < n; i++) {
        uint32_t step = words[i].position - last;
        ns_buffer_add_byte(out, (uint8_t)(step < FAR ? step : FAR));
        if (step >= FAR)
            ns_buffer_add_varint(out, step - FAR);
        ns_buffer_add_byte(out, (uint8_t)words[i].term);
        ns_buffer_add_byte(out, (uint8_t)(words[i].term >> 8));
        last = words[i].position;
    }
    if (!out->failed)
        ns_buffer_add_u32(out, ns_crc32c(0, out->data + begin, out->size - begin));
    return !out->failed;
}

bool ns_xapian_words_check(const uint8_t *bytes, size_t n, uint32_t docid)
{
    return n >= HEAD + SUM && ns_xapian_get_be32(bytes) == docid &&
           ns_get_u32(bytes + n - SUM) == ns_crc32c(0, bytes, n - SUM);
}

void ns_xapian_words_find(const uint8_t *bytes, size_t n, const void *key, size_t key_length, ns_buffer *positions)
{
    const uint8_t *p = bytes + HEAD, *end = bytes + n - SUM;
    uint16_t wanted = hash_of(key, key_length, bytes[4]);
    uint32_t position = 0;
    while (p && end - p >= 3) {
        uint32_t rest = 0, step = *p++;
        if (step == FAR && (!(p = ns_get_varint32(p, end, &rest)) || end - p < 2))
            return;
        position += step + rest;
        if ((p[0] | p[1] << 8) == wanted)
            ns_buffer_add(positions, &position, sizeof position);
        p += 2;
    }
}
