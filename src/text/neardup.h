/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * neardup.h - sketches that tell copies of one story: MinHash over word shingles.
 */
#ifndef NS_TEXT_NEARDUP_H
#define NS_TEXT_NEARDUP_H

#include <stdbool.h>

#include "src/text/analysed.h"

/* Sketch of a body given as the folded words in order. */
void ns_sketch_make(const char *const *words, size_t count, ns_sketch *out);
/* The same from the words' hashes, ns_hash64 of each with seed 0, and those of the telling words among them,
 * of which the shingles are made: what stands between two of them is left out. */
void ns_sketch_make_hashed(const uint64_t *words, size_t count, const uint64_t *telling, size_t telling_count,
                           ns_sketch *out);
/* Adds a number of the body, by its hash; numbers of one digit tell nothing and are better left out. */
void ns_sketch_add_number(ns_sketch *sketch, uint64_t hash);
/* Estimated share of the smaller text's shingles that the other holds too, 0 to 1. */
double ns_sketch_likeness(const ns_sketch *a, const ns_sketch *b);
/* What speaks for two texts being copies: that share and that of the keywords, less what numbers that differ
 * and short lists of keywords say against it; at most 1.85, or 2 of short texts that are the same. */
double ns_sketch_evidence(const ns_sketch *a, const ns_sketch *b);
/* Whether copies with this evidence may be so many days apart; NS_DAY_UNKNOWN fits any. */
bool ns_sketch_days_fit(const ns_sketch *a, int32_t day_a, const ns_sketch *b, int32_t day_b,
                        double evidence);
/* What the days say against it: to be taken off the evidence. */
double ns_sketch_days_against(int32_t day_a, int32_t day_b);
/* Enough of what is left (doc/copies.md). */
#define NS_COPY_EVIDENCE 0.68
/* Whether two articles are copies of one story: evidence, and days that fit. *evidence may be NULL. */
bool ns_sketch_is_copy(const ns_sketch *a, int32_t day_a, const ns_sketch *b, int32_t day_b,
                       double *evidence);

#endif
