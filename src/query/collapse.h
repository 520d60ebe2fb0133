/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * collapse.h - copies of one story under one head. Articles are taken in their order: one of the same group as a head
 * before it goes under that head, any other becomes a head.
 */
#ifndef NS_QUERY_COLLAPSE_H
#define NS_QUERY_COLLAPSE_H

#include "src/query/rescore.h"

typedef struct ns_group_member {
    size_t article; /* index in the ranking */
    size_t head;    /* index in the ranking of its head; its own index: it is one */
} ns_group_member;

/* 'members' has room for 'count'; heads after the first 'limit' get no copies and are left out. Returns how many members
 * were written. */
size_t ns_collapse(const ns_scored_article *articles, size_t count, size_t limit, ns_group_member *members);

#endif
