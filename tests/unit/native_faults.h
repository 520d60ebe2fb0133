/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * native_faults.h - a file system for tests: counts the calls, and at the N-th stops the process or fails,
 * once or from then on. A write that is stopped or fails has written half of its bytes.
 */
#ifndef NS_TESTS_NATIVE_FAULTS_H
#define NS_TESTS_NATIVE_FAULTS_H

#include <stdbool.h>

typedef enum native_fault {
    NATIVE_FAULT_NONE,
    NATIVE_FAULT_STOP,
    NATIVE_FAULT_ONCE,
    NATIVE_FAULT_ALWAYS
} native_fault;

#define NATIVE_FAULT_EXIT 77 /* of a stopped process */

/* Puts the table in force, with call number 'at' (from 1) to fail with 'number'. */
void native_faults_begin(native_fault fault, long at, int number);
/* Puts the system's back; returns the number of calls. */
long native_faults_end(void);

#endif
