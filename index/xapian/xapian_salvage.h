/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_salvage.h - reads the stored articles of a database without Xapian, from the leaves of one table alone: what can
 * be had when the others are damaged or gone.
 */
#ifndef NS_INDEX_XAPIAN_SALVAGE_H
#define NS_INDEX_XAPIAN_SALVAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/error.h"

/* Calls 'each' by docid with what is stored of each article that the table 'docdata' in the folder of a database holds: its docid
 * and hash as its tail says (xapian_layout.h), to be held against the article. 'bad' is called for what cannot be read. Blocks
 * newer than 'revision' are not looked at. NOT_FOUND: no table. */
nsearch_status ns_xapian_salvage(const char *database, uint32_t revision,
                                 void (*each)(uint32_t article, const uint8_t *bytes, size_t n, uint64_t hash, void *user),
                                 void (*bad)(void *user), void *user, nsearch_error *err);
/* The revision that the database is at; UINT32_MAX: it cannot be told. */
uint32_t ns_xapian_salvage_revision(const char *database);

#endif
