/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xml_tame.h - XML as people and programs really write it, made well-formed on the way to the parser: stray
 * ampersands, tags never closed or closed in the wrong order, HTML's references, thousands of attributes. No
 * entity is ever declared, so none can be expanded. Streaming and linear.
 */
#ifndef NS_CORPUS_XML_TAME_H
#define NS_CORPUS_XML_TAME_H

#include "src/base/buffer.h"

#define NS_XML_DEPTH 200      /* elements deeper than this lose their tags, not their text */
#define NS_XML_ATTRIBUTES 256 /* those behind are left out */

typedef struct ns_xml_tame {
    ns_buffer pending; /* bytes not yet understood */
    ns_buffer names;   /* open elements, each with its NUL */
    size_t name_at[NS_XML_DEPTH];
    size_t depth, too_deep;
    const char *const
        *single; /* elements that cannot stand in themselves: one closes the one before; may be NULL */
    enum { NS_TAME_TEXT, NS_TAME_COMMENT, NS_TAME_CDATA, NS_TAME_LONG_TAG } state;
    bool declares; /* a document type declares entities of its own: references to them are left out */
} ns_xml_tame;

/* 'single' ends in NULL. */
void ns_xml_tame_init(ns_xml_tame *tame, const char *const *single);
void ns_xml_tame_release(ns_xml_tame *tame);
/* Appends what can be understood so far to 'to'. Clean UTF-8 comes in. */
void ns_xml_tame_add(ns_xml_tame *tame, const uint8_t *s, size_t n, ns_buffer *to);
/* The input is over: what is left, and the ends of what is open. */
void ns_xml_tame_end(ns_xml_tame *tame, ns_buffer *to);
/* The name of the first element; "" where none is found in these bytes. */
void ns_xml_root(const uint8_t *s, size_t n, char name[64]);

#endif
