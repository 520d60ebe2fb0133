/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lines.c - cuts a text into lines and undoes hard wrapping. Texts wrapped at a column come in two styles:
 * a new paragraph is indented, or it follows a line that has room for the next word.
 */
#include "corpus/lines.h"

#include <ctype.h>
#include <string.h>

enum {
    WRAP_WIDTH = 100,   /* bytes; wider lines are paragraphs of their own */
    LINE_LIMIT = 200000 /* the last line takes what is left: memory stays in bounds */
};

/* A line as it stands in the text, trimmed. */
typedef struct raw {
    const char *p;
    size_t n;
    uint32_t indent;
    bool after_blank;
} raw;

typedef struct wrap {
    bool wrapped;
    bool indented; /* paragraphs begin with an indentation */
    uint32_t base; /* the smallest indentation */
    size_t width;  /* of the widest line */
} wrap;

/* The length of the white space character at p, or 0. */
static size_t space_at(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    if (*u == ' ' || *u == '\t' || *u == '\n')
        return 1;
    if (*u == 0xc2 && end - p >= 2 && u[1] == 0xa0)
        return 2;
    if (*u == 0xe2 && end - p >= 3 && u[1] == 0x80 && (u[2] <= 0x8a || u[2] == 0xaf))
        return 3;
    if (*u == 0xe3 && end - p >= 3 && u[1] == 0x80 && u[2] == 0x80)
        return 3;
    return 0;
}

static raw trim(const char *p, const char *end)
{
    raw r = { p, 0, 0, false };
    size_t n;
    while (p < end && (n = space_at(p, end)) != 0) {
        r.indent += *p == '\t' ? 4 : 1;
        p += n;
    }
    while (end > p) {
        size_t back = 1;
        while (back < 3 && end - p > (ptrdiff_t)back && ((unsigned char)end[-(ptrdiff_t)back] & 0xc0) == 0x80)
            back++;
        if (space_at(end - back, end) != back)
            break;
        end -= back;
    }
    r.p = p;
    r.n = (size_t)(end - p);
    return r;
}

static bool starts_low(const raw *r)
{
    return islower((unsigned char)r->p[0]);
}

/* Ends as a sentence ends, closing quotes and brackets aside. */
static bool is_ended(const char *p, size_t n)
{
    while (n) {
        unsigned char c = (unsigned char)p[n - 1];
        if (c == '"' || c == '\'' || c == ')' || c == ']' || c == ' ') {
            n--;
        } else if (n >= 3 && (unsigned char)p[n - 3] == 0xe2 && (unsigned char)p[n - 2] == 0x80) {
            if (c == 0xa6) /* … */
                return true;
            if (c != 0x99 && c != 0x9d && c != 0x9c && c != 0x98)
                return false;
            n -= 3;
        } else {
            return c == '.' || c == '!' || c == '?' || c == ':' || c == ';';
        }
    }
    return false;
}

static wrap find_wrap(const raw *lines, size_t count)
{
    wrap w = { false, false, UINT32_MAX, 0 };
    size_t inner = 0, open = 0, low = 0, bytes = 0, wide = 0, deep = 0, deep_inner = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].n > WRAP_WIDTH) {
            wide++;
            continue;
        }
        if (lines[i].n > w.width)
            w.width = lines[i].n;
        if (lines[i].indent < w.base)
            w.base = lines[i].indent;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        const raw *next = &lines[i + 1];
        if (next->after_blank)
            continue;
        bool is_deep = next->indent >= w.base + 2;
        deep += is_deep;
        if (lines[i].n > WRAP_WIDTH)
            continue;
        inner++;
        deep_inner += is_deep;
        if (is_deep)
            continue;
        bytes += lines[i].n;
        open += !is_ended(lines[i].p, lines[i].n);
        low += starts_low(next);
    }
    size_t flat = inner - deep_inner; /* pairs in which the second line may go on the first */
    if (!flat || wide * 50 > count || bytes / flat < 35)
        return w;
    w.wrapped = low * 4 >= flat && open * 5 >= flat * 2;
    w.indented = deep > 0 && deep * 5 <= count * 4;
    return w;
}

/* The last line of a wire report is no part of its last sentence. */
static bool is_end_mark(const raw *line)
{
    static const char *const words[] = {"REUTER", "Reuter", "REUTERS", "Reuters", "-30-", "ENDS", "ENDIT"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (line->n == strlen(words[i]) && !memcmp(line->p, words[i], line->n))
            return true;
    return false;
}

static bool goes_on(const wrap *w, const raw *line, const raw *next)
{
    if (!w->wrapped || next->after_blank || line->n > WRAP_WIDTH || is_end_mark(next))
        return false;
    if (next->indent >= w->base + 2 && next->indent > line->indent)
        return false;
    if (w->indented)
        return next->indent < w->base + 2;
    if (starts_low(next))
        return true;
    const char *blank = memchr(next->p, ' ', next->n);
    size_t word = blank ? (size_t)(blank - next->p) : next->n;
    return line->n + 1 + word > w->width - w->width / 8;
}

/* Copies with white space made single; returns the new end. */
static char *squeeze(char *to, const char *p, size_t n)
{
    const char *end = p + n;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        size_t space = c > ' ' && c < 0xc2 ? 0 : space_at(p, end);
        if (!space) {
            *to++ = *p++;
            continue;
        }
        p += space;
        if (to[-1] != ' ') /* the caller has put a byte before */
            *to++ = ' ';
    }
    return to;
}

void ns_line_look(ns_line *line)
{
    line->words = line->n != 0;
    for (size_t i = 0; i < line->n; i++)
        line->words += line->text[i] == ' ';
    line->ended = is_ended(line->text, line->n);
    line->prose = line->n >= 140 || (line->ended && line->words >= 7) || (line->ended && line->n >= 60);
}

bool ns_lines_cut(ns_arena *arena, const char *text, size_t n, ns_lines *lines)
{
    if (n == 0)
        text = "";
    const char *end = text + n;
    size_t most = 1;
    lines->line = NULL;
    lines->count = 0;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL && ++p < end;)
        most += *p != '\n';
    if (most > LINE_LIMIT)
        most = LINE_LIMIT;
    raw *all = ns_arena_array(arena, most, sizeof *all);
    if (!all)
        return false;
    size_t count = 0;
    bool blank = false;
    for (const char *p = text; p < end;) {
        const char *newline = count + 1 < LINE_LIMIT ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        const char *stop = newline ? newline : end;
        raw r = trim(p, stop);
        p = stop + (newline != NULL);
        if (!r.n) {
            blank = true;
            continue;
        }
        r.after_blank = blank;
        blank = false;
        all[count++] = r;
    }
    lines->line = ns_arena_array(arena, count ? count : 1, sizeof *lines->line);
    char *bytes = ns_arena_take(arena, n + 2 * count + 2);
    if (!lines->line || !bytes)
        return false;
    wrap w = find_wrap(all, count);
    *bytes++ = '\0';
    for (size_t i = 0; i < count;) {
        ns_line *line = &lines->line[lines->count++];
        *line = (ns_line){ .text = bytes, .after_blank = all[i].after_blank };
        char *to = squeeze(bytes, all[i].p, all[i].n);
        for (i++; i < count && goes_on(&w, &all[i - 1], &all[i]); i++) {
            if (!(to[-1] == '-' && to - bytes > 1 && isalpha((unsigned char)to[-2]) && starts_low(&all[i])))
                *to++ = ' ';
            to = squeeze(to, all[i].p, all[i].n);
        }
        line->n = (size_t)(to - bytes);
        *to++ = '\0';
        bytes = to;
        ns_line_look(line);
    }
    return true;
}
