/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inverter.c - keeps the postings of each term as varints in a chain of growing chunks: docid distance, tf,
 * number of positions, position distances.
 */
#include "index/native/inverter.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/dictionary.h"
#include "index/native/positions.h"
#include "index/native/terms_write.h"
#include "src/base/bytes.h"

enum { FIRST_CHUNK = 16, LARGEST_CHUNK = 8192 };

typedef struct chunk {
    struct chunk *next;
    uint8_t data[];
} chunk;

struct ns_inverted_list {
    chunk *first, *last;
    uint32_t used, room; /* of the last chunk */
    uint32_t last_docid;
    uint64_t size;
};

void ns_inverter_init(ns_inverter *inv, int dirfd, const char *name)
{
    memset(inv, 0, sizeof *inv);
    inv->dirfd = dirfd;
    ns_map_init(&inv->terms);
    ns_arena_init(&inv->chunks);
    ns_columns_writer_init(&inv->columns, dirfd, name);
    ns_texts_writer_init(&inv->texts, dirfd, name, &inv->text_error);
}

void ns_inverter_release(ns_inverter *inv)
{
    ns_map_release(&inv->terms);
    free(inv->lists);
    ns_arena_release(&inv->chunks);
    ns_columns_writer_release(&inv->columns);
    ns_texts_writer_release(&inv->texts);
    memset(inv, 0, sizeof *inv);
}

size_t ns_inverter_bytes(const ns_inverter *inv)
{
    return ns_map_bytes(&inv->terms) + inv->list_capacity * sizeof *inv->lists + inv->chunks.total +
           ns_columns_bytes(&inv->columns) + ns_texts_bytes(&inv->texts);
}

static bool append(ns_inverter *inv, ns_inverted_list *list, const uint8_t *bytes, size_t n)
{
    list->size += n;
    while (n) {
        if (list->used == list->room) {
            uint32_t size = list->last ? (list->room + (uint32_t)sizeof(chunk)) * 2 : FIRST_CHUNK;
            if (size > LARGEST_CHUNK)
                size = LARGEST_CHUNK;
            chunk *c = ns_arena_take(&inv->chunks, size);
            if (!c)
                return false;
            c->next = NULL;
            if (list->last)
                list->last->next = c;
            else
                list->first = c;
            list->last = c;
            list->used = 0;
            list->room = size - (uint32_t)sizeof(chunk);
        }
        size_t take = list->room - list->used < n ? list->room - list->used : n;
        memcpy(list->last->data + list->used, bytes, take);
        list->used += (uint32_t)take;
        bytes += take;
        n -= take;
    }
    return true;
}

/* The list of a term, made where there is none. */
static ns_inverted_list *list_of(ns_inverter *inv, const ns_term *term)
{
    bool is_new;
    if (inv->terms.count == inv->list_capacity) {
        size_t capacity = inv->list_capacity ? inv->list_capacity * 2 : 1024;
        ns_inverted_list *lists = realloc(inv->lists, capacity * sizeof *lists);
        if (!lists)
            return NULL;
        inv->lists = lists;
        inv->list_capacity = capacity;
    }
    uint64_t *index = ns_map_put(&inv->terms, term->key, term->length, &is_new);
    if (!index)
        return NULL;
    if (is_new) {
        *index = inv->terms.count - 1;
        memset(&inv->lists[*index], 0, sizeof *inv->lists);
        inv->lists[*index].last_docid = UINT32_MAX;
    }
    return &inv->lists[*index];
}

static nsearch_status add_term(ns_inverter *inv, const ns_term *term, uint32_t docid, nsearch_error *err)
{
    uint8_t bytes[256], *p = bytes;
    ns_inverted_list *list = list_of(inv, term);
    if (!list)
        return ns_error_memory(err);
    p = ns_put_varint(p, docid - list->last_docid - 1);
    p = ns_put_varint(p, term->tf);
    p = ns_put_varint(p, term->position_count);
    for (uint32_t i = 0; i < term->position_count; i++) {
        if (p > bytes + sizeof bytes - 10) {
            if (!append(inv, list, bytes, (size_t)(p - bytes)))
                return ns_error_memory(err);
            p = bytes;
        }
        p = ns_put_varint(p, i ? term->positions[i] - term->positions[i - 1] - 1 : term->positions[i]);
    }
    list->last_docid = docid;
    return append(inv, list, bytes, (size_t)(p - bytes)) ? NSEARCH_OK : ns_error_memory(err);
}

/* What analysis promises: checked, so that a broken article cannot break the index. */
static bool passage_is_sound(const ns_passage *passage)
{
    uint64_t length = 0;
    if (!passage->length || passage->length > 65535)
        return false;
    for (uint32_t i = 0; i < passage->term_count; i++) {
        const ns_term *t = &passage->terms[i];
        length += t->tf;
        if (!t->length || t->length > NS_TERM_MAX || t->tf > 65535 ||
            t->position_count > NS_POSITION_COUNT_MAX)
            return false;
        for (uint32_t k = 0; k < t->position_count; k++)
            if (t->positions[k] > NS_POSITION_MAX || (k && t->positions[k] <= t->positions[k - 1]))
                return false;
        if (i) {
            const ns_term *before = t - 1;
            int order = memcmp(before->key, t->key, before->length < t->length ? before->length : t->length);
            if (order > 0 || (order == 0 && before->length >= t->length))
                return false;
        }
    }
    return length == passage->length;
}

nsearch_status ns_inverter_add(ns_inverter *inv, const ns_analysed *article, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    uint8_t sketch[NS_SKETCH_RECORD];
    ns_article_facts facts = {
        .day = article->day, .text_bytes = article->text_bytes, .hash = article->hash};
    for (uint32_t i = 0; i < article->passage_count; i++)
        if (!passage_is_sound(&article->passages[i]))
            return ns_error_set(err, NSEARCH_INVALID,
                                "passage %u of article '%s' breaks the rules of analysis", i, article->id);
    if (!article->passage_count ||
        article->passage_count > NS_SEGMENT_PASSAGES_MAX - inv->columns.passage_count)
        return ns_error_set(err, NSEARCH_INVALID, "article '%s' has no passages or too many", article->id);
    if (article->stored_size > NS_TEXT_ARTICLE_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "article '%s' of %zu bytes is too large to store",
                            article->id, article->stored_size);
    ns_texts_add(&inv->texts, article->stored, article->stored_size, &facts);
    if (inv->texts.status)
        return ns_error_set(err, inv->texts.status, "%s", inv->text_error.text);
    ns_sketch_encode(&article->sketch, sketch);
    ns_columns_add_article(&inv->columns, &facts, sketch);
    for (uint32_t i = 0; i < article->passage_count && !status; i++) {
        const ns_passage *passage = &article->passages[i];
        uint32_t docid = inv->columns.passage_count;
        ns_columns_add_passage(&inv->columns, passage->length);
        for (uint32_t k = 0; k < passage->term_count && !status; k++)
            status = add_term(inv, &passage->terms[k], docid, err);
    }
    if (!status && inv->columns.failed)
        status = ns_error_memory(err);
    inv->content = ns_hash64(article->id, strlen(article->id), inv->content ^ article->hash);
    inv->content = ns_hash64(article->stored, article->stored_size, inv->content);
    return status;
}

/* ---- writing */

typedef struct sort_key {
    uint64_t head;
    const ns_map_entry *entry;
} sort_key;

static int compare(const void *left, const void *right)
{
    const sort_key *a = left, *b = right;
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    uint32_t n = a->entry->length < b->entry->length ? a->entry->length : b->entry->length;
    int order = memcmp(a->entry->key, b->entry->key, n);
    return order ? order : (a->entry->length > b->entry->length) - (a->entry->length < b->entry->length);
}

static sort_key *sorted_terms(const ns_map *terms)
{
    sort_key *keys = malloc((terms->count + 1) * sizeof *keys);
    if (!keys)
        return NULL;
    for (size_t i = 0; i < terms->count; i++) {
        const ns_map_entry *e = &terms->entries[i];
        keys[i].head = 0;
        for (uint32_t k = 0; k < 8; k++)
            keys[i].head = keys[i].head << 8 | (k < e->length ? (uint8_t)e->key[k] : 0);
        keys[i].entry = e;
    }
    qsort(keys, terms->count, sizeof *keys, compare);
    return keys;
}

typedef struct flush {
    ns_inverter *inv;
    ns_segment_writer out;
    ns_terms_writer terms;
    ns_postings_writer postings;
    ns_buffer lists, positions, bytes, scratch;
} flush;

/* One list from its chunks to the postings writer. */
static bool write_list(flush *f, const ns_inverted_list *list)
{
    const ns_columns_writer *columns = &f->inv->columns;
    uint64_t left = list->size;
    ns_buffer_clear(&f->bytes);
    uint32_t size = FIRST_CHUNK;
    for (const chunk *c = list->first; c && left; c = c->next) {
        uint64_t room = size - sizeof *c, take = room < left ? room : left;
        ns_buffer_add(&f->bytes, c->data, take);
        left -= take;
        size = size * 2 < LARGEST_CHUNK ? size * 2 : LARGEST_CHUNK;
    }
    if (f->bytes.failed)
        return false;
    const uint8_t *p = f->bytes.data, *end = p + f->bytes.size;
    uint32_t docid = UINT32_MAX;
    while (p && p < end) {
        uint32_t gap, tf, count;
        if (!(p = ns_get_varint32(p, end, &gap)) || !(p = ns_get_varint32(p, end, &tf)) ||
            !(p = ns_get_varint32(p, end, &count)))
            return false;
        ns_buffer_clear(&f->scratch);
        if (!ns_buffer_reserve(&f->scratch, count * sizeof(uint32_t) + 1))
            return false;
        uint32_t *positions = (uint32_t *)(void *)f->scratch.data, last = 0;
        for (uint32_t i = 0; i < count && p; i++) {
            uint32_t distance = 0;
            p = ns_get_varint32(p, end, &distance);
            last = positions[i] = last + distance + (i != 0);
        }
        docid += gap + 1;
        ns_postings_add(&f->postings, docid, ns_starts_first(columns->starts, docid), tf, positions, count);
    }
    return p != NULL;
}

nsearch_status ns_inverter_write(ns_inverter *inv, const char *name, uint64_t id, ns_manifest_file *file,
                                 nsearch_error *err)
{
    flush f = {.inv = inv};
    sort_key *keys = NULL;
    nsearch_status status = ns_segment_create(inv->dirfd, name, id, &f.out, err);
    ns_postings_writer_init(&f.postings, &f.lists, &f.positions);
    ns_terms_writer_init(&f.terms, inv->dirfd, name, &f.out);
    if (status)
        goto out;
    keys = sorted_terms(&inv->terms);
    if (!keys) {
        status = ns_error_memory(err);
        goto out;
    }
    for (size_t i = 0; i < inv->terms.count && !status; i++) {
        ns_list list;
        if (!write_list(&f, &inv->lists[keys[i].entry->value]))
            status = ns_error_memory(err);
        if (!status)
            status = ns_postings_finish(&f.postings, &list, err);
        if (!status)
            status = ns_terms_add(&f.terms, keys[i].entry->key, keys[i].entry->length, &list, f.lists.data,
                                  f.positions.data, err);
        ns_buffer_clear(&f.lists);
        ns_buffer_clear(&f.positions);
    }
    if (status)
        goto out;
    ns_terms_finish(&f.terms);
    ns_columns_put(&inv->columns, &f.out);
    inv->texts.err = err;
    ns_texts_put(&inv->texts, &f.out);
    ns_segment_counts counts = {
        .passages = inv->columns.passage_count,
        .articles = inv->columns.article_count,
        .terms = f.terms.dictionary.count,
        .postings = f.terms.postings,
        .total_length = inv->columns.total_length,
        .text_bytes = inv->columns.text_bytes,
    };
    status = ns_segment_finish(&f.out, &counts, file);
out:
    ns_segment_abort(&f.out);
    ns_buffer_release(&f.lists);
    ns_buffer_release(&f.positions);
    ns_postings_writer_release(&f.postings);
    ns_terms_writer_release(&f.terms);
    ns_buffer_release(&f.bytes);
    ns_buffer_release(&f.scratch);
    free(keys);
    return status;
}
