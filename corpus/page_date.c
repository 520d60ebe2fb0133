/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * page_date.c - tells a line that dates a story from one that only mentions a date.
 */
#include "corpus/page_date.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { OUTLET_WORDS = 4 }; /* "The Harbour Weekly Review, 14 March 2025" */

static bool is_date_word(const char *s, size_t n)
{
    static const char *const words[] = {
        "date", "dated", "published", "publish", "posted", "updated", "update", "last", "modified", "first",
        "on", "at", "by", "created", "issued", "released", "release", "for", "immediate", "am", "pm", "a",
        "m", "p", "est", "edt", "gmt", "utc", "ist", "bst", "cet", "cest", "pst", "pdt", "et", "pt", "hrs",
        "hours", "ago", "min", "mins", "read", "minute", "minutes", "time", "print", "edition", "online",
        "today", "the", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "publication", "article", "news", "story", "is", "day", "pkt", "wib", "sgt", "hkt", "jst", "aest",
        "local", "version", "section", NULL
    };
    for (const char *const *w = words; *w; w++)
        if (strlen(*w) == n && !memcmp(*w, s, n))
            return true;
    return false;
}

static bool all_capitals(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isupper((unsigned char)s[i]))
            return false;
    return n > 1;
}

/* Where the date's own part of a line of parts begins ("Staff and agencies | Published 12 April"), if it says
 * what it is; else 0. */
static size_t labelled_part(const ns_line *line, size_t date, const char *const *labels)
{
    size_t begin = date;
    while (begin && line->text[begin - 1] != '|')
        begin--;
    while (begin < date && line->text[begin] == ' ')
        begin++;
    for (const char *const *l = labels; begin && *l; l++)
        if (!strncasecmp(line->text + begin, *l, strlen(*l)))
            return begin;
    return 0;
}

ns_date_trust ns_page_date_line(const ns_line *line, const ns_folded *folded, ns_text_date *date)
{
    static const char *const published[] = {
        "published", "posted", "first published", "publication date", "date published", "release date",
        "for immediate release", "released", NULL
    };
    static const char *const updated[] = {
        "updated", "last updated", "modified", "last modified", "update", NULL
    };
    static const char *const clock[] = { "today", "it is", "current date", NULL };
    if (line->n > 140 || !ns_text_date_find(line->text, line->n, 0, date) || !date->has_day)
        return NS_DATE_NONE;
    size_t extra = 0, named = 0;
    bool upper = true;
    for (size_t i = labelled_part(line, date->begin, published); i < line->n;) {
        if (i >= date->begin && i < date->end) {
            i = date->end;
            continue;
        }
        if (!isalpha((unsigned char)line->text[i])) {
            i++;
            continue;
        }
        size_t from = i;
        char word[24];
        while (i < line->n && isalpha((unsigned char)line->text[i]))
            i++;
        size_t n = i - from;
        for (size_t k = 0; k < n && k < sizeof word; k++)
            word[k] = (char)tolower((unsigned char)line->text[from + k]);
        if (n > sizeof word || !is_date_word(word, n)) {
            ns_text_date second;
            if (ns_text_date_find(line->text, line->n, from, &second) && second.begin == from) {
                i = second.end; /* "Published ... Updated ..." */
                continue;
            }
            extra++;
            named += isupper((unsigned char)line->text[from]) && i <= date->begin;
            upper = upper && all_capitals(line->text + from, n);
        }
    }
    bool of_outlet = named == extra && extra <= OUTLET_WORDS && date->end == line->n && date->begin > 2 &&
                     !memcmp(line->text + date->begin - 2, ", ", 2);
    if ((extra > 2 && !of_outlet) || (extra && !upper && line->words > 8))
        return NS_DATE_NONE;
    if (ns_begins_with(folded, clock))
        return NS_DATE_CLOCK;
    if (ns_begins_with(folded, published) || ns_holds_phrase(folded, published))
        return NS_DATE_PUBLISHED;
    if (ns_begins_with(folded, updated))
        return NS_DATE_UPDATED;
    return NS_DATE_BARE;
}

bool ns_page_date_confirmed(const ns_lines *lines, int32_t day)
{
    size_t looked = 0;
    for (size_t i = 0; i < lines->count && looked < 20000; i++) {
        const ns_line *line = &lines->line[i];
        looked += line->n;
        if (line->reason || !line->prose)
            continue;
        ns_text_date date;
        size_t n = line->n < 4000 ? line->n : 4000;
        for (size_t at = 0; ns_text_date_find(line->text, n, at, &date); at = date.end)
            if (date.has_day && date.day - day < 7 && day - date.day < 7)
                return true;
    }
    return false;
}
