/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * format.h - what a reader of one format is: it bids on the first bytes of an opened file and gives
 * the file's articles one at a time, or, a container, its members, which formats bid on in their turn.
 * Add one: write read_X.c, declare it here, list it in content.c.
 */
#ifndef NS_CORPUS_FORMAT_H
#define NS_CORPUS_FORMAT_H

#include "corpus/article.h"
#include "corpus/fields.h"
#include "corpus/input.h"
#include "corpus/lines.h"
#include "corpus/reader.h"

/* Text above this in one article is left out and said so; longer lines of JSON are passed over. */
#define NS_TEXT_LIMIT ((size_t)16 << 20)

/* What a container knows of a member: each "" or clean UTF-8 on one line. Where the member's own format finds
 * nothing better, the article gets it. */
typedef struct ns_known {
    const char *url;
    const char *title;
    const char *source;
    const char *byline;
    const char *date;     /* ISO 8601 */
    const char *charset;  /* declared outside of the bytes */
    const char *captured; /* ISO 8601: the day it was fetched; published no later */
    const char *headline; /* counts, whatever the member says */
} ns_known;
#define NS_KNOWN_NOTHING { "", "", "", "", "", "", "", "" }

/* One opened file, or member of one. */
typedef struct ns_item {
    ns_input input;
    const char *path;   /* as shown: "seeds/a.txt", "seeds/a.zip/b.txt" */
    const char *bid_path; /* what formats see when they bid */
    const char *id;     /* valid UTF-8 without controls: the folder's name and what is below: "seeds/a.txt" */
    ns_known known;
    const ns_fields *fields; /* what the user calls the fields of JSON, CSV and XML records */
    uint64_t line;      /* of the last answer; 0 where lines mean nothing */
    bool finished;      /* a format that gives one article has given it */
    ns_buffer scratch, text; /* memory that formats use again for each article */
    void *state;             /* a format's own, freed by its 'release' */
} ns_item;

/* One member of a container. Strings live until the next one is asked for. */
typedef struct ns_member {
    const char *name;   /* below the container */
    const char *id;     /* of its article; "": made of the container's and the name */
    const char *kind;   /* a name to bid on instead, for its extension; "": the member's */
    ns_known known;
    ns_input_source *source;
    void *user;
} ns_member;

typedef struct ns_format {
    const char *name;
    /* 0: not mine; the highest bid reads the file. 'path' may be used for its extension. */
    int (*bid)(const char *path, const uint8_t *bytes, size_t n);
    /* As ns_reader_next; the article comes in with its strings set to "". END also where the input
     * broke off: the caller looks at input.problem. */
    ns_read (*next)(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err);
    void (*release)(ns_item *item); /* NULL: nothing to free */
    /* A container has this instead of 'next': ARTICLE is a member to be read before the next call. */
    ns_read (*member)(ns_item *item, ns_member *member, nsearch_error *err);
} ns_format;

extern const ns_format ns_format_jsonl, ns_format_html, ns_format_text, ns_format_archive, ns_format_feed,
    ns_format_newsml, ns_format_nitf, ns_format_xml, ns_format_wire, ns_format_csv, ns_format_warc,
    ns_format_mail;

/* Says in article->dropped that text above NS_TEXT_LIMIT was left out. OK or NO_MEMORY. */
nsearch_status ns_article_note_limit(ns_arena *arena, ns_article *article);
/* Fills paragraphs and dropped lines from lines of which some are marked already; as ns_article_set_body. */
nsearch_status ns_article_set_lines(ns_arena *arena, ns_lines *lines, ns_article *article,
                                    nsearch_error *err);
/* True when the path, without ".gz", ends in the extension (".json"). */
bool ns_path_has_extension(const char *path, const char *extension);

#endif
