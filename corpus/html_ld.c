/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_ld.c - what a page says of itself in JSON-LD: of its articles the first, of other types only dates.
 */
#include <jansson.h>
#include <string.h>

#include "corpus/html_facts.h"
#include "src/base/buffer.h"

enum { DEEPEST = 5, MOST_ITEMS = 64, MOST_AUTHORS = 12 };

static const char *text_of(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_object(value))
        value = json_object_get(value, "name");
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_string_value(value);
}

static void keep(ns_html_facts *f, const char **field, const char *value)
{
    if (value)
        ns_html_keep(f, field, value, strlen(value));
}

/* "Ann Morell, Bo Tarn" */
static void keep_authors(ns_html_facts *f, const json_t *value)
{
    ns_buffer names = NS_BUFFER_INIT;
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < count && i < MOST_AUTHORS; i++) {
        const char *name = text_of(json_is_array(value) ? json_array_get(value, i) : value);
        if (!name || !*name || !strncmp(name, "http", 4))
            continue;
        if (names.size)
            ns_buffer_add(&names, ", ", 2);
        ns_buffer_add_string(&names, name);
    }
    if (names.size && names.size < 400)
        ns_html_keep(f, &f->ld_author, (const char *)names.data, names.size);
    f->failed = f->failed || names.failed;
    ns_buffer_release(&names);
}

typedef enum ld_type { LD_OTHER, LD_PAGE, LD_ARTICLE } ld_type;

static ld_type type_of(const json_t *object)
{
    static const char *const articles[] = {"Article", "Posting", "Report", "Review", "CreativeWork"};
    static const char *const pages[] = {"WebPage", "ItemPage", "VideoObject", "Recipe", "Book", "Product"};
    const json_t *type = json_object_get(object, "@type");
    if (json_is_array(type))
        type = json_array_get(type, 0);
    const char *s = json_string_value(type);
    for (size_t i = 0; s && i < sizeof articles / sizeof *articles; i++)
        if (strstr(s, articles[i]) && strcmp(s, "CreativeWorkSeries"))
            return LD_ARTICLE;
    for (size_t i = 0; s && i < sizeof pages / sizeof *pages; i++)
        if (strstr(s, pages[i]))
            return LD_PAGE;
    return LD_OTHER;
}

static const char *string_in(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* Lines stay lines; the text is cleaned where it is used. */
static void keep_body(ns_html_facts *f, const json_t *object)
{
    const char *body = string_in(object, "articleBody");
    if (f->ld_body || !body || strlen(body) < 200)
        return;
    f->ld_body = ns_arena_string(f->arena, body);
    f->failed = f->failed || !f->ld_body;
}

static void read_article(ns_html_facts *f, const json_t *object)
{
    keep_body(f, object);
    keep(f, &f->ld_headline, string_in(object, "headline"));
    keep(f, &f->ld_name, string_in(object, "name"));
    ns_html_dates_keep(f->dates.ld, string_in(object, "datePublished"));
    ns_html_dates_keep(f->dates.ld, string_in(object, "dateCreated"));
    ns_html_dates_keep(f->dates.ld_updated, string_in(object, "dateModified"));
    if (!f->ld_author)
        keep_authors(f, json_object_get(object, "author"));
    if (!f->ld_author)
        keep_authors(f, json_object_get(object, "creator"));
    keep(f, &f->ld_publisher, text_of(json_object_get(object, "publisher")));
    keep(f, &f->ld_section, text_of(json_object_get(object, "articleSection")));
    const json_t *page = json_object_get(object, "mainEntityOfPage");
    keep(f, &f->ld_url, json_is_object(page) ? string_in(page, "@id") : json_string_value(page));
    keep(f, &f->ld_url, string_in(object, "url"));
}

static void read_value(ns_html_facts *f, const json_t *value, int depth)
{
    if (depth > DEEPEST)
        return;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value) && i < MOST_ITEMS; i++)
            read_value(f, json_array_get(value, i), depth + 1);
        return;
    }
    if (!json_is_object(value))
        return;
    switch (type_of(value)) {
    case LD_ARTICLE:
        read_article(f, value);
        break;
    case LD_PAGE:
        ns_html_dates_keep(f->dates.page, string_in(value, "datePublished"));
        ns_html_dates_keep(f->dates.page, string_in(value, "uploadDate"));
        ns_html_dates_keep(f->dates.ld_updated, string_in(value, "dateModified"));
        break;
    case LD_OTHER:
        break;
    }
    read_value(f, json_object_get(value, "@graph"), depth + 1);
    read_value(f, json_object_get(value, "mainEntity"), depth + 1);
}

/* Line ends inside strings, which JSON forbids and pages write, become blanks; marks of CDATA too. */
static json_t *load(const char *text, size_t n)
{
    json_error_t error;
    const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL;
    json_t *value = json_loadb(text, n, flags, &error);
    if (value)
        return value;
    ns_buffer again = NS_BUFFER_INIT;
    const char *mark = memmem(text, n, "<![CDATA[", 9);
    if (mark) {
        n -= (size_t)(mark + 9 - text);
        text = mark + 9;
    }
    const char *from = memchr(text, '{', n), *list = memchr(text, '[', n);
    if (list && (!from || list < from))
        from = list;
    if (from)
        ns_buffer_add(&again, from, n - (size_t)(from - text));
    for (size_t i = 0; i < again.size; i++)
        if (again.data[i] < ' ')
            again.data[i] = ' ';
    if (again.size && !again.failed)
        value = json_loadb((const char *)again.data, again.size, flags, &error);
    ns_buffer_release(&again);
    return value;
}

void ns_html_ld_read(ns_html_facts *f, const char *texts, size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t length = strnlen(texts + at, n - at);
        json_t *value = load(texts + at, length);
        read_value(f, value, 0);
        json_decref(value);
        at += length + 1;
    }
}
