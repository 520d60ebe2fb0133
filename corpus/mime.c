/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * mime.c - takes a mail apart, whatever is wrong with it: what cannot be decoded stays as it is.
 */
#include "corpus/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"

enum { DEPTH_MAX = 8, BOUNDARY_MAX = 200, VALUE_MAX = 8192 };

typedef struct bytes {
    const uint8_t *p, *end;
} bytes;

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next line of b without its end; false behind the last. */
static bool next_line(bytes *b, bytes *line)
{
    if (b->p == b->end)
        return false;
    const uint8_t *newline = memchr(b->p, '\n', (size_t)(b->end - b->p));
    line->p = b->p;
    line->end = newline ? newline : b->end;
    b->p = newline ? newline + 1 : b->end;
    if (line->end > line->p && line->end[-1] == '\r')
        line->end--;
    return true;
}

size_t ns_mime_head(const uint8_t *message, size_t n)
{
    bytes b = {message, message + n}, line;
    while (next_line(&b, &line))
        if (line.p == line.end)
            break;
    return (size_t)(b.p - message);
}

/* ---------------------------------------------------------------- encodings */

static int base64_digit(uint8_t c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

static void add_base64(const uint8_t *p, const uint8_t *end, ns_buffer *to)
{
    uint32_t bits = 0;
    unsigned have = 0;
    for (; p < end && *p != '='; p++) {
        int digit = base64_digit(*p);
        if (digit < 0)
            continue;
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            ns_buffer_add_byte(to, (uint8_t)(bits >> have));
        }
    }
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* 'words': as encoded words have it, '_' is a blank. */
static void add_quoted(const uint8_t *p, const uint8_t *end, bool words, ns_buffer *to)
{
    while (p < end) {
        if (*p == '=' && end - p > 2 && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
            ns_buffer_add_byte(to, (uint8_t)(hex_digit(p[1]) * 16 + hex_digit(p[2])));
            p += 3;
        } else if (*p == '=' && !words && end - p > 1 && (p[1] == '\n' || p[1] == '\r')) {
            p += p[1] == '\r' && end - p > 2 && p[2] == '\n' ? 3 : 2;
        } else {
            ns_buffer_add_byte(to, words && *p == '_' ? ' ' : *p);
            p++;
        }
    }
}

/* ---------------------------------------------------------------- headers */

/* The value of the first header of this name, over all its lines. */
static bool find_header(bytes head, const char *name, bytes *value)
{
    bytes line;
    size_t n = strlen(name);
    while (next_line(&head, &line)) {
        if (line.p == line.end)
            return false;
        if ((size_t)(line.end - line.p) <= n || strncasecmp((const char *)line.p, name, n) || line.p[n] != ':')
            continue;
        value->p = line.p + n + 1;
        value->end = line.end;
        while (head.p < head.end && (*head.p == ' ' || *head.p == '\t') && next_line(&head, &line))
            value->end = line.end;
        if (value->end - value->p > VALUE_MAX)
            value->end = value->p + VALUE_MAX;
        while (value->p < value->end && is_blank(*value->p))
            value->p++;
        while (value->end > value->p && is_blank(value->end[-1]))
            value->end--;
        return true;
    }
    return false;
}

/* "=?charset?B?text?=" at p: its end, or NULL. Appends the text. */
static const uint8_t *add_word(const uint8_t *p, const uint8_t *end, ns_buffer *to)
{
    char charset[64];
    if (end - p < 8 || p[0] != '=' || p[1] != '?')
        return NULL;
    const uint8_t *mark = memchr(p + 2, '?', (size_t)(end - p - 2));
    if (!mark || end - mark < 5 || mark[2] != '?')
        return NULL;
    size_t n = (size_t)(mark - p - 2);
    const uint8_t *text = mark + 3, *close = text;
    while ((close = memchr(close, '?', (size_t)(end - close))) != NULL && close + 1 < end && close[1] != '=')
        close++;
    if (!close || close + 1 >= end || n >= sizeof charset)
        return NULL;
    memcpy(charset, p + 2, n);
    charset[n] = '\0';
    charset[strcspn(charset, "*")] = '\0'; /* a language follows */
    ns_buffer raw = NS_BUFFER_INIT;
    if ((mark[1] | 32) == 'b')
        add_base64(text, close, &raw);
    else
        add_quoted(text, close, true, &raw);
    ns_buffer_add_byte(&raw, ' '); /* so that no last byte looks like a character cut off */
    size_t from = to->size;
    ns_clean_bytes(raw.data, raw.size, charset, to);
    to->size -= to->size > from && to->data[to->size - 1] == ' ';
    to->failed = to->failed || raw.failed;
    ns_buffer_release(&raw);
    return close + 2;
}

/* White space, and controls that the words held, become single blanks. */
static void make_one_line(ns_buffer *b, size_t from)
{
    size_t out = from;
    for (size_t i = from; i < b->size; i++) {
        if (!is_blank(b->data[i]))
            b->data[out++] = b->data[i];
        else if (out > from && b->data[out - 1] != ' ')
            b->data[out++] = ' ';
    }
    while (out > from && b->data[out - 1] == ' ')
        out--;
    b->size = out;
}

bool ns_mime_header(const uint8_t *head, size_t n, const char *name, ns_buffer *to)
{
    bytes value;
    size_t from = to->size;
    if (!find_header((bytes){head, head + n}, name, &value))
        return false;
    for (const uint8_t *p = value.p; p < value.end;) {
        const uint8_t *behind = add_word(p, value.end, to);
        if (behind) {
            p = behind;
            while (behind < value.end && is_blank(*behind))
                behind++;
            if (value.end - behind > 1 && behind[0] == '=' && behind[1] == '?') /* parts of one text */
                p = behind;
            continue;
        }
        const uint8_t *mark = p + 1;
        while (mark < value.end && *mark != '=')
            mark++;
        ns_clean_bytes(p, (size_t)(mark - p), NULL, to);
        p = mark;
    }
    make_one_line(to, from);
    return to->size > from;
}

/* A parameter of a header's value: "charset=utf-8". */
static void read_parameter(bytes value, const char *name, char *to, size_t size)
{
    size_t n = strlen(name);
    to[0] = '\0';
    for (const uint8_t *p = value.p; (size_t)(value.end - p) > n; p++) {
        if ((p > value.p && p[-1] != ';' && !is_blank(p[-1])) || strncasecmp((const char *)p, name, n))
            continue;
        const uint8_t *v = p + n;
        while (v < value.end && is_blank(*v))
            v++;
        if (v == value.end || *v != '=')
            continue;
        for (v++; v < value.end && is_blank(*v);)
            v++;
        bool quoted = v < value.end && *v == '"';
        v += quoted;
        size_t length = 0;
        while (v < value.end && length + 1 < size && (quoted ? *v != '"' : !is_blank(*v) && *v != ';'))
            to[length++] = (char)*v++;
        to[length] = '\0';
        return;
    }
}

static bool begins(bytes value, const char *with)
{
    return (size_t)(value.end - value.p) >= strlen(with) && !strncasecmp((const char *)value.p, with, strlen(with));
}

/* ---------------------------------------------------------------- parts */

static bool is_boundary(bytes line, const char *boundary, bool *last)
{
    size_t n = strlen(boundary);
    if ((size_t)(line.end - line.p) < n + 2 || memcmp(line.p, "--", 2) || memcmp(line.p + 2, boundary, n))
        return false;
    line.p += n + 2;
    *last = line.end - line.p > 1 && line.p[0] == '-' && line.p[1] == '-';
    return *last || line.p == line.end || is_blank(*line.p);
}

/* What stands in front of the next boundary, or of the end; *last: nothing comes behind it. */
static void next_part(bytes *body, const char *boundary, bytes *part, bool *last)
{
    bytes line;
    *last = false;
    part->p = body->p;
    while (next_line(body, &line)) {
        part->end = line.p;
        if (is_boundary(line, boundary, last))
            return;
    }
    part->end = body->end;
    *last = true;
}

static void find_text(bytes message, int depth, ns_mime_text *text);

static void find_in_parts(bytes body, const char *boundary, bool alternative, int depth, ns_mime_text *text)
{
    bytes part;
    bool last = false;
    next_part(&body, boundary, &part, &last); /* what stands before the first */
    while (!last) {
        next_part(&body, boundary, &part, &last);
        ns_mime_text found = {.body = NULL};
        find_text(part, depth + 1, &found);
        if (found.body && (!text->body || (found.html && !text->html)))
            *text = found;
        if (text->body && !alternative)
            return;
    }
}

static void find_text(bytes message, int depth, ns_mime_text *text)
{
    char boundary[BOUNDARY_MAX];
    bytes type = {NULL, NULL}, encoding = {NULL, NULL}, disposition = {NULL, NULL};
    const uint8_t *body = message.p + ns_mime_head(message.p, (size_t)(message.end - message.p));
    bytes head = {message.p, body};
    find_header(head, "Content-Type", &type);
    find_header(head, "Content-Transfer-Encoding", &encoding);
    find_header(head, "Content-Disposition", &disposition);
    if (begins(type, "multipart/")) {
        read_parameter(type, "boundary", boundary, sizeof boundary);
        if (*boundary && depth < DEPTH_MAX)
            find_in_parts((bytes){body, message.end}, boundary, begins(type, "multipart/alternative"), depth, text);
        return;
    }
    bool html = begins(type, "text/html") || begins(type, "application/xhtml");
    if ((type.p < type.end && !html && !begins(type, "text/plain")) || begins(disposition, "attachment"))
        return;
    text->body = body;
    text->n = (size_t)(message.end - body);
    text->html = html;
    text->encoding = begins(encoding, "base64")             ? NS_MIME_BASE64
                     : begins(encoding, "quoted-printable") ? NS_MIME_QUOTED
                                                            : NS_MIME_PLAIN;
    read_parameter(type, "charset", text->charset, sizeof text->charset);
}

void ns_mime_find_text(const uint8_t *message, size_t n, ns_mime_text *text)
{
    *text = (ns_mime_text){.body = NULL};
    find_text((bytes){message, message + n}, 0, text);
}

void ns_mime_add_text(const ns_mime_text *text, ns_buffer *scratch, ns_buffer *to)
{
    const uint8_t *p = text->body, *end = p + text->n;
    ns_buffer_clear(scratch);
    switch (text->encoding) {
    case NS_MIME_PLAIN:
        ns_clean_bytes(p, text->n, *text->charset ? text->charset : NULL, to);
        return;
    case NS_MIME_BASE64:
        add_base64(p, end, scratch);
        break;
    case NS_MIME_QUOTED:
        add_quoted(p, end, false, scratch);
        break;
    }
    ns_clean_bytes(scratch->data, scratch->size, *text->charset ? text->charset : NULL, to);
    to->failed = to->failed || scratch->failed;
}
