/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * reader.h - opens a file, a folder or standard input, lets the readers bid on its first
 * bytes, and gives one article at a time.
 */
#ifndef NS_CORPUS_READER_H
#define NS_CORPUS_READER_H

#include <stdbool.h>
#include <sys/stat.h>

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/base/error.h"

/* To be raised when the readers give other articles for the same bytes. */
#define NS_READERS_VERSION 2

typedef struct ns_reader ns_reader;

/* Three different answers besides an article. */
typedef enum ns_read {
    NS_READ_ARTICLE, /* *article is filled */
    NS_READ_END,
    NS_READ_SKIPPED, /* this article is unusable: err says why, ns_reader_where says where */
    NS_READ_FAILED   /* this input cannot be read on; NO_MEMORY, UNCONFINED (see confined.h): nor can any other */
} ns_read;

/* path: a file, a folder (walked in byte order of names, links not followed, hidden names and
 * what is no regular file left out and reported as skipped where a user named it) or "-". NOT_FOUND, IO. */
nsearch_status ns_reader_open(const char *path, ns_reader **reader, nsearch_error *err);
/* The same over bytes in memory ('name' stands for the path); the bytes must outlive it. */
nsearch_status ns_reader_open_memory(const char *name, const void *bytes, size_t n,
                                     ns_reader **reader, nsearch_error *err);
/* What the fields of JSON, CSV and XML records are called ("title=head,text=story.body"), besides the usual names.
 * Before the first article. INVALID. */
nsearch_status ns_reader_set_fields(ns_reader *reader, const char *map, nsearch_error *err);
/* Has files read by another process, see confined.h, which must outlive the reader. Before the first article; what was
 * opened from memory is read here all the same. */
struct ns_confined;
void ns_reader_confine(ns_reader *reader, struct ns_confined *confined);
/* Told of every file, so that those that did not change need not be read. Before the first article. */
typedef struct ns_reader_watch {
    /* Asked before a file is opened: true, and it is passed over. 'path' is absolute, in the bytes of the system. */
    bool (*pass)(void *user, const char *path, const struct stat *st);
    /* The file that was not passed over last is closed. 'whole': it was read to its end, or as far as it can be
     * understood; nothing kept its bytes from being read, and it is still as it was when 'pass' was asked. */
    void (*done)(void *user, bool whole);
    void *user;
} ns_reader_watch;
void ns_reader_set_watch(ns_reader *reader, const ns_reader_watch *watch);
/* Where the ids of articles begin in the absolute paths of their files. */
int64_t ns_reader_id_offset(const ns_reader *reader);
/* The next article, with its memory from 'arena'. After SKIPPED go on calling. */
ns_read ns_reader_next(ns_reader *reader, ns_arena *arena, ns_article *article, nsearch_error *err);
/* Where the last answer came from: "path" or "path:line". Valid until the next call. */
const char *ns_reader_where(const ns_reader *reader);
/* The absolute path of the file that the last answer came from; "" where there is none. */
const char *ns_reader_origin(const ns_reader *reader);
uint64_t ns_reader_bytes(const ns_reader *reader); /* read so far, decompressed */
void ns_reader_close(ns_reader *reader);

/* Fills title and paragraphs from one plain text, furniture set apart: what the text reader does with
 * a file's bytes. Fields already set are kept. 'text' is valid UTF-8. */
nsearch_status ns_article_from_text(ns_arena *arena, const char *text, size_t n, ns_article *article,
                                    nsearch_error *err);
/* Fills paragraphs from a body whose title and other fields are known (JSON lines): lines are paragraphs or
 * hard-wrapped lines of them; furniture set apart. */
nsearch_status ns_article_set_body(ns_arena *arena, const char *text, size_t n, ns_article *article,
                                   nsearch_error *err);

#endif
