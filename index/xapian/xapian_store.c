/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_store.c - gathers added and removed articles until the next commit.
 */
#include "index/xapian/xapian_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_files.h"
#include "src/base/day.h"
#include "src/base/fs.h"

/* What Xapian's inverter takes for a posting and for a position, roughly; measured by tests/bench. */
#define POSTING_COST 80
#define POSITION_COST 6

bool ns_xapian_store_path(const ns_xapian_store *s, const char *name, char *path, size_t size)
{
    int n = snprintf(path, size, "%s/%s", s->dir, name);
    return n > 0 && (size_t)n < size;
}

void ns_xapian_store_name(ns_xapian_store *s, const char *kind, char name[32])
{
    snprintf(name, 32, "%s-%06llu", kind, (unsigned long long)s->counter++);
}

/* ---- lifecycle */

static nsearch_status make_empty(ns_xapian_store *s, nsearch_error *err)
{
    snprintf(s->manifest.engine, sizeof s->manifest.engine, "xapian");
    s->manifest.generation = 0;
    s->manifest.counter = 1;
    return ns_manifest_write(s->dirfd, &s->manifest, err);
}

nsearch_status ns_xapian_store_reset(ns_xapian_store *s, nsearch_error *err)
{
    ns_xapian_work_close(s->work);
    s->work = NULL;
    ns_map_clear(&s->pending);
    s->item_count = 0;
    s->gathered = 0;
    s->changed = s->restarted = s->names_changed = false;
    s->counter = s->manifest.counter;
    ns_xapian_live_release(&s->live);
    const ns_snapshot_stats *stats = &s->snapshot->stats;
    s->kept = (ns_xapian_counts){stats->articles, stats->passages, stats->total_length, stats->bytes_text};
    s->added = (ns_xapian_counts){0, 0, 0, 0};
    ns_buffer_clear(&s->names);
    ns_buffer_add(&s->names, s->snapshot->names.data, s->snapshot->names.size);
    return ns_xapian_live_copy(&s->snapshot->live, &s->live, err);
}

nsearch_status ns_xapian_store_open(const char *dir, const ns_store_options *options, ns_store **store,
                                    nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    ns_xapian_store *s = calloc(1, sizeof *s);
    if (!s)
        return ns_error_memory(err);
    s->base.backend = &ns_xapian_backend;
    s->dirfd = s->lock = -1;
    ns_manifest_init(&s->manifest);
    ns_manifest_init(&s->before);
    ns_map_init(&s->pending);
    ns_map_init(&s->seen);
    ns_arena_init(&s->arena);
    /* A third for what is gathered; the rest is Xapian's own blocks, a merge and the analysis. */
    s->budget = (options && options->memory_mb ? options->memory_mb : 512) * (size_t)1048576 / 3;

    nsearch_status status = NSEARCH_OK;
    if (fs->mkdirat(AT_FDCWD, dir, 0777) && errno != EEXIST) {
        status = ns_error_system(err, "cannot make index '%s'", dir);
        goto out;
    }
    s->dirfd = fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    s->dir = realpath(dir, NULL);
    if (s->dirfd < 0 || !s->dir) {
        status = ns_error_system(err, "cannot open index '%s'", dir);
        goto out;
    }
    status = ns_manifest_lock(s->dirfd, dir, &s->lock, err);
    if (status)
        goto out;
    nsearch_error missing = NSEARCH_ERROR_INIT;
    status = ns_manifest_read(s->dirfd, &s->manifest, &missing);
    if (status == NSEARCH_NOT_FOUND)
        status = make_empty(s, err);
    else if (status)
        ns_error_set(err, status, "%s", missing.text);
    if (!status)
        status = ns_xapian_snapshot_open(s->dir, &s->snapshot, err);
    if (status)
        goto out;
    ns_xapian_files_sweep(s->dirfd, &s->manifest, NULL); /* what a killed writer left */
    status = ns_xapian_store_reset(s, err);
out:
    if (status)
        ns_xapian_store_close(&s->base);
    else
        *store = &s->base;
    return status;
}

void ns_xapian_store_close(ns_store *store)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    if (!s)
        return;
    ns_xapian_work_close(s->work);
    if (s->snapshot) { /* opened, so the lock is ours */
        /* After a failed commit only the disk knows which manifest stands. */
        ns_manifest newest;
        ns_manifest_init(&newest);
        if (ns_manifest_read(s->dirfd, &newest, NULL) == NSEARCH_OK)
            ns_xapian_files_sweep(s->dirfd, &newest, s->manifest.generation == newest.generation ? &s->before : &s->manifest);
        ns_manifest_release(&newest);
    }
    ns_xapian_snapshot_close(s->snapshot);
    ns_manifest_release(&s->manifest);
    ns_manifest_release(&s->before);
    ns_xapian_live_release(&s->live);
    ns_map_release(&s->pending);
    ns_map_release(&s->seen);
    free(s->items);
    ns_buffer_release(&s->names);
    ns_buffer_release(&s->record);
    ns_buffer_release(&s->named);
    ns_arena_release(&s->arena);
    if (s->lock >= 0)
        ns_fs_current->close(s->lock);
    if (s->dirfd >= 0)
        ns_fs_current->close(s->dirfd);
    free(s->dir);
    free(s);
}

ns_snapshot *ns_xapian_store_snapshot(ns_store *store)
{
    return &ns_xapian_store_of(store)->snapshot->base;
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
    s->names_changed = s->changed = true;
    return s->names.failed ? ns_error_memory(err) : NSEARCH_OK;
}

/* ---- removing */

static void uncount(ns_xapian_store *s, ns_xapian_counts *counts, const ns_xapian_item *item)
{
    ns_xapian_live_remove(&s->live, item->article, item->passages);
    counts->articles--;
    counts->passages -= item->passages;
    counts->total_length -= item->total_length;
    counts->bytes_text -= item->text_bytes;
    s->changed = true;
}

/* Removes the article where it stands: in the work database, or by its bits. NOT_FOUND. */
static nsearch_status drop(ns_xapian_store *s, const char *id, nsearch_error *err)
{
    uint64_t *place = ns_map_find(&s->pending, id, strlen(id));
    if (place && *place != UINT64_MAX) {
        const ns_xapian_item *item = &s->items[*place];
        for (uint32_t i = 0; i < item->passages; i++) {
            nsearch_status status = ns_xapian_work_remove(s->work, item->article + i, err);
            if (status)
                return status;
        }
        *place = UINT64_MAX;
        uncount(s, &s->added, item);
        return NSEARCH_OK;
    }
    ns_xapian_record record;
    if (s->restarted)
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%.200s'", id);
    nsearch_status status = ns_xapian_snapshot_find(s->snapshot, id, &record, err);
    if (status)
        return status;
    if (ns_xapian_live_is_gone(&s->live, record.columns.article)) /* since the last commit */
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%.200s'", id);
    ns_xapian_item item = {record.columns.article, record.columns.passage_count, record.total_length, record.text_bytes};
    uncount(s, &s->kept, &item);
    return NSEARCH_OK;
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
    if (s->work)
        ns_xapian_live_remove(&s->live, 0, s->work_first);
    else
        ns_xapian_live_release(&s->live); /* docids begin anew */
    s->kept = (ns_xapian_counts){0, 0, 0, 0};
    s->restarted = s->changed = true;
    return NSEARCH_OK;
}

/* ---- adding */

static nsearch_status open_work(ns_xapian_store *s, nsearch_error *err)
{
    char path[4096];
    ns_xapian_store_name(s, "work", s->work_name);
    if (!ns_xapian_store_path(s, s->work_name, path, sizeof path))
        return ns_error_set(err, NSEARCH_INVALID, "path of index too long '%.200s'", s->dir);
    s->work_first = s->live.end;
    return ns_xapian_work_open(path, &s->work, err);
}

/* Xapian's keys end in 0x00 and write one within as two bytes. */
static bool fits(const char *key, size_t n)
{
    size_t size = n;
    for (size_t i = 0; i < n; i++)
        size += !key[i];
    return n && size <= NS_TERM_MAX && ns_xapian_is_term(key, n);
}

static nsearch_status check_terms(const ns_analysed *a, nsearch_error *err)
{
    for (uint32_t p = 0; p < a->passage_count; p++)
        for (uint32_t i = 0; i < a->passages[p].term_count; i++)
            if (!fits(a->passages[p].terms[i].key, a->passages[p].terms[i].length))
                return ns_error_set(err, NSEARCH_SKIPPED, "term too long in article '%.200s'", a->id);
    return NSEARCH_OK;
}

/* Marks for the terms that no earlier passage of the article holds. */
static bool mark_terms(ns_xapian_store *s, const ns_passage *passage, ns_xapian_bytes *flags, size_t *count)
{
    for (uint32_t i = 0; i < passage->term_count; i++) {
        const ns_term *term = &passage->terms[i];
        bool is_new = false;
        if (!ns_xapian_is_marked(term->key[0]))
            continue;
        if (!ns_map_put(&s->seen, term->key, term->length, &is_new))
            return false;
        if (!is_new)
            continue;
        char *mark = ns_arena_copy(&s->arena, term->key, term->length);
        if (!mark)
            return false;
        mark[0] = (char)(mark[0] | NS_XAPIAN_MARK);
        flags[(*count)++] = (ns_xapian_bytes){mark, term->length};
    }
    return true;
}

static nsearch_status add_passage(ns_xapian_store *s, const ns_analysed *a, uint32_t i, uint32_t article,
                                  nsearch_error *err)
{
    const ns_passage *passage = &a->passages[i];
    ns_xapian_bytes *flags = ns_arena_array(&s->arena, (size_t)passage->term_count + 1, sizeof *flags);
    size_t flag_count = 0;
    uint8_t head[4], day[4];
    char id[NS_XAPIAN_ID_KEY];
    if (!flags || !mark_terms(s, passage, flags, &flag_count))
        return ns_error_memory(err);
    ns_xapian_put_be32(head, article);
    ns_xapian_day_bytes(a->day, day);
    ns_xapian_document d = {.terms = passage->terms, .term_count = passage->term_count, .flags = flags};
    d.values[NS_XAPIAN_SLOT_ARTICLE] = (ns_xapian_bytes){head, sizeof head};
    if (a->day != NS_DAY_UNKNOWN)
        d.values[NS_XAPIAN_SLOT_DAY] = (ns_xapian_bytes){day, sizeof day};
    if (!i) {
        ns_xapian_id_key(a->id, id);
        flags[flag_count++] = (ns_xapian_bytes){id, sizeof id};
        d.values[NS_XAPIAN_SLOT_RECORD] = (ns_xapian_bytes){s->record.data, s->record.size};
        d.values[NS_XAPIAN_SLOT_NAMES] = (ns_xapian_bytes){s->named.data, s->named.size};
        d.data = (ns_xapian_bytes){a->stored, a->stored_size};
        s->gathered += s->record.size + s->named.size + a->stored_size;
    }
    d.flag_count = flag_count;
    s->gathered += POSTING_COST * (passage->term_count + flag_count);
    for (uint32_t t = 0; t < passage->term_count; t++)
        s->gathered += POSITION_COST * passage->terms[t].position_count;
    return ns_xapian_work_add(s->work, article + i, &d, err);
}

static bool make_record(ns_xapian_store *s, const ns_analysed *a, const ns_xapian_item *item)
{
    ns_xapian_record record = {
        .columns = {.article = item->article, .passage_count = a->passage_count, .day = a->day, .hash = a->hash,
                    .group = a->group, .sketch = a->sketch},
        .text_bytes = a->text_bytes,
        .total_length = item->total_length,
        .id = a->id,
        .id_length = (uint32_t)strlen(a->id),
    };
    ns_buffer_clear(&s->record);
    ns_xapian_record_encode(&record, &s->record);
    ns_buffer_clear(&s->named);
    ns_xapian_named_encode(a, &s->named);
    return !s->record.failed && !s->named.failed;
}

static bool keep_item(ns_xapian_store *s, const char *id, const ns_xapian_item *item)
{
    if (s->item_count == s->item_capacity) {
        size_t capacity = s->item_capacity ? s->item_capacity * 2 : 64;
        ns_xapian_item *items = realloc(s->items, capacity * sizeof *items);
        if (!items)
            return false;
        s->items = items;
        s->item_capacity = capacity;
    }
    uint64_t *place = ns_map_put(&s->pending, id, strlen(id), NULL);
    if (!place)
        return false;
    *place = s->item_count;
    s->items[s->item_count++] = *item;
    return true;
}

nsearch_status ns_xapian_store_add(ns_store *store, const ns_analysed *a, nsearch_error *err)
{
    ns_xapian_store *s = ns_xapian_store_of(store);
    nsearch_status status = check_alive(s, err);
    if (!status)
        status = check_terms(a, err);
    if (!status && !s->work)
        status = open_work(s, err);
    if (status)
        return status;
    nsearch_error ignored = NSEARCH_ERROR_INIT;
    status = drop(s, a->id, &ignored);
    if (status && status != NSEARCH_NOT_FOUND)
        return ns_error_set(err, status, "%s", ignored.text);

    ns_xapian_item item = {.article = s->live.end, .passages = a->passage_count, .text_bytes = a->text_bytes};
    for (uint32_t i = 0; i < a->passage_count; i++)
        item.total_length += a->passages[i].length;
    ns_map_clear(&s->seen);
    ns_arena_reset(&s->arena);
    status = ns_xapian_live_append(&s->live, a->passage_count, err);
    if (status)
        return status;
    s->changed = true;
    if (!make_record(s, a, &item) || !keep_item(s, a->id, &item))
        status = ns_error_memory(err);
    for (uint32_t i = 0; !status && i < a->passage_count; i++)
        status = add_passage(s, a, i, item.article, err);
    if (status) { /* half an article is in the work database */
        s->dead = true;
        return status;
    }
    s->added.articles++;
    s->added.passages += item.passages;
    s->added.total_length += item.total_length;
    s->added.bytes_text += item.text_bytes;
    if (s->gathered > s->budget) {
        s->gathered = 0;
        status = ns_xapian_work_flush(s->work, err);
    }
    return status;
}
