/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * search.c - asks an index one question and prints headlines, passages with the matches marked, copies.
 *
 *     cc search.c $(pkg-config --cflags --libs nsearch) -o search
 *     ./search news.index 'artillery shells'
 */
#include <nsearch.h>
#include <stdio.h>

static void print_marked(const nsearch_passage *passage)
{
    size_t at = 0;
    for (size_t i = 0; i < passage->span_count; i++) {
        const nsearch_span *span = passage->spans + i;
        printf("%.*s[%.*s]", (int)(span->begin - at), passage->text + at, (int)(span->end - span->begin),
               passage->text + span->begin);
        at = span->end;
    }
    printf("%s\n", passage->text + at);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: search INDEX QUERY\n");
        return 2;
    }
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_index *index = NULL;
    nsearch_result *result = NULL;
    options.limit = 5;
    options.passages = 2;
    if (nsearch_open(argv[1], NULL, &index, &err) ||
        nsearch_search(index, argv[2], &options, &result, &err)) {
        fprintf(stderr, "search: %s\n", err.text);
        nsearch_close(index);
        return 2;
    }
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++) {
        printf("%zu. %s (%s, %s)\n", i + 1, hit->title, *hit->source ? hit->source : "outlet unknown",
               *hit->date ? hit->date : "date unknown");
        for (size_t p = 0; p < hit->passage_count; p++)
            print_marked(hit->passages + p);
        for (size_t c = 0; c < hit->copy_count; c++)
            printf("   also in: %s\n", hit->copies[c].id);
    }
    const char *note;
    for (size_t i = 0; (note = nsearch_result_note(result, i)) != NULL; i++)
        printf("%s\n", note);
    int found = nsearch_result_count(result) > 0;
    nsearch_result_free(result);
    nsearch_close(index);
    return found ? 0 : 1;
}
