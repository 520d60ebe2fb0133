/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * furniture.h - tells a page's furniture from its story, line by line. The rules know the words that all
 * outlets use, and no outlet.
 */
#ifndef NS_CORPUS_FURNITURE_H
#define NS_CORPUS_FURNITURE_H

#include "corpus/lines.h"
#include "corpus/wording.h"

/* Where the lines come from. */
typedef enum ns_furniture_from {
    NS_FURNITURE_TEXT,  /* a page as text: all of it */
    NS_FURNITURE_STORY, /* the story of an HTML page */
    NS_FURNITURE_FIELD  /* a body given as such: only what cannot be a story's line is marked */
} ns_furniture_from;

/* Marks (sets 'reason' of) what is furniture wherever it stands: style sheets and scripts, links to other
 * stories and the lists under their headings, advertisements, newsletter boxes, share bars, end marks.
 * Of a body that the publisher or the page's structure has cut out already, less is marked. */
void ns_furniture_mark(ns_lines *lines, ns_furniture_from from);

/* What one line is, as the head of a page has them. */
bool ns_is_menu_line(const ns_line *line, const ns_folded *folded);
bool ns_is_image_line(const ns_line *line, const ns_folded *folded);
/* The caption or credit of a photo. */
bool ns_is_caption_line(const ns_line *line, const ns_folded *folded);
/* Bytes of menu words glued before a headline ("HomeWorldRivals meet": 9), or 0. */
size_t ns_glued_menu(const char *s, size_t n);

#endif
