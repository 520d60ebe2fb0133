/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * confined.h - reads files in a process of its own, which has entered sandbox.h before it sees a byte. Files are
 * opened here and handed over as descriptors; answers come back as bytes that are not trusted. A
 * process that ends costs the file it had in hand: the next one gets a new process.
 */
#ifndef NS_CORPUS_CONFINED_H
#define NS_CORPUS_CONFINED_H

#include "corpus/content.h"

/* How the program is called that reads for another: PROGRAM WORD MEGABYTES, its standard input a socket. */
#define NS_CONFINED_WORD "--nsearch-confined-reader"
#define NS_CONFINED_MEGABYTES 768 /* of addresses, of which its libraries take some 100 */
#define NS_CONFINED_SECONDS 60    /* of processor time without an answer and without reading on */

typedef struct ns_confined ns_confined;

/* Starts 'program', whose main() calls ns_confined_serve. UNCONFINED: it cannot be started, or not confined. */
nsearch_status ns_confined_new(const char *program, ns_confined **confined, nsearch_error *err);
/* Other limits than those above, for processes started from now on; 0: no other. */
void ns_confined_limit(ns_confined *confined, unsigned megabytes, unsigned seconds);
/* As ns_content_open; 'fields' is a map as ns_content_set_fields takes it. UNCONFINED: no process can be started. */
nsearch_status ns_confined_open(ns_confined *confined, const ns_content_file *file, const char *fields, int fd,
                                nsearch_error *err);
/* As ns_content_next. SKIPPED also for what is left of a file whose process ended; it counts as unreadable then. */
ns_read ns_confined_next(ns_confined *confined, ns_arena *arena, ns_article *article, nsearch_error *err);
void ns_confined_state(const ns_confined *confined, ns_content_news *news);
void ns_confined_free(ns_confined *confined);

/* In a process that was started so: reads what it is handed until its parent ends, and gives the exit status. In any
 * other: -1, at once. */
int ns_confined_serve(int argc, char **argv);

/* ---- between the two: see request.c */

/* Sends a file with its descriptor. False: nobody is there. */
bool ns_request_send(int socket, const ns_content_file *file, const char *fields, int fd, ns_buffer *scratch);
/* Waits for one; *fd is the caller's to close, the strings lie in 'bytes'. False: there will be none. */
bool ns_request_receive(int socket, ns_buffer *bytes, ns_content_file *file, const char **fields, int *fd);

#endif
