/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * impacts.c - keeps the few (tf, len) pairs that no other pair beats.
 */
#include "index/native/impacts.h"

#include <string.h>

#include "src/base/bytes.h"

/* Joins the two neighbours that lose least: the new pair has the tf of the first and the len of the second.
 */
static void join(ns_impact_set *set)
{
    uint32_t best = 0;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i + 1 < set->count; i++) {
        const ns_impact *a = &set->pairs[i], *b = a + 1;
        uint64_t loss = (uint64_t)(a->tf - b->tf) * 1024 / (b->tf + 1) +
                        (uint64_t)(a->len - b->len) * 1024 / (b->len + 1);
        if (loss < least)
            least = loss, best = i;
    }
    set->pairs[best].len = set->pairs[best + 1].len;
    memmove(&set->pairs[best + 1], &set->pairs[best + 2], (set->count - best - 2) * sizeof *set->pairs);
    set->count--;
}

void ns_impacts_add(ns_impact_set *set, uint32_t tf, uint32_t len, uint32_t capacity)
{
    uint32_t at = 0;
    while (at < set->count && set->pairs[at].tf >= tf) {
        if (set->pairs[at].len <= len)
            return;
        at++;
    }
    /* Pairs from 'at' on have a smaller tf: those with no smaller len are beaten. */
    uint32_t from = at;
    if (from > 0 && set->pairs[from - 1].tf == tf)
        from = --at;
    while (from < set->count && set->pairs[from].len >= len)
        from++;
    if (from == at) {
        if (set->count == NS_IMPACTS_MAX) {
            join(set);
            ns_impacts_add(set, tf, len, capacity);
            return;
        }
        memmove(&set->pairs[at + 1], &set->pairs[at], (set->count - at) * sizeof *set->pairs);
        set->count++;
    } else {
        memmove(&set->pairs[at + 1], &set->pairs[from], (set->count - from) * sizeof *set->pairs);
        set->count -= from - at - 1;
    }
    set->pairs[at] = (ns_impact){tf, len};
    while (set->count > capacity)
        join(set);
}

void ns_impacts_put(ns_buffer *out, const ns_impact_set *set)
{
    ns_buffer_add_byte(out, (uint8_t)set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        ns_buffer_add_varint(out, set->pairs[i].tf);
        ns_buffer_add_varint(out, set->pairs[i].len);
    }
}

const uint8_t *ns_impacts_get(const uint8_t *p, const uint8_t *end, ns_impact *pairs, size_t capacity,
                              uint32_t *count)
{
    uint32_t n, used = 0;
    if (p >= end || (n = *p++) == 0 || n > NS_IMPACTS_MAX || !capacity)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        ns_impact pair;
        if (!(p = ns_get_varint32(p, end, &pair.tf)) || !(p = ns_get_varint32(p, end, &pair.len)))
            return NULL;
        if (used < capacity)
            pairs[used++] = pair;
        else if (pair.len < pairs[used - 1].len)
            pairs[used - 1].len = pair.len; /* tf descends, so the earlier tf bounds both */
    }
    *count = used;
    return p;
}
