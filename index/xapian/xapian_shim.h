/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_shim.h - xapian-core in C. No exception crosses it: each becomes a status and a text. It knows
 * Xapian and nothing of the layout of an index (xapian_layout.h), which is the callers' matter.
 *
 * Docids are ours, from 0. Inside a database docid d is Xapian's d + 1. A reader joins n databases with disjoint,
 * ascending ranges of docids; Xapian interleaves them as d * n + i + 1, which keeps their order. Positions are stored
 * as p + 1, since glass loses the first of the positions 0 and 1 (1.4.22). No object may be used by two threads at
 * once.
 */
#ifndef NS_INDEX_XAPIAN_SHIM_H
#define NS_INDEX_XAPIAN_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/plan.h"
#include "src/base/buffer.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

#define NS_XAPIAN_SLOTS 4

typedef struct ns_xapian_bytes {
    const void *bytes;
    size_t n; /* 0: none */
} ns_xapian_bytes;

/* What Xapian keeps of one passage. */
typedef struct ns_xapian_document {
    const ns_term *terms;       /* tf becomes the wdf, so Xapian's document length is len(p) */
    size_t term_count;
    const ns_xapian_bytes *flags; /* more terms, with wdf 0 and without positions */
    size_t flag_count;
    ns_xapian_bytes values[NS_XAPIAN_SLOTS];
    ns_xapian_bytes data;
} ns_xapian_document;

/* ---- writing: a work database is a directory, thrown away after a crash and so never synced */

typedef struct ns_xapian_work ns_xapian_work;
/* Opens 'path', made when there is none. */
nsearch_status ns_xapian_work_open(const char *path, ns_xapian_work **work, nsearch_error *err);
/* What was not flushed may be lost. */
void ns_xapian_work_close(ns_xapian_work *work);
nsearch_status ns_xapian_work_add(ns_xapian_work *work, uint32_t docid, const ns_xapian_document *document,
                                  nsearch_error *err);
nsearch_status ns_xapian_work_remove(ns_xapian_work *work, uint32_t docid, nsearch_error *err);
nsearch_status ns_xapian_work_flush(ns_xapian_work *work, nsearch_error *err);

/* ---- files */

/* Makes one database of several with disjoint docids, which are kept: a single read-only file, or a
 * directory to work on. 'to' must not exist. */
nsearch_status ns_xapian_compact(const char *const *paths, size_t count, const char *to, bool single_file,
                                 nsearch_error *err);
/* Xapian's own check of the tables of a single file. Takes 'fd'. */
nsearch_status ns_xapian_check(int fd, const char *name, nsearch_error *err);

/* ---- reading */

typedef struct ns_xapian_reader ns_xapian_reader;
/* Opens single files; firsts[i] is the first docid of the range of fds[i], ascending. The fds are
 * taken, also by a call that fails. */
nsearch_status ns_xapian_reader_open(const int *fds, const uint32_t *firsts, size_t count,
                                     ns_xapian_reader **reader, nsearch_error *err);
void ns_xapian_reader_close(ns_xapian_reader *reader);
/* Documents, and their lengths summed. */
nsearch_status ns_xapian_totals(ns_xapian_reader *reader, uint64_t *documents, uint64_t *length, nsearch_error *err);
/* Documents that hold a term; 0 when there is none. */
nsearch_status ns_xapian_frequency(ns_xapian_reader *reader, const void *key, size_t n, uint64_t *df,
                                   nsearch_error *err);
/* Whether all documents hold a term in some of the joined databases, and in every one of them. */
nsearch_status ns_xapian_coverage(ns_xapian_reader *reader, const void *key, size_t n, bool *some, bool *every,
                                  nsearch_error *err);
/* Calls 'each' for the terms that begin with 'prefix', ascending, until it returns false. */
nsearch_status ns_xapian_walk(ns_xapian_reader *reader, const void *prefix, size_t n,
                              bool (*each)(const char *key, size_t length, uint64_t df, void *user), void *user,
                              nsearch_error *err);
/* NOT_FOUND when there is no such document. */
nsearch_status ns_xapian_length(ns_xapian_reader *reader, uint32_t docid, uint32_t *length, nsearch_error *err);
/* Appends a document's value or, with slot -1, its data. */
nsearch_status ns_xapian_get(ns_xapian_reader *reader, uint32_t docid, int slot, ns_buffer *out,
                             nsearch_error *err);
/* Calls 'each' for the documents that have a value in 'slot', by docid, until it returns false. */
nsearch_status ns_xapian_values(ns_xapian_reader *reader, int slot,
                                bool (*each)(uint32_t docid, const void *bytes, size_t n, void *user), void *user,
                                nsearch_error *err);

/* A posting list. */
typedef struct ns_xapian_list ns_xapian_list;
/* *list = NULL when no document holds the term; else it stands on the first, *docid. */
nsearch_status ns_xapian_list_open(ns_xapian_reader *reader, const void *key, size_t n, ns_xapian_list **list,
                                   uint32_t *docid, uint32_t *df, nsearch_error *err);
void ns_xapian_list_close(ns_xapian_list *list);
/* To the next posting; NS_DOCID_END (cursor.h) after the last. */
nsearch_status ns_xapian_list_next(ns_xapian_list *list, uint32_t *docid, nsearch_error *err);
/* To the first posting at or after 'target'. */
nsearch_status ns_xapian_list_seek(ns_xapian_list *list, uint32_t target, uint32_t *docid, nsearch_error *err);
nsearch_status ns_xapian_list_wdf(ns_xapian_list *list, uint32_t *wdf, nsearch_error *err);
/* Borrowed until the list moves. */
nsearch_status ns_xapian_list_positions(ns_xapian_list *list, const uint32_t **positions, size_t *count,
                                        nsearch_error *err);

/* ---- matching: a query is built from its leaves up, then handed to Xapian's matcher */

typedef struct ns_xapian_query ns_xapian_query;
typedef enum ns_xapian_join {
    NS_XAPIAN_AND,
    NS_XAPIAN_OR,
    NS_XAPIAN_NOT,    /* two children: the first and not the second */
    NS_XAPIAN_PHRASE, /* children are terms: adjacent, in this order */
    NS_XAPIAN_RANK    /* two children: those that satisfy the first, weighted by the second alone */
} ns_xapian_join;

/* All give NULL on failure, and a NULL child gives NULL, so that only the last result needs a look. */
ns_xapian_query *ns_xapian_query_term(const void *key, size_t n, double factor, nsearch_error *err);
ns_xapian_query *ns_xapian_query_range(int slot, ns_xapian_bytes first, ns_xapian_bytes last, nsearch_error *err);
ns_xapian_query *ns_xapian_query_all(nsearch_error *err);
/* Takes the children. AND and OR of none match nothing. */
ns_xapian_query *ns_xapian_query_join(ns_xapian_join join, ns_xapian_query *const *children, size_t count,
                                      nsearch_error *err);
void ns_xapian_query_free(ns_xapian_query *query);

typedef struct ns_xapian_hit {
    double score;
    uint32_t docid;
} ns_xapian_hit;

typedef struct ns_xapian_match {
    const ns_xapian_query *query;
    double k1, b; /* of Xapian's BM25 */
    size_t limit;
    bool all;     /* every matching document is met, none skipped because it cannot be among the best */
    bool (*accept)(uint32_t docid, void *user); /* asked of each document that is met, in any order */
    void *user;
} ns_xapian_match;
/* The best 'limit' documents: score descending, then docid ascending. */
nsearch_status ns_xapian_answer(ns_xapian_reader *reader, const ns_xapian_match *match, ns_xapian_hit *hits,
                                size_t *count, nsearch_error *err);

#ifdef __cplusplus
}
#endif
#endif
