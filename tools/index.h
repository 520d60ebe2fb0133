/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * index.h - the parts of nsearch-index: what a run is to do, and how that is done in one index or in all shards of a cluster.
 */
#ifndef NS_TOOLS_INDEX_H
#define NS_TOOLS_INDEX_H

#include <stdbool.h>

#include "tools/tool_repair.h"
#include "tools/tool_run.h"

typedef struct index_settings {
    const char *index;
    nsearch_writer_options writer;
    bool remove_missing, merge, repair, json, quiet, verbose;
    const char *shard; /* of a cluster: this one alone; NULL: all */
    char **removals;   /* ids */
    size_t removal_count;
    char **paths;
    size_t path_count;
} index_settings;

/* Adds, removes and commits. */
nsearch_status index_write(const index_settings *set, nsearch_writer *writer, nsearch_error *err);
/* How many articles were added and so on, and what the index holds now. Returns an exit code. */
int index_summarise(const index_settings *set, const tool_run *run, const char *path, const nsearch_progress *progress,
                    const tool_repair *repair);
/* index_cluster.c: writes the shards that the file 'path' lists. Returns an exit code. */
int index_cluster(const index_settings *set, const char *path);

#endif
