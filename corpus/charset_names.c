/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * charset_names.c - names and what they mean follow https://encoding.spec.whatwg.org/#names-and-labels, where
 * a name often means the larger charset that is in use under it; then those of DOS and of systems that are gone.
 */
#include "corpus/charset_names.h"

#include <ctype.h>
#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name; /* to iconv */
    const char *called;
} charsets[] = {
    { "WINDOWS-1252", "windows1252 cp1252 xcp1252 iso88591 isoir100 latin1 l1 csisolatin1 cp819 "
      "ibm819 88591 ascii usascii ansix341968" },
    { "ISO-8859-2", "iso88592 isoir101 latin2 l2 csisolatin2" },
    { "ISO-8859-3", "iso88593 isoir109 latin3 l3 csisolatin3" },
    { "ISO-8859-4", "iso88594 isoir110 latin4 l4 csisolatin4" },
    { "ISO-8859-5", "iso88595 isoir144 cyrillic csisolatincyrillic" },
    { "ISO-8859-6", "iso88596 isoir127 arabic asmo708 ecma114 iso88596e iso88596i csiso88596e "
      "csiso88596i csisolatinarabic" },
    { "ISO-8859-7", "iso88597 isoir126 greek greek8 ecma118 elot928 suneugreek csisolatingreek" },
    { "ISO-8859-8", "iso88598 isoir138 hebrew visual logical iso88598e iso88598i csiso88598e "
      "csiso88598i csisolatinhebrew" },
    { "ISO-8859-10", "iso885910 isoir157 latin6 l6 csisolatin6" },
    { "ISO-8859-13", "iso885913" },
    { "ISO-8859-14", "iso885914" },
    { "ISO-8859-15", "iso885915 l9 latin9 csisolatin9" },
    { "ISO-8859-16", "iso885916" },
    { "KOI8-R", "koi8r koi8 koi cskoi8r" },
    { "KOI8-U", "koi8u koi8ru" },
    { "MACINTOSH", "macintosh mac xmacroman csmacintosh" },
    { "MAC-CYRILLIC", "maccyrillic xmaccyrillic xmacukrainian" },
    { "MAC-CENTRALEUROPE", "maccentraleurope xmacce" },
    { "CP874", "windows874 cp874 dos874 iso885911 tis620" },
    { "WINDOWS-1250", "windows1250 cp1250 xcp1250" },
    { "WINDOWS-1251", "windows1251 cp1251 xcp1251" },
    { "WINDOWS-1253", "windows1253 cp1253 xcp1253" },
    { "WINDOWS-1254", "windows1254 cp1254 xcp1254 iso88599 isoir148 latin5 l5 csisolatin5" },
    { "WINDOWS-1255", "windows1255 cp1255 xcp1255" },
    { "WINDOWS-1256", "windows1256 cp1256 xcp1256" },
    { "WINDOWS-1257", "windows1257 cp1257 xcp1257" },
    { "WINDOWS-1258", "windows1258 cp1258 xcp1258" },
    { "GB18030", "gb18030 gbk xgbk cp936 windows936 gb2312 gb231280 csgb2312 isoir58 "
      "csiso58gb231280 chinese euccn" },
    { "BIG5-HKSCS", "big5 big5hkscs cnbig5 csbig5 xxbig5 cp950" },
    { "EUC-TW", "euctw" },
    { "EUC-JP-MS", "eucjp xeucjp cseucpkdfmtjapanese eucjpms" },
    { "ISO-2022-JP", "iso2022jp csiso2022jp" },
    { "CP932", "shiftjis sjis xsjis csshiftjis mskanji ms932 windows31j cp932" },
    { "CP949", "euckr cseuckr ksc5601 ksc56011987 ksc56011989 isoir149 csksc56011987 korean "
      "windows949 cp949 uhc" },
    { "ISO-2022-KR", "iso2022kr csiso2022kr" },
    { "ISO-2022-CN", "iso2022cn" },
    { "JOHAB", "johab" },
    { "IBM437", "ibm437 cp437 437" },
    { "IBM850", "ibm850 cp850 850" },
    { "IBM852", "ibm852 cp852 852" },
    { "IBM855", "ibm855 cp855 855" },
    { "IBM865", "ibm865 cp865 865" },
    { "IBM866", "ibm866 cp866 866 csibm866" },
    { "VISCII", "viscii" },
    { "TCVN", "tcvn" },
};
enum { CHARSETS = sizeof charsets / sizeof *charsets, NAME_MAX_LENGTH = 40 };

/* Its letters and digits, in small letters. False: too long, or none. */
static bool squeeze(const char *name, char to[NAME_MAX_LENGTH])
{
    size_t n = 0;
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c >= 0x80 || !isalnum(c))
            continue;
        if (n == NAME_MAX_LENGTH - 1)
            return false;
        to[n++] = (char)tolower(c);
    }
    to[n] = '\0';
    return n > 0;
}

const char *ns_charset_named(const char *name)
{
    char wanted[NAME_MAX_LENGTH];
    if (!name || strlen(name) > 2 * NAME_MAX_LENGTH || !squeeze(name, wanted))
        return NULL;
    size_t n = strlen(wanted);
    for (size_t i = 0; i < CHARSETS; i++)
        for (const char *p = charsets[i].called; (p = strstr(p, wanted)) != NULL; p += n)
            if ((p == charsets[i].called || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
                return charsets[i].name;
    return NULL;
}

void ns_charsets_open(void)
{
    static iconv_t kept[CHARSETS]; /* one that is closed may be unloaded */
    for (size_t i = 0; i < CHARSETS; i++)
        if (!kept[i])
            kept[i] = iconv_open("UTF-8", charsets[i].name);
}
