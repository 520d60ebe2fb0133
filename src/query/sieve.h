/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sieve.h - tells of most passages that hold all words of a phrase, but not the phrase, that they do not, without a look
 * at positions: what is kept of its frequent words says where each stands, modulo 32 (range_maxima.h), and these must
 * fit together somewhere.
 */
#ifndef NS_QUERY_SIEVE_H
#define NS_QUERY_SIEVE_H

#include "src/query/range_maxima.h"

#define NS_SIEVE_WORDS 3
#define NS_SIEVE_CANDIDATES 512 /* for fewer passages there is no sieve: their positions are looked at */

typedef struct ns_sieve ns_sieve;
struct ns_sieve {
    ns_maxima words[NS_SIEVE_WORDS];
    unsigned shifts[NS_SIEVE_WORDS]; /* where each stands in the phrase, modulo 32 */
    size_t count;                    /* 0: everything passes */
    uint32_t begin;                  /* docid of the part's first passage */
    bool (*passes)(const ns_sieve *s, uint32_t docid);
};

/* Makes a sieve of up to three frequent words of a leaf, for part m->number; with too few such words, or without a
 * cache, one that lets everything pass. 'candidates': how many passages there are to be asked about, about. */
nsearch_status ns_sieve_open(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *leaf, uint64_t candidates,
                             ns_sieve *sieve, nsearch_error *err);
void ns_sieve_close(ns_maxima_cache *cache, ns_sieve *sieve);

/* False: the passage surely does not hold the phrase. */
static inline bool ns_sieve_passes(const ns_sieve *s, uint32_t docid)
{
    return !s->count || s->passes(s, docid);
}

#endif
