/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * merge_choose.c - the merge policy. A segment is of tier t when it holds up to 4096 * 4^t live passages.
 * When the run of segments up to tier t at the end of the list holds four of tier t, the run becomes one
 * segment. So there are at most three a tier in such a run, and a passage is rewritten about once a tier.
 */
#include "index/native/merge.h"

enum { TIER_BASE = 4096, TIER_GROWTH = 4, TIERS = 12 };

unsigned ns_merge_width = 4;

static unsigned tier(const ns_native_part *part)
{
    unsigned t = 0;
    for (uint64_t size = TIER_BASE; ns_part_live(part) > size && t < TIERS - 1; size *= TIER_GROWTH)
        t++;
    return t;
}

static bool mostly_removed(const ns_native_part *part)
{
    return (uint64_t)part->removed.passages * 5 > part->segment->counts.passages;
}

bool ns_merge_choose(const ns_native_parts *parts, size_t *from, size_t *to)
{
    for (size_t i = 0; i < parts->count; i++)
        if (mostly_removed(&parts->list[i])) {
            *from = i;
            *to = i + 1;
            return true;
        }
    for (unsigned t = 0; t < TIERS; t++) {
        unsigned of_tier = 0;
        size_t begin = parts->count;
        for (; begin > 0 && tier(&parts->list[begin - 1]) <= t; begin--)
            of_tier += tier(&parts->list[begin - 1]) == t;
        if (of_tier >= ns_merge_width) {
            *from = begin;
            *to = parts->count;
            return true;
        }
    }
    return false;
}
