/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timex.c - a few words at most: cut into numbers and names, then matched against the known shapes.
 */
#include "src/text/timex.h"

#include <stdio.h>
#include <string.h>

#include "src/base/day.h"

enum { PARTS = 6, PART_MAX = 32 };

typedef struct parts {
    char text[PARTS][PART_MAX];
    size_t count;
} parts;

/* Lower-case words and numbers; commas and blanks part them. */
static bool cut(const char *s, size_t n, parts *out)
{
    size_t length = 0;
    out->count = 0;
    for (size_t i = 0; i <= n; i++) {
        char c = i < n ? s[i] : ' ';
        if (c == ' ' || c == ',' || c == '_' || c == '\t') {
            if (length)
                out->text[out->count++][length] = '\0';
            length = 0;
            continue;
        }
        if (out->count == PARTS || length + 1 == PART_MAX)
            return false;
        out->text[out->count][length++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return out->count > 0;
}

static int month_of(const char *word)
{
    static const char names[12][10] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
    size_t n = strlen(word);
    if (n && word[n - 1] == '.')
        n--;
    for (int i = 0; i < 12; i++)
        if ((n == 3 || (n == 4 && i == 8) || n == strlen(names[i])) && !strncmp(word, names[i], n))
            return i + 1;
    return 0;
}

/* Digits only (an ordinal's ending is cut): their value, else -1. */
static int number_of(const char *word)
{
    int value = 0;
    size_t digits = strspn(word, "0123456789");
    const char *rest = word + digits;
    if (!digits || digits > 4 ||
        (*rest && strcmp(rest, "st") && strcmp(rest, "nd") && strcmp(rest, "rd") && strcmp(rest, "th")))
        return -1;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (word[i] - '0');
    return value;
}

static bool whole_month(int year, int month, int32_t *first, int32_t *last)
{
    return ns_day_from_civil(year, month, 1, first) &&
           ns_day_from_civil(year, month, ns_days_in_month(year, month), last);
}

/* The month that lies 'back' months before the one of 'day'. */
static bool month_back(int32_t day, int back, int32_t *first, int32_t *last)
{
    int year, month, mday;
    ns_day_to_civil(day, &year, &month, &mday);
    int index = year * 12 + month - 1 - back;
    return index >= 12000 && whole_month(index / 12, index % 12 + 1, first, last);
}

static bool year_back(int32_t day, int back, int32_t *first, int32_t *last)
{
    int year, month, mday;
    ns_day_to_civil(day, &year, &month, &mday);
    return ns_day_from_civil(year - back, 1, 1, first) && ns_day_from_civil(year - back, 12, 31, last);
}

/* Monday of the week of 'day' (1970-01-01 was a Thursday). */
static int32_t monday_of(int32_t day)
{
    int32_t weekday = (int32_t)((((int64_t)day + 3) % 7 + 7) % 7);
    return day - weekday;
}

static bool unit_span(const char *unit, int back, int32_t today, int32_t *first, int32_t *last)
{
    if (!strcmp(unit, "day") || !strcmp(unit, "days")) {
        *first = *last = today - back;
        return true;
    }
    if (!strcmp(unit, "week") || !strcmp(unit, "weeks")) {
        *first = monday_of(today) - 7 * back;
        *last = *first + 6;
        return true;
    }
    if (!strcmp(unit, "month") || !strcmp(unit, "months"))
        return month_back(today, back, first, last);
    if (!strcmp(unit, "year") || !strcmp(unit, "years"))
        return year_back(today, back, first, last);
    return false;
}

/* "last monday", "on monday": the latest such day before today. */
static bool weekday_of(const char *word, int32_t today, int32_t *first, int32_t *last)
{
    static const char names[7][10] = {"monday", "tuesday",  "wednesday", "thursday",
                                      "friday", "saturday", "sunday"};
    for (int32_t i = 0; i < 7; i++)
        if (!strcmp(word, names[i])) {
            int32_t day = monday_of(today) + i;
            *first = *last = day < today ? day : day - 7;
            return true;
        }
    return false;
}

static bool relative(const parts *p, int32_t today, int32_t *first, int32_t *last)
{
    const char *word = p->text[0];
    if (p->count == 1) {
        if (!strcmp(word, "today") || !strcmp(word, "now"))
            return unit_span("day", 0, today, first, last);
        if (!strcmp(word, "yesterday"))
            return unit_span("day", 1, today, first, last);
        return weekday_of(word, today, first, last);
    }
    if (p->count == 2 && !strcmp(word, "this"))
        return unit_span(p->text[1], 0, today, first, last);
    if (p->count == 2 && !strcmp(word, "last"))
        return unit_span(p->text[1], 1, today, first, last) || weekday_of(p->text[1], today, first, last);
    int number = number_of(word);
    if (!strcmp(word, "a") || !strcmp(word, "one"))
        number = 1;
    if (p->count == 3 && number >= 0 && !strcmp(p->text[2], "ago")) {
        if (!strncmp(p->text[1], "week", 4)) { /* a day, as people mean it */
            *first = *last = today - 7 * number;
            return true;
        }
        return unit_span(p->text[1], number, today, first, last);
    }
    if (p->count == 3 && !strcmp(word, "last") && number_of(p->text[1]) > 0) { /* the last 3 days, to today */
        int back = number_of(p->text[1]);
        int32_t ignored;
        *last = today;
        return unit_span(p->text[2], !strncmp(p->text[2], "day", 3) ? back - 1 : back, today, first,
                         &ignored);
    }
    return false;
}

static bool written(const parts *p, int32_t *first, int32_t *last)
{
    int month = p->count >= 2 ? month_of(p->text[0]) : 0;
    if (p->count == 2 && month)
        return number_of(p->text[1]) >= 1000 && whole_month(number_of(p->text[1]), month, first, last);
    int day = p->count == 3 ? number_of(p->text[month ? 1 : 0]) : -1;
    if (!month && p->count == 3)
        month = month_of(p->text[1]);
    if (p->count != 3 || !month || day < 1 || !ns_day_from_civil(number_of(p->text[2]), month, day, first))
        return false;
    *last = *first;
    return true;
}

static bool parse_one(const char *s, size_t n, int32_t today, int32_t *first, int32_t *last)
{
    parts p;
    if (!cut(s, n, &p))
        return false;
    int32_t a, b;
    if (p.count == 1) /* the T of a time of day, as ISO writes it */
        for (char *t = p.text[0]; *t; t++)
            *t = *t == 't' && t - p.text[0] == 10 ? 'T' : *t;
    bool ok = (p.count == 1 && ns_day_parse_iso(p.text[0], &a, &b)) || relative(&p, today, &a, &b) ||
              written(&p, &a, &b);
    if (ok) {
        *first = a;
        *last = b;
    }
    return ok;
}

bool ns_timex_parse(const char *s, size_t n, int32_t today, int32_t *first, int32_t *last)
{
    const char *dots = NULL;
    for (size_t i = 0; i + 1 < n && !dots; i++)
        if (s[i] == '.' && s[i + 1] == '.')
            dots = s + i;
    if (!dots)
        return parse_one(s, n, today, first, last);
    const char *after = dots + 2, *end = s + n;
    int32_t a = NS_DAY_MIN, b = NS_DAY_MAX, ignored;
    if (dots == s && after == end)
        return false;
    if (dots > s && !parse_one(s, (size_t)(dots - s), today, &a, &ignored))
        return false;
    if (after < end && !parse_one(after, (size_t)(end - after), today, &ignored, &b))
        return false;
    if (a > b)
        return false;
    *first = a;
    *last = b;
    return true;
}
