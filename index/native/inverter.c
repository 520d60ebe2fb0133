/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inverter.c - keeps the postings of each term as varints in a chain of growing chunks:
 *
 *     docid distance less 1; positions * 4 + c; [c = EXPLICIT: tf]; position distances
 *
 * c tells tf where it follows from the number of positions, as it does for most. A term that has a number is found
 * by it, others by a hash of their bytes.
 */
#include "index/native/inverter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "index/native/positions.h"
#include "src/base/bytes.h"

enum { FIRST_CHUNK = 16, LARGEST_CHUNK = 8192, BLOCK = 256 << 10 };
enum { NONE, COUNT, IN_TITLE, EXPLICIT }; /* tf is 0, the number of positions, that and NS_TITLE_WEIGHT, given */
enum { AHEAD = 6 };

typedef struct ns_inverted_chunk {
    struct ns_inverted_chunk *next;
    uint8_t data[];
} chunk;

void ns_inverter_init(ns_inverter *inv)
{
    memset(inv, 0, sizeof *inv);
    if (getrandom(&inv->seed, sizeof inv->seed, GRND_NONBLOCK) != sizeof inv->seed)
        inv->seed = (uint64_t)(uintptr_t)inv;
}

void ns_inverter_release(ns_inverter *inv)
{
    free(inv->lists);
    free(inv->terms);
    free(inv->slots);
    free(inv->numbered);
    free(inv->found);
    ns_arena_release(&inv->memory);
    memset(inv, 0, sizeof *inv);
}

/* ---- terms */

/* A piece of memory at a multiple of 8. */
static void *take(ns_inverter *inv, size_t n)
{
    n = (n + 7) & ~(size_t)7;
    if (n > inv->block_left) {
        inv->block = ns_arena_take(&inv->memory, BLOCK);
        inv->block_left = inv->block ? BLOCK : 0;
        if (!inv->block)
            return NULL;
    }
    uint8_t *piece = inv->block;
    inv->block += n;
    inv->block_left -= n;
    return piece;
}

static bool grow(ns_inverter *inv)
{
    if (inv->capacity > UINT32_MAX / 8)
        return false;
    uint32_t capacity = inv->capacity ? inv->capacity * 2 : 1024, mask = capacity * 2 - 1;
    ns_inverted_list *lists = realloc(inv->lists, capacity * sizeof *lists);
    if (lists)
        inv->lists = lists;
    ns_inverted_term *terms = realloc(inv->terms, capacity * sizeof *terms);
    if (terms)
        inv->terms = terms;
    uint64_t *slots = lists && terms ? calloc((size_t)mask + 1, sizeof *slots) : NULL;
    if (!slots)
        return false;
    for (uint32_t i = 0; i < inv->count; i++) {
        uint32_t slot = terms[i].hash & mask;
        while (slots[slot])
            slot = (slot + 1) & mask;
        slots[slot] = (uint64_t)terms[i].hash << 32 | (i + 1);
    }
    free(inv->slots);
    inv->slots = slots;
    inv->slot_count = mask + 1;
    inv->capacity = capacity;
    return true;
}

/* The slot of these bytes, or the empty one where they belong. */
static uint32_t slot_of(const ns_inverter *inv, const void *key, size_t n, uint32_t hash)
{
    uint32_t mask = inv->slot_count - 1, slot = hash & mask;
    for (; inv->slots[slot]; slot = (slot + 1) & mask) {
        if ((uint32_t)(inv->slots[slot] >> 32) != hash)
            continue;
        const ns_inverted_term *t = &inv->terms[(uint32_t)inv->slots[slot] - 1];
        if (t->length == n && !memcmp(t->key, key, n))
            break;
    }
    return slot;
}

uint32_t ns_inverter_find(const ns_inverter *inv, const void *key, size_t n)
{
    if (!inv->slot_count)
        return UINT32_MAX;
    uint32_t slot = slot_of(inv, key, n, (uint32_t)ns_hash64(key, n, inv->seed));
    return inv->slots[slot] ? (uint32_t)inv->slots[slot] - 1 : UINT32_MAX;
}

/* The list of these bytes, made where there is none; UINT32_MAX: out of memory. */
static uint32_t find_bytes(ns_inverter *inv, const ns_term *term, ns_inverter_tally *tally)
{
    if (inv->count == inv->capacity && !grow(inv))
        return UINT32_MAX;
    uint32_t hash = (uint32_t)ns_hash64(term->key, term->length, inv->seed);
    uint32_t slot = slot_of(inv, term->key, term->length, hash);
    if (inv->slots[slot])
        return (uint32_t)inv->slots[slot] - 1;
    uint8_t *key = take(inv, term->length);
    uint32_t stable = (uint32_t)ns_hash64(term->key, term->length, 0);
    ns_buffer_add(&tally->fresh, &stable, sizeof stable);
    if (!key || tally->fresh.failed)
        return UINT32_MAX;
    memcpy(key, term->key, term->length);
    inv->terms[inv->count] = (ns_inverted_term){NULL, NULL, key, term->length, hash};
    inv->lists[inv->count] = (ns_inverted_list){NULL, NULL, UINT32_MAX, 0};
    inv->slots[slot] = (uint64_t)hash << 32 | (inv->count + 1);
    return inv->count++;
}

static bool grow_numbered(ns_inverter *inv, uint32_t number)
{
    uint32_t count = inv->numbered_count ? inv->numbered_count : 1024;
    while (count <= number)
        count *= 2;
    uint32_t *numbered = realloc(inv->numbered, count * sizeof *numbered);
    if (!numbered)
        return false;
    memset(numbered + inv->numbered_count, 0, (count - inv->numbered_count) * sizeof *numbered);
    inv->numbered = numbered;
    inv->numbered_count = count;
    return true;
}

static inline uint32_t find(ns_inverter *inv, const ns_term *term, ns_inverter_tally *tally)
{
    uint32_t number = inv->numbering ? term->number : 0;
    if (!number || number > UINT32_MAX / 4)
        return find_bytes(inv, term, tally);
    if (number >= inv->numbered_count && !grow_numbered(inv, number))
        return UINT32_MAX;
    if (!inv->numbered[number])
        inv->numbered[number] = find_bytes(inv, term, tally) + 1; /* UINT32_MAX: 0, not kept */
    return inv->numbered[number] - 1;
}

/* ---- adding */

/* What analysis promises: checked, so that a broken article cannot break the index. Fills 'found'; a NULL 'why' means
 * that memory is out. */
static bool find_terms(ns_inverter *inv, const ns_passage *passage, uint32_t *found, ns_inverter_tally *tally,
                       const char **why)
{
    uint64_t length = 0;
    *why = "breaks the rules of analysis";
    if (!passage->length || passage->length > 65535)
        return false;
    inv->stamp++;
    for (uint32_t i = 0; i < passage->term_count; i++) {
        const ns_term *t = &passage->terms[i];
        length += t->tf;
        if (!t->length || t->length > NS_TERM_MAX || t->tf > 65535 || t->position_count > NS_POSITION_COUNT_MAX)
            return false;
        for (uint32_t k = 0; k < t->position_count; k++)
            if (t->positions[k] > NS_POSITION_MAX || (k && t->positions[k] <= t->positions[k - 1]))
                return false;
        found[i] = find(inv, t, tally);
        if (found[i] == UINT32_MAX) {
            *why = NULL;
            return false;
        }
        ns_inverted_list *list = &inv->lists[found[i]];
        if (list->stamp == inv->stamp)
            return false; /* twice */
        list->stamp = inv->stamp;
    }
    return length == passage->length;
}

static bool next_chunk(ns_inverter *inv, uint32_t index)
{
    ns_inverted_list *list = &inv->lists[index];
    ns_inverted_term *term = &inv->terms[index];
    size_t size = term->last ? 2 * (size_t)(list->end - (uint8_t *)term->last) : FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    chunk *c = take(inv, size);
    if (!c)
        return false;
    c->next = NULL;
    if (term->last)
        term->last->next = c;
    else
        term->first = c;
    term->last = c;
    list->at = c->data;
    list->end = (uint8_t *)c + size;
    return true;
}

static bool append(ns_inverter *inv, uint32_t index, const uint8_t *bytes, size_t n)
{
    while (n) {
        ns_inverted_list *list = &inv->lists[index];
        if (list->at == list->end && !next_chunk(inv, index))
            return false;
        size_t room = (size_t)(list->end - list->at), some = room < n ? room : n;
        memcpy(list->at, bytes, some);
        list->at += some;
        bytes += some;
        n -= some;
    }
    return true;
}

static inline uint8_t *put(uint8_t *p, uint32_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

static inline uint8_t *put_head(uint8_t *p, const ns_term *term, uint32_t gap)
{
    uint32_t count = term->position_count;
    uint32_t code = !term->tf                               ? NONE
                    : term->tf == count                     ? COUNT
                    : term->tf == count + NS_TITLE_WEIGHT   ? IN_TITLE
                                                            : EXPLICIT;
    p = put(p, gap);
    p = put(p, count << 2 | code);
    return code == EXPLICIT ? put(p, term->tf) : p;
}

static bool add_posting(ns_inverter *inv, uint32_t index, const ns_term *term, uint32_t docid,
                        ns_inverter_tally *tally)
{
    enum { HEAD = 5 + 3 + 3, POSITION = 4, LITTLE = 3 };
    uint8_t bytes[256];
    ns_inverted_list *list = &inv->lists[index];
    uint32_t gap = docid - list->last_docid - 1, count = term->position_count;
    bool in_place = count <= LITTLE && list->end - list->at >= HEAD + LITTLE * POSITION;
    uint8_t *begin = in_place ? list->at : bytes, *p = put_head(begin, term, gap);
    list->last_docid = docid;
    for (uint32_t i = 0; i < count; i++) {
        if (p > bytes + sizeof bytes - POSITION && !in_place) {
            tally->bytes += (uint64_t)(p - bytes);
            if (!append(inv, index, bytes, (size_t)(p - bytes)))
                return false;
            p = bytes;
        }
        p = put(p, i ? term->positions[i] - term->positions[i - 1] - 1 : term->positions[i]);
    }
    tally->bytes += (uint64_t)(p - begin);
    if (in_place) {
        list->at = p;
        return true;
    }
    return append(inv, index, bytes, (size_t)(p - bytes));
}

nsearch_status ns_inverter_add(ns_inverter *inv, const ns_analysed *article, ns_inverter_tally *tally,
                               nsearch_error *err)
{
    size_t total = 0;
    for (uint32_t i = 0; i < article->passage_count; i++)
        total += article->passages[i].term_count;
    if (total > inv->found_capacity) {
        free(inv->found);
        inv->found_capacity = 0;
        inv->found = calloc(total, sizeof *inv->found);
        if (!inv->found)
            return ns_error_memory(err);
        inv->found_capacity = total;
    }
    if (article->numbering != inv->numbering) {
        if (inv->numbered_count)
            memset(inv->numbered, 0, inv->numbered_count * sizeof *inv->numbered);
        inv->numbering = article->numbering;
    }
    uint32_t *found = inv->found;
    for (uint32_t i = 0; i < article->passage_count; i++) {
        const char *why;
        if (!find_terms(inv, &article->passages[i], found, tally, &why))
            return why ? ns_error_set(err, NSEARCH_INVALID, "passage %u of article '%s' %s", i, article->id, why)
                       : ns_error_memory(err);
        found += article->passages[i].term_count;
    }
    found = inv->found;
    for (uint32_t i = 0; i < article->passage_count; i++) {
        const ns_passage *passage = &article->passages[i];
        uint32_t docid = inv->passages++;
        for (uint32_t k = 0; k < passage->term_count; k++) {
            if (k + AHEAD < passage->term_count)
                __builtin_prefetch(inv->lists[found[k + AHEAD]].at, 1);
            if (!add_posting(inv, found[k], &passage->terms[k], docid, tally))
                return ns_error_memory(err);
        }
        found += passage->term_count;
    }
    return NSEARCH_OK;
}

/* ---- reading again */

bool ns_inverted_open(ns_inverted_reader *r, const ns_inverter *inv, uint32_t list)
{
    size_t size = FIRST_CHUNK;
    ns_buffer_clear(&r->bytes);
    for (const chunk *c = inv->terms[list].first; c; c = c->next) {
        const uint8_t *end = c->next ? (const uint8_t *)c + size : inv->lists[list].at;
        ns_buffer_add(&r->bytes, c->data, (size_t)(end - c->data));
        size = size < LARGEST_CHUNK ? size * 2 : LARGEST_CHUNK;
    }
    r->p = r->bytes.data;
    r->end = r->p ? r->p + r->bytes.size : NULL;
    r->docid = UINT32_MAX;
    return !r->bytes.failed;
}

bool ns_inverted_next(ns_inverted_reader *r)
{
    uint32_t gap, head, distance, last = 0;
    const uint8_t *p = r->p, *end = r->end;
    if (p == end || !(p = ns_get_varint32(p, end, &gap)) || !(p = ns_get_varint32(p, end, &head)))
        return false;
    r->docid += gap + 1;
    r->count = head >> 2;
    r->tf = (head & 3) == NONE ? 0 : (head & 3) == COUNT ? r->count : r->count + NS_TITLE_WEIGHT;
    if ((head & 3) == EXPLICIT && !(p = ns_get_varint32(p, end, &r->tf)))
        return false;
    if (r->places.capacity < r->count * sizeof(uint32_t) && !ns_buffer_reserve(&r->places, r->count * sizeof(uint32_t)))
        return false;
    uint32_t *positions = (uint32_t *)(void *)r->places.data;
    for (uint32_t i = 0; i < r->count; i++) {
        if (!(p = ns_get_varint32(p, end, &distance)))
            return false;
        last = positions[i] = last + distance + (i != 0);
    }
    r->positions = positions;
    r->p = p;
    return true;
}

void ns_inverted_reader_release(ns_inverted_reader *r)
{
    ns_buffer_release(&r->bytes);
    ns_buffer_release(&r->places);
}
