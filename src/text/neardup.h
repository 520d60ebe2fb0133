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
/* The same from the words' hashes: ns_hash64 of each with seed 0. */
void ns_sketch_make_hashed(const uint64_t *words, size_t count, ns_sketch *out);
/* Estimated share of the smaller text's shingles that the other holds too, 0 to 1. */
double ns_sketch_likeness(const ns_sketch *a, const ns_sketch *b);
/* Whether two articles are copies of one story: likeness, and days (NS_DAY_UNKNOWN fits any)
 * not too far apart. *likeness may be NULL. */
bool ns_sketch_is_copy(const ns_sketch *a, int32_t day_a, const ns_sketch *b, int32_t day_b,
                       double *likeness);

#endif
