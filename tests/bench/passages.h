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

#include "src/base/buffer.h"

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
    ns_buffer rest; /* of a line, behind the last block */
} bench_passages;

bool bench_passages_open(bench_passages *p, const char *path); /* false: errno says why */
void bench_passages_close(bench_passages *p);
/* False at the end. A line of fewer than three fields has empty ones. */
bool bench_passages_next(bench_passages *p, bench_passage *out);

/* Many lines at once, to be cut in another thread. */
typedef struct bench_block {
    ns_buffer bytes;
    uint64_t first, end; /* numbers of its lines */
    size_t taken;        /* bytes */
} bench_block;

/* The next lines of about 'size' bytes, none from number 'limit' on. Not to be mixed with bench_passages_next. False at
 * the end; b->bytes.failed: out of memory. */
bool bench_passages_block(bench_passages *p, size_t size, uint64_t limit, bench_block *b);
bool bench_block_next(bench_block *b, bench_passage *out);

#endif
