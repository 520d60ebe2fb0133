/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * named_write.c - collects the names of the articles of a segment in the making.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/native/named.h"
#include "src/base/bytes.h"

void ns_named_writer_init(ns_named_writer *w, int dirfd, const char *name)
{
    char part[40];
    memset(w, 0, sizeof *w);
    snprintf(part, sizeof part, "%.20s.n", name);
    ns_spool_init(&w->lists, dirfd, part);
    snprintf(part, sizeof part, "%.20s.m", name);
    ns_spool_init(&w->index, dirfd, part);
}

void ns_named_writer_release(ns_named_writer *w)
{
    ns_spool_release(&w->lists);
    ns_spool_release(&w->index);
    ns_buffer_release(&w->list);
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

void ns_named_add(ns_named_writer *w, uint32_t *entries, size_t count)
{
    uint8_t bytes[10];
    if (w->articles++ % NS_NAMED_STEP == 0) {
        ns_put_u64(bytes, ns_spool_size(&w->lists));
        ns_spool_put(&w->index, bytes, 8);
    }
    if (count)
        qsort(entries, count, sizeof *entries, ascending);
    ns_buffer_clear(&w->list);
    for (size_t i = 0; i < count; i++)
        ns_buffer_add_varint(&w->list, i ? entries[i] - entries[i - 1] : entries[0]);
    if (w->list.failed && !w->lists.status)
        w->lists.status = ns_error_memory(&w->lists.error);
    w->any |= count > 0;
    ns_spool_put(&w->lists, bytes, (size_t)(ns_put_varint(bytes, w->list.size) - bytes));
    ns_spool_put(&w->lists, w->list.data, w->list.size);
}

void ns_named_put(ns_named_writer *w, ns_segment_writer *out)
{
    ns_segment_begin(out, NS_SECTION_NAMES);
    if (w->any)
        ns_spool_copy(&w->lists, out);
    ns_segment_end(out, NS_SECTION_NAMES);
    ns_segment_begin(out, NS_SECTION_NAME_INDEX);
    if (w->any)
        ns_spool_copy(&w->index, out);
    ns_segment_end(out, NS_SECTION_NAME_INDEX);
}
