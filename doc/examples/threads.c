/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * threads.c - one index handle shared by several threads, a query each.
 *
 *     cc threads.c $(pkg-config --cflags --libs nsearch) -pthread -o threads
 *     ./threads news.index 'artillery shells' copper 'person:kim'
 */
#include <nsearch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct job {
    nsearch_index *index; /* shared */
    const char *query;
    uint64_t found;
    nsearch_error err;    /* each thread has its own record */
    pthread_t thread;
} job;

static void *ask(void *argument)
{
    job *j = argument;
    nsearch_result *result = NULL;
    int at_least;
    if (nsearch_search(j->index, j->query, NULL, &result, &j->err) == NSEARCH_OK)
        j->found = nsearch_result_found(result, &at_least);
    nsearch_result_free(result);
    return NULL;
}

int main(int argc, char **argv)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    if (argc < 3) {
        fprintf(stderr, "usage: threads INDEX QUERY...\n");
        return 2;
    }
    if (nsearch_open(argv[1], NULL, &index, &err)) {
        fprintf(stderr, "threads: %s\n", err.text);
        return 2;
    }
    int count = argc - 2, started = 0, code = 0;
    job *jobs = calloc((size_t)count, sizeof *jobs);
    for (; jobs && started < count; started++) {
        jobs[started].index = index;
        jobs[started].query = argv[2 + started];
        if (pthread_create(&jobs[started].thread, NULL, ask, jobs + started))
            break;
    }
    if (started < count) {
        fprintf(stderr, "threads: cannot start %d threads\n", count);
        code = 2;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(jobs[i].thread, NULL);
        if (jobs[i].err.status) {
            fprintf(stderr, "threads: %s\n", jobs[i].err.text);
            code = 2;
        } else {
            printf("%s: %llu\n", jobs[i].query, (unsigned long long)jobs[i].found);
        }
    }
    free(jobs);
    nsearch_close(index);
    return code;
}
