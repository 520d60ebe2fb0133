/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * build.h - from the tree of a query to the plan an engine can answer, and to what the later passes need: which
 * words stand side by side, and what to highlight.
 */
#ifndef NS_QUERY_BUILD_H
#define NS_QUERY_BUILD_H

#include "index/backend.h"
#include "src/base/map.h"
#include "src/query/notes.h"
#include "src/query/parse.h"
#include "src/text/analyse.h"

/* A term that is scored. */
typedef struct ns_query_term {
    const char *key; /* with its kind byte */
    uint32_t key_length;
    const char *shown;   /* as the reader knows it */
    double count;        /* times in the query, entities times their weight */
    uint64_t df, texts;  /* passages that hold it; articles that do and are no copies */
    double idf;
    uint32_t weight;     /* its index among the plan's weights; UINT32_MAX: in no article */
} ns_query_term;

/* Two words that stand 'gap' words apart in the query. */
typedef struct ns_word_pair {
    uint32_t first, second; /* terms */
    uint32_t gap;
} ns_word_pair;

typedef struct ns_built {
    ns_plan plan;
    ns_query_term *terms;
    size_t term_count;
    ns_word_pair *pairs;
    size_t pair_count;
    ns_map stems, exacts, names; /* to highlight: stems, folded words, folded words of names joined by spaces */
    size_t longest_name;         /* in words */
    ns_map index_of;             /* key to term + 1 */
    bool only_stopwords;         /* there is no other word in the query */
    uint64_t texts;              /* articles of the snapshot that are no copies */
} ns_built;

#define NS_WEIGHTS_MAX 1024

typedef struct ns_build_context {
    ns_snapshot *snapshot;
    const ns_analyser *analyser;
    ns_workspace *workspace;
    ns_arena *arena;
    ns_notes *notes;
    double entity_weight;
} ns_build_context;

void ns_built_init(ns_built *built);
void ns_built_release(ns_built *built);
nsearch_status ns_build(const ns_build_context *context, const ns_node *root, ns_built *built, nsearch_error *err);

#endif
