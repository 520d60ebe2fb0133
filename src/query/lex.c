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

/* NEAR or NEAR/n */
static bool near_window(const ns_lexeme *x, uint32_t *window)
{
    if (x->end - x->begin < 4 || memcmp(x->begin, "NEAR", 4) != 0)
        return false;
    const char *p = x->begin + 4;
    if (p == x->end) {
        *window = 10;
        return true;
    }
    if (*p++ != '/' || p == x->end)
        return false;
    uint32_t n = 0;
    for (; p < x->end; p++) {
        if (!isdigit((unsigned char)*p))
            return false;
        if (n <= NS_NEAR_MAX)
            n = n * 10 + (uint32_t)(*p - '0');
    }
    *window = n < 1 ? 1 : n > NS_NEAR_MAX ? NS_NEAR_MAX : n;
    return true;
}

static bool field_name(const char *begin, const char *colon, ns_lex_field *field)
{
    static const struct {
        const char *name;
        ns_lex_field field;
    } names[] = {
        {"title", NS_LEX_TITLE},   {"headline", NS_LEX_TITLE}, {"source", NS_LEX_SOURCE}, {"by", NS_LEX_BY},
        {"byline", NS_LEX_BY},     {"entity", NS_LEX_ENTITY},  {"person", NS_LEX_PERSON}, {"place", NS_LEX_PLACE},
        {"org", NS_LEX_ORG},       {"after", NS_LEX_AFTER},    {"since", NS_LEX_AFTER},   {"before", NS_LEX_BEFORE},
        {"until", NS_LEX_BEFORE},  {"date", NS_LEX_DATE},
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
    if (p - out->begin >= 2 && p[-1] == '*') {
        out->end = p - 1;
        out->prefix = true;
    } else if (is_word(out, "AND") || is_word(out, "&&"))
        out->kind = NS_LEX_AND;
    else if (is_word(out, "OR") || is_word(out, "||"))
        out->kind = NS_LEX_OR;
    else if (is_word(out, "NOT"))
        out->kind = NS_LEX_NOT;
    else if (near_window(out, &out->window))
        out->kind = NS_LEX_NEAR;
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
