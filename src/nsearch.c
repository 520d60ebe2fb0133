/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch.c - the facade of searching: checks arguments, calls the stages. Writing is in nsearch_writer.c.
 */
#include "src/nsearch.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/base/guard.h"
#include "src/query/exec.h"
#include "src/view.h"

#define LIMIT_MAX 10000
#define PASSAGES_MAX 20
#define FACET_VALUES_MAX 1000
#define QUERY_BYTES_MAX (1u << 20)
#define SEARCH_TRIES 3   /* of one query, when machines are lost */
#define CHANGED_TRIES 20 /* the same, when writers overtake it */
#define RENEW_SECONDS 1 /* between two looks for missing shards */

struct nsearch_index {
    char *path;
    ns_cluster cluster;        /* without shards: an index in a folder */
    size_t memory;
    ns_analyser *analyser;
    pthread_mutex_t lock;      /* of what is below */
    ns_view *view;
    bool renewing;             /* a thread opens the next view */
    struct timespec renewed;   /* when that was last tried */
    ns_workspace **workspaces; /* idle ones */
    size_t workspace_count, workspace_capacity;
};

struct nsearch_result {
    ns_answer answer;
    char fingerprint[17];
    nsearch_shard *shards;
    size_t shard_count;
    ns_arena arena; /* of the shards' texts */
};

const char *nsearch_version(void)
{
    return NS_VERSION;
}

int nsearch_has_engine(const char *engine)
{
    return engine && ns_backend_named(engine) != NULL;
}

/* ---- opening */

static nsearch_status open_view(const nsearch_index *index, ns_view **view, nsearch_error *err)
{
    return index->cluster.shard_count ? ns_view_open_cluster(&index->cluster, index->memory, view, err)
                                      : ns_view_open(index->path, index->memory, view, err);
}

static nsearch_status open_analyser(nsearch_index *index, nsearch_error *err)
{
    const char *names;
    size_t n;
    const ns_view *view = index->view;
    nsearch_status status = view->backend->names(view->snapshot, &names, &n, err);
    return status ? status : ns_analyser_new(names, n, &index->analyser, err);
}

nsearch_status nsearch_open(const char *path, const nsearch_open_options *options, nsearch_index **index,
                            nsearch_error *err)
{
    ns_error_clear(err);
    if (!path || !index)
        return ns_error_set(err, NSEARCH_INVALID, "no path or no place for the index was given");
    if (options && options->version != NSEARCH_OPEN_OPTIONS_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "open options have version %d, not %d", options->version,
                            NSEARCH_OPEN_OPTIONS_VERSION);
    nsearch_index *opened = calloc(1, sizeof *opened);
    if (!opened)
        return ns_error_memory(err);
    pthread_mutex_init(&opened->lock, NULL);
    ns_arena_init(&opened->cluster.arena);
    opened->memory = options && options->memory_mb > 0 ? (size_t)options->memory_mb << 20 : 0;
    nsearch_status status = NSEARCH_OK;
    if (!(opened->path = strdup(path)))
        status = ns_error_memory(err);
    else if (ns_cluster_is_file(path))
        status = ns_cluster_read(path, &opened->cluster, err);
    if (!status)
        status = open_view(opened, &opened->view, err);
    if (!status)
        status = open_analyser(opened, err);
    clock_gettime(CLOCK_MONOTONIC, &opened->renewed);
    if (status)
        nsearch_close(opened);
    else
        *index = opened;
    return status;
}

void nsearch_close(nsearch_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->workspace_count; i++)
        ns_workspace_free(index->workspaces[i]);
    free(index->workspaces);
    ns_analyser_free(index->analyser);
    ns_view_free(index->view);
    ns_cluster_release(&index->cluster);
    free(index->path);
    pthread_mutex_destroy(&index->lock);
    free(index);
}

/* ---- the view of a cluster, or of readers that writers overtake, changes while others are searching */

static void return_view(nsearch_index *index, ns_view *view)
{
    pthread_mutex_lock(&index->lock);
    bool last = --view->users == 0 && view != index->view;
    pthread_mutex_unlock(&index->lock);
    if (last)
        ns_view_free(view);
}

static void set_view(nsearch_index *index, ns_view *next)
{
    pthread_mutex_lock(&index->lock);
    ns_view *old = index->view;
    index->view = next;
    bool unused = old->users == 0;
    pthread_mutex_unlock(&index->lock);
    if (unused)
        ns_view_free(old);
}

/* Opens the index again and puts them in the place of 'view', unless another thread did meanwhile. */
static nsearch_status replace_view(nsearch_index *index, const ns_view *view, nsearch_error *err)
{
    ns_view *next = NULL;
    pthread_mutex_lock(&index->lock);
    bool done = index->view != view;
    pthread_mutex_unlock(&index->lock);
    nsearch_status status = done ? NSEARCH_OK : open_view(index, &next, err);
    if (next)
        set_view(index, next);
    return status;
}

/* While shards are missing, one search a second looks whether they are back. */
static void look_for_missing(nsearch_index *index, ns_view *view)
{
    struct timespec now;
    nsearch_error ignored = NSEARCH_ERROR_INIT;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&index->lock);
    bool due = !index->renewing && now.tv_sec - index->renewed.tv_sec >= RENEW_SECONDS;
    index->renewing |= due;
    pthread_mutex_unlock(&index->lock);
    if (!due)
        return;
    if (ns_view_returns(view, &index->cluster))
        (void)replace_view(index, view, &ignored); /* the old one still answers */
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&index->lock);
    index->renewed = now;
    index->renewing = false;
    pthread_mutex_unlock(&index->lock);
}

static ns_view *current_view(nsearch_index *index)
{
    pthread_mutex_lock(&index->lock);
    ns_view *view = index->view;
    view->users++;
    pthread_mutex_unlock(&index->lock);
    return view;
}

static ns_view *take_view(nsearch_index *index)
{
    ns_view *view = current_view(index);
    if (view->complete)
        return view;
    look_for_missing(index, view);
    return_view(index, view);
    return current_view(index);
}

/* Which shards answered goes with the answer. */
static nsearch_status tell_shards(const ns_view *view, nsearch_result *r, nsearch_error *err)
{
    r->shards = ns_arena_zero(&r->arena, (view->shard_count + 1) * sizeof *r->shards);
    if (!r->shards)
        return ns_error_memory(err);
    for (size_t i = 0; i < view->shard_count; i++) {
        const ns_view_shard *s = &view->shards[i];
        r->shards[i] = (nsearch_shard){.name = ns_arena_string(&r->arena, s->name), .status = s->status,
                                       .reason = ns_arena_string(&r->arena, s->reason), .replica = s->replica,
                                       .generation = s->stats.generation, .articles = s->stats.articles};
        if (!r->shards[i].name || !r->shards[i].reason)
            return ns_error_memory(err);
    }
    r->shard_count = view->shard_count;
    return NSEARCH_OK;
}

/* ---- one workspace a running search, kept for the next */

static nsearch_status borrow_workspace(nsearch_index *index, ns_workspace **workspace, nsearch_error *err)
{
    ns_workspace *idle = NULL;
    pthread_mutex_lock(&index->lock);
    if (index->workspace_count)
        idle = index->workspaces[--index->workspace_count];
    pthread_mutex_unlock(&index->lock);
    if (!idle)
        return ns_workspace_new(index->analyser, workspace, err);
    *workspace = idle;
    return NSEARCH_OK;
}

static void return_workspace(nsearch_index *index, ns_workspace *workspace)
{
    pthread_mutex_lock(&index->lock);
    if (index->workspace_count == index->workspace_capacity) {
        size_t capacity = index->workspace_capacity ? index->workspace_capacity * 2 : 4;
        ns_workspace **more = realloc(index->workspaces, capacity * sizeof(*more));
        if (more) {
            index->workspaces = more;
            index->workspace_capacity = capacity;
        }
    }
    if (index->workspace_count < index->workspace_capacity) {
        index->workspaces[index->workspace_count++] = workspace;
        workspace = NULL;
    }
    pthread_mutex_unlock(&index->lock);
    ns_workspace_free(workspace);
}

/* ---- searching */

static nsearch_status check_options(const nsearch_search_options *o, nsearch_error *err)
{
    if (o->version != NSEARCH_SEARCH_OPTIONS_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "search options have version %d, not %d", o->version,
                            NSEARCH_SEARCH_OPTIONS_VERSION);
    if (o->limit < 1 || o->limit > LIMIT_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "the limit must be 1 to %d", LIMIT_MAX);
    if (o->passages < 1 || o->passages > PASSAGES_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "passages of an article must be 1 to %d", PASSAGES_MAX);
    if (!(o->entity_weight >= 0 && o->entity_weight <= 1000))
        return ns_error_set(err, NSEARCH_INVALID, "the entity weight must be 0 to 1000");
    if (o->sort != NSEARCH_SORT_RELEVANCE && o->sort != NSEARCH_SORT_DATE && o->sort != NSEARCH_SORT_OLDEST)
        return ns_error_set(err, NSEARCH_INVALID, "there is no such order");
    if (o->timeline != NSEARCH_INTERVAL_NONE && o->timeline != NSEARCH_INTERVAL_DAY &&
        o->timeline != NSEARCH_INTERVAL_WEEK && o->timeline != NSEARCH_INTERVAL_MONTH)
        return ns_error_set(err, NSEARCH_INVALID, "there is no such interval of a timeline");
    if (o->facet_values < 1 || o->facet_values > FACET_VALUES_MAX)
        return ns_error_set(err, NSEARCH_INVALID, "names of a facet must be 1 to %d", FACET_VALUES_MAX);
    if (!(o->recency_days >= 0 && o->recency_days <= 1e6))
        return ns_error_set(err, NSEARCH_INVALID, "the days of recency must be 0 to 1000000");
    return NSEARCH_OK;
}

/* What was found without the pages that are damaged is no answer, and what was kept of it for the next is none either. */
static nsearch_status check_intact(const ns_view *view, nsearch_error *err)
{
    return view->backend->intact ? view->backend->intact(view->snapshot, err) : NSEARCH_OK;
}

/* A cursor can only call it damage when a reader is overtaken or a machine lost. */
static nsearch_status true_reason(const ns_view *view, nsearch_status status, nsearch_error *err)
{
    nsearch_error deeper = NSEARCH_ERROR_INIT;
    nsearch_status reason = check_intact(view, &deeper);
    if (reason != NSEARCH_CHANGED && reason != NSEARCH_UNREACHABLE)
        return status;
    ns_error_clear(err);
    return ns_error_set(err, reason, "%s", deeper.text);
}

static nsearch_status search_view(nsearch_index *index, const ns_view *view, ns_workspace *workspace, const char *query,
                                  const nsearch_search_options *o, nsearch_result *r, nsearch_error *err)
{
    nsearch_status status = ns_exec(view->snapshot, view->maxima, view->stories, index->analyser, workspace, query, o,
                                    &r->answer, err);
    if (!status)
        status = check_intact(view, err);
    else
        status = true_reason(view, status, err);
    if (status == NSEARCH_DAMAGED && r->answer.arena.failed && !check_intact(view, NULL)) {
        ns_error_clear(err); /* nor can a cursor tell when memory is out */
        status = ns_error_memory(err);
    }
    if (!status)
        status = tell_shards(view, r, err);
    memcpy(r->fingerprint, view->fingerprint, sizeof r->fingerprint);
    return status;
}

/* A shard that is lost during a search, or that writers have overtaken, costs a second one, over what answers then. */
static nsearch_status search_views(nsearch_index *index, ns_workspace *workspace, const char *query,
                                   const nsearch_search_options *o, nsearch_result *r, nsearch_error *err)
{
    for (int tries = 1;; tries++) {
        nsearch_error why = NSEARCH_ERROR_INIT;
        ns_view *view = take_view(index);
        nsearch_status status = search_view(index, view, workspace, query, o, r, &why);
        bool again = (status == NSEARCH_UNREACHABLE && tries < SEARCH_TRIES) ||
                     (status == NSEARCH_CHANGED && tries < CHANGED_TRIES);
        if (!again) {
            return_view(index, view);
            return status ? ns_error_set(err, status, "%s", why.text) : NSEARCH_OK;
        }
        ns_answer_release(&r->answer);
        memset(&r->answer, 0, sizeof r->answer);
        status = replace_view(index, view, err);
        return_view(index, view);
        if (status)
            return status;
    }
}

nsearch_status nsearch_search(nsearch_index *index, const char *query, const nsearch_search_options *options,
                              nsearch_result **result, nsearch_error *err)
{
    static const nsearch_search_options defaults = NSEARCH_SEARCH_OPTIONS_INIT;
    ns_workspace *workspace;
    ns_error_clear(err);
    if (!index || !query || !result)
        return ns_error_set(err, NSEARCH_INVALID, "no index, query or place for the result was given");
    nsearch_search_options o = options ? *options : defaults;
    nsearch_status status = check_options(&o, err);
    if (!status && strlen(query) > QUERY_BYTES_MAX)
        status = ns_error_set(err, NSEARCH_INVALID, "the query is longer than %u bytes", QUERY_BYTES_MAX);
    if (status)
        return status;
    if (!o.now)
        o.now = (int64_t)time(NULL);
    nsearch_result *r = calloc(1, sizeof *r);
    if (!r)
        return ns_error_memory(err);
    ns_arena_init(&r->arena);
    status = borrow_workspace(index, &workspace, err);
    if (!status) {
        status = search_views(index, workspace, query, &o, r, err);
        return_workspace(index, workspace);
    }
    if (status)
        nsearch_result_free(r);
    else
        *result = r;
    return status;
}

void nsearch_result_free(nsearch_result *result)
{
    if (result) {
        ns_answer_release(&result->answer);
        ns_arena_release(&result->arena);
        free(result);
    }
}

const nsearch_hit *nsearch_result_hit(const nsearch_result *result, size_t i)
{
    return i < result->answer.hit_count ? &result->answer.hits[i] : NULL;
}

size_t nsearch_result_count(const nsearch_result *result)
{
    return result->answer.hit_count;
}

uint64_t nsearch_result_found(const nsearch_result *result, int *at_least)
{
    if (at_least)
        *at_least = result->answer.at_least;
    return result->answer.found;
}

const nsearch_facet *nsearch_result_facet(const nsearch_result *result, size_t i)
{
    return i < result->answer.facet_count ? &result->answer.facets[i] : NULL;
}

const char *nsearch_result_note(const nsearch_result *result, size_t i)
{
    return i < result->answer.note_count ? result->answer.notes[i] : NULL;
}

const char *nsearch_result_explain(const nsearch_result *result)
{
    return result->answer.explain;
}

const nsearch_period *nsearch_result_period(const nsearch_result *result, size_t i)
{
    return i < result->answer.period_count ? &result->answer.periods[i] : NULL;
}

const nsearch_shard *nsearch_result_shard(const nsearch_result *result, size_t i)
{
    return i < result->shard_count ? &result->shards[i] : NULL;
}

int nsearch_result_partial(const nsearch_result *result)
{
    for (size_t i = 0; i < result->shard_count; i++)
        if (result->shards[i].status)
            return 1;
    return 0;
}

const char *nsearch_result_fingerprint(const nsearch_result *result)
{
    return result->fingerprint;
}

uint64_t nsearch_result_undated(const nsearch_result *result)
{
    return result->answer.undated;
}

/* ---- the index itself */

nsearch_status nsearch_index_stats(nsearch_index *index, nsearch_stats *stats, nsearch_error *err)
{
    ns_snapshot_stats s;
    ns_error_clear(err);
    if (!index || !stats)
        return ns_error_set(err, NSEARCH_INVALID, "no index or place for the figures was given");
    ns_view *view = current_view(index);
    nsearch_status status = view->backend->stats(view->snapshot, &s, err);
    const char *engine = view->backend->name;
    return_view(index, view);
    if (status)
        return status;
    *stats = (nsearch_stats){.engine = engine, .generation = s.generation, .articles = s.articles,
                             .passages = s.passages, .terms = s.terms, .postings = s.postings,
                             .segments = s.segments, .bytes_index = s.bytes_index, .bytes_text = s.bytes_text,
                             .average_length = s.passages ? (double)s.total_length / (double)s.passages : 0};
    snprintf(stats->fingerprint, sizeof stats->fingerprint, "%016" PRIx64, s.fingerprint);
    return NSEARCH_OK;
}

nsearch_status nsearch_verify(nsearch_index *index, nsearch_error *err)
{
    ns_error_clear(err);
    if (!index)
        return ns_error_set(err, NSEARCH_INVALID, "no index was given");
    for (int tries = 1;; tries++) {
        nsearch_error why = NSEARCH_ERROR_INIT;
        ns_view *view = current_view(index);
        nsearch_status status = check_intact(view, &why);
        if (!status)
            status = view->backend->verify(view->snapshot, &why);
        if (!status)
            status = check_intact(view, &why);
        bool again = status == NSEARCH_CHANGED && tries < CHANGED_TRIES;
        if (again)
            status = replace_view(index, view, &why);
        return_view(index, view);
        if (!again || status)
            return status ? ns_error_set(err, status, "%s", why.text) : NSEARCH_OK;
    }
}

nsearch_status nsearch_guard(nsearch_error *err)
{
    ns_error_clear(err);
    return ns_guard_install(err);
}
