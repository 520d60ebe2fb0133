/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * timeline_print.c - bars of eighths of a column where the terminal's characters are UTF-8, else of '#'.
 */
#include "tools/timeline_print.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/tool_json.h"
#include "tools/tool_options.h"

#define ROWS_MAX 100
#define GAP_MAX 3 /* empty periods that are shown as rows; a longer gap is one line */

static const char *const names[] = {"none", "day", "week", "month"};

bool timeline_read_interval(const char *text, nsearch_interval *interval)
{
    for (int i = NSEARCH_INTERVAL_DAY; i <= NSEARCH_INTERVAL_MONTH; i++)
        if (!strcmp(text, names[i])) {
            *interval = (nsearch_interval)i;
            return true;
        }
    tool_usage("--timeline takes day, week or month, not '%s'", text);
    return false;
}

/* ---------------------------------------------------------------- the calendar */

/* The number of the period that begins on "2023-09-11", so that neighbours differ by 1. */
static long number_of(const char *first, nsearch_interval interval)
{
    long year = strtol(first, NULL, 10), month = strtol(first + 5, NULL, 10), day = strtol(first + 8, NULL, 10);
    if (interval == NSEARCH_INTERVAL_MONTH)
        return year * 12 + month - 1;
    /* days since 1 March of the year 0 (Fliegel and Van Flandern 1968, in another arrangement) */
    long years = month > 2 ? year : year - 1, months = (month + 9) % 12;
    long days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 306 + 5) / 10 + day - 1;
    return interval == NSEARCH_INTERVAL_WEEK ? days / 7 : days;
}

/* ---------------------------------------------------------------- bars */

static bool is_utf8(void)
{
    const char *locale = getenv("LC_ALL");
    if (!locale || !*locale)
        locale = getenv("LC_CTYPE");
    if (!locale || !*locale)
        locale = getenv("LANG");
    return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static void print_bar(const tool_page *page, uint64_t n, uint64_t most, unsigned columns)
{
    static const char *const eighths[] = {"", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589"};
    char bar[4 * 128] = "";
    bool fine = is_utf8();
    uint64_t parts = fine ? 8 : 1;
    uint64_t length = (uint64_t)((double)n / (double)most * columns * (double)parts + 0.5);
    if (n && !length)
        length = 1;
    for (uint64_t i = 0; i < length / parts && i < 100; i++)
        strcat(bar, fine ? "\u2588" : "#");
    strcat(bar, eighths[length % parts]);
    tool_print_styled(page, TOOL_MATCH, bar);
}

/* A month is named without its day. */
static void print_name(const tool_page *page, const nsearch_period *period, nsearch_interval interval)
{
    fprintf(page->out, "%.*s  ", interval == NSEARCH_INTERVAL_MONTH ? 7 : 10, period->first);
}

static void print_gap(const tool_page *page, long gap, nsearch_interval interval)
{
    char number[TOOL_NUMBER];
    if (gap > GAP_MAX)
        fprintf(page->out, "  ... %s %ss with nothing\n", tool_number((uint64_t)gap, number), names[interval]);
}

static void print_stories(const tool_page *page, uint64_t stories, unsigned digits)
{
    char number[TOOL_NUMBER];
    const char *text = tool_number(stories, number);
    fprintf(page->out, "(%s)%*s ", text, (int)(digits - strlen(text)), "");
}

void timeline_print(const tool_page *page, const nsearch_result *result, nsearch_interval interval)
{
    char number[TOOL_NUMBER];
    const nsearch_period *period;
    uint64_t most = 0;
    size_t count = 0;
    bool copies = false;
    while ((period = nsearch_result_period(result, count))) {
        most = period->articles > most ? period->articles : most;
        copies |= period->stories != period->articles;
        count++;
    }
    unsigned digits = (unsigned)strlen(tool_number(most, number)), name = interval == NSEARCH_INTERVAL_MONTH ? 9 : 12;
    unsigned taken = name + digits + 2 + (copies ? digits + 3 : 0);
    unsigned columns = page->width > taken ? page->width - taken : 1;
    columns = columns > 100 ? 100 : columns;
    size_t first = count > ROWS_MAX ? count - ROWS_MAX : 0;
    if (first)
        fprintf(page->out, "  ... %s earlier %ss left out%s\n", tool_number(first, number), names[interval],
                interval == NSEARCH_INTERVAL_MONTH ? "" : ": try --timeline month");
    for (size_t i = first; i < count; i++) {
        period = nsearch_result_period(result, i);
        if (i > first) {
            long gap = number_of(period->first, interval) -
                       number_of(nsearch_result_period(result, i - 1)->first, interval) - 1;
            print_gap(page, gap, interval);
            for (long k = 0; k < gap && gap <= GAP_MAX; k++)
                fprintf(page->out, "%*s\n", (int)name - 2, ".");
        }
        print_name(page, period, interval);
        fprintf(page->out, "%*s ", (int)digits, tool_number(period->articles, number));
        if (copies)
            print_stories(page, period->stories, digits);
        print_bar(page, period->articles, most, columns);
        fputc('\n', page->out);
    }
    if (copies)
        fputs("(in brackets: stories; copies of one are counted once)\n", page->out);
    uint64_t undated = nsearch_result_undated(result);
    if (undated)
        fprintf(page->out, "%s article%s without a date\n", tool_number(undated, number), TOOL_S(undated));
    if (count || undated)
        fputc('\n', page->out);
}

/* ---------------------------------------------------------------- JSON */

json_t *timeline_json(const nsearch_result *result, nsearch_interval interval)
{
    json_t *timeline = json_object(), *periods = json_array();
    tool_json_set_text(timeline, "interval", names[interval]);
    const nsearch_period *period;
    for (size_t i = 0; (period = nsearch_result_period(result, i)); i++) {
        json_t *object = json_object();
        tool_json_set_text(object, "first", period->first);
        tool_json_set_text(object, "last", period->last);
        tool_json_set_count(object, "articles", period->articles);
        tool_json_set_count(object, "stories", period->stories);
        json_array_append_new(periods, object);
    }
    json_object_set_new(timeline, "periods", periods);
    tool_json_set_count(timeline, "undated", nsearch_result_undated(result));
    return timeline;
}
