/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * export.h - the parts of nsearch-export: the fields that other engines are told of, and an article as such a document.
 */
#ifndef NS_TOOLS_EXPORT_H
#define NS_TOOLS_EXPORT_H

#include "src/query/stories.h"
#include "tools/inspect.h"

/* Bytes of the "_id" that OpenSearch and Elasticsearch take. */
#define EXPORT_ID_MAX 512

/* Settings, analysers and the mapping of all fields, as the body that makes an index. NULL: out of memory. */
json_t *export_mapping(void);
/* The line that goes before a document: what to do with it, in which index and under which id. NULL: out of memory. */
json_t *export_action(const char *index, const char *id);
/* The article that begins at docid columns->article, with its names, its quotations and its place in its group; with its
 * passages if they are wanted. Unknown fields are left out. Memory of the arena. */
nsearch_status export_document(inspect *in, const ns_stories *stories, const ns_article_columns *columns,
                               bool passages, json_t **document, nsearch_error *err);

#endif
