/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * core.h - where the story lies among a page's lines.
 */
#ifndef NS_CORPUS_CORE_H
#define NS_CORPUS_CORE_H

#include "corpus/lines.h"

/* Marks long runs of menus above and of links below the story, on pages that have such. Returns the
 * first line of the story's head. */
size_t ns_core_trim(ns_lines *lines);

#endif
