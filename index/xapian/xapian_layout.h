/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_layout.h - how an index lies in a Xapian database (doc/format.md says it for readers in other languages), and
 * the records that the engine keeps in it.
 *
 * An index directory holds MANIFEST (manifest.h, engine "xapian"; one file, "xapian", of role "database"), which is
 * written once, LOCK, and the folder "xapian": a plain glass database. A commit of the index is a commit of Xapian's, so
 * the state is kept in the database, too. One document a passage:
 *
 *     docid      ours + 1, ascending without gaps; the passages of an article are adjacent
 *     terms      the keys of analysed.h, wdf = tf, positions in the passage, each + 1
 *                'W', 'E' and 'C' with the text of a 'w', 'e' or 'c' term of any passage of the article: first passage
 *                only, so that it stands for the article and its document frequency counts articles
 *                'X', 'F' and 'D' besides, with the same text, where the article is a copy (ns_group_is_copy)
 *                'A' and 8 hex digits of the article's docid, ours
 *                'I' and 16 hex digits of a hash of the id: first passage only
 *     slot 0     article: its docid, ours, 4 bytes big-endian; a key to collapse by
 *     slot 1     day: 4 bytes big-endian of day + 2^31, so that bytes sort as days; none when unknown
 *     slot 2     record of the article (ns_xapian_record): first passage only
 *     slot 3     names of the article: docid as in slot 0; then for each u8 ns_name_type, varint length and bytes of the
 *                term; first passage only
 *     slot 4     8 bytes: sum of the passage (ns_xapian_posting_sum)
 *     slot 5     all positions of the passage's terms, once more (xapian_words.h)
 *     data       the stored article (stored.h) and its tail (NS_XAPIAN_TAIL): first passage only
 *
 * Metadata: "nsearch" (ns_xapian_header), "nsearch-names" (the user's gazetteer), "nsearch-page-" and 6 hex digits
 * (xapian_columns.h).
 */
#ifndef NS_INDEX_XAPIAN_LAYOUT_H
#define NS_INDEX_XAPIAN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "index/backend.h"
#include "src/base/buffer.h"

#define NS_XAPIAN_FORMAT 3
#define NS_XAPIAN_FOLDER "xapian"

#define NS_XAPIAN_SLOT_ARTICLE 0
#define NS_XAPIAN_SLOT_DAY 1
#define NS_XAPIAN_SLOT_RECORD 2
#define NS_XAPIAN_SLOT_NAMES 3
#define NS_XAPIAN_SLOT_SUM 4
#define NS_XAPIAN_SLOT_WORDS 5

#define NS_XAPIAN_ARTICLE_KIND 'A'
#define NS_XAPIAN_ARTICLE_KEY 10 /* with a NUL */
#define NS_XAPIAN_ID_KIND 'I'
#define NS_XAPIAN_ID_KEY 18      /* with a NUL */

#define NS_XAPIAN_KEY_HEADER "nsearch"
#define NS_XAPIAN_KEY_NAMES "nsearch-names"

/* The kind of the term that stands for the whole article; 0: the kind has none. */
static inline char ns_xapian_article_kind(char kind)
{
    return kind == NS_TERM_STEM ? 'W' : kind == NS_TERM_ENTITY ? 'E' : kind == NS_TERM_WITHIN ? 'C' : 0;
}

/* The kind of the second one that a copy has, from the first. */
static inline char ns_xapian_copy_kind(char article_kind)
{
    return article_kind == 'W' ? 'X' : article_kind == 'E' ? 'F' : article_kind == 'C' ? 'D' : 0;
}

/* Whether a database's term is one of the index, and not one of this engine's own. */
static inline bool ns_xapian_is_term(const char *key, size_t n)
{
    static const char own[] = {'W', 'E', 'C', 'X', 'F', 'D', NS_XAPIAN_ARTICLE_KIND, NS_XAPIAN_ID_KIND};
    return n && !memchr(own, key[0], sizeof own);
}

void ns_xapian_put_be32(uint8_t out[4], uint32_t v);
uint32_t ns_xapian_get_be32(const uint8_t *p);
void ns_xapian_day_bytes(int32_t day, uint8_t out[4]);
void ns_xapian_article_key(uint32_t article, char out[NS_XAPIAN_ARTICLE_KEY]);
void ns_xapian_id_key(const char *id, char out[NS_XAPIAN_ID_KEY]);
/* A posting's share of its passage's sum: all shares are added. */
uint64_t ns_xapian_posting_sum(const char *key, size_t n, uint32_t tf, const uint32_t *positions, size_t count);

/* Behind a stored article: its docid, 4 bytes big-endian, and u64 hash of the article + ns_mix64(docid), so that the data of
 * a document say by themselves what they are, and that they are whole. */
#define NS_XAPIAN_TAIL 12
void ns_xapian_tail_encode(uint32_t article, uint64_t hash, ns_buffer *out);
/* False: too few bytes. *hash is what the article must have. */
bool ns_xapian_tail_decode(const uint8_t *bytes, size_t n, uint32_t *article, uint64_t *hash);

/* Slot 2. Big-endian u32 article, then little-endian:
 *
 *     4    u64  hash             20   u32  passages        32   u64  text_hash of the sketch
 *     12   i32  day              24   u32  lengths summed  40   u32  shingles
 *     16   u32  bytes of text    28   u32  bytes of id     44   u16  sketch words, 64 of them
 *     172  u16  keywords, 40 of them    252  u16  numbers, 16 of them
 *     284  u64  group    292  u32  postings    296  u32  CRC32C of the data    300  id
 *     then u32  CRC32C of all before
 */
typedef struct ns_xapian_record {
    ns_article_columns columns;
    uint32_t text_bytes;
    uint32_t total_length;
    uint32_t postings;
    uint32_t data_sum;
    const char *id;             /* not NUL-terminated */
    uint32_t id_length;
} ns_xapian_record;

void ns_xapian_record_encode(const ns_xapian_record *record, ns_buffer *out);
/* The id is borrowed from 'bytes'. DAMAGED. */
nsearch_status ns_xapian_record_decode(const uint8_t *bytes, size_t n, ns_xapian_record *record, nsearch_error *err);

/* The state that a commit leaves, as a line of text. */
typedef struct ns_xapian_header {
    uint64_t generation;
    uint64_t articles, texts, passages, total_length, bytes_text; /* live */
    uint64_t postings, terms; /* terms: as last counted */
    uint64_t bytes;           /* of the database's files before the commit, which may double them; 0: not known */
    uint64_t content;         /* sum over the articles (ns_xapian_content) */
    uint32_t names_sum;       /* CRC32C of the gazetteer */
    uint32_t end;             /* docids are below */
} ns_xapian_header;

uint64_t ns_xapian_content(const ns_xapian_record *record);
void ns_xapian_header_encode(const ns_xapian_header *header, ns_buffer *out);
/* DAMAGED; UNSUPPORTED: a newer format. */
nsearch_status ns_xapian_header_decode(const uint8_t *bytes, size_t n, ns_xapian_header *header, nsearch_error *err);

#endif
