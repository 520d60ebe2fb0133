/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * exec.h - answers one query over one snapshot: parse, plan, match, rank, collapse, show.
 */
#ifndef NS_QUERY_EXEC_H
#define NS_QUERY_EXEC_H

#include "index/backend.h"
#include "src/base/error.h"
#include "src/query/hits.h"
#include "src/query/range_maxima.h"
#include "src/query/stories.h"
#include "src/text/analyse.h"

/* Fills *answer (released by ns_answer_release, also after an error). 'query' is any bytes up to its NUL; 'cache' is the
 * snapshot's, or NULL; 'stories' too. */
nsearch_status ns_exec(ns_snapshot *snapshot, ns_maxima_cache *cache, ns_stories *stories,
                       const ns_analyser *analyser, ns_workspace *workspace, const char *query, const nsearch_search_options *options,
                       ns_answer *answer, nsearch_error *err);
void ns_answer_release(ns_answer *answer);

#endif
