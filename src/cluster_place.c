/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_place.c - the shard that an article belongs to. By month, because copies of one story come within days, and only
 * articles of one shard are compared. The shard of a month follows from the shards' names alone: rendezvous hashing
 * (Thaler and Ravishankar 1998).
 */
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"
#include "src/cluster.h"
#include "src/text/fold.h"

#define FIRST_WORDS 200 /* bytes of letters and digits */
#define SEED UINT64_C(0x6e73686172647301) /* part of where everything is: never to be changed */

static bool month_of(const char *date, uint64_t *month)
{
    int32_t first, last;
    int year, number, day;
    if (!ns_day_parse_iso(date, &first, &last))
        return false;
    ns_day_to_civil(first, &year, &number, &day);
    *month = (uint64_t)year * 12 + (uint64_t)(number - 1);
    return true;
}

/* Letters and digits alone: copies differ in marks, blanks and capitals. */
static uint64_t hash_of_beginning(const char *text, size_t length)
{
    char letters[FIRST_WORDS + 8], folded[2 * FIRST_WORDS];
    const char *end = text + length;
    size_t n = 0, size;
    while (text < end && n < FIRST_WORDS) {
        ns_char_class class = ns_char_classify(ns_utf8_next(text, end, &size));
        if ((class == NS_CHAR_WORD || class == NS_CHAR_UPPER || class == NS_CHAR_IDEOGRAPH) && n + size <= FIRST_WORDS) {
            memcpy(letters + n, text, size);
            n += size;
        }
        text += size;
    }
    n = ns_fold_word(letters, n, folded, sizeof folded);
    return ns_hash64(folded, n, SEED);
}

uint64_t ns_cluster_key(const ns_article *article)
{
    uint64_t month;
    if (month_of(article->date, &month) || month_of(article->captured, &month))
        return ns_mix64(month + SEED);
    /* Copies have the same beginning more often than the same end, or the same headline. */
    const ns_paragraph *first = article->paragraphs;
    return article->paragraph_count ? hash_of_beginning(first->text, first->length)
                                    : hash_of_beginning(article->title, strlen(article->title));
}

size_t ns_cluster_place(const ns_cluster *cluster, uint64_t key)
{
    size_t best = 0;
    uint64_t most = 0;
    for (size_t i = 0; i < cluster->shard_count; i++) {
        const char *name = cluster->shards[i].where.name;
        uint64_t weight = ns_mix64(ns_hash64(name, strlen(name), SEED) ^ key);
        /* A tie of two names is as good as impossible; the same one wins all the same, wherever they stand. */
        bool wins = weight > most || (weight == most && strcmp(name, cluster->shards[best].where.name) < 0);
        if (i == 0 || wins)
            best = i, most = weight;
    }
    return best;
}
