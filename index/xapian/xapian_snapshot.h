/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_snapshot.h - an opened index. It keeps the files that it opened, so no later commit touches it. Xapian's
 * objects belong to one thread at a time: each thread leases one of a few handles, and holds its lock while it works.
 */
#ifndef NS_INDEX_XAPIAN_SNAPSHOT_H
#define NS_INDEX_XAPIAN_SNAPSHOT_H

#include <pthread.h>

#include "index/backend.h"
#include "index/manifest.h"
#include "index/xapian/xapian_layout.h"
#include "index/xapian/xapian_live.h"
#include "index/xapian/xapian_shim.h"
#include "src/base/map.h"

#define NS_XAPIAN_HANDLES 16
#define NS_XAPIAN_COUNT_POSTINGS_MAX 500000

typedef struct ns_xapian_handle {
    pthread_mutex_t lock; /* recursive: a callback may ask the snapshot */
    ns_xapian_reader *reader; /* opened by its first lease */
} ns_xapian_handle;

typedef struct ns_xapian_snapshot {
    ns_snapshot base;
    ns_manifest manifest;
    ns_xapian_live live;
    ns_buffer names;
    ns_snapshot_stats stats;
    int *fds; /* of the databases, in the manifest's order */
    uint32_t *firsts;
    size_t database_count;
    uint64_t documents;    /* in the databases; more than live passages when some are removed */
    uint64_t total_length; /* of all documents */
    uint64_t count_postings_max; /* up to so many postings, all matches of a plan are met and counted */
    pthread_mutex_t opening;
    pthread_mutex_t naming; /* held for the use of named */
    ns_map named;           /* names that were met, by number */
    ns_xapian_handle handles[NS_XAPIAN_HANDLES];
} ns_xapian_snapshot;

nsearch_status ns_xapian_snapshot_open(const char *dir, ns_xapian_snapshot **snapshot, nsearch_error *err);
void ns_xapian_snapshot_close(ns_xapian_snapshot *snapshot);

/* The calling thread's handle, locked; give it back with ns_xapian_unlease. Only where database_count > 0. */
nsearch_status ns_xapian_lease(ns_xapian_snapshot *snapshot, ns_xapian_handle **handle, nsearch_error *err);
void ns_xapian_unlease(ns_xapian_handle *handle);

static inline bool ns_xapian_has_removed(const ns_xapian_snapshot *snapshot)
{
    return snapshot->documents != snapshot->stats.passages;
}

/* The record of the article that begins at 'article'; its id is borrowed from 'bytes'. */
nsearch_status ns_xapian_snapshot_record(ns_xapian_snapshot *snapshot, uint32_t article, ns_buffer *bytes,
                                         ns_xapian_record *record, nsearch_error *err);
/* First docid of the live article with this id. NOT_FOUND. */
nsearch_status ns_xapian_snapshot_find(ns_xapian_snapshot *snapshot, const char *id, ns_xapian_record *record,
                                       nsearch_error *err);

/* xapian_cursor.c, xapian_answer.c, xapian_verify.c */
nsearch_status ns_xapian_cursor_open(ns_snapshot *snapshot, size_t part, const void *key, size_t n, ns_arena *arena,
                                     ns_cursor **cursor, nsearch_error *err);
nsearch_status ns_xapian_answer_plan(ns_snapshot *snapshot, const ns_plan *plan, size_t limit,
                                     ns_candidate *candidates, size_t *count, uint64_t *found, bool *at_least,
                                     nsearch_error *err);
/* xapian_named.c */
void ns_xapian_named_encode(const ns_analysed *article, ns_buffer *out);
bool ns_xapian_named_check(const uint8_t *bytes, size_t n);
nsearch_status ns_xapian_named_get(ns_snapshot *snapshot, size_t part, uint32_t article, ns_buffer *entries,
                                   nsearch_error *err);
nsearch_status ns_xapian_named_key(ns_snapshot *snapshot, size_t part, uint32_t number, char key[NS_TERM_MAX],
                                   size_t *n, nsearch_error *err);
nsearch_status ns_xapian_verify(ns_snapshot *snapshot, nsearch_error *err);

#endif
