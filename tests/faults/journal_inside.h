/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * journal_inside.h - what journal.c records and disk.c replays.
 */
#ifndef NS_TESTS_JOURNAL_INSIDE_H
#define NS_TESTS_JOURNAL_INSIDE_H

#include <sys/types.h>

#include "tests/faults/journal.h"

#define NONE UINT32_MAX
#define NAME_BYTES 64

typedef enum entry_kind {
    ENTRY_NAME,     /* directory 'object' gets 'name' for the object 'other' */
    ENTRY_RENAME,   /* 'name' becomes 'to' */
    ENTRY_UNLINK,   /* 'name' goes */
    ENTRY_WRITE,    /* bytes into the file 'object' */
    ENTRY_TRUNCATE, /* to nothing */
    ENTRY_SYNC,
    ENTRY_MARK
} entry_kind;

typedef struct entry {
    entry_kind kind;
    uint32_t object, other;
    char name[NAME_BYTES], to[NAME_BYTES];
    size_t offset, size;
    uint8_t *bytes;
    int value;
} entry;

typedef struct object {
    ino_t inode; /* 0: gone */
    bool directory;
} object;

struct journal {
    entry *entries;
    size_t count, first; /* first: of those recorded; before it is what was there */
    object *objects;
    uint32_t object_count;
};

#endif
