/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * folder.c - makes and removes temporary folders.
 */
#include "tests/support/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *test_folder_new(void)
{
    const char *base = getenv("TMPDIR");
    char *path = NULL;
    if (!base || !*base)
        base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm"; /* where a sync costs nothing */
    if (asprintf(&path, "%s/nsearch-test-XXXXXX", base) < 0 || !mkdtemp(path)) {
        perror("cannot make a temporary folder");
        abort();
    }
    return path;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void test_folder_remove(char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}
