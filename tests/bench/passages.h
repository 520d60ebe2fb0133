/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passages.h - reads a passage file: lines of id, title and text, parted by tabs.
 */
#ifndef NS_BENCH_PASSAGES_H
#define NS_BENCH_PASSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct bench_passage {
    char *id, *title, *text; /* valid until the next line; each ends in NUL */
    size_t id_length, title_length, text_length;
    uint64_t number;         /* of the line, from 0 */
} bench_passage;

typedef struct bench_passages {
    FILE *file;
    char *line;
    size_t room;
    uint64_t next;
} bench_passages;

bool bench_passages_open(bench_passages *p, const char *path); /* false: errno says why */
void bench_passages_close(bench_passages *p);
/* False at the end. A line of fewer than three fields has empty ones. */
bool bench_passages_next(bench_passages *p, bench_passage *out);

#endif
