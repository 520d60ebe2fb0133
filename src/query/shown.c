/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * shown.c - a leaf is a phrase or a place that the query asks for and does not exclude. Each passage gets a
 * bit for each leaf that it holds; passages are taken that hold most of what is not shown yet, among these
 * the best. A match that begins in one passage and ends in another shows both, if no passage holds one of the
 * leaf's alone. What the headline holds is shown anyway.
 */
#include "src/query/shown.h"

#include <string.h>

#include "src/query/places.h"
#include "src/query/select.h"
#include "src/text/analysed.h"

#define LEAVES_MAX 64 /* further ones are not looked at */

typedef struct chooser {
    const ns_build_context *c;
    const ns_scored_article *a;
    const ns_filter *leaves[LEAVES_MAX];
    size_t leaf_count;
    uint64_t *holds; /* of each passage: the leaves that it holds */
    double *scores;  /* of each passage */
    struct {
        uint32_t first,
            last; /* passages between which the leaf's best match lies; equal: there is none such */
    } across[LEAVES_MAX];
    uint64_t shown; /* leaves of which something is among those chosen */
    ns_scored_passage *chosen;
    size_t count;
} chooser;

/* ---- leaves */

/* Title terms are the same in all passages. */
static bool is_in_text(const ns_filter *term)
{
    return term->kind == NS_FILTER_TERM && term->key_length && term->key[0] != NS_TERM_TITLE &&
           term->key[0] != NS_TERM_TITLE_EXACT;
}

/* A quotation of one word, or one in the headline or in the text: no list of words that a prefix stands for. */
static bool is_exact_word(const ns_filter *f)
{
    return is_in_text(f) && f->key[0] == NS_TERM_EXACT;
}

static void gather(chooser *x, const ns_filter *f)
{
    bool leaf = f->kind == NS_FILTER_PLACES || is_exact_word(f) ||
                (f->kind == NS_FILTER_PHRASE && f->child_count && is_in_text(f->children[0]));
    if (leaf && x->leaf_count < LEAVES_MAX)
        x->leaves[x->leaf_count++] = f;
    if (leaf || f->kind == NS_FILTER_NOT ||
        (f->kind == NS_FILTER_OR && f->child_count > 2 && is_in_text(f->children[0])))
        return;
    for (size_t i = 0; i < f->child_count; i++)
        gather(x, f->children[i]);
}

/* ---- what passages hold */

/* A match of the leaf lies between these passages, counted from the article's first. */
static void note_across(chooser *x, size_t leaf, uint32_t first, uint32_t last)
{
    bool none = x->across[leaf].first == x->across[leaf].last;
    if (none || x->scores[first] + x->scores[last] >
                    x->scores[x->across[leaf].first] + x->scores[x->across[leaf].last]) {
        x->across[leaf].first = first;
        x->across[leaf].last = last;
    }
}

/* With 'cut' the match of a paragraph must lie in one passage. */
static nsearch_status find_places(chooser *x, size_t part, size_t leaf, bool cut, bool *found,
                                  nsearch_error *err)
{
    ns_places *places = NULL;
    size_t count = 0;
    const ns_run *runs = NULL;
    uint32_t first, last;
    nsearch_status status =
        ns_places_open(x->c->snapshot, part, x->leaves[leaf]->place, x->c->arena, &places, err);
    if (!status) {
        if (cut)
            ns_places_cut_paragraphs(places);
        runs = ns_places_find(places, x->a->columns.article, &count);
        status = ns_places_status(places, err);
    }
    *found = false;
    for (size_t i = 0; i < count && !status; i++)
        if (ns_places_passages(places, &runs[i], &first, &last)) {
            if (first == last)
                x->holds[first] |= UINT64_C(1) << leaf;
            else
                note_across(x, leaf, first, last);
            *found |= first == last;
        }
    ns_places_close(places);
    return status;
}

static nsearch_status find_leaf_places(chooser *x, size_t part, size_t leaf, nsearch_error *err)
{
    bool found;
    nsearch_status status = find_places(x, part, leaf, true, &found, err);
    return status || found ? status : find_places(x, part, leaf, false, &found, err);
}

static nsearch_status find_words(chooser *x, size_t part, size_t leaf, nsearch_error *err)
{
    ns_selector *selector = NULL;
    nsearch_status status =
        ns_selector_open(x->c->snapshot, part, x->leaves[leaf], x->c->arena, &selector, err);
    for (uint32_t i = 0; i < x->a->columns.passage_count && !status; i++)
        if (ns_selector_holds(selector, x->a->columns.article + i))
            x->holds[i] |= UINT64_C(1) << leaf;
    if (!status)
        status = ns_selector_status(selector, err);
    ns_selector_close(selector);
    return status;
}

static nsearch_status find_all(chooser *x, nsearch_error *err)
{
    const ns_backend *backend = x->c->snapshot->backend;
    uint32_t article = x->a->columns.article;
    nsearch_status status = NSEARCH_OK;
    for (size_t p = 0; p < backend->part_count(x->c->snapshot) && !status; p++) {
        ns_part part;
        backend->part(x->c->snapshot, p, &part);
        for (size_t i = 0;
             i < x->leaf_count && !status && article >= part.docid_begin && article < part.docid_end; i++) {
            ns_arena_mark mark = ns_arena_set_mark(x->c->arena); /* a leaf may have hundreds of lists, and hits are many */
            status = x->leaves[i]->kind == NS_FILTER_PLACES ? find_leaf_places(x, p, i, err)
                                                            : find_words(x, p, i, err);
            ns_arena_rewind(x->c->arena, mark);
        }
    }
    return status;
}

/* ---- the choice */

static bool is_chosen(const chooser *x, uint32_t docid)
{
    for (size_t i = 0; i < x->count; i++)
        if (x->chosen[i].docid == docid)
            return true;
    return false;
}

static void choose(chooser *x, uint32_t passage)
{
    uint32_t docid = x->a->columns.article + passage;
    ns_scored_passage chosen = {.docid = docid};
    for (size_t i = 0; i < x->a->scored_count; i++)
        if (x->a->passages[i].docid == docid)
            chosen = x->a->passages[i];
    x->shown |= x->holds[passage];
    if (!is_chosen(x, docid))
        x->chosen[x->count++] = chosen;
}

/* The passage that holds most of what is not shown yet; passage_count: none holds any. */
static uint32_t most_telling(const chooser *x)
{
    uint32_t best = x->a->columns.passage_count;
    int most = 0;
    for (uint32_t i = 0; i < x->a->columns.passage_count; i++) {
        int more = __builtin_popcountll(x->holds[i] & ~x->shown);
        if (more > most || (more && more == most && x->scores[i] > x->scores[best])) {
            most = more;
            best = i;
        }
    }
    return best;
}

static void choose_all(chooser *x, size_t wanted)
{
    uint32_t passage;
    while (x->count < wanted && (passage = most_telling(x)) < x->a->columns.passage_count)
        choose(x, passage);
    for (size_t i = 0; i < x->leaf_count && x->count < wanted; i++)
        if (!(x->shown >> i & 1) && x->across[i].first != x->across[i].last) {
            choose(x, x->across[i].first);
            choose(x, x->across[i].last);
        }
    for (size_t i = 0; i < x->a->passage_count && x->count < wanted; i++)
        if (!is_chosen(x, x->a->passages[i].docid))
            x->chosen[x->count++] = x->a->passages[i];
}

nsearch_status ns_shown_passages(const ns_build_context *c, const ns_filter *filter,
                                 const ns_scored_article *a, size_t wanted,
                                 const ns_scored_passage **passages, size_t *count, nsearch_error *err)
{
    chooser x = {.c = c, .a = a};
    if (filter)
        gather(&x, filter);
    *passages = a->passages;
    *count = a->passage_count;
    if (!x.leaf_count)
        return NSEARCH_OK;
    if (!wanted)
        wanted = 1;
    x.holds = ns_arena_zero(c->arena, (a->columns.passage_count + 1) * sizeof *x.holds);
    x.scores = ns_arena_zero(c->arena, (a->columns.passage_count + 1) * sizeof *x.scores);
    x.chosen = ns_arena_array(c->arena, wanted + 1, sizeof *x.chosen);
    if (!x.holds || !x.scores || !x.chosen)
        return ns_error_memory(err);
    for (size_t i = 0; i < a->scored_count; i++)
        x.scores[a->passages[i].docid - a->columns.article] = a->passages[i].score + a->passages[i].proximity;
    nsearch_status status = find_all(&x, err);
    if (status)
        return status;
    choose_all(&x, wanted);
    *passages = x.chosen;
    *count = x.count;
    return NSEARCH_OK;
}
