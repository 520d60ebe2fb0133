/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * faults.c - the counting and failing table.
 */
#include "tests/faults/faults.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/base/fs.h"

static struct {
    fault_kind fault;
    long at, calls;
    int number;
    bool inside;
} state;

/* Whether this call is to fail. */
static bool fails(void)
{
    state.calls++;
    bool now = state.fault == FAULT_ALWAYS ? state.calls >= state.at : state.calls == state.at;
    if (!now || state.fault == FAULT_NONE)
        return false;
    if (state.fault == FAULT_STOP)
        kill(getpid(), SIGKILL);
    if (state.fault == FAULT_SHORT)
        return false;
    errno = state.number;
    return true;
}

static int fault_openat(int dirfd, const char *path, int flags, mode_t mode)
{
    return fails() ? -1 : ns_fs_system.openat(dirfd, path, flags, mode);
}

static ssize_t fault_pread(int fd, void *buffer, size_t n, off_t offset)
{
    return fails() ? -1 : ns_fs_system.pread(fd, buffer, n, offset);
}

static ssize_t write_inside(int fd, const void *buffer, size_t n)
{
    state.inside = true;
    ssize_t written = ns_fs_system.write(fd, buffer, n);
    state.inside = false;
    return written;
}

static ssize_t fault_write(int fd, const void *buffer, size_t n)
{
    if (state.calls + 1 == state.at && state.fault != FAULT_NONE && n > 1) {
        ssize_t half = write_inside(fd, buffer, n / 2);
        if (half < 0 || state.fault == FAULT_SHORT) {
            state.calls++;
            return half;
        }
    }
    return fails() ? -1 : write_inside(fd, buffer, n);
}

/* Not really synced: the kernel outlives the process, and a test of a thousand stops would take its time. */
static int fault_fsync(int fd)
{
    (void)fd;
    return fails() ? -1 : 0;
}

static int fault_close(int fd)
{
    if (!fails())
        return ns_fs_system.close(fd);
    ns_fs_system.close(fd);
    errno = state.number;
    return -1;
}

static int fault_renameat(int olddir, const char *oldpath, int newdir, const char *newpath)
{
    return fails() ? -1 : ns_fs_system.renameat(olddir, oldpath, newdir, newpath);
}

static int fault_exchangeat(int olddir, const char *oldpath, int newdir, const char *newpath)
{
    return fails() ? -1 : ns_fs_system.exchangeat(olddir, oldpath, newdir, newpath);
}

static int fault_unlinkat(int dirfd, const char *path, int flags)
{
    return fails() ? -1 : ns_fs_system.unlinkat(dirfd, path, flags);
}

static int fault_mkdirat(int dirfd, const char *path, mode_t mode)
{
    return fails() ? -1 : ns_fs_system.mkdirat(dirfd, path, mode);
}

static int64_t fault_size(int fd)
{
    return fails() ? -1 : ns_fs_system.size(fd);
}

static void *fault_map(int fd, size_t n)
{
    return fails() ? MAP_FAILED : ns_fs_system.map(fd, n);
}

static int fault_unmap(void *address, size_t n)
{
    return ns_fs_system.unmap(address, n);
}

static void fault_let_go(void *address, size_t n)
{
    ns_fs_system.let_go(address, n);
}

static int fault_list(int dirfd, void (*each)(const char *name, void *user), void *user)
{
    return fails() ? -1 : ns_fs_system.list(dirfd, each, user);
}

static const ns_fs table = {
    .openat = fault_openat,
    .pread = fault_pread,
    .write = fault_write,
    .fsync = fault_fsync,
    .close = fault_close,
    .renameat = fault_renameat,
    .exchangeat = fault_exchangeat,
    .unlinkat = fault_unlinkat,
    .mkdirat = fault_mkdirat,
    .size = fault_size,
    .map = fault_map,
    .unmap = fault_unmap,
    .let_go = fault_let_go,
    .list = fault_list,
};

void faults_begin(fault_kind fault, long at, int number)
{
    state.fault = fault;
    state.at = at;
    state.calls = 0;
    state.number = number;
    ns_fs_current = &table;
}

long faults_end(void)
{
    ns_fs_current = &ns_fs_system;
    return state.calls;
}

static bool in_force(void)
{
    return ns_fs_current == &table;
}

bool faults_meet(void)
{
    return in_force() && fails();
}

bool faults_next_is_hit(void)
{
    return in_force() && state.calls + 1 == state.at && state.fault != FAULT_NONE;
}

bool faults_is_short(void)
{
    return in_force() && state.fault == FAULT_SHORT;
}

bool faults_inside(void)
{
    return state.inside;
}
