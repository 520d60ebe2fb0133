/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stem.c - libstemmer's "english", and the few words that it would confuse in news.
 */
#include "src/text/stem.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

#include "src/text/lexicon.h"

struct sb_stemmer *ns_stemmer_new(void)
{
    return sb_stemmer_new("english", "UTF_8");
}

void ns_stemmer_free(struct sb_stemmer *stemmer)
{
    if (stemmer)
        sb_stemmer_delete(stemmer);
}

/* Names that the stemmer would make equal to another word. Sorted. */
static const char *const kept[] = {
    "abrams", "adams", "aids", "andrews", "arkansas", "athens", "atkins", "bangladesh", "brussels",
    "carlos", "charles", "collins", "cummings", "cyprus", "dallas", "daniels", "davis", "dawkins",
    "douglas", "edwards", "emirates", "evans", "francis", "harris", "hastings", "hawkins", "honduras",
    "hopkins", "hughes", "james", "jenkins", "jennings", "jones", "kansas", "keating", "laos", "lewis",
    "maldives", "mars", "matthews", "mercedes", "morris", "mullins", "naples", "netherlands", "nicholas",
    "oates", "owens", "paris", "perkins", "peters", "philips", "phillips", "reuters", "reynolds", "rhodes",
    "richards", "roberts", "rogers", "rollins", "seychelles", "simmons", "stephens", "stevens", "texas",
    "thales", "thomas", "times", "wales", "watkins", "wilkins", "williams",
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

size_t ns_stem(struct sb_stemmer *stemmer, const char *word, size_t length, char *out)
{
    if (length < 3)
        return 0;
    for (size_t i = 0; i < length; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return 0;
    if (bsearch(word, kept, sizeof kept / sizeof *kept, sizeof *kept, compare))
        return 0;
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)length);
    int n = stem ? sb_stemmer_length(stemmer) : 0;
    if (n <= 0 || n > NS_WORD_MAX || ((size_t)n == length && !memcmp(stem, word, length)))
        return 0;
    memcpy(out, stem, (size_t)n);
    out[n] = '\0';
    return (size_t)n;
}
