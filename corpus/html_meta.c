/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_meta.c - title, date, outlet, author, address and section of a page from its head and its JSON-LD.
 * Of several sources the more deliberate one wins.
 */
#include <stdbool.h>

#include "corpus/html_meta.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/textdate.h"

typedef struct found {
    ns_arena *arena;
    const char *og_title, *ld_title, *h1, *page_title;
    const char *site, *ld_publisher, *author, *ld_author, *canonical, *og_url, *language, *section;
    char meta_date[NS_DATE_SIZE], ld_date[NS_DATE_SIZE], time_date[NS_DATE_SIZE];
    char shown_date[NS_DATE_SIZE]; /* in an element that is called a date */
    char text_date[NS_DATE_SIZE];  /* behind "published", "posted" */
    bool failed;
} found;

/* A clean one-line copy in the arena. */
static const char *copy(found *f, const char *s, size_t n)
{
    ns_buffer b = NS_BUFFER_INIT;
    ns_clean_utf8(s, n > 4000 ? 4000 : n, &b);
    size_t to = 0;
    for (size_t i = 0; i < b.size; i++) {
        bool space = b.data[i] == ' ' || b.data[i] == '\n' || b.data[i] == '\t';
        if (space && (to == 0 || b.data[to - 1] == ' '))
            continue;
        b.data[to++] = space ? ' ' : b.data[i];
    }
    while (to && b.data[to - 1] == ' ')
        to--;
    const char *result = ns_arena_copy(f->arena, b.data ? (const char *)b.data : "", to);
    f->failed = f->failed || b.failed || !result;
    ns_buffer_release(&b);
    return result ? result : "";
}

static void keep(found *f, const char **field, const char *value)
{
    if (!*field && value && *value)
        *field = copy(f, value, strlen(value));
}

static void keep_date(char date[NS_DATE_SIZE], const char *value)
{
    if (!date[0] && value)
        ns_text_date_field(value, date);
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !strcasecmp((const char *)node->name, name);
}

/* An attribute's value without entities to free, or NULL. */
static const char *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (!strcasecmp((const char *)a->name, name))
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return NULL;
}

static void read_meta(found *f, const xmlNode *node)
{
    const char *content = attribute(node, "content");
    const char *key = attribute(node, "property");
    if (!key)
        key = attribute(node, "name");
    if (!key)
        key = attribute(node, "itemprop");
    if (!key || !content || !*content)
        return;
    static const char *const dates[] = {
        "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate",
        "publish-date", "published_time", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date",
        "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "parsely-pub-date",
        "originalpublicationdate", "publication_date", "article_date_original", "displaydate",
        "rnews:datepublished", "citation_publication_date", "publish_date", "publisheddate", "dc.created"
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (!strcasecmp(key, dates[i]))
            keep_date(f->meta_date, content);
    if (!strcasecmp(key, "og:title") || !strcasecmp(key, "twitter:title"))
        keep(f, &f->og_title, content);
    else if (!strcasecmp(key, "og:site_name") || !strcasecmp(key, "application-name"))
        keep(f, &f->site, content);
    else if (!strcasecmp(key, "author") || !strcasecmp(key, "dc.creator") ||
             !strcasecmp(key, "parsely-author") || !strcasecmp(key, "sailthru.author"))
        keep(f, &f->author, content);
    else if (!strcasecmp(key, "og:url"))
        keep(f, &f->og_url, content);
    else if (!strcasecmp(key, "article:section"))
        keep(f, &f->section, content);
}

/* ---------------------------------------------------------------- JSON-LD */

static const char *ld_name(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_object(value))
        value = json_object_get(value, "name");
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_string_value(value);
}

static bool ld_is_article(const json_t *object)
{
    const json_t *type = json_object_get(object, "@type");
    if (json_is_array(type))
        type = json_array_get(type, 0);
    const char *s = json_string_value(type);
    return s && (strstr(s, "Article") || strstr(s, "Posting") || !strcmp(s, "Report"));
}

static void read_ld(found *f, const json_t *value, int depth)
{
    if (depth > 4)
        return;
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value) && i < 64; i++)
            read_ld(f, json_array_get(value, i), depth + 1);
        return;
    }
    if (!json_is_object(value))
        return;
    if (ld_is_article(value)) {
        keep(f, &f->ld_title, json_string_value(json_object_get(value, "headline")));
        keep_date(f->ld_date, json_string_value(json_object_get(value, "datePublished")));
        keep(f, &f->ld_author, ld_name(json_object_get(value, "author")));
        keep(f, &f->ld_publisher, ld_name(json_object_get(value, "publisher")));
        keep(f, &f->section, ld_name(json_object_get(value, "articleSection")));
    }
    read_ld(f, json_object_get(value, "@graph"), depth + 1);
    read_ld(f, json_object_get(value, "mainEntity"), depth + 1);
}

/* ---------------------------------------------------------------- the page */

static void add_text(const xmlNode *node, ns_buffer *to)
{
    const xmlNode *end = node;
    for (const xmlNode *n = node->children; n && n != end;) {
        if (n->type == XML_TEXT_NODE && n->content && to->size < 8000)
            ns_buffer_add_string(to, (const char *)n->content);
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (n != end && !n->next)
            n = n->parent;
        if (n != end)
            n = n->next;
    }
}

static void keep_text(found *f, const char **field, const xmlNode *node)
{
    ns_buffer text = NS_BUFFER_INIT;
    if (!*field) {
        add_text(node, &text);
        const char *s = copy(f, text.data ? (const char *)text.data : "", text.size);
        if (*s)
            *field = s;
    }
    f->failed = f->failed || text.failed;
    ns_buffer_release(&text);
}

static bool is_called(const xmlNode *node, const char *const *words)
{
    const char *names[] = { attribute(node, "class"), attribute(node, "id"), attribute(node, "itemprop") };
    for (size_t i = 0; i < 3; i++)
        for (const char *const *w = words; names[i] && *w; w++)
            if (strcasestr(names[i], *w))
                return true;
    return false;
}

/* The day in a short text: of an element that is called a date, or behind a label. */
static void look_shown(found *f, const xmlNode *node)
{
    static const char *const names[] = {
        "date", "time", "publish", "posted", "byline", "meta", "author", NULL
    };
    static const char *const not_names[] = {
        "update", "modified", "comment", "related", "sidebar", "footer", "copyright", "event", NULL
    };
    static const char *const labels[] = {
        "published", "posted", "publish", "veröffentlicht", "first published", "created", "date:", NULL
    };
    bool called = is_called(node, names) && !is_called(node, not_names);
    const xmlNode *text = node->children;
    bool labelled = false;
    if (!called && (!text || text->type != XML_TEXT_NODE || !text->content))
        return;
    if (!called) {
        const char *s = (const char *)text->content;
        s += strspn(s, " \t\r\n(|");
        for (const char *const *l = labels; *l; l++)
            labelled = labelled || !strncasecmp(s, *l, strlen(*l));
    }
    char *to = called ? f->shown_date : f->text_date;
    if ((!called && !labelled) || to[0])
        return;
    ns_buffer shown = NS_BUFFER_INIT;
    add_text(node, &shown);
    ns_text_date date;
    if (shown.size && shown.size < 400 && ns_text_date_find((const char *)shown.data, shown.size, 0, &date) &&
        date.has_day) {
        date.iso[10] = '\0';
        strcpy(to, date.iso);
    }
    f->failed = f->failed || shown.failed;
    ns_buffer_release(&shown);
}

static void look(found *f, const xmlNode *node)
{
    const char *value;
    if (!f->shown_date[0] || !f->text_date[0])
        look_shown(f, node);
    if (is_element(node, "meta")) {
        read_meta(f, node);
    } else if (is_element(node, "title")) {
        keep_text(f, &f->page_title, node);
    } else if (is_element(node, "h1")) {
        keep_text(f, &f->h1, node);
    } else if (is_element(node, "html")) {
        keep(f, &f->language, attribute(node, "lang"));
    } else if (is_element(node, "link")) {
        if ((value = attribute(node, "rel")) != NULL && !strcasecmp(value, "canonical"))
            keep(f, &f->canonical, attribute(node, "href"));
    } else if (is_element(node, "time")) {
        keep_date(f->time_date, attribute(node, "datetime"));
    } else if ((value = attribute(node, "itemprop")) != NULL && !strcasecmp(value, "datePublished")) {
        keep_date(f->meta_date, attribute(node, "datetime"));
        keep_date(f->meta_date, attribute(node, "content"));
    } else if (is_element(node, "a") && (value = attribute(node, "rel")) != NULL &&
               !strcasecmp(value, "author")) {
        keep_text(f, &f->author, node);
    }
}

/* ".../2023/09/11/...", ".../2023-09-11-...": the day in an address. */
static void url_date(const char *url, char iso[NS_DATE_SIZE])
{
    for (const char *p = url; (p = strpbrk(p, "/-")) != NULL; p++) {
        ns_text_date date;
        size_t n = strlen(p + 1);
        if ((p[1] == '1' || p[1] == '2') && n >= 10 && (p[5] == '/' || p[5] == '-') &&
            ns_text_date_find(p + 1, n < 10 ? n : 10, 0, &date) && date.begin == 0 && date.has_day) {
            strcpy(iso, date.iso);
            iso[10] = '\0';
            return;
        }
    }
}

/* "Headline | Outlet", "Headline - Outlet": the outlet goes where it is known or short. */
static const char *trim_title(found *f, const char *title, const char *site)
{
    static const char *const marks[] = {
        " | ", " - ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", " :: ", " \xc2\xbb ", " \xc2\xab "
    };
    size_t best = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *p = title, *last = NULL;
        while ((p = strstr(p, marks[i])) != NULL)
            last = p++;
        if (!last)
            continue;
        const char *tail = last + strlen(marks[i]);
        bool known = site && *site && !strncasecmp(tail, site, strlen(site));
        bool outlet = i == 0 || i >= 4 || known;
        if (outlet && strlen(tail) <= 40 && last - title >= 12 && (!best || (size_t)(last - title) < best))
            best = (size_t)(last - title);
    }
    if (!best)
        return title;
    const char *s = ns_arena_copy(f->arena, title, best);
    f->failed = f->failed || !s;
    return s ? s : "";
}

static const char *http_url(const char *url)
{
    return url && (!strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8)) ? url : "";
}

static void set(const char **field, const char *a, const char *b, const char *c)
{
    if (!**field)
        *field = a && *a ? a : b && *b ? b : c && *c ? c : "";
}

bool ns_html_meta_read(ns_arena *arena, xmlDoc *page, const ns_buffer *ld, ns_article *article)
{
    found f = { .arena = arena };
    const xmlNode *end = (const xmlNode *)page;
    for (const xmlNode *n = page->children; n && n != end;) {
        if (n->type == XML_ELEMENT_NODE) {
            look(&f, n);
            if (n->children) {
                n = n->children;
                continue;
            }
        }
        while (n != end && !n->next)
            n = n->parent;
        if (n != end)
            n = n->next;
    }
    for (size_t at = 0; at < ld->size; at += strlen((const char *)ld->data + at) + 1) {
        json_error_t error;
        json_t *value = json_loads((const char *)ld->data + at, 0, &error);
        read_ld(&f, value, 0);
        json_decref(value);
    }
    const char *site = f.site ? f.site : f.ld_publisher;
    set(&article->title, f.og_title, f.ld_title, f.h1);
    set(&article->title, f.page_title, NULL, NULL);
    article->title = trim_title(&f, article->title, site);
    set(&article->source, f.site, f.ld_publisher, NULL);
    if (f.author && (!strncasecmp(f.author, "http", 4) || strlen(f.author) > 120))
        f.author = NULL; /* a profile's address, or no name */
    set(&article->byline, f.ld_author, f.author, NULL);
    set(&article->url, http_url(f.canonical), http_url(f.og_url), NULL);
    set(&article->section, f.section, NULL, NULL);
    if (f.language && strlen(f.language) <= 12)
        set(&article->language, f.language, NULL, NULL);
    if (!*article->date) {
        char iso[NS_DATE_SIZE] = "";
        const char *source = "field";
        const char *best = f.meta_date[0] ? f.meta_date : f.ld_date[0] ? f.ld_date : f.time_date;
        strcpy(iso, best);
        if (!iso[0]) {
            url_date(article->url, iso);
            source = "url";
        }
        if (!iso[0]) {
            strcpy(iso, f.text_date[0] ? f.text_date : f.shown_date);
            source = "text";
        }
        if (iso[0]) {
            article->date = ns_arena_string(arena, iso);
            article->date_source = source;
            f.failed = f.failed || !article->date;
        }
    }
    return !f.failed;
}
