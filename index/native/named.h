/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * named.h - which names each article holds, so that they can be counted over many articles without a look at their
 * lists or texts (doc/format.md, section 8).
 *
 *     names        for each article: varint bytes that follow; its entries ascending, the first as a varint, each
 *                  other as the varint of its distance to the one before
 *     name index   u64 offset in names of every 16th article
 *
 * An entry is 4 * number + ns_name_type. The number is the term's place among those of the kinds NS_NAMED_FIRST to
 * before NS_NAMED_END, which lie together in the dictionary. Both sections are empty where no article holds a name.
 */
#ifndef NS_NATIVE_NAMED_H
#define NS_NATIVE_NAMED_H

#include "index/native/dictionary.h"
#include "index/native/segment.h"
#include "index/native/spool.h"

#define NS_NAMED_FIRST NS_TERM_OUTLET
#define NS_NAMED_END (NS_TERM_ENTITY + 1)
#define NS_NAMED_STEP 16
#define NS_NAMED_MAX (UINT32_MAX / 4) /* numbers are below this */

static inline bool ns_named_kind(uint8_t kind)
{
    return kind >= NS_NAMED_FIRST && kind < NS_NAMED_END;
}

/* ---- writing */

typedef struct ns_named_writer {
    ns_spool lists, index;
    ns_buffer list; /* of the article in hand */
    uint32_t articles;
    bool any;
} ns_named_writer;

void ns_named_writer_init(ns_named_writer *w, int dirfd, const char *name);
void ns_named_writer_release(ns_named_writer *w);
/* The next article's entries, in any order; they are sorted in place. */
void ns_named_add(ns_named_writer *w, uint32_t *entries, size_t count);
void ns_named_put(ns_named_writer *w, ns_segment_writer *out);

/* ---- reading */

/* How many terms have a number, and the place of the first among all terms. False when damaged. */
bool ns_named_range(const ns_segment *s, uint64_t *first, uint32_t *count);
/* Appends the entries of article number 'article' to 'entries' as uint32_t of the machine. False when damaged or out of
 * memory (then entries->failed). */
bool ns_named_entries(const ns_segment *s, uint32_t article, ns_buffer *entries);
/* The bytes of a term by its place among all; 0: damaged. */
size_t ns_named_key(const ns_segment *s, uint64_t place, char key[NS_TERM_MAX]);

#endif
