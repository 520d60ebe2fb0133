/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nsearch.h - full-text search over a corpus of news. The one installed header.
 *
 * A complete program: index a folder, ask a question, print the passages.
 *
 *     #include <nsearch.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         nsearch_error err = NSEARCH_ERROR_INIT;
 *         nsearch_writer_options wopt = NSEARCH_WRITER_OPTIONS_INIT;
 *         nsearch_writer *writer = NULL;
 *         if (nsearch_writer_open("news.index", &wopt, &writer, &err) ||
 *             nsearch_writer_add_path(writer, "articles/", &err) ||
 *             nsearch_writer_commit(writer, &err)) {
 *             fprintf(stderr, "%s\n", err.text);
 *             nsearch_writer_close(writer);
 *             return 2;
 *         }
 *         nsearch_writer_close(writer);
 *
 *         nsearch_index *index = NULL;
 *         nsearch_result *result = NULL;
 *         nsearch_search_options sopt = NSEARCH_SEARCH_OPTIONS_INIT;
 *         if (nsearch_open("news.index", NULL, &index, &err) ||
 *             nsearch_search(index, "artillery shells", &sopt, &result, &err)) {
 *             fprintf(stderr, "%s\n", err.text);
 *             nsearch_close(index);
 *             return 2;
 *         }
 *         const nsearch_hit *hit;
 *         for (size_t i = 0; (hit = nsearch_result_hit(result, i)) != NULL; i++)
 *             for (size_t p = 0; p < hit->passage_count; p++)
 *                 printf("%s: %s\n", hit->title, hit->passages[p].text);
 *         nsearch_result_free(result);
 *         nsearch_close(index);
 *         return 0;
 *     }
 *
 * Lifecycle   open/close, search/free; closing or freeing NULL does nothing.
 * Ownership   what a result or an index hands out lives as long as that handle.
 *             All strings are UTF-8 and end in NUL.
 * Threads     a nsearch_index may be shared by any number of threads; a result and
 *             a writer belong to one thread at a time. A writer starts its own
 *             worker threads; its callbacks are called from the caller's thread.
 * Errors      every call that can fail returns a nsearch_status (0 is success) and
 *             fills the caller's record; outputs are set only on success. After an
 *             error an index handle stays usable; a writer whose commit failed can
 *             only be closed, and the index on disk is the one before the commit.
 * Silence     the library never prints, exits or reads the environment.
 */
#ifndef NSEARCH_H
#define NSEARCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NSEARCH_API __attribute__((visibility("default")))

/* ---------------------------------------------------------------- errors */

/* Meanings, never mechanisms. Numbers are part of the ABI. */
typedef enum nsearch_status {
    NSEARCH_OK = 0,
    /* this article is unusable: it is skipped and counted, the run goes on */
    NSEARCH_SKIPPED = 10,
    /* this call failed; the handle is as it was */
    NSEARCH_INVALID = 20,   /* an argument, an option or its version is wrong */
    NSEARCH_NOT_FOUND = 21, /* no such index, article or file */
    NSEARCH_LOCKED = 22,    /* another writer works on this index */
    NSEARCH_NO_MEMORY = 23,
    NSEARCH_IO = 24,          /* the system refused to read or write */
    NSEARCH_UNSUPPORTED = 25, /* an engine or format version that this build lacks */
    NSEARCH_CANCELLED = 26,   /* a callback asked to stop */
    NSEARCH_UNCONFINED = 27,  /* the process that is to read files cannot be started or confined */
    NSEARCH_UNREACHABLE = 28, /* a part of the index on another machine does not answer, or not in time */
    NSEARCH_CHANGED = 29,     /* writers have overtaken this reader, too often to go on: try again */
    /* this handle is dead: close it */
    NSEARCH_DAMAGED = 30 /* bytes of the index are not what was written */
} nsearch_status;

#define NSEARCH_ERROR_TEXT 512

/* Owned by the caller; the first error stays. text: lower case, no full stop, the
 * error first, then the subject. */
typedef struct nsearch_error {
    nsearch_status status;
    char text[NSEARCH_ERROR_TEXT];
} nsearch_error;
#define NSEARCH_ERROR_INIT { NSEARCH_OK, "" }

/* A fixed English name of a status, such as "index damaged". Never NULL. */
NSEARCH_API const char *nsearch_status_name(nsearch_status status);

/* The library's version, such as "0.1.0". */
NSEARCH_API const char *nsearch_version(void);

/* 1 if the library was built with the engine ("native", "xapian"), else 0. */
NSEARCH_API int nsearch_has_engine(const char *engine);

/* Installs a handler of SIGBUS, so that an index whose file shrinks or cannot be read while it is in use gives DAMAGED
 * and does not end the process. For programs, before they open an index: a signal belongs to the whole process, so a
 * library should leave this to the program that it is part of. A SIGBUS from elsewhere goes where it went before. IO. */
NSEARCH_API nsearch_status nsearch_guard(nsearch_error *err);

/* ---------------------------------------------------------------- searching */

typedef struct nsearch_index nsearch_index;
typedef struct nsearch_result nsearch_result;

typedef struct nsearch_open_options {
    int version; /* NSEARCH_OPEN_OPTIONS_VERSION */
    int memory_mb; /* what searching may keep of frequent terms; 0: half of the index, and at least 64 */
} nsearch_open_options;
#define NSEARCH_OPEN_OPTIONS_VERSION 1
#define NSEARCH_OPEN_OPTIONS_INIT { NSEARCH_OPEN_OPTIONS_VERSION, 0 }

/* By date: of all that matches, unknown dates last; of one day the best first. */
typedef enum nsearch_sort {
    NSEARCH_SORT_RELEVANCE = 0,
    NSEARCH_SORT_DATE = 1,  /* newest first */
    NSEARCH_SORT_OLDEST = 2 /* oldest first */
} nsearch_sort;

typedef enum nsearch_interval {
    NSEARCH_INTERVAL_NONE = 0,
    NSEARCH_INTERVAL_DAY = 1,
    NSEARCH_INTERVAL_WEEK = 2, /* from Monday */
    NSEARCH_INTERVAL_MONTH = 3
} nsearch_interval;

typedef struct nsearch_search_options {
    int version;           /* NSEARCH_SEARCH_OPTIONS_VERSION */
    nsearch_sort sort;
    size_t limit;          /* heads to return, 1 to 10,000; default 10 */
    size_t passages;       /* passages under an article, 1 to 20, one more where a match goes over from one into another; default 3 */
    int plain;             /* 1: no operators, the query is only words */
    int keep_copies;       /* 1: copies of one story are hits of their own */
    int explain;           /* 1: fill nsearch_hit.explain and nsearch_result_explain */
    int exhaustive;        /* 1: no dynamic pruning; the answer is the same, slower */
    int first_stage;       /* 1: rank by the best passage's first-stage score alone */
    int snippets;          /* 0: leave passage texts out (many queries, ids only) */
    double entity_weight;  /* w_ent of doc/ranking.md; default 0.25, 0 switches off */
    int64_t now;           /* seconds since 1970 that 'yesterday' counts from; 0: the clock */
    nsearch_interval timeline; /* other than NONE: count all that matches by time (nsearch_result_period) */
    double recency_days;   /* above 0: an article so many days old counts three quarters, an old one never less than
                              half (doc/ranking.md); 0: age does not matter */
    const char *facets;    /* names to count over all that matches: some of "person,place,org,source"; NULL: none */
    size_t facet_values;   /* the most frequent to give of each, 1 to 1,000; default 10 */
} nsearch_search_options;
#define NSEARCH_SEARCH_OPTIONS_VERSION 2
#define NSEARCH_SEARCH_OPTIONS_INIT \
    { NSEARCH_SEARCH_OPTIONS_VERSION, NSEARCH_SORT_RELEVANCE, 10, 3, 0, 0, 0, 0, 0, 1, 0.25, 0, NSEARCH_INTERVAL_NONE, 0, NULL, 10 }

/* A run of bytes of a passage's text that matched. */
typedef struct nsearch_span {
    size_t begin; /* bytes */
    size_t end;
} nsearch_span;

typedef struct nsearch_passage {
    const char *text; /* whole sentences; NULL without snippets */
    const nsearch_span *spans;
    size_t span_count;
    double score;
    uint32_t docid; /* of the passage; valid for this index handle only */
} nsearch_passage;

/* Another outlet's copy of a hit's story. */
typedef struct nsearch_copy {
    const char *id, *title, *source, *url, *date;
    double likeness; /* estimated share of the smaller text that both hold, 0 to 1 */
    const nsearch_passage *passage; /* as a hit's first; NULL without snippets, and where it does not match the query itself */
    double own_share;  /* of its sentences, that the hit does not have, 0 to 1; -1 without snippets */
    int date_inferred; /* 1: the date is that of a copy of it (date_source); its own is missing or cannot be right */
    const char *date_source;
} nsearch_copy;

/* Another article about the event that a hit is about, in words of its own. */
typedef struct nsearch_related {
    const char *id, *title, *source, *url, *date;
    double likeness; /* of what is most telling in both, 0 to 1 */
    double shared;   /* estimated share of the smaller text that both hold: 0.15 and more is an agency's wording */
    size_t rank;     /* of the hit that it is, from 1; 0: not among the hits */
} nsearch_related;

/* What somebody is quoted with. */
typedef struct nsearch_quotation {
    const char *text;    /* between the marks */
    const char *speaker; /* a name in full, or what the article calls the speaker; "" where it tells of none */
    const nsearch_span *spans;
    size_t span_count;
} nsearch_quotation;

typedef struct nsearch_hit {
    const char *id, *title, *source, *byline, *url; /* "" where unknown */
    const char *date;        /* ISO 8601, "2023-09-11" or longer; "" where unknown */
    const char *date_source; /* where the date was read: "field", "text", ..., "copy of ID"; "" */
    double score;
    const nsearch_passage *passages; /* those that hold a phrase or a place asked for, then the best first */
    size_t passage_count;
    const nsearch_copy *copies; /* those published first in front */
    size_t copy_count;
    const nsearch_related *related; /* the most alike first; none without snippets */
    size_t related_count;
    int date_inferred; /* 1: the date is that of a copy of it (date_source); its own is missing or cannot be right */
    const char *explain; /* the parts of the score, one a line; NULL unless asked for */
    const nsearch_quotation *quotations; /* those that a query with said: or speaker: asks for; not without snippets */
    size_t quotation_count;
} nsearch_hit;

/* A name and how many of the matching articles hold it, copies of one story each. */
typedef struct nsearch_facet_value {
    const char *name;
    uint64_t articles;
} nsearch_facet_value;

/* The names of one kind that stand in most of the matching articles: more articles first, then by name. */
typedef struct nsearch_facet {
    const char *field; /* "person", "place", "org" or "source" */
    const nsearch_facet_value *values;
    size_t value_count;
    uint64_t distinct; /* names of this kind in all that matches */
} nsearch_facet;

/* One part of an index in several places, as it was when a query was answered. */
typedef struct nsearch_shard {
    const char *name;
    nsearch_status status; /* OK: its articles are in the answer */
    const char *reason;    /* why it did not answer, "" */
    int replica;           /* 1: its replica answers for it, and may lack what was committed last */
    uint64_t generation, articles; /* 0 when it does not answer */
} nsearch_shard;

/* Opens the newest committed state of the index in directory 'path'; a later commit
 * does not change this handle. 'options' may be NULL. NOT_FOUND, DAMAGED,
 * UNSUPPORTED, IO, NO_MEMORY.
 * Where 'path' is a file it lists the shards of an index in several places (doc/cluster.md). Those that do not answer in
 * time are left out, as nsearch_result_partial tells, and are asked again later; such a handle may also go on to a later
 * commit of a shard. INVALID: the file cannot be understood. UNREACHABLE: no shard answers. */
NSEARCH_API nsearch_status nsearch_open(const char *path, const nsearch_open_options *options,
                                        nsearch_index **index, nsearch_error *err);
NSEARCH_API void nsearch_close(nsearch_index *index);

/* Answers one query (doc/query-syntax.md). Ordinary text is never an error; what was
 * read otherwise than written is said in the notes. 'options' may be NULL. */
NSEARCH_API nsearch_status nsearch_search(nsearch_index *index, const char *query,
                                          const nsearch_search_options *options,
                                          nsearch_result **result, nsearch_error *err);
NSEARCH_API void nsearch_result_free(nsearch_result *result);

/* The i-th hit, best first, or NULL after the last. */
NSEARCH_API const nsearch_hit *nsearch_result_hit(const nsearch_result *result, size_t i);
NSEARCH_API size_t nsearch_result_count(const nsearch_result *result);
/* Articles that match, and whether that is a lower bound (1) or exact (0). */
NSEARCH_API uint64_t nsearch_result_found(const nsearch_result *result, int *at_least);
/* The i-th note for the reader ("also searched: DPRK"), or NULL after the last. */
NSEARCH_API const char *nsearch_result_note(const nsearch_result *result, size_t i);
/* One day, week or month in which something was published that matches. */
typedef struct nsearch_period {
    char first[11], last[11]; /* its days: "2023-09-11" */
    uint64_t articles;
    uint64_t stories; /* copies of one story counted once in each period */
} nsearch_period;
/* The i-th facet, in the order in which they were asked for, or NULL after the last. */
NSEARCH_API const nsearch_facet *nsearch_result_facet(const nsearch_result *result, size_t i);
/* The i-th of the timeline, by time, or NULL after the last; periods with nothing are left out. */
NSEARCH_API const nsearch_period *nsearch_result_period(const nsearch_result *result, size_t i);
/* Articles that match and have no date; counted with a timeline only. */
NSEARCH_API uint64_t nsearch_result_undated(const nsearch_result *result);
/* How the query was understood, one term a line; NULL unless explain was asked for. */
NSEARCH_API const char *nsearch_result_explain(const nsearch_result *result);
/* The i-th shard, in the order of their list, or NULL after the last; an index in a folder has none. */
NSEARCH_API const nsearch_shard *nsearch_result_shard(const nsearch_result *result, size_t i);
/* 1: a shard did not answer, and its articles are missing. */
NSEARCH_API int nsearch_result_partial(const nsearch_result *result);
/* Of the state that answered, hexadecimal: as in nsearch_stats. */
NSEARCH_API const char *nsearch_result_fingerprint(const nsearch_result *result);

typedef struct nsearch_stats {
    const char *engine;  /* "native" or "xapian" */
    uint64_t generation; /* grows by one with each commit */
    uint64_t articles, passages, terms, postings, segments;
    uint64_t bytes_index, bytes_text; /* on disk; UTF-8 of the indexed bodies and titles */
    double average_length;            /* terms a passage */
    char fingerprint[17];             /* of the committed state, hexadecimal */
} nsearch_stats;
NSEARCH_API nsearch_status nsearch_index_stats(nsearch_index *index, nsearch_stats *stats,
                                               nsearch_error *err);

/* Reads every byte of the index and checks it: sums, order, bounds and cross
 * references. DAMAGED names the file and the offset. */
NSEARCH_API nsearch_status nsearch_verify(nsearch_index *index, nsearch_error *err);

/* ---------------------------------------------------------------- writing */

typedef struct nsearch_writer nsearch_writer;

/* One article of the caller's. Only 'id' and one of 'title' and 'text' are needed;
 * NULL stands for unknown. Paragraphs of 'text' are separated by newlines. */
typedef struct nsearch_article {
    int version; /* NSEARCH_ARTICLE_VERSION */
    const char *id, *title, *text, *source, *byline, *url, *date;
} nsearch_article;
#define NSEARCH_ARTICLE_VERSION 1
#define NSEARCH_ARTICLE_INIT { NSEARCH_ARTICLE_VERSION, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* What a run did so far; counts of articles unless named otherwise. */
typedef struct nsearch_progress {
    uint64_t read, added, updated, unchanged, removed, skipped, passages;
    uint64_t bytes_read; /* of input, after decompression */
    uint64_t bytes_text; /* of text indexed */
    uint64_t passed;     /* files that did not change and were not read; their articles count as unchanged */
    uint64_t completed;  /* partial entries of feeds left out or taken out, since their page is there */
    uint64_t cut;        /* added or updated ones that are too long to be read or searched to their end */
} nsearch_progress;

typedef struct nsearch_writer_options {
    int version;           /* NSEARCH_WRITER_OPTIONS_VERSION */
    int threads;           /* analysis threads, 1 to 256; 0: one a core */
    size_t memory_mb;      /* budget for the whole run, at least 32; 0: 512 */
    const char *engine;    /* "native" (NULL) or "xapian"; must fit an index that exists */
    const char *gazetteer; /* path of a file of the user's own names, or NULL */
    /* Called about ten times a second; a return other than 0 cancels. May be NULL. */
    int (*progress)(const nsearch_progress *progress, void *user);
    /* Called once for each skipped article: where it was, and why. May be NULL. */
    void (*skipped)(const char *where, const char *reason, void *user);
    void *user;
    /* What the fields of JSON, CSV and XML records are called besides the usual names, or NULL:
     * "title=head,text=story.body". */
    const char *fields;
    int reread;            /* 1: read files that did not change, too */
    /* A program that reads files for this one, in a process that can open nothing, reach nobody and start nothing; its
     * main() begins with nsearch_read_confined: "/proc/self/exe", or the path of nsearch-index. NULL: files are
     * read in this process, and no other is started. */
    const char *reader;
    /* Called once for each article that is too long to be read or searched to its end: where it was, and how much of it
     * can be found. What was read is kept whole. May be NULL. */
    void (*cut)(const char *where, const char *what, void *user);
} nsearch_writer_options;
#define NSEARCH_WRITER_OPTIONS_VERSION 1
#define NSEARCH_WRITER_OPTIONS_INIT \
    { NSEARCH_WRITER_OPTIONS_VERSION, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL }

/* For the program that options name as 'reader': the first thing that its main() does. In a process that was started to
 * read, it reads, and returns the exit status once its parent ended; otherwise it returns -1 at once. */
NSEARCH_API int nsearch_read_confined(int argc, char **argv);

/* Opens an index for writing and makes it where there is none. Two writers at once: the
 * second gets LOCKED, and the text says which process holds it. */
NSEARCH_API nsearch_status nsearch_writer_open(const char *path,
                                               const nsearch_writer_options *options,
                                               nsearch_writer **writer, nsearch_error *err);
/* The name of the i-th shard of the list in file 'path' (doc/cluster.md). NOT_FOUND after the last; INVALID. */
#define NSEARCH_SHARD_NAME 64
NSEARCH_API nsearch_status nsearch_shard_name(const char *path, size_t i, char name[NSEARCH_SHARD_NAME],
                                              nsearch_error *err);
/* A writer of one shard. Of all articles that it is given it adds those that belong to this shard, so that writers of all
 * shards, here or on several machines, are to be given the same input; one that belonged here before and now does not is
 * removed. Each is committed by itself. Its options name no engine. UNREACHABLE, LOCKED. */
NSEARCH_API nsearch_status nsearch_writer_open_shard(const char *path, const char *shard,
                                                     const nsearch_writer_options *options,
                                                     nsearch_writer **writer, nsearch_error *err);
/* Adds one article, or replaces the one with the same id if it changed. SKIPPED: it has
 * no id or nothing to index. */
NSEARCH_API nsearch_status nsearch_writer_add(nsearch_writer *writer,
                                              const nsearch_article *article, nsearch_error *err);
/* Reads a file, a folder (recursively) or "-" (standard input) and adds each article in
 * it. Unusable articles are counted, reported to 'skipped' and left out. A file that did not change since an
 * earlier run read it is passed over; if it held unusable articles it is reported once. */
NSEARCH_API nsearch_status nsearch_writer_add_path(nsearch_writer *writer, const char *path,
                                                   nsearch_error *err);
/* Removes one article. NOT_FOUND when there is none with this id. */
NSEARCH_API nsearch_status nsearch_writer_remove(nsearch_writer *writer, const char *id,
                                                 nsearch_error *err);
/* Removes the articles that came from under a path added to this writer and were not
 * seen in this run. */
NSEARCH_API nsearch_status nsearch_writer_remove_missing(nsearch_writer *writer,
                                                         nsearch_error *err);
/* Makes all since the last commit durable and visible, all or nothing. */
NSEARCH_API nsearch_status nsearch_writer_commit(nsearch_writer *writer, nsearch_error *err);
/* Merges all segments into one and commits. */
NSEARCH_API nsearch_status nsearch_writer_merge(nsearch_writer *writer, nsearch_error *err);
NSEARCH_API void nsearch_writer_progress(const nsearch_writer *writer, nsearch_progress *progress);
/* Closes the writer; what was not committed is dropped. */
NSEARCH_API void nsearch_writer_close(nsearch_writer *writer);

/* Builds the index anew from the articles it holds, beside the old one, verifies it and
 * puts it in the place of the old in one step. Readers are not disturbed. 'options' gives
 * threads, memory, engine (NULL: the same), gazetteer (NULL: the same) and callbacks. */
NSEARCH_API nsearch_status nsearch_rebuild(const char *path, const nsearch_writer_options *options,
                                           nsearch_error *err);

/* What a repair found and did. */
typedef struct nsearch_repair {
    int version; /* NSEARCH_REPAIR_VERSION */
    /* Called for each place that is not as it was written, and once if names of the user's are lost; may be NULL. */
    void (*found)(const char *place, void *user);
    /* Called for articles that could not be kept; may be NULL. One whose id is known, and perhaps its file, comes
     * alone; the others together, id and file "". */
    void (*missed)(const char *id, const char *file, uint64_t count, void *user);
    void *user;
    uint64_t damaged;    /* places; 0: the index is sound, and nothing was done */
    uint64_t kept, lost; /* articles */
} nsearch_repair;
#define NSEARCH_REPAIR_VERSION 1
#define NSEARCH_REPAIR_INIT { NSEARCH_REPAIR_VERSION, NULL, NULL, NULL, 0, 0, 0 }

/* Reads every byte of the index, and if some are damaged builds it anew as nsearch_rebuild does, from the articles that
 * can still be read. Adding the sources again then brings back the others, and only those. UNSUPPORTED: the index is
 * damaged, and of an engine that can only be indexed into a new place. */
NSEARCH_API nsearch_status nsearch_repair_index(const char *path, const nsearch_writer_options *options,
                                                nsearch_repair *report, nsearch_error *err);

#ifdef __cplusplus
}
#endif
#endif
