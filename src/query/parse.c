/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * parse.c - a recursive descent over the lexemes. NOT binds closest, then words within a distance, one sentence, one
 * paragraph, AND, OR; clauses side by side are ranked together.
 */
#include "src/query/parse.h"

#include <string.h>

#include "src/base/day.h"
#include "src/query/lex.h"
#include "src/text/timex.h"

typedef struct parser {
    ns_lexer lexer;
    ns_lexeme at; /* the lexeme not yet taken */
    ns_arena *arena;
    ns_notes *notes;
    int32_t today;
    size_t nodes, quotations, depth;
    bool failed; /* memory */
} parser;

static ns_node *parse_group(parser *p);
static ns_node *parse_or(parser *p);
static ns_node *parse_primary(parser *p);

static void advance(parser *p)
{
    ns_lexer_next(&p->lexer, &p->at);
}

static ns_node *new_node(parser *p, ns_node_kind kind)
{
    if (p->nodes == NS_QUERY_NODES_MAX) {
        ns_note(p->notes, "the query is very long: only its first %d parts were used", NS_QUERY_NODES_MAX);
        return NULL;
    }
    if (kind == NS_NODE_SAID && p->quotations++ == NS_QUERY_QUOTATIONS_MAX) {
        ns_note(p->notes, "the query asks for very many quotations: only its first %d were used", NS_QUERY_QUOTATIONS_MAX);
        p->quotations--;
        return NULL;
    }
    ns_node *node = ns_arena_zero(p->arena, sizeof *node);
    if (!node) {
        p->failed = true;
        return NULL;
    }
    node->kind = kind;
    p->nodes++;
    return node;
}

static void set_text(ns_node *node, const char *begin, const char *end)
{
    node->text = begin;
    node->length = (size_t)(end - begin);
}

static void append(ns_node *parent, ns_node *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->child = child;
    parent->last = child;
}

/* ---- fields */

static ns_node *days_node(parser *p, ns_lex_field field, const char *begin, const char *end)
{
    int32_t first, last;
    if (!ns_timex_parse(begin, (size_t)(end - begin), p->today, &first, &last)) {
        ns_note(p->notes, "'%.*s' is no date that can be read (try 2023-09-11, 2023-09 or yesterday): left out",
                (int)(end - begin > 60 ? 60 : end - begin), begin);
        return NULL;
    }
    ns_node *node = new_node(p, NS_NODE_DAYS);
    if (node) {
        node->first_day = field == NS_LEX_BEFORE_DAY ? NS_DAY_MIN : first;
        node->last_day = field == NS_LEX_AFTER ? NS_DAY_MAX : last;
    }
    return node;
}

static bool node_field(ns_lex_field lexed, ns_field *field)
{
    switch (lexed) {
    case NS_LEX_TITLE:
        *field = NS_FIELD_TITLE;
        return true;
    case NS_LEX_SOURCE:
        *field = NS_FIELD_SOURCE;
        return true;
    case NS_LEX_BY:
    case NS_LEX_BYLINE:
        *field = NS_FIELD_BYLINE;
        return true;
    case NS_LEX_ENTITY:
        *field = NS_FIELD_ENTITY;
        return true;
    case NS_LEX_PERSON:
        *field = NS_FIELD_PERSON;
        return true;
    case NS_LEX_PLACE:
        *field = NS_FIELD_PLACE;
        return true;
    case NS_LEX_ORG:
        *field = NS_FIELD_ORG;
        return true;
    case NS_LEX_SAID:
    case NS_LEX_SPEAKER:
    case NS_LEX_LEAD:
    case NS_LEX_CASE:
    case NS_LEX_AFTER:
    case NS_LEX_BEFORE_DAY:
    case NS_LEX_DATE:
        return false;
    }
    return false;
}

/* A node around one child; NULL without it. */
static ns_node *around(parser *p, ns_node_kind kind, ns_node *child)
{
    ns_node *node = child ? new_node(p, kind) : NULL;
    if (node)
        append(node, child);
    return node;
}

/* What stands in said:, hlead:, case: is an expression of its own. */
static ns_node *parse_deeper(parser *p)
{
    if (p->depth >= NS_QUERY_DEPTH_MAX)
        return NULL;
    p->depth++;
    ns_node *node = parse_primary(p);
    p->depth--;
    return node;
}

/* The value may be a word, a quotation, or words in parentheses. */
static ns_node *parse_field(parser *p)
{
    ns_lex_field lexed = p->at.field;
    ns_field field;
    advance(p);
    if (lexed == NS_LEX_SAID || lexed == NS_LEX_LEAD || lexed == NS_LEX_CASE)
        return around(p, lexed == NS_LEX_SAID   ? NS_NODE_SAID
                         : lexed == NS_LEX_LEAD ? NS_NODE_LEAD
                                                : NS_NODE_CASE,
                      parse_deeper(p));
    const char *begin = p->at.begin, *end = p->at.end;
    bool quoted = p->at.kind == NS_LEX_QUOTED;
    if (p->at.kind == NS_LEX_OPEN) {
        begin = end;
        do {
            advance(p);
        } while (p->at.kind != NS_LEX_CLOSE && p->at.kind != NS_LEX_END);
        end = p->at.begin;
        if (p->at.kind == NS_LEX_CLOSE)
            advance(p);
    } else {
        if (p->at.prefix)
            end++;
        if (p->at.kind != NS_LEX_END && p->at.kind != NS_LEX_CLOSE)
            advance(p);
    }
    if (lexed == NS_LEX_SPEAKER) {
        ns_node *said = new_node(p, NS_NODE_SAID);
        if (said) {
            said->speaker = begin;
            said->speaker_length = (size_t)(end - begin);
        }
        return said;
    }
    if (!node_field(lexed, &field))
        return days_node(p, lexed, begin, end);
    ns_node *node = new_node(p, NS_NODE_FIELD);
    if (node) {
        node->field = field;
        node->is_by = lexed == NS_LEX_BY;
        node->quoted = quoted;
        set_text(node, begin, end);
    }
    return node;
}

/* ---- operands */

/* atleast5(...), caps(...) */
static ns_node *parse_function(parser *p)
{
    ns_lexeme at = p->at;
    advance(p);
    ns_node *node = around(p, at.kind == NS_LEX_ATLEAST ? NS_NODE_ATLEAST : NS_NODE_CASE, parse_deeper(p));
    if (node) {
        node->window = at.window;
        node->letters = at.kind == NS_LEX_CAPS     ? NS_CASE_CAPS
                        : at.kind == NS_LEX_NOCAPS ? NS_CASE_NOCAPS
                                                   : NS_CASE_ALLCAPS;
    }
    return node;
}

static ns_node *parse_primary(parser *p)
{
    ns_node *node = NULL;
    switch (p->at.kind) {
    case NS_LEX_WORD:
    case NS_LEX_QUOTED:
        node = new_node(p, p->at.kind == NS_LEX_QUOTED ? NS_NODE_PHRASE
                           : p->at.prefix              ? NS_NODE_PREFIX
                                                       : NS_NODE_WORDS);
        if (node)
            set_text(node, p->at.begin, p->at.end);
        advance(p);
        return node;
    case NS_LEX_FIELD:
        return parse_field(p);
    case NS_LEX_NOT:
    case NS_LEX_MINUS:
        advance(p);
        if (p->depth >= NS_QUERY_DEPTH_MAX)
            return NULL;
        p->depth++;
        ns_node *child = parse_primary(p);
        p->depth--;
        node = child ? new_node(p, NS_NODE_NOT) : NULL;
        if (node)
            append(node, child);
        return node;
    case NS_LEX_PLUS:
        advance(p);
        if (p->depth >= NS_QUERY_DEPTH_MAX)
            return NULL;
        p->depth++;
        node = parse_primary(p);
        p->depth--;
        return node;
    case NS_LEX_OPEN:
        advance(p);
        if (p->depth >= NS_QUERY_DEPTH_MAX) {
            ns_note(p->notes, "parentheses nested deeper than %d were left out", NS_QUERY_DEPTH_MAX);
            return NULL;
        }
        p->depth++;
        node = parse_group(p);
        p->depth--;
        if (p->at.kind == NS_LEX_CLOSE)
            advance(p);
        else
            ns_note(p->notes, "a parenthesis that was not closed ends with the query");
        return node;
    case NS_LEX_ATLEAST:
    case NS_LEX_CAPS:
    case NS_LEX_NOCAPS:
    case NS_LEX_ALLCAPS:
        return parse_function(p);
    case NS_LEX_AND:
    case NS_LEX_OR:
    case NS_LEX_NEAR:
    case NS_LEX_BEFORE:
    case NS_LEX_SENTENCE:
    case NS_LEX_PARAGRAPH:
    case NS_LEX_CLOSE:
    case NS_LEX_END:
        return NULL;
    }
    return NULL;
}

/* An operator between two operands. */
static bool is_operator(ns_lexeme_kind kind)
{
    return kind == NS_LEX_AND || kind == NS_LEX_OR || kind == NS_LEX_NEAR || kind == NS_LEX_BEFORE ||
           kind == NS_LEX_SENTENCE || kind == NS_LEX_PARAGRAPH;
}

static void note_lonely(parser *p, const ns_lexeme *x, const char *side)
{
    ns_note(p->notes, "'%.*s' has nothing on its %s and was left out", (int)(x->end - x->begin), x->begin, side);
}

/* operand (operator operand)*; a missing right side leaves the operator out. */
static ns_node *parse_chain(parser *p, ns_lexeme_kind operator, ns_node_kind kind, ns_node *(*operand)(parser *))
{
    ns_node *left = operand(p), *chain = NULL;
    while (left && p->at.kind == operator) {
        ns_lexeme at = p->at;
        advance(p);
        ns_node *right = operand(p);
        if (!right) {
            note_lonely(p, &at, "right");
            break;
        }
        if (!chain) {
            chain = new_node(p, kind);
            if (!chain)
                break;
            append(chain, left);
        }
        append(chain, right);
    }
    return chain ? chain : left;
}

/* The left one first: a w/3 b pre/5 c is (a w/3 b) pre/5 c. */
static ns_node *parse_near(parser *p)
{
    ns_node *left = parse_primary(p);
    size_t depth = p->depth;
    while (left && (p->at.kind == NS_LEX_NEAR || p->at.kind == NS_LEX_BEFORE)) {
        ns_lexeme at = p->at;
        advance(p);
        ns_node *right = parse_primary(p), *pair = NULL;
        if (!right) {
            note_lonely(p, &at, "right");
            break;
        }
        if (p->depth < NS_QUERY_DEPTH_MAX)
            pair = new_node(p, at.kind == NS_LEX_NEAR ? NS_NODE_NEAR : NS_NODE_BEFORE);
        else
            ns_note(p->notes, "more than %d operators one after the other: the rest was left out", NS_QUERY_DEPTH_MAX);
        if (!pair)
            break;
        p->depth++; /* the tree grows down on its left */
        pair->window = at.window;
        append(pair, left);
        append(pair, right);
        left = pair;
    }
    p->depth = depth;
    return left;
}

static ns_node *parse_sentence(parser *p)
{
    return parse_chain(p, NS_LEX_SENTENCE, NS_NODE_SENTENCE, parse_near);
}

static ns_node *parse_paragraph(parser *p)
{
    return parse_chain(p, NS_LEX_PARAGRAPH, NS_NODE_PARAGRAPH, parse_sentence);
}

/* by: beside said: names who says it. Works on the clauses of a group or the operands of an AND. */
static void pair_speakers(ns_node *parent)
{
    const ns_node *by = NULL;
    bool said = false;
    for (const ns_node *c = parent->child; c; c = c->next) {
        bool wanted = c->occur != NS_MUST_NOT;
        said |= wanted && c->kind == NS_NODE_SAID && c->child;
        if (wanted && !by && ((c->kind == NS_NODE_FIELD && c->is_by) || (c->kind == NS_NODE_SAID && !c->child)))
            by = c;
    }
    if (!said || !by)
        return;
    ns_node *c = parent->child;
    parent->child = parent->last = NULL;
    for (ns_node *next; c; c = next) {
        next = c->next;
        c->next = NULL;
        if (c->kind == NS_NODE_SAID && c->child && c->occur != NS_MUST_NOT && !c->speaker) {
            c->speaker = by->speaker ? by->speaker : by->text;
            c->speaker_length = by->speaker ? by->speaker_length : by->length;
        }
        if (c != by)
            append(parent, c);
    }
}

static ns_node *parse_and(parser *p)
{
    ns_node *node = parse_chain(p, NS_LEX_AND, NS_NODE_AND, parse_paragraph);
    if (node && node->kind == NS_NODE_AND)
        pair_speakers(node);
    return node;
}

static ns_node *parse_or(parser *p)
{
    return parse_chain(p, NS_LEX_OR, NS_NODE_OR, parse_and);
}

/* ---- clauses */

/* Plain words side by side are one text, so that names of several words are seen. */
static bool joins(const ns_node *last, const ns_node *node)
{
    return last && last->kind == NS_NODE_WORDS && last->occur == NS_SHOULD && node->kind == NS_NODE_WORDS &&
           node->occur == NS_SHOULD;
}

static bool is_ranking(const ns_node *node)
{
    if (node->kind == NS_NODE_WORDS)
        return true;
    if (node->kind != NS_NODE_GROUP)
        return false;
    for (const ns_node *c = node->child; c; c = c->next)
        if (c->occur != NS_SHOULD)
            return false;
    return true;
}

static ns_node *parse_group(parser *p)
{
    ns_node *group = new_node(p, NS_NODE_GROUP);
    const char *words_begin = NULL; /* of the text that the last clause is made of */
    while (group && !p->failed && p->at.kind != NS_LEX_END && p->at.kind != NS_LEX_CLOSE) {
        ns_lexeme first = p->at;
        ns_occur occur = first.kind == NS_LEX_PLUS ? NS_MUST : NS_SHOULD;
        if (is_operator(first.kind)) {
            note_lonely(p, &first, "left");
            advance(p);
            continue;
        }
        ns_node *node = parse_or(p);
        if (!node) {
            if (p->at.begin == first.begin && p->at.kind == first.kind)
                advance(p); /* nothing was taken: never stand still */
            continue;
        }
        if (node->kind == NS_NODE_NOT) {
            node = node->child;
            occur = NS_MUST_NOT;
        } else if (!is_ranking(node))
            occur = NS_MUST;
        node->occur = occur;
        if (joins(group->last, node)) {
            set_text(group->last, words_begin, first.end);
            p->nodes--;
            continue;
        }
        words_begin = first.begin;
        append(group, node);
    }
    if (group)
        pair_speakers(group);
    return group;
}

nsearch_status ns_parse(const char *query, bool plain, int32_t today, ns_arena *arena, ns_notes *notes,
                        ns_node **root, nsearch_error *err)
{
    parser p = {.arena = arena, .notes = notes, .today = today};
    size_t length = strlen(query);
    ns_node *group;
    if (plain) {
        group = new_node(&p, NS_NODE_GROUP);
        ns_node *words = group ? new_node(&p, NS_NODE_WORDS) : NULL;
        if (words) {
            set_text(words, query, query + length);
            append(group, words);
        }
    } else {
        ns_lexer_init(&p.lexer, query, length, notes);
        advance(&p);
        group = parse_group(&p);
        while (group && !p.failed && p.at.kind == NS_LEX_CLOSE) { /* a ')' too many */
            ns_note(notes, "a parenthesis that was never opened was left out");
            advance(&p);
            ns_node *rest = parse_group(&p);
            if (!rest)
                break;
            for (ns_node *c = rest->child, *next; c; c = next) {
                next = c->next;
                c->next = NULL;
                append(group, c);
            }
        }
    }
    if (!group || p.failed)
        return ns_error_memory(err);
    *root = group;
    return NSEARCH_OK;
}
