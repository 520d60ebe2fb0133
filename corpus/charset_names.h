/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * charset_names.h - the charsets that are known, by all their names: those of the web, of old files and of what
 * uchardet guesses. Others are not obeyed, and so every one can be made ready before a process may open nothing more.
 */
#ifndef NS_CORPUS_CHARSET_NAMES_H
#define NS_CORPUS_CHARSET_NAMES_H

/* What iconv calls it, or NULL. Names are compared by their letters and digits, without case. Unicode's own are
 * not among them: their bytes say what they are, and utf-7 is never meant. */
const char *ns_charset_named(const char *name);
/* Makes iconv load them all, and keep them. */
void ns_charsets_open(void);

#endif
