/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * native_state.c - hashes an index and a model in the same order: articles, then terms with their postings,
 * where a passage is named by its rank among those that are live.
 */
#include "tests/unit/native_state.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/bytes.h"
#include "tests/support/folder.h"

static void mix(uint64_t *h, uint64_t v)
{
    *h = ns_mix64(*h ^ ns_mix64(v + UINT64_C(0x9e3779b97f4a7c15))) + 1;
}

static void mix_bytes(uint64_t *h, const void *bytes, size_t n)
{
    *h = ns_hash64(bytes, n, *h);
}

static void mix_sketch(uint64_t *h, const ns_sketch *sketch)
{
    mix(h, sketch->text_hash);
    mix(h, sketch->shingles);
    for (size_t i = 0; i < NS_SKETCH_WORDS; i++)
        mix(h, sketch->words[i]);
    for (size_t i = 0; i < NS_KEYWORDS; i++)
        mix(h, sketch->keywords[i]);
    for (size_t i = 0; i < NS_SKETCH_NUMBERS; i++)
        mix(h, sketch->numbers[i]);
}

static void mix_posting(uint64_t *h, uint32_t rank, uint32_t tf, const uint32_t *positions, size_t count)
{
    mix(h, rank);
    mix(h, tf);
    mix(h, count);
    for (size_t i = 0; i < count; i++)
        mix(h, positions[i]);
}

/* ---- of an index */

typedef struct reading {
    ns_snapshot *s;
    uint64_t h;
    uint32_t *ranks; /* of live passages; UINT32_MAX: not live */
    uint32_t live, docid_end;
    nsearch_status status;
    nsearch_error *err;
} reading;

static bool read_article(const ns_article_columns *c, void *user)
{
    reading *r = user;
    const ns_backend *b = r->s->backend;
    ns_arena arena = NS_ARENA_INIT;
    ns_article_columns again;
    const uint8_t *bytes;
    size_t n;
    mix(&r->h, (uint64_t)(int64_t)c->day);
    mix(&r->h, c->hash);
    mix(&r->h, c->passage_count);
    mix(&r->h, c->group);
    mix_sketch(&r->h, &c->sketch);
    for (uint32_t i = 0; i < c->passage_count && c->article + i < r->docid_end; i++) {
        r->ranks[c->article + i] = r->live++;
        mix(&r->h, b->length(r->s, c->article + i));
        mix(&r->h, b->article_of(r->s, c->article + i) == c->article);
    }
    r->status = b->fetch(r->s, c->article + c->passage_count - 1, &arena, &bytes, &n, r->err);
    if (!r->status) {
        mix_bytes(&r->h, bytes, n);
        r->status = b->columns(r->s, c->article + c->passage_count - 1, &again, r->err);
    }
    if (!r->status)
        mix(&r->h, again.article == c->article && again.hash == c->hash);
    ns_arena_release(&arena);
    return !r->status;
}

static bool read_term(const char *key, size_t length, uint64_t df, void *user)
{
    reading *r = user;
    const ns_backend *b = r->s->backend;
    ns_term_stats stats;
    ns_arena arena = NS_ARENA_INIT;
    r->status = b->term(r->s, key, length, &stats, r->err);
    if (!r->status && stats.df) {
        mix_bytes(&r->h, key, length);
        mix(&r->h, stats.df);
        mix(&r->h, stats.texts);
        mix(&r->h, df >= stats.df);
    }
    for (size_t p = 0; p < b->part_count(r->s) && !r->status; p++) {
        ns_part part;
        ns_cursor *c;
        b->part(r->s, p, &part);
        r->status = b->cursor(r->s, p, key, length, &arena, &c, r->err);
        if (r->status || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
            const uint32_t *positions = NULL;
            uint32_t i = d - part.docid_begin;
            if (part.removed && part.removed[i / 8] >> (i % 8) & 1)
                continue;
            uint32_t tf = ns_cursor_freq(c);
            size_t count = c->ops->positions(c, &positions);
            if (!c->damaged)
                mix_posting(&r->h, r->ranks[d], tf, positions, count);
        }
        if (c->damaged && b->intact) /* some engines can say more */
            r->status = b->intact(r->s, r->err);
        if (c->damaged && !r->status)
            r->status = ns_error_set(r->err, NSEARCH_DAMAGED, "a cursor met damage");
        c->ops->close(c);
    }
    ns_arena_release(&arena);
    return !r->status;
}

nsearch_status native_state_of_index(ns_snapshot *s, uint64_t *state, nsearch_error *err)
{
    reading r = {.s = s, .err = err};
    ns_snapshot_stats stats;
    const ns_backend *b = s->backend;
    nsearch_status status = b->stats(s, &stats, err);
    if (status)
        return status;
    mix(&r.h, stats.articles);
    mix(&r.h, stats.texts);
    mix(&r.h, stats.passages);
    mix(&r.h, stats.total_length);
    mix(&r.h, stats.bytes_text);
    r.docid_end = stats.docid_end;
    r.ranks = malloc((stats.docid_end + (size_t)1) * sizeof *r.ranks);
    memset(r.ranks, 0xff, (stats.docid_end + (size_t)1) * sizeof *r.ranks);
    status = b->articles(s, read_article, &r, err);
    if (!status)
        status = r.status;
    if (!status)
        status = b->walk(s, "", 0, read_term, &r, err);
    if (!status)
        status = r.status;
    free(r.ranks);
    *state = r.h;
    return status;
}

nsearch_status native_state_of_dir(const char *dir, uint64_t *state, nsearch_error *err)
{
    ns_snapshot *s;
    nsearch_error local = NSEARCH_ERROR_INIT;
    const ns_backend *engine = NULL;
    nsearch_status status = ns_backend_of(dir, &engine, &local);
    if (!status)
        status = engine->open(dir, &s, &local);
    if (status == NSEARCH_NOT_FOUND) {
        synthetic_model empty;
        synthetic_model_init(&empty);
        *state = native_state_of_model(&empty);
        return NSEARCH_OK;
    }
    if (!status) {
        status = native_state_of_index(s, state, &local);
        engine->close(s);
    }
    if (status)
        ns_error_set(err, status, "%s", local.text);
    return status;
}

/* ---- of a model */

typedef struct posting {
    const ns_term *term;
    uint32_t article, rank, place; /* place: in the order of collecting, so that the sort is stable */
} posting;

static int by_key(const void *left, const void *right)
{
    const posting *a = left, *b = right;
    uint32_t n = a->term->length < b->term->length ? a->term->length : b->term->length;
    int order = memcmp(a->term->key, b->term->key, n);
    if (!order)
        order = (a->term->length > b->term->length) - (a->term->length < b->term->length);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static bool same_key(const posting *a, const posting *b)
{
    return a->term->length == b->term->length && !memcmp(a->term->key, b->term->key, a->term->length);
}

uint64_t native_state_of_model(const synthetic_model *m)
{
    uint64_t h = 0, passages = 0, total_length = 0, text_bytes = 0, texts = 0;
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i];
        text_bytes += a->text_bytes;
        texts += !ns_group_is_copy(a->group);
        passages += a->passage_count;
        for (uint32_t p = 0; p < a->passage_count; p++) {
            total_length += a->passages[p].length;
            count += a->passages[p].term_count;
        }
    }
    mix(&h, m->count);
    mix(&h, texts);
    mix(&h, passages);
    mix(&h, total_length);
    mix(&h, text_bytes);
    posting *list = malloc((count + 1) * sizeof *list);
    count = 0;
    uint32_t rank = 0;
    for (size_t i = 0; i < m->count; i++) {
        const ns_analysed *a = &m->articles[i];
        mix(&h, (uint64_t)(int64_t)a->day);
        mix(&h, a->hash);
        mix(&h, a->passage_count);
        mix(&h, a->group);
        mix_sketch(&h, &a->sketch);
        for (uint32_t p = 0; p < a->passage_count; p++, rank++) {
            mix(&h, a->passages[p].length);
            mix(&h, 1);
            for (uint32_t k = 0; k < a->passages[p].term_count; k++, count++)
                list[count] = (posting){&a->passages[p].terms[k], (uint32_t)i, rank, (uint32_t)count};
        }
        mix_bytes(&h, a->stored, a->stored_size);
        mix(&h, 1);
    }
    qsort(list, count, sizeof *list, by_key);
    for (size_t i = 0, end; i < count; i = end) {
        uint64_t of_term = 0;
        for (end = i; end < count && same_key(&list[i], &list[end]); end++)
            if (end == i || list[end].article != list[end - 1].article)
                of_term += !ns_group_is_copy(m->articles[list[end].article].group);
        mix_bytes(&h, list[i].term->key, list[i].term->length);
        mix(&h, end - i);
        mix(&h, of_term);
        mix(&h, 1);
        for (size_t k = i; k < end; k++)
            mix_posting(&h, list[k].rank, list[k].term->tf, list[k].term->positions,
                        list[k].term->position_count);
    }
    free(list);
    return h;
}

/* ---- files */

static void copy_folder(const char *dir, const char *to)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char path[600], target[600];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        snprintf(target, sizeof target, "%s/%s", to, e->d_name);
        struct stat st;
        if (!stat(path, &st) && S_ISDIR(st.st_mode) && !mkdir(target, 0777)) {
            copy_folder(path, target);
            continue;
        }
        FILE *in = fopen(path, "rb"), *out = fopen(target, "wb");
        for (int c; in && out && (c = getc(in)) != EOF;)
            putc(c, out);
        if (in)
            fclose(in);
        if (out)
            fclose(out);
    }
    if (d)
        closedir(d);
}

char *native_copy(const char *dir)
{
    char *to = test_folder_new();
    copy_folder(dir, to);
    return to;
}
