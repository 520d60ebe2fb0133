/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_snapshot.h - an opened index: one database, or several joined (index/shards.h); the code is the same. What is
 * wanted again and again is in memory (xapian_columns.h). Xapian's objects belong to one thread at a time: each thread
 * leases one of a few handles, and holds its lock while it works.
 *
 * Glass lets a reader go on while a writer makes one commit. After that its blocks may be used again; then a call
 * fails with CHANGED, or finds nothing where there was something. So 'intact' tells whether anything was committed since the
 * index was opened, and what a cursor met, which has no status to give; then the caller opens the index again.
 */
#ifndef NS_INDEX_XAPIAN_SNAPSHOT_H
#define NS_INDEX_XAPIAN_SNAPSHOT_H

#include <pthread.h>

#include "index/backend.h"
#include "index/shards.h"
#include "index/xapian/xapian_columns.h"
#include "index/xapian/xapian_layout.h"
#include "index/xapian/xapian_shim.h"
#include "src/base/map.h"

#define NS_XAPIAN_HANDLES 16

/* One part of the snapshot. */
typedef struct ns_xapian_part {
    const ns_shard *shard;
    uint32_t base;          /* its docid 0 is this one of the snapshot */
    ns_xapian_header header;
    ns_xapian_columns columns;
    uint64_t documents, length; /* as Xapian counts them */
    uint64_t version;       /* which file of versions there was before it was opened (of a directory) */
} ns_xapian_part;

typedef struct ns_xapian_handle {
    pthread_mutex_t lock; /* recursive: a callback may ask the snapshot */
    ns_xapian_db **dbs;   /* one a part; opened by its first lease */
    ns_xapian_joined *joined;
} ns_xapian_handle;

typedef struct ns_xapian_snapshot {
    ns_snapshot base;
    ns_shard *shards;       /* as given; the texts are ours */
    ns_shard_state *states;
    size_t shard_count;
    unsigned timeout_ms;
    bool remote;            /* one of them, at least */
    ns_xapian_part *parts;  /* those that answered */
    size_t part_count;
    ns_buffer names;
    ns_snapshot_stats stats;
    pthread_mutex_t lock;   /* of what follows */
    ns_map met;             /* terms that were asked for: frequencies of passages and articles, 32 bits each */
    ns_map named;           /* names that were met, by number */
    ns_map lists;           /* posting lists of servers (xapian_cursor.c) */
    size_t lists_size;
    ns_map fetched;         /* articles of servers whose columns are known: place in 'columns' (xapian_prefetch.c) */
    ns_article_columns *columns;
    ns_map valued;          /* values of servers that are known, by docid and slot: place in 'values' */
    ns_buffer values;       /* u32 size and the value, of each */
    nsearch_error fault;    /* the first one that nobody was told */
    ns_xapian_handle handles[NS_XAPIAN_HANDLES];
} ns_xapian_snapshot;

static inline ns_xapian_snapshot *ns_xapian_snapshot_of(ns_snapshot *snapshot)
{
    return (ns_xapian_snapshot *)snapshot;
}

nsearch_status ns_xapian_snapshot_open(const char *dir, ns_snapshot **snapshot, nsearch_error *err);
void ns_xapian_snapshot_close(ns_snapshot *snapshot);
nsearch_status ns_xapian_snapshot_intact(ns_snapshot *snapshot, nsearch_error *err);

/* Whether a server was found not to answer: no answer of this snapshot counts any more, and every further question would wait as
 * long again. */
bool ns_xapian_is_lost(ns_xapian_snapshot *snapshot, nsearch_error *err);
/* The calling thread's handle, locked. UNREACHABLE: it is lost. */
nsearch_status ns_xapian_lease(ns_xapian_snapshot *snapshot, ns_xapian_handle **handle, nsearch_error *err);
/* Gives it back, with the status of what was done; returns that, as ns_xapian_fault does. */
nsearch_status ns_xapian_unlease(ns_xapian_snapshot *snapshot, ns_xapian_handle *handle, nsearch_status status,
                                 nsearch_error *err);
/* Remembers a failure for ns_xapian_snapshot_intact. Where a writer has moved on it is CHANGED, whatever it was. */
nsearch_status ns_xapian_fault(ns_xapian_snapshot *snapshot, nsearch_status status, nsearch_error *err);

/* Bytes of the files of a directory's database, as they are now. */
uint64_t ns_xapian_bytes_of(const ns_shard *shard);

/* The part that holds a docid; SIZE_MAX: none. */
size_t ns_xapian_part_of(const ns_xapian_snapshot *snapshot, uint32_t docid);
/* A value of the first passage of the live article that holds 'docid' (slot -1: its data); NOT_FOUND when removed. */
nsearch_status ns_xapian_article_value(ns_xapian_snapshot *snapshot, uint32_t docid, int slot, ns_buffer *out,
                                       nsearch_error *err);
nsearch_status ns_xapian_term_stats(ns_snapshot *snapshot, const void *key, size_t n, ns_term_stats *stats,
                                    nsearch_error *err);

/* xapian_prefetch.c */
nsearch_status ns_xapian_prefetch(ns_snapshot *snapshot, const ns_candidate *articles, size_t count, nsearch_error *err);
nsearch_status ns_xapian_positions_ahead(ns_snapshot *snapshot, const uint32_t *articles, size_t count,
                                         const ns_term_key *keys, size_t key_count, size_t together, nsearch_error *err);
/* A query for any of the articles, which lie in the part with this base. */
ns_xapian_query *ns_xapian_any_article(const uint32_t *articles, size_t count, uint32_t base, nsearch_error *err);
nsearch_status ns_xapian_names_ahead(ns_snapshot *snapshot, const uint32_t *articles, size_t count, nsearch_error *err);
/* Appends the names of an article as slot 3 has them. False: they are not known. */
bool ns_xapian_names_known(ns_xapian_snapshot *snapshot, uint32_t article, ns_buffer *names);
/* Appends the positions of a term that the passage holds. False: they are not known. */
bool ns_xapian_positions_known(ns_xapian_snapshot *snapshot, uint32_t docid, const void *key, size_t n, ns_buffer *positions);
bool ns_xapian_prefetched(ns_xapian_snapshot *snapshot, uint32_t article, ns_article_columns *columns);
void ns_xapian_lists_release(ns_xapian_snapshot *snapshot);

/* xapian_cursor.c, xapian_answer.c, xapian_named.c, xapian_verify.c */
nsearch_status ns_xapian_cursor_open(ns_snapshot *snapshot, size_t part, const void *key, size_t n, ns_arena *arena,
                                     ns_cursor **cursor, nsearch_error *err);
nsearch_status ns_xapian_cursors_within(ns_snapshot *snapshot, size_t part, const uint32_t *articles, size_t count,
                                        const ns_term_key *keys, size_t key_count, ns_arena *arena, ns_cursor **cursors,
                                        nsearch_error *err);
nsearch_status ns_xapian_answer_plan(ns_snapshot *snapshot, const ns_plan *plan, size_t limit,
                                     ns_candidate *candidates, size_t *count, uint64_t *found, bool *at_least,
                                     nsearch_error *err);
void ns_xapian_named_encode(const ns_analysed *article, uint32_t docid, ns_buffer *out);
bool ns_xapian_named_check(const uint8_t *bytes, size_t n, uint32_t docid);
nsearch_status ns_xapian_named_get(ns_snapshot *snapshot, size_t part, uint32_t article, ns_buffer *entries,
                                   nsearch_error *err);
nsearch_status ns_xapian_named_key(ns_snapshot *snapshot, uint32_t number, char key[NS_TERM_MAX], size_t *n,
                                   nsearch_error *err);
nsearch_status ns_xapian_verify(ns_snapshot *snapshot, nsearch_error *err);
/* Goes on where something is damaged, and calls 'damaged' for each place; other failures are returned. */
nsearch_status ns_xapian_verify_on(ns_snapshot *snapshot, void (*damaged)(const char *what, void *user), void *user,
                                   nsearch_error *err);

/* Sums the terms of each passage's own list: ns_hash64 with the tf as seed. Of those from *end on the lists could not be read.
 * xapian_apart.c */
nsearch_status ns_xapian_lists_apart(const ns_xapian_part *part, uint64_t *sums, uint32_t *end, nsearch_error *err);

/* xapian_survey.c */
nsearch_status ns_xapian_survey(const char *dir, const ns_survey *calls, nsearch_error *err);

#endif
