/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_head.h - last looks at the lines of an HTML page's story.
 */
#ifndef NS_CORPUS_HTML_HEAD_H
#define NS_CORPUS_HTML_HEAD_H

#include "corpus/article.h"
#include "corpus/lines.h"

/* Takes the story that the page declares in JSON-LD (or NULL) where the elements hold only a small part of
 * it. False when memory is out. */
bool ns_html_body_complete(ns_arena *arena, const char *declared, ns_lines *lines);
/* Marks what the story's elements hold besides: the headline again, dates and bylines above it, lines that
 * come twice. False when memory is out. */
bool ns_html_head_mark(const ns_article *article, ns_lines *lines);

#endif
