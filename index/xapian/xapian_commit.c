/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_commit.c - makes what was gathered durable and visible: new files, synced and counted, then the
 * manifest, and only then the old files go.
 */
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_files.h"
#include "index/xapian/xapian_store.h"
#include "src/base/fs.h"

/* The databases that stay: the committed ones with something alive in them, and the new one. */
static nsearch_status list_databases(ns_xapian_store *s, ns_manifest *next, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; !status && !s->restarted && i < s->manifest.file_count; i++) {
        const ns_manifest_file *f = &s->manifest.files[i];
        if (!strcmp(f->role, "database") &&
            ns_xapian_live_count(&s->live, (uint32_t)f->numbers[0], (uint32_t)f->numbers[1]))
            status = ns_manifest_add(next, f, err);
    }
    if (status || !s->work || !s->added.passages)
        return status;
    ns_manifest_file file;
    status = ns_xapian_work_flush(s->work, err);
    ns_xapian_work_close(s->work);
    s->work = NULL;
    if (!status)
        status = ns_xapian_database_finish(s, s->work_name, s->work_first, s->live.end, &file, err);
    return status ? status : ns_manifest_add(next, &file, err);
}

/* Where the run of databases to merge begins: the newest ones, for as long as the next older one is not more than
 * twice their size. So each byte is written again a logarithmic number of times. */
static size_t merge_from(const ns_manifest *next, bool all)
{
    size_t from = next->file_count;
    uint64_t sum = 0;
    if (all)
        return 0;
    while (from && (from == next->file_count || next->files[from - 1].size <= 2 * sum))
        sum += next->files[--from].size;
    return next->file_count > NS_XAPIAN_DATABASES_MAX ? 0 : from;
}

/* Removed passages that databases still hold cost every query: at a quarter of the living all is rewritten. */
static bool has_many_removed(const ns_xapian_store *s)
{
    if (s->restarted)
        return false;
    uint64_t live = s->kept.passages + s->added.passages, held = s->snapshot->documents + s->added.passages;
    return held > live + live / 4;
}

static bool has_removed(const ns_xapian_store *s)
{
    return !s->restarted && s->snapshot->documents > s->kept.passages;
}

static nsearch_status merge_databases(ns_xapian_store *s, ns_manifest *next, bool all, nsearch_error *err)
{
    bool any = true;
    size_t from = merge_from(next, all || has_many_removed(s));
    size_t count = next->file_count - from;
    if (!count || (count == 1 && !(all && has_removed(s)) && !has_many_removed(s)))
        return NSEARCH_OK;
    ns_manifest_file file;
    nsearch_status status = ns_xapian_databases_merge(s, next->files + from, count, &file, &any, err);
    if (status)
        return status;
    next->file_count = from;
    return any ? ns_manifest_add(next, &file, err) : NSEARCH_OK;
}

static nsearch_status write_live(ns_xapian_store *s, ns_manifest *next, nsearch_error *err)
{
    char name[32];
    ns_manifest_file file;
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_live_encode(&s->live, &bytes);
    ns_xapian_store_name(s, "live", name);
    nsearch_status status = ns_xapian_file_write(s->dirfd, name, "removed", &bytes, &file, err);
    file.numbers[0] = s->kept.articles + s->added.articles;
    file.numbers[1] = s->kept.passages + s->added.passages;
    file.numbers[2] = s->kept.total_length + s->added.total_length;
    file.numbers[3] = s->kept.bytes_text + s->added.bytes_text;
    ns_buffer_release(&bytes);
    return status ? status : ns_manifest_add(next, &file, err);
}

static nsearch_status list_names(ns_xapian_store *s, ns_manifest *next, nsearch_error *err)
{
    char name[32];
    ns_manifest_file file;
    for (size_t i = 0; !s->names_changed && i < s->manifest.file_count; i++)
        if (!strcmp(s->manifest.files[i].role, "names"))
            return ns_manifest_add(next, &s->manifest.files[i], err);
    if (!s->names.size)
        return NSEARCH_OK;
    ns_xapian_store_name(s, "names", name);
    nsearch_status status = ns_xapian_file_write(s->dirfd, name, "names", &s->names, &file, err);
    return status ? status : ns_manifest_add(next, &file, err);
}

static nsearch_status build_next(ns_xapian_store *s, ns_manifest *next, bool all, nsearch_error *err)
{
    memcpy(next->engine, s->manifest.engine, sizeof next->engine);
    next->generation = s->manifest.generation + 1;
    nsearch_status status = list_databases(s, next, err);
    if (!status)
        status = merge_databases(s, next, all, err);
    if (!status && next->file_count)
        status = write_live(s, next, err);
    if (!status)
        status = list_names(s, next, err);
    next->counter = s->counter;
    if (!status && ns_fs_current->fsync(s->dirfd))
        status = ns_error_system(err, "cannot sync the index directory");
    return status;
}

static nsearch_status commit(ns_xapian_store *s, bool all, nsearch_error *err)
{
    if (s->dead)
        return ns_error_set(err, NSEARCH_INVALID, "an earlier call failed: this writer can only be closed");
    if (!s->changed && !(all && (s->snapshot->database_count > 1 || has_removed(s))))
        return NSEARCH_OK;
    ns_manifest next;
    ns_xapian_snapshot *snapshot = NULL;
    ns_manifest_init(&next);
    nsearch_status status = build_next(s, &next, all, err);
    if (!status)
        status = ns_manifest_write(s->dirfd, &next, err);
    if (!status)
        status = ns_xapian_snapshot_open(s->dir, &snapshot, err);
    if (status) {
        ns_manifest_release(&next);
        s->dead = true;
        return status;
    }
    ns_xapian_snapshot_close(s->snapshot);
    s->snapshot = snapshot;
    ns_manifest_release(&s->before);
    s->before = s->manifest;
    s->manifest = next;
    status = ns_xapian_store_reset(s, err);
    if (status)
        s->dead = true;
    ns_xapian_files_sweep(s->dirfd, &s->manifest, &s->before);
    return status;
}

nsearch_status ns_xapian_store_commit(ns_store *store, nsearch_error *err)
{
    return commit(ns_xapian_store_of(store), false, err);
}

nsearch_status ns_xapian_store_merge(ns_store *store, nsearch_error *err)
{
    return commit(ns_xapian_store_of(store), true, err);
}
