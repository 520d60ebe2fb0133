/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * parse.c - a recursive descent over the lexemes. NOT binds closest, then NEAR, AND, OR; clauses
 * side by side are ranked together.
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
    size_t nodes, depth;
    bool failed; /* memory */
} parser;

static ns_node *parse_group(parser *p);
static ns_node *parse_or(parser *p);

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
        node->first_day = field == NS_LEX_BEFORE ? NS_DAY_MIN : first;
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
    case NS_LEX_AFTER:
    case NS_LEX_BEFORE:
    case NS_LEX_DATE:
        return false;
    }
    return false;
}

/* The value may be a word, a quotation, or words in parentheses. */
static ns_node *parse_field(parser *p)
{
    ns_lex_field lexed = p->at.field;
    ns_field field;
    advance(p);
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
    if (!node_field(lexed, &field))
        return days_node(p, lexed, begin, end);
    ns_node *node = new_node(p, NS_NODE_FIELD);
    if (node) {
        node->field = field;
        node->quoted = quoted;
        set_text(node, begin, end);
    }
    return node;
}

/* ---- operands */

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
    case NS_LEX_AND:
    case NS_LEX_OR:
    case NS_LEX_NEAR:
    case NS_LEX_CLOSE:
    case NS_LEX_END:
        return NULL;
    }
    return NULL;
}

static const char *operator_name(ns_lexeme_kind kind)
{
    return kind == NS_LEX_AND ? "AND" : kind == NS_LEX_OR ? "OR" : "NEAR";
}

/* operand (operator operand)*; a missing right side leaves the operator out. */
static ns_node *parse_chain(parser *p, ns_lexeme_kind operator, ns_node_kind kind, ns_node *(*operand)(parser *))
{
    ns_node *left = operand(p), *chain = NULL;
    while (left && p->at.kind == operator) {
        uint32_t window = p->at.window;
        advance(p);
        ns_node *right = operand(p);
        if (!right) {
            if (!p->failed)
                ns_note(p->notes, "'%s' has nothing on its right and was left out", operator_name(operator));
            break;
        }
        if (!chain) {
            chain = new_node(p, kind);
            if (!chain)
                break;
            append(chain, left);
        }
        append(chain, right);
        if (window > chain->window)
            chain->window = window;
    }
    return chain ? chain : left;
}

static ns_node *parse_near(parser *p)
{
    return parse_chain(p, NS_LEX_NEAR, NS_NODE_NEAR, parse_primary);
}

static ns_node *parse_and(parser *p)
{
    return parse_chain(p, NS_LEX_AND, NS_NODE_AND, parse_near);
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
        if (first.kind == NS_LEX_AND || first.kind == NS_LEX_OR || first.kind == NS_LEX_NEAR) {
            ns_note(p->notes, "'%s' has nothing on its left and was left out", operator_name(first.kind));
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
