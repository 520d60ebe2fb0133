/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * range_maxima.h - what is worked out of a term's postings when a query first needs it, and kept while there is room:
 * the largest share of its weight that it gives to any passage of each range of eight (range_kernels.h), or, of a short
 * list, to each of its passages; which passages hold it, a bit for each; and roughly where it stands in them.
 *
 * A share is tf / (tf + norm), between 0 and 1, held in a byte, rounded up; 0 means no posting. Fixed ranges of docids
 * instead of blocks of postings make the bounds of several terms add up in one pass (Mallia, Suel and Tonellotto 2024,
 * "Faster Learned Sparse Retrieval with Block-Max Pruning"). They hang on k1, b and the average length, which is why they
 * are not in the index.
 */
#ifndef NS_QUERY_RANGE_MAXIMA_H
#define NS_QUERY_RANGE_MAXIMA_H

#include "src/query/match_part.h"
#include "src/query/range_kernels.h"

typedef struct ns_maxima_cache ns_maxima_cache;

typedef enum ns_maxima_kind {
    NS_MAXIMA_SHARES, /* a byte a range: see above */
    NS_MAXIMA_LIST,   /* all postings, and the largest share of each range that has some */
    NS_MAXIMA_BITS,   /* a bit a passage, low bits first */
    NS_MAXIMA_SPOTS   /* the same, and bit p % 32 for each position p of each posting */
} ns_maxima_kind;

typedef struct ns_maxima {
    const uint8_t *ranges; /* SHARES, BITS, SPOTS: ns_range_count(passages of the part) bytes */
    const uint8_t *groups; /* SHARES: the largest of each group of ranges */
    const uint32_t *docids, *freqs; /* LIST, and nothing else then: 'count' of them */
    const uint32_t *at_range, *at_group;    /* LIST: where they lie, ascending, each range and each group of ranges once, */
    const uint8_t *in_range, *in_group;     /* and the largest share there */
    uint32_t range_count, group_count;
    const uint32_t *ranks; /* SPOTS: postings before each 64 passages */
    const uint32_t *spots; /* of 'count' postings */
    uint32_t count;        /* of LIST and SPOTS */
    void *held;            /* of the cache */
} ns_maxima;

/* A cache for one snapshot, shared by threads. It holds at most about 'limit' bytes; 0: half of the index, and at
 * least 64 MB. NULL when memory is out. */
ns_maxima_cache *ns_maxima_cache_new(size_t limit, uint64_t index_bytes);
void ns_maxima_cache_free(ns_maxima_cache *cache);

/* A list with fewer postings than a 128th of the passages is cheaper read as it is than a byte for every range. */
static inline bool ns_maxima_worth(const ns_part_match *m, const ns_cursor *cursor)
{
    return cursor->df > 256 && cursor->df > (m->part.docid_end - m->part.docid_begin) / 128;
}

/* What the cache holds of a term in a part; false when nothing. */
bool ns_maxima_find(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_maxima *maxima);
/* Works them out: 'cursor' stands on its first posting and is at its end afterwards. Puts them into the cache, which may
 * be NULL: the memory is the arena's then. False when memory is out. */
bool ns_maxima_make(ns_maxima_cache *cache, const ns_part_match *m, ns_maxima_kind kind, const void *key, size_t n,
                    ns_cursor *cursor, ns_maxima *maxima);
/* Whether SPOTS of df postings may be made: they are large, and leave two thirds of the cache to the others. */
bool ns_maxima_spots_fit(ns_maxima_cache *cache, const ns_part_match *m, uint32_t df);
/* The maxima are not used any more. */
void ns_maxima_release(ns_maxima_cache *cache, ns_maxima *maxima);
/* Sets the bits of all postings from the cursor's on. */
void ns_maxima_set_bits(const ns_part_match *m, ns_cursor *cursor, uint8_t *bits);

#endif
