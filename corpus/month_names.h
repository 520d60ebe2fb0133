/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * month_names.h - the months by name and short name, in English and in the languages of its neighbours.
 */
#ifndef NS_CORPUS_MONTH_NAMES_H
#define NS_CORPUS_MONTH_NAMES_H

#include <stddef.h>

/* 1 to 12 for a month's name in UTF-8, any case of ASCII letters; 0 when it is none. */
int ns_month_of(const char *word, size_t n);

#endif
