/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_cursor.c - a posting list of one database as a posting cursor, in blocks: few when it leaps, many when it
 * walks. It keeps to the handle it was opened on.
 */
#include "index/xapian/xapian_snapshot.h"

#define BLOCK_MIN 8

typedef struct xapian_cursor {
    ns_cursor base;
    ns_xapian_snapshot *snapshot;
    ns_xapian_handle *handle;
    ns_xapian_list *list;
    uint32_t docid_begin;
    size_t room;
    uint32_t docids[NS_XAPIAN_BLOCK], freqs[NS_XAPIAN_BLOCK];
} xapian_cursor;

static xapian_cursor *self(ns_cursor *c)
{
    return (xapian_cursor *)c;
}

static void fail(ns_cursor *c, nsearch_error *err)
{
    c->damaged = true;
    ns_xapian_fault(self(c)->snapshot, err->status, err);
}

static uint32_t cursor_seek(ns_cursor *base, uint32_t target)
{
    xapian_cursor *c = self(base);
    nsearch_error err = NSEARCH_ERROR_INIT;
    size_t n = 0;
    bool walks = base->n && target == base->docids[base->n - 1] + 1;
    c->room = !walks ? BLOCK_MIN : c->room * 2 > NS_XAPIAN_BLOCK ? NS_XAPIAN_BLOCK : c->room * 2;
    pthread_mutex_lock(&c->handle->lock);
    if (ns_xapian_list_read(c->list, target - c->docid_begin, c->room, c->docids, c->freqs, &n, &err))
        fail(base, &err);
    pthread_mutex_unlock(&c->handle->lock);
    for (size_t i = 0; i < n; i++)
        c->docids[i] += c->docid_begin;
    base->freqs = c->freqs;
    base->i = 0;
    base->n = (uint32_t)n;
    return base->docid = n ? c->docids[0] : NS_DOCID_END;
}

static void cursor_load_freqs(ns_cursor *c)
{
    c->freqs = self(c)->freqs; /* read with the docids */
}

static size_t cursor_positions(ns_cursor *c, const uint32_t **positions)
{
    size_t n = 0;
    nsearch_error err = NSEARCH_ERROR_INIT;
    *positions = NULL;
    if (c->docid == NS_DOCID_END)
        return 0;
    pthread_mutex_lock(&self(c)->handle->lock);
    if (ns_xapian_list_positions(self(c)->list, c->docid - self(c)->docid_begin, positions, &n, &err)) {
        fail(c, &err);
        n = 0;
    }
    pthread_mutex_unlock(&self(c)->handle->lock);
    return n;
}

static void cursor_close(ns_cursor *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&self(c)->handle->lock);
    ns_xapian_list_close(self(c)->list);
    pthread_mutex_unlock(&self(c)->handle->lock);
    self(c)->list = NULL;
}

static const ns_cursor_ops cursor_ops = {
    .seek = cursor_seek,
    .load_freqs = cursor_load_freqs,
    .positions = cursor_positions,
    .close = cursor_close,
};

nsearch_status ns_xapian_cursor_open(ns_snapshot *snapshot, size_t part, const void *key, size_t n, ns_arena *arena,
                                     ns_cursor **cursor, nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    *cursor = NULL;
    if (part >= s->part_count || !n || n > NS_TERM_MAX)
        return NSEARCH_OK;
    xapian_cursor *c = ns_arena_zero(arena, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    nsearch_status status = ns_xapian_lease(s, &c->handle, err);
    if (status)
        return status;
    status = ns_xapian_list_open(c->handle->dbs[part], key, n, &c->list, &c->base.df, err);
    status = ns_xapian_unlease(s, c->handle, status, err);
    if (status || !c->list)
        return status;
    c->snapshot = s;
    c->base.ops = &cursor_ops;
    c->base.docids = c->docids;
    c->docid_begin = s->parts[part].base;
    cursor_seek(&c->base, c->docid_begin);
    *cursor = &c->base;
    return NSEARCH_OK;
}
