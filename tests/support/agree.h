/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * agree.h - whether an engine's state and answers are those of a model.
 */
#ifndef NS_TESTS_AGREE_H
#define NS_TESTS_AGREE_H

#include "index/backend.h"
#include "tests/support/synthetic.h"

#define AGREE_TOLERANCE 1e-6 /* relative, of scores */

/* All give true, or print what differs. */

/* Counts, term frequencies of a sample of terms, columns, stored articles. */
bool agree_state(ns_snapshot *snapshot, const synthetic_model *m, uint32_t vocabulary);
/* An answer of at most 'limit' candidates; equal scores may come in any order. */
bool agree_answer(ns_snapshot *snapshot, const synthetic_model *m, const ns_plan *plan, size_t limit,
                  const ns_candidate *candidates, size_t count, uint64_t found, bool at_least);

#endif
