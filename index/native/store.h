/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * store.h - one writer's state between commits: the parts that the next commit will name, and the articles
 * still in memory. The order of a commit is in native_backend.c; these are its steps.
 */
#ifndef NS_NATIVE_STORE_H
#define NS_NATIVE_STORE_H

#include "index/native/gather.h"
#include "index/native/parts.h"
#include "index/native/snapshot.h"
#include "src/base/map.h"

typedef struct ns_native_store {
    ns_store base;
    int dirfd, lock;
    int threads;
    size_t memory;         /* bytes that may be gathered */
    ns_manifest manifest;  /* what is committed */
    ns_native_snapshot *snapshot; /* the same, opened; NULL when empty */
    uint64_t counter;      /* the next file number */
    ns_native_parts parts; /* of the next commit */
    ns_gather gather;      /* articles not yet written */
    ns_native_batch *open; /* of articles added one by one; NULL: none */
    size_t open_bytes;
    size_t window;         /* batches that may be under way: when memory is short, so many more come before the flush */
    size_t batches;        /* taken since the last flush */
    size_t until_flush;    /* batches to be taken before it; 0: memory is not short */
    ns_map recent;         /* id keys gathered, to first docid + 1; 0: removed again */
    ns_buffer doomed;      /* uint32_t: first docids gathered that were replaced or removed */
    uint8_t *names;        /* new names; NULL: none */
    size_t names_size;
    bool names_changed, changed;
    bool dead;             /* a step failed: only to be closed */
} ns_native_store;

/* Gathers the article and removes what had the same id. */
nsearch_status ns_store_put(ns_native_store *store, const ns_analysed *article, nsearch_error *err);
/* The same for a finished batch, and frees it. */
nsearch_status ns_store_take(ns_native_store *store, ns_native_batch *batch, nsearch_error *err);
/* Batches that may be begun and not yet taken. */
size_t ns_store_room(const ns_native_store *store);
nsearch_status ns_store_take_out(ns_native_store *store, const char *id, nsearch_error *err);
/* The gathered articles become a part; small and mostly removed parts are merged. */
nsearch_status ns_store_flush(ns_native_store *store, nsearch_error *err);
nsearch_status ns_store_tidy(ns_native_store *store, nsearch_error *err);
/* Merges parts [from, to) into one. */
nsearch_status ns_store_merge_parts(ns_native_store *store, size_t from, size_t to, nsearch_error *err);
/* Writes the bitmaps and names that changed, and fills the manifest of the next commit. */
nsearch_status ns_store_describe(ns_native_store *store, ns_manifest *next, nsearch_error *err);

#endif
