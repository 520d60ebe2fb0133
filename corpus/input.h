/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * input.h - the bytes of one file or of memory, gzip unpacked on the way, in bounded memory.
 * An input that ends too early (a failed read, a broken member) gives what came before and then says why.
 */
#ifndef NS_CORPUS_INPUT_H
#define NS_CORPUS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "src/base/buffer.h"

#define NS_INPUT_PEEK 8192 /* most bytes that ns_input_peek can show */

typedef struct ns_input {
    int fd;              /* -1: memory */
    bool own_fd;         /* close it at the end */
    const uint8_t *next; /* packed bytes not yet used */
    size_t left;
    bool raw_over;       /* nothing behind 'left' */
    bool started, over;
    bool gzip, in_member;
    z_stream z;
    uint8_t *raw, *out; /* the file's bytes; unpacked bytes at [at, end) */
    size_t at, end;
    uint64_t bytes, packed; /* unpacked and given out; taken from the file */
    char problem[160];      /* "" or why the input ended too early */
} ns_input;

/* Takes the descriptor over when 'own'. False only when memory is out; then release is still due. */
bool ns_input_open_fd(ns_input *in, int fd, bool own);
bool ns_input_open_memory(ns_input *in, const void *bytes, size_t n);
void ns_input_release(ns_input *in);

/* Shows the coming bytes, up to NS_INPUT_PEEK, without taking them. */
const uint8_t *ns_input_peek(ns_input *in, size_t *n);
/* Appends everything up to 'limit' bytes. True when there was more than that. */
bool ns_input_all(ns_input *in, size_t limit, ns_buffer *to);

typedef enum ns_input_answer {
    NS_INPUT_LINE,
    NS_INPUT_TOO_LONG, /* the line was passed over; 'to' holds nothing */
    NS_INPUT_OVER
} ns_input_answer;
/* The next line without its end. */
ns_input_answer ns_input_line(ns_input *in, size_t limit, ns_buffer *to);

#endif
