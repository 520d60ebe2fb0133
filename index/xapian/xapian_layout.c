/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_layout.c - encodes and decodes the engine's own keys, values and records.
 */
#include "index/xapian/xapian_layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"

#define RECORD_FIXED 300
#define RECORD_SUM 4

void ns_xapian_put_be32(uint8_t out[4], uint32_t v)
{
    out[0] = (uint8_t)(v >> 24), out[1] = (uint8_t)(v >> 16), out[2] = (uint8_t)(v >> 8), out[3] = (uint8_t)v;
}

uint32_t ns_xapian_get_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

void ns_xapian_day_bytes(int32_t day, uint8_t out[4])
{
    ns_xapian_put_be32(out, (uint32_t)day ^ UINT32_C(0x80000000));
}

void ns_xapian_article_key(uint32_t article, char out[NS_XAPIAN_ARTICLE_KEY])
{
    snprintf(out, NS_XAPIAN_ARTICLE_KEY, "%c%08" PRIx32, NS_XAPIAN_ARTICLE_KIND, article);
}

void ns_xapian_id_key(const char *id, char out[NS_XAPIAN_ID_KEY])
{
    snprintf(out, NS_XAPIAN_ID_KEY, "%c%016" PRIx64, NS_XAPIAN_ID_KIND, ns_hash64(id, strlen(id), 1));
}

uint64_t ns_xapian_posting_sum(const char *key, size_t n, uint32_t tf, const uint32_t *positions, size_t count)
{
    uint64_t sum = ns_hash64(key, n, tf);
    for (size_t i = 0; i < count; i++)
        sum = ns_mix64(sum + positions[i] + 1);
    return sum;
}

void ns_xapian_tail_encode(uint32_t article, uint64_t hash, ns_buffer *out)
{
    uint8_t docid[4];
    ns_xapian_put_be32(docid, article);
    ns_buffer_add(out, docid, sizeof docid);
    ns_buffer_add_u64(out, hash + ns_mix64(article));
}

bool ns_xapian_tail_decode(const uint8_t *bytes, size_t n, uint32_t *article, uint64_t *hash)
{
    if (n < NS_XAPIAN_TAIL)
        return false;
    *article = ns_xapian_get_be32(bytes + n - NS_XAPIAN_TAIL);
    *hash = ns_get_u64(bytes + n - NS_XAPIAN_TAIL + 4) - ns_mix64(*article);
    return true;
}

/* ---- records */

static void add_u16s(ns_buffer *out, const uint16_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ns_buffer_add_byte(out, (uint8_t)values[i]);
        ns_buffer_add_byte(out, (uint8_t)(values[i] >> 8));
    }
}

static void get_u16s(const uint8_t *bytes, uint16_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
}

void ns_xapian_record_encode(const ns_xapian_record *record, ns_buffer *out)
{
    const ns_article_columns *c = &record->columns;
    uint8_t article[4];
    size_t begin = out->size;
    ns_xapian_put_be32(article, c->article);
    ns_buffer_add(out, article, sizeof article);
    ns_buffer_add_u64(out, c->hash);
    ns_buffer_add_u32(out, (uint32_t)c->day);
    ns_buffer_add_u32(out, record->text_bytes);
    ns_buffer_add_u32(out, c->passage_count);
    ns_buffer_add_u32(out, record->total_length);
    ns_buffer_add_u32(out, record->id_length);
    ns_buffer_add_u64(out, c->sketch.text_hash);
    ns_buffer_add_u32(out, c->sketch.shingles);
    add_u16s(out, c->sketch.words, NS_SKETCH_WORDS);
    add_u16s(out, c->sketch.keywords, NS_KEYWORDS);
    add_u16s(out, c->sketch.numbers, NS_SKETCH_NUMBERS);
    ns_buffer_add_u64(out, c->group);
    ns_buffer_add_u32(out, record->postings);
    ns_buffer_add_u32(out, record->data_sum);
    ns_buffer_add(out, record->id, record->id_length);
    if (!out->failed)
        ns_buffer_add_u32(out, ns_crc32c(0, out->data + begin, out->size - begin));
}

nsearch_status ns_xapian_record_decode(const uint8_t *bytes, size_t n, ns_xapian_record *record, nsearch_error *err)
{
    if (n < RECORD_FIXED + RECORD_SUM || ns_get_u32(bytes + 28) != n - RECORD_FIXED - RECORD_SUM ||
        ns_get_u32(bytes + n - RECORD_SUM) != ns_crc32c(0, bytes, n - RECORD_SUM) || !ns_get_u32(bytes + 20))
        return ns_error_set(err, NSEARCH_DAMAGED, "bad record of an article");
    ns_article_columns *c = &record->columns;
    c->article = ns_xapian_get_be32(bytes);
    c->hash = ns_get_u64(bytes + 4);
    c->day = c->day_used = (int32_t)ns_get_u32(bytes + 12);
    record->text_bytes = ns_get_u32(bytes + 16);
    c->passage_count = ns_get_u32(bytes + 20);
    record->total_length = ns_get_u32(bytes + 24);
    record->id_length = ns_get_u32(bytes + 28);
    c->sketch.text_hash = ns_get_u64(bytes + 32);
    c->sketch.shingles = ns_get_u32(bytes + 40);
    get_u16s(bytes + 44, c->sketch.words, NS_SKETCH_WORDS);
    get_u16s(bytes + 172, c->sketch.keywords, NS_KEYWORDS);
    get_u16s(bytes + 252, c->sketch.numbers, NS_SKETCH_NUMBERS);
    c->group = ns_get_u64(bytes + 284);
    record->postings = ns_get_u32(bytes + 292);
    record->data_sum = ns_get_u32(bytes + 296);
    record->id = (const char *)bytes + RECORD_FIXED;
    return NSEARCH_OK;
}

/* ---- the header */

uint64_t ns_xapian_content(const ns_xapian_record *record)
{
    return ns_mix64(ns_hash64(record->id, record->id_length, record->columns.hash) + record->columns.group);
}

#define HEADER                                                                                               \
    "nsearch-xapian %d generation %" PRIu64 " articles %" PRIu64 " texts %" PRIu64 " passages %" PRIu64      \
    " lengths %" PRIu64 " text %" PRIu64 " postings %" PRIu64 " terms %" PRIu64 " bytes %" PRIu64            \
    " content %" PRIx64 " names %" PRIx32 " end %" PRIu32
#define HEADER_READ                                                                                          \
    "nsearch-xapian %d generation %" SCNu64 " articles %" SCNu64 " texts %" SCNu64 " passages %" SCNu64      \
    " lengths %" SCNu64 " text %" SCNu64 " postings %" SCNu64 " terms %" SCNu64 " bytes %" SCNu64            \
    " content %" SCNx64 " names %" SCNx32 " end %" SCNu32 " sum %" SCNx32 "%n"
#define HEADER_MAX 512

void ns_xapian_header_encode(const ns_xapian_header *h, ns_buffer *out)
{
    size_t begin = out->size;
    ns_buffer_printf(out, HEADER, NS_XAPIAN_FORMAT, h->generation, h->articles, h->texts, h->passages,
                     h->total_length, h->bytes_text, h->postings, h->terms, h->bytes, h->content, h->names_sum,
                     h->end);
    if (!out->failed)
        ns_buffer_printf(out, " sum %08" PRIx32, ns_crc32c(0, out->data + begin, out->size - begin));
}

nsearch_status ns_xapian_header_decode(const uint8_t *bytes, size_t n, ns_xapian_header *h, nsearch_error *err)
{
    char text[HEADER_MAX + 1];
    int version = 0, end = 0;
    uint32_t sum = 0;
    size_t summed = n > 13 ? n - 13 : 0; /* without " sum 12345678" */
    if (!n)
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no index in this database");
    if (n > HEADER_MAX || memchr(bytes, 0, n))
        return ns_error_set(err, NSEARCH_DAMAGED, "bad header of the database");
    memcpy(text, bytes, n);
    text[n] = 0;
    if (sscanf(text, "nsearch-xapian %d", &version) == 1 && version > NS_XAPIAN_FORMAT)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "the database has format version %d, not %d", version,
                            NS_XAPIAN_FORMAT);
    if (version && version < NS_XAPIAN_FORMAT)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "the database has format version %d, not %d: index the articles anew in "
                            "an empty folder", version, NS_XAPIAN_FORMAT);
    int got = sscanf(text, HEADER_READ, &version, &h->generation, &h->articles, &h->texts, &h->passages,
                     &h->total_length, &h->bytes_text, &h->postings, &h->terms, &h->bytes, &h->content,
                     &h->names_sum, &h->end, &sum, &end);
    if (got != 14 || (size_t)end != n || version != NS_XAPIAN_FORMAT || sum != ns_crc32c(0, bytes, summed))
        return ns_error_set(err, NSEARCH_DAMAGED, "bad header of the database");
    return NSEARCH_OK;
}
