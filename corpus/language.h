/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * language.h - guesses the language of a text that does not say it.
 */
#ifndef NS_CORPUS_LANGUAGE_H
#define NS_CORPUS_LANGUAGE_H

#include "corpus/article.h"

/* "en", "de", "fr", "es", "it", "pt", "nl", "sv", or "" when it cannot be told. A constant. */
const char *ns_language_guess(const ns_article *article);

#endif
