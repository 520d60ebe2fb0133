/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * record.h - the raw values of one article as a feed, an agency's XML, a line of JSON or a row of CSV
 * holds them, and how they become an article. Readers fill in what they find and leave the rest empty.
 */
#ifndef NS_CORPUS_RECORD_H
#define NS_CORPUS_RECORD_H

#include "corpus/format.h"

typedef struct ns_record {
    ns_buffer value[NS_FIELD_COUNT]; /* UTF-8, may hold markup; text has lines */
    const char *date_source;         /* "field", "feed" */
    bool cut;                        /* text above NS_TEXT_LIMIT was left out */
} ns_record;

void ns_record_clear(ns_record *record, const char *date_source);
void ns_record_release(ns_record *record);
/* True when the field holds something. */
bool ns_record_has(const ns_record *record, ns_field field);
/* ARTICLE, SKIPPED where there is neither title nor text, FAILED when memory is out. Changes the record. */
ns_read ns_record_article(ns_record *record, ns_item *item, ns_arena *arena, ns_article *article,
                          nsearch_error *err);

#endif
