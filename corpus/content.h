/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * content.h - the articles in one open file, whatever it is: formats bid on its first bytes, containers are
 * opened in one another. Used by the reader, in its own process or in a confined one.
 */
#ifndef NS_CORPUS_CONTENT_H
#define NS_CORPUS_CONTENT_H

#include "corpus/reader.h"
#include "src/base/buffer.h"

typedef struct ns_content ns_content;

/* How a file is called; copied. */
typedef struct ns_content_file {
    const char *path; /* as shown */
    const char *id;   /* where ids of its articles begin */
    bool alone;       /* named by itself: it FAILED where another one of a folder is SKIPPED */
} ns_content_file;

/* What is known behind an answer. */
typedef struct ns_content_news {
    const char *where; /* "path" or "path:line"; valid until the next call */
    uint64_t bytes;    /* read of the open file so far, decompressed */
    bool open;         /* there is more of it */
    bool unreadable;   /* the system refused to read on */
} ns_content_news;

nsearch_status ns_content_new(ns_content **content, nsearch_error *err);
/* As ns_reader_set_fields. */
nsearch_status ns_content_set_fields(ns_content *content, const char *map, nsearch_error *err);
/* Goes on with another file. The descriptor stays the caller's, and must stay open. */
nsearch_status ns_content_open(ns_content *content, const ns_content_file *file, int fd, nsearch_error *err);
nsearch_status ns_content_open_memory(ns_content *content, const ns_content_file *file, const void *bytes, size_t n,
                                      nsearch_error *err);
/* As ns_reader_next; END: of the file. The article's origin is left to the caller. */
ns_read ns_content_next(ns_content *content, ns_arena *arena, ns_article *article, nsearch_error *err);
void ns_content_state(const ns_content *content, ns_content_news *news);
void ns_content_free(ns_content *content);

/* Ids, paths in messages: valid UTF-8, a byte that is none (or a control) as %XX. */
void ns_content_add_readable(ns_buffer *to, const char *s);

#endif
