/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * url_date.c - the day or month in a page's address: /2023/09/11/, /2023/sep/11/, 2023-09-11, 20230911,
 * 2023-09/11, 11-09-2023, /2023/09/. Many sites put it there, and it does not change when the page does.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "corpus/html_dates.h"
#include "corpus/month_names.h"
#include "src/base/day.h"

static size_t digits(const char *s)
{
    return strspn(s, "0123456789");
}

static int value(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

static bool is_mark(char c)
{
    return c == '/' || c == '-' || c == '_' || c == '.';
}

static bool set(char iso[NS_DATE_SIZE], int year, int month, int day)
{
    int32_t unused;
    if (year < 1980 || year > 2100 || !ns_day_from_civil(year, month, day ? day : 1, &unused))
        return false;
    if (day)
        snprintf(iso, NS_DATE_SIZE, "%04d-%02d-%02d", year, month, day);
    else
        snprintf(iso, NS_DATE_SIZE, "%04d-%02d", year, month);
    return true;
}

/* A date that begins with these digits. */
static bool date_at(const char *p, char iso[NS_DATE_SIZE])
{
    size_t n = digits(p);
    if (n == 8)
        return set(iso, value(p, 4), value(p + 4, 2), value(p + 6, 2));
    if (n == 2 && is_mark(p[2]) && digits(p + 3) == 2 && p[5] == p[2] && digits(p + 6) == 4)
        return set(iso, value(p + 6, 4), value(p + 3, 2), value(p, 2)); /* 11-09-2023 */
    if (n != 4 || !is_mark(p[4]))
        return false;
    const char *month = p + 5;
    size_t length = digits(month);
    int number = length ? value(month, length < 3 ? length : 3) : 0;
    if (!length) {
        while (isalpha((unsigned char)month[length]))
            length++;
        number = ns_month_of(month, length);
    }
    const char *day = month + length;
    if (length == 4 && isdigit((unsigned char)*month)) /* 2023/0911 */
        return set(iso, value(p, 4), value(month, 2), value(month + 2, 2));
    if (!number || !is_mark(*day))
        return false;
    size_t k = digits(day + 1);
    if ((k == 1 || k == 2) && set(iso, value(p, 4), number, value(day + 1, k)))
        return true;
    return p[4] == '/' && *day == '/' && set(iso, value(p, 4), number, 0);
}

void ns_url_date(const char *url, char iso[NS_DATE_SIZE])
{
    char found[NS_DATE_SIZE];
    iso[0] = '\0';
    const char *host = strstr(url, "://");
    const char *p = host ? strchr(host + 3, '/') : url;
    for (; p && *p && *p != '?' && *p != '#'; p++) {
        if (!isdigit((unsigned char)*p) || (p > url && isalnum((unsigned char)p[-1])))
            continue;
        if (date_at(p, found) && strlen(found) > strlen(iso))
            strcpy(iso, found);
        p += digits(p) - 1;
    }
}
