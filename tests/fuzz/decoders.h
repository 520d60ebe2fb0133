/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * decoders.h - the decoders of an index, each alone over bytes in memory, so that hundreds of thousands of hostile
 * inputs are tried in a second. An input is the decoder's number, six numbers that the decoder would have from
 * elsewhere (counts, offsets), and the bytes; the bytes end where only NS_PACK_SLACK more may be read.
 */
#ifndef NS_TESTS_DECODERS_H
#define NS_TESTS_DECODERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum decoder {
    DECODE_DOCIDS,     /* pack.h */
    DECODE_PATCHED,    /* pack.h */
    DECODE_POSITIONS,  /* positions.h: a block */
    DECODE_LIST,       /* postings.h: a cursor */
    DECODE_COPY,       /* postings.h: a list taken over by a merge */
    DECODE_DICTIONARY, /* dictionary.h */
    DECODE_NAMES,      /* named.h */
    DECODE_COLUMNS,    /* columns.h */
    DECODE_TEXTS,      /* texts.h: a block inflated */
    DECODE_STORED,     /* stored.h: an article */
    DECODE_MANIFEST,   /* manifest.h, with a sum that fits */
    DECODE_REMOVED,    /* removed.h, with a sum that fits */
    DECODERS
} decoder;

#define DECODER_HEAD 25         /* bytes before those that are decoded: u8 decoder, six times u32 */
#define DECODER_INPUT_MAX 40960 /* bytes in all; what is longer is cut */

const char *decoder_name(decoder d);
/* Whether the bytes are sound, so far as this decoder can tell. Aborts where a decoder breaks its word; reading outside
 * of the bytes ends in a signal. */
bool decode(const uint8_t *input, size_t n);

#endif
