/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * entities.c - undoes HTML character references that were left in plain text, once: "&amp;amp;"
 * becomes "&amp;". A reference whose ampersand was lost ("didn #39;t") is undone as well.
 */
#include "corpus/entities.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "corpus/charset.h"

/* Decodes the reference behind '&' or a bare '#'; its length without that mark, or 0. */
static size_t reference(const char *s, size_t n, uint32_t *code)
{
    size_t i = 0;
    if (n && s[0] == '#') {
        i = 1;
        int base = 10;
        if (i < n && (s[i] == 'x' || s[i] == 'X'))
            base = 16, i++;
        size_t first = i;
        uint32_t value = 0;
        for (; i < n && isxdigit((unsigned char)s[i]) && (base == 16 || isdigit((unsigned char)s[i])); i++) {
            uint32_t digit = isdigit((unsigned char)s[i])
                                 ? (uint32_t)(s[i] - '0')
                                 : (uint32_t)(tolower((unsigned char)s[i]) - 'a' + 10);
            value = value > 0x110000 ? value : value * (uint32_t)base + digit;
        }
        if (i == first || i - first > 16 || i == n || s[i] != ';')
            return 0;
        /* 128 to 159 mean windows-1252, as browsers read them; the few in use. */
        static const struct {
            uint16_t from, to;
        } windows[] = { { 133, 0x2026 }, { 145, 0x2018 }, { 146, 0x2019 }, { 147, 0x201c },
                        { 148, 0x201d }, { 150, 0x2013 }, { 151, 0x2014 }, { 128, 0x20ac } };
        for (size_t w = 0; w < sizeof windows / sizeof *windows; w++)
            if (value == windows[w].from)
                value = windows[w].to;
        if (value < 0x20 || (value >= 0x7f && value < 0xa0))
            value = ' ';
        *code = value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0xfffd : value;
        return i + 1;
    }
    char name[12];
    while (i < n && i < sizeof name - 1 && isalnum((unsigned char)s[i])) {
        name[i] = s[i];
        i++;
    }
    name[i] = '\0';
    if (i < 2 || i == n || s[i] != ';')
        return 0;
    if (!strcmp(name, "apos")) {
        *code = '\'';
        return i + 1;
    }
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
    if (!entity)
        return 0;
    *code = entity->value;
    return i + 1;
}

size_t ns_unescape_entities(char *s, size_t n)
{
    if (n == 0 || (!memchr(s, '&', n) && !memchr(s, '#', n)))
        return n;
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        uint32_t code;
        size_t length = 0;
        if (s[i] == '&') {
            length = reference(s + i + 1, n - i - 1, &code);
            length += length != 0;
        } else if (s[i] == '#') {
            length = i + 2 < n && s[i + 1] != 'x' && s[i + 1] != 'X' ? reference(s + i, n - i, &code) : 0;
            if (length < 4) /* "#1;" is a number */
                length = 0;
            if (length && to && s[to - 1] == ' ' && (code == '\'' || code == 0x2019))
                to--; /* "didn #39;t" */
        }
        if (length) {
            uint8_t bytes[4];
            size_t size = ns_utf8_encode(code, bytes);
            memcpy(s + to, bytes, size); /* a reference is never shorter than its character */
            to += size;
            i += length;
        } else {
            s[to++] = s[i++];
        }
    }
    return to;
}
