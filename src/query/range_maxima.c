/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_maxima.c - makes and keeps the maxima. The cache is a hash table under one lock; when it is full, what was not
 * asked for since it was last full goes first. Pieces in use live until they are released.
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
    bool asked_for;  /* since the cache was last full */
    unsigned char *key;
    uint8_t ranges[];
} piece;

#define BUCKETS 4096

struct ns_maxima_cache {
    pthread_mutex_t lock;
    double k1, b, average; /* what the pieces were made for; k1 < 0: nothing yet */
    size_t limit, size;
    piece *buckets[BUCKETS];
};

#define LIMIT_MIN ((size_t)64 << 20)

ns_maxima_cache *ns_maxima_cache_new(size_t limit, uint64_t index_bytes)
{
    if (!limit)
        limit = index_bytes / 4 > LIMIT_MIN ? (size_t)(index_bytes / 4) : LIMIT_MIN;
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

/* Lets go of pieces: with 'all' of every one, else of those that were not asked for. */
static void sweep(ns_maxima_cache *cache, bool all)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        piece **link = &cache->buckets[i];
        while (*link) {
            piece *p = *link;
            if (p->asked_for && !all) {
                p->asked_for = false;
                link = &p->next;
                continue;
            }
            *link = p->next;
            cache->size -= p->size;
            let_go(p);
        }
    }
}

static void make_room(ns_maxima_cache *cache, size_t wanted)
{
    for (int round = 0; round < 2 && cache->size + wanted > cache->limit; round++)
        sweep(cache, round > 0);
}

void ns_maxima_cache_free(ns_maxima_cache *cache)
{
    if (!cache)
        return;
    sweep(cache, true);
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
    return ns_hash64(key, n, m->number * 2 + kind);
}

bool ns_maxima_find(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_maxima *maxima)
{
    *maxima = (ns_maxima){NULL, NULL, NULL};
    if (!cache)
        return false;
    uint64_t hash = hash_of(m, kind, key, n);
    pthread_mutex_lock(&cache->lock);
    piece *p = kind == NS_MAXIMA_BITS || same_formula(cache, m->formula) ? find(cache, hash, kind, m->number, key, n) : NULL;
    if (p) {
        p->users++;
        p->asked_for = true;
        size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
        *maxima = (ns_maxima){p->ranges, p->ranges + ranges, p};
    }
    pthread_mutex_unlock(&cache->lock);
    return p != NULL;
}

/* Puts a piece in; one of the same term that came first stays. A new formula begins the cache anew. */
static void keep(ns_maxima_cache *cache, const ns_bm25 *formula, piece *p)
{
    pthread_mutex_lock(&cache->lock);
    bool other = p->kind == NS_MAXIMA_SHARES && !same_formula(cache, formula);
    if (other) {
        sweep(cache, true);
        cache->k1 = formula->k1;
        cache->b = formula->b;
        cache->average = formula->average;
    }
    make_room(cache, p->size);
    if (p->size <= cache->limit && !find(cache, p->hash, p->kind, p->part, p->key, p->key_length)) {
        p->next = cache->buckets[p->hash % BUCKETS];
        cache->buckets[p->hash % BUCKETS] = p;
        cache->size += p->size;
        p->users++;
    }
    pthread_mutex_unlock(&cache->lock);
}

static void fill_shares(const ns_part_match *m, ns_cursor *c, uint8_t *ranges)
{
    float norms[NS_BM25_NORMS];
    for (unsigned i = 0; i < NS_BM25_NORMS; i++)
        norms[i] = (float)m->formula->norms[i];
    for (; c->docid != NS_DOCID_END; ns_cursor_next_block(c)) {
        const uint32_t *freqs = ns_cursor_freqs(c);
        for (uint32_t i = 0; i < c->n; i++) {
            uint32_t len = ns_part_length(m, c->docids[i]);
            float norm = len < NS_BM25_NORMS ? norms[len] : (float)ns_bm25_norm_of(m->formula, len);
            uint8_t q = ns_maxima_byte(freqs[i], norm);
            uint8_t *range = &ranges[(c->docids[i] - m->part.docid_begin) >> NS_RANGE_SHIFT];
            *range = q > *range ? q : *range;
        }
    }
}

void ns_maxima_set_bits(const ns_part_match *m, ns_cursor *cursor, uint8_t *bits)
{
    for (; cursor->docid != NS_DOCID_END; ns_cursor_next_block(cursor))
        for (uint32_t i = 0; i < cursor->n; i++) {
            uint32_t bit = cursor->docids[i] - m->part.docid_begin;
            bits[bit >> 3] |= (uint8_t)(1u << (bit & 7));
        }
}

static void fill(const ns_part_match *m, ns_maxima_kind kind, ns_cursor *cursor, uint8_t *ranges, size_t count)
{
    if (kind == NS_MAXIMA_BITS) {
        ns_maxima_set_bits(m, cursor, ranges);
        return;
    }
    fill_shares(m, cursor, ranges);
    for (size_t i = 0; i < count; i++) {
        uint8_t *group = ranges + count + i / NS_RANGE_GROUP;
        *group = ranges[i] > *group ? ranges[i] : *group;
    }
}

bool ns_maxima_make(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_cursor *cursor, ns_maxima *maxima)
{
    size_t ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
    size_t bytes = ranges + (kind == NS_MAXIMA_SHARES ? ranges / NS_RANGE_GROUP : 0);
    *maxima = (ns_maxima){NULL, NULL, NULL};
    if (!cache) {
        uint8_t *own = ns_arena_zero(m->arena, bytes);
        if (own)
            fill(m, kind, cursor, own, ranges);
        *maxima = (ns_maxima){own, own ? own + ranges : NULL, NULL};
        return own != NULL;
    }
    piece *p = calloc(1, sizeof *p + bytes + n);
    if (!p)
        return false;
    p->hash = hash_of(m, kind, key, n);
    p->kind = kind;
    p->part = m->number;
    p->key = p->ranges + bytes;
    p->key_length = n;
    p->size = sizeof *p + bytes + n;
    p->users = 1;
    memcpy(p->key, key, n);
    fill(m, kind, cursor, p->ranges, ranges);
    *maxima = (ns_maxima){p->ranges, p->ranges + ranges, p};
    if (!cursor->damaged)
        keep(cache, m->formula, p);
    return true;
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
