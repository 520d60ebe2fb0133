/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_node.h - small questions to the elements of a parsed page.
 */
#ifndef NS_CORPUS_HTML_NODE_H
#define NS_CORPUS_HTML_NODE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "src/base/buffer.h"

/* An attribute's value, or NULL. */
const char *ns_html_attribute(const xmlNode *node, const char *name);
bool ns_html_is(const xmlNode *node, const char *name);
bool ns_html_is_one_of(const xmlNode *node, const char *const *names); /* NULL behind the last */
/* A name in class, id or itemprop holds one of the words; with '^' before it, begins with it. The names of a
 * story's topics ("category-", "tag-") are none of its kind. */
bool ns_html_called(const xmlNode *node, const char *const *words);
/* Appends the text below a node, a blank between its pieces, up to about 'most' bytes. */
void ns_html_text(const xmlNode *node, size_t most, ns_buffer *to);
/* The node behind this one in the order of the page, not below it when 'over'; NULL behind the last below
 * 'top'. */
const xmlNode *ns_html_next(const xmlNode *node, const xmlNode *top, bool over);

#endif
