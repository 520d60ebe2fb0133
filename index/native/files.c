/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * files.c - makes and tidies the directory of an index.
 */
#include "index/native/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/fs.h"

/* Makes one directory and syncs the one above it, so that it is there after a loss of power. */
static bool make_directory(char *path)
{
    const ns_fs *fs = ns_fs_current;
    char *slash = strrchr(path, '/');
    if (fs->mkdirat(AT_FDCWD, path, 0777)) {
        if (errno == EEXIST)
            return true;
        if (errno != ENOENT || !slash || slash == path)
            return false;
        *slash = '\0';
        bool made = make_directory(path);
        *slash = '/';
        if (!made || (fs->mkdirat(AT_FDCWD, path, 0777) && errno != EEXIST))
            return false;
    }
    if (slash)
        *slash = '\0';
    int fd = fs->openat(AT_FDCWD, !slash ? "." : *path ? path : "/", O_RDONLY | O_DIRECTORY, 0);
    if (slash)
        *slash = '/';
    if (fd < 0)
        return false;
    bool synced = fs->fsync(fd) == 0;
    int number = errno;
    fs->close(fd);
    errno = number;
    return synced;
}

nsearch_status ns_files_open_directory(const char *dir, bool make, int *fd, nsearch_error *err)
{
    int opened = ns_fs_current->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    if (opened < 0 && errno == ENOENT && make) {
        char *path = strdup(dir);
        if (!path)
            return ns_error_memory(err);
        for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';)
            path[--n] = '\0';
        bool made = make_directory(path);
        free(path);
        if (!made) {
            nsearch_status status = ns_error_system(err, "cannot make directory '%s'", dir);
            return status == NSEARCH_NOT_FOUND ? NSEARCH_IO : status;
        }
        opened = ns_fs_current->openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
    }
    if (opened < 0)
        return ns_error_system(err, "cannot open index '%s'", dir);
    *fd = opened;
    return NSEARCH_OK;
}

void ns_files_name(char name[32], const char *kind, uint64_t number)
{
    snprintf(name, 32, "%.8s-%06" PRIu64, kind, number);
}

typedef struct sweep {
    int dirfd;
    const ns_manifest *newer, *older;
    uint64_t least;
} sweep;

static void sweep_one(const char *name, void *user)
{
    static const char *const kinds[] = {"seg-", "del-", "names-"};
    const sweep *s = user;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(name, kinds[i], n) != 0)
            continue;
        size_t digits = strspn(name + n, "0123456789");
        const char *rest = name + n + digits;
        bool temporary = rest[0] == '.' && rest[1] >= 'a' && rest[1] <= 'z' && !rest[2];
        if (digits < 6 || digits > 19 || (*rest && !temporary))
            continue;
        if (temporary || (strtoull(name + n, NULL, 10) >= s->least && !ns_manifest_names(s->newer, name) &&
                          !ns_manifest_names(s->older, name)))
            ns_fs_current->unlinkat(s->dirfd, name, 0);
    }
}

void ns_files_sweep(int dirfd, const ns_manifest *newer, const ns_manifest *older, uint64_t least)
{
    sweep s = {dirfd, newer, older, least};
    ns_fs_current->list(dirfd, sweep_one, &s);
}
