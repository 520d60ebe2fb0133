/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lex.c - the query's characters. An operator is only what stands where an operator can: '-' before
 * a letter at the start of a word, AND in capitals, a known field before its colon.
 */
#include "src/query/lex.h"

#include <ctype.h>
#include <string.h>

void ns_lexer_init(ns_lexer *lexer, const char *query, size_t length, ns_notes *notes)
{
    *lexer = (ns_lexer){.at = query, .end = query + length, .after_space = true, .notes = notes};
}

/* Bytes of a quotation mark at p (straight or double curly, low or angled), 0 when there is none. */
static size_t quote_mark(const char *p, const char *end)
{
    if (p < end && *p == '"')
        return 1;
    if (end - p >= 3 && p[0] == '\xe2' && p[1] == '\x80' && (p[2] == '\x9c' || p[2] == '\x9d' || p[2] == '\x9e'))
        return 3;
    if (end - p >= 2 && p[0] == '\xc2' && (p[1] == '\xab' || p[1] == '\xbb'))
        return 2;
    return 0;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool begins_operand(const char *p, const char *end)
{
    return p < end && (isalpha((unsigned char)*p) || (*p & 0x80) || *p == '"' || *p == '(');
}

static bool is_word(const ns_lexeme *x, const char *word)
{
    return (size_t)(x->end - x->begin) == strlen(word) && !memcmp(x->begin, word, strlen(word));
}

/* A number of words that ends the word at 'end'; no greater than NS_NEAR_MAX. */
static bool read_count(const char *p, const char *end, uint32_t *count)
{
    uint32_t n = 0;
    if (p >= end)
        return false;
    for (; p < end; p++) {
        if (!isdigit((unsigned char)*p))
            return false;
        if (n <= NS_NEAR_MAX)
            n = n * 10 + (uint32_t)(*p - '0');
    }
    *count = n < 1 ? 1 : n > NS_NEAR_MAX ? NS_NEAR_MAX : n;
    return true;
}

/* NEAR, NEAR/5 and what other databases write for it: near/5, w/5, /5; pre/5; w/s, /s; w/p, /p. */
static bool proximity(ns_lexeme *x)
{
    static const struct {
        const char *name;
        ns_lexeme_kind kind;
    } counted[] = {{"NEAR/", NS_LEX_NEAR}, {"w/", NS_LEX_NEAR}, {"/", NS_LEX_NEAR}, {"pre/", NS_LEX_BEFORE}},
      units[] = {{"w/s", NS_LEX_SENTENCE}, {"/s", NS_LEX_SENTENCE}, {"w/p", NS_LEX_PARAGRAPH}, {"/p", NS_LEX_PARAGRAPH}};
    size_t n = (size_t)(x->end - x->begin);
    if (is_word(x, "NEAR")) {
        x->kind = NS_LEX_NEAR;
        x->window = 10;
        return true;
    }
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        size_t length = strlen(counted[i].name);
        if (n > length && !strncasecmp(x->begin, counted[i].name, length) &&
            read_count(x->begin + length, x->end, &x->window)) {
            x->kind = counted[i].kind;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (n == strlen(units[i].name) && !strncasecmp(x->begin, units[i].name, n)) {
            x->kind = units[i].kind;
            return true;
        }
    return false;
}

/* What stands right before a parenthesis: atleast5(, atl5(, caps(, nocaps(, allcaps(. */
static bool function(ns_lexeme *x)
{
    static const struct {
        const char *name;
        ns_lexeme_kind kind;
    } names[] = {{"atleast", NS_LEX_ATLEAST}, {"atl", NS_LEX_ATLEAST},     {"caps", NS_LEX_CAPS},
                 {"nocaps", NS_LEX_NOCAPS},   {"allcaps", NS_LEX_ALLCAPS}};
    size_t n = (size_t)(x->end - x->begin);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i].name);
        if (n < length || strncasecmp(x->begin, names[i].name, length))
            continue;
        if (names[i].kind == NS_LEX_ATLEAST ? read_count(x->begin + length, x->end, &x->window) : n == length) {
            x->kind = names[i].kind;
            return true;
        }
    }
    return false;
}

static bool field_name(const char *begin, const char *colon, ns_lex_field *field)
{
    static const struct {
        const char *name;
        ns_lex_field field;
    } names[] = {
        {"title", NS_LEX_TITLE},   {"headline", NS_LEX_TITLE}, {"source", NS_LEX_SOURCE}, {"by", NS_LEX_BY},
        {"byline", NS_LEX_BYLINE}, {"entity", NS_LEX_ENTITY},  {"person", NS_LEX_PERSON}, {"place", NS_LEX_PLACE},
        {"org", NS_LEX_ORG},       {"after", NS_LEX_AFTER},    {"since", NS_LEX_AFTER},   {"before", NS_LEX_BEFORE_DAY},
        {"until", NS_LEX_BEFORE_DAY}, {"date", NS_LEX_DATE},   {"said", NS_LEX_SAID},     {"speaker", NS_LEX_SPEAKER},
        {"hlead", NS_LEX_LEAD},    {"lead", NS_LEX_LEAD},      {"case", NS_LEX_CASE},
    };
    size_t n = (size_t)(colon - begin);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && !strncasecmp(names[i].name, begin, n)) {
            *field = names[i].field;
            return true;
        }
    return false;
}

/* A quotation if its closing mark is there; otherwise the mark is as good as a space. */
static bool quotation(ns_lexer *x, ns_lexeme *out, size_t mark)
{
    const char *begin = x->at + mark;
    if (x->no_quote_after && begin >= x->no_quote_after)
        return false;
    for (const char *p = begin; p < x->end; p++) {
        size_t closing = quote_mark(p, x->end);
        if (closing) {
            *out = (ns_lexeme){.kind = NS_LEX_QUOTED, .begin = begin, .end = p};
            x->at = p + closing;
            x->after_space = true;
            return true;
        }
    }
    x->no_quote_after = begin;
    ns_note(x->notes, "a quotation mark without its partner was left out");
    return false;
}

static void word(ns_lexer *x, ns_lexeme *out)
{
    const char *p = x->at;
    *out = (ns_lexeme){.kind = NS_LEX_WORD, .begin = p};
    for (; p < x->end && !is_space(*p) && *p != '(' && *p != ')' && !quote_mark(p, x->end); p++)
        if (*p == ':' && x->after_space && field_name(x->at, p, &out->field) && p + 1 < x->end &&
            !is_space(p[1]) && p[1] != ')') {
            out->kind = NS_LEX_FIELD;
            out->end = p;
            x->at = p + 1;
            return;
        }
    out->end = p;
    x->at = p;
    x->after_space = false;
    if (p < x->end && *p == '(' && function(out))
        return;
    if (p - out->begin >= 2 && p[-1] == '*') {
        out->end = p - 1;
        out->prefix = true;
    } else if (is_word(out, "AND") || is_word(out, "&&"))
        out->kind = NS_LEX_AND;
    else if (is_word(out, "OR") || is_word(out, "||"))
        out->kind = NS_LEX_OR;
    else if (is_word(out, "NOT"))
        out->kind = NS_LEX_NOT;
    else
        proximity(out);
}

void ns_lexer_next(ns_lexer *x, ns_lexeme *out)
{
    for (;;) {
        while (x->at < x->end && is_space(*x->at)) {
            x->at++;
            x->after_space = true;
        }
        if (x->at == x->end) {
            *out = (ns_lexeme){.kind = NS_LEX_END, .begin = x->end, .end = x->end};
            return;
        }
        size_t mark = quote_mark(x->at, x->end);
        if (!mark)
            break;
        if (quotation(x, out, mark))
            return;
        x->at += mark;
    }
    char c = *x->at;
    *out = (ns_lexeme){.begin = x->at, .end = x->at + 1};
    if (c == '(')
        out->kind = NS_LEX_OPEN;
    else if (c == ')')
        out->kind = NS_LEX_CLOSE;
    else if ((c == '+' || c == '-') && x->after_space && begins_operand(x->at + 1, x->end))
        out->kind = c == '+' ? NS_LEX_PLUS : NS_LEX_MINUS;
    else {
        word(x, out);
        return;
    }
    x->at++;
    x->after_space = true;
}
