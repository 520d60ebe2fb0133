/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * memory_files.c - a table of file calls over memory_files; their descriptors begin at FIRST.
 */
#include "tests/support/memory_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "src/base/fs.h"

enum { FIRST = 1000 };

memory_file memory_files[MEMORY_FILES_MAX];
int memory_file_count;

static int memory_openat(int dirfd, const char *path, int flags, mode_t mode)
{
    for (int i = 0; i < memory_file_count && !(flags & O_CREAT); i++)
        if (!strcmp(memory_files[i].name, path))
            return FIRST + i;
    return ns_fs_system.openat(dirfd, path, flags, mode);
}

static ssize_t memory_pread(int fd, void *buffer, size_t n, off_t offset)
{
    if (fd < FIRST)
        return ns_fs_system.pread(fd, buffer, n, offset);
    const memory_file *f = &memory_files[fd - FIRST];
    size_t left = (size_t)offset < f->shown ? f->shown - (size_t)offset : 0;
    n = n < left ? n : left;
    memcpy(buffer, f->bytes + offset, n);
    return (ssize_t)n;
}

static int memory_close(int fd)
{
    return fd < FIRST ? ns_fs_system.close(fd) : 0;
}

static int memory_fsync(int fd)
{
    (void)fd;
    return 0;
}

static int64_t memory_size(int fd)
{
    return fd < FIRST ? ns_fs_system.size(fd) : (int64_t)memory_files[fd - FIRST].shown;
}

static void *memory_map(int fd, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (copy && memory_pread(fd, copy, n, 0) == (ssize_t)n)
        return copy;
    free(copy);
    return MAP_FAILED;
}

static void memory_let_go(void *address, size_t n)
{
    (void)address, (void)n; /* not a map: nothing would bring it back */
}

static int memory_unmap(void *address, size_t n)
{
    (void)n;
    free(address);
    return 0;
}

void memory_files_serve(void)
{
    static ns_fs table;
    table = ns_fs_system;
    table.openat = memory_openat;
    table.pread = memory_pread;
    table.close = memory_close;
    table.fsync = memory_fsync;
    table.size = memory_size;
    table.map = memory_map;
    table.unmap = memory_unmap;
    table.let_go = memory_let_go;
    ns_fs_current = &table;
}
