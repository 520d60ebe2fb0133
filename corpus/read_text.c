/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_text.c - the plain text reader: one file, one article, in any charset.
 */
#include <string.h>

#include "corpus/charset.h"
#include "corpus/format.h"

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    if (!ns_looks_like_text(bytes, n) || (n >= 5 && !memcmp(bytes, "%PDF-", 5)))
        return 0;
    return ns_path_has_extension(path, ".txt") ? 20 : 10;
}

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    if (item->finished)
        return NS_READ_END;
    item->finished = true;
    ns_buffer_clear(&item->scratch);
    ns_buffer_clear(&item->text);
    bool more = ns_input_all(&item->input, NS_TEXT_LIMIT, &item->scratch);
    const char *declared = *item->known.charset ? item->known.charset : NULL;
    ns_clean_bytes(item->scratch.data, item->scratch.size, declared, &item->text);
    if (item->scratch.failed || item->text.failed) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    article->id = ns_arena_string(arena, item->id);
    if (!article->id) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (ns_article_from_text(arena, (const char *)item->text.data, item->text.size, article, err))
        return NS_READ_FAILED;
    if (!article->paragraph_count && !*article->title) {
        ns_error_set(err, NSEARCH_SKIPPED, "nothing to index: no text in '%s'", item->path);
        return NS_READ_SKIPPED;
    }
    if (more && ns_article_note_limit(arena, article)) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    return NS_READ_ARTICLE;
}

const ns_format ns_format_text = { "text", bid, next, NULL, NULL };
