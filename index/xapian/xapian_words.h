/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_words.h - what stands where in a passage, as one value: a server sends the values of many passages with one answer,
 * and the positions of a posting only one by one.
 *
 *     u32  docid, big-endian        5    for each position of each term, in their order: u8 step from the one before (255: a
 *     4    u8  seed                      varint of the rest follows), u16 of the term, little-endian
 *                                   at last u32 CRC32C of all before, little-endian
 *
 * The u16 is the high end of ns_hash64 of the key with the seed, which is chosen so that no term of the passage has that of
 * another with positions. Only terms that the passage holds are looked for, so what is found is exact. A passage of so many
 * terms that there is no such seed has no value.
 */
#ifndef NS_INDEX_XAPIAN_WORDS_H
#define NS_INDEX_XAPIAN_WORDS_H

#include "index/backend.h"
#include "src/base/buffer.h"

/* Nothing is appended when there is no seed. False: out of memory. */
bool ns_xapian_words_encode(const ns_passage *passage, uint32_t docid, ns_arena *arena, ns_buffer *out);
/* False: not a value of this passage, or not as it was written. */
bool ns_xapian_words_check(const uint8_t *bytes, size_t n, uint32_t docid);
/* Appends the positions of a term that the passage holds, u32s of the machine, from a value that was checked. */
void ns_xapian_words_find(const uint8_t *bytes, size_t n, const void *key, size_t key_length, ns_buffer *positions);

#endif
