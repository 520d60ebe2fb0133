/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * parse.h - from the words of a query to a tree (doc/query-syntax.md). Every input has a reading: what
 * cannot be an operator is text, and the notes say so.
 */
#ifndef NS_QUERY_PARSE_H
#define NS_QUERY_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/query/notes.h"

typedef enum ns_field {
    NS_FIELD_TITLE,
    NS_FIELD_SOURCE,
    NS_FIELD_BYLINE,
    NS_FIELD_ENTITY,
    NS_FIELD_PERSON,
    NS_FIELD_PLACE,
    NS_FIELD_ORG
} ns_field;

typedef enum ns_case { NS_CASE_AS_WRITTEN, NS_CASE_CAPS, NS_CASE_NOCAPS, NS_CASE_ALLCAPS } ns_case;

typedef enum ns_node_kind {
    NS_NODE_WORDS,  /* text: plain words */
    NS_NODE_PHRASE, /* text: the words in this order, as written */
    NS_NODE_PREFIX, /* text: the beginning of a word */
    NS_NODE_FIELD,  /* field, text, quoted */
    NS_NODE_DAYS,   /* first_day to last_day */
    NS_NODE_NEAR,   /* two children within 'window' words, in any order */
    NS_NODE_BEFORE, /* the same, the first one first */
    NS_NODE_SENTENCE, /* children in one sentence */
    NS_NODE_PARAGRAPH,
    NS_NODE_SAID,   /* a child, or none, in a quotation; 'speaker' has the text that names who says it, or NULL */
    NS_NODE_LEAD,   /* a child in headline and lead */
    NS_NODE_CASE,   /* a child, written as 'letters' wants */
    NS_NODE_ATLEAST, /* a child, 'window' times */
    NS_NODE_AND,
    NS_NODE_OR,
    NS_NODE_NOT,    /* one child */
    NS_NODE_GROUP   /* clauses in parentheses; the root is one too */
} ns_node_kind;

/* SHOULD ranks, MUST selects and ranks, MUST_NOT excludes. */
typedef enum ns_occur { NS_SHOULD, NS_MUST, NS_MUST_NOT } ns_occur;

typedef struct ns_node ns_node;
struct ns_node {
    ns_node_kind kind;
    ns_occur occur; /* as a clause of its group */
    ns_field field;
    bool quoted;
    const char *text; /* bytes of the query; not ended by NUL */
    size_t length;
    uint32_t window;
    ns_case letters;
    const char *speaker;
    size_t speaker_length;
    bool is_by; /* FIELD of the byline that names the speaker where something is said: */
    int32_t first_day, last_day;
    ns_node *child, *last; /* first and last child or clause */
    ns_node *next;         /* sibling */
};

#define NS_QUERY_NODES_MAX 1024
#define NS_QUERY_DEPTH_MAX 64
#define NS_QUERY_QUOTATIONS_MAX 64 /* each looks through all quotations of an article */

/* 'plain': no operators, all of it is words. 'today' is what 'yesterday' counts from. The
 * tree borrows the query's bytes. Only NO_MEMORY. */
nsearch_status ns_parse(const char *query, bool plain, int32_t today, ns_arena *arena, ns_notes *notes,
                        ns_node **root, nsearch_error *err);

#endif
