/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_merge.c - makes database files: of a work database, and of several files. Xapian's compaction keeps
 * docids and every document; removed ones are dropped in a work database in between, where there are any.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "index/xapian/xapian_files.h"
#include "index/xapian/xapian_store.h"
#include "src/base/fs.h"

typedef struct tally {
    uint64_t terms, postings;
} tally;

static bool count_term(const char *key, size_t n, uint64_t df, void *user)
{
    tally *t = user;
    if (ns_xapian_is_term(key, n)) {
        t->terms++;
        t->postings += df;
    }
    return true;
}

/* Opens a database file that no manifest names yet. */
static nsearch_status open_file(const ns_xapian_store *s, const char *name, ns_xapian_reader **reader,
                                nsearch_error *err)
{
    uint32_t first = 0;
    int fd = ns_fs_current->openat(s->dirfd, name, O_RDONLY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", name);
    return ns_xapian_reader_open(&fd, &first, 1, reader, err);
}

static nsearch_status documents_in(const ns_xapian_store *s, const char *name, uint64_t *documents,
                                   nsearch_error *err)
{
    ns_xapian_reader *reader;
    uint64_t length;
    nsearch_status status = open_file(s, name, &reader, err);
    if (status)
        return status;
    status = ns_xapian_totals(reader, documents, &length, err);
    ns_xapian_reader_close(reader);
    return status;
}

/* Syncs and sums a finished file, opens it again, and counts what it holds. */
static nsearch_status adopt(ns_xapian_store *s, const char *name, uint32_t first, uint32_t end,
                            ns_manifest_file *file, nsearch_error *err)
{
    ns_xapian_reader *reader;
    tally t = {0, 0};
    uint64_t documents, length;
    nsearch_status status = ns_xapian_file_adopt(s->dirfd, name, "database", file, err);
    if (!status)
        status = open_file(s, name, &reader, err);
    if (status)
        return status;
    status = ns_xapian_totals(reader, &documents, &length, err);
    if (!status && documents != ns_xapian_live_count(&s->live, first, end))
        status = ns_error_set(err, NSEARCH_DAMAGED, "passages are missing from new database '%s'", name);
    if (!status)
        status = ns_xapian_walk(reader, "", 0, count_term, &t, err);
    ns_xapian_reader_close(reader);
    file->numbers[0] = first;
    file->numbers[1] = end;
    file->numbers[2] = t.terms;
    file->numbers[3] = t.postings;
    return status;
}

nsearch_status ns_xapian_database_finish(ns_xapian_store *s, const char *from, uint32_t first, uint32_t end,
                                         ns_manifest_file *file, nsearch_error *err)
{
    char name[32], source[4096], target[4096];
    ns_xapian_store_name(s, "db", name);
    if (!ns_xapian_store_path(s, from, source, sizeof source) || !ns_xapian_store_path(s, name, target, sizeof target))
        return ns_error_set(err, NSEARCH_INVALID, "path of index too long '%.200s'", s->dir);
    const char *const paths[1] = {source};
    nsearch_status status = ns_xapian_compact(paths, 1, target, true, err);
    return status ? status : adopt(s, name, first, end, file, err);
}

/* A work database of several files, without what is gone. */
static nsearch_status rewrite(ns_xapian_store *s, const char *const *paths, size_t count, uint32_t first,
                              uint32_t end, char name[32], nsearch_error *err)
{
    char path[4096];
    ns_xapian_store_name(s, "work", name);
    if (!ns_xapian_store_path(s, name, path, sizeof path))
        return ns_error_set(err, NSEARCH_INVALID, "path of index too long '%.200s'", s->dir);
    ns_xapian_work *work = NULL;
    nsearch_status status = ns_xapian_compact(paths, count, path, false, err);
    if (!status)
        status = ns_xapian_work_open(path, &work, err);
    for (uint32_t d = ns_xapian_live_next_gone(&s->live, first); !status && d < end;
         d = ns_xapian_live_next_gone(&s->live, d + 1)) {
        nsearch_error missing = NSEARCH_ERROR_INIT; /* dropped by an earlier merge */
        nsearch_status removed = ns_xapian_work_remove(work, d, &missing);
        if (removed && removed != NSEARCH_NOT_FOUND)
            status = ns_error_set(err, removed, "%s", missing.text);
    }
    if (!status)
        status = ns_xapian_work_flush(work, err);
    ns_xapian_work_close(work);
    return status;
}

nsearch_status ns_xapian_databases_merge(ns_xapian_store *s, const ns_manifest_file *files, size_t count,
                                         ns_manifest_file *file, bool *any, nsearch_error *err)
{
    char (*paths)[4096] = calloc(count, sizeof *paths);
    const char **names = calloc(count, sizeof *names);
    uint32_t first = (uint32_t)files[0].numbers[0], end = (uint32_t)files[count - 1].numbers[1];
    uint32_t live = ns_xapian_live_count(&s->live, first, end);
    uint64_t documents = 0;
    nsearch_status status = paths && names ? NSEARCH_OK : ns_error_memory(err);
    for (size_t i = 0; !status && i < count; i++) {
        uint64_t n = 0;
        names[i] = paths[i];
        if (!ns_xapian_store_path(s, files[i].name, paths[i], sizeof paths[i]))
            status = ns_error_set(err, NSEARCH_INVALID, "path of index too long '%.200s'", s->dir);
        else
            status = documents_in(s, files[i].name, &n, err);
        documents += n;
    }
    if (status)
        goto out;
    *any = live > 0;
    if (live && documents == live) {
        char name[32], target[4096];
        ns_xapian_store_name(s, "db", name);
        if (!ns_xapian_store_path(s, name, target, sizeof target))
            status = ns_error_set(err, NSEARCH_INVALID, "path of index too long '%.200s'", s->dir);
        if (!status)
            status = ns_xapian_compact(names, count, target, true, err);
        if (!status)
            status = adopt(s, name, first, end, file, err);
    } else if (live) {
        char work[32];
        status = rewrite(s, names, count, first, end, work, err);
        if (!status)
            status = ns_xapian_database_finish(s, work, first, end, file, err);
    }
out:
    free(paths);
    free(names);
    return status;
}
