/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tool_run.c - progress, skipped articles, signals and sums of a run that writes an index.
 */
#include "tools/tool_run.h"

#include <ctype.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tools/tool_json.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"

#define SKIPPED_NAMED 20 /* without --verbose; and so many that were cut */

static volatile sig_atomic_t cancelled;

static void cancel(int number)
{
    (void)number;
    cancelled = 1;
}

bool tool_run_cancelled(void)
{
    return cancelled;
}

void tool_run_begin(tool_run *run, const char *verb, bool quiet, bool verbose)
{
    memset(run, 0, sizeof *run);
    run->verb = verb;
    run->quiet = quiet;
    run->verbose = verbose;
    run->terminal = isatty(STDERR_FILENO);
    run->begin = tool_clock();
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old, action;
        memset(&action, 0, sizeof action);
        action.sa_handler = cancel;
        action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
        /* nohup's wish stays. */
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

static void clear_line(tool_run *run)
{
    if (run->line_open)
        fputs("\r\033[K", stderr);
    run->line_open = false;
}

static int show_progress(const nsearch_progress *progress, void *user)
{
    tool_run *run = user;
    run->last = *progress;
    if (cancelled)
        return 1;
    if (run->terminal && !run->quiet) {
        char articles[TOOL_NUMBER], bytes[TOOL_NUMBER], skipped[TOOL_NUMBER];
        double seconds = tool_run_seconds(run);
        fprintf(stderr, "\r\033[K%s: %s articles, %s skipped, %s, %.1f MB/s", run->verb,
                tool_number(progress->read, articles), tool_number(progress->skipped, skipped),
                tool_bytes(progress->bytes_text, bytes),
                seconds > 0 ? (double)progress->bytes_text / 1e6 / seconds : 0);
        fflush(stderr);
        run->line_open = true;
    }
    return 0;
}

/* Reasons that differ in a quoted name or a number count as one. */
static char *blot(const char *reason)
{
    char *text = malloc(strlen(reason) * 3 + 1); /* '' grows to '...' */
    if (!text)
        return NULL;
    size_t at = 0;
    while (*reason) {
        const char *close = *reason == '\'' ? strchr(reason + 1, '\'') : NULL;
        if (close) {
            memcpy(text + at, "'...'", 5), at += 5;
            reason = close + 1;
        } else if (isdigit((unsigned char)*reason)) {
            text[at++] = 'N';
            while (isdigit((unsigned char)*reason))
                reason++;
        } else {
            text[at++] = *reason++;
        }
    }
    text[at] = '\0';
    return text;
}

static void count_reason(tool_run *run, const char *reason)
{
    char *text = blot(reason);
    if (!text)
        return;
    for (size_t i = 0; i < run->reason_count; i++)
        if (!strcmp(run->reasons[i].text, text) || i == TOOL_REASONS_MAX - 1) {
            run->reasons[i].count++;
            free(text);
            return;
        }
    if (run->reason_count == TOOL_REASONS_MAX - 1) {
        free(text);
        if (!(text = strdup("other reasons")))
            return;
    }
    run->reasons[run->reason_count++] = (tool_reason){ text, 1 };
}

static void note_skipped(const char *where, const char *reason, void *user)
{
    tool_run *run = user;
    run->skipped++;
    count_reason(run, reason);
    if (run->quiet || (!run->verbose && run->skipped > SKIPPED_NAMED))
        return;
    clear_line(run);
    fputs("skipped ", stderr);
    tool_print_safe(stderr, where);
    fputs(": ", stderr);
    tool_print_safe(stderr, reason);
    fputc('\n', stderr);
}

static void note_cut(const char *where, const char *what, void *user)
{
    tool_run *run = user;
    run->cut++;
    if (run->quiet || (!run->verbose && run->cut > SKIPPED_NAMED))
        return;
    clear_line(run);
    fputs("cut ", stderr);
    tool_print_safe(stderr, where);
    fputs(": ", stderr);
    tool_print_safe(stderr, what);
    fputc('\n', stderr);
}

void tool_run_attach(tool_run *run, nsearch_writer_options *options)
{
    options->progress = show_progress;
    options->skipped = note_skipped;
    options->cut = note_cut;
    options->user = run;
}

static int only_cancel(const nsearch_progress *progress, void *user)
{
    (void)progress;
    (void)user;
    return cancelled;
}

void tool_run_mute(tool_run *run, nsearch_writer_options *options)
{
    options->progress = only_cancel;
    options->skipped = NULL;
    options->cut = note_cut;
    options->user = run;
}

static int by_count(const void *a, const void *b)
{
    const tool_reason *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->text, y->text);
}

void tool_run_end(tool_run *run)
{
    clear_line(run);
    if (run->reason_count)
        qsort(run->reasons, run->reason_count, sizeof *run->reasons, by_count);
    if (!run->quiet && !run->verbose && run->skipped > SKIPPED_NAMED)
        fprintf(stderr, "skipped %" PRIu64 " more; --verbose names them all\n", run->skipped - SKIPPED_NAMED);
}

double tool_run_seconds(const tool_run *run)
{
    return tool_clock() - run->begin;
}

uint64_t tool_run_peak_memory(void)
{
    struct rusage own, reader; /* which has ended by then; what both share is counted twice */
    if (getrusage(RUSAGE_SELF, &own) || getrusage(RUSAGE_CHILDREN, &reader))
        return 0;
    return (uint64_t)(own.ru_maxrss + reader.ru_maxrss) * 1024;
}

void tool_run_print(const tool_run *run, const nsearch_progress *progress)
{
    char a[TOOL_NUMBER], b[TOOL_NUMBER];
    double seconds = tool_run_seconds(run);
    printf("%s passage%s, %s of text; ", tool_number(progress->passages, a), TOOL_S(progress->passages),
           tool_bytes(progress->bytes_text, b));
    printf("%.1f s, %.1f MB/s, %s of memory at the peak\n", seconds,
           seconds > 0 ? (double)progress->bytes_text / 1e6 / seconds : 0,
           tool_bytes(tool_run_peak_memory(), a));
    if (progress->passed)
        printf("%s unchanged file%s not read again\n", tool_number(progress->passed, a), TOOL_S(progress->passed));
    if (progress->completed)
        printf("%s feed entr%s left to %s page%s\n", tool_number(progress->completed, a),
               progress->completed == 1 ? "y" : "ies", progress->completed == 1 ? "its" : "their",
               TOOL_S(progress->completed));
    if (progress->cut)
        printf("%s too long to be searched to the end\n", tool_number(progress->cut, a));
    if (!progress->skipped)
        return;
    printf("%s skipped:\n", tool_number(progress->skipped, a));
    for (size_t i = 0; i < run->reason_count; i++) {
        printf("  %7s  ", tool_number(run->reasons[i].count, a));
        tool_print_safe(stdout, run->reasons[i].text);
        putchar('\n');
    }
}

void tool_run_set_json(const tool_run *run, const nsearch_progress *progress, json_t *answer)
{
    double seconds = tool_run_seconds(run);
    tool_json_set_count(answer, "read", progress->read);
    tool_json_set_count(answer, "added", progress->added);
    tool_json_set_count(answer, "updated", progress->updated);
    tool_json_set_count(answer, "unchanged", progress->unchanged);
    tool_json_set_count(answer, "files_not_reread", progress->passed);
    tool_json_set_count(answer, "entries_completed", progress->completed);
    tool_json_set_count(answer, "removed", progress->removed);
    tool_json_set_count(answer, "skipped", progress->skipped);
    tool_json_set_count(answer, "cut", progress->cut);
    json_t *reasons = json_array();
    for (size_t i = 0; i < run->reason_count; i++) {
        json_t *reason = json_object();
        tool_json_set_text(reason, "reason", run->reasons[i].text);
        tool_json_set_count(reason, "count", run->reasons[i].count);
        json_array_append_new(reasons, reason);
    }
    json_object_set_new(answer, "skipped_reasons", reasons);
    tool_json_set_count(answer, "passages_written", progress->passages);
    tool_json_set_count(answer, "bytes_read", progress->bytes_read);
    tool_json_set_count(answer, "bytes_text_written", progress->bytes_text);
    json_object_set_new(answer, "seconds", json_real(seconds));
    json_object_set_new(answer, "mb_per_second",
                        json_real(seconds > 0 ? (double)progress->bytes_text / 1e6 / seconds : 0));
    tool_json_set_count(answer, "peak_memory", tool_run_peak_memory());
}

void tool_run_release(tool_run *run)
{
    for (size_t i = 0; i < run->reason_count; i++)
        free(run->reasons[i].text);
}
