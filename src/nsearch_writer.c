/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch_writer.c - the facade of writing: reads articles, leaves out what did not change, has the rest analysed and
 * gives it to the engine in order.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "corpus/reader.h"
#include "index/backend.h"
#include "src/base/buffer.h"
#include "src/base/day.h"
#include "src/base/map.h"
#include "src/engine_move.h"
#include "src/ingest.h"
#include "src/text/stored.h"

#define MEMORY_DEFAULT_MB 512
#define MEMORY_MIN_MB 32
#define NAMES_BYTES_MAX (16u << 20)

struct nsearch_writer {
    nsearch_writer_options options;
    const ns_backend *backend;
    ns_store *store;
    ns_analyser *analyser;
    ns_ingest *ingest;
    ns_map seen;    /* ids of this run -> hash */
    ns_map roots;   /* absolute paths that were added */
    ns_map trouble; /* absolute paths that could not be read: their articles are kept */
    nsearch_progress progress;
    struct timespec told;
    bool failed, finds_disabled;
};

/* ---- telling */

static nsearch_status tell(nsearch_writer *w, nsearch_error *err)
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

static void tell_skipped(nsearch_writer *w, const char *where, const nsearch_error *reason)
{
    w->progress.skipped++;
    if (w->options.skipped)
        w->options.skipped(where, reason->text, w->options.user);
}

/* ---- the engine's end */

static nsearch_status note_stored(const ns_ingest_job *job, void *user, nsearch_error *err)
{
    nsearch_writer *w = user;
    if (job->status == NSEARCH_SKIPPED) {
        tell_skipped(w, job->where, &job->err);
        return NSEARCH_OK;
    }
    if (job->replaces)
        w->progress.updated++;
    else
        w->progress.added++;
    w->progress.passages += job->passage_count;
    w->progress.bytes_text += job->text_bytes;
    return tell(w, err);
}

/* ---- what is there already */

/* Columns of the committed article with this id; false when there is none. */
static bool find_article(ns_snapshot *s, const char *id, ns_article_columns *columns)
{
    char key[NS_TERM_MAX];
    size_t n = strlen(id);
    bool found = false;
    if (!s)
        return false;
    if (n > NS_TERM_MAX - 1)
        n = NS_TERM_MAX - 1;
    key[0] = NS_TERM_ID;
    memcpy(key + 1, id, n);
    ns_arena arena = NS_ARENA_INIT;
    for (size_t p = 0; p < s->backend->part_count(s) && !found; p++) {
        ns_cursor *c;
        if (s->backend->cursor(s, p, key, n + 1, &arena, &c, NULL) || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END && !found; d = ns_cursor_next(c))
            found = s->backend->columns(s, d, columns, NULL) == NSEARCH_OK;
        c->ops->close(c);
    }
    ns_arena_release(&arena);
    return found;
}

/* The taken job's article goes to the workers, unless the index has it already. */
static nsearch_status submit(nsearch_writer *w, ns_ingest_job *job, nsearch_error *err)
{
    const ns_article *a = &job->article;
    ns_article_columns old;
    bool is_new;
    size_t n = strlen(a->id) < NS_TERM_MAX - 1 ? strlen(a->id) : NS_TERM_MAX - 1;
    uint64_t *seen = ns_map_put(&w->seen, a->id, n, &is_new);
    if (!seen)
        return ns_error_memory(err);
    uint64_t before = *seen;
    w->progress.read++;
    job->hash = ns_article_hash(a);
    *seen = job->hash;
    if (!is_new) {
        if (before == job->hash) {
            w->progress.unchanged++;
            return NSEARCH_OK;
        }
        job->replaces = true;
    } else if (!w->finds_disabled && find_article(w->backend->store_snapshot(w->store), a->id, &old)) {
        if (old.hash == job->hash) {
            w->progress.unchanged++;
            return tell(w, err);
        }
        job->replaces = true;
    }
    return ns_ingest_put(w->ingest, err);
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
static nsearch_status open_analyser(nsearch_writer *w, ns_snapshot *origin, nsearch_error *err)
{
    ns_buffer given = NS_BUFFER_INIT;
    const char *names = NULL;
    size_t n = 0;
    nsearch_status status = NSEARCH_OK;
    ns_snapshot *snapshot = origin ? origin : w->backend->store_snapshot(w->store);
    if (snapshot)
        status = snapshot->backend->names(snapshot, &names, &n, err);
    if (!status && origin && n && !w->options.gazetteer)
        status = w->backend->store_names(w->store, names, n, err);
    if (!status && w->options.gazetteer) {
        status = read_names(w->options.gazetteer, &given, err);
        bool same = !origin && given.size == n && (!n || !memcmp(given.data, names, n));
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
        *backend = ns_backend_named(engine ? engine : "native");
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

/* 'origin': the index whose articles are to be added anew, or NULL. */
static nsearch_status open_writer(const char *path, const nsearch_writer_options *options, ns_snapshot *origin,
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
    ns_map_init(&w->seen);
    ns_map_init(&w->roots);
    ns_map_init(&w->trouble);
    nsearch_status status = check_writer_options(&w->options, err);
    if (!status)
        status = choose_engine(path, w->options.engine, &w->backend, err);
    if (!status) {
        /* what is left of the budget for readers, workspaces and the program itself */
        size_t apart = 40 + (size_t)w->options.threads * 4;
        size_t engine = w->options.memory_mb > 2 * apart ? w->options.memory_mb - apart : w->options.memory_mb / 2;
        ns_store_options store = {.memory_mb = engine, .threads = w->options.threads};
        status = w->backend->store_open(path, &store, &w->store, err);
    }
    if (!status)
        status = open_analyser(w, origin, err);
    if (!status)
        status = ns_ingest_new(w->analyser, w->backend, w->store, w->options.threads, note_stored, w, &w->ingest, err);
    if (status)
        nsearch_writer_close(w);
    else
        *writer = w;
    return status;
}

nsearch_status nsearch_writer_open(const char *path, const nsearch_writer_options *options,
                                   nsearch_writer **writer, nsearch_error *err)
{
    return open_writer(path, options, NULL, writer, err);
}

void nsearch_writer_close(nsearch_writer *w)
{
    if (!w)
        return;
    ns_ingest_free(w->ingest);
    ns_analyser_free(w->analyser);
    if (w->store)
        w->backend->store_close(w->store);
    ns_map_release(&w->seen);
    ns_map_release(&w->roots);
    ns_map_release(&w->trouble);
    free(w);
}

/* A writer that failed half-way through its input must not commit half of it. */
static nsearch_status usable(nsearch_writer *w, nsearch_error *err)
{
    ns_error_clear(err);
    if (!w)
        return ns_error_set(err, NSEARCH_INVALID, "no writer was given");
    if (w->failed)
        return ns_error_set(err, NSEARCH_INVALID, "this writer failed before: close it");
    return NSEARCH_OK;
}

static nsearch_status ended(nsearch_writer *w, nsearch_status status)
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
    nsearch_status status = usable(w, err);
    if (status)
        return status;
    if (!given || given->version != NSEARCH_ARTICLE_VERSION)
        return ns_error_set(err, NSEARCH_INVALID, "no article or one of another version was given");
    if (!given->id || !*given->id)
        return ns_error_set(err, NSEARCH_SKIPPED, "the article has no id");
    status = ns_ingest_take(w->ingest, &job, err);
    if (status)
        return ended(w, status);
    ns_article *a = &job->article;
    status = take_fields(job->arena, given, a, err);
    if (status)
        return ended(w, status);
    if (!a->paragraph_count && !*a->title)
        return ns_error_set(err, NSEARCH_SKIPPED, "article '%s' has neither title nor text", a->id);
    job->where = a->id;
    w->progress.bytes_read += given->text ? strlen(given->text) : 0;
    return ended(w, submit(w, job, err));
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
            status = job->where ? submit(w, job, err) : ns_error_memory(err);
            break;
        case NS_READ_END:
            return NSEARCH_OK;
        case NS_READ_SKIPPED:
        case NS_READ_FAILED:
            if (*ns_reader_origin(reader))
                ns_map_put(&w->trouble, ns_reader_origin(reader), strlen(ns_reader_origin(reader)), NULL);
            tell_skipped(w, ns_reader_where(reader), &why);
            status = why.status == NSEARCH_NO_MEMORY ? ns_error_memory(err) : tell(w, err);
            if (got == NS_READ_FAILED && !status)
                return NSEARCH_OK; /* the rest of this input is lost; the run goes on */
            break;
        }
        if (status)
            return status;
    }
}

nsearch_status nsearch_writer_add_path(nsearch_writer *w, const char *path, nsearch_error *err)
{
    ns_reader *reader;
    nsearch_status status = usable(w, err);
    if (status)
        return status;
    if (!path)
        return ns_error_set(err, NSEARCH_INVALID, "no path was given");
    status = ns_reader_open(path, &reader, err);
    if (status)
        return status;
    if (w->options.fields && (status = ns_reader_set_fields(reader, w->options.fields, err))) {
        ns_reader_close(reader);
        return status;
    }
    char *absolute = strcmp(path, "-") ? realpath(path, NULL) : NULL;
    if (absolute && !ns_map_put(&w->roots, absolute, strlen(absolute), NULL))
        status = ns_error_memory(err);
    free(absolute);
    if (!status)
        status = read_all(w, reader, err);
    ns_reader_close(reader);
    return ended(w, status);
}

/* ---- removing */

nsearch_status nsearch_writer_remove(nsearch_writer *w, const char *id, nsearch_error *err)
{
    nsearch_status status = usable(w, err);
    if (!status && !id)
        status = ns_error_set(err, NSEARCH_INVALID, "no id was given");
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = w->backend->store_remove(w->store, id, err);
    if (!status) {
        uint64_t *seen = ns_map_find(&w->seen, id, strlen(id));
        if (seen)
            *seen = 0; /* added again, it is not unchanged */
        w->progress.removed++;
    }
    return ended(w, status);
}

typedef struct missing {
    nsearch_writer *w;
    ns_snapshot *snapshot;
    ns_arena arena;
    ns_map ids;
    nsearch_status status;
    nsearch_error *err;
} missing;

static bool is_under_a_root(const nsearch_writer *w, const char *origin)
{
    size_t n = strlen(origin);
    if (ns_map_find(&w->roots, origin, n))
        return true;
    for (size_t i = n; i-- > 1;)
        if (origin[i] == '/' && ns_map_find(&w->roots, origin, i))
            return true;
    return n && origin[0] == '/' && ns_map_find(&w->roots, "/", 1);
}

static bool note_missing(const ns_article_columns *columns, void *user)
{
    missing *m = user;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_arena_reset(&m->arena);
    m->status = m->snapshot->backend->fetch(m->snapshot, columns->article, &m->arena, &bytes, &n, m->err);
    if (!m->status)
        m->status = ns_stored_decode(bytes, n, &m->arena, &stored, m->err);
    if (m->status)
        return false;
    const ns_article *a = &stored.article;
    if (is_under_a_root(m->w, a->origin) && !ns_map_find(&m->w->seen, a->id, strlen(a->id)) &&
        !ns_map_find(&m->w->trouble, a->origin, strlen(a->origin)) &&
        !ns_map_put(&m->ids, a->id, strlen(a->id), NULL))
        m->status = ns_error_memory(m->err);
    return !m->status;
}

nsearch_status nsearch_writer_remove_missing(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = usable(w, err);
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (status)
        return status;
    ns_snapshot *snapshot = w->backend->store_snapshot(w->store);
    if (!snapshot)
        return NSEARCH_OK;
    missing m = {.w = w, .snapshot = snapshot, .err = err};
    ns_map_init(&m.ids);
    status = snapshot->backend->articles(snapshot, note_missing, &m, err);
    if (!status)
        status = m.status;
    for (size_t i = 0; i < m.ids.count && !status; i++) {
        status = w->backend->store_remove(w->store, m.ids.entries[i].key, err);
        w->progress.removed += !status;
    }
    ns_map_release(&m.ids);
    ns_arena_release(&m.arena);
    return ended(w, status);
}

/* ---- ending */

nsearch_status nsearch_writer_commit(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = usable(w, err);
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = w->backend->store_commit(w->store, err);
    if (status && w)
        w->failed = true;
    return status;
}

nsearch_status nsearch_writer_merge(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = usable(w, err);
    if (!status)
        status = ns_ingest_drain(w->ingest, err);
    if (!status)
        status = w->backend->store_merge(w->store, err);
    if (status && w)
        w->failed = true;
    return status;
}

void nsearch_writer_progress(const nsearch_writer *w, nsearch_progress *progress)
{
    *progress = w->progress;
}

/* ---- rebuilding: the articles come from the index itself */

typedef struct rebuild {
    nsearch_writer *w;
    ns_snapshot *old;
    nsearch_status status;
    nsearch_error *err;
} rebuild;

static bool rebuild_article(const ns_article_columns *columns, void *user)
{
    rebuild *r = user;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    ns_ingest_job *job;
    r->status = ns_ingest_take(r->w->ingest, &job, r->err);
    if (!r->status)
        r->status = r->old->backend->fetch(r->old, columns->article, job->arena, &bytes, &n, r->err);
    if (!r->status)
        r->status = ns_stored_decode(bytes, n, job->arena, &stored, r->err);
    if (!r->status) {
        job->article = stored.article;
        job->where = stored.article.id;
        r->w->progress.bytes_read += n;
        r->status = submit(r->w, job, r->err);
    }
    return !r->status;
}

/* Adds all articles of 'old' to the writer, commits and verifies. */
static nsearch_status rebuild_from(nsearch_writer *w, ns_snapshot *old, nsearch_error *err)
{
    rebuild r = {.w = w, .old = old, .err = err};
    nsearch_status status = NSEARCH_OK;
    w->finds_disabled = true; /* all of them are to be analysed anew */
    if (old)
        status = old->backend->articles(old, rebuild_article, &r, err);
    if (!status)
        status = r.status;
    if (!status && old && old->backend->intact)
        status = old->backend->intact(old, err);
    if (!status)
        status = nsearch_writer_commit(w, err);
    ns_snapshot *rebuilt = status ? NULL : w->backend->store_snapshot(w->store);
    if (rebuilt)
        status = rebuilt->backend->verify(rebuilt, err);
    return status;
}

/* The new index is built in a folder inside the old one, whose lock is held meanwhile. */
static nsearch_status rebuild_with_engine(const char *path, const ns_backend *backend,
                                          const nsearch_writer_options *options, nsearch_error *err)
{
    ns_store *store = NULL;
    ns_engine_move *move = NULL;
    nsearch_writer *w = NULL;
    ns_store_options little = {.memory_mb = MEMORY_MIN_MB, .threads = 1}; /* it is only read */
    if (!ns_backend_named(options->engine))
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "no engine '%s' in this build", options->engine);
    nsearch_status status = backend->store_open(path, &little, &store, err);
    if (status)
        return status;
    ns_snapshot *old = backend->store_snapshot(store);
    status = ns_engine_move_begin(path, options->engine, &move, err);
    if (!status)
        status = open_writer(ns_engine_move_path(move), options, old, &w, err);
    if (!status)
        status = rebuild_from(w, old, err);
    nsearch_writer_close(w);
    if (!status)
        status = ns_engine_move_finish(move, err);
    backend->store_close(store);
    ns_engine_move_free(move);
    return status;
}

nsearch_status nsearch_rebuild(const char *path, const nsearch_writer_options *options, nsearch_error *err)
{
    nsearch_writer *w = NULL;
    const ns_backend *backend;
    ns_error_clear(err);
    if (!path)
        return ns_error_set(err, NSEARCH_INVALID, "no path was given");
    nsearch_status status = ns_backend_of(path, &backend, err); /* there must be one */
    if (status)
        return status;
    if (options && options->version == NSEARCH_WRITER_OPTIONS_VERSION && options->engine &&
        strcmp(options->engine, backend->name) != 0)
        return rebuild_with_engine(path, backend, options, err);
    status = nsearch_writer_open(path, options, &w, err);
    if (status)
        return status;
    ns_snapshot *old = w->backend->store_snapshot(w->store);
    status = w->backend->store_restart(w->store, err);
    if (!status)
        status = rebuild_from(w, old, err);
    nsearch_writer_close(w);
    return status;
}
