/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * mime.h - what is to be read of a mail: headers (RFC 5322, encoded words of RFC 2047) and the one part that holds the
 * text (RFC 2045, 2046).
 */
#ifndef NS_CORPUS_MIME_H
#define NS_CORPUS_MIME_H

#include "src/base/buffer.h"

/* The headers' end: where the body begins. */
size_t ns_mime_head(const uint8_t *message, size_t n);
/* Appends a header's value on one line, as clean UTF-8, encoded words decoded. False when it has none. */
bool ns_mime_header(const uint8_t *head, size_t n, const char *name, ns_buffer *to);

typedef struct ns_mime_text {
    const uint8_t *body; /* NULL: the message has no text */
    size_t n;
    bool html;
    enum { NS_MIME_PLAIN, NS_MIME_BASE64, NS_MIME_QUOTED } encoding;
    char charset[64];    /* "": not declared */
} ns_mime_text;

/* The part that people read: of alternatives HTML, else the first text that is no attachment. */
void ns_mime_find_text(const uint8_t *message, size_t n, ns_mime_text *text);
/* Appends the part as clean UTF-8. */
void ns_mime_add_text(const ns_mime_text *text, ns_buffer *scratch, ns_buffer *to);

#endif
