/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * entity.c - names of the gazetteer in an article, longest first.
 */
#include "src/text/entity.h"

#include <string.h>

static bool fits(const ns_alias *alias, const ns_lexeme *first, const ns_lexeme *last, bool is_query, bool all_upper)
{
    if (is_query && !(alias->flags & NS_ALIAS_EXACT))
        return true;
    if (alias->flags & NS_ALIAS_UPPER)
        return (first->flags & NS_RAW_UPPER) && !(all_upper && (alias->flags & NS_ALIAS_EXACT) && !is_query);
    if (!(first->flags & (NS_RAW_CAPITAL | NS_RAW_NUMBER | NS_RAW_INITIALS)))
        return false;
    return alias->words == 1 || last->flags & (NS_RAW_CAPITAL | NS_RAW_NUMBER | NS_RAW_INITIALS);
}

const ns_alias *ns_entities_known_at(const ns_lexicon *lexicon, const ns_lexeme *tokens, size_t i, size_t last,
                                     bool is_query, bool all_upper, const ns_gazetteer **gazetteer)
{
    unsigned longest = lexicon->words[tokens[i].word].starts;
    const ns_alias *best = NULL;
    uint64_t hash = 1;
    for (unsigned n = 1; n <= longest && i + n <= last; n++) {
        const ns_lexeme *token = &tokens[i + n - 1];
        if (n > 1 && !is_query && token->gap & ~(unsigned)(NS_GAP_SPACE | NS_GAP_HYPHEN | NS_GAP_PERIOD | NS_GAP_APOSTROPHE))
            break;
        if (n > 1 && token->gap & NS_GAP_PERIOD && lexicon->words[token[-1].word].length > 3)
            break;
        hash = ns_alias_hash_next(hash, lexicon->words[token->word].hash);
        for (size_t g = 2; g-- > 0;) { /* the user's own first */
            const ns_alias *alias = lexicon->gazetteers[g] ? ns_gazetteer_find(lexicon->gazetteers[g], hash, n) : NULL;
            if (alias && fits(alias, &tokens[i], token, is_query, all_upper)) {
                best = alias;
                *gazetteer = lexicon->gazetteers[g];
                break;
            }
        }
    }
    return best;
}

typedef struct finder {
    ns_arena *arena;
    ns_entities *out;
    size_t entity_capacity, found_capacity;
} finder;

static bool reserve(ns_arena *arena, void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 32;
    void *grown = ns_arena_array(arena, wanted, size);
    if (!grown)
        return false;
    if (count)
        memcpy(grown, *items, count * size);
    *items = grown;
    *capacity = wanted;
    return true;
}

/* The article's entity with this key, made if it is new; -1: out of memory. */
static int64_t entity_of(finder *f, const char *key, const char *canonical, ns_entity_type type, bool known)
{
    size_t length = strlen(key);
    for (size_t i = 0; i < f->out->entity_count; i++)
        if (f->out->entities[i].key_length == length && !memcmp(f->out->entities[i].key, key, length))
            return (int64_t)i;
    char *copy = ns_arena_take(f->arena, length + 2);
    if (!copy || !reserve(f->arena, (void **)&f->out->entities, &f->entity_capacity, f->out->entity_count, sizeof(ns_entity)))
        return -1;
    copy[0] = 'e';
    memcpy(copy + 1, key, length + 1);
    f->out->entities[f->out->entity_count] = (ns_entity){copy + 1, canonical, (uint32_t)length, type, known};
    return (int64_t)f->out->entity_count++;
}

static bool add_found(finder *f, size_t first, size_t count, int64_t entity)
{
    if (entity < 0 || !reserve(f->arena, (void **)&f->out->found, &f->found_capacity, f->out->found_count, sizeof(ns_found)))
        return false;
    f->out->found[f->out->found_count++] = (ns_found){(uint32_t)first, (uint32_t)count, (uint32_t)entity};
    return true;
}

bool ns_entities_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans, size_t span_count,
                      const ns_lexeme *tokens, ns_arena *arena, ns_entities *out)
{
    finder f = {arena, out, 0, 0};
    *out = (ns_entities){0};
    (void)texts;
    for (size_t s = 0; s < span_count; s++) {
        bool all_upper = true;
        for (size_t i = spans[s].first; i < spans[s].last && all_upper; i++)
            all_upper = !(tokens[i].flags & NS_RAW_LOWER);
        for (size_t i = spans[s].first; i < spans[s].last;) {
            const ns_gazetteer *g = NULL;
            const ns_alias *alias = lexicon->words[tokens[i].word].starts
                                        ? ns_entities_known_at(lexicon, tokens, i, spans[s].last, false, all_upper, &g)
                                        : NULL;
            if (!alias) {
                i++;
                continue;
            }
            const ns_name *name = &g->names[alias->name];
            if (!add_found(&f, i, alias->words, entity_of(&f, g->text + name->key, g->text + name->canonical, (ns_entity_type)name->type, true)))
                return false;
            i += alias->words;
        }
    }
    return true;
}
