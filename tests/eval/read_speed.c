/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_speed.c - how fast files become articles on one core: the best of three rounds, by processor time.
 *
 *     read_speed PATH...       prints megabytes and articles a second, and the peak of memory in MB
 *     read_speed -c PATH...    the same through a confined process, whose time is counted, too
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "corpus/confined.h"
#include "corpus/reader.h"

/* Of this process, and of those that ended. */
static double seconds(void)
{
    struct timespec now;
    struct rusage ended;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    getrusage(RUSAGE_CHILDREN, &ended);
    return (double)(now.tv_sec + ended.ru_utime.tv_sec + ended.ru_stime.tv_sec) + (double)now.tv_nsec / 1e9 +
           (double)(ended.ru_utime.tv_usec + ended.ru_stime.tv_usec) / 1e6;
}

/* False when the path cannot be opened. */
static int read_all(const char *path, ns_confined *confined, ns_arena *arena, size_t *articles, uint64_t *bytes)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_reader *reader;
    ns_article article;
    ns_read answer;
    if (ns_reader_open(path, &reader, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 0;
    }
    ns_reader_confine(reader, confined);
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
    int read = ns_confined_serve(argc, argv);
    if (read >= 0)
        return read;
    int first = argc > 1 && !strcmp(argv[1], "-c") ? 2 : 1;
    double best = 0;
    size_t articles = 0;
    uint64_t bytes = 0;
    ns_arena arena;
    ns_arena_init(&arena);
    for (int round = 0; round < 3; round++) {
        articles = 0;
        bytes = 0;
        double begin = seconds();
        ns_confined *confined = NULL;
        nsearch_error err = NSEARCH_ERROR_INIT;
        if (first == 2 && ns_confined_new("/proc/self/exe", &confined, &err)) {
            fprintf(stderr, "%s\n", err.text);
            return 2;
        }
        for (int i = first; i < argc; i++)
            if (!read_all(argv[i], confined, &arena, &articles, &bytes))
                return 2;
        ns_confined_free(confined);
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
