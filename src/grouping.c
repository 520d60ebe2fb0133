/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * grouping.c - candidates are the articles that share a word of the sketch in one of the first PLACES places; for a
 * few articles all sketches are looked through, for many a table is made. An article joins a group when the evidence that it is
 * a copy of the head is enough, or when it is a close copy of a member and not unlike the head.
 */
#include "src/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"
#include "src/text/neardup.h"

enum {
    PLACES = 32,       /* of the sketch's words by which candidates are found */
    VALUES = 1 << 16,  /* of a word */
    COMMON = 96,       /* articles with the same word in one place: it is a set phrase, and makes no candidates */
    TABLE_AFTER = 32,  /* articles added: a table pays for itself */
    SMALL_GROUP = 8,   /* articles */
    NONE = 0           /* entry numbers are counted from 1 */
};
#define CLOSE_EVIDENCE 0.95 /* between a member and the new article */
#define LOOSE_EVIDENCE 0.50 /* and then between the head and the new article */
/* The larger a group, the more common its wording: of grants for the fire brigades of a state all are announced in the same
 * words. An agency's report that so many outlets carry is carried as it is. */
#define EVIDENCE_MORE 0.04 /* for each article above SMALL_GROUP, */
#define EVIDENCE_MOST 0.60 /* and at most */
/* Chance makes an article like one text; to be a copy it must not be unlike the others of the group. */
#define MEAN_EVIDENCE 0.60 /* over all of its articles */

typedef struct entry {
    uint64_t hash, group;
    ns_sketch sketch;
    int32_t day; /* that can be relied on, or unknown */
    bool gone;
} entry;

/* The entry that stands for a group: its head, or when that is gone the one with the lowest hash. */
typedef struct slot {
    uint64_t number;
    uint32_t entry;
    uint32_t size; /* articles of the group that are here */
} slot;

typedef struct table {
    uint32_t first[PLACES][VALUES]; /* entries by place and word, the newest first */
    uint16_t count[PLACES][VALUES]; /* of those that are not gone; no more than COMMON + 1 are told apart */
} table;

/* A candidate: an article that may be a copy of the one in hand. */
typedef struct found {
    uint64_t group;
    uint32_t entry;
} found;

struct ns_grouping {
    entry *entries; /* entries[0] is not used */
    uint32_t count, capacity;
    uint32_t (*next)[PLACES]; /* in the table's lists; as many as entries */
    uint32_t next_capacity;
    table *table; /* NULL: none yet */
    slot *slots;  /* open addressing by the number of the group; entry NONE: empty */
    uint32_t slot_count, slots_used;
    uint32_t *seen; /* by entry: the round in which it became a candidate */
    uint32_t seen_capacity, round;
    found *found;
    size_t found_count, found_capacity;
    uint32_t added;
    uint32_t most; /* entries, by the memory */
    bool loaded, scans; /* scans: no memory for a table */
};

ns_grouping *ns_grouping_new(size_t memory)
{
    ns_grouping *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->scans = memory < 2 * sizeof(table);
    size_t each = sizeof(entry) + 2 * sizeof(slot) + (g->scans ? 0 : sizeof *g->next + sizeof *g->seen);
    size_t most = (g->scans ? memory : memory - sizeof(table)) / each;
    g->most = most < 1024 ? 1024 : most < UINT32_MAX / 4 ? (uint32_t)most : UINT32_MAX / 4;
    return g;
}

void ns_grouping_clear(ns_grouping *g)
{
    free(g->entries);
    free(g->next);
    free(g->table);
    free(g->slots);
    free(g->seen);
    free(g->found);
    *g = (ns_grouping){.most = g->most, .scans = g->scans};
}

void ns_grouping_free(ns_grouping *g)
{
    if (g)
        ns_grouping_clear(g);
    free(g);
}

bool ns_grouping_loaded(const ns_grouping *g)
{
    return g->loaded;
}

/* ---- the entry that stands for a group */

static slot *slot_of(const ns_grouping *g, uint64_t number)
{
    uint32_t mask = g->slot_count - 1, at = (uint32_t)(ns_mix64(number) >> 20) & mask;
    while (g->slots[at].entry != NONE && g->slots[at].number != number)
        at = (at + 1) & mask;
    return &g->slots[at];
}

static bool stands_before(const entry *a, const entry *b)
{
    bool heads[2] = {a->group & NS_GROUP_HEAD, b->group & NS_GROUP_HEAD};
    return heads[0] != heads[1] ? heads[0] : a->hash < b->hash;
}

static void offer_head(ns_grouping *g, uint32_t i)
{
    slot *s = slot_of(g, ns_group_number(g->entries[i].group));
    if (g->entries[s->entry].gone || stands_before(&g->entries[i], &g->entries[s->entry]))
        s->entry = i;
}

static void join(ns_grouping *g, uint32_t i)
{
    uint64_t number = ns_group_number(g->entries[i].group);
    slot *s = slot_of(g, number);
    if (s->entry == NONE) {
        *s = (slot){number, i, 0};
        g->slots_used++;
    }
    s->size++;
    offer_head(g, i);
}

static bool grow_slots(ns_grouping *g)
{
    if (g->slots_used * 2 < g->slot_count)
        return true;
    uint32_t old_count = g->slot_count;
    slot *old = g->slots, *slots = calloc(old_count ? old_count * 2 : 1024, sizeof *slots);
    if (!slots)
        return false;
    g->slots = slots;
    g->slot_count = old_count ? old_count * 2 : 1024;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].entry != NONE)
            *slot_of(g, old[i].number) = old[i];
    free(old);
    return true;
}

/* ---- entries */

/* What stands in a place: of a text too short for shingles only the first tells anything. */
static uint16_t word_at(const ns_sketch *sketch, unsigned place)
{
    return sketch->shingles ? sketch->words[place] : (uint16_t)(sketch->text_hash >> 48);
}

static unsigned places_of(const ns_sketch *sketch)
{
    return sketch->shingles ? PLACES : 1;
}

static void link_entry(ns_grouping *g, uint32_t i)
{
    const ns_sketch *sketch = &g->entries[i].sketch;
    for (unsigned p = 0; p < places_of(sketch); p++) {
        uint16_t word = word_at(sketch, p);
        g->next[i][p] = g->table->first[p][word];
        g->table->first[p][word] = i;
        g->table->count[p][word] += g->table->count[p][word] < UINT16_MAX;
    }
}

static bool grow_next(ns_grouping *g)
{
    if (g->next_capacity > g->count)
        return true;
    uint32_t (*next)[PLACES] = realloc(g->next, (size_t)g->capacity * sizeof *next);
    if (!next)
        return false;
    g->next = next;
    g->next_capacity = g->capacity;
    return true;
}

static bool make_table(ns_grouping *g)
{
    g->table = calloc(1, sizeof *g->table);
    if (!g->table || !grow_next(g))
        return false;
    for (uint32_t i = 1; i <= g->count; i++)
        if (!g->entries[i].gone)
            link_entry(g, i);
    return true;
}

static bool put_entry(ns_grouping *g, const entry *e)
{
    if (g->count + 1 >= g->capacity) {
        uint32_t capacity = g->capacity ? g->capacity + g->capacity / 2 : 1024;
        entry *entries = realloc(g->entries, capacity * sizeof *entries);
        if (!entries)
            return false;
        g->entries = entries;
        g->capacity = capacity;
    }
    if (!grow_slots(g))
        return false;
    g->entries[++g->count] = *e;
    if (g->table) {
        if (!grow_next(g))
            return false;
        link_entry(g, g->count);
    }
    join(g, g->count);
    return true;
}

static int by_day(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->day != y->day)
        return x->day > y->day ? -1 : 1;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* Forgets the older half, and what is gone. */
static nsearch_status make_room(ns_grouping *g, nsearch_error *err)
{
    if (g->count < g->most)
        return NSEARCH_OK;
    entry *kept = g->entries;
    uint32_t count = 0, added = g->added;
    bool with_table = g->table != NULL;
    for (uint32_t i = 1; i <= g->count; i++)
        if (!kept[i].gone)
            kept[count++] = kept[i];
    qsort(kept, count, sizeof *kept, by_day);
    g->entries = NULL;
    ns_grouping_clear(g);
    g->loaded = true;
    g->added = added;
    bool fine = true;
    for (uint32_t i = 0; i < count && i < g->most / 2 && fine; i++)
        fine = put_entry(g, &kept[i]);
    free(kept);
    if (fine && with_table)
        fine = make_table(g);
    return fine ? NSEARCH_OK : ns_error_memory(err);
}

static entry make_entry(uint64_t hash, int32_t day, uint64_t group, const ns_sketch *sketch)
{
    return (entry){.hash = hash, .group = group, .sketch = *sketch,
                   .day = group & NS_GROUP_DOUBTFUL ? NS_DAY_UNKNOWN : day};
}

typedef struct loading {
    ns_grouping *g;
    nsearch_status status;
    nsearch_error *err;
} loading;

static bool load_entry(const ns_article_columns *columns, void *user)
{
    loading *l = user;
    if (!columns->group)
        return true;
    entry e = make_entry(columns->hash, columns->day, columns->group, &columns->sketch);
    l->status = make_room(l->g, l->err);
    if (!l->status && !put_entry(l->g, &e))
        l->status = ns_error_memory(l->err);
    return !l->status;
}

nsearch_status ns_grouping_load(ns_grouping *g, ns_snapshot *snapshot, nsearch_error *err)
{
    loading l = {.g = g, .err = err};
    ns_grouping_clear(g);
    g->loaded = true;
    nsearch_status status =
        snapshot ? snapshot->backend->articles(snapshot, load_entry, &l, err) : NSEARCH_OK;
    return status ? status : l.status;
}

void ns_grouping_remove(ns_grouping *g, uint64_t hash)
{
    uint32_t i = g->count;
    while (i && (g->entries[i].hash != hash || g->entries[i].gone))
        i--;
    if (!i)
        return;
    entry *e = &g->entries[i];
    e->gone = true;
    for (unsigned p = 0; g->table && p < places_of(&e->sketch); p++) {
        uint16_t *count = &g->table->count[p][word_at(&e->sketch, p)];
        *count -= *count < UINT16_MAX;
    }
    slot *s = slot_of(g, ns_group_number(e->group));
    s->size--;
    if (s->entry != i)
        return;
    for (uint32_t k = 1; k <= g->count; k++)
        if (!g->entries[k].gone && ns_group_number(g->entries[k].group) == ns_group_number(e->group))
            offer_head(g, k);
}

/* ---- candidates */

static bool add_candidate(ns_grouping *g, uint32_t i)
{
    if (g->found_count == g->found_capacity) {
        size_t capacity = g->found_capacity ? g->found_capacity * 2 : 256;
        found *more = realloc(g->found, capacity * sizeof *more);
        if (!more)
            return false;
        g->found = more;
        g->found_capacity = capacity;
    }
    g->found[g->found_count++] = (found){ns_group_number(g->entries[i].group), i};
    return true;
}

static bool find_by_table(ns_grouping *g, const ns_sketch *sketch)
{
    if (g->seen_capacity <= g->count) {
        uint32_t *seen = realloc(g->seen, g->capacity * sizeof *seen);
        if (!seen)
            return false;
        memset(seen + g->seen_capacity, 0, (g->capacity - g->seen_capacity) * sizeof *seen);
        g->seen = seen;
        g->seen_capacity = g->capacity;
    }
    g->round++;
    for (unsigned p = 0; p < places_of(sketch); p++) {
        uint16_t word = word_at(sketch, p);
        if (g->table->count[p][word] > COMMON)
            continue;
        for (uint32_t i = g->table->first[p][word]; i != NONE; i = g->next[i][p]) {
            if (g->seen[i] == g->round || g->entries[i].gone)
                continue;
            g->seen[i] = g->round;
            if (!add_candidate(g, i))
                return false;
        }
    }
    return true;
}

/* A bit for each place in which the two have the same word. */
static uint32_t equal_places(const ns_sketch *a, const ns_sketch *b)
{
    uint32_t bits = 0;
    if (!a->shingles || !b->shingles)
        return word_at(a, 0) == word_at(b, 0);
    for (unsigned p = 0; p < PLACES; p++)
        bits |= (uint32_t)(a->words[p] == b->words[p]) << p;
    return bits;
}

/* The same candidates as by the table. */
static bool find_by_scan(ns_grouping *g, const ns_sketch *sketch)
{
    uint32_t counts[PLACES] = {0}, common = 0;
    for (uint32_t i = 1; i <= g->count; i++) {
        uint32_t bits = g->entries[i].gone ? 0 : equal_places(sketch, &g->entries[i].sketch);
        if (bits && !add_candidate(g, i))
            return false;
        for (; bits; bits &= bits - 1)
            counts[__builtin_ctz(bits)]++;
    }
    for (unsigned p = 0; p < PLACES; p++)
        common |= (uint32_t)(counts[p] > COMMON) << p;
    size_t kept = 0;
    for (size_t k = 0; k < g->found_count; k++)
        if (equal_places(sketch, &g->entries[g->found[k].entry].sketch) & ~common)
            g->found[kept++] = g->found[k];
    g->found_count = kept;
    return true;
}

/* ---- the decision */

/* What the candidates of one group say about the article. */
typedef struct tally {
    uint64_t number;
    const entry *head;
    uint32_t size;
    double of_head;
    double sum;     /* of all members that are candidates */
    bool close;     /* to a member */
} tally;

static double more_for(uint32_t size)
{
    double more = size > SMALL_GROUP ? EVIDENCE_MORE * (size - SMALL_GROUP) : 0;
    return more < EVIDENCE_MOST ? more : EVIDENCE_MOST;
}

static void tell(tally *t, const entry *article, const entry *candidate)
{
    double evidence = candidate == t->head ? t->of_head : ns_sketch_evidence(&candidate->sketch, &article->sketch);
    t->sum += evidence;
    t->close |= candidate != t->head && evidence >= CLOSE_EVIDENCE + more_for(t->size) &&
                ns_sketch_days_fit(&candidate->sketch, candidate->day, &article->sketch, article->day, evidence);
}

/* The evidence that the article is a copy of this group; 0: it is none. */
static double judge(const tally *t, const entry *article)
{
    double evidence = t->of_head - more_for(t->size);
    if (t->size > 1 && t->sum < MEAN_EVIDENCE * t->size)
        return 0;
    if (evidence >= NS_COPY_EVIDENCE &&
        ns_sketch_days_fit(&t->head->sketch, t->head->day, &article->sketch, article->day, t->of_head))
        return evidence;
    return t->close && evidence >= LOOSE_EVIDENCE ? evidence : 0;
}

static int by_group(const void *a, const void *b)
{
    const found *x = a, *y = b;
    return x->group != y->group ? (x->group < y->group ? -1 : 1) : x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* The number of the group that the article joins; 0: it begins one. */
static uint64_t choose_group(ns_grouping *g, const entry *article)
{
    uint64_t joined = 0;
    double best = 0;
    if (g->found_count > 1)
        qsort(g->found, g->found_count, sizeof *g->found, by_group);
    for (size_t k = 0, end; k < g->found_count; k = end) {
        const slot *s = slot_of(g, g->found[k].group);
        const entry *head = &g->entries[s->entry];
        tally t = {.number = g->found[k].group, .head = head, .size = s->size,
                   .of_head = ns_sketch_evidence(&head->sketch, &article->sketch)};
        for (end = k; end < g->found_count && g->found[end].group == t.number; end++)
            if (t.of_head >= LOOSE_EVIDENCE)
                tell(&t, article, &g->entries[g->found[end].entry]);
        double evidence = judge(&t, article);
        if (evidence > best) { /* of groups that are equally like, the one with the lowest number */
            best = evidence;
            joined = t.number;
        }
    }
    return joined;
}

nsearch_status ns_grouping_add(ns_grouping *g, uint64_t hash, int32_t day, bool doubtful, const ns_sketch *sketch,
                               uint64_t *group, nsearch_error *err)
{
    uint64_t bits = doubtful ? NS_GROUP_DOUBTFUL : 0;
    entry e = make_entry(hash, day, bits, sketch);
    nsearch_status status = make_room(g, err);
    if (status)
        return status;
    if (++g->added == TABLE_AFTER && !g->scans && !make_table(g))
        return ns_error_memory(err);
    g->found_count = 0;
    if (sketch->text_hash && !(g->table ? find_by_table(g, sketch) : find_by_scan(g, sketch)))
        return ns_error_memory(err);
    uint64_t joined = choose_group(g, &e);
    if (joined)
        e.group = joined | bits;
    else
        e.group = ns_group_number(ns_mix64(hash) | (NS_GROUP_BITS + 1)) | NS_GROUP_HEAD | bits; /* never number 0 */
    if (!put_entry(g, &e))
        return ns_error_memory(err);
    *group = e.group;
    return NSEARCH_OK;
}
