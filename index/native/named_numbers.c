/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * named_numbers.c - names of several segments get numbers that hold for the whole snapshot, so that what is
 * counted in one segment adds to what is counted in another without a look at the terms. Made when names are
 * first counted: one walk through all names side by side, 4 bytes kept of each.
 */
#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/named.h"
#include "index/native/snapshot.h"

typedef struct walker {
    ns_dictionary_walk walk;
    size_t part;
    uint32_t left;
} walker;

static int compare(const walker *a, const walker *b)
{
    const ns_dictionary_walk *x = &a->walk, *y = &b->walk;
    int order = memcmp(x->key, y->key, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* Puts the first walker where it belongs among those after it, which are in order. */
static void sift(walker **order, size_t count)
{
    walker *w = order[0];
    size_t i = 0;
    for (; i + 1 < count && compare(w, order[i + 1]) > 0; i++)
        order[i] = order[i + 1];
    order[i] = w;
}

static nsearch_status open_walker(const ns_native_snapshot *s, size_t part, walker *w, ns_native_numbers *out,
                                  nsearch_error *err)
{
    const ns_segment *segment = s->parts.list[part].segment;
    uint64_t first;
    const char kind = NS_NAMED_FIRST;
    w->part = part;
    if (!ns_named_range(segment, &first, &w->left) ||
        (w->left && !ns_dictionary_seek(&w->walk, segment, &kind, 1)))
        return ns_segment_damaged(segment, NS_SECTION_DICTIONARY, err);
    out->count = w->left;
    out->numbers = malloc(((size_t)w->left + 1) * sizeof *out->numbers);
    return out->numbers ? NSEARCH_OK : ns_error_memory(err);
}

/* The term in hand of the first walker gets this number, and the walker goes on; *count is less when it came
 * to the end. */
static nsearch_status take(const ns_native_snapshot *s, ns_native_numbers *numbers, walker **order,
                           size_t *count, uint32_t number, nsearch_error *err)
{
    walker *w = order[0];
    ns_native_numbers *of = &numbers[w->part];
    of->numbers[of->count - w->left--] = number;
    if (!w->left) {
        memmove(order, order + 1, --*count * sizeof *order);
        return NSEARCH_OK;
    }
    if (!ns_dictionary_next(&w->walk))
        return ns_segment_damaged(s->parts.list[w->part].segment, NS_SECTION_DICTIONARY, err);
    sift(order, *count);
    return NSEARCH_OK;
}

static nsearch_status number_all(const ns_native_snapshot *s, ns_native_numbers *numbers, walker *walkers,
                                 walker **order, nsearch_error *err)
{
    size_t count = 0;
    uint64_t terms = 0;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = s->parts.count; i-- && !status;) {
        status = open_walker(s, i, &walkers[i], &numbers[i], err);
        terms += walkers[i].left;
        if (status || !walkers[i].left)
            continue;
        memmove(order + 1, order, count++ * sizeof *order);
        order[0] = &walkers[i];
        sift(order, count);
    }
    if (!status && terms > NS_NAMED_MAX)
        status = ns_error_memory(err);
    for (uint32_t number = 0; count && !status; number++) {
        uint8_t key[NS_TERM_MAX];
        size_t n = order[0]->walk.length;
        memcpy(key, order[0]->walk.key, n);
        do
            status = take(s, numbers, order, &count, number, err);
        while (!status && count && order[0]->walk.length == n && !memcmp(order[0]->walk.key, key, n));
    }
    return status;
}

static void free_numbers(ns_native_numbers *numbers, size_t count)
{
    for (size_t i = 0; numbers && i < count; i++)
        free(numbers[i].numbers);
    free(numbers);
}

static nsearch_status make(ns_native_snapshot *s, nsearch_error *err)
{
    size_t parts = s->parts.count;
    ns_native_numbers *numbers = calloc(parts, sizeof *numbers);
    walker *walkers = calloc(parts, sizeof *walkers), **order = calloc(parts + 1, sizeof *order);
    nsearch_status status =
        numbers && walkers && order ? number_all(s, numbers, walkers, order, err) : ns_error_memory(err);
    free(walkers);
    free(order);
    if (status)
        free_numbers(numbers, parts);
    else
        atomic_store_explicit(&s->numbers, numbers, memory_order_release);
    return status;
}

/* Those of all parts; NULL and OK: there is one part, whose own numbers hold. */
static nsearch_status get(ns_native_snapshot *s, const ns_native_numbers **numbers, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    *numbers = s->parts.count > 1 ? atomic_load_explicit(&s->numbers, memory_order_acquire) : NULL;
    if (*numbers || s->parts.count < 2)
        return NSEARCH_OK;
    pthread_mutex_lock(&s->lock);
    if (!atomic_load_explicit(&s->numbers, memory_order_relaxed))
        status = make(s, err);
    pthread_mutex_unlock(&s->lock);
    *numbers = atomic_load_explicit(&s->numbers, memory_order_acquire);
    return status;
}

void ns_native_numbers_free(ns_native_snapshot *s)
{
    free_numbers(atomic_load_explicit(&s->numbers, memory_order_relaxed), s->parts.count);
}

/* ---- the calls of ns_backend */

nsearch_status ns_native_named(ns_snapshot *base, size_t i, uint32_t article, ns_buffer *entries,
                               nsearch_error *err)
{
    ns_native_snapshot *s = (ns_native_snapshot *)base;
    const ns_native_part *part = &s->parts.list[i];
    const ns_native_numbers *numbers;
    size_t before = entries->size;
    nsearch_status status = get(s, &numbers, err);
    if (status)
        return status;
    if (!ns_named_entries(part->segment, ns_columns_article(part->segment, article - part->docid_base),
                          entries))
        return entries->failed ? ns_error_memory(err)
                               : ns_segment_damaged(part->segment, NS_SECTION_NAMES, err);
    uint32_t *entry = (uint32_t *)(void *)(entries->data + before);
    size_t count = (entries->size - before) / sizeof *entry;
    for (size_t k = 0; numbers && k < count; k++) {
        uint32_t number = entry[k] >> 2;
        if (number >= numbers[i].count)
            return ns_segment_damaged(part->segment, NS_SECTION_NAMES, err);
        entry[k] = numbers[i].numbers[number] << 2 | (entry[k] & 3);
    }
    return NSEARCH_OK;
}

/* The place of a number among the part's, which ascend; UINT32_MAX: it is not there. */
static uint32_t place_of(const ns_native_numbers *numbers, uint32_t number)
{
    uint32_t low = 0, high = numbers->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < numbers->count && numbers->numbers[low] == number ? low : UINT32_MAX;
}

nsearch_status ns_native_named_key(ns_snapshot *base, uint32_t number, char key[NS_TERM_MAX], size_t *n,
                                   nsearch_error *err)
{
    ns_native_snapshot *s = (ns_native_snapshot *)base;
    const ns_native_numbers *numbers;
    nsearch_status status = get(s, &numbers, err);
    for (size_t i = 0; i < s->parts.count && !status; i++) {
        const ns_segment *segment = s->parts.list[i].segment;
        uint32_t place = numbers ? place_of(&numbers[i], number) : number, count;
        uint64_t first;
        if (place == UINT32_MAX)
            continue;
        if (ns_named_range(segment, &first, &count) && place < count &&
            (*n = ns_named_key(segment, first + place, key)))
            return NSEARCH_OK;
        return ns_segment_damaged(segment, NS_SECTION_NAMES, err);
    }
    return status ? status : ns_error_set(err, NSEARCH_INVALID, "no name has the number %u", number);
}
