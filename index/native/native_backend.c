/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * native_backend.c - the native engine's table, and the order in which things happen: how an index is opened,
 * and how a commit reaches the disk. All the rest are leaves. The files are described in doc/format.md.
 */
#include <stdlib.h>
#include <string.h>

#include "index/backend.h"
#include "index/native/files.h"
#include "index/native/snapshot.h"
#include "index/native/store.h"
#include "src/base/fs.h"

enum { DEFAULT_MEMORY_MB = 256, LEAST_MEMORY_MB = 1, WINDOW_MIN = 4, WINDOW_MAX = 32, WINDOW_SHARE = 2 << 20 };

static nsearch_status check_engine(const ns_manifest *manifest, nsearch_error *err)
{
    if (strcmp(manifest->engine, ns_native_backend.name) != 0)
        return ns_error_set(err, NSEARCH_INVALID, "index is of engine '%s'", manifest->engine);
    return NSEARCH_OK;
}

/* Reading: the manifest, then all of its files. A file may be gone when commits went by in between: then a
 * newer manifest stands, and that is opened. */
static nsearch_status native_open(const char *dir, ns_snapshot **snapshot, nsearch_error *err)
{
    int dirfd;
    bool again = true;
    uint64_t tried = UINT64_MAX;
    ns_native_snapshot *opened = NULL;
    nsearch_status status = ns_files_open_directory(dir, false, &dirfd, err);
    if (status)
        return status;
    while (again) {
        ns_manifest manifest;
        nsearch_error local = NSEARCH_ERROR_INIT;
        ns_manifest_init(&manifest);
        status = ns_manifest_read(dirfd, &manifest, &local);
        if (!status)
            status = check_engine(&manifest, &local);
        again = !status && manifest.generation != tried;
        if (again) {
            tried = manifest.generation;
            status = ns_native_snapshot_open(dirfd, &manifest, &opened, &local);
            again = status == NSEARCH_NOT_FOUND;
        } else if (!status) /* the same manifest, and a file of it is missing */
            status = ns_error_set(&local, NSEARCH_DAMAGED, "a file is missing in index '%s'", dir);
        ns_manifest_release(&manifest);
        if (status && !again)
            ns_error_set(err, status, "%s", local.text);
    }
    ns_fs_current->close(dirfd);
    if (!status)
        *snapshot = &opened->base;
    return status;
}

static void native_close(ns_snapshot *snapshot)
{
    ns_native_snapshot_close((ns_native_snapshot *)snapshot);
}

/* ---- writing */

static void store_close(ns_store *base);

/* Opens what is committed, twice: for the caller's look-ups, and as the beginning of the next commit. */
static nsearch_status load(ns_native_store *store, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    ns_native_snapshot_close(store->snapshot);
    store->snapshot = NULL;
    if (store->manifest.file_count)
        status = ns_native_snapshot_open(store->dirfd, &store->manifest, &store->snapshot, err);
    ns_parts_release(&store->parts);
    if (!status)
        status = ns_parts_open(store->dirfd, &store->manifest, &store->parts, err);
    store->counter = store->manifest.counter;
    return status == NSEARCH_NOT_FOUND ? NSEARCH_DAMAGED : status;
}

static nsearch_status store_open(const char *dir, const ns_store_options *options, ns_store **out,
                                 nsearch_error *err)
{
    size_t memory_mb = options && options->memory_mb ? options->memory_mb : DEFAULT_MEMORY_MB;
    ns_native_store *store = calloc(1, sizeof *store);
    if (!store)
        return ns_error_memory(err);
    store->base.backend = &ns_native_backend;
    store->dirfd = store->lock = -1;
    store->memory = (memory_mb < LEAST_MEMORY_MB ? LEAST_MEMORY_MB : memory_mb) * (1 << 20) / 3 * 2;
    size_t window = store->memory / WINDOW_SHARE;
    store->window = window < WINDOW_MIN ? WINDOW_MIN : window > WINDOW_MAX ? WINDOW_MAX : window;
    store->threads = options && options->threads > 1 ? options->threads : 1;
    ns_map_init(&store->recent);
    nsearch_error absent = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_files_open_directory(dir, true, &store->dirfd, err);
    if (!status)
        status = ns_gather_init(&store->gather, store->dirfd, store->threads, err);
    if (!status)
        status = ns_manifest_lock(store->dirfd, dir, &store->lock, err);
    if (!status) {
        status = ns_manifest_read(store->dirfd, &store->manifest, &absent);
        if (status == NSEARCH_NOT_FOUND) { /* a new index: empty and committed */
            memcpy(store->manifest.engine, "native", sizeof "native");
            store->manifest.counter = 1;
            status = ns_manifest_write(store->dirfd, &store->manifest, err);
        } else if (status)
            status = ns_error_set(err, status, "%s", absent.text);
    }
    if (!status)
        status = check_engine(&store->manifest, err);
    if (!status) {
        ns_files_sweep(store->dirfd, &store->manifest, NULL, store->manifest.counter); /* a dead writer's */
        status = load(store, err);
    }
    if (status) {
        store->dead = true; /* nothing of ours is in the directory */
        store_close(&store->base);
        return status;
    }
    *out = &store->base;
    return NSEARCH_OK;
}

static ns_snapshot *store_snapshot(ns_store *base)
{
    ns_native_store *store = (ns_native_store *)base;
    return store->snapshot && store->snapshot->parts.count ? &store->snapshot->base : NULL;
}

static nsearch_status check_alive(const ns_native_store *store, nsearch_error *err)
{
    if (store->dead)
        return ns_error_set(err, NSEARCH_INVALID, "this writer failed before and can only be closed");
    return NSEARCH_OK;
}

static nsearch_status store_names(ns_store *base, const char *text, size_t n, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    uint8_t *names = NULL;
    nsearch_status status = check_alive(store, err);
    if (status)
        return status;
    if (n) {
        names = malloc(n);
        if (!names)
            return ns_error_memory(err);
        memcpy(names, text, n);
    }
    free(store->names);
    store->names = names;
    store->names_size = n;
    store->names_changed = store->changed = true;
    return NSEARCH_OK;
}

static nsearch_status store_add(ns_store *base, const ns_analysed *article, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = check_alive(store, err);
    return status ? status : ns_store_put(store, article, err);
}

static nsearch_status batch_begin(ns_store *base, int lane, ns_batch **out, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    ns_native_batch *batch;
    if (lane < 0 || lane >= store->threads)
        return ns_error_set(err, NSEARCH_INVALID, "no lane %d", lane);
    nsearch_status status = ns_batch_begin(&store->gather, lane, &batch, err);
    if (!status) {
        batch->base.backend = base->backend;
        *out = &batch->base;
    }
    return status;
}

static nsearch_status batch_add(ns_batch *batch, const ns_analysed *article, nsearch_error *err)
{
    return ns_batch_add((ns_native_batch *)batch, article, err);
}

static nsearch_status batch_finish(ns_batch *batch, nsearch_error *err)
{
    return ns_batch_finish((ns_native_batch *)batch, err);
}

static void batch_group(ns_batch *batch, size_t i, uint64_t group)
{
    ns_columns_set_group(&((ns_native_batch *)batch)->columns, i, group);
}

static nsearch_status batch_take(ns_store *base, ns_batch *batch, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = check_alive(store, err);
    if (!status)
        return ns_store_take(store, (ns_native_batch *)batch, err);
    ns_batch_free((ns_native_batch *)batch);
    return status;
}

static void batch_free(ns_batch *batch)
{
    ns_batch_free((ns_native_batch *)batch);
}

static size_t batch_room(ns_store *base)
{
    return ns_store_room((ns_native_store *)base);
}

static nsearch_status store_remove(ns_store *base, const char *id, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = check_alive(store, err);
    return status ? status : ns_store_take_out(store, id, err);
}

static nsearch_status store_restart(ns_store *base, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = check_alive(store, err);
    bool begun = store->open || store->gather.columns.article_count;
    for (size_t i = 0; i < store->parts.count; i++)
        begun |= !store->parts.list[i].committed;
    if (!status && begun)
        status = ns_error_set(err, NSEARCH_INVALID, "a restart must come before the first article");
    if (!status) {
        ns_parts_drop(&store->parts, 0, store->parts.count);
        store->changed = true;
    }
    return status;
}

/* The commit. Each step is on disk before the next begins; readers see the old state until the manifest is
 * renamed, and the new one from then on. */
static nsearch_status commit(ns_native_store *store, bool one_segment, nsearch_error *err)
{
    ns_manifest next;
    ns_manifest_init(&next);
    nsearch_status status = check_alive(store, err);
    if (status)
        return status;

    /* 1. segments: written, synced, opened again and checked */
    status = ns_store_flush(store, err);
    if (!status)
        status = ns_store_tidy(store, err);
    if (!status && one_segment &&
        (store->parts.count > 1 || (store->parts.count == 1 && store->parts.list[0].removed.passages)))
        status = ns_store_merge_parts(store, 0, store->parts.count, err);
    if (!status && !store->changed)
        return NSEARCH_OK;

    for (size_t i = 0; i < store->parts.count && !status; i++) /* merges read what is mapped */
        status = ns_segment_intact(store->parts.list[i].segment, err);

    /* 2. bitmaps of removed passages, names */
    if (!status)
        status = ns_store_describe(store, &next, err);
    /* 3. the names of the new files */
    if (!status && ns_fs_current->fsync(store->dirfd))
        status = ns_error_system(err, "cannot sync the index directory");
    /* 4. the manifest, synced, renamed, the directory synced: committed */
    if (!status)
        status = ns_manifest_write(store->dirfd, &next, err);
    if (status) {
        ns_manifest_release(&next);
        store->dead = true;
        return status == NSEARCH_NOT_FOUND ? NSEARCH_IO : status;
    }

    /* 5. only now: what the last two manifests do not name */
    ns_files_sweep(store->dirfd, &next, &store->manifest, 0);
    ns_manifest_release(&store->manifest);
    store->manifest = next;
    store->changed = store->names_changed = false;
    status = load(store, err);
    store->dead = status != NSEARCH_OK;
    return status;
}

static nsearch_status store_commit(ns_store *base, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = commit(store, false, err);
    store->dead |= status != NSEARCH_OK;
    return status;
}

static nsearch_status store_merge(ns_store *base, nsearch_error *err)
{
    ns_native_store *store = (ns_native_store *)base;
    nsearch_status status = commit(store, true, err);
    store->dead |= status != NSEARCH_OK;
    return status;
}

/* What was written and not committed goes. The manifest on disk decides: a commit may have reached it and
 * failed after. */
static void drop_uncommitted(ns_native_store *store)
{
    ns_manifest manifest;
    ns_manifest_init(&manifest);
    if (ns_manifest_read(store->dirfd, &manifest, NULL) == NSEARCH_OK)
        ns_files_sweep(store->dirfd, &manifest, NULL, manifest.counter);
    ns_manifest_release(&manifest);
}

static void store_close(ns_store *base)
{
    ns_native_store *store = (ns_native_store *)base;
    if (!store)
        return;
    ns_batch_free(store->open);
    ns_gather_release(&store->gather);
    ns_parts_release(&store->parts);
    ns_native_snapshot_close(store->snapshot);
    if (store->lock >= 0 && (store->changed || store->dead))
        drop_uncommitted(store);
    ns_manifest_release(&store->manifest);
    ns_map_release(&store->recent);
    ns_buffer_release(&store->doomed);
    free(store->names);
    if (store->lock >= 0)
        ns_fs_current->close(store->lock);
    if (store->dirfd >= 0)
        ns_fs_current->close(store->dirfd);
    free(store);
}

const ns_backend ns_native_backend = {
    .name = "native",
    .open = native_open,
    .close = native_close,
    .stats = ns_native_stats,
    .names = ns_native_names,
    .term = ns_native_term,
    .walk = ns_native_walk,
    .similar = ns_native_similar,
    .part_count = ns_native_part_count,
    .part = ns_native_part_get,
    .cursor = ns_native_cursor,
    .length = ns_native_length,
    .article_of = ns_native_article_of,
    .columns = ns_native_columns,
    .days = ns_native_days,
    .groups = ns_native_groups,
    .articles = ns_native_articles,
    .fetch = ns_native_fetch,
    .intact = ns_native_intact,
    .named = ns_native_named,
    .named_key = ns_native_named_key,
    .verify = ns_native_verify,
    .survey = ns_native_survey,
    .answer = NULL,
    .store_open = store_open,
    .store_snapshot = store_snapshot,
    .store_names = store_names,
    .store_add = store_add,
    .batch_begin = batch_begin,
    .batch_add = batch_add,
    .batch_finish = batch_finish,
    .batch_group = batch_group,
    .batch_take = batch_take,
    .batch_free = batch_free,
    .batch_room = batch_room,
    .store_remove = store_remove,
    .store_restart = store_restart,
    .store_commit = store_commit,
    .store_merge = store_merge,
    .store_close = store_close,
};
