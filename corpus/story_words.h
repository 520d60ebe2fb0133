/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * story_words.h - how much of a line the story speaks of: tells a headline from a masthead or a menu.
 */
#ifndef NS_CORPUS_STORY_WORDS_H
#define NS_CORPUS_STORY_WORDS_H

#include "corpus/lines.h"

/* Words of line i, of four letters or more, that the first paragraphs of prose from line 'from' on have too. */
size_t ns_story_words(const ns_lines *lines, size_t i, size_t from);

#endif
