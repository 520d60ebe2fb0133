/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * removed.h - which passages of a segment are removed: a bit for each, in u64 words (doc/format.md, section
 * 9). All passages of an article are removed together. On disk a file del-NNNNNN with the id of its segment.
 */
#ifndef NS_NATIVE_REMOVED_H
#define NS_NATIVE_REMOVED_H

#include "index/native/segment.h"

typedef struct ns_removed {
    uint8_t *bits; /* NULL: none removed */
    uint32_t passages, articles, texts;
    uint64_t total_length, text_bytes; /* of what was removed */
} ns_removed;

static inline bool ns_removed_has(const ns_removed *r, uint32_t docid)
{
    return r->bits && (r->bits[docid / 8] >> (docid % 8) & 1);
}
size_t ns_removed_size(uint32_t passages);
void ns_removed_release(ns_removed *r);
/* Removes the article that holds 'docid' of the segment; nothing when it is removed already. */
nsearch_status ns_removed_add(ns_removed *r, const ns_segment *s, uint32_t docid, nsearch_error *err);
nsearch_status ns_removed_write(const ns_removed *r, const ns_segment *s, int dirfd, const char *name,
                                ns_manifest_file *file, nsearch_error *err);
nsearch_status ns_removed_read(ns_removed *r, const ns_segment *s, int dirfd, const ns_manifest_file *file,
                               nsearch_error *err);

#endif
