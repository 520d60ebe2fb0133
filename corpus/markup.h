/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * markup.h - the text of marked-up bodies that are a story and nothing else: what feeds, agencies' XML
 * and JSON carry. Pages with a story somewhere in them are the HTML reader's work.
 */
#ifndef NS_CORPUS_MARKUP_H
#define NS_CORPUS_MARKUP_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "src/base/buffer.h"

/* Appends the text below a node (of XHTML, NITF and their like), blocks as paragraphs with an empty line
 * between; pictures, tables of media and scripts left out. */
void ns_markup_add_node(const xmlNode *node, ns_buffer *to);
/* The same of HTML in a string of clean UTF-8. */
void ns_markup_add_html(const char *s, size_t n, ns_buffer *to);
/* True when a string holds tags of HTML. */
bool ns_markup_is_html(const char *s, size_t n);
/* Appends a string's text: as HTML if it is that, else as it is with character references undone once. */
void ns_markup_add_string(const char *s, size_t n, ns_buffer *to);
/* Appends all text below a node on one line, white space single. */
void ns_markup_add_line(const xmlNode *node, ns_buffer *to);

#endif
