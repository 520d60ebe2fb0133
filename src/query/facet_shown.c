/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facet_shown.c - the index has no written forms of names: those that the gazetteer does not know are read in the text of
 * an article that holds the name.
 */
#include "src/query/facet_shown.h"

#include <string.h>

#include "src/text/stored.h"

/* "Kim Jong Un" where the tokens spell the key; NULL: they do not. Letters all in capitals are the last choice. */
static const char *spelled(const ns_build_context *c, const char *text, const ns_tokens *tokens, const char *key,
                           bool any_case)
{
    for (size_t i = 0; i < tokens->count; i++) {
        const char *rest = key;
        size_t n = 0;
        for (; *rest && i + n < tokens->count; n++) {
            size_t length = strlen(tokens->tokens[i + n].exact);
            if (strncmp(rest, tokens->tokens[i + n].exact, length) != 0 || (rest[length] && rest[length] != ' '))
                break;
            rest += length + (rest[length] == ' ');
        }
        if (*rest || !n || !tokens->tokens[i].capitalised)
            continue;
        uint32_t begin = tokens->tokens[i].begin, end = tokens->tokens[i + n - 1].end;
        bool lower = false;
        for (uint32_t b = begin; b < end; b++)
            lower |= (unsigned char)(text[b] - 'a') < 26;
        if (lower || any_case)
            return ns_arena_copy(c->arena, text + begin, end - begin);
    }
    return NULL;
}

/* "sandra osei" to "Sandra Osei": for a name that no text spells. */
static const char *capitalised(ns_arena *arena, const char *key)
{
    char *name = ns_arena_string(arena, key);
    for (char *p = name; p && *p; p++)
        if ((p == name || p[-1] == ' ') && *p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return name;
}

nsearch_status ns_name_shown(const ns_build_context *c, const char *key, uint32_t article, const char **name,
                             nsearch_error *err)
{
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_tokens title, body;
    const char *found = *key == NS_TERM_OUTLET ? key + 1 : ns_gazetteer_canonical(c->analyser, key + 1);
    if (found) {
        *name = ns_arena_string(c->arena, found);
        return *name ? NSEARCH_OK : ns_error_memory(err);
    }
    nsearch_status status = c->snapshot->backend->fetch(c->snapshot, article, c->arena, &bytes, &n, err);
    if (!status)
        status = ns_stored_decode(bytes, n, c->arena, &stored, err);
    if (!status)
        status = ns_analyse_text(c->workspace, stored.body, stored.body_length, c->arena, &body, err);
    if (!status)
        status = ns_analyse_text(c->workspace, stored.article.title, strlen(stored.article.title), c->arena, &title, err);
    if (status)
        return status;
    for (int any_case = 0; any_case < 2 && !found; any_case++) {
        found = spelled(c, stored.body, &body, key + 1, any_case);
        if (!found)
            found = spelled(c, stored.article.title, &title, key + 1, any_case);
    }
    *name = found ? found : capitalised(c->arena, key + 1);
    return *name ? NSEARCH_OK : ns_error_memory(err);
}
