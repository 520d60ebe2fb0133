/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_feed.c - RSS of all versions, RDF, Atom and CDF: an article an entry, with the full text where the
 * feed has it, else with the summary.
 */
#include <libxml/uri.h>
#include <string.h>
#include <strings.h>

#include "corpus/xml_stream.h"

static const char *const entries[] = {"item", "entry", NULL};

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    static const char *const roots[] = {"rss", "RDF", "feed", "channel", "entry", "item", NULL};
    (void)path;
    return ns_xml_bid(bytes, n, roots);
}

/* A child among the first ones: entries by the thousand may follow. */
static const xmlNode *early_child(const xmlNode *node, const char *name)
{
    size_t looked = 0;
    for (const xmlNode *c = node ? node->children : NULL; c && looked < 100; c = c->next, looked++)
        if (ns_xml_is(c, name))
            return c;
    return NULL;
}

/* What tells of the whole feed: RSS and Atom keep it around the entries, RDF beside them. */
static const xmlNode *feed_of(const xmlNode *entry)
{
    const xmlNode *beside = early_child(entry->parent, "channel");
    return beside ? beside : entry->parent;
}

/* The entry's page: Atom has several links, of which the alternate is the page. */
static const char *link_of(const xmlNode *entry)
{
    const char *href = "";
    for (const xmlNode *c = entry->children; c; c = c->next) {
        if (c->type != XML_ELEMENT_NODE || !ns_xml_is(c, "link"))
            continue;
        const char *rel = ns_xml_attribute(c, "rel");
        if (*ns_xml_attribute(c, "href") && (!*rel || !strcasecmp(rel, "alternate")) && !*href)
            href = ns_xml_attribute(c, "href");
    }
    return *href ? href : ns_xml_attribute(entry, "href"); /* CDF */
}

/* The address in the field made absolute by the feed's base. */
static void resolve(const xmlNode *entry, ns_record *record)
{
    ns_buffer *url = &record->value[NS_FIELD_URL];
    ns_buffer_add_byte(url, 0);
    if (url->failed)
        return;
    url->size--;
    const char *s = (const char *)url->data;
    if (!*s || !strncasecmp(s, "http", 4) || url->size > 4000)
        return;
    xmlChar *base = xmlNodeGetBase(entry->doc, (xmlNode *)(uintptr_t)entry);
    xmlChar *whole =
        base && !strncasecmp((char *)base, "http", 4) ? xmlBuildURI((const xmlChar *)s, base) : NULL;
    if (whole) {
        ns_buffer_clear(url);
        ns_buffer_add_string(url, (const char *)whole);
    }
    xmlFree(whole);
    xmlFree(base);
}

static bool is_uri(const ns_buffer *b)
{
    return b->size > 8 && memchr(b->data, ':', b->size < 24 ? b->size : 24) && !memchr(b->data, ' ', b->size);
}

/* A guid that is no URI is only unique in its feed; a page's address serves better. */
static void choose_id(const xmlNode *entry, const ns_item *item, ns_record *record)
{
    ns_buffer *id = &record->value[NS_FIELD_ID], *url = &record->value[NS_FIELD_URL];
    ns_xml_take_line(ns_xml_child(entry, "guid"), record, NS_FIELD_ID);
    ns_xml_take_line(ns_xml_child(entry, "id"), record, NS_FIELD_ID);
    ns_xml_take_string(ns_xml_attribute(entry, "about"), record, NS_FIELD_ID);
    if (id->size > 1000)
        ns_buffer_clear(id);
    if (!url->size && id->size > 8 && !strncasecmp((const char *)id->data, "http", 4) &&
        strcasecmp(ns_xml_attribute(ns_xml_child(entry, "guid"), "isPermaLink"), "false"))
        ns_buffer_add(url, id->data, id->size);
    if (is_uri(id))
        return;
    if (id->size) {
        ns_buffer own = *id;
        *id = (ns_buffer)NS_BUFFER_INIT;
        ns_buffer_printf(id, "%s#", item->id);
        ns_buffer_add(id, own.data, own.size);
        id->failed = id->failed || own.failed;
        ns_buffer_release(&own);
    } else if (url->size && !strncasecmp((const char *)url->data, "http", 4)) {
        ns_buffer_add(id, url->data, url->size);
    }
}

static void take_dates(const xmlNode *entry, ns_record *record)
{
    static const char *const published[] = {"pubDate", "published", "issued", "date", "created", "available"};
    static const char *const updated[] = {"updated", "modified", "lastBuildDate"};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        ns_xml_take_line(ns_xml_child(entry, published[i]), record, NS_FIELD_DATE);
    ns_xml_take_string(ns_xml_attribute(entry, "lastmod"), record, NS_FIELD_UPDATED);
    for (size_t i = 0; i < sizeof updated / sizeof *updated; i++)
        ns_xml_take_line(ns_xml_child(entry, updated[i]), record, NS_FIELD_UPDATED);
    /* Atom asks for 'updated' alone: then it is the date that there is */
    if (!ns_record_has(record, NS_FIELD_DATE))
        ns_buffer_add(&record->value[NS_FIELD_DATE], record->value[NS_FIELD_UPDATED].data,
                      record->value[NS_FIELD_UPDATED].size);
}

/* "desk@ledger.example (Ann Morell)" to the name. */
static void take_author(const xmlNode *entry, ns_record *record)
{
    const xmlNode *author = ns_xml_child(entry, "author");
    const xmlNode *name = ns_xml_child(author, "name");
    ns_xml_take_line(ns_xml_child(entry, "creator"), record, NS_FIELD_BYLINE);
    ns_xml_take_line(name ? name : author, record, NS_FIELD_BYLINE);
    ns_buffer *b = &record->value[NS_FIELD_BYLINE];
    const uint8_t *open = b->size ? memchr(b->data, '(', b->size) : NULL;
    if (b->size > 3 && b->data[b->size - 1] == ')' && open &&
        memchr(b->data, '@', (size_t)(open - b->data))) {
        size_t from = (size_t)(open - b->data) + 1, n = b->size - 1 - from;
        memmove(b->data, b->data + from, n);
        b->size = n;
    } else if (b->size && memchr(b->data, '@', b->size) && !memchr(b->data, ' ', b->size)) {
        ns_buffer_clear(b); /* an address is nobody's name */
    }
}

static const char *fill(const xmlNode *entry, const ns_item *item, ns_record *record)
{
    static const char *const texts[] = {"encoded", "content", "fullText", "body", "content_encoded"};
    static const char *const leads[] = {"description", "summary", "abstract", "subtitle"};
    const xmlNode *feed = feed_of(entry), *source = ns_xml_child(entry, "source");
    ns_xml_take_line(ns_xml_child(entry, "title"), record, NS_FIELD_TITLE);
    ns_xml_take_line(ns_xml_child(entry, "link"), record, NS_FIELD_URL);
    ns_xml_take_string(link_of(entry), record, NS_FIELD_URL);
    choose_id(entry, item, record);
    resolve(entry, record);
    take_dates(entry, record);
    take_author(entry, record);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ns_xml_take_body(ns_xml_child(entry, texts[i]), record, NS_FIELD_TEXT);
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        ns_xml_take_body(ns_xml_child(entry, leads[i]), record, NS_FIELD_LEAD);
    const xmlNode *category = ns_xml_child(entry, "category");
    ns_xml_take_string(ns_xml_attribute(category, "label"), record, NS_FIELD_SECTION);
    ns_xml_take_string(ns_xml_attribute(category, "term"), record, NS_FIELD_SECTION);
    ns_xml_take_line(category, record, NS_FIELD_SECTION);
    ns_xml_take_line(ns_xml_child(source, "title"), record, NS_FIELD_SOURCE);
    ns_xml_take_line(source, record, NS_FIELD_SOURCE);
    ns_xml_take_line(early_child(feed, "title"), record, NS_FIELD_SOURCE);
    ns_xml_take_line(ns_xml_child(entry, "language"), record, NS_FIELD_LANGUAGE);
    xmlChar *language = xmlNodeGetLang(entry);
    if (language)
        ns_xml_take_string((const char *)language, record, NS_FIELD_LANGUAGE);
    xmlFree(language);
    ns_xml_take_line(early_child(feed, "language"), record, NS_FIELD_LANGUAGE);
    return NULL;
}

static const ns_xml_vocabulary vocabulary = {"feed", entries, entries, fill};

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    return ns_xml_next(&vocabulary, item, arena, article, err);
}

const ns_format ns_format_feed = {"feed", bid, next, ns_xml_release, NULL};
