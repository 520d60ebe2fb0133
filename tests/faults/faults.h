/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * faults.h - a file system for tests: counts the calls, and at the N-th kills the process or fails,
 * once or from then on. A write that is stopped or fails has written half of its bytes.
 */
#ifndef NS_TESTS_FAULTS_H
#define NS_TESTS_FAULTS_H

#include <stdbool.h>

typedef enum fault_kind {
    FAULT_NONE,
    FAULT_STOP,  /* SIGKILL */
    FAULT_ONCE,
    FAULT_ALWAYS,
    FAULT_SHORT  /* if it is a write, it takes half of the bytes; others do what they should */
} fault_kind;

/* Puts the table in force, with call number 'at' (from 1) to fail with 'number'. */
void faults_begin(fault_kind fault, long at, int number);
/* Puts the system's back; returns the number of calls. */
long faults_end(void);

/* For faults_xapian.c: calls that do not go through the table. All are false when no table is in force. */
bool faults_meet(void);        /* counts a call; whether it is to fail */
bool faults_next_is_hit(void); /* the next call is the one */
bool faults_is_short(void);
bool faults_inside(void);      /* the table is at work: the call is counted */

#endif
