/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_files.c - writes, sums and sweeps the files of an index directory.
 */
#include "index/xapian/xapian_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/bytes.h"
#include "src/base/fs.h"

#define PIECE 65536

static void describe(ns_manifest_file *file, const char *name, const char *role)
{
    memset(file, 0, sizeof *file);
    snprintf(file->name, sizeof file->name, "%s", name);
    snprintf(file->role, sizeof file->role, "%s", role);
}

nsearch_status ns_xapian_file_write(int dirfd, const char *name, const char *role, const ns_buffer *bytes,
                                    ns_manifest_file *file, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    if (bytes->failed)
        return ns_error_memory(err);
    int fd = fs->openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0)
        return ns_error_system(err, "cannot make '%s'", name);
    nsearch_status status = NSEARCH_OK;
    for (size_t done = 0; !status && done < bytes->size;) {
        ssize_t n = fs->write(fd, bytes->data + done, bytes->size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC;
        if (n <= 0)
            status = ns_error_system(err, "cannot write '%s'", name);
        else
            done += (size_t)n;
    }
    if (!status && fs->fsync(fd))
        status = ns_error_system(err, "cannot sync '%s'", name);
    if (fs->close(fd) && !status)
        status = ns_error_system(err, "cannot write '%s'", name);
    describe(file, name, role);
    file->size = bytes->size;
    file->sum = ns_crc32c(0, bytes->data, bytes->size);
    return status;
}

/* The sum of all bytes from the start; *size is how many there were. */
static nsearch_status sum_of(int fd, const char *name, uint64_t *size, uint32_t *sum, nsearch_error *err)
{
    uint8_t piece[PIECE];
    *size = 0;
    *sum = 0;
    for (;;) {
        ssize_t n = ns_fs_current->pread(fd, piece, sizeof piece, (off_t)*size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ns_error_system(err, "cannot read '%s'", name);
        if (!n)
            return NSEARCH_OK;
        *sum = ns_crc32c(*sum, piece, (size_t)n);
        *size += (uint64_t)n;
    }
}

nsearch_status ns_xapian_file_adopt(int dirfd, const char *name, const char *role, ns_manifest_file *file,
                                    nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    int fd = fs->openat(dirfd, name, O_RDONLY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", name);
    describe(file, name, role);
    nsearch_status status = NSEARCH_OK;
    if (fs->fsync(fd))
        status = ns_error_system(err, "cannot sync '%s'", name);
    else
        status = sum_of(fd, name, &file->size, &file->sum, err);
    fs->close(fd);
    return status;
}

nsearch_status ns_xapian_file_check(int fd, const ns_manifest_file *file, nsearch_error *err)
{
    uint64_t size;
    uint32_t sum;
    nsearch_status status = sum_of(fd, file->name, &size, &sum, err);
    if (!status && size != file->size)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad size of '%s'", file->name);
    if (!status && sum != file->sum)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '%s'", file->name);
    return status;
}

nsearch_status ns_xapian_file_read(int dirfd, const ns_manifest_file *file, ns_buffer *out, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    int fd = fs->openat(dirfd, file->name, O_RDONLY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", file->name);
    nsearch_status status = NSEARCH_OK;
    int64_t size = fs->size(fd);
    if (size < 0)
        status = ns_error_system(err, "cannot read '%s'", file->name);
    else if ((uint64_t)size != file->size) /* before memory is asked for */
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad size of '%s'", file->name);
    else if (!ns_buffer_reserve(out, (size_t)size))
        status = ns_error_memory(err);
    size_t begin = out->size;
    while (!status && out->size - begin < (size_t)size) {
        size_t done = out->size - begin;
        ssize_t n = fs->pread(fd, out->data + out->size, (size_t)size - done, (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = ns_error_system(err, "cannot read '%s'", file->name);
        else if (!n)
            status = ns_error_set(err, NSEARCH_DAMAGED, "bad size of '%s'", file->name);
        else
            out->size += (size_t)n;
    }
    fs->close(fd);
    if (!status && ns_crc32c(0, out->data + begin, (size_t)size) != file->sum)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '%s'", file->name);
    return status;
}

/* ---- sweeping */

static bool is_ours(const char *name)
{
    static const char *const starts[] = {"db-", "live-", "names-", "work-"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (!strncmp(name, starts[i], strlen(starts[i])))
            return true;
    return false;
}

static bool is_named(const ns_manifest *m, const char *name)
{
    for (size_t i = 0; m && i < m->file_count; i++)
        if (!strcmp(m->files[i].name, name))
            return true;
    return false;
}

static DIR *list(int dirfd, const char *name)
{
    int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir && fd >= 0)
        close(fd);
    return dir;
}

/* A work database is one folder of plain files. */
static void remove_folder(int at, const char *name)
{
    DIR *dir = list(at, name);
    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            ns_fs_current->unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
    ns_fs_current->unlinkat(at, name, AT_REMOVEDIR);
}

void ns_xapian_files_sweep(int at, const ns_manifest *newest, const ns_manifest *before)
{
    DIR *dir = list(at, ".");
    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct stat st;
        if (!is_ours(e->d_name) || is_named(newest, e->d_name) || is_named(before, e->d_name) ||
            fstatat(at, e->d_name, &st, AT_SYMLINK_NOFOLLOW))
            continue;
        if (S_ISDIR(st.st_mode))
            remove_folder(at, e->d_name);
        else
            ns_fs_current->unlinkat(at, e->d_name, 0);
    }
    closedir(dir);
}
