/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_layout.h - how an index lies in Xapian databases, and the records that the engine keeps in them.
 *
 * An index directory holds, named by its MANIFEST (manifest.h, engine "xapian"):
 *
 *     db-000003     role "database": one single-file glass database, written once and never changed; a commit adds
 *                   one, and a merge makes one of several. sum: CRC32C of all its bytes.
 *                   numbers: first docid, end of docids, distinct terms, postings
 *     live-000004   role "removed": which docids live (below). sum: of all bytes.
 *                   numbers: live articles, live passages, their lengths summed, bytes of their text
 *     names-000001  role "names": the user's gazetteer
 *     work-000005   no role: a writer's work database, a directory; swept when stale
 *
 * Since no file changes after the commit that named it, a reader keeps what it opened, verify proves every byte by its
 * sum, and the writer's protocol is the native engine's. A search reads what it needs through Xapian, which has no sums:
 * only verify finds a damaged database for certain. Xapian documents of one database:
 *
 *     docid      ours + 1; the ranges of the databases are disjoint and ascend, so that joined ones keep the order
 *     terms      the keys of analysed.h, wdf = tf, positions in the passage
 *                'w' and 'e' terms with the top bit of the kind set: marks the first passage of an article that
 *                holds the term, so that its document frequency counts articles
 *                0x01 and 16 hex digits of a hash of the id: first passage only
 *     slot 0     article: docid of its first passage, 4 bytes big-endian
 *     slot 1     day: 4 bytes big-endian of day + 2^31, so that bytes sort as days; none when unknown
 *     slot 2     record of the article (ns_xapian_record), first passage only
 *     slot 3     names of the article: for each u8 ns_name_type, varint length and bytes of the term; first passage only
 *     data       the stored article (stored.h), first passage only
 */
#ifndef NS_INDEX_XAPIAN_LAYOUT_H
#define NS_INDEX_XAPIAN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/backend.h"
#include "src/base/buffer.h"

#define NS_XAPIAN_SLOT_ARTICLE 0
#define NS_XAPIAN_SLOT_DAY 1
#define NS_XAPIAN_SLOT_RECORD 2
#define NS_XAPIAN_SLOT_NAMES 3

#define NS_XAPIAN_MARK 0x80    /* set in the kind of a term that counts articles */
#define NS_XAPIAN_ID_KIND 0x01
#define NS_XAPIAN_ID_KEY 17    /* bytes of an id's key */

/* Whether the kind has marks for its article frequency; for the others it is counted. */
static inline bool ns_xapian_is_marked(char kind)
{
    return kind == NS_TERM_STEM || kind == NS_TERM_ENTITY;
}

/* Whether a database's term is one of the index, and not one of this engine's own. */
static inline bool ns_xapian_is_term(const char *key, size_t n)
{
    return n && !((unsigned char)key[0] & NS_XAPIAN_MARK) && key[0] != NS_XAPIAN_ID_KIND;
}

void ns_xapian_put_be32(uint8_t out[4], uint32_t v);
void ns_xapian_day_bytes(int32_t day, uint8_t out[4]);
void ns_xapian_id_key(const char *id, char out[NS_XAPIAN_ID_KEY]);

/* Slot 2. Integers little-endian:
 *
 *     0    u64  hash             16   u32  passages        28   u64  text_hash of the sketch
 *     8    i32  day              20   u32  lengths summed  36   u32  shingles
 *     12   u32  bytes of text    24   u32  bytes of id     40   u16  sketch words, 64 of them
 *     168  u16  keywords, 40 of them    248  u64  group    256  id
 */
typedef struct ns_xapian_record {
    ns_article_columns columns; /* .article is not stored: it is the docid */
    uint32_t text_bytes;
    uint32_t total_length;
    const char *id;             /* not NUL-terminated */
    uint32_t id_length;
} ns_xapian_record;

void ns_xapian_record_encode(const ns_xapian_record *record, ns_buffer *out);
/* The id is borrowed from 'bytes'. DAMAGED. */
nsearch_status ns_xapian_record_decode(const uint8_t *bytes, size_t n, uint32_t article, ns_xapian_record *record,
                                       nsearch_error *err);

#endif
