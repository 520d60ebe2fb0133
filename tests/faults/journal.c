/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * journal.c - records calls; the disk is in disk.c.
 */
#include "tests/faults/journal_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/fs.h"

static journal *current;

static void *check(void *p)
{
    if (!p) {
        perror("the journal is out of memory");
        abort();
    }
    return p;
}

static entry *add(journal *j, entry_kind kind)
{
    if (j->count % 256 == 0)
        j->entries = check(realloc(j->entries, (j->count + 256) * sizeof *j->entries));
    entry *e = &j->entries[j->count++];
    memset(e, 0, sizeof *e);
    e->kind = kind;
    return e;
}

static uint32_t new_object(journal *j, ino_t inode, bool directory)
{
    if (j->object_count % 64 == 0)
        j->objects = check(realloc(j->objects, (j->object_count + 64) * sizeof *j->objects));
    for (uint32_t i = 0; i < j->object_count; i++)
        if (j->objects[i].inode == inode)
            j->objects[i].inode = 0; /* it was used by a file that is gone */
    j->objects[j->object_count] = (object){inode, directory};
    return j->object_count++;
}

/* The object behind an open file; NONE for one outside of the root. */
static uint32_t object_of(const journal *j, const struct stat *st)
{
    for (uint32_t i = 0; i < j->object_count; i++)
        if (j->objects[i].inode == st->st_ino)
            return i;
    return NONE;
}

static uint32_t object_of_fd(const journal *j, int fd)
{
    struct stat st;
    return fstat(fd, &st) ? NONE : object_of(j, &st);
}

/* The directory that holds 'path', and the name in it. */
static uint32_t parent_of(const journal *j, int dirfd, const char *path, char name[NAME_BYTES])
{
    char folder[600];
    struct stat st;
    const char *slash = strrchr(path, '/');
    snprintf(name, NAME_BYTES, "%s", slash ? slash + 1 : path);
    if (!slash && dirfd != AT_FDCWD)
        return object_of_fd(j, dirfd);
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return fstatat(dirfd, folder, &st, 0) ? NONE : object_of(j, &st);
}

static int journal_openat(int dirfd, const char *path, int flags, mode_t mode)
{
    struct stat st;
    char name[NAME_BYTES];
    bool there = fstatat(dirfd, path, &st, 0) == 0;
    int fd = ns_fs_system.openat(dirfd, path, flags, mode);
    if (fd < 0 || !(flags & (O_CREAT | O_TRUNC)))
        return fd;
    uint32_t parent = parent_of(current, dirfd, path, name);
    if (parent == NONE)
        return fd;
    if (!there && fstat(fd, &st) == 0) {
        uint32_t made = new_object(current, st.st_ino, false);
        entry *e = add(current, ENTRY_NAME);
        e->object = parent;
        e->other = made;
        memcpy(e->name, name, sizeof name);
    } else if (there && flags & O_TRUNC)
        add(current, ENTRY_TRUNCATE)->object = object_of(current, &st);
    return fd;
}

static ssize_t journal_write(int fd, const void *buffer, size_t n)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t put = ns_fs_system.write(fd, buffer, n);
    uint32_t of = object_of_fd(current, fd);
    if (put > 0 && of != NONE) {
        entry *e = add(current, ENTRY_WRITE);
        e->object = of;
        e->offset = (size_t)at;
        e->size = (size_t)put;
        e->bytes = check(malloc((size_t)put));
        memcpy(e->bytes, buffer, (size_t)put);
    }
    return put;
}

static int journal_fsync(int fd)
{
    uint32_t of = object_of_fd(current, fd);
    if (of != NONE)
        add(current, ENTRY_SYNC)->object = of;
    return 0;
}

static int journal_renameat(int olddir, const char *oldpath, int newdir, const char *newpath)
{
    char name[NAME_BYTES], to[NAME_BYTES];
    struct stat st;
    uint32_t parent = parent_of(current, olddir, oldpath, name), target = parent_of(current, newdir, newpath, to);
    bool there = fstatat(olddir, oldpath, &st, AT_SYMLINK_NOFOLLOW) == 0;
    int result = ns_fs_system.renameat(olddir, oldpath, newdir, newpath);
    if (result || !there || parent == NONE)
        return result;
    if (parent != target) { /* no operation that is recorded does so */
        fprintf(stderr, "a file is moved to another folder, which the journal does not know\n");
        abort();
    }
    entry *e = add(current, ENTRY_RENAME);
    e->object = parent;
    e->other = object_of(current, &st);
    memcpy(e->name, name, sizeof name);
    memcpy(e->to, to, sizeof to);
    return 0;
}

static int journal_unlinkat(int dirfd, const char *path, int flags)
{
    char name[NAME_BYTES];
    uint32_t parent = parent_of(current, dirfd, path, name);
    int result = ns_fs_system.unlinkat(dirfd, path, flags);
    if (!result && parent != NONE) {
        entry *e = add(current, ENTRY_UNLINK);
        e->object = parent;
        memcpy(e->name, name, sizeof name);
    }
    return result;
}

static int journal_mkdirat(int dirfd, const char *path, mode_t mode)
{
    char name[NAME_BYTES];
    struct stat st;
    int result = ns_fs_system.mkdirat(dirfd, path, mode);
    uint32_t parent = parent_of(current, dirfd, path, name);
    if (!result && parent != NONE && fstatat(dirfd, path, &st, 0) == 0) {
        uint32_t made = new_object(current, st.st_ino, true);
        entry *e = add(current, ENTRY_NAME);
        e->object = parent;
        e->other = made;
        memcpy(e->name, name, sizeof name);
    }
    return result;
}

/* ---- what is there at the beginning: entries, each synced */

static void scan(journal *j, const char *path, uint32_t directory)
{
    DIR *dir = opendir(path);
    for (struct dirent *d; dir && (d = readdir(dir)) != NULL;) {
        char inner[600];
        struct stat st;
        snprintf(inner, sizeof inner, "%s/%s", path, d->d_name);
        if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") || stat(inner, &st))
            continue;
        uint32_t made = new_object(j, st.st_ino, S_ISDIR(st.st_mode));
        entry *e = add(j, ENTRY_NAME);
        e->object = directory;
        e->other = made;
        snprintf(e->name, sizeof e->name, "%.*s", NAME_BYTES - 1, d->d_name);
        if (S_ISDIR(st.st_mode))
            scan(j, inner, made);
        else {
            FILE *f = fopen(inner, "rb");
            uint8_t *bytes = check(malloc((size_t)st.st_size + 1));
            size_t n = f ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
            if (f)
                fclose(f);
            e = add(j, ENTRY_WRITE);
            e->object = made;
            e->size = n;
            e->bytes = bytes;
            add(j, ENTRY_SYNC)->object = made;
        }
    }
    if (dir)
        closedir(dir);
    add(j, ENTRY_SYNC)->object = directory;
}

journal *journal_begin(const char *root)
{
    static ns_fs table;
    struct stat st;
    journal *j = check(calloc(1, sizeof *j));
    if (stat(root, &st)) {
        perror(root);
        abort();
    }
    new_object(j, st.st_ino, true); /* object 0 */
    scan(j, root, 0);
    j->first = j->count;
    table = ns_fs_system;
    table.openat = journal_openat;
    table.write = journal_write;
    table.fsync = journal_fsync;
    table.renameat = journal_renameat;
    table.unlinkat = journal_unlinkat;
    table.mkdirat = journal_mkdirat;
    current = j;
    ns_fs_current = &table;
    return j;
}

void journal_mark(journal *j, int value)
{
    add(j, ENTRY_MARK)->value = value;
}

void journal_end(journal *j)
{
    (void)j;
    ns_fs_current = &ns_fs_system;
    current = NULL;
}

void journal_free(journal *j)
{
    for (size_t i = 0; i < j->count; i++)
        free(j->entries[i].bytes);
    free(j->entries);
    free(j->objects);
    free(j);
}

size_t journal_length(const journal *j)
{
    return j->count - j->first;
}

size_t journal_sync_count(const journal *j)
{
    size_t n = 0;
    for (size_t i = j->first; i < j->count; i++)
        n += j->entries[i].kind == ENTRY_SYNC;
    return n;
}

bool journal_sync_matters(const journal *j, size_t sync, size_t *at)
{
    size_t i = j->first;
    for (size_t n = 0;; i++)
        if (j->entries[i].kind == ENTRY_SYNC && n++ == sync)
            break;
    *at = i;
    uint32_t synced = j->entries[i].object;
    if (j->objects[synced].directory)
        return true;
    char name[NAME_BYTES] = "";
    for (size_t k = 0; k < j->count; k++) { /* follow the name it has; until the mark after the sync */
        const entry *e = &j->entries[k];
        if (e->kind == ENTRY_MARK && k > i)
            break;
        if (e->kind == ENTRY_NAME && e->other == synced)
            memcpy(name, e->name, sizeof name);
        else if (e->kind == ENTRY_RENAME && e->other == synced)
            memcpy(name, e->to, sizeof name);
        else if ((e->kind == ENTRY_UNLINK && !strcmp(e->name, name)) ||
                 (e->kind == ENTRY_RENAME && !strcmp(e->to, name)))
            name[0] = '\0';
    }
    return name[0] != '\0';
}
