/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * workspace.h - what an analyser and one thread's workspace hold; inside src/text only.
 */
#ifndef NS_TEXT_WORKSPACE_H
#define NS_TEXT_WORKSPACE_H

#include "src/text/analyse.h"
#include "src/text/keywords.h"
#include "src/text/passage_terms.h"
#include "src/text/tokenise.h"
#include "src/base/buffer.h"

#define NS_DATELINE_MAX 100 /* bytes; a longer one is none */

struct ns_analyser {
    ns_gazetteer *user; /* or NULL */
};

struct ns_workspace {
    const ns_analyser *analyser;
    ns_lexicon lexicon;
    ns_lexemes lexemes;
    ns_term_scratch scratch;
    ns_keyword_scratch keywords;
    ns_arena arena; /* of the article in hand */
    ns_buffer stored;
    uint64_t *hashes; /* of the body's words, for the sketch; then of the telling ones among them */
    size_t hash_capacity;
};

#endif
