/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_scan.h - places in a text that look like names; what they are is decided for the whole article
 * in entity.c.
 */
#ifndef NS_TEXT_NAME_SCAN_H
#define NS_TEXT_NAME_SCAN_H

#include "src/base/arena.h"
#include "src/text/analyse.h"
#include "src/text/tokenise.h"

/* What a text is: a headline has capitals that tell nothing, all names of a dateline are places. */
typedef enum ns_text_kind { NS_TEXT_TITLE, NS_TEXT_BODY, NS_TEXT_DATELINE } ns_text_kind;

typedef struct ns_candidate {
    uint32_t first, count; /* tokens */
    uint32_t key_count;    /* of them make the name: without Inc, Jr */
    const ns_gazetteer *gazetteer;
    const ns_name *name; /* of the gazetteer, or NULL */
    ns_entity_type type; /* NS_ENTITY_OTHER: cannot be told here */
    bool people;         /* the form names the people or the manner of a place */
    bool placed;         /* a place is expected there */
    bool weak;           /* at the start of a sentence or in a headline: wants support from elsewhere */
} ns_candidate;

typedef struct ns_candidates {
    ns_candidate *items;
    size_t count, capacity;
    ns_arena *arena;
} ns_candidates;

/* Appends the candidates of tokens[first, last), one text. 'article' is the stamp of words seen in lower case
 * in the article in hand. False: out of memory. */
bool ns_names_scan(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t first, size_t last,
                   ns_text_kind kind, uint32_t article, ns_candidates *out);

/* The longest name of the gazetteer at tokens[i], or NULL. 'all_upper': the text is all in capitals. */
const ns_alias *ns_names_known_at(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t i, size_t last,
                                  bool is_query, bool all_upper, const ns_gazetteer **gazetteer);

#endif
