/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * store.c - the steps between two commits.
 */
#include "index/native/store.h"

#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "index/native/files.h"
#include "index/native/merge.h"
#include "index/native/whole_file.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

enum {
    BATCH_BYTES = 128 << 10 /* of articles added one by one */
};

static nsearch_status doom(ns_native_store *store, uint64_t *place, nsearch_error *err)
{
    uint32_t docid = (uint32_t)*place - 1;
    ns_buffer_add(&store->doomed, &docid, sizeof docid);
    *place = 0;
    return store->doomed.failed ? ns_error_memory(err) : NSEARCH_OK;
}

/* Removes the article from the written parts. */
static nsearch_status remove_written(ns_native_store *store, const char *key, size_t n, bool *found,
                                     nsearch_error *err)
{
    *found = false;
    for (size_t i = store->parts.count; i-- > 0 && !*found;) {
        ns_native_part *part = &store->parts.list[i];
        uint32_t docid;
        nsearch_status status = ns_part_find_article(part, key, n, found, &docid, err);
        if (!status && *found) {
            status = ns_removed_add(&part->removed, part->segment, docid, err);
            part->removed_changed = true;
        }
        if (status)
            return status;
    }
    return NSEARCH_OK;
}

/* An article that was gathered with 'docid': it replaces what had its id. */
static nsearch_status settle_id(ns_native_store *store, const char *key, size_t n, uint32_t docid, nsearch_error *err)
{
    bool found = false;
    uint64_t *place = ns_map_put(&store->recent, key, n, NULL);
    if (!place)
        return ns_error_memory(err);
    nsearch_status status = *place ? doom(store, place, err) : remove_written(store, key, n, &found, err);
    *place = (uint64_t)docid + 1;
    return status;
}

static nsearch_status take(ns_native_store *store, ns_native_batch *batch, nsearch_error *err)
{
    uint32_t docid = store->gather.columns.passage_count;
    nsearch_status status = ns_gather_take(&store->gather, batch, err);
    const uint8_t *p = batch->ids.data, *end = p ? p + batch->ids.size : NULL;
    while (!status && p < end) {
        uint32_t first = ns_get_u32(p), n = ns_get_u32(p + 4);
        status = settle_id(store, (const char *)p + 8, n, docid + first, err);
        p += 8 + n;
    }
    if (!status)
        store->changed |= batch->columns.passage_count > 0;
    return status;
}

/* Which batch fills the memory is known when it is taken, and others are under way then. So that what a segment
 * holds does not depend on how many, a whole window more always comes before the flush. Beside one that is alone there
 * are none, and it may be as large as a window of others. */
static nsearch_status flush_in_time(ns_native_store *store, bool alone, nsearch_error *err)
{
    size_t held = ns_gather_bytes(&store->gather) + ns_map_bytes(&store->recent);
    if (alone)
        return held > store->memory ? ns_store_flush(store, err) : NSEARCH_OK;
    if (store->until_flush)
        return --store->until_flush ? NSEARCH_OK : ns_store_flush(store, err);
    size_t coming = ++store->batches < store->window ? 0 : held / store->batches * store->window; /* the first say little */
    if (held + coming > store->memory)
        store->until_flush = store->window;
    return NSEARCH_OK;
}

nsearch_status ns_store_take(ns_native_store *store, ns_native_batch *batch, nsearch_error *err)
{
    bool alone = batch->text_bytes >= NS_BATCH_ALONE;
    nsearch_status status = take(store, batch, err);
    ns_batch_free(batch);
    if (!status)
        status = flush_in_time(store, alone, err);
    store->dead |= status != NSEARCH_OK;
    return status;
}

size_t ns_store_room(const ns_native_store *store)
{
    return store->until_flush ? store->until_flush : store->window;
}

/* Takes what was added one by one. */
static nsearch_status close_open(ns_native_store *store, nsearch_error *err)
{
    ns_native_batch *batch = store->open;
    if (!batch)
        return NSEARCH_OK;
    store->open = NULL;
    nsearch_status status = ns_batch_finish(batch, err);
    if (!status)
        status = take(store, batch, err);
    ns_batch_free(batch);
    store->dead |= status != NSEARCH_OK;
    return status;
}

nsearch_status ns_store_put(ns_native_store *store, const ns_analysed *article, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (!store->open) {
        status = ns_batch_begin(&store->gather, 0, &store->open, err);
        store->open_bytes = 0;
    }
    if (!status)
        status = ns_batch_add(store->open, article, err);
    if (status == NSEARCH_INVALID)
        return status; /* the article's fault: nothing was changed */
    store->changed = true;
    store->open_bytes += article->stored_size;
    if (!status && store->open_bytes >= BATCH_BYTES) {
        status = close_open(store, err);
        if (!status)
            status = flush_in_time(store, false, err);
    }
    store->dead |= status != NSEARCH_OK;
    return status;
}

nsearch_status ns_store_take_out(ns_native_store *store, const char *id, nsearch_error *err)
{
    char key[NS_TERM_MAX];
    size_t n = ns_id_key(id, key);
    bool found = true;
    nsearch_status status = close_open(store, err);
    uint64_t *place = ns_map_find(&store->recent, key, n);
    if (!status)
        status = place && *place ? doom(store, place, err) : remove_written(store, key, n, &found, err);
    store->dead |= status != NSEARCH_OK;
    if (status)
        return status;
    if (!found)
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%s'", id);
    store->changed = true;
    return NSEARCH_OK;
}

/* Opens the new file again and reads all of it before anything relies on it. */
static nsearch_status add_part(ns_native_store *store, size_t at, const ns_manifest_file *file,
                               nsearch_error *err)
{
    ns_native_part part;
    memset(&part, 0, sizeof part);
    part.file = *file;
    nsearch_status status = ns_parts_open_segment(store->dirfd, file, &part.segment, err);
    if (!status)
        status = ns_segment_check_all(part.segment, err);
    if (!status)
        status = ns_parts_insert(&store->parts, at, &part, err);
    if (status)
        ns_segment_close(part.segment);
    return status;
}

nsearch_status ns_store_flush(ns_native_store *store, nsearch_error *err)
{
    ns_manifest_file file;
    char name[32];
    nsearch_status status = close_open(store, err);
    store->until_flush = store->batches = 0;
    if (status || !store->gather.columns.article_count)
        return status;
    ns_files_name(name, "seg", store->counter++);
    uint64_t id = ns_hash64(name, strlen(name), store->gather.content);
    status = ns_gather_write(&store->gather, store->threads, name, id, &file, err);
    if (!status)
        status = add_part(store, store->parts.count, &file, err);
    if (!status) {
        ns_native_part *part = &store->parts.list[store->parts.count - 1];
        for (size_t at = 0; at < store->doomed.size && !status; at += sizeof(uint32_t)) {
            uint32_t docid;
            memcpy(&docid, store->doomed.data + at, sizeof docid);
            status = ns_removed_add(&part->removed, part->segment, docid, err);
            part->removed_changed = true;
        }
    }
    ns_gather_release(&store->gather);
    ns_map_clear(&store->recent);
    ns_buffer_clear(&store->doomed);
#ifdef __GLIBC__
    malloc_trim(0); /* many small blocks went at once: what is free would still count against the budget */
#endif
    if (!status)
        status = ns_gather_init(&store->gather, store->dirfd, store->threads, err);
    return status ? status : ns_store_tidy(store, err);
}

nsearch_status ns_store_merge_parts(ns_native_store *store, size_t from, size_t to, nsearch_error *err)
{
    char name[32];
    ns_manifest_file file;
    uint64_t id = to - from, live = 0;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = from; i < to; i++)
        live += ns_part_live(&store->parts.list[i]);
    if (live) {
        ns_files_name(name, "seg", store->counter++);
        for (size_t i = from; i < to; i++) {
            const ns_native_part *part = &store->parts.list[i];
            id = ns_mix64(id ^ part->segment->id) + part->removed.passages;
        }
        id = ns_hash64(name, strlen(name), id);
        status = ns_merge_parts(&store->parts.list[from], to - from, store->threads, store->dirfd, name, id, &file, err);
        if (!status)
            status = add_part(store, to, &file, err);
    }
    for (size_t i = from; i < to && !status; i++)
        status = ns_segment_intact(store->parts.list[i].segment, err);
    for (size_t i = from; i < to && !status; i++) /* no manifest knows these */
        if (!store->parts.list[i].committed)
            ns_fs_current->unlinkat(store->dirfd, store->parts.list[i].file.name, 0);
    if (!status)
        ns_parts_drop(&store->parts, from, to);
    store->changed = true;
    return status;
}

nsearch_status ns_store_tidy(ns_native_store *store, nsearch_error *err)
{
    size_t from, to;
    nsearch_status status = NSEARCH_OK;
    while (!status && ns_merge_choose(&store->parts, &from, &to))
        status = ns_store_merge_parts(store, from, to, err);
    return status;
}

static nsearch_status describe_names(ns_native_store *store, ns_manifest *next, nsearch_error *err)
{
    ns_manifest_file file;
    char name[32];
    if (!store->names_changed) {
        for (size_t i = 0; i < store->manifest.file_count; i++)
            if (!strcmp(store->manifest.files[i].role, "names"))
                return ns_manifest_add(next, &store->manifest.files[i], err);
        return NSEARCH_OK;
    }
    if (!store->names_size)
        return NSEARCH_OK;
    memset(&file, 0, sizeof file);
    memcpy(file.role, "names", sizeof "names");
    ns_files_name(name, "names", store->counter++);
    nsearch_status status = ns_whole_file_write(store->dirfd, name, ns_hash64(name, strlen(name), 0),
                                                store->names, store->names_size, &file, err);
    return status ? status : ns_manifest_add(next, &file, err);
}

nsearch_status ns_store_describe(ns_native_store *store, ns_manifest *next, nsearch_error *err)
{
    nsearch_status status = ns_parts_number(&store->parts, err);
    memcpy(next->engine, "native", sizeof "native");
    next->generation = store->manifest.generation + 1;
    for (size_t i = 0; i < store->parts.count && !status; i++) {
        ns_native_part *part = &store->parts.list[i];
        status = ns_manifest_add(next, &part->file, err);
        if (!status && part->removed_changed) {
            char name[32];
            ns_files_name(name, "del", store->counter++);
            status =
                ns_removed_write(&part->removed, part->segment, store->dirfd, name, &part->removed_file, err);
        }
        if (!status && part->removed.passages)
            status = ns_manifest_add(next, &part->removed_file, err);
    }
    if (!status)
        status = describe_names(store, next, err);
    next->counter = store->counter;
    return status;
}
