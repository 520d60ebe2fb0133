/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_newsml.c - NewsML-G2 and NewsML 1.x: news items with text. Packages, pictures and other media are
 * skipped and said to be so.
 */
#include <string.h>
#include <strings.h>

#include "corpus/nitf.h"

static const char *const records[] = {"newsItem", "packageItem", "conceptItem", NULL};

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    static const char *const roots[] = {"NewsML", "newsMessage", "newsItem", "packageItem", "conceptItem", NULL};
    (void)path;
    return ns_xml_bid(bytes, n, roots);
}

/* The text that the items have in one of two shapes: an <nitf>, or HTML as elements or escaped. */
static void take_content(const xmlNode *content, ns_record *record)
{
    const xmlNode *nitf = ns_xml_find(content, "nitf");
    const xmlNode *body = ns_xml_find(content, "body.content");
    if (!body)
        body = ns_xml_find(content, "body");
    ns_xml_take_body(body ? body : content, record, NS_FIELD_TEXT);
    if (nitf)
        ns_nitf_fill(nitf, record);
}

/* ---------------------------------------------------------------- NewsML-G2 */

static void take_named(const xmlNode *node, ns_record *record, ns_field field)
{
    ns_xml_take_line(ns_xml_child(node, "name"), record, field);
    ns_xml_take_string(ns_xml_attribute(node, "literal"), record, field);
}

/* One of several headlines: the main one, where roles tell. */
static const xmlNode *main_of(const xmlNode *meta, const char *name)
{
    const xmlNode *first = NULL;
    for (const xmlNode *c = meta ? meta->children : NULL; c; c = c->next) {
        if (!ns_xml_is(c, name))
            continue;
        const char *role = ns_xml_attribute(c, "role");
        if (strstr(role, "main") || strstr(role, "Main"))
            return c;
        if (!first && c->children)
            first = c;
    }
    return first;
}

static void take_department(const xmlNode *meta, ns_record *record)
{
    for (const xmlNode *c = meta ? meta->children : NULL; c; c = c->next)
        if (ns_xml_is(c, "subject") && ns_xml_child(c, "name") &&
            (strstr(ns_xml_attribute(c, "qcode"), "department") ||
             strstr(ns_xml_attribute(c, "qcode"), "medtop") ||
             strstr(ns_xml_attribute(c, "qcode"), "subj"))) {
            ns_xml_take_line(ns_xml_child(c, "name"), record, NS_FIELD_SECTION);
            return;
        }
}

static const char *fill_g2(const xmlNode *news, ns_record *record)
{
    const xmlNode *item = ns_xml_child(news, "itemMeta"), *content = ns_xml_child(news, "contentMeta");
    const xmlNode *set = ns_xml_child(news, "contentSet");
    const xmlNode *text = ns_xml_child(set, "inlineXML");
    if (!text)
        text = ns_xml_child(set, "inlineData");
    if (!text)
        return ns_xml_is(news, "newsItem") ? "no text in the item: a picture or other media"
                                           : "no text in the item: a package or a concept";
    ns_xml_take_line(main_of(content, "headline"), record, NS_FIELD_TITLE);
    ns_xml_take_line(main_of(item, "title"), record, NS_FIELD_TITLE);
    ns_xml_take_string(ns_xml_attribute(news, "guid"), record, NS_FIELD_ID);
    ns_xml_take_line(main_of(content, "by"), record, NS_FIELD_BYLINE);
    const xmlNode *creator = ns_xml_child(content, "creator");
    if (!*ns_xml_attribute(creator, "role") || strstr(ns_xml_attribute(creator, "role"), "author"))
        ns_xml_take_line(ns_xml_child(creator, "name"), record, NS_FIELD_BYLINE);
    ns_xml_take_line(ns_xml_child(content, "dateline"), record, NS_FIELD_DATELINE);
    ns_xml_take_line(ns_xml_child(ns_xml_child(content, "located"), "name"), record, NS_FIELD_DATELINE);
    ns_xml_take_line(ns_xml_child(content, "contentCreated"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_child(item, "firstCreated"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_child(item, "versionCreated"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_child(content, "contentModified"), record, NS_FIELD_UPDATED);
    ns_xml_take_line(ns_xml_child(item, "versionCreated"), record, NS_FIELD_UPDATED);
    ns_xml_take_line(ns_xml_child(content, "creditline"), record, NS_FIELD_CREDIT);
    take_named(ns_xml_child(item, "provider"), record, NS_FIELD_CREDIT);
    take_named(ns_xml_child(content, "infoSource"), record, NS_FIELD_CREDIT);
    take_named(ns_xml_find(ns_xml_child(news, "rightsInfo"), "copyrightHolder"), record, NS_FIELD_CREDIT);
    take_department(content, record);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(content, "language"), "tag"), record, NS_FIELD_LANGUAGE);
    ns_xml_take_string(ns_xml_attribute(news, "lang"), record, NS_FIELD_LANGUAGE);
    take_content(text, record);
    ns_xml_take_body(main_of(content, "description"), record, NS_FIELD_LEAD);
    return NULL;
}

/* ---------------------------------------------------------------- NewsML 1.x */

static bool is_text(const xmlNode *content)
{
    const char *type = ns_xml_attribute(ns_xml_child(content, "MediaType"), "FormalName");
    const char *mime = ns_xml_attribute(ns_xml_child(content, "MimeType"), "FormalName");
    bool has_text = ns_xml_child(content, "DataContent") != NULL;
    return has_text && (!*type || !strcasecmp(type, "Text") || !strcasecmp(type, "ComplexData")) &&
           (!*mime || !strncasecmp(mime, "text", 4) || strstr(mime, "xml"));
}

static void take_name(const xmlNode *party, ns_record *record, ns_field field)
{
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(party, "Party"), "FormalName"), record, field);
}

static const char *fill_1(const xmlNode *news, ns_record *record)
{
    const xmlNode *text = NULL, *lines = ns_xml_find(news, "NewsLines");
    for (const xmlNode *n = ns_xml_behind(news, news); n && !text; n = ns_xml_behind(n, news))
        if (ns_xml_is(n, "ContentItem") && is_text(n))
            text = ns_xml_child(n, "DataContent");
    if (!text && !lines)
        return "no text in the item: a package or other media";
    const xmlNode *management = ns_xml_child(news, "NewsManagement");
    const xmlNode *administration = ns_xml_find(news, "AdministrativeMetadata");
    const xmlNode *description = ns_xml_find(news, "DescriptiveMetadata");
    ns_xml_take_line(ns_xml_child(lines, "HeadLine"), record, NS_FIELD_TITLE);
    ns_xml_take_line(ns_xml_find(news, "PublicIdentifier"), record, NS_FIELD_ID);
    ns_xml_take_line(ns_xml_child(lines, "ByLine"), record, NS_FIELD_BYLINE);
    for (const xmlNode *c = description ? description->children : NULL; c; c = c->next)
        if (ns_xml_is(c, "Location"))
            for (const xmlNode *p = c->children; p; p = p->next)
                if (ns_xml_is(p, "Property") && !strcasecmp(ns_xml_attribute(p, "FormalName"), "City"))
                    ns_xml_take_string(ns_xml_attribute(p, "Value"), record, NS_FIELD_DATELINE);
    const xmlNode *dateline = ns_xml_child(lines, "DateLine");
    if (dateline && !ns_record_has(record, NS_FIELD_DATELINE)) {
        ns_xml_take_line(dateline, record, NS_FIELD_DATELINE);
        ns_buffer *b = &record->value[NS_FIELD_DATELINE];
        if (b->size && b->data[0] >= '0' && b->data[0] <= '9') /* only a day */
            ns_buffer_clear(b);
    }
    ns_xml_take_line(ns_xml_child(management, "FirstCreated"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_find(news, "DateId"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_child(management, "ThisRevisionCreated"), record, NS_FIELD_UPDATED);
    ns_xml_take_line(ns_xml_child(lines, "CreditLine"), record, NS_FIELD_CREDIT);
    take_name(ns_xml_child(administration, "Provider"), record, NS_FIELD_CREDIT);
    take_name(ns_xml_child(administration, "Source"), record, NS_FIELD_CREDIT);
    ns_xml_take_line(ns_xml_find(news, "ProviderId"), record, NS_FIELD_CREDIT);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(description, "Language"), "FormalName"), record,
                       NS_FIELD_LANGUAGE);
    ns_xml_take_string(ns_xml_attribute(news, "lang"), record, NS_FIELD_LANGUAGE);
    if (text)
        take_content(text, record);
    ns_xml_take_line(ns_xml_child(lines, "SlugLine"), record, NS_FIELD_TITLE);
    ns_xml_take_body(ns_xml_child(lines, "SubHeadLine"), record, NS_FIELD_LEAD);
    return NULL;
}

static const char *fill(const xmlNode *news, const ns_item *item, ns_record *record)
{
    (void)item;
    return ns_xml_child(news, "itemMeta") || ns_xml_child(news, "contentMeta") || !ns_xml_is(news, "newsItem")
               ? fill_g2(news, record)
               : fill_1(news, record);
}

static const ns_xml_vocabulary vocabulary = {"field", records, NULL, fill};

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    return ns_xml_next(&vocabulary, item, arena, article, err);
}

const ns_format ns_format_newsml = {"newsml", bid, next, ns_xml_release, NULL};
