/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_files.h - the files of an index directory: written whole, synced, summed, swept.
 */
#ifndef NS_INDEX_XAPIAN_FILES_H
#define NS_INDEX_XAPIAN_FILES_H

#include "index/manifest.h"
#include "src/base/buffer.h"

/* Writes a new file and syncs it; fills name, role, size and sum of 'file'. */
nsearch_status ns_xapian_file_write(int dirfd, const char *name, const char *role, const ns_buffer *bytes,
                                    ns_manifest_file *file, nsearch_error *err);
/* Syncs a file that Xapian wrote; fills name, role, size and sum of 'file'. */
nsearch_status ns_xapian_file_adopt(int dirfd, const char *name, const char *role, ns_manifest_file *file,
                                    nsearch_error *err);
/* Reads a whole file and checks size and sum. NOT_FOUND, DAMAGED. */
nsearch_status ns_xapian_file_read(int dirfd, const ns_manifest_file *file, ns_buffer *out, nsearch_error *err);
/* Checks size and sum of an open file, a piece at a time. */
nsearch_status ns_xapian_file_check(int fd, const ns_manifest_file *file, nsearch_error *err);
/* Removes this engine's files and directories that neither manifest names. Failures do not matter: the
 * next sweep meets them again. */
void ns_xapian_files_sweep(int at, const ns_manifest *newest, const ns_manifest *before);

#endif
