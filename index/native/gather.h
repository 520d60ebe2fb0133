/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gather.h - the articles added since the last flush, on their way to one segment. They come in batches of
 * consecutive articles. Each thread turns its batches around in a lane of its own; taking the batches in
 * order gives the passages their docids. What comes out does not depend on which lane had which batch.
 */
#ifndef NS_NATIVE_GATHER_H
#define NS_NATIVE_GATHER_H

#include "index/backend.h"
#include "index/native/columns.h"
#include "index/native/inverter.h"
#include "index/native/named.h"
#include "index/native/segment.h"
#include "index/native/texts.h"

/* Passages of a lane from 'lane_first' to the next run's are docids from 'docid_first'. */
typedef struct ns_lane_run {
    uint32_t lane_first, docid_first;
} ns_lane_run;

typedef struct ns_lane {
    ns_inverter inverter;
    ns_lane_run *runs;
    uint32_t run_count, run_capacity;
    struct libdeflate_compressor *compressor; /* between two batches */
    char apart[64];                           /* from what the next lane's thread writes */
} ns_lane;

typedef struct ns_gather {
    int dirfd;
    ns_lane *lanes;
    int lane_count;
    ns_columns_writer columns;
    ns_texts_writer texts;
    nsearch_error text_error;
    ns_buffer named;  /* uint32_t of the machine: of each article its lane, a number, so many: 4 * list + type */
    uint64_t content; /* hash of all that was taken, in order */
    uint64_t bytes;   /* of postings */
    uint8_t *seen;    /* a bit for each hash of a term, modulo its size */
    uint32_t seen_count;
} ns_gather;

typedef struct ns_native_batch {
    ns_batch base;
    ns_lane *lane;
    uint32_t first; /* passage of the lane */
    ns_columns_writer columns;
    ns_texts_writer texts;
    nsearch_error text_error;
    ns_inverter_tally tally;
    ns_buffer named; /* as that of ns_gather, without the lanes */
    ns_buffer ids; /* of each article: u32 its first passage in the batch, u32 n, n bytes of its id key */
    uint64_t content, text_bytes;
    nsearch_status status; /* the first failure that ends it */
} ns_native_batch;

/* 'lanes': threads that will fill batches at the same time. */
nsearch_status ns_gather_init(ns_gather *g, int dirfd, int lanes, nsearch_error *err);
void ns_gather_release(ns_gather *g);
/* In the lane's thread: a batch is begun, filled and finished before the next of its lane. */
nsearch_status ns_batch_begin(ns_gather *g, int lane, ns_native_batch **batch, nsearch_error *err);
/* INVALID: the article is not as analysed.h says, and the batch is as before. */
nsearch_status ns_batch_add(ns_native_batch *b, const ns_analysed *article, nsearch_error *err);
nsearch_status ns_batch_finish(ns_native_batch *b, nsearch_error *err);
void ns_batch_free(ns_native_batch *b);
/* The docids of the batch's passages follow those taken before. */
nsearch_status ns_gather_take(ns_gather *g, ns_native_batch *b, nsearch_error *err);
/* Bytes held, estimated from what was taken alone, so that it is the same on any number of threads. */
size_t ns_gather_bytes(const ns_gather *g);
/* Writes segment 'name', synced, with the help of threads; all begun batches must have been taken. It is spent.
 * flush.c */
nsearch_status ns_gather_write(ns_gather *g, int threads, const char *name, uint64_t id, ns_manifest_file *file,
                               nsearch_error *err);

#endif
