/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * language.c - counts the commonest small words of a few languages in an article's first words. A language
 * is told when its words are frequent and clearly more so than any other's.
 */
#include "corpus/language.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { SURE_WORDS = 60, SURE_SHARE = 20, LOOK_WORDS = 120, LEAST_WORDS = 12, LANGUAGES = 8, LONGEST = 5 };

/* Words that are frequent in one of the languages and rare in the others. */
static const struct {
    const char *name;
    const char *words;
} languages[LANGUAGES] = {
    { "en", " the of and to is was for that with by from has have this it are on at be " },
    { "de", " der die und das den von mit ist nicht ein eine auf dem zu im des sich sie " },
    { "fr", " le les et des une est dans que pour qui sur du pas au par il ce plus " },
    { "es", " el los las que y del una por con se para su es lo al como fue " },
    { "it", " il che di della per una sono con non del gli dei alla nel anche ha si " },
    { "pt", " o os que do da uma para com em um dos as no na foi mais ao " },
    { "nl", " het een van en is dat op te zijn voor met niet aan er ook om bij " },
    { "sv", " och att det som en av den med till har inte om ett var han " },
};

/* Counts for the first 'most' languages. */
static void count(const char *s, size_t n, size_t most, size_t limit, size_t hits[LANGUAGES], size_t *words)
{
    for (size_t i = 0; i < n && *words < limit;) {
        char word[LONGEST + 3] = " ";
        size_t length = 0;
        while (i < n && !isalpha((unsigned char)s[i]) && !(s[i] & 0x80))
            i++;
        for (; i < n && (isalpha((unsigned char)s[i]) || (s[i] & 0x80)); i++, length++)
            if (length < LONGEST)
                word[length + 1] = (char)tolower((unsigned char)s[i]);
        if (!length)
            return;
        ++*words;
        if (length > LONGEST)
            continue;
        word[length + 1] = ' ';
        word[length + 2] = '\0';
        for (size_t k = 0; k < most; k++)
            hits[k] += strstr(languages[k].words, word) != NULL;
    }
}

const char *ns_language_guess(const ns_article *article)
{
    size_t hits[LANGUAGES] = { 0 }, words = 0, best = 0, second = 0;
    /* most news is English: then one language's words are enough to know it */
    for (size_t i = 0; i < article->paragraph_count && words < SURE_WORDS; i++)
        count(article->paragraphs[i].text, article->paragraphs[i].length, 1, SURE_WORDS, hits, &words);
    if (words == SURE_WORDS && hits[0] * 100 >= words * SURE_SHARE)
        return languages[0].name;
    if (words < LEAST_WORDS)
        return "";
    hits[0] = words = 0;
    for (size_t i = 0; i < article->paragraph_count && words < LOOK_WORDS; i++)
        count(article->paragraphs[i].text, article->paragraphs[i].length, LANGUAGES, LOOK_WORDS, hits,
              &words);
    for (size_t k = 1; k < LANGUAGES; k++)
        if (hits[k] > hits[best])
            best = k;
    for (size_t k = 0; k < LANGUAGES; k++)
        if (k != best && hits[k] > second)
            second = hits[k];
    if (best != 0 && (words < 40 || hits[best] < 8)) /* tables and lists: too little to call them foreign */
        return "";
    bool told = hits[best] * 10 >= words && hits[best] >= 3 && hits[best] * 2 > second * 3;
    return told ? languages[best].name : "";
}
