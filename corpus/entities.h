/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * entities.h - HTML character references in text that is no HTML ("AT&amp;T", " #39;"), undone once.
 */
#ifndef NS_CORPUS_ENTITIES_H
#define NS_CORPUS_ENTITIES_H

#include <stddef.h>

/* Rewrites s in place; returns the new length. */
size_t ns_unescape_entities(char *s, size_t n);

#endif
