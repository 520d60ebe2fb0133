/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * marks.c - positions of what is not a word.
 */
#include "src/text/marks.h"

#include <string.h>

typedef struct marker {
    ns_arena *arena;
    ns_term_list *list;
    uint32_t *pool; /* room for the positions of the passage */
} marker;

/* The positions that were put at m->pool become a mark. */
static bool add_mark(marker *m, const char *key, uint32_t count)
{
    if (!count)
        return true;
    ns_term term = {key, 2, 0, m->pool, count, 0};
    m->pool += count;
    return ns_term_list_add(m->list, m->arena, term);
}

static bool add_structure(marker *m, size_t first, size_t last, const ns_sentence *sentences, size_t count,
                          bool begins_paragraph)
{
    static const char sentence_key[] = {NS_TERM_MARK, NS_MARK_SENTENCE},
                      paragraph_key[] = {NS_TERM_MARK, NS_MARK_PARAGRAPH};
    uint32_t n = 0;
    for (size_t i = 1; i < count; i++)
        m->pool[n++] = sentences[i].first_token - (uint32_t)first;
    m->pool[n++] = (uint32_t)(last - first);
    if (!add_mark(m, sentence_key, n))
        return false;
    n = 0;
    for (size_t i = 0; i < count; i++)
        if (i ? sentences[i - 1].ends_paragraph : begins_paragraph)
            m->pool[n++] = sentences[i].first_token - (uint32_t)first;
    return add_mark(m, paragraph_key, n);
}

static bool add_letters(marker *m, const ns_lexeme *tokens, size_t first, size_t last)
{
    static const char capital_key[] = {NS_TERM_MARK, NS_MARK_CAPITAL}, upper_key[] = {NS_TERM_MARK, NS_MARK_UPPER};
    uint32_t n = 0;
    for (size_t i = first; i < last; i++)
        if ((tokens[i].flags & (NS_RAW_CAPITAL | NS_RAW_UPPER)) == NS_RAW_CAPITAL)
            m->pool[n++] = (uint32_t)(i - first);
    if (!add_mark(m, capital_key, n))
        return false;
    n = 0;
    for (size_t i = first; i < last; i++)
        if (tokens[i].flags & NS_RAW_UPPER)
            m->pool[n++] = (uint32_t)(i - first);
    return add_mark(m, upper_key, n);
}

/* Adds a position to the speaker's word in the list, which is made if need be. */
static bool add_speaker(marker *m, const ns_lexicon *lexicon, size_t list_begin, uint32_t word, uint32_t position)
{
    ns_term made = ns_term_of_word(m->arena, lexicon, NS_TERM_SPEAKER, word);
    if (!made.key)
        return false;
    ns_term *term = NULL;
    for (size_t i = list_begin; i < m->list->count && !term; i++) {
        ns_term *t = &m->list->items[i];
        if (t->length == made.length && !memcmp(t->key, made.key, made.length))
            term = t;
    }
    uint32_t n = term ? term->position_count : 0;
    if (n && term->positions[n - 1] == position)
        return true;
    uint32_t *positions = ns_arena_array(m->arena, n + 1, sizeof *positions);
    if (!positions)
        return false;
    if (n)
        memcpy(positions, term->positions, n * sizeof *positions);
    positions[n] = position;
    if (!term)
        return made.positions = positions, made.position_count = 1,
               ns_term_list_add(m->list, m->arena, made);
    term->positions = positions;
    term->position_count = n + 1;
    return true;
}

static bool add_quotes(marker *m, const ns_lexicon *lexicon, size_t first, size_t last, const ns_quotes *quotes,
                       size_t *quote)
{
    static const char begin_key[] = {NS_TERM_MARK, NS_MARK_QUOTATION}, end_key[] = {NS_TERM_MARK, NS_MARK_QUOTED};
    while (*quote < quotes->count && quotes->items[*quote].last <= first)
        ++*quote;
    uint32_t n = 0;
    size_t list_begin = m->list->count, q;
    for (q = *quote; q < quotes->count && quotes->items[q].first < last; q++)
        if (quotes->items[q].first >= first)
            m->pool[n++] = quotes->items[q].first - (uint32_t)first;
    if (!add_mark(m, begin_key, n))
        return false;
    n = 0;
    for (size_t i = *quote; i < q; i++)
        if (quotes->items[i].last <= last)
            m->pool[n++] = quotes->items[i].last - (uint32_t)first;
    if (!add_mark(m, end_key, n))
        return false;
    for (size_t i = *quote; i < q; i++) {
        const ns_quote *x = &quotes->items[i];
        for (uint32_t k = 0; x->first >= first && k < x->speaker_count; k++)
            if (!add_speaker(m, lexicon, list_begin, x->speaker[k], x->first - (uint32_t)first))
                return false;
    }
    return true;
}

bool ns_marks_add(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t first, size_t last,
                  const ns_sentence *sentences, size_t sentence_count, bool begins_paragraph, const ns_quotes *quotes,
                  size_t *quote, ns_arena *arena, ns_term_list *list)
{
    /* every kind has at most one position a token, but quotations may end and begin at the same places */
    uint32_t *pool = ns_arena_array(arena, 5 * (last - first) + 8, sizeof *pool);
    if (!pool)
        return false;
    marker m = {arena, list, pool};
    return add_structure(&m, first, last, sentences, sentence_count, begins_paragraph) &&
           add_letters(&m, tokens, first, last) && add_quotes(&m, lexicon, first, last, quotes, quote);
}
