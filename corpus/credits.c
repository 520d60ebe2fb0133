/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * credits.c - finds names of authors, agencies and outlets where pages put them. It knows the news
 * agencies by name, and no outlet.
 */
#include "corpus/credits.h"

#include <ctype.h>
#include <string.h>

#include "corpus/textdate.h"

enum { FOOT_LINES = 40 };

static bool is_name_word(const char *s, size_t n)
{
    static const char *const small[] = {
        "and", "in", "for", "of", "the", "with", "de", "da", "van", "von", "der", "al", "bin", "el", "la",
        "at", "on", NULL
    };
    if (isupper((unsigned char)s[0]) || (unsigned char)s[0] >= 0xc3)
        return true;
    for (const char *const *w = small; *w; w++)
        if (strlen(*w) == n && !memcmp(*w, s, n))
            return true;
    return !isalpha((unsigned char)s[0]);
}

/* "By Staff Reporter", "Written by Jane Doe in Seoul", "JANE DOE, Political Editor": the name's place in the
 * line. */
bool ns_byline_find(const ns_line *line, const ns_folded *folded, size_t *from, size_t *to)
{
    static const char *const starts[] = {
        "by ", "by: ", "written by ", "reported by ", "story by ", "report by ", "posted by ", "author: ",
        "authors: ", "words by ", "by\t", NULL
    };
    static const char *const roles[] = {
        "staff writer", "staff reporter", "correspondent", "reporter", "editor", "political editor",
        "special correspondent", "staff correspondent", "bbc news", "associated press", "contributor",
        "news desk", "newsdesk", "web desk", "our correspondent", "our reporter", "senior reporter", NULL
    };
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
    static const char *const agencies[] = {
        "AFP", "AP", "Reuters", "Xinhua", "TASS", "Interfax", "ANSA", "EFE", "dpa", "DPA", "PTI", "ANI",
        "IANS", "UPI", "Bloomberg", "Yonhap", "Kyodo", "AAP", "PA", "PA Media", "Anadolu", "Anadolu Agency",
        "AA", "Agence France-Presse", "Associated Press", "The Associated Press", "agencies", "Agencies",
        "wires", "Agency", "REUTERS", "RIA Novosti", "CNA", "Bernama", "WAM", "NAN", NULL
    };
    for (const char *const *a = agencies; *a; a++)
        if (strlen(*a) == n && !memcmp(*a, s, n))
            return true;
    return false;
}

/* "SOURCE:Outlet and agencies", "(Reuters)", "With input from AFP": the credit's place. */
static bool credit_line(const ns_line *line, const ns_folded *folded, size_t *from)
{
    static const char *const starts[] = {
        "source:", "source :", "sources:", "with input from ", "with inputs from ", "with agency input",
        "(with inputs", "(with input", "with agencies", "reporting by ", "(reporting by",
        "additional reporting by ", "writing by ", "editing by ", "edited by ", "courtesy:", "credit line:",
        "this story was originally published", "this article was originally published",
        "this article first appeared", "this story first appeared", "originally published ",
        "(this story has not been edited", NULL
    };
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
const char *ns_outlet_of_logo(ns_arena *arena, const char *s, size_t n)
{
    static const char *const ends[] = {
        "day", "daily", "news", "times", "post", "today", "herald", "mail", "tribune", "telegraph",
        "express", "journal", "insider", "online", "chronicle", "gazette", "observer", "standard",
        "guardian", "report", "wire", "world", "week", "live", "tv", "star", "sun", NULL
    };
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

/* "(c) 2024 The Ledger. All rights reserved.": who claims it. "" when it does not say. */
static const char *outlet_of_copyright(ns_arena *arena, const ns_line *line, const ns_folded *folded)
{
    static const char *const signs[] = { "\xc2\xa9", "copyright", "(c) ", NULL };
    if (line->n > 300 || !ns_begins_with(folded, signs))
        return "";
    size_t at = 0, end;
    for (;;) { /* signs, years and small words before the name */
        static const char *const skipped[] = {"\xc2\xa9", "copyright", "Copyright", "COPYRIGHT",
                                              "(c)",      "(C)",       "by ",       "\xe2\x80\x93"};
        size_t was = at;
        while (at < line->n && (strchr(" -,:;", line->text[at]) || isdigit((unsigned char)line->text[at])))
            at++;
        for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++)
            if (!strncmp(line->text + at, skipped[i], strlen(skipped[i])))
                at += strlen(skipped[i]);
        if (at == was)
            break;
    }
    for (end = at; end < line->n && !strchr(".,|;(", line->text[end]); end++)
        if (!strncmp(line->text + end, " All ", 5) || !strncmp(line->text + end, " all ", 5) ||
            !strncmp(line->text + end, " - ", 3) || isdigit((unsigned char)line->text[end]))
            break;
    while (end > at && line->text[end - 1] == ' ')
        end--;
    if (end - at < 3 || end - at > 40 || !isupper((unsigned char)line->text[at]) ||
        !strncmp(line->text + at, "All ", 4))
        return "";
    return ns_arena_copy(arena, line->text + at, end - at);
}

bool ns_credit_read(ns_arena *arena, ns_lines *lines, ns_article *article)
{
    static const char *const works[] = { "reporting by", "additional reporting", "writing by", "editing by",
                                         "edited by", NULL };
    size_t prose = 0, looked = 0;
    for (size_t i = lines->count; i-- > 0 && looked < FOOT_LINES && prose < 3; looked++) {
        ns_line *line = &lines->line[i];
        ns_folded folded;
        size_t from;
        ns_wording_fold(line->text, line->n, &folded);
        if (line->reason) {
            const char *owner = *article->source ? "" : outlet_of_copyright(arena, line, &folded);
            if (!owner)
                return false;
            if (*owner)
                article->source = owner;
            continue;
        }
        prose += line->prose;
        if (!credit_line(line, &folded, &from))
            continue;
        if (!strncmp(folded.text, "reporting by ", 13) && !*article->byline) {
            size_t end = from + strcspn(line->text + from, ";.(");
            article->byline = ns_arena_copy(arena, line->text + from, end - from);
            if (!article->byline)
                return false;
        }
        if (ns_begins_with(&folded, works)) /* who did what belongs to it */
            from = 0;
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

bool ns_dateline_read(ns_arena *arena, const char *text, size_t n, ns_article *article)
{
    size_t limit = n < 90 ? n : 90, end = 0, place;
    /* the dash that ends a dateline */
    for (size_t i = 2; i < limit && !end; i++) {
        bool dash = !memcmp(text + i, "-", 1) && text[i - 1] == ' ' && i + 1 < n &&
                    (text[i + 1] == ' ' || text[i + 1] == '-');
        bool long_dash = i + 3 <= n &&
                         (!memcmp(text + i, "\xe2\x80\x93", 3) || !memcmp(text + i, "\xe2\x80\x94", 3)) &&
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
    const char *open = memchr(text, '(', end),
               *close = open ? memchr(open, ')', end - (size_t)(open - text)) : NULL;
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
