/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * wording.c - folds a line for matching and looks phrases up in it.
 */
#include "corpus/wording.h"

#include <ctype.h>
#include <string.h>

#include "corpus/charset.h"

/* Straight forms of what typographers and menus put in. 0: a bullet or arrow, left out. */
static int plain_form(uint32_t c)
{
    switch (c) {
    case 0x2018: case 0x2019: case 0x201b: case 0x2032: case 0x60: case 0xb4:
        return '\'';
    case 0x201c: case 0x201d: case 0x201f: case 0xab: case 0xbb:
        return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
        return '-';
    case 0x2022:
    case 0xb7:
    case 0x25cf:
    case 0x25aa:
    case 0x25a0:
    case 0x25ba:
    case 0x25b6:
    case 0x2192:
    case 0x2190:
    case 0x203a: case 0x2023: case 0x276f: case 0x2605: case 0x2b50:
        return 0;
    default:
        return -1;
    }
}

void ns_wording_fold(const char *s, size_t n, ns_folded *folded)
{
    const uint8_t *p = (const uint8_t *)s, *end = p + n;
    folded->n = 0;
    while (p < end && folded->n + 4 < NS_FOLD_SIZE) {
        if (*p > ' ' && *p < 0x7f && *p != '`') {
            folded->from[folded->n] = (uint16_t)((const char *)p - s);
            folded->text[folded->n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
            p++;
            continue;
        }
        uint32_t code;
        size_t length = ns_utf8_decode(p, end, &code);
        uint16_t from = (uint16_t)((const char *)p - s);
        int form = code < 0x80 ? tolower((int)code) : plain_form(code);
        if (code == '`')
            form = '\'';
        if (form == 0)
            form = ' ';
        if (form > 0) {
            if (form != ' ' || (folded->n && folded->text[folded->n - 1] != ' ')) {
                folded->from[folded->n] = from;
                folded->text[folded->n++] = (char)form;
            }
        } else {
            for (size_t i = 0; i < length; i++) {
                folded->from[folded->n] = from;
                folded->text[folded->n++] = (char)p[i];
            }
        }
        p += length;
    }
    folded->cut = p < end;
    while (folded->n && folded->text[folded->n - 1] == ' ')
        folded->n--;
    folded->text[folded->n] = '\0';
    folded->from[folded->n] = (uint16_t)((const char *)p - s);
}

static bool is_mark(char c)
{
    return c == ' ' || c == ':' || c == '-' || c == '.' || c == '*' || c == '|' || c == '>' || c == '"' ||
           c == '\'' || c == '[' || c == ']' || c == '(' || c == ')' || c == '!' || c == '+' || c == '/' ||
           c == '=' || c == '_' || c == '#' || c == ',' || c == '<';
}

size_t ns_begins_with(const ns_folded *folded, const char *const *phrases)
{
    size_t best = 0;
    for (; *phrases; phrases++) {
        if (**phrases != folded->text[0]) /* before the costlier look */
            continue;
        size_t n = strlen(*phrases);
        if (n > best && n <= folded->n && !memcmp(folded->text, *phrases, n))
            best = n;
    }
    return best;
}

bool ns_is_phrase(const ns_folded *folded, const char *const *phrases)
{
    size_t from = 0, to = folded->n;
    if (folded->cut)
        return false;
    while (from < to && is_mark(folded->text[from]))
        from++;
    while (to > from && is_mark(folded->text[to - 1]))
        to--;
    for (; *phrases; phrases++)
        if (**phrases == folded->text[from] && strlen(*phrases) == to - from &&
            !memcmp(folded->text + from, *phrases, to - from))
            return true;
    return false;
}

bool ns_holds_phrase(const ns_folded *folded, const char *const *phrases)
{
    for (; *phrases; phrases++) {
        size_t n = strlen(*phrases);
        for (const char *p = folded->text; (p = strstr(p, *phrases)) != NULL; p++)
            if ((p == folded->text || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n]))
                return true;
    }
    return false;
}

bool ns_all_words_in(const ns_folded *folded, const char *const *words)
{
    size_t seen = 0;
    for (size_t i = 0; i < folded->n;) {
        if (!isalnum((unsigned char)folded->text[i]) && !(folded->text[i] & 0x80)) {
            i++;
            continue;
        }
        size_t from = i;
        while (i < folded->n && (isalnum((unsigned char)folded->text[i]) || (folded->text[i] & 0x80) ||
                                 (folded->text[i] == '\'' && i + 1 < folded->n)))
            i++;
        const char *const *w = words;
        while (*w && (**w != folded->text[from] || strlen(*w) != i - from || memcmp(*w, folded->text + from, i - from)))
            w++;
        if (!*w)
            return false;
        seen++;
    }
    return seen > 0 && !folded->cut;
}
