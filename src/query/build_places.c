/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * build_places.c - distances, sentences, paragraphs, quotations, headline and lead, letters and numbers of mentions as
 * places (index/plan.h). What cannot be a place beside an operator (a date, an outlet, NOT) becomes a condition of its own.
 */
#include "src/query/build_parts.h"

#include <string.h>

#include "src/text/analysed.h"

#define PLACE_WORDS_MAX 64  /* of a query; a prefix or a name counts once */
#define PREFIX_WORDS_MAX 64 /* of each prefix */
/* Lists of positions that a query may read: so many for each passage of the index, and so many more. */
#define LISTS_PER_PASSAGE 4
#define LISTS_ALWAYS 200000

/* Under what operands are gathered. */
typedef struct scope {
    ns_place_kind kind; /* what holds together several words of one operand */
    uint32_t distance;
    bool has_case;
    ns_case letters;
    bool scored;
    ns_filter *rest; /* conditions of their own */
} scope;

/* Operands, one list for all that a node gives. */
typedef struct operands {
    ns_place *items[NS_PHRASE_TERMS_MAX];
    size_t count;
} operands;

static void gather(ns_builder *w, const ns_node *node, scope *s, operands *out);

/* ---- making places */

static ns_place *new_place(ns_builder *w, ns_place_kind kind, size_t children)
{
    ns_place *p = w->status ? NULL : ns_arena_zero(w->c->arena, sizeof *p);
    if (p)
        p->children = ns_arena_zero(w->c->arena, (children + 1) * sizeof *p->children);
    if (!p || !p->children) {
        if (!w->status)
            w->status = ns_error_memory(w->err);
        return NULL;
    }
    p->kind = kind;
    return p;
}

static void add_place(ns_place *parent, ns_place *child)
{
    if (parent && child)
        parent->children[parent->child_count++] = child;
}

static ns_place *simplest_place(ns_place *p)
{
    return p && p->child_count == 1 ? p->children[0] : p && p->child_count ? p : NULL;
}

static ns_place *word_place(ns_builder *w, char kind, const char *text, ns_letters letters)
{
    const ns_filter *term = ns_build_term(w, kind, text);
    ns_place *p = term ? new_place(w, NS_PLACE_WORD, 0) : NULL;
    if (p) {
        p->key = term->key;
        p->key_length = term->key_length;
        p->letters = letters;
    }
    return p;
}

static void add_operand(ns_builder *w, operands *list, ns_place *place)
{
    if (!place)
        return;
    if (list->count == NS_PHRASE_TERMS_MAX)
        ns_note(w->c->notes, "more than %d words beside an operator: the rest was left out", NS_PHRASE_TERMS_MAX);
    else
        list->items[list->count++] = place;
}

/* Whether the query may have another word looked for by place. */
static bool may_look(ns_builder *w)
{
    if (w->place_words++ < PLACE_WORDS_MAX)
        return true;
    ns_note(w->c->notes, "more than %d words with operators of place: the rest was left out", PLACE_WORDS_MAX);
    return false;
}

/* ---- words */

static ns_letters letters_of(const char *text, const ns_token *t)
{
    unsigned upper = 0, lower = 0;
    for (uint32_t i = t->begin; i < t->end; i++) {
        upper += text[i] >= 'A' && text[i] <= 'Z';
        lower += text[i] >= 'a' && text[i] <= 'z';
    }
    if (upper >= 2 && !lower)
        return NS_LETTERS_UPPER;
    return t->capitalised ? NS_LETTERS_CAPITAL : NS_LETTERS_LOWER;
}

/* One word as the scope wants it written. */
static ns_place *token_place(ns_builder *w, const char *text, const ns_token *t, const scope *s, bool stem)
{
    if (!s->has_case)
        return word_place(w, stem ? NS_TERM_STEM : NS_TERM_EXACT, stem ? t->stem : t->exact, NS_LETTERS_ANY);
    ns_place *any;
    switch (s->letters) {
    case NS_CASE_AS_WRITTEN:
        return word_place(w, NS_TERM_EXACT, t->exact, letters_of(text, t));
    case NS_CASE_NOCAPS:
        return word_place(w, NS_TERM_EXACT, t->exact, NS_LETTERS_LOWER);
    case NS_CASE_ALLCAPS:
        return word_place(w, NS_TERM_EXACT, t->exact, NS_LETTERS_UPPER);
    case NS_CASE_CAPS:
        any = new_place(w, NS_PLACE_ANY, 2);
        add_place(any, word_place(w, NS_TERM_EXACT, t->exact, NS_LETTERS_CAPITAL));
        add_place(any, word_place(w, NS_TERM_EXACT, t->exact, NS_LETTERS_UPPER));
        return any;
    }
    return NULL;
}

/* Words [first, first + count) next to one another. */
static ns_place *sequence_place(ns_builder *w, const char *text, const ns_tokens *tokens, size_t first, size_t count,
                                const scope *s, bool stems)
{
    if (count > NS_PHRASE_TERMS_MAX) {
        ns_note(w->c->notes, "of a quotation only the first %d words were used", NS_PHRASE_TERMS_MAX);
        count = NS_PHRASE_TERMS_MAX;
    }
    ns_place *p = new_place(w, NS_PLACE_SEQUENCE, count);
    if (p && !(p->offsets = ns_arena_array(w->c->arena, count + 1, sizeof *p->offsets)))
        w->status = ns_error_memory(w->err);
    for (size_t i = 0; i < count && !w->status; i++) {
        p->offsets[i] = tokens->tokens[first + i].position;
        ns_place *word = token_place(w, text, &tokens->tokens[first + i], s, stems);
        add_place(p, word);
    }
    return w->status ? NULL : simplest_place(p);
}

/* A name: its mentions, and it as written here and in full (mentions of headlines have no positions). */
static ns_place *name_place(ns_builder *w, const char *text, const ns_tokens *tokens, const ns_linked *name,
                            const scope *s)
{
    ns_tokens shown;
    ns_place *any = new_place(w, NS_PLACE_ANY, 3);
    add_place(any, word_place(w, NS_TERM_ENTITY, name->key, NS_LETTERS_ANY));
    add_place(any, sequence_place(w, text, tokens, name->first, name->count, s, false));
    if (ns_build_cut(w, name->shown, strlen(name->shown), &shown) && shown.count)
        add_place(any, sequence_place(w, name->shown, &shown, 0, shown.count, s, false));
    return w->status ? NULL : any;
}

static void gather_words(ns_builder *w, const ns_node *node, scope *s, operands *out)
{
    ns_tokens tokens;
    size_t count = 0, next = 0;
    if (!ns_build_cut(w, node->text, node->length, &tokens))
        return;
    if (s->scored)
        ns_build_score_text(w, &tokens);
    const ns_linked *names = s->has_case ? NULL : ns_build_score_names(w, &tokens, s->scored, &count);
    bool all_stop = ns_terms_all_stop(&tokens);
    for (size_t i = 0; i < tokens.count && !w->status;) {
        while (next < count && names[next].first < i)
            next++;
        if (next < count && names[next].first == i) {
            if (may_look(w))
                add_operand(w, out, name_place(w, node->text, &tokens, &names[next], s));
            i += names[next].count;
            continue;
        }
        if ((all_stop || s->has_case || !tokens.tokens[i].stopword) && may_look(w))
            add_operand(w, out, token_place(w, node->text, &tokens.tokens[i], s, true));
        i++;
    }
}

static void gather_phrase(ns_builder *w, const ns_node *node, scope *s, operands *out)
{
    ns_tokens tokens;
    size_t count;
    if (!ns_build_cut(w, node->text, node->length, &tokens) || !tokens.count)
        return;
    if (s->scored) {
        ns_build_score_text(w, &tokens);
        ns_build_score_names(w, &tokens, true, &count);
        for (size_t i = 0; i < tokens.count && !w->status; i++)
            if (!ns_map_put(&w->b->exacts, tokens.tokens[i].exact, strlen(tokens.tokens[i].exact), NULL))
                w->status = ns_error_memory(w->err);
    }
    for (size_t i = 0; i < tokens.count && i < NS_PHRASE_TERMS_MAX; i++)
        if (!may_look(w))
            return;
    add_operand(w, out, sequence_place(w, node->text, &tokens, 0, tokens.count, s, false));
}

static void gather_prefix(ns_builder *w, const ns_node *node, scope *s, operands *out)
{
    ns_tokens tokens;
    if (!ns_build_cut(w, node->text, node->length, &tokens) || !tokens.count || !may_look(w))
        return;
    const ns_token *last = &tokens.tokens[tokens.count - 1];
    const ns_filter *words = ns_build_expand(w, NS_TERM_EXACT, last->exact, s->scored);
    size_t used = words ? words->child_count : 0;
    if (used > PREFIX_WORDS_MAX) {
        ns_note(w->c->notes, "'%s*' begins very many words: the %d most frequent were used", last->exact,
                PREFIX_WORDS_MAX);
        used = PREFIX_WORDS_MAX;
    }
    ns_place *any = new_place(w, NS_PLACE_ANY, used + 1);
    for (size_t i = 0; i < used && !w->status; i++) {
        ns_place *p = new_place(w, NS_PLACE_WORD, 0);
        if (p) {
            p->key = words->children[i]->key;
            p->key_length = words->children[i]->key_length;
        }
        add_place(any, p);
    }
    if (any && !any->child_count) /* no word begins so: itself is none either */
        add_place(any, word_place(w, NS_TERM_EXACT, last->exact, NS_LETTERS_ANY));
    add_operand(w, out, any);
}

/* ---- nodes */

/* Several operands as one place. */
static ns_place *joined(ns_builder *w, const operands *list, ns_place_kind kind, uint32_t distance)
{
    if (list->count < 2)
        return list->count ? list->items[0] : NULL;
    if (kind != NS_PLACE_NEAR && kind != NS_PLACE_BEFORE) {
        ns_place *p = new_place(w, kind, list->count);
        for (size_t i = 0; i < list->count; i++)
            add_place(p, list->items[i]);
        return p;
    }
    ns_place *left = list->items[0];
    for (size_t i = 1; i < list->count; i++) {
        ns_place *p = new_place(w, kind, 2);
        add_place(p, left);
        add_place(p, list->items[i]);
        if (p)
            p->distance = distance;
        left = p;
    }
    return left;
}

static ns_place *one_place(ns_builder *w, const ns_node *node, scope *s)
{
    operands *list = ns_arena_zero(w->c->arena, sizeof *list);
    if (!list) {
        w->status = ns_error_memory(w->err);
        return NULL;
    }
    gather(w, node, s, list);
    return joined(w, list, s->kind, s->distance);
}

static ns_place *place_in(ns_builder *w, const ns_node *node, const scope *s, ns_place_kind kind, uint32_t distance)
{
    scope inner = *s;
    operands *list = ns_arena_zero(w->c->arena, sizeof *list);
    if (!list) {
        w->status = ns_error_memory(w->err);
        return NULL;
    }
    inner.kind = kind;
    inner.distance = distance;
    for (const ns_node *c = node->child; c && !w->status; c = c->next)
        gather(w, c, &inner, list);
    return joined(w, list, kind, distance);
}

static ns_place *any_place(ns_builder *w, const ns_node *node, scope *s)
{
    size_t n = 0;
    for (const ns_node *c = node->child; c; c = c->next)
        n++;
    ns_place *any = new_place(w, NS_PLACE_ANY, n);
    for (const ns_node *c = node->child; c && !w->status; c = c->next)
        add_place(any, one_place(w, c, s));
    return simplest_place(any);
}

/* The words by which the index knows a speaker: those of the gazetteer's form of a name. */
static void add_speakers(ns_builder *w, const ns_node *node, ns_place *said)
{
    ns_tokens tokens;
    ns_linked *names;
    size_t count;
    if (!said || !node->speaker || !ns_build_cut(w, node->speaker, node->speaker_length, &tokens))
        return;
    w->status = ns_terms_link(w->c, &tokens, &names, &count, w->err);
    if (!w->status && count == 1 && names[0].known && names[0].count == tokens.count &&
        !ns_build_cut(w, names[0].key, strlen(names[0].key), &tokens))
        return;
    said->speakers = ns_arena_array(w->c->arena, tokens.count + 1, sizeof *said->speakers);
    if (!said->speakers && !w->status)
        w->status = ns_error_memory(w->err);
    bool all_stop = ns_terms_all_stop(&tokens);
    for (size_t i = 0; i < tokens.count && said->speaker_count < NS_PHRASE_TERMS_MAX && !w->status; i++)
        if (all_stop || !tokens.tokens[i].stopword)
            if ((said->speakers[said->speaker_count] =
                     word_place(w, NS_TERM_SPEAKER, tokens.tokens[i].exact, NS_LETTERS_ANY)))
                said->speaker_count++;
}

/* Places that hold all operands of a node's child, within one of 'kind', be they one or many. */
static ns_place *holding(ns_builder *w, const ns_node *node, const scope *s, ns_place_kind kind)
{
    scope inner = *s;
    operands *list = ns_arena_zero(w->c->arena, sizeof *list);
    if (!list) {
        w->status = ns_error_memory(w->err);
        return NULL;
    }
    inner.kind = kind == NS_PLACE_LEAD ? NS_PLACE_PARAGRAPH : kind;
    if (node->child)
        gather(w, node->child, &inner, list);
    ns_place *p = new_place(w, kind, list->count);
    for (size_t i = 0; i < list->count; i++)
        add_place(p, list->items[i]);
    if (node->kind == NS_NODE_SAID)
        add_speakers(w, node, p);
    return p && (p->child_count || p->speaker_count) ? p : NULL;
}

static ns_place *name_field_place(ns_builder *w, const ns_node *node, scope *s)
{
    ns_tokens tokens;
    size_t count;
    if (!ns_build_cut(w, node->text, node->length, &tokens) || !tokens.count || !may_look(w))
        return NULL;
    if (s->scored)
        ns_build_score_text(w, &tokens);
    const ns_linked *names = ns_build_score_names(w, &tokens, s->scored, &count);
    return count == 1 && names[0].count == tokens.count ? name_place(w, node->text, &tokens, &names[0], s)
                                                        : sequence_place(w, node->text, &tokens, 0, tokens.count, s, false);
}

static void gather(ns_builder *w, const ns_node *node, scope *s, operands *out)
{
    scope inner = *s;
    if (w->status)
        return;
    switch (node->kind) {
    case NS_NODE_WORDS:
        gather_words(w, node, s, out);
        return;
    case NS_NODE_PHRASE:
        gather_phrase(w, node, s, out);
        return;
    case NS_NODE_PREFIX:
        gather_prefix(w, node, s, out);
        return;
    case NS_NODE_NEAR:
        add_operand(w, out, place_in(w, node, s, NS_PLACE_NEAR, node->window));
        return;
    case NS_NODE_BEFORE:
        add_operand(w, out, place_in(w, node, s, NS_PLACE_BEFORE, node->window));
        return;
    case NS_NODE_SENTENCE:
        add_operand(w, out, place_in(w, node, s, NS_PLACE_SENTENCE, 0));
        return;
    case NS_NODE_PARAGRAPH:
        add_operand(w, out, place_in(w, node, s, NS_PLACE_PARAGRAPH, 0));
        return;
    case NS_NODE_SAID:
        add_operand(w, out, holding(w, node, s, NS_PLACE_QUOTATION));
        return;
    case NS_NODE_LEAD:
        add_operand(w, out, holding(w, node, s, NS_PLACE_LEAD));
        return;
    case NS_NODE_CASE:
        inner.has_case = true;
        inner.letters = node->letters;
        gather(w, node->child, &inner, out);
        return;
    case NS_NODE_OR:
        add_operand(w, out, any_place(w, node, s));
        return;
    case NS_NODE_AND:
        for (const ns_node *c = node->child; c; c = c->next)
            gather(w, c, s, out);
        return;
    case NS_NODE_GROUP:
        for (const ns_node *c = node->child; c; c = c->next)
            if (c->occur == NS_MUST_NOT) {
                ns_filter *not = ns_build_filter(w, NS_FILTER_NOT, 1), *child = ns_build_node(w, c, false);
                ns_build_add(not, child);
                if (child)
                    ns_build_add(s->rest, not);
            } else {
                gather(w, c, s, out);
            }
        return;
    case NS_NODE_FIELD:
        if (node->field == NS_FIELD_ENTITY || node->field == NS_FIELD_PERSON || node->field == NS_FIELD_PLACE ||
            node->field == NS_FIELD_ORG) {
            add_operand(w, out, name_field_place(w, node, s));
            return;
        }
        break;
    case NS_NODE_DAYS:
    case NS_NODE_NOT:
    case NS_NODE_ATLEAST:
        break;
    }
    ns_note(w->c->notes, "a condition beside an operator of place stands by itself");
    ns_build_add(s->rest, ns_build_node(w, node, s->scored));
}

/* ---- filters */

/* All articles that can have the place: what it is made of, anywhere in them. */
static ns_filter *possible(ns_builder *w, const ns_place *place)
{
    static const char mark[] = {NS_MARK_QUOTATION, 0};
    ns_filter *f;
    char text[NS_TERM_MAX];
    if (place->kind == NS_PLACE_WORD) {
        char kind = place->key[0];
        memcpy(text, place->key + 1, place->key_length - 1);
        text[place->key_length - 1] = '\0';
        if ((kind != NS_TERM_STEM && kind != NS_TERM_EXACT) || place->letters != NS_LETTERS_ANY)
            return ns_build_term(w, kind, text);
        f = ns_build_filter(w, NS_FILTER_OR, 2);
        ns_build_add(f, ns_build_term(w, kind, text));
        ns_build_add(f, ns_build_term(w, kind == NS_TERM_STEM ? NS_TERM_TITLE : NS_TERM_TITLE_EXACT, text));
        return f;
    }
    bool any = place->kind == NS_PLACE_ANY;
    f = ns_build_filter(w, any ? NS_FILTER_OR : NS_FILTER_AND, place->child_count + place->speaker_count + 1);
    for (size_t i = 0; i < place->child_count; i++)
        ns_build_add(f, possible(w, place->children[i]));
    for (size_t i = 0; i < place->speaker_count; i++)
        ns_build_add(f, possible(w, place->speakers[i]));
    if (place->kind == NS_PLACE_QUOTATION)
        ns_build_add(f, ns_build_term(w, NS_TERM_MARK, mark));
    return ns_build_simplest(f);
}

/* ---- how much there is to look at */

static uint64_t passages_with(ns_builder *w, const ns_place *word)
{
    ns_term_stats stats;
    nsearch_status status =
        w->c->snapshot->backend->term(w->c->snapshot, word->key, word->key_length, &stats, w->err);
    if (status && !w->status)
        w->status = status;
    return status ? 0 : stats.df;
}

/* Passages that can have the place, roughly. */
static uint64_t rarest(ns_builder *w, const ns_place *place)
{
    uint64_t sum = 0, least = UINT64_MAX;
    if (place->kind == NS_PLACE_WORD)
        return passages_with(w, place);
    for (size_t i = 0; i < place->child_count + place->speaker_count && !w->status; i++) {
        uint64_t n = rarest(w, i < place->child_count ? place->children[i] : place->speakers[i - place->child_count]);
        sum += n;
        least = n < least ? n : least;
    }
    return place->kind == NS_PLACE_ANY ? sum : least;
}

/* Lists of positions that are read when 'most' passages can have the place. */
static uint64_t lists_read(ns_builder *w, const ns_place *place, uint64_t most)
{
    uint64_t sum = 0;
    if (place->kind == NS_PLACE_WORD) {
        uint64_t n = passages_with(w, place);
        return n < most ? n : most;
    }
    for (size_t i = 0; i < place->child_count && !w->status; i++)
        sum += lists_read(w, place->children[i], most);
    return sum;
}

/* Whether the places may be looked for: a query of many very frequent words would take too long. */
static bool is_affordable(ns_builder *w, const ns_place *place)
{
    ns_snapshot_stats stats;
    nsearch_status status = w->c->snapshot->backend->stats(w->c->snapshot, &stats, w->err);
    if (status) {
        w->status = w->status ? w->status : status;
        return false;
    }
    uint64_t most = rarest(w, place); /* whole articles are looked at, of some passages each */
    most = most < UINT64_MAX / 8 ? 4 * most : most;
    w->lists += lists_read(w, place, most);
    return w->lists <= LISTS_PER_PASSAGE * stats.passages + LISTS_ALWAYS;
}

static ns_filter *places_filter(ns_builder *w, const ns_place *place, uint32_t least)
{
    if (!place || w->status)
        return NULL;
    ns_filter *articles = possible(w, place);
    if (!is_affordable(w, place)) {
        if (!w->status)
            ns_note(w->c->notes, "too many places of very frequent words: they were looked for anywhere in an article");
        return articles;
    }
    ns_filter *f = ns_build_filter(w, NS_FILTER_PLACES, 1);
    if (f) {
        f->place = place;
        f->least = least;
        ns_build_add(f, articles);
    }
    return f;
}

ns_filter *ns_build_places(ns_builder *w, const ns_node *node, bool scored)
{
    operands *list = ns_arena_zero(w->c->arena, sizeof *list);
    scope s = {.kind = NS_PLACE_SENTENCE, .scored = scored,
               .rest = ns_build_filter(w, NS_FILTER_AND, NS_QUERY_NODES_MAX)};
    if (!list && !w->status)
        w->status = ns_error_memory(w->err);
    if (w->status)
        return NULL;
    bool counts = node->kind == NS_NODE_ATLEAST;
    gather(w, counts ? node->child : node, &s, list);
    ns_filter *all = ns_build_filter(w, NS_FILTER_AND, list->count + 1);
    for (size_t i = 0; i < list->count && !w->status; i++)
        ns_build_add(all, places_filter(w, list->items[i], counts ? node->window : 1));
    if (s.rest && s.rest->child_count)
        ns_build_add(all, ns_build_simplest(s.rest));
    return w->status ? NULL : ns_build_simplest(all);
}
