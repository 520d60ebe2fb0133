/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * known_files.h - what the index knows of the files that its articles came from, so that a file that did not change is
 * not read again. Kept beside the index and bound to one committed state: a record that is lost, damaged or
 * of another state only means that files are read again (doc/format.md, section 2).
 */
#ifndef NS_KNOWN_FILES_H
#define NS_KNOWN_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "corpus/site_lines.h"
#include "src/base/error.h"
#include "src/base/map.h"

#define NS_KNOWN_FILES_NAME "FILES"
#define NS_NO_FILE UINT32_MAX

enum {
    /* The index may hold articles of it that its last reading did not give. */
    NS_FILE_LEFTOVERS = 1,
    /* Another file gave an article with the id of one of its own, and that one is in the index. */
    NS_FILE_SHADOWED = 2,
    NS_FILE_SAVED = 3,
    /* In this run: */
    NS_FILE_READ = 4,
    NS_FILE_PASSED = 8,
    NS_FILE_TROUBLE = 16, /* something in it could not be used */
    NS_FILE_WAITS = 32    /* an entry was left out for a page that may turn out to be missing */
};

typedef struct ns_known_file {
    uint64_t key[2];         /* of its absolute path */
    uint64_t stamp;          /* of how it looked and how it was read; 0: read it again */
    uint32_t articles;       /* that it gave and the index holds */
    uint32_t skipped;        /* unusable ones */
    uint32_t before, found;  /* while it is read: articles it gave before, those of them that came again */
    uint32_t visit;          /* in this run, from 1; 0: not met */
    uint8_t flags;
} ns_known_file;

typedef struct ns_known_files {
    ns_known_file *list;
    size_t count, capacity;
    ns_map places;           /* key -> place in the list */
    ns_site_lines lines;     /* what their pages had of lines that recur over a site */
    uint64_t generation, fingerprint; /* of the index that it tells of */
    bool changed;
} ns_known_files;

void ns_known_files_init(ns_known_files *files);
void ns_known_files_release(ns_known_files *files);
/* Reads the record of the index in 'dir' if it belongs to this state, for its one writer. False: there is none. */
bool ns_known_files_load(ns_known_files *files, const char *dir, uint64_t generation, uint64_t fingerprint);
/* Writes it for this state, if that or anything in it changed. What goes wrong does no harm. */
void ns_known_files_save(ns_known_files *files, const char *dir, uint64_t generation, uint64_t fingerprint);

/* The file's place, NS_NO_FILE where it is not known. */
uint32_t ns_known_files_find(const ns_known_files *files, const char *path);
/* The same; it is put in where it is missing. NS_NO_FILE when memory is out. */
uint32_t ns_known_files_put(ns_known_files *files, const char *path);

/* A file's stamp. 'reading' tells how it would be read: options, and where ids begin in its path. */
uint64_t ns_file_stamp(const struct stat *st, uint64_t reading);
/* Whether a later change must show in the times: they are some seconds old, and not in the future. */
bool ns_file_is_settled(const struct stat *st, const struct timespec *now);

#endif
