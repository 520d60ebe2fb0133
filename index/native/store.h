/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * store.h - one writer's state between commits: the parts that the next commit will name, and the articles
 * still in memory. The order of a commit is in native_backend.c; these are its steps.
 */
#ifndef NS_NATIVE_STORE_H
#define NS_NATIVE_STORE_H

#include "index/native/inverter.h"
#include "index/native/parts.h"
#include "index/native/snapshot.h"

typedef struct ns_native_store {
    ns_store base;
    int dirfd, lock;
    size_t memory;         /* bytes that the inverter may hold */
    ns_manifest manifest;  /* what is committed */
    ns_native_snapshot *snapshot; /* the same, opened; NULL when empty */
    uint64_t counter;      /* the next file number */
    ns_native_parts parts; /* of the next commit */
    ns_inverter inverter;  /* live while 'inverting' */
    bool inverting;
    char inverter_name[32];
    ns_map recent;         /* id keys in the inverter, to first docid + 1; 0: removed again */
    ns_buffer doomed;      /* uint32_t: first docids in the inverter that were replaced or removed */
    uint8_t *names;        /* new names; NULL: none */
    size_t names_size;
    bool names_changed, changed;
    bool dead;             /* a step failed: only to be closed */
} ns_native_store;

/* Adds to the inverter and removes what had the same id. */
nsearch_status ns_store_put(ns_native_store *store, const ns_analysed *article, nsearch_error *err);
nsearch_status ns_store_take_out(ns_native_store *store, const char *id, nsearch_error *err);
/* The inverter's articles become a part; small and mostly removed parts are merged. */
nsearch_status ns_store_flush(ns_native_store *store, nsearch_error *err);
nsearch_status ns_store_tidy(ns_native_store *store, nsearch_error *err);
/* Merges parts [from, to) into one. */
nsearch_status ns_store_merge_parts(ns_native_store *store, size_t from, size_t to, nsearch_error *err);
/* Writes the bitmaps and names that changed, and fills the manifest of the next commit. */
nsearch_status ns_store_describe(ns_native_store *store, ns_manifest *next, nsearch_error *err);

#endif
