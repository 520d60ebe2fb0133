/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * credits.h - who wrote, sent and published a story: bylines, agencies, outlets, datelines.
 */
#ifndef NS_CORPUS_CREDITS_H
#define NS_CORPUS_CREDITS_H

#include "corpus/article.h"
#include "corpus/lines.h"
#include "corpus/wording.h"
#include "src/base/arena.h"

/* "By Staff Reporter", "JANE DOE, Political Editor": the names' place in the line. */
bool ns_byline_find(const ns_line *line, const ns_folded *folded, size_t *from, size_t *to);
/* The outlet of an image called "NAME logo". NULL when memory is out. */
const char *ns_outlet_of_logo(ns_arena *arena, const char *s, size_t n);
/* A credit at a page's foot ("SOURCE: X and agencies"): fills credit and source where they are "", and
 * marks the line. False when memory is out. */
bool ns_credit_read(ns_arena *arena, ns_lines *lines, ns_article *article);
/* Dateline ("SEOUL"), agency and date from the first paragraph's beginning; the text stays. False when
 * memory is out. */
bool ns_dateline_read(ns_arena *arena, const char *text, size_t n, ns_article *article);

#endif
