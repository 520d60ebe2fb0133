/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_store.h - the writer of one database: documents go straight into it, and a commit is Xapian's own, with which
 * the pages of columns and the header become visible.
 */
#ifndef NS_INDEX_XAPIAN_STORE_H
#define NS_INDEX_XAPIAN_STORE_H

#include "index/backend.h"
#include "index/xapian/xapian_snapshot.h"
#include "src/base/map.h"

typedef struct ns_xapian_store {
    ns_store base;
    ns_shard shard;      /* the database; texts are ours */
    char *dir;           /* of the index; NULL: on a server */
    int dirfd, lock;
    unsigned timeout_ms;
    ns_xapian_db *db;
    ns_snapshot *snapshot;   /* committed */
    ns_xapian_header header; /* of the next commit, but for the generation */
    ns_xapian_columns columns;
    uint64_t counted;        /* postings when the terms were counted */
    ns_buffer names;
    bool changed, dead;      /* dead: a call failed half-way */
    size_t gathered, budget; /* bytes that Xapian holds in memory, estimated */
    size_t waiting;          /* changes of a server's database since the last commit */
    ns_map seen;             /* terms of the article at hand */
    ns_arena arena;          /* of the article at hand */
    ns_buffer record, named, data; /* of the article at hand: slots 2 and 3, data */
    ns_buffer words; /* of a passage: slot 5 */
} ns_xapian_store;

static inline ns_xapian_store *ns_xapian_store_of(ns_store *store)
{
    return (ns_xapian_store *)store;
}

nsearch_status ns_xapian_store_open(const char *dir, const ns_store_options *options, ns_store **store,
                                    nsearch_error *err);
ns_snapshot *ns_xapian_store_snapshot(ns_store *store);
nsearch_status ns_xapian_store_names(ns_store *store, const char *text, size_t n, nsearch_error *err);
nsearch_status ns_xapian_store_add(ns_store *store, const ns_analysed *analysed, nsearch_error *err);
nsearch_status ns_xapian_store_remove(ns_store *store, const char *id, nsearch_error *err);
nsearch_status ns_xapian_store_restart(ns_store *store, nsearch_error *err);
nsearch_status ns_xapian_store_commit(ns_store *store, nsearch_error *err);
nsearch_status ns_xapian_store_merge(ns_store *store, nsearch_error *err);
void ns_xapian_store_close(ns_store *store);

/* xapian_add.c. SKIPPED: it cannot be added. */
nsearch_status ns_xapian_check_article(const ns_analysed *article, nsearch_error *err);
/* Writes the documents of an article that begins at the end of the columns; fills in its record. */
nsearch_status ns_xapian_add_article(ns_xapian_store *store, const ns_analysed *article, ns_xapian_record *record,
                                     nsearch_error *err);

#endif
