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

#include "index/backend.h"
#include "src/base/guard.h"
#include "src/query/exec.h"

#define LIMIT_MAX 10000
#define PASSAGES_MAX 20
#define FACET_VALUES_MAX 1000
#define QUERY_BYTES_MAX (1u << 20)

struct nsearch_index {
    const ns_backend *backend;
    ns_snapshot *snapshot;
    ns_maxima_cache *maxima;
    ns_stories *stories;
    ns_analyser *analyser;
    pthread_mutex_t lock;      /* of the list below */
    ns_workspace **workspaces; /* idle ones */
    size_t workspace_count, workspace_capacity;
};

struct nsearch_result {
    ns_answer answer;
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

static nsearch_status open_once(const char *path, nsearch_index *index, nsearch_error *err)
{
    const char *names;
    size_t n;
    nsearch_status status = ns_backend_of(path, &index->backend, err);
    if (!status)
        status = index->backend->open(path, &index->snapshot, err);
    if (!status)
        status = index->backend->names(index->snapshot, &names, &n, err);
    if (!status)
        status = ns_analyser_new(names, n, &index->analyser, err);
    return status;
}

static nsearch_status open_cache(nsearch_index *index, const nsearch_open_options *options, nsearch_error *err)
{
    ns_snapshot_stats stats;
    size_t limit = options && options->memory_mb > 0 ? (size_t)options->memory_mb << 20 : 0;
    nsearch_status status = index->backend->stats(index->snapshot, &stats, err);
    if (!status && !(index->maxima = ns_maxima_cache_new(limit, stats.bytes_index)))
        status = ns_error_memory(err);
    if (!status && !(index->stories = ns_stories_new()))
        status = ns_error_memory(err);
    return status;
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
    nsearch_status status = open_once(path, opened, err);
    const ns_backend *now;
    if (status && opened->backend && ns_backend_of(path, &now, NULL) == NSEARCH_OK && now != opened->backend) {
        /* a rebuild gave the index another engine under our hands */
        ns_error_clear(err);
        if (opened->snapshot)
            opened->backend->close(opened->snapshot);
        opened->snapshot = NULL;
        status = open_once(path, opened, err);
    }
    if (!status)
        status = open_cache(opened, options, err);
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
    ns_maxima_cache_free(index->maxima);
    ns_stories_free(index->stories);
    if (index->snapshot)
        index->backend->close(index->snapshot);
    pthread_mutex_destroy(&index->lock);
    free(index);
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
static nsearch_status check_intact(const nsearch_index *index, nsearch_error *err)
{
    return index->backend->intact ? index->backend->intact(index->snapshot, err) : NSEARCH_OK;
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
    status = borrow_workspace(index, &workspace, err);
    if (!status) {
        status = ns_exec(index->snapshot, index->maxima, index->stories, index->analyser, workspace, query, &o,
                         &r->answer, err);
        return_workspace(index, workspace);
    }
    if (!status)
        status = check_intact(index, err);
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
    nsearch_status status = index->backend->stats(index->snapshot, &s, err);
    if (status)
        return status;
    *stats = (nsearch_stats){.engine = index->backend->name, .generation = s.generation, .articles = s.articles,
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
    nsearch_status status = check_intact(index, err);
    if (!status)
        status = index->backend->verify(index->snapshot, err);
    return status ? status : check_intact(index, err);
}

nsearch_status nsearch_guard(nsearch_error *err)
{
    ns_error_clear(err);
    return ns_guard_install(err);
}
