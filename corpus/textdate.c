/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * textdate.c - finds dates in a line: 2023-09-11, 11 September 2023, Sept. 11, 2023, 26-FEB-1987,
 * 11.09.2023, September 2023, each with an optional weekday before and time behind.
 */
#include "corpus/textdate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "corpus/month_names.h"
#include "src/base/day.h"

typedef struct scan {
    const char *s;
    size_t n, at;
    ns_date_order order;
} scan;

typedef struct parts {
    int year, month, day; /* 0: not said */
    int hour, minute, second; /* -1: not said */
    char zone[8];
} parts;

static int peek(const scan *in, size_t ahead)
{
    return in->at + ahead < in->n ? (unsigned char)in->s[in->at + ahead] : 0;
}

/* A run of digits, at most 'most' long; its length or 0. */
static size_t number(scan *in, size_t most, int *value)
{
    size_t i = 0;
    int v = 0;
    while (isdigit(peek(in, i)) && i <= most)
        v = i < 8 ? v * 10 + (peek(in, i) - '0') : v, i++;
    if (i == 0 || i > most)
        return 0;
    *value = v;
    in->at += i;
    return i;
}

static size_t word_length(const scan *in)
{
    size_t i = 0;
    while (isalpha(peek(in, i)))
        i++;
    return i;
}

/* Letters of any script, as far as their bytes tell. */
static size_t name_length(const scan *in)
{
    size_t i = 0;
    while (isalpha(peek(in, i)) || peek(in, i) >= 0x80)
        i++;
    return i;
}

/* The index from 1 of the name that the word is, or is short for (3 letters, "sept", "tues"). */
static int name_of(const char *word, size_t n, const char *const *names, int count)
{
    if (n < 3 || n > 9)
        return 0;
    for (int i = 0; i < count; i++)
        if (n <= strlen(names[i]) && !strncasecmp(word, names[i], n) && (n <= 5 || n == strlen(names[i])))
            return i + 1;
    return 0;
}

static bool month_word(scan *in, int *month)
{
    size_t n = name_length(in);
    *month = ns_month_of(in->s + in->at, n);
    if (!*month)
        return false;
    in->at += n;
    if (peek(in, 0) == '.')
        in->at++;
    return true;
}

static bool weekday_word(scan *in)
{
    static const char *const names[] = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    };
    size_t n = word_length(in);
    if (!name_of(in->s + in->at, n, names, 7))
        return false;
    in->at += n;
    while (peek(in, 0) == '.' || peek(in, 0) == ',')
        in->at++;
    return true;
}

static void spaces(scan *in)
{
    while (peek(in, 0) == ' ' || peek(in, 0) == '\t')
        in->at++;
}

static bool year_here(scan *in, int *year)
{
    scan was = *in;
    if (number(in, 4, year) == 4 && *year >= 1000 && !isalpha(peek(in, 0)))
        return true;
    /* "13 Sep 202313 Sep 2023": a date shown twice, run together */
    scan again = was;
    int day, month;
    again.at += 4;
    *in = was;
    if (number(in, 6, year) >= 5 && number(&again, 2, &day) && peek(&again, 0) == ' ') {
        again.at++;
        if (month_word(&again, &month)) {
            in->at = was.at + 4;
            while (*year > 9999)
                *year /= 10;
            return true;
        }
    }
    *in = was;
    return false;
}

static void ordinal(scan *in)
{
    static const char *const ends[] = { "st", "nd", "rd", "th" };
    for (size_t i = 0; i < 4; i++)
        if (word_length(in) == 2 && !strncasecmp(in->s + in->at, ends[i], 2))
            in->at += 2;
}

static void separators(scan *in)
{
    while (peek(in, 0) == ' ' || peek(in, 0) == ',')
        in->at++;
}

/* "of", "de", "del", "den" between the parts of a date. */
static void small_word(scan *in)
{
    static const char *const words[] = { "of", "de", "del", "den" };
    size_t n = word_length(in);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (n == strlen(words[i]) && !strncasecmp(in->s + in->at, words[i], n)) {
            in->at += n;
            spaces(in);
            return;
        }
}

/* 11 September 2023, 11-Sep-2023, 11th of September, 2023, 11. September 2023, 11 de septiembre de 2023 */
static bool day_month_year(scan *in, parts *p)
{
    scan was = *in;
    if (number(in, 2, &p->day)) {
        ordinal(in);
        int dash = peek(in, 0) == '-' || peek(in, 0) == '/';
        if (dash || peek(in, 0) == '.')
            in->at++;
        if (!dash)
            separators(in);
        small_word(in);
        if (month_word(in, &p->month)) {
            if (dash && (peek(in, 0) == '-' || peek(in, 0) == '/'))
                in->at++;
            separators(in);
            small_word(in);
            if (year_here(in, &p->year))
                return true;
        }
    }
    *in = was;
    return false;
}

/* Sept. 11, 2023; September 2023 */
static bool month_first(scan *in, parts *p)
{
    scan was = *in;
    if (month_word(in, &p->month)) {
        separators(in);
        p->day = 0;
        if (year_here(in, &p->year))
            return true;
        if (number(in, 2, &p->day)) {
            ordinal(in);
            separators(in);
            if (year_here(in, &p->year))
                return true;
        }
    }
    *in = was;
    return false;
}

/* Behind a number: "年" and its like. */
static bool sign(scan *in, const char *bytes)
{
    if (in->at + 3 > in->n || memcmp(in->s + in->at, bytes, 3))
        return false;
    in->at += 3;
    spaces(in);
    return true;
}

/* 2023-09-11, 2023/9/11, 2023年9月11日 */
static bool year_first(scan *in, parts *p)
{
    scan was = *in;
    if (year_here(in, &p->year)) {
        int mark = peek(in, 0);
        if (mark == '-' || mark == '/' || mark == '.') {
            in->at++;
            if (number(in, 2, &p->month) && peek(in, 0) == mark) {
                in->at++;
                if (number(in, 2, &p->day) && !isdigit(peek(in, 0)))
                    return true;
            }
        } else if (sign(in, "年") && number(in, 2, &p->month) && sign(in, "月") && number(in, 2, &p->day) &&
                   sign(in, "日")) {
            return true;
        }
    }
    *in = was;
    return false;
}

/* "19" for 2019, where a day and a month of two digits stand before it. */
static bool short_year(scan *in, size_t before, int *year)
{
    scan was = *in;
    if (before == 2 && number(in, 2, year) == 2 && !isalnum(peek(in, 0))) {
        *year += 2000;
        return true;
    }
    *in = was;
    return false;
}

/* 25/12/2023 and 12/25/2023 where only one reading is a date or the order is known; 11.9.2023 is day first, and so is
 * 02.12.19 */
static bool numeric(scan *in, parts *p)
{
    scan was = *in;
    int a, b;
    if (number(in, 2, &a)) {
        int mark = peek(in, 0);
        if (mark == '/' || mark == '.' || mark == '-') {
            size_t length = in->at - was.at;
            in->at++;
            if (number(in, 2, &b) && peek(in, 0) == mark) {
                length = length == 2 && in->at - was.at == 5 ? 2 : 0;
                in->at++;
                if (year_here(in, &p->year) ||
                    (mark == '.' && in->order == NS_DATE_DAY_FIRST && short_year(in, length, &p->year))) {
                    bool day_first = mark == '.' || a > 12 || a == b ||
                                     (in->order == NS_DATE_DAY_FIRST && b <= 12);
                    if (day_first || b > 12 || in->order == NS_DATE_MONTH_FIRST) {
                        p->day = day_first ? a : b;
                        p->month = day_first ? b : a;
                        return true;
                    }
                }
            }
        }
    }
    *in = was;
    return false;
}

static void zone(scan *in, parts *p)
{
    scan was = *in;
    spaces(in);
    if (peek(in, 0) == 'Z' && !isalnum(peek(in, 1))) {
        strcpy(p->zone, "Z");
        in->at++;
        return;
    }
    int mark = peek(in, 0), hours, minutes;
    if (mark == '+' || mark == '-') {
        in->at++;
        if (isdigit(peek(in, 0)) && isdigit(peek(in, 1))) {
            hours = (peek(in, 0) - '0') * 10 + (peek(in, 1) - '0');
            in->at += 2;
            if (peek(in, 0) == ':')
                in->at++;
            if (number(in, 2, &minutes) == 2 && hours <= 14 && minutes < 60) {
                snprintf(p->zone, sizeof p->zone, "%c%02u:%02u", mark, (unsigned)hours % 100,
                         (unsigned)minutes % 100);
                return;
            }
        }
    }
    *in = was;
    spaces(in);
    size_t n = word_length(in);
    if ((n == 3 || n == 2 || n == 4) &&
        (!strncasecmp(in->s + in->at, "gmt", 3) || !strncasecmp(in->s + in->at, "utc", 3))) {
        strcpy(p->zone, "Z");
        in->at += n;
        return;
    }
    if (n >= 2 && n <= 4 && isupper(peek(in, 0)) && isupper(peek(in, n - 1)) &&
        toupper(peek(in, n - 1)) == 'T') {
        in->at += n; /* EST, CEST, IST: local time is what the page shows */
        return;
    }
    *in = was;
}

/* A time of day behind the date: "T15:01:01", ", 4:05 pm", "at 16.05 GMT". */
static void time_of_day(scan *in, parts *p)
{
    scan was = *in;
    int hour, minute, second = 0;
    p->hour = -1;
    if (peek(in, 0) == 'T' && isdigit(peek(in, 1)))
        in->at++;
    else
        while (peek(in, 0) == ' ' || peek(in, 0) == ',' || peek(in, 0) == '|' || peek(in, 0) == '-')
            in->at++;
    if (word_length(in) == 2 && !strncasecmp(in->s + in->at, "at", 2)) {
        in->at += 2;
        spaces(in);
    }
    if (!number(in, 2, &hour) || (peek(in, 0) != ':' && peek(in, 0) != '.') || !isdigit(peek(in, 1)))
        goto none;
    in->at++;
    if (number(in, 2, &minute) != 2)
        goto none;
    if (peek(in, 0) == ':' && isdigit(peek(in, 1))) {
        in->at++;
        if (number(in, 2, &second) != 2)
            goto none;
        if (peek(in, 0) == '.' && isdigit(peek(in, 1)))
            for (in->at++; isdigit(peek(in, 0)); in->at++)
                ;
    }
    scan digits_end = *in;
    spaces(in);
    int half = tolower(peek(in, 0));
    if ((half == 'a' || half == 'p') && tolower(peek(in, 1)) == 'm' && !isalpha(peek(in, 2))) {
        in->at += 2;
        if (hour > 12)
            goto none;
        hour = hour % 12 + (half == 'p' ? 12 : 0);
    } else if ((half == 'a' || half == 'p') && peek(in, 1) == '.' && tolower(peek(in, 2)) == 'm') {
        in->at += peek(in, 3) == '.' ? 4 : 3;
        hour = hour % 12 + (half == 'p' ? 12 : 0);
    } else {
        *in = digits_end;
    }
    if (hour > 23 || minute > 59 || second > 60)
        goto none;
    p->hour = hour, p->minute = minute, p->second = second;
    zone(in, p);
    return;
none:
    *in = was;
}

static bool finish(const parts *p, ns_text_date *date)
{
    if (!ns_day_from_civil(p->year, p->month, p->day ? p->day : 1, &date->day))
        return false;
    date->has_day = p->day != 0;
    date->has_time = p->hour >= 0 && p->day;
    int n = snprintf(date->iso, sizeof date->iso, "%04d-%02d", p->year, p->month);
    if (p->day)
        n += snprintf(date->iso + n, sizeof date->iso - (size_t)n, "-%02d", p->day);
    if (date->has_time)
        snprintf(date->iso + n, sizeof date->iso - (size_t)n, "T%02d:%02d:%02d%s", p->hour, p->minute,
                 p->second > 59 ? 59 : p->second, p->zone);
    return true;
}

/* False when none begins here; *next is behind what has the shape of a date but is none. */
static bool date_here(const char *s, size_t n, size_t at, ns_date_order order, ns_text_date *date, size_t *next)
{
    scan in = { s, n, at, order };
    parts p = { .hour = -1 };
    date->has_weekday = weekday_word(&in);
    if (date->has_weekday)
        separators(&in);
    if (!year_first(&in, &p) && !day_month_year(&in, &p) && !month_first(&in, &p) && !numeric(&in, &p))
        return false;
    if (p.day)
        time_of_day(&in, &p);
    bool repeated = isdigit(peek(&in, 0)); /* see year_here */
    if (p.hour < 0 && !repeated &&
        (isalnum(peek(&in, 0)) || (strchr("./-", peek(&in, 0)) && isdigit(peek(&in, 1)))))
        return false;
    date->begin = at;
    date->end = *next = in.at;
    return finish(&p, date);
}

bool ns_text_date_find(const char *s, size_t n, size_t from, ns_text_date *date)
{
    return ns_text_date_find_in(s, n, from, NS_DATE_ORDER_UNKNOWN, date);
}

bool ns_text_date_find_in(const char *s, size_t n, size_t from, ns_date_order order, ns_text_date *date)
{
    for (size_t i = from; i < n; i++) {
        if (!isalnum((unsigned char)s[i]) || (i > 0 && (isalnum((unsigned char)s[i - 1]) || s[i - 1] == '.')))
            continue;
        size_t next = i;
        if (date_here(s, n, i, order, date, &next))
            return true;
        if (next > i)
            i = next - 1;
    }
    return false;
}

/* ISO 8601 as it stands: a year, a month, a day, a day with a time. */
static bool iso_field(const char *s, size_t n, char iso[NS_DATE_SIZE])
{
    int32_t first, last;
    size_t date_end = strcspn(s, "T ");
    char day[16];
    if (date_end > 10 || n >= NS_DATE_SIZE || (date_end != 4 && date_end != 7 && date_end != 10))
        return false;
    memcpy(day, s, date_end);
    day[date_end] = '\0';
    if (!ns_day_parse_iso(day, &first, &last))
        return false;
    if (date_end == n || date_end < 10) {
        if (date_end < n)
            return false;
        strcpy(iso, day);
        return true;
    }
    scan in = { s, n, date_end, NS_DATE_ORDER_UNKNOWN };
    parts p = { .hour = -1 };
    time_of_day(&in, &p);
    if (p.hour < 0 || in.at != n)
        return false;
    memcpy(iso, s, n);
    iso[n] = '\0';
    iso[date_end] = 'T';
    return true;
}

void ns_text_date_field(const char *s, char iso[NS_DATE_SIZE])
{
    iso[0] = '\0';
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    char text[128];
    if (n == 0 || n >= sizeof text)
        return;
    memcpy(text, s, n);
    text[n] = '\0';
    if (iso_field(text, n, iso))
        return;
    bool all_digits = strspn(text, "0123456789") == n;
    int32_t day;
    if (all_digits && n == 8) { /* 20230911 */
        int packed = 0;
        for (size_t i = 0; i < n; i++)
            packed = packed * 10 + (text[i] - '0');
        if (ns_day_from_civil(packed / 10000, packed / 100 % 100, packed % 100, &day))
            ns_day_format(day, iso);
        return;
    }
    if (all_digits && (n == 9 || n == 10 || n == 13)) { /* seconds or milliseconds since 1970 */
        time_t seconds = 0;
        for (size_t i = 0; i < (n == 13 ? 10 : n); i++)
            seconds = seconds * 10 + (text[i] - '0');
        struct tm tm;
        if (gmtime_r(&seconds, &tm))
            strftime(iso, NS_DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
        return;
    }
    /* Other forms: the date must be the whole of it, but for a label before or a zone behind. */
    ns_text_date date;
    if (!ns_text_date_find(text, n, 0, &date) || date.begin > 24 || n - date.end > 12)
        return;
    for (size_t i = date.end; i < n; i++)
        if (isdigit((unsigned char)text[i]) || text[i] == '+')
            return;
    strcpy(iso, date.iso);
}
