/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ordered.c - a ring of slots: any thread works on the next piece, the caller takes the oldest.
 */
#include "src/base/ordered.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct result {
    bool done;
    nsearch_status status;
    nsearch_error err;
} result;

typedef struct run {
    size_t count, slots, next, taken; /* next: piece nobody works on; taken: pieces handed on */
    ns_ordered_call *work;
    void *user;
    result *results;
    bool stop;
    pthread_mutex_t lock;
    pthread_cond_t room, done;
} run;

/* With the lock held: works on the next piece without it. */
static void work_on_next(run *r)
{
    size_t piece = r->next++;
    result *of = &r->results[piece % r->slots];
    pthread_mutex_unlock(&r->lock);
    ns_error_clear(&of->err);
    nsearch_status status = r->work(piece, piece % r->slots, r->user, &of->err);
    pthread_mutex_lock(&r->lock);
    of->status = status;
    of->done = true;
    pthread_cond_signal(&r->done);
}

static bool has_work(const run *r)
{
    return !r->stop && r->next < r->count && r->next - r->taken < r->slots;
}

static void *help(void *argument)
{
    run *r = argument;
    pthread_mutex_lock(&r->lock);
    while (!r->stop && r->next < r->count)
        if (has_work(r))
            work_on_next(r);
        else
            pthread_cond_wait(&r->room, &r->lock);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* The caller's part; the lock is held. */
static nsearch_status take_all(run *r, ns_ordered_call *take, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    while (r->taken < r->count && !status) {
        result *of = &r->results[r->taken % r->slots];
        if (r->next > r->taken && of->done) {
            pthread_mutex_unlock(&r->lock);
            if (of->status)
                status = ns_error_set(err, of->status, "%s", of->err.text);
            else if (take)
                status = take(r->taken, r->taken % r->slots, r->user, err);
            pthread_mutex_lock(&r->lock);
            of->done = false;
            r->taken++;
            pthread_cond_broadcast(&r->room);
        } else if (has_work(r)) {
            work_on_next(r);
        } else {
            pthread_cond_wait(&r->done, &r->lock);
        }
    }
    r->stop = true;
    pthread_cond_broadcast(&r->room);
    return status;
}

nsearch_status ns_ordered_run(int threads, size_t count, size_t slots, ns_ordered_call *work, ns_ordered_call *take,
                              void *user, nsearch_error *err)
{
    run r = {.count = count, .slots = slots, .work = work, .user = user};
    size_t helpers = threads > 1 ? (size_t)threads - 1 : 0, begun = 0;
    if (helpers >= count)
        helpers = count ? count - 1 : 0;
    if (helpers >= slots)
        helpers = slots - 1;
    r.results = calloc(slots, sizeof *r.results);
    pthread_t *ids = calloc(helpers + 1, sizeof *ids);
    if (!r.results || !ids) {
        free(r.results);
        free(ids);
        return ns_error_memory(err);
    }
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.room, NULL);
    pthread_cond_init(&r.done, NULL);
    while (begun < helpers && pthread_create(&ids[begun], NULL, help, &r) == 0)
        begun++; /* fewer threads do the same work */
    pthread_mutex_lock(&r.lock);
    nsearch_status status = take_all(&r, take, err);
    pthread_mutex_unlock(&r.lock);
    for (size_t i = 0; i < begun; i++)
        pthread_join(ids[i], NULL);
    pthread_cond_destroy(&r.done);
    pthread_cond_destroy(&r.room);
    pthread_mutex_destroy(&r.lock);
    free(r.results);
    free(ids);
    return status;
}
