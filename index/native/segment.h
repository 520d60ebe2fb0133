/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * segment.h - one immutable file seg-NNNNNN: sections, a footer that finds them, and a table with one
 * checksum a page (doc/format.md, section 3). Read through a map; a page is checked when it is first touched.
 *
 *     offset 0     header   8 "nsegment", u32 version, u32 zero, u64 segment id
 *     24           sections, each at a multiple of 8, in the order of ns_section
 *                  footer   u32 passages, u32 articles, u64 terms, u64 postings, u64 length, u64 text bytes,
 *                           section table: thirteen times u32 kind, u32 version, u64 offset, u64 size,
 *                           u32 section count, u32 version, 8 "nsegfoot"
 *     data end     sums     u32 CRC32C for each page of all before
 */
#ifndef NS_NATIVE_SEGMENT_H
#define NS_NATIVE_SEGMENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/manifest.h"
#include "src/base/buffer.h"
#include "src/base/error.h"

#define NS_SEGMENT_VERSION 5
#define NS_SEGMENT_MAGIC "nsegment"
#define NS_SEGMENT_FOOT_MAGIC "nsegfoot"
#define NS_SEGMENT_HEADER_SIZE 24
#define NS_SEGMENT_PAGE 4096
#define NS_SEGMENT_PASSAGES_MAX 0x3fffffffu /* so that df * 4 has 32 bits, and sums of docids never wrap */

typedef enum ns_section {
    NS_SECTION_POSTINGS,   /* postings.h */
    NS_SECTION_POSITIONS,  /* positions.h */
    NS_SECTION_DICTIONARY, /* dictionary.h */
    NS_SECTION_TERM_INDEX, /* dictionary.h */
    NS_SECTION_LENGTHS,    /* columns.h */
    NS_SECTION_STARTS,     /* columns.h */
    NS_SECTION_DAYS,       /* columns.h */
    NS_SECTION_ARTICLES,   /* columns.h */
    NS_SECTION_SKETCHES,   /* columns.h */
    NS_SECTION_TEXTS,      /* texts.h */
    NS_SECTION_TEXT_INDEX, /* texts.h */
    NS_SECTION_NAMES,      /* named.h */
    NS_SECTION_NAME_INDEX, /* named.h */
    NS_SECTION_GROUPS,     /* columns.h */
    NS_SECTION_COUNT
} ns_section;

#define NS_SEGMENT_FOOTER_SIZE (48 + NS_SECTION_COUNT * 24 + 16)

/* The codec version of each section; a reader refuses the ones that it does not know. */
#define NS_SECTION_VERSION 1

typedef struct ns_segment_counts {
    uint32_t passages, articles, texts; /* texts: articles that are no copies */
    uint64_t terms, postings;  /* postings: entries of all lists */
    uint64_t total_length;     /* len summed over the passages */
    uint64_t text_bytes;       /* of titles and bodies, before compression */
} ns_segment_counts;

const char *ns_section_name(ns_section section);
/* What seeds the checksum of page number 'page'. */
uint32_t ns_segment_seed(uint64_t id, uint64_t page);

/* ---- writing: strictly in order, from the header to the sums */

typedef struct ns_segment_writer {
    int dirfd, fd;
    char name[32];
    uint64_t id, offset; /* offset: bytes taken so far */
    uint8_t *pages;      /* not yet written; begins at a page boundary of the file */
    size_t used;
    ns_buffer sums;
    struct {
        uint64_t offset, size;
    } sections[NS_SECTION_COUNT];
    nsearch_status status; /* the first failure; later calls do nothing */
    nsearch_error *err;
} ns_segment_writer;

/* Creates the file. 'err' is kept and filled by any later call. */
nsearch_status ns_segment_create(int dirfd, const char *name, uint64_t id, ns_segment_writer *w,
                                 nsearch_error *err);
void ns_segment_begin(ns_segment_writer *w, ns_section section);
void ns_segment_put(ns_segment_writer *w, const void *bytes, size_t n);
void ns_segment_end(ns_segment_writer *w, ns_section section);
void ns_segment_fail(ns_segment_writer *w, nsearch_status status);
/* Footer, sums, sync, close; fills 'file' for the manifest. After a failure the file is gone. */
nsearch_status ns_segment_finish(ns_segment_writer *w, const ns_segment_counts *counts,
                                 ns_manifest_file *file);
/* Closes and removes an unfinished file. Legal on a zeroed or finished writer. */
void ns_segment_abort(ns_segment_writer *w);

/* ---- reading */

typedef struct ns_segment {
    const uint8_t *base;
    uint64_t size;          /* of the map */
    uint64_t data_size;     /* without the sums */
    uint64_t id;
    atomic_uint_fast64_t *checked; /* a bit a page */
    atomic_uint_fast64_t named;    /* named_read.c: where the names lie among the terms; 0: not looked up yet */
    atomic_uint_fast64_t *met;     /* not 0: somebody met a bad page */
    struct {
        uint64_t offset, size;
    } sections[NS_SECTION_COUNT];
    ns_segment_counts counts;
    uint32_t tail;          /* the last sum: the file still ends where it did */
    char name[32];
} ns_segment;

/* Maps the file that the manifest names; checks its size, the table of sums, the footer. NOT_FOUND, DAMAGED,
 * UNSUPPORTED, IO, NO_MEMORY. */
nsearch_status ns_segment_open(int dirfd, const ns_manifest_file *file, ns_segment **segment,
                               nsearch_error *err);
/* Opens one that may be damaged, if its footer still tells where things are and fits the manifest (of which 'file' may
 * know nothing but the name: then the header tells the id). Sums of pages are checked as ever, till ns_segment_trust. */
nsearch_status ns_segment_open_damaged(int dirfd, const ns_manifest_file *file, ns_segment **segment,
                                       nsearch_error *err);
/* Gives bad pages out as if they were good, for one who has another proof of what it reads. */
void ns_segment_trust(ns_segment *segment);
/* The first bad page at '*offset' or behind it, and the section it begins in; NS_SECTION_COUNT for header and footer. */
bool ns_segment_next_bad(const ns_segment *segment, uint64_t *offset, ns_section *section);
void ns_segment_close(ns_segment *segment);
/* DAMAGED when a bad page was met since opening, whatever the one who met it made of that, or when the file shrank
 * under the map and a guard stood in for it. */
nsearch_status ns_segment_intact(const ns_segment *segment, nsearch_error *err);
/* Checks every page. */
nsearch_status ns_segment_check_all(const ns_segment *segment, nsearch_error *err);
/* Gives the mapped pages back to the system's cache, so that reading a large file does not count against a
 * memory budget; they come again when they are touched. */
void ns_segment_let_go(const ns_segment *segment);
/* Finds the first bad page, beginning with the section, and says so. For use after a reader met bad bytes. */
nsearch_status ns_segment_damaged(const ns_segment *segment, ns_section section, nsearch_error *err);

bool ns_segment_check_pages(const ns_segment *segment, uint64_t first, uint64_t last);

/* n bytes of a section, checked; NULL when they are outside of it or damaged. n = 0 is legal. */
static inline const uint8_t *ns_segment_at(const ns_segment *s, ns_section section, uint64_t offset,
                                           uint64_t n)
{
    if (offset > s->sections[section].size || n > s->sections[section].size - offset)
        return NULL;
    uint64_t begin = s->sections[section].offset + offset;
    if (n) {
        uint64_t first = begin / NS_SEGMENT_PAGE, last = (begin + n - 1) / NS_SEGMENT_PAGE;
        uint64_t bits = atomic_load_explicit(&s->checked[first / 64], memory_order_acquire);
        if ((first != last || !(bits >> (first % 64) & 1)) && !ns_segment_check_pages(s, first, last))
            return NULL;
    }
    return s->base + begin;
}

#endif
