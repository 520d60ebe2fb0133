/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_nitf.c - NITF of all versions (News Industry Text Format), bare or inside of something else.
 */
#include <string.h>
#include <strings.h>

#include "corpus/nitf.h"

static const char *const records[] = {"nitf", NULL};

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    static const char *const roots[] = {"nitf", NULL};
    (void)path;
    return ns_xml_bid(bytes, n, roots);
}

static void take_norm(const xmlNode *node, ns_record *record, ns_field field)
{
    ns_xml_take_string(ns_xml_attribute(node, "norm"), record, field);
    ns_xml_take_line(node, record, field);
}

/* "By ANN MORELL" and, in an element of its own, "AP Business Writer". */
static void take_byline(const xmlNode *head, ns_record *record)
{
    const xmlNode *byline = ns_xml_child(head, "byline");
    if (!byline)
        return;
    const xmlNode *person = ns_xml_find(byline, "person");
    if (person) {
        ns_xml_take_line(person, record, NS_FIELD_BYLINE);
        return;
    }
    ns_buffer *to = &record->value[NS_FIELD_BYLINE];
    for (const xmlNode *c = byline->children; c; c = c->next)
        if (c->type == XML_TEXT_NODE && c->content)
            ns_buffer_add_string(to, (const char *)c->content);
    ns_xml_take_line(byline, record, NS_FIELD_BYLINE);
}

/* <meta name="xyz-source" content="XYZ"/>, where docdata names nobody. */
static void take_meta_source(const xmlNode *head, ns_record *record)
{
    for (const xmlNode *c = head ? head->children : NULL; c; c = c->next) {
        const char *name = ns_xml_is(c, "meta") ? ns_xml_attribute(c, "name") : "";
        size_t n = strlen(name);
        if (n >= 6 && !strcasecmp(name + n - 6, "source") && (n == 6 || name[n - 7] == '-') && !strcasestr(name, "original"))
            ns_xml_take_string(ns_xml_attribute(c, "content"), record, NS_FIELD_CREDIT);
    }
}

void ns_nitf_fill(const xmlNode *nitf, ns_record *record)
{
    const xmlNode *head = ns_xml_child(nitf, "body/body.head"), *data = ns_xml_child(nitf, "head/docdata");
    const xmlNode *dateline = ns_xml_child(head, "dateline");
    ns_xml_take_line(ns_xml_child(head, "hedline/hl1"), record, NS_FIELD_TITLE);
    ns_xml_take_line(ns_xml_child(head, "hedline"), record, NS_FIELD_TITLE);
    ns_xml_take_line(ns_xml_child(nitf, "head/title"), record, NS_FIELD_TITLE);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(data, "doc-id"), "id-string"), record, NS_FIELD_ID);
    ns_xml_take_string(ns_xml_attribute(nitf, "uno"), record, NS_FIELD_ID);
    take_byline(head, record);
    const xmlNode *city = ns_xml_find(dateline, "city");
    ns_xml_take_line(city ? city : ns_xml_child(dateline, "location"), record, NS_FIELD_DATELINE);
    take_norm(ns_xml_child(data, "date.issue"), record, NS_FIELD_DATE);
    take_norm(ns_xml_child(data, "date.release"), record, NS_FIELD_DATE);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(nitf, "head/pubdata"), "date.publication"), record,
                       NS_FIELD_DATE);
    take_norm(ns_xml_child(dateline, "story.date"), record, NS_FIELD_DATE);
    ns_xml_take_line(ns_xml_child(head, "distributor"), record, NS_FIELD_CREDIT);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(data, "doc-id"), "regsrc"), record, NS_FIELD_CREDIT);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(data, "doc.copyright"), "holder"), record,
                       NS_FIELD_CREDIT);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(data, "doc.rights"), "owner"), record, NS_FIELD_CREDIT);
    ns_xml_take_line(ns_xml_child(head, "rights/rights.owner"), record, NS_FIELD_CREDIT);
    ns_xml_take_string(ns_xml_attribute(ns_xml_find(data, "from-src"), "src-name"), record, NS_FIELD_CREDIT);
    take_meta_source(ns_xml_child(nitf, "head"), record);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(nitf, "head/pubdata"), "name"), record, NS_FIELD_SOURCE);
    ns_xml_take_string(ns_xml_attribute(ns_xml_child(nitf, "head/pubdata"), "position.section"), record,
                       NS_FIELD_SECTION);
    ns_xml_take_string(
        ns_xml_attribute(ns_xml_find(ns_xml_child(nitf, "head"), "tobject.subject"), "tobject.subject.type"),
        record, NS_FIELD_SECTION);
    ns_xml_take_string(ns_xml_attribute(nitf, "baselang"), record, NS_FIELD_LANGUAGE);
    ns_xml_take_string(ns_xml_attribute(nitf, "lang"), record, NS_FIELD_LANGUAGE);
    ns_xml_take_body(ns_xml_child(nitf, "body/body.content"), record, NS_FIELD_TEXT);
    ns_xml_take_body(ns_xml_child(head, "abstract"), record, NS_FIELD_LEAD);
}

static const char *fill(const xmlNode *nitf, const ns_item *item, ns_record *record)
{
    (void)item;
    ns_nitf_fill(nitf, record);
    return NULL;
}

static const ns_xml_vocabulary vocabulary = {"field", records, NULL, fill};

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    return ns_xml_next(&vocabulary, item, arena, article, err);
}

const ns_format ns_format_nitf = {"nitf", bid, next, ns_xml_release, NULL};
