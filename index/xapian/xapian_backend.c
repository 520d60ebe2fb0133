/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_backend.c - the Xapian engine's table, and its plain look-ups. The rest: xapian_snapshot.c opens,
 * xapian_answer.c matches, xapian_cursor.c walks, xapian_store.c writes, xapian_merge.c merges, xapian_verify.c checks.
 */
#include "index/backend.h"

#include <stdlib.h>
#include <string.h>

#include "index/similar.h"
#include "index/xapian/xapian_snapshot.h"
#include "index/xapian/xapian_store.h"

static ns_xapian_snapshot *self(ns_snapshot *snapshot)
{
    return (ns_xapian_snapshot *)snapshot;
}

static nsearch_status backend_open(const char *dir, ns_snapshot **snapshot, nsearch_error *err)
{
    ns_xapian_snapshot *s;
    nsearch_status status = ns_xapian_snapshot_open(dir, &s, err);
    if (!status)
        *snapshot = &s->base;
    return status;
}

static void backend_close(ns_snapshot *snapshot)
{
    ns_xapian_snapshot_close(self(snapshot));
}

static nsearch_status backend_stats(ns_snapshot *snapshot, ns_snapshot_stats *stats, nsearch_error *err)
{
    (void)err;
    *stats = self(snapshot)->stats;
    return NSEARCH_OK;
}

static nsearch_status backend_names(ns_snapshot *snapshot, const char **text, size_t *n, nsearch_error *err)
{
    (void)err;
    const ns_buffer *names = &self(snapshot)->names;
    *text = names->size ? (const char *)names->data : NULL;
    *n = names->size;
    return NSEARCH_OK;
}

/* ---- terms */

/* How many documents of a list are removed ones: list and bitmap leap over each other. */
static nsearch_status count_removed(ns_xapian_snapshot *s, ns_xapian_reader *reader, const void *key, size_t n,
                                    uint64_t *removed, nsearch_error *err)
{
    ns_xapian_list *list;
    uint32_t docid = NS_DOCID_END, df;
    *removed = 0;
    nsearch_status status = ns_xapian_list_open(reader, key, n, &list, &docid, &df, err);
    if (status || !list)
        return status;
    while (!status && docid != NS_DOCID_END) {
        uint32_t gone = ns_xapian_live_next_gone(&s->live, docid);
        if (gone == UINT32_MAX)
            break;
        if (gone == docid) {
            ++*removed;
            status = ns_xapian_list_next(list, &docid, err);
        } else
            status = ns_xapian_list_seek(list, gone, &docid, err);
    }
    ns_xapian_list_close(list);
    return status;
}

static nsearch_status live_frequency(ns_xapian_snapshot *s, ns_xapian_reader *reader, const void *key, size_t n,
                                     uint64_t *df, nsearch_error *err)
{
    uint64_t all, removed = 0;
    nsearch_status status = ns_xapian_frequency(reader, key, n, &all, err);
    if (!status && all && ns_xapian_has_removed(s))
        status = count_removed(s, reader, key, n, &removed, err);
    if (!status)
        *df = all - removed;
    return status;
}

/* Articles of a term whose kind has no marks. */
static nsearch_status count_articles(ns_xapian_snapshot *s, ns_xapian_reader *reader, const void *key, size_t n,
                                     uint64_t *articles, nsearch_error *err)
{
    ns_xapian_list *list;
    uint32_t docid = NS_DOCID_END, df, last = UINT32_MAX;
    *articles = 0;
    nsearch_status status = ns_xapian_list_open(reader, key, n, &list, &docid, &df, err);
    if (status || !list)
        return status;
    while (!status && docid != NS_DOCID_END) {
        if (!ns_xapian_live_is_gone(&s->live, docid)) {
            uint32_t article = ns_xapian_live_article(&s->live, docid);
            *articles += article != last;
            last = article;
        }
        status = ns_xapian_list_next(list, &docid, err);
    }
    ns_xapian_list_close(list);
    return status;
}

static nsearch_status backend_term(ns_snapshot *snapshot, const void *key, size_t n, ns_term_stats *stats,
                                   nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    ns_term_stats out = {0, 0};
    if (!s->database_count || n > NS_TERM_MAX || !ns_xapian_is_term(key, n)) {
        *stats = out;
        return NSEARCH_OK;
    }
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    status = live_frequency(s, handle->reader, key, n, &out.df, err);
    if (!status && out.df) {
        char mark[NS_TERM_MAX];
        memcpy(mark, key, n);
        if (ns_xapian_is_marked(mark[0])) {
            mark[0] = (char)(mark[0] | NS_XAPIAN_MARK);
            status = live_frequency(s, handle->reader, mark, n, &out.articles, err);
        } else
            status = count_articles(s, handle->reader, key, n, &out.articles, err);
    }
    ns_xapian_unlease(handle);
    if (!status)
        *stats = out;
    return status;
}

typedef struct walker {
    bool (*each)(const char *key, size_t length, uint64_t df, void *user);
    void *user;
} walker;

static bool walk_visible(const char *key, size_t length, uint64_t df, void *user)
{
    const walker *w = user;
    return ns_xapian_is_term(key, length) ? w->each(key, length, df, w->user) : true;
}

static nsearch_status backend_walk(ns_snapshot *snapshot, const void *prefix, size_t n,
                                   bool (*each)(const char *key, size_t length, uint64_t df, void *user),
                                   void *user, nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    if (!s->database_count)
        return NSEARCH_OK;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    walker w = {each, user};
    status = ns_xapian_walk(handle->reader, prefix, n, walk_visible, &w, err);
    ns_xapian_unlease(handle);
    return status;
}

typedef struct resembler {
    ns_similar similar;
    bool (*each)(const char *, size_t, uint64_t, unsigned, void *);
    void *user;
} resembler;

static bool compare_term(const char *key, size_t length, uint64_t df, void *user)
{
    resembler *r = user;
    size_t dead;
    unsigned edits = ns_similar_distance(&r->similar, key + 1, length - 1, &dead);
    return edits > r->similar.most || r->each(key, length, df, edits, r->user);
}

static nsearch_status backend_similar(ns_snapshot *snapshot, const char *key, size_t n, unsigned most,
                                      bool (*each)(const char *, size_t, uint64_t, unsigned, void *), void *user,
                                      nsearch_error *err)
{
    resembler *r = malloc(sizeof *r);
    nsearch_status status = NSEARCH_OK;
    if (!r)
        return ns_error_memory(err);
    r->each = each;
    r->user = user;
    if (n && ns_similar_init(&r->similar, key + 1, n - 1, most))
        status = backend_walk(snapshot, key, 1, compare_term, r, err);
    free(r);
    return status;
}

/* ---- parts, passages, articles */

static size_t backend_part_count(ns_snapshot *snapshot)
{
    return self(snapshot)->database_count ? 1 : 0;
}

static void backend_part(ns_snapshot *snapshot, size_t i, ns_part *part)
{
    ns_xapian_snapshot *s = self(snapshot);
    (void)i;
    *part = (ns_part){.docid_begin = 0, .docid_end = s->live.end, .lengths = NULL, .removed = NULL};
    if (ns_xapian_live_next_gone(&s->live, 0) != UINT32_MAX)
        part->removed = s->live.gone;
}

static uint32_t backend_length(ns_snapshot *snapshot, uint32_t docid)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    uint32_t length = 0;
    if (ns_xapian_live_is_gone(&s->live, docid) || ns_xapian_lease(s, &handle, NULL))
        return 0;
    nsearch_status status = ns_xapian_length(handle->reader, docid, &length, NULL);
    ns_xapian_unlease(handle);
    return status ? 0 : length;
}

static uint32_t backend_article_of(ns_snapshot *snapshot, uint32_t docid)
{
    return ns_xapian_live_article(&self(snapshot)->live, docid);
}

static nsearch_status backend_columns(ns_snapshot *snapshot, uint32_t docid, ns_article_columns *columns,
                                      nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    if (ns_xapian_live_is_gone(&s->live, docid))
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no passage %u", docid);
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_record record;
    nsearch_status status =
        ns_xapian_snapshot_record(s, ns_xapian_live_article(&s->live, docid), &bytes, &record, err);
    if (!status)
        *columns = record.columns;
    ns_buffer_release(&bytes);
    const ns_day_of_copy *other = !status ? ns_day_of_copy_find(snapshot, columns->article) : NULL;
    if (other)
        columns->day_used = other->day;
    return status;
}

typedef struct article_walker {
    bool (*each)(const ns_article_columns *columns, void *user);
    void *user;
    const ns_xapian_live *live;
    nsearch_status status;
    nsearch_error *err;
} article_walker;

static bool walk_article(uint32_t docid, const void *bytes, size_t n, void *user)
{
    article_walker *w = user;
    ns_xapian_record record;
    if (ns_xapian_live_is_gone(w->live, docid))
        return true;
    w->status = ns_xapian_record_decode(bytes, n, docid, &record, w->err);
    return !w->status && w->each(&record.columns, w->user);
}

static nsearch_status backend_articles(ns_snapshot *snapshot, bool (*each)(const ns_article_columns *columns, void *user),
                                       void *user, nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    if (!s->database_count)
        return NSEARCH_OK;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    article_walker w = {each, user, &s->live, NSEARCH_OK, err};
    status = ns_xapian_values(handle->reader, NS_XAPIAN_SLOT_RECORD, walk_article, &w, err);
    ns_xapian_unlease(handle);
    return status ? status : w.status;
}

static nsearch_status backend_fetch(ns_snapshot *snapshot, uint32_t docid, ns_arena *arena, const uint8_t **bytes,
                                    size_t *n, nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    if (ns_xapian_live_is_gone(&s->live, docid))
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no passage %u", docid);
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    ns_buffer data = NS_BUFFER_INIT;
    status = ns_xapian_get(handle->reader, ns_xapian_live_article(&s->live, docid), -1, &data, err);
    ns_xapian_unlease(handle);
    if (!status) {
        uint8_t *copy = (uint8_t *)ns_arena_copy(arena, data.data, data.size);
        if (copy) {
            *bytes = copy;
            *n = data.size;
        } else
            status = ns_error_memory(err);
    }
    ns_buffer_release(&data);
    return status;
}

const ns_backend ns_xapian_backend = {
    .name = "xapian",
    .open = backend_open,
    .close = backend_close,
    .stats = backend_stats,
    .names = backend_names,
    .term = backend_term,
    .walk = backend_walk,
    .similar = backend_similar,
    .part_count = backend_part_count,
    .part = backend_part,
    .cursor = ns_xapian_cursor_open,
    .length = backend_length,
    .article_of = backend_article_of,
    .columns = backend_columns,
    .articles = backend_articles,
    .fetch = backend_fetch,
    .named = ns_xapian_named_get,
    .named_key = ns_xapian_named_key,
    .verify = ns_xapian_verify,
    .answer = ns_xapian_answer_plan,
    .store_open = ns_xapian_store_open,
    .store_snapshot = ns_xapian_store_snapshot,
    .store_names = ns_xapian_store_names,
    .store_add = ns_xapian_store_add,
    .store_remove = ns_xapian_store_remove,
    .store_restart = ns_xapian_store_restart,
    .store_commit = ns_xapian_store_commit,
    .store_merge = ns_xapian_store_merge,
    .store_close = ns_xapian_store_close,
};
