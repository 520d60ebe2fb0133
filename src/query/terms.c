/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * terms.c - the scored terms of a query.
 */
#include "src/query/terms.h"

#include <stdlib.h>
#include <string.h>

#include "src/query/bm25.h"

#define NAME_WORDS_MAX 6
#define LINKED_TOKENS_MAX 256 /* a text longer than this is no list of names */

nsearch_status ns_terms_add_key(const ns_build_context *c, ns_built *b, char kind, const char *text, size_t length,
                            const char *shown, double count, uint32_t *index, nsearch_error *err)
{
    char key[NS_TERM_MAX];
    if (length > NS_TERM_MAX - 1)
        length = NS_TERM_MAX - 1;
    key[0] = kind;
    memcpy(key + 1, text, length);
    bool is_new;
    uint64_t *slot = ns_map_put(&b->index_of, key, length + 1, &is_new);
    if (!slot)
        return ns_error_memory(err);
    if (is_new) {
        if (b->term_count == NS_WEIGHTS_MAX) {
            ns_note(c->notes, "the query is very long: only its first %d words were used", NS_WEIGHTS_MAX);
            *slot = 0;
        } else {
            ns_query_term *t = &b->terms[b->term_count++];
            *t = (ns_query_term){.key_length = (uint32_t)length + 1, .weight = UINT32_MAX};
            t->key = ns_arena_copy(c->arena, key, length + 1);
            t->shown = ns_arena_string(c->arena, shown);
            if (!t->key || !t->shown)
                return ns_error_memory(err);
            *slot = b->term_count;
        }
    }
    if (index)
        *index = *slot ? (uint32_t)*slot - 1 : UINT32_MAX;
    if (*slot)
        b->terms[*slot - 1].count += count;
    return NSEARCH_OK;
}

bool ns_terms_all_stop(const ns_tokens *tokens)
{
    bool all_stop = true;
    for (size_t i = 0; i < tokens->count; i++)
        all_stop &= tokens->tokens[i].stopword;
    return all_stop;
}

static void add_pair(ns_built *b, uint32_t first, uint32_t second, uint32_t gap)
{
    if (first == UINT32_MAX || second == UINT32_MAX || first == second || gap > 4 || b->pair_count == NS_WEIGHTS_MAX)
        return;
    for (size_t i = 0; i < b->pair_count; i++)
        if (b->pairs[i].first == first && b->pairs[i].second == second)
            return;
    b->pairs[b->pair_count++] = (ns_word_pair){first, second, gap};
}

/* Whether the index has the word as one of a person's or a place's name; those of organisations are mostly words. */
static bool is_word_of_name(const ns_build_context *c, const char *exact)
{
    static const char kinds[] = {NS_TERM_PERSON, NS_TERM_PLACE};
    char key[NS_TERM_MAX];
    size_t n = strlen(exact);
    ns_term_stats stats;
    if (n >= NS_TERM_MAX)
        return false;
    memcpy(key + 1, exact, n);
    for (size_t i = 0; i < sizeof kinds; i++) {
        key[0] = kinds[i];
        if (!c->snapshot->backend->term(c->snapshot, key, n + 1, &stats, NULL) && stats.df)
            return true;
    }
    return false;
}

/* "Banks" is not any bank: where the word stands as written, it stands together with its stem, and proximity sees it. */
static nsearch_status add_as_written(const ns_build_context *c, ns_built *b, const ns_token *t, uint32_t stem,
                                     nsearch_error *err)
{
    uint32_t index;
    if (!t->capitalised || !strcmp(t->stem, t->exact) || !is_word_of_name(c, t->exact))
        return NSEARCH_OK;
    nsearch_status status = ns_terms_add_key(c, b, NS_TERM_EXACT, t->exact, strlen(t->exact), t->exact, 0, &index, err);
    if (!status)
        add_pair(b, stem, index, 0);
    return status;
}

nsearch_status ns_terms_add_text(const ns_build_context *c, ns_built *b, const ns_tokens *tokens,
                                 nsearch_error *err)
{
    bool all_stop = ns_terms_all_stop(tokens);
    uint32_t previous = UINT32_MAX, previous_position = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const ns_token *t = &tokens->tokens[i];
        uint32_t index;
        if (t->stopword && !all_stop)
            continue;
        b->only_stopwords &= t->stopword;
        nsearch_status status =
            ns_terms_add_key(c, b, NS_TERM_STEM, t->stem, strlen(t->stem), t->exact, 1, &index, err);
        if (status)
            return status;
        if (!ns_map_put(&b->stems, t->stem, strlen(t->stem), NULL))
            return ns_error_memory(err);
        add_pair(b, previous, index, t->position - previous_position);
        if (c->entity_weight > 0)
            status = add_as_written(c, b, t, index, err);
        if (status)
            return status;
        previous = index;
        previous_position = t->position;
    }
    return NSEARCH_OK;
}

/* ---- names */

/* The words first..first+count joined by spaces; NULL when too long. */
static char *joined(const ns_tokens *tokens, size_t first, size_t count, ns_arena *arena)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += strlen(tokens->tokens[first + i].exact) + 1;
    if (length > NS_TERM_MAX)
        return NULL;
    char *text = ns_arena_take(arena, length), *p = text;
    for (size_t i = 0; text && i < count; i++) {
        const char *word = tokens->tokens[first + i].exact;
        size_t n = strlen(word);
        memcpy(p, word, n);
        p += n;
        *p++ = i + 1 < count ? ' ' : '\0';
    }
    return text;
}

static bool is_name_in_index(const ns_build_context *c, const char *text)
{
    char key[NS_TERM_MAX + 1];
    size_t n = strlen(text);
    ns_term_stats stats;
    key[0] = NS_TERM_ENTITY;
    memcpy(key + 1, text, n);
    return c->snapshot->backend->term(c->snapshot, key, n + 1, &stats, NULL) == NSEARCH_OK && stats.df > 0;
}

/* All that link_at may ask for is asked for at once, where that is of use. */
static nsearch_status look_ahead(const ns_build_context *c, const ns_tokens *tokens, nsearch_error *err)
{
    size_t n = 0;
    ns_term_key *keys = ns_arena_array(c->arena, tokens->count * NAME_WORDS_MAX + 1, sizeof *keys);
    if (!keys)
        return ns_error_memory(err);
    for (size_t i = 0; i < tokens->count; i++)
        for (size_t words = 2; words <= NAME_WORDS_MAX && i + words <= tokens->count; words++) {
            if (tokens->tokens[i].stopword || tokens->tokens[i + words - 1].stopword)
                continue;
            const char *text = joined(tokens, i, words, c->arena);
            const char *key = text ? ns_arena_printf(c->arena, "%c%s", NS_TERM_ENTITY, text) : NULL;
            if (key)
                keys[n++] = (ns_term_key){key, strlen(key)};
        }
    return c->snapshot->backend->terms_ahead(c->snapshot, keys, n, err);
}

/* The longest name of the index that begins at token i and ends before 'limit'. */
static void link_at(const ns_build_context *c, const ns_tokens *tokens, size_t i, size_t limit, ns_linked *out)
{
    size_t most = limit - i < NAME_WORDS_MAX ? limit - i : NAME_WORDS_MAX;
    out->count = 0;
    if (tokens->tokens[i].stopword)
        return;
    for (size_t n = most; n >= 2; n--) {
        if (tokens->tokens[i + n - 1].stopword)
            continue;
        char *text = joined(tokens, i, n, c->arena);
        if (text && is_name_in_index(c, text)) {
            *out = (ns_linked){text, text, (uint32_t)i, (uint32_t)n, false};
            return;
        }
    }
}

nsearch_status ns_terms_link(const ns_build_context *c, const ns_tokens *tokens, ns_linked **linked, size_t *count,
                             nsearch_error *err)
{
    ns_linked *out = ns_arena_array(c->arena, tokens->count + 1, sizeof *out);
    if (!out)
        return ns_error_memory(err);
    size_t n = 0, mention = 0;
    if (tokens->count > LINKED_TOKENS_MAX) {
        *linked = out;
        *count = 0;
        return NSEARCH_OK;
    }
    nsearch_status status = c->snapshot->backend->terms_ahead ? look_ahead(c, tokens, err) : NSEARCH_OK;
    if (status)
        return status;
    for (size_t i = 0; i < tokens->count;) {
        while (mention < tokens->mention_count && (tokens->mentions[mention].first_token < i ||
                                                   !tokens->mentions[mention].known))
            mention++;
        const ns_mention *m = mention < tokens->mention_count ? &tokens->mentions[mention] : NULL;
        /* a longer name of the index wins over one of the gazetteer inside it */
        link_at(c, tokens, i, tokens->count, &out[n]);
        if (m && m->first_token == i && m->token_count >= out[n].count)
            out[n] = (ns_linked){m->key, m->canonical, m->first_token, m->token_count, true};
        i += out[n].count ? out[n].count : 1;
        n += out[n].count > 0;
    }
    *linked = out;
    *count = n;
    return NSEARCH_OK;
}

static nsearch_status add_spelling(const ns_build_context *c, ns_built *b, const char *spelling, nsearch_error *err)
{
    ns_tokens tokens;
    nsearch_status status = ns_analyse_text(c->workspace, spelling, strlen(spelling), c->arena, &tokens, err);
    if (status || !tokens.count)
        return status;
    char *text = joined(&tokens, 0, tokens.count, c->arena);
    if (text && !ns_map_put(&b->names, text, strlen(text), NULL))
        return ns_error_memory(err);
    if (text && tokens.count > b->longest_name)
        b->longest_name = tokens.count;
    return NSEARCH_OK;
}

/* Places that lie in the country: a story from Zurich is one from Switzerland, though not as surely about it. */
nsearch_status ns_terms_add_within(const ns_build_context *c, ns_built *b, const ns_linked *name, double weight,
                                   bool *found, nsearch_error *err)
{
    char key[NS_TERM_MAX + 1];
    size_t n = strlen(name->key) < NS_TERM_MAX - 1 ? strlen(name->key) : NS_TERM_MAX - 1;
    ns_term_stats stats;
    *found = false;
    if (weight <= 0 || !name->known)
        return NSEARCH_OK;
    key[0] = NS_TERM_WITHIN;
    memcpy(key + 1, name->key, n);
    nsearch_status status = c->snapshot->backend->term(c->snapshot, key, n + 1, &stats, err);
    *found = !status && stats.df > 0;
    char *shown = *found ? ns_arena_printf(c->arena, "places in %s", name->shown) : NULL;
    if (*found && !shown)
        return ns_error_memory(err);
    return *found ? ns_terms_add_key(c, b, NS_TERM_WITHIN, name->key, n, shown, weight * NS_WEIGHT_WITHIN, NULL, err)
                  : status;
}

nsearch_status ns_terms_add_name(const ns_build_context *c, ns_built *b, const ns_linked *name, double weight,
                                 nsearch_error *err)
{
    if (weight <= 0)
        return NSEARCH_OK;
    nsearch_status status =
        ns_terms_add_key(c, b, NS_TERM_ENTITY, name->key, strlen(name->key), name->shown, weight, NULL, err);
    if (!status)
        status = add_spelling(c, b, name->shown, err);
    const char **aliases;
    size_t count = 0;
    if (!status && name->known)
        status = ns_gazetteer_aliases(c->analyser, name->key, c->arena, &aliases, &count, err);
    for (size_t i = 0; i < count && !status; i++)
        status = add_spelling(c, b, aliases[i], err);
    return status;
}

/* ---- weights */

nsearch_status ns_terms_weigh(const ns_build_context *c, ns_built *b, nsearch_error *err)
{
    ns_weight *weights = ns_arena_array(c->arena, b->term_count + 1, sizeof *weights);
    ns_term_key *keys = ns_arena_array(c->arena, b->term_count + 1, sizeof *keys);
    if (!weights || !keys)
        return ns_error_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < b->term_count; i++)
        keys[i] = (ns_term_key){b->terms[i].key, b->terms[i].key_length};
    if (c->snapshot->backend->terms_ahead) {
        nsearch_status status = c->snapshot->backend->terms_ahead(c->snapshot, keys, b->term_count, err);
        if (status)
            return status;
    }
    for (size_t i = 0; i < b->term_count; i++) {
        ns_query_term *t = &b->terms[i];
        ns_term_stats stats;
        nsearch_status status = c->snapshot->backend->term(c->snapshot, t->key, t->key_length, &stats, err);
        if (status)
            return status;
        t->df = stats.df;
        t->texts = stats.texts;
        if (!stats.df)
            continue;
        t->idf = ns_bm25_idf((double)b->texts, (double)stats.texts);
        t->weight = (uint32_t)n;
        weights[n++] = (ns_weight){t->key, t->key_length, t->count * t->idf};
    }
    b->plan.weights = weights;
    b->plan.weight_count = n;
    return NSEARCH_OK;
}
