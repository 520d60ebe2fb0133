/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * markup.c - walks a tree that libxml2 made, and writes its blocks as paragraphs.
 */
#include "corpus/markup.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/entities.h"
#include "corpus/html_tame.h"

static bool is_one_of(const xmlChar *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcasecmp((const char *)name, *names))
            return true;
    return false;
}

static bool is_block(const xmlChar *name)
{
    static const char *const blocks[] = {
        "p",       "div",         "h1",         "h2",   "h3",        "h4",           "h5",
        "h6",      "hl1",         "hl2",        "li",   "ul",        "ol",           "dl",
        "dt",      "dd",          "blockquote", "bq",   "block",     "section",      "article",
        "pre",     "tr",          "table",      "hr",   "byline",    "byttl",        "dateline",
        "tagline", "distributor", "nitf-table", "fn",   "note",      "address",      "center",
        "main",    "header",      "footer",     "para", "paragraph", "body.content", NULL};
    return is_one_of(name, blocks);
}

static bool is_left_out(const xmlChar *name)
{
    static const char *const out[] = {"script",
                                      "style",
                                      "noscript",
                                      "head",
                                      "title",
                                      "figure",
                                      "figcaption",
                                      "media",
                                      "media-caption",
                                      "media-producer",
                                      "media-metadata",
                                      "object",
                                      "iframe",
                                      "svg",
                                      "nitf-table-metadata",
                                      "template",
                                      "aside",
                                      "select",
                                      "button",
                                      "textarea",
                                      NULL};
    return is_one_of(name, out);
}

static void end_line(ns_buffer *to)
{
    while (to->size && to->data[to->size - 1] == ' ')
        to->size--;
}

static void break_block(ns_buffer *to)
{
    end_line(to);
    if (to->size && to->data[to->size - 1] != '\n')
        ns_buffer_add_byte(to, '\n');
    if (to->size && (to->size < 2 || to->data[to->size - 2] != '\n'))
        ns_buffer_add_byte(to, '\n');
}

static void add_text(const char *s, ns_buffer *to)
{
    for (; *s; s++) {
        bool space = *s == ' ' || *s == '\t' || *s == '\n' || *s == '\r';
        if (!space)
            ns_buffer_add_byte(to, (uint8_t)*s);
        else if (to->size && to->data[to->size - 1] != ' ' && to->data[to->size - 1] != '\n')
            ns_buffer_add_byte(to, ' ');
    }
}

/* The next node in the order of the text; NULL behind the last one below 'top'. Blocks that
 * end before it break the line. Without recursion: trees may be deep. */
static const xmlNode *behind(const xmlNode *node, const xmlNode *top, ns_buffer *to)
{
    while (node != top && !node->next) {
        node = node->parent;
        if (node != top && node->type == XML_ELEMENT_NODE && is_block(node->name))
            break_block(to);
    }
    return node == top ? NULL : node->next;
}

void ns_markup_add_node(const xmlNode *top, ns_buffer *to)
{
    size_t from = to->size;
    for (const xmlNode *node = top->children; node;) {
        const xmlNode *child = NULL;
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            if (node->content)
                add_text((const char *)node->content, to);
        } else if (node->type == XML_ELEMENT_NODE && !is_left_out(node->name)) {
            if (!strcasecmp((const char *)node->name, "br")) {
                end_line(to);
                ns_buffer_add_byte(to, '\n');
            } else if (is_block(node->name)) {
                break_block(to);
            } else if (!strcasecmp((const char *)node->name, "td") ||
                       !strcasecmp((const char *)node->name, "th")) {
                add_text(" ", to);
            }
            child = node->children;
            if (!child && is_block(node->name))
                break_block(to);
        }
        node = child ? child : behind(node, top, to);
    }
    end_line(to);
    if (to->size > from)
        break_block(to);
}

static xmlDoc *parse(const char *s, size_t n, ns_buffer *page, bool *failed)
{
    ns_buffer ld = NS_BUFFER_INIT;
    xmlDoc *doc = NULL;
    ns_html_tame(s, n, page, &ld);
    *failed = page->failed || ld.failed;
    if (!*failed && page->size && page->size < INT32_MAX)
        doc = htmlReadMemory((const char *)page->data, (int)page->size, NULL, "UTF-8",
                             HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                 HTML_PARSE_NONET | HTML_PARSE_COMPACT | (int)XML_PARSE_HUGE);
    ns_buffer_release(&ld);
    return doc;
}

void ns_markup_add_html(const char *s, size_t n, ns_buffer *to)
{
    ns_buffer page = NS_BUFFER_INIT;
    bool failed;
    xmlDoc *doc = parse(s, n, &page, &failed);
    to->failed = to->failed || failed;
    if (doc) {
        ns_buffer raw = NS_BUFFER_INIT;
        ns_markup_add_node((const xmlNode *)doc, &raw);
        ns_clean_utf8(raw.data, raw.size, to);
        to->failed = to->failed || raw.failed;
        ns_buffer_release(&raw);
        xmlFreeDoc(doc);
    }
    ns_buffer_release(&page);
}

bool ns_markup_is_html(const char *s, size_t n)
{
    static const char *const tags[] = {
        "p",  "br",  "div",  "a",      "b",     "i",      "em",   "strong", "span",       "ul",
        "ol", "li",  "h1",   "h2",     "h3",    "h4",     "img",  "table",  "blockquote", "figure",
        "u",  "pre", "font", "script", "style", "center", "html", "body",   "iframe",     NULL};
    for (const char *p = s, *end = s + n; p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL;) {
        char name[12];
        size_t i = 0;
        if (++p < end && *p == '/')
            p++;
        while (p + i < end && i + 1 < sizeof name && isalnum((unsigned char)p[i])) {
            name[i] = p[i];
            i++;
        }
        name[i] = '\0';
        bool ends =
            p + i < end && (p[i] == '>' || p[i] == ' ' || p[i] == '/' || p[i] == '\n' || p[i] == '\t');
        if (ends && is_one_of((const xmlChar *)name, tags) && memchr(p + i, '>', (size_t)(end - p) - i))
            return true;
    }
    return false;
}

void ns_markup_add_string(const char *s, size_t n, ns_buffer *to)
{
    if (ns_markup_is_html(s, n)) {
        ns_markup_add_html(s, n, to);
        return;
    }
    size_t from = to->size;
    ns_clean_utf8(s, n, to);
    if (!to->failed && to->size > from)
        to->size = from + ns_unescape_entities((char *)to->data + from, to->size - from);
}

void ns_markup_add_line(const xmlNode *node, ns_buffer *to)
{
    ns_buffer text = NS_BUFFER_INIT;
    ns_markup_add_node(node, &text);
    for (size_t i = 0; i < text.size; i++) {
        bool space = text.data[i] == ' ' || text.data[i] == '\n';
        if (!space || (to->size && to->data[to->size - 1] != ' '))
            ns_buffer_add_byte(to, space ? ' ' : text.data[i]);
    }
    end_line(to);
    to->failed = to->failed || text.failed;
    ns_buffer_release(&text);
}
