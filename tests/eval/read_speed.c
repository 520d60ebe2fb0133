/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_speed.c - how fast files become articles on one core: the best of three rounds, by processor time.
 *
 *     read_speed PATH...       prints megabytes and articles a second, and the peak of memory in MB
 */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "corpus/reader.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* False when the path cannot be opened. */
static int read_all(const char *path, ns_arena *arena, size_t *articles, uint64_t *bytes)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_reader *reader;
    ns_article article;
    ns_read answer;
    if (ns_reader_open(path, &reader, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 0;
    }
    do {
        ns_arena_reset(arena);
        answer = ns_reader_next(reader, arena, &article, &err);
        *articles += answer == NS_READ_ARTICLE;
    } while (answer == NS_READ_ARTICLE || answer == NS_READ_SKIPPED);
    *bytes += ns_reader_bytes(reader);
    ns_reader_close(reader);
    return 1;
}

int main(int argc, char **argv)
{
    double best = 0;
    size_t articles = 0;
    uint64_t bytes = 0;
    ns_arena arena;
    ns_arena_init(&arena);
    for (int round = 0; round < 3; round++) {
        articles = 0;
        bytes = 0;
        double begin = seconds();
        for (int i = 1; i < argc; i++)
            if (!read_all(argv[i], &arena, &articles, &bytes))
                return 2;
        double took = seconds() - begin;
        best = round == 0 || took < best ? took : best;
    }
    ns_arena_release(&arena);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (!articles || best <= 0)
        return 1;
    printf("%.1f MB/s, %.0f articles/s, peak %ld MB\n", (double)bytes / 1e6 / best, (double)articles / best,
           usage.ru_maxrss >> 10);
    return 0;
}
