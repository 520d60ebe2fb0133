/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inverter_order.c - the terms of an inverter by bytes: by their first eight bytes through buckets, the few that
 * share them by comparing.
 */
#include <stdlib.h>
#include <string.h>

#include "index/native/inverter.h"

typedef struct ordered {
    uint64_t head;
    uint32_t term;
} ordered;

static uint64_t head_of(const ns_inverted_term *t)
{
    uint64_t head = 0;
    for (uint32_t i = 0; i < 8; i++)
        head = head << 8 | (i < t->length ? t->key[i] : 0);
    return head;
}

int ns_inverted_compare(const ns_inverted_term *a, const ns_inverted_term *b)
{
    int order = memcmp(a->key, b->key, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare(const void *a, const void *b, void *terms)
{
    const ns_inverted_term *t = terms;
    return ns_inverted_compare(&t[((const ordered *)a)->term], &t[((const ordered *)b)->term]);
}

/* Stable, by one byte of the head; returns false when all had the same, and nothing was moved. */
static bool spread(const ordered *from, ordered *to, size_t count, unsigned shift)
{
    size_t starts[256] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        starts[from[i].head >> shift & 255]++;
    if (starts[from[0].head >> shift & 255] == count)
        return false;
    for (size_t i = 0; i < 256; i++) {
        size_t n = starts[i];
        starts[i] = at;
        at += n;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].head >> shift & 255]++] = from[i];
    return true;
}

uint32_t *ns_inverter_order(const ns_inverter *inv)
{
    size_t count = inv->count;
    uint32_t *order = malloc((count + 1) * sizeof *order);
    ordered *items = malloc((count + 1) * sizeof *items), *spare = malloc((count + 1) * sizeof *spare);
    if (order && items && spare) {
        for (size_t i = 0; i < count; i++)
            items[i] = (ordered){head_of(&inv->terms[i]), (uint32_t)i};
        for (unsigned shift = 0; shift < 64 && count; shift += 8)
            if (spread(items, spare, count, shift)) {
                ordered *swap = items;
                items = spare;
                spare = swap;
            }
        for (size_t from = 0, to; from < count; from = to) {
            for (to = from + 1; to < count && items[to].head == items[from].head;)
                to++;
            if (to - from > 1)
                qsort_r(items + from, to - from, sizeof *items, compare, inv->terms);
        }
        for (size_t i = 0; i < count; i++)
            order[i] = items[i].term;
    } else {
        free(order);
        order = NULL;
    }
    free(items);
    free(spare);
    return order;
}
