/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_terms.c - 'nsearch-inspect terms': the terms of an index that begin with a prefix; and how terms are written
 * by people ("entity:north korea") and in the index ("enorth korea").
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define TERMS_SHOWN 50

static const struct {
    const char *written;
    char kind;
} kinds[] = {
    /* longer ones before those that they begin with */
    { "title:=", NS_TERM_TITLE_EXACT }, { "title:", NS_TERM_TITLE },   { "entity:", NS_TERM_ENTITY },
    { "person:", NS_TERM_PERSON },      { "place:", NS_TERM_PLACE },   { "org:", NS_TERM_ORG },
    { "source:", NS_TERM_SOURCE },      { "by:", NS_TERM_BYLINE },     { "id:", NS_TERM_ID },
    { "outlet:", NS_TERM_OUTLET },      { "speaker:", NS_TERM_SPEAKER }, { "within:", NS_TERM_WITHIN },
    { "address:", NS_TERM_ADDRESS },    { "mark:", NS_TERM_MARK },
    { "file:", NS_TERM_ORIGIN },        { "=", NS_TERM_EXACT },        { "", NS_TERM_STEM },
};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

/* The words of 'text' as the index has them, joined by blanks. */
static char *join_tokens(inspect *in, const ns_tokens *tokens, bool stems)
{
    size_t n = 1;
    for (size_t i = 0; i < tokens->count; i++)
        n += strlen(stems ? tokens->tokens[i].stem : tokens->tokens[i].exact) + 1;
    char *joined = ns_arena_take(&in->arena, n), *end = joined;
    for (size_t i = 0; joined && i < tokens->count; i++) {
        if (i)
            *end++ = ' ';
        end = stpcpy(end, stems ? tokens->tokens[i].stem : tokens->tokens[i].exact);
    }
    if (joined)
        *end = '\0';
    return joined;
}

static const char *normalise(inspect *in, char kind, const char *text, bool prefix, nsearch_error *err)
{
    if (kind == NS_TERM_ID || kind == NS_TERM_ORIGIN || kind == NS_TERM_OUTLET || kind == NS_TERM_ADDRESS ||
        kind == NS_TERM_MARK || !*text)
        return text;
    ns_tokens tokens;
    if (ns_analyse_query(in->workspace, text, strlen(text), &in->arena, &tokens, err))
        return NULL;
    if (!tokens.count)
        return text;
    /* A name by any of its aliases, unless it is only begun. */
    if (kind == NS_TERM_ENTITY && !prefix && tokens.mention_count == 1 &&
        tokens.mentions[0].token_count == tokens.count)
        return tokens.mentions[0].key;
    bool stems = !prefix && (kind == NS_TERM_STEM || kind == NS_TERM_TITLE);
    return join_tokens(in, &tokens, stems);
}

char *inspect_key(inspect *in, const char *word, bool prefix, size_t *length, nsearch_error *err)
{
    if (!strncmp(word, "raw:", 4)) {
        *length = strlen(word + 4);
        return ns_arena_string(&in->arena, word + 4);
    }
    size_t k = 0;
    while (strncmp(word, kinds[k].written, strlen(kinds[k].written)))
        k++;
    const char *text = normalise(in, kinds[k].kind, word + strlen(kinds[k].written), prefix, err);
    char *key = text ? ns_arena_printf(&in->arena, "%c%s", kinds[k].kind, text) : NULL;
    if (!key)
        return NULL;
    size_t n = strlen(key);
    *length = n > NS_TERM_MAX ? NS_TERM_MAX : n;
    return key;
}

char *inspect_key_text(ns_arena *arena, const char *key, size_t length)
{
    for (size_t k = 0; length && k < KIND_COUNT; k++)
        if (kinds[k].kind == key[0])
            return ns_arena_printf(arena, "%s%.*s", kinds[k].written, (int)length - 1, key + 1);
    return ns_arena_printf(arena, "raw:%.*s", (int)length, key);
}

/* ---------------------------------------------------------------- the command */

typedef struct listing {
    inspect *in;
    json_t *terms; /* NULL: print */
    size_t count, limit;
    bool more;
} listing;

static bool list_term(const char *key, size_t length, uint64_t df, void *user)
{
    listing *list = user;
    if (list->count == list->limit) {
        list->more = true;
        return false;
    }
    list->count++;
    ns_arena_reset(&list->in->arena);
    const char *text = inspect_key_text(&list->in->arena, key, length);
    if (!text)
        return false;
    if (list->terms) {
        json_t *term = json_object();
        tool_json_set_text(term, "term", text);
        tool_json_set_count(term, "df", df);
        ns_term_stats stats;
        nsearch_error ignored = NSEARCH_ERROR_INIT; /* damage is told of by the walk */
        if (!list->in->backend->term(list->in->snapshot, key, length, &stats, &ignored))
            tool_json_set_count(term, "texts", stats.texts);
        json_array_append_new(list->terms, term);
    } else {
        printf("%10" PRIu64 "  ", df);
        tool_print_safe(stdout, text);
        putchar('\n');
    }
    return true;
}

int inspect_terms(inspect *in, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    listing list = { in, in->json ? json_array() : NULL, 0, in->limit ? in->limit : TERMS_SHOWN, false };
    if (!in->limit && in->json)
        list.limit = INSPECT_ALL;
    if (count > 1)
        return tool_usage("terms takes one PREFIX");
    size_t length = 0;
    char *key = count ? inspect_key(in, words[0], true, &length, &err) : ns_arena_string(&in->arena, "");
    char *prefix = key ? strndup(key, length) : NULL; /* the arena is reset for each term */
    nsearch_status status =
        prefix ? in->backend->walk(in->snapshot, prefix, length, list_term, &list, &err) : NSEARCH_NO_MEMORY;
    free(prefix);
    if (status) {
        json_decref(list.terms);
        return tool_failed(&err, in->index);
    }
    if (in->json) {
        json_t *answer = tool_json_answer(in->fingerprint);
        json_object_set_new(answer, "terms", list.terms);
        json_object_set_new(answer, "more", json_boolean(list.more));
        if (!tool_json_print(answer, false))
            return TOOL_ERROR;
    } else if (list.more) {
        puts("... and more: -n 0 lists all");
    }
    return list.count ? TOOL_FOUND : TOOL_NONE;
}
