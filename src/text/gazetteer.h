/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gazetteer.h - names known beforehand: for each the canonical form, its type and its other forms.
 * A form is found by a hash over its folded words. All tables are flat and hold offsets, so that
 * the built-in one is read-only data of the library and costs nothing to open.
 */
#ifndef NS_TEXT_GAZETTEER_H
#define NS_TEXT_GAZETTEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/error.h"

enum {
    NS_ALIAS_UPPER = 1,    /* an acronym: in a text only in capitals */
    NS_ALIAS_EXACT = 2,    /* also in a query only as written: an ordinary word otherwise */
    NS_ALIAS_ADJECTIVE = 4 /* names the people or the manner of a place */
};

typedef struct ns_alias {
    uint64_t hash; /* of its words, never 0 */
    uint32_t name;
    uint32_t shown; /* offset of the form as written in the file */
    uint8_t words;  /* 1 to NS_ALIAS_WORDS_MAX */
    uint8_t flags;
} ns_alias;

typedef struct ns_name {
    uint32_t canonical;                /* offset: "North Korea" */
    uint32_t key;                      /* offset: "north korea" */
    uint32_t first_alias, alias_count; /* the first alias is the canonical form */
    uint32_t within;                   /* offset of the key of the country that it lies in; 0: not told */
    uint8_t type;                      /* ns_entity_type */
} ns_name;

typedef struct ns_start {
    uint64_t hash;    /* of a first word */
    uint32_t longest; /* words of the longest form that begins with it; 0: empty slot */
} ns_start;

typedef struct ns_gazetteer {
    const ns_name *names;
    const ns_alias *aliases;
    const uint32_t *slots;  /* alias + 1, open addressing by hash; slot_count is a power of two */
    const ns_start *starts; /* open addressing; start_count is a power of two */
    const char *text;       /* strings, each ending in NUL */
    uint32_t name_count, alias_count, slot_count, start_count, text_size;
} ns_gazetteer;

#define NS_ALIAS_WORDS_MAX 12

extern const ns_gazetteer ns_gazetteer_builtin;

static inline uint64_t ns_alias_hash_next(uint64_t hash, uint64_t word_hash)
{
    hash = (hash ^ word_hash) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 29;
    return hash ? hash : 1;
}

/* Longest form that begins with this word (by its hash), 0 for none. */
unsigned ns_gazetteer_starts(const ns_gazetteer *gazetteer, uint64_t word_hash);
/* The alias of this hash and number of words, or NULL. */
const ns_alias *ns_gazetteer_find(const ns_gazetteer *gazetteer, uint64_t hash, unsigned words);
/* The name with this key, or NULL. */
const ns_name *ns_gazetteer_find_key(const ns_gazetteer *gazetteer, const char *key);

/* Builds tables from the text of a gazetteer file (format: head of gazetteer.tsv); INVALID names the line. */
nsearch_status ns_gazetteer_build(const char *text, size_t n, ns_gazetteer **out, nsearch_error *err);
void ns_gazetteer_free(ns_gazetteer *gazetteer); /* of ns_gazetteer_build only */

#endif
