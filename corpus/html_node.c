/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_node.c - attributes, names and text of elements; no recursion, however deep the page.
 */
#include "corpus/html_node.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *ns_html_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (!strcmp((const char *)a->name, name)) /* the parser makes names small */
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return NULL;
}

bool ns_html_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

bool ns_html_is_one_of(const xmlNode *node, const char *const *names)
{
    if (node->type != XML_ELEMENT_NODE)
        return false;
    for (; *names; names++)
        if (**names == (char)*node->name && !strcmp((const char *)node->name, *names))
            return true;
    return false;
}

/* One name of n bytes. */
static bool name_holds(const char *name, size_t n, const char *const *words, const bool first[256])
{
    if (!strncasecmp(name, "category-", 9) || !strncasecmp(name, "tag-", 4))
        return false;
    for (size_t at = 0; at < n; at++) {
        int c = tolower((unsigned char)name[at]);
        if (!first[c])
            continue;
        for (const char *const *w = words; *w; w++) {
            bool begin = **w == '^';
            if ((*w)[begin] != c || (begin && at))
                continue;
            size_t k = strlen(*w + begin);
            if (at + k <= n && !strncasecmp(name + at, *w + begin, k))
                return true;
        }
    }
    return false;
}

bool ns_html_called(const xmlNode *node, const char *const *words)
{
    bool first[256], ready = false;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        if (!a->children || !a->children->content ||
            (strcmp(name, "class") && strcmp(name, "id") && strcmp(name, "itemprop")))
            continue;
        if (!ready) {
            memset(first, 0, sizeof first);
            for (const char *const *w = words; *w; w++)
                first[(unsigned char)(*w)[**w == '^']] = true;
            ready = true;
        }
        for (const char *s = (const char *)a->children->content; *s;) {
            s += strspn(s, " \t\r\n");
            size_t n = strcspn(s, " \t\r\n");
            if (n && name_holds(s, n, words, first))
                return true;
            s += n;
        }
    }
    return false;
}

const xmlNode *ns_html_next(const xmlNode *node, const xmlNode *top, bool over)
{
    if (!over && node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

void ns_html_text(const xmlNode *node, size_t most, ns_buffer *to)
{
    for (const xmlNode *n = node; (n = ns_html_next(n, node, false)) != NULL && to->size < most;)
        if (n->type == XML_TEXT_NODE && n->content) {
            size_t length = strlen((const char *)n->content);
            if (to->size)
                ns_buffer_add_byte(to, ' ');
            ns_buffer_add(to, n->content, length < most ? length : most);
        }
}
