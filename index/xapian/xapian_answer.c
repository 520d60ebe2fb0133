/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_answer.c - hands a whole plan to Xapian's own matcher, so that it can be answered where the database is.
 *
 * Only Xapian's built-in BM25Weight is used, because a remote database knows no other. With k2 = k3 = min_normlen = 0
 * it gives a term of N documents, df of which hold it (xapian-core, weight/bm25weight.cc):
 *
 *     r = (N - df + 1/2) / (df + 1/2);  if r < 2 then r = r/2 + 1
 *     log(r) * (k1 + 1) * wdf / (wdf + k1 * ((1 - b) + b * len / avg))
 *
 * A factor on the term (OP_SCALE_WEIGHT) divides log(r) away and puts the plan's weight in its place. N, df and avg count
 * removed documents that no merge has dropped yet; so k1 and b are replaced by values that make the denominator equal
 * to the plan's:
 *
 *     k1' * (1 - b') = k1 * (1 - b),   k1' * b' / avg = k1 * b / average_length
 */
#include <math.h>
#include <string.h>

#include "index/xapian/xapian_filter.h"
#include "index/xapian/xapian_snapshot.h"
#include "src/base/day.h"
#include "src/base/map.h"

/* ---- filters */

/* Builders return NULL after an error, which is then in 'err'. */
typedef struct builder {
    ns_arena arena;
    ns_xapian_reader *reader;
    bool exact; /* the query means the filter; else it lets more through, and the filter decides */
    nsearch_error *err;
} builder;

static ns_xapian_query *nothing(builder *b)
{
    return ns_xapian_query_join(NS_XAPIAN_OR, NULL, 0, b->err);
}

static bool is_key(const ns_filter *f)
{
    return f->key_length <= NS_TERM_MAX && ns_xapian_is_term(f->key, f->key_length);
}

/* Xapian 1.4.22 answers an unweighted term that all documents of a database hold from the list of all documents, but
 * under the term's name; where that list has more than one chunk it then takes the database for corrupt. */
static ns_xapian_query *term_query(builder *b, const ns_filter *f)
{
    bool some = false, every = false;
    if (!is_key(f))
        return nothing(b);
    if (ns_xapian_coverage(b->reader, f->key, f->key_length, &some, &every, b->err))
        return NULL;
    if (!some)
        return ns_xapian_query_term(f->key, f->key_length, 1.0, b->err);
    b->exact &= every;
    return ns_xapian_query_all(b->err);
}

static ns_xapian_query *phrase_query(builder *b, const ns_filter *f)
{
    ns_xapian_query **parts = ns_arena_array(&b->arena, f->child_count + 1, sizeof *parts);
    if (!parts) {
        ns_error_memory(b->err);
        return NULL;
    }
    for (size_t i = 0; i < f->child_count; i++)
        parts[i] = is_key(f->children[i])
                       ? ns_xapian_query_term(f->children[i]->key, f->children[i]->key_length, 1.0, b->err)
                       : nothing(b);
    return ns_xapian_query_join(NS_XAPIAN_PHRASE, parts, f->child_count, b->err);
}

static ns_xapian_query *terms_query(builder *b, const ns_filter *f)
{
    ns_xapian_query **parts = ns_arena_array(&b->arena, f->child_count + 1, sizeof *parts);
    if (!parts) {
        ns_error_memory(b->err);
        return NULL;
    }
    for (size_t i = 0; i < f->child_count; i++)
        parts[i] = term_query(b, f->children[i]);
    return ns_xapian_query_join(NS_XAPIAN_AND, parts, f->child_count, b->err);
}

/* Whether OP_PHRASE means this phrase: no gaps, and no word twice, which Xapian asks for only once; and of a kind whose
 * terms have positions wherever they stand: Xapian 1.4 takes a posting without any for a match. */
static bool is_plain_phrase(const ns_filter *f)
{
    for (size_t i = 0; i < f->child_count; i++) {
        char kind = f->children[i]->key_length ? f->children[i]->key[0] : 0;
        if (kind != NS_TERM_EXACT && kind != NS_TERM_TITLE && kind != NS_TERM_TITLE_EXACT)
            return false;
        if (f->offsets && f->offsets[i] != i)
            return false;
        for (size_t k = 0; k < i; k++)
            if (f->children[k]->key_length == f->children[i]->key_length &&
                !memcmp(f->children[k]->key, f->children[i]->key, f->children[i]->key_length))
                return false;
    }
    return f->child_count > 1;
}

static ns_xapian_query *days_query(builder *b, const ns_filter *f)
{
    int32_t first = f->first_day == NS_DAY_UNKNOWN ? NS_DAY_UNKNOWN + 1 : f->first_day;
    uint8_t low[4], high[4];
    if (f->last_day < first)
        return nothing(b);
    ns_xapian_day_bytes(first, low);
    ns_xapian_day_bytes(f->last_day, high);
    return ns_xapian_query_range(NS_XAPIAN_SLOT_DAY, (ns_xapian_bytes){low, 4}, (ns_xapian_bytes){high, 4}, b->err);
}

static ns_xapian_query *filter_query(builder *b, const ns_filter *f);

/* The complement; where the child's query lets too much through, nothing may be taken away. */
static ns_xapian_query *not_query(builder *b, ns_xapian_query *from, const ns_filter *child)
{
    bool before = b->exact;
    b->exact = true;
    ns_xapian_query *pair[2] = {from, filter_query(b, child)};
    bool is_exact = b->exact;
    b->exact = before && is_exact;
    if (is_exact)
        return ns_xapian_query_join(NS_XAPIAN_NOT, pair, 2, b->err);
    ns_xapian_query_free(pair[1]);
    return from;
}

static ns_xapian_query *and_query(builder *b, const ns_filter *f)
{
    ns_xapian_query **parts = ns_arena_array(&b->arena, f->child_count + 1, sizeof *parts);
    size_t count = 0;
    if (!parts) {
        ns_error_memory(b->err);
        return NULL;
    }
    for (size_t i = 0; i < f->child_count; i++)
        if (f->children[i]->kind != NS_FILTER_NOT)
            parts[count++] = filter_query(b, f->children[i]);
    ns_xapian_query *out = count ? ns_xapian_query_join(NS_XAPIAN_AND, parts, count, b->err) : ns_xapian_query_all(b->err);
    for (size_t i = 0; i < f->child_count; i++)
        if (f->children[i]->kind == NS_FILTER_NOT)
            out = not_query(b, out, f->children[i]->children[0]);
    return out;
}

static ns_xapian_query *or_query(builder *b, const ns_filter *f)
{
    ns_xapian_query **parts = ns_arena_array(&b->arena, f->child_count + 1, sizeof *parts);
    if (!parts) {
        ns_error_memory(b->err);
        return NULL;
    }
    for (size_t i = 0; i < f->child_count; i++)
        parts[i] = filter_query(b, f->children[i]);
    return ns_xapian_query_join(NS_XAPIAN_OR, parts, f->child_count, b->err);
}

static ns_xapian_query *filter_query(builder *b, const ns_filter *f)
{
    switch (f->kind) {
    case NS_FILTER_ALL:
        return ns_xapian_query_all(b->err);
    case NS_FILTER_NONE:
        return nothing(b);
    case NS_FILTER_TERM:
        return term_query(b, f);
    case NS_FILTER_AND:
        return and_query(b, f);
    case NS_FILTER_OR:
        return or_query(b, f);
    case NS_FILTER_NOT:
        return not_query(b, ns_xapian_query_all(b->err), f->children[0]);
    case NS_FILTER_PHRASE:
        if (is_plain_phrase(f))
            return phrase_query(b, f);
        break;
    case NS_FILTER_NEAR:
        break;
    case NS_FILTER_DAYS:
        return days_query(b, f);
    case NS_FILTER_PLACES:
        return nothing(b); /* never handed to an engine */
    }
    /* Gaps, and NEAR with distinct positions, are beyond Xapian's operators. */
    b->exact = false;
    return f->child_count ? terms_query(b, f) : nothing(b);
}

/* ---- weights */

typedef struct model {
    double documents;    /* N */
    double k1, b;        /* of the plan */
    double own_k1, own_b; /* given to Xapian */
} model;

static model model_of(const ns_xapian_snapshot *s, const ns_plan *plan)
{
    double ratio = 1.0, average = s->documents ? (double)s->total_length / (double)s->documents : 0.0;
    if (average > 0.0 && plan->average_length > 0.0)
        ratio = average / plan->average_length;
    double fixed = plan->k1 * (1.0 - plan->b), by_length = plan->k1 * plan->b * ratio;
    model m = {.documents = (double)s->documents, .k1 = plan->k1, .b = plan->b};
    m.own_k1 = fixed + by_length;
    m.own_b = m.own_k1 > 0.0 ? by_length / m.own_k1 : 0.0;
    if (ratio == 1.0)
        m.own_k1 = plan->k1, m.own_b = plan->b;
    return m;
}

static double factor_of(const model *m, double df, double weight)
{
    double r = (m->documents - df + 0.5) / (df + 0.5);
    if (r < 2.0)
        r = r * 0.5 + 1.0;
    return weight * (m->k1 + 1.0) / (log(r) * (m->own_k1 + 1.0));
}

static nsearch_status weights_query(builder *b, const model *m, const ns_plan *plan,
                                    ns_xapian_query **out, uint64_t *postings)
{
    ns_map places; /* Xapian must meet a term once: key -> its place in 'sums' */
    ns_map_init(&places);
    double *sums = ns_arena_array(&b->arena, plan->weight_count + 1, sizeof *sums);
    ns_xapian_query **parts = ns_arena_array(&b->arena, plan->weight_count + 1, sizeof *parts);
    nsearch_status status = sums && parts ? NSEARCH_OK : ns_error_memory(b->err);
    for (size_t i = 0; !status && i < plan->weight_count; i++) {
        const ns_weight *w = &plan->weights[i];
        bool is_new;
        if (w->key_length > NS_TERM_MAX || !ns_xapian_is_term(w->key, w->key_length))
            continue;
        uint64_t *place = ns_map_put(&places, w->key, w->key_length, &is_new);
        if (!place) {
            status = ns_error_memory(b->err);
            break;
        }
        if (is_new) {
            *place = places.count - 1;
            sums[*place] = 0.0;
        }
        sums[*place] += w->weight;
    }
    size_t count = 0;
    uint64_t sum = 0;
    for (size_t i = 0; !status && i < places.count; i++) {
        const ns_map_entry *e = &places.entries[i];
        uint64_t df = 0;
        status = ns_xapian_frequency(b->reader, e->key, e->length, &df, b->err);
        sum += df;
        if (!status && df)
            parts[count++] =
                ns_xapian_query_term(e->key, e->length, factor_of(m, (double)df, sums[e->value]), b->err);
    }
    ns_xapian_query *query = status ? NULL : ns_xapian_query_join(NS_XAPIAN_OR, parts, count, b->err);
    if (status)
        while (count)
            ns_xapian_query_free(parts[--count]);
    ns_map_release(&places);
    *out = query;
    if (postings)
        *postings = sum;
    return status;
}

/* ---- the whole */

typedef struct judge {
    const ns_xapian_live *live;
    ns_xapian_filter *filter; /* NULL: the query itself is exact */
    uint8_t *seen;            /* articles, by their first docid; NULL: not counted */
    uint64_t articles;
} judge;

static bool accept(uint32_t docid, void *user)
{
    judge *j = user;
    if (ns_xapian_live_is_gone(j->live, docid) || (j->filter && !ns_xapian_filter_holds(j->filter, docid)))
        return false;
    if (j->seen) {
        uint32_t article = ns_xapian_live_article(j->live, docid);
        uint8_t bit = (uint8_t)(1u << (article & 7));
        j->articles += !(j->seen[article >> 3] & bit);
        j->seen[article >> 3] |= bit;
    }
    return true;
}

/* Keeps the best passage of each article, which comes first. */
static size_t group(const ns_xapian_live *live, const ns_xapian_hit *hits, size_t count, ns_map *articles,
                    ns_candidate *candidates, size_t limit)
{
    size_t n = 0;
    ns_map_clear(articles);
    for (size_t i = 0; i < count && n < limit; i++) {
        uint32_t article = ns_xapian_live_article(live, hits[i].docid);
        bool is_new = false;
        if (!ns_map_put(articles, &article, sizeof article, &is_new))
            return SIZE_MAX;
        if (is_new)
            candidates[n++] = (ns_candidate){hits[i].score, hits[i].docid, article};
    }
    return n;
}

/* Xapian's own collapsing loses entries when it also prunes (1.4.22), so passages are asked for, more and more
 * of them until there are enough articles. */
static nsearch_status match_articles(ns_xapian_snapshot *s, ns_xapian_reader *reader, ns_xapian_match *match,
                                     judge *j, builder *b, size_t limit, ns_candidate *candidates, size_t *count,
                                     bool *complete)
{
    ns_map articles;
    ns_map_init(&articles);
    nsearch_status status = NSEARCH_OK;
    size_t bytes = ((size_t)s->live.end + 7) / 8;
    match->limit = limit < SIZE_MAX / 8 ? limit * 4 + 16 : limit;
    for (bool enough = false; !status && !enough;) {
        size_t n = 0;
        if (match->limit > s->documents)
            match->limit = s->documents;
        ns_xapian_hit *hits = ns_arena_array(&b->arena, match->limit + 1, sizeof *hits);
        if (!hits) {
            status = ns_error_memory(b->err);
            break;
        }
        j->articles = 0;
        if (j->seen)
            memset(j->seen, 0, bytes);
        status = ns_xapian_answer(reader, match, hits, &n, b->err);
        if (status)
            break;
        *count = group(&s->live, hits, n, &articles, candidates, limit);
        if (*count == SIZE_MAX)
            status = ns_error_memory(b->err);
        *complete = n < match->limit || n == s->documents;
        enough = *complete || *count == limit;
        match->limit *= 4;
    }
    ns_map_release(&articles);
    return status;
}

static nsearch_status run(ns_xapian_snapshot *s, ns_xapian_reader *reader, builder *b, const ns_plan *plan,
                          size_t limit, ns_candidate *candidates, size_t *count, uint64_t *found, bool *at_least)
{
    judge j = {.live = &s->live};
    ns_xapian_query *query = NULL;
    uint64_t postings = s->documents;
    bool complete = false;
    model m = model_of(s, plan);
    nsearch_status status = weights_query(b, &m, plan, &query, plan->filter ? NULL : &postings);
    if (!status && query && plan->filter) {
        ns_xapian_query *pair[2] = {filter_query(b, plan->filter), query};
        query = ns_xapian_query_join(NS_XAPIAN_RANK, pair, 2, b->err);
        if (!b->exact && query)
            status = ns_xapian_filter_open(s, plan->filter, &b->arena, &j.filter, b->err);
    }
    if (!status && !query)
        status = b->err->status;
    if (!status && postings <= s->count_postings_max) {
        j.seen = ns_arena_take(&b->arena, ((size_t)s->live.end + 7) / 8);
        if (!j.seen)
            status = ns_error_memory(b->err);
    }
    ns_xapian_match match = {.query = query, .k1 = m.own_k1, .b = m.own_b, .all = j.seen != NULL, .accept = accept,
                             .user = &j};
    if (!status)
        status = match_articles(s, reader, &match, &j, b, limit, candidates, count, &complete);
    if (!status && j.filter)
        status = ns_xapian_filter_status(j.filter, b->err);
    if (!status) {
        *found = j.seen ? j.articles : *count;
        *at_least = !j.seen && !(complete && *count < limit);
    }
    ns_xapian_query_free(query);
    ns_xapian_filter_close(j.filter);
    return status;
}

nsearch_status ns_xapian_answer_plan(ns_snapshot *snapshot, const ns_plan *plan, size_t limit,
                                     ns_candidate *candidates, size_t *count, uint64_t *found, bool *at_least,
                                     nsearch_error *err)
{
    ns_xapian_snapshot *s = (ns_xapian_snapshot *)snapshot;
    *count = 0;
    *found = 0;
    *at_least = false;
    if (!s->database_count)
        return NSEARCH_OK;
    nsearch_error own = NSEARCH_ERROR_INIT; /* the builders report through it */
    builder b = {.exact = true, .err = &own};
    ns_xapian_handle *handle;
    size_t n = 0;
    nsearch_status status = ns_xapian_lease(s, &handle, err);
    if (status)
        return status;
    b.reader = handle->reader;
    ns_arena_init(&b.arena);
    status = run(s, handle->reader, &b, plan, limit, candidates, &n, found, at_least);
    ns_arena_release(&b.arena);
    ns_xapian_unlease(handle);
    if (!status)
        *count = n;
    return status ? ns_error_set(err, status, "%s", own.text) : NSEARCH_OK;
}
