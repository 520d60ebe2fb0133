/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * operations.h - what writers do to an index, as scripts of commits that can be run whole, stopped anywhere and run
 * again: a second run ends where an undisturbed one ends. The variant changes sizes, ids and the number of commits.
 */
#ifndef NS_TESTS_OPERATIONS_H
#define NS_TESTS_OPERATIONS_H

#include "index/backend.h"
#include "tests/support/synthetic.h"

typedef enum operation {
    OPERATION_CREATE,  /* an index where there is none */
    OPERATION_EXTEND,  /* new articles */
    OPERATION_UPDATE,  /* new versions of articles */
    OPERATION_REMOVE,
    OPERATION_MERGE,   /* into one segment */
    OPERATION_REBUILD, /* all articles anew */
    OPERATION_MIXED,   /* new ones, removals and names in one commit */
    OPERATION_DAYS,    /* commit after commit, with the merges that they bring */
    OPERATIONS
} operation;

#define OPERATION_STATES 16 /* at most: before, and after each commit */

const char *operation_name(operation op);
/* What the operation begins with, in the new folder 'dir'/index: nothing for CREATE, else some commits. */
nsearch_status operation_base(const ns_backend *engine, const char *index, operation op, uint32_t variant,
                              synthetic_model *model, nsearch_error *err);
/* Runs it. 'acknowledged' is called with 0 when the writer is open, and after each commit with its number. */
nsearch_status operation_run(const ns_backend *engine, const char *index, operation op, uint32_t variant,
                             void (*acknowledged)(int commit, void *user), void *user, nsearch_error *err);
/* The states of the model before and after each commit; returns how many commits there are. Changes the model. */
int operation_states(operation op, uint32_t variant, synthetic_model *model, uint64_t states[OPERATION_STATES]);

#endif
