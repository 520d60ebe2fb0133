/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fold.c - compatibility decomposition without marks and case folding (utf8proc), and the Latin
 * letters that Unicode does not decompose but people type with plain ones (ø as o, ł as l).
 */
#include "src/text/fold.h"

#include <string.h>
#include <utf8proc.h>

uint32_t ns_utf8_next(const char *p, const char *end, size_t *length)
{
    utf8proc_int32_t c;
    size_t left = (size_t)(end - p);
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)p, left > 4 ? 4 : (utf8proc_ssize_t)left, &c);
    if (n <= 0) {
        *length = 1;
        return 0xfffd;
    }
    *length = (size_t)n;
    return (uint32_t)c;
}

static bool is_ideograph(uint32_t c)
{
    return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3134f);
}

ns_char_class ns_char_classify(uint32_t c)
{
    switch (c) {
    case 0x27:
    case 0x2019:
    case 0x2018:
    case 0x2bc:
    case 0xff07:
        return NS_CHAR_APOSTROPHE;
    case 0x2d:
    case 0x2010:
    case 0x2011:
        return NS_CHAR_HYPHEN;
    case 0xad:
    case 0x200b:
    case 0x200c:
    case 0x200d:
    case 0x2060:
    case 0xfeff:
        return NS_CHAR_IGNORED;
    case 0x22:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0xab:
    case 0xbb:
    case 0x201a:
        return NS_CHAR_QUOTE;
    case 0x2026:
    case 0x3002:
    case 0x203c:
    case 0x2049:
        return NS_CHAR_STOP;
    default:
        break;
    }
    if (is_ideograph(c))
        return NS_CHAR_IDEOGRAPH;
    int category = utf8proc_category((utf8proc_int32_t)c);
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT)
        return NS_CHAR_UPPER;
    if ((category >= UTF8PROC_CATEGORY_LL && category <= UTF8PROC_CATEGORY_NO))
        return NS_CHAR_WORD; /* letters, marks, numbers */
    if (category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
        category == UTF8PROC_CATEGORY_ZP)
        return NS_CHAR_SPACE;
    return NS_CHAR_OTHER;
}

/* Letters without a decomposition, after case folding. */
static const char *plain_latin(uint32_t c)
{
    switch (c) {
    case 0xe6:
        return "ae";
    case 0xf8:
        return "o";
    case 0x142:
        return "l";
    case 0x111:
    case 0xf0:
        return "d";
    case 0xfe:
        return "th";
    case 0x131:
        return "i";
    case 0x153:
        return "oe";
    case 0x127:
        return "h";
    case 0x14b:
        return "n";
    case 0x167:
        return "t";
    case 0xdf:
    case 0x1e9e:
        return "ss";
    default:
        return NULL;
    }
}

static size_t fold_one(uint32_t c, char out[64])
{
    utf8proc_int32_t parts[16];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 16,
                                                 UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                                 &boundary);
    size_t used = 0;
    for (utf8proc_ssize_t i = 0; i < n && i < 16 && used + 4 <= 60; i++) {
        const char *plain = plain_latin((uint32_t)parts[i]);
        if (plain) {
            memcpy(out + used, plain, strlen(plain));
            used += strlen(plain);
        } else {
            used += (size_t)utf8proc_encode_char(parts[i], (utf8proc_uint8_t *)out + used);
        }
    }
    return used;
}

size_t ns_fold_word(const char *text, size_t n, char *out, size_t capacity)
{
    const char *p = text, *end = text + n;
    size_t used = 0;
    while (p < end) {
        unsigned char byte = (unsigned char)*p;
        char piece[64];
        size_t length = 1, piece_length = 1;
        if (byte < 0x80) {
            p++;
            if (byte == '\'' || byte == '-' || byte <= ' ')
                continue;
            piece[0] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
        } else {
            uint32_t c = ns_utf8_next(p, end, &length);
            p += length;
            switch (ns_char_classify(c)) {
            case NS_CHAR_APOSTROPHE:
            case NS_CHAR_HYPHEN:
            case NS_CHAR_IGNORED:
            case NS_CHAR_SPACE:
            case NS_CHAR_QUOTE:
            case NS_CHAR_STOP:
                continue;
            case NS_CHAR_OTHER:
            case NS_CHAR_WORD:
            case NS_CHAR_UPPER:
            case NS_CHAR_IDEOGRAPH:
                break;
            }
            piece_length = fold_one(c, piece);
        }
        if (used + piece_length >= capacity)
            break;
        memcpy(out + used, piece, piece_length);
        used += piece_length;
    }
    out[used] = '\0';
    return used;
}

size_t ns_utf8_cut(const char *text, size_t n, size_t limit)
{
    if (n <= limit)
        return n;
    size_t cut = limit;
    while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}
