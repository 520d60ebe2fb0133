/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * index_cluster.c - writes all shards of a cluster at the same time, a process each. Every process reads the whole input and
 * keeps what belongs to its shard, so the same could be done by 'nsearch-index --shard' on as many machines.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/index.h"
#include "tools/tool_options.h"
#include "tools/tool_print.h"

#define MEMORY_DEFAULT_MB 512
#define MEMORY_MIN_MB 32
#define WAIT_MS 200 /* until it is looked whether the run is cancelled */

/* What a process tells when it has finished. */
typedef struct outcome {
    nsearch_error err;
    nsearch_progress progress;
} outcome;

typedef struct shard_run {
    char name[NSEARCH_SHARD_NAME];
    pid_t process;
    int from; /* its end of the pipe */
    outcome outcome;
} shard_run;

static nsearch_status remove_ids(const index_settings *set, nsearch_writer *writer, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; !status && i < set->removal_count; i++) {
        nsearch_error why = NSEARCH_ERROR_INIT;
        status = nsearch_writer_remove(writer, set->removals[i], &why);
        if (status == NSEARCH_NOT_FOUND) /* it is in one shard at most */
            status = NSEARCH_OK;
        if (status)
            *err = why;
    }
    return status;
}

static void write_shard(const index_settings *all, const char *path, const char *name, outcome *o)
{
    nsearch_writer *writer = NULL;
    index_settings set = *all;
    set.removal_count = 0;
    nsearch_status status = nsearch_writer_open_shard(path, name, &set.writer, &writer, &o->err);
    if (!status)
        status = remove_ids(all, writer, &o->err);
    if (!status)
        status = index_write(&set, writer, &o->err);
    if (writer)
        nsearch_writer_progress(writer, &o->progress);
    nsearch_writer_close(writer);
    o->err.status = status;
}

/* The child never returns. */
static bool start(const index_settings *set, const char *path, shard_run *shard, const shard_run *others, size_t count)
{
    int ends[2];
    if (pipe(ends))
        return false;
    fflush(NULL);
    shard->process = fork();
    if (shard->process == 0) {
        for (size_t i = 0; i < count; i++)
            close(others[i].from);
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody would hear of it */
        outcome o;
        memset(&o, 0, sizeof o);
        write_shard(set, path, shard->name, &o);
        fflush(NULL);
        _exit(write(ends[1], &o, sizeof o) == (ssize_t)sizeof o ? 0 : 1);
    }
    close(ends[1]);
    shard->from = ends[0];
    if (shard->process < 0)
        close(ends[0]);
    return shard->process > 0;
}

static void await(shard_run *shard)
{
    size_t got = 0;
    int code;
    bool told = false;
    while (got < sizeof shard->outcome) {
        struct pollfd p = { .fd = shard->from, .events = POLLIN };
        if (tool_run_cancelled() && !told)
            told = kill(shard->process, SIGTERM) == 0;
        if (poll(&p, 1, WAIT_MS) == 0)
            continue;
        ssize_t n = read(shard->from, (char *)&shard->outcome + got, sizeof shard->outcome - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    close(shard->from);
    while (waitpid(shard->process, &code, 0) < 0 && errno == EINTR)
        ;
    if (got == sizeof shard->outcome)
        return;
    memset(&shard->outcome, 0, sizeof shard->outcome);
    shard->outcome.err.status = NSEARCH_IO;
    snprintf(shard->outcome.err.text, sizeof shard->outcome.err.text, "its writer ended before it had finished");
}

static size_t list_shards(const index_settings *set, const char *path, shard_run **shards, nsearch_error *err)
{
    size_t count = 0;
    for (size_t i = 0;; i++) {
        shard_run *more = reallocarray(*shards, count + 1, sizeof *more);
        if (!more) {
            err->status = NSEARCH_NO_MEMORY;
            return 0;
        }
        *shards = more;
        memset(more + count, 0, sizeof *more);
        nsearch_status status = nsearch_shard_name(path, i, more[count].name, err);
        if (status == NSEARCH_NOT_FOUND && i) {
            *err = (nsearch_error)NSEARCH_ERROR_INIT;
            break;
        }
        if (status)
            return 0;
        count += !set->shard || !strcmp(set->shard, more[count].name);
    }
    return count;
}

/* Each gets its part of the threads and of the memory; the first tells of the input, which all read. */
static void run_shards(const index_settings *set, const char *path, tool_run *run, shard_run *shards, size_t count)
{
    index_settings part = *set;
    size_t memory = (set->writer.memory_mb ? set->writer.memory_mb : MEMORY_DEFAULT_MB) / count;
    long threads = set->writer.threads ? set->writer.threads : sysconf(_SC_NPROCESSORS_ONLN);
    part.writer.memory_mb = memory < MEMORY_MIN_MB ? MEMORY_MIN_MB : memory;
    part.writer.threads = threads / (long)count > 1 ? (int)(threads / (long)count) : 1;
    tool_run_attach(run, &part.writer);
    for (size_t i = 0; i < count; i++) {
        if (!start(&part, path, &shards[i], shards, i)) {
            shards[i].process = 0;
            shards[i].outcome.err.status = NSEARCH_IO;
            snprintf(shards[i].outcome.err.text, sizeof shards[i].outcome.err.text, "cannot start its writer: %s",
                     strerror(errno));
        }
        tool_run_mute(run, &part.writer);
    }
    for (size_t i = 0; i < count; i++)
        if (shards[i].process > 0)
            await(&shards[i]);
}

static int judge(const shard_run *shards, size_t count, const char *path)
{
    size_t failed = 0, locked = 0;
    for (size_t i = 0; i < count; i++) {
        const nsearch_error *err = &shards[i].outcome.err;
        failed += err->status != NSEARCH_OK;
        locked += err->status == NSEARCH_LOCKED;
        if (err->status)
            tool_error("shard '%s': %s", shards[i].name, err->text[0] ? err->text : nsearch_status_name(err->status));
    }
    if (!failed)
        return TOOL_FOUND;
    if (failed < count) {
        tool_error("%zu of %zu shards were not written: the same run again brings them up to date", failed, count);
        return TOOL_PARTIAL;
    }
    tool_error("no shard of '%s' was written", path);
    return locked == count ? TOOL_LOCKED : TOOL_ERROR;
}

int index_cluster(const index_settings *set, const char *path)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    shard_run *shards = NULL;
    for (size_t i = 0; i < set->path_count; i++)
        if (!strcmp(set->paths[i], "-"))
            return tool_usage("every shard reads the whole input, and '-' can be read once only: name a file");
    if (set->repair || set->writer.engine)
        return tool_usage("%s goes with an index in a folder, not with a list of shards",
                          set->repair ? "--repair" : "--engine");
    size_t count = list_shards(set, path, &shards, &err);
    if (!count) {
        free(shards);
        return err.status ? tool_error("%s", err.text) : tool_error("no shard '%s' in '%s'", set->shard, path);
    }
    tool_run run;
    tool_run_begin(&run, "indexing", set->quiet, set->verbose);
    run_shards(set, path, &run, shards, count);
    tool_run_end(&run);
    nsearch_progress sum = shards[0].outcome.progress; /* what was read and skipped is the same for all */
    for (size_t i = 1; i < count; i++) {
        const nsearch_progress *p = &shards[i].outcome.progress;
        sum.added += p->added;
        sum.updated += p->updated;
        sum.unchanged += p->unchanged;
        sum.removed += p->removed;
        sum.passages += p->passages;
        sum.bytes_text += p->bytes_text;
        sum.completed += p->completed;
        sum.cut += p->cut;
    }
    int code = judge(shards, count, path);
    if (code == TOOL_FOUND || code == TOOL_PARTIAL) {
        int told = index_summarise(set, &run, path, &sum, NULL);
        code = told == TOOL_ERROR ? told : code;
    }
    tool_run_release(&run);
    free(shards);
    return code;
}
