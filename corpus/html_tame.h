/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_tame.h - HTML made harmless and small before the parser sees it: scripts, styles and comments out,
 * tags with thousands of attributes cut, endless nesting flattened. Linear in the input.
 */
#ifndef NS_CORPUS_HTML_TAME_H
#define NS_CORPUS_HTML_TAME_H

#include "src/base/buffer.h"

/* Appends the tamed page to 'page', and the content of <script type="application/ld+json"> elements
 * to 'ld' (each followed by a NUL byte). */
void ns_html_tame(const char *s, size_t n, ns_buffer *page, ns_buffer *ld);
/* The charset that the first bytes declare in a meta element; "" when none. */
void ns_html_charset(const char *s, size_t n, char charset[40]);

#endif
