/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * json_article.h - one article out of a JSON object, whatever its fields are called: lines of our own kind,
 * ninjs of all versions, JSON Feed.
 */
#ifndef NS_CORPUS_JSON_ARTICLE_H
#define NS_CORPUS_JSON_ARTICLE_H

#include <jansson.h>

#include "corpus/record.h"

ns_read ns_json_article(ns_item *item, ns_record *record, ns_arena *arena, const json_t *object,
                        ns_article *article, nsearch_error *err);
/* Where a document keeps its articles ("items", "data.item"): an array, an object, or the root itself. */
const json_t *ns_json_articles(const json_t *root);

#endif
