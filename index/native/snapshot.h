/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * snapshot.h - one committed state, opened for reading. Immutable but for the marks of checked pages, so any
 * number of threads may share it.
 */
#ifndef NS_NATIVE_SNAPSHOT_H
#define NS_NATIVE_SNAPSHOT_H

#include <pthread.h>
#include <stdatomic.h>

#include "index/native/parts.h"

/* What the snapshot calls the names of a part, by the numbers they have there; ascending. */
typedef struct ns_native_numbers {
    uint32_t *numbers;
    uint32_t count;
} ns_native_numbers;

typedef struct ns_native_snapshot {
    ns_snapshot base;
    ns_native_parts parts;
    uint8_t *names; /* NULL: none */
    size_t names_size;
    ns_snapshot_stats stats;
    pthread_mutex_t lock;                  /* of the making of 'numbers' */
    _Atomic(ns_native_numbers *) numbers;  /* of each part; NULL: not made yet */
} ns_native_snapshot;

/* Opens the files of a manifest. NOT_FOUND: one is gone. */
nsearch_status ns_native_snapshot_open(int dirfd, const ns_manifest *manifest, ns_native_snapshot **snapshot,
                                       nsearch_error *err);
void ns_native_snapshot_close(ns_native_snapshot *snapshot);

/* The calls of ns_backend. */
nsearch_status ns_native_stats(ns_snapshot *, ns_snapshot_stats *, nsearch_error *);
nsearch_status ns_native_names(ns_snapshot *, const char **, size_t *, nsearch_error *);
nsearch_status ns_native_term(ns_snapshot *, const void *, size_t, ns_term_stats *, nsearch_error *);
nsearch_status ns_native_walk(ns_snapshot *, const void *, size_t,
                              bool (*each)(const char *, size_t, uint64_t, void *), void *, nsearch_error *);
nsearch_status ns_native_similar(ns_snapshot *, const char *, size_t, unsigned,
                                 bool (*each)(const char *, size_t, uint64_t, unsigned, void *), void *,
                                 nsearch_error *);
size_t ns_native_part_count(ns_snapshot *);
void ns_native_part_get(ns_snapshot *, size_t, ns_part *);
nsearch_status ns_native_cursor(ns_snapshot *, size_t, const void *, size_t, ns_arena *, ns_cursor **,
                                nsearch_error *);
uint32_t ns_native_length(ns_snapshot *, uint32_t);
uint32_t ns_native_article_of(ns_snapshot *, uint32_t);
nsearch_status ns_native_columns(ns_snapshot *, uint32_t, ns_article_columns *, nsearch_error *);
nsearch_status ns_native_days(ns_snapshot *, size_t, int32_t, int32_t, uint8_t *, nsearch_error *); /* days.c */
nsearch_status ns_native_groups(ns_snapshot *, bool (*each)(uint32_t, uint32_t, int32_t, uint64_t, void *), void *,
                                nsearch_error *);
nsearch_status ns_native_articles(ns_snapshot *, bool (*each)(const ns_article_columns *, void *), void *,
                                  nsearch_error *);
nsearch_status ns_native_fetch(ns_snapshot *, uint32_t, ns_arena *, const uint8_t **, size_t *,
                               nsearch_error *);
nsearch_status ns_native_intact(ns_snapshot *, nsearch_error *);
/* named_numbers.c */
nsearch_status ns_native_named(ns_snapshot *, size_t, uint32_t, ns_buffer *, nsearch_error *);
nsearch_status ns_native_named_key(ns_snapshot *, uint32_t, char[NS_TERM_MAX], size_t *, nsearch_error *);
void ns_native_numbers_free(ns_native_snapshot *);
nsearch_status ns_native_verify(ns_snapshot *, nsearch_error *); /* verify.c */
nsearch_status ns_native_survey(const char *, const ns_survey *, nsearch_error *); /* survey.c */

#endif
