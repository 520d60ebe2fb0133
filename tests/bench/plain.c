/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * plain.c - cuts, folds and stems; a written form is analysed once and found again by its bytes.
 */
#include "tests/bench/plain.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/text/fold.h"
#include "src/text/stem.h"

enum { RAW_SLOTS = 1 << 18, RAWS_KEPT = RAW_SLOTS / 2, TOKENS_MAX = 60000 };

enum { OTHER, LETTER, DIGIT, LINE, BOTH, BETWEEN_LETTERS, BETWEEN_DIGITS, HIGH };

/* What a byte is: BOTH joins two letters or two digits (. and '), LINE is the underscore. */
static const uint8_t class_of[256] = {
    ['\''] = BOTH,           ['.'] = BOTH,           [','] = BETWEEN_DIGITS, [';'] = BETWEEN_DIGITS,
    [':'] = BETWEEN_LETTERS, ['_'] = LINE,           ['0' ... '9'] = DIGIT,  ['A' ... 'Z'] = LETTER,
    ['a' ... 'z'] = LETTER,  [128 ... 255] = HIGH,
};

/* The class of the character at p, and its length. A letter above ASCII is a LETTER, an apostrophe BOTH. */
static unsigned class_at(const char *p, const char *end, size_t *length, bool *ideograph)
{
    *length = 1;
    *ideograph = false;
    if (p >= end)
        return OTHER;
    unsigned class = class_of[(unsigned char)*p];
    if (class != HIGH)
        return class;
    uint32_t c = ns_utf8_next(p, end, length);
    switch (ns_char_classify(c)) {
    case NS_CHAR_WORD:
    case NS_CHAR_UPPER:
        return LETTER;
    case NS_CHAR_IDEOGRAPH:
        *ideograph = true;
        return LETTER;
    case NS_CHAR_IGNORED:
        return LINE;
    case NS_CHAR_APOSTROPHE:
        return BETWEEN_LETTERS;
    case NS_CHAR_OTHER:
    case NS_CHAR_HYPHEN:
    case NS_CHAR_QUOTE:
    case NS_CHAR_SPACE:
    case NS_CHAR_STOP:
        break;
    }
    return OTHER;
}

/* The end of the word that begins at p. */
static const char *word_end(const char *p, const char *end, bool *plain)
{
    size_t length, next_length;
    bool ideograph, next_ideograph;
    unsigned class = class_at(p, end, &length, &ideograph);
    *plain = (unsigned char)*p < 128;
    p += length;
    while (!ideograph && p < end) {
        unsigned next = class_at(p, end, &length, &next_ideograph);
        if (next_ideograph || next == OTHER)
            break;
        if (next == BOTH || next == BETWEEN_LETTERS || next == BETWEEN_DIGITS) {
            bool after_ideograph;
            unsigned after = class_at(p + length, end, &next_length, &after_ideograph);
            if (after != class || after_ideograph || (after != LETTER && after != DIGIT) ||
                next == (after == LETTER ? (unsigned)BETWEEN_DIGITS : (unsigned)BETWEEN_LETTERS))
                break;
            *plain = false;
        } else {
            *plain = *plain && (unsigned char)*p < 128;
            class = next == LINE ? class : next;
        }
        p += length;
    }
    return p;
}

/* Folds into 'out' (NS_WORD_MAX + 1 bytes); 0: nothing is left. */
static size_t fold(const char *word, size_t n, bool plain, char *out)
{
    if (plain && n <= NS_WORD_MAX) {
        for (size_t i = 0; i < n; i++)
            out[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
        out[n] = '\0';
        return n;
    }
    if (n >= 3 && (word[n - 1] == 's' || word[n - 1] == 'S') && word[n - 2] == '\'')
        n -= 2;
    else if (n >= 5 && (word[n - 1] == 's' || word[n - 1] == 'S') && !memcmp(word + n - 4, "\xe2\x80\x99", 3))
        n -= 4;
    return ns_fold_word(word, n, out, NS_WORD_MAX + 1);
}

/* The next word from *p on: its end, and *p its beginning; NULL when there is none. */
static const char *next_word(const char **p, const char *end, bool *plain)
{
    const char *at = *p;
    while (at < end) {
        size_t length = 1;
        bool ideograph;
        unsigned class = class_of[(unsigned char)*at];
        if (class == HIGH)
            class = class_at(at, end, &length, &ideograph);
        if (class == LETTER || class == DIGIT) {
            *p = at;
            while (at < end && (class = class_of[(unsigned char)*at], class == LETTER || class == DIGIT))
                at++;
            *plain = true;
            return at == end || class == OTHER ? at : word_end(*p, end, plain);
        }
        at += length;
    }
    return NULL;
}

bool plain_init(plain_analyser *a)
{
    memset(a, 0, sizeof *a);
    a->raws = calloc(RAW_SLOTS, sizeof *a->raws);
    if (a->raws && ns_lexicon_init(&a->lexicon, NULL, NULL))
        return true;
    free(a->raws);
    return false;
}

void plain_release(plain_analyser *a)
{
    ns_lexicon_release(&a->lexicon);
    free(a->raws);
    free(a->known);
    free(a->stem_of);
    free(a->tokens);
    free(a->stems);
    free(a->locals);
    free(a->counts);
    free(a->starts);
    free(a->terms);
    free(a->positions);
    memset(a, 0, sizeof *a);
}

uint32_t plain_number(plain_analyser *a, const char *stem, size_t n)
{
    uint32_t word = ns_lexicon_word(&a->lexicon, stem, n);
    if (word == UINT32_MAX)
        return UINT32_MAX;
    if (word >= a->stem_of_room) {
        uint32_t room = a->lexicon.word_capacity;
        uint32_t *stem_of = realloc(a->stem_of, room * sizeof *stem_of);
        if (!stem_of)
            return UINT32_MAX;
        memset(stem_of + a->stem_of_room, 0, (room - a->stem_of_room) * sizeof *stem_of);
        a->stem_of = stem_of;
        a->stem_of_room = room;
    }
    if (a->stem_of[word])
        return a->stem_of[word] - 1;
    if (a->known_count == a->known_room) {
        uint32_t room = a->known_room ? a->known_room * 2 : 4096;
        plain_stem *known = realloc(a->known, room * sizeof *known);
        if (!known)
            return UINT32_MAX;
        a->known = known;
        a->known_room = room;
    }
    const ns_word *w = &a->lexicon.words[word];
    a->known[a->known_count] = (plain_stem){w->text + w->length + 1, w->length + 1, 0, 0};
    a->stem_of[word] = ++a->known_count;
    return a->known_count - 1;
}

/* The stem of a form not met before; UINT32_MAX in *stem: nothing is left. False: out of memory. */
static bool analyse(plain_analyser *a, const plain_token *token, uint32_t *stem)
{
    char folded[NS_WORD_MAX + 1], stemmed[NS_WORD_MAX + 1];
    size_t length = fold(token->bytes, token->length, token->plain, folded);
    *stem = UINT32_MAX;
    if (!length)
        return true;
    size_t shorter = ns_stem(a->lexicon.stemmer, folded, length, stemmed);
    *stem = plain_number(a, shorter ? stemmed : folded, shorter ? shorter : length);
    return *stem != UINT32_MAX;
}

static uint64_t load(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* All bytes of a word of at most 16 that lies in a text that ends at 'end'. */
static void take_head(const char *word, size_t n, const char *end, uint64_t head[2])
{
    if (end - word < 16) {
        head[0] = head[1] = 0;
        memcpy(head, word, n);
        return;
    }
    const uint64_t all = ~UINT64_C(0);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    head[0] = load(word) & (n >= 8 ? all : ~(all << 8 * n));
    head[1] = n <= 8 ? 0 : load(word + 8) & (n >= 16 ? all : ~(all << 8 * (n - 8)));
#else
    head[0] = load(word) & (n >= 8 ? all : ~(all >> 8 * n));
    head[1] = n <= 8 ? 0 : load(word + 8) & (n >= 16 ? all : ~(all >> 8 * (n - 8)));
#endif
}

/* A token's stem, found again by its bytes or worked out. False: out of memory. */
static bool take_token(plain_analyser *a, const plain_token *token, const char *end)
{
    uint32_t slot = token->slot, stem;
    if (slot == UINT32_MAX) {
        if (!analyse(a, token, &stem))
            return false;
    } else {
        uint64_t head[2];
        take_head(token->bytes, token->length, end, head);
        while (a->raws[slot].length && (a->raws[slot].head[0] != head[0] || a->raws[slot].head[1] != head[1] ||
                                        a->raws[slot].length != token->length))
            slot = (slot + 1) & (RAW_SLOTS - 1);
        plain_raw *raw = &a->raws[slot];
        if (!raw->length) {
            if (!analyse(a, token, &stem))
                return false;
            *raw = (plain_raw){{head[0], head[1]}, token->length, stem};
            a->raw_count++;
        }
        stem = raw->stem;
    }
    if (stem != UINT32_MAX)
        a->stems[a->stem_count++] = stem;
    return true;
}

/* Words are forgotten between two texts when there are too many. */
static bool trim(plain_analyser *a)
{
    if (a->raw_count <= RAWS_KEPT)
        return true;
    memset(a->raws, 0, RAW_SLOTS * sizeof *a->raws);
    memset(a->stem_of, 0, a->stem_of_room * sizeof *a->stem_of);
    a->raw_count = a->known_count = 0;
    ns_lexicon_release(&a->lexicon);
    return ns_lexicon_init(&a->lexicon, NULL, NULL);
}

static bool reserve_tokens(plain_analyser *a, size_t wanted)
{
    if (wanted <= a->stem_room)
        return true;
    size_t room = wanted * 2;
    uint32_t *stems = realloc(a->stems, room * sizeof *stems);
    if (stems)
        a->stems = stems;
    plain_token *tokens = realloc(a->tokens, room * sizeof *tokens);
    if (tokens)
        a->tokens = tokens;
    if (!stems || !tokens)
        return false;
    a->stem_room = room;
    return true;
}

bool plain_cut(plain_analyser *a, const char *text, size_t n)
{
    const char *p = text, *end = text + n, *stop;
    size_t count = 0;
    bool plain;
    if (!reserve_tokens(a, a->stem_count + n))
        return false;
    for (; (stop = next_word(&p, end, &plain)) != NULL; p = stop) { /* where each may be is on its way to the cache */
        plain_token token = {p, (uint32_t)(stop - p), UINT32_MAX, plain};
        if (token.length <= 16) {
            uint64_t head[2];
            take_head(p, token.length, end, head);
            uint64_t hash = (head[0] ^ head[1] * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
            token.slot = (uint32_t)(hash >> 40) & (RAW_SLOTS - 1);
            __builtin_prefetch(&a->raws[token.slot]);
        }
        a->tokens[count++] = token;
    }
    for (size_t i = 0; i < count; i++)
        if (!take_token(a, &a->tokens[i], end))
            return false;
    return true;
}

size_t plain_query(plain_analyser *a, const char *text, size_t n, char (*keys)[NS_TERM_MAX], uint32_t *lengths,
                   size_t room)
{
    const char *p = text, *end = text + n, *stop;
    size_t count = 0;
    bool plain;
    for (; count < room && (stop = next_word(&p, end, &plain)) != NULL; p = stop) {
        char folded[NS_WORD_MAX + 1], stem[NS_WORD_MAX + 1];
        size_t length = fold(p, (size_t)(stop - p), plain, folded);
        size_t shorter = length ? ns_stem(a->lexicon.stemmer, folded, length, stem) : 0;
        if (!length)
            continue;
        length = shorter ? shorter : length;
        keys[count][0] = NS_TERM_STEM;
        memcpy(keys[count] + 1, shorter ? stem : folded, length);
        lengths[count++] = (uint32_t)length + 1;
    }
    return count;
}

/* ---------------------------------------------------------------- the terms of a passage */

static bool reserve(plain_analyser *a, size_t wanted)
{
    if (wanted <= a->room)
        return true;
    size_t room = wanted * 2;
    free(a->locals), free(a->counts), free(a->starts);
    free(a->terms), free(a->positions);
    a->locals = malloc(room * sizeof *a->locals);
    a->counts = malloc(room * sizeof *a->counts);
    a->starts = malloc(room * sizeof *a->starts);
    a->terms = malloc(room * sizeof *a->terms);
    a->positions = malloc(room * sizeof *a->positions);
    a->room = room;
    return a->locals && a->counts && a->starts && a->terms && a->positions;
}

static size_t count_stems(plain_analyser *a)
{
    size_t distinct = 0;
    a->stamp++;
    for (size_t i = 0; i < a->stem_count; i++) {
        plain_stem *stem = &a->known[a->stems[i]];
        if (stem->stamp != a->stamp) {
            stem->stamp = a->stamp;
            stem->local = (uint32_t)distinct;
            a->locals[distinct] = a->stems[i];
            a->counts[distinct++] = 0;
        }
        a->stems[i] = stem->local; /* from now on */
        a->counts[stem->local]++;
    }
    return distinct;
}

static void place_stems(plain_analyser *a, size_t distinct)
{
    uint32_t at = 0;
    for (size_t i = 0; i < distinct; i++) {
        a->starts[i] = at;
        at += a->counts[i];
    }
    for (size_t i = 0; i < a->stem_count; i++)
        a->positions[a->starts[a->stems[i]]++] = (uint32_t)i;
}

bool plain_passage(plain_analyser *a, const bench_passage *from, ns_passage *out)
{
    a->stem_count = 0;
    if (!trim(a) || !plain_cut(a, from->title, from->title_length) || !plain_cut(a, from->text, from->text_length) ||
        !reserve(a, a->stem_count + 1))
        return false;
    if (a->stem_count > TOKENS_MAX) /* what a passage can hold */
        a->stem_count = TOKENS_MAX;
    size_t distinct = count_stems(a);
    place_stems(a, distinct);
    for (size_t i = 0; i < distinct; i++) {
        uint32_t count = a->counts[i];
        const plain_stem *stem = &a->known[a->locals[i]];
        a->terms[i] = (ns_term){stem->key, stem->length, count, a->positions + a->starts[i] - count, count,
                                a->locals[i] + 1};
    }
    uint32_t length = (uint32_t)a->stem_count;
    if (!distinct) { /* an engine has no passage of no length */
        a->terms[0] = (ns_term){"w", 1, 1, NULL, 0, 0};
        distinct = length = 1;
    }
    *out = (ns_passage){.terms = a->terms, .term_count = (uint32_t)distinct, .length = length};
    return true;
}
