/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * kept_tools.c - converters and the charset guesser are made once and lent again, reset as their manuals say: making
 * them anew takes a fifth of a run, and they are others' code. The linker puts these in place (--wrap).
 */
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <uchardet/uchardet.h>

uchardet_t __real_uchardet_new(void);
uchardet_t __wrap_uchardet_new(void);
void __wrap_uchardet_delete(uchardet_t guess);
iconv_t __real_iconv_open(const char *to, const char *from);
iconv_t __wrap_iconv_open(const char *to, const char *from);
int __real_iconv_close(iconv_t cd);
int __wrap_iconv_close(iconv_t cd);

enum { CONVERTERS = 128, NAME_SIZE = 32 };

/* The readers ask for one guess at a time. */
uchardet_t __wrap_uchardet_new(void)
{
    static uchardet_t guess;
    if (guess)
        uchardet_reset(guess);
    else
        guess = __real_uchardet_new();
    return guess;
}

void __wrap_uchardet_delete(uchardet_t guess)
{
    (void)guess;
}

static struct converter {
    char from[NAME_SIZE];
    iconv_t cd;
    bool lent;
} converters[CONVERTERS];
static size_t count;

iconv_t __wrap_iconv_open(const char *to, const char *from)
{
    if (strcmp(to, "UTF-8") != 0 || strlen(from) >= NAME_SIZE)
        return __real_iconv_open(to, from);
    for (size_t i = 0; i < count; i++)
        if (!converters[i].lent && !strcmp(converters[i].from, from)) {
            iconv(converters[i].cd, NULL, NULL, NULL, NULL);
            converters[i].lent = true;
            return converters[i].cd;
        }
    iconv_t cd = __real_iconv_open(to, from);
    if (cd != (iconv_t)-1 && count < CONVERTERS) {
        struct converter *kept = &converters[count++];
        strcpy(kept->from, from);
        kept->cd = cd;
        kept->lent = true;
    }
    return cd;
}

int __wrap_iconv_close(iconv_t cd)
{
    for (size_t i = 0; i < count; i++)
        if (converters[i].cd == cd) {
            converters[i].lent = false;
            return 0;
        }
    return __real_iconv_close(cd);
}
