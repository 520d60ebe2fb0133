/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * raw.h - from the bytes of one word as written to its folded, uniform form. Called once a distinct
 * spelling, by the lexicon.
 */
#ifndef NS_TEXT_RAW_H
#define NS_TEXT_RAW_H

#include "src/text/fold.h"
#include "src/text/lexicon.h"

/* Fills word, second, second_begin, cut and adds to flags. False: out of memory. */
bool ns_raw_analyse(ns_lexicon *lexicon, const char *bytes, size_t n, ns_raw *raw);
/* Whether the bytes may follow north or south in one word: east, western, ... */
bool ns_raw_is_compass_end(const char *bytes, size_t n);
/* Whether a prefix is not joined with this word because the joined form is another word. */
bool ns_raw_stays_apart(const char *bytes, size_t n);

#endif
