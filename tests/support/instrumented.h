/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * instrumented.h - whether a sanitizer watches this build, so that all takes several times as long: some tests then try
 * less, and the plain build tries it all. instrumented.sh tells scripts.
 */
#ifndef NS_TESTS_INSTRUMENTED_H
#define NS_TESTS_INSTRUMENTED_H

#ifndef __has_feature /* clang's */
#define __has_feature(name) 0
#endif

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || __has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#else
#define INSTRUMENTED 0
#endif

#endif
