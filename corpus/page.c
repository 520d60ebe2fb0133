/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * page.c - from a text to an article's title, paragraphs and dropped lines: the order in which lines are
 * cut, furniture is marked and the head is read. Called by the formats.
 */
#include <string.h>
#include <strings.h>

#include "corpus/agencies.h"
#include "corpus/core.h"
#include "corpus/credits.h"
#include "corpus/format.h"
#include "corpus/furniture.h"
#include "corpus/headline.h"
#include "corpus/language.h"
#include "corpus/reader.h"

static nsearch_status collect(ns_arena *arena, const ns_lines *lines, ns_article *article)
{
    size_t body = 0, out = 0;
    for (size_t i = 0; i < lines->count; i++)
        body += lines->line[i].reason == NULL;
    article->paragraphs = ns_arena_array(arena, body ? body : 1, sizeof *article->paragraphs);
    article->dropped = ns_arena_array(arena, lines->count - body + 1, sizeof *article->dropped);
    if (!article->paragraphs || !article->dropped)
        return NSEARCH_NO_MEMORY;
    body = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const ns_line *line = &lines->line[i];
        if (line->reason)
            article->dropped[out++] = (ns_dropped){ line->text, line->reason, (uint32_t)body };
        else
            article->paragraphs[body++] = (ns_paragraph){ line->text, line->n };
    }
    article->paragraph_count = body;
    article->dropped_count = out;
    if (!*article->language)
        article->language = ns_language_guess(article);
    return NSEARCH_OK;
}

static size_t body_lines(const ns_lines *lines)
{
    size_t n = 0;
    for (size_t i = 0; i < lines->count; i++)
        n += lines->line[i].reason == NULL;
    return n;
}

nsearch_status ns_article_set_lines(ns_arena *arena, ns_lines *lines, ns_article *article, nsearch_error *err)
{
    ns_furniture_mark(lines, strcmp(article->form, "page") ? NS_FURNITURE_FIELD : NS_FURNITURE_STORY);
    if (body_lines(lines) == 0) /* what looks like furniture is all there is */
        for (size_t i = 0; i < lines->count; i++)
            lines->line[i].reason = NULL;
    if (collect(arena, lines, article))
        return ns_error_memory(err);
    if (article->paragraph_count &&
        !ns_dateline_read(arena, article->paragraphs[0].text, article->paragraphs[0].length, article))
        return ns_error_memory(err);
    return ns_agencies_read(arena, article) ? NSEARCH_OK : ns_error_memory(err);
}

/* A line above the story that is no more than the outlet or agency that it is credited to. */
static void mark_outlet(ns_lines *lines, const ns_article *article)
{
    size_t seen = 0;
    for (size_t i = 0; i < lines->count && seen < 3; i++) {
        ns_line *line = &lines->line[i];
        if (line->reason)
            continue;
        seen++;
        bool same = !strcasecmp(line->text, article->source) || !strcasecmp(line->text, article->credit);
        if (same && line->n && body_lines(lines) > 1)
            line->reason = "credit";
    }
}

nsearch_status ns_article_from_text(ns_arena *arena, const char *text, size_t n, ns_article *article,
                                    nsearch_error *err)
{
    ns_lines lines;
    if (!ns_lines_cut(arena, text, n, &lines))
        return ns_error_memory(err);
    ns_furniture_mark(&lines, NS_FURNITURE_TEXT);
    if (!ns_credit_read(arena, &lines, article))
        return ns_error_memory(err);
    size_t head = ns_core_trim(&lines);
    if (!ns_headline_read(arena, &lines, head, article))
        return ns_error_memory(err);
    mark_outlet(&lines, article);
    if (collect(arena, &lines, article))
        return ns_error_memory(err);
    for (size_t i = 0; i < article->paragraph_count && i < 3; i++)
        if (!ns_dateline_read(arena, article->paragraphs[i].text, article->paragraphs[i].length, article))
            return ns_error_memory(err);
    return ns_agencies_read(arena, article) ? NSEARCH_OK : ns_error_memory(err);
}

nsearch_status ns_article_set_body(ns_arena *arena, const char *text, size_t n, ns_article *article,
                                   nsearch_error *err)
{
    ns_lines lines;
    if (!ns_lines_cut(arena, text, n, &lines))
        return ns_error_memory(err);
    return ns_article_set_lines(arena, &lines, article, err);
}
