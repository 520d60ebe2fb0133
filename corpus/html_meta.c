/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_meta.c - walks a page once and gathers what it says of itself: meta elements, headings, addresses,
 * dates and authors. What is chosen among them: html_names.c, html_dates.c.
 */
#include "corpus/html_meta.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/html_facts.h"
#include "corpus/html_node.h"

enum { LONGEST_FACT = 4000 };

void ns_html_keep(ns_html_facts *f, const char **field, const char *s, size_t n)
{
    if (*field || !n)
        return;
    ns_buffer b = NS_BUFFER_INIT;
    ns_clean_utf8(s, n > LONGEST_FACT ? LONGEST_FACT : n, &b);
    size_t to = 0;
    for (size_t i = 0; i < b.size; i++) {
        size_t hard = b.data[i] == 0xc2 && i + 1 < b.size && b.data[i + 1] == 0xa0; /* U+00A0 */
        bool space = b.data[i] == ' ' || b.data[i] == '\n' || b.data[i] == '\t' || hard;
        i += hard;
        if (space && (to == 0 || b.data[to - 1] == ' '))
            continue;
        b.data[to++] = space ? ' ' : b.data[i];
    }
    while (to && b.data[to - 1] == ' ')
        to--;
    if (to)
        *field = ns_arena_copy(f->arena, b.data, to);
    f->failed = f->failed || b.failed || (to && !*field);
    ns_buffer_release(&b);
}

static void keep(ns_html_facts *f, const char **field, const char *value)
{
    if (value)
        ns_html_keep(f, field, value, strlen(value));
}

static void keep_text(ns_html_facts *f, const char **field, const xmlNode *node)
{
    ns_buffer text = NS_BUFFER_INIT;
    if (*field)
        return;
    for (const xmlNode *n = node; (n = ns_html_next(n, node, false)) != NULL && text.size < LONGEST_FACT;)
        if (n->type == XML_TEXT_NODE && n->content)
            ns_buffer_add_string(&text, (const char *)n->content);
    if (text.size)
        ns_html_keep(f, field, (const char *)text.data, text.size);
    f->failed = f->failed || text.failed;
    ns_buffer_release(&text);
}

/* One word of a meta element's key. */
static void read_key(ns_html_facts *f, const char *key, const char *content)
{
    const struct {
        const char *key;
        const char **field;
    } fields[] = {
        {"og:title", &f->og_title},
        {"twitter:title", &f->twitter_title},
        {"dc:title", &f->dc_title},
        {"dcterm:title", &f->dc_title},
        {"dcterms:title", &f->dc_title},
        {"title", &f->meta_title},
        {"parsely-title", &f->other_title},
        {"sailthru:title", &f->other_title},
        {"og:site_name", &f->site},
        {"application-name", &f->application},
        {"publisher", &f->publisher},
        {"dc:publisher", &f->publisher},
        {"article:publisher", &f->publisher},
        {"author", &f->author},
        {"dc:creator", &f->dc_author},
        {"dcterm:creator", &f->dc_author},
        {"dcterms:creator", &f->dc_author},
        {"parsely-author", &f->other_author},
        {"sailthru:author", &f->other_author},
        {"article:author", &f->other_author},
        {"og:article:author", &f->other_author},
        {"og:url", &f->og_url},
        {"twitter:url", &f->other_url},
        {"parsely-link", &f->other_url},
        {"article:section", &f->section},
        {"parsely-section", &f->section},
        {"section", &f->section},
        {"og:locale", &f->locale},
    };
    char folded[64];
    size_t n = 0;
    for (; key[n] && n < sizeof folded - 1; n++)
        folded[n] = key[n] == '.' ? ':' : (char)tolower((unsigned char)key[n]);
    folded[n] = '\0';
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!strcmp(folded, fields[i].key)) {
            bool address = !strncasecmp(content, "http", 4) || *content == '/';
            bool wants = strstr(folded, "url") || strstr(folded, "link");
            if (address == wants) { /* of several the last, as Readability.js has it */
                const char *value = NULL;
                keep(f, &value, content);
                *fields[i].field = value ? value : *fields[i].field;
            }
            return;
        }
}

static void read_meta(ns_html_facts *f, const xmlNode *node)
{
    static const char *const attributes[] = {"property", "name", "itemprop"};
    const char *content = ns_html_attribute(node, "content");
    if (!content || !*content)
        return;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        const char *key = ns_html_attribute(node, attributes[i]);
        while (key && *key) {
            char word[64];
            key += strspn(key, " \t\r\n");
            size_t n = strcspn(key, " \t\r\n");
            if (n && n < sizeof word) {
                memcpy(word, key, n);
                word[n] = '\0';
                if (!ns_html_dates_meta(&f->dates, word, content))
                    read_key(f, word, content);
            }
            key += n;
        }
    }
}

/* 3/4/2023 is the third of April, or the fourth of March. */
static ns_date_order order_of(const char *language, const char *locale)
{
    const char *s = language && strlen(language) > 3 ? language : locale ? locale : language;
    if (!s || strlen(s) < 2)
        return NS_DATE_ORDER_UNKNOWN;
    if (!strncasecmp(s, "en", 2))
        return strcasestr(s, "us") ? NS_DATE_MONTH_FIRST : s[2] ? NS_DATE_DAY_FIRST : NS_DATE_ORDER_UNKNOWN;
    return NS_DATE_DAY_FIRST;
}

static void look(ns_html_facts *f, const xmlNode *node)
{
    const char *value;
    ns_html_dates_element(&f->dates, node);
    if (node->properties)
        ns_html_look_for_author(f, node);
    if (ns_html_is(node, "meta")) {
        read_meta(f, node);
    } else if (ns_html_is(node, "title")) {
        keep_text(f, &f->page_title, node);
    } else if (ns_html_is(node, "h1")) {
        f->h1_count++;
        keep_text(f, &f->h1, node);
    } else if (ns_html_is(node, "h2")) {
        keep_text(f, &f->h2, node);
    } else if (ns_html_is(node, "html")) {
        keep(f, &f->language, ns_html_attribute(node, "lang"));
    } else if (ns_html_is(node, "link")) {
        value = ns_html_attribute(node, "rel");
        if (value && !strcasecmp(value, "canonical"))
            keep(f, &f->canonical, ns_html_attribute(node, "href"));
        else if (value && (!strcasecmp(value, "amphtml") || !strcasecmp(value, "shortlink")))
            keep(f, &f->other_url, ns_html_attribute(node, "href"));
    } else if (ns_html_is(node, "body")) {
        f->dates.order = order_of(f->language, f->locale);
    }
}

static const char *http_url(const char *url)
{
    return url && (!strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8)) && !strchr(url, ' ')
               ? url
               : NULL;
}

static void set(const char **field, const char *a, const char *b, const char *c)
{
    if (!**field)
        *field = a && *a ? a : b && *b ? b : c && *c ? c : "";
}

bool ns_html_meta_read(ns_arena *arena, xmlDoc *page, const ns_buffer *ld, ns_article *article,
                       const char **body)
{
    ns_html_facts f = {.arena = arena};
    bool in_body = false;
    const xmlNode *top = (const xmlNode *)page;
    for (const xmlNode *n = page->children; n; n = ns_html_next(n, top, false)) {
        if (n->type == XML_ELEMENT_NODE) {
            look(&f, n);
            in_body = in_body || ns_html_is(n, "body");
        } else if (in_body && n->type == XML_TEXT_NODE && n->content) {
            ns_html_dates_text(&f.dates, n);
        }
    }
    if (ld->size)
        ns_html_ld_read(&f, (const char *)ld->data, ld->size);
    *body = f.ld_body;
    const char *title = ns_html_title(&f);
    set(&article->source, ns_html_outlet(&f, title), NULL, NULL);
    set(&article->title, title, NULL, NULL);
    set(&article->byline, ns_html_byline(&f), NULL, NULL);
    set(&article->url, http_url(f.canonical), http_url(f.og_url), http_url(f.ld_url));
    set(&article->url, http_url(f.other_url), NULL, NULL);
    set(&article->section, f.section, f.ld_section, NULL);
    if (f.language && strlen(f.language) <= 12)
        set(&article->language, f.language, NULL, NULL);
    return ns_html_dates_choose(&f.dates, arena, article) && !f.failed;
}
