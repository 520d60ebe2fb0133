/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fs.c - the system's own calls behind the seam.
 */
#include "src/base/fs.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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
    return mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
}

const ns_fs ns_fs_system = {
    .openat = system_openat,
    .pread = pread,
    .write = write,
    .fsync = fsync,
    .close = close,
    .renameat = renameat,
    .unlinkat = unlinkat,
    .mkdirat = mkdirat,
    .size = system_size,
    .map = system_map,
    .unmap = munmap,
};

const ns_fs *ns_fs_current = &ns_fs_system;
