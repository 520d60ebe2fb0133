/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * related.c - an article is about the event of a hit when its keywords are alike enough, its day is near, and it is no
 * copy; of each group of copies the first in the ranking stands for all.
 */
#include "src/query/related.h"

#include <string.h>

#include "src/base/day.h"
#include "src/text/keywords.h"
#include "src/text/neardup.h"
#include "src/text/stored.h"

enum {
    RELATED_MAX = 3,   /* of a hit */
    LOOKED_THROUGH = 100 /* of the ranking */
};

static nsearch_status fetch(ns_snapshot *s, uint32_t article, ns_arena *arena, ns_stored *stored, nsearch_error *err)
{
    const uint8_t *bytes;
    size_t n;
    nsearch_status status = s->backend->fetch(s, article, arena, &bytes, &n, err);
    return status ? status : ns_stored_decode(bytes, n, arena, stored, err);
}

nsearch_status ns_shown_date(ns_snapshot *snapshot, uint32_t article, ns_arena *arena, const char **date,
                             const char **source, int *inferred, nsearch_error *err)
{
    const ns_day_of_copy *lent = ns_day_of_copy_find(snapshot, article);
    ns_stored copy;
    char day[11];
    if (!lent)
        return NSEARCH_OK;
    nsearch_status status = fetch(snapshot, lent->copy, arena, &copy, err);
    if (status)
        return status;
    ns_day_format(lent->day, day);
    *date = ns_arena_string(arena, day);
    *source = ns_arena_printf(arena, "copy of %s", copy.article.id);
    *inferred = 1;
    return *date && *source ? NSEARCH_OK : ns_error_memory(err);
}

typedef struct found {
    size_t place;
    double likeness;
} found;

static bool is_near(const ns_article_columns *a, const ns_article_columns *b)
{
    int64_t x = ns_article_day(a), y = ns_article_day(b);
    return x == NS_DAY_UNKNOWN || y == NS_DAY_UNKNOWN || (x - y <= NS_EVENT_DAYS && y - x <= NS_EVENT_DAYS);
}

/* Whether an article of its group is in the list already. */
static bool stands_for_it(const ns_scored_article *articles, const found *list, size_t n, uint64_t group)
{
    for (size_t i = 0; i < n; i++)
        if (ns_group_number(group) && ns_group_number(articles[list[i].place].columns.group) == ns_group_number(group))
            return true;
    return false;
}

/* The most alike, in order; at most RELATED_MAX. */
static size_t find(const ns_scored_article *articles, size_t count, size_t of, found list[RELATED_MAX + 1])
{
    const ns_article_columns *hit = &articles[of].columns;
    size_t n = 0;
    for (size_t i = 0; i < count && i < LOOKED_THROUGH; i++) {
        const ns_article_columns *c = &articles[i].columns;
        if (i == of || !is_near(hit, c) ||
            (ns_group_number(hit->group) && ns_group_number(c->group) == ns_group_number(hit->group)))
            continue;
        double likeness = ns_keywords_likeness(hit->sketch.keywords, c->sketch.keywords);
        if (likeness < NS_EVENT_LIKENESS || stands_for_it(articles, list, n, c->group))
            continue;
        size_t at = n;
        for (; at && list[at - 1].likeness < likeness; at--)
            list[at] = list[at - 1];
        list[at] = (found){i, likeness};
        n += n < RELATED_MAX;
    }
    return n;
}

static size_t rank_of(const size_t *shown, size_t hits, size_t place)
{
    for (size_t i = 0; i < hits; i++)
        if (shown[i] == place)
            return i + 1;
    return 0;
}

nsearch_status ns_related_show(ns_snapshot *snapshot, const ns_scored_article *articles, size_t count,
                               const size_t *shown, ns_answer *answer, nsearch_error *err)
{
    for (size_t h = 0; h < answer->hit_count; h++) {
        found list[RELATED_MAX + 1];
        nsearch_hit *hit = &answer->hits[h];
        size_t n = find(articles, count, shown[h], list);
        nsearch_related *related = n ? ns_arena_zero(&answer->arena, n * sizeof *related) : NULL;
        if (n && !related)
            return ns_error_memory(err);
        for (size_t i = 0; i < n; i++) {
            ns_stored stored;
            const char *source;
            int inferred;
            uint32_t article = articles[list[i].place].columns.article;
            nsearch_status status = fetch(snapshot, article, &answer->arena, &stored, err);
            if (status)
                return status;
            const ns_article *a = &stored.article;
            related[i] = (nsearch_related){.id = a->id, .title = a->title, .source = a->source, .url = a->url,
                                           .date = a->date, .likeness = list[i].likeness,
                                           .shared = ns_sketch_likeness(&articles[shown[h]].columns.sketch,
                                                                        &articles[list[i].place].columns.sketch),
                                           .rank = rank_of(shown, answer->hit_count, list[i].place)};
            status = ns_shown_date(snapshot, article, &answer->arena, &related[i].date, &source, &inferred, err);
            if (status)
                return status;
        }
        hit->related = related;
        hit->related_count = n;
    }
    return NSEARCH_OK;
}
