/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stories.h - the groups of copies of one snapshot: who is in them, and which day a copy lends to another (doc/copies.md).
 * Made at the first search, then never changed; shared by threads.
 */
#ifndef NS_QUERY_STORIES_H
#define NS_QUERY_STORIES_H

#include "index/backend.h"

typedef struct ns_stories ns_stories;

typedef struct ns_story_member {
    uint64_t group;     /* analysed.h */
    uint32_t article;   /* docid */
    uint32_t passage_count;
    int32_t day;        /* its own */
    int32_t day_used;   /* or that of a copy, if that is the one that counts */
} ns_story_member;

/* NULL: out of memory. */
ns_stories *ns_stories_new(void);
void ns_stories_free(ns_stories *s);
/* Makes them if this was not done yet, and tells the snapshot the days of copies. */
nsearch_status ns_stories_make(ns_stories *s, ns_snapshot *snapshot, nsearch_error *err);
/* The members of an article's group, the one published first in front, unknown days last, of one day those that say so themselves
 * before those it was lent to; 0: it stands alone. */
size_t ns_stories_members(const ns_stories *s, uint64_t group, const ns_story_member **members);

#endif
