/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * charset.c - finds a text's charset and turns it into clean UTF-8. Guessing is uchardet's work, legacy
 * charsets are iconv's.
 */
#include "corpus/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <uchardet/uchardet.h>

#include "corpus/charset_names.h"

enum { GUESS_BYTES = 1 << 16, GUESS_LEAST = 4 };

size_t ns_utf8_encode(uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xc0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xe0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

size_t ns_utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *code)
{
    uint8_t lead = *p, low = 0x80, high = 0xbf;
    size_t length;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    *code = UINT32_MAX;
    if (lead >= 0xc2 && lead <= 0xdf)
        length = 2;
    else if (lead >= 0xe0 && lead <= 0xef)
        length = 3;
    else if (lead >= 0xf0 && lead <= 0xf4)
        length = 4;
    else
        return 1;
    if (lead == 0xe0) /* no overlong forms, no surrogates, nothing above U+10FFFF */
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    uint32_t value = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (p + i == end || p[i] < low || p[i] > high)
            return i;
        value = value << 6 | (p[i] & 0x3f);
        low = 0x80, high = 0xbf;
    }
    *code = value;
    return length;
}

/* Characters that no reader of news needs and that a terminal or a match suffers from. */
static bool is_unwanted(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x200b || c == 0x2060 || c == 0xfeff ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

static void add_code(uint32_t c, ns_buffer *to)
{
    uint8_t bytes[4];
    if (c == UINT32_MAX || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        c = 0xfffd;
    if (c == 0x85 || c == 0x2028 || c == 0x2029 || c == '\v' || c == '\f')
        c = '\n';
    if (c != '\n' && c != '\t' && is_unwanted(c))
        return;
    ns_buffer_add(to, bytes, ns_utf8_encode(c, bytes));
}

void ns_clean_utf8(const void *bytes, size_t n, ns_buffer *to)
{
    if (n == 0)
        return;
    const uint8_t *p = bytes, *end = p + n;
    while (p < end) {
        const uint8_t *from = p;
        while (p < end && ((*p >= 0x20 && *p < 0x7f) || *p == '\n' || *p == '\t'))
            p++;
        ns_buffer_add(to, from, (size_t)(p - from));
        if (p == end)
            break;
        if (*p == '\r') {
            if (p + 1 == end || p[1] != '\n')
                ns_buffer_add_byte(to, '\n');
            p++;
            continue;
        }
        uint32_t code;
        p += ns_utf8_decode(p, end, &code);
        add_code(code, to);
    }
}

static void clean_utf16(const uint8_t *p, size_t n, bool big, ns_buffer *to)
{
    ns_buffer utf8 = NS_BUFFER_INIT;
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t c = big ? (uint32_t)p[i] << 8 | p[i + 1] : (uint32_t)p[i + 1] << 8 | p[i];
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < n) {
            uint32_t low = big ? (uint32_t)p[i + 2] << 8 | p[i + 3] : (uint32_t)p[i + 3] << 8 | p[i + 2];
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        uint8_t bytes[4];
        ns_buffer_add(&utf8, bytes, ns_utf8_encode(c >= 0xd800 && c < 0xe000 ? 0xfffd : c, bytes));
    }
    if (n % 2)
        ns_buffer_add(&utf8, "\xef\xbf\xbd", 3);
    ns_clean_utf8(utf8.data, utf8.size, to);
    to->failed = to->failed || utf8.failed;
    ns_buffer_release(&utf8);
}

static void clean_utf32(const uint8_t *p, size_t n, bool big, ns_buffer *to)
{
    ns_buffer utf8 = NS_BUFFER_INIT;
    for (size_t i = 0; i + 3 < n; i += 4) {
        uint32_t c =
            big ? (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 | (uint32_t)p[i + 2] << 8 | p[i + 3]
                : (uint32_t)p[i + 3] << 24 | (uint32_t)p[i + 2] << 16 | (uint32_t)p[i + 1] << 8 | p[i];
        uint8_t bytes[4];
        if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            c = 0xfffd;
        ns_buffer_add(&utf8, bytes, ns_utf8_encode(c, bytes));
    }
    ns_clean_utf8(utf8.data, utf8.size, to);
    to->failed = to->failed || utf8.failed;
    ns_buffer_release(&utf8);
}

/* False when iconv does not know the charset; nothing is appended then. */
static bool clean_legacy(const uint8_t *p, size_t n, const char *charset, ns_buffer *to)
{
    iconv_t cd = iconv_open("UTF-8", charset);
    if (cd == (iconv_t)-1)
        return false;
    ns_buffer utf8 = NS_BUFFER_INIT;
    char chunk[16384];
    char *in = (char *)(uintptr_t)p;
    size_t left = n;
    while (left) {
        char *out = chunk;
        size_t room = sizeof chunk;
        size_t answer = iconv(cd, &in, &left, &out, &room);
        int number = errno;
        ns_buffer_add(&utf8, chunk, sizeof chunk - room);
        if (answer != (size_t)-1)
            break;
        if (number == E2BIG)
            continue;
        ns_buffer_add(&utf8, "\xef\xbf\xbd", 3); /* EILSEQ, or EINVAL at the end */
        in++, left--;
    }
    iconv_close(cd);
    ns_clean_utf8(utf8.data, utf8.size, to);
    to->failed = to->failed || utf8.failed;
    ns_buffer_release(&utf8);
    return true;
}

/* UTF-16 without a mark: in Western text every other byte is zero. 0 no, 1 little, 2 big. */
static int unmarked_utf16(const uint8_t *p, size_t n)
{
    size_t zero[2] = { 0, 0 };
    n = n > GUESS_BYTES ? GUESS_BYTES : n & ~(size_t)1;
    if (n < 8)
        return 0;
    for (size_t i = 0; i < n; i++)
        zero[i & 1] += p[i] == 0;
    if (zero[1] > n / 2 / 10 * 7 && zero[0] < n / 50 + 1)
        return 1;
    if (zero[0] > n / 2 / 10 * 7 && zero[1] < n / 50 + 1)
        return 2;
    return 0;
}

typedef struct looks {
    size_t valid;    /* characters above ASCII that are valid UTF-8 */
    size_t shaped;   /* invalid, but a lead byte with continuation bytes: broken UTF-8 */
    size_t foreign;  /* invalid otherwise */
    size_t high;     /* bytes above ASCII */
} looks;

static looks look(const uint8_t *p, size_t n)
{
    looks l = { 0, 0, 0, 0 };
    const uint8_t *end = p + n;
    bool after = false; /* behind a broken sequence, whose continuation bytes are no new evidence */
    while (p < end) {
        if (*p < 0x80) {
            p++;
            after = false;
            continue;
        }
        uint32_t code;
        size_t length = ns_utf8_decode(p, end, &code);
        l.high += length;
        bool broken = code == UINT32_MAX &&
                      (p + length == end || (*p >= 0xc0 && (length > 1 || (p[1] & 0xc0) == 0x80)));
        if (code != UINT32_MAX)
            l.valid++;
        else if (broken)
            l.shaped++;
        else if (!after || (*p & 0xc0) != 0x80)
            l.foreign++;
        after = broken || (after && code == UINT32_MAX);
        p += length;
    }
    return l;
}

void ns_clean_bytes(const void *bytes, size_t n, const char *declared, ns_buffer *to)
{
    const uint8_t *p = bytes;
    if (n == 0)
        return;
    if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
        ns_clean_utf8(p + 3, n - 3, to);
        return;
    }
    if (n >= 4 && (!memcmp(p, "\xff\xfe\0\0", 4) || !memcmp(p, "\0\0\xfe\xff", 4))) {
        clean_utf32(p + 4, n - 4, p[0] == 0, to);
        return;
    }
    if (n >= 2 && (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))) {
        clean_utf16(p + 2, n - 2, p[0] == 0xfe, to);
        return;
    }
    int wide = unmarked_utf16(p, n);
    if (wide) {
        clean_utf16(p, n, wide == 2, to);
        return;
    }
    looks l = look(p, n);
    bool broken = l.valid + l.shaped > l.foreign; /* UTF-8 with some damage */
    if (!(l.shaped || l.foreign) || broken) {
        ns_clean_utf8(p, n, to);
        return;
    }
    const char *charset = ns_charset_named(declared);
    if (charset && clean_legacy(p, n, charset, to))
        return;
    /* Few bytes above ASCII: accents and quotes of Western text, too few to guess from. */
    charset = "WINDOWS-1252";
    if (l.high >= GUESS_LEAST && l.high > n / 30) {
        uchardet_t guess = uchardet_new();
        if (guess) {
            uchardet_handle_data(guess, (const char *)p, n > GUESS_BYTES ? GUESS_BYTES : n);
            uchardet_data_end(guess);
            const char *name = ns_charset_named(uchardet_get_charset(guess));
            if (name)
                charset = name;
            uchardet_delete(guess);
        }
    }
    if (!clean_legacy(p, n, charset, to) && !clean_legacy(p, n, "WINDOWS-1252", to))
        ns_clean_utf8(p, n, to);
}

bool ns_looks_like_text(const uint8_t *bytes, size_t n)
{
    if (n >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
        return true;
    if (n >= 4 && !memcmp(bytes, "\0\0\xfe\xff", 4))
        return true;
    if (unmarked_utf16(bytes, n))
        return true;
    /* Packed and compiled bytes hold zeros, or controls and high bytes alike; text may hold a few of either.
     */
    size_t zero = 0, odd = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        zero += bytes[i] == 0;
        odd += bytes[i] < 0x20 && !strchr("\t\n\v\f\r\b\x1b", bytes[i]);
        high += bytes[i] >= 0x80;
    }
    return zero <= n / 20 + 1 && odd <= n / 3 && !(odd > n / 20 && high > n / 5);
}
