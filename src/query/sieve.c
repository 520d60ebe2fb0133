/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sieve.c - chooses the words.
 */
#include "src/query/sieve.h"

#include "src/base/bytes.h"

static inline __attribute__((always_inline)) bool may_hold(const ns_sieve *s, uint32_t docid)
{
    const uint32_t at = docid - s->begin;
    uint32_t begins = UINT32_MAX; /* where the phrase may begin */
    for (size_t i = 0; i < s->count; i++) {
        const ns_maxima *word = &s->words[i];
        uint64_t bits = ns_get_u64(word->ranges + (at >> 6) * 8);
        uint32_t rank = word->ranks[at >> 6] + (uint32_t)__builtin_popcountll(bits & ((UINT64_C(1) << (at & 63)) - 1));
        if (!(bits >> (at & 63) & 1) || rank >= word->count)
            return false;
        uint32_t spots = word->spots[rank];
        begins &= spots >> s->shifts[i] | spots << (-s->shifts[i] & 31);
    }
    return begins != 0;
}

static bool passes_plain(const ns_sieve *s, uint32_t docid)
{
    return may_hold(s, docid);
}

#ifdef __x86_64__
static __attribute__((target("popcnt"))) bool passes_popcnt(const ns_sieve *s, uint32_t docid)
{
    return may_hold(s, docid);
}
#endif

/* Looks the word up, or works it out; *maxima of a rare or missing word is empty. */
static nsearch_status open_word(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *term, ns_maxima *maxima,
                                nsearch_error *err)
{
    ns_cursor *c = NULL;
    if (ns_maxima_find(cache, m, NS_MAXIMA_SPOTS, term->key, term->key_length, maxima))
        return NSEARCH_OK;
    ns_arena_mark mark = ns_arena_set_mark(m->arena);
    nsearch_status status =
        m->snapshot->backend->cursor(m->snapshot, m->number, term->key, term->key_length, m->arena, &c, err);
    if (!status && c && c->df > (m->part.docid_end - m->part.docid_begin) / 32 && c->df > 256 &&
        ns_maxima_spots_fit(cache, m, c->df) &&
        !ns_maxima_make(cache, m, NS_MAXIMA_SPOTS, term->key, term->key_length, c, maxima))
        status = ns_error_memory(err);
    if (!status && c && c->damaged)
        status = ns_match_damaged(err);
    if (c)
        c->ops->close(c);
    ns_arena_rewind(m->arena, mark);
    return status;
}

/* Keeps the rarest ones: few places and few passages. */
static void keep(ns_maxima_cache *cache, ns_sieve *s, ns_maxima *maxima, unsigned shift)
{
    size_t k = s->count;
    if (k == NS_SIEVE_WORDS) {
        if (s->words[k - 1].count <= maxima->count) {
            ns_maxima_release(cache, maxima);
            return;
        }
        ns_maxima_release(cache, &s->words[--k]);
    } else
        s->count++;
    for (; k && s->words[k - 1].count > maxima->count; k--) {
        s->words[k] = s->words[k - 1];
        s->shifts[k] = s->shifts[k - 1];
    }
    s->words[k] = *maxima;
    s->shifts[k] = shift;
}

nsearch_status ns_sieve_open(const ns_part_match *m, ns_maxima_cache *cache, const ns_filter *leaf, uint64_t candidates,
                             ns_sieve *s, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    *s = (ns_sieve){.begin = m->part.docid_begin, .passes = passes_plain};
#ifdef __x86_64__
    if (__builtin_cpu_supports("popcnt"))
        s->passes = passes_popcnt;
#endif
    if (!cache || candidates < NS_SIEVE_CANDIDATES)
        return NSEARCH_OK;
    for (size_t i = 0; i < leaf->child_count && !status; i++) {
        bool again = false;
        ns_maxima maxima = {.held = NULL};
        for (size_t k = 0; k < i && !again; k++)
            again = ns_filter_same_key(leaf->children[k], leaf->children[i]);
        if (again) /* its place is not asked for twice */
            continue;
        status = open_word(m, cache, leaf->children[i], &maxima, err);
        if (!status && maxima.spots)
            keep(cache, s, &maxima, (leaf->offsets ? leaf->offsets[i] - leaf->offsets[0] : (unsigned)i) & 31);
    }
    if (status || s->count < 2)
        ns_sieve_close(cache, s);
    return status;
}

void ns_sieve_close(ns_maxima_cache *cache, ns_sieve *s)
{
    for (size_t i = 0; i < s->count; i++)
        ns_maxima_release(cache, &s->words[i]);
    s->count = 0;
}
