/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passage.h - sentences to passages: 3 to 6 sentences, about 60 to 120 tokens, ending with a paragraph where
 * that costs little.
 */
#ifndef NS_TEXT_PASSAGE_H
#define NS_TEXT_PASSAGE_H

#include "src/base/arena.h"
#include "src/text/sentence.h"

/* A run of sentences. */
typedef struct ns_cut {
    uint32_t first, count;
} ns_cut;

/* Divides all sentences into runs of at most 'longest' tokens. *out is from the arena. False: out of memory.
 */
bool ns_passages_cut(const ns_sentence *sentences, size_t count, uint32_t longest, ns_arena *arena,
                     ns_cut **out, size_t *out_count);

#endif
