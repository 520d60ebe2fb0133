/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * guard.c - the handler of SIGBUS and the table of maps that it looks into. The handler allocates nothing and takes
 * no lock: it reads the table, and its one call is mmap.
 */
#include "src/base/guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAPS_MAX = 8192 }; /* an index has at most half as many files; a map beyond is not guarded */

typedef struct watched {
    atomic_uintptr_t begin; /* 0: free */
    atomic_size_t size;
    atomic_bool lost;
} watched;

static watched maps[MAPS_MAX];
static atomic_size_t used; /* entries that were ever in use */
static atomic_bool installed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before;
static uintptr_t page_size;
static int ones = -1; /* a file of one page, all bits set */

static void on_bus(int number, siginfo_t *info, void *context)
{
    int saved = errno;
    uintptr_t at = (uintptr_t)info->si_addr & ~(page_size - 1);
    (void)context;
    for (size_t i = 0; info->si_code > 0 && i < atomic_load(&used); i++) {
        uintptr_t begin = atomic_load(&maps[i].begin);
        if (!begin || at < begin || at - begin >= atomic_load(&maps[i].size))
            continue;
        atomic_store(&maps[i].lost, true);
        void *page = (void *)at; /* NOLINT: the kernel gave it as a number */
        if (mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_FIXED, ones, 0) == MAP_FAILED)
            break;
        errno = saved;
        return;
    }
    /* Not ours: as if we had never been here. The access is tried again; a signal that was sent is sent again. */
    sigaction(number, &before, NULL);
    if (info->si_code <= 0)
        raise(number);
    errno = saved;
}

static bool make_page(void)
{
    uint8_t block[512];
    memset(block, 0xff, sizeof block);
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    ones = memfd_create("nsearch-guard", MFD_CLOEXEC);
    for (uintptr_t n = 0; ones >= 0 && n < page_size; n += sizeof block)
        if (write(ones, block, sizeof block) != (ssize_t)sizeof block) {
            close(ones);
            ones = -1;
        }
    return ones >= 0;
}

nsearch_status ns_guard_install(nsearch_error *err)
{
    struct sigaction action, now;
    nsearch_status status = NSEARCH_OK;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_bus;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    pthread_mutex_lock(&lock);
    if (ones < 0 && !make_page())
        status = ns_error_system(err, "cannot guard maps");
    if (!status && sigaction(SIGBUS, NULL, &now))
        status = ns_error_system(err, "cannot guard maps");
    if (!status && !(now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_bus)) {
        before = now;
        if (sigaction(SIGBUS, &action, NULL))
            status = ns_error_system(err, "cannot guard maps");
        else
            atomic_store(&installed, true);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

void ns_guard_watch(const void *address, size_t n)
{
    if (!atomic_load(&installed))
        return;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < MAPS_MAX; i++)
        if (!atomic_load(&maps[i].begin)) {
            atomic_store(&maps[i].size, n);
            atomic_store(&maps[i].lost, false);
            atomic_store(&maps[i].begin, (uintptr_t)address);
            if (i >= atomic_load(&used))
                atomic_store(&used, i + 1);
            break;
        }
    pthread_mutex_unlock(&lock);
}

static watched *find(const void *address)
{
    for (size_t i = 0; address && i < atomic_load(&used); i++)
        if (atomic_load(&maps[i].begin) == (uintptr_t)address)
            return &maps[i];
    return NULL;
}

void ns_guard_forget(const void *address)
{
    pthread_mutex_lock(&lock);
    watched *map = find(address);
    if (map)
        atomic_store(&map->begin, 0);
    pthread_mutex_unlock(&lock);
}

bool ns_guard_watches(const void *address)
{
    return find(address) != NULL;
}

bool ns_guard_lost(const void *address)
{
    const watched *map = find(address);
    return map && atomic_load(&map->lost);
}
