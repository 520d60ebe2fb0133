/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_stories.c - who is in a group of copies, which day a copy lends to which other, and what a timeline
 * counts: tables of small groups, and then one story through the library with either engine, from its texts
 * to its dates, shares and periods.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/day.h"
#include "src/nsearch.h"
#include "src/query/exec.h"
#include "src/query/stories.h"
#include "src/query/timeline.h"
#include "tests/support/folder.h"

enum { MEMBERS = 8 };
#define NO_DAY NS_DAY_UNKNOWN
#define GROUP(n) ((uint64_t)(n) << 3)

static void must(nsearch_status status, const nsearch_error *err)
{
    if (status)
        fail_msg("%s", err->text);
}

/* ---- groups as an engine gives them */

typedef struct member {
    uint64_t group; /* number and bits */
    int32_t day;
} member;

typedef struct given {
    ns_snapshot base;
    const member *members; /* article i is member i; it has i + 1 passages */
    size_t count;
} given;

static nsearch_status give(ns_snapshot *s, bool (*each)(uint32_t, uint32_t, int32_t, uint64_t, void *),
                           void *user, nsearch_error *err)
{
    const given *g = (const given *)s;
    (void)err;
    for (size_t i = 0; i < g->count; i++)
        if (!each((uint32_t)i * 100, (uint32_t)i + 1, g->members[i].day, g->members[i].group, user))
            break;
    return NSEARCH_OK;
}

static const ns_backend backend = {.name = "given", .groups = give};

static ns_stories *stories_of(given *g, const member *members, size_t count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_stories *s = ns_stories_new();
    assert_non_null(s);
    *g = (given){{&backend, NULL, 0}, members, count};
    must(ns_stories_make(s, &g->base, &err), &err);
    return s;
}

#define HEAD (GROUP(1) | NS_GROUP_HEAD)
#define COPY GROUP(1)
#define GUESS (GROUP(1) | NS_GROUP_DOUBTFUL)

/* Own days, and the days by which the articles go afterwards; 'from': the article that lends, -1: none does.
 */
static const struct {
    const char *what;
    member members[MEMBERS];
    size_t count;
    int32_t used[MEMBERS];
    int from;
} lending[] = {
    {"all have their own", {{HEAD, 100}, {COPY, 102}, {COPY, 130}}, 3, {100, 102, 130}, -1},
    {"one has none", {{HEAD, NO_DAY}, {COPY, 102}, {COPY, 104}}, 3, {102, 102, 104}, 1},
    {"thirty days later is no mistake", {{HEAD, 100}, {COPY, 130}}, 2, {100, 130}, -1},
    {"the day of a crawl", {{HEAD, 100}, {COPY, 131}, {COPY, 500}}, 3, {100, 100, 100}, 0},
    {"earlier is not wrong", {{HEAD, 500}, {COPY, 501}, {COPY, 100}}, 3, {500, 501, 100}, -1},
    {"a guess gives way", {{GUESS | NS_GROUP_HEAD, 90}, {COPY, 102}}, 2, {102, 102}, 1},
    {"a guess that is right stays its own", {{HEAD, 100}, {GUESS, 100}}, 2, {100, 100}, -1},
    {"guesses lend nothing",
     {{GUESS | NS_GROUP_HEAD, 90}, {GUESS, 95}, {COPY, NO_DAY}},
     3,
     {90, 95, NO_DAY},
     -1},
    {"nobody knows", {{HEAD, NO_DAY}, {COPY, NO_DAY}}, 2, {NO_DAY, NO_DAY}, -1},
    {"most say so", {{HEAD, 10}, {COPY, 200}, {COPY, 205}, {COPY, NO_DAY}}, 4, {10, 200, 205, 200}, 1},
    {"of two as many, the earlier", {{HEAD, 10}, {COPY, 200}, {COPY, NO_DAY}}, 3, {10, 10, 10}, 0},
    {"fourteen days are one story",
     {{HEAD, 10}, {COPY, 186}, {COPY, 200}, {COPY, NO_DAY}},
     4,
     {10, 186, 200, 186},
     1},
    {"a day more is not", {{HEAD, 10}, {COPY, 185}, {COPY, 200}, {COPY, NO_DAY}}, 4, {10, 10, 10, 10}, 0},
    {"alone it lends to nobody", {{HEAD, 10}, {GROUP(2) | NS_GROUP_HEAD, NO_DAY}}, 2, {10, NO_DAY}, -1},
    {"another group does not either",
     {{HEAD, 10}, {COPY, 11}, {GROUP(2) | NS_GROUP_HEAD, NO_DAY}, {GROUP(2), NO_DAY}},
     4,
     {10, 11, NO_DAY, NO_DAY},
     -1},
    {"no group at all", {{0, 10}, {0, NO_DAY}}, 2, {10, NO_DAY}, -1},
    {"the head is gone", {{COPY, 10}, {COPY, NO_DAY}}, 2, {10, 10}, 0},
};

static void days_lent(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof lending / sizeof *lending; c++) {
        given g;
        ns_stories *s = stories_of(&g, lending[c].members, lending[c].count);
        for (size_t i = 0; i < lending[c].count; i++) {
            const ns_day_of_copy *lent = ns_day_of_copy_find(&g.base, (uint32_t)i * 100);
            int32_t used = lent ? lent->day : lending[c].members[i].day;
            if (used != lending[c].used[i])
                fail_msg("%s: article %zu goes by day %d", lending[c].what, i, used);
            if (!lent)
                continue;
            assert_int_equal(lent->copy, lending[c].from * 100);
            assert_int_equal(lent->passage_count, i + 1);
        }
        assert_true((lending[c].from >= 0) == (g.base.day_of_copy_count > 0));
        ns_stories_free(s);
    }
}

static void members_in_order(void **state)
{
    static const member members[] = {{GROUP(7), NO_DAY},
                                     {GROUP(7) | NS_GROUP_HEAD, 12},
                                     {GROUP(9) | NS_GROUP_HEAD, 1},
                                     {GROUP(7), 11},
                                     {0, 3},
                                     {GROUP(7) | NS_GROUP_DOUBTFUL, 11},
                                     {GROUP(8), NO_DAY},
                                     {GROUP(8) | NS_GROUP_HEAD, 5}};
    static const uint32_t of_seven[] = {300, 500, 0, 100}, of_eight[] = {700, 600};
    const ns_story_member *list = NULL;
    given g;
    (void)state;
    ns_stories *s = stories_of(&g, members, sizeof members / sizeof *members);
    assert_int_equal(ns_stories_members(s, GROUP(7) | NS_GROUP_DOUBTFUL, &list), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(list[i].article, of_seven[i]);
    assert_int_equal(ns_stories_members(s, GROUP(8), &list), 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(list[i].article, of_eight[i]);
    assert_int_equal(ns_stories_members(s, GROUP(9), &list), 0); /* it stands alone */
    assert_int_equal(ns_stories_members(s, GROUP(10), &list), 0);
    assert_int_equal(ns_stories_members(s, 0, &list), 0);
    ns_stories_free(s);
}

/* ---- periods */

static const struct {
    nsearch_interval interval;
    const char *days;    /* of articles, "day/group", group 0: stands alone, '-': no date */
    const char *periods; /* "first..last articles/stories" */
    uint64_t undated;
} periods[] = {
    {NSEARCH_INTERVAL_DAY, "", "", 0},
    {NSEARCH_INTERVAL_DAY, "- -", "", 2},
    {NSEARCH_INTERVAL_DAY, "2023-09-11/0 2023-09-11/0 2023-09-12/0",
     "2023-09-11..2023-09-11 2/2, 2023-09-12..2023-09-12 1/1, ", 0},
    {NSEARCH_INTERVAL_DAY, "2023-09-12/8 - 2023-09-11/8 2023-09-11/8",
     "2023-09-11..2023-09-11 2/1, 2023-09-12..2023-09-12 1/1, ", 1},
    {NSEARCH_INTERVAL_DAY, "2023-09-11/8 2023-09-11/16 2023-09-11/0 2023-09-11/8 2023-09-11/0",
     "2023-09-11..2023-09-11 5/4, ", 0},
    {NSEARCH_INTERVAL_WEEK,
     "2023-09-10/0 2023-09-11/0 2023-09-17/0 2023-09-18/0", /* a Sunday, a Monday, a Sunday, a Monday */
     "2023-09-04..2023-09-10 1/1, 2023-09-11..2023-09-17 2/2, 2023-09-18..2023-09-24 1/1, ", 0},
    {NSEARCH_INTERVAL_WEEK, "1969-12-31/0 1970-01-01/0 1969-12-28/0",
     "1969-12-22..1969-12-28 1/1, 1969-12-29..1970-01-04 2/2, ", 0},
    {NSEARCH_INTERVAL_MONTH, "2024-02-29/8 2024-02-01/8 2024-03-01/8 2023-12-31/0",
     "2023-12-01..2023-12-31 1/1, 2024-02-01..2024-02-29 2/1, 2024-03-01..2024-03-31 1/1, ", 0},
    {NSEARCH_INTERVAL_MONTH, "2023-02-28/0 1900-02-28/0",
     "1900-02-01..1900-02-28 1/1, 2023-02-01..2023-02-28 1/1, ", 0},
};

static size_t read_days(const char *text, ns_dated *out)
{
    size_t n = 0;
    for (const char *p = text; *p; p += strcspn(p, " "), p += *p == ' ', n++) {
        out[n] = (ns_dated){.day = NS_DAY_UNKNOWN, .article = (uint32_t)n};
        if (*p == '-')
            continue;
        assert_true(ns_day_from_civil(atoi(p), atoi(p + 5), atoi(p + 8), &out[n].day));
        out[n].group = (uint64_t)atoi(strchr(p, '/') + 1);
    }
    return n;
}

static void time_counted(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof periods / sizeof *periods; c++) {
        ns_dated dated[16];
        char got[1000] = "";
        nsearch_error err = NSEARCH_ERROR_INIT;
        ns_answer answer;
        memset(&answer, 0, sizeof answer);
        ns_arena_init(&answer.arena);
        must(ns_timeline_make(dated, read_days(periods[c].days, dated), periods[c].interval, &answer, &err),
             &err);
        for (size_t i = 0, n = 0; i < answer.period_count; i++)
            n += (size_t)snprintf(got + n, sizeof got - n, "%s..%s %llu/%llu, ", answer.periods[i].first,
                                  answer.periods[i].last, (unsigned long long)answer.periods[i].articles,
                                  (unsigned long long)answer.periods[i].stories);
        assert_string_equal(got, periods[c].periods);
        assert_int_equal(answer.undated, periods[c].undated);
        ns_answer_release(&answer);
    }
}

/* ---- one story through the library */

static const char first[] = "The harbour council of Oldport voted on Monday to close the northern quay for "
                            "eighteen months while engineers replace the "
                            "timber piles that have carried cranes since 1911.\n";
static const char second[] = "Dockworkers gathered outside the customs house with placards, and their "
                             "spokesman Edwin Harrow said that four hundred "
                             "families would lose a winter's wages unless the ferry terminal hired them.\n";
static const char third[] = "The mayor, Ottilie Brand, promised a fund of 12 million crowns from the reserve "
                            "that was set aside after the flood of 1987, "
                            "and said that merchants had been warned in writing in February.\n";
static const char fourth[] = "Insurance brokers expect freight rates along the estuary to climb by a fifth, "
                             "because barges must unload at Saltmarsh and "
                             "lorries carry the grain over the causeway.\n";
static const char own[] = "A retired pilot who watched the vote from the gallery called it the saddest "
                          "evening he could remember.\n";
static const char bees[] = "A beekeeper in the hills has found that clover blooms a fortnight earlier than "
                           "when her grandmother kept the hives, and "
                           "the harbour smells of honey when the wind turns.\n";

static const struct {
    const char *id, *source, *date, *text[5];
} story[] = {
    {"crawled", "The Aggregator", "2024-11-02", {first, second, third, fourth}},
    {"agency", "Oldport Wire", "2023-09-11", {first, second, third, fourth}},
    {"undated", "Quayside", "", {first, second, third, fourth, own}},
    {"later", "Evening Ledger", "2023-09-13", {first, second, third, own}},
    {"other", "Evening Ledger", "2023-09-14", {bees}},
};

static void add_story(nsearch_writer *writer, size_t i)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_article a = NSEARCH_ARTICLE_INIT;
    char text[2000] = "";
    for (size_t k = 0; k < 5 && story[i].text[k]; k++)
        strcat(text, story[i].text[k]);
    a.id = story[i].id;
    a.title = story[i].text[0] == bees ? "Clover blooms early" : "Quay to close";
    a.source = story[i].source;
    a.date = story[i].date;
    a.text = text;
    must(nsearch_writer_add(writer, &a, &err), &err);
}

static const nsearch_copy *copy_of(const nsearch_hit *hit, const char *id)
{
    for (size_t i = 0; i < hit->copy_count; i++)
        if (!strcmp(hit->copies[i].id, id))
            return &hit->copies[i];
    fail_msg("'%s' has no copy '%s'", hit->id, id);
    return NULL;
}

static nsearch_result *ask(nsearch_index *index, const char *query, const nsearch_search_options *options)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_result *result;
    must(nsearch_search(index, query, options, &result, &err), &err);
    return result;
}

static void check_story(nsearch_index *index)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *r = ask(index, "quay dockworkers", &options);
    assert_int_equal(nsearch_result_count(r), 1);
    const nsearch_hit *hit = nsearch_result_hit(r, 0);
    assert_int_equal(hit->copy_count, 3);
    nsearch_result_free(r);

    options.keep_copies = 1;
    r = ask(index, "quay dockworkers", &options);
    assert_int_equal(nsearch_result_count(r), 4);
    for (size_t i = 0; i < 4; i++) {
        hit = nsearch_result_hit(r, i);
        bool lent = !strcmp(hit->id, "crawled") || !strcmp(hit->id, "undated");
        assert_int_equal(hit->date_inferred, lent);
        assert_string_equal(hit->date, !strcmp(hit->id, "later") ? "2023-09-13" : "2023-09-11");
        if (lent)
            assert_string_equal(hit->date_source, "copy of agency");
    }
    nsearch_result_free(r);

    options.keep_copies = 0; /* the head that is asked for has the shares of the others counted against it */
    r = ask(index, "quay source:\"Oldport Wire\"", &options);
    assert_string_equal((hit = nsearch_result_hit(r, 0))->id, "agency");
    assert_string_equal(hit->copies[0].id, "crawled"); /* by the days that count */
    assert_string_equal(hit->copies[1].id, "undated");
    assert_string_equal(hit->copies[2].id, "later");
    nsearch_result_free(r);
}

static void check_periods(nsearch_index *index)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    options.timeline = NSEARCH_INTERVAL_DAY;
    nsearch_result *r = ask(index, "harbour", &options);
    const nsearch_period *p = nsearch_result_period(r, 0);
    assert_string_equal(p->first, "2023-09-11");
    assert_int_equal(p->articles, 3);
    assert_int_equal(p->stories, 1);
    assert_string_equal((p = nsearch_result_period(r, 1))->first, "2023-09-13");
    assert_int_equal(p->articles, 1);
    assert_string_equal(nsearch_result_period(r, 2)->first, "2023-09-14");
    assert_null(nsearch_result_period(r, 3));
    nsearch_result_free(r);
    options.timeline = NSEARCH_INTERVAL_NONE;
    r = ask(index, "+quay date:2023-09-11", &options); /* ranges go by it, too */
    assert_int_equal(nsearch_result_found(r, NULL), 3);
    nsearch_result_free(r);
    r = ask(index, "+quay date:2024", &options);
    assert_int_equal(nsearch_result_found(r, NULL), 0);
    nsearch_result_free(r);
}

static void check_shares(nsearch_index *index)
{
    nsearch_search_options options = NSEARCH_SEARCH_OPTIONS_INIT;
    nsearch_result *r = ask(index, "quay source:\"Oldport Wire\"", &options);
    const nsearch_hit *hit = nsearch_result_hit(r, 0);
    const nsearch_copy *c = copy_of(hit, "crawled");
    assert_true(c->own_share == 0 && c->likeness == 1);
    assert_null(c->passage); /* another outlet's: it does not match */
    c = copy_of(hit, "undated");
    assert_true(c->own_share == 1.0 / 5 && c->likeness > 0.8);
    c = copy_of(hit, "later");
    assert_true(c->own_share == 1.0 / 4);
    nsearch_result_free(r);
}

static void through(const char *engine)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    nsearch_writer_options options = NSEARCH_WRITER_OPTIONS_INIT;
    nsearch_writer *writer;
    nsearch_index *index;
    char *folder = test_folder_new(), path[4096];
    options.engine = engine;
    options.threads = 1;
    for (size_t commits = 0; commits < 2; commits++) { /* in one go, and each in a commit of its own */
        snprintf(path, sizeof path, "%s/%zu", folder, commits);
        must(nsearch_writer_open(path, &options, &writer, &err), &err);
        for (size_t i = 0; i < sizeof story / sizeof *story; i++) {
            add_story(writer, i);
            if (commits)
                must(nsearch_writer_commit(writer, &err), &err);
        }
        must(nsearch_writer_commit(writer, &err), &err);
        must(nsearch_open(path, NULL, &index, &err), &err);
        check_story(index);
        check_periods(index);
        check_shares(index);
        nsearch_close(index);
        must(nsearch_writer_remove(writer, "agency", &err),
             &err); /* then the date is what most of the others say */
        must(nsearch_writer_commit(writer, &err), &err);
        must(nsearch_open(path, NULL, &index, &err), &err);
        nsearch_search_options all = NSEARCH_SEARCH_OPTIONS_INIT;
        all.keep_copies = 1;
        nsearch_result *r = ask(index, "+quay source:quayside", &all);
        assert_string_equal(nsearch_result_hit(r, 0)->date, "2023-09-13");
        assert_string_equal(nsearch_result_hit(r, 0)->date_source, "copy of later");
        nsearch_result_free(r);
        nsearch_close(index);
        nsearch_writer_close(writer);
    }
    test_folder_remove(folder);
}

static void through_native(void **state)
{
    (void)state;
    through("native");
}

static void through_xapian(void **state)
{
    (void)state;
    if (!nsearch_has_engine("xapian"))
        skip();
    through("xapian");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(days_lent), cmocka_unit_test(members_in_order),
                                       cmocka_unit_test(time_counted), cmocka_unit_test(through_native),
                                       cmocka_unit_test(through_xapian)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
