/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compare_answers.c - asks several indexes of the same articles the same queries and compares whole answers with those of
 * the first: ids, order, scores (relative 1e-6), passages and what is marked in them, copies, related articles, dates,
 * counts, facets and timeline. Options vary from query to query. What the first stage ranks equal may be cut differently
 * where it ends: hits with the score of the last one are not compared.
 *
 *     compare_answers QUERIES INDEX INDEX...     lines of QUERIES: id<TAB>query
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/nsearch.h"
#include "src/text/fold.h"

#define TOLERANCE 1e-6
#define INDEXES_MAX 8

static nsearch_error err = NSEARCH_ERROR_INIT;

static int close_to(double a, double b)
{
    return fabs(a - b) <= TOLERANCE * fmax(fabs(a), fabs(b));
}

/* ---- an answer as text */

typedef struct text {
    char *bytes;
    size_t n, room;
} text;

__attribute__((format(printf, 2, 3))) static void say(text *t, const char *format, ...)
{
    va_list args;
    for (;;) {
        va_start(args, format);
        int n = vsnprintf(t->bytes + t->n, t->room - t->n, format, args);
        va_end(args);
        if (n >= 0 && (size_t)n < t->room - t->n) {
            t->n += (size_t)n;
            return;
        }
        t->room = t->room * 2 + (size_t)n + 256;
        t->bytes = realloc(t->bytes, t->room);
        if (!t->bytes)
            exit(2);
    }
}

static void say_passage(text *t, const nsearch_passage *p)
{
    say(t, " [%.5g %s", p->score, p->text ? p->text : "");
    for (size_t i = 0; i < p->span_count; i++)
        say(t, " %zu-%zu", p->spans[i].begin, p->spans[i].end);
    say(t, "]");
}

static int by_copy(const void *a, const void *b)
{
    return strcmp(((const nsearch_copy *)a)->id, ((const nsearch_copy *)b)->id);
}

static int by_related(const void *a, const void *b)
{
    return strcmp(((const nsearch_related *)a)->id, ((const nsearch_related *)b)->id);
}

/* All of a hit but its score. Which of two copies of one day lends it is open. */
static void say_hit(text *t, const nsearch_hit *hit)
{
    say(t, "%s|%s|%s|%s|%s|%s|%d", hit->id, hit->title, hit->source, hit->byline, hit->url, hit->date, hit->date_inferred);
    say(t, "|%s", hit->date_inferred ? "copy" : hit->date_source);
    for (size_t i = 0; i < hit->passage_count; i++)
        say_passage(t, &hit->passages[i]);
    nsearch_copy *copies = calloc(hit->copy_count + 1, sizeof *copies);
    nsearch_related *related = calloc(hit->related_count + 1, sizeof *related);
    if (!copies || !related)
        exit(2);
    if (hit->copy_count)
        memcpy(copies, hit->copies, hit->copy_count * sizeof *copies);
    if (hit->related_count)
        memcpy(related, hit->related, hit->related_count * sizeof *related);
    qsort(copies, hit->copy_count, sizeof *copies, by_copy);
    qsort(related, hit->related_count, sizeof *related, by_related);
    for (size_t i = 0; i < hit->copy_count; i++) {
        say(t, "\ncopy %s %s %.4f %.4f %d", copies[i].id, copies[i].date, copies[i].likeness, copies[i].own_share,
            copies[i].date_inferred);
        if (copies[i].passage)
            say_passage(t, copies[i].passage);
    }
    for (size_t i = 0; i < hit->related_count; i++)
        say(t, "\nrelated %s %s %.4f %.4f", related[i].id, related[i].date, related[i].likeness, related[i].shared);
    for (size_t i = 0; i < hit->quotation_count; i++)
        say(t, "\nquoted %s: %s", hit->quotations[i].speaker, hit->quotations[i].text);
    free(copies);
    free(related);
}

/* A name is shown as one of the articles writes it, "N.A." or "NA", "Lucía" or "Lucia": which of them is open. */
static void say_name(text *t, const char *name)
{
    char folded[512], *to = folded;
    ns_fold_word(name, strlen(name), folded, sizeof folded);
    for (const char *p = folded; *p; p++)
        if (*p != '.')
            *to++ = *p;
    *to = '\0';
    say(t, ", %s", folded);
}

/* What is said of all that matches. */
static void say_counts(text *t, const nsearch_result *r)
{
    const nsearch_facet *facet;
    const nsearch_period *period;
    const char *note;
    int at_least;
    unsigned long long found = nsearch_result_found(r, &at_least);
    say(t, "%llu%s found, %zu hits, %llu undated", found, at_least ? " at least" : "", nsearch_result_count(r),
        (unsigned long long)nsearch_result_undated(r));
    for (size_t i = 0; (note = nsearch_result_note(r, i)); i++)
        say(t, "\nnote %s", note);
    for (size_t i = 0; (facet = nsearch_result_facet(r, i)); i++) {
        say(t, "\n%s: %llu", facet->field, (unsigned long long)facet->distinct);
        for (size_t k = 0; k < facet->value_count; k++) {
            say_name(t, facet->values[k].name);
            say(t, " %llu", (unsigned long long)facet->values[k].articles);
        }
    }
    for (size_t i = 0; (period = nsearch_result_period(r, i)); i++)
        say(t, "\n%s %llu %llu", period->first, (unsigned long long)period->articles, (unsigned long long)period->stories);
}

/* ---- comparing */

static int differ(const char *query, const char *index, const char *what, const text *a, const text *b)
{
    printf("'%s': %s of %s differ:\n%s\ninstead of\n%s\n\n", query, what, index, b->bytes, a->bytes);
    return 0;
}

static int same_answer(const char *query, const char *index, const nsearch_result *a, const nsearch_result *b,
                       const nsearch_search_options *o)
{
    text x = {0}, y = {0};
    size_t n = nsearch_result_count(a);
    say_counts(&x, a);
    say_counts(&y, b);
    int same = !strcmp(x.bytes, y.bytes) || differ(query, index, "counts", &x, &y);
    double last = n ? nsearch_result_hit(a, n - 1)->score : 0;
    for (size_t i = 0; i < n && same; i++) {
        const nsearch_hit *p = nsearch_result_hit(a, i), *q = nsearch_result_hit(b, i);
        x.n = y.n = 0;
        say_hit(&x, p);
        say_hit(&y, q);
        if (o->sort == NSEARCH_SORT_RELEVANCE && n == o->limit && close_to(p->score, last) && close_to(q->score, last))
            break;
        say(&x, "\nscore %.6g at %zu", p->score, i);
        say(&y, "\nscore %.6g at %zu", close_to(p->score, q->score) ? p->score : q->score, i);
        same = !strcmp(x.bytes, y.bytes) || differ(query, index, "hits", &x, &y);
    }
    free(x.bytes);
    free(y.bytes);
    return same;
}

static nsearch_search_options options_of(size_t q)
{
    nsearch_search_options o = NSEARCH_SEARCH_OPTIONS_INIT;
    o.now = 1750000000;
    o.limit = 1 + q * 7 % 25;
    o.passages = 1 + q % 3;
    o.keep_copies = q % 3 == 0;
    o.snippets = q % 11 != 0;
    o.entity_weight = q % 8 == 7 ? 0 : 0.25;
    o.recency_days = q % 5 == 2 ? 30 : 0;
    o.sort = q % 7 == 3 ? NSEARCH_SORT_DATE : q % 7 == 5 ? NSEARCH_SORT_OLDEST : NSEARCH_SORT_RELEVANCE;
    o.timeline = q % 4 == 1 ? (nsearch_interval)(1 + q / 4 % 3) : NSEARCH_INTERVAL_NONE;
    o.facets = q % 6 == 0 ? "person,place,org,source" : NULL;
    o.plain = q % 31 == 30;
    return o;
}

int main(int argc, char **argv)
{
    nsearch_index *indexes[INDEXES_MAX];
    int count = argc - 2;
    FILE *file = argc > 3 ? fopen(argv[1], "r") : NULL;
    if (!file || count > INDEXES_MAX) {
        fprintf(stderr, "usage: compare_answers QUERIES INDEX INDEX...\n");
        return 2;
    }
    for (int i = 0; i < count; i++)
        if (nsearch_open(argv[2 + i], NULL, &indexes[i], &err)) {
            fprintf(stderr, "%s\n", err.text);
            return 2;
        }
    char *line = NULL;
    size_t room = 0, queries = 0, answered = 0, different = 0, compared = 0;
    for (; getline(&line, &room, file) > 0; queries++) {
        nsearch_result *first = NULL, *other;
        nsearch_search_options o = options_of(queries);
        line[strcspn(line, "\r\n")] = '\0';
        const char *tab = strchr(line, '\t'), *query = tab ? tab + 1 : line;
        int same = 1;
        for (int i = 0; i < count && same; i++) {
            if (nsearch_search(indexes[i], query, &o, &other, &err)) {
                printf("'%s': %s: %s\n", query, argv[2 + i], err.text);
                same = 0;
            } else if (nsearch_result_partial(other)) {
                printf("'%s': a shard of %s did not answer\n", query, argv[2 + i]);
                same = 0;
            } else if (i) {
                same = same_answer(query, argv[2 + i], first, other, &o);
                compared++;
            } else
                first = other;
            if (i || !same)
                nsearch_result_free(other);
        }
        different += !same;
        answered += nsearch_result_count(first) > 0;
        nsearch_result_free(first);
    }
    free(line);
    fclose(file);
    for (int i = 0; i < count; i++)
        nsearch_close(indexes[i]);
    printf("%zu queries in %d indexes, %zu with hits, %zu answers compared, %zu queries differ\n", queries, count, answered,
           compared, different);
    return queries && answered && !different ? 0 : 1;
}
