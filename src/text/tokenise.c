/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tokenise.c - one pass over the bytes: plain ASCII through a table, the rest through utf8proc. Finds where
 * words begin and end; what a word folds to is the lexicon's work.
 */
#include "src/text/tokenise.h"

#include <stdlib.h>
#include <string.h>

#include "src/text/fold.h"
#include "src/text/raw.h"

enum { OTHER, LOWER, UPPER, DIGIT, HIGH, APOSTROPHE, HYPHEN, PERIOD, COMMA, SPACE, STOP, QUOTE };

static const uint8_t classes[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE,      ['\r'] = SPACE, [' '] = SPACE,
    ['!'] = STOP,   ['?'] = STOP,   ['"'] = QUOTE,  ['\''] = APOSTROPHE, ['-'] = HYPHEN, ['.'] = PERIOD,
    [','] = COMMA,  ['0'] = DIGIT,  ['1'] = DIGIT,  ['2'] = DIGIT,       ['3'] = DIGIT,  ['4'] = DIGIT,
    ['5'] = DIGIT,  ['6'] = DIGIT,  ['7'] = DIGIT,  ['8'] = DIGIT,       ['9'] = DIGIT,  ['A'] = UPPER,
    ['B'] = UPPER,  ['C'] = UPPER,  ['D'] = UPPER,  ['E'] = UPPER,       ['F'] = UPPER,  ['G'] = UPPER,
    ['H'] = UPPER,  ['I'] = UPPER,  ['J'] = UPPER,  ['K'] = UPPER,       ['L'] = UPPER,  ['M'] = UPPER,
    ['N'] = UPPER,  ['O'] = UPPER,  ['P'] = UPPER,  ['Q'] = UPPER,       ['R'] = UPPER,  ['S'] = UPPER,
    ['T'] = UPPER,  ['U'] = UPPER,  ['V'] = UPPER,  ['W'] = UPPER,       ['X'] = UPPER,  ['Y'] = UPPER,
    ['Z'] = UPPER,  ['a'] = LOWER,  ['b'] = LOWER,  ['c'] = LOWER,       ['d'] = LOWER,  ['e'] = LOWER,
    ['f'] = LOWER,  ['g'] = LOWER,  ['h'] = LOWER,  ['i'] = LOWER,       ['j'] = LOWER,  ['k'] = LOWER,
    ['l'] = LOWER,  ['m'] = LOWER,  ['n'] = LOWER,  ['o'] = LOWER,       ['p'] = LOWER,  ['q'] = LOWER,
    ['r'] = LOWER,  ['s'] = LOWER,  ['t'] = LOWER,  ['u'] = LOWER,       ['v'] = LOWER,  ['w'] = LOWER,
    ['x'] = LOWER,  ['y'] = LOWER,  ['z'] = LOWER,  [0x80 ... 0xff] = HIGH,
};

static inline unsigned class_of(char c)
{
    return classes[(unsigned char)c];
}

typedef struct cursor {
    ns_lexicon *lexicon;
    const char *text, *end, *p;
    uint32_t base;
    ns_lexemes *out;
} cursor;

static bool is_letter(const char *p, const char *end)
{
    if (p >= end)
        return false;
    unsigned class = class_of(*p);
    if (class != HIGH)
        return class == LOWER || class == UPPER;
    size_t length;
    ns_char_class high = ns_char_classify(ns_utf8_next(p, end, &length));
    return high == NS_CHAR_WORD || high == NS_CHAR_UPPER;
}

static bool is_word(const char *p, const char *end)
{
    return (p < end && class_of(*p) == DIGIT) || is_letter(p, end);
}

static bool is_digit(const char *p, const char *end)
{
    return p < end && class_of(*p) == DIGIT;
}

static bool is_ascii_letter(const char *p, const char *end)
{
    return p < end && (class_of(*p) == LOWER || class_of(*p) == UPPER);
}

/* "U.S." "U.S.A" "e.g.": the end of such a run of at least two letters, else NULL. */
static const char *initials_end(const char *p, const char *end)
{
    const char *q = p;
    int letters = 0;
    while (is_ascii_letter(q, end) && q + 1 < end && q[1] == '.')
        q += 2, letters++;
    if (letters && is_ascii_letter(q, end) && !is_word(q + 1, end))
        q++, letters++;
    return letters >= 2 ? q : NULL;
}

/* A comma that groups thousands: exactly three digits follow. */
static bool groups_thousands(const char *p, const char *end)
{
    return is_digit(p + 1, end) && is_digit(p + 2, end) && is_digit(p + 3, end) && !is_digit(p + 4, end);
}

/* The end of the word at p, and what was seen in it. */
static const char *word_end(const char *start, const char *end, unsigned *flags)
{
    const char *p = start;
    bool seen_lower = false, seen_digit = false;
    unsigned uppers = 0;
    unsigned first = class_of(*start);
    *flags = first == UPPER ? NS_RAW_CAPITAL : first == DIGIT ? NS_RAW_NUMBER : 0;
    while (p < end) {
        unsigned class = class_of(*p);
        if (class == LOWER) {
            seen_lower = true;
            do
                p++;
            while (p < end && class_of(*p) == LOWER);
        } else if (class == UPPER) {
            uppers++;
            p++;
        } else if (class == DIGIT) {
            seen_digit = true;
            p++;
        } else if (class == HIGH) {
            size_t length;
            ns_char_class high = ns_char_classify(ns_utf8_next(p, end, &length));
            if (high == NS_CHAR_IDEOGRAPH) {
                if (p == start)
                    return p + length;
                break;
            }
            if (high == NS_CHAR_UPPER) {
                uppers++;
                if (p == start)
                    *flags |= NS_RAW_CAPITAL;
            } else if (high == NS_CHAR_WORD) {
                seen_lower = true;
            } else if (high != NS_CHAR_IGNORED &&
                       !(high == NS_CHAR_APOSTROPHE && p > start && is_letter(p + length, end))) {
                break;
            }
            p += length;
        } else if (class == APOSTROPHE) {
            if (!is_letter(p + 1, end))
                break;
            p++;
        } else if (class == PERIOD) {
            if (!(is_digit(p - 1, end) && is_digit(p + 1, end)))
                break;
            p++;
        } else if (class == COMMA) {
            if (!(seen_digit && is_digit(p - 1, end) && groups_thousands(p, end)))
                break;
            p++;
        } else if (*p == '&') {
            if (!is_word(p + 1, end) || !uppers || seen_lower)
                break;
            p++;
        } else {
            break;
        }
    }
    if (uppers >= 2 && !seen_lower)
        *flags |= NS_RAW_UPPER;
    if (seen_lower)
        *flags |= NS_RAW_LOWER;
    return p;
}

static size_t hyphen_at(const char *p, const char *end)
{
    if (p < end && *p == '-')
        return 1;
    if (end - p >= 3 && (unsigned char)p[0] == 0xe2 && (unsigned char)p[1] == 0x80 &&
        ((unsigned char)p[2] == 0x90 || (unsigned char)p[2] == 0x91))
        return 3;
    return 0;
}

/* Where the word ends if what follows is to be joined to it (anti-tank, north east, per cent), else NULL. */
static const char *joined_end(const cursor *c, const char *first_end, unsigned first_flags)
{
    size_t gap = hyphen_at(first_end, c->end);
    bool hyphen = gap > 0;
    if (!hyphen && first_end < c->end && *first_end == ' ')
        gap = 1;
    const char *next = first_end + gap;
    if (!gap || !is_letter(next, c->end))
        return NULL;
    unsigned flags;
    const char *end = word_end(next, c->end, &flags);
    size_t n = (size_t)(end - next);
    if ((first_flags & NS_RAW_COMPASS) && ns_raw_is_compass_end(next, n))
        return end;
    if ((first_flags & NS_RAW_PER) && !hyphen && n == 4 && !strncmp(next, "cent", 4))
        return end;
    if ((first_flags & (hyphen ? NS_RAW_JOINS_HYPHEN : NS_RAW_JOINS_SPACE)) && !ns_raw_stays_apart(next, n))
        return end;
    return NULL;
}

static bool add(cursor *c, const char *begin, const char *end, uint32_t word, unsigned flags, unsigned gap)
{
    ns_lexemes *out = c->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 1024;
        ns_lexeme *items = realloc(out->items, capacity * sizeof *items);
        if (!items)
            return false;
        out->items = items;
        out->capacity = capacity;
    }
    out->items[out->count++] =
        (ns_lexeme){c->base + (uint32_t)(begin - c->text), c->base + (uint32_t)(end - c->text), word,
                    (uint16_t)flags, (uint16_t)gap};
    return true;
}

/* Takes the word at c->p. Adds to *gap when it turns out to be none. */
static bool take_word(cursor *c, unsigned *gap)
{
    const char *start = c->p, *end = c->end - start > 1 && start[1] == '.' ? initials_end(start, c->end) : NULL;
    unsigned flags = 0;
    if (end)
        flags = NS_RAW_INITIALS | (class_of(*start) == UPPER ? NS_RAW_CAPITAL | NS_RAW_UPPER : NS_RAW_LOWER);
    else
        end = word_end(start, c->end, &flags);
    const ns_raw *raw = ns_lexicon_raw(c->lexicon, start, (size_t)(end - start), flags);
    if (!raw)
        return false;
    if (raw->flags & (NS_RAW_JOINS_HYPHEN | NS_RAW_JOINS_SPACE | NS_RAW_COMPASS | NS_RAW_PER)) {
        const char *joined = joined_end(c, end, raw->flags);
        if (joined) {
            end = joined;
            raw = ns_lexicon_raw(c->lexicon, start, (size_t)(end - start), flags | NS_RAW_JOINED);
            if (!raw)
                return false;
        }
    }
    c->p = end;
    if (raw->word == UINT32_MAX) {
        *gap |= NS_GAP_COMMA;
        return true;
    }
    const char *shown_end = end - raw->cut;
    if (raw->second != UINT32_MAX) {
        const char *middle = start + raw->second_begin;
        if (!add(c, start, middle, raw->word, raw->flags, *gap) ||
            !add(c, middle, shown_end, raw->second,
                 class_of(*middle) == UPPER ? NS_RAW_LOWER | NS_RAW_CAPITAL : NS_RAW_LOWER, 0))
            return false;
    } else if (!add(c, start, shown_end, raw->word, raw->flags, *gap)) {
        return false;
    }
    *gap = raw->flags & NS_RAW_POSSESSIVE ? NS_GAP_POSSESSIVE : 0;
    return true;
}

/* Takes one character between words. */
static bool take_mark(cursor *c, unsigned class, unsigned *gap)
{
    switch (class) {
    case SPACE:
        *gap |= NS_GAP_SPACE;
        break;
    case PERIOD:
        if (*gap & NS_GAP_PERIOD)
            *gap |= NS_GAP_ELLIPSIS;
        else
            *gap |= *gap & NS_GAP_SPACE ? NS_GAP_PERIOD | NS_GAP_SPACED_PERIOD : NS_GAP_PERIOD;
        break;
    case STOP:
        *gap |= NS_GAP_STOP;
        break;
    case HYPHEN:
        *gap |= NS_GAP_HYPHEN;
        break;
    case QUOTE:
        *gap |= NS_GAP_QUOTE;
        break;
    case APOSTROPHE:
        *gap |= NS_GAP_APOSTROPHE;
        break;
    default:
        *gap |= *c->p == '&' ? NS_GAP_AND : NS_GAP_COMMA;
        break;
    }
    if (*c->p == '%' && c->p > c->text && is_digit(c->p - 1, c->end)) {
        if (!add(c, c->p, c->p + 1, c->lexicon->percent, NS_RAW_LOWER, 0))
            return false;
        *gap = 0;
    }
    c->p++;
    return true;
}

static bool take_high(cursor *c, unsigned *gap)
{
    size_t length;
    uint32_t code = ns_utf8_next(c->p, c->end, &length);
    switch (ns_char_classify(code)) {
    case NS_CHAR_WORD:
    case NS_CHAR_UPPER:
    case NS_CHAR_IDEOGRAPH:
        return take_word(c, gap);
    case NS_CHAR_APOSTROPHE:
        *gap |= NS_GAP_APOSTROPHE;
        break;
    case NS_CHAR_HYPHEN:
        *gap |= NS_GAP_HYPHEN;
        break;
    case NS_CHAR_QUOTE:
        *gap |= NS_GAP_QUOTE;
        break;
    case NS_CHAR_SPACE:
        *gap |= NS_GAP_SPACE;
        break;
    case NS_CHAR_STOP:
        *gap |= code == 0x2026 ? NS_GAP_ELLIPSIS : NS_GAP_STOP;
        break;
    case NS_CHAR_IGNORED:
        break;
    case NS_CHAR_OTHER:
        *gap |= NS_GAP_COMMA;
        break;
    }
    c->p += length;
    return true;
}

/* Until there are 'most' tokens, or one more. */
static bool take_all(cursor *c, size_t most)
{
    unsigned gap = NS_GAP_START;
    while (c->p < c->end && c->out->count < most) {
        unsigned class = class_of(*c->p);
        bool ok = class == LOWER || class == UPPER || class == DIGIT ? take_word(c, &gap)
                  : class == HIGH                                    ? take_high(c, &gap)
                                                                     : take_mark(c, class, &gap);
        if (!ok)
            return false;
    }
    return true;
}

static void settle_us(const ns_lexicon *lexicon, size_t first, bool is_query, ns_lexemes *out)
{
    bool lower = is_query, country = false;
    for (size_t i = first; i < out->count; i++) {
        lower = lower || out->items[i].flags & NS_RAW_LOWER;
        country = country || out->items[i].flags & NS_RAW_COUNTRY_US;
    }
    if (country && !lower)
        for (size_t i = first; i < out->count; i++)
            if (out->items[i].flags & NS_RAW_COUNTRY_US)
                out->items[i].word = lexicon->pronoun_us;
}

bool ns_tokenise(ns_lexicon *lexicon, const char *text, size_t n, uint32_t base, bool is_query,
                 ns_lexemes *out)
{
    cursor c = {lexicon, text, text + n, text, base, out};
    size_t first = out->count;
    if (!take_all(&c, SIZE_MAX))
        return false;
    settle_us(lexicon, first, is_query, out);
    return true;
}

bool ns_tokenise_some(ns_lexicon *lexicon, const char *text, size_t n, uint32_t base, size_t most,
                      ns_lexemes *out, size_t *end)
{
    cursor c = {lexicon, text, text + n, text, base, out};
    size_t first = out->count;
    if (!take_all(&c, most + 1))
        return false;
    *end = n;
    if (out->count > most) {
        out->count = most;
        *end = most > first ? out->items[most - 1].end - base : 0;
    }
    settle_us(lexicon, first, false, out);
    return true;
}

void ns_lexemes_release(ns_lexemes *lexemes)
{
    free(lexemes->items);
    *lexemes = (ns_lexemes){0};
}
