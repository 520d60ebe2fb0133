/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * article.h - hand-over from corpus to analysis: one article as a reader understood it.
 * All strings are valid UTF-8 without NUL, never NULL ("" is unknown), and live in the arena that
 * the caller gave to ns_reader_next.
 */
#ifndef NS_CORPUS_ARTICLE_H
#define NS_CORPUS_ARTICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A paragraph of the body that is indexed: trimmed, inner white space single, no newline. */
typedef struct ns_paragraph {
    const char *text;
    size_t length; /* bytes */
} ns_paragraph;

/* Page furniture: kept and shown, not indexed. */
typedef struct ns_dropped {
    const char *text;
    const char *reason;      /* "menu", "related", "style", "credit", "date", "byline", ... */
    uint32_t before;         /* index of the body paragraph it stood before */
} ns_dropped;

typedef struct ns_article {
    const char *id;          /* unique in an index; from the input, else from the file name */
    const char *title;
    const char *source;      /* the outlet */
    const char *byline;
    const char *dateline;    /* "SEOUL" */
    const char *url;         /* http(s) only */
    const char *date;        /* ISO 8601 as precise as known: "2023-09-11", "2006"; or "" */
    const char *date_source; /* "field", "json-ld", "meta", "time", "url", "text", "updated", "feed", "" */
    const char *date_certainty; /* "sure", "likely", "guess"; "" without a date */
    const char *updated;     /* as date: when it was last changed, if the input says so */
    const char *captured;    /* as date: when it was fetched (WARC); the story is no younger */
    const char *language;    /* "en" */
    const char *section;
    const char *credit;      /* as it stands: "AFP", "Reporting by Ann Morell", "TRTWorld and agencies" */
    const char *agency;      /* news agencies it is credited to: "AFP", "AP, Reuters", "agencies" */
    const char *origin;      /* absolute path of the file it came from, or "" */
    const char *form;        /* "page"; "entry": of a feed, which may hold the beginning only; "" */
    ns_paragraph *paragraphs;
    size_t paragraph_count;
    ns_dropped *dropped;
    size_t dropped_count;
} ns_article;

#define NS_ARTICLE_STRINGS 17

/* All strings "" and no body. */
void ns_article_init(ns_article *article);
/* Where an article's strings are, in the order in which they are stored: what was added last is last. */
void ns_article_strings(ns_article *article, const char **strings[NS_ARTICLE_STRINGS]);
/* How sure a date is that nobody judged: "sure" for a field of its own, "likely" for an address, "guess". */
const char *ns_date_certainty_of(const char *date_source);

/* A 64-bit hash of everything that an index keeps of an article: equal means unchanged. The origin is
 * part of it. */
uint64_t ns_article_hash(const ns_article *article);
/* Its text was longer than a reader takes. */
bool ns_article_is_limited(const ns_article *article);

#endif
