/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_writer.c - the facade of writing: reads articles, leaves out what did not change, has the rest analysed and
 * gives it to the engine in order.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/base/buffer.h"
#include "src/base/day.h"
#include "src/writer.h"

#define MEMORY_DEFAULT_MB 512
#define MEMORY_MIN_MB 32
#define NAMES_BYTES_MAX (16u << 20)

/* ---- telling */

nsearch_status ns_writer_tell(nsearch_writer *w, nsearch_error *err)
{
    struct timespec now;
    if (!w->options.progress)
        return NSEARCH_OK;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = (now.tv_sec - w->told.tv_sec) * 1000 + (now.tv_nsec - w->told.tv_nsec) / 1000000;
    if (ms < 100)
        return NSEARCH_OK;
    w->told = now;
    if (w->options.progress(&w->progress, w->options.user))
        return ns_error_set(err, NSEARCH_CANCELLED, "cancelled");
    return NSEARCH_OK;
}

void ns_writer_tell_skipped(nsearch_writer *w, const char *where, const char *reason)
{
    w->progress.skipped++;
    if (w->options.skipped)
        w->options.skipped(where, reason, w->options.user);
}

/* An article that is in the index, but not to its end. */
static void tell_cut(nsearch_writer *w, const ns_ingest_job *job)
{
    char what[128];
    bool limited = ns_article_is_limited(&job->article);
    if (!job->cut && !limited)
        return;
    w->progress.cut++;
    if (!w->options.cut)
        return;
    if (job->cut)
        snprintf(what, sizeof what, "too long: its first %u bytes of text are searched, of %u that are kept",
                 job->searched, job->text_bytes);
    else
        snprintf(what, sizeof what, "too long: its first %u bytes of text were read, and are searched", job->text_bytes);
    w->options.cut(job->where, what, w->options.user);
}

/* ---- the engine's end */

static nsearch_status note_stored(const ns_ingest_job *job, void *user, nsearch_error *err)
{
    nsearch_writer *w = user;
    if (job->elsewhere)
        return ns_writer_tell(w, err);
    if (job->status == NSEARCH_SKIPPED) {
        ns_writer_tell_skipped(w, job->where, job->err.text);
        ns_writer_file_loses(w, job->file);
        if (job->file != NS_NO_FILE)
            w->files.list[job->file].skipped++;
        return NSEARCH_OK;
    }
    if (job->replaces)
        w->progress.updated++;
    else
        w->progress.added++;
    w->progress.passages += job->passage_count;
    w->progress.bytes_text += job->text_bytes;
    tell_cut(w, job);
    return ns_writer_tell(w, err);
}

/* ---- what is there already */

/* Long ids are told apart by their first bytes, cut as in the index: between characters. */
static size_t key_length(const char *id)
{
    size_t n = strnlen(id, NS_TERM_MAX);
    if (n == NS_TERM_MAX)
        for (n--; n > 0 && ((unsigned char)id[n] & 0xc0) == 0x80;)
            n--;
    return n;
}

nsearch_status ns_writer_find(ns_snapshot *s, const char *id, bool *found, ns_article_columns *columns,
                              nsearch_error *err)
{
    char key[NS_TERM_MAX];
    size_t n = key_length(id);
    nsearch_status status = NSEARCH_OK;
    *found = false;
    if (!s)
        return NSEARCH_OK;
    key[0] = NS_TERM_ID;
    memcpy(key + 1, id, n);
    ns_arena arena = NS_ARENA_INIT;
    for (size_t p = 0; p < s->backend->part_count(s) && !*found && !status; p++) {
        ns_cursor *c;
        status = s->backend->cursor(s, p, key, n + 1, &arena, &c, err);
        if (status || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END && !*found && !status; d = ns_cursor_next(c)) {
            nsearch_error why = NSEARCH_ERROR_INIT; /* one that was removed is no error */
            nsearch_status got = s->backend->columns(s, d, columns, &why);
            *found = got == NSEARCH_OK;
            if (got && got != NSEARCH_NOT_FOUND)
                status = ns_error_set(err, got, "%s", why.text);
        }
        if (!status && !*found && c->damaged)
            status = ns_error_set(err, NSEARCH_DAMAGED, "the list of article '%s' is damaged", id);
        c->ops->close(c);
    }
    ns_arena_release(&arena);
    return status;
}

ns_sighting *ns_writer_sighting(const nsearch_writer *w, const char *id)
{
    const uint64_t *place = ns_map_find(&w->seen, id, key_length(id));
    return place ? &w->sightings[*place] : NULL;
}

ns_sighting *ns_writer_sight(nsearch_writer *w, const char *id, bool *is_new)
{
    size_t n = key_length(id);
    if (w->seen.count == w->sighting_capacity) {
        size_t capacity = w->sighting_capacity ? w->sighting_capacity * 2 : 256;
        ns_sighting *sightings = realloc(w->sightings, capacity * sizeof *sightings);
        if (!sightings)
            return NULL;
        w->sightings = sightings;
        w->sighting_capacity = capacity;
    }
    size_t next = w->seen.count;
    uint64_t *place = ns_map_put(&w->seen, id, n, is_new);
    if (!place)
        return NULL;
    if (*is_new) {
        *place = next;
        w->sightings[next] = (ns_sighting){0, NS_NO_FILE, false};
    }
    return &w->sightings[*place];
}

/* A file further on gave the id before: this one is read late, and comes first all the same. */
static bool is_late(const nsearch_writer *w, uint32_t other)
{
    return w->file != NS_NO_FILE && other != NS_NO_FILE &&
           w->files.list[other].visit > w->files.list[w->file].visit;
}

/* An article that this run met before, as 'before' says. True: it stays as it is. */
static bool stays(nsearch_writer *w, const ns_ingest_job *job, const ns_sighting *before)
{
    if (before->hash == job->hash)
        return true;
    if (is_late(w, before->file)) {
        w->files.list[w->file].flags |= NS_FILE_SHADOWED;
        return true;
    }
    if (before->file != w->file && before->file != NS_NO_FILE) {
        ns_writer_file_loses(w, before->file);
        w->files.list[before->file].flags |= NS_FILE_SHADOWED;
    }
    return false;
}

/* An article that the index holds. *same: it did not change, or another's stays. */
static nsearch_status compare(nsearch_writer *w, const ns_ingest_job *job, const ns_article_columns *old,
                              ns_sighting *sighting, bool *same, nsearch_error *err)
{
    uint32_t file = w->file;
    *same = old->hash == job->hash;
    if (*same) {
        if (file != NS_NO_FILE)
            w->files.list[file].found++;
        return NSEARCH_OK;
    }
    nsearch_status status = ns_writer_contest(w, old, &file, same, err);
    if (!status && *same)
        *sighting = (ns_sighting){old->hash, file, true};
    return status;
}

nsearch_status ns_writer_submit(nsearch_writer *w, ns_ingest_job *job, nsearch_error *err)
{
    const ns_article *a = &job->article;
    ns_article_columns old;
    bool is_new, same = false, outdone = false, elsewhere = false;
    nsearch_status status = ns_writer_elsewhere(w, a, &elsewhere, err);
    if (status || elsewhere)
        return status ? status : ns_writer_submit_elsewhere(w, job, err);
    status = ns_writer_complete(w, a, &outdone, err);
    if (status || outdone) {
        w->progress.read += outdone;
        return status;
    }
    ns_sighting *sighting = ns_writer_sight(w, a->id, &is_new);
    if (!sighting)
        return ns_error_memory(err);
    w->progress.read++;
    job->hash = ns_article_hash(a);
    job->file = w->file;
    const ns_sighting before = *sighting;
    bool first = is_new || before.file != w->file; /* that its file gave in this run */
    if (!is_new) {
        same = stays(w, job, &before);
        job->replaces = true;
        job->replaced = before.hash;
        if (before.unread && !first) {
            first = true;
            w->files.list[w->file].found++;
            sighting->unread = false;
        }
    }
    if (!same)
        *sighting = (ns_sighting){job->hash, w->file, false};
    bool committed = false;
    if (is_new && !w->finds_disabled)
        status = ns_writer_find(w->backend->store_snapshot(w->store), a->id, &committed, &old, err);
    if (status)
        return status;
    if (committed) {
        status = compare(w, job, &old, sighting, &same, err);
        if (status)
            return status;
        job->replaces = true;
        job->replaced = old.hash;
    }
    if (w->file != NS_NO_FILE && sighting->file == w->file && first)
        w->files.list[w->file].articles++;
    if (same) {
        w->progress.unchanged++;
        return ns_writer_tell(w, err);
    }
    status = ns_writer_load_groups(w, err);
    if (!status && !job->replaces)
        status = ns_writer_find_elsewhere(w, a->id, &job->replaced, err);
    return status ? status : ns_ingest_put(w->ingest, err);
}

/* ---- opening */

static nsearch_status read_names(const char *path, ns_buffer *out, nsearch_error *err)
{
    uint8_t block[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ns_error_system(err, "cannot open gazetteer '%s'", path);
    nsearch_status status = NSEARCH_OK;
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = ns_error_system(err, "cannot read gazetteer '%s'", path);
        if (n <= 0)
            break;
        ns_buffer_add(out, block, (size_t)n);
        if (out->size > NAMES_BYTES_MAX) {
            status = ns_error_set(err, NSEARCH_INVALID, "gazetteer '%s' is larger than %u bytes", path,
                                  NAMES_BYTES_MAX);
            break;
        }
    }
    close(fd);
    if (!status && out->failed)
        status = ns_error_memory(err);
    return status;
}

/* The analyser with the names given now, else with those that the index, or the one it is built from, was built
 * with. */
static nsearch_status open_analyser(nsearch_writer *w, const ns_writer_names *before, nsearch_error *err)
{
    ns_buffer given = NS_BUFFER_INIT;
    const char *names = NULL;
    size_t n = 0;
    nsearch_status status = NSEARCH_OK;
    ns_snapshot *snapshot = before ? NULL : w->backend->store_snapshot(w->store);
    if (snapshot)
        status = snapshot->backend->names(snapshot, &names, &n, err);
    if (before)
        names = before->text, n = before->n;
    if (!status && before && n && !w->options.gazetteer)
        status = w->backend->store_names(w->store, names, n, err);
    if (!status && w->options.gazetteer) {
        status = read_names(w->options.gazetteer, &given, err);
        bool same = !before && given.size == n && (!n || !memcmp(given.data, names, n));
        names = (const char *)given.data;
        n = given.size;
        if (!status && !same)
            status = w->backend->store_names(w->store, names, n, err);
    }
    if (!status)
        status = ns_analyser_new(names, n, &w->analyser, err);
    ns_buffer_release(&given);
    return status;
}

static nsearch_status check_writer_options(nsearch_writer_options *o, nsearch_error *err)
{
    if (o->version != NSEARCH_WRITER_OPTIONS_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "writer options have version %d, not %d", o->version,
                            NSEARCH_WRITER_OPTIONS_VERSION);
    if (o->threads < 0 || o->threads > 256)
        return ns_error_set(err, NSEARCH_INVALID, "threads must be 1 to 256, or 0 for one a core");
    if (o->memory_mb && o->memory_mb < MEMORY_MIN_MB)
        return ns_error_set(err, NSEARCH_INVALID, "the memory budget must be at least %d MB", MEMORY_MIN_MB);
    if (!o->threads) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        o->threads = cores < 1 ? 1 : cores > 256 ? 256 : (int)cores;
    }
    if (!o->memory_mb)
        o->memory_mb = MEMORY_DEFAULT_MB;
    return NSEARCH_OK;
}

/* The engine asked for, which must be the one that an existing index has. */
static nsearch_status choose_engine(const char *path, const char *engine, const ns_backend **backend,
                                    nsearch_error *err)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_backend_of(path, backend, &why);
    if (status == NSEARCH_NOT_FOUND) {
        *backend = engine ? ns_backend_named(engine) : ns_backend_of_damaged(path); /* a database may be there all the same */
        return *backend ? NSEARCH_OK
                        : ns_error_set(err, NSEARCH_UNSUPPORTED, "no engine '%s' in this build", engine);
    }
    if (status)
        return ns_error_set(err, status, "%s", why.text);
    if (engine && strcmp(engine, (*backend)->name) != 0)
        return ns_error_set(err, NSEARCH_INVALID, "index '%s' has engine '%s', not '%s': index into another place",
                            path, (*backend)->name, engine);
    return NSEARCH_OK;
}

static nsearch_status open_store(nsearch_writer *w, const ns_store_options *store, nsearch_error *err)
{
    if (!w->cluster.shard_count) {
        nsearch_status status = choose_engine(w->path, w->options.engine, &w->backend, err);
        return status ? status : w->backend->store_open(w->path, store, &w->store, err);
    }
#ifdef NS_WITH_XAPIAN
    nsearch_status status =
        ns_shard_store_open(&w->cluster.shards[w->shard].writer, store, w->cluster.timeout_ms, &w->store, err);
    if (!status)
        w->backend = w->store->backend;
    return status;
#else
    return ns_error_set(err, NSEARCH_UNSUPPORTED, "'%s' lists shards: they are Xapian's, and this build is without it",
                        w->path);
#endif
}

nsearch_status ns_writer_make(const char *path, ns_cluster *cluster, size_t shard,
                              const nsearch_writer_options *options, const ns_writer_names *names,
                              nsearch_writer **writer, nsearch_error *err)
{
    static const nsearch_writer_options defaults = NSEARCH_WRITER_OPTIONS_INIT;
    ns_error_clear(err);
    if (!path || !*path || !writer)
        return ns_error_set(err, NSEARCH_INVALID, "no path or no place for the writer was given");
    nsearch_writer *w = calloc(1, sizeof *w);
    if (!w)
        return ns_error_memory(err);
    w->options = options ? *options : defaults;
    ns_arena_init(&w->cluster.arena);
    if (cluster) {
        w->cluster = *cluster;
        memset(cluster, 0, sizeof *cluster);
        w->shard = shard;
    }
    ns_map_init(&w->seen);
    ns_map_init(&w->roots);
    ns_map_init(&w->trouble);
    ns_map_init(&w->pages);
    ns_map_init(&w->entries);
    ns_map_init(&w->outdone);
    ns_map_init(&w->elsewhere);
    ns_arena_init(&w->entry_arena);
    ns_known_files_init(&w->files);
    w->file = NS_NO_FILE;
    nsearch_status status = check_writer_options(&w->options, err);
    if (!status && !(w->path = strdup(path)))
        status = ns_error_memory(err);
    if (!status) {
        /* what is left of the budget for readers, workspaces and the program itself: the same for any number of threads,
         * as the segments are to be */
        size_t groups = w->options.memory_mb / 8, apart = 56 + groups;
        size_t engine = w->options.memory_mb > 2 * apart ? w->options.memory_mb - apart : w->options.memory_mb / 2;
        ns_store_options store = {.memory_mb = engine, .threads = w->options.threads};
        status = open_store(w, &store, err);
        if (!status && !(w->grouping = ns_grouping_new(groups << 20)))
            status = ns_error_memory(err);
    }
    if (!status)
        ns_writer_load_files(w);
    if (!status)
        status = open_analyser(w, names, err);
    if (!status)
        status = ns_ingest_new(w->analyser, w->backend, w->store, w->grouping, w->options.threads, note_stored, w,
                               &w->ingest, err);
    if (status)
        nsearch_writer_close(w);
    else
        *writer = w;
    return status;
}

nsearch_status ns_writer_open(const char *path, const nsearch_writer_options *options, const ns_writer_names *names,
                              nsearch_writer **writer, nsearch_error *err)
{
    return ns_writer_make(path, NULL, 0, options, names, writer, err);
}

nsearch_status nsearch_writer_open(const char *path, const nsearch_writer_options *options,
                                   nsearch_writer **writer, nsearch_error *err)
{
    if (path && ns_cluster_is_file(path))
        return ns_error_set(err, NSEARCH_INVALID, "'%s' is a list of shards: each has a writer of its own", path);
    return ns_writer_open(path, options, NULL, writer, err);
}

int nsearch_read_confined(int argc, char **argv)
{
    return ns_confined_serve(argc, argv);
}

void nsearch_writer_close(nsearch_writer *w)
{
    if (!w)
        return;
    ns_ingest_free(w->ingest);
    ns_confined_free(w->confined);
    ns_grouping_free(w->grouping);
    ns_analyser_free(w->analyser);
    ns_writer_close_others(w);
    if (w->store)
        w->backend->store_close(w->store);
    ns_map_release(&w->seen);
    ns_map_release(&w->roots);
    ns_map_release(&w->trouble);
    ns_known_files_release(&w->files);
    ns_map_release(&w->pages);
    ns_map_release(&w->entries);
    ns_map_release(&w->outdone);
    ns_map_release(&w->elsewhere);
    ns_arena_release(&w->entry_arena);
    ns_buffer_release(&w->file_path);
    ns_buffer_release(&w->root);
    ns_cluster_release(&w->cluster);
    free(w->sightings);
    free(w->path);
    free(w);
}

nsearch_status ns_writer_check(nsearch_writer *w, nsearch_error *err)
{
    ns_error_clear(err);
    if (!w)
        return ns_error_set(err, NSEARCH_INVALID, "no writer was given");
    if (w->failed)
        return ns_error_set(err, NSEARCH_INVALID, "this writer failed before: close it");
    return NSEARCH_OK;
}

nsearch_status ns_writer_ended(nsearch_writer *w, nsearch_status status)
{
    if (status && status != NSEARCH_SKIPPED && status != NSEARCH_NOT_FOUND && status != NSEARCH_INVALID)
        w->failed = true;
    return status;
}

/* ---- adding */

static const char *field(ns_arena *arena, const char *s, bool *failed)
{
    const char *copy = s ? ns_arena_string(arena, s) : "";
    *failed |= !copy;
    return copy;
}

static nsearch_status take_fields(ns_arena *arena, const nsearch_article *given, ns_article *a, nsearch_error *err)
{
    bool failed = false;
    int32_t first, last;
    ns_article_init(a);
    a->id = field(arena, given->id, &failed);
    a->title = field(arena, given->title, &failed);
    a->source = field(arena, given->source, &failed);
    a->byline = field(arena, given->byline, &failed);
    a->url = field(arena, given->url, &failed);
    a->date = field(arena, given->date, &failed);
    if (failed)
        return ns_error_memory(err);
    if (!ns_day_parse_iso(a->date, &first, &last))
        a->date = ""; /* unknown is better than wrong */
    else
        a->date_source = "field", a->date_certainty = "sure";
    return given->text ? ns_article_set_body(arena, given->text, strlen(given->text), a, err) : NSEARCH_OK;
}

nsearch_status nsearch_writer_add(nsearch_writer *w, const nsearch_article *given, nsearch_error *err)
{
    ns_ingest_job *job;
    nsearch_status status = ns_writer_check(w, err);
    if (status)
        return status;
    if (!given || given->version != NSEARCH_ARTICLE_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "no article or one of another version was given");
    if (!given->id || !*given->id)
        return ns_error_set(err, NSEARCH_SKIPPED, "the article has no id");
    status = ns_ingest_take(w->ingest, &job, err);
    if (status)
        return ns_writer_ended(w, status);
    ns_article *a = &job->article;
    status = take_fields(job->arena, given, a, err);
    if (status)
        return ns_writer_ended(w, status);
    if (!a->paragraph_count && !*a->title)
        return ns_error_set(err, NSEARCH_SKIPPED, "article '%s' has neither title nor text", a->id);
    job->where = a->id;
    w->progress.bytes_read += given->text ? strlen(given->text) : 0;
    return ns_writer_ended(w, ns_writer_submit(w, job, err));
}

/* ---- ending */

/* What is under way is stored, then the engine's 'store'. */
static nsearch_status end_with(nsearch_writer *w, nsearch_status (*store)(ns_store *store, nsearch_error *err),
                               nsearch_error *err)
{
    nsearch_status status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = ns_writer_take_out_entries(w, err);
    if (!status)
        status = store(w->store, err);
    if (status)
        w->failed = true;
    else
        ns_writer_save_files(w);
    return status;
}

nsearch_status nsearch_writer_commit(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = ns_writer_check(w, err);
    return status ? status : end_with(w, w->backend->store_commit, err);
}

nsearch_status nsearch_writer_merge(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = ns_writer_check(w, err);
    return status ? status : end_with(w, w->backend->store_merge, err);
}

void nsearch_writer_progress(const nsearch_writer *w, nsearch_progress *progress)
{
    *progress = w->progress;
}

