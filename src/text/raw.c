/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * raw.c - the possessive cut, contractions, initials, numbers, joined prefixes, spelling.
 */
#include "src/text/raw.h"

#include <string.h>

#include "src/text/variants.h"

/* Bytes of an apostrophe at p (plain or curly), 0 if there is none. */
static size_t apostrophe_at(const char *p, const char *end)
{
    if (p < end && *p == '\'')
        return 1;
    if (end - p >= 3 && (unsigned char)p[0] == 0xe2 && (unsigned char)p[1] == 0x80 &&
        ((unsigned char)p[2] == 0x99 || (unsigned char)p[2] == 0x98))
        return 3;
    return end - p >= 2 && (unsigned char)p[0] == 0xca && (unsigned char)p[1] == 0xbc ? 2 : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Bytes at the end that are a possessive or a contracted verb: 's 'll 're 've 'd 'm. */
static size_t ending(const char *bytes, size_t n, bool *possessive)
{
    static const char *const endings[] = {"s", "ll", "re", "ve", "d", "m"};
    const char *end = bytes + n;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);
        if (n < length + 2)
            continue;
        const char *tail = end - length;
        size_t k = 0;
        while (k < length && lower(tail[k]) == endings[i][k])
            k++;
        if (k < length)
            continue;
        for (size_t back = 1; back <= 3 && (size_t)(tail - bytes) > back; back++)
            if (apostrophe_at(tail - back, tail) == back) {
                if (i == 0 && is_digit(tail[-(ptrdiff_t)back - 1]))
                    return 0; /* 1980's is 1980s */
                *possessive = i == 0;
                return length + back;
            }
    }
    return 0;
}

/* Joined with the word after a hyphen; those of 'spaced' also with the word after a space. */
static const char *const prefixes[] = {"anti",  "co",    "counter", "cyber", "e",     "hyper", "inter",
                                       "intra", "macro", "mega",    "micro", "mid",   "mini",  "mis",
                                       "multi", "non",   "over",    "post",  "pre",   "pro",   "re",
                                       "semi",  "sub",   "super",   "trans", "ultra", "un",    "under"};
static const char *const spaced[] = {"anti", "non"};

static bool is_one_of(const char *word, size_t n, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == n && !memcmp(list[i], word, n))
            return true;
    return false;
}
#define IS_ONE_OF(word, n, list) is_one_of(word, n, list, sizeof(list) / sizeof *(list))

bool ns_raw_is_compass_end(const char *bytes, size_t n)
{
    static const char *const ends[] = {"east",       "eastern",   "easterner", "easterners", "easterly",
                                       "eastward",   "eastwards", "west",      "western",    "westerner",
                                       "westerners", "westerly",  "westward",  "westwards"};
    char word[16];
    if (n < 4 || n >= sizeof word)
        return false;
    for (size_t i = 0; i < n; i++)
        word[i] = lower(bytes[i]);
    return IS_ONE_OF(word, n, ends);
}

bool ns_raw_stays_apart(const char *bytes, size_t n)
{
    /* re-sign is not resign; mid-May, pre-April are months; "e" and "co" with short words are initials. */
    static const char *const apart[] = {"april",   "august",   "december", "february", "form",
                                        "january", "july",     "june",     "lease",    "march",
                                        "may",     "november", "october",  "press",    "september",
                                        "sign",    "signed",   "signing",  "sort",     "sent"};
    char word[16];
    if (n < 3)
        return true;
    if (n >= sizeof word)
        return false;
    for (size_t i = 0; i < n; i++)
        word[i] = lower(bytes[i]);
    return IS_ONE_OF(word, n, apart);
}

/* "covid19", "5bn" and the "toldThe" of a lost space are two words; gives where the second begins, 0 for one
 * word. "iPhone" and "McDonald" are one. */
static size_t second_word(const char *bytes, const char *folded, size_t n)
{
    size_t lower_run = 0;
    while (lower_run < n && bytes[lower_run] >= 'a' && bytes[lower_run] <= 'z')
        lower_run++;
    if (lower_run >= 3 && lower_run + 2 < n && bytes[lower_run] >= 'A' && bytes[lower_run] <= 'Z' &&
        bytes[lower_run + 1] >= 'a' && bytes[lower_run + 1] <= 'z')
        return lower_run;
    static const char *const units[] = {"bn", "mn", "bln", "mln",     "tn",      "trn",     "pct",
                                        "km", "kg", "mph", "billion", "million", "trillion"};
    if (n > 5 && !memcmp(folded, "covid", 5) && is_digit(folded[5]))
        return 5;
    if (!is_digit(folded[0]))
        return 0;
    size_t i = 1;
    while (i < n && (is_digit(folded[i]) || folded[i] == '.'))
        i++;
    return i < n && IS_ONE_OF(folded + i, n - i, units) ? i : 0;
}

static uint32_t uniform(ns_lexicon *lexicon, const char *folded, size_t n)
{
    const char *variant = ns_variant(folded, n);
    return variant ? ns_lexicon_word(lexicon, variant, strlen(variant)) : ns_lexicon_word(lexicon, folded, n);
}

/* Commas between digits and periods between initials vanish. */
static size_t drop(char *folded, size_t n, char dropped)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (folded[i] != dropped)
            folded[used++] = folded[i];
    folded[used] = '\0';
    return used;
}

/* The 's of "NATO's" is no lower-case letter of the name. */
static void settle_case(const char *bytes, size_t n, ns_raw *raw)
{
    unsigned uppers = 0;
    for (size_t i = 0; i < n; i++) {
        if ((bytes[i] >= 'a' && bytes[i] <= 'z') || (unsigned char)bytes[i] >= 0x80)
            return;
        uppers += bytes[i] >= 'A' && bytes[i] <= 'Z';
    }
    raw->flags &= (uint16_t)~NS_RAW_LOWER;
    if (uppers >= 2)
        raw->flags |= NS_RAW_UPPER;
}

bool ns_raw_analyse(ns_lexicon *lexicon, const char *bytes, size_t n, ns_raw *raw)
{
    char folded[NS_WORD_MAX + 1];
    bool possessive = false;
    size_t cut = ending(bytes, n, &possessive);
    raw->cut = (uint16_t)cut;
    if (possessive)
        raw->flags |= NS_RAW_POSSESSIVE;
    n -= cut;
    if (cut)
        settle_case(bytes, n, raw);
    size_t length = ns_fold_word(bytes, n, folded, sizeof folded);
    if (raw->flags & NS_RAW_NUMBER)
        length = drop(folded, length, ',');
    if (raw->flags & NS_RAW_INITIALS)
        length = drop(folded, length, '.');
    if (!length)
        return true; /* a run of marks or ignored characters */
    bool initials = raw->flags & NS_RAW_INITIALS;
    if ((initials && length == 2 && !memcmp(folded, "us", 2)) || (length == 3 && !memcmp(folded, "usa", 3)) ||
        (n == 2 && !memcmp(bytes, "US", 2))) {
        if (n == 2)
            raw->flags |= NS_RAW_COUNTRY_US;
        raw->word = lexicon->us;
        return true;
    }
    if (!cut && !initials && !(raw->flags & NS_RAW_JOINED)) {
        if (IS_ONE_OF(folded, length, prefixes))
            raw->flags |= NS_RAW_JOINS_HYPHEN;
        if (IS_ONE_OF(folded, length, spaced))
            raw->flags |= NS_RAW_JOINS_SPACE;
        if (length == 5 && (!memcmp(folded, "north", 5) || !memcmp(folded, "south", 5)))
            raw->flags |= NS_RAW_COMPASS;
        if (length == 3 && !memcmp(folded, "per", 3))
            raw->flags |= NS_RAW_PER;
    }
    size_t second = length == n ? second_word(bytes, folded, length) : 0;
    if (second) {
        raw->second_begin = (uint32_t)second;
        raw->second = uniform(lexicon, folded + second, length - second);
        if (raw->second == UINT32_MAX)
            return false;
        length = second;
    }
    raw->word = uniform(lexicon, folded, length);
    return raw->word != UINT32_MAX;
}
