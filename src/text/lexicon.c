/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lexicon.c - two hash tables: raw bytes to their analysis, folded words to their number and stem.
 * Seeded at random, so that chosen words cannot make it slow; the seed never shows.
 */
#include "src/text/lexicon.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "src/base/bytes.h"
#include "src/text/name_words.h"
#include "src/text/raw.h"
#include "src/text/stem.h"
#include "src/text/stopwords.h"

/* About 8 MB at most, forgotten between two articles. */
enum { RAWS_KEPT = 50000, WORDS_KEPT = 40000, BLOCK = 64 << 10 };

static char *keep_bytes(ns_lexicon *lexicon, size_t n)
{
    if (n > lexicon->block_left) {
        size_t size = n > BLOCK / 8 ? n : BLOCK;
        char *block = ns_arena_take(&lexicon->memory, size);
        if (!block || size == n)
            return block;
        lexicon->block = block;
        lexicon->block_left = size;
    }
    char *piece = lexicon->block;
    lexicon->block += n;
    lexicon->block_left -= n;
    return piece;
}

static bool grow_slots(uint32_t **slots, uint32_t *slot_count)
{
    uint32_t wanted = *slot_count ? *slot_count * 2 : 4096;
    uint32_t *fresh = calloc(wanted, sizeof *fresh);
    if (!fresh)
        return false;
    free(*slots);
    *slots = fresh;
    *slot_count = wanted;
    return true;
}

static bool grow_words(ns_lexicon *lexicon)
{
    if (lexicon->word_capacity >= UINT32_MAX / 8)
        return false;
    uint32_t capacity = lexicon->word_capacity ? lexicon->word_capacity * 2 : 2048;
    ns_word *words = realloc(lexicon->words, capacity * sizeof *words);
    if (!words)
        return false;
    lexicon->words = words;
    if (!grow_slots(&lexicon->word_slots, &lexicon->word_slot_count))
        return false;
    lexicon->word_capacity = capacity;
    uint32_t mask = lexicon->word_slot_count - 1;
    for (uint32_t i = 0; i < lexicon->word_count; i++) {
        uint32_t slot = (uint32_t)ns_mix64(words[i].hash ^ lexicon->seed) & mask;
        while (lexicon->word_slots[slot])
            slot = (slot + 1) & mask;
        lexicon->word_slots[slot] = i + 1;
    }
    return true;
}

uint32_t ns_lexicon_word(ns_lexicon *lexicon, const char *folded, size_t length)
{
    uint64_t hash = ns_hash64(folded, length, 0);
    if (lexicon->word_count == lexicon->word_capacity && !grow_words(lexicon))
        return UINT32_MAX;
    uint32_t mask = lexicon->word_slot_count - 1;
    uint32_t slot = (uint32_t)ns_mix64(hash ^ lexicon->seed) & mask;
    for (; lexicon->word_slots[slot]; slot = (slot + 1) & mask) {
        const ns_word *w = &lexicon->words[lexicon->word_slots[slot] - 1];
        if (w->hash == hash && w->length == length && !memcmp(w->text, folded, length))
            return lexicon->word_slots[slot] - 1;
    }
    char *copy = keep_bytes(lexicon, 2 * length + 4);
    if (!copy)
        return UINT32_MAX;
    copy[0] = 'x';
    memcpy(copy + 1, folded, length);
    copy[length + 1] = '\0';
    copy[length + 2] = 'w';
    memcpy(copy + length + 3, folded, length);
    copy[2 * length + 3] = '\0';
    ns_word *w = &lexicon->words[lexicon->word_count];
    memset(w, 0, sizeof *w);
    w->text = copy + 1;
    w->hash = hash;
    w->length = (uint32_t)length;
    w->stem = UINT32_MAX;
    w->stopword = ns_stopword(folded, length);
    w->name_kinds = ns_name_word(folded, length);
    w->number = folded[0] >= '0' && folded[0] <= '9';
    for (size_t i = 0; i < 2; i++)
        if (lexicon->gazetteers[i]) {
            unsigned longest = ns_gazetteer_starts(lexicon->gazetteers[i], hash);
            if (longest > w->starts)
                w->starts = (uint8_t)longest;
        }
    lexicon->word_slots[slot] = ++lexicon->word_count;
    return lexicon->word_count - 1;
}

uint32_t ns_lexicon_stem(ns_lexicon *lexicon, uint32_t word)
{
    const ns_word *w = &lexicon->words[word];
    if (w->stem != UINT32_MAX)
        return w->stem;
    char stem[NS_WORD_MAX + 1];
    size_t length = ns_stem(lexicon->stemmer, w->text, w->length, stem);
    uint32_t found = length ? ns_lexicon_word(lexicon, stem, length) : word;
    if (found != UINT32_MAX)
        lexicon->words[word].stem = found;
    return found;
}

static uint64_t slot_of(uint32_t hash, uint32_t entry)
{
    return (uint64_t)hash << 32 | (entry + 1);
}

static bool grow_raws(ns_lexicon *lexicon)
{
    if (lexicon->raw_capacity >= UINT32_MAX / 8)
        return false;
    uint32_t capacity = lexicon->raw_capacity ? lexicon->raw_capacity * 2 : 2048, slot_count = capacity * 2;
    ns_raw *raws = realloc(lexicon->raws, capacity * sizeof *raws);
    if (!raws)
        return false;
    lexicon->raws = raws;
    uint64_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return false;
    free(lexicon->raw_slots);
    lexicon->raw_slots = slots;
    lexicon->raw_slot_count = slot_count;
    lexicon->raw_capacity = capacity;
    for (uint32_t i = 0; i < lexicon->raw_count; i++) {
        uint32_t slot = raws[i].hash & (slot_count - 1);
        while (slots[slot])
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = slot_of(raws[i].hash, i);
    }
    return true;
}

static inline uint64_t load(const char *p, size_t n)
{
    uint64_t word = 0;
    memcpy(&word, p, n);
    return word;
}

/* Two words that, with the length, tell all of up to sixteen bytes; of more, the first and last eight. */
static inline void take_head(const char *bytes, size_t n, uint64_t head[2])
{
    head[1] = 0;
    if (n >= 8) {
        head[0] = load(bytes, 8);
        head[1] = load(bytes + n - 8, 8);
    } else if (n >= 4) {
        head[0] = load(bytes, 4) << 32 | load(bytes + n - 4, 4);
    } else {
        head[0] = (uint64_t)(unsigned char)bytes[0] << 16 | (uint64_t)(unsigned char)bytes[n / 2] << 8 |
                  (unsigned char)bytes[n - 1];
    }
}

static inline uint32_t hash_head(const ns_lexicon *lexicon, const uint64_t head[2], size_t n)
{
    uint64_t mixed = (head[0] ^ lexicon->seed) * UINT64_C(0x9e3779b97f4a7c15) ^ (head[1] + n);
    mixed = (mixed ^ mixed >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(mixed >> 32);
}

/* At first sight. */
static const ns_raw *add_raw(ns_lexicon *lexicon, const char *bytes, size_t kept, unsigned flags, ns_raw *raw)
{
    raw->word = raw->second = UINT32_MAX;
    raw->flags = (uint16_t)flags;
    if (!ns_raw_analyse(lexicon, bytes, kept, raw))
        return NULL;
    if (kept > sizeof raw->head) {
        char *copy = keep_bytes(lexicon, kept);
        if (!copy)
            return NULL;
        memcpy(copy, bytes, kept);
        raw->bytes = copy;
    }
    if (lexicon->raw_count == lexicon->raw_capacity && !grow_raws(lexicon))
        return NULL;
    uint32_t mask = lexicon->raw_slot_count - 1, slot = raw->hash & mask;
    while (lexicon->raw_slots[slot])
        slot = (slot + 1) & mask;
    ns_raw *entry = &lexicon->raws[lexicon->raw_count];
    *entry = *raw;
    lexicon->raw_slots[slot] = slot_of(raw->hash, lexicon->raw_count++);
    return entry;
}

const ns_raw *ns_lexicon_raw(ns_lexicon *lexicon, const char *bytes, size_t n, unsigned flags)
{
    /* A word of megabytes is known by its first bytes: what is beyond is cut anyway. */
    size_t kept = n > 4 * NS_WORD_MAX ? ns_utf8_cut(bytes, n, 4 * NS_WORD_MAX) : n;
    uint64_t head[2];
    take_head(bytes, kept, head);
    uint32_t hash =
        kept <= sizeof head ? hash_head(lexicon, head, kept) : (uint32_t)ns_hash64(bytes, kept, lexicon->seed);
    uint32_t mask = lexicon->raw_slot_count - 1;
    for (uint32_t slot = hash & mask; lexicon->raw_slot_count && lexicon->raw_slots[slot]; slot = (slot + 1) & mask) {
        if ((uint32_t)(lexicon->raw_slots[slot] >> 32) != hash)
            continue;
        const ns_raw *r = &lexicon->raws[(uint32_t)lexicon->raw_slots[slot] - 1];
        if (r->length == kept && r->head[0] == head[0] && r->head[1] == head[1] &&
            (kept <= sizeof head || !memcmp(r->bytes, bytes, kept)))
            return r;
    }
    ns_raw raw = {.head = {head[0], head[1]}, .length = (uint32_t)kept, .hash = hash};
    return add_raw(lexicon, bytes, kept, flags, &raw);
}

static bool add_own_words(ns_lexicon *lexicon)
{
    static atomic_uint_fast64_t numberings;
    lexicon->numbering = atomic_fetch_add(&numberings, 1) + 1;
    lexicon->us = ns_lexicon_word(lexicon, "u.s.", 4);
    lexicon->percent = ns_lexicon_word(lexicon, "percent", 7);
    lexicon->pronoun_us = ns_lexicon_word(lexicon, "us", 2);
    return lexicon->us != UINT32_MAX && lexicon->percent != UINT32_MAX && lexicon->pronoun_us != UINT32_MAX;
}

bool ns_lexicon_init(ns_lexicon *lexicon, const ns_gazetteer *built_in, const ns_gazetteer *user)
{
    memset(lexicon, 0, sizeof *lexicon);
    if (getrandom(&lexicon->seed, sizeof lexicon->seed, GRND_NONBLOCK) != sizeof lexicon->seed)
        lexicon->seed = (uint64_t)(uintptr_t)lexicon;
    lexicon->gazetteers[0] = built_in;
    lexicon->gazetteers[1] = user;
    lexicon->stemmer = ns_stemmer_new();
    if (!lexicon->stemmer || !add_own_words(lexicon)) {
        ns_lexicon_release(lexicon);
        return false;
    }
    return true;
}

void ns_lexicon_release(ns_lexicon *lexicon)
{
    ns_stemmer_free(lexicon->stemmer);
    free(lexicon->words);
    free(lexicon->word_slots);
    free(lexicon->raws);
    free(lexicon->raw_slots);
    ns_arena_release(&lexicon->memory);
    memset(lexicon, 0, sizeof *lexicon);
}

bool ns_lexicon_trim(ns_lexicon *lexicon)
{
    if (lexicon->raw_count <= RAWS_KEPT && lexicon->word_count <= WORDS_KEPT)
        return true;
    free(lexicon->words);
    free(lexicon->word_slots);
    free(lexicon->raws);
    free(lexicon->raw_slots);
    ns_arena_release(&lexicon->memory);
    lexicon->block_left = 0;
    lexicon->words = NULL;
    lexicon->raws = NULL;
    lexicon->word_slots = NULL;
    lexicon->raw_slots = NULL;
    lexicon->word_count = lexicon->word_capacity = lexicon->word_slot_count = 0;
    lexicon->raw_count = lexicon->raw_capacity = lexicon->raw_slot_count = 0;
    return add_own_words(lexicon);
}
