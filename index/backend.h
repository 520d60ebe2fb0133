/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * backend.h - the table that every engine fills. docid = passage; the passages of an article are
 * adjacent and an article is named by the docid of its first passage. A snapshot never changes and is shared by
 * threads; a store is one writer's.
 */
#ifndef NS_INDEX_BACKEND_H
#define NS_INDEX_BACKEND_H

#include <stdbool.h>

#include "index/cursor.h"
#include "index/plan.h"
#include "src/base/arena.h"
#include "src/base/buffer.h"
#include "src/base/error.h"
#include "src/text/analysed.h"

typedef struct ns_snapshot ns_snapshot; /* engines embed: first member is 'const ns_backend *backend' */
typedef struct ns_store ns_store;
#define NS_BATCH_ALONE (256u << 10)
typedef struct ns_batch ns_batch; /* articles on their way into a store */

typedef struct ns_snapshot_stats {
    uint64_t generation;
    uint64_t articles, passages;  /* live */
    uint64_t texts;               /* articles that are no copies (ns_group_is_copy) */
    uint64_t total_length;        /* len summed over live passages */
    uint64_t terms;               /* distinct; an upper bound where several segments share some */
    uint64_t postings;            /* entries of all lists */
    uint64_t segments, bytes_index, bytes_text;
    uint32_t docid_end;           /* docids are below this */
    uint64_t fingerprint;         /* of the committed state */
} ns_snapshot_stats;

typedef struct ns_article_columns {
    uint32_t article;             /* docid of the first passage */
    uint32_t passage_count;
    int32_t day, day_used;        /* as the article says; as ns_article_day tells */
    uint64_t hash;
    uint64_t group;               /* of copies: analysed.h */
    ns_sketch sketch;
} ns_article_columns;

/* The day that date conditions, orders and the timeline go by: the article's, else that of a copy of it; NS_DAY_UNKNOWN
 * where nothing tells. */
static inline int32_t ns_article_day(const ns_article_columns *columns)
{
    return columns->day_used;
}

/* An article whose day is taken from a copy of it. */
typedef struct ns_day_of_copy {
    uint32_t article, passage_count;
    int32_t day;
    uint32_t copy; /* docid of the one that has this day */
} ns_day_of_copy;

/* A term by its key, borrowed. */
typedef struct ns_term_key {
    const char *key;
    size_t length;
} ns_term_key;

/* Document frequencies among live passages. */
typedef struct ns_term_stats {
    uint64_t df;                  /* passages */
    uint64_t texts;               /* articles that are no copies; 0 where only copies are left */
} ns_term_stats;

/* One part of a snapshot that cursors walk. */
typedef struct ns_part {
    uint32_t docid_begin, docid_end;
    const uint16_t *lengths;      /* len of docid_begin + i; NULL: ask backend->length */
    const uint8_t *removed;       /* bit i: docid_begin + i is removed; NULL: none */
    bool single;                  /* every article has one passage */
    const uint8_t *starts;        /* bit i: an article begins at docid_begin + i; NULL: ask backend->article_of */
} ns_part;

static inline bool ns_part_has_removed(const ns_part *part, uint32_t docid)
{
    uint32_t i = docid - part->docid_begin;
    return part->removed && part->removed[i >> 3] >> (i & 7) & 1;
}

/* Whom a survey of an index that may be damaged tells what it finds. */
typedef struct ns_survey {
    /* A place that is not as it was written. NULL: only articles are looked for. */
    void (*damaged)(const char *what, void *user);
    /* The user's gazetteer, before any article. */
    void (*names)(const char *text, size_t n, void *user);
    /* A live article that can be read, as it was stored (stored.h), and the hash that it should have. False: it is not
     * what it should be, and lost. Of two versions the one that counts comes later. NULL: only damage is looked for. */
    bool (*article)(const uint8_t *stored, size_t n, uint64_t hash, void *user);
    /* 'count' articles that cannot be read. One whose id, and perhaps file, is known comes alone; else they are "". */
    void (*lost)(const char *id, const char *file, uint64_t count, void *user);
    void *user;
} ns_survey;

typedef struct ns_store_options {
    size_t memory_mb;             /* what the engine may hold */
    int threads;
} ns_store_options;

typedef struct ns_backend {
    const char *name;

    /* --- reading. 'dir' is the index directory. All calls but open and close are thread-safe. */
    nsearch_status (*open)(const char *dir, ns_snapshot **snapshot, nsearch_error *err);
    void (*close)(ns_snapshot *snapshot);
    nsearch_status (*stats)(ns_snapshot *snapshot, ns_snapshot_stats *stats, nsearch_error *err);
    /* The user's gazetteer that the index was built with; *n = 0 and *text = NULL: none. Borrowed. */
    nsearch_status (*names)(ns_snapshot *snapshot, const char **text, size_t *n, nsearch_error *err);
    /* Live frequencies of a term; zeros when there is none. */
    nsearch_status (*term)(ns_snapshot *snapshot, const void *key, size_t n, ns_term_stats *stats, nsearch_error *err);
    /* 'term' will be asked for these: an engine that is far away looks all up together. NULL: it would be of no use. */
    nsearch_status (*terms_ahead)(ns_snapshot *snapshot, const ns_term_key *keys, size_t count, nsearch_error *err);
    /* Calls 'each' for the terms that begin with 'prefix', ascending; stops when it returns false. The frequency
     * counts removed passages too. */
    nsearch_status (*walk)(ns_snapshot *snapshot, const void *prefix, size_t n,
                           bool (*each)(const char *key, size_t length, uint64_t df, void *user), void *user,
                           nsearch_error *err);
    /* Calls 'each' for the terms that begin like 'key' with its first byte and are at most 'most' edits (similar.h)
     * from it; stops when it returns false. A term that stands in several parts may come once for each, with the
     * frequency there. */
    nsearch_status (*similar)(ns_snapshot *snapshot, const char *key, size_t n, unsigned most,
                              bool (*each)(const char *key, size_t length, uint64_t df, unsigned edits, void *user),
                              void *user, nsearch_error *err);
    size_t (*part_count)(ns_snapshot *snapshot);
    void (*part)(ns_snapshot *snapshot, size_t i, ns_part *part);
    /* A cursor on a term's first posting in part i; *cursor = NULL when the part has none. Memory from
     * 'arena'; call ops->close when done. */
    nsearch_status (*cursor)(ns_snapshot *snapshot, size_t i, const void *key, size_t n, ns_arena *arena,
                             ns_cursor **cursor, nsearch_error *err);
    /* The same for several terms, but postings outside these articles of the part, ascending, may be missing: an engine that
     * is far away asks for those alone. NULL: it would be of no use. */
    nsearch_status (*cursors_within)(ns_snapshot *snapshot, size_t i, const uint32_t *articles, size_t count,
                                     const ns_term_key *keys, size_t key_count, ns_arena *arena, ns_cursor **cursors,
                                     nsearch_error *err);
    uint32_t (*length)(ns_snapshot *snapshot, uint32_t docid); /* len(p) */
    /* First docid of the article that holds this passage. */
    uint32_t (*article_of)(ns_snapshot *snapshot, uint32_t docid);
    /* Columns of the article that holds 'docid'. NOT_FOUND when removed or out of range. */
    nsearch_status (*columns)(ns_snapshot *snapshot, uint32_t docid, ns_article_columns *columns, nsearch_error *err);
    /* The columns of these articles, ascending, will be asked for: an engine that is far away fetches them together. NULL:
     * it would be of no use. */
    nsearch_status (*prefetch)(ns_snapshot *snapshot, const ns_candidate *articles, size_t count, nsearch_error *err);
    /* The positions of terms in passages of these articles, ascending by docid, will be asked for; with 'together' above 0 only
     * in those that hold all of keys [0, together), or of the next as many, and so on. NULL: it would be of no use. */
    nsearch_status (*positions_ahead)(ns_snapshot *snapshot, const uint32_t *articles, size_t count, const ns_term_key *keys,
                                      size_t key_count, size_t together, nsearch_error *err);
    /* The columns but for hash and sketch, which are 0. NULL: 'columns' tells them as quickly. */
    nsearch_status (*outline)(ns_snapshot *snapshot, uint32_t docid, ns_article_columns *columns, nsearch_error *err);
    /* Sets in 'bits' (bit i: docid_begin + i, in a multiple of 64; all clear before) the passages of part i whose
     * article's own day lies in [first, last], removed ones too; whoever asks mends it for days_of_copies. NULL: 'columns' must be
     * asked. */
    nsearch_status (*days)(ns_snapshot *snapshot, size_t i, int32_t first, int32_t last, uint8_t *bits,
                           nsearch_error *err);
    /* Calls 'each' for every live article with its own day and group, by docid; stops when it returns false. NULL: 'articles'
     * must be walked. */
    nsearch_status (*groups)(ns_snapshot *snapshot,
                             bool (*each)(uint32_t article, uint32_t passage_count, int32_t day, uint64_t group, void *user),
                             void *user, nsearch_error *err);
    /* Calls 'each' for every live article by docid; stops when it returns false. */
    nsearch_status (*articles)(ns_snapshot *snapshot, bool (*each)(const ns_article_columns *columns, void *user),
                               void *user, nsearch_error *err);
    /* The stored article (stored.h) that holds 'docid'; memory from 'arena'. */
    nsearch_status (*fetch)(ns_snapshot *snapshot, uint32_t docid, ns_arena *arena, const uint8_t **bytes, size_t *n,
                            nsearch_error *err);
    /* Whether all that was read since opening was there and as it was written: DAMAGED when anybody met a bad page, even
     * if he went on without it, or a file shrank under its map (src/base/guard.h). Answers since then are worth
     * nothing. NULL: the engine tells each reader itself. */
    nsearch_status (*intact)(ns_snapshot *snapshot, nsearch_error *err);
    /* Appends the names of a live article of part i to 'entries', each as a uint32_t of the machine: 4 * number +
     * ns_name_type. A number stands for a term as long as the snapshot is open, in all parts. */
    nsearch_status (*named)(ns_snapshot *snapshot, size_t i, uint32_t article, ns_buffer *entries, nsearch_error *err);
    /* 'named' will be asked for these articles, ascending. NULL: it would be of no use. */
    nsearch_status (*names_ahead)(ns_snapshot *snapshot, const uint32_t *articles, size_t count, nsearch_error *err);
    /* The term that a number stands for, with its kind. */
    nsearch_status (*named_key)(ns_snapshot *snapshot, uint32_t number, char key[NS_TERM_MAX], size_t *n,
                                nsearch_error *err);
    /* Checks every byte. */
    nsearch_status (*verify)(ns_snapshot *snapshot, nsearch_error *err);
    /* Reads what can be read of an index that may be damaged, each byte checked. */
    nsearch_status (*survey)(const char *dir, const ns_survey *calls, nsearch_error *err);
    /* Answers a whole plan with the engine's own matcher: the best 'limit' articles by their best passage.
     * NULL: the evaluator walks cursors itself. 'candidates' has room for 'limit'. *found: matching articles, at
     * least. */
    nsearch_status (*answer)(ns_snapshot *snapshot, const ns_plan *plan, size_t limit, ns_candidate *candidates,
                             size_t *count, uint64_t *found, bool *at_least, nsearch_error *err);

    /* --- writing. Makes the directory and an empty committed index where there is none. LOCKED. */
    nsearch_status (*store_open)(const char *dir, const ns_store_options *options, ns_store **store, nsearch_error *err);
    /* What is committed now, for look-ups by the writer; borrowed, valid until the next commit. NULL when empty. */
    ns_snapshot *(*store_snapshot)(ns_store *store);
    /* Sets the user's gazetteer for the next commit. n = 0 removes it. */
    nsearch_status (*store_names)(ns_store *store, const char *text, size_t n, nsearch_error *err);
    /* Adds an article; one with the same id, committed or added before, is replaced. */
    nsearch_status (*store_add)(ns_store *store, const ns_analysed *analysed, nsearch_error *err);
    /* Adding from several threads; NULL in an engine that cannot. The input is cut into batches of consecutive
     * articles. A thread has a lane of its own, 0 to threads - 1, and begins, fills and finishes its batches one after
     * the other in the order of the input; the caller takes all batches in that order. In whose lane a batch was
     * makes no difference to the index. One with NS_BATCH_ALONE bytes of text or more is begun when all before it were
     * taken, and taken before the next is begun. */
    nsearch_status (*batch_begin)(ns_store *store, int lane, ns_batch **batch, nsearch_error *err);
    nsearch_status (*batch_add)(ns_batch *batch, const ns_analysed *analysed, nsearch_error *err);
    nsearch_status (*batch_finish)(ns_batch *batch, nsearch_error *err);
    /* Sets the group of the i-th article of a finished batch; in the thread that takes it, before that. */
    void (*batch_group)(ns_batch *batch, size_t i, uint64_t group);
    /* Adds the batch's articles as store_add does, and frees it. */
    nsearch_status (*batch_take)(ns_store *store, ns_batch *batch, nsearch_error *err);
    void (*batch_free)(ns_batch *batch); /* one that is not taken: the store can then only be closed */
    /* How many batches may be begun and not yet taken, at least 1. */
    size_t (*batch_room)(ns_store *store);
    /* NOT_FOUND when there is no such id. */
    nsearch_status (*store_remove)(ns_store *store, const char *id, nsearch_error *err);
    /* Forgets all committed articles at the next commit: a rebuild adds them anew. The old ones stay readable
     * through store_snapshot and by others until then. */
    nsearch_status (*store_restart)(ns_store *store, nsearch_error *err);
    nsearch_status (*store_commit)(ns_store *store, nsearch_error *err);
    /* Commits and leaves one segment. */
    nsearch_status (*store_merge)(ns_store *store, nsearch_error *err);
    void (*store_close)(ns_store *store); /* drops what was not committed */
} ns_backend;

struct ns_snapshot {
    const ns_backend *backend;
    const ns_day_of_copy *days_of_copies; /* by article; set once, before the snapshot is shared */
    size_t day_of_copy_count;
};

/* Extent, days and group of the article that holds 'docid'. NOT_FOUND as for columns. */
static inline nsearch_status ns_article_outline(ns_snapshot *s, uint32_t docid, ns_article_columns *columns, nsearch_error *err)
{
    return (s->backend->outline ? s->backend->outline : s->backend->columns)(s, docid, columns, err);
}

/* The entry of an article, or NULL. */
static inline const ns_day_of_copy *ns_day_of_copy_find(const ns_snapshot *s, uint32_t article)
{
    size_t low = 0, high = s->day_of_copy_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->days_of_copies[middle].article < article)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->day_of_copy_count && s->days_of_copies[low].article == article ? &s->days_of_copies[low] : NULL;
}

struct ns_store {
    const ns_backend *backend;
};
struct ns_batch {
    const ns_backend *backend;
};

extern const ns_backend ns_native_backend;
#ifdef NS_WITH_XAPIAN
extern const ns_backend ns_xapian_backend;
#endif

/* The engine named, NULL when this build lacks it. index/engines.c */
const ns_backend *ns_backend_named(const char *name);
/* The engine of the index in 'dir' by its MANIFEST. NOT_FOUND when there is no index, UNSUPPORTED when the engine is
 * missing here, DAMAGED. index/engines.c */
nsearch_status ns_backend_of(const char *dir, const ns_backend **backend, nsearch_error *err);
/* The engine whose files lie in 'dir', as far as a damaged MANIFEST and the names of the files tell: for a survey. */
const ns_backend *ns_backend_of_damaged(const char *dir);

#endif
