/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ingest.h - analyses articles on several threads and hands them on in the order they came in, so that the index does
 * not depend on the number of threads. Used by one thread; part of the facade.
 */
#ifndef NS_INGEST_H
#define NS_INGEST_H

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/text/analyse.h"

typedef struct ns_ingest ns_ingest;

/* An article on its way. The caller fills what is above the line in a slot it took. */
typedef struct ns_ingest_job {
    ns_arena arena;
    ns_article article;
    uint64_t hash;
    const char *where;     /* for messages; in the arena */
    bool replaces;         /* the index holds an older one */
    /* --- */
    ns_workspace *workspace;
    ns_analysed analysed;
    nsearch_status status; /* of the analysis: OK or SKIPPED, else a failure */
    nsearch_error err;
    int state;
} ns_ingest_job;

/* Called in order with each analysed job, in the caller's thread. A failure ends the run. */
typedef nsearch_status ns_ingest_sink(ns_ingest_job *job, void *user, nsearch_error *err);

/* threads = 1 analyses in the caller's thread. */
nsearch_status ns_ingest_new(const ns_analyser *analyser, int threads, ns_ingest_sink *sink, void *user,
                             ns_ingest **ingest, nsearch_error *err);
/* An empty slot to fill (arena reset); older jobs may go to the sink meanwhile. Taking a slot twice gives the same one. */
nsearch_status ns_ingest_take(ns_ingest *ingest, ns_ingest_job **job, nsearch_error *err);
/* Sends the taken slot to the workers. */
nsearch_status ns_ingest_put(ns_ingest *ingest, nsearch_error *err);
/* Waits until every job has gone to the sink. */
nsearch_status ns_ingest_drain(ns_ingest *ingest, nsearch_error *err);
/* Stops the workers; jobs still inside are dropped. */
void ns_ingest_free(ns_ingest *ingest);

#endif
