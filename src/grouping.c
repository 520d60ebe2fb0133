/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * grouping.c - candidates are the articles that share a word of the sketch in one of the first PLACES places; for a
 * few articles all sketches are looked through, for many a table is made. An article joins a group when the evidence that it is
 * a copy of the head is enough, or when it is a close copy of a member and not unlike the head. Of more articles than there is
 * memory for, the last that came are compared: a rule that commits do not change.
 */
#include "src/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/bytes.h"
#include "src/base/day.h"
#include "src/text/neardup.h"

enum {
    PLACES = 32,       /* of the sketch's words by which candidates are found */
    BITS_MOST = 16,    /* of a word that choose a list of the table */
    COMMON = 96,       /* articles with the same word in one place: it is a set phrase, and makes no candidates */
    TABLE_AFTER = 32,  /* articles added: a table pays for itself */
    SMALL_GROUP = 8,   /* articles */
    SPARE = 4,         /* this part more entries are kept, so that forgotten ones are not moved over each time */
    LIVE_LEAST = 1024, /* articles compared with, however little memory there is */
    NONE = 0           /* entry numbers are counted from 1 */
};
#define CLOSE_EVIDENCE 0.76 /* between a member and the new article */
#define LOOSE_EVIDENCE 0.27 /* and then between the head and the new article */
/* The larger a group, the more common its wording: of grants for the fire brigades of a state all are announced in the same
 * words. An agency's report that so many outlets carry is carried as it is. */
#define EVIDENCE_MORE 0.04 /* for each article above SMALL_GROUP, */
#define EVIDENCE_MOST 0.60 /* and at most */
/* Chance makes an article like one text; to be a copy it must not be unlike the others of the group. */
#define MEAN_EVIDENCE 0.62 /* over all of its articles */
/* Of several groups that it may join, the one of its nearest kin is right more often than the one with the nearest head. */
#define NEAREST_COUNTS 0.78 /* and the head the rest */

typedef struct entry {
    ns_sketch sketch;
    int32_t day; /* that can be relied on, or unknown */
    bool gone;
} entry;

/* The rest of an entry: what all are looked through for. */
typedef struct key {
    uint64_t hash, group;
} key;

/* The entry that stands for a group: its head, or when that is gone the one with the lowest hash. */
typedef struct slot {
    uint64_t number;
    uint32_t entry;
    uint32_t size; /* articles of the group that are here */
} slot;

/* A candidate: an article that may be a copy of the one in hand. */
typedef struct found {
    uint64_t group;
    uint32_t entry;
} found;

struct ns_grouping {
    entry *entries; /* entries[0] is not used */
    key *keys;      /* as many */
    uint32_t count, capacity;
    uint32_t begin, live;     /* those before 'begin' are forgotten; how many of the others are not gone */
    uint32_t (*next)[PLACES]; /* in the table's lists; as many as entries */
    uint32_t next_capacity;
    uint32_t *table; /* for each place and the first bits of a word: entries, the newest first; NULL: none yet */
    unsigned bits;
    uint8_t *common; /* a bit for each list of one word that was found to have too many: it is not walked again */
    slot *slots; /* open addressing by the number of the group; entry NONE: empty */
    uint32_t slot_count, slots_used;
    uint32_t *seen; /* by entry: the round in which it became a candidate */
    uint32_t seen_capacity, round;
    found *found;
    size_t found_count, found_capacity;
    uint32_t added;
    uint32_t most; /* live entries, by the memory */
    bool loaded;
    bool forgets; /* some were dropped for want of room */
};

static size_t table_bytes(unsigned bits)
{
    return ((size_t)PLACES << bits) * sizeof(uint32_t) + ((size_t)PLACES << bits) / 8;
}

ns_grouping *ns_grouping_new(size_t memory)
{
    ns_grouping *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->bits = BITS_MOST;
    while (g->bits > 8 && table_bytes(g->bits) > memory / 8)
        g->bits--;
    size_t each = sizeof *g->entries + sizeof *g->keys + 2 * sizeof *g->slots + sizeof *g->next + sizeof *g->seen;
    size_t left = memory > 2 * table_bytes(g->bits) ? memory - table_bytes(g->bits) : 0;
    size_t most = left / (each + each / SPARE);
    g->most = most < LIVE_LEAST ? LIVE_LEAST : most < UINT32_MAX / 4 ? (uint32_t)most : UINT32_MAX / 4;
    g->begin = 1;
    return g;
}

void ns_grouping_clear(ns_grouping *g)
{
    free(g->entries);
    free(g->keys);
    free(g->next);
    free(g->table);
    free(g->common);
    free(g->slots);
    free(g->seen);
    free(g->found);
    *g = (ns_grouping){.most = g->most, .bits = g->bits, .begin = 1};
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

static bool stands_before(const key *a, const key *b)
{
    bool heads[2] = {a->group & NS_GROUP_HEAD, b->group & NS_GROUP_HEAD};
    return heads[0] != heads[1] ? heads[0] : a->hash < b->hash;
}

static void offer_head(ns_grouping *g, uint32_t i)
{
    slot *s = slot_of(g, ns_group_number(g->keys[i].group));
    if (g->entries[s->entry].gone || stands_before(&g->keys[i], &g->keys[s->entry]))
        s->entry = i;
}

static void join(ns_grouping *g, uint32_t i)
{
    uint64_t number = ns_group_number(g->keys[i].group);
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

/* The list of the table that a word in this place is in; others are in it too. */
static size_t list_of(const ns_grouping *g, unsigned place, uint16_t word)
{
    return ((size_t)place << g->bits) + (word >> (16 - g->bits));
}

static void link_entry(ns_grouping *g, uint32_t i)
{
    const ns_sketch *sketch = &g->entries[i].sketch;
    for (unsigned p = 0; p < places_of(sketch); p++) {
        uint32_t *list = &g->table[list_of(g, p, word_at(sketch, p))];
        g->next[i][p] = *list;
        *list = i;
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
    size_t lists = (size_t)PLACES << g->bits;
    g->table = calloc(lists, sizeof *g->table);
    g->common = calloc(lists / 8, 1);
    if (!g->table || !g->common || !grow_next(g))
        return false;
    for (uint32_t i = g->begin; i <= g->count; i++)
        if (!g->entries[i].gone)
            link_entry(g, i);
    return true;
}

static bool grow_entries(ns_grouping *g)
{
    if (g->count + 1 < g->capacity)
        return true;
    uint32_t capacity = g->capacity ? g->capacity + g->capacity / 2 : 1024, most = g->most + g->most / SPARE + 2;
    capacity = capacity < most ? capacity : most;
    entry *entries = realloc(g->entries, capacity * sizeof *entries);
    g->entries = entries ? entries : g->entries;
    key *keys = realloc(g->keys, capacity * sizeof *keys);
    g->keys = keys ? keys : g->keys;
    if (!entries || !keys)
        return false;
    g->capacity = capacity;
    return true;
}

static bool put_entry(ns_grouping *g, const entry *e, key k)
{
    if (!grow_entries(g) || !grow_slots(g))
        return false;
    g->entries[++g->count] = *e;
    g->keys[g->count] = k;
    g->live++;
    if (g->table) {
        if (!grow_next(g))
            return false;
        link_entry(g, g->count);
    }
    join(g, g->count);
    return true;
}

/* The entry is no more: another stands for its group if it did. */
static void drop_entry(ns_grouping *g, uint32_t i)
{
    uint64_t number = ns_group_number(g->keys[i].group);
    slot *s = slot_of(g, number);
    g->entries[i].gone = true;
    g->live--;
    const ns_sketch *sketch = &g->entries[i].sketch;
    for (unsigned p = 0; g->common && p < places_of(sketch); p++) {
        size_t list = list_of(g, p, word_at(sketch, p));
        g->common[list / 8] &= (uint8_t) ~(1u << list % 8);
    }
    if (--s->size == 0 || s->entry != i)
        return;
    for (uint32_t k = g->begin; k <= g->count; k++)
        if (ns_group_number(g->keys[k].group) == number && !g->entries[k].gone)
            offer_head(g, k);
}

/* Moves the live entries to the front. */
static bool close_ranks(ns_grouping *g)
{
    ns_grouping old = *g;
    g->entries = NULL;
    g->keys = NULL;
    g->next = NULL;
    g->table = NULL;
    g->common = NULL;
    g->slots = NULL;
    g->seen = NULL;
    g->found = NULL;
    ns_grouping_clear(g);
    g->loaded = true;
    g->added = old.added;
    g->forgets = old.forgets;
    uint32_t kept = 0;
    for (uint32_t i = old.begin; i <= old.count; i++)
        if (!old.entries[i].gone) {
            old.entries[++kept] = old.entries[i];
            old.keys[kept] = old.keys[i];
        }
    free(old.next);
    free(old.slots);
    free(old.seen);
    free(old.found);
    g->entries = old.entries;
    g->keys = old.keys;
    g->capacity = old.capacity;
    bool fine = true;
    for (uint32_t i = 1; i <= kept && fine; i++) {
        fine = grow_slots(g);
        g->count = fine ? i : g->count;
        if (fine)
            join(g, i);
    }
    g->live = g->count;
    bool with_table = old.table != NULL;
    free(old.table);
    free(old.common);
    return fine && (!with_table || make_table(g));
}

/* Forgets the one that came first, if there is no room for another. */
static nsearch_status make_room(ns_grouping *g, nsearch_error *err)
{
    while (g->live >= g->most) {
        if (!g->entries[g->begin].gone) {
            drop_entry(g, g->begin);
            g->forgets = true;
        }
        g->begin++;
    }
    bool full = g->count >= g->most + g->most / SPARE;
    return !full || close_ranks(g) ? NSEARCH_OK : ns_error_memory(err);
}

static entry make_entry(int32_t day, uint64_t group, const ns_sketch *sketch)
{
    return (entry){.sketch = *sketch, .day = group & NS_GROUP_DOUBTFUL ? NS_DAY_UNKNOWN : day};
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
    entry e = make_entry(columns->day, columns->group, &columns->sketch);
    l->status = make_room(l->g, l->err);
    if (!l->status && !put_entry(l->g, &e, (key){columns->hash, columns->group}))
        l->status = ns_error_memory(l->err);
    return !l->status;
}

nsearch_status ns_grouping_load_more(ns_grouping *g, ns_snapshot *snapshot, nsearch_error *err)
{
    loading l = {.g = g, .err = err};
    nsearch_status status = snapshot->backend->articles(snapshot, load_entry, &l, err);
    return status ? status : l.status;
}

nsearch_status ns_grouping_load(ns_grouping *g, ns_snapshot *snapshot, nsearch_error *err)
{
    ns_grouping_clear(g);
    nsearch_status status = snapshot ? ns_grouping_load_more(g, snapshot, err) : NSEARCH_OK;
    g->loaded = status == NSEARCH_OK;
    return status;
}

#define STEPS_MOST 1000

/* Takes a dropped entry out of the lists, where not very many came after it: one id that is replaced time and again would
 * leave lists of nothing else. */
static void unlink_entry(ns_grouping *g, uint32_t i)
{
    const ns_sketch *sketch = &g->entries[i].sketch;
    for (unsigned p = 0; g->table && p < places_of(sketch); p++) {
        uint32_t *link = &g->table[list_of(g, p, word_at(sketch, p))];
        for (unsigned steps = 0; *link > i && steps < STEPS_MOST; steps++)
            link = &g->next[*link][p];
        if (*link == i)
            *link = g->next[i][p];
    }
}

void ns_grouping_remove(ns_grouping *g, uint64_t hash)
{
    for (uint32_t i = g->count; i >= g->begin; i--)
        if (g->keys[i].hash == hash && !g->entries[i].gone) {
            drop_entry(g, i);
            unlink_entry(g, i);
            return;
        }
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
    g->found[g->found_count++] = (found){ns_group_number(g->keys[i].group), i};
    return true;
}

static bool grow_seen(ns_grouping *g)
{
    if (g->seen_capacity > g->count)
        return true;
    uint32_t *seen = realloc(g->seen, g->capacity * sizeof *seen);
    if (!seen)
        return false;
    memset(seen + g->seen_capacity, 0, (g->capacity - g->seen_capacity) * sizeof *seen);
    g->seen = seen;
    g->seen_capacity = g->capacity;
    return true;
}

static bool stands_at(const ns_sketch *sketch, unsigned place, uint16_t word)
{
    return place < places_of(sketch) && word_at(sketch, place) == word;
}

static bool find_by_table(ns_grouping *g, const ns_sketch *sketch)
{
    uint32_t same[COMMON + 1];
    if (!grow_seen(g))
        return false;
    bool all_live = g->live == g->count + 1 - g->begin, exact = g->bits == BITS_MOST; /* a list is of one word */
    g->round++;
    for (unsigned p = 0; p < places_of(sketch); p++) {
        uint16_t word = word_at(sketch, p);
        size_t list = list_of(g, p, word);
        uint32_t n = 0;
        if (g->common[list / 8] >> list % 8 & 1)
            continue;
        for (uint32_t i = g->table[list]; i >= g->begin && n <= COMMON; i = g->next[i][p])
            if ((all_live || !g->entries[i].gone) && (exact || stands_at(&g->entries[i].sketch, p, word)))
                same[n++] = i;
        if (n > COMMON && exact)
            g->common[list / 8] |= (uint8_t)(1u << list % 8);
        for (uint32_t k = 0; n <= COMMON && k < n; k++) {
            if (g->seen[same[k]] == g->round)
                continue;
            g->seen[same[k]] = g->round;
            if (!add_candidate(g, same[k]))
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
    for (uint32_t i = g->begin; i <= g->count; i++) {
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
    double of_head; /* the days left out of it */
    double sum;     /* of all members that are candidates */
    double nearest; /* the best of these */
    uint32_t dated, near; /* of these, those with a day where the article has one, too; and those whose day fits */
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
    bool fits = ns_sketch_days_fit(&candidate->sketch, candidate->day, &article->sketch, article->day, evidence);
    evidence -= ns_sketch_days_against(candidate->day, article->day);
    t->sum += evidence;
    if (evidence > t->nearest)
        t->nearest = evidence;
    if (candidate->day != NS_DAY_UNKNOWN && article->day != NS_DAY_UNKNOWN) {
        t->dated++;
        t->near += fits;
    }
    t->close |= candidate != t->head && fits && evidence >= CLOSE_EVIDENCE + more_for(t->size);
}

/* The evidence that the article is a copy of this group; 0: it is none. */
static double judge(const tally *t, const entry *article)
{
    double evidence = t->of_head - ns_sketch_days_against(t->head->day, article->day) - more_for(t->size);
    if (t->size > 1 && t->sum < MEAN_EVIDENCE * t->size)
        return 0;
    if (t->near * 2 < t->dated) /* one without a date is not to hold two stories together */
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
        if (evidence > 0)
            evidence = NEAREST_COUNTS * t.nearest + (1 - NEAREST_COUNTS) * evidence;
        if (evidence > best) { /* of groups that are equally like, the one with the lowest number */
            best = evidence;
            joined = t.number;
        }
    }
    return joined;
}

/* Whether the group's head is still in the index. One that was removed is followed by the next that joins, so that each text
 * has one article that is no copy; where entries were forgotten nobody can tell. */
static bool has_head(const ns_grouping *g, uint64_t number)
{
    return g->forgets || g->keys[slot_of(g, number)->entry].group & NS_GROUP_HEAD;
}

nsearch_status ns_grouping_add(ns_grouping *g, uint64_t hash, int32_t day, bool doubtful, const ns_sketch *sketch,
                               uint64_t *group, nsearch_error *err)
{
    uint64_t bits = doubtful ? NS_GROUP_DOUBTFUL : 0;
    entry e = make_entry(day, bits, sketch);
    nsearch_status status = make_room(g, err);
    if (status)
        return status;
    if (++g->added >= TABLE_AFTER && !g->table && !make_table(g))
        return ns_error_memory(err);
    g->found_count = 0;
    if (sketch->text_hash && !(g->table ? find_by_table(g, sketch) : find_by_scan(g, sketch)))
        return ns_error_memory(err);
    uint64_t joined = choose_group(g, &e);
    *group = joined ? joined : ns_group_number(ns_mix64(hash) | (NS_GROUP_BITS + 1)) | NS_GROUP_HEAD; /* never 0 */
    if (joined && !has_head(g, joined))
        *group |= NS_GROUP_HEAD;
    *group |= bits;
    return put_entry(g, &e, (key){hash, *group}) ? NSEARCH_OK : ns_error_memory(err);
}
