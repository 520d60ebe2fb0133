/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * index_and_search.c - indexes articles that the program holds in memory, changes one, removes one, and asks.
 *
 *     cc index_and_search.c $(pkg-config --cflags --libs nsearch) -o index_and_search
 *     ./index_and_search news.index
 */
#include <nsearch.h>
#include <stdio.h>

static nsearch_status add(nsearch_writer *writer, const char *id, const char *title, const char *text,
                          const char *date, nsearch_error *err)
{
    nsearch_article article = NSEARCH_ARTICLE_INIT;
    article.id = id;
    article.title = title;
    article.text = text;
    article.date = date;
    article.source = "Example Times";
    return nsearch_writer_add(writer, &article, err);
}

/* Three articles in one commit, a second commit that changes one and removes one. */
static nsearch_status fill(const char *path, nsearch_error *err)
{
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *writer = NULL;
    options.memory_mb = 64;
    nsearch_status status = nsearch_writer_open(path, &options, &writer, err);
    if (!status)
        status = add(writer, "ferry", "Ferry runs again", "The ferry to the island runs again.", "2025-03-01", err);
    if (!status)
        status = add(writer, "bakery", "Bakery burns", "A bakery on the quay burned down. The ferry was late.",
                     "2025-03-02", err);
    if (!status)
        status = add(writer, "mistake", "Not for print", "A ferry that does not exist.", NULL, err);
    if (!status)
        status = nsearch_writer_commit(writer, err);
    if (!status)
        status = add(writer, "bakery", "Bakery saved", "The bakery on the quay was saved by the ferry's crew.",
                     "2025-03-03", err);
    if (!status)
        status = nsearch_writer_remove(writer, "mistake", err);
    if (!status)
        status = nsearch_writer_commit(writer, err);
    nsearch_writer_close(writer);
    return status;
}

int main(int argc, char **argv)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_index *index = NULL;
    nsearch_result *result = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: index_and_search INDEX\n");
        return 2;
    }
    if (fill(argv[1], &err) || nsearch_open(argv[1], NULL, &index, &err) ||
        nsearch_search(index, "ferry", NULL, &result, &err)) {
        fprintf(stderr, "index_and_search: %s\n", err.text);
        nsearch_close(index);
        return 2;
    }
    const nsearch_hit *hit;
    for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++)
        printf("%s: %s, %s\n", hit->id, hit->title, hit->date);
    nsearch_result_free(result);
    nsearch_close(index);
    return 0;
}
