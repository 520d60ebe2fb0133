/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * count_entries.c - an independent judge of feeds: how many entries with a title or a text libxml2 finds by
 * itself, recovering from what is ill-formed. "path TAB entries TAB entries that hold something TAB well|ill"
 * a file.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static int is_one_of(const xmlNode *node, const char *const *names)
{
    if (node->type != XML_ELEMENT_NODE)
        return 0;
    const char *name = (const char *)node->name, *colon = strrchr(name, ':');
    name = colon ? colon + 1 : name;
    for (; *names; names++)
        if (!strcasecmp(name, *names))
            return 1;
    return 0;
}

/* A character that can be seen stands in it, tags of escaped HTML aside. */
static int holds_text(const xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    int found = 0, tag = 0;
    for (const char *s = (const char *)text; s && *s && !found; s++) {
        if (*s == '<')
            tag = 1;
        else if (*s == '>')
            tag = 0;
        else
            found = !tag && !strchr(" \t\r\n", *s);
    }
    xmlFree(text);
    return found;
}

static void count(const xmlNode *node, int *entries, int *filled)
{
    static const char *const names[] = {"item", "entry", NULL};
    static const char *const texts[] = {"title",   "description", "summary", "content",
                                        "encoded", "abstract",    "body",    NULL};
    for (; node; node = node->next) {
        if (is_one_of(node, names)) {
            int any = 0;
            for (const xmlNode *c = node->children; c; c = c->next)
                any = any || (is_one_of(c, texts) && holds_text(c));
            ++*entries;
            *filled += any;
        }
        if (node->type == XML_ELEMENT_NODE)
            count(node->children, entries, filled);
    }
}

static void nothing(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

int main(int argc, char **argv)
{
    xmlSetGenericErrorFunc(NULL, nothing);
    for (int i = 1; i < argc; i++) {
        int entries = 0, filled = 0;
        xmlDoc *strict =
            xmlReadFile(argv[i], NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        xmlDoc *doc =
            strict
                ? strict
                : xmlReadFile(argv[i], NULL,
                              XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        if (doc)
            count(xmlDocGetRootElement(doc), &entries, &filled);
        printf("%s\t%d\t%d\t%s\n", argv[i], entries, filled, strict ? "well" : "ill");
        xmlFreeDoc(doc);
    }
    return 0;
}
