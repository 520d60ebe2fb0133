/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * xapian_verify.c - checks every byte of an index by its sums, Xapian's tables by Xapian's own check, and that
 * databases, records, bitmaps and counts agree.
 */
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include "index/xapian/xapian_files.h"
#include "index/xapian/xapian_snapshot.h"
#include "src/base/day.h"

/* Sums are checked on the descriptors that answer queries; live and names files were checked when opened. */
static nsearch_status check_databases(ns_xapian_snapshot *s, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    size_t k = 0;
    for (size_t i = 0; !status && i < s->manifest.file_count; i++) {
        const ns_manifest_file *file = &s->manifest.files[i];
        if (strcmp(file->role, "database") != 0)
            continue;
        int fd = s->fds[k++];
        status = ns_xapian_file_check(fd, file, err);
        if (status)
            break;
        pthread_mutex_lock(&s->opening);
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (copy < 0 || lseek(copy, 0, SEEK_SET) < 0) {
            status = ns_error_system(err, "cannot open '%s' again", file->name);
            if (copy >= 0)
                close(copy);
        } else
            status = ns_xapian_check(copy, file->name, err);
        pthread_mutex_unlock(&s->opening);
    }
    return status;
}

typedef struct totals {
    ns_xapian_snapshot *snapshot;
    ns_xapian_reader *reader;
    uint64_t articles, passages, total_length, bytes_text;
    ns_buffer bytes;
    nsearch_status status;
    nsearch_error *err;
} totals;

static nsearch_status check_passage(totals *t, uint32_t docid, uint32_t article, int32_t day, uint64_t *length)
{
    uint8_t expected[4];
    uint32_t len;
    nsearch_status status = ns_xapian_length(t->reader, docid, &len, t->err);
    ns_buffer_clear(&t->bytes);
    if (!status)
        status = ns_xapian_get(t->reader, docid, NS_XAPIAN_SLOT_ARTICLE, &t->bytes, t->err);
    if (!status)
        status = ns_xapian_get(t->reader, docid, NS_XAPIAN_SLOT_DAY, &t->bytes, t->err);
    if (status)
        return status == NSEARCH_NOT_FOUND ? NSEARCH_DAMAGED : status;
    *length += len;
    size_t size = day == NS_DAY_UNKNOWN ? 4 : 8;
    ns_xapian_put_be32(expected, article);
    if (t->bytes.size != size || memcmp(t->bytes.data, expected, 4) != 0)
        return ns_error_set(t->err, NSEARCH_DAMAGED, "bad article or day of passage %u", docid);
    ns_xapian_day_bytes(day, expected);
    if (size == 8 && memcmp(t->bytes.data + 4, expected, 4) != 0)
        return ns_error_set(t->err, NSEARCH_DAMAGED, "bad day of passage %u", docid);
    return NSEARCH_OK;
}

static bool check_article(uint32_t article, const void *bytes, size_t n, void *user)
{
    totals *t = user;
    const ns_xapian_live *live = &t->snapshot->live;
    ns_xapian_record record;
    if (ns_xapian_live_is_gone(live, article))
        return true;
    t->status = ns_xapian_record_decode(bytes, n, article, &record, t->err);
    uint32_t count = t->status ? 0 : record.columns.passage_count;
    uint64_t length = 0;
    for (uint32_t i = 0; !t->status && i < count; i++) {
        if (ns_xapian_live_is_gone(live, article + i) || ns_xapian_live_article(live, article + i) != article)
            t->status = ns_error_set(t->err, NSEARCH_DAMAGED, "passage %u is not of article %u", article + i, article);
        else
            t->status = check_passage(t, article + i, article, record.columns.day, &length);
    }
    ns_buffer_clear(&t->bytes);
    if (!t->status)
        t->status = ns_xapian_get(t->reader, article, NS_XAPIAN_SLOT_NAMES, &t->bytes, t->err);
    if (!t->status && !ns_xapian_named_check(t->bytes.data, t->bytes.size))
        t->status = ns_error_set(t->err, NSEARCH_DAMAGED, "bad names of article %u", article);
    if (!t->status && length != record.total_length)
        t->status = ns_error_set(t->err, NSEARCH_DAMAGED, "bad lengths of article %u", article);
    t->articles++;
    t->passages += count;
    t->total_length += length;
    t->bytes_text += record.text_bytes;
    return !t->status;
}

nsearch_status ns_xapian_verify(ns_snapshot *snapshot, nsearch_error *err)
{
    ns_xapian_snapshot *s = (ns_xapian_snapshot *)snapshot;
    totals t = {.snapshot = s, .err = err};
    ns_xapian_handle *handle;
    nsearch_status status = check_databases(s, err);
    if (!status && s->database_count) {
        status = ns_xapian_lease(s, &handle, err);
        if (status)
            return status;
        t.reader = handle->reader;
        ns_buffer_init(&t.bytes);
        status = ns_xapian_values(t.reader, NS_XAPIAN_SLOT_RECORD, check_article, &t, err);
        if (!status)
            status = t.status;
        ns_buffer_release(&t.bytes);
        ns_xapian_unlease(handle);
    }
    if (!status && (t.articles != s->stats.articles || t.passages != s->stats.passages ||
                    t.total_length != s->stats.total_length || t.bytes_text != s->stats.bytes_text))
        status = ns_error_set(err, NSEARCH_DAMAGED, "counts of the manifest differ from those of its databases");
    if (!status && ns_xapian_live_count(&s->live, 0, s->live.end) != s->stats.passages)
        status = ns_error_set(err, NSEARCH_DAMAGED, "live passages differ from those of the databases");
    return status;
}
