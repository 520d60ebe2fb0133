/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xml_stream.h - the records of an XML file one after another, each as a small tree, so that a file of any
 * size takes the memory of one record. A vocabulary says what a record is and how it becomes an article.
 */
#ifndef NS_CORPUS_XML_STREAM_H
#define NS_CORPUS_XML_STREAM_H

#include <libxml/tree.h>

#include "corpus/record.h"

typedef struct ns_xml_vocabulary {
    const char *date_source;    /* of the dates it reads */
    const char *const *records; /* local names, any case, NULL behind; the outermost is one record */
    const char *const *single;  /* those of them that never stand in themselves; may be NULL */
    /* Fills the record in. NULL, or why this is no article. */
    const char *(*fill)(const xmlNode *node, const ns_item *item, ns_record *record);
} ns_xml_vocabulary;

/* What formats of XML share: their 'next' and 'release'. */
ns_read ns_xml_next(const ns_xml_vocabulary *vocabulary, ns_item *item, ns_arena *arena, ns_article *article,
                    nsearch_error *err);
void ns_xml_release(ns_item *item);
/* The first element's local name in a file's first bytes of whatever charset; "" when it is no XML. */
void ns_xml_peek_root(const uint8_t *bytes, size_t n, char name[64]);

/* The bid of a format whose first element has one of these local names, any case; NULL behind. */
int ns_xml_bid(const uint8_t *bytes, size_t n, const char *const *roots);

/* ---- looking into a record */

/* The name without its prefix. */
const char *ns_xml_name(const xmlNode *node);
bool ns_xml_is(const xmlNode *node, const char *name); /* local name, any case */
/* The first child of this name, or NULL; a path goes down ("head/docdata"). node may be NULL. */
const xmlNode *ns_xml_child(const xmlNode *node, const char *path);
/* The first element of this name below the node in the text's order, or NULL. */
const xmlNode *ns_xml_find(const xmlNode *node, const char *name);
/* The next element in the text's order below top, or NULL. */
const xmlNode *ns_xml_behind(const xmlNode *node, const xmlNode *top);
/* An attribute's value by local name, "" when it has none. Lives as long as the node. node may be NULL. */
const char *ns_xml_attribute(const xmlNode *node, const char *name);
/* Sets a field from the node's text on one line, from its text as paragraphs, or from a string; what a field
 * holds already is kept. node may be NULL. */
void ns_xml_take_line(const xmlNode *node, ns_record *record, ns_field field);
void ns_xml_take_body(const xmlNode *node, ns_record *record, ns_field field);
void ns_xml_take_string(const char *s, ns_record *record, ns_field field);

#endif
