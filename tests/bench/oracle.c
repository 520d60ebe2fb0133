/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * oracle.c - passages as lists of words, searched from the first to the last.
 */
#include "tests/bench/oracle.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool oracle_open(oracle *o, const char *path)
{
    bench_passages in;
    bench_passage line;
    uint64_t total = 0;
    bool good = true;
    memset(o, 0, sizeof *o);
    ns_arena_init(&o->arena);
    if (!bench_passages_open(&in, path))
        return false;
    good = plain_init(&o->analyser);
    while (good && bench_passages_next(&in, &line)) {
        plain_analyser *a = &o->analyser;
        a->stem_count = 0;
        good = plain_cut(a, line.title, line.title_length) && plain_cut(a, line.text, line.text_length);
        if (good && o->count == o->room) {
            size_t room = o->room ? o->room * 2 : 1024;
            oracle_text *texts = realloc(o->texts, room * sizeof *texts);
            good = texts != NULL;
            o->texts = good ? texts : o->texts;
            o->room = good ? room : o->room;
        }
        uint32_t *words = good ? ns_arena_array(&o->arena, a->stem_count + 1, sizeof *words) : NULL;
        good = words != NULL;
        if (!good)
            break;
        if (a->stem_count)
            memcpy(words, a->stems, a->stem_count * sizeof *words);
        total += a->stem_count ? a->stem_count : 1; /* as plain_passage has it */
        o->texts[o->count++] = (oracle_text){words, (uint32_t)a->stem_count, -1};
    }
    bench_passages_close(&in);
    o->average_length = o->count ? (double)total / (double)o->count : 1;
    return good;
}

void oracle_close(oracle *o)
{
    plain_release(&o->analyser);
    ns_arena_release(&o->arena);
    free(o->texts);
    memset(o, 0, sizeof *o);
}

static uint32_t frequency(const oracle_text *t, uint32_t word)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->count; i++)
        n += t->words[i] == word;
    return n;
}

static bool matches(const oracle_text *t, bench_kind kind, const uint32_t *words, size_t count)
{
    if (kind == BENCH_PHRASE) {
        for (uint32_t i = 0; i + count <= t->count; i++)
            if (!memcmp(t->words + i, words, count * sizeof *words))
                return true;
        return false;
    }
    size_t held = 0;
    for (size_t i = 0; i < count; i++)
        held += frequency(t, words[i]) > 0;
    return kind == BENCH_AND ? held == count : held > 0;
}

/* BM25 of one word, added to all that match. */
static void add_word(oracle *o, uint32_t word)
{
    const double k1 = 1.2, b = 0.75;
    double df = 0;
    for (size_t i = 0; i < o->count; i++)
        df += frequency(&o->texts[i], word) > 0;
    double idf = log(1 + ((double)o->count - df + 0.5) / (df + 0.5));
    for (size_t i = 0; i < o->count; i++) {
        oracle_text *t = &o->texts[i];
        double tf = frequency(t, word), length = t->count ? t->count : 1;
        if (t->score >= 0 && tf > 0)
            t->score += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / o->average_length));
    }
}

bool oracle_run(oracle *o, const bench_query *query, uint64_t *found)
{
    char keys[BENCH_WORDS_MAX][NS_TERM_MAX];
    uint32_t lengths[BENCH_WORDS_MAX], words[BENCH_WORDS_MAX];
    size_t count = plain_query(&o->analyser, query->words, query->length, keys, lengths, BENCH_WORDS_MAX);
    *found = 0;
    for (size_t i = 0; i < count; i++) {
        words[i] = plain_number(&o->analyser, keys[i] + 1, lengths[i] - 1);
        if (words[i] == UINT32_MAX)
            return false;
    }
    for (size_t i = 0; i < o->count; i++) {
        bool match = count && matches(&o->texts[i], query->kind, words, count);
        o->texts[i].score = match ? 0 : -1;
        *found += match;
    }
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (before < i && words[before] != words[i])
            before++;
        if (before == i)
            add_word(o, words[i]);
    }
    return true;
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

bool oracle_agrees(const oracle *o, bench_searcher *s, const bench_query *query, uint64_t found,
                   const ns_match *match)
{
    if (match->at_least ? match->found > found : match->found != found) {
        printf("%s '%s': found %llu instead of %llu\n", query->class, query->words,
               (unsigned long long)match->found, (unsigned long long)found);
        return false;
    }
    if (query->count)
        return true;
    size_t wanted = found < BENCH_TOP ? (size_t)found : BENCH_TOP;
    bool good = match->count == wanted;
    for (size_t i = 0; good && i < match->count; i++) {
        const ns_candidate *c = &match->candidates[i];
        uint64_t line = bench_line_of(s, c->docid), better = 0;
        good = line < o->count && close_to(o->texts[line].score, c->score);
        for (size_t k = 0; good && k < o->count; k++) /* nothing better may be left out */
            better += o->texts[k].score > c->score && !close_to(o->texts[k].score, c->score);
        good = good && better <= i && (i == 0 || match->candidates[i - 1].docid != c->docid);
    }
    if (!good)
        printf("%s '%s': not the ten best\n", query->class, query->words);
    return good;
}
