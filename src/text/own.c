/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * own.c - words are runs of letters, digits and other bytes above ASCII, but for the signs of U+2000 to U+207F (quotes,
 * dashes); ASCII letters are folded. A sentence ends at a line's end, or at '.', '!' or '?' before a space.
 */
#include "src/text/own.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"

enum { WORDS_MIN = 3 };

void ns_known_pairs_release(ns_known_pairs *known)
{
    free(known->slots);
    memset(known, 0, sizeof *known);
}

static size_t slot_of(const ns_known_pairs *known, uint32_t pair)
{
    size_t mask = known->slot_count - 1, at = pair & mask;
    while (known->slots[at] && known->slots[at] != pair)
        at = (at + 1) & mask;
    return at;
}

static bool put(ns_known_pairs *known, uint32_t pair)
{
    if (known->count * 2 >= known->slot_count) {
        ns_known_pairs grown = {.slot_count = known->slot_count ? known->slot_count * 2 : 1024, .count = known->count};
        grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
        if (!grown.slots)
            return false;
        for (size_t i = 0; i < known->slot_count; i++)
            if (known->slots[i])
                grown.slots[slot_of(&grown, known->slots[i])] = known->slots[i];
        free(known->slots);
        *known = grown;
    }
    size_t at = slot_of(known, pair);
    known->count += !known->slots[at];
    known->slots[at] = pair;
    return true;
}

static bool is_sign(const unsigned char *p, const unsigned char *end)
{
    return end - p >= 3 && p[0] == 0xe2 && (p[1] == 0x80 || p[1] == 0x81);
}

/* The hash of the next word before 'end' and the place behind it; 0: there is none. */
static uint32_t next_word(const unsigned char **at, const unsigned char *end)
{
    const unsigned char *p = *at;
    uint64_t hash = 0;
    for (; p < end; p++) {
        unsigned char c = *p;
        c |= (unsigned char)((c >= 'A' && c <= 'Z') << 5);
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0x80 && !is_sign(p, end));
        if (letter) {
            hash = (hash + c + 1) * UINT64_C(0x9e3779b97f4a7c15);
            continue;
        }
        if (hash)
            break;
        p += c >= 0x80 ? 2 : 0;
    }
    *at = p;
    return (uint32_t)(hash >> 32) | (hash != 0);
}

static uint32_t pair_of(uint32_t a, uint32_t b)
{
    uint32_t pair = (a * 0x85ebca6bu ^ b) * 0xc2b2ae35u;
    return pair ^ pair >> 15 ? pair ^ pair >> 15 : 1;
}

/* Where the sentence that begins at p ends. */
static const unsigned char *sentence_end(const unsigned char *p, const unsigned char *end)
{
    for (; p < end; p++) {
        if (*p == '\n')
            return p;
        if ((*p == '.' || *p == '!' || *p == '?') && (p + 1 == end || p[1] <= ' ' || p[1] == '"' || p[1] >= 0x80))
            return p + 1;
    }
    return end;
}

bool ns_known_pairs_add(ns_known_pairs *known, const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + n;
    uint32_t before = 0, word;
    for (; (word = next_word(&p, end)); before = word)
        if (before && !put(known, pair_of(before, word)))
            return false;
    return true;
}

ns_own_count ns_own_sentences(const ns_known_pairs *known, const char *text, size_t n,
                              void (*each)(const char *sentence, size_t length, bool own, void *user), void *user)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + n;
    ns_own_count count = {0, 0};
    while (p < end) {
        const unsigned char *begin = p, *stop = sentence_end(p, end);
        size_t words = 0, met = 0;
        for (uint32_t before = 0, word; (word = next_word(&p, stop)); before = word, words++)
            if (before && known->slot_count)
                met += known->slots[slot_of(known, pair_of(before, word))] != 0;
        p = stop + (stop < end && *stop == '\n');
        if (words < WORDS_MIN)
            continue;
        bool own = met * 2 < words - 1;
        count.sentences++;
        count.own += own;
        if (each)
            each((const char *)begin, (size_t)(stop - begin), own, user);
    }
    return count;
}
