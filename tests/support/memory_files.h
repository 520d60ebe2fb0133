/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * memory_files.h - files that the engines read from memory instead of the disk, so that their bytes can be changed at will.
 */
#ifndef TESTS_SUPPORT_MEMORY_FILES_H
#define TESTS_SUPPORT_MEMORY_FILES_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_FILES_MAX 32

typedef struct memory_file {
    char name[32];       /* in whatever directory */
    uint8_t *bytes;      /* the test's */
    size_t size, shown;  /* shown: after a cut */
} memory_file;

extern memory_file memory_files[MEMORY_FILES_MAX];
extern int memory_file_count;

/* From now on ns_fs_current opens these, and all else on the disk; nothing is synced. A map is a copy of exactly the size
 * asked for, so that a reader past its end is caught by the sanitizer. */
void memory_files_serve(void);

#endif
