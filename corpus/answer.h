/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * answer.h - what a confined process says of the file in its hand, as bytes. Whoever decodes it takes the bytes for
 * hostile: what comes out is what any reader of this process could have given, or nothing.
 *
 *     u32 size of what follows | u8 ns_read | u8 open | u8 unreadable | u64 bytes | string where
 *     ARTICLE:          strings in the order of ns_article_strings | u32 count, each: string | u32 count, each: u32
 *                       before, string reason, string text
 *     SKIPPED, FAILED:  u32 status | string reason
 *     string: u32 length | bytes, UTF-8 but in reasons | NUL
 */
#ifndef NS_CORPUS_ANSWER_H
#define NS_CORPUS_ANSWER_H

#include "corpus/content.h"

#define NS_ANSWER_HEAD 4
#define NS_ANSWER_MAX ((uint32_t)128 << 20) /* NS_TEXT_LIMIT may be 48 MB in UTF-8, or as many lines of one letter */

typedef struct ns_answer {
    ns_read read;
    ns_content_news news;
    ns_article article;    /* of ARTICLE */
    nsearch_status status; /* of SKIPPED and FAILED */
    const char *reason;
} ns_answer;

void ns_answer_add(ns_buffer *to, const ns_answer *answer);
/* The bytes behind the size. Strings stay in them, lists come from the arena; the origin is "". DAMAGED, NO_MEMORY. */
nsearch_status ns_answer_decode(const uint8_t *bytes, size_t n, ns_arena *arena, ns_answer *answer);

#endif
