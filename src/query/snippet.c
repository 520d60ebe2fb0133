/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * snippet.c - marks what matched in a shown text.
 */
#include "src/query/snippet.h"

#include <string.h>

/* Tokens from i on that spell a name of the query; 0 when none does. */
static size_t name_at(const ns_built *b, const ns_tokens *tokens, size_t i)
{
    char text[NS_TERM_MAX];
    size_t used = 0, best = 0;
    for (size_t n = 1; n <= b->longest_name && i + n <= tokens->count; n++) {
        const char *word = tokens->tokens[i + n - 1].exact;
        size_t length = strlen(word);
        if (used + length + 1 > sizeof text)
            break;
        if (used)
            text[used++] = ' ';
        memcpy(text + used, word, length);
        used += length;
        if (ns_map_find(&b->names, text, used))
            best = n;
    }
    return best;
}

static bool in_query(const ns_built *b, const ns_token *t)
{
    return ns_map_find(&b->stems, t->stem, strlen(t->stem)) || ns_map_find(&b->exacts, t->exact, strlen(t->exact));
}

/* A stopword of a quotation counts only beside another of its words: "pay a price", not every "a". */
static bool word_matches(const ns_built *b, const ns_tokens *tokens, size_t i)
{
    const ns_token *t = &tokens->tokens[i];
    if (!in_query(b, t))
        return false;
    return !t->stopword || b->only_stopwords || (i && in_query(b, t - 1) && !t[-1].stopword) ||
           (i + 1 < tokens->count && in_query(b, t + 1) && !t[1].stopword);
}

/* Only spaces, hyphens and quotes between two matching words: one span. */
static bool is_joint(const char *text, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (text[i] != ' ' && text[i] != '-')
            return false;
    return true;
}

nsearch_status ns_snippet(const ns_build_context *c, const ns_built *b, const char *text, size_t n,
                          nsearch_passage *out, nsearch_error *err)
{
    ns_tokens tokens;
    char *copy = ns_arena_copy(c->arena, text, n);
    if (!copy)
        return ns_error_memory(err);
    for (size_t i = 0; i < n; i++)
        if (copy[i] == '\n')
            copy[i] = ' ';
    nsearch_status status = ns_analyse_text(c->workspace, copy, n, c->arena, &tokens, err);
    if (status)
        return status;
    nsearch_span *spans = ns_arena_array(c->arena, tokens.count + 1, sizeof *spans);
    if (!spans)
        return ns_error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < tokens.count;) {
        size_t run = name_at(b, &tokens, i);
        if (!run)
            run = word_matches(b, &tokens, i);
        if (run) {
            size_t begin = tokens.tokens[i].begin, end = tokens.tokens[i + run - 1].end;
            if (count && begin >= spans[count - 1].end && is_joint(copy, spans[count - 1].end, begin))
                spans[count - 1].end = end;
            else if (!count || begin >= spans[count - 1].end)
                spans[count++] = (nsearch_span){begin, end};
        }
        i += run ? run : 1;
    }
    out->text = copy;
    out->spans = spans;
    out->span_count = count;
    return NSEARCH_OK;
}
