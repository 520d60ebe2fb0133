/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_store.h - the writer: new articles gather in a work database, a commit turns it into one more
 * read-only database and replaces the manifest. xapian_store.c gathers, xapian_commit.c commits, xapian_merge.c merges.
 */
#ifndef NS_INDEX_XAPIAN_STORE_H
#define NS_INDEX_XAPIAN_STORE_H

#include "index/backend.h"
#include "index/manifest.h"
#include "index/xapian/xapian_live.h"
#include "index/xapian/xapian_shim.h"
#include "index/xapian/xapian_snapshot.h"
#include "src/base/map.h"

#define NS_XAPIAN_DATABASES_MAX 24 /* joined docids are multiplied by their number */

/* What lives, the live file's numbers. */
typedef struct ns_xapian_counts {
    uint64_t articles, passages, total_length, bytes_text;
} ns_xapian_counts;

/* An article in the work database. */
typedef struct ns_xapian_item {
    uint32_t article, passages, total_length, text_bytes;
} ns_xapian_item;

typedef struct ns_xapian_store {
    ns_store base;
    char *dir;          /* absolute: Xapian wants paths */
    int dirfd, lock;
    ns_manifest manifest; /* committed */
    ns_manifest before;   /* the one before: its files are still being opened, maybe */
    ns_xapian_snapshot *snapshot;
    /* what the next commit will make of it */
    uint64_t counter;
    bool restarted;     /* committed articles are forgotten */
    bool changed;
    bool dead;          /* a commit failed */
    ns_xapian_live live;
    ns_xapian_counts kept;  /* of the committed articles */
    ns_xapian_counts added; /* of those in the work database */
    ns_buffer names;
    bool names_changed;
    /* the work database */
    ns_xapian_work *work; /* NULL: none yet */
    char work_name[32];
    uint32_t work_first;  /* docids from here on are in it */
    ns_map pending;       /* id -> its place in 'items'; UINT64_MAX: removed again */
    ns_xapian_item *items;
    size_t item_count, item_capacity;
    size_t gathered, budget; /* bytes that Xapian holds unflushed, estimated */
    ns_map seen;          /* terms of the article at hand */
    ns_arena arena;       /* of the article at hand */
    ns_buffer record, named; /* of the article in hand: slots 2 and 3 */
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

/* dir/name; false when it is too long. */
bool ns_xapian_store_path(const ns_xapian_store *store, const char *name, char *path, size_t size);
/* The next unused name, such as "db-000007". */
void ns_xapian_store_name(ns_xapian_store *store, const char *kind, char name[32]);
/* (Re)starts the gathering from the committed state. */
nsearch_status ns_xapian_store_reset(ns_xapian_store *store, nsearch_error *err);

/* Turns the directory 'from' (docids first to end) into a database file named in *file. */
nsearch_status ns_xapian_database_finish(ns_xapian_store *store, const char *from, uint32_t first, uint32_t end,
                                         ns_manifest_file *file, nsearch_error *err);
/* Puts files[0..count) together, without the passages that are gone. *any: false when none is left. */
nsearch_status ns_xapian_databases_merge(ns_xapian_store *store, const ns_manifest_file *files, size_t count,
                                         ns_manifest_file *file, bool *any, nsearch_error *err);

#endif
