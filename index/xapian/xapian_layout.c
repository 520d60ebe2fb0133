/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_layout.c - encodes and decodes the engine's own keys, values and records.
 */
#include "index/xapian/xapian_layout.h"

#include <stdio.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"

#define RECORD_FIXED 288

void ns_xapian_put_be32(uint8_t out[4], uint32_t v)
{
    out[0] = (uint8_t)(v >> 24), out[1] = (uint8_t)(v >> 16), out[2] = (uint8_t)(v >> 8), out[3] = (uint8_t)v;
}

void ns_xapian_day_bytes(int32_t day, uint8_t out[4])
{
    ns_xapian_put_be32(out, (uint32_t)day ^ UINT32_C(0x80000000));
}

void ns_xapian_id_key(const char *id, char out[NS_XAPIAN_ID_KEY])
{
    char digits[17];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)ns_hash64(id, strlen(id), 1));
    out[0] = NS_XAPIAN_ID_KIND;
    memcpy(out + 1, digits, 16);
}

void ns_xapian_record_encode(const ns_xapian_record *record, ns_buffer *out)
{
    const ns_article_columns *c = &record->columns;
    ns_buffer_add_u64(out, c->hash);
    ns_buffer_add_u32(out, (uint32_t)c->day);
    ns_buffer_add_u32(out, record->text_bytes);
    ns_buffer_add_u32(out, c->passage_count);
    ns_buffer_add_u32(out, record->total_length);
    ns_buffer_add_u32(out, record->id_length);
    ns_buffer_add_u64(out, c->sketch.text_hash);
    ns_buffer_add_u32(out, c->sketch.shingles);
    for (size_t i = 0; i < NS_SKETCH_WORDS; i++) {
        ns_buffer_add_byte(out, (uint8_t)c->sketch.words[i]);
        ns_buffer_add_byte(out, (uint8_t)(c->sketch.words[i] >> 8));
    }
    for (size_t i = 0; i < NS_KEYWORDS; i++) {
        ns_buffer_add_byte(out, (uint8_t)c->sketch.keywords[i]);
        ns_buffer_add_byte(out, (uint8_t)(c->sketch.keywords[i] >> 8));
    }
    for (size_t i = 0; i < NS_SKETCH_NUMBERS; i++) {
        ns_buffer_add_byte(out, (uint8_t)c->sketch.numbers[i]);
        ns_buffer_add_byte(out, (uint8_t)(c->sketch.numbers[i] >> 8));
    }
    ns_buffer_add_u64(out, c->group);
    ns_buffer_add(out, record->id, record->id_length);
}

nsearch_status ns_xapian_record_decode(const uint8_t *bytes, size_t n, uint32_t article, ns_xapian_record *record,
                                       nsearch_error *err)
{
    if (n < RECORD_FIXED || ns_get_u32(bytes + 24) != n - RECORD_FIXED)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad record of article at passage %u", article);
    ns_article_columns *c = &record->columns;
    c->article = article;
    c->hash = ns_get_u64(bytes);
    c->day = c->day_used = (int32_t)ns_get_u32(bytes + 8);
    record->text_bytes = ns_get_u32(bytes + 12);
    c->passage_count = ns_get_u32(bytes + 16);
    record->total_length = ns_get_u32(bytes + 20);
    c->sketch.text_hash = ns_get_u64(bytes + 28);
    c->sketch.shingles = ns_get_u32(bytes + 36);
    for (size_t i = 0; i < NS_SKETCH_WORDS; i++)
        c->sketch.words[i] = (uint16_t)(bytes[40 + 2 * i] | bytes[41 + 2 * i] << 8);
    for (size_t i = 0; i < NS_KEYWORDS; i++)
        c->sketch.keywords[i] = (uint16_t)(bytes[168 + 2 * i] | bytes[169 + 2 * i] << 8);
    for (size_t i = 0; i < NS_SKETCH_NUMBERS; i++)
        c->sketch.numbers[i] = (uint16_t)(bytes[248 + 2 * i] | bytes[249 + 2 * i] << 8);
    c->group = ns_get_u64(bytes + 280);
    record->id = (const char *)bytes + RECORD_FIXED;
    record->id_length = (uint32_t)(n - RECORD_FIXED);
    if (!c->passage_count)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad record of article at passage %u", article);
    return NSEARCH_OK;
}
