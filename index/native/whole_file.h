/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * whole_file.h - small files of an index that are read and written whole, with one checksum in the manifest:
 * the bitmaps of removed passages and the user's names (doc/format.md, section 9).
 */
#ifndef NS_NATIVE_WHOLE_FILE_H
#define NS_NATIVE_WHOLE_FILE_H

#include "index/manifest.h"

/* Creates, writes and syncs; fills name, id, size and sum of 'file'. After a failure the file is gone. */
nsearch_status ns_whole_file_write(int dirfd, const char *name, uint64_t id, const void *bytes, size_t n,
                                   ns_manifest_file *file, nsearch_error *err);
/* Reads the file that the manifest names, with a NUL after its end; the caller frees. */
nsearch_status ns_whole_file_read(int dirfd, const ns_manifest_file *file, uint8_t **bytes,
                                  nsearch_error *err);

#endif
