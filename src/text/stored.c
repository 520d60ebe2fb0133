/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stored.c - an article as bytes: a version, seventeen strings, paragraphs, furniture, passage bounds; all
 * numbers are varints, strings a length and bytes. The body is not stored twice: it is the paragraphs.
 */
#include "src/text/stored.h"

#include <string.h>

#include "src/base/bytes.h"

enum { VERSION = 3 };

static void add_string(ns_buffer *out, const char *s, size_t n)
{
    ns_buffer_add_varint(out, n);
    ns_buffer_add(out, s, n);
}

void ns_stored_encode(ns_buffer *out, const ns_article *article, const ns_passage *passages,
                      uint32_t passage_count)
{
    ns_article copy = *article;
    const char **strings[NS_ARTICLE_STRINGS];
    ns_article_strings(&copy, strings);
    ns_buffer_add_byte(out, VERSION);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        add_string(out, *strings[i], strlen(*strings[i]));
    ns_buffer_add_varint(out, article->paragraph_count);
    for (size_t i = 0; i < article->paragraph_count; i++)
        add_string(out, article->paragraphs[i].text, article->paragraphs[i].length);
    ns_buffer_add_varint(out, article->dropped_count);
    for (size_t i = 0; i < article->dropped_count; i++) {
        const ns_dropped *dropped = &article->dropped[i];
        add_string(out, dropped->text, strlen(dropped->text));
        add_string(out, dropped->reason, strlen(dropped->reason));
        ns_buffer_add_varint(out, dropped->before);
    }
    ns_buffer_add_varint(out, passage_count);
    for (uint32_t i = 0; i < passage_count; i++) {
        ns_buffer_add_varint(out, passages[i].begin);
        ns_buffer_add_varint(out, passages[i].end);
    }
}

/* Reads on; 'p' is NULL after the first fault. */
typedef struct decoder {
    const uint8_t *p, *end;
    ns_arena *arena;
    bool no_memory;
} decoder;

static uint32_t take_number(decoder *d)
{
    uint32_t v = 0;
    if (d->p)
        d->p = ns_get_varint32(d->p, d->end, &v);
    return d->p ? v : 0;
}

/* A count of things of at least 'least' bytes each: never more than the bytes can hold. */
static size_t take_count(decoder *d, size_t least)
{
    size_t count = take_number(d);
    if (d->p && count > (size_t)(d->end - d->p) / least) {
        d->p = NULL;
        return 0;
    }
    return count;
}

/* The bytes of a string, not copied; NUL inside is a fault. */
static const char *take_bytes(decoder *d, size_t *length)
{
    size_t n = take_number(d);
    if (!d->p || n > (size_t)(d->end - d->p) || memchr(d->p, 0, n)) {
        d->p = NULL;
        *length = 0;
        return "";
    }
    const char *bytes = (const char *)d->p;
    d->p += n;
    *length = n;
    return bytes;
}

static const char *take_string(decoder *d)
{
    size_t n;
    const char *bytes = take_bytes(d, &n);
    const char *copy = n ? ns_arena_copy(d->arena, bytes, n) : "";
    if (!copy)
        d->no_memory = true;
    return copy ? copy : "";
}

static void *take_array(decoder *d, size_t count, size_t size)
{
    void *items = ns_arena_array(d->arena, count, size);
    if (!items) {
        d->no_memory = true;
        d->p = NULL;
    }
    return items;
}

/* The paragraphs, which share the bytes of the body they make up. */
static void take_body(decoder *d, ns_stored *out)
{
    ns_article *article = &out->article;
    size_t count = take_count(d, 1);
    article->paragraphs = take_array(d, count, sizeof *article->paragraphs);
    if (!d->p)
        return;
    decoder ahead = *d;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n;
        take_bytes(&ahead, &n);
        total += n + 1;
    }
    char *body = ahead.p ? ns_arena_take(d->arena, total + 1) : NULL;
    if (!body) {
        d->no_memory = ahead.p != NULL;
        d->p = NULL;
        return;
    }
    out->body = body;
    for (size_t i = 0; i < count; i++) {
        size_t n;
        const char *bytes = take_bytes(d, &n);
        if (i)
            *body++ = '\n';
        memcpy(body, bytes, n);
        article->paragraphs[i] = (ns_paragraph){body, n};
        body += n;
    }
    *body = '\0';
    out->body_length = (size_t)(body - out->body);
    article->paragraph_count = count;
}

static void take_dropped(decoder *d, ns_article *article)
{
    size_t count = take_count(d, 3);
    article->dropped = take_array(d, count, sizeof *article->dropped);
    for (size_t i = 0; d->p && i < count; i++) {
        article->dropped[i].text = take_string(d);
        article->dropped[i].reason = take_string(d);
        article->dropped[i].before = take_number(d);
    }
    article->dropped_count = d->p ? count : 0;
}

static void take_passages(decoder *d, ns_stored *out)
{
    size_t count = take_count(d, 2);
    out->passages = take_array(d, count, sizeof *out->passages);
    for (size_t i = 0; d->p && i < count; i++) {
        out->passages[i].begin = take_number(d);
        out->passages[i].end = take_number(d);
        if (out->passages[i].begin > out->passages[i].end || out->passages[i].end > out->body_length)
            d->p = NULL;
    }
    out->passage_count = d->p ? (uint32_t)count : 0;
}

nsearch_status ns_stored_decode(const uint8_t *bytes, size_t n, ns_arena *arena, ns_stored *out,
                                nsearch_error *err)
{
    decoder d = {bytes, bytes + n, arena, false};
    ns_stored result = {.body = ""};
    if (!n || bytes[0] != VERSION)
        return ns_error_set(err, NSEARCH_DAMAGED, "stored article of unknown version %u", n ? bytes[0] : 0);
    d.p++;
    const char **strings[NS_ARTICLE_STRINGS];
    ns_article_strings(&result.article, strings);
    for (size_t i = 0; i < NS_ARTICLE_STRINGS; i++)
        *strings[i] = take_string(&d);
    take_body(&d, &result);
    if (d.p)
        take_dropped(&d, &result.article);
    if (d.p)
        take_passages(&d, &result);
    if (d.no_memory)
        return ns_error_memory(err);
    if (!d.p || d.p != d.end)
        return ns_error_set(err, NSEARCH_DAMAGED, "stored article of %zu bytes cannot be read", n);
    *out = result;
    return NSEARCH_OK;
}
