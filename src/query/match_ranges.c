/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * match_ranges.c - the best passages of a ranked query, by ranges of eight passages: the bounds of all terms are added up for
 * groups of ranges, and where these are promising for ranges; the ranges with the largest sums are scored first, and then,
 * in docid order, those whose sum can still reach the best found (block-max pruning: Mallia, Suel and Tonellotto 2024). A
 * passage's exact score is summed in the order of the weights, so it has the same bits as the exhaustive one.
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/query/filter_bits.h"
#include "src/query/match_part.h"
#include "src/query/range_maxima.h"
#include "src/query/select.h"
#include "src/query/sieve.h"

/* Sums of bounds in another order than the parts may round below the true sum. */
#define SLACK (1 + 1e-9)
/* All weights together make this many units of a 16-bit sum; the rest is room for those that are made larger. */
#define UNITS 60000
/* Ranges scored first, besides one for each article wanted. */
#define SEEDS 8
/* So few selected passages, besides two for each article wanted, are scored as they come: bounds would cost more. */
#define FEW 24

typedef struct term {
    ns_cursor *cursor;
    ns_cursor light;      /* over all postings of a light term */
    ns_maxima maxima;     /* a light term's are a LIST; ranges = NULL: light, or there are no bounds */
    size_t weight;        /* index in the plan */
    uint16_t scale;
} term;

enum { FRESH, TOUCHED, SUMMED }; /* a group: its sums are unset; are those of light terms; are complete */

/* A range that was scored among the most promising ones, and those of its passages that could then enter. */
typedef struct known {
    size_t range;
    uint32_t begin, end; /* in 'kept' */
} known;

typedef struct kept {
    double score;
    uint32_t docid;
} kept;

typedef struct ranger {
    ns_part_match *m;
    ns_maxima_cache *cache;
    const ns_selection *selection;
    ns_selector **checks; /* one for each of the selection's */
    ns_sieve *sieves;
    const ns_range_kernels *kernels;
    term *terms; /* largest weight first */
    size_t count;
    double unit;           /* what one unit of a sum is worth */
    /* Sums of ranges, worked out group by group when wanted. Above them bounds of groups, of 16 groups and so on: a
     * group's is the sum of its terms' largest shares until it is worked out, the others are the largest below. */
    uint16_t *sums, *levels[NS_RANGE_LEVELS];
    size_t counts[NS_RANGE_LEVELS];     /* of each level */
    uint8_t *states;           /* of each group */
    const uint8_t **maxima;    /* of the heavy terms, and their scales */
    uint16_t *scales;
    size_t ranges, heavy;
    ns_topk *top;          /* what is found goes there */
    bool damaged;          /* met by a check */
    bool hopeless;         /* of the most promising passages too few stand the checks */
    uint16_t least;        /* a range must have this sum */
    known *known;              /* by range */
    size_t known_count, next_known;
    kept *kept;
    uint32_t kept_count;
    bool keeping;              /* what can enter is kept too */
    double (*parts)[NS_RANGE]; /* of each weight, in the range in hand */
    uint16_t *masks;           /* which passages of it have the term */
} ranger;

static bool can_enter(const ns_topk *top, double bound)
{
    return bound * SLACK > top->threshold && bound * SLACK >= top->floor;
}

static void set_least(ranger *r)
{
    double need = r->top->threshold > r->top->floor ? r->top->threshold : r->top->floor;
    /* each term's part is less than one short */
    double units = need > 0 ? need / r->unit * (1 - 1e-9) - (double)r->count : 0;
    r->least = units >= UINT16_MAX ? UINT16_MAX : units < 1 ? 1 : (uint16_t)units;
}

/* ---- terms */

/* A light list is one block in memory: after it there is nothing. */
static uint32_t light_seek(ns_cursor *c, uint32_t target)
{
    (void)target;
    c->i = c->n = 0;
    return c->docid = NS_DOCID_END;
}

static const ns_cursor_ops light_ops = {.seek = light_seek};

static void rewind_light(term *t)
{
    t->light.i = 0;
    t->light.n = t->maxima.count;
    t->light.docid = t->light.docids[0];
}

/* Shares of a light list, added to the sums of its ranges and groups. */
static void add_light(ranger *r, const term *t)
{
    const ns_maxima *list = &t->maxima;
    for (uint32_t i = 0; i < list->group_count; i++) {
        size_t group = list->at_group[i];
        if (r->states[group] == FRESH) {
            memset(r->sums + group * NS_RANGE_GROUP, 0, NS_RANGE_GROUP * sizeof *r->sums);
            r->states[group] = TOUCHED;
        }
        r->levels[0][group] = ns_range_add(r->levels[0][group], ns_range_part(list->in_group[i], t->scale));
    }
    for (uint32_t i = 0; i < list->range_count; i++)
        r->sums[list->at_range[i]] = ns_range_add(r->sums[list->at_range[i]], ns_range_part(list->in_range[i], t->scale));
}

/* What is worked out of a term's postings, kept from an earlier query or made now. */
static nsearch_status read_maxima(ranger *r, term *t, ns_maxima_kind kind, nsearch_error *err)
{
    const ns_weight *w = &r->m->plan->weights[t->weight];
    /* a list of one block is read already, and of a list not much is wanted when passages are selected */
    bool is_cheap = kind == NS_MAXIMA_LIST && (t->cursor->n == t->cursor->df || r->selection->bits);
    ns_maxima_cache *cache = is_cheap ? NULL : r->cache;
    if (ns_maxima_find(cache, r->m, kind, w->key, w->key_length, &t->maxima))
        return NSEARCH_OK;
    if (!ns_maxima_make(cache, r->m, kind, w->key, w->key_length, t->cursor, &t->maxima))
        return ns_error_memory(err);
    if (t->cursor->damaged || kind == NS_MAXIMA_LIST)
        return NSEARCH_OK; /* damage is told of at the end */
    return ns_part_match_rewind(r->m, t->weight, err);
}

/* The cursor to walk term t with. */
static ns_cursor *walk_of(ranger *r, term *t)
{
    return t->maxima.count ? &t->light : r->m->cursors[t->weight];
}

static void sort_terms(ranger *r)
{
    const ns_weight *w = r->m->plan->weights;
    for (size_t i = 1; i < r->count; i++) {
        term moved = r->terms[i];
        size_t k = i;
        for (; k && w[r->terms[k - 1].weight].weight < w[moved.weight].weight; k--)
            r->terms[k] = r->terms[k - 1];
        r->terms[k] = moved;
    }
}

static void set_scales(ranger *r)
{
    const ns_plan *plan = r->m->plan;
    double total = 0;
    for (size_t i = 0; i < r->count; i++)
        total += plan->weights[r->terms[i].weight].weight * (plan->k1 + 1);
    r->unit = total / UNITS;
    for (size_t i = 0; i < r->count; i++) {
        double all = plan->weights[r->terms[i].weight].weight * (plan->k1 + 1);
        /* a little more: the shares are worked out in single precision */
        double scale = all / 255 * 256 / r->unit * (1 + 1e-4) + 1;
        r->terms[i].scale = scale > UINT16_MAX           ? UINT16_MAX
                            : scale < NS_RANGE_SCALE_MIN ? NS_RANGE_SCALE_MIN
                                                         : (uint16_t)scale;
    }
}

/* Works out the sums of a group's ranges. */
static void sum_group(ranger *r, size_t group)
{
    size_t at = group * NS_RANGE_GROUP;
    if (r->states[group] == SUMMED)
        return;
    if (r->states[group] == FRESH)
        memset(r->sums + at, 0, NS_RANGE_GROUP * sizeof *r->sums);
    r->states[group] = SUMMED;
    r->levels[0][group] = r->kernels->group(r->sums + at, r->maxima, r->scales, r->heavy, at,
                                            r->selection->bits ? r->selection->bits + at : NULL);
}

/* Opens what the part has of the plan's terms and adds up their bounds. */
static nsearch_status open_terms(ranger *r, nsearch_error *err)
{
    ns_part_match *m = r->m;
    for (size_t i = 0; i < m->count; i++)
        if (m->cursors[i])
            r->terms[r->count++] = (term){.cursor = m->cursors[i], .weight = i};
    sort_terms(r);
    if (!r->sums)
        return NSEARCH_OK;
    set_scales(r);
    for (size_t i = 0; i < r->count; i++) {
        term *t = &r->terms[i];
        bool is_light = !ns_maxima_worth(m, t->cursor);
        nsearch_status status = read_maxima(r, t, is_light ? NS_MAXIMA_LIST : NS_MAXIMA_SHARES, err);
        if (status)
            return status;
        if (is_light) {
            t->light = (ns_cursor){.ops = &light_ops, .docids = t->maxima.docids, .freqs = t->maxima.freqs};
            if (t->maxima.count) {
                rewind_light(t);
                add_light(r, t);
            }
            continue;
        }
        r->kernels->add(r->levels[0], t->maxima.groups, t->scale, r->counts[0]);
        r->maxima[r->heavy] = t->maxima.ranges;
        r->scales[r->heavy++] = t->scale;
    }
    if (r->selection->bits)
        r->kernels->leave(r->levels[0], r->selection->bits, r->ranges / NS_RANGE_GROUP);
    for (unsigned i = 1; i < NS_RANGE_LEVELS; i++)
        r->kernels->tops(r->levels[i - 1], r->counts[i - 1] / NS_RANGE_GROUP, r->levels[i]);
    return NSEARCH_OK;
}

/* ---- what is looked at last */

static void close_checks(ranger *r)
{
    for (size_t i = 0; i < r->selection->check_count; i++) {
        ns_selector_close(r->checks[i]);
        r->checks[i] = NULL;
    }
}

/* Opens them anew, at their beginning. */
static nsearch_status open_checks(ranger *r, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < r->selection->check_count && !status; i++)
        status = ns_selector_open(r->m->snapshot, r->m->number, r->selection->checks[i], r->m->arena, &r->checks[i], err);
    return status;
}

static nsearch_status open_sieves(ranger *r, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    if (!r->selection->check_count)
        return NSEARCH_OK;
    uint64_t candidates = r->kernels->some(r->selection->bits, r->ranges, NS_SIEVE_CANDIDATES);
    for (size_t i = 0; i < r->selection->check_count && !status; i++)
        status = ns_sieve_open(r->m, r->cache, r->selection->checks[i], candidates, &r->sieves[i], err);
    return status;
}

static bool checks_hold(ranger *r, uint32_t docid)
{
    for (size_t i = 0; i < r->selection->check_count; i++)
        if (!ns_sieve_passes(&r->sieves[i], docid))
            return false;
    for (size_t i = 0; i < r->selection->check_count; i++) {
        if (!ns_selector_holds(r->checks[i], docid)) {
            r->damaged |= ns_selector_damaged(r->checks[i]);
            return false;
        }
    }
    return true;
}

/* ---- one range */

static void enter(ranger *r, uint32_t docid, double exact)
{
    const ns_part_match *m = r->m;
    if (exact > r->top->threshold && exact >= r->top->floor) {
        ns_topk_offer(r->top, exact, docid, m->snapshot->backend->article_of(m->snapshot, docid));
        if (r->keeping)
            r->kept[r->kept_count++] = (kept){exact, docid};
    }
}

/* Offers the passages of the range in hand that can enter; approximate[i] is a passage's sum in any order. */
static void offer(ranger *r, uint32_t base, uint32_t seen, const double *approximate)
{
    const ns_part_match *m = r->m;
    for (; seen; seen &= seen - 1) {
        unsigned i = (unsigned)__builtin_ctz(seen);
        if (!can_enter(r->top, approximate[i]) || ns_part_has_removed(&m->part, base + i) || !checks_hold(r, base + i))
            continue;
        double exact = 0;
        for (size_t w = 0; w < m->plan->weight_count; w++)
            if (r->masks[w] >> i & 1)
                exact += r->parts[w][i];
        enter(r, base + i, exact);
    }
}

/* Scores the range's passages, heaviest terms first, while the rest can still lift one of them into the best. */
static void score_range(ranger *r, size_t range)
{
    const ns_part_match *m = r->m;
    const uint32_t base = m->part.docid_begin + ((uint32_t)range << NS_RANGE_SHIFT), end = base + NS_RANGE;
    double sums[NS_RANGE] = {0}, most = 0;
    const uint32_t wanted = r->selection->bits ? r->selection->bits[range] : (1u << NS_RANGE) - 1;
    uint32_t seen = 0, rest = r->sums ? r->sums[range] + (uint32_t)r->count : 0;
    const bool is_bound = r->sums && r->sums[range] < UINT16_MAX;
    memset(r->masks, 0, m->plan->weight_count * sizeof *r->masks);
    for (size_t i = 0; i < r->count; i++) {
        term *t = &r->terms[i];
        if (t->maxima.ranges && !t->maxima.ranges[range])
            continue;
        ns_cursor *c = walk_of(r, t);
        if (c->docid >= end || ns_cursor_seek(c, base) >= end)
            continue;
        double weight = m->plan->weights[t->weight].weight, *parts = r->parts[t->weight];
        uint32_t mask = 0;
        uint8_t q = 0;
        for (uint32_t d = c->docid; d < end; d = ns_cursor_next(c)) {
            uint32_t at = d - base, tf;
            if (!(wanted >> at & 1) && !t->maxima.count)
                continue;
            tf = ns_cursor_freq(c);
            double norm = ns_bm25_norm(m->formula, ns_part_length(m, d));
            parts[at] = ns_bm25_part(m->formula, weight, tf, norm);
            sums[at] += parts[at];
            most = sums[at] > most && wanted >> at & 1 ? sums[at] : most;
            mask |= UINT32_C(1) << at;
            if (t->maxima.count) {
                uint8_t own = ns_range_share(tf, (float)norm);
                q = own > q ? own : q;
            }
        }
        r->masks[t->weight] = (uint16_t)mask;
        seen |= mask;
        if (!is_bound)
            continue;
        rest -= ns_range_part(t->maxima.ranges ? t->maxima.ranges[range] : q, t->scale);
        if (!can_enter(r->top, most + rest * r->unit))
            return;
    }
    offer(r, base, seen & wanted, sums);
}

/* Passages of a range that was scored before; ranges come in ascending order. What could not enter then cannot now: as
 * many others are better, or as good and come earlier. */
static void take_range(ranger *r, size_t range, const known *all, size_t count, const kept *passages)
{
    while (r->next_known < count && all[r->next_known].range < range)
        r->next_known++;
    if (r->next_known == count || all[r->next_known].range != range) {
        score_range(r, range);
        return;
    }
    for (uint32_t i = all[r->next_known].begin; i < all[r->next_known].end; i++)
        enter(r, passages[i].docid, passages[i].score);
}

/* ---- the ranges scored first */

typedef struct seed {
    size_t range;
    uint16_t sum;
} seed;

static int by_range(const void *a, const void *b)
{
    const seed *x = a, *y = b;
    return x->range < y->range ? -1 : x->range > y->range;
}

static void sort_seeds(seed *seeds, size_t n)
{
    if (n > 64) {
        qsort(seeds, n, sizeof *seeds, by_range);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        seed moved = seeds[i];
        size_t k = i;
        for (; k && seeds[k - 1].range > moved.range; k--)
            seeds[k] = seeds[k - 1];
        seeds[k] = moved;
    }
}

/* The first of the largest sums of a group's ranges, of which one is 'largest'. */
static size_t first_of(const ranger *r, const uint16_t *sums, uint16_t largest)
{
    uint8_t at[NS_RANGE_GROUP];
    r->kernels->select(sums, largest, at);
    return at[0];
}

/* Takes the 'wanted' ranges with the largest sums out of the sums, largest first. */
static size_t take_best(ranger *r, size_t wanted, seed *seeds)
{
    size_t n = 0;
    while (n < wanted) {
        size_t group = r->kernels->peak(r->levels, r->counts[NS_RANGE_LEVELS - 1]);
        uint16_t bound = r->levels[0][group], *sums = r->sums + group * NS_RANGE_GROUP;
        if (!bound)
            break;
        if (r->states[group] == SUMMED) {
            size_t at = first_of(r, sums, bound);
            seeds[n++] = (seed){group * NS_RANGE_GROUP + at, bound};
            sums[at] = 0;
            r->kernels->tops(sums, 1, &r->levels[0][group]);
        } else
            sum_group(r, group);
        r->kernels->climb(r->levels, group);
    }
    return n;
}

/* Puts them back. */
static void give_back(ranger *r, const seed *seeds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r->sums[seeds[i].range] = seeds[i].sum;
    for (size_t i = 0; i < n; i++) {
        size_t group = seeds[i].range / NS_RANGE_GROUP;
        r->kernels->tops(r->sums + group * NS_RANGE_GROUP, 1, &r->levels[0][group]);
        r->kernels->climb(r->levels, group);
    }
}

static nsearch_status rewind_all(ranger *r, nsearch_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        term *t = &r->terms[i];
        nsearch_status status = NSEARCH_OK;
        if (t->maxima.count)
            rewind_light(t);
        else
            status = ns_part_match_rewind(r->m, t->weight, err);
        if (status)
            return status;
    }
    close_checks(r);
    return open_checks(r, err);
}

/* Scores the ranges, which are sorted, and keeps what is found for the walk through all ranges. */
static nsearch_status score_seeds(ranger *r, const seed *seeds, size_t n, nsearch_error *err)
{
    const known *before = r->known;
    const kept *passages = r->kept;
    size_t count = r->known_count;
    r->known = ns_arena_array(r->m->arena, n + 1, sizeof *r->known);
    r->kept = ns_arena_array(r->m->arena, (n + 1) * NS_RANGE, sizeof *r->kept);
    if (!r->known || !r->kept)
        return ns_error_memory(err);
    r->kept_count = 0;
    r->next_known = 0;
    r->keeping = true;
    for (size_t i = 0; i < n; i++) {
        uint32_t begin = r->kept_count;
        take_range(r, seeds[i].range, before, count, passages);
        r->known[i] = (known){seeds[i].range, begin, r->kept_count};
    }
    r->keeping = false;
    r->known_count = n;
    r->next_known = 0;
    return NSEARCH_OK;
}

/* Scores the 'wanted' most promising ranges. *all: there are no others. */
static nsearch_status score_best(ranger *r, size_t wanted, ns_topk *found, bool *all, nsearch_error *err)
{
    ns_topk *real = r->top;
    seed *seeds = ns_arena_array(r->m->arena, wanted, sizeof *seeds);
    if (!seeds || !ns_topk_init(found, real->limit, r->m->arena))
        return ns_error_memory(err);
    size_t n = take_best(r, wanted, seeds);
    give_back(r, seeds, n);
    sort_seeds(seeds, n);
    found->floor = real->threshold > real->floor ? real->threshold : real->floor;
    r->top = found;
    nsearch_status status = score_seeds(r, seeds, n, err);
    ns_topk_finish(found);
    r->top = real;
    *all = n < wanted;
    return status ? status : rewind_all(r, err);
}

/* Finds a floor: the limit-th best of the most promising ranges. Where passages must stand checks and few of these do,
 * more are tried once. */
static nsearch_status find_floor(ranger *r, nsearch_error *err)
{
    ns_topk found;
    bool all;
    size_t wanted = r->top->limit + SEEDS;
    nsearch_status status = score_best(r, wanted, &found, &all, err);
    if (!status && !all && found.count < found.limit && r->selection->check_count) {
        status = score_best(r, wanted * 4, &found, &all, err);
        r->hopeless = !all && found.count < found.limit;
    }
    if (!status && found.count == found.limit && found.threshold > r->top->floor)
        r->top->floor = found.threshold;
    return status;
}

/* ---- all ranges */

static void score_group(ranger *r, size_t group)
{
    uint8_t at[NS_RANGE_GROUP];
    sum_group(r, group);
    const uint16_t *sums = r->sums + group * NS_RANGE_GROUP;
    size_t n = r->kernels->select(sums, r->least, at);
    for (size_t i = 0; i < n; i++) {
        double threshold = r->top->threshold;
        if (sums[at[i]] < r->least)
            continue;
        take_range(r, group * NS_RANGE_GROUP + at[i], r->known, r->known_count, r->kept);
        if (r->top->threshold > threshold)
            set_least(r);
    }
}

static void score_all(ranger *r)
{
    set_least(r);
    for (size_t high = 0; high < r->counts[1]; high++) {
        uint8_t at[NS_RANGE_GROUP];
        const uint16_t *groups = r->levels[0] + high * NS_RANGE_GROUP;
        if (r->levels[1][high] < r->least)
            continue;
        size_t n = r->kernels->select(groups, r->least, at);
        for (size_t i = 0; i < n; i++)
            if (groups[at[i]] >= r->least)
                score_group(r, high * NS_RANGE_GROUP + at[i]);
    }
}

/* The few selected passages, one range after the other. */
static void score_few(ranger *r)
{
    uint32_t passages = r->m->part.docid_end - r->m->part.docid_begin;
    for (uint32_t at = 0; (at = ns_bits_next(r->selection->bits, at, passages)) < passages;
         at = (at | (NS_RANGE - 1)) + 1)
        score_range(r, at >> NS_RANGE_SHIFT);
}

static nsearch_status allocate_sums(ranger *r, nsearch_error *err)
{
    ns_part_match *m = r->m;
    size_t count = r->ranges;
    r->sums = ns_arena_array(m->arena, r->ranges, sizeof *r->sums);
    r->maxima = ns_arena_array(m->arena, m->count, sizeof *r->maxima);
    r->scales = ns_arena_array(m->arena, m->count, sizeof *r->scales);
    r->states = ns_arena_zero(m->arena, r->ranges / NS_RANGE_GROUP);
    bool good = r->sums && r->maxima && r->scales && r->states;
    for (unsigned i = 0; i < NS_RANGE_LEVELS && good; i++) {
        count = (count + NS_RANGE_GROUP - 1) / NS_RANGE_GROUP;
        r->counts[i] = (count + NS_RANGE_GROUP - 1) / NS_RANGE_GROUP * NS_RANGE_GROUP;
        r->levels[i] = ns_arena_zero(m->arena, r->counts[i] * sizeof *r->levels[i]);
        good = r->levels[i] != NULL;
    }
    return good ? NSEARCH_OK : ns_error_memory(err);
}

static nsearch_status allocate(ranger *r, nsearch_error *err)
{
    ns_part_match *m = r->m;
    size_t few = FEW + 2 * m->top->limit;
    r->ranges = ns_range_count(m->part.docid_end - m->part.docid_begin);
    r->terms = ns_arena_array(m->arena, m->count, sizeof *r->terms);
    r->parts = ns_arena_array(m->arena, m->count, sizeof *r->parts);
    r->masks = ns_arena_array(m->arena, m->count, sizeof *r->masks);
    r->checks = ns_arena_zero(m->arena, (r->selection->check_count + 1) * sizeof *r->checks);
    r->sieves = ns_arena_zero(m->arena, (r->selection->check_count + 1) * sizeof *r->sieves);
    if (!r->checks || !r->sieves || !r->terms || !r->parts || !r->masks)
        return ns_error_memory(err);
    bool is_few = r->selection->bits && r->kernels->some(r->selection->bits, r->ranges, few + 1) <= few;
    return is_few ? NSEARCH_OK : allocate_sums(r, err);
}

nsearch_status ns_match_ranges(ns_part_match *m, ns_maxima_cache *cache, const ns_selection *selection,
                               bool *hopeless, nsearch_error *err)
{
    ranger r = {.m = m, .cache = cache, .selection = selection, .kernels = ns_range_kernels_best(), .top = m->top};
    if (!m->top->limit || !m->plan->weight_count || m->part.docid_begin == m->part.docid_end)
        return NSEARCH_OK;
    nsearch_status status = allocate(&r, err);
    if (!status)
        status = open_terms(&r, err);
    if (!status)
        status = open_checks(&r, err);
    if (!status)
        status = open_sieves(&r, err);
    if (!status && r.count && !r.sums) {
        score_few(&r);
    } else if (!status && r.count) {
        status = find_floor(&r, err);
        if (!status && !r.hopeless)
            score_all(&r);
    }
    for (size_t i = 0; i < r.count; i++)
        ns_maxima_release(cache, &r.terms[i].maxima);
    if (r.checks)
        close_checks(&r);
    for (size_t i = 0; r.sieves && i < selection->check_count; i++)
        ns_sieve_close(cache, &r.sieves[i]);
    if (hopeless)
        *hopeless = r.hopeless;
    if (!status && r.damaged)
        status = ns_match_damaged(err);
    return status;
}
