/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ingest.h - analyses articles on several threads and puts them into a store in the order they came in. The input is cut
 * into batches by its size alone, so that the index does not depend on the number of threads. Used by one
 * thread; part of the facade.
 */
#ifndef NS_INGEST_H
#define NS_INGEST_H

#include "corpus/article.h"
#include "index/backend.h"
#include "src/base/arena.h"
#include "src/grouping.h"
#include "src/text/analyse.h"

typedef struct ns_ingest ns_ingest;

/* An article on its way. The caller fills what is above the line in a slot it took. */
typedef struct ns_ingest_job {
    ns_arena *arena;       /* of the article's text; shared with its neighbours */
    ns_article article;
    uint64_t hash;
    const char *where;     /* for messages; in the arena */
    bool replaces;         /* the index holds an older one */
    uint64_t replaced;     /* the hash of an older one, here or in another shard; 0: there is none */
    bool elsewhere;        /* it belongs to another shard: it only tells of copies, and is not stored */
    uint32_t file;         /* the caller's number of the file it came from */
    /* --- */
    uint32_t passage_count, text_bytes;
    int32_t day;
    bool cut;              /* only the first 'searched' bytes of the body are searched */
    uint32_t searched;
    ns_sketch sketch;
    nsearch_status status; /* OK: it is in the store; SKIPPED and why */
    nsearch_error err;
} ns_ingest_job;

/* Called in order for each article, in the caller's thread. A failure ends the run. */
typedef nsearch_status ns_ingest_sink(const ns_ingest_job *job, void *user, nsearch_error *err);

/* threads = 1 does all in the caller's thread. 'grouping' is loaded and used in that thread. */
nsearch_status ns_ingest_new(const ns_analyser *analyser, const ns_backend *backend, ns_store *store,
                             ns_grouping *grouping, int threads, ns_ingest_sink *sink, void *user,
                             ns_ingest **ingest, nsearch_error *err);
/* An empty slot to fill, valid until it is put; older articles may go to the sink meanwhile. Taking a slot twice gives
 * the same one, and forgets what was taken from its arena. */
nsearch_status ns_ingest_take(ns_ingest *ingest, ns_ingest_job **job, nsearch_error *err);
/* Sends the taken slot on its way. */
nsearch_status ns_ingest_put(ns_ingest *ingest, nsearch_error *err);
/* Waits until every article has gone to the store. */
nsearch_status ns_ingest_drain(ns_ingest *ingest, nsearch_error *err);
/* Stops the threads; articles still inside are dropped. To be called before the store is closed. */
void ns_ingest_free(ns_ingest *ingest);

#endif
