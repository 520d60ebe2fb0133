/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stories.c - only groups of two and more are kept. A group's day is the first of the fourteen days in which
 * most of its articles say they were published, of several such the earliest; members without a day, with a guessed one, or with
 * one more than a month later take it: copies come within days, and the day of a crawl is later than that of the story.
 */
#include "src/query/stories.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"

enum {
    WINDOW_DAYS = 14,
    LATE_DAYS = 30
};

struct ns_stories {
    pthread_mutex_t lock;
    bool made;
    ns_story_member *members; /* by group, then by day */
    size_t count, capacity;
    uint64_t *numbers; /* of groups with a member that is no head; open addressing, 0 is empty */
    uint32_t *begins;  /* of the same: the first member */
    size_t slot_count, number_count;
    ns_day_of_copy *days;
    size_t day_count;
};

ns_stories *ns_stories_new(void)
{
    ns_stories *s = calloc(1, sizeof *s);
    if (s)
        pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void forget(ns_stories *s)
{
    free(s->members);
    free(s->numbers);
    free(s->begins);
    free(s->days);
    s->members = NULL;
    s->numbers = NULL;
    s->begins = NULL;
    s->days = NULL;
    s->count = s->capacity = s->slot_count = s->number_count = s->day_count = 0;
}

void ns_stories_free(ns_stories *s)
{
    if (!s)
        return;
    forget(s);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- reading the groups */

static size_t slot_of(const ns_stories *s, uint64_t number)
{
    size_t mask = s->slot_count - 1, at = (size_t)ns_mix64(number) & mask;
    while (s->numbers[at] && s->numbers[at] != number)
        at = (at + 1) & mask;
    return at;
}

static bool grow_slots(ns_stories *s)
{
    ns_stories old = *s;
    s->slot_count = old.slot_count ? old.slot_count * 2 : 256;
    s->numbers = calloc(s->slot_count, sizeof *s->numbers);
    if (!s->numbers) {
        s->numbers = old.numbers;
        s->slot_count = old.slot_count;
        return false;
    }
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.numbers[i])
            s->numbers[slot_of(s, old.numbers[i])] = old.numbers[i];
    free(old.numbers);
    return true;
}

typedef struct reading {
    ns_stories *s;
    bool failed;
} reading;

/* First walk: the groups that have more than a head. */
static bool note_group(uint32_t article, uint32_t passage_count, int32_t day, uint64_t group, void *user)
{
    reading *r = user;
    uint64_t number = ns_group_number(group);
    (void)article, (void)passage_count, (void)day;
    if (!number || group & NS_GROUP_HEAD)
        return true;
    r->failed = r->s->number_count * 2 >= r->s->slot_count && !grow_slots(r->s);
    if (r->failed)
        return false;
    size_t at = slot_of(r->s, number);
    r->s->number_count += !r->s->numbers[at];
    r->s->numbers[at] = number;
    return true;
}

/* Second walk: all of their articles. */
static bool note_member(uint32_t article, uint32_t passage_count, int32_t day, uint64_t group, void *user)
{
    reading *r = user;
    ns_stories *s = r->s;
    uint64_t number = ns_group_number(group);
    if (!number || !s->numbers[slot_of(s, number)])
        return true;
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 256;
        ns_story_member *more = realloc(s->members, capacity * sizeof *more);
        r->failed = !more;
        if (!more)
            return false;
        s->members = more;
        s->capacity = capacity;
    }
    s->members[s->count++] = (ns_story_member){group, article, passage_count, day, day};
    return true;
}

typedef bool each_group(uint32_t article, uint32_t passage_count, int32_t day, uint64_t group, void *user);

typedef struct walk {
    each_group *each;
    reading *reading;
} walk;

static bool pass_on(const ns_article_columns *c, void *user)
{
    walk *w = user;
    return w->each(c->article, c->passage_count, c->day, c->group, w->reading);
}

static nsearch_status walk_groups(ns_snapshot *snapshot, each_group *each, reading *r, nsearch_error *err)
{
    walk w = {each, r};
    nsearch_status status = snapshot->backend->groups ? snapshot->backend->groups(snapshot, each, r, err)
                                                      : snapshot->backend->articles(snapshot, pass_on, &w, err);
    return status || !r->failed ? status : ns_error_memory(err);
}

static int by_group_and_day(const void *a, const void *b)
{
    const ns_story_member *x = a, *y = b;
    uint64_t m = ns_group_number(x->group), n = ns_group_number(y->group);
    if (m != n)
        return m < n ? -1 : 1;
    int64_t d = x->day == NS_DAY_UNKNOWN ? INT64_MAX : x->day, e = y->day == NS_DAY_UNKNOWN ? INT64_MAX : y->day;
    if (d != e)
        return d < e ? -1 : 1;
    return x->article < y->article ? -1 : x->article > y->article;
}

/* Within a group: an article that says itself when it was published is before one that a copy dates. */
static int by_day_used(const void *a, const void *b)
{
    const ns_story_member *x = a, *y = b;
    if (x->day_used != y->day_used)
        return x->day_used == NS_DAY_UNKNOWN || (y->day_used != NS_DAY_UNKNOWN && x->day_used > y->day_used) ? 1 : -1;
    bool own[2] = {x->day == x->day_used, y->day == y->day_used};
    if (own[0] != own[1])
        return own[0] ? -1 : 1;
    return x->article < y->article ? -1 : x->article > y->article;
}

/* ---- days */

static bool is_sure(const ns_story_member *m)
{
    return m->day != NS_DAY_UNKNOWN && !(m->group & NS_GROUP_DOUBTFUL);
}

/* The member whose day is the group's; NULL: none has one. They are in the order of their days. */
static const ns_story_member *dated_best(const ns_story_member *m, size_t count)
{
    const ns_story_member *best = NULL;
    size_t most = 0, near = 0, end = 0; /* near: sure ones among [i, end), which lie within the window */
    for (size_t i = 0; i < count && m[i].day != NS_DAY_UNKNOWN; near -= is_sure(&m[i++])) {
        for (; end < count && m[end].day != NS_DAY_UNKNOWN && (int64_t)m[end].day - m[i].day <= WINDOW_DAYS; end++)
            near += is_sure(&m[end]);
        if (is_sure(&m[i]) && near > most) {
            most = near;
            best = &m[i];
        }
    }
    return best;
}

static int by_article(const void *a, const void *b)
{
    const ns_day_of_copy *x = a, *y = b;
    return x->article < y->article ? -1 : x->article > y->article;
}

static void lend_days(ns_stories *s, ns_story_member *m, size_t count)
{
    const ns_story_member *best = dated_best(m, count), from = best ? *best : (ns_story_member){.day = NS_DAY_UNKNOWN};
    for (size_t i = 0; best && i < count; i++) {
        int64_t later = m[i].day == NS_DAY_UNKNOWN ? 0 : (int64_t)m[i].day - from.day;
        bool takes = m[i].day == NS_DAY_UNKNOWN || later > LATE_DAYS || (!is_sure(&m[i]) && later);
        if (!takes)
            continue;
        m[i].day_used = from.day;
        s->days[s->day_count++] = (ns_day_of_copy){m[i].article, m[i].passage_count, from.day, from.article};
    }
    qsort(m, count, sizeof *m, by_day_used);
}

static nsearch_status index_groups(ns_stories *s, nsearch_error *err)
{
    s->begins = calloc(s->slot_count + 1, sizeof *s->begins);
    s->days = calloc(s->count + 1, sizeof *s->days);
    if (!s->begins || !s->days)
        return ns_error_memory(err);
    if (s->count)
        qsort(s->members, s->count, sizeof *s->members, by_group_and_day);
    for (size_t i = 0, end; i < s->count; i = end) {
        uint64_t number = ns_group_number(s->members[i].group);
        for (end = i + 1; end < s->count && ns_group_number(s->members[end].group) == number;)
            end++;
        s->begins[slot_of(s, number)] = (uint32_t)i;
        lend_days(s, &s->members[i], end - i);
    }
    qsort(s->days, s->day_count, sizeof *s->days, by_article);
    return NSEARCH_OK;
}

static nsearch_status make(ns_stories *s, ns_snapshot *snapshot, nsearch_error *err)
{
    reading r = {.s = s};
    if (!grow_slots(s))
        return ns_error_memory(err);
    nsearch_status status = walk_groups(snapshot, note_group, &r, err);
    if (!status && s->number_count)
        status = walk_groups(snapshot, note_member, &r, err);
    return status ? status : index_groups(s, err);
}

nsearch_status ns_stories_make(ns_stories *s, ns_snapshot *snapshot, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    pthread_mutex_lock(&s->lock);
    if (!s->made) {
        status = make(s, snapshot, err);
        s->made = !status;
        if (status) {
            forget(s);
        } else {
            snapshot->days_of_copies = s->days;
            snapshot->day_of_copy_count = s->day_count;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

size_t ns_stories_members(const ns_stories *s, uint64_t group, const ns_story_member **members)
{
    uint64_t number = ns_group_number(group);
    size_t at = number && s->slot_count ? slot_of(s, number) : 0, count = 0;
    if (!number || !s->numbers || s->numbers[at] != number)
        return 0;
    *members = s->members + s->begins[at];
    while (s->begins[at] + count < s->count && ns_group_number((*members)[count].group) == number)
        count++;
    return count;
}
