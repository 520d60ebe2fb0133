/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * days.c - the passages of a range of days: one pass over the column of days, 64 articles at a time, whose bits are then
 * laid out over the articles' passages.
 * The day is the column's; whoever asks mends it for articles that a copy dates (ns_snapshot.days_of_copies).
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "index/native/columns.h"
#include "index/native/snapshot.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

typedef struct choice {
    const uint8_t *days; /* of all articles */
    uint32_t articles;
    uint32_t first, span;
    uint64_t word; /* of 64 articles: a bit each, 1 where the day is in range */
    uint32_t at;   /* the next article; its word is in hand unless it is a multiple of 64 */
} choice;

static uint64_t choose_few(const choice *c, const uint8_t *days, unsigned n)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < n; i++)
        word |= (uint64_t)(ns_get_u32(days + (size_t)i * 4) - c->first <= c->span) << i;
    return word;
}

#ifdef __SSE2__
/* Days outside of the range, of 4. */
static inline __m128i outside(const uint8_t *days, __m128i first, __m128i last)
{
    __m128i here = _mm_loadu_si128((const __m128i *)(const void *)days);
    return _mm_or_si128(_mm_cmpgt_epi32(first, here), _mm_cmpgt_epi32(here, last));
}

static uint64_t choose_many(const choice *c, const uint8_t *days)
{
    const __m128i first = _mm_set1_epi32((int)c->first), last = _mm_set1_epi32((int)(c->first + c->span));
    uint64_t word = 0;
    for (unsigned i = 0; i < 64; i += 16, days += 64) {
        __m128i low = _mm_packs_epi32(outside(days, first, last), outside(days + 16, first, last));
        __m128i high = _mm_packs_epi32(outside(days + 32, first, last), outside(days + 48, first, last));
        word |= (uint64_t)(uint16_t)~_mm_movemask_epi8(_mm_packs_epi16(low, high)) << i;
    }
    return word;
}
#else
static uint64_t choose_many(const choice *c, const uint8_t *days)
{
    return choose_few(c, days, 64);
}
#endif

static uint64_t choose(const choice *c, uint32_t article)
{
    const uint8_t *days = c->days + (size_t)article * 4;
    uint32_t left = c->articles - article;
    return left >= 64 ? choose_many(c, days) : choose_few(c, days, left);
}

/* The bits of the next n articles, at most 64. */
static uint64_t take(choice *c, unsigned n)
{
    uint64_t bits = 0;
    for (unsigned have = 0; have < n && c->at < c->articles;) {
        unsigned from = c->at % 64, some = 64 - from < n - have ? 64 - from : n - have;
        if (!from)
            c->word = choose(c, c->at);
        bits |= (c->word >> from & ~UINT64_C(0) >> (64 - some)) << have;
        have += some;
        c->at += some;
    }
    return bits;
}

/* Bit i of 'bits' goes to where the i-th one of 'places' is. */
static uint64_t lay_out(uint64_t bits, uint64_t places)
{
    uint64_t out = 0;
    for (; bits; bits >>= 1, places &= places - 1)
        out |= (0 - (bits & 1)) & places & (0 - places);
    return out;
}

static void lay_out_all(choice *c, const uint8_t *starts, uint32_t passages, uint8_t *bits)
{
    bool on = false; /* the passage before is chosen */
    for (uint32_t i = 0; i < (passages + 63) / 64; i++) {
        uint64_t begins = ns_get_u64(starts + (size_t)i * 8);
        unsigned n = (unsigned)__builtin_popcountll(begins);
        uint64_t chosen = take(c, n);
        if (!chosen && !on)
            continue;
        chosen = chosen == ~UINT64_C(0) >> (64 - n) % 64 && n ? begins : lay_out(chosen, begins);
        chosen |= on & ~begins & 1;
        /* Ones from each chosen passage up to the next that begins an article: what a carry runs through. */
        uint64_t through = chosen | ~begins, set = chosen | (through & ~(through + chosen));
        on = set >> 63;
        if (i == passages / 64)
            set &= ~(~UINT64_C(0) << passages % 64);
        ns_put_u64(bits + (size_t)i * 8, set);
    }
}

nsearch_status ns_native_days(ns_snapshot *base, size_t i, int32_t first, int32_t last, uint8_t *bits,
                              nsearch_error *err)
{
    const ns_segment *s = ((const ns_native_snapshot *)base)->parts.list[i].segment;
    if (first == NS_DAY_UNKNOWN)
        first++;
    if (first > last)
        return NSEARCH_OK;
    choice c = {.days = ns_columns_days(s),
                .articles = s->counts.articles,
                .first = (uint32_t)first,
                .span = (uint32_t)last - (uint32_t)first};
    if (!c.days)
        return ns_segment_damaged(s, NS_SECTION_DAYS, err);
    lay_out_all(&c, s->base + s->sections[NS_SECTION_STARTS].offset, s->counts.passages, bits);
    return NSEARCH_OK;
}
