/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * promises.h - what corpus/article.h promises of an article, held against one.
 */
#ifndef NS_TESTS_PROMISES_H
#define NS_TESTS_PROMISES_H

#include <stdio.h>
#include <stdlib.h>

#include "corpus/article.h"

#define PROMISE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* Valid UTF-8 of n bytes without controls, except those in 'allowed'. */
void promise_string(const char *s, size_t n, const char *allowed);
void promise_article(const ns_article *article);

#endif
