/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lex.h - cuts a query into operators, words and quotations.
 */
#ifndef NS_QUERY_LEX_H
#define NS_QUERY_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/query/notes.h"

typedef enum ns_lexeme_kind {
    NS_LEX_END,
    NS_LEX_WORD,   /* begin..end; 'prefix': it ended in '*', which is left out */
    NS_LEX_QUOTED, /* begin..end without the marks */
    NS_LEX_FIELD,  /* 'title:' and the like; the value follows */
    NS_LEX_OPEN,
    NS_LEX_CLOSE,
    NS_LEX_PLUS,
    NS_LEX_MINUS,
    NS_LEX_AND,
    NS_LEX_OR,
    NS_LEX_NOT,
    NS_LEX_NEAR,      /* 'window' */
    NS_LEX_BEFORE,    /* 'window' */
    NS_LEX_SENTENCE,
    NS_LEX_PARAGRAPH,
    NS_LEX_ATLEAST,   /* 'window' times; an OPEN follows */
    NS_LEX_CAPS,      /* these three too */
    NS_LEX_NOCAPS,
    NS_LEX_ALLCAPS
} ns_lexeme_kind;

typedef enum ns_lex_field {
    NS_LEX_TITLE,
    NS_LEX_SOURCE,
    NS_LEX_BY,     /* of a quotation where there is one, else the byline */
    NS_LEX_BYLINE,
    NS_LEX_ENTITY,
    NS_LEX_PERSON,
    NS_LEX_PLACE,
    NS_LEX_ORG,
    NS_LEX_SAID,
    NS_LEX_SPEAKER,
    NS_LEX_LEAD,
    NS_LEX_CASE,
    NS_LEX_AFTER,
    NS_LEX_BEFORE_DAY,
    NS_LEX_DATE
} ns_lex_field;

typedef struct ns_lexeme {
    ns_lexeme_kind kind;
    const char *begin, *end;
    ns_lex_field field;
    uint32_t window;
    bool prefix;
} ns_lexeme;

typedef struct ns_lexer {
    const char *at, *end;
    const char *no_quote_after; /* from here on no closing quotation mark follows */
    bool after_space;           /* the next character begins a word */
    ns_notes *notes;
} ns_lexer;

#define NS_NEAR_MAX 1000

void ns_lexer_init(ns_lexer *lexer, const char *query, size_t length, ns_notes *notes);
void ns_lexer_next(ns_lexer *lexer, ns_lexeme *lexeme);

#endif
