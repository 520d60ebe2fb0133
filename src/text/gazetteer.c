/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gazetteer.c - look-up in the flat tables of a gazetteer.
 */
#include "src/text/gazetteer.h"

#include <string.h>

#include "src/base/bytes.h"

unsigned ns_gazetteer_starts(const ns_gazetteer *gazetteer, uint64_t word_hash)
{
    if (!gazetteer->start_count)
        return 0;
    uint32_t mask = gazetteer->start_count - 1, slot = (uint32_t)word_hash & mask;
    for (; gazetteer->starts[slot].longest; slot = (slot + 1) & mask)
        if (gazetteer->starts[slot].hash == word_hash)
            return gazetteer->starts[slot].longest;
    return 0;
}

const ns_alias *ns_gazetteer_find(const ns_gazetteer *gazetteer, uint64_t hash, unsigned words)
{
    if (!gazetteer->slot_count)
        return NULL;
    uint32_t mask = gazetteer->slot_count - 1, slot = (uint32_t)hash & mask;
    for (; gazetteer->slots[slot]; slot = (slot + 1) & mask) {
        const ns_alias *alias = &gazetteer->aliases[gazetteer->slots[slot] - 1];
        if (alias->hash == hash && alias->words == words)
            return alias;
    }
    return NULL;
}

/* The name of this key where its own form leads to it. */
static const ns_name *find_by_form(const ns_gazetteer *gazetteer, const char *key)
{
    uint64_t hash = 1;
    unsigned words = 0;
    for (const char *p = key; *p; words++) {
        size_t n = strcspn(p, " ");
        hash = ns_alias_hash_next(hash, ns_hash64(p, n, 0));
        p += n + (p[n] == ' ');
    }
    const ns_alias *alias = ns_gazetteer_find(gazetteer, hash, words);
    const ns_name *name = alias ? &gazetteer->names[alias->name] : NULL;
    return name && !strcmp(gazetteer->text + name->key, key) ? name : NULL;
}

const ns_name *ns_gazetteer_find_key(const ns_gazetteer *gazetteer, const char *key)
{
    const ns_name *name = find_by_form(gazetteer, key);
    if (name)
        return name;
    for (uint32_t i = 0; i < gazetteer->name_count; i++)
        if (!strcmp(gazetteer->text + gazetteer->names[i].key, key))
            return &gazetteer->names[i];
    return NULL;
}
