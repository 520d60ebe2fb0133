/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_shim.h - xapian-core in C. No exception crosses it: each becomes a status and a text. It knows
 * Xapian and nothing of the layout of an index (xapian_layout.h), which is the callers' matter.
 *
 * Docids are from 0: Xapian's d + 1. Positions are stored as p + 1, since glass loses the first of the positions 0 and 1
 * (1.4.22). No object may be used by two threads at once. Statuses: NOT_FOUND no such database or document; CHANGED a
 * writer has reused what this reader stood on; UNREACHABLE a server does not answer; LOCKED another writer; DAMAGED;
 * UNSUPPORTED another version; INVALID; NO_MEMORY; IO all else.
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
#include "index/shards.h"
#include "src/base/buffer.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

#ifdef __cplusplus
#define NS_NOEXCEPT noexcept
#else
#define NS_NOEXCEPT
#endif

#define NS_XAPIAN_SLOTS 6
#define NS_XAPIAN_BLOCK 128

typedef struct ns_xapian_bytes {
    const void *bytes;
    size_t n; /* 0: none */
} ns_xapian_bytes;

/* ---- one database, here or on a server */

typedef struct ns_xapian_db ns_xapian_db;
/* A DIRECTORY is the database's own. 'timeout_ms': of each step with a server. */
nsearch_status ns_xapian_open(const ns_shard *shard, unsigned timeout_ms, bool to_write, ns_xapian_db **db,
                              nsearch_error *err) NS_NOEXCEPT;
void ns_xapian_close(ns_xapian_db *db) NS_NOEXCEPT;
/* Documents, and their lengths summed. */
nsearch_status ns_xapian_totals(ns_xapian_db *db, uint64_t *documents, uint64_t *length,
                                nsearch_error *err) NS_NOEXCEPT;
/* Appends what is kept under a key; nothing when there is no such key. */
nsearch_status ns_xapian_metadata(ns_xapian_db *db, const char *key, ns_buffer *out, nsearch_error *err) NS_NOEXCEPT;
nsearch_status ns_xapian_frequency(ns_xapian_db *db, const void *key, size_t n, uint64_t *df,
                                   nsearch_error *err) NS_NOEXCEPT;
/* Calls 'each' for the terms that begin with 'prefix', ascending, until it returns false. */
nsearch_status ns_xapian_walk(ns_xapian_db *db, const void *prefix, size_t n,
                              bool (*each)(const char *key, size_t length, uint64_t df, void *user), void *user,
                              nsearch_error *err) NS_NOEXCEPT;
/* Appends a document's value or, with slot -1, its data. */
nsearch_status ns_xapian_get(ns_xapian_db *db, uint32_t docid, int slot, ns_buffer *out,
                             nsearch_error *err) NS_NOEXCEPT;
/* Calls 'each' for the terms of a document, ascending. */
nsearch_status ns_xapian_terms_of(ns_xapian_db *db, uint32_t docid,
                                  void (*each)(const char *key, size_t length, uint32_t tf, void *user), void *user,
                                  nsearch_error *err) NS_NOEXCEPT;
nsearch_status ns_xapian_length(ns_xapian_db *db, uint32_t docid, uint32_t *length, nsearch_error *err) NS_NOEXCEPT;

/* A posting list. */
typedef struct ns_xapian_list ns_xapian_list;
/* *list = NULL when no document holds the term. */
nsearch_status ns_xapian_list_open(ns_xapian_db *db, const void *key, size_t n, ns_xapian_list **list, uint32_t *df,
                                   nsearch_error *err) NS_NOEXCEPT;
void ns_xapian_list_close(ns_xapian_list *list) NS_NOEXCEPT;
/* Gives up to 'room' postings from 'target' on that no earlier call gave: *n = 0 at the end. */
nsearch_status ns_xapian_list_read(ns_xapian_list *list, uint32_t target, size_t room, uint32_t *docids,
                                   uint32_t *freqs, size_t *n, nsearch_error *err) NS_NOEXCEPT;
/* Of the posting of a document that holds the term: u32s of the machine, appended. */
nsearch_status ns_xapian_positions(ns_xapian_db *db, uint32_t docid, const void *key, size_t n, ns_buffer *positions,
                                   nsearch_error *err) NS_NOEXCEPT;

/* ---- writing: all changes since the last commit become visible together, or never */

typedef struct ns_xapian_document {
    const ns_term *terms;       /* tf becomes the wdf, so Xapian's document length is len(p) */
    size_t term_count;
    const ns_xapian_bytes *flags; /* more terms, with wdf 0 and without positions */
    size_t flag_count;
    ns_xapian_bytes values[NS_XAPIAN_SLOTS];
    ns_xapian_bytes data;
} ns_xapian_document;

nsearch_status ns_xapian_put(ns_xapian_db *db, uint32_t docid, const ns_xapian_document *document,
                             nsearch_error *err) NS_NOEXCEPT;
nsearch_status ns_xapian_delete(ns_xapian_db *db, uint32_t docid, nsearch_error *err) NS_NOEXCEPT;
nsearch_status ns_xapian_set_metadata(ns_xapian_db *db, const char *key, ns_xapian_bytes value,
                                      nsearch_error *err) NS_NOEXCEPT;
/* Moves what is held in memory into the tables, without committing it. */
nsearch_status ns_xapian_spill(ns_xapian_db *db, nsearch_error *err) NS_NOEXCEPT;
nsearch_status ns_xapian_commit(ns_xapian_db *db, nsearch_error *err) NS_NOEXCEPT;

/* ---- matching: a query is built from its leaves up, then handed to Xapian's matcher */

typedef struct ns_xapian_query ns_xapian_query;
typedef enum ns_xapian_join {
    NS_XAPIAN_AND,
    NS_XAPIAN_OR,
    NS_XAPIAN_WITHIN  /* two children: those that satisfy both, weighted by the second alone */
} ns_xapian_join;

/* All give NULL on failure, and a NULL child gives NULL, so that only the last result needs a look. */
ns_xapian_query *ns_xapian_query_term(const void *key, size_t n, double factor, nsearch_error *err) NS_NOEXCEPT;
/* Takes the children. AND and OR of none match nothing. */
ns_xapian_query *ns_xapian_query_join(ns_xapian_join join, ns_xapian_query *const *children, size_t count,
                                      nsearch_error *err) NS_NOEXCEPT;
void ns_xapian_query_free(ns_xapian_query *query) NS_NOEXCEPT;

/* Several databases matched as one. It uses the databases, and so must go before them. */
typedef struct ns_xapian_joined ns_xapian_joined;
nsearch_status ns_xapian_join_all(ns_xapian_db *const *dbs, size_t count, ns_xapian_joined **joined,
                                  nsearch_error *err) NS_NOEXCEPT;
void ns_xapian_unjoin(ns_xapian_joined *joined) NS_NOEXCEPT;

/* Documents that hold each of the terms, one question for all of them. */
nsearch_status ns_xapian_frequencies(ns_xapian_joined *joined, const ns_xapian_bytes *keys, size_t count, uint64_t *dfs,
                                     nsearch_error *err) NS_NOEXCEPT;

typedef struct ns_xapian_hit {
    double score;
    uint32_t docid; /* within its database */
    uint32_t part;  /* which of the databases */
} ns_xapian_hit;

typedef struct ns_xapian_match {
    const ns_xapian_query *query;
    double k1, b; /* of Xapian's BM25; k1 < 0: all scores are 0 */
    bool wdf;     /* instead, the score is the sum of the terms' wdf, each times its factor */
    size_t limit;
    int slot;     /* >= 0: 'each' gets every different value that matching documents have in it */
    bool (*each)(const void *bytes, size_t n, void *user);
    void *user;
} ns_xapian_match;
/* The best 'limit' documents: score descending, then Xapian's docid ascending. *found: all that match; 'found' may be
 * NULL. */
nsearch_status ns_xapian_answer(ns_xapian_joined *joined, const ns_xapian_match *match, ns_xapian_hit *hits,
                                size_t *count, uint64_t *found, nsearch_error *err) NS_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
