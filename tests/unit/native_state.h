/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * native_state.h - all that can be seen of an index, and of a model of it, as one number: two that are equal
 * hold the same articles in the same order, with the same columns, texts, terms, frequencies, postings and
 * positions, however they are cut into segments.
 */
#ifndef NS_TESTS_NATIVE_STATE_H
#define NS_TESTS_NATIVE_STATE_H

#include "index/backend.h"
#include "tests/support/synthetic.h"

/* Reads everything through the engine's table; the first error that any call gives. */
nsearch_status native_state_of_index(ns_snapshot *snapshot, uint64_t *state, nsearch_error *err);
/* Opens 'dir', reads, closes. An absent index has the state of an empty one. */
nsearch_status native_state_of_dir(const char *dir, uint64_t *state, nsearch_error *err);
uint64_t native_state_of_model(const synthetic_model *m);

/* Copies the files of an index into a new temporary folder. */
char *native_copy(const char *dir);

#endif
