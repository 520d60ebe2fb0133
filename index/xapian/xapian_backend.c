/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_backend.c - the Xapian engine's table, and its plain look-ups. The rest: xapian_snapshot.c opens,
 * xapian_answer.c matches, xapian_cursor.c walks, xapian_store.c writes, xapian_verify.c checks.
 */
#include "index/backend.h"

#include <stdlib.h>
#include <string.h>

#include "index/similar.h"
#include "index/xapian/xapian_snapshot.h"
#include "index/xapian/xapian_store.h"
#include "src/base/day.h"

static ns_xapian_snapshot *self(ns_snapshot *snapshot)
{
    return ns_xapian_snapshot_of(snapshot);
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

#define MET_MAX 65536

/* Texts of a term whose kind has no terms for whole articles. */
static nsearch_status count_texts(const ns_xapian_part *part, ns_xapian_db *db, const void *key, size_t n, uint64_t *texts,
                                  nsearch_error *err)
{
    const ns_xapian_columns *columns = &part->columns;
    ns_xapian_list *list;
    uint32_t docids[NS_XAPIAN_BLOCK], freqs[NS_XAPIAN_BLOCK], df, last = UINT32_MAX;
    size_t count = 1;
    nsearch_status status = ns_xapian_list_open(db, key, n, &list, &df, err);
    while (!status && list && count) {
        status = ns_xapian_list_read(list, 0, NS_XAPIAN_BLOCK, docids, freqs, &count, err);
        for (size_t i = 0; i < count; i++) {
            uint32_t article = docids[i] < columns->end ? ns_xapian_article_of(columns, docids[i]) : last;
            *texts += article != last && !ns_xapian_is_copy(columns, article);
            last = article;
        }
    }
    ns_xapian_list_close(list);
    return status;
}

/* From the frequencies of a term, and of the two that stand for its articles and for those that are copies. */
static ns_term_stats stats_of(uint64_t df, uint64_t articles, uint64_t copies)
{
    return (ns_term_stats){df, df && articles > copies ? articles - copies : 0};
}

static nsearch_status ask_stats(ns_xapian_snapshot *s, const char *key, size_t n, ns_term_stats *out,
                                nsearch_error *err)
{
    ns_xapian_handle *handle;
    char whole[NS_TERM_MAX], copy[NS_TERM_MAX];
    memcpy(whole, key, n);
    memcpy(copy, key, n);
    whole[0] = ns_xapian_article_kind(key[0]);
    copy[0] = ns_xapian_copy_kind(whole[0]);
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    for (size_t i = 0; i < s->part_count && !status; i++) {
        const ns_xapian_part *part = &s->parts[i];
        uint64_t df = 0, articles = 0, copies = 0;
        bool any_copy = part->header.texts < part->header.articles;
        status = ns_xapian_frequency(handle->dbs[i], key, n, &df, err);
        if (!status && part->columns.single && !any_copy)
            articles = df;
        else if (!status && df && !whole[0])
            status = count_texts(part, handle->dbs[i], key, n, &articles, err);
        else if (!status && df)
            status = ns_xapian_frequency(handle->dbs[i], whole, n, &articles, err);
        if (!status && df && whole[0] && any_copy)
            status = ns_xapian_frequency(handle->dbs[i], copy, n, &copies, err);
        out->df += df;
        out->texts += stats_of(df, articles, copies).texts;
    }
    return ns_xapian_unlease(s, handle, status, err);
}

static bool find_met(ns_xapian_snapshot *s, const char *key, size_t n, ns_term_stats *stats)
{
    pthread_mutex_lock(&s->lock);
    const uint64_t *known = ns_map_find(&s->met, key, n);
    if (known)
        *stats = (ns_term_stats){*known >> 32, *known & UINT32_MAX};
    pthread_mutex_unlock(&s->lock);
    return known != NULL;
}

static void remember(ns_xapian_snapshot *s, const char *key, size_t n, ns_term_stats stats)
{
    pthread_mutex_lock(&s->lock);
    if (s->met.count >= MET_MAX)
        ns_map_clear(&s->met);
    uint64_t *place = ns_map_put(&s->met, key, n, NULL);
    if (place) /* else it is asked for again */
        *place = stats.df << 32 | stats.texts;
    pthread_mutex_unlock(&s->lock);
}

/* Each term and the two that stand for its articles, of all parts. */
static nsearch_status terms_ahead(ns_snapshot *snapshot, const ns_term_key *keys, size_t count, nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_xapian_handle *handle;
    nsearch_status status = NSEARCH_OK;
    ns_term_stats met;
    size_t n = 0;
    if (!s->remote || !count)
        return NSEARCH_OK;
    ns_arena arena = NS_ARENA_INIT;
    ns_xapian_bytes *asked = ns_arena_array(&arena, 3 * count, sizeof *asked);
    uint64_t *dfs = ns_arena_array(&arena, 3 * count, sizeof *dfs);
    if (!asked || !dfs)
        status = ns_error_memory(err);
    for (size_t i = 0; i < count && !status; i++) {
        if (keys[i].length > NS_TERM_MAX || !ns_xapian_is_term(keys[i].key, keys[i].length) ||
            find_met(s, keys[i].key, keys[i].length, &met))
            continue;
        char *whole = ns_arena_copy(&arena, keys[i].key, keys[i].length), kind = ns_xapian_article_kind(keys[i].key[0]);
        char *copy = ns_arena_copy(&arena, keys[i].key, keys[i].length);
        if (!whole || !copy) {
            status = ns_error_memory(err);
        } else if (kind) {
            whole[0] = kind;
            copy[0] = ns_xapian_copy_kind(kind);
        }
        asked[n++] = (ns_xapian_bytes){keys[i].key, keys[i].length};
        asked[n++] = (ns_xapian_bytes){whole, keys[i].length};
        asked[n++] = (ns_xapian_bytes){copy, keys[i].length};
    }
    if (!status && n)
        status = ns_xapian_lease(s, &handle, err);
    if (!status && n) {
        status = ns_xapian_frequencies(handle->joined, asked, n, dfs, err);
        status = ns_xapian_unlease(s, handle, status, err);
    }
    for (size_t i = 0; i < n && !status; i += 3) {
        const char *key = asked[i].bytes;
        if (!dfs[i] || ns_xapian_article_kind(key[0]))
            remember(s, key, asked[i].n, stats_of(dfs[i], dfs[i + 1], dfs[i + 2]));
    }
    ns_arena_release(&arena);
    return status;
}

nsearch_status ns_xapian_term_stats(ns_snapshot *snapshot, const void *key, size_t n, ns_term_stats *stats,
                                    nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    const ns_term_key one = {key, n};
    nsearch_status status = NSEARCH_OK;
    ns_term_stats out = {0, 0};
    if (n > NS_TERM_MAX || !ns_xapian_is_term(key, n)) {
        *stats = out;
        return NSEARCH_OK;
    }
    bool known = find_met(s, key, n, &out);
    if (!known && s->remote) {
        status = terms_ahead(snapshot, &one, 1, err);
        known = !status && find_met(s, key, n, &out);
    }
    if (!status && !known) {
        status = ask_stats(s, key, n, &out, err);
        if (!status)
            remember(s, key, n, out);
    }
    if (!status)
        *stats = out;
    return status;
}

typedef struct walker {
    bool (*each)(const char *key, size_t length, uint64_t df, void *user);
    void *user;
    bool stopped;
} walker;

static bool walk_visible(const char *key, size_t length, uint64_t df, void *user)
{
    walker *w = user;
    w->stopped = ns_xapian_is_term(key, length) && !w->each(key, length, df, w->user);
    return !w->stopped;
}

static nsearch_status walk_parts(ns_xapian_snapshot *s, const void *prefix, size_t n, walker *w, nsearch_error *err)
{
    ns_xapian_handle *handle;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    for (size_t i = 0; i < s->part_count && !status && !w->stopped; i++)
        status = ns_xapian_walk(handle->dbs[i], prefix, n, walk_visible, w, err);
    return ns_xapian_unlease(s, handle, status, err);
}

/* Terms of several parts must come in one order, and once each. */
typedef struct term_list {
    ns_map terms;
    bool failed;
} term_list;

static bool collect(const char *key, size_t length, uint64_t df, void *user)
{
    term_list *l = user;
    uint64_t *sum = ns_map_put(&l->terms, key, length, NULL);
    l->failed = !sum;
    if (sum)
        *sum += df;
    return sum != NULL;
}

static int by_key(const void *a, const void *b)
{
    const ns_map_entry *x = a, *y = b;
    size_t n = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->key, y->key, n);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static nsearch_status backend_walk(ns_snapshot *snapshot, const void *prefix, size_t n,
                                   bool (*each)(const char *key, size_t length, uint64_t df, void *user),
                                   void *user, nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    walker w = {each, user, false};
    if (s->part_count < 2)
        return walk_parts(s, prefix, n, &w, err);
    term_list list = {.failed = false};
    ns_map_init(&list.terms);
    walker gather = {collect, &list, false};
    nsearch_status status = walk_parts(s, prefix, n, &gather, err);
    if (!status && list.failed)
        status = ns_error_memory(err);
    ns_map_entry *sorted = status ? NULL : malloc((list.terms.count + 1) * sizeof *sorted);
    if (!status && !sorted)
        status = ns_error_memory(err);
    if (!status && list.terms.count) {
        memcpy(sorted, list.terms.entries, list.terms.count * sizeof *sorted);
        qsort(sorted, list.terms.count, sizeof *sorted, by_key);
        for (size_t i = 0; i < list.terms.count && each(sorted[i].key, sorted[i].length, sorted[i].value, user); i++)
            ;
    }
    free(sorted);
    ns_map_release(&list.terms);
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
    walker w = {compare_term, r, false};
    if (n && ns_similar_init(&r->similar, key + 1, n - 1, most))
        status = walk_parts(self(snapshot), key, 1, &w, err);
    free(r);
    return status;
}

/* ---- parts, passages, articles */

static size_t backend_part_count(ns_snapshot *snapshot)
{
    return self(snapshot)->part_count;
}

static void backend_part(ns_snapshot *snapshot, size_t i, ns_part *part)
{
    const ns_xapian_part *p = &self(snapshot)->parts[i];
    const ns_xapian_columns *c = &p->columns;
    *part = (ns_part){.docid_begin = p->base, .docid_end = p->base + c->end, .lengths = c->lengths,
                      .removed = c->live < c->end ? c->removed : NULL, .single = c->single, .starts = c->starts};
}

static uint32_t backend_length(ns_snapshot *snapshot, uint32_t docid)
{
    const ns_xapian_snapshot *s = self(snapshot);
    size_t p = ns_xapian_part_of(s, docid);
    return p == SIZE_MAX ? 0 : s->parts[p].columns.lengths[docid - s->parts[p].base];
}

static uint32_t backend_article_of(ns_snapshot *snapshot, uint32_t docid)
{
    const ns_xapian_snapshot *s = self(snapshot);
    size_t p = ns_xapian_part_of(s, docid);
    return p == SIZE_MAX ? docid
                         : s->parts[p].base + ns_xapian_article_of(&s->parts[p].columns, docid - s->parts[p].base);
}

static nsearch_status backend_columns(ns_snapshot *snapshot, uint32_t docid, ns_article_columns *columns,
                                      nsearch_error *err)
{
    ns_xapian_snapshot *s = self(snapshot);
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_record record;
    nsearch_status status = NSEARCH_OK;
    uint32_t article = backend_article_of(snapshot, docid);
    bool known = s->remote && ns_xapian_prefetched(s, article, &record.columns);
    if (!known)
        status = ns_xapian_article_value(s, docid, NS_XAPIAN_SLOT_RECORD, &bytes, err);
    if (!status && !known)
        status = ns_xapian_record_decode(bytes.data, bytes.size, &record, err);
    if (!status) {
        *columns = record.columns;
        columns->article = article;
        const ns_day_of_copy *other = ns_day_of_copy_find(snapshot, columns->article);
        if (other)
            columns->day_used = other->day;
    }
    ns_buffer_release(&bytes);
    return status;
}

static nsearch_status backend_outline(ns_snapshot *snapshot, uint32_t docid, ns_article_columns *columns,
                                      nsearch_error *err)
{
    const ns_xapian_snapshot *s = self(snapshot);
    size_t p = ns_xapian_part_of(s, docid);
    const ns_xapian_columns *c = p == SIZE_MAX ? NULL : &s->parts[p].columns;
    if (!c || ns_xapian_is_removed(c, docid - s->parts[p].base))
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no passage %u", docid);
    uint32_t article = ns_xapian_article_of(c, docid - s->parts[p].base), place = ns_xapian_place_of(c, article);
    if (place == UINT32_MAX)
        return ns_error_set(err, NSEARCH_DAMAGED, "no article at passage %u", docid);
    *columns = (ns_article_columns){.article = s->parts[p].base + article, .passage_count = ns_xapian_passages_of(c, place),
                                    .day = c->days[place], .day_used = c->days[place], .group = c->groups[place]};
    const ns_day_of_copy *other = ns_day_of_copy_find(snapshot, columns->article);
    if (other)
        columns->day_used = other->day;
    return NSEARCH_OK;
}

static nsearch_status backend_days(ns_snapshot *snapshot, size_t part, int32_t first, int32_t last, uint8_t *bits,
                                   nsearch_error *err)
{
    const ns_xapian_part *p = &self(snapshot)->parts[part];
    const ns_xapian_columns *c = &p->columns;
    (void)err;
    for (uint32_t i = 0; i < c->article_count; i++) {
        int32_t day = c->days[i];
        if (day < first || day > last || day == NS_DAY_UNKNOWN)
            continue;
        for (uint32_t d = c->heads[i], end = d + ns_xapian_passages_of(c, i); d < end; d++)
            bits[d >> 3] = (uint8_t)(bits[d >> 3] | 1u << (d & 7));
    }
    return NSEARCH_OK;
}

static nsearch_status backend_groups(ns_snapshot *snapshot,
                                     bool (*each)(uint32_t article, uint32_t passage_count, int32_t day,
                                                  uint64_t group, void *user),
                                     void *user, nsearch_error *err)
{
    const ns_xapian_snapshot *s = self(snapshot);
    (void)err;
    for (size_t p = 0; p < s->part_count; p++) {
        const ns_xapian_columns *c = &s->parts[p].columns;
        for (uint32_t i = 0; i < c->article_count; i++)
            if (!ns_xapian_is_removed(c, c->heads[i]) &&
                !each(s->parts[p].base + c->heads[i], ns_xapian_passages_of(c, i), c->days[i], c->groups[i], user))
                return NSEARCH_OK;
    }
    return NSEARCH_OK;
}

static nsearch_status backend_articles(ns_snapshot *snapshot, bool (*each)(const ns_article_columns *columns, void *user),
                                       void *user, nsearch_error *err)
{
    const ns_xapian_snapshot *s = self(snapshot);
    for (size_t p = 0; p < s->part_count; p++) {
        const ns_xapian_columns *c = &s->parts[p].columns;
        for (uint32_t i = 0; i < c->article_count; i++) {
            ns_article_columns columns;
            if (ns_xapian_is_removed(c, c->heads[i]))
                continue;
            nsearch_status status = backend_columns(snapshot, s->parts[p].base + c->heads[i], &columns, err);
            if (status || !each(&columns, user))
                return status;
        }
    }
    return NSEARCH_OK;
}

static nsearch_status backend_fetch(ns_snapshot *snapshot, uint32_t docid, ns_arena *arena, const uint8_t **bytes,
                                    size_t *n, nsearch_error *err)
{
    ns_buffer data = NS_BUFFER_INIT;
    nsearch_status status = ns_xapian_article_value(self(snapshot), docid, -1, &data, err);
    if (!status && data.size < NS_XAPIAN_TAIL)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad stored article of passage %u", docid);
    if (!status) {
        data.size -= NS_XAPIAN_TAIL;
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
    .open = ns_xapian_snapshot_open,
    .close = ns_xapian_snapshot_close,
    .stats = backend_stats,
    .names = backend_names,
    .term = ns_xapian_term_stats,
    .terms_ahead = terms_ahead,
    .walk = backend_walk,
    .similar = backend_similar,
    .part_count = backend_part_count,
    .part = backend_part,
    .cursor = ns_xapian_cursor_open,
    .cursors_within = ns_xapian_cursors_within,
    .length = backend_length,
    .article_of = backend_article_of,
    .columns = backend_columns,
    .prefetch = ns_xapian_prefetch,
    .positions_ahead = ns_xapian_positions_ahead,
    .outline = backend_outline,
    .days = backend_days,
    .groups = backend_groups,
    .articles = backend_articles,
    .fetch = backend_fetch,
    .intact = ns_xapian_snapshot_intact,
    .named = ns_xapian_named_get,
    .names_ahead = ns_xapian_names_ahead,
    .named_key = ns_xapian_named_key,
    .verify = ns_xapian_verify,
    .survey = ns_xapian_survey,
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
