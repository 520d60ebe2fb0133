/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * files.h - the directory of an index: making it, the names of its files, and removing those that no manifest
 * needs.
 */
#ifndef NS_NATIVE_FILES_H
#define NS_NATIVE_FILES_H

#include <stdbool.h>

#include "index/manifest.h"

/* Opens a directory; makes it and the ones above it where they are missing. */
nsearch_status ns_files_open_directory(const char *dir, bool make, int *fd, nsearch_error *err);
/* "seg-000012" */
void ns_files_name(char name[32], const char *kind, uint64_t number);
/* Removes files of our own naming, numbered 'least' or above, that neither manifest names ('older' may be
 * NULL), and temporary ones. Failures are left for the next time. */
void ns_files_sweep(int dirfd, const ns_manifest *newer, const ns_manifest *older, uint64_t least);

#endif
