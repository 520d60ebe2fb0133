/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bm25.h - the one place of the scoring arithmetic. Every path (pruned, exhaustive, second stage)
 * goes through these functions, so that equal inputs give equal bits.
 */
#ifndef NS_QUERY_BM25_H
#define NS_QUERY_BM25_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "index/cursor.h"

/* doc/ranking.md */
#define NS_BM25_K1 0.9
#define NS_BM25_B 0.4

#define NS_BM25_NORMS 512

typedef struct ns_bm25 {
    double k1, b, average;
    double norms[NS_BM25_NORMS]; /* k1 * ((1 - b) + b * len / average) of the usual lengths */
    float rough[NS_BM25_NORMS];  /* the same, for bounds */
} ns_bm25;

static inline double ns_bm25_norm_of(const ns_bm25 *f, double len)
{
    return f->k1 * ((1 - f->b) + f->b * len / f->average);
}

static inline void ns_bm25_init(ns_bm25 *f, double k1, double b, double average)
{
    f->k1 = k1;
    f->b = b;
    f->average = average > 0 ? average : 1;
    for (unsigned i = 0; i < NS_BM25_NORMS; i++)
        f->rough[i] = (float)(f->norms[i] = ns_bm25_norm_of(f, i));
}

static inline double ns_bm25_norm(const ns_bm25 *f, uint32_t len)
{
    return len < NS_BM25_NORMS ? f->norms[len] : ns_bm25_norm_of(f, len);
}

static inline float ns_bm25_rough_norm(const ns_bm25 *f, uint32_t len)
{
    return len < NS_BM25_NORMS ? f->rough[len] : (float)ns_bm25_norm_of(f, len);
}

/* What one term adds: Robertson and Zaragoza 2009, eq. 3.15, idf and query weight in 'weight'. */
static inline double ns_bm25_part(const ns_bm25 *f, double weight, uint32_t tf, double norm)
{
    return weight * tf * (f->k1 + 1) / (tf + norm);
}

/* ln(1 + (N - n + .5) / (n + .5)): never negative (Lucene's form of Robertson and Sparck Jones). */
static inline double ns_bm25_idf(double total, double n)
{
    return log1p((total - n + 0.5) / (n + 0.5));
}

#endif
