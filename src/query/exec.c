/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * exec.c - the order of the passes: parse, build, match, rescore, sort, collapse, show.
 */
#include "src/query/exec.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/day.h"
#include "src/query/build.h"
#include "src/query/collapse.h"
#include "src/query/explain.h"
#include "src/query/facet.h"
#include "src/query/match.h"
#include "src/query/quoted.h"
#include "src/query/recency.h"
#include "src/query/related.h"
#include "src/query/rescore.h"
#include "src/query/shown.h"
#include "src/query/snippet.h"
#include "src/query/timeline.h"
#include "src/text/neardup.h"
#include "src/text/own.h"
#include "src/text/stored.h"

/* Articles that the second stage looks at, at least (doc/ranking.md). */
#define CANDIDATES_MIN 200
/* The same when the new may overtake the good: a factor of 1/2 to 1 mixes more of them. */
#define CANDIDATES_RECENCY 1000
/* And, while copies of few stories fill them, up to so many. */
#define CANDIDATES_MAX 20000
#define COPIES_TOLD 50

typedef struct execution {
    ns_build_context context;
    ns_maxima_cache *cache;
    ns_stories *stories;
    const nsearch_search_options *options;
    ns_answer *answer;
    ns_built built;
    ns_match match;
    ns_dated *every; /* all that matches, where that is wanted */
    size_t every_count;
    int32_t today;
    ns_scored_article *articles;
    size_t article_count;
    ns_group_member *members;
    size_t member_count;
} execution;

static size_t candidate_limit(const nsearch_search_options *o)
{
    if (o->first_stage)
        return o->limit;
    size_t more = o->limit + o->limit / 2, least = o->recency_days > 0 ? CANDIDATES_RECENCY : CANDIDATES_MIN;
    return more < least ? least : more;
}

/* ---- by date: all that matches is known, the next in time are scored */

static int compare_dated(const ns_scored_article *x, const ns_scored_article *y, nsearch_sort sort)
{
    int order = ns_dated_compare(ns_article_day(&x->columns), ns_article_day(&y->columns), sort);
    if (order)
        return order;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return ns_scored_tie(x, y);
}

static int newest_first(const void *a, const void *b)
{
    return compare_dated(a, b, NSEARCH_SORT_DATE);
}

static int oldest_first(const void *a, const void *b)
{
    return compare_dated(a, b, NSEARCH_SORT_OLDEST);
}

static nsearch_status pick_by_date(execution *x, size_t limit, nsearch_error *err)
{
    size_t n = ns_dated_take(x->every, x->every_count, limit);
    ns_candidate *candidates = ns_arena_zero(x->context.arena, (n + 1) * sizeof *candidates);
    if (!candidates)
        return ns_error_memory(err);
    for (size_t i = 0; i < n; i++)
        candidates[i].docid = candidates[i].article = x->every[i].article;
    x->match = (ns_match){candidates, n, x->every_count, false};
    return NSEARCH_OK;
}

static nsearch_status find_every(execution *x, nsearch_error *err)
{
    const nsearch_search_options *o = x->options;
    ns_facet_list facets = {.count = 0};
    nsearch_status status = o->facets ? ns_facet_list_read(o->facets, &facets, err) : NSEARCH_OK;
    bool dated = o->sort != NSEARCH_SORT_RELEVANCE || o->timeline != NSEARCH_INTERVAL_NONE;
    if (status || (!dated && !facets.count))
        return status;
    status = ns_every_find(x->context.snapshot, &x->built.plan, x->cache, dated, o->exhaustive, x->context.arena,
                           &x->every, &x->every_count, err);
    if (!status && facets.count)
        status = ns_facets_make(&x->context, x->every, x->every_count, &facets, o->facet_values, x->answer, err);
    if (!status && o->timeline != NSEARCH_INTERVAL_NONE)
        status = ns_timeline_make(x->every, x->every_count, o->timeline, x->answer, err);
    if (!status && o->sort != NSEARCH_SORT_RELEVANCE)
        ns_dated_sort(x->every, x->every_count, o->sort);
    return status;
}

/* ---- the best */

/* Both stages over at most 'limit' articles, in the order asked for. */
static nsearch_status rank_articles(execution *x, size_t limit, nsearch_error *err)
{
    const nsearch_search_options *o = x->options;
    ns_match_options matching = {.limit = limit,
                                 .mode = o->exhaustive ? NS_MATCH_EXHAUSTIVE : NS_MATCH_BEST,
                                 .cache = x->cache};
    bool by_date = o->sort != NSEARCH_SORT_RELEVANCE;
    nsearch_status status =
        by_date ? pick_by_date(x, limit, err)
                : ns_match_run(x->context.snapshot, &x->built.plan, &matching, x->context.arena, &x->match, err);
    if (!status)
        status = ns_rescore(x->context.snapshot, &x->built, x->match.candidates, x->match.count, o->passages,
                            o->first_stage, x->context.arena, &x->articles, &x->article_count, err);
    if (!status && o->recency_days > 0)
        ns_recency_apply(x->articles, x->article_count, x->today, o->recency_days);
    if (!status && by_date)
        qsort(x->articles, x->article_count, sizeof *x->articles,
              o->sort == NSEARCH_SORT_OLDEST ? oldest_first : newest_first);
    if (!status && !(x->members = ns_arena_array(x->context.arena, x->article_count + 1, sizeof *x->members)))
        status = ns_error_memory(err);
    return status;
}

static size_t count_heads(const execution *x)
{
    size_t heads = 0;
    for (size_t i = 0; i < x->member_count; i++)
        heads += x->members[i].head == x->members[i].article;
    return heads;
}

/* When copies take up the places of other stories, more articles are ranked. */
static nsearch_status rank(execution *x, nsearch_error *err)
{
    const nsearch_search_options *o = x->options;
    for (size_t limit = candidate_limit(o);; limit *= 4) {
        nsearch_status status = rank_articles(x, limit, err);
        if (status)
            return status;
        if (o->keep_copies || o->first_stage) {
            for (; x->member_count < x->article_count && x->member_count < o->limit; x->member_count++)
                x->members[x->member_count] = (ns_group_member){x->member_count, x->member_count};
            return NSEARCH_OK;
        }
        x->member_count = ns_collapse(x->articles, x->article_count, o->limit, x->members);
        if (count_heads(x) >= o->limit || x->article_count < limit || limit >= CANDIDATES_MAX)
            return NSEARCH_OK;
    }
}

/* ---- showing */

static nsearch_status load(execution *x, uint32_t article, ns_stored *stored, nsearch_error *err)
{
    const uint8_t *bytes;
    size_t n;
    ns_snapshot *s = x->context.snapshot;
    nsearch_status status = s->backend->fetch(s, article, x->context.arena, &bytes, &n, err);
    return status ? status : ns_stored_decode(bytes, n, x->context.arena, stored, err);
}

static nsearch_status show_passage(execution *x, const ns_scored_article *a, const ns_scored_passage *p,
                                   const ns_stored *stored, nsearch_passage *out, nsearch_error *err)
{
    uint32_t at = p->docid - a->columns.article;
    *out = (nsearch_passage){.docid = p->docid, .score = p->score + p->proximity};
    if (!x->options->snippets)
        return NSEARCH_OK;
    if (at >= stored->passage_count)
        return ns_error_set(err, NSEARCH_DAMAGED, "article '%s' has no passage %u", stored->article.id, at);
    const char *text = stored->body + stored->passages[at].begin;
    size_t n = stored->passages[at].end - stored->passages[at].begin;
    if (!n) { /* a brief: its headline is all there is */
        text = stored->article.title;
        n = strlen(text);
    }
    return ns_snippet(&x->context, &x->built, text, n, out, err);
}

/* Without texts the best are enough. */
static nsearch_status choose_passages(execution *x, const ns_scored_article *a, size_t wanted,
                                      const ns_scored_passage **passages, size_t *count, nsearch_error *err)
{
    if (x->options->snippets)
        return ns_shown_passages(&x->context, x->built.plan.filter, a, wanted, passages, count, err);
    *passages = a->passages;
    *count = a->passage_count;
    return NSEARCH_OK;
}

static nsearch_status show_passages(execution *x, const ns_scored_article *a, const ns_stored *stored,
                                    nsearch_hit *hit, nsearch_error *err)
{
    const ns_scored_passage *passages;
    size_t count;
    nsearch_status status = choose_passages(x, a, x->options->passages, &passages, &count, err);
    nsearch_passage *out = status ? NULL : ns_arena_zero(x->context.arena, (count + 1) * sizeof *out);
    if (!status && !out)
        status = ns_error_memory(err);
    for (size_t i = 0; !status && i < count; i++)
        status = show_passage(x, a, &passages[i], stored, &out[i], err);
    if (!status) {
        hit->passages = out;
        hit->passage_count = count;
    }
    return status;
}

static nsearch_status show_head(execution *x, const ns_scored_article *a, ns_stored *stored, nsearch_hit *hit,
                                nsearch_error *err)
{
    nsearch_status status = load(x, a->columns.article, stored, err);
    if (status)
        return status;
    const ns_article *s = &stored->article;
    *hit = (nsearch_hit){.id = s->id, .title = s->title, .source = s->source, .byline = s->byline, .url = s->url,
                         .date = s->date, .date_source = s->date_source, .score = a->score};
    status = ns_shown_date(x->context.snapshot, a->columns.article, x->context.arena, &hit->date, &hit->date_source,
                           &hit->date_inferred, err);
    if (!status)
        status = show_passages(x, a, stored, hit, err);
    if (!status && x->options->snippets)
        status = ns_quoted_show(&x->context, &x->built, a->columns.article, stored, hit, err);
    if (!status && x->options->explain && !(hit->explain = ns_explain_article(a, x->context.arena)))
        status = ns_error_memory(err);
    return status;
}

/* The article in the ranking; NULL: it does not match, or is far below. */
static const ns_scored_article *find_ranked(const execution *x, uint32_t article)
{
    for (size_t i = 0; i < x->article_count; i++)
        if (x->articles[i].columns.article == article)
            return &x->articles[i];
    return NULL;
}

static nsearch_status show_copy(execution *x, const ns_scored_article *head, uint32_t article,
                                const ns_known_pairs *known, nsearch_copy *copy, nsearch_error *err)
{
    ns_stored stored;
    ns_article_columns columns;
    ns_snapshot *s = x->context.snapshot;
    nsearch_status status = load(x, article, &stored, err);
    if (!status)
        status = s->backend->columns(s, article, &columns, err);
    if (status)
        return status;
    const ns_article *a = &stored.article;
    *copy = (nsearch_copy){.id = a->id, .title = a->title, .source = a->source, .url = a->url, .date = a->date,
                           .likeness = ns_sketch_likeness(&head->columns.sketch, &columns.sketch),
                           .own_share = -1, .date_source = a->date_source};
    status = ns_shown_date(s, article, x->context.arena, &copy->date, &copy->date_source, &copy->date_inferred, err);
    if (status || !x->options->snippets)
        return status;
    ns_own_count own = ns_own_sentences(known, stored.body, stored.body_length, NULL, NULL);
    copy->own_share = own.sentences ? (double)own.own / (double)own.sentences : 0;
    const ns_scored_article *ranked = find_ranked(x, article);
    if (!ranked || !ranked->passage_count)
        return NSEARCH_OK;
    nsearch_passage *passage = ns_arena_zero(x->context.arena, sizeof *passage);
    if (!passage)
        return ns_error_memory(err);
    const ns_scored_passage *passages;
    size_t count;
    copy->passage = passage;
    status = choose_passages(x, ranked, 1, &passages, &count, err);
    return status ? status : show_passage(x, ranked, &passages[0], &stored, passage, err);
}

/* All members of the hit's group, whether they match the query or not. */
static nsearch_status show_copies(execution *x, const ns_scored_article *head, const ns_stored *stored,
                                  nsearch_hit *hit, nsearch_error *err)
{
    const ns_story_member *members;
    ns_known_pairs known = {0};
    size_t count = x->stories ? ns_stories_members(x->stories, head->columns.group, &members) : 0;
    if (!count || x->options->keep_copies || x->options->first_stage)
        return NSEARCH_OK;
    nsearch_copy *copies = ns_arena_zero(x->context.arena, count * sizeof *copies);
    nsearch_status status = copies && (!x->options->snippets ||
                                       ns_known_pairs_add(&known, stored->body, stored->body_length))
                                ? NSEARCH_OK
                                : ns_error_memory(err);
    for (size_t i = 0; i < count && !status && hit->copy_count < COPIES_TOLD; i++)
        if (members[i].article != head->columns.article)
            status = show_copy(x, head, members[i].article, &known, &copies[hit->copy_count++], err);
    hit->copies = copies;
    ns_known_pairs_release(&known);
    return status;
}

static nsearch_status show(execution *x, nsearch_error *err)
{
    ns_answer *answer = x->answer;
    answer->hits = ns_arena_zero(&answer->arena, (x->member_count + 1) * sizeof *answer->hits);
    size_t *shown = ns_arena_array(&answer->arena, x->member_count + 1, sizeof *shown); /* place of each hit's article */
    if (!answer->hits || !shown)
        return ns_error_memory(err);
    for (size_t i = 0; i < x->member_count; i++) {
        size_t head = x->members[i].article;
        if (x->members[i].head != head)
            continue;
        nsearch_hit *hit = &answer->hits[answer->hit_count];
        ns_stored stored;
        nsearch_status status = show_head(x, &x->articles[head], &stored, hit, err);
        if (!status)
            status = show_copies(x, &x->articles[head], &stored, hit, err);
        if (status)
            return status;
        shown[answer->hit_count++] = head;
    }
    bool related = x->options->snippets && !x->options->first_stage;
    return related ? ns_related_show(x->context.snapshot, x->articles, x->article_count, shown, answer, err) : NSEARCH_OK;
}

/* ---- the whole */

nsearch_status ns_exec(ns_snapshot *snapshot, ns_maxima_cache *cache, ns_stories *stories,
                       const ns_analyser *analyser, ns_workspace *workspace, const char *query, const nsearch_search_options *options,
                       ns_answer *answer, nsearch_error *err)
{
    memset(answer, 0, sizeof *answer);
    ns_arena_init(&answer->arena);
    ns_notes *notes = ns_arena_zero(&answer->arena, sizeof *notes);
    if (!notes)
        return ns_error_memory(err);
    notes->arena = &answer->arena;
    execution x = {.context = {.snapshot = snapshot, .analyser = analyser, .workspace = workspace,
                               .arena = &answer->arena, .notes = notes, .entity_weight = options->entity_weight},
                   .cache = cache,
                   .stories = stories,
                   .options = options,
                   .answer = answer,
                   .today = (int32_t)(options->now / 86400)};
    ns_built_init(&x.built);
    ns_node *root;
    nsearch_status status = stories ? ns_stories_make(stories, snapshot, err) : NSEARCH_OK;
    if (!status)
        status = ns_parse(query, options->plain != 0, x.today, &answer->arena, notes, &root, err);
    if (!status)
        status = ns_build(&x.context, root, &x.built, err);
    if (!status)
        status = find_every(&x, err);
    if (!status)
        status = rank(&x, err);
    if (!status && !x.article_count)
        ns_explain_nothing(snapshot, &x.built, notes);
    if (!status)
        status = show(&x, err);
    if (!status && options->explain && !(answer->explain = ns_explain_query(&x.built, &answer->arena)))
        status = ns_error_memory(err);
    answer->found = x.match.found;
    answer->at_least = x.match.at_least;
    answer->notes = notes->text;
    answer->note_count = notes->count;
    ns_built_release(&x.built);
    return status;
}

void ns_answer_release(ns_answer *answer)
{
    ns_arena_release(&answer->arena);
    memset(answer, 0, sizeof *answer);
}
