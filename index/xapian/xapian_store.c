/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_store.c - opens a database to write, keeps its counts, and commits.
 */
#include "index/xapian/xapian_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/manifest.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

/* A server holds its changes in memory, and would commit after 10,000 by itself, in the middle of an article. */
#define REMOTE_CHANGES_MAX 4000

/* ---- opening */

static nsearch_status write_header(ns_xapian_store *s, nsearch_error *err)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_header_encode(&s->header, &bytes);
    nsearch_status status =
        bytes.failed ? ns_error_memory(err)
                     : ns_xapian_set_metadata(s->db, NS_XAPIAN_KEY_HEADER, (ns_xapian_bytes){bytes.data, bytes.size}, err);
    ns_buffer_release(&bytes);
    return status;
}

/* The state to go on from is that of the database; a new one gets an empty state. */
static nsearch_status read_state(ns_xapian_store *s, uint64_t generation, nsearch_error *err)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_error missing = NSEARCH_ERROR_INIT;
    uint64_t documents, length;
    nsearch_status status = ns_xapian_metadata(s->db, NS_XAPIAN_KEY_HEADER, &bytes, err);
    if (!status && bytes.size) {
        status = ns_xapian_header_decode(bytes.data, bytes.size, &s->header, err);
        if (!status)
            status = ns_xapian_columns_load(&s->columns, s->db, s->header.end, err);
        if (!status)
            status = ns_xapian_metadata(s->db, NS_XAPIAN_KEY_NAMES, &s->names, err);
        s->counted = s->header.postings;
    } else if (!status) {
        status = ns_xapian_totals(s->db, &documents, &length, &missing);
        if (!status && documents)
            status = ns_error_set(err, NSEARCH_INVALID, "'%s' is a database of something else", s->shard.name);
        s->header.generation = generation;
        if (!status)
            status = write_header(s, err);
        if (!status)
            status = ns_xapian_commit(s->db, err);
    }
    ns_buffer_release(&bytes);
    return status;
}

static nsearch_status open_snapshot(ns_xapian_store *s, nsearch_error *err)
{
    ns_snapshot *snapshot;
    nsearch_status status = ns_shards_open(&s->shard, 1, s->timeout_ms, &snapshot, err);
    if (status)
        return status;
    ns_xapian_snapshot_close(s->snapshot);
    s->snapshot = snapshot;
    return NSEARCH_OK;
}

/* Of an index directory: the lock, and which generation the manifest speaks of. */
static nsearch_status open_directory(ns_xapian_store *s, const char *dir, uint64_t *generation, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    ns_manifest manifest;
    nsearch_error missing = NSEARCH_ERROR_INIT;
    if (fs->mkdirat(AT_FDCWD, dir, 0777) && errno != EEXIST)
        return ns_error_system(err, "cannot make index '%s'", dir);
    s->dirfd = fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    s->dir = realpath(dir, NULL);
    if (s->dirfd < 0 || !s->dir)
        return ns_error_system(err, "cannot open index '%s'", dir);
    nsearch_status status = ns_manifest_lock(s->dirfd, dir, &s->lock, err);
    if (status)
        return status;
    char *path = NULL;
    if (asprintf(&path, "%s/" NS_XAPIAN_FOLDER, s->dir) < 0)
        return ns_error_memory(err);
    s->shard.where = path;
    ns_manifest_init(&manifest);
    status = ns_manifest_read(s->dirfd, &manifest, &missing);
    *generation = manifest.generation;
    if (!status && strcmp(manifest.engine, "xapian") != 0)
        status = ns_error_set(err, NSEARCH_INVALID, "index is of engine '%s'", manifest.engine);
    else if (status && status != NSEARCH_NOT_FOUND)
        ns_error_set(err, status, "%s", missing.text);
    ns_manifest_release(&manifest);
    return status;
}

/* The manifest names the database once that is there. */
static nsearch_status write_manifest(ns_xapian_store *s, uint64_t generation, nsearch_error *err)
{
    ns_manifest manifest;
    ns_manifest_file file = {.role = "database"};
    ns_manifest_init(&manifest);
    snprintf(manifest.engine, sizeof manifest.engine, "xapian");
    snprintf(file.name, sizeof file.name, NS_XAPIAN_FOLDER);
    manifest.generation = generation;
    manifest.counter = 1;
    nsearch_status status = ns_manifest_add(&manifest, &file, err);
    if (!status && ns_fs_current->fsync(s->dirfd))
        status = ns_error_system(err, "cannot sync the index directory");
    if (!status)
        status = ns_manifest_write(s->dirfd, &manifest, err);
    ns_manifest_release(&manifest);
    return status;
}

static nsearch_status names_database(ns_xapian_store *s, bool *names, nsearch_error *err)
{
    ns_manifest manifest;
    ns_manifest_init(&manifest);
    nsearch_status status = ns_manifest_read(s->dirfd, &manifest, err);
    *names = manifest.file_count > 0;
    ns_manifest_release(&manifest);
    return status;
}

static void remove_file(const char *name, void *user)
{
    const int *dirfd = user;
    ns_fs_current->unlinkat(*dirfd, name, 0);
}

/* Takes away what a writer left that was killed while it made the database: glass takes it for one and cannot open it. */
static void clear_half_made(ns_xapian_store *s)
{
    const ns_fs *fs = ns_fs_current;
    int folder = fs->openat(s->dirfd, NS_XAPIAN_FOLDER, O_RDONLY | O_DIRECTORY, 0);
    if (folder < 0)
        return;
    int version = fs->openat(folder, "iamglass", O_RDONLY, 0);
    if (version >= 0)
        fs->close(version);
    else if (errno == ENOENT)
        fs->list(folder, remove_file, &folder);
    fs->close(folder);
}

static ns_xapian_store *new_store(const ns_store_options *options)
{
    ns_xapian_store *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->base.backend = &ns_xapian_backend;
    s->dirfd = s->lock = -1;
    ns_xapian_columns_init(&s->columns);
    ns_map_init(&s->seen);
    ns_arena_init(&s->arena);
    /* A third for what is gathered; the rest is Xapian's own blocks, and the analysis. */
    s->budget = (options && options->memory_mb ? options->memory_mb : 512) * (size_t)1048576 / 3;
    return s;
}

nsearch_status ns_xapian_store_open(const char *dir, const ns_store_options *options, ns_store **store,
                                    nsearch_error *err)
{
    uint64_t generation = 0;
    bool named = true;
    ns_xapian_store *s = new_store(options);
    if (!s)
        return ns_error_memory(err);
    s->shard.name = strdup(dir);
    nsearch_status status = s->shard.name ? open_directory(s, dir, &generation, err) : ns_error_memory(err);
    bool is_new = status == NSEARCH_NOT_FOUND;
    if (!status)
        status = names_database(s, &named, err);
    else if (is_new)
        status = NSEARCH_OK;
    if (!status && (is_new || !named))
        clear_half_made(s);
    if (!status)
        status = ns_xapian_open(&s->shard, 0, true, &s->db, err);
    if (!status)
        status = read_state(s, generation, err);
    if (!status && (is_new || !named))
        status = write_manifest(s, generation, err);
    if (!status)
        status = open_snapshot(s, err);
    if (status)
        ns_xapian_store_close(&s->base);
    else
        *store = &s->base;
    return status;
}

nsearch_status ns_shard_store_open(const ns_shard *shard, const ns_store_options *options, unsigned timeout_ms,
                                   ns_store **store, nsearch_error *err)
{
    if (shard->kind == NS_SHARD_DIRECTORY)
        return ns_xapian_store_open(shard->where, options, store, err);
    ns_xapian_store *s = new_store(options);
    if (!s)
        return ns_error_memory(err);
    s->shard = *shard;
    s->shard.name = strdup(shard->name ? shard->name : shard->where);
    s->shard.where = strdup(shard->where);
    s->shard.arguments = strdup(shard->arguments ? shard->arguments : "");
    s->timeout_ms = timeout_ms;
    nsearch_status status = NSEARCH_OK;
    if (!s->shard.name || !s->shard.where || !s->shard.arguments)
        status = ns_error_memory(err);
    if (!status)
        status = ns_xapian_open(&s->shard, timeout_ms, true, &s->db, err);
    if (!status)
        status = read_state(s, 0, err);
    if (!status)
        status = open_snapshot(s, err);
    if (status)
        ns_xapian_store_close(&s->base);
    else
        *store = &s->base;
    return status;
}

void ns_xapian_store_close(ns_store *store)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    union {
        const char *text;
        void *mine;
    } texts[] = {{s ? s->shard.name : NULL}, {s ? s->shard.where : NULL}, {s ? s->shard.arguments : NULL}};
    if (!s)
        return;
    ns_xapian_close(s->db);
    ns_xapian_snapshot_close(s->snapshot);
    ns_xapian_columns_release(&s->columns);
    ns_map_release(&s->seen);
    ns_buffer_release(&s->names);
    ns_buffer_release(&s->record);
    ns_buffer_release(&s->named);
    ns_buffer_release(&s->data);
    ns_buffer_release(&s->words);
    ns_arena_release(&s->arena);
    if (s->lock >= 0)
        ns_fs_current->close(s->lock);
    if (s->dirfd >= 0)
        ns_fs_current->close(s->dirfd);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i].mine);
    free(s->dir);
    free(s);
}

ns_snapshot *ns_xapian_store_snapshot(ns_store *store)
{
    return ns_xapian_store_of(store)->snapshot;
}

static nsearch_status check_alive(const ns_xapian_store *s, nsearch_error *err)
{
    return s->dead ? ns_error_set(err, NSEARCH_INVALID, "an earlier call failed: this writer can only be closed") : NSEARCH_OK;
}

nsearch_status ns_xapian_store_names(ns_store *store, const char *text, size_t n, nsearch_error *err)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    nsearch_status status = check_alive(s, err);
    if (status)
        return status;
    if (s->names.size == n && (!n || !memcmp(s->names.data, text, n)))
        return NSEARCH_OK;
    ns_buffer_clear(&s->names);
    ns_buffer_add(&s->names, text, n);
    s->changed = true;
    return s->names.failed ? ns_error_memory(err) : NSEARCH_OK;
}

/* ---- counts */

static void count(ns_xapian_header *h, const ns_xapian_record *record, bool add)
{
    uint64_t sign = add ? 1 : UINT64_MAX; /* + or - 1 */
    h->articles += sign;
    h->texts += sign * !ns_group_is_copy(record->columns.group);
    h->passages += sign * record->columns.passage_count;
    h->total_length += sign * record->total_length;
    h->bytes_text += sign * record->text_bytes;
    h->postings += sign * record->postings;
    h->content += sign * ns_xapian_content(record);
}

/* ---- removing */

static nsearch_status delete_article(ns_xapian_store *s, const ns_xapian_record *record, nsearch_error *err)
{
    nsearch_status status =
        ns_xapian_columns_remove(&s->columns, record->columns.article, record->columns.passage_count, err);
    s->dead = true;
    for (uint32_t i = 0; !status && i < record->columns.passage_count; i++, s->waiting++)
        status = ns_xapian_delete(s->db, record->columns.article + i, err);
    s->dead = status != NSEARCH_OK;
    count(&s->header, record, false);
    s->changed = true;
    return status;
}

/* Removes the article with this id, committed or not. NOT_FOUND. */
static nsearch_status drop(ns_xapian_store *s, const char *id, nsearch_error *err)
{
    char key[NS_XAPIAN_ID_KEY];
    uint32_t docids[NS_XAPIAN_BLOCK], freqs[NS_XAPIAN_BLOCK], df;
    size_t n = 0, length = strlen(id);
    ns_xapian_list *list;
    ns_xapian_record record;
    ns_buffer bytes = NS_BUFFER_INIT;
    bool found = false;
    ns_xapian_id_key(id, key);
    nsearch_status status = ns_xapian_list_open(s->db, key, sizeof key - 1, &list, &df, err);
    if (!status && list)
        status = ns_xapian_list_read(list, 0, NS_XAPIAN_BLOCK, docids, freqs, &n, err);
    ns_xapian_list_close(list);
    for (size_t i = 0; i < n && !status && !found; i++) {
        ns_buffer_clear(&bytes);
        status = ns_xapian_get(s->db, docids[i], NS_XAPIAN_SLOT_RECORD, &bytes, err);
        if (!status)
            status = ns_xapian_record_decode(bytes.data, bytes.size, &record, err);
        found = !status && record.id_length == length && !memcmp(record.id, id, length);
    }
    if (!status)
        status = found ? delete_article(s, &record, err)
                       : ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%.200s'", id);
    ns_buffer_release(&bytes);
    return status;
}

nsearch_status ns_xapian_store_remove(ns_store *store, const char *id, nsearch_error *err)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    nsearch_status status = check_alive(s, err);
    return status ? status : drop(s, id, err);
}

nsearch_status ns_xapian_store_restart(ns_store *store, nsearch_error *err)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    nsearch_status status = check_alive(s, err);
    if (status)
        return status;
    s->dead = true;
    for (uint32_t d = 0; d < s->columns.end && !status; d++)
        if (!ns_xapian_is_removed(&s->columns, d))
            status = ns_xapian_delete(s->db, d, err);
    if (!status)
        status = ns_xapian_columns_clear(&s->columns, s->db, err);
    s->dead = status != NSEARCH_OK;
    s->changed = true;
    s->header = (ns_xapian_header){.generation = s->header.generation, .names_sum = s->header.names_sum};
    return status;
}

/* ---- adding */

static nsearch_status make_room(ns_xapian_store *s, nsearch_error *err)
{
    if (s->shard.kind != NS_SHARD_DIRECTORY)
        return s->waiting > REMOTE_CHANGES_MAX ? ns_xapian_store_commit(&s->base, err) : NSEARCH_OK;
    if (s->gathered <= s->budget)
        return NSEARCH_OK;
    s->gathered = 0;
    return ns_xapian_spill(s->db, err);
}

nsearch_status ns_xapian_store_add(ns_store *store, const ns_analysed *a, nsearch_error *err)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    ns_xapian_record record;
    nsearch_error absent = NSEARCH_ERROR_INIT;
    nsearch_status status = check_alive(s, err);
    if (!status)
        status = ns_xapian_check_article(a, err);
    if (!status) {
        status = drop(s, a->id, &absent);
        if (status == NSEARCH_NOT_FOUND)
            status = NSEARCH_OK;
        else if (status)
            ns_error_set(err, status, "%s", absent.text);
    }
    if (!status)
        status = ns_xapian_add_article(s, a, &record, err);
    if (status)
        return status;
    count(&s->header, &record, true);
    s->changed = true;
    return make_room(s, err);
}

/* ---- committing */

static bool count_term(const char *key, size_t n, uint64_t df, void *user)
{
    uint64_t *terms = user;
    (void)df;
    *terms += ns_xapian_is_term(key, n);
    return true;
}

/* To count the terms is to walk all of them, so it is done when the postings have changed by an eighth. */
static nsearch_status count_terms(ns_xapian_store *s, bool all, nsearch_error *err)
{
    uint64_t now = s->header.postings, change = now > s->counted ? now - s->counted : s->counted - now;
    if (s->shard.kind != NS_SHARD_DIRECTORY || (!all && change <= s->counted / 8))
        return NSEARCH_OK;
    s->header.terms = 0;
    s->counted = now;
    return ns_xapian_walk(s->db, "", 0, count_term, &s->header.terms, err);
}

static nsearch_status commit(ns_xapian_store *s, bool all, nsearch_error *err)
{
    nsearch_status status = check_alive(s, err);
    if (status || (!s->changed && !all))
        return status;
    s->dead = true;
    s->header.end = s->columns.end;
    s->header.names_sum = ns_crc32c(0, s->names.data, s->names.size);
    status = count_terms(s, all, err);
    if (!status && s->dir)
        status = ns_xapian_spill(s->db, err);
    if (!status)
        status = ns_xapian_columns_save(&s->columns, s->db, err);
    if (!status)
        status = ns_xapian_set_metadata(s->db, NS_XAPIAN_KEY_NAMES, (ns_xapian_bytes){s->names.data, s->names.size}, err);
    s->header.bytes = s->dir ? ns_xapian_bytes_of(&s->shard) : 0; /* without what the commit adds */
    s->header.generation++;
    if (!status)
        status = write_header(s, err);
    if (!status)
        status = ns_xapian_commit(s->db, err);
    if (!status)
        status = open_snapshot(s, err);
    s->gathered = s->waiting = 0;
    s->changed = false;
    s->dead = status != NSEARCH_OK;
    return status;
}

nsearch_status ns_xapian_store_commit(ns_store *store, nsearch_error *err)
{
    return commit(ns_xapian_store_of(store), false, err);
}

nsearch_status ns_xapian_store_merge(ns_store *store, nsearch_error *err)
{
    return commit(ns_xapian_store_of(store), ns_xapian_store_of(store)->changed, err);
}
