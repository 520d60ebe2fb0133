/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_body.h - finds the elements that hold a page's story and turns them into lines.
 */
#ifndef NS_CORPUS_HTML_BODY_H
#define NS_CORPUS_HTML_BODY_H

#include <libxml/tree.h>

#include "corpus/html_node.h"
#include "corpus/lines.h"

/* Lines of the story; furniture inside of it is marked. 'title': the page's headline, or "". False when
 * memory is out. */
bool ns_html_body_read(ns_arena *arena, xmlDoc *page, const char *title, ns_lines *lines);

/* Writes elements out as lines, a block each (html_lines.c). */
typedef struct ns_html_writer {
    ns_arena *arena;
    const xmlNode *headline;
    bool loose;      /* as in ns_html_reason */
    ns_buffer lines; /* of ns_line */
    ns_buffer text;  /* of the paragraph in the making */
    size_t link;     /* bytes of it in links */
    const char *reason;
    int in_link;
    bool failed;
} ns_html_writer;

void ns_html_write(ns_html_writer *writer, const xmlNode *node);

#endif
