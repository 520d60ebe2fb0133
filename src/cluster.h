/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster.h - an index in several places: the file that lists its shards, where an article belongs, and who answers.
 * Part of the facade. doc/cluster.md is the user's page.
 */
#ifndef NS_CLUSTER_H
#define NS_CLUSTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "corpus/article.h"
#include "index/shards.h"
#include "src/base/arena.h"

#define NS_CLUSTER_SHARDS_MAX 256
#define NS_CLUSTER_NAME_MAX 63
#define NS_CLUSTER_TIMEOUT_DEFAULT 3000 /* milliseconds */
#define NS_CLUSTER_TIMEOUT_MIN 150
#define NS_CLUSTER_TIMEOUT_MAX 600000

/* A program that was started to see whether it greets. All zero: none is running. */
typedef struct ns_program_probe {
    bool running;
    pid_t process;
    int socket;
} ns_program_probe;

/* One section of the file. */
typedef struct ns_cluster_shard {
    ns_shard where;    /* whom a search asks */
    ns_shard replica;  /* whom it asks when that one does not answer; where.name and kind as above; where NULL: nobody */
    ns_shard writer;   /* whom nsearch-index gives articles to */
    unsigned line;
    ns_program_probe where_probe, replica_probe;
} ns_cluster_shard;

typedef struct ns_cluster {
    char *path;        /* of the file */
    unsigned timeout_ms;
    ns_cluster_shard *shards;
    size_t shard_count;
    ns_arena arena;
} ns_cluster;

/* Whether 'path' is a file, and so names a cluster and not the folder of an index. */
bool ns_cluster_is_file(const char *path);
/* Reads the list. NOT_FOUND, IO; INVALID names the file and the line. */
nsearch_status ns_cluster_read(const char *path, ns_cluster *cluster, nsearch_error *err);
/* The same from a text; relative paths in it are below 'folder'. */
nsearch_status ns_cluster_parse(const char *path, const char *folder, const char *text, size_t n, ns_cluster *cluster,
                                nsearch_error *err);
void ns_cluster_release(ns_cluster *cluster);

/* ---- cluster_program.c */

/* Starts the program if it is not running, without waiting; true when one that was started before has greeted. */
bool ns_program_probe_look(ns_program_probe *probe, const ns_shard *shard);
void ns_program_probe_end(ns_program_probe *probe);

/* ---- cluster_place.c */

/* What decides where an article belongs: the month of its date or, where there is none, of its capture; else its first words.
 * Copies of one story have the same key unless a month ends between them, or only some have a date. */
uint64_t ns_cluster_key(const ns_article *article);
/* The shard that has this key: the one whose name and the key give the largest hash. A further shard takes over its part of
 * the keys, and no other key moves. */
size_t ns_cluster_place(const ns_cluster *cluster, uint64_t key);

#endif
