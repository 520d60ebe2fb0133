/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * parts.h - the opened files of one state of an index: segments in docid order, each with what is removed
 * from it. A snapshot holds those of a commit; a store those that its next commit will name.
 */
#ifndef NS_NATIVE_PARTS_H
#define NS_NATIVE_PARTS_H

#include "index/backend.h"
#include "index/native/dictionary.h"
#include "index/native/removed.h"
#include "index/native/segment.h"

typedef struct ns_native_part {
    ns_segment *segment;
    ns_manifest_file file;
    ns_removed removed;
    ns_manifest_file removed_file; /* no name: none written */
    bool removed_changed;          /* since removed_file */
    bool committed;                /* some manifest names the segment */
    uint32_t docid_base;
} ns_native_part;

typedef struct ns_native_parts {
    ns_native_part *list;
    size_t count, capacity;
} ns_native_parts;

void ns_parts_release(ns_native_parts *parts);
/* Opens what the manifest names. NOT_FOUND: a file is gone, so a newer manifest may stand. */
nsearch_status ns_parts_open(int dirfd, const ns_manifest *manifest, ns_native_parts *parts,
                             nsearch_error *err);
nsearch_status ns_parts_open_segment(int dirfd, const ns_manifest_file *file, ns_segment **segment,
                                     nsearch_error *err);
/* Puts a part in at 'at'. */
nsearch_status ns_parts_insert(ns_native_parts *parts, size_t at, const ns_native_part *part,
                               nsearch_error *err);
/* Closes and takes out parts [from, to). */
void ns_parts_drop(ns_native_parts *parts, size_t from, size_t to);
/* Gives each part its first docid. INVALID when there are too many passages. */
nsearch_status ns_parts_number(ns_native_parts *parts, nsearch_error *err);
static inline uint32_t ns_part_live(const ns_native_part *part)
{
    return part->segment->counts.passages - part->removed.passages;
}

/* The dictionary key of an article's id; returns its length. */
size_t ns_id_key(const char *id, char key[NS_TERM_MAX]);
/* The live article with this id key in a part, by its first docid in the segment. */
nsearch_status ns_part_find_article(const ns_native_part *part, const void *key, size_t n, bool *found,
                                    uint32_t *docid, nsearch_error *err);

#endif
