/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ingest.c - a ring of jobs: the caller fills at the head, workers take the next unanalysed one, the caller
 * empties at the tail in order.
 */
#include "src/ingest.h"

#include <pthread.h>
#include <stdlib.h>

enum { EMPTY, FILLED, DONE };

struct ns_ingest {
    ns_ingest_job *jobs;
    size_t count;
    size_t head, next, tail; /* ever growing; job i is jobs[i % count] */
    ns_ingest_sink *sink;
    void *user;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pthread_t *threads;
    size_t thread_count;
    bool stop;
};

static void analyse(ns_ingest_job *job)
{
    ns_error_clear(&job->err);
    job->status = ns_analyse_article(job->workspace, &job->article, &job->analysed, &job->err);
    job->analysed.hash = job->hash;
}

static void *work(void *argument)
{
    ns_ingest *g = argument;
    pthread_mutex_lock(&g->lock);
    for (;;) {
        while (!g->stop && g->next == g->head)
            pthread_cond_wait(&g->work, &g->lock);
        if (g->stop)
            break;
        ns_ingest_job *job = &g->jobs[g->next++ % g->count];
        pthread_mutex_unlock(&g->lock);
        analyse(job);
        pthread_mutex_lock(&g->lock);
        job->state = DONE;
        pthread_cond_signal(&g->done);
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

nsearch_status ns_ingest_new(const ns_analyser *analyser, int threads, ns_ingest_sink *sink, void *user,
                             ns_ingest **ingest, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    ns_ingest *g = calloc(1, sizeof *g);
    if (!g)
        return ns_error_memory(err);
    g->sink = sink;
    g->user = user;
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->work, NULL);
    pthread_cond_init(&g->done, NULL);
    g->count = threads > 1 ? (size_t)threads + 2 : 1; /* each holds a workspace */
    g->jobs = calloc(g->count, sizeof *g->jobs);
    g->threads = calloc((size_t)threads, sizeof *g->threads);
    if (!g->jobs || !g->threads)
        status = ns_error_memory(err);
    for (size_t i = 0; i < g->count && !status; i++)
        status = ns_workspace_new(analyser, &g->jobs[i].workspace, err);
    for (int i = 0; i < threads && threads > 1 && !status; i++) {
        if (pthread_create(&g->threads[i], NULL, work, g) == 0)
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

/* Hands the oldest job on, waiting for it. */
static nsearch_status empty_tail(ns_ingest *g, nsearch_error *err)
{
    ns_ingest_job *job = &g->jobs[g->tail % g->count];
    pthread_mutex_lock(&g->lock);
    while (job->state != DONE)
        pthread_cond_wait(&g->done, &g->lock);
    pthread_mutex_unlock(&g->lock);
    nsearch_status status = g->sink(job, g->user, err);
    job->state = EMPTY;
    g->tail++;
    return status;
}

nsearch_status ns_ingest_take(ns_ingest *g, ns_ingest_job **taken, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    while (!status && g->head - g->tail == g->count)
        status = empty_tail(g, err);
    if (status)
        return status;
    ns_ingest_job *job = &g->jobs[g->head % g->count];
    ns_arena_reset(&job->arena);
    job->replaces = false;
    job->where = "";
    job->hash = 0;
    *taken = job;
    return NSEARCH_OK;
}

nsearch_status ns_ingest_put(ns_ingest *g, nsearch_error *err)
{
    ns_ingest_job *job = &g->jobs[g->head % g->count];
    if (!g->thread_count) {
        analyse(job);
        job->state = DONE;
        g->head++;
        return empty_tail(g, err);
    }
    pthread_mutex_lock(&g->lock);
    job->state = FILLED;
    g->head++;
    pthread_cond_signal(&g->work);
    bool ready = g->jobs[g->tail % g->count].state == DONE;
    pthread_mutex_unlock(&g->lock);
    return ready ? empty_tail(g, err) : NSEARCH_OK;
}

nsearch_status ns_ingest_drain(ns_ingest *g, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
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
    for (size_t i = 0; i < g->thread_count; i++)
        pthread_join(g->threads[i], NULL);
    for (size_t i = 0; g->jobs && i < g->count; i++) {
        ns_workspace_free(g->jobs[i].workspace);
        ns_arena_release(&g->jobs[i].arena);
    }
    pthread_cond_destroy(&g->done);
    pthread_cond_destroy(&g->work);
    pthread_mutex_destroy(&g->lock);
    free(g->threads);
    free(g->jobs);
    free(g);
}
