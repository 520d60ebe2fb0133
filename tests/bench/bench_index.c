/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * bench_index.c - a passage file to an index of one segment: each line an article of one passage. Threads cut and gather
 * blocks of lines, each in its lane of the engine; the caller hands them on in their order.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "index/backend.h"
#include "tests/bench/article.h"
#include "tests/bench/bench.h"

enum { BLOCK = 128 << 10, RING = 64, THREADS_MAX = 64 };

typedef struct slot {
    ns_batch *batch;
    bool done;
} slot;

typedef struct indexing {
    ns_store *store;
    bench_passages in;
    uint64_t limit;      /* lines to take */
    uint64_t bytes;      /* of the lines taken */
    pthread_mutex_t lock;
    pthread_cond_t room, done;
    slot ring[RING];     /* batch i is in ring[i % RING] */
    uint64_t begun, may; /* batches, and how many may be */
    bool at_end, stop;
    nsearch_error err;   /* of the first worker that failed */
} indexing;

typedef struct worker {
    indexing *run;
    int lane;
    pthread_t thread;
    plain_analyser analyser;
    bench_article_room article;
    bench_block block;
} worker;

static bool worker_init(worker *w, indexing *run, int lane)
{
    memset(w, 0, sizeof *w);
    w->run = run;
    w->lane = lane;
    return plain_init(&w->analyser);
}

static void worker_release(worker *w)
{
    plain_release(&w->analyser);
    ns_buffer_release(&w->article.stored);
    ns_buffer_release(&w->block.bytes);
}

/* The block's lines as a batch. */
static nsearch_status gather(worker *w, ns_batch **out, nsearch_error *err)
{
    ns_batch *batch;
    bench_passage line;
    nsearch_status status = ns_native_backend.batch_begin(w->run->store, w->lane, &batch, err);
    if (status)
        return status;
    while (!status && bench_block_next(&w->block, &line)) {
        ns_analysed article;
        status = bench_article(&w->analyser, &line, &w->article, &article)
                     ? ns_native_backend.batch_add(batch, &article, err)
                     : ns_error_memory(err);
    }
    if (!status)
        status = ns_native_backend.batch_finish(batch, err);
    if (status)
        ns_native_backend.batch_free(batch);
    else
        *out = batch;
    return status;
}

static bool next_block(worker *w)
{
    bool more = bench_passages_block(&w->run->in, BLOCK, w->run->limit, &w->block);
    w->run->bytes += more ? w->block.bytes.size : 0;
    return more;
}

static void *work(void *argument)
{
    worker *w = argument;
    indexing *run = w->run;
    nsearch_error err = NSEARCH_ERROR_INIT;
    pthread_mutex_lock(&run->lock);
    for (;;) {
        while (!run->stop && !run->at_end && run->begun >= run->may)
            pthread_cond_wait(&run->room, &run->lock);
        if (run->stop || run->at_end || !next_block(w))
            break;
        uint64_t number = run->begun++;
        ns_batch *batch = NULL;
        pthread_mutex_unlock(&run->lock);
        nsearch_status status = gather(w, &batch, &err);
        pthread_mutex_lock(&run->lock);
        run->ring[number % RING] = (slot){batch, true};
        if (status) {
            run->err = run->stop ? run->err : err;
            run->stop = true;
        }
        pthread_cond_broadcast(&run->done);
    }
    if (w->block.bytes.failed && !run->stop) {
        run->stop = true;
        ns_error_memory(&run->err);
    }
    run->at_end = true;
    pthread_cond_broadcast(&run->room);
    pthread_cond_broadcast(&run->done);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static uint64_t allowed(const indexing *run, uint64_t taken)
{
    size_t room = ns_native_backend.batch_room(run->store);
    return taken + (room < RING ? room : RING);
}

/* Takes the batches in their order until there are no more. */
static nsearch_status take_all(indexing *run, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    pthread_mutex_lock(&run->lock);
    for (uint64_t taken = 0; !status; taken++) {
        slot *next = &run->ring[taken % RING];
        while (!run->stop && !next->done && !(run->at_end && taken == run->begun))
            pthread_cond_wait(&run->done, &run->lock);
        if (run->stop || !next->done)
            break;
        ns_batch *batch = next->batch;
        *next = (slot){NULL, false};
        pthread_mutex_unlock(&run->lock);
        status = ns_native_backend.batch_take(run->store, batch, err);
        pthread_mutex_lock(&run->lock);
        run->may = allowed(run, taken + 1);
        run->stop = run->stop || status;
        pthread_cond_broadcast(&run->room);
    }
    pthread_mutex_unlock(&run->lock);
    return status;
}

static nsearch_status index_with_threads(indexing *run, int threads, nsearch_error *err)
{
    worker workers[THREADS_MAX];
    int ready = 0, started = 0;
    nsearch_status status = NSEARCH_OK;
    run->may = allowed(run, 0);
    for (; ready < threads && !status; ready += !status)
        status = worker_init(&workers[ready], run, ready) ? NSEARCH_OK : ns_error_memory(err);
    while (!status && started < threads && !pthread_create(&workers[started].thread, NULL, work, &workers[started]))
        started++;
    if (!status && !started)
        status = ns_error_set(err, NSEARCH_NO_MEMORY, "cannot start a thread");
    if (!status)
        status = take_all(run, err);
    for (int i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < RING; i++)
        if (run->ring[i].batch)
            ns_native_backend.batch_free(run->ring[i].batch);
    for (int i = 0; i < ready; i++)
        worker_release(&workers[i]);
    return !status && run->err.status ? ns_error_set(err, run->err.status, "%s", run->err.text) : status;
}

static nsearch_status index_alone(indexing *run, nsearch_error *err)
{
    worker w;
    ns_batch *batch;
    if (!worker_init(&w, run, 0))
        return ns_error_memory(err);
    nsearch_status status = NSEARCH_OK;
    while (!status && next_block(&w)) {
        status = gather(&w, &batch, err);
        if (!status)
            status = ns_native_backend.batch_take(run->store, batch, err);
    }
    if (!status && w.block.bytes.failed)
        status = ns_error_memory(err);
    worker_release(&w);
    return status;
}

int bench_index(const bench_index_options *options)
{
    const ns_store_options store_options = {(size_t)options->memory_mb, options->threads};
    indexing run = {.limit = options->limit ? options->limit : UINT64_MAX,
                    .lock = PTHREAD_MUTEX_INITIALIZER,
                    .room = PTHREAD_COND_INITIALIZER,
                    .done = PTHREAD_COND_INITIALIZER};
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t start = bench_now(), added = start;
    if (!bench_passages_open(&run.in, options->passages)) {
        fprintf(stderr, "nsearch-bench: cannot read '%s': %s\n", options->passages, strerror(errno));
        return 1;
    }
    nsearch_status status = ns_native_backend.store_open(options->dir, &store_options, &run.store, &err);
    if (!status)
        status = options->threads > 1 ? index_with_threads(&run, options->threads, &err) : index_alone(&run, &err);
    added = bench_now();
    if (!status)
        status = ns_native_backend.store_merge(run.store, &err);
    double seconds = (double)(bench_now() - start) / 1e9;
    if (!status)
        printf("passages %llu, bytes %llu, seconds %.2f (merge and commit %.2f), MB/s %.1f\n",
               (unsigned long long)run.in.next, (unsigned long long)run.bytes, seconds,
               (double)(bench_now() - added) / 1e9, (double)run.bytes / 1e6 / seconds);
    if (run.store)
        ns_native_backend.store_close(run.store);
    bench_passages_close(&run.in);
    return status ? bench_failed(&err) : 0;
}
