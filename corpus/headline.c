/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * headline.c - finds the headline among the first lines, and the lines beside it that date, sign
 * and credit the story. What cannot be told stays "".
 */
#include "corpus/headline.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "corpus/furniture.h"
#include "corpus/story_words.h"
#include "corpus/textdate.h"

enum { HEAD_LINES = 40, NO_LINE = -1 };

/* ---------------------------------------------------------------- dates */

typedef enum date_trust {
    DATE_NONE,
    DATE_CLOCK,     /* "today is": the day of the page, not of the story */
    DATE_MASTHEAD,  /* a bare date with a weekday above the headline: mostly the page's clock */
    DATE_UPDATED,
    DATE_BARE,
    DATE_PUBLISHED
} date_trust;

static bool is_date_word(const char *s, size_t n)
{
    static const char *const words[] = {
        "date", "dated", "published", "publish", "posted", "updated", "update", "last", "modified", "first", "on", "at",
        "by", "created", "issued", "released", "release", "for", "immediate", "am", "pm", "a", "m", "p", "est", "edt",
        "gmt", "utc", "ist", "bst", "cet", "cest", "pst", "pdt", "et", "pt", "hrs", "hours", "ago", "min", "mins", "read",
        "minute", "minutes", "time", "print", "edition", "online", "today", "the", "monday", "tuesday", "wednesday",
        "thursday", "friday", "saturday", "sunday", "publication", "article", "news", "story", "is", "day", "pkt", "wib",
        "sgt", "hkt", "jst", "aest", "local", "version", "section", NULL
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

/* The line is a date and at most two words of a section beside it. */
static date_trust date_line(const ns_line *line, const ns_folded *folded, ns_text_date *date)
{
    static const char *const published[] = { "published", "posted", "first published", "publication date",
                                             "date published", "release date", "for immediate release", "released", NULL };
    static const char *const updated[] = { "updated", "last updated", "modified", "last modified", "update", NULL };
    static const char *const clock[] = { "today", "it is", "current date", NULL };
    if (line->n > 140 || !ns_text_date_find(line->text, line->n, 0, date) || !date->has_day)
        return DATE_NONE;
    size_t extra = 0;
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
            upper = upper && all_capitals(line->text + from, n);
        }
    }
    if (extra > 2 || (extra && !upper && line->words > 8))
        return DATE_NONE;
    if (ns_begins_with(folded, clock))
        return DATE_CLOCK;
    if (ns_begins_with(folded, published) || ns_holds_phrase(folded, published))
        return DATE_PUBLISHED;
    if (ns_begins_with(folded, updated))
        return DATE_UPDATED;
    return DATE_BARE;
}

/* A date of a few days around 'day' stands in the story: then the page's own date may be trusted. */
static bool story_confirms(const ns_lines *lines, int32_t day)
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

/* ---------------------------------------------------------------- people and outlets */

static bool is_name_word(const char *s, size_t n)
{
    static const char *const small[] = { "and", "in", "for", "of", "the", "with", "de", "da", "van", "von", "der", "al",
                                         "bin", "el", "la", "at", "on", NULL };
    if (isupper((unsigned char)s[0]) || (unsigned char)s[0] >= 0xc3)
        return true;
    for (const char *const *w = small; *w; w++)
        if (strlen(*w) == n && !memcmp(*w, s, n))
            return true;
    return !isalpha((unsigned char)s[0]);
}

/* "By Staff Reporter", "Written by Jane Doe in Seoul", "JANE DOE, Political Editor": the name's place in the line. */
static bool byline(const ns_line *line, const ns_folded *folded, size_t *from, size_t *to)
{
    static const char *const starts[] = { "by ", "by: ", "written by ", "reported by ", "story by ", "report by ",
                                          "posted by ", "author: ", "authors: ", "words by ", "by\t", NULL };
    static const char *const roles[] = { "staff writer", "staff reporter", "correspondent", "reporter", "editor",
                                         "political editor", "special correspondent", "staff correspondent", "bbc news",
                                         "associated press", "contributor", "news desk", "newsdesk", "web desk",
                                         "our correspondent", "our reporter", "senior reporter", NULL };
    if (line->n > 160 || folded->cut || line->words > 16)
        return false;
    size_t n = ns_begins_with(folded, starts);
    if (!n) {
        const char *comma = strstr(folded->text, ", ");
        bool signed_role = line->words <= 8 && !line->ended && ns_holds_phrase(folded, roles) &&
                           (comma || line->words <= 3);
        if (!signed_role)
            return false;
    }
    *from = folded->from[n];
    while (*from < line->n && line->text[*from] == ' ')
        ++*from;
    *to = line->n;
    ns_text_date date;
    if (ns_text_date_find(line->text, line->n, *from, &date))
        *to = date.begin;
    const char *bar = memchr(line->text + *from, '|', *to > *from ? *to - *from : 0);
    if (bar)
        *to = (size_t)(bar - line->text);
    while (*to > *from && strchr(" ,-|.:;", line->text[*to - 1]))
        --*to;
    if (*to <= *from || *to - *from > 100)
        return false;
    for (size_t i = *from; i < *to;) {
        size_t begin = i;
        while (i < *to && line->text[i] != ' ')
            i++;
        if (!is_name_word(line->text + begin, i - begin))
            return false;
        while (i < *to && line->text[i] == ' ')
            i++;
    }
    return true;
}

static bool is_agency(const char *s, size_t n)
{
    static const char *const agencies[] = { "AFP", "AP", "Reuters", "Xinhua", "TASS", "Interfax", "ANSA", "EFE", "dpa",
                                            "DPA", "PTI", "ANI", "IANS", "UPI", "Bloomberg", "Yonhap", "Kyodo", "AAP",
                                            "PA", "PA Media", "Anadolu", "Anadolu Agency", "AA", "Agence France-Presse",
                                            "Associated Press", "The Associated Press", "agencies", "Agencies", "wires",
                                            "Agency", "REUTERS", "RIA Novosti", "CNA", "Bernama", "WAM", "NAN", NULL };
    for (const char *const *a = agencies; *a; a++)
        if (strlen(*a) == n && !memcmp(*a, s, n))
            return true;
    return false;
}

/* "SOURCE:Outlet and agencies", "(Reuters)", "With input from AFP": the credit's place. */
static bool credit_line(const ns_line *line, const ns_folded *folded, size_t *from)
{
    static const char *const starts[] = { "source:", "source :", "sources:", "with input from ", "with inputs from ",
                                          "with agency input", "(with inputs", "(with input", "with agencies",
                                          "reporting by ", "(reporting by", "additional reporting by ",
                                          "writing by ", "editing by ", "edited by ", "courtesy:", "credit line:",
                                          "this story was originally published", "this article was originally published",
                                          "this article first appeared", "this story first appeared",
                                          "originally published ", "(this story has not been edited", NULL };
    if (line->n > 300 || line->words > 45)
        return false;
    size_t n = ns_begins_with(folded, starts);
    if (n) {
        *from = folded->from[n];
        while (*from < line->n && line->text[*from] == ' ')
            ++*from;
        return *from < line->n;
    }
    *from = line->text[0] == '(' || line->text[0] == '-';
    while (*from < line->n && strchr("- (", line->text[*from]))
        ++*from;
    size_t to = line->n;
    while (to > *from && strchr(").", line->text[to - 1]))
        to--;
    return line->n <= 40 && is_agency(line->text + *from, to - *from);
}

/* The outlet among "X and agencies": the first name that is no agency; "" when all are. */
static const char *outlet_of_credit(ns_arena *arena, const char *s, size_t n)
{
    static const char *const between[] = { " and ", ", ", " / ", "/", " with ", " & ", "; " };
    size_t at = 0;
    while (at < n) {
        size_t end = n, skip = 0;
        for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
            const char *hit = memmem(s + at, n - at, between[i], strlen(between[i]));
            if (hit && (size_t)(hit - s) < end) {
                end = (size_t)(hit - s);
                skip = strlen(between[i]);
            }
        }
        size_t to = end;
        while (to > at && strchr(" .)", s[to - 1]))
            to--;
        if (to > at && to - at <= 40 && !is_agency(s + at, to - at) && isupper((unsigned char)s[at]))
            return ns_arena_copy(arena, s + at, to - at);
        at = end + skip;
        if (!skip)
            break;
    }
    return "";
}

/* "businessday logo" is an outlet's name run together; its last word is set apart where it is one that
 * outlets end in. */
static const char *outlet_of_logo(ns_arena *arena, const char *s, size_t n)
{
    static const char *const ends[] = { "day", "daily", "news", "times", "post", "today", "herald", "mail", "tribune",
                                        "telegraph", "express", "journal", "insider", "online", "chronicle", "gazette",
                                        "observer", "standard", "guardian", "report", "wire", "world", "week", "live",
                                        "tv", "star", "sun", NULL };
    char *name = ns_arena_copy(arena, s, n);
    if (!name)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (isupper((unsigned char)name[i]))
            return name;
    for (size_t i = 0; i < n; i++)
        if (islower((unsigned char)name[i]) && (i == 0 || name[i - 1] == ' '))
            name[i] = (char)toupper((unsigned char)name[i]);
    const char *blank = memchr(name, ' ', n);
    for (const char *const *e = ends; !blank && *e; e++) {
        size_t k = strlen(*e);
        if (n >= k + 4 && !memcmp(name + n - k, *e, k)) {
            name[n - k] = (char)toupper((unsigned char)name[n - k]);
            break;
        }
    }
    return name;
}

/* ---------------------------------------------------------------- labelled heads */

/* "Title: ...", "Author: ...": fields as text exports write them. False when memory is out. */
static bool labelled(ns_arena *arena, ns_line *line, ns_article *article, bool *took)
{
    const struct {
        const char *name;
        const char **field;
    } labels[] = { { "title", &article->title },     { "headline", &article->title }, { "byline", &article->byline },
                   { "author", &article->byline },   { "source", &article->source },  { "publication", &article->source },
                   { "publisher", &article->source }, { "outlet", &article->source }, { "url", &article->url },
                   { "link", &article->url },        { "section", &article->section }, { "language", &article->language } };
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
        if (labels[i].field == &article->url && strncasecmp(value, "http://", 7) && strncasecmp(value, "https://", 8))
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
    size_t end;         /* behind the third paragraph of prose */
    size_t first_prose;
    ptrdiff_t title;
    date_trust trust;
    ns_text_date date;
    ptrdiff_t date_at;
} head;

static bool is_title_like(const ns_line *line)
{
    if (line->reason || line->words < 2 || line->n > 250 || line->words > 35 || line->n < 8)
        return false;
    char last = line->text[line->n - 1];
    return !line->prose || (last == '?' && line->words <= 25) || (last == '!' && line->words <= 25);
}

/* A line that ends as a later one reads is that line with a trail of sections glued before it. */
static void mark_echoes(head *h)
{
    for (size_t i = 0; i < h->end; i++) {
        ns_line *a = &h->lines->line[i];
        for (size_t k = i + 1; !a->reason && k < h->end && k < i + 6; k++) {
            const ns_line *b = &h->lines->line[k];
            if (a->n > b->n && b->n >= 15 && !b->reason && !memcmp(a->text + a->n - b->n, b->text, b->n) &&
                a->n - b->n <= 80)
                a->reason = "menu";
        }
    }
}

static void choose_title(head *h)
{
    h->title = NO_LINE;
    size_t limit = h->first_prose;
    for (size_t i = 0; i < limit && i < h->end; i++)
        if (is_title_like(&h->lines->line[i]) && h->lines->line[i].words >= 3) {
            h->title = (ptrdiff_t)i;
            break;
        }
    for (size_t i = 0; h->title == NO_LINE && i < limit && i < h->end; i++)
        if (is_title_like(&h->lines->line[i]))
            h->title = (ptrdiff_t)i;
}

/* A masthead or a menu that stood first gives way to a line that the story speaks of. What was dated between the
 * two is then the page's clock. */
static void move_title(head *h)
{
    if (h->title == NO_LINE)
        return;
    const ns_line *first = &h->lines->line[h->title];
    size_t shared = ns_story_words(h->lines, (size_t)h->title, h->first_prose), wanted = 3;
    if (shared > 1)
        return;
    if (!shared && first->words <= 4)
        wanted = 2; /* as short as the name of an outlet */
    for (size_t i = (size_t)h->title + 1; i < h->first_prose && i < h->end; i++) {
        if (!is_title_like(&h->lines->line[i]) || h->lines->line[i].words < 5 ||
            ns_story_words(h->lines, i, h->first_prose) < wanted)
            continue;
        if (h->trust == DATE_BARE && h->date.has_weekday && h->date_at > h->title && h->date_at < (ptrdiff_t)i)
            h->trust = DATE_MASTHEAD;
        h->title = (ptrdiff_t)i;
        return;
    }
}

static void offer_date(head *h, date_trust trust, const ns_text_date *date, size_t at)
{
    if (trust > h->trust) {
        h->trust = trust;
        h->date = *date;
        h->date_at = (ptrdiff_t)at;
    }
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
    date_trust trust = date_line(line, &folded, &date);
    if (trust != DATE_NONE) {
        bool before_title = h->title == NO_LINE || (ptrdiff_t)i < h->title;
        if (trust == DATE_BARE && date.has_weekday && before_title && i < h->first_prose)
            trust = DATE_MASTHEAD;
        offer_date(h, trust, &date, i);
        line->reason = "date";
        return true;
    }
    if (byline(line, &folded, &from, &to)) {
        if (!*article->byline) {
            article->byline = ns_arena_copy(arena, line->text + from, to - from);
            if (!article->byline)
                return false;
        }
        if (ns_text_date_find(line->text, line->n, to, &date) && date.has_day)
            offer_date(h, DATE_BARE, &date, i);
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
            article->source = outlet_of_logo(arena, line->text, line->n - 5);
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
    const char *title = ns_arena_copy(arena, line->text + menu, line->n - menu);
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

/* A credit at the foot: the last lines that are not yet furniture. */
static bool read_foot(ns_lines *lines, ns_arena *arena, ns_article *article)
{
    size_t looked = 0;
    for (size_t i = lines->count; i-- > 0 && looked < 4;) {
        ns_line *line = &lines->line[i];
        ns_folded folded;
        size_t from;
        if (line->reason)
            continue;
        looked++;
        ns_wording_fold(line->text, line->n, &folded);
        if (!credit_line(line, &folded, &from))
            continue;
        size_t to = line->n;
        while (to > from && strchr(").", line->text[to - 1]))
            to--;
        line->reason = "credit";
        if (!*article->credit) {
            article->credit = ns_arena_copy(arena, line->text + from, to - from);
            if (!article->credit)
                return false;
        }
        if (!*article->source && !strncmp(folded.text, "source", 6)) {
            article->source = outlet_of_credit(arena, line->text + from, to - from);
            if (!article->source)
                return false;
        }
    }
    return true;
}

bool ns_headline_read(ns_arena *arena, ns_lines *lines, ns_article *article)
{
    head h = { .lines = lines, .title = NO_LINE, .trust = DATE_NONE, .date_at = NO_LINE };
    size_t prose = 0;
    h.first_prose = lines->count;
    for (h.end = 0; h.end < lines->count && h.end < HEAD_LINES && prose < 3; h.end++) {
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
    /* The headline is the first line that nothing else claims; where it stands tells what a date is. */
    for (size_t i = 0; i < h.end; i++) {
        ns_line *line = &lines->line[i];
        if (line->reason)
            continue;
        if (!read_line(&h, i, arena, article))
            return false;
        if (!line->reason && h.title == NO_LINE && !*article->title && i < h.first_prose && is_title_like(line) &&
            line->words >= 3)
            h.title = (ptrdiff_t)i;
    }
    if (h.title == NO_LINE && !*article->title)
        choose_title(&h);
    move_title(&h);
    bool more = false;
    for (size_t i = h.title == NO_LINE ? 0 : (size_t)h.title + 1; i < lines->count && !more; i++)
        more = !lines->line[i].reason;
    if (h.title != NO_LINE && more && !*article->title && !set_title(&h, arena, article))
        return false;
    bool trusted = h.trust >= DATE_UPDATED || (h.trust == DATE_MASTHEAD && story_confirms(lines, h.date.day));
    if (!*article->date && trusted) {
        h.date.iso[10] = '\0'; /* a page's time of day has no zone */
        article->date = ns_arena_string(arena, h.date.iso);
        article->date_source = "text";
        if (!article->date)
            return false;
    }
    return read_foot(lines, arena, article);
}

bool ns_dateline_read(ns_arena *arena, const char *text, size_t n, ns_article *article)
{
    size_t limit = n < 90 ? n : 90, end = 0, place;
    /* the dash that ends a dateline */
    for (size_t i = 2; i < limit && !end; i++) {
        bool dash = !memcmp(text + i, "-", 1) && text[i - 1] == ' ' && i + 1 < n && (text[i + 1] == ' ' || text[i + 1] == '-');
        bool long_dash = i + 3 <= n && (!memcmp(text + i, "\xe2\x80\x93", 3) || !memcmp(text + i, "\xe2\x80\x94", 3)) &&
                         (text[i - 1] == ' ' || text[i - 1] == ')');
        if (dash || long_dash)
            end = i;
    }
    if (!end)
        return true;
    size_t capitals = 0;
    for (place = 0; place < end && text[place] != '(' && text[place] != ','; place++) {
        unsigned char c = (unsigned char)text[place];
        if (islower(c) || isdigit(c))
            break;
        capitals += isupper(c) != 0;
    }
    const char *open = memchr(text, '(', end), *close = open ? memchr(open, ')', end - (size_t)(open - text)) : NULL;
    bool agency = close && is_agency(open + 1, (size_t)(close - open - 1));
    if (capitals < 3 || (place < end && text[place] != '(' && text[place] != ',')) {
        if (!agency || !isupper((unsigned char)text[0])) /* "Seoul (AFP) - " */
            return true;
        for (place = 0; text[place] != '(' && text[place] != ','; place++)
            ;
    }
    while (place && text[place - 1] == ' ')
        place--;
    if (!place || place > 40)
        return true;
    if (!*article->dateline) {
        article->dateline = ns_arena_copy(arena, text, place);
        if (!article->dateline)
            return false;
    }
    if (agency && !*article->credit) {
        article->credit = ns_arena_copy(arena, open + 1, (size_t)(close - open - 1));
        if (!article->credit)
            return false;
    }
    ns_text_date date;
    if (!*article->date && ns_text_date_find(text, end, 0, &date) && date.has_day) {
        date.iso[10] = '\0';
        article->date = ns_arena_string(arena, date.iso);
        article->date_source = "text";
        return article->date != NULL;
    }
    return true;
}
