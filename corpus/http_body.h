/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * http_body.h - the body of an HTTP response out of a stream: chunks put together, deflate unpacked. What
 * says that it is chunked or packed and is not (archives often undo both and keep the headers) is taken as it
 * is.
 */
#ifndef NS_CORPUS_HTTP_BODY_H
#define NS_CORPUS_HTTP_BODY_H

#include "corpus/input.h"

typedef struct ns_http_body {
    ns_input *from;
    uint64_t left; /* bytes of the stream that belong to it */
    bool chunked, deflated;
    /* filled in as it is read */
    bool started, over;
    uint64_t chunk_left;
    bool inflating;
    z_stream z;
    uint8_t packed[4096];
    uint64_t given;
    uint64_t began; /* left when it began */
} ns_http_body;

/* Sets it up; release is due after. */
void ns_http_body_open(ns_http_body *body, ns_input *from, uint64_t left, bool chunked, bool deflated);
/* An ns_input_source. */
ptrdiff_t ns_http_body_read(void *body, uint8_t *to, size_t n, char *problem);
void ns_http_body_release(ns_http_body *body);

#endif
