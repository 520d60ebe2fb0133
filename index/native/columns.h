/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * columns.h - fixed facts of passages and articles (doc/format.md, section 6).
 *
 *     lengths   u16 len for each passage
 *     starts    a bit for each passage, 1 where an article begins, in u64 words; then for each 8 words
 *               u32 the articles that begin before them
 *     days      i32 for each article
 *     articles  20 bytes each: u32 text bytes, u64 hash, u32 text block, u32 offset in it
 *     sketches  220 bytes each: u64 hash of the text, u32 shingles, 64 x u16, 40 x u16; nothing when all are zeros
 *     groups    u64 for each article (analysed.h); nothing when all are zero
 */
#ifndef NS_NATIVE_COLUMNS_H
#define NS_NATIVE_COLUMNS_H

#include "index/native/segment.h"
#include "index/native/spool.h"
#include "src/base/bytes.h"
#include "src/text/analysed.h"

#define NS_ARTICLE_RECORD 20
#define NS_SKETCH_RECORD (12 + 2 * (NS_SKETCH_WORDS + NS_KEYWORDS + NS_SKETCH_NUMBERS))

typedef struct ns_article_facts {
    int32_t day;
    uint32_t text_bytes;
    uint64_t hash, group;
    uint32_t text_block, text_offset; /* texts.h */
} ns_article_facts;

/* ---- writing */

typedef struct ns_columns_writer {
    ns_buffer lengths;     /* u16 little-endian */
    uint8_t *starts;       /* as on disk */
    uint8_t *copies;       /* ns_columns_copies */
    size_t start_words;    /* room of each, in words of 8 bytes */
    ns_buffer days;        /* i32 little-endian */
    ns_buffer groups;      /* u64 little-endian */
    ns_spool articles, sketches;
    uint32_t passage_count, article_count;
    uint64_t total_length, text_bytes;
    bool any_sketch, any_group; /* that is not all zeros */
    bool failed; /* memory */
} ns_columns_writer;

/* 'name' begins the names of temporary files. */
void ns_columns_writer_init(ns_columns_writer *w, int dirfd, const char *name);
void ns_columns_writer_release(ns_columns_writer *w);
/* An article's facts, then its passages one by one. 'sketch' is a record as on disk. */
void ns_columns_add_article(ns_columns_writer *w, const ns_article_facts *facts, const uint8_t *sketch);
void ns_columns_add_passage(ns_columns_writer *w, uint32_t length);
/* Sets the group of the i-th article added. */
void ns_columns_set_group(ns_columns_writer *w, size_t i, uint64_t group);
/* All of 'from', whose spools are in memory; its text blocks count from 'block'. */
void ns_columns_append(ns_columns_writer *w, const ns_columns_writer *from, uint32_t block);
void ns_columns_put(ns_columns_writer *w, ns_segment_writer *out);
/* A bit for each passage, 1 where an article begins that is a copy, of all that was added; '*texts' articles are none. NULL:
 * out of memory. Valid until more is added. */
const uint8_t *ns_columns_copies(ns_columns_writer *w, uint32_t *texts);
/* The groups, whose section is the last. */
void ns_columns_put_groups(ns_columns_writer *w, ns_segment_writer *out);
void ns_sketch_encode(const ns_sketch *sketch, uint8_t out[NS_SKETCH_RECORD]);
size_t ns_columns_bytes(const ns_columns_writer *w);

#define NS_NO_TEXT UINT32_MAX

/* ---- a bit for each passage, 1 where an article begins; bit 0 is taken for 1 */

/* The first passage of the article that holds 'docid'. */
static inline uint32_t ns_starts_first(const uint8_t *bits, uint32_t docid)
{
    uint32_t word = docid / 64;
    uint64_t w = ns_get_u64(bits + (size_t)word * 8) << (63 - docid % 64);
    if (w)
        return docid - (uint32_t)__builtin_clzll(w);
    while (word--)
        if ((w = ns_get_u64(bits + (size_t)word * 8)))
            return word * 64 + 63 - (uint32_t)__builtin_clzll(w);
    return 0;
}

/* What tells the texts of a list apart: the first passage of the article that holds 'docid', or NS_NO_TEXT for a copy's. */
static inline uint32_t ns_text_of(const uint8_t *starts, const uint8_t *copies, uint32_t docid)
{
    uint32_t first = ns_starts_first(starts, docid);
    return copies[first / 8] >> (first % 8) & 1 ? NS_NO_TEXT : first;
}

/* ---- reading; docids are those of the segment and must be below its number of passages */

/* Sizes and the starts are checked once when a segment is opened; the others below need that. */
nsearch_status ns_columns_check(const ns_segment *s, nsearch_error *err);
/* All lengths, checked; NULL when damaged. */
const uint8_t *ns_columns_lengths(const ns_segment *s);
static inline uint32_t ns_columns_length_at(const uint8_t *lengths, uint32_t docid)
{
    return (uint32_t)lengths[(size_t)docid * 2] | (uint32_t)lengths[(size_t)docid * 2 + 1] << 8;
}
uint32_t ns_columns_first(const ns_segment *s, uint32_t docid);
/* The passage after the article's last. */
uint32_t ns_columns_end(const ns_segment *s, uint32_t docid);
/* The article's number in the segment. */
uint32_t ns_columns_article(const ns_segment *s, uint32_t docid);
/* The days of all articles, checked; NULL when damaged. */
const uint8_t *ns_columns_days(const ns_segment *s);
/* The groups of all articles, checked; NULL: all are 0. */
nsearch_status ns_columns_groups(const ns_segment *s, const uint8_t **groups, nsearch_error *err);
/* Whether an article is a copy, by these groups or by NULL. */
static inline bool ns_columns_is_copy(const uint8_t *groups, uint32_t article)
{
    return groups && ns_group_is_copy(ns_get_u64(groups + (size_t)article * 8));
}
/* False when damaged or out of range. */
bool ns_columns_facts(const ns_segment *s, uint32_t article, ns_article_facts *facts);
/* The record; NULL when damaged or out of range. */
const uint8_t *ns_columns_sketch(const ns_segment *s, uint32_t article);
void ns_sketch_decode(const uint8_t record[NS_SKETCH_RECORD], ns_sketch *sketch);

#endif
