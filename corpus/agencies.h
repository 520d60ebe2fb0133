/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * agencies.h - the news agencies that a story is credited to.
 */
#ifndef NS_CORPUS_AGENCIES_H
#define NS_CORPUS_AGENCIES_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/article.h"
#include "src/base/arena.h"

/* Fills article->agency, unless it is set, from the credit, the byline, the dateline's brackets and the last
 * lines; and the credit where a last line is one. The body stays as it is. False when memory is out. */
bool ns_agencies_read(ns_arena *arena, ns_article *article);

#endif
