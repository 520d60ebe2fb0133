/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * own.h - which sentences of a text others have too. A sentence is known when at least half of its pairs of words are:
 * a few changed words do not make it new. Far simpler and faster than analysis, because whole articles are compared
 * while an answer is shown.
 */
#ifndef NS_TEXT_OWN_H
#define NS_TEXT_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pairs of words that were met; legal when zeroed. */
typedef struct ns_known_pairs {
    uint32_t *slots; /* 0 is empty */
    size_t slot_count, count;
} ns_known_pairs;

void ns_known_pairs_release(ns_known_pairs *known);
/* Adds those of a text. False: out of memory. */
bool ns_known_pairs_add(ns_known_pairs *known, const char *text, size_t n);

typedef struct ns_own_count {
    size_t sentences, own;
} ns_own_count;

/* Looks at each sentence of a text; 'each' may be NULL. Sentences of fewer than three words are left out. */
ns_own_count ns_own_sentences(const ns_known_pairs *known, const char *text, size_t n,
                              void (*each)(const char *sentence, size_t length, bool own, void *user), void *user);

#endif
