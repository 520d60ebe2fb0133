/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * writer_files.c - reads files and folders into a writer, and passes over files that did not change. The outcome is the
 * same as if all were read: where several files hold articles with the same id, the one read last gives it.
 */
#include "src/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/text/stored.h"

static const char *text_of(const ns_buffer *b)
{
    return b->data ? (const char *)b->data : "";
}

/* ---- the record */

static bool committed_state(nsearch_writer *w, ns_snapshot_stats *stats)
{
    ns_snapshot *s = w->backend->store_snapshot(w->store);
    return s && !s->backend->stats(s, stats, NULL);
}

void ns_writer_load_files(nsearch_writer *w)
{
    ns_snapshot_stats stats;
    if (!committed_state(w, &stats))
        return;
    bool loaded = ns_known_files_load(&w->files, w->path, stats.generation, stats.fingerprint);
    w->blind = !loaded && stats.articles;
}

void ns_writer_save_files(nsearch_writer *w)
{
    ns_snapshot_stats stats;
    if (committed_state(w, &stats))
        ns_known_files_save(&w->files, w->path, stats.generation, stats.fingerprint);
}

void ns_writer_file_loses(nsearch_writer *w, uint32_t file)
{
    if (file == NS_NO_FILE)
        return;
    ns_known_file *f = &w->files.list[file];
    f->articles -= f->articles > 0;
    w->files.changed = true;
}

nsearch_status ns_writer_file_of(nsearch_writer *w, const ns_article_columns *columns, ns_arena *arena,
                                 uint32_t *file, const char **origin, nsearch_error *err)
{
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_snapshot *s = w->backend->store_snapshot(w->store);
    nsearch_status status = s->backend->fetch(s, columns->article, arena, &bytes, &n, err);
    if (!status)
        status = ns_stored_decode(bytes, n, arena, &stored, err);
    if (status)
        return status;
    *file = ns_known_files_find(&w->files, stored.article.origin);
    if (origin)
        *origin = stored.article.origin;
    return NSEARCH_OK;
}

bool ns_writer_was_passed(const nsearch_writer *w, uint32_t file)
{
    return file != NS_NO_FILE && (w->files.list[file].flags & (NS_FILE_PASSED | NS_FILE_READ)) == NS_FILE_PASSED;
}

/* ---- two files with the same id */

/* As a walk goes: a folder's names in byte order. */
static bool is_behind(const char *path, const char *other)
{
    while (*path && *path == *other)
        path++, other++;
    int a = *path == '/' ? 1 : (uint8_t)*path + (*path != 0), b = *other == '/' ? 1 : (uint8_t)*other + (*other != 0);
    return a > b;
}

static bool is_below(const char *path, const ns_buffer *root)
{
    size_t n = strlen(text_of(root));
    return !strcmp(text_of(root), "/") || (!strncmp(path, text_of(root), n) && path[n] == '/');
}

/* A file that this run has not met will be passed over further on. */
static bool will_be_passed(const nsearch_writer *w, const ns_known_file *f, const char *path)
{
    struct stat st;
    return !w->options.reread && is_below(path, &w->root) && is_behind(path, text_of(&w->file_path)) &&
           !lstat(path, &st) && S_ISREG(st.st_mode) && ns_file_stamp(&st, w->reading) == f->stamp;
}

nsearch_status ns_writer_contest(nsearch_writer *w, const ns_article_columns *columns, uint32_t *file, bool *stands,
                                 nsearch_error *err)
{
    ns_arena arena = NS_ARENA_INIT;
    const char *origin = "";
    *stands = false;
    nsearch_status status = ns_writer_file_of(w, columns, &arena, file, &origin, err);
    if (!status && *file != NS_NO_FILE) {
        ns_known_file *f = &w->files.list[*file];
        ns_known_file *here = w->file == NS_NO_FILE ? NULL : &w->files.list[w->file];
        if (f == here) {
            f->found++;
        } else if (!(f->flags & NS_FILE_READ)) { /* else it holds the article no more */
            *stands = here && f->stamp && (f->visit ? f->visit > here->visit : will_be_passed(w, f, origin));
            if (*stands && (f->flags & NS_FILE_LEFTOVERS)) {
                *stands = false; /* whether it holds the article still is to be seen: it is read in its turn */
                f->stamp = 0;
            }
            if (!*stands)
                ns_writer_file_loses(w, *file);
            (*stands ? here : f)->flags |= NS_FILE_SHADOWED;
        }
    }
    ns_arena_release(&arena);
    return status;
}

/* ---- one file after another */

static void finish_file(nsearch_writer *w, bool whole)
{
    if (w->file == NS_NO_FILE)
        return;
    ns_known_file *f = &w->files.list[w->file];
    f->stamp = whole ? w->stamp : 0;
    if (f->found < f->before)
        f->flags |= NS_FILE_LEFTOVERS;
    if (!whole && f->articles < f->before)
        f->articles = f->before;
    w->file = NS_NO_FILE;
}

static void begin_file(nsearch_writer *w, uint32_t file, const struct stat *st, uint64_t stamp)
{
    ns_known_file *f = &w->files.list[file];
    struct timespec now;
    w->files.changed = true;
    if (w->sweeping && (f->flags & NS_FILE_READ)) { /* for what was left out */
        w->file = file;
        w->stamp = f->stamp;
        return;
    }
    if (f->flags & NS_FILE_READ) { /* a second time in one run: what it gave is known, whether it changed is not */
        f->stamp = 0;
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    w->stamp = ns_file_is_settled(st, &now) ? stamp : 0;
    w->file = file;
    f->before = f->articles;
    f->found = f->articles = f->skipped = 0;
    f->flags = (uint8_t)((f->flags & NS_FILE_LEFTOVERS) | NS_FILE_READ | (w->blind ? NS_FILE_LEFTOVERS : 0));
}

static void pass_file(nsearch_writer *w, ns_known_file *f, const char *path)
{
    char reason[80];
    if (f->flags & (NS_FILE_PASSED | NS_FILE_READ))
        return; /* counted */
    f->flags |= NS_FILE_PASSED;
    w->progress.passed++;
    w->progress.unchanged += f->articles;
    if (!f->skipped)
        return;
    snprintf(reason, sizeof reason, "%u unusable when it was last read, and it did not change", f->skipped);
    ns_writer_tell_skipped(w, path, reason);
}

/* What is missing is about to be removed, and the file may have something for its place. */
static bool is_to_be_swept(const ns_known_file *f)
{
    return (f->flags & NS_FILE_WAITS) ||
           ((f->flags & NS_FILE_PASSED) && (f->flags & (NS_FILE_LEFTOVERS | NS_FILE_SHADOWED)));
}

static bool watch_pass(void *user, const char *path, const struct stat *st)
{
    nsearch_writer *w = user;
    finish_file(w, false); /* it could not be opened */
    ns_buffer_clear(&w->file_path);
    ns_buffer_add_string(&w->file_path, path);
    ns_buffer_add_byte(&w->file_path, 0);
    uint32_t file = ns_known_files_put(&w->files, path);
    if (file == NS_NO_FILE || w->file_path.failed)
        return w->sweeping; /* no memory for it: it is only read */
    ns_known_file *f = &w->files.list[file];
    uint64_t stamp = ns_file_stamp(st, w->reading);
    if (w->sweeping) {
        if (!is_to_be_swept(f))
            return true;
        if (f->flags & NS_FILE_PASSED) {
            w->progress.passed--;
            w->progress.unchanged -= f->articles;
        }
    } else if (f->stamp == stamp && !w->options.reread) {
        f->visit = f->visit ? f->visit : ++w->visits;
        pass_file(w, f, path);
        return true;
    }
    f->visit = f->visit ? f->visit : ++w->visits;
    begin_file(w, file, st, stamp);
    return false;
}

static void watch_done(void *user, bool whole)
{
    finish_file(user, whole);
}

/* Something below this path could not be used: what the index has of it is kept. */
static void note_trouble(nsearch_writer *w, const char *origin)
{
    uint32_t file = ns_known_files_find(&w->files, origin);
    if (*origin)
        ns_map_put(&w->trouble, origin, strlen(origin), NULL);
    if (file == NS_NO_FILE)
        file = w->file;
    if (file == NS_NO_FILE)
        return;
    w->files.list[file].skipped++;
    w->files.list[file].flags |= NS_FILE_TROUBLE;
}

static nsearch_status read_all(nsearch_writer *w, ns_reader *reader, nsearch_error *err)
{
    uint64_t bytes = 0;
    for (;;) {
        ns_ingest_job *job;
        nsearch_error why = NSEARCH_ERROR_INIT;
        nsearch_status status = ns_ingest_take(w->ingest, &job, err);
        if (status)
            return status;
        ns_read got = ns_reader_next(reader, job->arena, &job->article, &why);
        w->progress.bytes_read += ns_reader_bytes(reader) - bytes;
        bytes = ns_reader_bytes(reader);
        switch (got) {
        case NS_READ_ARTICLE:
            job->where = ns_arena_string(job->arena, ns_reader_where(reader));
            status = job->where && ns_site_lines_apply(&w->files.lines, job->arena, &job->article)
                         ? ns_writer_submit(w, job, err)
                         : ns_error_memory(err);
            break;
        case NS_READ_END:
            return NSEARCH_OK;
        case NS_READ_SKIPPED:
        case NS_READ_FAILED:
            note_trouble(w, ns_reader_origin(reader));
            ns_writer_tell_skipped(w, ns_reader_where(reader), why.text);
            if (why.status == NSEARCH_NO_MEMORY || why.status == NSEARCH_UNCONFINED)
                status = ns_error_set(err, why.status, "%s", why.text);
            else
                status = ns_writer_tell(w, err);
            if (got == NS_READ_FAILED && !status)
                return NSEARCH_OK; /* the rest of this input is lost; the run goes on */
            break;
        }
        if (status)
            return status;
    }
}

/* How files are read: by which readers, with which fields, and to which ids. */
static uint64_t way_of_reading(const nsearch_writer *w, const ns_reader *reader)
{
    const char *fields = w->options.fields ? w->options.fields : "";
    uint64_t way = ns_hash64(NS_VERSION, strlen(NS_VERSION), NS_READERS_VERSION);
    return ns_mix64(ns_hash64(fields, strlen(fields), way) + (uint64_t)ns_reader_id_offset(reader));
}

/* Reads all that the reader gives, and closes it. absolute: the path it was opened on, "" for standard input. */
static nsearch_status read_from(nsearch_writer *w, ns_reader *reader, const char *absolute, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (w->options.reader && !w->confined)
        status = ns_confined_new(w->options.reader, &w->confined, err);
    ns_reader_confine(reader, w->confined);
    if (!status && w->options.fields)
        status = ns_reader_set_fields(reader, w->options.fields, err);
    if (!status) {
        ns_buffer_clear(&w->root);
        ns_buffer_add_string(&w->root, absolute);
        ns_buffer_add_byte(&w->root, 0);
        if (w->root.failed)
            status = ns_error_memory(err);
    }
    if (!status) {
        const ns_reader_watch watch = {watch_pass, watch_done, w};
        w->reading = way_of_reading(w, reader);
        if (*absolute)
            ns_reader_set_watch(reader, &watch);
        status = read_all(w, reader, err);
    }
    ns_reader_close(reader);
    finish_file(w, false);
    return status;
}

nsearch_status nsearch_writer_add_path(nsearch_writer *w, const char *path, nsearch_error *err)
{
    nsearch_status status = ns_writer_check(w, err);
    if (status)
        return status;
    if (!path)
        return ns_error_set(err, NSEARCH_INVALID, "no path was given");
    ns_reader *reader;
    status = ns_reader_open(path, &reader, err);
    if (status)
        return status;
    char *absolute = strcmp(path, "-") ? realpath(path, NULL) : NULL;
    if (absolute && !ns_map_put(&w->roots, absolute, strlen(absolute), NULL))
        status = ns_error_memory(err);
    if (status)
        ns_reader_close(reader);
    else
        status = read_from(w, reader, absolute ? absolute : "", err);
    free(absolute);
    return ns_writer_ended(w, status);
}

nsearch_status ns_writer_sweep(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    bool needed = false;
    for (size_t i = 0; i < w->files.count && !needed; i++)
        needed = is_to_be_swept(&w->files.list[i]);
    if (!needed)
        return NSEARCH_OK;
    w->sweeping = true;
    for (size_t i = 0; i < w->roots.count && !status; i++) {
        const char *root = w->roots.entries[i].key;
        nsearch_error why = NSEARCH_ERROR_INIT;
        ns_reader *reader;
        status = ns_reader_open(root, &reader, &why);
        if (!status)
            status = read_from(w, reader, root, err);
        else if (status == NSEARCH_NOT_FOUND)
            status = NSEARCH_OK; /* gone meanwhile: its articles will be missing */
        else
            ns_error_set(err, status, "%s", why.text);
    }
    w->sweeping = false;
    return status ? status : ns_ingest_drain(w->ingest, err);
}
