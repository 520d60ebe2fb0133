/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge.c - reads neighbouring segments side by side and writes their live passages as one.
 */
#include "index/native/merge.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/merge_terms.h"
#include "index/native/named.h"
#include "index/native/texts.h"
#include "src/base/bytes.h"

typedef struct merge {
    ns_merge_source *sources;
    size_t count;
    ns_segment_writer out;
    ns_terms_writer terms;
    ns_columns_writer columns;
    ns_texts_writer texts;
    ns_named_writer named;
    ns_arena arena;
    nsearch_error *err;
} merge;

static nsearch_status open_source(merge *m, ns_merge_source *s, const ns_native_part *part, uint32_t docid_base)
{
    uint32_t passages = part->segment->counts.passages, before = 0;
    s->segment = part->segment;
    s->removed = &part->removed;
    s->docid_base = docid_base;
    s->lengths = ns_columns_lengths(s->segment);
    if (!s->lengths)
        return ns_segment_damaged(s->segment, NS_SECTION_LENGTHS, m->err);
    uint64_t first;
    if (!ns_named_range(s->segment, &first, &s->name_count))
        return ns_segment_damaged(s->segment, NS_SECTION_DICTIONARY, m->err);
    s->numbers = calloc((size_t)s->name_count + 1, sizeof *s->numbers);
    if (!s->numbers)
        return ns_error_memory(m->err);
    if (!part->removed.bits)
        return NSEARCH_OK;
    s->removed_before = malloc(((size_t)passages / 64 + 1) * sizeof *s->removed_before);
    if (!s->removed_before)
        return ns_error_memory(m->err);
    for (uint32_t i = 0; i * 64 < passages; i++) {
        s->removed_before[i] = before;
        before += (uint32_t)__builtin_popcountll(ns_get_u64(part->removed.bits + (size_t)i * 8));
    }
    return NSEARCH_OK;
}

static void let_go(const merge *m)
{
    for (size_t i = 0; i < m->count; i++)
        ns_segment_let_go(m->sources[i].segment);
}

/* ---- articles */

enum { ARTICLES_HELD = 2048 }; /* whose pages may stay mapped */

static nsearch_status add_article(merge *m, const ns_merge_source *s, uint32_t article, uint32_t first,
                                  const ns_article_facts *facts)
{
    const uint8_t *sketch = ns_columns_sketch(s->segment, article);
    if (!sketch)
        return ns_segment_damaged(s->segment, NS_SECTION_SKETCHES, m->err);
    ns_columns_add_article(&m->columns, facts, sketch);
    for (uint32_t d = first, end = ns_columns_end(s->segment, first); d < end; d++)
        ns_columns_add_passage(&m->columns, ns_columns_length_at(s->lengths, d));
    return m->columns.failed ? ns_error_memory(m->err) : NSEARCH_OK;
}

/* The articles of one text block, from 'article' (first passage *first) to before 'end'. */
static nsearch_status add_text_block(merge *m, const ns_merge_source *s, uint32_t article, uint32_t end,
                                     uint32_t *first, bool all_live)
{
    ns_article_facts facts;
    ns_text_block block;
    uint32_t stop, taken = UINT32_MAX;
    const uint8_t *bytes = NULL;
    nsearch_status status = NSEARCH_OK;
    if (!ns_texts_place(s->segment, article, &facts, &block, &stop))
        return ns_segment_damaged(s->segment, NS_SECTION_TEXT_INDEX, m->err);
    if (all_live)
        taken = ns_texts_add_block(&m->texts, block.stream, block.size, block.inflated);
    if (taken == UINT32_MAX) {
        ns_arena_reset(&m->arena);
        status = ns_texts_inflate(s->segment, &block, block.inflated, &m->arena, &bytes, m->err);
    }
    for (; article < end && !status; article++, *first = ns_columns_end(s->segment, *first)) {
        if (!ns_texts_place(s->segment, article, &facts, &block, &stop))
            return ns_segment_damaged(s->segment, NS_SECTION_ARTICLES, m->err);
        if (ns_removed_has(s->removed, *first))
            continue;
        if (bytes)
            ns_texts_add(&m->texts, bytes + facts.text_offset, stop - facts.text_offset, &facts);
        else
            facts.text_block = taken;
        status = m->texts.status ? m->texts.status : add_article(m, s, article, *first, &facts);
    }
    return status;
}

static nsearch_status add_articles(merge *m, const ns_merge_source *s)
{
    nsearch_status status = NSEARCH_OK;
    uint32_t articles = s->segment->counts.articles, first = 0;
    for (uint32_t article = 0; article < articles && !status;) {
        ns_article_facts facts;
        uint32_t end = article, docid = first, block = 0;
        bool all_live = true;
        for (; end < articles; end++, docid = ns_columns_end(s->segment, docid)) {
            if (!ns_columns_facts(s->segment, end, &facts) || docid >= s->segment->counts.passages)
                return ns_segment_damaged(s->segment, NS_SECTION_ARTICLES, m->err);
            if (end == article)
                block = facts.text_block;
            else if (facts.text_block != block)
                break;
            all_live &= !ns_removed_has(s->removed, docid);
        }
        status = add_text_block(m, s, article, end, &first, all_live);
        if (article / ARTICLES_HELD != end / ARTICLES_HELD)
            let_go(m);
        article = end;
    }
    return status;
}

/* ---- names, by their new numbers */

static nsearch_status add_names(merge *m, const ns_merge_source *s)
{
    ns_buffer entries = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    uint32_t articles = s->segment->counts.articles, first = 0;
    for (uint32_t article = 0; article < articles && !status; article++, first = ns_columns_end(s->segment, first)) {
        if (article % ARTICLES_HELD == 0)
            let_go(m);
        if (ns_removed_has(s->removed, first))
            continue;
        ns_buffer_clear(&entries);
        bool good = ns_named_entries(s->segment, article, &entries);
        uint32_t *entry = (uint32_t *)(void *)entries.data;
        size_t count = entries.size / sizeof *entry;
        for (size_t i = 0; i < count && good; i++) {
            good = entry[i] >> 2 < s->name_count;
            entry[i] = good ? s->numbers[entry[i] >> 2] << 2 | (entry[i] & 3) : 0;
        }
        if (entries.failed)
            status = ns_error_memory(m->err);
        else if (!good)
            status = ns_segment_damaged(s->segment, NS_SECTION_NAMES, m->err);
        else
            ns_named_add(&m->named, entry, count);
    }
    ns_buffer_release(&entries);
    return status;
}

static nsearch_status write_segment(merge *m, int threads, ns_manifest_file *file)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < m->count && !status; i++)
        status = add_articles(m, &m->sources[i]);
    uint32_t texts = 0;
    const uint8_t *copies = status ? NULL : ns_columns_copies(&m->columns, &texts);
    if (!copies)
        return status ? status : ns_error_memory(m->err);
    status = ns_merge_terms(m->sources, m->count, m->columns.starts, copies, threads, &m->terms, m->err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = add_names(m, &m->sources[i]);
    if (status)
        return status;
    ns_terms_finish(&m->terms);
    ns_columns_put(&m->columns, &m->out);
    ns_texts_put(&m->texts, &m->out);
    ns_named_put(&m->named, &m->out);
    ns_columns_put_groups(&m->columns, &m->out);
    ns_segment_counts counts = {
        .passages = m->columns.passage_count,
        .articles = m->columns.article_count,
        .texts = texts,
        .terms = m->terms.dictionary.count,
        .postings = m->terms.postings,
        .total_length = m->columns.total_length,
        .text_bytes = m->columns.text_bytes,
    };
    return ns_segment_finish(&m->out, &counts, file);
}

nsearch_status ns_merge_parts(const ns_native_part *parts, size_t count, int threads, int dirfd, const char *name,
                              uint64_t id, ns_manifest_file *file, nsearch_error *err)
{
    merge m = {.count = count, .err = err};
    uint32_t docid_base = 0;
    nsearch_status status = ns_segment_create(dirfd, name, id, &m.out, err);
    ns_terms_writer_init(&m.terms, dirfd, name, &m.out);
    ns_columns_writer_init(&m.columns, dirfd, name);
    ns_texts_writer_init(&m.texts, dirfd, name, err);
    ns_named_writer_init(&m.named, dirfd, name);
    ns_arena_init(&m.arena);
    m.sources = calloc(count, sizeof *m.sources);
    if (!m.sources && !status)
        status = ns_error_memory(err);
    for (size_t i = 0; i < count && !status; i++) {
        status = open_source(&m, &m.sources[i], &parts[i], docid_base);
        docid_base += ns_part_live(&parts[i]);
    }
    if (!status)
        status = write_segment(&m, threads, file);
    ns_segment_abort(&m.out);
    ns_terms_writer_release(&m.terms);
    ns_columns_writer_release(&m.columns);
    ns_texts_writer_release(&m.texts);
    ns_named_writer_release(&m.named);
    ns_arena_release(&m.arena);
    for (size_t i = 0; m.sources && i < count; i++) {
        free(m.sources[i].removed_before);
        free(m.sources[i].numbers);
    }
    free(m.sources);
    return status;
}
