/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ordered.h - work on several threads whose results are taken in order, so that what is made of them does not
 * depend on the number of threads.
 */
#ifndef NS_BASE_ORDERED_H
#define NS_BASE_ORDERED_H

#include <stddef.h>

#include "src/base/error.h"

/* Piece number 'piece' in slot number 'slot', whose memory is the user's. */
typedef nsearch_status ns_ordered_call(size_t piece, size_t slot, void *user, nsearch_error *err);

/* Calls 'work' for the pieces 0 to count - 1 on up to 'threads' threads, the caller's among them, and 'take' (may be
 * NULL) for each in order in the caller's thread. A slot holds a piece from its work to its take; there are 'slots'
 * of them. The first failure by order ends the run and is returned. */
nsearch_status ns_ordered_run(int threads, size_t count, size_t slots, ns_ordered_call *work, ns_ordered_call *take,
                              void *user, nsearch_error *err);

#endif
