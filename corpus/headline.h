/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * headline.h - the lines around a story that say something about it: headline, byline, date, place, agency.
 */
#ifndef NS_CORPUS_HEADLINE_H
#define NS_CORPUS_HEADLINE_H

#include "corpus/article.h"
#include "corpus/lines.h"
#include "src/base/arena.h"

/* Reads the head of a page (and a credit at its foot): fills title, byline, date, source, credit where they
 * are "", and marks the lines it took. False when memory is out. */
bool ns_headline_read(ns_arena *arena, ns_lines *lines, ns_article *article);
/* Dateline ("SEOUL") and agency from the first paragraph's beginning; the text stays. */
bool ns_dateline_read(ns_arena *arena, const char *text, size_t n, ns_article *article);

#endif
