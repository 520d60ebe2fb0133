/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_meta.h - what an HTML page says of itself: meta elements, JSON-LD, the time element, the address.
 */
#ifndef NS_CORPUS_HTML_META_H
#define NS_CORPUS_HTML_META_H

#include <libxml/tree.h>

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/base/buffer.h"

/* Fills the article's fields that are "". 'ld': JSON-LD texts, each ending in NUL. *body is the story as
 * JSON-LD has it, unclean, or NULL. False when memory is out. */
bool ns_html_meta_read(ns_arena *arena, xmlDoc *page, const ns_buffer *ld, ns_article *article,
                       const char **body);

#endif
