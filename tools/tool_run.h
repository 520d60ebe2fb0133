/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_run.h - a run that writes an index, as nsearch-index and nsearch-rebuild have it: progress on a terminal,
 * skipped articles named and counted, cancelling by a signal, and what it all took.
 */
#ifndef NS_TOOLS_TOOL_RUN_H
#define NS_TOOLS_TOOL_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "src/nsearch.h"

#define TOOL_REASONS_MAX 32

typedef struct tool_reason {
    char *text; /* quoted names and numbers blotted out */
    uint64_t count;
} tool_reason;

typedef struct tool_run {
    bool quiet, verbose, terminal, line_open;
    const char *verb;            /* "indexing" */
    double begin;
    uint64_t skipped, cut;
    tool_reason reasons[TOOL_REASONS_MAX];
    size_t reason_count;         /* the last takes all others when the table is full */
    nsearch_progress last;       /* as the callback saw it last */
} tool_run;

/* Catches SIGINT, SIGTERM and SIGHUP: the next progress call cancels; a second signal kills. */
void tool_run_begin(tool_run *run, const char *verb, bool quiet, bool verbose);
/* Puts the callbacks into the options. */
void tool_run_attach(tool_run *run, nsearch_writer_options *options);
/* Callbacks that look whether the run is cancelled, and name what was cut: for a further writer of the same input, which
 * skips the same. */
void tool_run_mute(tool_run *run, nsearch_writer_options *options);
bool tool_run_cancelled(void);
/* Clears the line of progress and tells how many skipped articles were not named. */
void tool_run_end(tool_run *run);
double tool_run_seconds(const tool_run *run);
/* Peak resident memory in bytes: of this process and the one that read for it. */
uint64_t tool_run_peak_memory(void);
/* Lines "skipped", "took" and the like for a person, and the same for a program. */
void tool_run_print(const tool_run *run, const nsearch_progress *progress);
void tool_run_set_json(const tool_run *run, const nsearch_progress *progress, json_t *answer);
void tool_run_release(tool_run *run);

#endif
