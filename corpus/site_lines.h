/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * site_lines.h - lines that recur over a site's pages ("Follow us", "Subscribe to read on") are no part of their
 * stories. What was seen of them, in the order in which pages came, in bounded memory.
 *
 * A line is left out of a page when three other pages of the site, of other addresses and other texts, had it before.
 * Those three keep it, also when they are read again, so that a page gives the same article as often as it is read.
 * Only short lines at the head and the end of a body count, and of sentences only those that speak to the reader.
 */
#ifndef NS_CORPUS_SITE_LINES_H
#define NS_CORPUS_SITE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/base/buffer.h"

#define NS_SITE_LINE_PAGES 3 /* pages that a line was on before it is left out */

typedef struct ns_site_line ns_site_line;

/* Zeros: nothing was seen. */
typedef struct ns_site_lines {
    ns_site_line *table; /* NULL until a page comes */
    uint32_t clock;      /* of the pages that came */
} ns_site_lines;

void ns_site_lines_release(ns_site_lines *lines);
/* Looks at an article: what recurs goes from its body to what was dropped (reason "recurring"), what it has of such
 * lines is remembered. Articles that are no pages, or of which the site is unknown, are left alone. False when memory
 * is out; the article is as it was. */
bool ns_site_lines_apply(ns_site_lines *lines, ns_arena *arena, ns_article *article);

/* Appends what was seen; reads it back. False: damaged, or out of memory; nothing was seen then. */
void ns_site_lines_encode(const ns_site_lines *lines, ns_buffer *out);
bool ns_site_lines_decode(ns_site_lines *lines, const uint8_t *bytes, size_t n);

#endif
