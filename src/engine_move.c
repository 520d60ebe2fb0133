/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine_move.c - puts an index built in a folder of its own in the place of the index around it. File names follow on
 * those of the old index, so both sets fit side by side, and the manifest decides in one step which of them counts.
 */
#include "src/engine_move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/manifest.h"
#include "src/base/fs.h"

#define FOLDER "rebuild" /* no engine's files are named so */
#define DEPTH_MAX 3      /* of folders removed: an index, a database in it */

struct ns_engine_move {
    int dirfd, subfd;
    char *path; /* of the folder */
    ns_manifest old;
};

typedef struct removal {
    int dirfd, depth;
} removal;

/* Removes a file, or a folder with what is in it. What resists stays: it is rubbish, and harmless. */
static void remove_all(const char *name, void *user)
{
    const removal *above = user;
    const ns_fs *fs = ns_fs_current;
    if (fs->unlinkat(above->dirfd, name, 0) == 0 || above->depth == DEPTH_MAX)
        return;
    removal inside = { fs->openat(above->dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), above->depth + 1 };
    if (inside.dirfd < 0)
        return;
    fs->list(inside.dirfd, remove_all, &inside);
    fs->close(inside.dirfd);
    fs->unlinkat(above->dirfd, name, AT_REMOVEDIR);
}

static void remove_one(int dirfd, const char *name)
{
    removal here = { dirfd, 0 };
    remove_all(name, &here);
}

nsearch_status ns_engine_move_begin(const char *dir, const char *engine, const ns_manifest *old, ns_engine_move **move,
                                    nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    ns_manifest empty;
    nsearch_status status = NSEARCH_OK;
    ns_manifest_init(&empty);
    ns_engine_move *m = calloc(1, sizeof *m);
    if (!m)
        return ns_error_memory(err);
    m->dirfd = m->subfd = -1;
    ns_manifest_init(&m->old);
    if (asprintf(&m->path, "%s/" FOLDER, dir) < 0) {
        m->path = NULL;
        status = ns_error_memory(err);
        goto out;
    }
    m->dirfd = fs->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    if (m->dirfd < 0) {
        status = ns_error_system(err, "cannot open index '%s'", dir);
        goto out;
    }
    status = old ? ns_manifest_copy(old, &m->old, err) : ns_manifest_read(m->dirfd, &m->old, err);
    if (status)
        goto out;
    remove_one(m->dirfd, FOLDER);
    if (fs->mkdirat(m->dirfd, FOLDER, 0777) ||
        (m->subfd = fs->openat(m->dirfd, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)) < 0) {
        status = ns_error_system(err, "cannot make folder '%s'", m->path);
        goto out;
    }
    snprintf(empty.engine, sizeof empty.engine, "%s", engine);
    empty.generation = m->old.generation;
    empty.counter = m->old.counter;
    status = ns_manifest_write(m->subfd, &empty, err);
out:
    ns_manifest_release(&empty);
    if (status)
        ns_engine_move_free(m);
    else
        *move = m;
    return status;
}

const char *ns_engine_move_path(const ns_engine_move *move)
{
    return move->path;
}

/* What stands there goes into the folder, and with it: left by an attempt that was killed before it had a manifest, or a database,
 * which has the same name in both indexes and is as good as its manifest. */
static nsearch_status move_in(const ns_engine_move *move, const char *name, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    if (fs->exchangeat(move->subfd, name, move->dirfd, name) == 0)
        return NSEARCH_OK;
    if (errno != ENOENT) { /* the file system cannot do it */
        if (ns_manifest_names(&move->old, name))
            return ns_error_system(err, "cannot exchange the old '%s' and the new", name);
        remove_one(move->dirfd, name);
    }
    if (fs->renameat(move->subfd, name, move->dirfd, name))
        return ns_error_system(err, "cannot move '%s' into the index", name);
    return NSEARCH_OK;
}

nsearch_status ns_engine_move_finish(ns_engine_move *move, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    ns_manifest next;
    ns_manifest_init(&next);
    nsearch_status status = ns_manifest_read(move->subfd, &next, err);
    if (!status && next.generation == move->old.generation)
        next.generation++; /* of an index without articles nothing was committed */
    for (size_t i = 0; !status && i < next.file_count; i++)
        status = move_in(move, next.files[i].name, err);
    if (!status && (fs->fsync(move->dirfd) || fs->fsync(move->subfd)))
        status = ns_error_system(err, "cannot sync the index directory");
    if (!status)
        status = ns_manifest_write(move->dirfd, &next, err);
    /* Readers of the old state have its files open. */
    for (size_t i = 0; !status && i < move->old.file_count; i++)
        if (!ns_manifest_names(&next, move->old.files[i].name))
            remove_one(move->dirfd, move->old.files[i].name);
    ns_manifest_release(&next);
    return status == NSEARCH_NOT_FOUND ? NSEARCH_IO : status;
}

void ns_engine_move_free(ns_engine_move *move)
{
    if (!move)
        return;
    if (move->subfd >= 0)
        ns_fs_current->close(move->subfd);
    if (move->dirfd >= 0) {
        remove_one(move->dirfd, FOLDER);
        ns_fs_current->close(move->dirfd);
    }
    ns_manifest_release(&move->old);
    free(move->path);
    free(move);
}
