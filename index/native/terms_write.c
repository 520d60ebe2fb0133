/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * terms_write.c - lists go straight into the segment; positions and dictionary are spooled until their sections
 * come.
 */
#include "index/native/terms_write.h"

#include <stdio.h>
#include <string.h>

void ns_terms_writer_init(ns_terms_writer *w, int dirfd, const char *name, ns_segment_writer *out)
{
    char part[40];
    memset(w, 0, sizeof *w);
    w->out = out;
    snprintf(part, sizeof part, "%.20s.p", name);
    ns_spool_init(&w->positions, dirfd, part);
    ns_dictionary_writer_init(&w->dictionary, dirfd, name);
    ns_segment_begin(out, NS_SECTION_POSTINGS);
}

void ns_terms_writer_release(ns_terms_writer *w)
{
    ns_spool_release(&w->positions);
    ns_dictionary_writer_release(&w->dictionary);
}

nsearch_status ns_terms_add(ns_terms_writer *w, const void *key, size_t n, const ns_list *list, const uint8_t *lists,
                            const uint8_t *positions, nsearch_error *err)
{
    ns_list placed = *list;
    placed.postings = w->lists_size;
    placed.positions = ns_spool_size(&w->positions);
    if (list->postings_size)
        ns_segment_put(w->out, lists + list->postings, list->postings_size);
    if (list->positions_size)
        ns_spool_put(&w->positions, positions + list->positions, list->positions_size);
    w->lists_size += list->postings_size;
    w->postings += list->df;
    if (w->positions.status)
        return ns_error_set(err, w->positions.status, "%s", w->positions.error.text);
    return w->out->status ? w->out->status : ns_dictionary_add(&w->dictionary, key, n, &placed, err);
}

void ns_terms_finish(ns_terms_writer *w)
{
    ns_segment_end(w->out, NS_SECTION_POSTINGS);
    ns_segment_begin(w->out, NS_SECTION_POSITIONS);
    ns_spool_copy(&w->positions, w->out);
    ns_segment_end(w->out, NS_SECTION_POSITIONS);
    ns_dictionary_put(&w->dictionary, w->out);
}
