/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * walk.c - walks a folder by descriptors (openat, O_NOFOLLOW), so that a folder replaced by a link
 * under our feet cannot lead outside. Hidden names and indexes of ours are left out.
 */
#include "corpus/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buffer.h"

typedef struct folder {
    int fd;
    char **names; /* sorted; those before 'next' are freed */
    size_t count, next;
    size_t path_size; /* of its own name, with the slash */
} folder;

struct ns_walk {
    folder stack[NS_WALK_DEPTH];
    size_t depth;
    ns_buffer path; /* the last answer's name, NUL behind */
    ns_walk_pass *pass; /* NULL: all are opened */
    void *user;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(folder *f)
{
    for (size_t i = f->next; i < f->count; i++)
        free(f->names[i]);
}

static void forget(folder *f)
{
    free_names(f);
    free(f->names);
    close(f->fd);
}

/* An index kept among the articles it was made of is no article. */
static bool is_index(const folder *f)
{
    bool manifest = false, lock = false;
    for (size_t i = 0; i < f->count; i++) {
        manifest = manifest || !strcmp(f->names[i], "MANIFEST");
        lock = lock || !strcmp(f->names[i], "LOCK");
    }
    return manifest && lock;
}

/* Lists 'fd' and puts it on the stack; takes fd over. */
static nsearch_status enter(ns_walk *walk, int fd, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    folder f = { .fd = fd };
    size_t capacity = 0;
    const char *path = walk->path.size ? (const char *)walk->path.data : ".";
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* closedir closes its own */
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    if (!dir) {
        status = ns_error_system(err, "cannot list folder '%s'", path);
        if (copy >= 0)
            close(copy);
        goto out;
    }
    struct dirent *entry;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (f.count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            char **names = realloc(f.names, capacity * sizeof *names);
            if (!names) {
                status = ns_error_memory(err);
                goto out;
            }
            f.names = names;
        }
        f.names[f.count] = strdup(entry->d_name);
        if (!f.names[f.count]) {
            status = ns_error_memory(err);
            goto out;
        }
        f.count++;
    }
    if (errno) {
        status = ns_error_system(err, "cannot list folder '%s'", path);
        goto out;
    }
    if (is_index(&f)) {
        free_names(&f);
        f.count = 0;
    }
    if (f.count)
        qsort(f.names, f.count, sizeof *f.names, by_bytes);
    if (walk->path.size)
        ns_buffer_add_byte(&walk->path, '/');
    f.path_size = walk->path.size;
    walk->stack[walk->depth++] = f;
out:
    if (dir)
        closedir(dir);
    if (status)
        forget(&f);
    return status;
}

nsearch_status ns_walk_open(int fd, ns_walk **walk, nsearch_error *err)
{
    ns_walk *w = calloc(1, sizeof *w);
    if (!w) {
        close(fd);
        return ns_error_memory(err);
    }
    nsearch_status status = enter(w, fd, err);
    if (status) {
        ns_walk_close(w);
        return status;
    }
    *walk = w;
    return NSEARCH_OK;
}

void ns_walk_set_pass(ns_walk *walk, ns_walk_pass *pass, void *user)
{
    walk->pass = pass;
    walk->user = user;
}

/* Opens one entry. *file is -1 where there is nothing to answer: a folder now on the stack, or
 * what is neither file nor folder. */
static nsearch_status visit(ns_walk *walk, int at, const char *name, int *file, nsearch_error *err)
{
    const char *path = (const char *)walk->path.data;
    struct stat st;
    *file = -1;
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
        return ns_error_system(err, "cannot look at '%s'", path);
    if (S_ISDIR(st.st_mode)) {
        if (walk->depth == NS_WALK_DEPTH)
            return ns_error_set(err, NSEARCH_IO, "more than %d folders deep: '%s'", NS_WALK_DEPTH, path);
        int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
            return ns_error_system(err, "cannot open folder '%s'", path);
        return enter(walk, fd, err);
    }
    if (!S_ISREG(st.st_mode) || (walk->pass && walk->pass(walk->user, path, &st)))
        return NSEARCH_OK;
    /* O_NONBLOCK: should a pipe have taken the file's place, opening it must not wait. */
    int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", path);
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return NSEARCH_OK;
    }
    *file = fd;
    return NSEARCH_OK;
}

ns_walk_answer ns_walk_next(ns_walk *walk, int *fd, nsearch_error *err)
{
    while (walk->depth) {
        folder *f = &walk->stack[walk->depth - 1];
        walk->path.size = f->path_size;
        if (f->next == f->count) {
            forget(f);
            walk->depth--;
            continue;
        }
        char *name = f->names[f->next++];
        int at = f->fd;
        ns_buffer_add_string(&walk->path, name);
        ns_buffer_add_byte(&walk->path, 0);
        nsearch_status status = NSEARCH_OK;
        if (walk->path.failed) {
            status = ns_error_memory(err);
            ns_buffer_clear(&walk->path);
        } else {
            walk->path.size--;
            status = visit(walk, at, name, fd, err);
        }
        free(name);
        if (status)
            return NS_WALK_SKIPPED;
        if (*fd >= 0)
            return NS_WALK_FILE;
    }
    return NS_WALK_END;
}

const char *ns_walk_name(const ns_walk *walk)
{
    return walk->path.data ? (const char *)walk->path.data : "";
}

void ns_walk_close(ns_walk *walk)
{
    if (!walk)
        return;
    while (walk->depth)
        forget(&walk->stack[--walk->depth]);
    ns_buffer_release(&walk->path);
    free(walk);
}
