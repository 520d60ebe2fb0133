/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * promises.c - aborts where an article is not what corpus/article.h says.
 */
#include "tests/fuzz/promises.h"

#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "src/base/day.h"

void promise_string(const char *s, size_t n, const char *allowed)
{
    PROMISE(s && strlen(s) == n);
    for (const uint8_t *p = (const uint8_t *)s, *end = p + n; p < end;) {
        uint32_t code;
        p += ns_utf8_decode(p, end, &code);
        PROMISE(code != UINT32_MAX);
        PROMISE((code >= 0x20 && !(code >= 0x7f && code < 0xa0)) || (code < 0x20 && strchr(allowed, (int)code)));
    }
}

static bool is_day(const char *iso)
{
    int32_t first, last;
    return ns_day_parse_iso(iso, &first, &last);
}

void promise_article(const ns_article *a)
{
    ns_article copy = *a;
    const char **strings[NS_ARTICLE_STRINGS];
    ns_article_strings(&copy, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++) {
        PROMISE(*strings[i]);
        promise_string(*strings[i], strlen(*strings[i]), "");
    }
    PROMISE(*a->id);
    PROMISE(*a->title || a->paragraph_count);
    PROMISE(!*a->date == !*a->date_source && !*a->date == !*a->date_certainty);
    PROMISE(!*a->updated || is_day(a->updated));
    PROMISE(!*a->captured || is_day(a->captured));
    PROMISE(!*a->date || is_day(a->date));
    PROMISE(!*a->url || !strncasecmp(a->url, "http", 4));
    for (size_t i = 0; i < a->paragraph_count; i++) {
        const ns_paragraph *p = &a->paragraphs[i];
        promise_string(p->text, p->length, "");
        PROMISE(p->length && p->text[0] != ' ' && p->text[p->length - 1] != ' ' && !strstr(p->text, "  "));
    }
    for (size_t i = 0; i < a->dropped_count; i++) {
        promise_string(a->dropped[i].text, strlen(a->dropped[i].text), "");
        PROMISE(a->dropped[i].reason && *a->dropped[i].reason);
        PROMISE(a->dropped[i].before <= a->paragraph_count);
    }
    PROMISE(ns_article_hash(a) == ns_article_hash(&copy));
}
