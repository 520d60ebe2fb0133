/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * columns_read.c - looks up the facts of passages and articles.
 */
#include "index/native/columns.h"

#include <string.h>

static uint32_t word_count(const ns_segment *s)
{
    return (s->counts.passages + 63) / 64;
}

static const uint8_t *starts(const ns_segment *s)
{
    return s->base + s->sections[NS_SECTION_STARTS].offset;
}

/* As many articles begin as there are, the first at passage 0, none past the end: all that walks by them
 * relies on it. */
static bool starts_are_sound(const ns_segment *s)
{
    const uint8_t *bits = starts(s);
    uint32_t words = word_count(s), count = 0;
    for (uint32_t i = 0; i < words; i++)
        count += (uint32_t)__builtin_popcountll(ns_get_u64(bits + (size_t)i * 8));
    uint64_t last = ns_get_u64(bits + (size_t)(words - 1) * 8);
    bool past = s->counts.passages % 64 && last >> (s->counts.passages % 64);
    return (bits[0] & 1) && count == s->counts.articles && !past;
}

nsearch_status ns_columns_check(const ns_segment *s, nsearch_error *err)
{
    uint64_t words = word_count(s), size = words * 8 + (words + 7) / 8 * 4;
    if (s->sections[NS_SECTION_LENGTHS].size != (uint64_t)s->counts.passages * 2)
        return ns_segment_damaged(s, NS_SECTION_LENGTHS, err);
    if (s->sections[NS_SECTION_DAYS].size != (uint64_t)s->counts.articles * 4)
        return ns_segment_damaged(s, NS_SECTION_DAYS, err);
    if (s->sections[NS_SECTION_GROUPS].size &&
        s->sections[NS_SECTION_GROUPS].size != (uint64_t)s->counts.articles * 8)
        return ns_segment_damaged(s, NS_SECTION_GROUPS, err);
    if (s->sections[NS_SECTION_ARTICLES].size != (uint64_t)s->counts.articles * NS_ARTICLE_RECORD)
        return ns_segment_damaged(s, NS_SECTION_ARTICLES, err);
    if (s->sections[NS_SECTION_SKETCHES].size &&
        s->sections[NS_SECTION_SKETCHES].size != (uint64_t)s->counts.articles * NS_SKETCH_RECORD)
        return ns_segment_damaged(s, NS_SECTION_SKETCHES, err);
    if (s->sections[NS_SECTION_STARTS].size != size || !ns_segment_at(s, NS_SECTION_STARTS, 0, size) ||
        !starts_are_sound(s))
        return ns_segment_damaged(s, NS_SECTION_STARTS, err);
    return NSEARCH_OK;
}

const uint8_t *ns_columns_lengths(const ns_segment *s)
{
    return ns_segment_at(s, NS_SECTION_LENGTHS, 0, s->sections[NS_SECTION_LENGTHS].size);
}

uint32_t ns_columns_first(const ns_segment *s, uint32_t docid)
{
    return ns_starts_first(starts(s), docid);
}

uint32_t ns_columns_end(const ns_segment *s, uint32_t docid)
{
    uint32_t words = word_count(s), word = ++docid / 64;
    if (docid >= s->counts.passages)
        return s->counts.passages;
    uint64_t w = ns_get_u64(starts(s) + (size_t)word * 8) >> (docid % 64);
    if (w)
        docid += (uint32_t)__builtin_ctzll(w);
    else {
        while (++word < words && !(w = ns_get_u64(starts(s) + (size_t)word * 8)))
            ;
        docid = word < words ? word * 64 + (uint32_t)__builtin_ctzll(w) : s->counts.passages;
    }
    return docid < s->counts.passages ? docid : s->counts.passages;
}

uint32_t ns_columns_article(const ns_segment *s, uint32_t docid)
{
    uint32_t word = docid / 64, run = word / 8 * 8;
    const uint8_t *bits = starts(s);
    uint32_t before = ns_get_u32(bits + (size_t)word_count(s) * 8 + (size_t)word / 8 * 4);
    for (; run < word; run++)
        before += (uint32_t)__builtin_popcountll(ns_get_u64(bits + (size_t)run * 8));
    before += (uint32_t)__builtin_popcountll(ns_get_u64(bits + (size_t)word * 8) << (63 - docid % 64));
    return before - 1; /* bit 'docid' and those below it: at least one; else out of range, and refused */
}

const uint8_t *ns_columns_days(const ns_segment *s)
{
    return ns_segment_at(s, NS_SECTION_DAYS, 0, s->sections[NS_SECTION_DAYS].size);
}

nsearch_status ns_columns_groups(const ns_segment *s, const uint8_t **groups, nsearch_error *err)
{
    uint64_t size = s->sections[NS_SECTION_GROUPS].size;
    *groups = size ? ns_segment_at(s, NS_SECTION_GROUPS, 0, size) : NULL;
    return size && !*groups ? ns_segment_damaged(s, NS_SECTION_GROUPS, err) : NSEARCH_OK;
}

bool ns_columns_facts(const ns_segment *s, uint32_t article, ns_article_facts *facts)
{
    const uint8_t *p =
        ns_segment_at(s, NS_SECTION_ARTICLES, (uint64_t)article * NS_ARTICLE_RECORD, NS_ARTICLE_RECORD);
    const uint8_t *day = ns_segment_at(s, NS_SECTION_DAYS, (uint64_t)article * 4, 4);
    if (!p || !day)
        return false;
    facts->group = 0;
    if (s->sections[NS_SECTION_GROUPS].size) {
        const uint8_t *group = ns_segment_at(s, NS_SECTION_GROUPS, (uint64_t)article * 8, 8);
        if (!group)
            return false;
        facts->group = ns_get_u64(group);
    }
    facts->day = (int32_t)ns_get_u32(day);
    facts->text_bytes = ns_get_u32(p);
    facts->hash = ns_get_u64(p + 4);
    facts->text_block = ns_get_u32(p + 12);
    facts->text_offset = ns_get_u32(p + 16);
    return true;
}

const uint8_t *ns_columns_sketch(const ns_segment *s, uint32_t article)
{
    static const uint8_t zeros[NS_SKETCH_RECORD];
    if (!s->sections[NS_SECTION_SKETCHES].size)
        return article < s->counts.articles ? zeros : NULL;
    return ns_segment_at(s, NS_SECTION_SKETCHES, (uint64_t)article * NS_SKETCH_RECORD, NS_SKETCH_RECORD);
}

static const uint8_t *get_run(const uint8_t *p, uint16_t *values, size_t count)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(values, p, 2 * count);
#else
    for (size_t i = 0; i < count; i++)
        values[i] = (uint16_t)(p[2 * i] | p[2 * i + 1] << 8);
#endif
    return p + 2 * count;
}

void ns_sketch_decode(const uint8_t record[NS_SKETCH_RECORD], ns_sketch *sketch)
{
    sketch->text_hash = ns_get_u64(record);
    sketch->shingles = ns_get_u32(record + 8);
    record = get_run(record + 12, sketch->words, NS_SKETCH_WORDS);
    record = get_run(record, sketch->keywords, NS_KEYWORDS);
    get_run(record, sketch->numbers, NS_SKETCH_NUMBERS);
}
