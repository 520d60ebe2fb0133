/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sandbox.h - gives up, for good, what a process needs no more that only reads bytes it was handed: opening files,
 * the network, other programs and processes. There is no way back.
 */
#ifndef NS_CORPUS_SANDBOX_H
#define NS_CORPUS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/error.h"

/* What a build is able to do. A sanitizer's runtime needs more system calls than a filter would leave, and more
 * addresses than a limit would. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define NS_SANITIZED 1
#endif
#endif
#if defined(NS_WITH_SECCOMP) && !defined(NS_SANITIZED)
#define NS_SANDBOX_FILTERS 1
#else
#define NS_SANDBOX_FILTERS 0
#endif

/* From here on, in this process: at most 'memory' bytes of addresses (0: no limit); no file is written; descriptors
 * below 'descriptors' only; no new rights by running a program; no core file and no debugger; under Landlock no file
 * and no port, where the kernel has it; and by a filter only the system calls of reading, of memory and of time, and
 * writing to 'out'. Any other fails with EPERM, since libraries bear that: they look for files that need not be there.
 * But what no library does that reads bytes, such as starting a process or making a socket, ends this one by SIGSYS.
 * UNCONFINED: the kernel cannot, and the process is confined only in part. */
nsearch_status ns_sandbox_enter(int out, size_t memory, unsigned descriptors, nsearch_error *err);

#endif
