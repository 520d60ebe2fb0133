/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stopwords.h - words too common to rank by.
 */
#ifndef NS_TEXT_STOPWORDS_H
#define NS_TEXT_STOPWORDS_H

#include <stdbool.h>
#include <stddef.h>

bool ns_stopword(const char *word, size_t length); /* folded */

#endif
