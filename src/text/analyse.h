/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * analyse.h - the chain from article to terms; the same steps cut a query.
 */
#ifndef NS_TEXT_ANALYSE_H
#define NS_TEXT_ANALYSE_H

#include <stdbool.h>

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

typedef struct ns_analyser ns_analyser;   /* settings and gazetteer: immutable, shared by threads */
typedef struct ns_workspace ns_workspace; /* stemmer and memory of one thread */

/* 'names' is the text of a user's gazetteer file ('n' bytes; NULL: none) and is added to the
 * built-in one. INVALID names the line. */
nsearch_status ns_analyser_new(const char *names, size_t n, ns_analyser **analyser, nsearch_error *err);
void ns_analyser_free(ns_analyser *analyser);
nsearch_status ns_workspace_new(const ns_analyser *analyser, ns_workspace **workspace, nsearch_error *err);
void ns_workspace_free(ns_workspace *workspace);
/* Gives back what a large article took; what was analysed is gone. NO_MEMORY: the workspace can only be freed. */
nsearch_status ns_workspace_trim(ns_workspace *workspace, nsearch_error *err);

/* What is indexed of one article, so that a hostile one takes bounded memory: its title's first 256 words, and of its body the
 * first so many words and paragraphs, and no further passage after so many terms. The longest of 70,000 news articles
 * has 16,000 words, and some 50,000 terms. Changing one changes the index of such articles. */
#define NS_ARTICLE_WORDS_MAX (128u << 10)
#define NS_ARTICLE_TERMS_MAX (512u << 10)

/* *out lives in the workspace until its next use. SKIPPED: nothing to index. */
nsearch_status ns_analyse_article(ns_workspace *workspace, const ns_article *article, ns_analysed *out,
                                  nsearch_error *err);

/* One word of a query, or of a text that is shown. */
typedef struct ns_token {
    uint32_t begin, end;     /* bytes in the text */
    uint32_t position;
    const char *exact;       /* folded, spelling made uniform, possessive cut; ends in NUL */
    const char *stem;        /* ends in NUL */
    bool stopword;
    bool capitalised;
} ns_token;

typedef enum ns_entity_type {
    NS_ENTITY_PERSON,
    NS_ENTITY_PLACE,
    NS_ENTITY_ORG,
    NS_ENTITY_OTHER
} ns_entity_type;

/* A name that was recognised. */
typedef struct ns_mention {
    uint32_t begin, end;     /* bytes in the text */
    uint32_t first_token, token_count;
    ns_entity_type type;
    const char *key;         /* without the kind byte: folded canonical form */
    const char *canonical;   /* as shown: "North Korea" */
    bool known;              /* from the gazetteer */
    bool people;             /* it names the people or the manner of a place: Korean */
    const char *within;      /* country of a known place, as shown; NULL: none is known */
} ns_mention;

typedef struct ns_tokens {
    const ns_token *tokens;
    size_t count;
    const ns_mention *mentions; /* by begin, not overlapping */
    size_t mention_count;
} ns_tokens;

/* Cuts a query's text (valid UTF-8 or not: bad bytes part words). Names are looked up in the
 * gazetteer whatever their case, longest first; other names are the evaluator's work. Memory from 'arena'. */
nsearch_status ns_analyse_query(ns_workspace *workspace, const char *text, size_t n, ns_arena *arena,
                                ns_tokens *out, nsearch_error *err);
/* Cuts a shown text (a passage, a title) for highlighting: tokens as the index has them; no mentions. */
nsearch_status ns_analyse_text(ns_workspace *workspace, const char *text, size_t n, ns_arena *arena,
                               ns_tokens *out, nsearch_error *err);
/* Names in an article, resolved within it; paragraph[i] gives the paragraph of mention i, begin and end are
 * bytes within that paragraph. The title is paragraph -1, the dateline -2. */
nsearch_status ns_analyse_mentions(ns_workspace *workspace, const ns_article *article, ns_arena *arena,
                                   ns_mention **mentions, int32_t **paragraph, size_t *count,
                                   nsearch_error *err);
/* How a name of the gazetteer is shown: "North Korea"; NULL when it has no such key. The analyser's memory. */
const char *ns_gazetteer_canonical(const ns_analyser *analyser, const char *key);
/* Words between quotation marks. */
typedef struct ns_quotation {
    uint32_t first_word, word_count; /* among all words of the body */
    uint32_t begin, end;             /* bytes of the body between the marks */
    const char *text;
    const char *speaker;             /* a name in full, or what the text calls the speaker; NULL: it tells of none */
} ns_quotation;
/* Quotations in an article's body, in order, as they are indexed. Memory from 'arena'. */
nsearch_status ns_analyse_quotations(ns_workspace *workspace, const ns_article *article, ns_arena *arena,
                                     ns_quotation **quotations, size_t *count, nsearch_error *err);
/* The other ways to write a name of the gazetteer, as shown: "DPRK", "N. Korea". Count may be 0. */
nsearch_status ns_gazetteer_aliases(const ns_analyser *analyser, const char *key, ns_arena *arena,
                                    const char ***aliases, size_t *count, nsearch_error *err);

#endif
