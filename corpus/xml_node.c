/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xml_node.c - finds things in a record's tree by their local names.
 */
#include <string.h>
#include <strings.h>

#include "corpus/markup.h"
#include "corpus/xml_stream.h"

static const char *local(const xmlChar *name)
{
    const char *colon =
        strrchr((const char *)name, ':'); /* a prefix that was never declared stays in the name */
    return colon ? colon + 1 : (const char *)name;
}

const char *ns_xml_name(const xmlNode *node)
{
    return local(node->name);
}

bool ns_xml_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !strcasecmp(ns_xml_name(node), name);
}

static const xmlNode *child(const xmlNode *node, const char *name, size_t n)
{
    for (const xmlNode *c = node->children; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE && strlen(ns_xml_name(c)) == n &&
            !strncasecmp(ns_xml_name(c), name, n))
            return c;
    return NULL;
}

const xmlNode *ns_xml_child(const xmlNode *node, const char *path)
{
    while (node && *path) {
        size_t n = strcspn(path, "/");
        node = child(node, path, n);
        path += n + (path[n] == '/');
    }
    return node;
}

const xmlNode *ns_xml_behind(const xmlNode *node, const xmlNode *top)
{
    do {
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
        } else {
            while (node != top && !node->next)
                node = node->parent;
            if (node == top)
                return NULL;
            node = node->next;
        }
    } while (node->type != XML_ELEMENT_NODE);
    return node;
}

const xmlNode *ns_xml_find(const xmlNode *node, const char *name)
{
    for (const xmlNode *n = node ? ns_xml_behind(node, node) : NULL; n; n = ns_xml_behind(n, node))
        if (ns_xml_is(n, name))
            return n;
    return NULL;
}

const char *ns_xml_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node ? node->properties : NULL; a; a = a->next)
        if (!strcasecmp(local(a->name), name))
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return "";
}

void ns_xml_take_string(const char *s, ns_record *record, ns_field field)
{
    if (!ns_record_has(record, field) && *s)
        ns_buffer_add_string(&record->value[field], s);
}

void ns_xml_take_line(const xmlNode *node, ns_record *record, ns_field field)
{
    if (!node || ns_record_has(record, field))
        return;
    ns_buffer_clear(&record->value[field]);
    ns_markup_add_line(node, &record->value[field]);
}

/* Text whose markup was undone is no markup any more. */
static void add_escaped(const ns_buffer *text, ns_buffer *to)
{
    for (size_t i = 0; i < text->size; i++)
        if (text->data[i] == '<')
            ns_buffer_add_string(to, "&lt;");
        else
            ns_buffer_add_byte(to, text->data[i]);
    to->failed = to->failed || text->failed;
}

void ns_xml_take_body(const xmlNode *node, ns_record *record, ns_field field)
{
    ns_buffer *to = &record->value[field];
    bool elements = false;
    if (!node || ns_record_has(record, field))
        return;
    ns_buffer_clear(to);
    for (const xmlNode *c = node->children; c; c = c->next)
        elements = elements || c->type == XML_ELEMENT_NODE;
    if (elements) {
        ns_buffer text = NS_BUFFER_INIT;
        ns_markup_add_node(node, &text);
        add_escaped(&text, to);
        ns_buffer_release(&text);
        return;
    }
    for (const xmlNode *c = node->children; c; c = c->next)
        if (c->content)
            ns_buffer_add_string(to, (const char *)c->content);
}
