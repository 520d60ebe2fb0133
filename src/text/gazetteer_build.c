/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gazetteer_build.c - from the text of a gazetteer file to its tables. Used at build time for the
 * built-in file (make_gazetteer.c) and at run time for a user's own.
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/buffer.h"
#include "src/text/analyse.h"
#include "src/text/gazetteer.h"
#include "src/text/tokenise.h"

typedef struct builder {
    ns_lexicon lexicon;
    ns_lexemes lexemes;
    ns_name *names;
    ns_alias *aliases;
    ns_start *starts;
    uint32_t *slots;
    size_t name_count, name_capacity, alias_count, alias_capacity;
    uint32_t slot_count, start_count;
    ns_buffer text;
    ns_buffer within; /* the fourth field of the last line that had one, as written */
    uint32_t within_key;
    unsigned long line;
} builder;

static bool reserve(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(*items, wanted * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

static uint32_t keep_text(builder *b, const char *s, size_t n)
{
    uint32_t at = (uint32_t)b->text.size;
    ns_buffer_add(&b->text, s, n);
    ns_buffer_add_byte(&b->text, 0);
    return at;
}

static void trim(const char **s, size_t *n)
{
    while (*n && (**s == ' ' || **s == '\r'))
        ++*s, --*n;
    while (*n && ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\r'))
        --*n;
}

static nsearch_status tokenise(builder *b, const char *s, size_t n, nsearch_error *err)
{
    b->lexemes.count = 0;
    if (!ns_tokenise(&b->lexicon, s, n, 0, true, &b->lexemes))
        return ns_error_memory(err);
    if (!b->lexemes.count || b->lexemes.count > NS_ALIAS_WORDS_MAX)
        return ns_error_set(err, NSEARCH_INVALID,
                            "name of 1 to %d words wanted in line %lu of the gazetteer: '%.*s'",
                            NS_ALIAS_WORDS_MAX, b->line, (int)(n > 80 ? 80 : n), s);
    return NSEARCH_OK;
}

static nsearch_status add_alias(builder *b, const char *s, size_t n, nsearch_error *err)
{
    uint8_t flags = 0;
    for (; n && (*s == '=' || *s == '~'); s++, n--)
        flags |= *s == '=' ? NS_ALIAS_EXACT : NS_ALIAS_ADJECTIVE;
    trim(&s, &n);
    if (!n)
        return NSEARCH_OK;
    nsearch_status status = tokenise(b, s, n, err);
    if (status)
        return status;
    if (!reserve((void **)&b->aliases, &b->alias_capacity, b->alias_count, sizeof *b->aliases))
        return ns_error_memory(err);
    uint64_t hash = 1;
    for (size_t i = 0; i < b->lexemes.count; i++)
        hash = ns_alias_hash_next(hash, b->lexicon.words[b->lexemes.items[i].word].hash);
    if (b->lexemes.count == 1 && b->lexemes.items[0].flags & (NS_RAW_UPPER | NS_RAW_INITIALS))
        flags |= NS_ALIAS_UPPER; /* L.A. is not the La of La Paz */
    b->aliases[b->alias_count++] =
        (ns_alias){hash, (uint32_t)b->name_count, keep_text(b, s, n), (uint8_t)b->lexemes.count, flags};
    return NSEARCH_OK;
}

static nsearch_status read_type(const builder *b, const char *s, size_t n, uint8_t *type, nsearch_error *err)
{
    static const struct {
        const char *name;
        ns_entity_type type;
    } types[] = {{"person", NS_ENTITY_PERSON},
                 {"place", NS_ENTITY_PLACE},
                 {"org", NS_ENTITY_ORG},
                 {"other", NS_ENTITY_OTHER}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i].name) == n && !memcmp(types[i].name, s, n)) {
            *type = (uint8_t)types[i].type;
            return NSEARCH_OK;
        }
    return ns_error_set(err, NSEARCH_INVALID, "unknown type '%.*s' in line %lu of the gazetteer",
                        (int)(n > 40 ? 40 : n), s, b->line);
}

/* Keeps the key of the name that was cut last. */
static uint32_t keep_key(builder *b)
{
    uint32_t at = (uint32_t)b->text.size;
    for (size_t i = 0; i < b->lexemes.count; i++) {
        if (i)
            ns_buffer_add_byte(&b->text, ' ');
        ns_buffer_add_string(&b->text, b->lexicon.words[b->lexemes.items[i].word].text);
    }
    ns_buffer_add_byte(&b->text, 0);
    return at;
}

/* The fourth field: most names share one with the name before. */
static nsearch_status read_within(builder *b, const char *s, size_t n, uint32_t *within, nsearch_error *err)
{
    trim(&s, &n);
    if (!n)
        return NSEARCH_OK;
    if (n == b->within.size && !memcmp(s, b->within.data, n)) {
        *within = b->within_key;
        return NSEARCH_OK;
    }
    nsearch_status status = tokenise(b, s, n, err);
    if (status)
        return status;
    *within = b->within_key = keep_key(b);
    ns_buffer_clear(&b->within);
    ns_buffer_add(&b->within, s, n);
    return b->within.failed ? ns_error_memory(err) : NSEARCH_OK;
}

/* One line: canonical TAB type [TAB alias|alias... [TAB within]] */
static nsearch_status read_line(builder *b, const char *s, size_t n, nsearch_error *err)
{
    trim(&s, &n);
    if (!n || *s == '#')
        return NSEARCH_OK;
    const char *tab = memchr(s, '\t', n);
    if (!tab)
        return ns_error_set(err, NSEARCH_INVALID, "no tab in line %lu of the gazetteer", b->line);
    const char *type = tab + 1, *end = s + n;
    const char *type_end = memchr(type, '\t', (size_t)(end - type));
    const char *aliases = type_end ? type_end + 1 : end;
    if (!type_end)
        type_end = end;
    const char *within = memchr(aliases, '\t', (size_t)(end - aliases)), *line_end = end;
    if (within)
        end = within++;
    size_t length = (size_t)(tab - s);
    trim(&s, &length);
    ns_name name = {0};
    nsearch_status status = read_type(b, type, (size_t)(type_end - type), &name.type, err);
    name.first_alias = (uint32_t)b->alias_count;
    if (!status)
        status = add_alias(b, s, length, err);
    if (status)
        return status;
    if (b->alias_count == name.first_alias)
        return ns_error_set(err, NSEARCH_INVALID, "no name in line %lu of the gazetteer", b->line);
    name.canonical = b->aliases[name.first_alias].shown;
    name.key = keep_key(b);
    while (!status && aliases < end) {
        const char *bar = memchr(aliases, '|', (size_t)(end - aliases));
        const char *stop = bar ? bar : end, *alias = aliases;
        size_t alias_length = (size_t)(stop - alias);
        trim(&alias, &alias_length);
        status = add_alias(b, alias, alias_length, err);
        aliases = stop + 1;
    }
    if (!status && within)
        status = read_within(b, within, (size_t)(line_end - within), &name.within, err);
    if (status)
        return status;
    name.alias_count = (uint32_t)b->alias_count - name.first_alias;
    if (!reserve((void **)&b->names, &b->name_capacity, b->name_count, sizeof *b->names))
        return ns_error_memory(err);
    b->names[b->name_count++] = name;
    return NSEARCH_OK;
}

static uint32_t power_of_two(size_t wanted)
{
    uint32_t n = 16;
    while (n < wanted)
        n *= 2;
    return n;
}

/* The first line that claims a form keeps it. */
static void place_alias(builder *b, uint32_t index)
{
    uint32_t mask = b->slot_count - 1, slot = (uint32_t)b->aliases[index].hash & mask;
    for (; b->slots[slot]; slot = (slot + 1) & mask)
        if (b->aliases[b->slots[slot] - 1].hash == b->aliases[index].hash)
            return;
    b->slots[slot] = index + 1;
}

static nsearch_status make_tables(builder *b, nsearch_error *err)
{
    b->slot_count = power_of_two(b->alias_count * 2);
    b->start_count = power_of_two(b->alias_count * 2);
    b->slots = calloc(b->slot_count, sizeof *b->slots);
    b->starts = calloc(b->start_count, sizeof *b->starts);
    if (!b->slots || !b->starts)
        return ns_error_memory(err);
    for (size_t i = 0; i < b->alias_count; i++) {
        place_alias(b, (uint32_t)i);
        const char *shown = (const char *)b->text.data + b->aliases[i].shown;
        nsearch_status status = tokenise(b, shown, strlen(shown), err);
        if (status)
            return status;
        uint64_t hash = b->lexicon.words[b->lexemes.items[0].word].hash;
        uint32_t mask = b->start_count - 1, slot = (uint32_t)hash & mask;
        while (b->starts[slot].longest && b->starts[slot].hash != hash)
            slot = (slot + 1) & mask;
        b->starts[slot].hash = hash;
        if (b->starts[slot].longest < b->aliases[i].words)
            b->starts[slot].longest = b->aliases[i].words;
    }
    return NSEARCH_OK;
}

nsearch_status ns_gazetteer_build(const char *text, size_t n, ns_gazetteer **out, nsearch_error *err)
{
    builder b = {0};
    ns_gazetteer *gazetteer = NULL;
    nsearch_status status = NSEARCH_OK;
    ns_buffer_init(&b.text);
    ns_buffer_init(&b.within);
    if (n > UINT32_MAX / 8)
        return ns_error_set(err, NSEARCH_INVALID, "gazetteer too large");
    if (!ns_lexicon_init(&b.lexicon, NULL, NULL))
        return ns_error_memory(err);
    ns_buffer_add_byte(&b.text, 0); /* offset 0 is none */
    const char *end = text + n;
    if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        text += 3;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        b.line++;
        status = read_line(&b, text, (size_t)(stop - text), err);
        if (status)
            goto out;
        text = stop + 1;
    }
    status = b.text.failed ? ns_error_memory(err) : make_tables(&b, err);
    if (status)
        goto out;
    gazetteer = calloc(1, sizeof *gazetteer);
    if (!gazetteer || b.text.failed) {
        status = ns_error_memory(err);
        goto out;
    }
    *gazetteer = (ns_gazetteer){b.names,
                                b.aliases,
                                b.slots,
                                b.starts,
                                (const char *)b.text.data,
                                (uint32_t)b.name_count,
                                (uint32_t)b.alias_count,
                                b.slot_count,
                                b.start_count,
                                (uint32_t)b.text.size};
    b.names = NULL, b.aliases = NULL, b.slots = NULL, b.starts = NULL, b.text.data = NULL;
    *out = gazetteer;
    gazetteer = NULL;
out:
    free(gazetteer);
    free(b.names);
    free(b.aliases);
    free(b.slots);
    free(b.starts);
    ns_buffer_release(&b.text);
    ns_buffer_release(&b.within);
    ns_lexemes_release(&b.lexemes);
    ns_lexicon_release(&b.lexicon);
    return status;
}

void ns_gazetteer_free(ns_gazetteer *gazetteer)
{
    if (!gazetteer)
        return;
    free((void *)(uintptr_t)gazetteer->names);
    free((void *)(uintptr_t)gazetteer->aliases);
    free((void *)(uintptr_t)gazetteer->slots);
    free((void *)(uintptr_t)gazetteer->starts);
    free((void *)(uintptr_t)gazetteer->text);
    free(gazetteer);
}
