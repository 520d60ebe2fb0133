/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * folder.h - a temporary folder of a test.
 */
#ifndef NS_TESTS_FOLDER_H
#define NS_TESTS_FOLDER_H

/* A new empty folder under $TMPDIR, else in memory where that can be; aborts when there can be none. */
char *test_folder_new(void);
/* Removes it with all that is in it, and frees the name. */
void test_folder_remove(char *path);

#endif
