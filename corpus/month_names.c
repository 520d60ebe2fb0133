/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * month_names.c - looks a month up among the names of all languages at once: none of them means two months.
 */
#include "corpus/month_names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Names cut after three to five letters are taken too where the language writes them so: see short_for. */
static const char *const english[12] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};

/* Whole words of other languages, a month each: German, French, Spanish, Portuguese, Italian, Dutch, Swedish,
 * Polish, Czech, Russian, Ukrainian. What is spelled as in English, or is short for it, is left out. */
static const char *const others[12][32] = {
    {"januar", "jänner", "janvier", "janv", "enero", "ene", "janeiro", "gennaio", "januari", "stycznia",
     "ledna", "января", "янв", "січня", NULL},
    {"februar", "feber", "février", "févr", "fév", "febrero", "fevereiro", "fev", "febbraio", "februari",
     "lutego", "února", "февраля", "фев", "лютого", NULL},
    {"märz", "mär", "mrz", "mars", "marzo", "março", "maart", "mrt", "marca", "března", "марта", "мар",
     "березня", NULL},
    {"avril", "avr", "abril", "abr", "aprile", "kwietnia", "dubna", "апреля", "апр", "квітня", NULL},
    {"mai", "mayo", "maio", "maggio", "mei", "maj", "maja", "května", "мая", "травня", NULL},
    {"juni", "juin", "junio", "junho", "giugno", "giu", "czerwca", "června", "июня", "июн", "червня", NULL},
    {"juli", "juillet", "juil", "julio", "julho", "luglio", "lug", "lipca", "července", "июля", "июл",
     "липня", NULL},
    {"août", "aout", "agosto", "augustus", "augusti", "sierpnia", "srpna", "августа", "авг", "серпня", NULL},
    {"septembre", "septiembre", "setiembre", "setembro", "settembre", "września", "září", "сентября", "сен",
     "сент", "вересня", NULL},
    {"oktober", "okt", "octobre", "octubre", "outubro", "ottobre", "ott", "października", "října", "октября",
     "окт", "жовтня", NULL},
    {"novembre", "noviembre", "novembro", "listopada", "listopadu", "ноября", "ноя", "листопада", NULL},
    {"dezember", "dez", "décembre", "déc", "diciembre", "dic", "dezembro", "dicembre", "grudnia", "prosince",
     "декабря", "дек", "грудня", NULL},
};

/* "sept", "augu": the name cut after three to five letters. */
static int short_for(const char *word, size_t n, char first)
{
    for (int i = 0; i < 12; i++) {
        if (english[i][0] != first)
            continue;
        size_t whole = strlen(english[i]);
        if (n <= whole && (n <= 5 || n == whole) && !strncasecmp(word, english[i], n))
            return i + 1;
    }
    return 0;
}

int ns_month_of(const char *word, size_t n)
{
    if (n < 3 || n > 24)
        return 0;
    char first = (char)tolower((unsigned char)*word);
    int month = n <= 9 ? short_for(word, n, first) : 0;
    for (int i = 0; i < 12 && !month; i++)
        for (const char *const *name = others[i]; *name && !month; name++)
            if (**name == first && strlen(*name) == n && !strncasecmp(*name, word, n))
                month = i + 1;
    return month;
}
