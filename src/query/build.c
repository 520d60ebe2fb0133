/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * build.c - walks the tree once: each node gives its filter and adds its scored terms.
 */
#include "src/query/build.h"

#include <stdlib.h>
#include <string.h>

#include "src/query/bm25.h"
#include "src/query/build_parts.h"
#include "src/query/terms.h"

/* Of all prefixes of a query together */
#define PREFIX_SEEN_MAX 20000 /* words looked at */
#define PREFIX_USED_MAX 1024  /* words that select */
#define PREFIX_SCORED_MAX 64  /* words that rank, of each */

/* ---- making filters */

ns_filter *ns_build_filter(ns_builder *w, ns_filter_kind kind, size_t children)
{
    ns_filter *f = w->status ? NULL : ns_arena_zero(w->c->arena, sizeof *f);
    if (f)
        f->children = ns_arena_zero(w->c->arena, (children + 1) * sizeof *f->children);
    if (!f || !f->children) {
        if (!w->status)
            w->status = ns_error_memory(w->err);
        return NULL;
    }
    f->kind = kind;
    return f;
}

ns_filter *ns_build_term(ns_builder *w, char kind, const char *text)
{
    ns_filter *f = ns_build_filter(w, NS_FILTER_TERM, 0);
    size_t n = strlen(text);
    if (n > NS_TERM_MAX - 1)
        n = NS_TERM_MAX - 1;
    char *key = f ? ns_arena_take(w->c->arena, n + 1) : NULL;
    if (!key)
        return f && !w->status ? (w->status = ns_error_memory(w->err), NULL) : NULL;
    key[0] = kind;
    memcpy(key + 1, text, n);
    f->key = key;
    f->key_length = (uint32_t)n + 1;
    return f;
}

void ns_build_add(ns_filter *parent, ns_filter *child)
{
    if (parent && child)
        parent->children[parent->child_count++] = child;
}

/* A node with one child is that child; with none, NULL. */
ns_filter *ns_build_simplest(ns_filter *f)
{
    if (!f || f->child_count > 1)
        return f;
    return f->child_count ? f->children[0] : NULL;
}

static ns_filter *not_filter(ns_builder *w, ns_filter *child)
{
    ns_filter *f = child ? ns_build_filter(w, NS_FILTER_NOT, 1) : NULL;
    ns_build_add(f, child);
    return f;
}

/* ---- texts */

bool ns_build_cut(ns_builder *w, const char *text, size_t length, ns_tokens *tokens)
{
    memset(tokens, 0, sizeof *tokens);
    if (!w->status)
        w->status = ns_analyse_query(w->c->workspace, text, length, w->c->arena, tokens, w->err);
    return !w->status;
}

void ns_build_score_text(ns_builder *w, const ns_tokens *tokens)
{
    if (!w->status)
        w->status = ns_terms_add_text(w->c, w->b, tokens, w->err);
}

/* Whether the alias is what the reader wrote; '-' and the like between words do not matter. */
static bool is_typed(const char *alias, const ns_linked *name, const ns_tokens *tokens)
{
    for (uint32_t i = 0; i < name->count; i++) {
        const char *word = tokens->tokens[name->first + i].exact;
        size_t n = strlen(word);
        if (strncasecmp(alias, word, n) != 0)
            return false;
        alias += n;
        alias += *alias == ' ' || *alias == '-';
    }
    return !*alias;
}

/* "also searched: DPRK, N. Korea" - other spellings of a name, told once. */
static void note_aliases(ns_builder *w, const ns_linked *name, const ns_tokens *tokens)
{
    const char **aliases;
    size_t count = 0;
    if (!name->known || w->status)
        return;
    w->status = ns_gazetteer_aliases(w->c->analyser, name->key, w->c->arena, &aliases, &count, w->err);
    char list[200] = "";
    size_t used = 0, told = 0;
    for (size_t i = 0; i <= count && told < 4; i++) {
        const char *alias = i ? aliases[i - 1] : name->shown;
        size_t n = strlen(alias);
        if (is_typed(alias, name, tokens) || (i && !strcmp(alias, name->shown)) || used + n + 3 > sizeof list)
            continue;
        if (told++) {
            memcpy(list + used, ", ", 2);
            used += 2;
        }
        memcpy(list + used, alias, n + 1);
        used += n;
    }
    if (told)
        ns_note(w->c->notes, "also searched: %s", list);
}

/* Nothing but stopwords stands beside the name. */
static bool is_whole(const ns_linked *name, const ns_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        if ((i < name->first || i >= name->first + name->count) && !tokens->tokens[i].stopword)
            return false;
    return true;
}

static void score_places_within(ns_builder *w, const ns_linked *name, double weight)
{
    bool found = false;
    if (!w->status)
        w->status = ns_terms_add_within(w->c, w->b, name, weight, &found, w->err);
    if (found && !w->status)
        ns_note(w->c->notes, "also searched: places in %s", name->shown);
}

ns_linked *ns_build_score_names(ns_builder *w, const ns_tokens *tokens, bool scored, size_t *count)
{
    ns_linked *names = NULL;
    *count = 0;
    if (!w->status && w->c->entity_weight > 0)
        w->status = ns_terms_link(w->c, tokens, &names, count, w->err);
    bool whole = *count == 1 && is_whole(&names[0], tokens);
    double weight = w->c->entity_weight * (whole ? NS_WHOLE_NAME * names[0].count : 1);
    for (size_t i = 0; i < *count && !w->status && scored; i++) {
        w->status = ns_terms_add_name(w->c, w->b, &names[i], weight, w->err);
        note_aliases(w, &names[i], tokens);
    }
    if (whole && scored)
        score_places_within(w, &names[0], weight);
    return names;
}

/* Articles with any of the words or names. */
static ns_filter *words_filter(ns_builder *w, const ns_tokens *tokens, const ns_linked *names, size_t name_count)
{
    bool all_stop = ns_terms_all_stop(tokens);
    ns_filter *any = ns_build_filter(w, NS_FILTER_OR, tokens->count + name_count);
    for (size_t i = 0; i < tokens->count; i++)
        if (all_stop || !tokens->tokens[i].stopword)
            ns_build_add(any, ns_build_term(w, NS_TERM_STEM, tokens->tokens[i].stem));
    for (size_t i = 0; i < name_count; i++)
        ns_build_add(any, ns_build_term(w, NS_TERM_ENTITY, names[i].key));
    return ns_build_simplest(any);
}

static ns_filter *sequence_filter(ns_builder *w, ns_filter_kind kind, char term_kind, const ns_tokens *tokens, bool stems)
{
    size_t count = tokens->count;
    if (count > NS_PHRASE_TERMS_MAX) {
        ns_note(w->c->notes, "of a quotation only the first %d words were used", NS_PHRASE_TERMS_MAX);
        count = NS_PHRASE_TERMS_MAX;
    }
    ns_filter *f = ns_build_filter(w, kind, count);
    if (!f)
        return NULL;
    f->offsets = ns_arena_array(w->c->arena, count + 1, sizeof *f->offsets);
    if (!f->offsets) {
        w->status = ns_error_memory(w->err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        f->offsets[i] = tokens->tokens[i].position;
        ns_build_add(f, ns_build_term(w, term_kind, stems ? tokens->tokens[i].stem : tokens->tokens[i].exact));
    }
    return ns_build_simplest(f);
}

/* The words as written, in the body or in the title. */
static ns_filter *phrase_filter(ns_builder *w, const ns_tokens *tokens)
{
    if (!tokens->count)
        return NULL;
    ns_filter *either = ns_build_filter(w, NS_FILTER_OR, 2);
    ns_build_add(either, sequence_filter(w, NS_FILTER_PHRASE, NS_TERM_EXACT, tokens, false));
    ns_build_add(either, sequence_filter(w, NS_FILTER_PHRASE, NS_TERM_TITLE_EXACT, tokens, false));
    return either;
}

static ns_filter *build_words(ns_builder *w, const ns_node *node, bool scored)
{
    ns_tokens tokens;
    size_t count;
    if (!ns_build_cut(w, node->text, node->length, &tokens))
        return NULL;
    if (scored)
        ns_build_score_text(w, &tokens);
    ns_linked *names = ns_build_score_names(w, &tokens, scored, &count);
    return words_filter(w, &tokens, names, count);
}

static ns_filter *build_phrase(ns_builder *w, const ns_node *node, bool scored)
{
    ns_tokens tokens;
    size_t count;
    if (!ns_build_cut(w, node->text, node->length, &tokens))
        return NULL;
    if (scored) {
        ns_build_score_text(w, &tokens);
        ns_build_score_names(w, &tokens, scored, &count);
        for (size_t i = 0; i < tokens.count && !w->status; i++)
            if (!ns_map_put(&w->b->exacts, tokens.tokens[i].exact, strlen(tokens.tokens[i].exact), NULL))
                w->status = ns_error_memory(w->err);
    }
    return phrase_filter(w, &tokens);
}

/* ---- prefix */

typedef struct expansion {
    const char *text;
    uint64_t df;
} expansion;

typedef struct expander {
    ns_builder *w;
    expansion *found;
    size_t count, limit;
    bool more;
} expander;

static bool take_expansion(const char *key, size_t length, uint64_t df, void *user)
{
    expander *x = user;
    if (x->count == x->limit) {
        x->more = true;
        return false;
    }
    char *text = ns_arena_copy(x->w->c->arena, key + 1, length - 1);
    if (!text) {
        x->w->status = ns_error_memory(x->w->err);
        return false;
    }
    x->found[x->count++] = (expansion){text, df};
    return true;
}

static int by_df(const void *a, const void *b)
{
    const expansion *x = a, *y = b;
    if (x->df != y->df)
        return x->df > y->df ? -1 : 1;
    return strcmp(x->text, y->text);
}

static void score_expansion(ns_builder *w, const char *text)
{
    ns_tokens tokens;
    if (ns_build_cut(w, text, strlen(text), &tokens) && tokens.count == 1)
        ns_build_score_text(w, &tokens);
}

ns_filter *ns_build_expand(ns_builder *w, char kind, const char *prefix, bool scored)
{
    expander x = {.w = w, .limit = PREFIX_SEEN_MAX / w->prefixes + 1};
    char key[NS_TERM_MAX];
    size_t n = strlen(prefix) < NS_TERM_MAX - 1 ? strlen(prefix) : NS_TERM_MAX - 1;
    x.found = ns_arena_array(w->c->arena, x.limit, sizeof *x.found);
    if (!x.found && !w->status)
        w->status = ns_error_memory(w->err);
    if (w->status)
        return NULL;
    key[0] = kind;
    memcpy(key + 1, prefix, n);
    nsearch_status status =
        w->c->snapshot->backend->walk(w->c->snapshot, key, n + 1, take_expansion, &x, w->err);
    if (!w->status)
        w->status = status;
    qsort(x.found, x.count, sizeof *x.found, by_df);
    size_t most = PREFIX_USED_MAX / w->prefixes + 1, used = x.count < most ? x.count : most;
    if (used < x.count || x.more)
        ns_note(w->c->notes, "'%s*' begins very many words: the %zu most frequent were used", prefix, used);
    ns_filter *any = ns_build_filter(w, NS_FILTER_OR, used);
    for (size_t i = 0; i < used && !w->status; i++) {
        ns_build_add(any, ns_build_term(w, kind, x.found[i].text));
        if (scored && i < PREFIX_SCORED_MAX)
            score_expansion(w, x.found[i].text);
    }
    return any;
}

static ns_filter *build_prefix(ns_builder *w, const ns_node *node, bool scored)
{
    ns_tokens tokens;
    if (!ns_build_cut(w, node->text, node->length, &tokens) || !tokens.count)
        return NULL;
    const char *prefix = tokens.tokens[tokens.count - 1].exact;
    ns_filter *either = ns_build_filter(w, NS_FILTER_OR, 2);
    ns_build_add(either, ns_build_expand(w, NS_TERM_EXACT, prefix, scored));
    ns_build_add(either, ns_build_expand(w, NS_TERM_TITLE_EXACT, prefix, false));
    if (tokens.count == 1)
        return either;
    ns_filter *all = ns_build_filter(w, NS_FILTER_AND, tokens.count); /* anti-tank*: the parts before the last as they are */
    for (size_t i = 0; i + 1 < tokens.count; i++)
        ns_build_add(all, ns_build_term(w, NS_TERM_STEM, tokens.tokens[i].stem));
    ns_build_add(all, either);
    return all;
}

/* ---- fields */

static ns_filter *all_words(ns_builder *w, char kind, const ns_tokens *tokens, bool stems)
{
    ns_filter *all = ns_build_filter(w, NS_FILTER_AND, tokens->count);
    for (size_t i = 0; i < tokens->count; i++)
        ns_build_add(all, ns_build_term(w, kind, stems ? tokens->tokens[i].stem : tokens->tokens[i].exact));
    return ns_build_simplest(all);
}

/* A name by its key where the gazetteer or the index knows it, or by all its words among names of the kinds. */
static ns_filter *name_filter(ns_builder *w, const ns_tokens *tokens, const char *kinds, bool scored)
{
    ns_filter *any = ns_build_filter(w, NS_FILTER_OR, 5);
    ns_linked *names = NULL;
    size_t count = 0;
    if (!w->status)
        w->status = ns_terms_link(w->c, tokens, &names, &count, w->err);
    bool whole = count == 1 && names[0].count == tokens->count, is_place = *kinds == NS_TERM_PLACE;
    if (whole) {
        ns_build_add(any, ns_build_term(w, NS_TERM_ENTITY, names[0].key));
        if (scored && !w->status) {
            w->status = ns_terms_add_name(w->c, w->b, &names[0], 1, w->err);
            note_aliases(w, &names[0], tokens);
            if (is_place)
                score_places_within(w, &names[0], 1);
        }
        if (is_place && names[0].known)
            ns_build_add(any, ns_build_term(w, NS_TERM_WITHIN, names[0].key));
    } else if (scored)
        ns_build_score_text(w, tokens);
    if (!whole || !names[0].known || !kinds[1]) /* entity: with a name of the gazetteer means just that one */
        for (; *kinds; kinds++)
            ns_build_add(any, all_words(w, *kinds, tokens, false));
    return ns_build_simplest(any);
}

static ns_filter *build_field(ns_builder *w, const ns_node *node, bool scored)
{
    ns_tokens tokens;
    if (!ns_build_cut(w, node->text, node->length, &tokens) || !tokens.count)
        return NULL;
    static const char people[] = {NS_TERM_PERSON, 0}, places[] = {NS_TERM_PLACE, 0}, orgs[] = {NS_TERM_ORG, 0},
                      any[] = {NS_TERM_PERSON, NS_TERM_PLACE, NS_TERM_ORG, 0};
    switch (node->field) {
    case NS_FIELD_TITLE:
        if (scored)
            ns_build_score_text(w, &tokens);
        return node->quoted ? sequence_filter(w, NS_FILTER_PHRASE, NS_TERM_TITLE_EXACT, &tokens, false)
                            : all_words(w, NS_TERM_TITLE, &tokens, true);
    case NS_FIELD_SOURCE:
        return all_words(w, NS_TERM_SOURCE, &tokens, false);
    case NS_FIELD_BYLINE:
        return all_words(w, NS_TERM_BYLINE, &tokens, false);
    case NS_FIELD_ENTITY:
        return name_filter(w, &tokens, any, scored);
    case NS_FIELD_PERSON:
        return name_filter(w, &tokens, people, scored);
    case NS_FIELD_PLACE:
        return name_filter(w, &tokens, places, scored);
    case NS_FIELD_ORG:
        return name_filter(w, &tokens, orgs, scored);
    }
    return NULL;
}

/* ---- combinations */

static ns_filter *build_chain(ns_builder *w, const ns_node *node, bool scored)
{
    size_t n = 0;
    for (const ns_node *c = node->child; c; c = c->next)
        n++;
    ns_filter *f = ns_build_filter(w, node->kind == NS_NODE_AND ? NS_FILTER_AND : NS_FILTER_OR, n);
    for (const ns_node *c = node->child; c; c = c->next)
        ns_build_add(f, ns_build_node(w, c, scored));
    return ns_build_simplest(f);
}

/* Says where to look, not what for. */
static bool only_restricts(const ns_node *node)
{
    return node->kind == NS_NODE_DAYS ||
           (node->kind == NS_NODE_FIELD && (node->field == NS_FIELD_SOURCE || node->field == NS_FIELD_BYLINE));
}

static ns_filter *build_group(ns_builder *w, const ns_node *group, bool scored, bool is_root)
{
    size_t n = 0, must = 0, sought = 0, should = 0, must_not = 0;
    for (const ns_node *c = group->child; c; c = c->next, n++) {
        must += c->occur == NS_MUST;
        sought += c->occur == NS_MUST && !only_restricts(c);
        should += c->occur == NS_SHOULD;
        must_not += c->occur == NS_MUST_NOT;
    }
    ns_filter *all = ns_build_filter(w, NS_FILTER_AND, n + 2), *any = ns_build_filter(w, NS_FILTER_OR, n);
    for (const ns_node *c = group->child; c && !w->status; c = c->next) {
        ns_filter *f = ns_build_node(w, c, scored && c->occur != NS_MUST_NOT);
        if (c->occur == NS_SHOULD) /* it only ranks */
            ns_build_add(any, f);
        else if (c->occur == NS_MUST)
            ns_build_add(all, f);
        else if (c->occur == NS_MUST_NOT)
            ns_build_add(all, not_filter(w, f));
    }
    if (w->status || (is_root && !must && !must_not))
        return NULL;
    if (!sought && should)
        ns_build_add(all, ns_build_simplest(any));
    else if (!must && all->child_count) {
        ns_build_add(all, ns_build_filter(w, NS_FILTER_ALL, 0));
        if (is_root)
            ns_note(w->c->notes, "nothing was asked for but what to leave out: all the rest is shown");
    }
    return ns_build_simplest(all);
}

ns_filter *ns_build_node(ns_builder *w, const ns_node *node, bool scored)
{
    ns_filter *f;
    if (w->status)
        return NULL;
    switch (node->kind) {
    case NS_NODE_WORDS:
        return build_words(w, node, scored);
    case NS_NODE_PHRASE:
        return build_phrase(w, node, scored);
    case NS_NODE_PREFIX:
        return build_prefix(w, node, scored);
    case NS_NODE_FIELD:
        return build_field(w, node, scored);
    case NS_NODE_DAYS:
        f = ns_build_filter(w, NS_FILTER_DAYS, 0);
        if (f) {
            f->first_day = node->first_day;
            f->last_day = node->last_day;
        }
        return f;
    case NS_NODE_NEAR:
    case NS_NODE_BEFORE:
    case NS_NODE_SENTENCE:
    case NS_NODE_PARAGRAPH:
    case NS_NODE_SAID:
    case NS_NODE_LEAD:
    case NS_NODE_CASE:
    case NS_NODE_ATLEAST:
        return ns_build_places(w, node, scored);
    case NS_NODE_AND:
    case NS_NODE_OR:
        return build_chain(w, node, scored);
    case NS_NODE_NOT:
        return not_filter(w, ns_build_node(w, node->child, false));
    case NS_NODE_GROUP:
        return build_group(w, node, scored, false);
    }
    return NULL;
}

/* ---- the whole */

static size_t count_prefixes(const ns_node *node)
{
    size_t n = node->kind == NS_NODE_PREFIX;
    for (const ns_node *c = node->child; c; c = c->next)
        n += count_prefixes(c);
    return n;
}

void ns_built_init(ns_built *b)
{
    memset(b, 0, sizeof *b);
    ns_map_init(&b->stems);
    ns_map_init(&b->exacts);
    ns_map_init(&b->names);
    ns_map_init(&b->index_of);
}

void ns_built_release(ns_built *b)
{
    ns_map_release(&b->stems);
    ns_map_release(&b->exacts);
    ns_map_release(&b->names);
    ns_map_release(&b->index_of);
}

nsearch_status ns_build(const ns_build_context *c, const ns_node *root, ns_built *b, nsearch_error *err)
{
    ns_builder w = {.c = c, .b = b, .err = err};
    ns_snapshot_stats stats;
    b->only_stopwords = true;
    b->terms = ns_arena_array(c->arena, NS_WEIGHTS_MAX, sizeof *b->terms);
    b->pairs = ns_arena_array(c->arena, NS_WEIGHTS_MAX, sizeof *b->pairs);
    if (!b->terms || !b->pairs)
        return ns_error_memory(err);
    nsearch_status status = c->snapshot->backend->stats(c->snapshot, &stats, err);
    if (status)
        return status;
    b->texts = stats.texts;
    b->plan.k1 = NS_BM25_K1;
    b->plan.b = NS_BM25_B;
    b->plan.average_length = stats.passages ? (double)stats.total_length / (double)stats.passages : 1;
    w.prefixes = count_prefixes(root);
    b->plan.filter = build_group(&w, root, true, true);
    if (!w.status)
        w.status = ns_terms_weigh(c, b, err);
    return w.status;
}
