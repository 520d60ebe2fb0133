/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * spool.h - bytes of a section that are made while another one is being written: kept in memory up to a
 * limit, then in a temporary file without a name.
 */
#ifndef NS_NATIVE_SPOOL_H
#define NS_NATIVE_SPOOL_H

#include "index/native/segment.h"

#define NS_SPOOL_MEMORY (2u << 20)

typedef struct ns_spool {
    int dirfd, fd; /* fd -1: nothing on disk */
    char name[32];
    uint64_t on_disk;
    ns_buffer memory;
    nsearch_status status; /* the first failure */
    nsearch_error error;
} ns_spool;

/* dirfd -1: all of it stays in memory. */
void ns_spool_init(ns_spool *s, int dirfd, const char *name);
void ns_spool_put(ns_spool *s, const void *bytes, size_t n);
uint64_t ns_spool_size(const ns_spool *s);
/* Copies all to the segment being written. */
void ns_spool_copy(ns_spool *s, ns_segment_writer *w);
void ns_spool_release(ns_spool *s);

#endif
