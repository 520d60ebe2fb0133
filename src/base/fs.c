/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fs.c - the system's own calls behind the seam.
 */
#include "src/base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/guard.h"

static int system_openat(int dirfd, const char *path, int flags, mode_t mode)
{
    return openat(dirfd, path, flags | O_CLOEXEC, mode);
}

static int64_t system_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) ? -1 : (int64_t)st.st_size;
}

static void *system_map(int fd, size_t n)
{
    void *map = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED)
        ns_guard_watch(map, n);
    return map;
}

static int system_unmap(void *address, size_t n)
{
    ns_guard_forget(address); /* first: the next map may be given this address */
    return munmap(address, n);
}

static int system_list(int dirfd, void (*each)(const char *name, void *user), void *user)
{
    int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    errno = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL; errno = 0)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            each(entry->d_name, user);
    int number = errno;
    closedir(dir);
    errno = number;
    return number ? -1 : 0;
}

static int system_exchangeat(int olddir, const char *oldpath, int newdir, const char *newpath)
{
    return renameat2(olddir, oldpath, newdir, newpath, RENAME_EXCHANGE);
}

static void system_let_go(void *address, size_t n)
{
    (void)madvise(address, n, MADV_DONTNEED); /* only advice: without it more memory is counted as ours */
}

const ns_fs ns_fs_system = {
    .openat = system_openat,
    .pread = pread,
    .write = write,
    .fsync = fsync,
    .close = close,
    .renameat = renameat,
    .exchangeat = system_exchangeat,
    .unlinkat = unlinkat,
    .mkdirat = mkdirat,
    .size = system_size,
    .map = system_map,
    .unmap = system_unmap,
    .let_go = system_let_go,
    .list = system_list,
};

const ns_fs *ns_fs_current = &ns_fs_system;

bool ns_fs_write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        ssize_t put = ns_fs_current->write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            if (put == 0)
                errno = ENOSPC;
            return false;
        }
        p += put;
        n -= (size_t)put;
    }
    return true;
}

ssize_t ns_fs_read_at(int fd, void *to, size_t n, off_t offset)
{
    size_t at = 0;
    while (at < n) {
        ssize_t got = ns_fs_current->pread(fd, (char *)to + at, n - at, offset + (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        at += (size_t)got;
    }
    return (ssize_t)at;
}
