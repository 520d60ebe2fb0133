/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_facts.h - what was found in a page's head and JSON-LD before anything is chosen; shared by
 * html_meta.c, html_ld.c and html_names.c. Strings are clean and one line, or NULL.
 */
#ifndef NS_CORPUS_HTML_FACTS_H
#define NS_CORPUS_HTML_FACTS_H

#include <stdbool.h>

#include "corpus/html_dates.h"

typedef struct ns_html_facts {
    ns_arena *arena;
    const char *ld_name, *ld_headline, *dc_title, *og_title, *meta_title, *twitter_title, *other_title;
    const char *page_title, *h1, *h2; /* <title>, the first of each */
    size_t h1_count;
    const char *ld_author, *dc_author, *author, *other_author, *shown_author;
    const char *site, *ld_publisher, *publisher, *application;
    const char *canonical, *og_url, *ld_url, *other_url;
    const char *ld_body; /* the story as JSON-LD has it, or NULL */
    const char *language, *locale, *section, *ld_section;
    ns_html_dates dates;
    bool failed;
} ns_html_facts;

/* Keeps a clean copy of n bytes unless the field is set or nothing is left of them. */
void ns_html_keep(ns_html_facts *facts, const char **field, const char *value, size_t n);
/* JSON-LD texts, each ending in NUL. */
void ns_html_ld_read(ns_html_facts *facts, const char *texts, size_t n);
/* Authors, titles and outlets chosen among those found; "" when unknown. */
const char *ns_html_title(ns_html_facts *facts);
const char *ns_html_byline(ns_html_facts *facts);
const char *ns_html_outlet(ns_html_facts *facts, const char *title);
/* The text of an element that names the author, once. */
void ns_html_look_for_author(ns_html_facts *facts, const xmlNode *node);

#endif
