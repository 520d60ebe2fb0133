/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * record.c - from raw values to an article: white space, markup and references undone, dates read, addresses
 * checked. The same for all formats that name their fields.
 */
#include "corpus/agencies.h"
#include "corpus/record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/entities.h"
#include "corpus/markup.h"
#include "corpus/textdate.h"

void ns_record_clear(ns_record *record, const char *date_source)
{
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        ns_buffer_clear(&record->value[f]);
    record->date_source = date_source;
    record->cut = false;
}

void ns_record_release(ns_record *record)
{
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        ns_buffer_release(&record->value[f]);
}

bool ns_record_has(const ns_record *record, ns_field field)
{
    const ns_buffer *b = &record->value[field];
    for (size_t i = 0; i < b->size; i++)
        if (!strchr(" \t\r\n", b->data[i]))
            return true;
    return b->failed; /* so that the failure is met */
}

/* The value on one line, tags and references undone, white space single; NULL when memory is out. */
static const char *line_of(ns_record *record, ns_field field, ns_item *item, ns_arena *arena)
{
    const ns_buffer *value = &record->value[field];
    ns_buffer_clear(&item->text);
    if (value->failed)
        return NULL;
    if (!value->size)
        return "";
    ns_markup_add_string((const char *)value->data, value->size, &item->text);
    if (item->text.failed)
        return NULL;
    char *s = (char *)item->text.data;
    size_t to = 0;
    for (size_t i = 0; i < item->text.size; i++) {
        bool space = s[i] == ' ' || s[i] == '\t' || s[i] == '\n';
        if (space && (to == 0 || s[to - 1] == ' '))
            continue;
        s[to++] = space ? ' ' : s[i];
    }
    while (to && s[to - 1] == ' ')
        to--;
    return ns_arena_copy(arena, s, to);
}

/* "SALVADOR, Feb 26 -" to "SALVADOR": the place; the day is in the date. NULL when memory is out. */
static const char *place_of(ns_arena *arena, const char *dateline)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    size_t n = strlen(dateline);
    for (const char *comma = strchr(dateline, ','); comma; comma = strchr(comma + 1, ',')) {
        const char *word = comma + 1 + strspn(comma + 1, " ");
        size_t letters = strcspn(word, " .");
        for (size_t i = 0; i < 12; i++)
            if (letters <= 9 && !strncasecmp(word, months[i], 3) &&
                strspn(word + letters, " .0123456789") > 1 && (size_t)(comma - dateline) < n)
                n = (size_t)(comma - dateline);
    }
    while (n &&
           (strchr(" -:,", dateline[n - 1]) || (n >= 3 && (!memcmp(dateline + n - 3, "\xe2\x80\x93", 3) ||
                                                           !memcmp(dateline + n - 3, "\xe2\x80\x94", 3)))))
        n -= strchr(" -:,", dateline[n - 1]) ? 1 : 3;
    return ns_arena_copy(arena, dateline, n);
}

static const char *http_only(const char *url)
{
    bool http = !strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8);
    return http && strlen(url) < 4000 && !strpbrk(url, " <>\"") ? url : "";
}

/* ISO 8601 as agencies write it, without dashes ("20131020T192751+1100"), to the form with them. */
static const char *with_dashes(const char *date, char dashed[48])
{
    size_t digits = strspn(date, "0123456789");
    size_t time = digits == 8 && date[8] == 'T' ? strspn(date + 9, "0123456789") : 0;
    if (digits != 8 || (date[8] && time != 6 && time != 4) || strlen(date) > 30)
        return date;
    int n = sprintf(dashed, "%.4s-%.2s-%.2s", date, date + 4, date + 6);
    if (time)
        n += sprintf(dashed + n, "T%.2s:%.2s", date + 9, date + 11);
    if (time == 6)
        n += sprintf(dashed + n, ":%.2s", date + 13);
    const char *zone = date + 9 + time;
    if (time && (*zone == '+' || *zone == '-') && strspn(zone + 1, "0123456789") == 4 && !zone[5])
        sprintf(dashed + n, "%.3s:%s", zone, zone + 3);
    else if (time)
        strcpy(dashed + n, zone);
    return dashed;
}

static const char *date_of(ns_record *record, ns_field field, ns_item *item, ns_arena *arena)
{
    char iso[NS_DATE_SIZE];
    char dashed[48];
    const char *date = line_of(record, field, item, arena);
    if (!date)
        return NULL;
    ns_text_date_field(with_dashes(date, dashed), iso);
    return ns_arena_string(arena, iso);
}

static nsearch_status set_body(ns_record *record, ns_item *item, ns_arena *arena, ns_article *article,
                               nsearch_error *err)
{
    ns_buffer *text = &record->value[ns_record_has(record, NS_FIELD_TEXT) ? NS_FIELD_TEXT : NS_FIELD_LEAD];
    ns_buffer_clear(&item->text);
    if (text->size)
        ns_markup_add_string((const char *)text->data, text->size, &item->text);
    if (item->text.failed || text->failed)
        return ns_error_memory(err);
    if (!item->text.size)
        return NSEARCH_OK;
    nsearch_status status =
        ns_article_set_body(arena, (const char *)item->text.data, item->text.size, article, err);
    if (!status && record->cut && ns_article_note_limit(arena, article))
        return ns_error_memory(err);
    return status;
}

ns_read ns_record_article(ns_record *record, ns_item *item, ns_arena *arena, ns_article *article,
                          nsearch_error *err)
{
    const struct {
        ns_field field;
        const char **to;
    } lines[] = {{NS_FIELD_ID, &article->id},
                 {NS_FIELD_TITLE, &article->title},
                 {NS_FIELD_SOURCE, &article->source},
                 {NS_FIELD_BYLINE, &article->byline},
                 {NS_FIELD_DATELINE, &article->dateline},
                 {NS_FIELD_URL, &article->url},
                 {NS_FIELD_LANGUAGE, &article->language},
                 {NS_FIELD_SECTION, &article->section},
                 {NS_FIELD_CREDIT, &article->credit}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        *lines[i].to = line_of(record, lines[i].field, item, arena);
        if (!*lines[i].to)
            goto memory;
    }
    article->url = http_only(article->url);
    if (!strncasecmp(article->byline, "by ", 3))
        article->byline += 3;
    char *language = ns_arena_copy(arena, article->language, strcspn(article->language, "-_, "));
    if (!language)
        goto memory;
    for (char *c = language; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    article->language = strlen(language) <= 3 ? language : "";
    article->dateline = place_of(arena, article->dateline);
    article->date = date_of(record, NS_FIELD_DATE, item, arena);
    article->updated = date_of(record, NS_FIELD_UPDATED, item, arena);
    if (!article->dateline || !article->date || !article->updated)
        goto memory;
    if (!strcmp(article->updated, article->date))
        article->updated = "";
    article->date_source = *article->date ? record->date_source : "";
    if (!*article->id)
        article->id = item->line ? ns_arena_printf(arena, "%s:%llu", item->id, (unsigned long long)item->line)
                                 : ns_arena_string(arena, item->id);
    if (!strcmp(record->date_source, "feed") && !ns_record_has(record, NS_FIELD_TEXT))
        article->form = "entry";
    if (!article->id || set_body(record, item, arena, article, err))
        goto memory;
    if (!*article->title && !article->paragraph_count) {
        ns_error_set(err, NSEARCH_SKIPPED, "nothing to index: neither title nor text");
        return NS_READ_SKIPPED;
    }
    if (!ns_agencies_read(arena, article))
        goto memory;
    return NS_READ_ARTICLE;
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}
