/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_groups.c - 'nsearch-inspect groups': copies of one story in the whole index. Articles that share a sketch
 * word in the same place are candidates (no copy is without one); in the order of publication each article that is in no
 * group yet takes its later candidates that are copies of it.
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
#define NO_GROUP UINT32_MAX
#define BUCKETS 65536 /* values of a sketch word */

typedef struct member {
    ns_article_columns columns;
    uint32_t head; /* index of the group's head */
    double likeness;
} member;

typedef struct table {
    member *members; /* by day, then docid */
    size_t count, capacity;
    bool failed;
    /* Bucket v of sketch place w holds members rows[starts[w][v]] to rows[starts[w][v + 1]], ascending. */
    uint32_t *starts, *rows;
    uint32_t *sizes; /* members of the group that this one heads */
} table;

static bool keep(const ns_article_columns *columns, void *user)
{
    table *t = user;
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 1024;
        member *more = reallocarray(t->members, capacity, sizeof *more);
        t->failed = !more;
        if (!more)
            return false;
        t->members = more;
        t->capacity = capacity;
    }
    t->members[t->count++] = (member){ *columns, NO_GROUP, 1 };
    return true;
}

/* Published first is the head; who has no date comes last. */
static int by_day(const void *a, const void *b)
{
    const ns_article_columns *x = &((const member *)a)->columns, *y = &((const member *)b)->columns;
    int64_t dx = x->day == NS_DAY_UNKNOWN ? INT64_MAX : x->day;
    int64_t dy = y->day == NS_DAY_UNKNOWN ? INT64_MAX : y->day;
    if (dx != dy)
        return dx < dy ? -1 : 1;
    return x->article < y->article ? -1 : x->article > y->article;
}

/* Sorts the members into buckets by counting, a sketch place at a time. Equal texts too short for a sketch go by
 * their text's hash. */
static uint16_t bucket_of(const member *m, size_t place)
{
    const ns_sketch *sketch = &m->columns.sketch;
    return sketch->shingles ? sketch->words[place] : (uint16_t)(sketch->text_hash >> 48);
}

static bool fill_buckets(table *t)
{
    const size_t width = BUCKETS + 1;
    t->starts = calloc(NS_SKETCH_WORDS * width, sizeof *t->starts);
    t->rows = calloc(NS_SKETCH_WORDS * t->count + 1, sizeof *t->rows);
    t->sizes = calloc(t->count + 1, sizeof *t->sizes);
    uint32_t *fill = malloc(BUCKETS * sizeof *fill);
    bool fine = t->starts && t->rows && t->sizes && fill;
    for (size_t place = 0; fine && place < NS_SKETCH_WORDS; place++) {
        uint32_t *starts = t->starts + place * width, *rows = t->rows + place * t->count;
        for (size_t i = 0; i < t->count; i++)
            starts[bucket_of(t->members + i, place) + 1]++;
        for (size_t v = 0; v < BUCKETS; v++)
            starts[v + 1] += starts[v];
        memcpy(fill, starts, BUCKETS * sizeof *fill);
        for (size_t i = 0; i < t->count; i++)
            rows[fill[bucket_of(t->members + i, place)]++] = (uint32_t)i;
    }
    free(fill);
    return fine;
}

/* Gives member 'head' its later candidates that are copies of it. */
static void gather(table *t, uint32_t head)
{
    member *first = t->members + head;
    first->head = head;
    t->sizes[head] = 1;
    for (size_t place = 0; place < NS_SKETCH_WORDS; place++) {
        const uint32_t *starts = t->starts + place * (BUCKETS + 1), *rows = t->rows + place * t->count;
        uint16_t bucket = bucket_of(first, place);
        for (uint32_t r = starts[bucket + 1]; r-- > starts[bucket] && rows[r] > head;) {
            member *other = t->members + rows[r];
            double likeness = 0;
            if (other->head == NO_GROUP &&
                ns_sketch_is_copy(&first->columns.sketch, first->columns.day, &other->columns.sketch,
                                  other->columns.day, &likeness)) {
                other->head = head;
                other->likeness = likeness;
                t->sizes[head]++;
            }
        }
    }
}

typedef struct group {
    uint32_t head, size;
} group;

static int by_size(const void *a, const void *b)
{
    const group *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->head < y->head ? -1 : x->head > y->head;
}

static nsearch_status show_member(inspect *in, const member *m, bool is_head, json_t *list, nsearch_error *err)
{
    ns_stored stored;
    ns_arena_reset(&in->arena);
    nsearch_status status = inspect_fetch(in, m->columns.article, &stored, err);
    if (status)
        return status;
    const ns_article *article = &stored.article;
    if (list) {
        json_t *object = json_object();
        tool_json_set_text(object, "id", article->id);
        tool_json_set_text(object, "title", article->title);
        tool_json_set_text(object, "source", article->source);
        tool_json_set_text(object, "date", article->date);
        json_object_set_new(object, "likeness", json_real(m->likeness));
        json_array_append_new(list, object);
        return NSEARCH_OK;
    }
    printf(is_head ? "  head   " : "  %3.0f %%  ", 100 * m->likeness);
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
        printf("%" PRIu32 " copies\n", g->size);
    nsearch_status status = NSEARCH_OK;
    uint32_t left = g->size;
    for (size_t i = g->head; !status && left && i < t->count; i++)
        if (t->members[i].head == g->head) {
            status = show_member(in, t->members + i, i == g->head, list, err);
            left--;
        }
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
    for (size_t i = 0; i < t->count; i++)
        if (t->members[i].head == i && t->sizes[i] > 1) {
            groups[count++] = (group){ (uint32_t)i, t->sizes[i] };
            articles += t->sizes[i];
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
            printf("... and %zu more groups: -n 0 lists all\n", count - limit);
        printf("%zu of %zu articles in %zu groups\n", articles, t->count, count);
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
    } else {
        if (t.count)
            qsort(t.members, t.count, sizeof *t.members, by_day);
        if (t.failed || !fill_buckets(&t)) {
            code = tool_error("out of memory");
        } else {
            for (size_t i = 0; i < t.count; i++)
                if (t.members[i].head == NO_GROUP)
                    gather(&t, (uint32_t)i);
            code = show_groups(in, &t, &err);
        }
    }
    free(t.members);
    free(t.starts);
    free(t.rows);
    free(t.sizes);
    return code;
}
