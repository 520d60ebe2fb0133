/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * error.h - fills the caller's error record. The first error stays: a later one
 * does not overwrite it.
 */
#ifndef NS_BASE_ERROR_H
#define NS_BASE_ERROR_H

#include "src/nsearch.h"

/* Writes 'status' and the formatted text (escaped: no control bytes) and returns the
 * status that now stands in the record. err may be NULL. */
nsearch_status ns_error_set(nsearch_error *err, nsearch_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a failed system call: adds ": " and the text of errno. */
nsearch_status ns_error_system(nsearch_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
nsearch_status ns_error_memory(nsearch_error *err);
void ns_error_clear(nsearch_error *err);

#endif
