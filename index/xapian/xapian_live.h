/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_live.h - which docids live, and where articles begin: two bitmaps that a reader holds in memory.
 *
 * File: "NSXLIVE1", u32 end of docids, u32 zero, then (end + 7) / 8 bytes of 'gone' and as many of 'heads'. Bit i of
 * 'gone' is set for a docid that was removed or never used.
 */
#ifndef NS_INDEX_XAPIAN_LIVE_H
#define NS_INDEX_XAPIAN_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buffer.h"
#include "src/base/error.h"

typedef struct ns_xapian_live {
    uint8_t *gone, *heads;
    uint32_t end;
    size_t capacity; /* bytes of each */
} ns_xapian_live;

void ns_xapian_live_init(ns_xapian_live *live);
void ns_xapian_live_release(ns_xapian_live *live);
nsearch_status ns_xapian_live_copy(const ns_xapian_live *from, ns_xapian_live *to, nsearch_error *err);
/* Appends an article of 'passages' passages. */
nsearch_status ns_xapian_live_append(ns_xapian_live *live, uint32_t passages, nsearch_error *err);
void ns_xapian_live_remove(ns_xapian_live *live, uint32_t docid, uint32_t count);
/* Out of range is gone. */
bool ns_xapian_live_is_gone(const ns_xapian_live *live, uint32_t docid);
/* First docid of the article that holds 'docid', which is below 'end'. */
uint32_t ns_xapian_live_article(const ns_xapian_live *live, uint32_t docid);
/* The first gone docid from 'docid' on; UINT32_MAX when there is none. */
uint32_t ns_xapian_live_next_gone(const ns_xapian_live *live, uint32_t docid);
/* Live docids in [begin, end). */
uint32_t ns_xapian_live_count(const ns_xapian_live *live, uint32_t begin, uint32_t end);

void ns_xapian_live_encode(const ns_xapian_live *live, ns_buffer *out);
nsearch_status ns_xapian_live_decode(const uint8_t *bytes, size_t n, ns_xapian_live *live, nsearch_error *err);

#endif
