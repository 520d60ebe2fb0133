/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_add.c - an article as Xapian documents: one a passage.
 */
#include <string.h>

#include "index/xapian/xapian_store.h"
#include "index/xapian/xapian_words.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

/* What Xapian's inverter takes for a posting and for a position, roughly. */
#define POSTING_COST 80
#define POSITION_COST 6

/* Xapian's keys end in 0x00 and write one within as two bytes. */
static bool fits(const char *key, size_t n)
{
    size_t size = n;
    for (size_t i = 0; i < n; i++)
        size += !key[i];
    return n && size <= NS_TERM_MAX && ns_xapian_is_term(key, n);
}

nsearch_status ns_xapian_check_article(const ns_analysed *a, nsearch_error *err)
{
    for (uint32_t p = 0; p < a->passage_count; p++)
        for (uint32_t i = 0; i < a->passages[p].term_count; i++)
            if (!fits(a->passages[p].terms[i].key, a->passages[p].terms[i].length))
                return ns_error_set(err, NSEARCH_SKIPPED, "term too long in article '%.200s'", a->id);
    return NSEARCH_OK;
}

/* The terms of the whole article that its first passage holds: at most two for each of its own. */
static bool article_terms(ns_xapian_store *s, const ns_analysed *a, ns_xapian_bytes *flags, size_t *count)
{
    ns_map_clear(&s->seen);
    for (uint32_t p = 0; p < a->passage_count; p++)
        for (uint32_t i = 0; i < a->passages[p].term_count; i++) {
            const ns_term *term = &a->passages[p].terms[i];
            char kind = ns_xapian_article_kind(term->key[0]);
            bool is_new = false;
            if (!kind)
                continue;
            if (!ns_map_put(&s->seen, term->key, term->length, &is_new))
                return false;
            char *key = is_new ? ns_arena_copy(&s->arena, term->key, term->length) : NULL;
            if (!is_new)
                continue;
            if (!key)
                return false;
            key[0] = kind;
            flags[(*count)++] = (ns_xapian_bytes){key, term->length};
            if (!ns_group_is_copy(a->group))
                continue;
            if (!(key = ns_arena_copy(&s->arena, key, term->length)))
                return false;
            key[0] = ns_xapian_copy_kind(kind);
            flags[(*count)++] = (ns_xapian_bytes){key, term->length};
        }
    return true;
}

static uint64_t passage_sum(const ns_passage *passage)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < passage->term_count; i++) {
        const ns_term *t = &passage->terms[i];
        sum += ns_xapian_posting_sum(t->key, t->length, t->tf, t->positions, t->position_count);
    }
    return sum;
}

static nsearch_status add_passage(ns_xapian_store *s, const ns_analysed *a, uint32_t i, uint32_t article,
                                  ns_xapian_bytes *flags, size_t flag_count, nsearch_error *err)
{
    const ns_passage *passage = &a->passages[i];
    uint8_t head[4], day[4], sum[8];
    char id[NS_XAPIAN_ID_KEY], key[NS_XAPIAN_ARTICLE_KEY];
    ns_xapian_put_be32(head, article);
    ns_xapian_day_bytes(a->day, day);
    ns_put_u64(sum, passage_sum(passage));
    ns_xapian_article_key(article, key);
    flags[flag_count++] = (ns_xapian_bytes){key, sizeof key - 1};
    ns_xapian_document d = {.terms = passage->terms, .term_count = passage->term_count, .flags = flags};
    d.values[NS_XAPIAN_SLOT_ARTICLE] = (ns_xapian_bytes){head, sizeof head};
    d.values[NS_XAPIAN_SLOT_SUM] = (ns_xapian_bytes){sum, sizeof sum};
    if (a->day != NS_DAY_UNKNOWN)
        d.values[NS_XAPIAN_SLOT_DAY] = (ns_xapian_bytes){day, sizeof day};
    if (!i) {
        ns_xapian_id_key(a->id, id);
        flags[flag_count++] = (ns_xapian_bytes){id, sizeof id - 1};
        d.values[NS_XAPIAN_SLOT_RECORD] = (ns_xapian_bytes){s->record.data, s->record.size};
        d.values[NS_XAPIAN_SLOT_NAMES] = (ns_xapian_bytes){s->named.data, s->named.size};
        d.data = (ns_xapian_bytes){s->data.data, s->data.size};
        s->gathered += s->record.size + s->named.size + s->data.size;
    }
    ns_buffer_clear(&s->words);
    if (!ns_xapian_words_encode(passage, article + i, &s->arena, &s->words))
        return ns_error_memory(err);
    d.values[NS_XAPIAN_SLOT_WORDS] = (ns_xapian_bytes){s->words.data, s->words.size};
    s->gathered += s->words.size;
    d.flag_count = flag_count;
    s->gathered += POSTING_COST * (passage->term_count + flag_count);
    for (uint32_t t = 0; t < passage->term_count; t++)
        s->gathered += POSITION_COST * passage->terms[t].position_count;
    s->waiting++;
    return ns_xapian_put(s->db, article + i, &d, err);
}

static bool make_record(ns_xapian_store *s, const ns_analysed *a, ns_xapian_record *record)
{
    ns_buffer_clear(&s->data);
    ns_buffer_add(&s->data, a->stored, a->stored_size);
    ns_xapian_tail_encode(s->columns.end, a->hash, &s->data);
    *record = (ns_xapian_record){
        .columns = {.article = s->columns.end, .passage_count = a->passage_count, .day = a->day, .hash = a->hash,
                    .group = a->group, .sketch = a->sketch},
        .text_bytes = a->text_bytes,
        .data_sum = s->data.failed ? 0 : ns_crc32c(0, s->data.data, s->data.size),
        .id = a->id,
        .id_length = (uint32_t)strlen(a->id),
    };
    for (uint32_t i = 0; i < a->passage_count; i++) {
        record->total_length += a->passages[i].length;
        record->postings += a->passages[i].term_count;
    }
    ns_buffer_clear(&s->record);
    ns_xapian_record_encode(record, &s->record);
    ns_buffer_clear(&s->named);
    ns_xapian_named_encode(a, record->columns.article, &s->named);
    return !s->record.failed && !s->named.failed && !s->data.failed;
}

nsearch_status ns_xapian_add_article(ns_xapian_store *s, const ns_analysed *a, ns_xapian_record *record,
                                     nsearch_error *err)
{
    size_t terms = 0, count = 0;
    for (uint32_t i = 0; i < a->passage_count; i++)
        terms += a->passages[i].term_count;
    ns_arena_reset(&s->arena);
    ns_xapian_bytes *flags = ns_arena_array(&s->arena, 2 * terms + 2, sizeof *flags);
    if (!flags || !article_terms(s, a, flags, &count) || !make_record(s, a, record))
        return ns_error_memory(err);
    uint32_t article = s->columns.end;
    nsearch_status status = ns_xapian_columns_append(&s->columns, a, err);
    s->dead = true; /* until all of the article is there */
    for (uint32_t i = 0; !status && i < a->passage_count; i++)
        status = add_passage(s, a, i, article, flags, i ? 0 : count, err);
    s->dead = status != NSEARCH_OK;
    return status;
}
