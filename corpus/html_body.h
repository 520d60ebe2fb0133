/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_body.h - finds the element that holds a page's story and turns it into lines.
 */
#ifndef NS_CORPUS_HTML_BODY_H
#define NS_CORPUS_HTML_BODY_H

#include <libxml/tree.h>

#include "corpus/lines.h"

/* Lines of the story; furniture inside of it is marked. False when memory is out. */
bool ns_html_body_read(ns_arena *arena, xmlDoc *page, ns_lines *lines);

#endif
