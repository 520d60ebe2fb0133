/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fs.h - the one seam to the file system. The engines call the system through this table
 * only, so that a test can count calls, fail the N-th, or drop what was not synced.
 * Functions behave as the system calls of their name (exchangeat: renameat2 with RENAME_EXCHANGE): -1 (or MAP_FAILED) and errno.
 */
#ifndef NS_BASE_FS_H
#define NS_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct ns_fs {
    int (*openat)(int dirfd, const char *path, int flags, mode_t mode);
    ssize_t (*pread)(int fd, void *buffer, size_t n, off_t offset);
    ssize_t (*write)(int fd, const void *buffer, size_t n);
    int (*fsync)(int fd);
    int (*close)(int fd);
    int (*renameat)(int olddir, const char *oldpath, int newdir, const char *newpath);
    int (*exchangeat)(int olddir, const char *oldpath, int newdir, const char *newpath); /* both must be there */
    int (*unlinkat)(int dirfd, const char *path, int flags);
    int (*mkdirat)(int dirfd, const char *path, mode_t mode);
    int64_t (*size)(int fd); /* bytes of an open file, -1 on error */
    void *(*map)(int fd, size_t n); /* read-only, shared; MAP_FAILED on error */
    int (*unmap)(void *address, size_t n);
    void (*let_go)(void *address, size_t n); /* of a map: its pages may leave memory, and come again when touched */
    /* Calls 'each' for every name in the directory but "." and ".."; -1 on error. Names may be removed meanwhile. */
    int (*list)(int dirfd, void (*each)(const char *name, void *user), void *user);
} ns_fs;

/* The table in force; tests replace it. */
extern const ns_fs *ns_fs_current;
extern const ns_fs ns_fs_system;

/* Writes all n bytes, by as many calls as that takes; else false, and errno (ENOSPC where nothing more went). */
bool ns_fs_write_all(int fd, const void *bytes, size_t n);
/* Reads n bytes from 'offset' on, fewer only where the file ends: how many, or -1 and errno. */
ssize_t ns_fs_read_at(int fd, void *to, size_t n, off_t offset);

#endif
