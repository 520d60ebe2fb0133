/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_class.h - what an element is by its name and attributes: a part of the story, its lead, or furniture.
 */
#ifndef NS_CORPUS_HTML_CLASS_H
#define NS_CORPUS_HTML_CLASS_H

#include <libxml/tree.h>
#include <stdbool.h>

/* Why the element is no part of a story, or NULL: what holds the headline never is furniture. 'loose': class
 * names that hide a whole story are not believed. */
const char *ns_html_reason(const xmlNode *node, const xmlNode *headline, bool loose);
/* It is called after the body of a story. */
bool ns_html_is_story(const xmlNode *node);
/* It is called after what stands between headline and body. */
bool ns_html_is_lead(const xmlNode *node);

#endif
