/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_prefetch.c - the records of many articles of a server with one request: a query for the articles, and a
 * ValueCountMatchSpy, which brings back every different value that they have. A record names its article.
 */
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_snapshot.h"

#define FETCHED_MAX 50000

typedef struct taking {
    ns_xapian_snapshot *s;
    uint32_t base;
    nsearch_status status;
    nsearch_error *err;
} taking;

static nsearch_status keep(ns_xapian_snapshot *s, uint32_t article, const ns_article_columns *columns, nsearch_error *err)
{
    bool is_new = false;
    pthread_mutex_lock(&s->lock);
    if (!s->columns)
        s->columns = malloc(FETCHED_MAX * sizeof *s->columns);
    if (s->fetched.count == FETCHED_MAX)
        ns_map_clear(&s->fetched);
    uint64_t *place = s->columns ? ns_map_put(&s->fetched, &article, sizeof article, &is_new) : NULL;
    if (is_new) {
        *place = s->fetched.count - 1;
        s->columns[*place] = *columns;
    }
    pthread_mutex_unlock(&s->lock);
    return place ? NSEARCH_OK : ns_error_memory(err);
}

static bool take_record(const void *bytes, size_t n, void *user)
{
    taking *t = user;
    ns_xapian_record record;
    t->status = ns_xapian_record_decode(bytes, n, &record, t->err);
    if (!t->status)
        t->status = keep(t->s, t->base + record.columns.article, &record.columns, t->err);
    return !t->status;
}

bool ns_xapian_prefetched(ns_xapian_snapshot *s, uint32_t article, ns_article_columns *columns)
{
    pthread_mutex_lock(&s->lock);
    const uint64_t *place = ns_map_find(&s->fetched, &article, sizeof article);
    if (place)
        *columns = s->columns[*place];
    pthread_mutex_unlock(&s->lock);
    return place != NULL;
}

/* Those of one part, which begin at 'articles'. */
static nsearch_status fetch_part(ns_xapian_snapshot *s, ns_xapian_db *db, uint32_t base, const ns_candidate *articles,
                                 size_t count, nsearch_error *err)
{
    taking t = {s, base, NSEARCH_OK, err};
    ns_article_columns known;
    ns_xapian_joined *alone = NULL;
    ns_xapian_hit none;
    size_t n = 0, hits;
    ns_xapian_query **terms = malloc((count + 1) * sizeof *terms);
    if (!terms)
        return ns_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        char key[NS_XAPIAN_ARTICLE_KEY];
        if (ns_xapian_prefetched(s, articles[i].article, &known))
            continue;
        ns_xapian_article_key(articles[i].article - base, key);
        terms[n++] = ns_xapian_query_term(key, sizeof key - 1, 1.0, err);
    }
    ns_xapian_query *query = n ? ns_xapian_query_join(NS_XAPIAN_OR, terms, n, err) : NULL;
    free(terms);
    if (!n)
        return NSEARCH_OK;
    nsearch_status status = query ? ns_xapian_join_all(&db, 1, &alone, err) : NSEARCH_NO_MEMORY;
    const ns_xapian_match match = {.query = query, .k1 = -1, .slot = NS_XAPIAN_SLOT_RECORD, .each = take_record, .user = &t};
    if (!status)
        status = ns_xapian_answer(alone, &match, &none, &hits, NULL, err);
    ns_xapian_unjoin(alone);
    ns_xapian_query_free(query);
    return status ? status : t.status;
}

nsearch_status ns_xapian_prefetch(ns_snapshot *snapshot, const ns_candidate *articles, size_t count, nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    ns_xapian_handle *handle;
    if (!s->remote)
        return NSEARCH_OK;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    for (size_t i = 0, p = 0; p < s->part_count && !status; p++) {
        uint32_t base = s->parts[p].base, end = base + s->parts[p].columns.end;
        size_t from = i;
        while (i < count && articles[i].article < end)
            i++;
        if (i > from && s->parts[p].shard->kind != NS_SHARD_DIRECTORY)
            status = fetch_part(s, handle->dbs[p], base, articles + from, i - from, err);
    }
    return ns_xapian_unlease(s, handle, status, err);
}
