/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * headline.h - the lines above a story that say something about it: headline, byline, date, outlet.
 */
#ifndef NS_CORPUS_HEADLINE_H
#define NS_CORPUS_HEADLINE_H

#include "corpus/article.h"
#include "corpus/lines.h"
#include "src/base/arena.h"

/* Reads the head of a page, which begins at line 'first': fills title, byline, date and source where they
 * are "", and marks the lines it took. False when memory is out. */
bool ns_headline_read(ns_arena *arena, ns_lines *lines, size_t first, ns_article *article);

#endif
