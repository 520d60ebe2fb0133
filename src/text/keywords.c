/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * keywords.c - picks and compares keywords. Weights are integers: the same keywords on every machine.
 */
#include "src/text/keywords.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/text/name_words.h"
#include "src/text/rarity_table.h"

enum {
    RAREST = 16, /* of a stem that the table lacks */
    TELLING = 7, /* the three hundred stems below stand in every twelfth article or more */
    PLAIN = 2,   /* a name counts half as much again */
    NAMED = 3
};

struct ns_keyword_count {
    uint32_t stem, count;
    uint32_t weight;
    uint16_t hash;
    bool named;
};

static int by_stem(const void *key, const void *entry)
{
    return strcmp(key, ((const struct rarity *)entry)->stem);
}

/* Looked up once a word of the lexicon. */
static uint32_t rarity_of(ns_word *stem)
{
    if (!stem->rarity) {
        const struct rarity *found = bsearch(stem->text, rarities, sizeof rarities / sizeof *rarities,
                                             sizeof *rarities, by_stem);
        stem->rarity = found ? found->level : RAREST;
    }
    return stem->rarity;
}

bool ns_word_tells(ns_lexicon *lexicon, uint32_t word)
{
    if (lexicon->words[word].stopword)
        return false;
    uint32_t stem = ns_lexicon_stem(lexicon, word);
    return stem == UINT32_MAX || rarity_of(&lexicon->words[stem]) >= TELLING;
}

/* 16 * (1 + ln count) */
static uint32_t times(uint32_t count)
{
    static const uint8_t small[] = {0, 16, 27, 34, 38, 42, 45, 47, 49, 51, 53, 54, 56, 57, 58, 59};
    if (count < sizeof small)
        return small[count];
    return count < 24 ? 64 : count < 48 ? 72 : 80;
}

static bool make_room(ns_keyword_scratch *scratch, size_t count)
{
    if (count <= scratch->capacity)
        return true;
    struct ns_keyword_count *counts = realloc(scratch->counts, 2 * count * sizeof *counts);
    if (!counts)
        return false;
    scratch->counts = counts;
    scratch->capacity = 2 * count;
    return true;
}

void ns_keyword_scratch_release(ns_keyword_scratch *scratch)
{
    free(scratch->counts);
    memset(scratch, 0, sizeof *scratch);
}

static bool precedes(const struct ns_keyword_count *a, const struct ns_keyword_count *b)
{
    return a->weight != b->weight ? a->weight > b->weight : a->hash < b->hash;
}

/* Keeps the best in order: most stems are refused by the first comparison. */
static size_t insert(struct ns_keyword_count *best, size_t n, const struct ns_keyword_count *c)
{
    if (n == NS_KEYWORDS && !precedes(c, &best[n - 1]))
        return n;
    size_t at = n < NS_KEYWORDS ? n++ : n - 1;
    for (; at && precedes(c, &best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = *c;
    return n;
}

bool ns_keywords_make(ns_lexicon *lexicon, const ns_lexemes *lexemes, ns_keyword_scratch *scratch,
                      uint16_t keywords[NS_KEYWORDS])
{
    struct ns_keyword_count best[NS_KEYWORDS];
    size_t distinct = 0, n = 0;
    memset(keywords, 0, NS_KEYWORDS * sizeof *keywords);
    if (!make_room(scratch, lexemes->count + 1))
        return false;
    struct ns_keyword_count *counts = scratch->counts;
    for (size_t i = 0; i < lexemes->count; i++) {
        const ns_lexeme *lexeme = &lexemes->items[i];
        ns_word *word = &lexicon->words[lexeme->word];
        if (word->stopword || word->length < 2)
            continue;
        uint32_t id = ns_lexicon_stem(lexicon, lexeme->word); /* may move the words */
        if (id == UINT32_MAX)
            return false;
        word = &lexicon->words[lexeme->word];
        ns_word *stem = &lexicon->words[id];
        if (stem->keyword >= distinct || counts[stem->keyword].stem != id) {
            stem->keyword = (uint32_t)distinct;
            counts[distinct++] = (struct ns_keyword_count){id, 0, 0, (uint16_t)(ns_mix64(stem->hash) >> 48), false};
        }
        struct ns_keyword_count *c = &counts[stem->keyword];
        c->count++;
        c->named |= (lexeme->flags & NS_RAW_CAPITAL) && !(word->name_kinds & NS_NAME_COMMON) && !word->number;
    }
    for (size_t i = 0; i < distinct; i++) {
        struct ns_keyword_count *c = &counts[i];
        uint32_t rarity = rarity_of(&lexicon->words[c->stem]);
        c->weight = times(c->count) * rarity * (c->named && rarity >= RAREST / 2 ? NAMED : PLAIN);
        c->hash += !c->hash; /* 0: none */
        n = insert(best, n, c);
    }
    for (size_t i = 0; i < n; i++)
        keywords[i] = best[i].hash;
    return true;
}

/* 4096 / (16 + place): less steep than Zipf. */
static const uint16_t weights[NS_KEYWORDS] = {
    256, 241, 228, 216, 205, 195, 186, 178, 171, 164, 158, 152, 146, 141, 137, 132, 128, 124, 120, 117,
    114, 111, 108, 105, 102, 100, 98, 95, 93, 91, 89, 87, 85, 84, 82, 80, 79, 77, 76, 74};

static unsigned count_of(const uint16_t keywords[NS_KEYWORDS])
{
    unsigned n = NS_KEYWORDS;
    while (n && !keywords[n - 1])
        n--;
    return n;
}

static double norm_of(unsigned count)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += (uint32_t)weights[i] * weights[i];
    return sqrt(sum);
}

/* Keywords of both lists; of their weights, where 'weighed' is not NULL, the products' sum. */
static unsigned common_of(const uint16_t *a, unsigned n, const uint16_t *b, unsigned m, uint32_t *weighed)
{
    uint64_t held[4] = {0}; /* a bit for each keyword of b: most of those that b lacks are seen at once */
    unsigned common = 0;
    for (unsigned k = 0; k < m; k++)
        held[b[k] >> 6 & 3] |= UINT64_C(1) << (b[k] & 63);
    for (unsigned i = 0; i < n; i++) {
        if (!(held[a[i] >> 6 & 3] >> (a[i] & 63) & 1))
            continue;
        unsigned k = 0;
        while (k < m && b[k] != a[i])
            k++;
        if (k == m)
            continue;
        common++;
        if (weighed)
            *weighed += (uint32_t)weights[i] * weights[k];
    }
    return common;
}

double ns_keywords_common(const uint16_t a[NS_KEYWORDS], const uint16_t b[NS_KEYWORDS], unsigned *of)
{
    unsigned n = count_of(a), m = count_of(b);
    *of = n < m ? n : m;
    return *of ? (double)common_of(a, n, b, m, NULL) / *of : 0;
}

double ns_keywords_likeness(const uint16_t a[NS_KEYWORDS], const uint16_t b[NS_KEYWORDS])
{
    unsigned n = count_of(a), m = count_of(b);
    uint32_t sum = 0;
    return common_of(a, n, b, m, &sum) ? sum / (norm_of(n) * norm_of(m)) : 0;
}
