/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * guard.h - what keeps a process alive when a mapped file shrinks, or a page of it cannot be read: a handler of
 * SIGBUS puts a page of ones in the place of the missing one and notes that the map lost something. Decoders bear any
 * bytes, and whoever read the map asks afterwards whether it was whole. A program installs it; a library must not.
 */
#ifndef NS_BASE_GUARD_H
#define NS_BASE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/error.h"

/* Maps made from now on are guarded. Twice is harmless, and once more after another handler was
 * set puts this one before that. */
nsearch_status ns_guard_install(nsearch_error *err);
/* A map begins and ends; the file system's table calls these. */
void ns_guard_watch(const void *address, size_t n);
void ns_guard_forget(const void *address);
bool ns_guard_watches(const void *address);
/* Whether the map that begins there ever lacked a page that was read. */
bool ns_guard_lost(const void *address);

#endif
