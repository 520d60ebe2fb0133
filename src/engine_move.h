/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine_move.h - builds an index anew, perhaps with another engine. The new one is built in a folder of its own inside the index, and
 * its files take the place of the old ones under one new manifest. Part of the facade; the caller holds the lock.
 */
#ifndef NS_ENGINE_MOVE_H
#define NS_ENGINE_MOVE_H

#include "index/manifest.h"

typedef struct ns_engine_move ns_engine_move;

/* Makes the folder with an empty index of 'engine' in it, whose generation and file names follow on those of the
 * index in 'dir', that is of 'old', or where that is NULL of its manifest. What a killed move left is removed. */
nsearch_status ns_engine_move_begin(const char *dir, const char *engine, const ns_manifest *old, ns_engine_move **move,
                                    nsearch_error *err);
/* Where the new index is to be built. */
const char *ns_engine_move_path(const ns_engine_move *move);
/* Puts what was committed there in the place of the old index; the old files go last. */
nsearch_status ns_engine_move_finish(ns_engine_move *move, nsearch_error *err);
/* Ends the move, finished or not; the folder goes. */
void ns_engine_move_free(ns_engine_move *move);

#endif
