/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * similar.c - a row of distances for each character of a text: rows[d][j] edits make the first j characters
 * of the word out of the first d of the text (Oommen and Loke 1997). Only what lies close to the diagonal is
 * worked out.
 */
#include "index/similar.h"

#include <string.h>

/* The next character; a byte that begins none stands for itself. */
static uint32_t next_char(const char **p, const char *end)
{
    unsigned char first = (unsigned char)*(*p)++;
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    uint32_t c = first;
    for (; more && *p < end && ((unsigned char)**p & 0xc0) == 0x80; more--)
        c = c << 8 | (unsigned char)*(*p)++;
    return c;
}

bool ns_similar_init(ns_similar *s, const char *word, size_t n, unsigned most)
{
    memset(s, 0, sizeof *s);
    s->most = most < NS_SIMILAR_EDITS ? most : NS_SIMILAR_EDITS;
    for (const char *end = word + n; word < end; s->length++) {
        if (s->length == NS_SIMILAR_CHARS)
            return false;
        s->word[s->length] = next_char(&word, end);
    }
    for (unsigned j = 0; j <= s->length; j++)
        s->rows[0][j] = (uint8_t)j;
    return true;
}

static uint8_t least(uint8_t a, unsigned b)
{
    return b < a ? (uint8_t)b : a;
}

/* Row d of the text; returns its least distance. */
static unsigned make_row(ns_similar *s, unsigned d)
{
    unsigned far = s->most + 1u, from = d > s->most ? d - s->most : 0, to = d + s->most, best = far;
    uint8_t *row = s->rows[d];
    const uint8_t *before = s->rows[d - 1];
    memset(row, (int)far, s->length + 1);
    for (unsigned j = from; j <= to && j <= s->length; j++) {
        uint8_t edits = (uint8_t)far;
        edits = least(edits, before[j] + 1u);
        if (j) {
            edits = least(edits, row[j - 1] + 1u);
            edits = least(edits, before[j - 1] + (s->text[d - 1] != s->word[j - 1]));
        }
        if (j > 1 && d > 1 && s->text[d - 1] == s->word[j - 2] && s->text[d - 2] == s->word[j - 1])
            edits = least(edits, s->rows[d - 2][j - 2] + 1u);
        row[j] = edits;
        best = edits < best ? edits : best;
    }
    return best;
}

static unsigned least_of(const ns_similar *s, unsigned d)
{
    unsigned best = UINT8_MAX;
    for (unsigned j = 0; j <= s->length; j++)
        best = s->rows[d][j] < best ? s->rows[d][j] : best;
    return best;
}

unsigned ns_similar_distance(ns_similar *s, const char *text, size_t n, size_t *dead)
{
    const char *p = text, *end = text + n;
    unsigned d = 0, before = 0; /* before: the least of the row before */
    bool same = true;
    *dead = 0;
    while (p < end) {
        uint32_t c = next_char(&p, end);
        unsigned best;
        d++;
        if (d > s->length + s->most) { /* too long, as all that go on from here */
            *dead = (size_t)(p - text);
            return s->most + 1;
        }
        same = same && d <= s->depth && s->text[d - 1] == c;
        if (same)
            best = least_of(s, d);
        else {
            s->text[d - 1] = c;
            best = make_row(s, d);
            s->depth = d;
        }
        if (best > s->most && before >= s->most) { /* not even a swap brings it back */
            *dead = (size_t)(p - text);
            return s->most + 1;
        }
        before = best;
    }
    return s->rows[d][s->length];
}
