/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_program.h - the processes that Xapian starts for a shard behind a program. It waits for the end of one when it closes
 * the shard, however long that takes, and forgets one when opening fails. So 'setsid --fork' starts the program: what Xapian waits for has
 * ended at once; the program itself ends when its input does.
 */
#ifndef NS_INDEX_XAPIAN_PROGRAM_H
#define NS_INDEX_XAPIAN_PROGRAM_H

#ifdef __cplusplus
extern "C" {
#endif

#include <sys/types.h>

#define NS_XAPIAN_STARTER "setsid"
#define NS_XAPIAN_STARTER_ARGUMENTS "--fork "
#define NS_XAPIAN_CHILDREN 64

/* Processes that this thread started and that nobody has waited for. */
typedef struct ns_xapian_children {
    pid_t list[NS_XAPIAN_CHILDREN];
    int count; /* -1: more, or not known */
} ns_xapian_children;
void ns_xapian_children_note(ns_xapian_children *children);
/* Waits for those that were not there before and have ended. */
void ns_xapian_children_reap(const ns_xapian_children *before);

#ifdef __cplusplus
}
#endif
#endif
