/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * texts_read.c - inflates stored articles; never more than the block says, nor more than zlib can make of its
 * bytes.
 */
#include <string.h>
#include <libdeflate.h>

#include "index/native/texts.h"
#include "src/base/bytes.h"

enum { LARGEST_RATIO = 1032 }; /* of the method */

uint32_t ns_texts_block_count(const ns_segment *s)
{
    return (uint32_t)(s->sections[NS_SECTION_TEXT_INDEX].size / NS_TEXT_BLOCK_RECORD);
}

bool ns_texts_block(const ns_segment *s, uint32_t number, ns_text_block *block)
{
    const uint8_t *p = ns_segment_at(s, NS_SECTION_TEXT_INDEX, (uint64_t)number * NS_TEXT_BLOCK_RECORD,
                                     NS_TEXT_BLOCK_RECORD);
    if (!p)
        return false;
    block->size = ns_get_u32(p + 8);
    block->inflated = ns_get_u32(p + 12);
    block->stream = ns_segment_at(s, NS_SECTION_TEXTS, ns_get_u64(p), block->size);
    return block->stream && block->inflated / LARGEST_RATIO <= block->size;
}

nsearch_status ns_texts_inflate(const ns_segment *s, const ns_text_block *block, uint32_t n, ns_arena *arena,
                                const uint8_t **bytes, nsearch_error *err)
{
    uint8_t *out = ns_arena_take(arena, block->inflated ? block->inflated : 1);
    struct libdeflate_decompressor *d = out ? libdeflate_alloc_decompressor() : NULL;
    if (!d)
        return ns_error_memory(err);
    /* It inflates all or nothing; blocks are short, and a long article has one of its own. */
    enum libdeflate_result result =
        libdeflate_zlib_decompress(d, block->stream, block->size, out, block->inflated, NULL);
    libdeflate_free_decompressor(d);
    if (result != LIBDEFLATE_SUCCESS || n > block->inflated)
        return ns_segment_damaged(s, NS_SECTION_TEXTS, err);
    *bytes = out;
    return NSEARCH_OK;
}

bool ns_texts_place(const ns_segment *s, uint32_t article, ns_article_facts *facts, ns_text_block *block,
                    uint32_t *end)
{
    ns_article_facts next;
    if (!ns_columns_facts(s, article, facts) || !ns_texts_block(s, facts->text_block, block))
        return false;
    *end = block->inflated;
    if (article + 1 < s->counts.articles) {
        if (!ns_columns_facts(s, article + 1, &next))
            return false;
        if (next.text_block == facts->text_block)
            *end = next.text_offset;
    }
    return facts->text_offset <= *end && *end <= block->inflated;
}
