/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * entity.c - decides for the whole article what its candidate names are: a surname alone is the person whose
 * full name stands elsewhere, a word at the start of a sentence is a name if it is one elsewhere.
 */
#include "src/text/entity.h"

#include <string.h>

#include "src/base/bytes.h"
#include "src/text/name_scan.h"
#include "src/text/name_words.h"

/* From a key to an entity: open addressing in the arena. */
typedef struct table {
    uint64_t *hashes; /* 0: empty */
    uint32_t *values;
    size_t count, slots;
} table;

typedef struct resolver {
    ns_lexicon *lexicon;
    const ns_lexeme *tokens;
    ns_arena *arena;
    ns_entities *out;
    size_t entity_capacity;
    table keys;     /* of entities */
    table surnames; /* word: the person last named */
    table given;    /* first word: the person first named so */
    table heads;    /* first word: the organisation first named so */
    table acronyms; /* word: what it was said to stand for */
    table initials; /* letters: the organisation whose words begin with them */
    bool no_memory;
} resolver;

static uint32_t *table_at(table *t, uint64_t hash)
{
    size_t slot = hash & (t->slots - 1);
    while (t->hashes[slot] && t->hashes[slot] != hash)
        slot = (slot + 1) & (t->slots - 1);
    return &t->values[slot];
}

/* The value of a key, or NULL. */
static uint32_t *table_find(table *t, uint64_t hash)
{
    if (!t->slots)
        return NULL;
    uint32_t *value = table_at(t, hash);
    return t->hashes[value - t->values] ? value : NULL;
}

static bool table_put(table *t, ns_arena *arena, uint64_t hash, uint32_t value)
{
    if (t->count * 2 >= t->slots) {
        table grown = {NULL, NULL, t->count, t->slots ? t->slots * 2 : 64};
        grown.hashes = ns_arena_zero(arena, grown.slots * sizeof *grown.hashes);
        grown.values = ns_arena_array(arena, grown.slots, sizeof *grown.values);
        if (!grown.hashes || !grown.values)
            return false;
        for (size_t i = 0; i < t->slots; i++)
            if (t->hashes[i]) {
                uint32_t *at = table_at(&grown, t->hashes[i]);
                grown.hashes[at - grown.values] = t->hashes[i];
                *at = t->values[i];
            }
        *t = grown;
    }
    uint32_t *at = table_at(t, hash);
    t->count += !t->hashes[at - t->values];
    t->hashes[at - t->values] = hash;
    *at = value;
    return true;
}

static uint64_t hash_of(const resolver *r, const char *key, size_t length)
{
    uint64_t hash = ns_hash64(key, length, r->lexicon->seed);
    return hash ? hash : 1;
}

static const ns_word *word_of(const resolver *r, uint32_t token)
{
    return &r->lexicon->words[r->tokens[token].word];
}

/* Appends an entity; key has its kind byte in front. UINT32_MAX: out of memory. */
static uint32_t new_entity(resolver *r, const char *key, size_t length, const char *canonical,
                           ns_entity_type type, bool known)
{
    ns_entities *out = r->out;
    if (out->entity_count == r->entity_capacity) {
        size_t capacity = r->entity_capacity ? r->entity_capacity * 2 : 32;
        ns_entity *grown = ns_arena_array(r->arena, capacity, sizeof *grown);
        if (!grown)
            return UINT32_MAX;
        if (out->entity_count)
            memcpy(grown, out->entities, out->entity_count * sizeof *grown);
        out->entities = grown;
        r->entity_capacity = capacity;
    }
    if (!key || !canonical ||
        !table_put(&r->keys, r->arena, hash_of(r, key, length), (uint32_t)out->entity_count))
        return UINT32_MAX;
    out->entities[out->entity_count] = (ns_entity){.key = key, .canonical = canonical, .key_length = (uint32_t)length,
                                                     .type = type, .known = known};
    return (uint32_t)out->entity_count++;
}

static uint32_t known_entity(resolver *r, const ns_candidate *c)
{
    const char *key = c->gazetteer->text + c->name->key;
    size_t length = strlen(key);
    uint32_t *found = table_find(&r->keys, hash_of(r, key, length));
    if (found)
        return *found;
    char *copy = ns_arena_take(r->arena, length + 2);
    uint32_t made = UINT32_MAX;
    if (copy) {
        copy[0] = 'e';
        memcpy(copy + 1, key, length + 1);
        made = new_entity(r, copy + 1, length, c->gazetteer->text + c->name->canonical, c->type, true);
    }
    if (made != UINT32_MAX && c->name->within)
        r->out->entities[made].within = c->gazetteer->text + c->name->within;
    r->no_memory = r->no_memory || made == UINT32_MAX;
    return made;
}

/* The key of tokens as words parted by spaces, with its kind byte in front; NULL: out of memory. */
static char *make_key(const resolver *r, const ns_candidate *c, size_t *length)
{
    size_t size = 2;
    for (uint32_t i = 0; i < c->key_count; i++)
        size += word_of(r, c->first + i)->length + 1;
    char *key = ns_arena_take(r->arena, size), *at = key;
    if (!key)
        return NULL;
    *at++ = 'e';
    for (uint32_t i = 0; i < c->key_count; i++) {
        const ns_word *word = word_of(r, c->first + i);
        if (i)
            *at++ = ' ';
        memcpy(at, word->text, word->length);
        at += word->length;
    }
    *at = '\0';
    *length = (size_t)(at - key) - 1;
    return key + 1;
}

/* The entity of a candidate's own words. With 'make' it is made when it is new; else UINT32_MAX. */
static uint32_t own_entity(resolver *r, const ns_candidate *c, const char *text, uint32_t base, bool make)
{
    size_t length;
    char *key = make_key(r, c, &length);
    if (!key) {
        r->no_memory = true;
        return UINT32_MAX;
    }
    uint32_t *found = table_find(&r->keys, hash_of(r, key, length));
    if (found)
        return *found;
    if (!make)
        return UINT32_MAX;
    uint32_t begin = r->tokens[c->first].begin, end = r->tokens[c->first + c->key_count - 1].end;
    uint32_t made = new_entity(r, key, length, ns_arena_copy(r->arena, text + (begin - base), end - begin),
                               c->type, false);
    r->no_memory = r->no_memory || made == UINT32_MAX;
    return made;
}

/* The word by which a person is called alone: the last, or the first of a Korean or Chinese name. */
static bool add_surname(resolver *r, const char *key, size_t length, uint32_t entity)
{
    const char *last = key;
    size_t first_length = strcspn(key, " "), words = 1;
    for (const char *p = key; *p; p++)
        if (*p == ' ')
            last = p + 1, words++;
    if (words < 2)
        return true;
    if (words <= 3 && ns_name_word(key, first_length) & NS_NAME_FAMILY_FIRST &&
        !(ns_name_word(key, first_length) & NS_NAME_FIRST) &&
        !table_put(&r->surnames, r->arena, hash_of(r, key, first_length), entity))
        return false;
    return table_put(&r->surnames, r->arena, hash_of(r, last, (size_t)(key + length - last)), entity);
}

/* The first in its table stays. */
static bool add_first(resolver *r, table *t, const char *key, size_t length, uint32_t entity)
{
    uint64_t hash = hash_of(r, key, length);
    return table_find(t, hash) || table_put(t, r->arena, hash, entity);
}

/* How an organisation is called for short: "Hansol" for Hansol Nano, FTC for Federal Trade Commission. */
static bool add_short_names(resolver *r, const ns_candidate *c, uint32_t entity)
{
    char letters[16];
    size_t n = 0;
    for (uint32_t i = 0; i < c->key_count && n < sizeof letters; i++)
        if (r->tokens[c->first + i].flags & NS_RAW_CAPITAL)
            letters[n++] = word_of(r, c->first + i)->text[0];
    if (n > 2 && n < sizeof letters && !add_first(r, &r->initials, letters, n, entity))
        return false;
    const ns_word *head = word_of(r, c->first);
    enum { VAGUE = NS_NAME_COMMON | NS_NAME_OTHER | NS_NAME_ORG | NS_NAME_PLACE | NS_NAME_TITLE | NS_NAME_FIRST };
    bool vague = c->name || c->key_count < 2 || head->name_kinds & VAGUE || head->stopword || head->starts;
    return vague || add_first(r, &r->heads, head->text, head->length, entity);
}

/* "Korean Central News Agency (KCNA)": remembers what the letters stand for. */
static void learn_acronym(resolver *r, const ns_candidate *before, uint32_t entity, const ns_candidate *c)
{
    const ns_word *acronym = word_of(r, c->first);
    const ns_lexeme *token = &r->tokens[c->first];
    if (c->count != 1 || !(token->flags & NS_RAW_UPPER) || !(token->gap & NS_GAP_COMMA) ||
        before->first + before->count != c->first || before->count < 2)
        return;
    size_t letter = 0;
    for (uint32_t i = 0; i < before->count; i++)
        if (r->tokens[before->first + i].flags & NS_RAW_CAPITAL) {
            if (letter >= acronym->length || word_of(r, before->first + i)->text[0] != acronym->text[letter])
                return;
            letter++;
        }
    if (letter == acronym->length &&
        !table_put(&r->acronyms, r->arena, hash_of(r, acronym->text, acronym->length), entity))
        r->no_memory = true;
}

/* Houston is a person's name too, unless a place is expected. */
static bool may_be_surname(const ns_candidate *c)
{
    return c->name && c->type == NS_ENTITY_PLACE && !c->placed && !c->people;
}

/* A name of one word: a person named in full elsewhere, an acronym that was explained, or UINT32_MAX. */
static uint32_t by_single_word(resolver *r, const ns_candidate *c)
{
    if (c->key_count != 1)
        return UINT32_MAX;
    const ns_word *word = word_of(r, c->first);
    uint64_t hash = hash_of(r, word->text, word->length);
    uint32_t *found = table_find(&r->acronyms, hash);
    if (!found && (!c->name || c->type == NS_ENTITY_PERSON || may_be_surname(c)) && !(c->count > 1))
        found = table_find(&r->surnames, hash);
    if (!found && c->count == 1 && r->tokens[c->first].flags & NS_RAW_UPPER)
        found = table_find(&r->initials, hash); /* before what the letters stand for elsewhere */
    if (!found && !c->name && c->count == 1)
        found = table_find(&r->given, hash);
    if (!found && !c->name && c->count == 1)
        found = table_find(&r->heads, hash);
    return found ? *found : UINT32_MAX;
}

/* Full names first, so that a surname finds its person whether that stands before or after it. */
static bool take_full_names(resolver *r, const ns_candidates *list, uint32_t *entities,
                            const char *const *texts, const uint32_t *bases)
{
    for (size_t i = 0; i < list->count; i++) {
        const ns_candidate *c = &list->items[i];
        entities[i] = UINT32_MAX;
        if (c->name ? c->count == 1 && (c->type == NS_ENTITY_PERSON || may_be_surname(c)) : c->weak || c->key_count < 2)
            continue;
        entities[i] = c->name ? known_entity(r, c) : own_entity(r, c, texts[i], bases[i], true);
        if (entities[i] == UINT32_MAX)
            return false;
        const ns_entity *entity = &r->out->entities[entities[i]];
        if (entity->type == NS_ENTITY_PERSON &&
            (!add_surname(r, entity->key, entity->key_length, entities[i]) ||
             !add_first(r, &r->given, entity->key, strcspn(entity->key, " "), entities[i])))
            return false;
        if (entity->type == NS_ENTITY_ORG && !add_short_names(r, c, entities[i]))
            return false;
        if (i + 1 < list->count)
            learn_acronym(r, c, entities[i], &list->items[i + 1]);
    }
    return !r->no_memory;
}

static bool take_the_rest(resolver *r, const ns_candidates *list, uint32_t *entities,
                          const char *const *texts, const uint32_t *bases)
{
    for (int round = 0; round < 2; round++) /* the weak wait until the strong are known */
        for (size_t i = 0; i < list->count; i++) {
            const ns_candidate *c = &list->items[i];
            if (entities[i] != UINT32_MAX) { /* a full name: from here on its surname means this one */
                const ns_entity *entity = &r->out->entities[entities[i]];
                if (entity->type == NS_ENTITY_PERSON && !c->weak && c->key_count > 1 &&
                    !add_surname(r, entity->key, entity->key_length, entities[i]))
                    return false;
                continue;
            }
            entities[i] = by_single_word(r, c);
            if (entities[i] == UINT32_MAX && c->name)
                entities[i] = known_entity(r, c);
            if (entities[i] == UINT32_MAX && !c->name && (!c->weak || round))
                entities[i] = own_entity(r, c, texts[i], bases[i], !c->weak);
            if (r->no_memory)
                return false;
        }
    return true;
}

/* The type that most mentions gave. A single word that nothing tells of is more often a company or a team
 * than anything else: people are introduced with their full names. */
static void settle_types(resolver *r, const ns_candidates *list, const uint32_t *entities)
{
    for (size_t i = 0; i < list->count; i++)
        if (entities[i] != UINT32_MAX && list->items[i].type < NS_ENTITY_OTHER && !list->items[i].name) {
            uint16_t *votes = &r->out->entities[entities[i]].votes[list->items[i].type];
            *votes += *votes < UINT16_MAX;
        }
    for (size_t i = 0; i < r->out->entity_count; i++) {
        ns_entity *e = &r->out->entities[i];
        unsigned most = e->votes[0];
        bool full_name = e->type == NS_ENTITY_PERSON && strchr(e->key, ' ');
        if (e->known || (full_name && most > e->votes[NS_ENTITY_PLACE] && most > e->votes[NS_ENTITY_ORG]))
            continue;
        if (full_name)
            most = 0; /* two words that nothing else tells of were taken for a person */
        e->type = most || full_name ? NS_ENTITY_PERSON : strchr(e->key, ' ') ? NS_ENTITY_OTHER : NS_ENTITY_ORG;
        if (e->votes[NS_ENTITY_PLACE] > most)
            most = e->votes[NS_ENTITY_PLACE], e->type = NS_ENTITY_PLACE;
        if (e->votes[NS_ENTITY_ORG] > most)
            e->type = NS_ENTITY_ORG;
    }
}

/* Words in lower case anywhere: a capital at the start of a sentence is then none of a name. */
static void mark_lower(ns_lexicon *lexicon, const ns_lexeme *tokens, size_t first, size_t last,
                       uint32_t article)
{
    for (size_t i = first; i < last; i++)
        if (!(tokens[i].flags & NS_RAW_CAPITAL))
            lexicon->words[tokens[i].word].seen_lower = article;
}

bool ns_entities_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                      const uint32_t *bases, size_t span_count, const ns_lexeme *tokens, ns_arena *arena,
                      ns_entities *out)
{
    resolver r = {.lexicon = lexicon, .tokens = tokens, .arena = arena, .out = out};
    ns_candidates list = {.arena = arena};
    *out = (ns_entities){0};
    uint32_t article = ++lexicon->article;
    for (size_t s = 0; s < span_count; s++)
        mark_lower(lexicon, tokens, spans[s].first, spans[s].last, article);
    size_t *ends = ns_arena_array(arena, span_count, sizeof *ends); /* candidates up to each text */
    if (!ends)
        return false;
    for (size_t s = 0; s < span_count; s++) {
        if (!ns_names_scan(lexicon, tokens, spans[s].first, spans[s].last, spans[s].kind, article, &list))
            return false;
        ends[s] = list.count;
    }
    uint32_t *entities = ns_arena_array(arena, list.count + 1, sizeof *entities);
    const char **candidate_texts = ns_arena_array(arena, list.count + 1, sizeof *candidate_texts);
    uint32_t *candidate_bases = ns_arena_array(arena, list.count + 1, sizeof *candidate_bases);
    out->found = ns_arena_array(arena, list.count + 1, sizeof *out->found);
    if (!entities || !candidate_texts || !candidate_bases || !out->found)
        return false;
    for (size_t i = 0, s = 0; i < list.count; i++) {
        while (i >= ends[s])
            s++;
        candidate_texts[i] = texts[s];
        candidate_bases[i] = bases ? bases[s] : 0;
    }
    if (!take_full_names(&r, &list, entities, candidate_texts, candidate_bases) ||
        !take_the_rest(&r, &list, entities, candidate_texts, candidate_bases))
        return false;
    settle_types(&r, &list, entities);
    for (size_t i = 0; i < list.count; i++)
        if (entities[i] != UINT32_MAX)
            out->found[out->found_count++] =
                (ns_found){list.items[i].first, list.items[i].count, entities[i], list.items[i].people};
    return true;
}
