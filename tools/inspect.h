/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect.h - what the commands of nsearch-inspect share. This program alone looks past nsearch.h into the engines.
 */
#ifndef NS_TOOLS_INSPECT_H
#define NS_TOOLS_INSPECT_H

#include <jansson.h>
#include <stdbool.h>

#include "corpus/article.h"
#include "index/backend.h"
#include "src/base/arena.h"
#include "src/cluster.h"
#include "src/text/analyse.h"
#include "src/text/stored.h"
#include "tools/tool_print.h"

#define INSPECT_ALL SIZE_MAX

typedef struct inspect {
    const char *index;        /* path as named; NULL for 'read' */
    const char *gazetteer;    /* file of names for 'read', or NULL */
    const char *fields;       /* names of fields for 'read', or NULL */
    bool no_sandbox;          /* 'read' reads in this process */
    bool json;
    size_t limit;             /* things to list; 0: each command's own default */
    tool_page page;
    const ns_backend *backend;
    ns_snapshot *snapshot;    /* NULL for 'read', and for 'verify' when it cannot be opened */
    const nsearch_error *why; /* then: why not */
    struct ns_view *view;     /* of a list of shards; else NULL */
    ns_cluster cluster;       /* that list */
    ns_analyser *analyser;
    ns_workspace *workspace;
    ns_arena arena;           /* of one thing that is shown */
    char fingerprint[17];
} inspect;

/* Opens in->index, a folder or a list of shards, and fills in what follows it. UNREACHABLE: not all shards answer. DAMAGED: the backend
 * may be set nevertheless. inspect_open.c */
nsearch_status inspect_open(inspect *in, nsearch_error *err);
/* Frees what the other members hold; after inspect_open in any case. */
void inspect_close(inspect *in);

/* Each command returns an exit code; 'words' are its arguments. */
int inspect_stats(inspect *in, char **words, int count);
int inspect_verify(inspect *in, char **words, int count);   /* inspect_verify.c */
int inspect_terms(inspect *in, char **words, int count);    /* inspect_terms.c */
int inspect_postings(inspect *in, char **words, int count); /* inspect_postings.c */
int inspect_article(inspect *in, char **words, int count);  /* inspect_article.c */
int inspect_read(inspect *in, char **words, int count);     /* inspect_read.c */
int inspect_groups(inspect *in, char **words, int count);   /* inspect_groups.c */
int inspect_copies(inspect *in, char **words, int count);   /* inspect_copies.c */
int inspect_cluster(inspect *in, char **words, int count);  /* inspect_cluster.c */

/* --- inspect_terms.c: terms as people write them ("entity:north korea", "=shells"). */

/* Makes the key of a term, or with 'prefix' the beginning of keys. Memory from the arena; NULL when memory is out. */
char *inspect_key(inspect *in, const char *word, bool prefix, size_t *length, nsearch_error *err);
/* The other way round: "entity:north korea". */
char *inspect_key_text(ns_arena *arena, const char *key, size_t length);

/* --- inspect_article.c: the article with this id and its first passage. NOT_FOUND. */
nsearch_status inspect_find(inspect *in, const char *id, uint32_t *docid, ns_stored *stored, nsearch_error *err);

/* --- inspect_show.c: one article. */

/* Fetches and decodes the article that holds 'docid' into the arena. */
nsearch_status inspect_fetch(inspect *in, uint32_t docid, ns_stored *stored, nsearch_error *err);
/* A paragraph as a string in the arena; NULL when memory is out. */
char *inspect_paragraph(inspect *in, const ns_article *article, size_t i);
/* "id", "title", ... "dropped", "entities" of an article. False after an error. */
bool inspect_set_article(inspect *in, json_t *object, const ns_article *article, nsearch_error *err);
/* Headline and fields for a person. */
void inspect_print_fields(const inspect *in, const ns_article *article);
/* Names recognised, each with how often, for a person. */
bool inspect_print_entities(inspect *in, const ns_article *article, nsearch_error *err);

#endif
