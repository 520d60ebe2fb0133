/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * agree.c - compares an engine with a model.
 */
#include "tests/support/agree.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAY(...) (fprintf(stderr, "  " __VA_ARGS__), fputc('\n', stderr), false)

static const ns_analysed *article_at(ns_snapshot *s, uint32_t docid, const synthetic_model *m, ns_arena *arena)
{
    const uint8_t *bytes;
    size_t n;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (s->backend->fetch(s, docid, arena, &bytes, &n, &err)) {
        fprintf(stderr, "  fetch of %u: %s\n", docid, err.text);
        return NULL;
    }
    for (size_t i = 0; i < m->count; i++)
        if (m->articles[i].stored_size == n && !memcmp(m->articles[i].stored, bytes, n))
            return &m->articles[i];
    fprintf(stderr, "  passage %u is of '%.*s', which should not be there\n", docid, (int)n, (const char *)bytes);
    return NULL;
}

static bool agree_term(ns_snapshot *s, const synthetic_model *m, const char *key)
{
    ns_term_stats got;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t df, texts;
    uint32_t n = (uint32_t)strlen(key);
    synthetic_model_term(m, key, n, &df, &texts);
    if (s->backend->term(s, key, n, &got, &err))
        return SAY("term '%s': %s", key, err.text);
    if (got.df != df || got.texts != texts)
        return SAY("term '%s': df %llu in %llu texts instead of %llu in %llu", key, (unsigned long long)got.df,
                   (unsigned long long)got.texts, (unsigned long long)df, (unsigned long long)texts);
    return true;
}

typedef struct seen {
    ns_snapshot *snapshot;
    const synthetic_model *m;
    ns_arena *arena;
    size_t count;
    bool good;
} seen;

static bool agree_columns(const ns_article_columns *c, void *user)
{
    seen *v = user;
    const ns_analysed *a = article_at(v->snapshot, c->article, v->m, v->arena);
    ns_article_columns again;
    v->count++;
    v->good = a && a->hash == c->hash && a->day == c->day && a->passage_count == c->passage_count && a->group == c->group &&
              a->sketch.text_hash == c->sketch.text_hash && a->sketch.shingles == c->sketch.shingles &&
              !memcmp(a->sketch.words, c->sketch.words, sizeof a->sketch.words) &&
              !memcmp(a->sketch.keywords, c->sketch.keywords, sizeof a->sketch.keywords);
    for (uint32_t i = 0; v->good && i < c->passage_count; i++) {
        uint32_t docid = c->article + i;
        v->good = v->snapshot->backend->article_of(v->snapshot, docid) == c->article &&
                  v->snapshot->backend->length(v->snapshot, docid) == a->passages[i].length &&
                  !v->snapshot->backend->columns(v->snapshot, docid, &again, NULL) &&
                  again.article == c->article && again.hash == c->hash;
    }
    if (!v->good)
        fprintf(stderr, "  columns of article at %u differ\n", c->article);
    return v->good;
}

bool agree_state(ns_snapshot *s, const synthetic_model *m, uint32_t vocabulary)
{
    ns_snapshot_stats stats;
    nsearch_error err = NSEARCH_ERROR_INIT;
    uint64_t passages = 0, total = 0, text = 0, texts = 0;
    for (size_t i = 0; i < m->count; i++) {
        text += m->articles[i].text_bytes;
        texts += !ns_group_is_copy(m->articles[i].group);
        for (uint32_t p = 0; p < m->articles[i].passage_count; p++, passages++)
            total += m->articles[i].passages[p].length;
    }
    if (s->backend->stats(s, &stats, &err))
        return SAY("stats: %s", err.text);
    if (stats.articles != m->count || stats.passages != passages || stats.total_length != total ||
        stats.bytes_text != text || stats.texts != texts)
        return SAY("%llu articles, %llu texts, %llu passages of %llu, %llu bytes of text instead of %zu, %llu, %llu, %llu, %llu",
                   (unsigned long long)stats.articles, (unsigned long long)stats.texts, (unsigned long long)stats.passages,
                   (unsigned long long)stats.total_length, (unsigned long long)stats.bytes_text, m->count,
                   (unsigned long long)texts, (unsigned long long)passages, (unsigned long long)total, (unsigned long long)text);
    static const char kinds[] = "wxtuePLs";
    for (const char *kind = kinds; *kind; kind++)
        for (uint32_t i = 0; i < vocabulary; i += 1 + vocabulary / 12) {
            char key[32];
            snprintf(key, sizeof key, *kind == 's' ? "%coutlet%u" : *kind == 'w' || *kind == 't' ? "%cs%u" : "%cw%u",
                     *kind, i);
            if (!agree_term(s, m, key))
                return false;
        }
    ns_arena arena = NS_ARENA_INIT;
    seen v = {s, m, &arena, 0, true};
    if (s->backend->articles(s, agree_columns, &v, &err))
        v.good = SAY("articles: %s", err.text);
    else if (v.good && v.count != m->count)
        v.good = SAY("%zu articles walked instead of %zu", v.count, m->count);
    ns_arena_release(&arena);
    return v.good;
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= AGREE_TOLERANCE * (fabs(a) > fabs(b) ? fabs(a) : fabs(b));
}

static bool agree_candidate(ns_snapshot *s, const synthetic_model *m, const ns_candidate *c,
                            const synthetic_hit *hits, size_t total, const ns_candidate *all, size_t rank,
                            ns_arena *arena)
{
    if (!close_to(c->score, hits[rank].score))
        return SAY("score at rank %zu is %.17g instead of %.17g", rank, c->score, hits[rank].score);
    for (size_t i = 0; i < rank; i++)
        if (all[i].article == c->article)
            return SAY("article at %u twice", c->article);
    const ns_analysed *a = article_at(s, c->docid, m, arena);
    if (!a)
        return false;
    if (s->backend->article_of(s, c->docid) != c->article)
        return SAY("passage %u is not of article %u", c->docid, c->article);
    for (size_t i = 0; i < total; i++)
        if (&m->articles[hits[i].article] == a)
            return close_to(hits[i].score, c->score)
                       ? true
                       : SAY("'%s' has score %.17g instead of %.17g", a->id, c->score, hits[i].score);
    return SAY("'%s' should not match", a->id);
}

bool agree_answer(ns_snapshot *s, const synthetic_model *m, const ns_plan *plan, size_t limit,
                  const ns_candidate *candidates, size_t count, uint64_t found, bool at_least)
{
    ns_arena arena = NS_ARENA_INIT;
    synthetic_hit *hits;
    size_t total = synthetic_answer(m, plan, &arena, &hits), wanted = total < limit ? total : limit;
    bool good = true;
    if (count != wanted)
        good = SAY("%zu articles instead of %zu", count, wanted);
    if (at_least ? found > total : found != total)
        good = SAY("%s%llu found instead of %zu", at_least ? "at least " : "", (unsigned long long)found, total);
    for (size_t i = 0; good && i < count; i++)
        good = agree_candidate(s, m, &candidates[i], hits, total, candidates, i, &arena);
    ns_arena_release(&arena);
    return good;
}
