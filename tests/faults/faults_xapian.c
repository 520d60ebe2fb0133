/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * faults_xapian.c - the C library's calls by which Xapian changes files, in front of the real ones: they are counted,
 * stopped and failed like those of the table in faults.c. The dynamic linker finds these first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "tests/faults/faults.h"

#define IN_FRONT __attribute__((visibility("default")))

IN_FRONT int open(const char *path, int flags, ...);
IN_FRONT ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at);
IN_FRONT ssize_t write(int fd, const void *bytes, size_t n);
IN_FRONT int fdatasync(int fd);
IN_FRONT int rename(const char *from, const char *to);
IN_FRONT int unlink(const char *path);
IN_FRONT int mkdir(const char *path, mode_t mode);

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if ((flags & O_ACCMODE) != O_RDONLY && faults_meet())
        return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static ssize_t put(int fd, const void *bytes, size_t n, off_t at)
{
    return at < 0 ? syscall(SYS_write, fd, bytes, n) : syscall(SYS_pwrite64, fd, bytes, n, at);
}

/* One that is stopped or fails has written half of its bytes. */
static ssize_t put_counted(int fd, const void *bytes, size_t n, off_t at)
{
    if (n > 1 && faults_next_is_hit()) {
        ssize_t half = put(fd, bytes, n / 2, at);
        if (half < 0 || faults_is_short()) {
            faults_meet();
            return half;
        }
    }
    return faults_meet() ? -1 : put(fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return put_counted(fd, bytes, n, at);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    return faults_inside() ? put(fd, bytes, n, -1) : put_counted(fd, bytes, n, -1);
}

/* Not really synced, as in faults.c. */
int fdatasync(int fd)
{
    (void)fd;
    return faults_meet() ? -1 : 0;
}

int rename(const char *from, const char *to)
{
    return faults_meet() ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path)
{
    return faults_meet() ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return faults_meet() ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
