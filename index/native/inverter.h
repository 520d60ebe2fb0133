/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inverter.h - the articles added since the last flush, turned around in memory: from passages with terms to
 * terms with passages. Written out as one segment.
 */
#ifndef NS_NATIVE_INVERTER_H
#define NS_NATIVE_INVERTER_H

#include "index/native/columns.h"
#include "index/native/segment.h"
#include "index/native/texts.h"
#include "src/base/arena.h"
#include "src/base/map.h"

typedef struct ns_inverted_list ns_inverted_list;

typedef struct ns_inverter {
    int dirfd;
    ns_map terms; /* to an index into lists */
    ns_inverted_list *lists;
    size_t list_capacity;
    ns_arena chunks;
    ns_columns_writer columns;
    ns_texts_writer texts;
    uint64_t content; /* hash of all that was added, in order */
    nsearch_error text_error;
} ns_inverter;

/* 'name' is that of the segment in the making. */
void ns_inverter_init(ns_inverter *inv, int dirfd, const char *name);
void ns_inverter_release(ns_inverter *inv);
/* INVALID: the article is not as analysed.h says; NO_MEMORY, IO: the inverter is dead. */
nsearch_status ns_inverter_add(ns_inverter *inv, const ns_analysed *article, nsearch_error *err);
size_t ns_inverter_bytes(const ns_inverter *inv);
/* Writes the segment, synced. The inverter is spent. */
nsearch_status ns_inverter_write(ns_inverter *inv, const char *name, uint64_t id, ns_manifest_file *file,
                                 nsearch_error *err);

#endif
