/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge.h - makes one segment of neighbours, without what is removed from them. Only neighbours are merged,
 * so that docid order stays the order of adding.
 */
#ifndef NS_NATIVE_MERGE_H
#define NS_NATIVE_MERGE_H

#include "index/native/parts.h"

/* Merges parts[0 .. count) into a new file, synced, with the help of threads. At least one passage must be live. */
nsearch_status ns_merge_parts(const ns_native_part *parts, size_t count, int threads, int dirfd, const char *name,
                              uint64_t id, ns_manifest_file *file, nsearch_error *err);

/* Segments of one tier that are merged; tests replace it to keep many. */
extern unsigned ns_merge_width;

/* Which neighbours to merge next: [*from, *to); false when none. Keeps the number of segments logarithmic and
 * rewrites those of which more than a fifth is removed. */
bool ns_merge_choose(const ns_native_parts *parts, size_t *from, size_t *to);

#endif
