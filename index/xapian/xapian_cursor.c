/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_cursor.c - a posting list of one database as a posting cursor. Here it is read in blocks: few postings when it
 * leaps, many when it walks. A server sends a list as a whole, so it is kept for the other passes of a query, and for the
 * next queries, and is one block. A cursor keeps to the handle it was opened on.
 */
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_snapshot.h"

#define BLOCK_MIN 8
#define LISTS_MAX ((size_t)64 << 20) /* bytes of servers' lists that a snapshot keeps */

/* A list of a server's. */
typedef struct whole_list {
    size_t users;  /* the snapshot is one of them */
    uint32_t n;
    uint32_t *docids, *freqs; /* one allocation */
} whole_list;

typedef struct xapian_cursor {
    ns_cursor base;
    ns_xapian_snapshot *snapshot;
    ns_xapian_handle *handle;
    ns_xapian_db *db;
    ns_xapian_list *list;
    whole_list *whole;
    const char *key;
    size_t key_length;
    uint32_t docid_begin;
    size_t room;
    ns_buffer positions;
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
    if (c->whole) { /* past its last */
        base->n = base->i = 0;
        return base->docid = NS_DOCID_END;
    }
    c->room = !walks ? BLOCK_MIN : c->room * 2 > NS_XAPIAN_BLOCK ? NS_XAPIAN_BLOCK : c->room * 2;
    pthread_mutex_lock(&c->handle->lock);
    if (ns_xapian_list_read(c->list, target - c->docid_begin, c->room, c->docids, c->freqs, &n, &err))
        fail(base, &err);
    pthread_mutex_unlock(&c->handle->lock);
    for (size_t i = 0; i < n; i++)
        c->docids[i] += c->docid_begin;
    base->i = 0;
    base->n = (uint32_t)n;
    return base->docid = n ? c->docids[0] : NS_DOCID_END;
}

static void cursor_load_freqs(ns_cursor *c)
{
    c->freqs = self(c)->whole ? self(c)->whole->freqs : self(c)->freqs; /* read with the docids */
}

static size_t cursor_positions(ns_cursor *base, const uint32_t **positions)
{
    xapian_cursor *c = self(base);
    nsearch_error err = NSEARCH_ERROR_INIT;
    *positions = NULL;
    ns_buffer_clear(&c->positions);
    if (base->docid == NS_DOCID_END)
        return 0;
    if (c->whole && ns_xapian_positions_known(c->snapshot, base->docid, c->key, c->key_length, &c->positions)) {
        *positions = (const uint32_t *)(const void *)c->positions.data;
        return c->positions.size / sizeof **positions;
    }
    if (ns_xapian_is_lost(c->snapshot, NULL)) {
        base->damaged = true;
        return 0;
    }
    pthread_mutex_lock(&c->handle->lock);
    if (ns_xapian_positions(c->db, base->docid - c->docid_begin, c->key, c->key_length, &c->positions, &err)) {
        fail(base, &err);
        ns_buffer_clear(&c->positions);
    }
    pthread_mutex_unlock(&c->handle->lock);
    *positions = (const uint32_t *)(const void *)c->positions.data;
    return c->positions.size / sizeof **positions;
}

/* ---- lists of servers */

/* With the snapshot's lock held. */
static void let_go(whole_list *list)
{
    if (list && !--list->users) {
        free(list->docids);
        free(list);
    }
}

static whole_list *list_at(const ns_map_entry *e)
{
    return (whole_list *)(uintptr_t)e->value;
}

void ns_xapian_lists_release(ns_xapian_snapshot *s)
{
    for (size_t i = 0; i < s->lists.count; i++)
        let_go(list_at(&s->lists.entries[i]));
    ns_map_release(&s->lists);
    ns_map_init(&s->lists);
    s->lists_size = 0;
}

static nsearch_status read_whole(ns_xapian_db *db, uint32_t base, const void *key, size_t n, whole_list *out,
                                 nsearch_error *err)
{
    ns_xapian_list *list;
    uint32_t df = 0;
    size_t count = 1, room;
    nsearch_status status = ns_xapian_list_open(db, key, n, &list, &df, err);
    if (status || !list)
        return status;
    room = df;
    out->docids = malloc((room + 1) * 2 * sizeof *out->docids);
    out->freqs = out->docids ? out->docids + room : NULL;
    if (!out->docids)
        status = ns_error_memory(err);
    while (!status && count && out->n < room) {
        status = ns_xapian_list_read(list, 0, room - out->n, out->docids + out->n, out->freqs + out->n, &count, err);
        out->n += (uint32_t)count;
    }
    ns_xapian_list_close(list);
    for (uint32_t i = 0; i < out->n; i++)
        out->docids[i] += base;
    return status;
}

/* The list with one more user; it is asked for when it is not known. */
static nsearch_status whole_of(ns_xapian_snapshot *s, ns_xapian_db *db, size_t part, const void *key, size_t n,
                               whole_list **out, nsearch_error *err)
{
    char name[NS_TERM_MAX + sizeof(uint32_t)];
    uint32_t number = (uint32_t)part;
    memcpy(name, &number, sizeof number);
    memcpy(name + sizeof number, key, n);
    pthread_mutex_lock(&s->lock);
    const uint64_t *known = ns_map_find(&s->lists, name, sizeof number + n);
    whole_list *list = known ? (whole_list *)(uintptr_t)*known : NULL;
    if (list)
        list->users++;
    pthread_mutex_unlock(&s->lock);
    *out = list;
    if (list)
        return NSEARCH_OK;
    list = calloc(1, sizeof *list);
    if (!list)
        return ns_error_memory(err);
    list->users = 1;
    nsearch_status status = read_whole(db, s->parts[part].base, key, n, list, err);
    pthread_mutex_lock(&s->lock);
    size_t size = (size_t)list->n * 2 * sizeof *list->docids + sizeof *list;
    if (!status && s->lists_size + size > LISTS_MAX)
        ns_xapian_lists_release(s);
    bool is_new = false;
    uint64_t *place = status || size > LISTS_MAX ? NULL : ns_map_put(&s->lists, name, sizeof number + n, &is_new);
    if (place && is_new) { /* else it is read again the next time, or another thread was first */
        *place = (uintptr_t)list;
        list->users++;
        s->lists_size += size;
    }
    if (status)
        let_go(list);
    pthread_mutex_unlock(&s->lock);
    *out = status ? NULL : list;
    return status;
}

/* ---- all */

static bool cursor_rewind(ns_cursor *base)
{
    xapian_cursor *c = self(base);
    if (!c->whole)
        return false;
    base->i = 0;
    base->n = c->whole->n;
    base->freqs = c->whole->freqs;
    base->docid = c->whole->docids[0];
    return true;
}

static void cursor_close(ns_cursor *base)
{
    if (!base)
        return;
    xapian_cursor *c = self(base);
    pthread_mutex_lock(&c->handle->lock);
    ns_xapian_list_close(c->list);
    pthread_mutex_unlock(&c->handle->lock);
    pthread_mutex_lock(&c->snapshot->lock);
    let_go(c->whole);
    pthread_mutex_unlock(&c->snapshot->lock);
    ns_buffer_release(&c->positions);
    c->list = NULL;
    c->whole = NULL;
}

static const ns_cursor_ops block_ops = {
    .seek = cursor_seek,
    .load_freqs = cursor_load_freqs,
    .positions = cursor_positions,
    .close = cursor_close,
};
static const ns_cursor_ops whole_ops = {
    .seek = cursor_seek,
    .load_freqs = cursor_load_freqs,
    .positions = cursor_positions,
    .rewind = cursor_rewind,
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
    if (!c || !(c->key = ns_arena_copy(arena, key, n)))
        return ns_error_memory(err);
    nsearch_status status = ns_xapian_lease(s, &c->handle, err);
    if (status)
        return status;
    c->db = c->handle->dbs[part];
    if (s->parts[part].shard->kind == NS_SHARD_DIRECTORY)
        status = ns_xapian_list_open(c->db, key, n, &c->list, &c->base.df, err);
    else
        status = whole_of(s, c->db, part, key, n, &c->whole, err);
    status = ns_xapian_unlease(s, c->handle, status, err);
    c->snapshot = s;
    c->key_length = n;
    c->docid_begin = s->parts[part].base;
    ns_buffer_init(&c->positions);
    if (!status && c->whole && !c->whole->n) {
        cursor_close(&c->base);
        return NSEARCH_OK;
    }
    if (status || (!c->list && !c->whole))
        return status;
    c->base.ops = c->whole ? &whole_ops : &block_ops;
    c->base.docids = c->whole ? c->whole->docids : c->docids;
    if (c->whole) {
        c->base.df = c->whole->n;
        cursor_rewind(&c->base);
    } else {
        cursor_seek(&c->base, c->docid_begin);
    }
    *cursor = &c->base;
    return NSEARCH_OK;
}

/* ---- postings in a few articles */

/* What several cursors are made from. */
typedef struct narrow {
    ns_xapian_snapshot *snapshot;
    ns_xapian_handle *handle;
    size_t part;
    const uint32_t *articles;
    size_t count;
    size_t passages; /* of the articles */
    unsigned bits;   /* of a tf */
    ns_arena *arena;
    nsearch_error *err;
} narrow;

/* tf is at most the length of its passage. */
static void measure(narrow *w)
{
    const ns_xapian_part *part = &w->snapshot->parts[w->part];
    uint16_t most = 1;
    for (size_t i = 0; i < w->count; i++) {
        uint32_t article = w->articles[i] - part->base, place = ns_xapian_place_of(&part->columns, article);
        uint32_t n = place == UINT32_MAX ? 0 : ns_xapian_passages_of(&part->columns, place);
        for (uint32_t k = 0; k < n; k++)
            if (part->columns.lengths[article + k] > most)
                most = part->columns.lengths[article + k];
        w->passages += n;
    }
    w->bits = 32 - (unsigned)__builtin_clz(most);
}

static int by_docid(const void *a, const void *b)
{
    const ns_xapian_hit *x = a, *y = b;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* Asks for the tf of all terms together: as one number, in which each has its own bits. 'lists' are empty before. */
static nsearch_status ask_within(narrow *w, const ns_term_key *keys, size_t count, whole_list *lists)
{
    uint32_t base = w->snapshot->parts[w->part].base;
    ns_xapian_joined *alone = NULL;
    size_t n = 0;
    ns_xapian_query **terms = ns_arena_array(w->arena, count, sizeof(ns_xapian_query *));
    ns_xapian_hit *hits = ns_arena_array(w->arena, w->passages + 1, sizeof *hits);
    if (!terms || !hits)
        return ns_error_memory(w->err);
    for (size_t i = 0; i < count; i++)
        terms[i] = ns_xapian_query_term(keys[i].key, keys[i].length, (double)(UINT64_C(1) << i * w->bits), w->err);
    ns_xapian_query *both[] = {ns_xapian_any_article(w->articles, w->count, base, w->err),
                               ns_xapian_query_join(NS_XAPIAN_OR, terms, count, w->err)};
    ns_xapian_query *query = ns_xapian_query_join(NS_XAPIAN_WITHIN, both, 2, w->err);
    nsearch_status status =
        query ? ns_xapian_join_all(&w->handle->dbs[w->part], 1, &alone, w->err) : NSEARCH_NO_MEMORY;
    const ns_xapian_match match = {.query = query, .wdf = true, .limit = w->passages, .slot = -1};
    if (!status)
        status = ns_xapian_answer(alone, &match, hits, &n, NULL, w->err);
    ns_xapian_unjoin(alone);
    ns_xapian_query_free(query);
    if (status)
        return status;
    qsort(hits, n, sizeof *hits, by_docid);
    for (size_t i = 0; i < count; i++) {
        whole_list *list = &lists[i];
        list->docids = ns_arena_array(w->arena, 2 * n + 1, sizeof *list->docids);
        if (!list->docids)
            return ns_error_memory(w->err);
        list->freqs = list->docids + n;
        for (size_t k = 0; k < n; k++) {
            uint32_t tf = (uint32_t)((uint64_t)hits[k].score >> i * w->bits & ((UINT64_C(1) << w->bits) - 1));
            list->docids[list->n] = base + hits[k].docid;
            list->freqs[list->n] = tf;
            list->n += tf > 0;
        }
    }
    return NSEARCH_OK;
}

static nsearch_status cursor_on(const narrow *w, const ns_term_key *key, whole_list *list, ns_cursor **cursor)
{
    xapian_cursor *c = list->n ? ns_arena_zero(w->arena, sizeof *c) : NULL;
    *cursor = NULL;
    if (!list->n)
        return NSEARCH_OK;
    if (!c || !(c->key = ns_arena_copy(w->arena, key->key, key->length)))
        return ns_error_memory(w->err);
    list->users = 2; /* it is the arena's, and never let go */
    c->snapshot = w->snapshot;
    c->handle = w->handle;
    c->db = w->handle->dbs[w->part];
    c->whole = list;
    c->key_length = key->length;
    c->docid_begin = w->snapshot->parts[w->part].base;
    ns_buffer_init(&c->positions);
    c->base.ops = &whole_ops;
    c->base.docids = list->docids;
    c->base.df = list->n;
    cursor_rewind(&c->base);
    *cursor = &c->base;
    return NSEARCH_OK;
}

nsearch_status ns_xapian_cursors_within(ns_snapshot *snapshot, size_t part, const uint32_t *articles, size_t count,
                                        const ns_term_key *keys, size_t key_count, ns_arena *arena, ns_cursor **cursors,
                                        nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    narrow w = {.snapshot = s, .part = part, .articles = articles, .count = count, .arena = arena, .err = err};
    nsearch_status status = NSEARCH_OK;
    memset(cursors, 0, key_count * sizeof(ns_cursor *));
    if (part >= s->part_count || !count || !key_count)
        return NSEARCH_OK;
    if (s->parts[part].shard->kind == NS_SHARD_DIRECTORY) {
        for (size_t i = 0; i < key_count && !status; i++)
            status = ns_xapian_cursor_open(snapshot, part, keys[i].key, keys[i].length, arena, &cursors[i], err);
        return status;
    }
    whole_list *lists = ns_arena_zero(arena, key_count * sizeof *lists);
    ns_term_key *scoring = ns_arena_array(arena, key_count, sizeof *scoring);
    size_t n = 0;
    if (!lists || !scoring)
        return ns_error_memory(err);
    for (size_t i = 0; i < key_count; i++)
        if (ns_xapian_article_kind(keys[i].key[0]))
            scoring[n++] = keys[i];
    measure(&w);
    status = ns_xapian_lease(s, &w.handle, err);
    if (status)
        return status;
    size_t together = 52 / w.bits;
    for (size_t i = 0; i < n && !status; i += together)
        status = ask_within(&w, scoring + i, n - i < together ? n - i : together, lists + i);
    status = ns_xapian_unlease(s, w.handle, status, err);
    for (size_t i = 0, k = 0; i < key_count && !status; i++)
        if (ns_xapian_article_kind(keys[i].key[0])) {
            status = cursor_on(&w, &keys[i], &lists[k++], &cursors[i]);
        } else { /* its tf may be 0 where it stands, as that of words as written */
            status = ns_xapian_cursor_open(snapshot, part, keys[i].key, keys[i].length, arena, &cursors[i], err);
        }
    return status;
}
