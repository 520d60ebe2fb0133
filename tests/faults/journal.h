/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * journal.h - a file system for tests that remembers what was written, synced, created, renamed and removed under one
 * folder, and can then build what a disk may hold after the power failed anywhere in between. What was synced is
 * there; of what was not, any part may be: each write whole, in half or not at all, each change of a directory or not.
 */
#ifndef NS_TESTS_JOURNAL_H
#define NS_TESTS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/random.h"

typedef struct journal journal;

/* Takes what is under 'root' as synced, and puts the recording table in force. One journal at a time. */
journal *journal_begin(const char *root);
/* A mark of the caller's among the entries. */
void journal_mark(journal *j, int value);
/* Puts the system's table back. */
void journal_end(journal *j);
void journal_free(journal *j);

size_t journal_length(const journal *j); /* entries */
/* Syncs there are, and the entry of one. Whether what it synced is, when the next mark comes, still in a folder:
 * files that were given up before do not need their sync. */
size_t journal_sync_count(const journal *j);
bool journal_sync_matters(const journal *j, size_t sync, size_t *entry);

/* A walk along the entries, with the state of the disk at each. */
typedef struct disk disk;
/* 'without': an entry (a sync) that is left out, or SIZE_MAX. */
disk *disk_new(const journal *j, size_t without);
void disk_free(disk *d);
/* The next entry is done; false after the last. *mark is set when it was one. */
bool disk_step(disk *d, int *mark);
/* What may be lost now: the number of things that were done and not synced. */
size_t disk_pending(const disk *d);

typedef enum disk_loss {
    DISK_NOTHING, /* all is kept */
    DISK_ALL,     /* all is lost */
    DISK_ONE,     /* of the pending things, the one named is lost */
    DISK_BUT_ONE, /* all but the one named are lost */
    DISK_TORN,    /* of the one named, half is written */
    DISK_RANDOM
} disk_loss;
/* Decides what is lost; returns a number that is the same for the same state of the disk. */
uint64_t disk_lose(disk *d, disk_loss loss, size_t which, test_random *r);
/* Writes that state into the existing empty folder. */
void disk_build(const disk *d, const char *to);

#endif
