/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_dates.h - gathers all that dates an HTML page, in the order of the page, and judges it at the end.
 */
#ifndef NS_CORPUS_HTML_DATES_H
#define NS_CORPUS_HTML_DATES_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "corpus/article.h"
#include "corpus/textdate.h"
#include "src/base/arena.h"

enum { NS_DATES_SHOWN = 64, NS_DATES_HEADINGS = 12, NS_DATES_HEADING_BYTES = 120 };

/* A date that readers of the page see, or that an element carries for them. */
typedef struct ns_shown_date {
    char iso[NS_DATE_SIZE];
    int32_t day;
    int points;     /* for how it is called and how it stands; the place is judged at the end */
    uint32_t block; /* pieces of text before it */
    bool updated, weekday, element; /* element: from an attribute made for programs */
    const xmlNode *furniture; /* the nearest element around it that is called like page furniture, or NULL */
} ns_shown_date;

typedef struct ns_html_dates {
    char ld[NS_DATE_SIZE], meta[NS_DATE_SIZE], weak[NS_DATE_SIZE], page[NS_DATE_SIZE]; /* published */
    char ld_updated[NS_DATE_SIZE], meta_updated[NS_DATE_SIZE];
    ns_shown_date shown[NS_DATES_SHOWN];
    size_t shown_count;
    struct {
        char text[NS_DATES_HEADING_BYTES];
        uint32_t block;
        int level;
        const xmlNode *node;
    } headings[NS_DATES_HEADINGS];
    size_t heading_count;
    uint32_t blocks;
    char before[64]; /* the end of the last piece of text */
    ns_date_order order;
    bool failed; /* memory is out */
} ns_html_dates;

/* A meta element. True when its key is one for dates. */
bool ns_html_dates_meta(ns_html_dates *dates, const char *key, const char *content);
void ns_html_dates_keep(char date[NS_DATE_SIZE], const char *value); /* unless there is one or it is none */
/* An element or a piece of text of the body, each once, in the order of the page. */
void ns_html_dates_element(ns_html_dates *dates, const xmlNode *node);
void ns_html_dates_text(ns_html_dates *dates, const xmlNode *text);
/* Fills date, date_source, date_certainty and updated where they are "", by title and url. False when memory
 * is out. */
bool ns_html_dates_choose(const ns_html_dates *dates, ns_arena *arena, ns_article *article);

/* The day in an address ("2023-09-11"), or its month ("2023-09"), or "". */
void ns_url_date(const char *url, char iso[NS_DATE_SIZE]);

#endif
