/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * queries.c - plans over stems alone: no filter for 'or', a filter of terms for 'and', a phrase for 'phrase'.
 */
#include "tests/bench/queries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool bench_query_class(const char *class, bench_query *out)
{
    static const struct {
        const char *name;
        bench_kind kind;
    } classes[] = {{"or", BENCH_OR}, {"head", BENCH_OR}, {"and", BENCH_AND}, {"phrase", BENCH_PHRASE}};
    out->count = !strncmp(class, "c_", 2);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strcmp(class + (out->count ? 2 : 0), classes[i].name)) {
            out->kind = classes[i].kind;
            return true;
        }
    return false;
}

static bool is_listed(const char *class, const char *classes)
{
    size_t n = strlen(class);
    if (!classes || !*classes)
        return true;
    for (const char *p = classes; *p; p += strcspn(p, ",") + (p[strcspn(p, ",")] == ','))
        if (strcspn(p, ",") == n && !memcmp(p, class, n))
            return true;
    return false;
}

/* Takes over the three fields of a line. */
static bool add_line(bench_query_list *list, char *line, const char *classes)
{
    bench_query q = {.class = line};
    line[strcspn(line, "\r\n")] = '\0';
    q.id = strchr(line, '\t');
    q.words = q.id ? strchr(q.id + 1, '\t') : NULL;
    if (!q.words || !(*q.id++ = '\0', *q.words++ = '\0', bench_query_class(q.class, &q))) {
        errno = 0;
        return false;
    }
    q.length = strlen(q.words);
    if (!is_listed(q.class, classes)) {
        free(line);
        return true;
    }
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 256;
        bench_query *items = realloc(list->items, room * sizeof *items);
        if (!items)
            return false;
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = q;
    return true;
}

/* The queries of a class together, classes and queries in the order of the file. */
static bool group(bench_query_list *list)
{
    bench_query *items = malloc((list->count + 1) * sizeof *items);
    size_t count = 0;
    if (!items)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const char *class = list->items[i].class;
        for (size_t k = i; class && k < list->count; k++)
            if (list->items[k].class && (k == i || !strcmp(list->items[k].class, class))) {
                items[count++] = list->items[k];
                if (k > i)
                    list->items[k].class = NULL;
            }
    }
    free(list->items);
    list->items = items;
    return true;
}

bool bench_queries_load(bench_query_list *list, const char *path, const char *classes)
{
    *list = (bench_query_list){0};
    FILE *file = fopen(path, "r");
    bool good = file != NULL;
    while (good) {
        char *line = NULL;
        size_t room = 0;
        if (getline(&line, &room, file) <= 0) {
            free(line);
            break;
        }
        good = add_line(list, line, classes);
        if (!good)
            free(line);
    }
    if (file)
        fclose(file);
    return good && group(list);
}

void bench_queries_release(bench_query_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].class); /* the line */
    free(list->items);
    *list = (bench_query_list){0};
}

/* Bytes that may be kept of terms: CACHE_MB, or 0: as the library has it. */
static size_t cache_bytes(void)
{
    const char *text = getenv("CACHE_MB");
    return text ? (size_t)strtoul(text, NULL, 10) << 20 : 0;
}

nsearch_status bench_searcher_open(bench_searcher *s, const char *dir, nsearch_error *err)
{
    ns_snapshot_stats stats;
    memset(s, 0, sizeof *s);
    ns_arena_init(&s->arena);
    if (!plain_init(&s->analyser))
        return ns_error_memory(err);
    nsearch_status status = ns_native_backend.open(dir, &s->snapshot, err);
    if (!status)
        status = ns_native_backend.stats(s->snapshot, &stats, err);
    if (!status && !(s->cache = ns_maxima_cache_new(cache_bytes(), stats.bytes_index)))
        status = ns_error_memory(err);
    if (!status) {
        s->passages = (double)stats.passages;
        s->average_length = stats.passages ? (double)stats.total_length / (double)stats.passages : 1;
    } else {
        bench_searcher_close(s);
    }
    return status;
}

void bench_searcher_close(bench_searcher *s)
{
    if (s->snapshot)
        ns_native_backend.close(s->snapshot);
    ns_maxima_cache_free(s->cache);
    plain_release(&s->analyser);
    ns_arena_release(&s->arena);
    memset(s, 0, sizeof *s);
}

static ns_filter *make_filter(bench_searcher *s, bench_kind kind, bool count, size_t words)
{
    static const ns_filter_kind kinds[BENCH_KINDS] = {NS_FILTER_OR, NS_FILTER_AND, NS_FILTER_PHRASE};
    if (kind == BENCH_OR && !count)
        return NULL;
    ns_filter *leaves = ns_arena_zero(&s->arena, (words + 1) * sizeof *leaves);
    ns_filter **children = ns_arena_array(&s->arena, words + 1, sizeof *children);
    if (!leaves || !children)
        return NULL;
    for (size_t i = 0; i < words; i++) {
        leaves[i] = (ns_filter){.kind = NS_FILTER_TERM, .key = s->keys[i], .key_length = s->lengths[i]};
        children[i] = &leaves[i];
    }
    leaves[words] = (ns_filter){.kind = words > 1 ? kinds[kind] : NS_FILTER_AND, .children = children, .child_count = words};
    return words == 1 ? &leaves[0] : &leaves[words];
}

/* One weight a distinct word, by its idf; a word that is nowhere has none. */
static nsearch_status make_weights(bench_searcher *s, size_t words, ns_plan *plan, nsearch_error *err)
{
    ns_weight *weights = ns_arena_array(&s->arena, words + 1, sizeof *weights);
    if (!weights)
        return ns_error_memory(err);
    plan->weights = weights;
    for (size_t i = 0; i < words; i++) {
        ns_term_stats stats;
        size_t before = 0;
        while (before < i && (s->lengths[before] != s->lengths[i] || memcmp(s->keys[before], s->keys[i], s->lengths[i])))
            before++;
        if (before < i)
            continue;
        nsearch_status status = ns_native_backend.term(s->snapshot, s->keys[i], s->lengths[i], &stats, err);
        if (status)
            return status;
        if (stats.df)
            weights[plan->weight_count++] =
                (ns_weight){s->keys[i], s->lengths[i], ns_bm25_idf(s->passages, (double)stats.df)};
    }
    return NSEARCH_OK;
}

nsearch_status bench_run(bench_searcher *s, const bench_query *query, ns_match_mode mode, ns_match *match,
                         nsearch_error *err)
{
    ns_plan plan = {.k1 = 1.2, .b = 0.75, .average_length = s->average_length};
    ns_arena_reset(&s->arena);
    size_t words = plain_query(&s->analyser, query->words, query->length, s->keys, s->lengths, BENCH_WORDS_MAX);
    *match = (ns_match){0};
    if (!words)
        return NSEARCH_OK;
    plan.filter = make_filter(s, query->kind, query->count, words);
    if (!plan.filter && (query->kind != BENCH_OR || query->count))
        return ns_error_memory(err);
    nsearch_status status = query->count ? NSEARCH_OK : make_weights(s, words, &plan, err);
    const ns_match_options options = {.limit = query->count ? 0 : BENCH_TOP, .mode = mode, .uncounted = !query->count && !s->counted,
                                      .cache = s->cache};
    return status ? status : ns_match_run(s->snapshot, &plan, &options, &s->arena, match, err);
}

uint64_t bench_line_of(bench_searcher *s, uint32_t docid)
{
    ns_article_columns columns;
    return ns_native_backend.columns(s->snapshot, docid, &columns, NULL) ? UINT64_MAX : columns.hash;
}
