/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * day.c - civil calendar arithmetic (after Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 */
#include "src/base/day.h"

#include <ctype.h>
#include <stdio.h>

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int ns_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool ns_day_from_civil(int year, int month, int day, int32_t *out)
{
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > ns_days_in_month(year, month))
        return false;
    int y = year - (month <= 2);
    int era = y / 400, yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    *out = era * 146097 + doe - 719468;
    return true;
}

void ns_day_to_civil(int32_t day, int *year, int *month, int *mday)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *mday = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

void ns_day_format(int32_t day, char out[11])
{
    out[0] = '\0';
    if (day < NS_DAY_MIN || day > NS_DAY_MAX)
        return;
    int year, month, mday;
    ns_day_to_civil(day, &year, &month, &mday);
    snprintf(out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100, (unsigned)mday % 100);
}

/* Exactly n digits, not followed by a digit. */
static bool digits(const char *s, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)s[i]))
            return false;
        *value = *value * 10 + (s[i] - '0');
    }
    return !isdigit((unsigned char)s[n]);
}

bool ns_day_parse_iso(const char *s, int32_t *first, int32_t *last)
{
    int year, month, day;
    if (!digits(s, 4, &year))
        return false;
    s += 4;
    if (*s == '\0')
        return ns_day_from_civil(year, 1, 1, first) && ns_day_from_civil(year, 12, 31, last);
    if (*s != '-' || !digits(s + 1, 2, &month))
        return false;
    s += 3;
    if (*s == '\0')
        return ns_day_from_civil(year, month, 1, first) &&
               ns_day_from_civil(year, month, ns_days_in_month(year, month), last);
    if (*s != '-' || !digits(s + 1, 2, &day))
        return false;
    s += 3;
    if (*s != '\0' && *s != 'T' && *s != ' ')
        return false;
    if (!ns_day_from_civil(year, month, day, first))
        return false;
    *last = *first;
    return true;
}
