/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * verify.c - reads every byte of a committed state and checks it: sums, then order, bounds and cross
 * references, as doc/format.md states them.
 */
#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/named.h"
#include "index/native/snapshot.h"
#include "index/native/texts.h"
#include "src/base/bytes.h"

typedef struct verify {
    const ns_native_part *part;
    const ns_segment *segment;
    const uint8_t *lengths, *groups; /* groups: NULL where all are 0 */
    uint32_t *tf_sums; /* of each passage */
    uint32_t docid;    /* where the list stands */
    ns_arena arena;
    nsearch_error *err;
} verify;

static nsearch_status bad(const verify *v, ns_section section, const char *what)
{
    return ns_error_set(v->err, NSEARCH_DAMAGED, "%s in '%s' section '%s'", what, v->segment->name,
                        ns_section_name(section));
}

/* ---- columns */

static nsearch_status check_starts(const verify *v)
{
    const ns_segment_counts *counts = &v->segment->counts;
    const uint8_t *bits = v->segment->base + v->segment->sections[NS_SECTION_STARTS].offset;
    size_t words = ((size_t)counts->passages + 63) / 64;
    uint32_t before = 0;
    if (!(bits[0] & 1))
        return bad(v, NS_SECTION_STARTS, "no article at the first passage");
    for (size_t i = 0; i < words; i++) {
        uint64_t word = ns_get_u64(bits + i * 8);
        if (i % 8 == 0 && ns_get_u32(bits + words * 8 + i / 8 * 4) != before)
            return bad(v, NS_SECTION_STARTS, "wrong number of articles");
        if (i + 1 == words && counts->passages % 64 && word >> (counts->passages % 64))
            return bad(v, NS_SECTION_STARTS, "article past the end");
        before += (uint32_t)__builtin_popcountll(word);
    }
    return before == counts->articles ? NSEARCH_OK : bad(v, NS_SECTION_STARTS, "wrong number of articles");
}

static nsearch_status check_groups(verify *v)
{
    uint32_t texts = 0;
    nsearch_status status = ns_columns_groups(v->segment, &v->groups, v->err);
    for (uint32_t article = 0; article < v->segment->counts.articles && !status; article++)
        texts += !ns_columns_is_copy(v->groups, article);
    if (!status && texts != v->segment->counts.texts)
        status = bad(v, NS_SECTION_GROUPS, "wrong number of copies");
    return status;
}

static nsearch_status check_texts(verify *v)
{
    const ns_segment *s = v->segment;
    uint64_t text_bytes = 0, offset = 0;
    uint32_t blocks = ns_texts_block_count(s), next_block = 0, last_end = 0;
    nsearch_status status = NSEARCH_OK;
    for (uint32_t article = 0; article < s->counts.articles; article++) {
        ns_article_facts facts;
        ns_text_block block;
        uint32_t end;
        if (!ns_texts_place(s, article, &facts, &block, &end))
            return bad(v, NS_SECTION_ARTICLES, "article outside of its text block");
        bool begins = facts.text_block == next_block && facts.text_offset == 0;
        bool follows = facts.text_block + 1 == next_block && facts.text_offset == last_end;
        if (begins && (!article || last_end == UINT32_MAX))
            next_block++;
        else if (!follows)
            return bad(v, NS_SECTION_ARTICLES, "article out of order in the texts");
        last_end = end == block.inflated ? UINT32_MAX : end;
        if (follows && last_end == end && end < facts.text_offset)
            return bad(v, NS_SECTION_ARTICLES, "article out of order in the texts");
        text_bytes += facts.text_bytes;
    }
    if (next_block != blocks || text_bytes != s->counts.text_bytes)
        return bad(v, NS_SECTION_ARTICLES, "wrong totals");
    for (uint32_t i = 0; i < blocks && !status; i++) {
        ns_text_block block;
        const uint8_t *bytes;
        if (!ns_texts_block(s, i, &block) ||
            block.stream != s->base + s->sections[NS_SECTION_TEXTS].offset + offset)
            return bad(v, NS_SECTION_TEXT_INDEX, "text block out of place");
        offset += block.size;
        ns_arena_reset(&v->arena);
        status = ns_texts_inflate(s, &block, block.inflated, &v->arena, &bytes, v->err);
    }
    if (!status && offset != s->sections[NS_SECTION_TEXTS].size)
        return bad(v, NS_SECTION_TEXTS, "bytes between text blocks");
    return status;
}

/* ---- lists */

static nsearch_status check_posting(verify *v, ns_cursor *c)
{
    const uint32_t *positions;
    size_t count = c->ops->positions(c, &positions);
    for (size_t i = 1; i < count; i++)
        if (positions[i] <= positions[i - 1])
            return bad(v, NS_SECTION_POSITIONS, "positions out of order");
    v->tf_sums[c->docid] += ns_cursor_freq(c);
    return NSEARCH_OK;
}

static nsearch_status check_list(verify *v, const ns_list *list)
{
    ns_cursor *c;
    uint32_t df = 0, texts = 0, last_first = UINT32_MAX, last = 0;
    ns_arena_reset(&v->arena);
    nsearch_status status = ns_postings_cursor(v->segment, list, 0, &v->arena, &c, v->err);
    if (status)
        return status;
    for (uint32_t d = c->docid; d != NS_DOCID_END && !status; d = ns_cursor_next(c), df++) {
        uint32_t first = ns_columns_first(v->segment, d);
        if (df && d <= last)
            return bad(v, NS_SECTION_POSTINGS, "docids out of order");
        last = d;
        texts += first != last_first && !ns_columns_is_copy(v->groups, ns_columns_article(v->segment, d));
        last_first = first;
        status = check_posting(v, c);
    }
    if (!status && c->damaged)
        status = ns_segment_damaged(v->segment, NS_SECTION_POSTINGS, v->err);
    if (!status && (df != list->df || texts != list->texts))
        status = bad(v, NS_SECTION_POSTINGS, "wrong number of postings");
    return status;
}

static nsearch_status check_terms(verify *v)
{
    const ns_segment *s = v->segment;
    ns_dictionary_walk walk;
    uint64_t terms = 0, postings = 0, list_end = 0, positions_end = 0;
    uint8_t before[NS_TERM_MAX];
    uint32_t before_length = 0;
    nsearch_status status = NSEARCH_OK;
    for (bool more = ns_dictionary_seek(&walk, s, "", 0); more && !status; more = ns_dictionary_next(&walk)) {
        uint32_t n = walk.length < before_length ? walk.length : before_length;
        int order = memcmp(before, walk.key, n);
        if (terms && (order > 0 || (order == 0 && before_length >= walk.length)))
            return bad(v, NS_SECTION_DICTIONARY, "terms out of order");
        if (walk.list.postings != list_end || walk.list.positions != positions_end)
            return bad(v, NS_SECTION_DICTIONARY, "list out of place");
        ns_list found;
        if (ns_dictionary_find(s, walk.key, walk.length, &found) != NS_FOUND || found.postings != list_end ||
            found.df != walk.list.df)
            return bad(v, NS_SECTION_TERM_INDEX, "a term is not found");
        list_end += walk.list.postings_size;
        positions_end += walk.list.positions_size;
        memcpy(before, walk.key, walk.length);
        before_length = walk.length;
        terms++;
        postings += walk.list.df;
        status = check_list(v, &walk.list);
    }
    if (!status && walk.damaged)
        status = ns_segment_damaged(s, NS_SECTION_DICTIONARY, v->err);
    if (!status && (terms != s->counts.terms || postings != s->counts.postings))
        status = bad(v, NS_SECTION_DICTIONARY, "wrong totals");
    if (!status && (list_end != s->sections[NS_SECTION_POSTINGS].size ||
                    positions_end != s->sections[NS_SECTION_POSITIONS].size))
        status = bad(v, NS_SECTION_POSTINGS, "bytes after the last list");
    return status;
}

static nsearch_status check_lengths(const verify *v)
{
    uint64_t total = 0;
    for (uint32_t d = 0; d < v->segment->counts.passages; d++) {
        uint32_t len = ns_columns_length_at(v->lengths, d);
        if (len != v->tf_sums[d])
            return bad(v, NS_SECTION_LENGTHS, "a length differs from the lists");
        total += len;
    }
    return total == v->segment->counts.total_length ? NSEARCH_OK : bad(v, NS_SECTION_LENGTHS, "wrong total");
}

static nsearch_status check_removed(const verify *v)
{
    const ns_removed *r = &v->part->removed;
    uint32_t passages = 0, articles = 0, texts = 0;
    uint64_t total_length = 0, text_bytes = 0;
    if (!r->bits)
        return NSEARCH_OK;
    for (uint32_t d = 0; d < ns_removed_size(v->segment->counts.passages) * 8; d++) {
        if (!ns_removed_has(r, d))
            continue;
        ns_article_facts facts;
        if (d >= v->segment->counts.passages)
            return ns_error_set(v->err, NSEARCH_DAMAGED, "passage past the end in '%s'",
                                v->part->removed_file.name);
        uint32_t first = ns_columns_first(v->segment, d);
        passages++;
        total_length += ns_columns_length_at(v->lengths, d);
        if (!ns_removed_has(r, first) || !ns_removed_has(r, ns_columns_end(v->segment, d) - 1))
            return ns_error_set(v->err, NSEARCH_DAMAGED, "half an article in '%s'",
                                v->part->removed_file.name);
        if (d == first) {
            if (!ns_columns_facts(v->segment, ns_columns_article(v->segment, d), &facts))
                return ns_segment_damaged(v->segment, NS_SECTION_ARTICLES, v->err);
            articles++;
            texts += !ns_group_is_copy(facts.group);
            text_bytes += facts.text_bytes;
        }
    }
    if (passages != r->passages || articles != r->articles || texts != r->texts || total_length != r->total_length ||
        text_bytes != r->text_bytes)
        return ns_error_set(v->err, NSEARCH_DAMAGED, "wrong totals of '%s'", v->part->removed_file.name);
    return NSEARCH_OK;
}

static nsearch_status check_names(const verify *v)
{
    const ns_segment *s = v->segment;
    uint64_t first, groups = ((uint64_t)s->counts.articles + NS_NAMED_STEP - 1) / NS_NAMED_STEP;
    uint32_t count;
    ns_buffer entries = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    bool any = s->sections[NS_SECTION_NAMES].size;
    if (s->sections[NS_SECTION_NAME_INDEX].size != (any ? groups * 8 : 0))
        return bad(v, NS_SECTION_NAME_INDEX, "wrong size");
    if (!ns_named_range(s, &first, &count))
        return ns_segment_damaged(s, NS_SECTION_DICTIONARY, v->err);
    for (uint32_t article = 0; article < s->counts.articles && !status; article++) {
        ns_buffer_clear(&entries);
        bool good = ns_named_entries(s, article, &entries);
        const uint32_t *entry = (const uint32_t *)(const void *)entries.data;
        for (size_t i = 0; i < entries.size / sizeof *entry; i++)
            good &= entry[i] >> 2 < count;
        if (entries.failed)
            status = ns_error_memory(v->err);
        else if (!good)
            status = bad(v, NS_SECTION_NAMES, "bad list of names");
    }
    ns_buffer_release(&entries);
    return status;
}

nsearch_status ns_native_verify(ns_snapshot *base, nsearch_error *err)
{
    const ns_native_snapshot *s = (const ns_native_snapshot *)base;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < s->parts.count && !status; i++) {
        verify v = {.part = &s->parts.list[i], .segment = s->parts.list[i].segment, .err = err};
        ns_arena_init(&v.arena);
        v.lengths = ns_columns_lengths(v.segment);
        v.tf_sums = calloc(v.segment->counts.passages, sizeof *v.tf_sums);
        if (!v.tf_sums)
            status = ns_error_memory(err);
        if (!status)
            status = ns_segment_check_all(v.segment, err);
        if (!status)
            status = check_starts(&v);
        if (!status)
            status = check_groups(&v);
        if (!status)
            status = check_texts(&v);
        if (!status)
            status = check_terms(&v);
        if (!status)
            status = check_lengths(&v);
        if (!status)
            status = check_removed(&v);
        if (!status)
            status = check_names(&v);
        free(v.tf_sums);
        ns_arena_release(&v.arena);
    }
    return status;
}
