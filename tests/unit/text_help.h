/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * text_help.h - an analyser, a workspace and articles for the tests of src/text.
 */
#ifndef NS_TESTS_TEXT_HELP_H
#define NS_TESTS_TEXT_HELP_H

#include "corpus/article.h"
#include "src/base/arena.h"
#include "src/text/analyse.h"

typedef struct text_help {
    ns_analyser *analyser;
    ns_workspace *workspace;
    ns_arena arena;
} text_help;

/* cmocka setup and teardown: *state is a text_help. */
int text_help_setup(void **state);
int text_help_teardown(void **state);
/* An article with this title and body, paragraphs parted by newlines. Memory from the arena. */
ns_article text_help_article(ns_arena *arena, const char *title, const char *body);
/* The terms of a query as "exact exact ..." and its names as " <key>"; from the arena. */
const char *text_help_query(text_help *help, const char *query);
/* The term's tf in a passage; -1: it has no such term. */
int text_help_tf(const ns_passage *passage, const char *key);
/* The folder with the shared data, or NULL. */
const char *text_help_shared(void);

#endif
