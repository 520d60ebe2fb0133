/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_apart.c - reads each passage's own list of terms, which only removing needs, in a process of its own: some
 * damage in that table ends the process that reads it (1.4.22).
 */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/xapian/xapian_snapshot.h"
#include "src/base/bytes.h"

static void add_term(const char *key, size_t n, uint32_t tf, void *user)
{
    uint64_t *sum = user;
    *sum += ns_hash64(key, n, tf);
}

static bool write_sum(int fd, uint64_t sum)
{
    ssize_t n;
    do {
        n = write(fd, &sum, sizeof sum);
    } while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof sum; /* fewer bytes than a pipe takes at once */
}

/* The child: the sum of every live passage, in order. */
static int read_lists(const ns_xapian_part *part, int fd)
{
    ns_xapian_db *db = NULL;
    if (ns_xapian_open(part->shard, 0, false, &db, NULL))
        return 1;
    for (uint32_t docid = 0; docid < part->columns.end; docid++) {
        uint64_t sum = 0;
        if (ns_xapian_is_removed(&part->columns, docid))
            continue;
        if (ns_xapian_terms_of(db, docid, add_term, &sum, NULL))
            sum = 0; /* which none has */
        if (!write_sum(fd, sum))
            return 1;
    }
    return 0;
}

static bool read_sum(int fd, uint64_t *sum)
{
    size_t got = 0;
    while (got < sizeof *sum) {
        ssize_t n = read(fd, (char *)sum + got, sizeof *sum - got);
        if (n <= 0 && !(n < 0 && errno == EINTR))
            return false;
        got += n > 0 ? (size_t)n : 0;
    }
    return true;
}

nsearch_status ns_xapian_lists_apart(const ns_xapian_part *part, uint64_t *sums, uint32_t *end, nsearch_error *err)
{
    int ends[2];
    if (pipe(ends))
        return ns_error_system(err, "cannot make a pipe");
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(read_lists(part, ends[1]));
    }
    close(ends[1]);
    *end = 0;
    for (bool more = child > 0; more && *end < part->columns.end;)
        if (ns_xapian_is_removed(&part->columns, *end) || (more = read_sum(ends[0], &sums[*end])))
            ++*end;
    close(ends[0]);
    if (child < 0)
        return ns_error_system(err, "cannot start a process");
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return NSEARCH_OK;
}
