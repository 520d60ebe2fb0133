/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_head.c - the lines of a page's story, looked at once more: a story that only JSON-LD holds is taken
 * from there; the headline, dates, bylines and lines that come twice are marked.
 */
#include "corpus/html_head.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/credits.h"
#include "corpus/markup.h"
#include "corpus/page_date.h"
#include "src/base/buffer.h"
#include "src/base/bytes.h"

enum { HEAD_LINES = 12, SHORT = 16, ECHO_BYTES = 24 };

static size_t body_bytes(const ns_lines *lines)
{
    size_t bytes = 0;
    for (size_t i = 0; i < lines->count; i++)
        bytes += lines->line[i].reason ? 0 : lines->line[i].n;
    return bytes;
}

bool ns_html_body_complete(ns_arena *arena, const char *declared, ns_lines *lines)
{
    if (!declared || strlen(declared) < 2 * body_bytes(lines))
        return true;
    ns_buffer text = NS_BUFFER_INIT, clean = NS_BUFFER_INIT;
    ns_lines story;
    ns_clean_utf8(declared, strlen(declared), &clean);
    if (clean.size)
        ns_markup_add_string((const char *)clean.data, clean.size, &text);
    bool good =
        !clean.failed && !text.failed && ns_lines_cut(arena, (const char *)text.data, text.size, &story);
    if (good && 2 * body_bytes(&story) > 3 * body_bytes(lines))
        *lines = story;
    ns_buffer_release(&text);
    ns_buffer_release(&clean);
    return good;
}

static bool same(const char *a, const char *b)
{
    return !strcasecmp(a, b);
}

/* "By Ann Morell" or "Ann Morell", where that is the byline. */
static bool is_byline(const char *s, const char *byline)
{
    s += strncasecmp(s, "by ", 3) ? 0 : 3;
    byline += strncasecmp(byline, "by ", 3) ? 0 : 3;
    return *byline && same(s, byline);
}

/* A line of the head that is a date or a byline and nothing else. */
static const char *reason_of(const ns_line *line)
{
    ns_folded folded;
    ns_text_date date;
    size_t from, to;
    if (line->words > SHORT || line->n > 200)
        return NULL;
    ns_wording_fold(line->text, line->n, &folded);
    if (ns_page_date_line(line, &folded, &date) != NS_DATE_NONE)
        return "date";
    return !line->ended && ns_byline_find(line, &folded, &from, &to) ? "byline" : NULL;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The second and later copies of a longer line: pages show a lead or a pulled quotation twice. Where much is
 * repeated it is meant so. */
static bool mark_repeats(ns_lines *lines)
{
    size_t count = 0;
    uint64_t *seen = calloc(lines->count ? lines->count : 1, sizeof *seen);
    if (!seen)
        return false;
    for (size_t i = 0; i < lines->count; i++)
        if (!lines->line[i].reason && lines->line[i].n >= ECHO_BYTES)
            seen[count++] = ns_hash64(lines->line[i].text, lines->line[i].n, 0);
    qsort(seen, count, sizeof *seen, by_hash);
    size_t copies = 0;
    for (size_t i = 1; i < count; i++)
        copies += seen[i] == seen[i - 1];
    bool any = copies && copies * 4 <= count;
    for (size_t i = 0; any && i < lines->count; i++) {
        ns_line *line = &lines->line[i];
        uint64_t hash = line->reason || line->n < ECHO_BYTES ? 0 : ns_hash64(line->text, line->n, 0);
        uint64_t *hit = hash ? bsearch(&hash, seen, count, sizeof *seen, by_hash) : NULL;
        if (!hit || ((hit == seen || hit[-1] != hash) && (hit + 1 == seen + count || hit[1] != hash)))
            continue;
        for (size_t k = i + 1; k < lines->count && k < i + 200; k++)
            if (!lines->line[k].reason && lines->line[k].n == line->n &&
                !memcmp(lines->line[k].text, line->text, line->n))
                lines->line[k].reason = "repeated";
    }
    free(seen);
    return true;
}

bool ns_html_head_mark(const ns_article *article, ns_lines *lines)
{
    size_t looked = 0, prose = 0, left = 0;
    for (size_t i = 0; i < lines->count; i++)
        left += !lines->line[i].reason;
    for (size_t i = 0; i < lines->count && left > 1; i++) {
        ns_line *line = &lines->line[i];
        if (line->reason)
            continue;
        if (*article->title && same(line->text, article->title))
            line->reason = "title";
        else if (looked < HEAD_LINES && is_byline(line->text, article->byline))
            line->reason = "byline";
        else if (looked++ < HEAD_LINES && prose < 2)
            line->reason = reason_of(line);
        prose += !line->reason && line->prose && line->words > SHORT;
        left -= line->reason != NULL;
    }
    return mark_repeats(lines);
}
