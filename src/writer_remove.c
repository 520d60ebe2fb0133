/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * writer_remove.c - removes an article by its id, and those whose files are there no more.
 */
#include <string.h>

#include "src/text/stored.h"
#include "src/writer.h"

/* The file that gave the article is to be read again: it may give it once more. */
static nsearch_status forget_file_of(nsearch_writer *w, const char *id, nsearch_error *err)
{
    ns_article_columns columns;
    uint32_t file = NS_NO_FILE;
    nsearch_status status = NSEARCH_OK;
    const ns_sighting *seen = ns_writer_sighting(w, id);
    bool found = false;
    if (seen)
        file = seen->file;
    else
        status = ns_writer_find(w->backend->store_snapshot(w->store), id, &found, &columns, err);
    if (!status && found) {
        ns_arena arena = NS_ARENA_INIT;
        status = ns_writer_file_of(w, &columns, &arena, &file, NULL, err);
        ns_arena_release(&arena);
    }
    if (!status && file != NS_NO_FILE) {
        ns_writer_file_loses(w, file);
        w->files.list[file].stamp = 0;
    }
    return status;
}

nsearch_status ns_writer_ungroup(nsearch_writer *w, const char *id, nsearch_error *err)
{
    ns_article_columns columns;
    ns_snapshot *committed = w->backend->store_snapshot(w->store);
    const ns_sighting *seen = ns_writer_sighting(w, id);
    nsearch_status status = ns_writer_load_groups(w, err);
    if (status)
        return status;
    bool found = false;
    if (seen && seen->hash)
        ns_grouping_remove(w->grouping, seen->hash);
    else
        status = ns_writer_find(committed, id, &found, &columns, err);
    if (!status && found)
        ns_grouping_remove(w->grouping, columns.hash);
    return status;
}

nsearch_status nsearch_writer_remove(nsearch_writer *w, const char *id, nsearch_error *err)
{
    nsearch_status status = ns_writer_check(w, err);
    if (!status && !id)
        status = ns_error_set(err, NSEARCH_INVALID, "no id was given");
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = w->backend->store_remove(w->store, id, err);
    if (!status)
        status = forget_file_of(w, id, err);
    if (!status) {
        bool is_new;
        status = ns_writer_ungroup(w, id, err);
        ns_sighting *seen = ns_writer_sight(w, id, &is_new);
        if (seen)
            seen->hash = 0; /* added again, it is not unchanged */
        else if (!status)
            status = ns_error_memory(err);
        w->progress.removed++;
    }
    return ns_writer_ended(w, status);
}

/* ---- what is missing */

typedef struct missing {
    nsearch_writer *w;
    ns_snapshot *snapshot;
    ns_arena arena;
    ns_map ids; /* -> place of its file */
    nsearch_status status;
    nsearch_error *err;
} missing;

/* The path, or a folder above it. */
static bool holds_path(const ns_map *paths, const char *path)
{
    size_t n = strlen(path);
    if (ns_map_find(paths, path, n))
        return true;
    for (size_t i = n; i-- > 1;)
        if (path[i] == '/' && ns_map_find(paths, path, i))
            return true;
    return n && path[0] == '/' && ns_map_find(paths, "/", 1);
}

bool ns_writer_is_missing(const nsearch_writer *w, const ns_article *a)
{
    return holds_path(&w->roots, a->origin) && !ns_writer_sighting(w, a->id) &&
           !ns_writer_was_passed(w, ns_known_files_find(&w->files, a->origin)) && !holds_path(&w->trouble, a->origin);
}

static bool note_missing(const ns_article_columns *columns, void *user)
{
    missing *m = user;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_arena_reset(&m->arena);
    m->status = m->snapshot->backend->fetch(m->snapshot, columns->article, &m->arena, &bytes, &n, m->err);
    if (!m->status)
        m->status = ns_stored_decode(bytes, n, &m->arena, &stored, m->err);
    if (m->status)
        return false;
    const ns_article *a = &stored.article;
    if (ns_writer_is_missing(m->w, a)) {
        uint64_t *value = ns_map_put(&m->ids, a->id, strlen(a->id), NULL);
        if (value)
            *value = ns_known_files_find(&m->w->files, a->origin);
        else
            m->status = ns_error_memory(m->err);
    }
    return !m->status;
}

static nsearch_status remove_noted(nsearch_writer *w, const ns_map *ids, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < ids->count && !status; i++) {
        uint32_t file = (uint32_t)ids->entries[i].value;
        nsearch_error why = NSEARCH_ERROR_INIT;
        status = w->backend->store_remove(w->store, ids->entries[i].key, &why);
        if (status == NSEARCH_NOT_FOUND) { /* an entry that gave way to its page */
            status = NSEARCH_OK;
            continue;
        }
        if (status) {
            ns_error_set(err, status, "%s", why.text);
            break;
        }
        w->progress.removed++;
        status = ns_writer_ungroup(w, ids->entries[i].key, err);
        /* one that was read has been counted anew; another is not there, and may come back as it was */
        if (file != NS_NO_FILE && !(w->files.list[file].flags & NS_FILE_READ)) {
            ns_writer_file_loses(w, file);
            w->files.list[file].stamp = 0;
            w->files.list[file].flags &= (uint8_t)~NS_FILE_LEFTOVERS;
        }
    }
    for (size_t i = 0; i < w->files.count && !status; i++)
        if ((w->files.list[i].flags & (NS_FILE_READ | NS_FILE_TROUBLE)) == NS_FILE_READ)
            w->files.list[i].flags &= (uint8_t)~NS_FILE_LEFTOVERS;
    return status;
}

nsearch_status nsearch_writer_remove_missing(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = ns_writer_check(w, err);
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = ns_writer_sweep(w, err);
    if (!status)
        status = ns_writer_take_out_entries(w, err);
    if (status)
        return ns_writer_ended(w, status);
    ns_snapshot *snapshot = w->backend->store_snapshot(w->store);
    if (!snapshot)
        return NSEARCH_OK;
    missing m = {.w = w, .snapshot = snapshot, .err = err};
    ns_map_init(&m.ids);
    status = snapshot->backend->articles(snapshot, note_missing, &m, err);
    if (!status)
        status = m.status;
    if (!status)
        status = remove_noted(w, &m.ids, err);
    ns_map_release(&m.ids);
    ns_arena_release(&m.arena);
    return ns_writer_ended(w, status);
}
