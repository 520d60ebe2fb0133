/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quote.c - pairs the quotation marks of an article. A mark opens or closes by its shape and by what stands on its two
 * sides; an apostrophe is one only where a quotation can begin or end. What has no partner is no quotation, unless the
 * next paragraph takes it up with an opening mark of its own.
 */
#include "src/text/quote.h"

#include <string.h>

#include "src/text/fold.h"
#include "src/text/quote_speaker.h"

typedef struct mark {
    uint32_t begin, end; /* bytes of the text */
    uint32_t token;      /* the first after it */
    bool single;
    bool opens, closes;
    bool weak; /* closes, but may be a possessive: the ministers' decision */
} mark;

typedef struct finder {
    const ns_lexicon *lexicon;
    const ns_lexeme *tokens;
    ns_arena *arena;
    mark *marks; /* of the text in hand */
    size_t count, capacity;
    ns_quotes *out;
    size_t quote_capacity;
} finder;

/* ---- one mark */

static bool is_space(uint32_t c)
{
    return c <= ' ' || c == 0xa0 || c == 0x2009 || c == 0x202f;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == 0x2013 || c == 0x2014;
}

static bool is_letter_or_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (c >= 0xc0 && (ns_char_classify(c) == NS_CHAR_WORD || ns_char_classify(c) == NS_CHAR_UPPER));
}

static bool is_quote(uint32_t c)
{
    return c == '"' || c == '\'' || c == 0xab || c == 0xbb || (c >= 0x2018 && c <= 0x201f);
}

/* What a quotation can begin with: a word, another mark, [he], ... */
static bool begins_text(uint32_t c)
{
    return is_letter_or_digit(c) || is_quote(c) || c == '[' || c == '(' || c == '$' || c == 0x2026 || c == '.' ||
           c == 0xa3 || c == 0x20ac || c == '#' || c == '@';
}

static uint32_t char_before(const char *text, const char *p)
{
    if (p == text)
        return ' ';
    const char *q = p - 1;
    while (q > text && ((unsigned char)*q & 0xc0) == 0x80)
        q--;
    size_t n;
    return ns_utf8_next(q, p, &n);
}

static uint32_t char_at(const char *p, const char *end)
{
    size_t n;
    return p < end ? ns_utf8_next(p, end, &n) : ' ';
}

/* 'em, 'til, the '90s: the apostrophe stands for what was left out. */
static bool is_elision(const char *p, const char *end)
{
    static const char *const words[] = {"em", "til", "tis", "twas", "cause", "bout", "round", "n", "cos", "im"};
    size_t n = 0;
    if (p < end && *p >= '0' && *p <= '9')
        return true;
    while (p + n < end && is_letter_or_digit((unsigned char)p[n]))
        n++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (n == strlen(words[i]) && !strncasecmp(p, words[i], n))
            return true;
    return false;
}

/* Sets what a mark does by its sides. */
static void judge(mark *m, uint32_t c, const char *text, const char *end)
{
    uint32_t before = char_before(text, text + m->begin), after = char_at(text + m->end, end);
    bool left = is_space(before) || before == '(' || before == '[' || is_dash(before) || before == '/' ||
                before == 0x2026 || (is_quote(before) && before != c);
    bool right = !begins_text(after) || after == '.' || is_dash(after);
    if (m->single) {
        bool word_follows = is_letter_or_digit(after) || after == '"' || after == 0x201c || after == '[' ||
                            after == 0x2026;
        m->opens = c != 0x2019 && (left || before == ':' || before == ',') && word_follows &&
                   !is_elision(text + m->end, end);
        m->closes = c != 0x2018 && !is_space(before) && (right || is_quote(after)) && !m->opens;
        m->weak = (before | 32) == 's' && is_space(after);
        return;
    }
    switch (c) {
    case 0x201c: /* German ones close with it */
        m->closes = !left && right;
        m->opens = !m->closes;
        return;
    case 0x201d:
    case 0xbb:
        m->opens = left && !right && !is_space(after);
        m->closes = !m->opens;
        return;
    case 0xab:
        m->closes = !left && right;
        m->opens = !m->closes;
        return;
    case 0x201e:
    case 0x201f:
    case '`':
        m->opens = true;
        return;
    }
    m->opens = left || !right;
    m->closes = !left || right;
    if (left && !right)
        m->closes = false;
    if (!left && right)
        m->opens = false;
}

static bool add_mark(finder *f, mark m)
{
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 32;
        mark *marks = ns_arena_array(f->arena, capacity, sizeof *marks);
        if (!marks)
            return false;
        if (f->count)
            memcpy(marks, f->marks, f->count * sizeof *marks);
        f->marks = marks;
        f->capacity = capacity;
    }
    f->marks[f->count++] = m;
    return true;
}

/* The marks of text[from, to), which lies between two words. */
static bool scan_gap(finder *f, const char *text, size_t n, uint32_t from, uint32_t to, uint32_t token)
{
    const char *p = text + from, *end = text + to;
    /* the possessive that was cut off the word before */
    uint32_t c = char_at(p, end);
    if (from && (c == '\'' || c == 0x2019) && is_letter_or_digit(char_at(p + (c == '\'' ? 1 : 3), end)))
        for (p += c == '\'' ? 1 : 3; p < end && is_letter_or_digit((unsigned char)*p);)
            p++;
    while (p < end) {
        size_t length;
        c = ns_utf8_next(p, end, &length);
        mark m = {.begin = (uint32_t)(p - text), .token = token};
        bool twice = (c == '\'' || c == '`') && p + 1 < end && p[1] == p[0];
        m.single = (c == '\'' && !twice) || c == 0x2018 || c == 0x2019 || c == 0x201a || c == 0x201b;
        if (m.single || twice || c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f)) {
            m.end = m.begin + (uint32_t)length + twice;
            judge(&m, c, text, text + n);
            if ((m.opens || m.closes) && !add_mark(f, m))
                return false;
            length += twice;
        }
        p += length;
    }
    return true;
}

static bool scan_text(finder *f, const char *text, size_t n, ns_span span, uint32_t base)
{
    const uint16_t may_quote = NS_GAP_QUOTE | NS_GAP_APOSTROPHE | NS_GAP_COMMA | NS_GAP_POSSESSIVE;
    uint32_t from = 0;
    f->count = 0;
    for (uint32_t i = span.first; i < span.last; i++) {
        const ns_lexeme *t = &f->tokens[i];
        if ((t->gap & may_quote) && !scan_gap(f, text, n, from, t->begin - base, i))
            return false;
        from = t->end - base;
    }
    return scan_gap(f, text, n, from, (uint32_t)n, span.last);
}

/* ---- pairs */

/* The mark that closes marks[i], or f->count. */
static size_t partner(const finder *f, size_t i)
{
    size_t weak = f->count;
    for (size_t k = i + 1; k < f->count; k++) {
        const mark *m = &f->marks[k];
        if (m->single != f->marks[i].single)
            continue;
        if (m->closes && !m->weak)
            return k;
        if (m->closes && weak == f->count)
            weak = k;
        if (m->opens && !m->closes)
            return weak; /* another begins: this one has ended, or never does */
    }
    return weak;
}

static bool add_quote(finder *f, uint32_t first, uint32_t last, uint32_t begin, uint32_t end)
{
    ns_quotes *out = f->out;
    if (first >= last)
        return true;
    if (out->count == f->quote_capacity) {
        size_t capacity = f->quote_capacity ? 2 * f->quote_capacity : 16;
        ns_quote *items = ns_arena_array(f->arena, capacity, sizeof *items);
        if (!items)
            return false;
        if (out->count)
            memcpy(items, out->items, out->count * sizeof *items);
        out->items = items;
        f->quote_capacity = capacity;
    }
    out->items[out->count++] =
        (ns_quote){.first = first, .last = last, .begin = begin, .end = end, .entity = UINT32_MAX};
    return true;
}

/* Rock 'n' roll, the letter 'b'. */
static bool is_letter(const finder *f, size_t open, size_t close)
{
    uint32_t token = f->marks[open].token;
    return f->marks[open].single && f->marks[close].token == token + 1 &&
           f->lexicon->words[f->tokens[token].word].length < 2;
}

/* One that was left open in the text before; first == last: none. */
typedef struct unfinished {
    bool open, single;
    uint32_t first, begin;
} unfinished;

static bool pair_marks(finder *f, ns_span span, uint32_t base, unfinished *before)
{
    size_t i = 0;
    bool ok = true;
    if (before->open) {
        bool taken_up = f->count && f->marks[0].token == span.first && f->marks[0].opens &&
                        f->marks[0].single == before->single;
        size_t close = taken_up ? partner(f, 0) : f->count;
        if (taken_up && close == f->count)
            return true; /* all of this text is quoted */
        before->open = false;
        if (taken_up) {
            ok = add_quote(f, before->first, f->marks[close].token, before->begin, base + f->marks[close].begin);
            i = close + 1;
        }
    }
    for (; i < f->count && ok; i++) {
        const mark *m = &f->marks[i];
        if (!m->opens)
            continue;
        size_t close = partner(f, i);
        if (close < f->count) {
            if (!is_letter(f, i, close))
                ok = add_quote(f, m->token, f->marks[close].token, base + m->end, base + f->marks[close].begin);
            i = close;
        } else if (m->token < span.last && (!m->single || m->token == span.first)) {
            bool another = false; /* of its kind after it: then it is this one that lacks its partner */
            for (size_t k = i + 1; k < f->count && !another; k++)
                another = f->marks[k].single == m->single;
            if (!another) { /* what is quoted further on stands inside it */
                *before = (unfinished){true, m->single, m->token, base + m->end};
                return true;
            }
        }
    }
    return ok;
}

bool ns_quotes_find(ns_lexicon *lexicon, const char *const *texts, const size_t *lengths, const ns_span *spans,
                    const uint32_t *bases, size_t span_count, const ns_lexeme *tokens, const ns_entities *entities,
                    ns_arena *arena, ns_quotes *out)
{
    finder f = {.lexicon = lexicon, .tokens = tokens, .arena = arena, .out = out};
    unfinished before = {0};
    *out = (ns_quotes){0};
    for (size_t s = 1; s < span_count; s++) {
        if (spans[s].first == spans[s].last)
            continue;
        if (!scan_text(&f, texts[s], lengths[s], spans[s], bases[s]) || !pair_marks(&f, spans[s], bases[s], &before))
            return false;
    }
    return !out->count ||
           ns_quote_speakers_find(lexicon, texts, spans, bases, span_count, tokens, entities, arena, out);
}
