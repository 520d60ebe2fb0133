/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * terms_write.h - the terms of a segment in the making, one after the other: their lists, positions and places
 * in the dictionary. Used by flush and merge.
 */
#ifndef NS_NATIVE_TERMS_WRITE_H
#define NS_NATIVE_TERMS_WRITE_H

#include "index/native/dictionary.h"
#include "index/native/postings.h"
#include "index/native/segment.h"
#include "index/native/spool.h"

typedef struct ns_terms_writer {
    ns_segment_writer *out;
    ns_spool positions;
    ns_dictionary_writer dictionary;
    uint64_t lists_size, postings; /* bytes and entries so far */
} ns_terms_writer;

/* 'name' is that of the segment; begins its section 'postings'. */
void ns_terms_writer_init(ns_terms_writer *w, int dirfd, const char *name, ns_segment_writer *out);
void ns_terms_writer_release(ns_terms_writer *w);
/* The next term by bytes. The list's offsets count from 'lists' and 'positions', where its bytes are. */
nsearch_status ns_terms_add(ns_terms_writer *w, const void *key, size_t n, const ns_list *list, const uint8_t *lists,
                            const uint8_t *positions, nsearch_error *err);
/* Ends the sections of the terms; failures are in the segment writer. */
void ns_terms_finish(ns_terms_writer *w);

#endif
