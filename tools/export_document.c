/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * export_document.c - an article and what analysis made of it, as a JSON document of the fields in export_mapping.c.
 */
#include <inttypes.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/query/related.h"
#include "tools/export.h"
#include "tools/tool_json.h"

json_t *export_action(const char *index, const char *id)
{
    char hashed[32];
    if (strlen(id) > EXPORT_ID_MAX) { /* the document has it in full */
        snprintf(hashed, sizeof hashed, "hash-%016" PRIx64, ns_hash64(id, strlen(id), 0));
        id = hashed;
    }
    return json_pack("{s:{s:s, s:o}}", "index", "_index", index, "_id", tool_json_text(id));
}

static void set_known(json_t *document, const char *key, const char *text)
{
    if (text && *text)
        tool_json_set_text(document, key, text);
}

static void set_list(json_t *document, const char *key, json_t *list)
{
    if (json_array_size(list))
        json_object_set_new(document, key, list);
    else
        json_decref(list);
}

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!strcmp(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

static void add_once(json_t *list, const char *text)
{
    if (*text && !has_text(list, text))
        json_array_append_new(list, tool_json_text(text));
}

/* "AP, Reuters" */
static json_t *agencies(inspect *in, const char *text)
{
    json_t *list = json_array();
    while (*text) {
        size_t n = strcspn(text, ",");
        const char *one = ns_arena_copy(&in->arena, text, n);
        if (one)
            add_once(list, one);
        text += n;
        text += strspn(text, ", ");
    }
    return list;
}

/* People, places and organisations as facets count them: each once, in the order in which they come. */
static nsearch_status set_names(inspect *in, const ns_article *article, json_t *document, nsearch_error *err)
{
    ns_mention *mentions = NULL;
    int32_t *paragraphs = NULL;
    size_t count = 0;
    nsearch_status status =
        ns_analyse_mentions(in->workspace, article, &in->arena, &mentions, &paragraphs, &count, err);
    if (status)
        return status;
    json_t *people = json_array(), *places = json_array(), *orgs = json_array(), *countries = json_array();
    for (size_t i = 0; i < count; i++) {
        const ns_mention *m = &mentions[i];
        switch (m->type) {
        case NS_ENTITY_PERSON:
            add_once(people, m->canonical);
            break;
        case NS_ENTITY_PLACE:
            add_once(places, m->canonical);
            break;
        case NS_ENTITY_ORG:
            add_once(orgs, m->canonical);
            break;
        case NS_ENTITY_OTHER:
            break;
        }
        if (m->within)
            add_once(countries, m->within);
    }
    set_list(document, "people", people);
    set_list(document, "places", places);
    set_list(document, "orgs", orgs);
    set_list(document, "countries", countries);
    return NSEARCH_OK;
}

static nsearch_status set_quotations(inspect *in, const ns_article *article, json_t *document, nsearch_error *err)
{
    ns_quotation *quotations = NULL;
    size_t count = 0;
    nsearch_status status = ns_analyse_quotations(in->workspace, article, &in->arena, &quotations, &count, err);
    if (status)
        return status;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object();
        tool_json_set_text(one, "text", quotations[i].text);
        set_known(one, "speaker", quotations[i].speaker);
        json_array_append_new(list, one);
    }
    set_list(document, "quotations", list);
    return NSEARCH_OK;
}

static void set_group(const ns_stories *stories, const ns_article_columns *columns, json_t *document)
{
    const ns_story_member *members;
    size_t count = ns_stories_members(stories, columns->group, &members);
    char number[17];
    if (count < 2)
        return;
    snprintf(number, sizeof number, "%016" PRIx64, ns_group_number(columns->group));
    tool_json_set_text(document, "group", number);
    tool_json_set_count(document, "group_size", count);
    json_object_set_new(document, "group_head", json_boolean(columns->group & NS_GROUP_HEAD));
    json_object_set_new(document, "group_first", json_boolean(members[0].article == columns->article));
}

static json_t *passage_list(inspect *in, const ns_stored *stored)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < stored->passage_count; i++) {
        uint32_t begin = stored->passages[i].begin, end = stored->passages[i].end;
        const char *text = ns_arena_copy(&in->arena, stored->body + begin, end - begin);
        if (text && *text) {
            json_t *one = json_object();
            tool_json_set_count(one, "number", i);
            tool_json_set_text(one, "text", text);
            json_array_append_new(list, one);
        }
    }
    return list;
}

static nsearch_status set_date(inspect *in, const ns_article *article, uint32_t docid, json_t *document,
                               nsearch_error *err)
{
    const char *date = article->date, *source = article->date_source;
    int inferred = 0;
    nsearch_status status = ns_shown_date(in->snapshot, docid, &in->arena, &date, &source, &inferred, err);
    if (status || !*date)
        return status;
    tool_json_set_text(document, "date", date);
    set_known(document, "date_source", source);
    if (!inferred)
        set_known(document, "date_certainty", article->date_certainty);
    json_object_set_new(document, "date_inferred", json_boolean(inferred));
    if (inferred)
        set_known(document, "date_own", article->date);
    return NSEARCH_OK;
}

nsearch_status export_document(inspect *in, const ns_stories *stories, const ns_article_columns *columns,
                               bool passages, json_t **document, nsearch_error *err)
{
    ns_stored stored;
    nsearch_status status = inspect_fetch(in, columns->article, &stored, err);
    if (status)
        return status;
    const ns_article *article = &stored.article;
    json_t *d = json_object();
    const char *body = ns_arena_copy(&in->arena, stored.body, stored.body_length);
    if (!d || !body) {
        json_decref(d);
        return ns_error_memory(err);
    }
    tool_json_set_text(d, "id", article->id);
    set_known(d, "title", article->title);
    set_known(d, "body", body);
    status = set_date(in, article, columns->article, d, err);
    const struct {
        const char *key, *text;
    } more[] = {
        { "updated", article->updated },   { "captured", article->captured }, { "source", article->source },
        { "byline", article->byline },     { "dateline", article->dateline }, { "section", article->section },
        { "credit", article->credit },     { "url", article->url },           { "language", article->language },
        { "form", article->form },         { "file", article->origin },
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        set_known(d, more[i].key, more[i].text);
    set_list(d, "agencies", agencies(in, article->agency));
    set_group(stories, columns, d);
    if (!status)
        status = set_names(in, article, d, err);
    if (!status)
        status = set_quotations(in, article, d, err);
    if (!status && passages)
        set_list(d, "passages", passage_list(in, &stored));
    if (status)
        json_decref(d);
    else
        *document = d;
    return status;
}
