/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * headline.c - finds the headline among the first lines, and the lines beside it that date, sign
 * and credit the story. What cannot be told stays "".
 */
#include "corpus/headline.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/credits.h"
#include "corpus/furniture.h"
#include "corpus/page_date.h"

enum { HEAD_LINES = 40, NO_LINE = -1, DATES_MOST = 8 };

/* ---------------------------------------------------------------- labelled heads */

/* "Title: ...", "Author: ...": fields as text exports write them. False when memory is out. */
static bool labelled(ns_arena *arena, ns_line *line, ns_article *article, bool *took)
{
    const struct {
        const char *name;
        const char **field;
    } labels[] = {
        {"title", &article->title},      {"headline", &article->title},  {"byline", &article->byline},
        {"author", &article->byline},    {"source", &article->source},   {"publication", &article->source},
        {"publisher", &article->source}, {"outlet", &article->source},   {"url", &article->url},
        {"link", &article->url},         {"section", &article->section}, {"language", &article->language}};
    *took = false;
    const char *colon = memchr(line->text, ':', line->n < 16 ? line->n : 16);
    if (!colon || line->words > 40)
        return true;
    size_t n = (size_t)(colon - line->text);
    const char *value = colon + 1;
    value += *value == ' ';
    for (size_t i = 0; *value && i < sizeof labels / sizeof *labels; i++) {
        if (strlen(labels[i].name) != n || strncasecmp(line->text, labels[i].name, n) || **labels[i].field)
            continue;
        if (labels[i].field == &article->url && strncasecmp(value, "http://", 7) &&
            strncasecmp(value, "https://", 8))
            continue;
        const char *copy = ns_arena_string(arena, value);
        if (!copy)
            return false;
        *labels[i].field = copy;
        line->reason = labels[i].field == &article->title ? "title" : "label";
        *took = true;
        return true;
    }
    return true;
}

/* ---------------------------------------------------------------- the head, in order */

typedef struct head {
    ns_lines *lines;
    size_t begin, end;  /* behind the third paragraph of prose */
    size_t first_prose;
    ptrdiff_t title;
    struct {
        ns_date_trust trust;
        ns_text_date date;
        ptrdiff_t at;
    } dates[DATES_MOST];
    size_t date_count;
} head;

/* "... BEEF TRADE WITH U.S.", "... leaves the U.N.": the point is no end of a sentence. */
static bool ends_in_abbreviation(const ns_line *line)
{
    size_t low = 0, n = line->n;
    for (size_t i = 0; i < n; i++)
        low += islower((unsigned char)line->text[i]) != 0;
    bool initials = n > 5 && line->text[n - 3] == '.' && isupper((unsigned char)line->text[n - 2]) &&
                    isupper((unsigned char)line->text[n - 4]);
    return line->text[n - 1] == '.' && (low == 0 || initials);
}

static bool is_title_like(const ns_line *line)
{
    if (line->reason || line->words < 2 || line->n > 220 || line->words > 35 || line->n < 8)
        return false;
    if (!strncmp(line->text, "By ", 3) && line->words <= 12 &&
        !line->ended) /* a byline of names we do not know */
        return false;
    char last = line->text[line->n - 1];
    return !line->ended || ((last == '?' || last == '!') && line->words <= 14) || !line->prose ||
           ends_in_abbreviation(line);
}

/* A line that ends as a later one reads is that line with a trail of sections glued before it. */
static void mark_echoes(head *h)
{
    for (size_t i = h->begin; i < h->end; i++) {
        ns_line *a = &h->lines->line[i];
        for (size_t k = i + 1; !a->reason && k < h->end && k < i + 6; k++) {
            const ns_line *b = &h->lines->line[k];
            if (a->n > b->n && b->n >= 15 && !b->reason && !memcmp(a->text + a->n - b->n, b->text, b->n) &&
                a->n - b->n <= 80)
                a->reason = "menu";
        }
    }
}

typedef struct echo {
    size_t words, found; /* longer words of a line, and those that the story uses */
} echo;

/* Looks the line's words up in the story's first paragraphs; of a long word the beginning is enough. */
static echo echo_in_story(const head *h, const ns_line *line)
{
    echo e = { 0, 0 };
    for (size_t i = 0; i < line->n;) {
        size_t from = i;
        while (i < line->n && (isalnum((unsigned char)line->text[i]) || (line->text[i] & 0x80)))
            i++;
        size_t n = i - from;
        if (n >= 4 && n < 24) {
            char word[24];
            n -= n > 6 ? 2 : n > 4;
            memcpy(word, line->text + from, n);
            word[n] = '\0';
            e.words++;
            size_t looked = 0;
            for (size_t k = h->first_prose; k < h->lines->count && looked < 3000; k++) {
                const ns_line *prose = &h->lines->line[k];
                if (!prose->prose || prose->reason)
                    continue;
                looked += prose->n;
                if (strcasestr(prose->text, word)) {
                    e.found++;
                    break;
                }
            }
        }
        i += i == from;
    }
    return e;
}

/* The first line whose words the story clearly takes up; failing that the one of which it takes up most, the
 * first of equals. Above it may stand an outlet's name, a motto, a menu. */
static void choose_title(head *h)
{
    size_t best = 0;
    h->title = NO_LINE;
    for (size_t i = h->begin; i < h->first_prose && i < h->end; i++) {
        const ns_line *line = &h->lines->line[i];
        if (!is_title_like(line))
            continue;
        echo e = echo_in_story(h, line);
        size_t share = e.words ? e.found * 100 / e.words : 0;
        if (line->words >= 4 && ((share >= 40 && e.found >= 3) || (share >= 60 && e.found >= 2))) {
            h->title = (ptrdiff_t)i;
            return;
        }
        bool first = h->title == NO_LINE || (h->lines->line[h->title].words < 3 && line->words >= 3);
        if (first || (e.found >= 1 && share >= best + 15 && line->words >= 4)) {
            h->title = (ptrdiff_t)i;
            best = share;
        }
    }
}

static void offer_date(head *h, ns_date_trust trust, const ns_text_date *date, size_t at)
{
    if (h->date_count == DATES_MOST)
        return;
    h->dates[h->date_count].trust = trust;
    h->dates[h->date_count].date = *date;
    h->dates[h->date_count++].at = (ptrdiff_t)at;
}

/* The most trusted date, the first of equals; NULL when none can be believed. */
static ns_text_date *choose_date(head *h)
{
    ns_date_trust best = NS_DATE_MASTHEAD;
    ns_text_date *chosen = NULL;
    for (size_t i = 0; i < h->date_count; i++) {
        bool above = h->dates[i].at < (h->title == NO_LINE ? (ptrdiff_t)h->first_prose : h->title);
        ns_date_trust trust = h->dates[i].trust;
        if (trust == NS_DATE_BARE && h->dates[i].date.has_weekday && above) {
            trust = NS_DATE_MASTHEAD;
            if (!chosen && ns_page_date_confirmed(h->lines, h->dates[i].date.day))
                chosen = &h->dates[i].date;
        }
        if (trust > best) {
            best = trust;
            chosen = &h->dates[i].date;
        }
    }
    return chosen;
}

/* It is called the day of publication, or two lines name it. */
static bool is_agreed(const head *h, const ns_text_date *date)
{
    size_t same = 0;
    for (size_t i = 0; i < h->date_count; i++) {
        same += h->dates[i].date.day == date->day && h->dates[i].trust > NS_DATE_CLOCK;
        if (&h->dates[i].date == date && h->dates[i].trust == NS_DATE_PUBLISHED)
            return true;
    }
    return same > 1;
}

/* The latest change that a line tells of, when it is not all that is known. */
static const char *updated_of(const head *h, const ns_text_date *date, ns_arena *arena)
{
    for (size_t i = 0; i < h->date_count; i++)
        if (h->dates[i].trust == NS_DATE_UPDATED && h->dates[i].date.has_day && &h->dates[i].date != date)
            return ns_arena_copy(arena, h->dates[i].date.iso, 10);
    return "";
}

static bool read_line(head *h, size_t i, ns_arena *arena, ns_article *article)
{
    ns_line *line = &h->lines->line[i];
    ns_folded folded;
    ns_text_date date;
    size_t from, to;
    ns_wording_fold(line->text, line->n, &folded);
    bool took;
    if (!labelled(arena, line, article, &took) || took)
        return took;
    ns_date_trust trust = ns_page_date_line(line, &folded, &date);
    if (trust != NS_DATE_NONE) {
        offer_date(h, trust, &date, i);
        line->reason = "date";
        return true;
    }
    if (ns_byline_find(line, &folded, &from, &to)) {
        if (!*article->byline) {
            article->byline = ns_arena_copy(arena, line->text + from, to - from);
            if (!article->byline)
                return false;
        }
        if (ns_text_date_find(line->text, line->n, to, &date) && date.has_day)
            offer_date(h, NS_DATE_BARE, &date, i);
        line->reason = "byline";
        return true;
    }
    if (ns_is_caption_line(line, &folded)) {
        line->reason = "caption";
        return true;
    }
    if (i >= h->first_prose)
        return true;
    if (line->words <= 4 && folded.n > 5 && !strcmp(folded.text + folded.n - 5, " logo")) {
        if (!*article->source && h->title == NO_LINE)
            article->source = ns_outlet_of_logo(arena, line->text, line->n - 5);
        line->reason = "image";
        return article->source != NULL;
    }
    if (ns_is_image_line(line, &folded))
        line->reason = "image";
    else if (ns_is_menu_line(line, &folded))
        line->reason = "menu";
    return true;
}

static bool set_title(head *h, ns_arena *arena, ns_article *article)
{
    ns_line *line = &h->lines->line[h->title];
    size_t menu = ns_glued_menu(line->text, line->n);
    size_t end = line->n;
    const char *bar = strstr(line->text + menu, " | "); /* "Headline | Outlet" */
    if (bar && bar - line->text - (ptrdiff_t)menu >= 20) {
        end = (size_t)(bar - line->text);
        if (!*article->source && !strchr(bar + 3, '|') && line->n - end <= 40) {
            article->source = ns_arena_string(arena, bar + 3);
            if (!article->source)
                return false;
        }
    }
    const char *title = ns_arena_copy(arena, line->text + menu, end - menu);
    if (!title)
        return false;
    article->title = title;
    line->reason = "title";
    /* What stood above the headline is the page's; a second copy of the headline is no story. */
    for (ptrdiff_t i = 0; i < h->title; i++)
        if (!h->lines->line[i].reason)
            h->lines->line[i].reason = "menu";
    for (size_t i = (size_t)h->title + 1; i < h->end; i++)
        if (!h->lines->line[i].reason && !strcmp(h->lines->line[i].text, title))
            h->lines->line[i].reason = "title";
    return true;
}

bool ns_headline_read(ns_arena *arena, ns_lines *lines, size_t first, ns_article *article)
{
    head h = { .lines = lines, .begin = first, .title = NO_LINE };
    size_t prose = 0;
    h.first_prose = lines->count;
    for (h.end = first; h.end < lines->count && h.end < first + HEAD_LINES && prose < 3; h.end++) {
        const ns_line *line = &lines->line[h.end];
        ns_folded folded;
        if (line->reason || !line->prose || is_title_like(line))
            continue;
        ns_wording_fold(line->text, line->n, &folded);
        if (ns_is_caption_line(line, &folded))
            continue;
        if (prose++ == 0)
            h.first_prose = h.end;
    }
    mark_echoes(&h);
    /* What is clearly no headline goes first; then where the headline stands tells what a date is. */
    for (size_t i = first; i < h.end; i++)
        if (!lines->line[i].reason && !read_line(&h, i, arena, article))
            return false;
    if (!*article->title)
        choose_title(&h);
    bool more = false;
    for (size_t i = h.title == NO_LINE ? 0 : (size_t)h.title + 1; i < lines->count && !more; i++)
        more = !lines->line[i].reason;
    if (h.title != NO_LINE && more && !*article->title && !set_title(&h, arena, article))
        return false;
    ns_text_date *date = choose_date(&h);
    if (!*article->updated)
        article->updated = updated_of(&h, date, arena);
    if (!*article->date && date) {
        date->iso[10] = '\0'; /* a page's time of day has no zone */
        article->date = ns_arena_string(arena, date->iso);
        article->date_source = "text";
        article->date_certainty = is_agreed(&h, date) ? "likely" : "guess";
    }
    return article->date && article->updated;
}
