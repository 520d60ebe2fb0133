/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test_timex.c - dates as people write them; "today" is Monday, 11 September 2023.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/day.h"
#include "src/text/timex.h"

static const char *const cases[][2] = {
    {"2023", "2023-01-01..2023-12-31"},
    {"2024-02", "2024-02-01..2024-02-29"},
    {"2023-09-11", "2023-09-11..2023-09-11"},
    {"2023-09-11T10:00:00Z", "2023-09-11..2023-09-11"},
    {"11 September 2023", "2023-09-11..2023-09-11"},
    {"11 sept. 2023", "2023-09-11..2023-09-11"},
    {"Sept 11, 2023", "2023-09-11..2023-09-11"},
    {"September 11th 2023", "2023-09-11..2023-09-11"},
    {"September 2023", "2023-09-01..2023-09-30"},
    {"may 2005", "2005-05-01..2005-05-31"},
    {"today", "2023-09-11..2023-09-11"},
    {"Yesterday", "2023-09-10..2023-09-10"},
    {"last week", "2023-09-04..2023-09-10"},
    {"this week", "2023-09-11..2023-09-17"},
    {"last month", "2023-08-01..2023-08-31"},
    {"last year", "2022-01-01..2022-12-31"},
    {"3 days ago", "2023-09-08..2023-09-08"},
    {"2 weeks ago", "2023-08-28..2023-08-28"},
    {"9 months ago", "2022-12-01..2022-12-31"},
    {"last 3 days", "2023-09-09..2023-09-11"},
    {"monday", "2023-09-04..2023-09-04"},
    {"last friday", "2023-09-08..2023-09-08"},
    {"2023-01..2023-03", "2023-01-01..2023-03-31"},
    {"2023..", "2023-01-01..9999-12-31"},
    {"..yesterday", "1000-01-01..2023-09-10"},
    {"1 May 2023..today", "2023-05-01..2023-09-11"},
};
static const char *const none[] = {"",
                                   "..",
                                   "soon",
                                   "2023-13",
                                   "31 February 2023",
                                   "99999",
                                   "2023-09-11-12",
                                   "a b c d e f g h",
                                   "12 2023",
                                   "2024..2023",
                                   "last",
                                   "last tuna",
                                   "ago 3 days",
                                   "0 September 2023",
                                   "may"};

static void dates(void **state)
{
    (void)state;
    int32_t today;
    assert_true(ns_day_from_civil(2023, 9, 11, &today));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t first = 0, last = 0;
        char got[24];
        if (!ns_timex_parse(cases[i][0], strlen(cases[i][0]), today, &first, &last))
            fail_msg("no date: '%s'", cases[i][0]);
        ns_day_format(first, got);
        memcpy(got + 10, "..", 2);
        ns_day_format(last, got + 12);
        assert_string_equal(got, cases[i][1]);
    }
}

static void no_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int32_t first = 7, last = 8;
        if (ns_timex_parse(none[i], strlen(none[i]), 19611, &first, &last))
            fail_msg("a date: '%s'", none[i]);
        assert_true(first == 7 && last == 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates), cmocka_unit_test(no_dates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
