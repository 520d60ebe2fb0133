/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_verify.c - reads everything that answers may come from, and checks it: pages, records and stored articles by
 * their sums, the postings of each passage, positions included, by the sum that was written with it, and its own list
 * of terms by its postings. Xapian's own check is not asked: it trusts what it reads, and damaged tables can end the
 * process (1.4.22). Of a server's database the postings are not walked: that is for the machine where it is.
 */
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_snapshot.h"
#include "index/xapian/xapian_words.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

typedef struct check {
    const ns_xapian_part *part;
    ns_xapian_db *db;
    uint64_t *sums;    /* by docid: of its postings */
    uint64_t *lengths; /* by docid: of its terms' frequencies */
    uint64_t *listed;  /* by docid: of all its terms, positions apart, to be held against its own list of them */
    uint64_t *whole;   /* by docid of an article: terms of passages, less terms of the whole */
    ns_xapian_header found;
    ns_buffer positions;
    void (*damaged)(const char *what, void *user); /* NULL: the first damage is the end */
    void *user;
    uint64_t places;
    nsearch_status status;
    nsearch_error *err;
} check;

static nsearch_status bad(check *c, const char *what, uint32_t docid)
{
    return c->status = ns_error_set(c->err, NSEARCH_DAMAGED, "bad %s of passage %u in '%s'", what, docid,
                                    c->part->shard->name);
}

/* Damage is told and survived, if anybody listens. */
static nsearch_status go_on(check *c, nsearch_status status)
{
    if (!c->damaged || !status || status == NSEARCH_NO_MEMORY || status == NSEARCH_UNREACHABLE)
        return status;
    c->places++;
    c->damaged(c->err->text, c->user);
    ns_error_clear(c->err);
    return c->status = NSEARCH_OK;
}

/* ---- postings */

static bool check_posting(check *c, const char *key, size_t n, uint32_t docid, uint32_t tf, uint32_t *last)
{
    const ns_xapian_columns *columns = &c->part->columns;
    if (ns_xapian_is_removed(columns, docid)) {
        bad(c, "postings", docid);
        return false;
    }
    uint32_t article = ns_xapian_article_of(columns, docid);
    c->listed[docid] += ns_hash64(key, n, tf);
    char kind = ns_xapian_article_kind(key[0]);
    if (key[0] == NS_XAPIAN_ARTICLE_KIND) {
        char expected[NS_XAPIAN_ARTICLE_KEY];
        ns_xapian_article_key(article, expected);
        if (n != sizeof expected - 1 || memcmp(key, expected, n) != 0)
            bad(c, "article", docid);
        c->whole[docid]++; /* one such term a passage: counted against the record */
        return !c->status;
    }
    if (!ns_xapian_is_term(key, n)) {
        if (article != docid)
            bad(c, "terms", docid);
        c->whole[docid] -= ns_hash64(key + 1, n - 1, (uint64_t)key[0]);
        return !c->status;
    }
    ns_buffer_clear(&c->positions);
    c->status = ns_xapian_positions(c->db, docid, key, n, &c->positions, c->err);
    c->sums[docid] += ns_xapian_posting_sum(key, n, tf, (const uint32_t *)(const void *)c->positions.data,
                                            c->positions.size / sizeof(uint32_t));
    c->lengths[docid] += tf;
    if (kind && article != *last) {
        c->whole[article] += ns_hash64(key + 1, n - 1, (uint64_t)kind);
        if (ns_xapian_is_copy(columns, article))
            c->whole[article] += ns_hash64(key + 1, n - 1, (uint64_t)ns_xapian_copy_kind(kind));
    }
    *last = article;
    return !c->status;
}

static bool check_term(const char *key, size_t n, uint64_t df, void *user)
{
    check *c = user;
    ns_xapian_list *list;
    uint32_t docids[NS_XAPIAN_BLOCK], freqs[NS_XAPIAN_BLOCK], told, last = UINT32_MAX;
    size_t count = 1;
    uint64_t met = 0;
    c->status = ns_xapian_list_open(c->db, key, n, &list, &told, c->err);
    while (!c->status && list && count) {
        c->status = ns_xapian_list_read(list, 0, NS_XAPIAN_BLOCK, docids, freqs, &count, c->err);
        for (size_t i = 0; i < count && !c->status; i++)
            check_posting(c, key, n, docids[i], freqs[i], &last);
        met += count;
    }
    ns_xapian_list_close(list);
    if (!c->status && met != df)
        c->status = ns_error_set(c->err, NSEARCH_DAMAGED, "a term of '%s' has a wrong frequency", c->part->shard->name);
    if (ns_xapian_is_term(key, n))
        c->found.postings += met;
    c->status = go_on(c, c->status);
    return !c->status;
}

/* ---- documents */

static nsearch_status value_of(check *c, uint32_t docid, int slot, ns_buffer *bytes)
{
    ns_buffer_clear(bytes);
    nsearch_status status = ns_xapian_get(c->db, docid, slot, bytes, c->err);
    return status == NSEARCH_NOT_FOUND ? NSEARCH_DAMAGED : status;
}

static nsearch_status check_passage(check *c, uint32_t docid, uint32_t article, int32_t day, ns_buffer *bytes)
{
    uint8_t expected[4];
    uint32_t length;
    size_t size = day == NS_DAY_UNKNOWN ? 0 : 4;
    nsearch_status status = ns_xapian_length(c->db, docid, &length, c->err);
    if (!status && length != c->part->columns.lengths[docid])
        return bad(c, "length", docid);
    if (!status)
        status = value_of(c, docid, NS_XAPIAN_SLOT_ARTICLE, bytes);
    ns_xapian_put_be32(expected, article);
    if (!status && (bytes->size != 4 || memcmp(bytes->data, expected, 4) != 0))
        return bad(c, "article", docid);
    if (!status)
        status = value_of(c, docid, NS_XAPIAN_SLOT_DAY, bytes);
    ns_xapian_day_bytes(day, expected);
    if (!status && (bytes->size != size || (size && memcmp(bytes->data, expected, 4) != 0)))
        return bad(c, "day", docid);
    if (!status)
        status = value_of(c, docid, NS_XAPIAN_SLOT_SUM, bytes);
    if (!status && (bytes->size != 8 || (c->sums && ns_get_u64(bytes->data) != c->sums[docid]) ||
                    (c->sums && c->lengths[docid] != length)))
        return bad(c, "postings", docid);
    if (!status)
        status = value_of(c, docid, NS_XAPIAN_SLOT_WORDS, bytes);
    if (!status && bytes->size && !ns_xapian_words_check(bytes->data, bytes->size, docid))
        return bad(c, "words", docid);
    return status;
}

static nsearch_status check_article(check *c, uint32_t place, ns_buffer *bytes)
{
    const ns_xapian_columns *columns = &c->part->columns;
    uint32_t article = columns->heads[place], passages = ns_xapian_passages_of(columns, place), length = 0;
    ns_xapian_record record;
    nsearch_status status = value_of(c, article, NS_XAPIAN_SLOT_RECORD, bytes);
    if (!status)
        status = ns_xapian_record_decode(bytes->data, bytes->size, &record, c->err);
    if (status)
        return status;
    char *id = strndup(record.id, record.id_length), key[NS_XAPIAN_ID_KEY];
    if (!id)
        return ns_error_memory(c->err);
    ns_xapian_id_key(id, key);
    free(id);
    c->found.content += ns_xapian_content(&record);
    for (uint32_t i = 0; i < passages; i++)
        length += columns->lengths[article + i];
    if (record.columns.article != article || record.columns.passage_count != passages ||
        record.columns.day != columns->days[place] || record.columns.group != columns->groups[place] ||
        record.total_length != length)
        return bad(c, "record", article);
    if (c->whole) {
        c->whole[article] += ns_hash64(key + 1, sizeof key - 2, NS_XAPIAN_ID_KIND);
        for (uint32_t i = 0; i < passages; i++)
            if (c->whole[article + i] != 1) /* its one term that names the article */
                return bad(c, "terms", article + i);
    }
    status = value_of(c, article, NS_XAPIAN_SLOT_NAMES, bytes);
    if (!status && !ns_xapian_named_check(bytes->data, bytes->size, article))
        return bad(c, "names", article);
    if (!status)
        status = value_of(c, article, -1, bytes);
    if (!status && ns_crc32c(0, bytes->data, bytes->size) != record.data_sum)
        return bad(c, "stored article", article);
    for (uint32_t i = 0; i < passages && !status; i++)
        status = check_passage(c, article + i, article, record.columns.day, bytes);
    c->found.articles++;
    c->found.texts += !ns_group_is_copy(record.columns.group);
    c->found.passages += passages;
    c->found.total_length += record.total_length;
    c->found.bytes_text += record.text_bytes;
    return status;
}

/* What a passage says that it holds, which removing it goes by. */
static nsearch_status check_lists(check *c)
{
    const ns_xapian_columns *columns = &c->part->columns;
    uint32_t end;
    uint64_t *told = calloc((size_t)columns->end + 1, sizeof *told);
    if (!told)
        return ns_error_memory(c->err);
    nsearch_status status = ns_xapian_lists_apart(c->part, told, &end, c->err);
    if (!status && end < columns->end)
        status = go_on(c, bad(c, "list of terms", end));
    for (uint32_t docid = 0; docid < end && !status; docid++)
        if (!ns_xapian_is_removed(columns, docid) && told[docid] != c->listed[docid])
            status = go_on(c, bad(c, "list of terms", docid));
    free(told);
    return status;
}

static nsearch_status check_part(check *c)
{
    const ns_xapian_columns *columns = &c->part->columns;
    const ns_xapian_header *h = &c->part->header;
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    if (c->sums)
        status = ns_xapian_walk(c->db, "", 0, check_term, c, c->err);
    if (!status)
        status = c->status;
    if (status && !(status = go_on(c, status))) { /* not all terms were met: nothing can be said of the sums */
        free(c->sums);
        free(c->listed);
        free(c->whole);
        c->sums = c->listed = c->whole = NULL;
    }
    for (uint32_t i = 0; i < columns->article_count && !status; i++)
        if (!ns_xapian_is_removed(columns, columns->heads[i]))
            status = go_on(c, check_article(c, i, &bytes));
    ns_buffer_release(&bytes);
    if (!status && c->listed)
        status = check_lists(c);
    if (!status && !c->places && (c->found.articles != h->articles || c->found.texts != h->texts ||
                    c->found.passages != h->passages ||
                    c->found.total_length != h->total_length || c->found.bytes_text != h->bytes_text ||
                    c->found.content != h->content || (c->sums && c->found.postings != h->postings)))
        status = go_on(c, ns_error_set(c->err, NSEARCH_DAMAGED, "counts of '%s' differ from what is in it",
                                       c->part->shard->name));
    return status;
}

nsearch_status ns_xapian_verify_on(ns_snapshot *snapshot, void (*damaged)(const char *what, void *user), void *user,
                                   nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    ns_xapian_handle *handle;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    for (size_t i = 0; i < s->part_count && !status; i++) {
        check c = {.part = &s->parts[i], .db = handle->dbs[i], .damaged = damaged, .user = user,
                   .err = err};
        size_t end = (size_t)c.part->columns.end + 1;
        if (c.part->shard->kind == NS_SHARD_DIRECTORY) {
            c.sums = calloc(end, sizeof *c.sums);
            c.lengths = calloc(end, sizeof *c.lengths);
            c.listed = calloc(end, sizeof *c.listed);
            c.whole = calloc(end, sizeof *c.whole);
            if (!c.sums || !c.lengths || !c.listed || !c.whole)
                status = ns_error_memory(err);
        }
        if (!status)
            status = check_part(&c);
        ns_buffer_release(&c.positions);
        free(c.sums);
        free(c.lengths);
        free(c.listed);
        free(c.whole);
    }
    return ns_xapian_unlease(s, handle, status, err);
}

nsearch_status ns_xapian_verify(ns_snapshot *snapshot, nsearch_error *err)
{
    return ns_xapian_verify_on(snapshot, NULL, NULL, err);
}
