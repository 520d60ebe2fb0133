/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * reading.h - what the tests of the readers share: one article read from a text, a scratch folder.
 */
#ifndef NS_TESTS_READING_H
#define NS_TESTS_READING_H

#include "corpus/reader.h"

typedef struct reading {
    ns_reader *reader;
    ns_arena arena;
    ns_article article;
    nsearch_error err;
} reading;

/* Opens bytes under a name; the first answer is to be asked for with reading_next. */
void reading_open(reading *r, const char *name, const void *bytes, size_t n);
void reading_open_path(reading *r, const char *path);
ns_read reading_next(reading *r);
/* Opens a string and expects one article. */
void reading_one(reading *r, const char *name, const char *text);
void reading_close(reading *r);
/* The paragraph or dropped line that holds the words, or NULL. */
const char *reading_paragraph(const reading *r, const char *words);
const ns_dropped *reading_dropped(const reading *r, const char *words);

/* A scratch folder of this process; files in it. */
const char *scratch_make(void);
void scratch_remove(void);
const char *scratch_path(const char *name);
void scratch_write(const char *name, const void *bytes, size_t n);

#endif
