/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * writer.h - what the files of the writing facade share: nsearch_writer.c opens, adds and commits, writer_files.c reads
 * paths and knows files that did not change, writer_remove.c removes, nsearch_rebuild.c and nsearch_repair.c build anew.
 */
#ifndef NS_WRITER_H
#define NS_WRITER_H

#include <time.h>

#include "corpus/confined.h"
#include "corpus/reader.h"
#include "index/backend.h"
#include "src/cluster.h"
#include "src/base/map.h"
#include "src/grouping.h"
#include "src/ingest.h"
#include "src/known_files.h"

/* What a run knows of an id. */
typedef struct ns_sighting {
    uint64_t hash;
    uint32_t file; /* NS_NO_FILE: from none */
    bool unread;   /* the index has it from that file, which was not read yet */
} ns_sighting;

/* A partial entry of a feed that this run added. */
typedef struct ns_entry {
    const char *id;
    size_t bytes; /* of its text */
    uint32_t file;
    struct ns_entry *before; /* another with the same address */
} ns_entry;

struct nsearch_writer {
    nsearch_writer_options options;
    char *path;
    const ns_backend *backend;
    ns_store *store;
    ns_analyser *analyser;
    ns_ingest *ingest;
    ns_confined *confined; /* reads files; NULL: none yet, or files are read here */
    ns_grouping *grouping;
    ns_map seen;    /* ids of this run -> place in sightings */
    ns_sighting *sightings;
    size_t sighting_capacity;
    ns_map roots;   /* absolute paths that were added */
    ns_map trouble; /* absolute paths that could not be read: their articles are kept */
    ns_known_files files;
    bool blind;     /* the index has articles, and nothing is known of their files */
    bool sweeping;  /* files that were passed over are read after all */
    uint32_t file;  /* the one that is read now, NS_NO_FILE: none */
    uint32_t visits;
    uint64_t stamp, reading;   /* of that file; how files below this root are read */
    ns_buffer file_path, root; /* absolute; NUL behind */
    ns_map pages;   /* addresses of this run's pages -> bytes of text */
    ns_map entries; /* addresses of this run's partial entries -> the last */
    ns_map outdone; /* ids of entries that are to go -> place of their file */
    ns_arena entry_arena;
    nsearch_progress progress;
    struct timespec told;
    bool failed, finds_disabled;
    ns_cluster cluster; /* without shards: the whole index is written here */
    size_t shard;       /* the one that is */
    ns_snapshot *others; /* what the other shards had committed; NULL: nothing */
    bool others_opened;
    ns_map elsewhere;   /* ids of this run that belong to other shards -> hash */
};

/* The user's names that articles were indexed with before. */
typedef struct ns_writer_names {
    const char *text;
    size_t n;
} ns_writer_names;

/* 'names': for articles that are to be added anew; they are used unless the options give others. Or NULL. */
nsearch_status ns_writer_open(const char *path, const nsearch_writer_options *options, const ns_writer_names *names,
                              nsearch_writer **writer, nsearch_error *err);
/* The same for a shard of a cluster, which is taken over; NULL: for the index in the folder 'path'. */
nsearch_status ns_writer_make(const char *path, ns_cluster *cluster, size_t shard,
                              const nsearch_writer_options *options, const ns_writer_names *names,
                              nsearch_writer **writer, nsearch_error *err);
/* A writer that failed half-way through its input must not commit half of it. */
nsearch_status ns_writer_check(nsearch_writer *w, nsearch_error *err);
/* Passes a status on, and remembers a failure. */
nsearch_status ns_writer_ended(nsearch_writer *w, nsearch_status status);
nsearch_status ns_writer_tell(nsearch_writer *w, nsearch_error *err);
void ns_writer_tell_skipped(nsearch_writer *w, const char *where, const char *reason);
/* Columns of the committed article with this id, if there is one. */
nsearch_status ns_writer_find(ns_snapshot *s, const char *id, bool *found, ns_article_columns *columns,
                              nsearch_error *err);
/* What this run knows of the id; NULL: nothing. */
ns_sighting *ns_writer_sighting(const nsearch_writer *w, const char *id);
/* The same, made if there is none: with hash 0. NULL when memory is out. */
ns_sighting *ns_writer_sight(nsearch_writer *w, const char *id, bool *is_new);
/* A removed article attracts no more copies; to be called before its sighting forgets its hash. */
nsearch_status ns_writer_ungroup(nsearch_writer *w, const char *id, nsearch_error *err);
/* The taken job's article goes to the workers, unless the index has it already. */
nsearch_status ns_writer_submit(nsearch_writer *w, ns_ingest_job *job, nsearch_error *err);

/* ---- cluster_writer.c */

/* *elsewhere: the article belongs to another shard than the writer's. If this one has an older version with another date, that
 * goes. */
nsearch_status ns_writer_elsewhere(nsearch_writer *w, const ns_article *article, bool *elsewhere, nsearch_error *err);
/* Such an article goes to the workers all the same, so that copies of it that are this shard's find its group. */
nsearch_status ns_writer_submit_elsewhere(nsearch_writer *w, ns_ingest_job *job, nsearch_error *err);
/* The hash of the version with this id that another shard has, or had; 0: none. */
nsearch_status ns_writer_find_elsewhere(nsearch_writer *w, const char *id, uint64_t *hash, nsearch_error *err);
/* Loads the groups, of all shards, unless they are. */
nsearch_status ns_writer_load_groups(nsearch_writer *w, nsearch_error *err);
void ns_writer_close_others(nsearch_writer *w);

/* ---- writer_pages.c */

/* Where a feed's partial entry and its page meet. *outdone: this is such an entry, and its page is there. */
nsearch_status ns_writer_complete(nsearch_writer *w, const ns_article *article, bool *outdone, nsearch_error *err);
/* The same for an article that belongs to another shard, whose writer sees to it if it is an entry. */
nsearch_status ns_writer_complete_elsewhere(nsearch_writer *w, const ns_article *article, bool *outdone,
                                            nsearch_error *err);
/* Removes entries whose pages came after them. Nothing may be under way to the store. */
nsearch_status ns_writer_take_out_entries(nsearch_writer *w, nsearch_error *err);

/* ---- writer_remove.c */

/* As far as this run has come, the committed article's file is not there, or does not have it. */
bool ns_writer_is_missing(const nsearch_writer *w, const ns_article *article);

/* ---- writer_files.c */

/* The file was passed over, and so its articles are as they were. */
bool ns_writer_was_passed(const nsearch_writer *w, uint32_t file);

void ns_writer_load_files(nsearch_writer *w);
void ns_writer_save_files(nsearch_writer *w);
/* The index has an article less that this file gave. */
void ns_writer_file_loses(nsearch_writer *w, uint32_t file);
/* The file that a committed article came from; NS_NO_FILE: none that is known. 'origin' may be NULL, else it
 * gets the path, from 'arena'. */
nsearch_status ns_writer_file_of(nsearch_writer *w, const ns_article_columns *columns, ns_arena *arena,
                                 uint32_t *file, const char **origin, nsearch_error *err);
/* The committed article has another text than the one with its id that is read now. *stands: it came from a file
 * that did not change and is read after this one, so that it stays. */
nsearch_status ns_writer_contest(nsearch_writer *w, const ns_article_columns *columns, uint32_t *file, bool *stands,
                                 nsearch_error *err);
/* Reads files that were passed over and may hold more than is known, before what is missing is removed. */
nsearch_status ns_writer_sweep(nsearch_writer *w, nsearch_error *err);

#endif
