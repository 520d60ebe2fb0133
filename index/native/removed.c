/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * removed.c - marks, writes and reads removed passages.
 */
#include "index/native/removed.h"

#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/whole_file.h"
#include "src/base/bytes.h"

size_t ns_removed_size(uint32_t passages)
{
    return ((size_t)passages + 63) / 64 * 8;
}

void ns_removed_release(ns_removed *r)
{
    free(r->bits);
    memset(r, 0, sizeof *r);
}

nsearch_status ns_removed_add(ns_removed *r, const ns_segment *s, uint32_t docid, nsearch_error *err)
{
    uint32_t first = ns_columns_first(s, docid), end = ns_columns_end(s, docid);
    const uint8_t *lengths = ns_columns_lengths(s);
    ns_article_facts facts;
    if (ns_removed_has(r, first))
        return NSEARCH_OK;
    if (!lengths)
        return ns_segment_damaged(s, NS_SECTION_LENGTHS, err);
    if (!ns_columns_facts(s, ns_columns_article(s, docid), &facts))
        return ns_segment_damaged(s, NS_SECTION_ARTICLES, err);
    if (!r->bits && !(r->bits = calloc(1, ns_removed_size(s->counts.passages))))
        return ns_error_memory(err);
    for (uint32_t d = first; d < end; d++) {
        r->bits[d / 8] |= (uint8_t)(1u << (d % 8));
        r->total_length += ns_columns_length_at(lengths, d);
    }
    r->passages += end - first;
    r->articles++;
    r->texts += !ns_group_is_copy(facts.group);
    r->text_bytes += facts.text_bytes;
    return NSEARCH_OK;
}

nsearch_status ns_removed_write(const ns_removed *r, const ns_segment *s, int dirfd, const char *name,
                                ns_manifest_file *file, nsearch_error *err)
{
    memset(file, 0, sizeof *file);
    memcpy(file->role, "removed", sizeof "removed");
    file->numbers[0] = r->passages;
    file->numbers[1] = r->articles;
    file->numbers[2] = r->total_length;
    file->numbers[3] = r->text_bytes;
    file->numbers[4] = r->texts;
    return ns_whole_file_write(dirfd, name, s->id, r->bits, ns_removed_size(s->counts.passages), file, err);
}

/* As many as stated, whole articles only, none past the end. */
static bool is_sound(const uint8_t *bits, const ns_segment *s, uint32_t passages)
{
    const uint8_t *starts =
        s->base + s->sections[NS_SECTION_STARTS].offset; /* checked when the segment was opened */
    uint32_t words = (uint32_t)(ns_removed_size(s->counts.passages) / 8), tail = s->counts.passages % 64,
             count = 0;
    uint64_t before = 0; /* the last bit of the word before */
    for (uint32_t i = 0; i < words; i++) {
        uint64_t own = ns_get_u64(bits + (size_t)i * 8), inside = ~ns_get_u64(starts + (size_t)i * 8);
        uint64_t valid = i + 1 == words && tail ? (UINT64_C(1) << tail) - 1 : UINT64_MAX;
        if ((own & ~valid) || ((own ^ (own << 1 | before)) & inside & valid))
            return false;
        before = own >> 63;
        count += (uint32_t)__builtin_popcountll(own);
    }
    return count == passages;
}

nsearch_status ns_removed_read(ns_removed *r, const ns_segment *s, int dirfd, const ns_manifest_file *file,
                               nsearch_error *err)
{
    uint8_t *bits;
    if (file->size != ns_removed_size(s->counts.passages) || file->numbers[0] > s->counts.passages ||
        file->numbers[1] > s->counts.articles || file->numbers[2] > s->counts.total_length ||
        file->numbers[3] > s->counts.text_bytes || file->numbers[4] > s->counts.texts)
        return ns_error_set(err, NSEARCH_DAMAGED, "'%s' does not fit '%s'", file->name, s->name);
    nsearch_status status = ns_whole_file_read(dirfd, file, &bits, err);
    if (status)
        return status;
    if (!is_sound(bits, s, (uint32_t)file->numbers[0])) {
        free(bits);
        return ns_error_set(err, NSEARCH_DAMAGED, "bad data in '%s'", file->name);
    }
    *r = (ns_removed){.bits = bits, .passages = (uint32_t)file->numbers[0], .articles = (uint32_t)file->numbers[1],
                      .texts = (uint32_t)file->numbers[4], .total_length = file->numbers[2],
                      .text_bytes = file->numbers[3]};
    return NSEARCH_OK;
}
