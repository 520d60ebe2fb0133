/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compare_indexes.c - asks two indexes of the same articles the same queries and compares the first stage: ids and scores
 * (relative 1e-6). Articles with equal scores may come in any order, and at the end of the list any of them may be cut.
 *
 *     compare_indexes INDEX INDEX QUERIES [LIMIT]     lines of QUERIES: id<TAB>query
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/nsearch.h"

#define TOLERANCE 1e-6

static nsearch_error err = NSEARCH_ERROR_INIT;

static int close_to(double a, double b)
{
    return fabs(a - b) <= TOLERANCE * fmax(fabs(a), fabs(b));
}

static const nsearch_hit *hit_of(const nsearch_result *result, const char *id)
{
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++)
        if (!strcmp(hit->id, id))
            return hit;
    return NULL;
}

/* Each article of 'a' that is not at the end must be in 'b' with its score. */
static int holds_all(const nsearch_result *a, const nsearch_result *b, size_t limit, const char *query)
{
    const nsearch_hit *hit;
    size_t count = nsearch_result_count(a);
    double last = count ? nsearch_result_hit(a, count - 1)->score : 0.0;
    for (size_t i = 0; (hit = nsearch_result_hit(a, i)) != NULL; i++) {
        const nsearch_hit *other = hit_of(b, hit->id);
        if (!other && count == limit && close_to(hit->score, last))
            continue;
        if (!other || !close_to(hit->score, other->score)) {
            printf("'%s': '%s' has score %.17g here, %.17g there\n", query, hit->id, hit->score,
                   other ? other->score : NAN);
            return 0;
        }
    }
    return 1;
}

static int compare(nsearch_index *const indexes[2], const char *query, const nsearch_search_options *options,
                   size_t *hits)
{
    nsearch_result *results[2] = {NULL, NULL};
    int same = 1;
    for (int i = 0; i < 2 && same; i++)
        if (nsearch_search(indexes[i], query, options, &results[i], &err)) {
            printf("'%s': %s\n", query, err.text);
            same = 0;
        }
    if (same && nsearch_result_count(results[0]) != nsearch_result_count(results[1])) {
        printf("'%s': %zu articles here, %zu there\n", query, nsearch_result_count(results[0]),
               nsearch_result_count(results[1]));
        same = 0;
    }
    for (size_t i = 0; same && i < nsearch_result_count(results[0]); i++)
        if (!close_to(nsearch_result_hit(results[0], i)->score, nsearch_result_hit(results[1], i)->score)) {
            printf("'%s': score at rank %zu differs\n", query, i + 1);
            same = 0;
        }
    same = same && holds_all(results[0], results[1], options->limit, query) &&
           holds_all(results[1], results[0], options->limit, query);
    *hits += same ? nsearch_result_count(results[0]) : 0;
    nsearch_result_free(results[0]);
    nsearch_result_free(results[1]);
    return same;
}

int main(int argc, char **argv)
{
    nsearch_index *indexes[2] = {NULL, NULL};
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    options.first_stage = 1;
    options.keep_copies = 1;
    options.snippets = 0;
    options.now = 1700000000;
    if (argc < 4) {
        fprintf(stderr, "usage: compare_indexes INDEX INDEX QUERIES [LIMIT]\n");
        return 2;
    }
    options.limit = argc > 4 ? strtoul(argv[4], NULL, 10) : 100;
    FILE *file = fopen(argv[3], "r");
    if (!file || nsearch_open(argv[1], NULL, &indexes[0], &err) || nsearch_open(argv[2], NULL, &indexes[1], &err)) {
        fprintf(stderr, "%s\n", file ? err.text : "cannot open the queries");
        return 2;
    }
    char *line = NULL;
    size_t room = 0, queries = 0, answered = 0, differ = 0, hits = 0;
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        char *tab = strchr(line, '\t');
        size_t before = hits;
        queries++;
        differ += !compare(indexes, tab ? tab + 1 : line, &options, &hits);
        answered += hits > before;
    }
    free(line);
    fclose(file);
    nsearch_close(indexes[0]);
    nsearch_close(indexes[1]);
    printf("%zu queries, %zu with hits, %zu hits compared, %zu queries differ\n", queries, answered, hits, differ);
    return queries && answered && !differ ? 0 : 1;
}
