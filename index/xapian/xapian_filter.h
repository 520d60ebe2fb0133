/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_filter.h - says for one passage whether it satisfies a filter of plan.h, to the letter. Xapian's matcher
 * proposes passages; this decides where its operators mean something else (NEAR, phrases with gaps).
 */
#ifndef NS_INDEX_XAPIAN_FILTER_H
#define NS_INDEX_XAPIAN_FILTER_H

#include <stdbool.h>

#include "index/xapian/xapian_snapshot.h"

typedef struct ns_xapian_filter ns_xapian_filter;

/* Memory from 'arena', which must outlive it. */
nsearch_status ns_xapian_filter_open(ns_xapian_snapshot *snapshot, const ns_filter *filter, ns_arena *arena,
                                     ns_xapian_filter **out, nsearch_error *err);
/* Fastest when docids ascend. */
bool ns_xapian_filter_holds(ns_xapian_filter *filter, uint32_t docid);
/* NSEARCH_OK, or what went wrong in some call of 'holds' (which then said false). */
nsearch_status ns_xapian_filter_status(const ns_xapian_filter *filter, nsearch_error *err);
void ns_xapian_filter_close(ns_xapian_filter *filter);

#endif
