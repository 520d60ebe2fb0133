/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * shards.h - several Xapian databases, here and on other machines, read as one index: the Xapian engine's snapshot is
 * always of one or more of them. Their articles are disjoint; frequencies, counts and lengths are summed, so that
 * scores are those of one index that holds all.
 */
#ifndef NS_INDEX_SHARDS_H
#define NS_INDEX_SHARDS_H

#include "index/backend.h"

typedef enum ns_shard_kind {
    NS_SHARD_DIRECTORY, /* an index directory of the Xapian engine, or the directory of its database alone (a replica) */
    NS_SHARD_TCP,       /* a xapian-tcpsrv */
    NS_SHARD_PROGRAM    /* a command whose input and output are a xapian-progsrv's, such as ssh */
} ns_shard_kind;

typedef struct ns_shard {
    const char *name;      /* what messages call it */
    ns_shard_kind kind;
    const char *where;     /* DIRECTORY: path; TCP: host; PROGRAM: the program */
    unsigned port;         /* TCP */
    const char *arguments; /* PROGRAM: its arguments, parted by spaces */
} ns_shard;

/* What became of a shard when the snapshot was opened. */
typedef struct ns_shard_state {
    char name[64];
    nsearch_status status;   /* OK: it answers; UNREACHABLE: left out; others: left out, too */
    char reason[256];        /* "" when it answers */
    ns_snapshot_stats stats; /* of this shard alone; zeros when it is left out */
} ns_shard_state;

/* Opens all, at the same time, waiting for each at most 'timeout_ms' at every step (connecting, and later each answer).
 * A shard that does not answer is left out, which ns_shards_states tells; none at all: the status of the first. A call on
 * the snapshot that fails with UNREACHABLE or CHANGED says that it must be opened again: what was lost is then left out. */
nsearch_status ns_shards_open(const ns_shard *shards, size_t count, unsigned timeout_ms, ns_snapshot **snapshot,
                              nsearch_error *err);
/* One state a shard, in the order given to ns_shards_open; borrowed from the snapshot. */
size_t ns_shards_states(const ns_snapshot *snapshot, const ns_shard_state **states);

/* The writer of one shard: a directory, or a server that was started with --writable. A remote one commits by itself
 * now and then, always a whole state; ns_backend's store calls do the rest. LOCKED, UNREACHABLE. */
nsearch_status ns_shard_store_open(const ns_shard *shard, const ns_store_options *options, unsigned timeout_ms,
                                   ns_store **store, nsearch_error *err);

#endif
