/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_guess.h - what an unknown name may be, from its own words and its neighbours. Used by name_scan.c.
 */
#ifndef NS_TEXT_NAME_GUESS_H
#define NS_TEXT_NAME_GUESS_H

#include "src/text/name_scan.h"

enum { NS_NAME_DASH = NS_GAP_HYPHEN | NS_GAP_SPACE }; /* with a space beside it a hyphen is a dash */

/* One text in hand. */
typedef struct ns_name_scan {
    const ns_lexicon *lexicon;
    const ns_lexeme *tokens;
    size_t last;
    uint32_t article;
    bool all_upper, headline, dateline;
    ns_candidates *out;
    size_t first;
} ns_name_scan;

static inline const ns_word *ns_name_word_at(const ns_name_scan *s, size_t i)
{
    return &s->lexicon->words[s->tokens[i].word];
}

static inline unsigned ns_name_kinds_at(const ns_name_scan *s, size_t i)
{
    return ns_name_word_at(s, i)->name_kinds;
}

static inline bool ns_name_capital_at(const ns_name_scan *s, size_t i)
{
    return s->tokens[i].flags & NS_RAW_CAPITAL;
}

/* What the words of a phrase say together. */
unsigned ns_name_all_kinds(const ns_name_scan *s, size_t first, size_t end);
/* tokens[first, end) with 'titled': a title stands before it. OTHER: it cannot be told. */
ns_entity_type ns_name_guess(const ns_name_scan *s, size_t first, size_t end, bool titled);
/* Whether a place is expected where token i stands: after "in", after "the town of". */
bool ns_name_place_wanted(const ns_name_scan *s, size_t i);
/* "MAGDEBURG - The crest", "BUSAN, South Korea (MNA) - Inspectors": tokens[first, end) begin a text and name where it is
 * from. */
bool ns_name_is_dateline(const ns_name_scan *s, size_t first, size_t end);

#endif
