/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quote_speaker.h - who said what is quoted, read off the words around it.
 */
#ifndef NS_TEXT_QUOTE_SPEAKER_H
#define NS_TEXT_QUOTE_SPEAKER_H

#include "src/text/quote.h"

/* Fills in the speakers; arguments as of ns_quotes_find. False: out of memory. */
bool ns_quote_speakers_find(ns_lexicon *lexicon, const char *const *texts, const ns_span *spans,
                            const uint32_t *bases, size_t span_count, const ns_lexeme *tokens,
                            const ns_entities *entities, ns_arena *arena, ns_quotes *quotes);

#endif
