/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * page_date.h - lines that hold a date, and how far they can be believed: many pages show the day
 * on which they were fetched.
 */
#ifndef NS_CORPUS_PAGE_DATE_H
#define NS_CORPUS_PAGE_DATE_H

#include "corpus/lines.h"
#include "corpus/textdate.h"
#include "corpus/wording.h"

typedef enum ns_date_trust {
    NS_DATE_NONE,
    NS_DATE_CLOCK,     /* "today is": the day of the page, not of the story */
    NS_DATE_MASTHEAD,  /* a bare date with a weekday above the headline: mostly the page's clock */
    NS_DATE_UPDATED,
    NS_DATE_BARE,
    NS_DATE_PUBLISHED
} ns_date_trust;

/* The line is a date and at most two words of a section beside it, or the name of an outlet before it. */
ns_date_trust ns_page_date_line(const ns_line *line, const ns_folded *folded, ns_text_date *date);
/* A date of a few days around 'day' stands in the story: then the page's own date may be trusted. */
bool ns_page_date_confirmed(const ns_lines *lines, int32_t day);

#endif
