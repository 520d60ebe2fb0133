/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compared.h - an engine whose files are damaged, byte by byte, to see what it says (compare_damage.c): it
 * makes an index of the articles, and answers a fixed set of queries.
 */
#ifndef NS_TESTS_COMPARED_H
#define NS_TESTS_COMPARED_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COMPARED_ARTICLES 60
#define COMPARED_QUERIES 8
#define COMPARED_HITS 8

typedef struct compared_article {
    char id[32], title[80], date[32], text[6000];
    const char *source;
} compared_article;

typedef struct compared_answer {
    bool told;     /* it gave an error instead */
    uint64_t hash; /* of ids, titles, texts and scores of the hits */
} compared_answer;

typedef struct compared {
    const char *name;
    void (*make)(const char *dir); /* exits when it cannot */
    /* Opens what is in the folder anew, and asks all queries. */
    void (*ask)(const char *dir, compared_answer answers[COMPARED_QUERIES]);
} compared;

extern const compared compared_nsearch, compared_nsearch_xapian;
extern const compared compared_sqlite; /* compared_sqlite.c */
extern const compared compared_xapian; /* compared_xapian.cc */

void compared_article_make(uint32_t i, compared_article *a);
uint64_t compared_mix(uint64_t h, const void *bytes, unsigned long n);

#ifdef __cplusplus
}
#endif
#endif
