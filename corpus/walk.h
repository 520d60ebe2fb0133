/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * walk.h - the regular files under a folder, in byte order of their names, never outside
 * of it: no link is followed, no device, pipe or socket is opened.
 */
#ifndef NS_CORPUS_WALK_H
#define NS_CORPUS_WALK_H

#include <stdbool.h>
#include <sys/stat.h>

#include "src/base/error.h"

#define NS_WALK_DEPTH 100 /* folders below one another; deeper ones are reported and left out */

typedef struct ns_walk ns_walk;

/* Takes the descriptor of the open folder over, also on failure. */
nsearch_status ns_walk_open(int fd, ns_walk **walk, nsearch_error *err);
typedef enum ns_walk_answer {
    NS_WALK_FILE,    /* *fd is the open file, the caller's to close */
    NS_WALK_SKIPPED, /* this entry cannot be read: err says why */
    NS_WALK_END
} ns_walk_answer;
/* Asked for each regular file before it is opened; true: it is passed over. */
typedef bool ns_walk_pass(void *user, const char *name, const struct stat *st);
void ns_walk_set_pass(ns_walk *walk, ns_walk_pass *pass, void *user);
ns_walk_answer ns_walk_next(ns_walk *walk, int *fd, nsearch_error *err);
/* The last answer's name below the folder: "sub/file.txt". */
const char *ns_walk_name(const ns_walk *walk);
void ns_walk_close(ns_walk *walk);

#endif
