/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_xml.c - XML of no known vocabulary: SGML as Reuters kept it, and records whose elements are called as
 * an article's fields are. What has neither is skipped rather than indexed with its tags.
 */
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/markup.h"
#include "corpus/xml_stream.h"

static const char *const records[] = {"reuters", "article", "story", "document", "doc",    "news",
                                      "rbnews",  "record",  "post",  "row",      "result", NULL};

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    char root[64];
    size_t at = 0;
    while (at < n && (bytes[at] <= ' ' || bytes[at] >= 0xef))
        at++;
    ns_xml_peek_root(bytes, n, root);
    if (!*root || at == n || bytes[at] != '<')
        return 0;
    for (size_t i = 0; records[i]; i++)
        if (!strcasecmp(root, records[i]))
            return 45;
    bool declared = n - at > 5 && !memcmp(bytes + at, "<?xml", 5);
    bool named = ns_path_has_extension(path, ".xml") || ns_path_has_extension(path, ".sgm") ||
                 ns_path_has_extension(path, ".sgml");
    if (!strcasecmp(root, "html") || !ns_looks_like_text(bytes, n))
        return 0;
    if (declared || named)
        return 40;
    return ns_markup_is_html((const char *)bytes, n) ? 0 : 15; /* tags, and none of a page */
}

/* The first element below the record with one of the field's names. */
static const xmlNode *named_field(const xmlNode *top, const ns_item *item, ns_field field)
{
    for (size_t i = 0; i < item->fields->count[field]; i++) {
        const char *name = item->fields->name[field][i];
        for (const xmlNode *n = ns_xml_behind(top, top); n; n = ns_xml_behind(n, top))
            if (n->children && ns_field_is_named(ns_xml_name(n), strlen(ns_xml_name(n)), name))
                return n;
    }
    return NULL;
}

static const char *fill(const xmlNode *top, const ns_item *item, ns_record *record)
{
    static const ns_field bodies[] = {NS_FIELD_TEXT, NS_FIELD_LEAD};
    bool reuters = ns_xml_is(top, "reuters");
    ns_xml_take_line(ns_xml_find(top, "title"), record, NS_FIELD_TITLE);
    if (reuters) { /* <TEXT> holds title, dateline and body, or is the text itself */
        const xmlNode *body = ns_xml_find(top, "body"), *text = ns_xml_find(top, "text");
        ns_xml_take_string(ns_xml_attribute(top, "newid"), record, NS_FIELD_ID);
        ns_xml_take_body(body ? body : ns_xml_find(top, "title") ? NULL : text, record, NS_FIELD_TEXT);
        ns_xml_take_line(ns_xml_find(top, "author"), record, NS_FIELD_BYLINE);
        ns_xml_take_line(ns_xml_child(ns_xml_child(top, "topics"), "d"), record, NS_FIELD_SECTION);
        ns_xml_take_string("Reuters", record, NS_FIELD_CREDIT);
    }
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        if (f != NS_FIELD_TEXT && f != NS_FIELD_LEAD && !(reuters && f == NS_FIELD_SOURCE))
            ns_xml_take_line(named_field(top, item, (ns_field)f), record, (ns_field)f);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies && !reuters; i++)
        ns_xml_take_body(named_field(top, item, bodies[i]), record, bodies[i]);
    if (!ns_record_has(record, NS_FIELD_TITLE) && !ns_record_has(record, NS_FIELD_TEXT))
        return "XML without a title or text that can be told";
    return NULL;
}

static const ns_xml_vocabulary vocabulary = {"field", records, NULL, fill};

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    return ns_xml_next(&vocabulary, item, arena, article, err);
}

const ns_format ns_format_xml = {"xml", bid, next, ns_xml_release, NULL};
