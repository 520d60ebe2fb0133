/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_snapshot.c - opens databases, all at the same time, and lends handles on them to threads.
 */
#include "index/xapian/xapian_snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/bytes.h"
#include "src/base/fs.h"

#define OPENINGS_MAX 200 /* of a database whose writer commits while it is opened */

/* ---- leasing */

/* Each thread has a number, so that threads spread evenly over the handles. */
static unsigned thread_number(void)
{
    static atomic_uint next;
    static _Thread_local unsigned number;
    if (!number)
        number = atomic_fetch_add(&next, 1) + 1;
    return number;
}

static nsearch_status read_header(ns_xapian_db *db, ns_xapian_header *header, nsearch_error *err)
{
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_status status = ns_xapian_metadata(db, NS_XAPIAN_KEY_HEADER, &bytes, err);
    if (!status)
        status = ns_xapian_header_decode(bytes.data, bytes.size, header, err);
    ns_buffer_release(&bytes);
    return status;
}

static void close_handle(ns_xapian_handle *h, size_t parts)
{
    ns_xapian_unjoin(h->joined);
    for (size_t i = 0; h->dbs && i < parts; i++)
        ns_xapian_close(h->dbs[i]);
    free(h->dbs);
    h->dbs = NULL;
    h->joined = NULL;
}

/* Another handle must stand on the same state as the first. */
static nsearch_status open_handle(ns_xapian_snapshot *s, ns_xapian_handle *h, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    h->dbs = calloc(s->part_count + 1, sizeof(ns_xapian_db *));
    if (!h->dbs)
        return ns_error_memory(err);
    for (size_t i = 0; i < s->part_count && !status; i++) {
        ns_xapian_header header;
        status = ns_xapian_open(s->parts[i].shard, s->timeout_ms, false, &h->dbs[i], err);
        if (!status)
            status = read_header(h->dbs[i], &header, err);
        if (!status && header.generation != s->parts[i].header.generation)
            status = ns_error_set(err, NSEARCH_CHANGED, "a writer has changed '%s'", s->parts[i].shard->name);
    }
    if (!status)
        status = ns_xapian_join_all(h->dbs, s->part_count, &h->joined, err);
    if (status)
        close_handle(h, s->part_count);
    return status;
}

bool ns_xapian_is_lost(ns_xapian_snapshot *s, nsearch_error *err)
{
    if (!s->remote)
        return false;
    pthread_mutex_lock(&s->lock);
    nsearch_error fault = s->fault;
    pthread_mutex_unlock(&s->lock);
    if (fault.status == NSEARCH_UNREACHABLE)
        ns_error_set(err, fault.status, "%s", fault.text);
    return fault.status == NSEARCH_UNREACHABLE;
}

nsearch_status ns_xapian_lease(ns_xapian_snapshot *s, ns_xapian_handle **handle, nsearch_error *err)
{
    if (ns_xapian_is_lost(s, err))
        return NSEARCH_UNREACHABLE;
    ns_xapian_handle *h = &s->handles[thread_number() % NS_XAPIAN_HANDLES];
    pthread_mutex_lock(&h->lock);
    nsearch_status status = h->joined ? NSEARCH_OK : open_handle(s, h, err);
    if (status)
        pthread_mutex_unlock(&h->lock);
    else
        *handle = h;
    return status;
}

/* Whether the state that a reader stands on is no longer the newest of a database. */
static bool has_moved(const ns_xapian_snapshot *s)
{
    bool moved = false;
    for (size_t i = 0; i < s->part_count && !moved; i++) {
        ns_xapian_db *db = NULL;
        ns_xapian_header header;
        if (!ns_xapian_open(s->parts[i].shard, s->timeout_ms, false, &db, NULL))
            moved = !read_header(db, &header, NULL) && header.generation != s->parts[i].header.generation;
        ns_xapian_close(db);
    }
    return moved;
}

nsearch_status ns_xapian_fault(ns_xapian_snapshot *s, nsearch_status status, nsearch_error *err)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    if (!status || status == NSEARCH_NO_MEMORY)
        return status;
    if (err)
        why = *err;
    /* Glass knows most blocks that a writer has used again by their revision; from others it reads what is not so. */
    if (status != NSEARCH_UNREACHABLE && status != NSEARCH_CHANGED && has_moved(s)) {
        ns_error_clear(&why);
        ns_error_clear(err);
        status = ns_error_set(err, NSEARCH_CHANGED, "a writer has changed what was being read");
    }
    if (!why.status)
        ns_error_set(&why, status, "%s", nsearch_status_name(status));
    pthread_mutex_lock(&s->lock);
    if (!s->fault.status)
        s->fault = why;
    pthread_mutex_unlock(&s->lock);
    return status;
}

nsearch_status ns_xapian_unlease(ns_xapian_snapshot *s, ns_xapian_handle *handle, nsearch_status status,
                                 nsearch_error *err)
{
    pthread_mutex_unlock(&handle->lock);
    return ns_xapian_fault(s, status, err);
}

/* Each commit of glass renames a new file over the old one. 0: not a directory's. */
static uint64_t version_of(const ns_shard *shard)
{
    struct stat st;
    char path[4200];
    if (shard->kind != NS_SHARD_DIRECTORY)
        return 0;
    snprintf(path, sizeof path, "%s/iamglass", shard->where);
    if (stat(path, &st))
        return 1;
    const uint64_t marks[] = {(uint64_t)st.st_ino, (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec};
    return ns_hash64(marks, sizeof marks, 2) | 2;
}

nsearch_status ns_xapian_snapshot_intact(ns_snapshot *snapshot, nsearch_error *err)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    for (size_t i = 0; i < s->part_count; i++)
        if (version_of(s->parts[i].shard) != s->parts[i].version)
            return ns_error_set(err, NSEARCH_CHANGED, "a writer has changed '%s'", s->parts[i].shard->name);
    pthread_mutex_lock(&s->lock);
    nsearch_error fault = s->fault;
    pthread_mutex_unlock(&s->lock);
    return fault.status ? ns_error_set(err, fault.status, "%s", fault.text) : NSEARCH_OK;
}

/* ---- opening one database */

typedef struct opening {
    pthread_t thread;
    const ns_shard *shard;
    unsigned timeout_ms;
    ns_xapian_db *db;
    ns_xapian_part part;
    ns_buffer names;
    nsearch_status status;
    nsearch_error err;
} opening;

static nsearch_status read_all(opening *o, nsearch_error *err)
{
    ns_xapian_part *p = &o->part;
    p->shard = o->shard;
    p->version = version_of(o->shard);
    nsearch_status status = ns_xapian_open(o->shard, o->timeout_ms, false, &o->db, err);
    if (!status)
        status = read_header(o->db, &p->header, err);
    if (!status)
        status = ns_xapian_columns_load(&p->columns, o->db, p->header.end, err);
    if (!status)
        status = ns_xapian_metadata(o->db, NS_XAPIAN_KEY_NAMES, &o->names, err);
    if (!status)
        status = ns_xapian_totals(o->db, &p->documents, &p->length, err);
    if (status)
        return status;
    if (ns_crc32c(0, o->names.data, o->names.size) != p->header.names_sum)
        return ns_error_set(err, NSEARCH_DAMAGED, "bad gazetteer of '%s'", o->shard->name);
    if (p->documents != p->header.passages || p->length != p->header.total_length || p->columns.live != p->documents)
        return ns_error_set(err, NSEARCH_DAMAGED, "passages of '%s' are not those it should have", o->shard->name);
    return NSEARCH_OK;
}

static void *open_one(void *user)
{
    opening *o = user;
    for (int tries = 0; tries < OPENINGS_MAX; tries++) {
        o->err = (nsearch_error)NSEARCH_ERROR_INIT;
        ns_xapian_columns_release(&o->part.columns);
        ns_buffer_clear(&o->names);
        o->status = read_all(o, &o->err);
        if (!o->status)
            break;
        ns_xapian_close(o->db);
        o->db = NULL;
        bool moved = version_of(o->shard) != o->part.version;
        if (o->status != NSEARCH_CHANGED && !moved) /* else what was missing may be there */
            break;
    }
    return NULL;
}

/* ---- opening all */

static bool copy_shard(const ns_shard *from, ns_shard *to)
{
    *to = *from;
    char *name = strdup(from->name ? from->name : from->where), *where = strdup(from->where);
    char *arguments = strdup(from->arguments ? from->arguments : "");
    to->name = name;
    to->where = where;
    to->arguments = arguments;
    return name && where && arguments;
}

static void free_shard(ns_shard *shard)
{
    union {
        const char *text;
        void *mine;
    } texts[] = {{shard->name}, {shard->where}, {shard->arguments}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i].mine);
}

static ns_xapian_snapshot *new_snapshot(const ns_shard *shards, size_t count, unsigned timeout_ms)
{
    ns_xapian_snapshot *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    pthread_mutexattr_t recursive;
    s->base.backend = &ns_xapian_backend;
    s->timeout_ms = timeout_ms;
    pthread_mutex_init(&s->lock, NULL);
    ns_map_init(&s->met);
    ns_map_init(&s->named);
    ns_map_init(&s->valued);
    ns_buffer_init(&s->values);
    ns_map_init(&s->lists);
    ns_map_init(&s->fetched);
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    for (size_t i = 0; i < NS_XAPIAN_HANDLES; i++)
        pthread_mutex_init(&s->handles[i].lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    unsigned first = thread_number() % NS_XAPIAN_HANDLES; /* what opening opens is for this thread */
    s->shards = calloc(count + 1, sizeof *s->shards);
    s->states = calloc(count + 1, sizeof *s->states);
    s->parts = calloc(count + 1, sizeof *s->parts);
    s->handles[first].dbs = calloc(count + 1, sizeof(ns_xapian_db *));
    bool good = s->shards && s->states && s->parts && s->handles[first].dbs;
    for (size_t i = 0; good && i < count; i++) {
        good = copy_shard(&shards[i], &s->shards[i]);
        s->remote |= shards[i].kind != NS_SHARD_DIRECTORY;
        s->shard_count = i + 1;
    }
    if (good)
        return s;
    ns_xapian_snapshot_close(&s->base);
    return NULL;
}

static void add_stats(ns_snapshot_stats *sum, const ns_snapshot_stats *more)
{
    sum->generation += more->generation;
    sum->articles += more->articles;
    sum->texts += more->texts;
    sum->passages += more->passages;
    sum->total_length += more->total_length;
    sum->terms += more->terms;
    sum->postings += more->postings;
    sum->segments += more->segments;
    sum->bytes_index += more->bytes_index;
    sum->bytes_text += more->bytes_text;
    sum->docid_end += more->docid_end;
    sum->fingerprint += more->fingerprint;
}

uint64_t ns_xapian_bytes_of(const ns_shard *shard)
{
    uint64_t sum = 0;
    DIR *folder = opendir(shard->where);
    for (struct dirent *e; folder && (e = readdir(folder)) != NULL;) {
        struct stat st;
        if (!fstatat(dirfd(folder), e->d_name, &st, 0) && S_ISREG(st.st_mode))
            sum += (uint64_t)st.st_size;
    }
    if (folder)
        closedir(folder);
    return sum;
}

static void take(ns_xapian_snapshot *s, opening *o)
{
    const ns_xapian_header *h = &o->part.header;
    ns_shard_state *state = &s->states[o->shard - s->shards];
    snprintf(state->name, sizeof state->name, "%s", o->shard->name);
    state->status = o->status;
    if (o->status) {
        snprintf(state->reason, sizeof state->reason, "%s", o->err.text);
        return;
    }
    state->stats = (ns_snapshot_stats){
        .generation = h->generation, .articles = h->articles, .texts = h->texts, .passages = h->passages,
        .total_length = h->total_length,
        .terms = h->terms, .postings = h->postings, .segments = h->passages > 0,
        .bytes_index = o->shard->kind == NS_SHARD_DIRECTORY ? ns_xapian_bytes_of(o->shard) : h->bytes,
        .bytes_text = h->bytes_text, .docid_end = h->end, .fingerprint = h->content + h->names_sum};
    o->part.base = s->stats.docid_end;
    add_stats(&s->stats, &state->stats);
    if (!s->names.size) {
        ns_buffer_release(&s->names);
        s->names = o->names;
        ns_buffer_init(&o->names);
    }
    s->handles[thread_number() % NS_XAPIAN_HANDLES].dbs[s->part_count] = o->db;
    s->parts[s->part_count++] = o->part;
    o->db = NULL;
    ns_xapian_columns_init(&o->part.columns);
}

/* Each in a thread of its own, so that several that do not answer cost one time-out. */
static nsearch_status open_all(ns_xapian_snapshot *s, nsearch_error *err)
{
    opening *openings = calloc(s->shard_count + 1, sizeof *openings);
    if (!openings)
        return ns_error_memory(err);
    for (size_t i = 0; i < s->shard_count; i++) {
        opening *o = &openings[i];
        o->shard = &s->shards[i];
        o->timeout_ms = s->timeout_ms;
        ns_xapian_columns_init(&o->part.columns);
        ns_buffer_init(&o->names);
        if (s->shard_count == 1 || pthread_create(&o->thread, NULL, open_one, o)) {
            open_one(o);
            o->thread = pthread_self();
        }
    }
    const opening *failed = NULL;
    uint64_t end = 0;
    for (size_t i = 0; i < s->shard_count; i++) {
        opening *o = &openings[i];
        if (!pthread_equal(o->thread, pthread_self()))
            pthread_join(o->thread, NULL);
        if (!o->status && (end += o->part.header.end) > UINT32_MAX / 32)
            o->status = ns_error_set(&o->err, NSEARCH_UNSUPPORTED, "more passages than one index can have");
        if (o->status && !failed)
            failed = o;
        take(s, o);
    }
    nsearch_status status = NSEARCH_OK;
    if (failed && !s->part_count)
        status = ns_error_set(err, failed->status, "%s", failed->err.text);
    for (size_t i = 0; i < s->shard_count; i++) {
        ns_xapian_close(openings[i].db);
        ns_xapian_columns_release(&openings[i].part.columns);
        ns_buffer_release(&openings[i].names);
    }
    free(openings);
    ns_xapian_handle *h = &s->handles[thread_number() % NS_XAPIAN_HANDLES];
    return status ? status : ns_xapian_join_all(h->dbs, s->part_count, &h->joined, err);
}

/* An index directory has its database in a folder; any other is taken for a database. */
static char *database_in(const char *dir)
{
    char *path = NULL;
    if (asprintf(&path, "%s/" NS_XAPIAN_FOLDER, dir) < 0)
        return NULL;
    int fd = ns_fs_current->openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd >= 0) {
        ns_fs_current->close(fd);
        return path;
    }
    free(path);
    return strdup(dir);
}

nsearch_status ns_shards_open(const ns_shard *shards, size_t count, unsigned timeout_ms, ns_snapshot **snapshot,
                              nsearch_error *err)
{
    ns_shard *places = calloc(count + 1, sizeof *places);
    char **paths = calloc(count + 1, sizeof *paths);
    nsearch_status status = places && paths ? NSEARCH_OK : ns_error_memory(err);
    for (size_t i = 0; i < count && !status; i++) {
        places[i] = shards[i];
        if (shards[i].kind != NS_SHARD_DIRECTORY)
            continue;
        places[i].where = paths[i] = database_in(shards[i].where);
        if (!paths[i])
            status = ns_error_memory(err);
    }
    ns_xapian_snapshot *s = status ? NULL : new_snapshot(places, count, timeout_ms);
    if (!status && !s)
        status = ns_error_memory(err);
    if (!status)
        status = open_all(s, err);
    for (size_t i = 0; paths && i < count; i++)
        free(paths[i]);
    free(paths);
    free(places);
    if (status)
        ns_xapian_snapshot_close(s ? &s->base : NULL);
    else
        *snapshot = &s->base;
    return status;
}

nsearch_status ns_xapian_snapshot_open(const char *dir, ns_snapshot **snapshot, nsearch_error *err)
{
    const ns_shard here = {.name = dir, .kind = NS_SHARD_DIRECTORY, .where = dir};
    return ns_shards_open(&here, 1, 0, snapshot, err);
}

size_t ns_shards_states(const ns_snapshot *snapshot, const ns_shard_state **states)
{
    union {
        const ns_snapshot *base;
        const ns_xapian_snapshot *s;
    } from = {snapshot};
    *states = snapshot->backend == &ns_xapian_backend ? from.s->states : NULL;
    return *states ? from.s->shard_count : 0;
}

void ns_xapian_snapshot_close(ns_snapshot *snapshot)
{
    ns_xapian_snapshot *s = ns_xapian_snapshot_of(snapshot);
    if (!s)
        return;
    for (size_t i = 0; i < NS_XAPIAN_HANDLES; i++) {
        close_handle(&s->handles[i], s->part_count);
        pthread_mutex_destroy(&s->handles[i].lock);
    }
    for (size_t i = 0; i < s->part_count; i++)
        ns_xapian_columns_release(&s->parts[i].columns);
    for (size_t i = 0; i < s->shard_count; i++)
        free_shard(&s->shards[i]);
    free(s->shards);
    free(s->states);
    free(s->parts);
    pthread_mutex_destroy(&s->lock);
    ns_map_release(&s->met);
    ns_map_release(&s->named);
    ns_xapian_lists_release(s);
    ns_map_release(&s->fetched);
    free(s->columns);
    ns_map_release(&s->valued);
    ns_buffer_release(&s->values);
    ns_buffer_release(&s->names);
    free(s);
}

/* ---- articles */

size_t ns_xapian_part_of(const ns_xapian_snapshot *s, uint32_t docid)
{
    size_t i = 0;
    while (i < s->part_count && docid - s->parts[i].base >= s->parts[i].columns.end)
        i++;
    return i < s->part_count ? i : SIZE_MAX;
}

nsearch_status ns_xapian_article_value(ns_xapian_snapshot *s, uint32_t docid, int slot, ns_buffer *out,
                                       nsearch_error *err)
{
    ns_xapian_handle *handle;
    size_t p = ns_xapian_part_of(s, docid);
    const ns_xapian_columns *c = p == SIZE_MAX ? NULL : &s->parts[p].columns;
    if (!c || ns_xapian_is_removed(c, docid - s->parts[p].base))
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no passage %u", docid);
    uint32_t article = ns_xapian_article_of(c, docid - s->parts[p].base);
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    status = ns_xapian_get(handle->dbs[p], article, slot, out, err);
    if (status == NSEARCH_NOT_FOUND) { /* that it is there is known */
        status = NSEARCH_DAMAGED;
        if (err)
            err->status = status;
    }
    return ns_xapian_unlease(s, handle, status, err);
}
