/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * columns_write.c - collects the columns of the segment in the making.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"

void ns_columns_writer_init(ns_columns_writer *w, int dirfd, const char *name)
{
    char part[40];
    memset(w, 0, sizeof *w);
    snprintf(part, sizeof part, "%.20s.a", name);
    ns_spool_init(&w->articles, dirfd, part);
    snprintf(part, sizeof part, "%.20s.s", name);
    ns_spool_init(&w->sketches, dirfd, part);
}

void ns_columns_writer_release(ns_columns_writer *w)
{
    ns_buffer_release(&w->lengths);
    ns_buffer_release(&w->days);
    ns_buffer_release(&w->groups);
    free(w->starts);
    free(w->copies);
    w->starts = w->copies = NULL;
    ns_spool_release(&w->articles);
    ns_spool_release(&w->sketches);
}

size_t ns_columns_bytes(const ns_columns_writer *w)
{
    return w->lengths.capacity + (w->copies ? 2 : 1) * w->start_words * 8 + w->days.capacity + w->groups.capacity +
           w->articles.memory.capacity + w->sketches.memory.capacity;
}

static uint8_t *put_run(uint8_t *out, const uint16_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *out++ = (uint8_t)values[i];
        *out++ = (uint8_t)(values[i] >> 8);
    }
    return out;
}

void ns_sketch_encode(const ns_sketch *sketch, uint8_t out[NS_SKETCH_RECORD])
{
    ns_put_u64(out, sketch->text_hash);
    ns_put_u32(out + 8, sketch->shingles);
    out = put_run(out + 12, sketch->words, NS_SKETCH_WORDS);
    out = put_run(out, sketch->keywords, NS_KEYWORDS);
    put_run(out, sketch->numbers, NS_SKETCH_NUMBERS);
}

static bool grow_starts(ns_columns_writer *w)
{
    size_t words = w->start_words ? w->start_words * 2 : 64;
    uint8_t *starts = realloc(w->starts, words * 8);
    if (!starts)
        return false;
    memset(starts + w->start_words * 8, 0, (words - w->start_words) * 8);
    w->starts = starts;
    w->start_words = words;
    return true;
}

void ns_columns_add_article(ns_columns_writer *w, const ns_article_facts *facts, const uint8_t *sketch)
{
    uint8_t record[NS_ARTICLE_RECORD], day[4];
    if (w->passage_count / 64 >= w->start_words && !grow_starts(w)) {
        w->failed = true;
        return;
    }
    w->starts[w->passage_count / 8] |= (uint8_t)(1u << (w->passage_count % 8));
    ns_put_u32(day, (uint32_t)facts->day);
    ns_buffer_add(&w->days, day, sizeof day);
    ns_buffer_add_u64(&w->groups, facts->group);
    w->any_group |= facts->group != 0;
    w->failed |= w->days.failed || w->groups.failed;
    ns_put_u32(record, facts->text_bytes);
    ns_put_u64(record + 4, facts->hash);
    ns_put_u32(record + 12, facts->text_block);
    ns_put_u32(record + 16, facts->text_offset);
    ns_spool_put(&w->articles, record, sizeof record);
    for (size_t i = 0; i < NS_SKETCH_RECORD && !w->any_sketch; i++)
        w->any_sketch = sketch[i];
    ns_spool_put(&w->sketches, sketch, NS_SKETCH_RECORD);
    w->article_count++;
    w->text_bytes += facts->text_bytes;
}

void ns_columns_set_group(ns_columns_writer *w, size_t i, uint64_t group)
{
    if (i >= w->article_count || w->groups.failed)
        return;
    ns_put_u64(w->groups.data + i * 8, group);
    w->any_group |= group != 0;
}

void ns_columns_add_passage(ns_columns_writer *w, uint32_t length)
{
    uint8_t bytes[2] = {(uint8_t)length, (uint8_t)(length >> 8)};
    ns_buffer_add(&w->lengths, bytes, sizeof bytes);
    if (w->lengths.failed || (w->passage_count / 64 >= w->start_words && !grow_starts(w)))
        w->failed = true;
    w->passage_count++;
    w->total_length += length;
}

void ns_columns_append(ns_columns_writer *w, const ns_columns_writer *from, uint32_t block)
{
    const uint8_t *record = from->articles.memory.data, *sketch = from->sketches.memory.data, *day = from->days.data;
    const uint8_t *group = from->groups.data;
    if (from->failed || from->articles.status || from->sketches.status) {
        w->failed = true;
        return;
    }
    for (uint32_t i = 0; i < from->passage_count; i++) {
        if (from->starts[i / 8] >> (i % 8) & 1) {
            ns_article_facts facts = {.day = (int32_t)ns_get_u32(day),
                                      .text_bytes = ns_get_u32(record),
                                      .hash = ns_get_u64(record + 4),
                                      .group = ns_get_u64(group),
                                      .text_block = block + ns_get_u32(record + 12),
                                      .text_offset = ns_get_u32(record + 16)};
            ns_columns_add_article(w, &facts, sketch);
            day += 4;
            group += 8;
            record += NS_ARTICLE_RECORD;
            sketch += NS_SKETCH_RECORD;
        }
        ns_columns_add_passage(w, ns_columns_length_at(from->lengths.data, i));
    }
}

const uint8_t *ns_columns_copies(ns_columns_writer *w, uint32_t *texts)
{
    const uint8_t *group = w->groups.data;
    free(w->copies);
    w->copies = calloc(w->start_words ? w->start_words : 1, 8);
    *texts = 0;
    if (!w->copies || w->failed)
        return NULL;
    for (size_t i = 0; i < w->start_words; i++)
        for (uint64_t left = ns_get_u64(w->starts + i * 8); left; left &= left - 1, group += 8) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            bool is_copy = ns_group_is_copy(ns_get_u64(group));
            w->copies[i * 8 + bit / 8] |= (uint8_t)(is_copy << bit % 8);
            *texts += !is_copy;
        }
    return w->copies;
}

void ns_columns_put(ns_columns_writer *w, ns_segment_writer *out)
{
    size_t words = ((size_t)w->passage_count + 63) / 64;
    uint8_t bytes[4];
    uint32_t before = 0;
    if (w->failed) {
        ns_segment_fail(out, ns_error_memory(out->err));
        return;
    }
    ns_segment_begin(out, NS_SECTION_LENGTHS);
    ns_segment_put(out, w->lengths.data, w->lengths.size);
    ns_segment_end(out, NS_SECTION_LENGTHS);
    ns_segment_begin(out, NS_SECTION_STARTS);
    ns_segment_put(out, w->starts, words * 8);
    for (size_t i = 0; i < words; i++) {
        ns_put_u32(bytes, before);
        if (i % 8 == 0)
            ns_segment_put(out, bytes, 4);
        before += (uint32_t)__builtin_popcountll(ns_get_u64(w->starts + i * 8));
    }
    ns_segment_end(out, NS_SECTION_STARTS);
    ns_segment_begin(out, NS_SECTION_DAYS);
    ns_segment_put(out, w->days.data, w->days.size);
    ns_segment_end(out, NS_SECTION_DAYS);
    ns_segment_begin(out, NS_SECTION_ARTICLES);
    ns_spool_copy(&w->articles, out);
    ns_segment_end(out, NS_SECTION_ARTICLES);
    ns_segment_begin(out, NS_SECTION_SKETCHES);
    if (w->any_sketch)
        ns_spool_copy(&w->sketches, out);
    ns_segment_end(out, NS_SECTION_SKETCHES);
}

void ns_columns_put_groups(ns_columns_writer *w, ns_segment_writer *out)
{
    ns_segment_begin(out, NS_SECTION_GROUPS);
    if (w->any_group)
        ns_segment_put(out, w->groups.data, w->groups.size);
    ns_segment_end(out, NS_SECTION_GROUPS);
}
