/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * entity.h - names in an article, resolved within it: "Mr Kim" is the Kim Jong Un named elsewhere.
 */
#ifndef NS_TEXT_ENTITY_H
#define NS_TEXT_ENTITY_H

#include "src/base/arena.h"
#include "src/text/analyse.h"
#include "src/text/name_scan.h"
#include "src/text/tokenise.h"

/* Someone or something that the article names. */
typedef struct ns_entity {
    const char *key; /* folded canonical form; key[-1] is 'e' */
    const char *canonical;
    uint32_t key_length;
    ns_entity_type type;
    bool known;
    const char *within; /* key of the country that a known place lies in; NULL: none is known */
    uint16_t votes[3]; /* mentions that were taken for a person, a place, an organisation */
} ns_entity;

typedef struct ns_found {
    uint32_t first_token, token_count; /* in the tokens given */
    uint32_t entity;
    bool people; /* the form names the people or the manner of the place: Korean */
} ns_found;

typedef struct ns_entities {
    ns_entity *entities;
    ns_found *found; /* by first_token, not overlapping */
    size_t entity_count, found_count;
} ns_entities;

/* One text: tokens[first, last) of the same array. The title comes first, a dateline last. */
typedef struct ns_span {
    uint32_t first, last;
    ns_text_kind kind;
} ns_span;

/* Names in the texts, of which each begins at byte bases[i] of what the tokens count (NULL: all at 0). Memory
 * from 'arena'. False: out of memory. */
bool ns_entities_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                      const uint32_t *bases, size_t span_count, const ns_lexeme *tokens, ns_arena *arena,
                      ns_entities *out);

#endif
