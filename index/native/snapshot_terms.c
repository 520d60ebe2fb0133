/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * snapshot_terms.c - terms of a committed state: look-up, live frequencies, walks over all parts.
 */
#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/snapshot.h"
#include "index/similar.h"
#include "src/base/bytes.h"

nsearch_status ns_native_cursor(ns_snapshot *base, size_t i, const void *key, size_t n, ns_arena *arena,
                                ns_cursor **cursor, nsearch_error *err)
{
    const ns_native_part *part = &((const ns_native_snapshot *)base)->parts.list[i];
    ns_list list;
    switch (ns_dictionary_find(part->segment, key, n, &list)) {
    case NS_FOUND:
        return ns_postings_cursor(part->segment, &list, part->docid_base, arena, cursor, err);
    case NS_ABSENT:
        *cursor = NULL;
        return NSEARCH_OK;
    case NS_BAD:
        break;
    }
    return ns_segment_damaged(part->segment, NS_SECTION_DICTIONARY, err);
}

/* Passages and texts of a list that are removed: walks the shorter of the list and the removed. */
static nsearch_status count_removed(const ns_native_part *part, const ns_list *list, ns_term_stats *gone,
                                    nsearch_error *err)
{
    const ns_segment *s = part->segment;
    uint32_t last_first = UINT32_MAX;
    const uint8_t *groups;
    ns_arena arena;
    ns_cursor *c;
    ns_arena_init(&arena);
    nsearch_status status = ns_columns_groups(s, &groups, err);
    if (!status)
        status = ns_postings_cursor(s, list, 0, &arena, &c, err);
    if (!status) {
        uint32_t words = (uint32_t)(ns_removed_size(s->counts.passages) / 8), d = c->docid;
        while (d != NS_DOCID_END) {
            if (ns_removed_has(&part->removed, d)) {
                uint32_t first = ns_columns_first(s, d);
                gone->df++;
                gone->texts += first != last_first && !ns_columns_is_copy(groups, ns_columns_article(s, d));
                last_first = first;
                d = ns_cursor_next(c);
            } else if (list->df > part->removed.passages) { /* on to the next removed passage */
                uint32_t word = d / 64;
                uint64_t bits = ns_get_u64(part->removed.bits + (size_t)word * 8) & ~UINT64_C(0) << (d % 64);
                while (!bits && ++word < words)
                    bits = ns_get_u64(part->removed.bits + (size_t)word * 8);
                d = bits ? ns_cursor_seek(c, word * 64 + (uint32_t)__builtin_ctzll(bits)) : NS_DOCID_END;
            } else
                d = ns_cursor_next(c);
        }
        if (c->damaged)
            status = ns_segment_damaged(s, NS_SECTION_POSTINGS, err);
    }
    ns_arena_release(&arena);
    return status;
}

nsearch_status ns_native_term(ns_snapshot *base, const void *key, size_t n, ns_term_stats *stats,
                              nsearch_error *err)
{
    const ns_native_snapshot *s = (const ns_native_snapshot *)base;
    ns_term_stats sum = {0, 0};
    for (size_t i = 0; i < s->parts.count; i++) {
        const ns_native_part *part = &s->parts.list[i];
        ns_term_stats gone = {0, 0};
        ns_list list;
        switch (ns_dictionary_find(part->segment, key, n, &list)) {
        case NS_ABSENT:
            continue;
        case NS_BAD:
            return ns_segment_damaged(part->segment, NS_SECTION_DICTIONARY, err);
        case NS_FOUND:
            break;
        }
        if (part->removed.passages) {
            nsearch_status status = count_removed(part, &list, &gone, err);
            if (status)
                return status;
        }
        if (gone.df > list.df || gone.texts > list.texts)
            return ns_segment_damaged(part->segment, NS_SECTION_DICTIONARY, err);
        sum.df += list.df - gone.df;
        sum.texts += list.texts - gone.texts;
    }
    *stats = sum;
    return NSEARCH_OK;
}

static int compare_keys(const ns_dictionary_walk *a, const ns_dictionary_walk *b)
{
    int order = memcmp(a->key, b->key, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static bool has_prefix(const ns_dictionary_walk *walk, const void *prefix, size_t n)
{
    return walk->length >= n && (!n || !memcmp(walk->key, prefix, n));
}

nsearch_status ns_native_walk(ns_snapshot *base, const void *prefix, size_t n,
                              bool (*each)(const char *key, size_t length, uint64_t df, void *user),
                              void *user, nsearch_error *err)
{
    const ns_native_snapshot *s = (const ns_native_snapshot *)base;
    size_t count = s->parts.count;
    struct step {
        ns_dictionary_walk walk;
        bool open, taken;
    } *steps = calloc(count ? count : 1, sizeof *steps);
    nsearch_status status = NSEARCH_OK;
    bool more = true;
    if (!steps)
        return ns_error_memory(err);
    for (size_t i = 0; i < count && !status; i++) {
        steps[i].open = ns_dictionary_seek(&steps[i].walk, s->parts.list[i].segment, prefix, n) &&
                        has_prefix(&steps[i].walk, prefix, n);
        if (steps[i].walk.damaged)
            status = ns_segment_damaged(s->parts.list[i].segment, NS_SECTION_DICTIONARY, err);
    }
    while (!status && more) {
        const struct step *least = NULL;
        uint64_t df = 0;
        for (size_t i = 0; i < count; i++)
            if (steps[i].open && (!least || compare_keys(&steps[i].walk, &least->walk) < 0))
                least = &steps[i];
        if (!least)
            break;
        for (size_t i = 0; i < count; i++) {
            steps[i].taken = steps[i].open && compare_keys(&steps[i].walk, &least->walk) == 0;
            df += steps[i].taken ? steps[i].walk.list.df : 0;
        }
        more = each((const char *)least->walk.key, least->walk.length, df, user);
        for (size_t i = 0; i < count && !status && more; i++) {
            if (!steps[i].taken)
                continue;
            steps[i].open = ns_dictionary_next(&steps[i].walk) && has_prefix(&steps[i].walk, prefix, n);
            if (steps[i].walk.damaged)
                status = ns_segment_damaged(s->parts.list[i].segment, NS_SECTION_DICTIONARY, err);
        }
    }
    free(steps);
    return status;
}

enum { STEPS_BEFORE_LEAP = 16 }; /* of a walk: a leap costs as much */

/* On to the first term that does not begin with the first n bytes of the one in hand. */
static bool leave_prefix(ns_dictionary_walk *walk, const ns_segment *segment, size_t n)
{
    uint8_t prefix[NS_TERM_MAX];
    memcpy(prefix, walk->key, n);
    for (unsigned i = 0; i < STEPS_BEFORE_LEAP; i++) {
        if (!ns_dictionary_next(walk))
            return false;
        if (!has_prefix(walk, prefix, n))
            return true;
    }
    while (n && prefix[n - 1] == 0xff)
        n--;
    if (!n)
        return false;
    prefix[n - 1]++;
    return ns_dictionary_seek(walk, segment, prefix, n);
}

nsearch_status ns_native_similar(ns_snapshot *base, const char *key, size_t n, unsigned most,
                                 bool (*each)(const char *key, size_t length, uint64_t df, unsigned edits,
                                              void *user),
                                 void *user, nsearch_error *err)
{
    const ns_native_snapshot *s = (const ns_native_snapshot *)base;
    ns_similar *similar = malloc(sizeof *similar);
    nsearch_status status = similar ? NSEARCH_OK : ns_error_memory(err);
    bool more = !status && n && ns_similar_init(similar, key + 1, n - 1, most);
    for (size_t i = 0; i < s->parts.count && more && !status; i++) {
        const ns_segment *segment = s->parts.list[i].segment;
        ns_dictionary_walk walk;
        size_t dead;
        bool open = ns_dictionary_seek(&walk, segment, key, 1);
        while (open && more && has_prefix(&walk, key, 1)) {
            unsigned edits = ns_similar_distance(similar, (const char *)walk.key + 1, walk.length - 1, &dead);
            if (edits <= similar->most)
                more = each((const char *)walk.key, walk.length, walk.list.df, edits, user);
            open = dead ? leave_prefix(&walk, segment, dead + 1) : ns_dictionary_next(&walk);
        }
        if (walk.damaged)
            status = ns_segment_damaged(segment, NS_SECTION_DICTIONARY, err);
    }
    free(similar);
    return status;
}
