/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * parts.c - opens and keeps the segments of one state.
 */
#include "index/native/parts.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"

static void close_part(ns_native_part *part)
{
    ns_segment_close(part->segment);
    ns_removed_release(&part->removed);
}

void ns_parts_release(ns_native_parts *parts)
{
    ns_parts_drop(parts, 0, parts->count);
    free(parts->list);
    memset(parts, 0, sizeof *parts);
}

nsearch_status ns_parts_insert(ns_native_parts *parts, size_t at, const ns_native_part *part,
                               nsearch_error *err)
{
    if (parts->count == parts->capacity) {
        size_t capacity = parts->capacity ? parts->capacity * 2 : 8;
        ns_native_part *list = realloc(parts->list, capacity * sizeof *list);
        if (!list)
            return ns_error_memory(err);
        parts->list = list;
        parts->capacity = capacity;
    }
    memmove(&parts->list[at + 1], &parts->list[at], (parts->count - at) * sizeof *parts->list);
    parts->list[at] = *part;
    parts->count++;
    return NSEARCH_OK;
}

void ns_parts_drop(ns_native_parts *parts, size_t from, size_t to)
{
    if (from == to)
        return;
    for (size_t i = from; i < to; i++)
        close_part(&parts->list[i]);
    memmove(&parts->list[from], &parts->list[to], (parts->count - to) * sizeof *parts->list);
    parts->count -= to - from;
}

nsearch_status ns_parts_number(ns_native_parts *parts, nsearch_error *err)
{
    uint64_t base = 0;
    for (size_t i = 0; i < parts->count; i++) {
        parts->list[i].docid_base = (uint32_t)base;
        base += parts->list[i].segment->counts.passages;
        if (base >= NS_DOCID_END)
            return ns_error_set(err, NSEARCH_INVALID, "too many passages for one index");
    }
    return NSEARCH_OK;
}

nsearch_status ns_parts_open_segment(int dirfd, const ns_manifest_file *file, ns_segment **segment,
                                     nsearch_error *err)
{
    ns_segment *s;
    nsearch_status status = ns_segment_open(dirfd, file, &s, err);
    if (status)
        return status;
    status =
        ns_dictionary_check(s) ? ns_columns_check(s, err) : ns_segment_damaged(s, NS_SECTION_TERM_INDEX, err);
    if (status)
        ns_segment_close(s);
    else
        *segment = s;
    return status;
}

static nsearch_status open_part(int dirfd, const ns_manifest *manifest, size_t i, ns_native_part *part,
                                nsearch_error *err)
{
    memset(part, 0, sizeof *part);
    part->file = manifest->files[i];
    part->committed = true;
    nsearch_status status = ns_parts_open_segment(dirfd, &part->file, &part->segment, err);
    for (size_t k = 0; k < manifest->file_count && !status; k++) {
        const ns_manifest_file *file = &manifest->files[k];
        if (strcmp(file->role, "removed") != 0 || file->id != part->file.id || part->removed_file.name[0])
            continue;
        part->removed_file = *file;
        status = ns_removed_read(&part->removed, part->segment, dirfd, file, err);
    }
    if (status)
        close_part(part);
    return status;
}

nsearch_status ns_parts_open(int dirfd, const ns_manifest *manifest, ns_native_parts *parts,
                             nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    ns_native_parts opened = {0};
    for (size_t i = 0; i < manifest->file_count && !status; i++) {
        ns_native_part part;
        if (strcmp(manifest->files[i].role, "segment") != 0)
            continue;
        status = open_part(dirfd, manifest, i, &part, err);
        if (!status && (status = ns_parts_insert(&opened, opened.count, &part, err)))
            close_part(&part);
    }
    if (!status)
        status = ns_parts_number(&opened, err);
    if (status)
        ns_parts_release(&opened);
    else
        *parts = opened;
    return status;
}

size_t ns_id_key(const char *id, char key[NS_TERM_MAX])
{
    size_t n = strnlen(id, NS_TERM_MAX);
    if (n == NS_TERM_MAX) /* cut as analysis cuts terms: between characters */
        for (n--; n > 0 && ((unsigned char)id[n] & 0xc0) == 0x80;)
            n--;
    key[0] = NS_TERM_ID;
    memcpy(key + 1, id, n);
    return n + 1;
}

nsearch_status ns_part_find_article(const ns_native_part *part, const void *key, size_t n, bool *found,
                                    uint32_t *docid, nsearch_error *err)
{
    ns_list list;
    ns_cursor *cursor;
    *found = false;
    switch (ns_dictionary_find(part->segment, key, n, &list)) {
    case NS_ABSENT:
        return NSEARCH_OK;
    case NS_BAD:
        return ns_segment_damaged(part->segment, NS_SECTION_DICTIONARY, err);
    case NS_FOUND:
        break;
    }
    ns_arena arena;
    ns_arena_init(&arena);
    nsearch_status status = ns_postings_cursor(part->segment, &list, 0, &arena, &cursor, err);
    if (!status) {
        for (uint32_t d = cursor->docid; d != NS_DOCID_END && !*found; d = ns_cursor_next(cursor))
            if (!ns_removed_has(&part->removed, d)) {
                *found = true;
                *docid = ns_columns_first(part->segment, d);
            }
        if (cursor->damaged)
            status = ns_segment_damaged(part->segment, NS_SECTION_POSTINGS, err);
    }
    ns_arena_release(&arena);
    return status;
}
