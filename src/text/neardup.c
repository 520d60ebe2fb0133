/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * neardup.c - one-permutation MinHash with optimal densification (Shrivastava 2017) over pairs of telling
 * words: 64 buckets, sixteen bits of the smallest hash in each. Integers only: the same on every machine.
 * Shingles tell whole sentences that both texts hold; where many words were changed few shingles are left,
 * but most keywords, and where only some paragraphs are shared it is the other way round. So a copy is known
 * by both together.
 */
#include "src/text/neardup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"
#include "src/text/keywords.h"

enum {
    SHINGLE = 2,
    SHINGLES_MIN = 12, /* fewer say nothing */
    BITMAP_BITS = 1 << 16,
    EQUAL_MIN = 4,    /* of the 64: below, the estimate is noise */
    WINDOW_DAYS = 14, /* copies of a wire story come within days */
};
/* Measured: doc/copies.md. */
#define SHARE_MIN 0.10
#define RATIO 0.65            /* of the lengths, below which a shorter text counts less */
#define KEYWORDS_COUNT 0.85   /* against the share of the text */
#define KEYWORD_TOO_FEW 0.022 /* each that a short text lacks: it has no others to choose, so chance shares more */
#define NUMBER_LOST 0.024     /* each that could be common and is not */
/* Of the numbers a form keeps so many, a copy the square root of the share, within these limits. */
#define FORM_KEEPS 0.45
#define COPY_KEEPS_LEAST 0.70
#define COPY_KEEPS_MOST 0.97
#define FORM_COUNTS 0.05 /* each unit of the logarithm by which a form is likelier */
/* A story is copied at once; what is like it days later follows it up. */
#define DAY_APART 0.012
#define DAYS_UNKNOWN 3 /* as if so many apart */
/* So alike that the dates do not matter: one of them is wrong, or it was run again. */
#define SAME_SHARE 0.85
#define SAME_EVIDENCE 1.70

/* Distinct shingles, but for the few that share a bit. */
typedef struct counter {
    uint64_t bits[BITMAP_BITS / 64];
    uint32_t count;
} counter;

static void count_distinct(counter *c, uint64_t hash)
{
    uint64_t *word =
        &c->bits[hash >> 58 << 4 | (hash >> 20 & 15)]; /* the index of the bit is scattered over the hash */
    uint64_t bit = UINT64_C(1) << (hash >> 30 & 63);
    c->count += !(*word & bit);
    *word |= bit;
}

static void fill_empty(uint64_t least[NS_SKETCH_WORDS], uint16_t words[NS_SKETCH_WORDS])
{
    for (unsigned i = 0; i < NS_SKETCH_WORDS; i++) {
        unsigned from = i;
        for (uint64_t attempt = 1; least[from] == UINT64_MAX; attempt++)
            from = (unsigned)(ns_mix64((uint64_t)i << 32 | attempt) % NS_SKETCH_WORDS);
        words[i] = (uint16_t)(least[from] & 0xffff);
    }
}

void ns_sketch_make_hashed(const uint64_t *words, size_t count, const uint64_t *telling, size_t telling_count,
                           ns_sketch *out)
{
    memset(out, 0, sizeof *out);
    uint64_t text = count;
    for (size_t i = 0; i < count; i++)
        text = ns_mix64(text ^ words[i]) + i;
    out->text_hash = text;
    if (telling_count < SHINGLES_MIN + SHINGLE - 1)
        return;
    uint64_t least[NS_SKETCH_WORDS];
    counter distinct;
    memset(least, 0xff, sizeof least);
    memset(&distinct, 0, sizeof distinct);
    for (size_t i = 0; i + SHINGLE <= telling_count; i++) {
        uint64_t hash = ns_mix64(telling[i] + ns_mix64(telling[i + 1]));
        count_distinct(&distinct, hash);
        uint64_t *bucket = &least[hash >> 58];
        uint64_t rest = hash & (UINT64_MAX >> 6);
        if (rest < *bucket)
            *bucket = rest;
    }
    /* A long text fills the bitmap: its shingles are taken as distinct. */
    out->shingles = telling_count > BITMAP_BITS / 8 ? (uint32_t)telling_count : distinct.count;
    if (out->shingles < SHINGLES_MIN)
        out->shingles = 0; /* one phrase over and over */
    else
        fill_empty(least, out->words);
}

void ns_sketch_make(const char *const *words, size_t count, ns_sketch *out)
{
    uint64_t *hashes = calloc(count + 1, sizeof *hashes);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; hashes && i < count; i++)
        hashes[i] = ns_hash64(words[i], strlen(words[i]), 0);
    if (hashes) /* else a copy of nothing: never a wrong group */
        ns_sketch_make_hashed(hashes, count, hashes, count, out);
    free(hashes);
}

double ns_sketch_likeness(const ns_sketch *a, const ns_sketch *b)
{
    if (a->text_hash && a->text_hash == b->text_hash)
        return 1.0;
    if (!a->shingles || !b->shingles)
        return 0.0;
    unsigned equal = 0;
    for (unsigned i = 0; i < NS_SKETCH_WORDS; i++)
        equal += a->words[i] == b->words[i];
    if (equal < EQUAL_MIN)
        return 0.0; /* a short text against a long one: chance decides */
    double jaccard = (double)equal / NS_SKETCH_WORDS;
    double less = a->shingles < b->shingles ? a->shingles : b->shingles;
    double share = jaccard * ((double)a->shingles + (double)b->shingles) / ((1.0 + jaccard) * less);
    return share > 1.0 ? 1.0 : share;
}

void ns_sketch_add_number(ns_sketch *sketch, uint64_t hash)
{
    uint16_t *list = sketch->numbers, number = (uint16_t)(ns_mix64(hash) >> 48);
    unsigned at = NS_SKETCH_NUMBERS;
    number += !number; /* 0: none */
    while (at && (!list[at - 1] || list[at - 1] > number))
        at--;
    if (at == NS_SKETCH_NUMBERS || (at && list[at - 1] == number))
        return;
    memmove(&list[at + 1], &list[at], (NS_SKETCH_NUMBERS - 1 - at) * sizeof *list);
    list[at] = number;
}

/* How many numbers the two have in common, and how many the one with fewer could have had: of those below the
 * largest hash that both lists would hold. */
typedef struct agreement {
    unsigned common, of;
} agreement;

static agreement compare_numbers(const uint16_t a[NS_SKETCH_NUMBERS], const uint16_t b[NS_SKETCH_NUMBERS])
{
    unsigned i = 0, k = 0, common = 0;
    while (i < NS_SKETCH_NUMBERS && k < NS_SKETCH_NUMBERS && (a[i] || b[k])) {
        if (a[i] == b[k]) {
            common++;
            i++;
            k++;
        } else if (!b[k] || (a[i] && a[i] < b[k])) {
            i++;
        } else {
            k++;
        }
    }
    return (agreement){common, i < k ? i : k};
}

/* What the numbers say against a copy. It keeps them as it keeps other words, the more the less it was
 * edited; of a form the frame is kept and the numbers change, so the more alike two texts are the more a lost
 * number tells. */
static double numbers_against(const ns_sketch *a, const ns_sketch *b, double share)
{
    agreement n = compare_numbers(a->numbers, b->numbers);
    unsigned lost = n.of - n.common;
    if (!lost)
        return 0;
    double kept = sqrt(share);
    kept = kept > COPY_KEEPS_MOST ? COPY_KEEPS_MOST : kept < COPY_KEEPS_LEAST ? COPY_KEEPS_LEAST : kept;
    double form = n.common * log(FORM_KEEPS / kept) + lost * log((1 - FORM_KEEPS) / (1 - kept));
    return NUMBER_LOST * lost + (form > 0 ? FORM_COUNTS * form : 0);
}

double ns_sketch_evidence(const ns_sketch *a, const ns_sketch *b)
{
    double share = ns_sketch_likeness(a, b);
    if (share < SHARE_MIN)
        return 0.0;
    if (!a->shingles || !b->shingles)
        return share + 1.0; /* short, and the same text */
    double against = numbers_against(a, b, share);
    /* A brief inside of a long text is one of its subjects. */
    double less = a->shingles < b->shingles ? a->shingles : b->shingles;
    double more = a->shingles < b->shingles ? b->shingles : a->shingles;
    if (less < RATIO * more)
        share *= less / (RATIO * more);
    unsigned keywords;
    double common = ns_keywords_common(a->keywords, b->keywords, &keywords);
    against += KEYWORD_TOO_FEW * (NS_KEYWORDS - keywords);
    return share + KEYWORDS_COUNT * common - against;
}

double ns_sketch_days_against(int32_t day_a, int32_t day_b)
{
    int64_t apart = (int64_t)day_a - day_b;
    if (day_a == NS_DAY_UNKNOWN || day_b == NS_DAY_UNKNOWN)
        apart = DAYS_UNKNOWN;
    apart = apart < 0 ? -apart : apart;
    return DAY_APART * (double)(apart < WINDOW_DAYS ? apart : WINDOW_DAYS);
}

bool ns_sketch_days_fit(const ns_sketch *a, int32_t day_a, const ns_sketch *b, int32_t day_b, double evidence)
{
    if (day_a == NS_DAY_UNKNOWN || day_b == NS_DAY_UNKNOWN)
        return true;
    int64_t apart = (int64_t)day_a - day_b;
    if (apart <= WINDOW_DAYS && apart >= -WINDOW_DAYS)
        return true;
    if (!a->shingles || !b->shingles)
        return false; /* briefs come in the same words every day */
    return a->text_hash == b->text_hash ||
           (evidence >= SAME_EVIDENCE && ns_sketch_likeness(a, b) >= SAME_SHARE);
}

bool ns_sketch_is_copy(const ns_sketch *a, int32_t day_a, const ns_sketch *b, int32_t day_b, double *evidence)
{
    double found = ns_sketch_evidence(a, b);
    if (evidence)
        *evidence = found;
    return found - ns_sketch_days_against(day_a, day_b) >= NS_COPY_EVIDENCE &&
           ns_sketch_days_fit(a, day_a, b, day_b, found);
}
