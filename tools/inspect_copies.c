/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_copies.c - 'nsearch-inspect copies ID': the group of copies that an article is in, the one published first in
 * front; of each what it says that none before it did, and what of the head it left out.
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/day.h"
#include "src/query/related.h"
#include "src/query/stories.h"
#include "src/text/neardup.h"
#include "src/text/own.h"
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

/* One member while it is shown. */
typedef struct shown_copy {
    inspect *in;
    json_t *added, *cut; /* NULL: for a person */
    const char *mark;    /* for a person: "+" or "-" */
} shown_copy;

static void take_sentence(const char *sentence, size_t length, bool own, void *user)
{
    shown_copy *c = user;
    while (own && length && *sentence == ' ')
        sentence++, length--;
    char *text = own ? ns_arena_copy(&c->in->arena, sentence, length) : NULL;
    if (!text)
        return;
    if (c->added) {
        json_array_append_new(*c->mark == '+' ? c->added : c->cut, json_string(text));
        return;
    }
    printf("    %s ", c->mark);
    tool_print_wrapped(&c->in->page, 6, 6, TOOL_PLAIN, text, NULL, 0);
}

typedef struct told {
    const ns_story_member *members;
    size_t count, head;
    ns_known_pairs before; /* all that was published before */
    ns_stored head_text;
    ns_article_columns head_columns;
} told;

static nsearch_status show_member(inspect *in, told *t, size_t i, json_t *list, nsearch_error *err)
{
    const ns_story_member *m = &t->members[i];
    ns_stored stored;
    ns_article_columns columns;
    ns_known_pairs own_pairs = {0};
    const char *date, *source;
    int inferred = 0;
    nsearch_status status = inspect_fetch(in, m->article, &stored, err);
    if (!status)
        status = in->backend->columns(in->snapshot, m->article, &columns, err);
    if (status)
        return status;
    date = stored.article.date;
    source = stored.article.date_source;
    status = ns_shown_date(in->snapshot, m->article, &in->arena, &date, &source, &inferred, err);
    if (!status && !ns_known_pairs_add(&own_pairs, stored.body, stored.body_length))
        status = ns_error_memory(err);
    if (status)
        return status;
    shown_copy c = {.in = in, .added = list ? json_array() : NULL, .cut = list ? json_array() : NULL, .mark = "+"};
    ns_own_count fresh = ns_own_sentences(&t->before, stored.body, stored.body_length, NULL, NULL);
    double share = fresh.sentences ? (double)fresh.own / (double)fresh.sentences : 0;
    double likeness = ns_sketch_likeness(&t->head_columns.sketch, &columns.sketch);
    bool is_head = i == t->head;
    if (!list) {
        printf("%s  ", *date ? date : "date unknown");
        tool_print_styled(&in->page, is_head ? TOOL_BOLD : TOOL_PLAIN,
                          *stored.article.source ? stored.article.source : "outlet unknown");
        printf("  %s%3.0f %% new, %3.0f %% alike  ", i ? "" : "first seen, ", 100 * share, 100 * likeness);
        tool_print_safe(stdout, stored.article.id);
        fputs("\n    ", stdout);
        tool_print_wrapped(&in->page, 4, 4, TOOL_DIM, stored.article.title, NULL, 0);
        if (inferred)
            printf("    the date is inferred: %s%s%s\n", source, *stored.article.date ? "; its own is " : "",
                   stored.article.date);
    }
    if (i) {
        ns_own_sentences(&t->before, stored.body, stored.body_length, take_sentence, &c);
        c.mark = "-";
        if (!is_head)
            ns_own_sentences(&own_pairs, t->head_text.body, t->head_text.body_length, take_sentence, &c);
    }
    if (list) {
        json_t *object = json_object();
        tool_json_set_text(object, "id", stored.article.id);
        tool_json_set_text(object, "title", stored.article.title);
        tool_json_set_text(object, "source", stored.article.source);
        tool_json_set_text(object, "date", date);
        tool_json_set_text(object, "date_source", source);
        json_object_set_new(object, "date_inferred", json_boolean(inferred));
        json_object_set_new(object, "head", json_boolean(is_head));
        json_object_set_new(object, "first_seen", json_boolean(!i));
        json_object_set_new(object, "likeness", json_real(likeness));
        json_object_set_new(object, "new_share", json_real(share));
        json_object_set_new(object, "added", c.added);
        json_object_set_new(object, "cut", c.cut);
        json_array_append_new(list, object);
    }
    if (!ns_known_pairs_add(&t->before, stored.body, stored.body_length))
        status = ns_error_memory(err);
    ns_known_pairs_release(&own_pairs);
    return status;
}

static nsearch_status show_all(inspect *in, told *t, json_t *list, nsearch_error *err)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->members[i].group & NS_GROUP_HEAD)
            t->head = i;
    uint32_t head = t->members[t->head].article;
    nsearch_status status = inspect_fetch(in, head, &t->head_text, err);
    if (!status)
        status = in->backend->columns(in->snapshot, head, &t->head_columns, err);
    for (size_t i = 0; i < t->count && !status; i++)
        status = show_member(in, t, i, list, err);
    ns_known_pairs_release(&t->before);
    return status;
}

int inspect_copies(inspect *in, char **words, int count)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint32_t docid;
    ns_article_columns columns;
    told t = {.count = 0};
    if (count != 1)
        return tool_usage("copies takes one ID");
    nsearch_status status = inspect_find(in, words[0], &docid, &t.head_text, &err);
    if (status == NSEARCH_NOT_FOUND) {
        tool_error("no article '%s' in index '%s'", words[0], in->index);
        return TOOL_NONE;
    }
    ns_stories *stories = ns_stories_new();
    if (!stories)
        return tool_error("out of memory");
    if (!status)
        status = in->backend->columns(in->snapshot, docid, &columns, &err);
    if (!status)
        status = ns_stories_make(stories, in->snapshot, &err);
    if (!status)
        t.count = ns_stories_members(stories, columns.group, &t.members);
    json_t *list = in->json ? json_array() : NULL;
    if (!status && t.count)
        status = show_all(in, &t, list, &err);
    ns_stories_free(stories);
    if (status) {
        json_decref(list);
        return tool_failed(&err, in->index);
    }
    if (list) {
        json_t *answer = tool_json_answer(in->fingerprint);
        json_object_set_new(answer, "copies", list);
        if (!tool_json_print(answer, false))
            return TOOL_ERROR;
    } else if (!t.count)
        printf("no copies of '%s'\n", words[0]);
    return t.count ? TOOL_FOUND : TOOL_NONE;
}
