/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * whole_file.c - reads and writes a small file in one piece.
 */
#include "index/native/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/fs.h"

static uint32_t sum_of(uint64_t id, const void *bytes, size_t n)
{
    uint8_t seed[8];
    ns_put_u64(seed, id);
    return ns_crc32c(ns_crc32c(0, seed, sizeof seed), bytes, n);
}

nsearch_status ns_whole_file_write(int dirfd, const char *name, uint64_t id, const void *bytes, size_t n,
                                   ns_manifest_file *file, nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    const int flags = O_WRONLY | O_CREAT | O_EXCL;
    nsearch_status status = NSEARCH_OK;
    memcpy(file->name, name, strnlen(name, sizeof file->name - 1) + 1);
    int fd = fs->openat(dirfd, file->name, flags, 0666);
    if (fd < 0 && errno == EEXIST && fs->unlinkat(dirfd, file->name, 0) == 0)
        fd = fs->openat(dirfd, file->name, flags, 0666); /* a dead writer's: we hold the lock */
    if (fd < 0)
        return ns_error_system(err, "cannot create '%s'", name);
    if (!ns_fs_write_all(fd, bytes, n))
        status = ns_error_system(err, "cannot write '%s'", name);
    if (!status && fs->fsync(fd))
        status = ns_error_system(err, "cannot sync '%s'", name);
    if (fs->close(fd) && !status)
        status = ns_error_system(err, "cannot write '%s'", name);
    if (status)
        fs->unlinkat(dirfd, file->name, 0);
    file->id = id;
    file->size = n;
    file->sum = sum_of(id, bytes, n);
    return status;
}

nsearch_status ns_whole_file_read(int dirfd, const ns_manifest_file *file, uint8_t **bytes,
                                  nsearch_error *err)
{
    const ns_fs *fs = ns_fs_current;
    nsearch_status status = NSEARCH_OK;
    uint8_t *data = NULL;
    int fd = fs->openat(dirfd, file->name, O_RDONLY, 0);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", file->name);
    int64_t size = fs->size(fd);
    if (size < 0)
        status = ns_error_system(err, "cannot read '%s'", file->name);
    else if ((uint64_t)size != file->size)
        status = ns_error_set(err, NSEARCH_DAMAGED, "size of '%s' is %lld and should be %llu", file->name,
                              (long long)size, (unsigned long long)file->size);
    else if (!(data = malloc((size_t)size + 1)))
        status = ns_error_memory(err);
    ssize_t got = status ? 0 : ns_fs_read_at(fd, data, file->size, 0);
    if (got < 0)
        status = ns_error_system(err, "cannot read '%s'", file->name);
    else if (!status && (uint64_t)got < file->size)
        status = ns_error_set(err, NSEARCH_DAMAGED, "'%s' is cut short", file->name);
    fs->close(fd);
    if (!status && sum_of(file->id, data, file->size) != file->sum)
        status = ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '%s'", file->name);
    if (status)
        free(data);
    else {
        data[file->size] = '\0';
        *bytes = data;
    }
    return status;
}
