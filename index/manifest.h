/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * manifest.h - the one file that says what an index is: engine, generation, and the files that make it up. It is
 * replaced atomically (doc/format.md, section 2), so a reader sees the old state or the new.
 *
 * Text, one line a record, fields parted by a tab, last line the CRC32C of all before it:
 *
 *     nsearch-index 2            magic and format version
 *     engine native
 *     generation 7
 *     counter 12                 the next unused number for a file name
 *     file seg-000011 <role> <id hex> <size> <crc hex> <a> <b> <c> <d> <e>
 *     ...
 *     sum 1a2b3c4d
 *
 * role and the five numbers are the engine's.
 */
#ifndef NS_INDEX_MANIFEST_H
#define NS_INDEX_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/error.h"

#define NS_MANIFEST_NAME "MANIFEST"
#define NS_LOCK_NAME "LOCK"
#define NS_MANIFEST_FILES_MAX 4096
#define NS_MANIFEST_NUMBERS 5
#define NS_MANIFEST_BYTES_MAX (1u << 20)

typedef struct ns_manifest_file {
    char name[32];    /* [a-z0-9.-]+, no slash, not "." or ".." */
    char role[16];    /* "segment", "removed", "names", "database" */
    uint64_t id;      /* seeds the sums of the file */
    uint64_t size;    /* bytes */
    uint32_t sum;     /* CRC32C of the file's own table of sums, or of the whole file */
    uint64_t numbers[NS_MANIFEST_NUMBERS];
} ns_manifest_file;

typedef struct ns_manifest {
    char engine[16];
    uint64_t generation;
    uint64_t counter;
    ns_manifest_file *files; /* heap */
    size_t file_count, file_capacity;
} ns_manifest;

void ns_manifest_init(ns_manifest *m);
void ns_manifest_release(ns_manifest *m);
nsearch_status ns_manifest_copy(const ns_manifest *from, ns_manifest *to, nsearch_error *err);
nsearch_status ns_manifest_add(ns_manifest *m, const ns_manifest_file *file, nsearch_error *err);
/* Whether a file of this name is in it; of NULL none is. */
bool ns_manifest_names(const ns_manifest *m, const char *name);
/* Reads and checks MANIFEST in the open directory. NOT_FOUND, DAMAGED (there is none, but segments are, too), UNSUPPORTED (a
 * newer version), IO. */
nsearch_status ns_manifest_read(int dirfd, ns_manifest *m, nsearch_error *err);
/* What can be read of a damaged one: lines that may have named a file and do no more are left out and counted, the
 * sum is not looked at. Each file must then prove itself. NOT_FOUND, IO, NO_MEMORY; DAMAGED when there is nothing left. */
nsearch_status ns_manifest_read_damaged(int dirfd, ns_manifest *m, size_t *bad_lines, nsearch_error *err);
/* Writes MANIFEST.tmp, syncs it, renames it over MANIFEST, syncs the directory. */
nsearch_status ns_manifest_write(int dirfd, const ns_manifest *m, nsearch_error *err);
/* Takes the writer's lock (an open-file-description lock on LOCK, which is never removed and so never stale). *fd
 * is to be closed to let go. LOCKED names the process that holds it. */
nsearch_status ns_manifest_lock(int dirfd, const char *dir, int *fd, nsearch_error *err);

#endif
