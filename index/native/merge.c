/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge.c - reads neighbouring segments side by side and writes their live passages as one.
 */
#include "index/native/merge.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/named.h"
#include "index/native/terms_write.h"
#include "index/native/texts.h"
#include "src/base/bytes.h"

typedef struct source {
    const ns_segment *segment;
    const ns_removed *removed;
    uint32_t *removed_before; /* for each 64 passages; NULL when none is removed */
    uint32_t docid_base;      /* in the new segment */
    const uint8_t *lengths;
    ns_dictionary_walk walk;
    bool at_end;
    uint32_t *numbers; /* of its names in the new segment (named.h) */
    uint32_t named, name_count; /* how many of them the walk has met; in all */
} source;

typedef struct merge {
    source *sources;
    size_t count;
    ns_segment_writer out;
    ns_buffer lists, positions; /* of the term in hand */
    ns_postings_writer postings;
    ns_terms_writer terms;
    ns_columns_writer columns;
    ns_texts_writer texts;
    ns_named_writer named;
    uint32_t name_count; /* numbers given */
    ns_arena arena;
    nsearch_error *err;
} merge;

static uint32_t new_docid(const source *s, uint32_t docid)
{
    if (!s->removed_before)
        return s->docid_base + docid;
    uint64_t word = ns_get_u64(s->removed->bits + (size_t)docid / 64 * 8) & ~(~UINT64_C(0) << (docid % 64));
    return s->docid_base + docid - s->removed_before[docid / 64] - (uint32_t)__builtin_popcountll(word);
}

static nsearch_status open_source(merge *m, source *s, const ns_native_part *part, uint32_t docid_base)
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

enum { ARTICLES_HELD = 2048, TERMS_HELD = 4096 }; /* whose pages may stay mapped */

static nsearch_status add_article(merge *m, const source *s, uint32_t article, uint32_t first,
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
static nsearch_status add_text_block(merge *m, const source *s, uint32_t article, uint32_t end,
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

static nsearch_status add_articles(merge *m, const source *s)
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

/* ---- terms */

static int compare_keys(const ns_dictionary_walk *a, const ns_dictionary_walk *b)
{
    int order = memcmp(a->key, b->key, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static nsearch_status add_list(merge *m, const source *s)
{
    ns_cursor *c;
    ns_arena_reset(&m->arena);
    if (!s->removed_before)
        return ns_postings_add_list(&m->postings, s->segment, &s->walk.list, s->docid_base, &m->arena, m->err);
    nsearch_status status = ns_postings_cursor(s->segment, &s->walk.list, 0, &m->arena, &c, m->err);
    if (status)
        return status;
    for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
        const uint32_t *positions = NULL;
        if (ns_removed_has(s->removed, d))
            continue;
        uint32_t docid = new_docid(s, d), tf = ns_cursor_freq(c);
        size_t count = c->ops->positions(c, &positions);
        if (c->damaged)
            break;
        ns_postings_add(&m->postings, docid, ns_starts_first(m->columns.starts, docid), tf, positions, count);
    }
    return c->damaged ? ns_segment_damaged(s->segment, NS_SECTION_POSTINGS, m->err) : NSEARCH_OK;
}

static nsearch_status step(merge *m, source *s, bool has_term)
{
    s->at_end = !has_term;
    return s->walk.damaged ? ns_segment_damaged(s->segment, NS_SECTION_DICTIONARY, m->err) : NSEARCH_OK;
}

static nsearch_status add_terms(merge *m)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < m->count && !status; i++)
        status =
            step(m, &m->sources[i], ns_dictionary_seek(&m->sources[i].walk, m->sources[i].segment, "", 0));
    for (size_t terms = 1; !status; terms++) {
        source *least = NULL;
        if (terms % TERMS_HELD == 0)
            let_go(m);
        for (size_t i = 0; i < m->count; i++)
            if (!m->sources[i].at_end && (!least || compare_keys(&m->sources[i].walk, &least->walk) < 0))
                least = &m->sources[i];
        if (!least)
            break;
        ns_dictionary_walk term = least->walk; /* keeps the key while its sources go on */
        for (size_t i = (size_t)(least - m->sources); i < m->count && !status; i++) {
            source *s = &m->sources[i];
            if (s->at_end || compare_keys(&s->walk, &term) != 0)
                continue;
            status = add_list(m, s);
            if (ns_named_kind(term.key[0]) && s->named < s->name_count)
                s->numbers[s->named++] = m->name_count;
            if (!status)
                status = step(m, s, ns_dictionary_next(&s->walk));
        }
        ns_list list;
        if (!status)
            status = ns_postings_finish(&m->postings, &list, m->err);
        m->name_count += !status && list.df && ns_named_kind(term.key[0]);
        if (!status && list.df)
            status = ns_terms_add(&m->terms, term.key, term.length, &list, m->lists.data, m->positions.data, m->err);
        ns_buffer_clear(&m->lists);
        ns_buffer_clear(&m->positions);
    }
    return status;
}

/* ---- names, by their new numbers */

static nsearch_status add_names(merge *m, const source *s)
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

static nsearch_status write_segment(merge *m, ns_manifest_file *file)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < m->count && !status; i++)
        status = add_articles(m, &m->sources[i]);
    if (status)
        return status;
    if ((status = add_terms(m)))
        return status;
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
        .terms = m->terms.dictionary.count,
        .postings = m->terms.postings,
        .total_length = m->columns.total_length,
        .text_bytes = m->columns.text_bytes,
    };
    return ns_segment_finish(&m->out, &counts, file);
}

nsearch_status ns_merge_parts(const ns_native_part *parts, size_t count, int dirfd, const char *name,
                              uint64_t id, ns_manifest_file *file, nsearch_error *err)
{
    merge m = {.count = count, .err = err};
    uint32_t docid_base = 0;
    nsearch_status status = ns_segment_create(dirfd, name, id, &m.out, err);
    ns_postings_writer_init(&m.postings, &m.lists, &m.positions);
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
        status = write_segment(&m, file);
    ns_segment_abort(&m.out);
    ns_buffer_release(&m.lists);
    ns_buffer_release(&m.positions);
    ns_postings_writer_release(&m.postings);
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
