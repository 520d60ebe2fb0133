/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * input.h - the bytes of one file, of memory or of a member of an archive; gzip, xz, zstd and bzip2 unpacked on the
 * way, in bounded memory.
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

/* Up to n more bytes into 'to'; 0 at the end, -1 with a reason in problem[160]. */
typedef ptrdiff_t ns_input_source(void *user, uint8_t *to, size_t n, char *problem);

struct archive;

typedef struct ns_input {
    int fd;              /* -1: memory or a source */
    ns_input_source *source;
    void *user;          /* of the source */
    const uint8_t *memory; /* all of it, for ns_input_seek */
    size_t memory_size;
    bool own_fd;         /* close it at the end */
    const uint8_t *next; /* packed bytes not yet used */
    size_t left;
    bool raw_over;       /* nothing behind 'left' */
    bool unreadable;     /* the system refused to read on */
    bool started, over;
    bool gzip, in_member;
    uint64_t member;        /* 'packed' where the open member began */
    unsigned rewound;
    bool resync, broken;    /* see ns_input_resync; a member was */
    bool gap;               /* here: the input seems to end until ns_input_pass_gap */
    z_stream z;
    struct archive *unpacker; /* xz, zstd, bzip2 */
    size_t lent;              /* packed bytes that it looks at */
    uint8_t *raw, *out; /* the file's bytes; unpacked bytes at [at, end) */
    size_t at, end, out_size;
    uint64_t bytes, packed; /* unpacked and given out; taken from the file */
    char problem[160];      /* "" or why the input ended too early */
} ns_input;

/* Takes the descriptor over when 'own'. False only when memory is out; then release is still due. */
bool ns_input_open_fd(ns_input *in, int fd, bool own);
bool ns_input_open_memory(ns_input *in, const void *bytes, size_t n);
bool ns_input_open_source(ns_input *in, ns_input_source *source, void *user);
void ns_input_release(ns_input *in);

/* Shows the coming bytes, up to NS_INPUT_PEEK, without taking them. */
const uint8_t *ns_input_peek(ns_input *in, size_t *n);
/* Appends everything up to 'limit' bytes. True when there was more than that. */
bool ns_input_all(ns_input *in, size_t limit, ns_buffer *to);

/* The bytes at hand, taken at once: valid until the next call. NULL at the end. */
const uint8_t *ns_input_block(ns_input *in, size_t *n);
/* Takes up to n bytes; how many it took. */
size_t ns_input_take(ns_input *in, void *to, size_t n);
/* Passes n bytes over. False when the input ended before, or when they are packed too well to be text. */
bool ns_input_skip(ns_input *in, uint64_t n);
/* From now on a damaged gzip member is not the end: the next one follows, and 'problem' is told all the same. */
void ns_input_resync(ns_input *in);
/* Goes on behind a damaged gzip member; false when the input is not at one. */
bool ns_input_pass_gap(ns_input *in);
/* Goes to a byte of a plain file or of memory; false where that cannot be done. */
bool ns_input_seek(ns_input *in, uint64_t offset);
/* The size of a plain file or of memory, to seek in; false where that cannot be done. */
bool ns_input_size(const ns_input *in, uint64_t *size);
/* Packed more than 200 times since the two counters stood so: no text, stop instead of unpacking for ever. */
bool ns_input_is_bomb(const ns_input *in, uint64_t bytes, uint64_t packed);

typedef enum ns_input_answer {
    NS_INPUT_LINE,
    NS_INPUT_TOO_LONG, /* the line was passed over; 'to' holds nothing */
    NS_INPUT_OVER
} ns_input_answer;
/* The next line without its end. A line above the limit whose packed bytes are suspiciously few ends the input. */
ns_input_answer ns_input_line(ns_input *in, size_t limit, ns_buffer *to);

#endif
