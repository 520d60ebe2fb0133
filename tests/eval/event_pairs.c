/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * event_pairs.c - event_pairs INDEX: a line 'id TAB id TAB likeness' for each two articles whose keywords are alike by a tenth
 * or more, and at the end '# limit' with the limit from which a search takes them as being about the same event.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/backend.h"
#include "src/text/keywords.h"
#include "src/text/stored.h"

typedef struct articles {
    ns_article_columns *list;
    size_t count;
} articles;

static bool keep(const ns_article_columns *columns, void *user)
{
    articles *a = user;
    ns_article_columns *more = realloc(a->list, (a->count + 1) * sizeof *more);
    if (!more)
        return false;
    a->list = more;
    a->list[a->count++] = *columns;
    return true;
}

static char *id_of(ns_snapshot *s, uint32_t docid, nsearch_error *err)
{
    ns_arena arena = NS_ARENA_INIT;
    const uint8_t *bytes;
    size_t n;
    ns_stored stored;
    char *id = NULL;
    if (!s->backend->fetch(s, docid, &arena, &bytes, &n, err) && !ns_stored_decode(bytes, n, &arena, &stored, err))
        id = strdup(stored.article.id);
    ns_arena_release(&arena);
    return id;
}

int main(int argc, char **argv)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_snapshot *s;
    articles a = {0};
    if (argc != 2 || ns_native_backend.open(argv[1], &s, &err) || s->backend->articles(s, keep, &a, &err)) {
        fprintf(stderr, "event_pairs: %s\n", argc == 2 ? err.text : "name an index");
        return 2;
    }
    char **ids = calloc(a.count + 1, sizeof *ids);
    for (size_t i = 0; ids && i < a.count; i++)
        if (!(ids[i] = id_of(s, a.list[i].article, &err)))
            return 2;
    for (size_t i = 0; ids && i < a.count; i++)
        for (size_t k = 0; k < i; k++) {
            double likeness = ns_keywords_likeness(a.list[i].sketch.keywords, a.list[k].sketch.keywords);
            if (likeness >= 0.1)
                printf("%s\t%s\t%.4f\n", ids[i], ids[k], likeness);
        }
    printf("# %.2f\n", NS_EVENT_LIKENESS);
    for (size_t i = 0; ids && i < a.count; i++)
        free(ids[i]);
    free(ids);
    free(a.list);
    s->backend->close(s);
    return 0;
}
