/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge_terms.h - the lists of several segments as those of one. The terms are cut into pieces of the alphabet; threads
 * join the lists of different pieces, and the pieces are written in order.
 */
#ifndef NS_NATIVE_MERGE_TERMS_H
#define NS_NATIVE_MERGE_TERMS_H

#include "index/native/removed.h"
#include "index/native/terms_write.h"

typedef struct ns_merge_source {
    const ns_segment *segment;
    const ns_removed *removed;
    uint32_t *removed_before; /* for each 64 passages; NULL when none is removed */
    uint32_t docid_base;      /* in the new segment */
    const uint8_t *lengths;
    uint32_t *numbers; /* of its names in the new segment (named.h): filled in here */
    uint32_t named, name_count; /* how many of them were met; in all */
} ns_merge_source;

/* 'starts': where articles begin in the new segment, 'copies': which of them are copies (columns.h). */
nsearch_status ns_merge_terms(ns_merge_source *sources, size_t count, const uint8_t *starts, const uint8_t *copies,
                              int threads, ns_terms_writer *terms, nsearch_error *err);

#endif
