/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_survey.c - goes through a database that may be damaged: tells each place that is not as it was written, and
 * reads the articles that still can be read. Each says by its own hash whether it is whole, so all tables but one may be
 * gone; then only, nobody knows which articles had been removed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/manifest.h"
#include "index/xapian/xapian_salvage.h"
#include "index/xapian/xapian_snapshot.h"
#include "src/base/fs.h"

typedef struct survey {
    const ns_survey *calls;
    ns_xapian_snapshot *index;        /* NULL: it cannot be opened */
    const ns_xapian_columns *columns; /* of it */
    uint8_t *kept;                    /* a bit an article, by its place */
    ns_map files;                     /* of articles that are lost */
} survey;

static void tell(const survey *s, const char *what)
{
    if (s->calls->damaged)
        s->calls->damaged(what, s->calls->user);
}

/* ---- articles that are whole */

static void take_article(uint32_t article, const uint8_t *bytes, size_t n, uint64_t hash, void *user)
{
    survey *s = user;
    if (!s->index) {
        if (!s->calls->article(bytes, n, hash, s->calls->user))
            s->calls->lost("", "", 1, s->calls->user);
        return;
    }
    uint32_t place = ns_xapian_is_removed(s->columns, article) ? UINT32_MAX : ns_xapian_place_of(s->columns, article);
    if (place != UINT32_MAX && !(s->kept[place >> 3] >> (place & 7) & 1) &&
        s->calls->article(bytes, n, hash, s->calls->user))
        s->kept[place >> 3] = (uint8_t)(s->kept[place >> 3] | 1u << (place & 7));
}

static void note_bad(void *user)
{
    const survey *s = user;
    if (!s->index) /* else it is missed by its docid */
        s->calls->lost("", "", 1, s->calls->user);
}

/* ---- articles that are lost */

typedef struct origin {
    survey *s;
    ns_xapian_db *db;
    ns_arena names;
} origin;

static bool is_lost(const survey *s, uint32_t place)
{
    return !ns_xapian_is_removed(s->columns, s->columns->heads[place]) && !(s->kept[place >> 3] >> (place & 7) & 1);
}

/* A file that articles came from: its term is in their first passages. */
static bool note_file(const char *key, size_t n, uint64_t df, void *user)
{
    origin *o = user;
    ns_xapian_list *list;
    uint32_t docids[NS_XAPIAN_BLOCK], freqs[NS_XAPIAN_BLOCK], told;
    size_t count = 1;
    const char *name = NULL;
    (void)df;
    if (ns_xapian_list_open(o->db, key, n, &list, &told, NULL))
        return true;
    while (list && count && !ns_xapian_list_read(list, 0, NS_XAPIAN_BLOCK, docids, freqs, &count, NULL))
        for (size_t i = 0; i < count; i++) {
            uint32_t place = docids[i] < o->s->columns->end ? ns_xapian_place_of(o->s->columns, docids[i]) : UINT32_MAX;
            if (place == UINT32_MAX || !is_lost(o->s, place))
                continue;
            name = name ? name : ns_arena_copy(&o->names, key + 1, n - 1);
            uint64_t *file = name ? ns_map_put(&o->s->files, &place, sizeof place, NULL) : NULL;
            if (file)
                *file = (uint64_t)(uintptr_t)name;
        }
    ns_xapian_list_close(list);
    return true;
}

static void tell_lost(survey *s, uint32_t place)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_record record;
    nsearch_error why = NSEARCH_ERROR_INIT;
    char *id = NULL;
    if (!ns_xapian_article_value(s->index, s->columns->heads[place], NS_XAPIAN_SLOT_RECORD, &bytes, &why) &&
        !ns_xapian_record_decode(bytes.data, bytes.size, &record, &why))
        id = strndup(record.id, record.id_length);
    const uint64_t *file = ns_map_find(&s->files, &place, sizeof place);
    s->calls->lost(id ? id : "", id && file ? (const char *)(uintptr_t)*file : "", 1, s->calls->user);
    free(id);
    ns_buffer_release(&bytes);
}

static nsearch_status tell_all_lost(survey *s, nsearch_error *err)
{
    const char kind = NS_TERM_ORIGIN;
    origin o = {.s = s};
    uint32_t first = 0;
    ns_xapian_handle *handle;
    while (first < s->columns->article_count && !is_lost(s, first))
        first++;
    if (first == s->columns->article_count)
        return NSEARCH_OK;
    nsearch_status status = ns_xapian_lease(s->index, &handle, err);
    if (status)
        return status;
    o.db = handle->dbs[0];
    ns_arena_init(&o.names);
    ns_xapian_walk(o.db, &kind, 1, note_file, &o, NULL); /* as far as it can be read */
    ns_xapian_unlease(s->index, handle, NSEARCH_OK, NULL);
    for (uint32_t i = first; i < s->columns->article_count; i++)
        if (is_lost(s, i))
            tell_lost(s, i);
    ns_arena_release(&o.names);
    return NSEARCH_OK;
}

/* ---- the whole */

static nsearch_status read_articles(survey *s, const char *dir, nsearch_error *err)
{
    char database[4200];
    nsearch_error why = NSEARCH_ERROR_INIT;
    snprintf(database, sizeof database, "%s/" NS_XAPIAN_FOLDER, dir);
    nsearch_status status = ns_xapian_salvage(database, s->index ? ns_xapian_salvage_revision(database) : UINT32_MAX,
                                              take_article, note_bad, s, &why);
    if (status && status != NSEARCH_NOT_FOUND)
        return ns_error_set(err, status, "%s", why.text);
    return s->index ? tell_all_lost(s, err) : NSEARCH_OK;
}

static void check_manifest(const survey *s, const char *dir)
{
    ns_manifest manifest;
    nsearch_error why = NSEARCH_ERROR_INIT;
    int dirfd = ns_fs_current->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    ns_manifest_init(&manifest);
    if (dirfd >= 0 && ns_manifest_read(dirfd, &manifest, &why))
        tell(s, why.text);
    ns_manifest_release(&manifest);
    if (dirfd >= 0)
        ns_fs_current->close(dirfd);
}

/* Opens and checks what can be opened. */
static nsearch_status check_index(survey *s, const char *dir, nsearch_error *err)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    ns_snapshot *snapshot;
    nsearch_status status = ns_xapian_snapshot_open(dir, &snapshot, &why);
    if (status == NSEARCH_NO_MEMORY || status == NSEARCH_UNSUPPORTED)
        return ns_error_set(err, status, "%s", why.text);
    if (status) {
        tell(s, why.text);
        return NSEARCH_OK;
    }
    s->index = ns_xapian_snapshot_of(snapshot);
    s->columns = &s->index->parts[0].columns;
    s->kept = calloc(s->columns->article_count / 8 + 1, 1);
    if (!s->kept)
        return ns_error_memory(err);
    if (s->calls->names && s->index->names.size)
        s->calls->names((const char *)s->index->names.data, s->index->names.size, s->calls->user);
    return s->calls->damaged ? ns_xapian_verify_on(snapshot, s->calls->damaged, s->calls->user, err) : NSEARCH_OK;
}

nsearch_status ns_xapian_survey(const char *dir, const ns_survey *calls, nsearch_error *err)
{
    survey s = {.calls = calls};
    ns_map_init(&s.files);
    check_manifest(&s, dir);
    nsearch_status status = check_index(&s, dir, err);
    if (!status && calls->article)
        status = read_articles(&s, dir, err);
    ns_map_release(&s.files);
    free(s.kept);
    if (s.index)
        ns_xapian_snapshot_close(&s.index->base);
    return status;
}
