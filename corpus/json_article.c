/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * json_article.c - finds an article's fields in a JSON object by their names.
 */
#include "corpus/json_article.h"

#include <string.h>
#include <strings.h>

#include "corpus/charset.h"

enum { DEPTH_MAX = 6 };

/* What stands for an object where a text is wanted: a person's or a place's name, the value of a headline. */
static const json_t *text_of_object(const json_t *object)
{
    static const char *const names[] = {"value", "name", "text", "content", "city"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *value = json_object_get(object, names[i]);
        if (json_is_string(value))
            return value;
    }
    return NULL;
}

/* ninjs keeps variants of one text ("main", "short", "xml") in an array: the first that is called main, or
 * the first. */
static const json_t *main_of(const json_t *array)
{
    const json_t *first = json_array_get(array, 0);
    if (!json_is_object(first) || !json_is_string(json_object_get(first, "value")))
        return NULL;
    for (size_t i = 0, n = json_array_size(array); i < n; i++) {
        const char *role = json_string_value(json_object_get(json_array_get(array, i), "role"));
        if (role && (!strcasecmp(role, "main") || !strcasecmp(role, "body")))
            return json_array_get(array, i);
    }
    return first;
}

/* Appends a value's text: strings, numbers, arrays of strings as paragraphs or as a list. */
static void add_value(const json_t *value, const char *between, unsigned depth, ns_buffer *to)
{
    if (json_is_string(value)) {
        ns_clean_utf8(json_string_value(value), json_string_length(value), to);
    } else if (json_is_integer(value)) {
        ns_buffer_printf(to, "%lld", (long long)json_integer_value(value));
    } else if (json_is_object(value)) {
        const json_t *text = text_of_object(value);
        if (text)
            add_value(text, between, depth, to);
    } else if (json_is_array(value) && depth < DEPTH_MAX) {
        const json_t *chosen = main_of(value);
        if (chosen) {
            add_value(chosen, between, depth + 1, to);
            return;
        }
        size_t count = json_array_size(value);
        for (size_t i = 0; i < count; i++) {
            size_t had = to->size;
            if (had)
                ns_buffer_add_string(to, between);
            size_t began = to->size;
            add_value(json_array_get(value, i), between, depth + 1, to);
            if (to->size == began)
                to->size = had;
        }
    }
}

/* The value at a path: "body", "story.body". A field whose own name has a dot in it wins. */
static const json_t *value_at(const json_t *object, const char *path)
{
    const json_t *value = json_object_get(object, path);
    if (value)
        return value;
    const char *dot = strchr(path, '.');
    if (!dot)
        return NULL;
    const json_t *inner = json_object_getn(object, path, (size_t)(dot - path));
    if (json_is_array(inner))
        inner = json_array_get(inner, 0);
    return json_is_object(inner) ? value_at(inner, dot + 1) : NULL;
}

static bool is_blank(const ns_buffer *b)
{
    for (size_t i = 0; i < b->size; i++)
        if (!strchr(" \t\n", b->data[i]))
            return false;
    return true;
}

static void take_field(const ns_fields *fields, const json_t *object, ns_field field, ns_record *record)
{
    ns_buffer *to = &record->value[field];
    for (size_t i = 0; i < fields->count[field]; i++) {
        const json_t *value = value_at(object, fields->name[field][i]);
        if (!value)
            continue;
        ns_buffer_clear(to);
        add_value(value, field == NS_FIELD_TEXT || field == NS_FIELD_LEAD ? "\n\n" : ", ", 0, to);
        if (to->failed || !is_blank(to))
            return;
    }
    ns_buffer_clear(to);
}

/* Pictures, videos and whole packages carry captions; they are no articles. */
static bool is_text(const json_t *object)
{
    static const char *const others[] = {"picture", "photo", "graphic", "video", "audio", "composite"};
    const char *type = json_string_value(json_object_get(object, "type"));
    for (size_t i = 0; type && i < sizeof others / sizeof *others; i++)
        if (!strcasecmp(type, others[i]))
            return false;
    return true;
}

ns_read ns_json_article(ns_item *item, ns_record *record, ns_arena *arena, const json_t *object,
                        ns_article *article, nsearch_error *err)
{
    ns_record_clear(record, "field");
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        take_field(item->fields, object, (ns_field)f, record);
    if (!is_text(object) && !ns_record_has(record, NS_FIELD_TEXT)) {
        ns_error_set(err, NSEARCH_SKIPPED, "no text but a %s",
                     strlen(json_string_value(json_object_get(object, "type"))) < 20
                         ? json_string_value(json_object_get(object, "type"))
                         : "picture");
        return NS_READ_SKIPPED;
    }
    /* ninjs: an agency's item names the agency as its source */
    if (json_object_get(object, "versioncreated") && !ns_record_has(record, NS_FIELD_CREDIT))
        ns_buffer_add(&record->value[NS_FIELD_CREDIT], record->value[NS_FIELD_SOURCE].data,
                      record->value[NS_FIELD_SOURCE].size);
    /* an address used as an id is an address as well */
    ns_buffer *url = &record->value[NS_FIELD_URL], *id = &record->value[NS_FIELD_ID];
    if (!url->size && id->size > 8 && !strncasecmp((const char *)id->data, "http", 4))
        ns_buffer_add(url, id->data, id->size);
    return ns_record_article(record, item, arena, article, err);
}

/* It is an article itself, whatever lists it has. */
static bool is_article(const json_t *object)
{
    static const char *const fields[] = {"headline", "title", "text", "body", "content", "body_text", "body_xhtml"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (json_is_string(json_object_get(object, fields[i])))
            return true;
    return false;
}

const json_t *ns_json_articles(const json_t *root)
{
    static const char *const lists[] = {"items", "articles", "entries", "results", "item",
                                        "data",  "response", "docs",    "stories"};
    const json_t *at = root;
    for (unsigned depth = 0; depth < 3 && json_is_object(at); depth++) {
        const json_t *inner = NULL;
        /* a feed has a title, too */
        if (is_article(at) && (depth || !json_is_object(json_array_get(json_object_get(at, "items"), 0))))
            return at;
        for (size_t i = 0; i < sizeof lists / sizeof *lists && !inner; i++) {
            const json_t *value = json_object_get(at, lists[i]);
            if (json_is_array(value) || json_is_object(value))
                inner = value;
        }
        if (!inner)
            return at;
        at = inner;
    }
    return at;
}
