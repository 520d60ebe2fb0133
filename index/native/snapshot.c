/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * snapshot.c - opens a committed state and answers about its parts and articles. Terms are in
 * snapshot_terms.c.
 */
#include "index/native/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/named.h"
#include "index/native/texts.h"
#include "index/native/whole_file.h"
#include "src/base/bytes.h"

static void count_up(ns_native_snapshot *s, const ns_manifest *manifest)
{
    ns_snapshot_stats *stats = &s->stats;
    uint64_t print = ns_hash64(manifest->engine, strlen(manifest->engine), manifest->generation);
    stats->generation = manifest->generation;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const ns_manifest_file *file = &manifest->files[i];
        uint64_t facts[] = {file->id, file->size, file->sum};
        stats->bytes_index += file->size;
        print = ns_hash64(file->name, strlen(file->name), print);
        for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
            print = ns_mix64(print ^ ns_mix64(facts[k] + k));
    }
    stats->fingerprint = print;
    stats->segments = s->parts.count;
    for (size_t i = 0; i < s->parts.count; i++) {
        const ns_native_part *part = &s->parts.list[i];
        const ns_segment_counts *counts = &part->segment->counts;
        stats->articles += counts->articles - part->removed.articles;
        stats->texts += counts->texts - part->removed.texts;
        stats->passages += ns_part_live(part);
        stats->total_length += counts->total_length - part->removed.total_length;
        stats->bytes_text += counts->text_bytes - part->removed.text_bytes;
        stats->terms += counts->terms;
        stats->postings += counts->postings;
        stats->docid_end = part->docid_base + counts->passages;
    }
}

nsearch_status ns_native_snapshot_open(int dirfd, const ns_manifest *manifest, ns_native_snapshot **snapshot,
                                       nsearch_error *err)
{
    ns_native_snapshot *s = calloc(1, sizeof *s);
    if (!s)
        return ns_error_memory(err);
    s->base.backend = &ns_native_backend;
    pthread_mutex_init(&s->lock, NULL);
    nsearch_status status = ns_parts_open(dirfd, manifest, &s->parts, err);
    for (size_t i = 0; i < manifest->file_count && !status; i++)
        if (!strcmp(manifest->files[i].role, "names") && !s->names) {
            status = ns_whole_file_read(dirfd, &manifest->files[i], &s->names, err);
            s->names_size = (size_t)manifest->files[i].size;
        }
    if (status) {
        ns_native_snapshot_close(s);
        return status;
    }
    count_up(s, manifest);
    *snapshot = s;
    return NSEARCH_OK;
}

void ns_native_snapshot_close(ns_native_snapshot *s)
{
    if (!s)
        return;
    ns_native_numbers_free(s);
    ns_parts_release(&s->parts);
    free(s->names);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static const ns_native_snapshot *native(const ns_snapshot *base)
{
    return (const ns_native_snapshot *)base;
}

nsearch_status ns_native_stats(ns_snapshot *base, ns_snapshot_stats *stats, nsearch_error *err)
{
    (void)err;
    *stats = native(base)->stats;
    return NSEARCH_OK;
}

nsearch_status ns_native_intact(ns_snapshot *base, nsearch_error *err)
{
    const ns_native_snapshot *s = native(base);
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < s->parts.count && !status; i++)
        status = ns_segment_intact(s->parts.list[i].segment, err);
    return status;
}

nsearch_status ns_native_names(ns_snapshot *base, const char **text, size_t *n, nsearch_error *err)
{
    const ns_native_snapshot *s = native(base);
    (void)err;
    *text = (const char *)s->names;
    *n = s->names_size;
    return NSEARCH_OK;
}

size_t ns_native_part_count(ns_snapshot *base)
{
    return native(base)->parts.count;
}

void ns_native_part_get(ns_snapshot *base, size_t i, ns_part *out)
{
    const ns_native_part *part = &native(base)->parts.list[i];
    const ns_segment *s = part->segment;
    out->docid_begin = part->docid_base;
    out->docid_end = part->docid_base + s->counts.passages;
    out->removed = part->removed.bits;
    out->single = s->counts.articles == s->counts.passages;
    out->starts = s->base + s->sections[NS_SECTION_STARTS].offset; /* checked when the segment was opened */
    out->lengths = NULL;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* sections begin at multiples of 8; a cursor on a scored list refuses to open when these bytes are
     * damaged */
    out->lengths = (const uint16_t *)(const void *)(s->base + s->sections[NS_SECTION_LENGTHS].offset);
#endif
}

/* The part that holds a passage; NULL when none does. */
static const ns_native_part *part_of(const ns_native_snapshot *s, uint32_t docid)
{
    size_t low = 0, high = s->parts.count;
    if (docid >= s->stats.docid_end)
        return NULL;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->parts.list[middle].docid_base <= docid)
            low = middle;
        else
            high = middle;
    }
    return &s->parts.list[low];
}

uint32_t ns_native_length(ns_snapshot *base, uint32_t docid)
{
    const ns_native_part *part = part_of(native(base), docid);
    const uint8_t *length =
        part ? ns_segment_at(part->segment, NS_SECTION_LENGTHS, (uint64_t)(docid - part->docid_base) * 2, 2)
             : NULL;
    return length ? ns_columns_length_at(length, 0) : 0;
}

uint32_t ns_native_article_of(ns_snapshot *base, uint32_t docid)
{
    const ns_native_part *part = part_of(native(base), docid);
    return part ? part->docid_base + ns_columns_first(part->segment, docid - part->docid_base) : NS_DOCID_END;
}

static nsearch_status read_columns(const ns_snapshot *base, const ns_native_part *part, uint32_t article, uint32_t first,
                                   ns_article_columns *columns, nsearch_error *err)
{
    ns_article_facts facts;
    const uint8_t *sketch = ns_columns_sketch(part->segment, article);
    if (!ns_columns_facts(part->segment, article, &facts))
        return ns_segment_damaged(part->segment, NS_SECTION_ARTICLES, err);
    if (!sketch)
        return ns_segment_damaged(part->segment, NS_SECTION_SKETCHES, err);
    columns->article = part->docid_base + first;
    columns->passage_count = ns_columns_end(part->segment, first) - first;
    const ns_day_of_copy *other = base->day_of_copy_count ? ns_day_of_copy_find(base, columns->article) : NULL;
    columns->day = facts.day;
    columns->day_used = other ? other->day : facts.day;
    columns->group = facts.group;
    columns->hash = facts.hash;
    ns_sketch_decode(sketch, &columns->sketch);
    return NSEARCH_OK;
}

static nsearch_status absent(uint32_t docid, nsearch_error *err)
{
    return ns_error_set(err, NSEARCH_NOT_FOUND, "no article at passage %u", docid);
}

nsearch_status ns_native_columns(ns_snapshot *base, uint32_t docid, ns_article_columns *columns,
                                 nsearch_error *err)
{
    const ns_native_part *part = part_of(native(base), docid);
    if (!part || ns_removed_has(&part->removed, docid - part->docid_base))
        return absent(docid, err);
    uint32_t local = docid - part->docid_base;
    return read_columns(base, part, ns_columns_article(part->segment, local), ns_columns_first(part->segment, local),
                        columns, err);
}

nsearch_status ns_native_groups(ns_snapshot *base,
                                bool (*each)(uint32_t article, uint32_t passage_count, int32_t day, uint64_t group,
                                             void *user),
                                void *user, nsearch_error *err)
{
    const ns_native_snapshot *s = native(base);
    for (size_t i = 0; i < s->parts.count; i++) {
        const ns_native_part *part = &s->parts.list[i];
        const ns_segment *segment = part->segment;
        const uint8_t *groups, *days = ns_columns_days(segment);
        nsearch_status status = ns_columns_groups(segment, &groups, err);
        if (!status && !days)
            status = ns_segment_damaged(segment, NS_SECTION_DAYS, err);
        if (status)
            return status;
        uint32_t end;
        for (uint32_t article = 0, first = 0; groups && first < segment->counts.passages; article++, first = end) {
            end = ns_columns_end(segment, first);
            if (!ns_removed_has(&part->removed, first) &&
                !each(part->docid_base + first, end - first, (int32_t)ns_get_u32(days + (size_t)article * 4),
                      ns_get_u64(groups + (size_t)article * 8), user))
                return NSEARCH_OK;
        }
    }
    return NSEARCH_OK;
}

nsearch_status ns_native_articles(ns_snapshot *base,
                                  bool (*each)(const ns_article_columns *columns, void *user), void *user,
                                  nsearch_error *err)
{
    const ns_native_snapshot *s = native(base);
    for (size_t i = 0; i < s->parts.count; i++) {
        const ns_native_part *part = &s->parts.list[i];
        uint32_t first = 0;
        for (uint32_t article = 0; article < part->segment->counts.articles; article++) {
            ns_article_columns columns;
            if (first >= part->segment->counts.passages)
                return ns_segment_damaged(part->segment, NS_SECTION_STARTS, err);
            if (!ns_removed_has(&part->removed, first)) {
                nsearch_status status = read_columns(base, part, article, first, &columns, err);
                if (status)
                    return status;
                if (!each(&columns, user))
                    return NSEARCH_OK;
            }
            first = ns_columns_end(part->segment, first);
        }
    }
    return NSEARCH_OK;
}

nsearch_status ns_native_fetch(ns_snapshot *base, uint32_t docid, ns_arena *arena, const uint8_t **bytes,
                               size_t *n, nsearch_error *err)
{
    const ns_native_part *part = part_of(native(base), docid);
    ns_article_facts facts;
    ns_text_block block;
    uint32_t end;
    if (!part || ns_removed_has(&part->removed, docid - part->docid_base))
        return absent(docid, err);
    const ns_segment *s = part->segment;
    if (!ns_texts_place(s, ns_columns_article(s, docid - part->docid_base), &facts, &block, &end))
        return ns_segment_damaged(s, NS_SECTION_TEXT_INDEX, err);
    nsearch_status status = ns_texts_inflate(s, &block, end, arena, bytes, err);
    if (!status) {
        *bytes += facts.text_offset;
        *n = end - facts.text_offset;
    }
    return status;
}
