/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_groups.c - 'nsearch-inspect groups': the groups of copies in the whole index, the largest first.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/day.h"
#include "src/text/neardup.h"
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define GROUPS_SHOWN 20

typedef struct table {
    ns_article_columns *members; /* group by group; the head first, then by day and docid */
    size_t count, capacity;
    bool failed;
} table;

static bool keep(const ns_article_columns *columns, void *user)
{
    table *t = user;
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 1024;
        ns_article_columns *more = reallocarray(t->members, capacity, sizeof *more);
        t->failed = !more;
        if (!more)
            return false;
        t->members = more;
        t->capacity = capacity;
    }
    t->members[t->count++] = *columns;
    return true;
}

static int by_group(const void *a, const void *b)
{
    const ns_article_columns *x = a, *y = b;
    uint64_t m = ns_group_number(x->group), n = ns_group_number(y->group);
    if (m != n)
        return m < n ? -1 : 1;
    if ((x->group ^ y->group) & NS_GROUP_HEAD)
        return x->group & NS_GROUP_HEAD ? -1 : 1;
    int64_t dx = x->day == NS_DAY_UNKNOWN ? INT64_MAX : x->day;
    int64_t dy = y->day == NS_DAY_UNKNOWN ? INT64_MAX : y->day;
    if (dx != dy)
        return dx < dy ? -1 : 1;
    return x->article < y->article ? -1 : x->article > y->article;
}

typedef struct group {
    size_t begin, size; /* members */
} group;

static int by_size(const void *a, const void *b)
{
    const group *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* 'likeness': with the group's first. */
static nsearch_status show_member(inspect *in, const ns_article_columns *m, bool is_head, double likeness, json_t *list,
                                  nsearch_error *err)
{
    ns_stored stored;
    ns_arena_reset(&in->arena);
    nsearch_status status = inspect_fetch(in, m->article, &stored, err);
    if (status)
        return status;
    const ns_article *article = &stored.article;
    if (list) {
        json_t *object = json_object();
        tool_json_set_text(object, "id", article->id);
        tool_json_set_text(object, "title", article->title);
        tool_json_set_text(object, "source", article->source);
        tool_json_set_text(object, "date", article->date);
        json_object_set_new(object, "likeness", json_real(likeness));
        json_array_append_new(list, object);
        return NSEARCH_OK;
    }
    printf(is_head ? "  head   " : "  %3.0f %%  ", 100 * likeness);
    tool_print_safe(stdout, *article->date ? article->date : "date unknown");
    fputs("  ", stdout);
    tool_print_safe(stdout, article->id);
    fputs("  ", stdout);
    tool_print_styled(&in->page, is_head ? TOOL_BOLD : TOOL_PLAIN, article->title);
    if (*article->source) {
        fputs(" (", stdout);
        tool_print_safe(stdout, article->source);
        fputc(')', stdout);
    }
    putchar('\n');
    return NSEARCH_OK;
}

static nsearch_status show_group(inspect *in, const table *t, const group *g, json_t *groups, nsearch_error *err)
{
    json_t *list = groups ? json_array() : NULL;
    if (!groups)
        printf("%zu copies\n", g->size);
    nsearch_status status = NSEARCH_OK;
    const ns_article_columns *first = t->members + g->begin;
    for (size_t i = 0; !status && i < g->size; i++)
        status = show_member(in, first + i, !i, i ? ns_sketch_likeness(&first->sketch, &first[i].sketch) : 1, list,
                             err);
    if (groups) {
        json_t *object = json_object();
        tool_json_set_count(object, "size", g->size);
        json_object_set_new(object, "articles", list); /* the head first */
        json_array_append_new(groups, object);
    } else {
        putchar('\n');
    }
    return status;
}

static int show_groups(inspect *in, const table *t, nsearch_error *err)
{
    size_t count = 0, articles = 0, limit = in->limit ? in->limit : in->json ? INSPECT_ALL : GROUPS_SHOWN;
    group *groups = calloc(t->count + 1, sizeof *groups);
    if (!groups)
        return tool_error("out of memory");
    for (size_t i = 0, end; i < t->count; i = end) {
        uint64_t number = ns_group_number(t->members[i].group);
        for (end = i + 1; number && end < t->count && ns_group_number(t->members[end].group) == number;)
            end++;
        if (end - i > 1) {
            groups[count++] = (group){ i, end - i };
            articles += end - i;
        }
    }
    qsort(groups, count, sizeof *groups, by_size);
    json_t *list = in->json ? json_array() : NULL;
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; !status && i < count && i < limit; i++)
        status = show_group(in, t, groups + i, list, err);
    free(groups);
    if (status) {
        json_decref(list);
        return tool_failed(err, in->index);
    }
    if (in->json) {
        json_t *answer = tool_json_answer(in->fingerprint);
        tool_json_set_count(answer, "articles", t->count);
        tool_json_set_count(answer, "articles_in_groups", articles);
        tool_json_set_count(answer, "group_count", count);
        json_object_set_new(answer, "groups", list);
        if (!tool_json_print(answer, false))
            return TOOL_ERROR;
    } else {
        if (count > limit)
            printf("... and %zu more group%s: -n 0 lists all\n", count - limit, TOOL_S(count - limit));
        printf("%zu of %zu articles in %zu group%s\n", articles, t->count, count, TOOL_S(count));
    }
    return count ? TOOL_FOUND : TOOL_NONE;
}

int inspect_groups(inspect *in, char **words, int count)
{
    (void)words;
    if (count)
        return tool_usage("groups takes no argument");
    nsearch_error err = NSEARCH_ERROR_INIT;
    table t;
    memset(&t, 0, sizeof t);
    int code;
    if (in->backend->articles(in->snapshot, keep, &t, &err)) {
        code = tool_failed(&err, in->index);
    } else if (t.failed) {
        code = tool_error("out of memory");
    } else {
        if (t.count)
            qsort(t.members, t.count, sizeof *t.members, by_group);
        code = show_groups(in, &t, &err);
    }
    free(t.members);
    return code;
}
