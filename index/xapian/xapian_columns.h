/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_columns.h - what is wanted of every passage and article again and again, held in memory: which docids live,
 * their lengths, where articles begin, their days and groups. A database keeps it in pages of its metadata, which one
 * request each brings over the wire; a commit writes the pages that it changed.
 *
 * Page: u32 CRC32C of what follows, u32 docids n, u32 articles m that begin in it, n u16 lengths, (n + 7) / 8 bytes of
 * starts, as many of removed, m i32 days, m u64 groups. Removed docids stay in their places.
 */
#ifndef NS_INDEX_XAPIAN_COLUMNS_H
#define NS_INDEX_XAPIAN_COLUMNS_H

#include "index/backend.h"
#include "index/xapian/xapian_shim.h"

#define NS_XAPIAN_PAGE 8192 /* docids */

typedef struct ns_xapian_columns {
    uint32_t end;               /* docids are below */
    uint16_t *lengths;
    uint8_t *starts, *removed;  /* a bit a docid, in multiples of 64 */
    uint32_t *heads;            /* first docids of all articles, ascending */
    int32_t *days;              /* of each article */
    uint64_t *groups;
    uint32_t article_count;     /* removed ones included */
    uint32_t live;              /* passages */
    bool single;                /* no article has two passages */
    size_t docid_capacity, article_capacity;
    uint8_t *dirty;             /* a writer's: a byte a page */
    size_t dirty_capacity;
} ns_xapian_columns;

void ns_xapian_columns_init(ns_xapian_columns *c);
void ns_xapian_columns_release(ns_xapian_columns *c);
/* Reads the pages of docids below 'end'. */
nsearch_status ns_xapian_columns_load(ns_xapian_columns *c, ns_xapian_db *db, uint32_t end, nsearch_error *err);
/* Writes the dirty ones. */
nsearch_status ns_xapian_columns_save(ns_xapian_columns *c, ns_xapian_db *db, nsearch_error *err);

nsearch_status ns_xapian_columns_append(ns_xapian_columns *c, const ns_analysed *article, nsearch_error *err);
nsearch_status ns_xapian_columns_remove(ns_xapian_columns *c, uint32_t article, uint32_t passages, nsearch_error *err);
/* Back to no docids; what pages there are is to be taken out of 'db'. */
nsearch_status ns_xapian_columns_clear(ns_xapian_columns *c, ns_xapian_db *db, nsearch_error *err);

static inline bool ns_xapian_is_removed(const ns_xapian_columns *c, uint32_t docid)
{
    return docid >= c->end || (c->removed[docid >> 3] >> (docid & 7) & 1);
}

static inline bool ns_xapian_is_start(const ns_xapian_columns *c, uint32_t docid)
{
    return c->starts[docid >> 3] >> (docid & 7) & 1;
}

/* First docid of the article that holds 'docid', which is below 'end'. */
uint32_t ns_xapian_article_of(const ns_xapian_columns *c, uint32_t docid);
/* Place of an article in 'heads'; UINT32_MAX: none begins there. */
uint32_t ns_xapian_place_of(const ns_xapian_columns *c, uint32_t article);
/* Whether the article that begins at this docid is a copy. */
bool ns_xapian_is_copy(const ns_xapian_columns *c, uint32_t article);
uint32_t ns_xapian_passages_of(const ns_xapian_columns *c, uint32_t place);

#endif
