/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * select.h - walks the articles of one part that satisfy a filter (index/plan.h), in order.
 */
#ifndef NS_QUERY_SELECT_H
#define NS_QUERY_SELECT_H

#include "index/backend.h"
#include "index/plan.h"

typedef struct ns_selector ns_selector;

/* 'filter' must outlive the selector; memory from 'arena'. Close it also after an error (NULL is fine). */
nsearch_status ns_selector_open(ns_snapshot *snapshot, size_t part, const ns_filter *filter, ns_arena *arena,
                                ns_selector **selector, nsearch_error *err);
/* The first selected article whose first docid is 'target' or after it; NS_DOCID_END after the last. Removed
 * articles may be given. */
uint32_t ns_selector_next_geq(ns_selector *selector, uint32_t target);
/* Whether one passage satisfies the TERM or PHRASE that the selector was opened for; 'docid' never goes down. */
bool ns_selector_holds(ns_selector *leaf, uint32_t docid);
bool ns_selector_damaged(const ns_selector *selector);
/* Whether all went well up to now: DAMAGED, NO_MEMORY. */
nsearch_status ns_selector_status(const ns_selector *selector, nsearch_error *err);
void ns_selector_close(ns_selector *selector);

#endif
