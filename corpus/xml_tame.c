/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xml_tame.c - a forgiving scanner of tags in front of a strict parser.
 */
#include "corpus/xml_tame.h"

#include <string.h>
#include <strings.h>

#include "corpus/entities.h"

enum { TAG_MAX = 1 << 16, REFERENCE_MAX = 12 };

void ns_xml_tame_init(ns_xml_tame *t, const char *const *single)
{
    memset(t, 0, sizeof *t);
    t->single = single;
}

void ns_xml_tame_release(ns_xml_tame *t)
{
    ns_buffer_release(&t->pending);
    ns_buffer_release(&t->names);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool begins_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool in_name(uint8_t c)
{
    return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

/* ---------------------------------------------------------------- text */

static void add_escaped(uint8_t c, ns_buffer *to)
{
    if (c == '&')
        ns_buffer_add_string(to, "&amp;");
    else if (c == '<')
        ns_buffer_add_string(to, "&lt;");
    else if (c == '>')
        ns_buffer_add_string(to, "&gt;");
    else if (c == '"')
        ns_buffer_add_string(to, "&quot;");
    else
        ns_buffer_add_byte(to, c);
}

/* Appends the character that the reference at s stands for; its length, or 0 when it is none. */
static size_t add_reference(const ns_xml_tame *t, const uint8_t *s, size_t n, ns_buffer *to)
{
    char text[REFERENCE_MAX + 1];
    size_t size = n < REFERENCE_MAX ? n : REFERENCE_MAX, end = 1;
    while (end < size && s[end] != ';' && (in_name(s[end]) || s[end] == '#'))
        end++;
    if (end < 2 || end == size || s[end] != ';')
        return 0;
    memcpy(text, s, end + 1);
    size_t got = ns_unescape_entities(text, end + 1);
    if (got == end + 1 && text[0] == '&') /* no reference that anybody knows */
        return t->declares ? end + 1 : 0;
    for (size_t i = 0; i < got; i++)
        add_escaped((uint8_t)text[i], to);
    return end + 1;
}

/* Text up to n; returns how much of it was used: a reference may be cut at the end. */
static size_t add_text(const ns_xml_tame *t, const uint8_t *s, size_t n, bool all, ns_buffer *to)
{
    for (size_t i = 0; i < n;) {
        size_t plain = i;
        while (plain < n && s[plain] != '&' && s[plain] != '>' && s[plain] != '<')
            plain++;
        ns_buffer_add(to, s + i, plain - i);
        i = plain;
        if (i == n)
            break;
        size_t length = s[i] == '&' ? add_reference(t, s + i, n - i, to) : 0;
        if (!length && s[i] == '&' && !all && n - i < REFERENCE_MAX && !memchr(s + i, ';', n - i))
            return i;
        if (!length)
            add_escaped(s[i], to);
        i += length ? length : 1;
    }
    return n;
}

/* ---------------------------------------------------------------- elements */

static const char *open_name(const ns_xml_tame *t, size_t i)
{
    return (const char *)t->names.data + t->name_at[i];
}

static void close_last(ns_xml_tame *t, ns_buffer *to)
{
    t->depth--;
    ns_buffer_add_string(to, "</");
    ns_buffer_add_string(to, open_name(t, t->depth));
    ns_buffer_add_byte(to, '>');
    t->names.size = t->name_at[t->depth];
}

static bool is_open(const ns_xml_tame *t, size_t i, const char *name, size_t n)
{
    const char *s = open_name(t, i);
    return strlen(s) == n && !memcmp(s, name, n);
}

static void end_element(ns_xml_tame *t, const char *name, size_t n, ns_buffer *to)
{
    if (t->too_deep) {
        t->too_deep--;
        return;
    }
    size_t i = t->depth;
    while (i && !is_open(t, i - 1, name, n))
        i--;
    while (i && t->depth >= i)
        close_last(t, to);
}

static void close_single(ns_xml_tame *t, const char *name, size_t n, ns_buffer *to)
{
    for (const char *const *s = t->single; s && *s; s++)
        if (strlen(*s) == n && !strncasecmp(*s, name, n)) {
            t->too_deep = 0;
            for (size_t i = t->depth; i; i--)
                if (is_open(t, i - 1, name, n)) {
                    while (t->depth >= i)
                        close_last(t, to);
                    return;
                }
        }
}

/* The attributes in s[i, n), behind a name. */
static void add_attributes(const ns_xml_tame *t, const uint8_t *s, size_t n, ns_buffer *to)
{
    struct {
        size_t at, n;
    } seen[NS_XML_ATTRIBUTES];
    size_t count = 0;
    for (size_t i = 0; i < n && count < NS_XML_ATTRIBUTES;) {
        if (!begins_name(s[i])) {
            i++;
            continue;
        }
        size_t name = i;
        while (i < n && in_name(s[i]))
            i++;
        size_t size = i - name;
        while (i < n && is_space(s[i]))
            i++;
        if (i == n || s[i] != '=')
            continue;
        i++;
        while (i < n && is_space(s[i]))
            i++;
        size_t from = i, end;
        if (i < n && (s[i] == '"' || s[i] == '\'')) {
            from = i + 1;
            const uint8_t *quote = memchr(s + from, s[i], n - from);
            end = quote ? (size_t)(quote - s) : n;
            i = quote ? end + 1 : n;
        } else {
            while (i < n && !is_space(s[i]))
                i++;
            end = i;
        }
        bool twice = false;
        for (size_t k = 0; k < count && !twice; k++)
            twice = seen[k].n == size && !memcmp(s + seen[k].at, s + name, size);
        if (twice)
            continue;
        seen[count].at = name;
        seen[count++].n = size;
        ns_buffer_add_byte(to, ' ');
        ns_buffer_add(to, s + name, size);
        ns_buffer_add_string(to, "=\"");
        for (size_t k = from; k < end;) {
            size_t length = s[k] == '&' ? add_reference(t, s + k, end - k, to) : 0;
            if (!length)
                add_escaped(s[k], to);
            k += length ? length : 1;
        }
        ns_buffer_add_byte(to, '"');
    }
}

/* A tag's inside: what stands between its brackets. */
static void add_tag(ns_xml_tame *t, const uint8_t *s, size_t n, ns_buffer *to)
{
    bool end = n && s[0] == '/';
    size_t from = end, i = from;
    while (i < n && in_name(s[i]))
        i++;
    const char *name = (const char *)s + from;
    size_t size = i - from;
    if (end) {
        end_element(t, name, size, to);
        return;
    }
    bool empty = n > i && s[n - 1] == '/';
    close_single(t, name, size, to);
    if (t->too_deep || t->depth == NS_XML_DEPTH) {
        t->too_deep += !empty;
        return;
    }
    ns_buffer_add_byte(to, '<');
    ns_buffer_add(to, name, size);
    add_attributes(t, s + i, n - i - empty, to);
    if (empty) {
        ns_buffer_add_string(to, "/>");
        return;
    }
    ns_buffer_add_byte(to, '>');
    t->name_at[t->depth++] = t->names.size;
    ns_buffer_add(&t->names, name, size);
    ns_buffer_add_byte(&t->names, 0);
    to->failed = to->failed || t->names.failed;
}

/* ---------------------------------------------------------------- what stands between brackets */

/* The end of a tag at s[0] == '<': the place of its '>', or of the next tag's '<'; n when it is not here. */
static size_t tag_end(const uint8_t *s, size_t n, bool quotes)
{
    uint8_t quote = 0, before = 0;
    for (size_t i = 1; i < n; i++) {
        if (quote) {
            if (s[i] == quote)
                quote = 0;
        } else if (s[i] == '>' || s[i] == '<') {
            return i;
        } else if (quotes && (s[i] == '"' || s[i] == '\'') && before == '=') {
            quote = s[i];
        }
        if (!is_space(s[i]))
            before = s[i];
    }
    return n;
}

/* The end of a document type, its inner part passed over; n when it is not here. */
static size_t type_end(const uint8_t *s, size_t n)
{
    bool inner = false;
    for (size_t i = 1; i < n; i++) {
        if (s[i] == '[')
            inner = true;
        else if (s[i] == ']')
            inner = false;
        else if (s[i] == '>' && !inner)
            return i;
    }
    return n;
}

static bool begins(const uint8_t *s, size_t n, const char *with)
{
    size_t size = strlen(with);
    return n >= size && !memcmp(s, with, size);
}

/* One thing at s[0] == '<'. Its length; 0 when more bytes are needed. */
static size_t add_bracket(ns_xml_tame *t, const uint8_t *s, size_t n, bool all, ns_buffer *to)
{
    if (n < 9 && !all && memchr("!?/", n > 1 ? s[1] : '!', 3))
        if (!memchr(s, '>', n))
            return 0;
    if (begins(s, n, "<!--")) {
        t->state = NS_TAME_COMMENT;
        return 4;
    }
    if (begins(s, n, "<![CDATA[")) {
        t->state = NS_TAME_CDATA;
        return 9;
    }
    bool type = n > 1 && s[1] == '!', instruction = n > 1 && s[1] == '?';
    bool tag = n > 1 && (begins_name(s[1]) || (s[1] == '/' && n > 2 && begins_name(s[2])));
    if (n < 3 && !all)
        return 0;
    if (!type && !instruction && !tag) {
        ns_buffer_add_string(to, "&lt;");
        return 1;
    }
    size_t end = type ? type_end(s, n) : tag_end(s, n, true);
    if (end == n && !all && n < TAG_MAX)
        return 0;
    if (end == n && !type) /* a quote that is never closed is none */
        end = tag_end(s, n, false);
    if (end == n && type && n < TAG_MAX) { /* the input ends in it */
        ns_buffer_add_string(to, "&lt;");
        return 1;
    }
    if (end == n && n >= TAG_MAX) { /* the rest is passed over up to the next bracket */
        t->state = NS_TAME_LONG_TAG;
        end = n;
    }
    if (tag)
        add_tag(t, s + 1, end - 1, to);
    else if (type && memmem(s, end, "<!ENTITY", 8))
        t->declares = true;
    return end == n ? n : end + (s[end] == '>');
}

/* Comments and long tags are passed over, CDATA becomes text. Bytes used. */
static size_t run_state(ns_xml_tame *t, const uint8_t *s, size_t n, bool all, ns_buffer *to)
{
    const char *mark = t->state == NS_TAME_COMMENT ? "-->" : t->state == NS_TAME_CDATA ? "]]>" : ">";
    size_t size = strlen(mark);
    const uint8_t *found = memmem(s, n, mark, size);
    size_t used = found ? (size_t)(found - s) : all || n < size ? (all ? n : 0) : n - (size - 1);
    if (t->state == NS_TAME_CDATA)
        for (size_t i = 0; i < used; i++)
            add_escaped(s[i], to);
    if (found || all) {
        t->state = NS_TAME_TEXT;
        used += found ? size : 0;
    }
    return used;
}

static void run(ns_xml_tame *t, bool all, ns_buffer *to)
{
    const uint8_t *s = t->pending.data;
    size_t n = t->pending.size, i = 0;
    while (i < n) {
        size_t used;
        if (t->state != NS_TAME_TEXT) {
            used = run_state(t, s + i, n - i, all, to);
        } else if (s[i] == '<') {
            used = add_bracket(t, s + i, n - i, all, to);
        } else {
            const uint8_t *bracket = memchr(s + i, '<', n - i);
            size_t length = bracket ? (size_t)(bracket - s) - i : n - i;
            used = add_text(t, s + i, length, all || bracket, to);
        }
        if (!used)
            break;
        i += used;
    }
    if (i)
        memmove(t->pending.data, t->pending.data + i, n - i);
    t->pending.size = n - i;
}

void ns_xml_tame_add(ns_xml_tame *t, const uint8_t *s, size_t n, ns_buffer *to)
{
    ns_buffer_add(&t->pending, s, n);
    run(t, false, to);
    to->failed = to->failed || t->pending.failed;
}

void ns_xml_tame_end(ns_xml_tame *t, ns_buffer *to)
{
    run(t, true, to);
    while (t->depth)
        close_last(t, to);
    to->failed = to->failed || t->pending.failed;
}

void ns_xml_root(const uint8_t *s, size_t n, char name[64])
{
    name[0] = '\0';
    for (size_t i = 0; i < n;) {
        const uint8_t *bracket = memchr(s + i, '<', n - i);
        if (!bracket)
            return;
        i = (size_t)(bracket - s);
        size_t left = n - i, end;
        if (begins(bracket, left, "<!--")) {
            const uint8_t *close = memmem(bracket, left, "-->", 3);
            end = close ? (size_t)(close - bracket) : left;
        } else if (begins(bracket, left, "<!")) {
            end = type_end(bracket, left);
        } else if (left > 1 && begins_name(bracket[1])) {
            size_t size = 0;
            const uint8_t *from = bracket + 1;
            for (size_t k = 1; k < left && in_name(bracket[k]); k++) {
                if (bracket[k] == ':')
                    from = bracket + k + 1;
                size = (size_t)(bracket + k + 1 - from);
            }
            if (size < 64) {
                memcpy(name, from, size);
                name[size] = '\0';
            }
            return;
        } else {
            end = left > 1 && bracket[1] == '?' ? tag_end(bracket, left, true) : 1;
        }
        i += end ? end : 1;
    }
}
