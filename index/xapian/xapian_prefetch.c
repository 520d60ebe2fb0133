/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_prefetch.c - the records of many articles of a server, or the words of their passages, with one request: a query
 * for them, and a ValueCountMatchSpy, which brings back every different value that they have. A value names its document.
 */
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_snapshot.h"
#include "index/xapian/xapian_words.h"

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

/* Asks for a value of all documents that match, and frees the query. */
static nsearch_status gather(ns_xapian_db *db, ns_xapian_query *query, int slot,
                             bool (*each)(const void *bytes, size_t n, void *user), taking *t)
{
    ns_xapian_joined *alone = NULL;
    ns_xapian_hit none;
    size_t hits;
    nsearch_status status = query ? ns_xapian_join_all(&db, 1, &alone, t->err) : NSEARCH_NO_MEMORY;
    const ns_xapian_match match = {.query = query, .k1 = -1, .slot = slot, .each = each, .user = t};
    if (!status)
        status = ns_xapian_answer(alone, &match, &none, &hits, NULL, t->err);
    ns_xapian_unjoin(alone);
    ns_xapian_query_free(query);
    return status ? status : t->status;
}

ns_xapian_query *ns_xapian_any_article(const uint32_t *articles, size_t count, uint32_t base, nsearch_error *err)
{
    ns_xapian_query **terms = malloc((count + 1) * sizeof *terms);
    if (!terms) {
        ns_error_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        char key[NS_XAPIAN_ARTICLE_KEY];
        ns_xapian_article_key(articles[i] - base, key);
        terms[i] = ns_xapian_query_term(key, sizeof key - 1, 1.0, err);
    }
    ns_xapian_query *query = ns_xapian_query_join(NS_XAPIAN_OR, terms, count, err);
    free(terms);
    return query;
}

/* ---- names and words */

#define VALUES_MAX ((size_t)48 << 20) /* bytes that a snapshot keeps */

typedef struct value_name {
    uint32_t docid, slot;
} value_name;

static nsearch_status keep_value(ns_xapian_snapshot *s, value_name name, const void *bytes, size_t n, nsearch_error *err)
{
    bool is_new = false, kept = true;
    uint32_t size = (uint32_t)n;
    pthread_mutex_lock(&s->lock);
    if (s->values.size > VALUES_MAX) {
        ns_buffer_clear(&s->values);
        ns_map_clear(&s->valued);
    }
    uint64_t *place = ns_map_put(&s->valued, &name, sizeof name, &is_new);
    if (is_new) {
        *place = s->values.size;
        ns_buffer_add(&s->values, &size, sizeof size);
        ns_buffer_add(&s->values, bytes, n);
    }
    if (!place || s->values.failed) {
        ns_buffer_clear(&s->values);
        ns_map_clear(&s->valued);
        kept = false;
    }
    pthread_mutex_unlock(&s->lock);
    return kept ? NSEARCH_OK : ns_error_memory(err);
}

/* With the snapshot's lock held; *bytes is valid as long as it is. */
static bool find_value(const ns_xapian_snapshot *s, value_name name, const uint8_t **bytes, uint32_t *n)
{
    const uint64_t *place = ns_map_find(&s->valued, &name, sizeof name);
    if (!place)
        return false;
    memcpy(n, s->values.data + *place, sizeof *n);
    *bytes = s->values.data + *place + sizeof *n;
    return true;
}

static bool take_words(const void *bytes, size_t n, void *user)
{
    taking *t = user;
    uint32_t docid = n < sizeof docid ? 0 : ns_xapian_get_be32(bytes);
    if (ns_xapian_words_check(bytes, n, docid))
        t->status = keep_value(t->s, (value_name){t->base + docid, NS_XAPIAN_SLOT_WORDS}, bytes, n, t->err);
    else
        t->status = ns_error_set(t->err, NSEARCH_DAMAGED, "bad words of passage %u", t->base + docid);
    return !t->status;
}

static bool take_names(const void *bytes, size_t n, void *user)
{
    taking *t = user;
    uint32_t docid = n < sizeof docid ? 0 : ns_xapian_get_be32(bytes);
    if (n >= sizeof docid)
        t->status = keep_value(t->s, (value_name){t->base + docid, NS_XAPIAN_SLOT_NAMES}, bytes, n, t->err);
    return !t->status;
}

bool ns_xapian_names_known(ns_xapian_snapshot *s, uint32_t article, ns_buffer *names)
{
    const uint8_t *bytes;
    uint32_t n;
    pthread_mutex_lock(&s->lock);
    bool known = find_value(s, (value_name){article, NS_XAPIAN_SLOT_NAMES}, &bytes, &n);
    if (known)
        ns_buffer_add(names, bytes, n);
    pthread_mutex_unlock(&s->lock);
    return known;
}

bool ns_xapian_positions_known(ns_xapian_snapshot *s, uint32_t docid, const void *key, size_t n, ns_buffer *positions)
{
    const uint8_t *bytes;
    uint32_t size;
    pthread_mutex_lock(&s->lock);
    bool known = find_value(s, (value_name){docid, NS_XAPIAN_SLOT_WORDS}, &bytes, &size);
    if (known)
        ns_xapian_words_find(bytes, size, key, n, positions);
    pthread_mutex_unlock(&s->lock);
    return known && !positions->failed;
}

/* All of one of the lists of 'together' terms. */
static ns_xapian_query *all_of_some(const ns_term_key *keys, size_t count, size_t together, nsearch_error *err)
{
    ns_xapian_query **some = malloc((count / together + 1) * sizeof *some), **all = malloc(together * sizeof *all), *out = NULL;
    size_t n = 0;
    if (some && all) {
        for (size_t i = 0; i + together <= count; i += together) {
            for (size_t k = 0; k < together; k++)
                all[k] = ns_xapian_query_term(keys[i + k].key, keys[i + k].length, 1.0, err);
            some[n++] = ns_xapian_query_join(NS_XAPIAN_AND, all, together, err);
        }
        out = ns_xapian_query_join(NS_XAPIAN_OR, some, n, err);
    } else
        ns_error_memory(err);
    free(some);
    free(all);
    return out;
}

/* ---- asking all servers at the same time */

/* What one of them is asked for. */
typedef struct asking {
    pthread_t thread;
    bool started;
    ns_xapian_snapshot *s;
    ns_xapian_db *db;
    uint32_t base;
    const uint32_t *articles;
    size_t count;
    const ns_term_key *keys;
    size_t key_count, together;
    int slot;
    nsearch_status status;
    nsearch_error err;
} asking;

static void *ask_one(void *user)
{
    asking *a = user;
    taking t = {a->s, a->base, NSEARCH_OK, &a->err};
    ns_xapian_query *query = ns_xapian_any_article(a->articles, a->count, a->base, &a->err);
    if (query && a->together) {
        ns_xapian_query *both[] = {query, all_of_some(a->keys, a->key_count, a->together, &a->err)};
        query = ns_xapian_query_join(NS_XAPIAN_AND, both, 2, &a->err);
    }
    a->status = gather(a->db, query, a->slot,
                       a->slot == NS_XAPIAN_SLOT_RECORD ? take_record : a->slot == NS_XAPIAN_SLOT_NAMES ? take_names : take_words,
                       &t);
    return NULL;
}

/* For the values of the articles' documents, with 'together' those alone that hold the terms. Each database is one
 * thread's. */
static nsearch_status ask_all(ns_xapian_snapshot *s, const asking *wanted, nsearch_error *err)
{
    ns_xapian_handle *handle;
    size_t n = 0, i = 0;
    if (!s->remote || !wanted->count || (wanted->together && wanted->key_count < wanted->together))
        return NSEARCH_OK;
    asking *list = calloc(s->part_count, sizeof *list);
    nsearch_status status = list ? ns_xapian_lease(s, &handle, err) : ns_error_memory(err);
    for (size_t p = 0; p < s->part_count && !status; p++) {
        uint32_t base = s->parts[p].base, end = base + s->parts[p].columns.end;
        size_t from = i;
        while (i < wanted->count && wanted->articles[i] < end)
            i++;
        if (i == from || s->parts[p].shard->kind == NS_SHARD_DIRECTORY)
            continue;
        asking *a = &list[n++];
        *a = *wanted;
        a->s = s;
        a->db = handle->dbs[p];
        a->base = base;
        a->articles = wanted->articles + from;
        a->count = i - from;
    }
    for (size_t k = 0; k < n; k++) {
        list[k].started = k + 1 < n && !pthread_create(&list[k].thread, NULL, ask_one, &list[k]);
        if (!list[k].started)
            ask_one(&list[k]);
    }
    bool leased = !status;
    for (size_t k = 0; k < n; k++) {
        if (list[k].started)
            pthread_join(list[k].thread, NULL);
        if (list[k].status && !status)
            status = ns_error_set(err, list[k].status, "%s", list[k].err.text);
    }
    free(list);
    return leased ? ns_xapian_unlease(s, handle, status, err) : status;
}

nsearch_status ns_xapian_prefetch(ns_snapshot *snapshot, const ns_candidate *articles, size_t count, nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    ns_article_columns known;
    asking wanted = {.slot = NS_XAPIAN_SLOT_RECORD, .err = NSEARCH_ERROR_INIT};
    uint32_t *unknown = s->remote ? malloc((count + 1) * sizeof *unknown) : NULL;
    if (!unknown)
        return s->remote ? ns_error_memory(err) : NSEARCH_OK;
    for (size_t i = 0; i < count; i++)
        if (!ns_xapian_prefetched(s, articles[i].article, &known))
            unknown[wanted.count++] = articles[i].article;
    wanted.articles = unknown;
    nsearch_status status = ask_all(s, &wanted, err);
    free(unknown);
    return status;
}

nsearch_status ns_xapian_positions_ahead(ns_snapshot *snapshot, const uint32_t *articles, size_t count,
                                         const ns_term_key *keys, size_t key_count, size_t together, nsearch_error *err)
{
    const asking wanted = {.articles = articles, .count = count, .keys = keys, .key_count = key_count, .together = together,
                           .slot = NS_XAPIAN_SLOT_WORDS, .err = NSEARCH_ERROR_INIT};
    return ask_all(ns_xapian_snapshot_of(snapshot), &wanted, err);
}

nsearch_status ns_xapian_names_ahead(ns_snapshot *snapshot, const uint32_t *articles, size_t count, nsearch_error *err)
{
    const asking wanted = {.articles = articles, .count = count, .slot = NS_XAPIAN_SLOT_NAMES, .err = NSEARCH_ERROR_INIT};
    return ask_all(ns_xapian_snapshot_of(snapshot), &wanted, err);
}
