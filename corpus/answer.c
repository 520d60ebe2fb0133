/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * answer.c - see answer.h. The confined process adds, its parent decodes.
 */
#include "corpus/answer.h"

#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "src/base/bytes.h"
#include "src/base/day.h"

/* ---- in the confined process */

static void add_bytes(ns_buffer *to, const char *s, size_t n)
{
    ns_buffer_add_u32(to, (uint32_t)n);
    ns_buffer_add(to, s, n);
    ns_buffer_add_byte(to, 0);
}

static void add_string(ns_buffer *to, const char *s)
{
    add_bytes(to, s, strlen(s));
}

static void add_article(ns_buffer *to, const ns_article *article)
{
    ns_article a = *article;
    const char **strings[NS_ARTICLE_STRINGS];
    a.origin = "";
    ns_article_strings(&a, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        add_string(to, *strings[i]);
    ns_buffer_add_u32(to, (uint32_t)a.paragraph_count);
    for (size_t i = 0; i < a.paragraph_count; i++)
        add_bytes(to, a.paragraphs[i].text, a.paragraphs[i].length);
    ns_buffer_add_u32(to, (uint32_t)a.dropped_count);
    for (size_t i = 0; i < a.dropped_count; i++) {
        ns_buffer_add_u32(to, a.dropped[i].before);
        add_string(to, a.dropped[i].reason);
        add_string(to, a.dropped[i].text);
    }
}

void ns_answer_add(ns_buffer *to, const ns_answer *answer)
{
    size_t at = to->size;
    ns_buffer_add_u32(to, 0);
    ns_buffer_add_byte(to, (uint8_t)answer->read);
    ns_buffer_add_byte(to, answer->news.open);
    ns_buffer_add_byte(to, answer->news.unreadable);
    ns_buffer_add_u64(to, answer->news.bytes);
    add_string(to, answer->news.where);
    switch (answer->read) {
    case NS_READ_ARTICLE:
        add_article(to, &answer->article);
        break;
    case NS_READ_SKIPPED:
    case NS_READ_FAILED:
        ns_buffer_add_u32(to, (uint32_t)answer->status);
        add_string(to, answer->reason);
        break;
    case NS_READ_END:
        break;
    }
    if (to->size - at > NS_ANSWER_MAX)
        to->failed = true;
    if (!to->failed)
        ns_put_u32(to->data + at, (uint32_t)(to->size - at - NS_ANSWER_HEAD));
}

/* ---- in its parent */

typedef struct taker {
    const uint8_t *p, *end;
    bool bad;
} taker;

static uint32_t take_u32(taker *t)
{
    t->bad = t->bad || t->end - t->p < 4;
    if (t->bad)
        return 0;
    t->p += 4;
    return ns_get_u32(t->p - 4);
}

static uint64_t take_u64(taker *t)
{
    uint64_t low = take_u32(t);
    return low | (uint64_t)take_u32(t) << 32;
}

static uint8_t take_byte(taker *t, uint8_t most)
{
    t->bad = t->bad || t->p == t->end || *t->p > most;
    return t->bad ? 0 : *t->p++;
}

/* Clean text: UTF-8 without controls. */
static bool is_clean(const uint8_t *p, const uint8_t *end)
{
    while (p < end) {
        if (*p >= 0x20 && *p < 0x7f) {
            p++;
            continue;
        }
        uint32_t code;
        size_t n = ns_utf8_decode(p, end, &code);
        if (code == UINT32_MAX || code < 0x20 || (code >= 0x7f && code < 0xa0))
            return false;
        p += n;
    }
    return true;
}

/* Any bytes but NUL. */
static const char *take_bytes(taker *t, size_t *length)
{
    size_t n = take_u32(t);
    t->bad = t->bad || n >= (size_t)(t->end - t->p) || memchr(t->p, 0, n + 1) != t->p + n;
    *length = 0;
    if (t->bad)
        return "";
    const char *s = (const char *)t->p;
    t->p += n + 1;
    *length = n;
    return s;
}

static const char *take_text(taker *t, size_t *length)
{
    const char *s = take_bytes(t, length);
    t->bad = t->bad || !is_clean((const uint8_t *)s, (const uint8_t *)s + *length);
    return t->bad ? "" : s;
}

static const char *take_string(taker *t)
{
    size_t n;
    return take_text(t, &n);
}

/* How many follow, each of which takes 'least' bytes. */
static size_t take_count(taker *t, size_t least)
{
    size_t n = take_u32(t);
    t->bad = t->bad || n > (size_t)(t->end - t->p) / least;
    return t->bad ? 0 : n;
}

static bool is_day(const char *date)
{
    int32_t first, last;
    return !*date || ns_day_parse_iso(date, &first, &last);
}

/* What every reader promises of an article. */
static bool is_article(const ns_article *a)
{
    return *a->id && !*a->origin && (*a->title || a->paragraph_count) && !*a->date == !*a->date_source &&
           !*a->date == !*a->date_certainty && is_day(a->date) && is_day(a->updated) && is_day(a->captured) &&
           (!*a->url || !strncasecmp(a->url, "http", 4));
}

static nsearch_status take_article(taker *t, ns_arena *arena, ns_article *a)
{
    const char **strings[NS_ARTICLE_STRINGS];
    ns_article_init(a);
    ns_article_strings(a, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        *strings[i] = take_string(t);
    size_t count = take_count(t, 4 + 1);
    a->paragraphs = ns_arena_array(arena, count, sizeof *a->paragraphs);
    if (!a->paragraphs)
        return NSEARCH_NO_MEMORY;
    for (size_t i = 0; i < count && !t->bad; i++) {
        ns_paragraph *p = &a->paragraphs[i];
        p->length = 0;
        p->text = take_text(t, &p->length);
        t->bad = t->bad || !p->length || p->text[0] == ' ' || p->text[p->length - 1] == ' ' ||
                 memmem(p->text, p->length, "  ", 2);
    }
    a->paragraph_count = count;
    count = take_count(t, 4 + 2 * (4 + 1));
    a->dropped = ns_arena_array(arena, count, sizeof *a->dropped);
    if (!a->dropped)
        return NSEARCH_NO_MEMORY;
    for (size_t i = 0; i < count && !t->bad; i++) {
        ns_dropped *d = &a->dropped[i];
        d->before = take_u32(t);
        d->reason = take_string(t);
        d->text = take_string(t);
        t->bad = t->bad || !*d->reason || d->before > a->paragraph_count;
    }
    a->dropped_count = count;
    t->bad = t->bad || !is_article(a);
    return NSEARCH_OK;
}

nsearch_status ns_answer_decode(const uint8_t *bytes, size_t n, ns_arena *arena, ns_answer *answer)
{
    taker t = { bytes, bytes + n, false };
    nsearch_status status = NSEARCH_OK;
    size_t length;
    memset(answer, 0, sizeof *answer);
    answer->read = (ns_read)take_byte(&t, NS_READ_FAILED);
    answer->news.open = take_byte(&t, 1);
    answer->news.unreadable = take_byte(&t, 1);
    answer->news.bytes = take_u64(&t);
    answer->news.where = take_string(&t);
    switch (answer->read) {
    case NS_READ_ARTICLE:
        status = take_article(&t, arena, &answer->article);
        break;
    case NS_READ_SKIPPED:
    case NS_READ_FAILED:
        answer->status = (nsearch_status)take_u32(&t);
        answer->reason = take_bytes(&t, &length); /* to be escaped, as every message is */
        t.bad = t.bad || !*answer->reason ||
                (answer->status != NSEARCH_SKIPPED && answer->status != NSEARCH_NO_MEMORY &&
                 answer->status != NSEARCH_IO && answer->status != NSEARCH_UNCONFINED);
        break;
    case NS_READ_END:
        t.bad = t.bad || answer->news.open;
        break;
    }
    if (!status && (t.bad || t.p != t.end))
        status = NSEARCH_DAMAGED;
    return status;
}
