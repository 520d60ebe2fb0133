/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_snapshot.c - opens the files that a manifest names and lends handles on them to threads.
 */
#include "index/xapian/xapian_snapshot.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index/xapian/xapian_files.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"

/* Each thread has a number, so that threads spread evenly over the handles. */
static unsigned thread_number(void)
{
    static atomic_uint next;
    static _Thread_local unsigned number;
    if (!number)
        number = atomic_fetch_add(&next, 1) + 1;
    return number;
}

static nsearch_status open_reader(ns_xapian_snapshot *s, ns_xapian_reader **reader, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    int *fds = calloc(s->database_count, sizeof *fds);
    if (!fds)
        return ns_error_memory(err);
    pthread_mutex_lock(&s->opening); /* copies of a descriptor share its offset, where opening starts to read */
    size_t n = 0;
    for (; n < s->database_count; n++) {
        fds[n] = fcntl(s->fds[n], F_DUPFD_CLOEXEC, 0);
        if (fds[n] < 0 || lseek(fds[n], 0, SEEK_SET) < 0) {
            status = ns_error_system(err, "cannot open database again");
            n += fds[n] >= 0;
            break;
        }
    }
    if (status)
        while (n)
            close(fds[--n]);
    else
        status = ns_xapian_reader_open(fds, s->firsts, s->database_count, reader, err);
    pthread_mutex_unlock(&s->opening);
    free(fds);
    return status;
}

nsearch_status ns_xapian_lease(ns_xapian_snapshot *s, ns_xapian_handle **handle, nsearch_error *err)
{
    ns_xapian_handle *h = &s->handles[thread_number() % NS_XAPIAN_HANDLES];
    pthread_mutex_lock(&h->lock);
    if (!h->reader) {
        nsearch_status status = open_reader(s, &h->reader, err);
        if (status) {
            pthread_mutex_unlock(&h->lock);
            return status;
        }
    }
    *handle = h;
    return NSEARCH_OK;
}

void ns_xapian_unlease(ns_xapian_handle *handle)
{
    pthread_mutex_unlock(&handle->lock);
}

/* ---- opening */

static nsearch_status take_file(ns_xapian_snapshot *s, int dirfd, const ns_manifest_file *f, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    if (!strcmp(f->role, "database")) {
        int fd = fs->openat(dirfd, f->name, O_RDONLY, 0);
        if (fd < 0)
            return ns_error_system(err, "cannot open '%s'", f->name);
        s->fds[s->database_count] = fd;
        s->firsts[s->database_count++] = (uint32_t)f->numbers[0];
        uint32_t end = s->database_count > 1 ? s->stats.docid_end : 0;
        if (fs->size(fd) != (int64_t)f->size)
            return ns_error_set(err, NSEARCH_DAMAGED, "bad size of '%s'", f->name);
        if (f->numbers[0] < end || f->numbers[1] <= f->numbers[0] || f->numbers[1] > UINT32_MAX / 32)
            return ns_error_set(err, NSEARCH_DAMAGED, "bad docids of '%s'", f->name);
        s->stats.docid_end = (uint32_t)f->numbers[1];
        s->stats.terms += f->numbers[2];
        s->stats.postings += f->numbers[3];
        s->stats.segments++;
        return NSEARCH_OK;
    }
    ns_buffer bytes = NS_BUFFER_INIT;
    nsearch_status status = NSEARCH_OK;
    if (!strcmp(f->role, "removed")) {
        ns_xapian_live_release(&s->live);
        status = ns_xapian_file_read(dirfd, f, &bytes, err);
        if (!status)
            status = ns_xapian_live_decode(bytes.data, bytes.size, &s->live, err);
        s->stats.articles = f->numbers[0];
        s->stats.passages = f->numbers[1];
        s->stats.total_length = f->numbers[2];
        s->stats.bytes_text = f->numbers[3];
    } else if (!strcmp(f->role, "names"))
        status = ns_xapian_file_read(dirfd, f, &s->names, err);
    else
        status = ns_error_set(err, NSEARCH_DAMAGED, "unknown role of '%s'", f->name);
    ns_buffer_release(&bytes);
    return status;
}

static uint64_t fingerprint_of(const ns_manifest *m)
{
    uint64_t h = 0;
    for (size_t i = 0; i < m->file_count; i++) {
        uint8_t record[12];
        ns_put_u64(record, m->files[i].size);
        ns_put_u32(record + 8, m->files[i].sum);
        h = ns_hash64(record, sizeof record, h);
    }
    return h;
}

static void release_files(ns_xapian_snapshot *s)
{
    for (size_t i = 0; i < s->database_count; i++)
        ns_fs_current->close(s->fds[i]);
    free(s->fds);
    free(s->firsts);
    s->fds = NULL;
    s->firsts = NULL;
    s->database_count = 0;
    ns_manifest_release(&s->manifest);
    ns_xapian_live_release(&s->live);
    ns_buffer_release(&s->names);
    memset(&s->stats, 0, sizeof s->stats);
}

/* Opens what the manifest names now. *retry: a file of it is gone, so a newer manifest may be there. */
static nsearch_status take_files(ns_xapian_snapshot *s, int dirfd, bool *retry, nsearch_error *err)
{
    *retry = false;
    nsearch_status status = ns_manifest_read(dirfd, &s->manifest, err);
    if (status)
        return status;
    const ns_manifest *m = &s->manifest;
    if (strcmp(m->engine, "xapian") != 0)
        return ns_error_set(err, NSEARCH_INVALID, "index is of engine '%s'", m->engine);
    s->fds = calloc(m->file_count + 1, sizeof *s->fds);
    s->firsts = calloc(m->file_count + 1, sizeof *s->firsts);
    if (!s->fds || !s->firsts)
        return ns_error_memory(err);
    s->stats.generation = m->generation;
    for (size_t i = 0; !status && i < m->file_count; i++) {
        status = take_file(s, dirfd, &m->files[i], err);
        s->stats.bytes_index += m->files[i].size;
        *retry = status == NSEARCH_NOT_FOUND;
    }
    s->stats.fingerprint = fingerprint_of(m);
    if (!status && s->live.end < s->stats.docid_end)
        status = ns_error_set(err, NSEARCH_DAMAGED, "file of live passages is too short");
    s->stats.docid_end = s->live.end;
    return status;
}

nsearch_status ns_xapian_snapshot_open(const char *dir, ns_xapian_snapshot **out, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    ns_xapian_snapshot *s = calloc(1, sizeof *s);
    if (!s)
        return ns_error_memory(err);
    s->base.backend = &ns_xapian_backend;
    s->count_postings_max = NS_XAPIAN_COUNT_POSTINGS_MAX;
    pthread_mutex_init(&s->opening, NULL);
    pthread_mutex_init(&s->naming, NULL);
    ns_map_init(&s->named);
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    for (size_t i = 0; i < NS_XAPIAN_HANDLES; i++)
        pthread_mutex_init(&s->handles[i].lock, &recursive);
    pthread_mutexattr_destroy(&recursive);

    int dirfd = fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    nsearch_status status = NSEARCH_OK;
    if (dirfd < 0) {
        status = ns_error_system(err, "cannot open index '%s'", dir);
        goto out;
    }
    /* A writer removes files that two manifests no longer name: read again while it moves on. */
    uint64_t tried = UINT64_MAX;
    bool retry = true;
    while (retry) {
        nsearch_error attempt = NSEARCH_ERROR_INIT;
        release_files(s);
        status = take_files(s, dirfd, &retry, &attempt);
        if (retry && s->manifest.generation == tried) {
            retry = false;
            status = NSEARCH_DAMAGED;
        }
        tried = s->manifest.generation;
        if (status && !retry)
            ns_error_set(err, status, "%s", attempt.text);
    }
    fs->close(dirfd);
    if (!status && s->database_count) {
        ns_xapian_handle *handle;
        status = ns_xapian_lease(s, &handle, err);
        if (!status) {
            status = ns_xapian_totals(handle->reader, &s->documents, &s->total_length, err);
            ns_xapian_unlease(handle);
        }
    }
    if (!status && s->documents < s->stats.passages)
        status = ns_error_set(err, NSEARCH_DAMAGED, "passages are missing from index '%s'", dir);
out:
    if (status)
        ns_xapian_snapshot_close(s);
    else
        *out = s;
    return status;
}

void ns_xapian_snapshot_close(ns_xapian_snapshot *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < NS_XAPIAN_HANDLES; i++) {
        ns_xapian_reader_close(s->handles[i].reader);
        pthread_mutex_destroy(&s->handles[i].lock);
    }
    pthread_mutex_destroy(&s->opening);
    pthread_mutex_destroy(&s->naming);
    ns_map_release(&s->named);
    release_files(s);
    free(s);
}

/* ---- articles */

nsearch_status ns_xapian_snapshot_record(ns_xapian_snapshot *s, uint32_t article, ns_buffer *bytes,
                                         ns_xapian_record *record, nsearch_error *err)
{
    ns_xapian_handle *handle;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    ns_buffer_clear(bytes);
    status = ns_xapian_get(handle->reader, article, NS_XAPIAN_SLOT_RECORD, bytes, err);
    ns_xapian_unlease(handle);
    return status ? status : ns_xapian_record_decode(bytes->data, bytes->size, article, record, err);
}

nsearch_status ns_xapian_snapshot_find(ns_xapian_snapshot *s, const char *id, ns_xapian_record *record,
                                       nsearch_error *err)
{
    if (!s->database_count)
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%.200s'", id);
    char key[NS_XAPIAN_ID_KEY];
    ns_xapian_id_key(id, key);
    size_t length = strlen(id);
    ns_buffer bytes = NS_BUFFER_INIT;
    ns_xapian_list *list = NULL;
    ns_xapian_handle *handle;
    uint32_t docid = NS_DOCID_END, df;
    bool found = false;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    status = ns_xapian_list_open(handle->reader, key, sizeof key, &list, &docid, &df, err);
    while (!status && list && docid != NS_DOCID_END && !found) {
        if (!ns_xapian_live_is_gone(&s->live, docid)) {
            status = ns_xapian_snapshot_record(s, docid, &bytes, record, err);
            found = !status && record->id_length == length && !memcmp(record->id, id, length);
        }
        if (!status && !found)
            status = ns_xapian_list_next(list, &docid, err);
    }
    ns_xapian_list_close(list);
    ns_xapian_unlease(handle);
    ns_buffer_release(&bytes);
    record->id = NULL; /* was borrowed */
    if (!status && !found)
        status = ns_error_set(err, NSEARCH_NOT_FOUND, "no article '%.200s'", id);
    return status;
}
