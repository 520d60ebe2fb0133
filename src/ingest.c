/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ingest.c - a ring of loads, each some consecutive articles: the caller fills the one at the head, threads take the
 * next untouched one, the caller empties the one at the tail. A thread analyses its articles and, if the engine can,
 * puts them into a batch of the store; else the caller adds them, and a load is one article.
 */
#include "src/ingest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { EMPTY, FILLED, DONE };
enum { LOAD_BYTES = 128 << 10, LOAD_ARTICLES = 1024, LOADS_MAX = 32 };

typedef struct load {
    ns_arena arena;
    ns_arena_mark mark; /* before the article in hand */
    ns_ingest_job *jobs;
    size_t count, capacity, bytes;
    ns_batch *batch;
    ns_workspace *workspace; /* where the one article waits for an engine without batches */
    ns_analysed analysed;
    nsearch_status status;
    nsearch_error err;
    int state;
} load;

typedef struct lane {
    ns_ingest *ingest;
    int number;
    ns_workspace *workspace;
    pthread_t thread;
} lane;

struct ns_ingest {
    const ns_backend *backend;
    ns_store *store;
    ns_grouping *grouping;
    load *loads;
    size_t count;
    size_t head, next, tail; /* ever growing; load i is loads[i % count] */
    ns_ingest_sink *sink;
    void *user;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    lane *lanes;
    int lane_count, thread_count;
    bool stop;
};

/* ---- in a thread of its own */

static void analyse_job(ns_workspace *workspace, load *l, ns_ingest_job *job)
{
    ns_error_clear(&job->err);
    job->status = ns_analyse_article(workspace, &job->article, &l->analysed, &job->err);
    if (job->status)
        return;
    l->analysed.hash = job->hash;
    job->passage_count = l->analysed.passage_count;
    job->text_bytes = l->analysed.text_bytes;
    job->day = l->analysed.day;
    job->cut = l->analysed.cut;
    job->searched = l->analysed.passages[l->analysed.passage_count - 1].end;
    job->sketch = l->analysed.sketch;
}

static void work_on(lane *of, load *l)
{
    const ns_backend *backend = of->ingest->backend;
    ns_error_clear(&l->err);
    l->status = NSEARCH_OK;
    if (!backend->batch_begin) {
        analyse_job(l->workspace, l, &l->jobs[0]);
        return;
    }
    l->status = backend->batch_begin(of->ingest->store, of->number, &l->batch, &l->err);
    for (size_t i = 0; i < l->count && !l->status; i++) {
        ns_ingest_job *job = &l->jobs[i];
        analyse_job(of->workspace, l, job);
        if (!job->status && !job->elsewhere)
            l->status = backend->batch_add(l->batch, &l->analysed, &l->err);
        else if (job->status && job->status != NSEARCH_SKIPPED)
            l->status = ns_error_set(&l->err, job->status, "%s", job->err.text);
    }
    if (l->batch) {
        nsearch_status status = backend->batch_finish(l->batch, &l->err);
        l->status = l->status ? l->status : status;
        if (l->bytes >= NS_BATCH_ALONE && !l->status)
            l->status = ns_workspace_trim(of->workspace, &l->err);
    }
}

static void *work(void *argument)
{
    lane *of = argument;
    ns_ingest *g = of->ingest;
    pthread_mutex_lock(&g->lock);
    for (;;) {
        while (!g->stop && g->next == g->head)
            pthread_cond_wait(&g->work, &g->lock);
        if (g->stop)
            break;
        load *l = &g->loads[g->next++ % g->count];
        pthread_mutex_unlock(&g->lock);
        work_on(of, l);
        pthread_mutex_lock(&g->lock);
        l->state = DONE;
        pthread_cond_signal(&g->done);
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

/* ---- in the caller's thread */

static nsearch_status make_workspaces(ns_ingest *g, const ns_analyser *analyser, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (g->backend->batch_begin)
        for (int i = 0; i < g->lane_count && !status; i++)
            status = ns_workspace_new(analyser, &g->lanes[i].workspace, err);
    else
        for (size_t i = 0; i < g->count && !status; i++)
            status = ns_workspace_new(analyser, &g->loads[i].workspace, err);
    return status;
}

nsearch_status ns_ingest_new(const ns_analyser *analyser, const ns_backend *backend, ns_store *store,
                             ns_grouping *grouping, int threads, ns_ingest_sink *sink, void *user, ns_ingest **ingest, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    ns_ingest *g = calloc(1, sizeof *g);
    if (!g)
        return ns_error_memory(err);
    g->backend = backend;
    g->store = store;
    g->grouping = grouping;
    g->sink = sink;
    g->user = user;
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->work, NULL);
    pthread_cond_init(&g->done, NULL);
    g->count = threads == 1 ? 1 : threads + 2 < LOADS_MAX ? (size_t)threads + 2 : LOADS_MAX;
    g->loads = calloc(g->count, sizeof *g->loads);
    g->lanes = calloc((size_t)threads, sizeof *g->lanes);
    g->lane_count = g->lanes ? threads : 0;
    if (!g->loads || !g->lanes)
        status = ns_error_memory(err);
    if (!status)
        status = make_workspaces(g, analyser, err);
    for (int i = 0; i < g->lane_count; i++) {
        g->lanes[i].ingest = g;
        g->lanes[i].number = i;
    }
    for (int i = 0; i < threads && threads > 1 && !status; i++) {
        if (pthread_create(&g->lanes[i].thread, NULL, work, &g->lanes[i]) == 0)
            g->thread_count++;
        else if (i == 0)
            status = ns_error_set(err, NSEARCH_NO_MEMORY, "cannot start a thread");
        else
            break; /* fewer threads do the same work */
    }
    if (status)
        ns_ingest_free(g);
    else
        *ingest = g;
    return status;
}

/* Decides the groups of the load's articles: here they are in order, whatever the threads. */
static nsearch_status group_load(ns_ingest *g, load *l, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (!ns_grouping_loaded(g->grouping))
        status = ns_grouping_load(g->grouping, g->backend->store_snapshot(g->store), err);
    for (size_t i = 0, at = 0; i < l->count && !status; i++) {
        const ns_ingest_job *job = &l->jobs[i];
        uint64_t group;
        if (job->status)
            continue;
        if (job->replaced)
            ns_grouping_remove(g->grouping, job->replaced);
        status = ns_grouping_add(g->grouping, job->hash, job->day, !strcmp(job->article.date_certainty, "guess"),
                                 &job->sketch, &group, err);
        if (job->elsewhere)
            continue;
        if (!status && l->batch)
            g->backend->batch_group(l->batch, at++, group);
        else
            l->analysed.group = group;
    }
    return status;
}

/* The load's articles go to the store. */
static nsearch_status store_load(ns_ingest *g, load *l, nsearch_error *err)
{
    if (l->status)
        return ns_error_set(err, l->status, "%s", l->err.text);
    nsearch_status status = group_load(g, l, err);
    if (status)
        return status;
    if (l->batch) {
        ns_batch *batch = l->batch;
        l->batch = NULL;
        return g->backend->batch_take(g->store, batch, err);
    }
    const ns_ingest_job *job = &l->jobs[0];
    if (!job->status)
        return job->elsewhere ? NSEARCH_OK : g->backend->store_add(g->store, &l->analysed, err);
    return job->status == NSEARCH_SKIPPED ? NSEARCH_OK : ns_error_set(err, job->status, "%s", job->err.text);
}

/* Hands the oldest load on, waiting for it. */
static nsearch_status empty_tail(ns_ingest *g, nsearch_error *err)
{
    load *l = &g->loads[g->tail % g->count];
    pthread_mutex_lock(&g->lock);
    while (l->state != DONE)
        pthread_cond_wait(&g->done, &g->lock);
    pthread_mutex_unlock(&g->lock);
    nsearch_status status = store_load(g, l, err);
    for (size_t i = 0; i < l->count && !status; i++)
        status = g->sink(&l->jobs[i], g->user, err);
    if (l->bytes >= NS_BATCH_ALONE)
        ns_arena_reset(&l->arena);
    l->count = l->bytes = 0;
    l->state = EMPTY;
    g->tail++;
    return status;
}

/* Sends the load at the head to the threads. */
static nsearch_status send(ns_ingest *g, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    load *l = &g->loads[g->head % g->count];
    bool alone = l->bytes >= NS_BATCH_ALONE; /* a large article's memory is the largest that is needed, not that of each thread */
    while (!status && alone && g->head > g->tail)
        status = empty_tail(g, err);
    while (!status && g->backend->batch_room && g->head > g->tail &&
           g->head - g->tail >= g->backend->batch_room(g->store))
        status = empty_tail(g, err);
    if (status)
        return status;
    if (!g->thread_count) {
        work_on(&g->lanes[0], l);
        l->state = DONE;
        g->head++;
        return empty_tail(g, err);
    }
    pthread_mutex_lock(&g->lock);
    l->state = FILLED;
    g->head++;
    pthread_cond_signal(&g->work);
    bool ready = g->loads[g->tail % g->count].state == DONE;
    pthread_mutex_unlock(&g->lock);
    return ready || alone ? empty_tail(g, err) : NSEARCH_OK;
}

nsearch_status ns_ingest_take(ns_ingest *g, ns_ingest_job **taken, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    while (!status && g->head - g->tail == g->count)
        status = empty_tail(g, err);
    if (status)
        return status;
    load *l = &g->loads[g->head % g->count];
    if (!l->count) {
        ns_arena_reset(&l->arena);
        l->mark = ns_arena_set_mark(&l->arena);
    }
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? l->capacity * 2 : 16;
        ns_ingest_job *jobs = realloc(l->jobs, capacity * sizeof *jobs);
        if (!jobs)
            return ns_error_memory(err);
        l->jobs = jobs;
        l->capacity = capacity;
    }
    ns_arena_rewind(&l->arena, l->mark);
    ns_ingest_job *job = &l->jobs[l->count];
    memset(job, 0, sizeof *job);
    job->arena = &l->arena;
    job->where = "";
    *taken = job;
    return NSEARCH_OK;
}

nsearch_status ns_ingest_put(ns_ingest *g, nsearch_error *err)
{
    load *l = &g->loads[g->head % g->count];
    const ns_article *a = &l->jobs[l->count++].article;
    l->bytes += strlen(a->title);
    for (size_t i = 0; i < a->paragraph_count; i++)
        l->bytes += a->paragraphs[i].length;
    l->mark = ns_arena_set_mark(&l->arena);
    bool full = !g->backend->batch_begin || l->bytes >= LOAD_BYTES || l->count == LOAD_ARTICLES;
    return full ? send(g, err) : NSEARCH_OK;
}

nsearch_status ns_ingest_drain(ns_ingest *g, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (g->head - g->tail < g->count && g->loads[g->head % g->count].count)
        status = send(g, err);
    while (!status && g->tail < g->head)
        status = empty_tail(g, err);
    return status;
}

void ns_ingest_free(ns_ingest *g)
{
    if (!g)
        return;
    pthread_mutex_lock(&g->lock);
    g->stop = true;
    pthread_cond_broadcast(&g->work);
    pthread_mutex_unlock(&g->lock);
    for (int i = 0; i < g->thread_count; i++)
        pthread_join(g->lanes[i].thread, NULL);
    for (int i = 0; i < g->lane_count; i++)
        ns_workspace_free(g->lanes[i].workspace);
    for (size_t i = 0; g->loads && i < g->count; i++) {
        load *l = &g->loads[i];
        if (l->batch)
            g->backend->batch_free(l->batch);
        ns_workspace_free(l->workspace);
        ns_arena_release(&l->arena);
        free(l->jobs);
    }
    pthread_cond_destroy(&g->done);
    pthread_cond_destroy(&g->work);
    pthread_mutex_destroy(&g->lock);
    free(g->lanes);
    free(g->loads);
    free(g);
}
