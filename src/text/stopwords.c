/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stopwords.c - a short English list: function words, contractions without their apostrophe.
 */
#include "src/text/stopwords.h"

#include <stdlib.h>
#include <string.h>

/* Sorted. */
static const char words[][12] = {
    "a",         "about",    "above",    "after",      "again",  "against", "all",     "also",    "am",
    "an",        "and",      "any",      "are",        "as",     "at",      "be",      "because", "been",
    "before",    "being",    "below",    "between",    "both",   "but",     "by",      "can",     "cannot",
    "cant",      "could",    "couldnt",  "did",        "didnt",  "do",      "does",    "doesnt",  "doing",
    "dont",      "down",     "during",   "each",       "either", "else",    "ever",    "every",   "few",
    "for",       "from",     "further",  "had",        "hadnt",  "has",     "hasnt",   "have",    "havent",
    "having",    "he",       "her",      "here",       "hers",   "herself", "him",     "himself", "his",
    "how",       "however",  "i",        "if",         "in",     "into",    "is",      "isnt",    "it",
    "its",       "itself",   "just",     "may",        "me",     "might",   "more",    "most",    "must",
    "mustnt",    "my",       "myself",   "neither",    "no",     "nor",     "not",     "of",      "off",
    "on",        "once",     "only",     "or",         "other",  "others",  "ought",   "our",     "ours",
    "ourselves", "out",      "over",     "own",        "per",    "rather",  "same",    "shall",   "she",
    "should",    "shouldnt", "since",    "so",         "some",   "such",    "than",    "that",    "the",
    "their",     "theirs",   "them",     "themselves", "then",   "there",   "these",   "they",    "this",
    "those",     "though",   "through",  "thus",       "to",     "too",     "under",   "until",   "up",
    "upon",      "us",       "very",     "was",        "wasnt",  "we",      "were",    "werent",  "what",
    "when",      "where",    "whether",  "which",      "while",  "who",     "whom",    "whose",   "why",
    "will",      "with",     "within",   "without",    "wont",   "would",   "wouldnt", "yet",     "you",
    "your",      "yours",    "yourself", "yourselves",
};

bool ns_stopword(const char *word, size_t length)
{
    if (length >= sizeof *words)
        return false;
    char key[sizeof *words];
    memcpy(key, word, length);
    key[length] = '\0';
    return bsearch(key, words, sizeof words / sizeof *words, sizeof *words,
                   (int (*)(const void *, const void *))strcmp) != NULL;
}
