/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stored.h - an article as the index keeps it, and back: everything needed to show it, to
 * inspect it and to index it anew.
 *
 *     u8 version | string x 17 | paragraphs: n, string x n | dropped: n, (string text, string reason,
 *     varint before) x n | passages: n, (varint begin, varint end) x n
 *
 * n are varints, a string is varint length and its bytes; order and names in doc/analysis.md.
 */
#ifndef NS_TEXT_STORED_H
#define NS_TEXT_STORED_H

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/base/buffer.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

typedef struct ns_stored {
    ns_article article;
    const char *body;        /* the paragraphs joined by one newline; passages are bytes of it */
    size_t body_length;
    struct { uint32_t begin, end; } *passages;
    uint32_t passage_count;
} ns_stored;

/* Appends the encoded article. */
void ns_stored_encode(ns_buffer *out, const ns_article *article, const ns_passage *passages,
                      uint32_t passage_count);
/* Decodes hostile bytes safely; all memory from 'arena'. DAMAGED. */
nsearch_status ns_stored_decode(const uint8_t *bytes, size_t n, ns_arena *arena, ns_stored *out,
                                nsearch_error *err);

#endif
