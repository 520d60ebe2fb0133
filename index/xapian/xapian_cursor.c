/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_cursor.c - a posting list of Xapian as a posting cursor. It keeps to the handle it was opened on.
 */
#include "index/xapian/xapian_snapshot.h"

typedef struct xapian_cursor {
    ns_cursor base;
    ns_xapian_handle *handle;
    ns_xapian_list *list;
    uint32_t docid_end;
    uint32_t wdf;
} xapian_cursor;

static xapian_cursor *self(ns_cursor *c)
{
    return (xapian_cursor *)c;
}

/* Its blocks hold one posting. */
static uint32_t cursor_seek(ns_cursor *c, uint32_t target)
{
    uint32_t docid = NS_DOCID_END;
    pthread_mutex_lock(&self(c)->handle->lock);
    nsearch_status status = target == c->docid + 1 ? ns_xapian_list_next(self(c)->list, &docid, NULL)
                                                   : ns_xapian_list_seek(self(c)->list, target, &docid, NULL);
    pthread_mutex_unlock(&self(c)->handle->lock);
    if (status) {
        c->damaged = true;
        docid = NS_DOCID_END;
    }
    c->freqs = NULL;
    c->n = docid != NS_DOCID_END;
    return c->docid = docid;
}

static void cursor_load_freqs(ns_cursor *c)
{
    uint32_t wdf = 0;
    pthread_mutex_lock(&self(c)->handle->lock);
    if (ns_xapian_list_wdf(self(c)->list, &wdf, NULL))
        c->damaged = true;
    pthread_mutex_unlock(&self(c)->handle->lock);
    self(c)->wdf = wdf;
    c->freqs = &self(c)->wdf;
}

static size_t cursor_positions(ns_cursor *c, const uint32_t **positions)
{
    size_t n = 0;
    *positions = NULL;
    if (c->docid == NS_DOCID_END)
        return 0;
    pthread_mutex_lock(&self(c)->handle->lock);
    if (ns_xapian_list_positions(self(c)->list, positions, &n, NULL)) {
        c->damaged = true;
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
    ns_xapian_snapshot *s = (ns_xapian_snapshot *)snapshot;
    *cursor = NULL;
    if (part || !s->database_count || !n)
        return NSEARCH_OK;
    xapian_cursor *c = ns_arena_zero(arena, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    nsearch_status status = ns_xapian_lease(s, &c->handle, err);
    if (status)
        return status;
    status = ns_xapian_list_open(c->handle->reader, key, n, &c->list, &c->base.docid, &c->base.df, err);
    ns_xapian_unlease(c->handle);
    if (status || !c->list)
        return status;
    c->base.ops = &cursor_ops;
    c->base.docids = &c->base.docid;
    c->base.n = 1;
    c->docid_end = s->live.end;
    *cursor = &c->base;
    return NSEARCH_OK;
}
