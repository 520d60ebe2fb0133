/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fields.h - what records of JSON, CSV and XML call the fields of an article: the names that are usual, and
 * before them those that the user gave.
 */
#ifndef NS_CORPUS_FIELDS_H
#define NS_CORPUS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/error.h"

typedef enum ns_field {
    NS_FIELD_ID,
    NS_FIELD_TITLE,
    NS_FIELD_TEXT,
    NS_FIELD_LEAD, /* a summary: the text where there is no other */
    NS_FIELD_DATE,
    NS_FIELD_UPDATED,
    NS_FIELD_URL,
    NS_FIELD_SOURCE,
    NS_FIELD_BYLINE,
    NS_FIELD_DATELINE,
    NS_FIELD_LANGUAGE,
    NS_FIELD_SECTION,
    NS_FIELD_CREDIT,
    NS_FIELD_COUNT
} ns_field;

#define NS_FIELD_NAMES_MAX 24 /* names of one field, the user's and the usual */
#define NS_FIELD_NAME_SIZE 64 /* of one name or path ("story.body"), with NUL */

typedef struct ns_fields {
    size_t count[NS_FIELD_COUNT];
    char name[NS_FIELD_COUNT][NS_FIELD_NAMES_MAX][NS_FIELD_NAME_SIZE]; /* the first that holds any is taken */
} ns_fields;

/* The usual names alone. */
void ns_fields_init(ns_fields *fields);
/* Puts the names of a map before them: "title=head,text=story.body,text=lead". INVALID. */
nsearch_status ns_fields_add(ns_fields *fields, const char *map, nsearch_error *err);
/* How a column's name is compared: without case, white space, '-' and '_' being equal. */
bool ns_field_is_named(const char *name, size_t n, const char *known);

#endif
