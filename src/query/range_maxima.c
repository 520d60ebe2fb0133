/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_maxima.c - makes and keeps the maxima. The cache is a hash table under one lock; when it is full, a
 * hand goes around it and takes out what was not asked for lately. Pieces in use live until they are released.
 */
#include "src/query/range_maxima.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"

typedef struct piece {
    struct piece *next; /* of the bucket */
    uint64_t hash;
    ns_maxima_kind kind;
    size_t part, key_length, size;
    unsigned users;  /* the table itself is one */
    bool asked_for;  /* since the hand was here */
    unsigned char *key;
    uint32_t count; /* of the postings of a LIST or of SPOTS */
    uint8_t bytes[];
} piece;

#define BUCKETS 4096
#define SOME 128 /* postings at once */

struct ns_maxima_cache {
    pthread_mutex_t lock;
    double k1, b, average; /* what the pieces were made for; k1 < 0: nothing yet */
    size_t limit, size, hand;
    size_t spots, spots_hand; /* what SPOTS have of the size; their own hand */
    piece *buckets[BUCKETS];
};

#define LIMIT_MIN ((size_t)64 << 20)

ns_maxima_cache *ns_maxima_cache_new(size_t limit, uint64_t index_bytes)
{
    if (!limit)
        limit = index_bytes / 2 > LIMIT_MIN ? (size_t)(index_bytes / 2) : LIMIT_MIN;
    ns_maxima_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    if (pthread_mutex_init(&cache->lock, NULL)) {
        free(cache);
        return NULL;
    }
    cache->limit = limit;
    cache->k1 = -1;
    return cache;
}

static void let_go(piece *p)
{
    if (--p->users == 0)
        free(p);
}

static void take_out(ns_maxima_cache *cache, piece **link)
{
    piece *p = *link;
    *link = p->next;
    cache->size -= p->size;
    cache->spots -= p->kind == NS_MAXIMA_SPOTS ? p->size : 0;
    let_go(p);
}

static void take_all_out(ns_maxima_cache *cache)
{
    for (size_t i = 0; i < BUCKETS; i++)
        while (cache->buckets[i])
            take_out(cache, &cache->buckets[i]);
}

/* The hand goes on around the buckets: what was not asked for since it last came by goes (Corbato's clock, 1968). */
static void make_room(ns_maxima_cache *cache, size_t wanted)
{
    for (size_t steps = 2 * BUCKETS; steps && cache->size + wanted > cache->limit; steps--) {
        cache->hand = (cache->hand + 1) % BUCKETS;
        for (piece **link = &cache->buckets[cache->hand]; *link;) {
            if (!(*link)->asked_for) {
                take_out(cache, link);
                continue;
            }
            (*link)->asked_for = false;
            link = &(*link)->next;
        }
    }
}

void ns_maxima_cache_free(ns_maxima_cache *cache)
{
    if (!cache)
        return;
    take_all_out(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static bool same_formula(const ns_maxima_cache *cache, const ns_bm25 *f)
{
    return cache->k1 == f->k1 && cache->b == f->b && cache->average == f->average;
}

static piece *find(ns_maxima_cache *cache, uint64_t hash, ns_maxima_kind kind, size_t part, const void *key, size_t n)
{
    for (piece *p = cache->buckets[hash % BUCKETS]; p; p = p->next)
        if (p->hash == hash && p->kind == kind && p->part == part && p->key_length == n && !memcmp(p->key, key, n))
            return p;
    return NULL;
}

static uint64_t hash_of(const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n)
{
    return ns_hash64(key, n, m->number * 4 + kind);
}

/* A LIST: its counts, then the arrays, each with room for all postings. */
typedef struct list_counts {
    uint32_t df, postings, ranges, groups;
} list_counts;

/* Bytes of what is worked out of a list of df postings. */
static size_t size_of(const ns_part_match *m, ns_maxima_kind kind, uint32_t df)
{
    size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
    switch (kind) {
    case NS_MAXIMA_SHARES:
        return ranges + ranges / NS_RANGE_GROUP;
    case NS_MAXIMA_LIST:
        return sizeof(list_counts) + (size_t)df * (4 * sizeof(uint32_t) + 2);
    case NS_MAXIMA_BITS:
        return ranges;
    case NS_MAXIMA_SPOTS:
        return ranges + (ranges / 8 + df) * sizeof(uint32_t);
    }
    return 0;
}

/* Whether a piece hangs on the formula. */
static bool has_shares(ns_maxima_kind kind)
{
    return kind == NS_MAXIMA_SHARES || kind == NS_MAXIMA_LIST;
}

static ns_maxima view_list(const uint8_t *bytes)
{
    const list_counts *n = (const list_counts *)(const void *)bytes;
    const uint32_t *docids = (const uint32_t *)(const void *)(n + 1), *end = docids + (size_t)4 * n->df;
    return (ns_maxima){.docids = docids,
                       .freqs = docids + n->df,
                       .at_range = docids + (size_t)2 * n->df,
                       .at_group = docids + (size_t)3 * n->df,
                       .in_range = (const uint8_t *)end,
                       .in_group = (const uint8_t *)end + n->df,
                       .count = n->postings,
                       .range_count = n->ranges,
                       .group_count = n->groups};
}

static ns_maxima view(const ns_part_match *m, ns_maxima_kind kind, uint8_t *bytes, uint32_t count)
{
    size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
    if (kind == NS_MAXIMA_LIST)
        return view_list(bytes);
    if (kind == NS_MAXIMA_SPOTS)
        return (ns_maxima){.ranges = bytes,
                           .ranks = (uint32_t *)(void *)(bytes + ranges),
                           .spots = (uint32_t *)(void *)(bytes + ranges) + ranges / 8,
                           .count = count};
    return (ns_maxima){.ranges = bytes, .groups = bytes + ranges};
}

bool ns_maxima_find(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_maxima *maxima)
{
    *maxima = (ns_maxima){.held = NULL};
    if (!cache)
        return false;
    uint64_t hash = hash_of(m, kind, key, n);
    pthread_mutex_lock(&cache->lock);
    piece *p = !has_shares(kind) || same_formula(cache, m->formula) ? find(cache, hash, kind, m->number, key, n) : NULL;
    if (p) {
        p->users++;
        p->asked_for = true;
        *maxima = view(m, kind, p->bytes, p->count);
        maxima->held = p;
    }
    pthread_mutex_unlock(&cache->lock);
    return p != NULL;
}

/* Puts a piece in; one of the same term that came first stays. A new formula begins the cache anew. */
static void keep(ns_maxima_cache *cache, const ns_bm25 *formula, piece *p)
{
    pthread_mutex_lock(&cache->lock);
    bool other = has_shares(p->kind) && !same_formula(cache, formula);
    if (other) {
        take_all_out(cache);
        cache->k1 = formula->k1;
        cache->b = formula->b;
        cache->average = formula->average;
    }
    make_room(cache, p->size);
    if (p->size <= cache->limit && !find(cache, p->hash, p->kind, p->part, p->key, p->key_length)) {
        p->next = cache->buckets[p->hash % BUCKETS];
        cache->buckets[p->hash % BUCKETS] = p;
        cache->size += p->size;
        cache->spots += p->kind == NS_MAXIMA_SPOTS ? p->size : 0;
        p->users++;
    }
    pthread_mutex_unlock(&cache->lock);
}

/* Shares of n postings. */
static void take_shares(const ns_part_match *m, const uint32_t *docids, const uint32_t *freqs, size_t n, uint8_t *shares)
{
    const ns_range_kernels *kernels = ns_range_kernels_best();
    float norms[SOME];
    for (size_t at = 0; at < n; at += SOME) {
        size_t some = n - at < SOME ? n - at : SOME;
        for (size_t i = 0; i < some; i++)
            norms[i] = ns_bm25_rough_norm(m->formula, ns_part_length(m, docids[at + i]));
        kernels->shares(freqs + at, norms, some, shares + at);
    }
}

static void fill_ranges(const ns_part_match *m, ns_cursor *c, uint8_t *ranges)
{
    uint8_t shares[SOME];
    for (; c->docid != NS_DOCID_END; ns_cursor_next_block(c)) {
        const uint32_t *freqs = ns_cursor_freqs(c);
        for (uint32_t at = 0; at < c->n; at += SOME) {
            uint32_t some = c->n - at < SOME ? c->n - at : SOME;
            take_shares(m, c->docids + at, freqs + at, some, shares);
            for (uint32_t i = 0; i < some; i++) {
                uint8_t *range = &ranges[(c->docids[at + i] - m->part.docid_begin) >> NS_RANGE_SHIFT];
                *range = shares[i] > *range ? shares[i] : *range;
            }
        }
    }
}

static void fill_groups(const uint8_t *ranges, size_t count, uint8_t *groups)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t *group = &groups[i / NS_RANGE_GROUP];
        *group = ranges[i] > *group ? ranges[i] : *group;
    }
}

/* The largest of the shares in each range, and in each group. */
static void fill_runs(const ns_part_match *m, const uint32_t *docids, uint32_t n, list_counts *counts, uint32_t *at_range,
                      uint32_t *at_group, uint8_t *in_range, uint8_t *in_group, const uint32_t *freqs)
{
    uint8_t shares[SOME];
    uint32_t ranges = 0, groups = 0;
    for (uint32_t at = 0; at < n; at += SOME) {
        uint32_t some = n - at < SOME ? n - at : SOME;
        take_shares(m, docids + at, freqs + at, some, shares);
        for (uint32_t i = 0; i < some; i++) {
            uint32_t range = (docids[at + i] - m->part.docid_begin) >> NS_RANGE_SHIFT, group = range / NS_RANGE_GROUP;
            if (!ranges || at_range[ranges - 1] != range) {
                at_range[ranges] = range;
                in_range[ranges++] = 0;
            }
            if (!groups || at_group[groups - 1] != group) {
                at_group[groups] = group;
                in_group[groups++] = 0;
            }
            in_range[ranges - 1] = shares[i] > in_range[ranges - 1] ? shares[i] : in_range[ranges - 1];
            in_group[groups - 1] = shares[i] > in_group[groups - 1] ? shares[i] : in_group[groups - 1];
        }
    }
    counts->ranges = ranges;
    counts->groups = groups;
}

/* Takes no more than df postings, whatever the dictionary says (verify finds it). */
static uint32_t fill_list(const ns_part_match *m, ns_cursor *c, uint32_t df, uint8_t *bytes)
{
    list_counts *counts = (list_counts *)(void *)bytes;
    uint32_t n = 0, *docids = (uint32_t *)(void *)(counts + 1), *freqs = docids + df;
    uint8_t *shares = (uint8_t *)(freqs + (size_t)3 * df);
    for (; c->docid != NS_DOCID_END && c->n <= df - n; ns_cursor_next_block(c)) {
        const uint32_t *of_block = ns_cursor_freqs(c);
        memcpy(docids + n, c->docids, c->n * sizeof *docids);
        memcpy(freqs + n, of_block, c->n * sizeof *freqs);
        n += c->n;
    }
    counts->df = df;
    counts->postings = n;
    fill_runs(m, docids, n, counts, freqs + df, freqs + (size_t)2 * df, shares, shares + df, freqs);
    return n;
}

void ns_maxima_set_bits(const ns_part_match *m, ns_cursor *cursor, uint8_t *bits)
{
    for (; cursor->docid != NS_DOCID_END; ns_cursor_next_block(cursor))
        for (uint32_t i = 0; i < cursor->n; i++) {
            uint32_t bit = cursor->docids[i] - m->part.docid_begin;
            bits[bit >> 3] |= (uint8_t)(1u << (bit & 7));
        }
}

/* Sets the spots of the block in hand. */
static void take_spots(ns_cursor *c, uint32_t *spots)
{
    if (c->ops->spots) {
        c->ops->spots(c, spots);
        return;
    }
    for (uint32_t i = 0, n = c->n, docid = c->docid; i < n; i++, docid = ns_cursor_next(c)) {
        const uint32_t *positions;
        size_t count = docid == NS_DOCID_END ? 0 : c->ops->positions(c, &positions);
        spots[i] = 0;
        for (size_t k = 0; k < count; k++)
            spots[i] |= UINT32_C(1) << (positions[k] & 31);
    }
}

/* Returns how many postings there are, no more than df. */
static uint32_t fill_spots(const ns_part_match *m, ns_cursor *c, uint8_t *bytes)
{
    size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin), word = 0;
    uint32_t n = 0, df = c->df, *ranks = (uint32_t *)(void *)(bytes + ranges), *spots = ranks + ranges / 8;
    while (c->docid != NS_DOCID_END && c->n <= df - n) {
        uint32_t last = c->docids[c->n - 1], some = c->n;
        for (uint32_t i = 0; i < some; i++) {
            uint32_t bit = c->docids[i] - m->part.docid_begin;
            bytes[bit >> 3] |= (uint8_t)(1u << (bit & 7));
            while (word <= bit >> 6)
                ranks[word++] = n + i;
        }
        take_spots(c, spots + n);
        n += some;
        if (ns_cursor_seek(c, last + 1) <= last)
            break;
    }
    while (word < ranges / 8)
        ranks[word++] = n;
    return n;
}

/* Returns the postings of a LIST or of SPOTS. */
static uint32_t fill(const ns_part_match *m, ns_maxima_kind kind, ns_cursor *cursor, uint8_t *bytes)
{
    size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
    switch (kind) {
    case NS_MAXIMA_SHARES:
        fill_ranges(m, cursor, bytes);
        fill_groups(bytes, ranges, bytes + ranges);
        return 0;
    case NS_MAXIMA_LIST:
        return fill_list(m, cursor, cursor->df, bytes);
    case NS_MAXIMA_BITS:
        ns_maxima_set_bits(m, cursor, bytes);
        return 0;
    case NS_MAXIMA_SPOTS:
        return fill_spots(m, cursor, bytes);
    }
    return 0;
}

bool ns_maxima_make(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_cursor *cursor, ns_maxima *maxima)
{
    size_t bytes = size_of(m, kind, cursor->df);
    *maxima = (ns_maxima){.held = NULL};
    if (!cache) {
        uint8_t *own = ns_arena_zero(m->arena, bytes);
        if (own)
            *maxima = view(m, kind, own, fill(m, kind, cursor, own));
        return own != NULL;
    }
    piece *p = calloc(1, sizeof *p + bytes + n);
    if (!p)
        return false;
    p->hash = hash_of(m, kind, key, n);
    p->kind = kind;
    p->part = m->number;
    p->key = p->bytes + bytes;
    p->key_length = n;
    p->size = sizeof *p + bytes + n;
    p->users = 1;
    memcpy(p->key, key, n);
    p->count = fill(m, kind, cursor, p->bytes);
    *maxima = view(m, kind, p->bytes, p->count);
    maxima->held = p;
    if (!cursor->damaged)
        keep(cache, m->formula, p);
    return true;
}

/* Each time there is no room their hand goes on by one bucket: those of words that nobody has asked for in a long while
 * go. A faster hand would take out what the next queries want. */
static void age_spots(ns_maxima_cache *cache)
{
    cache->spots_hand = (cache->spots_hand + 1) % BUCKETS;
    for (piece **link = &cache->buckets[cache->spots_hand]; *link;) {
        bool of_spots = (*link)->kind == NS_MAXIMA_SPOTS;
        if (of_spots && !(*link)->asked_for) {
            take_out(cache, link);
            continue;
        }
        (*link)->asked_for &= !of_spots;
        link = &(*link)->next;
    }
}

bool ns_maxima_spots_fit(ns_maxima_cache *cache, const ns_part_match *m, uint32_t df)
{
    size_t size = size_of(m, NS_MAXIMA_SPOTS, df);
    pthread_mutex_lock(&cache->lock);
    if (cache->spots + size > cache->limit / 3)
        age_spots(cache);
    bool fit = cache->spots + size <= cache->limit / 3;
    pthread_mutex_unlock(&cache->lock);
    return fit;
}

void ns_maxima_release(ns_maxima_cache *cache, ns_maxima *maxima)
{
    if (!cache || !maxima->held)
        return;
    pthread_mutex_lock(&cache->lock);
    let_go(maxima->held);
    pthread_mutex_unlock(&cache->lock);
    maxima->held = NULL;
}
