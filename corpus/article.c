/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * article.c - what all formats do with a finished article: hash it, note what was cut off.
 */
#include <string.h>

#include "corpus/format.h"
#include "src/base/bytes.h"

#define LIMIT "limit" /* why text was dropped */

static uint64_t add(uint64_t hash, const char *s, size_t n)
{
    /* the length sets fields apart: "ab" + "c" is not "a" + "bc" */
    return ns_mix64(hash ^ ns_hash64(s, n, hash)) + n;
}

void ns_article_strings(ns_article *a, const char **strings[NS_ARTICLE_STRINGS])
{
    const char **const all[NS_ARTICLE_STRINGS] = {
        &a->id,   &a->title,       &a->source,   &a->byline,  &a->dateline, &a->url,
        &a->date, &a->date_source, &a->language, &a->section, &a->credit,   &a->origin,
        &a->date_certainty, &a->updated, &a->captured, &a->agency, &a->form
    };
    memcpy(strings, all, sizeof all);
}

void ns_article_init(ns_article *article)
{
    const char **strings[NS_ARTICLE_STRINGS];
    *article = (ns_article){ .paragraphs = NULL };
    ns_article_strings(article, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        *strings[i] = "";
}

const char *ns_date_certainty_of(const char *date_source)
{
    static const char *const sure[] = { "field", "json-ld", "meta", "feed" };
    if (!*date_source)
        return "";
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
        if (!strcmp(date_source, sure[i]))
            return "sure";
    return !strcmp(date_source, "url") || !strcmp(date_source, "time") ? "likely" : "guess";
}

uint64_t ns_article_hash(const ns_article *a)
{
    ns_article copy = *a;
    const char **strings[NS_ARTICLE_STRINGS];
    uint64_t hash = 0x6e736561726368;
    ns_article_strings(&copy, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        hash = add(hash, *strings[i], strlen(*strings[i]));
    for (size_t i = 0; i < a->paragraph_count; i++)
        hash = add(hash, a->paragraphs[i].text, a->paragraphs[i].length);
    hash = ns_mix64(hash + a->paragraph_count);
    for (size_t i = 0; i < a->dropped_count; i++) {
        hash = add(hash, a->dropped[i].text, strlen(a->dropped[i].text));
        hash = add(hash, a->dropped[i].reason, strlen(a->dropped[i].reason)) + a->dropped[i].before;
    }
    return ns_mix64(hash);
}

bool ns_article_is_limited(const ns_article *a)
{
    return a->dropped_count && !strcmp(a->dropped[a->dropped_count - 1].reason, LIMIT);
}

nsearch_status ns_article_note_limit(ns_arena *arena, ns_article *article)
{
    ns_dropped *dropped = ns_arena_array(arena, article->dropped_count + 1, sizeof *dropped);
    char *text = ns_arena_printf(arena, "(all text behind the first %zu MB)", NS_TEXT_LIMIT >> 20);
    if (!dropped || !text)
        return NSEARCH_NO_MEMORY;
    if (article->dropped_count)
        memcpy(dropped, article->dropped, article->dropped_count * sizeof *dropped);
    dropped[article->dropped_count] = (ns_dropped){ text, LIMIT, (uint32_t)article->paragraph_count };
    article->dropped = dropped;
    article->dropped_count++;
    return NSEARCH_OK;
}
