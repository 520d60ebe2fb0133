/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * charset.h - bytes of any charset to clean UTF-8: valid, '\n' as the only line end, and of the control
 * characters only '\n' and '\t'; what cannot be decoded becomes U+FFFD.
 */
#ifndef NS_CORPUS_CHARSET_H
#define NS_CORPUS_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/buffer.h"

/* Decodes one character at p < end: its length, and *code; an invalid sequence gives the length of
 * what belongs together (Unicode 3.9, "maximal subpart") and *code = UINT32_MAX. */
size_t ns_utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *code);
size_t ns_utf8_encode(uint32_t code, uint8_t out[4]);

/* Appends UTF-8 bytes cleaned. */
void ns_clean_utf8(const void *bytes, size_t n, ns_buffer *to);
/* Appends bytes whose charset is told by a byte-order mark, else by 'declared' (NULL: unknown), else
 * by their looks: UTF-8, a guess, windows-1252 at last. */
void ns_clean_bytes(const void *bytes, size_t n, const char *declared, ns_buffer *to);
/* True when these first bytes of a file can be text. */
bool ns_looks_like_text(const uint8_t *bytes, size_t n);

#endif
