/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * analyse_shown.c - the same analysis for what is not indexed: queries, texts that are shown, the names of
 * an article for inspection.
 */
#include <string.h>

#include "src/text/entity.h"
#include "src/text/name_scan.h"
#include "src/text/workspace.h"

static const char *copy_word(ns_arena *arena, const ns_word *word)
{
    return ns_arena_copy(arena, word->text, word->length);
}

/* The workspace's tokens as a caller sees them. */
static nsearch_status give_tokens(ns_workspace *w, ns_arena *arena, ns_tokens *out, nsearch_error *err)
{
    size_t count = w->lexemes.count;
    ns_token *tokens = ns_arena_array(arena, count + 1, sizeof *tokens);
    if (!tokens)
        return ns_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const ns_lexeme *lexeme = &w->lexemes.items[i];
        uint32_t stem = ns_lexicon_stem(&w->lexicon, lexeme->word);
        if (stem == UINT32_MAX)
            return ns_error_memory(err);
        const ns_word *word = &w->lexicon.words[lexeme->word];
        tokens[i] = (ns_token){lexeme->begin,
                               lexeme->end,
                               (uint32_t)i,
                               copy_word(arena, word),
                               NULL,
                               word->stopword,
                               (lexeme->flags & NS_RAW_CAPITAL) != 0};
        tokens[i].stem = stem == lexeme->word ? tokens[i].exact : copy_word(arena, &w->lexicon.words[stem]);
        if (!tokens[i].exact || !tokens[i].stem)
            return ns_error_memory(err);
    }
    *out = (ns_tokens){tokens, count, NULL, 0};
    return NSEARCH_OK;
}

static nsearch_status tokenise(ns_workspace *w, const char *text, size_t n, bool is_query, nsearch_error *err)
{
    if (n > UINT32_MAX / 4)
        return ns_error_set(err, NSEARCH_INVALID, "text longer than %u bytes", UINT32_MAX / 4);
    ns_arena_reset(&w->arena);
    if (!ns_lexicon_trim(&w->lexicon))
        return ns_error_memory(err);
    w->lexemes.count = 0;
    return ns_tokenise(&w->lexicon, text, n, 0, is_query, &w->lexemes) ? NSEARCH_OK : ns_error_memory(err);
}

nsearch_status ns_analyse_text(ns_workspace *workspace, const char *text, size_t n, ns_arena *arena,
                               ns_tokens *out, nsearch_error *err)
{
    nsearch_status status = tokenise(workspace, text, n, false, err);
    return status ? status : give_tokens(workspace, arena, out, err);
}

/* A key of the tokens: folded words parted by spaces. */
static char *make_key(const ns_workspace *w, ns_arena *arena, size_t first, size_t count)
{
    size_t length = 1;
    for (size_t i = 0; i < count; i++)
        length += w->lexicon.words[w->lexemes.items[first + i].word].length + 1;
    char *key = ns_arena_take(arena, length), *at = key;
    for (size_t i = 0; key && i < count; i++) {
        const ns_word *word = &w->lexicon.words[w->lexemes.items[first + i].word];
        if (i)
            *at++ = ' ';
        memcpy(at, word->text, word->length);
        at += word->length;
    }
    if (key)
        *at = '\0';
    return key;
}

/* Words in capitals from i on that may be a name of several words: 0 or at least 2. */
static size_t capitals_at(const ns_workspace *w, size_t i)
{
    const ns_lexeme *tokens = w->lexemes.items;
    size_t n = 0;
    while (i + n < w->lexemes.count && (tokens[i + n].flags & NS_RAW_CAPITAL) &&
           !w->lexicon.words[tokens[i + n].word].stopword &&
           (n == 0 || !(tokens[i + n].gap &
                        ~(unsigned)(NS_GAP_SPACE | NS_GAP_HYPHEN | NS_GAP_PERIOD | NS_GAP_APOSTROPHE))))
        n++;
    return n >= 2 && n <= NS_ALIAS_WORDS_MAX ? n : 0;
}

static nsearch_status find_mentions(ns_workspace *w, const char *text, ns_arena *arena, ns_tokens *out,
                                    nsearch_error *err)
{
    size_t count = w->lexemes.count, found = 0;
    ns_mention *mentions = ns_arena_array(arena, count + 1, sizeof *mentions);
    if (!mentions)
        return ns_error_memory(err);
    for (size_t i = 0; i < count;) {
        const ns_gazetteer *g = NULL;
        const ns_alias *alias = ns_names_known_at(&w->lexicon, w->lexemes.items, i, count, true, false, &g);
        size_t words = alias ? alias->words : capitals_at(w, i);
        if (!words) {
            i++;
            continue;
        }
        const ns_lexeme *first = &w->lexemes.items[i], *last = first + words - 1;
        ns_mention *m = &mentions[found];
        *m = (ns_mention){first->begin,    last->end, (uint32_t)i, (uint32_t)words,
                          NS_ENTITY_OTHER, NULL,      NULL,        alias != NULL,
                          false,           NULL};
        if (alias) {
            const ns_name *name = &g->names[alias->name];
            m->type = (ns_entity_type)name->type;
            m->key = ns_arena_string(arena, g->text + name->key);
            m->canonical = ns_arena_string(arena, g->text + name->canonical);
        } else {
            m->key = make_key(w, arena, i, words);
            m->canonical = ns_arena_copy(arena, text + m->begin, m->end - m->begin);
        }
        if (!m->key || !m->canonical)
            return ns_error_memory(err);
        found++;
        i += words;
    }
    out->mentions = mentions;
    out->mention_count = found;
    return NSEARCH_OK;
}

nsearch_status ns_analyse_query(ns_workspace *workspace, const char *text, size_t n, ns_arena *arena,
                                ns_tokens *out, nsearch_error *err)
{
    ns_tokens result;
    nsearch_status status = tokenise(workspace, text, n, true, err);
    if (!status)
        status = give_tokens(workspace, arena, &result, err);
    if (!status)
        status = find_mentions(workspace, text, arena, &result, err);
    if (!status)
        *out = result;
    return status;
}

nsearch_status ns_analyse_mentions(ns_workspace *workspace, const ns_article *article, ns_arena *arena,
                                   ns_mention **mentions, int32_t **paragraph, size_t *count,
                                   nsearch_error *err)
{
    ns_workspace *w = workspace;
    size_t texts = article->paragraph_count + 2;
    const char **text = ns_arena_array(arena, texts, sizeof *text);
    ns_span *spans = ns_arena_array(arena, texts, sizeof *spans);
    if (!text || !spans)
        return ns_error_memory(err);
    nsearch_status status = tokenise(w, article->title, strlen(article->title), false, err);
    if (status)
        return status;
    text[0] = article->title;
    spans[0] = (ns_span){0, (uint32_t)w->lexemes.count, NS_TEXT_TITLE};
    for (size_t i = 1; i < texts - 1; i++) {
        const ns_paragraph *p = &article->paragraphs[i - 1];
        size_t first = w->lexemes.count;
        if (p->length > UINT32_MAX / 4 ||
            !ns_tokenise(&w->lexicon, p->text, p->length, 0, false, &w->lexemes))
            return ns_error_memory(err);
        text[i] = p->text;
        spans[i] = (ns_span){(uint32_t)first, (uint32_t)w->lexemes.count, NS_TEXT_BODY};
    }
    size_t body_end = w->lexemes.count, length = strlen(article->dateline);
    if (!ns_tokenise(&w->lexicon, article->dateline, length < NS_DATELINE_MAX ? length : 0, 0, false, &w->lexemes))
        return ns_error_memory(err);
    text[texts - 1] = article->dateline;
    spans[texts - 1] = (ns_span){(uint32_t)body_end, (uint32_t)w->lexemes.count, NS_TEXT_DATELINE};
    ns_entities names;
    if (!ns_entities_find(&w->lexicon, text, spans, NULL, texts, w->lexemes.items, arena, &names))
        return ns_error_memory(err);
    ns_mention *list = ns_arena_array(arena, names.found_count + 1, sizeof *list);
    int32_t *places = ns_arena_array(arena, names.found_count + 1, sizeof *places);
    if (!list || !places)
        return ns_error_memory(err);
    size_t span = 0;
    for (size_t i = 0; i < names.found_count; i++) {
        const ns_found *found = &names.found[i];
        const ns_entity *entity = &names.entities[found->entity];
        while (found->first_token >= spans[span].last)
            span++;
        const ns_lexeme *first = &w->lexemes.items[found->first_token];
        const char *within = entity->within ? ns_gazetteer_canonical(w->analyser, entity->within) : NULL;
        list[i] = (ns_mention){first->begin,
                               first[found->token_count - 1].end,
                               found->first_token - spans[span].first,
                               found->token_count,
                               entity->type,
                               entity->key,
                               entity->canonical,
                               entity->known,
                               found->people,
                               within ? within : entity->within};
        places[i] = span == texts - 1 ? -2 : (int32_t)span - 1;
    }
    *mentions = list;
    *paragraph = places;
    *count = names.found_count;
    return NSEARCH_OK;
}

const char *ns_gazetteer_canonical(const ns_analyser *analyser, const char *key)
{
    const ns_gazetteer *all[2] = {analyser->user, &ns_gazetteer_builtin};
    for (size_t g = 0; g < 2; g++) {
        const ns_name *name = all[g] ? ns_gazetteer_find_key(all[g], key) : NULL;
        if (name)
            return all[g]->text + name->canonical;
    }
    return NULL;
}

nsearch_status ns_gazetteer_aliases(const ns_analyser *analyser, const char *key, ns_arena *arena,
                                    const char ***aliases, size_t *count, nsearch_error *err)
{
    const ns_gazetteer *all[2] = {analyser->user, &ns_gazetteer_builtin};
    const ns_name *names[2] = {NULL, NULL};
    size_t most = 0, found = 0;
    for (size_t g = 0; g < 2; g++)
        if (all[g] && (names[g] = ns_gazetteer_find_key(all[g], key)) != NULL)
            most += names[g]->alias_count;
    const char **list = ns_arena_array(arena, most + 1, sizeof *list);
    if (!list)
        return ns_error_memory(err);
    for (size_t g = 0; g < 2; g++)
        for (uint32_t i = 1; names[g] && i < names[g]->alias_count; i++) {
            const ns_alias *alias = &all[g]->aliases[names[g]->first_alias + i];
            if (alias->flags & NS_ALIAS_ADJECTIVE)
                continue;
            list[found] = ns_arena_string(arena, all[g]->text + alias->shown);
            if (!list[found++])
                return ns_error_memory(err);
        }
    *aliases = list;
    *count = found;
    return NSEARCH_OK;
}
