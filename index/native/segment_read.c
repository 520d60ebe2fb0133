/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * segment_read.c - maps a segment, finds its sections, and checks pages when they are first touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "index/native/segment.h"
#include "src/base/bytes.h"
#include "src/base/fs.h"
#include "src/base/guard.h"

static uint64_t page_count(const ns_segment *s)
{
    return (s->data_size + NS_SEGMENT_PAGE - 1) / NS_SEGMENT_PAGE;
}

static bool page_is_good(const ns_segment *s, uint64_t page)
{
    uint64_t begin = page * NS_SEGMENT_PAGE, n = s->data_size - begin;
    if (n > NS_SEGMENT_PAGE)
        n = NS_SEGMENT_PAGE;
    return ns_crc32c(ns_segment_seed(s->id, page), s->base + begin, n) ==
           ns_get_u32(s->base + s->data_size + page * 4);
}

/* Threads that check a page at once do the same work twice and agree. */
bool ns_segment_check_pages(const ns_segment *s, uint64_t first, uint64_t last)
{
    for (uint64_t page = first; page <= last;) {
        uint64_t word = page / 64, from = page % 64, to = last / 64 == word ? last % 64 : 63;
        uint64_t wanted = ~UINT64_C(0) << from & ~UINT64_C(0) >> (63 - to);
        uint64_t missing = wanted & ~atomic_load_explicit(&s->checked[word], memory_order_acquire);
        for (; missing; missing &= missing - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(missing);
            if (!page_is_good(s, word * 64 + bit)) {
                atomic_store_explicit(s->met, 1, memory_order_release);
                return false;
            }
            atomic_fetch_or_explicit(&s->checked[word], UINT64_C(1) << bit, memory_order_release);
        }
        page = (word + 1) * 64;
    }
    return true;
}

/* The first bad page of a section; false when all are good. */
static bool find_bad_page(const ns_segment *s, ns_section section, uint64_t *offset)
{
    uint64_t begin = section == NS_SECTION_COUNT ? 0 : s->sections[section].offset;
    uint64_t size = section == NS_SECTION_COUNT ? s->data_size : s->sections[section].size;
    for (uint64_t page = begin / NS_SEGMENT_PAGE; page * NS_SEGMENT_PAGE < begin + size; page++)
        if (!page_is_good(s, page)) {
            *offset = page * NS_SEGMENT_PAGE;
            return true;
        }
    return false;
}

nsearch_status ns_segment_damaged(const ns_segment *s, ns_section section, nsearch_error *err)
{
    uint64_t offset = 0;
    /* one section leads to another: a list to its positions, its passages to their lengths */
    for (unsigned i = 0; i <= NS_SECTION_COUNT; i++) {
        ns_section tried = (ns_section)((section + i) % (NS_SECTION_COUNT + 1));
        if (find_bad_page(s, tried, &offset))
            return ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '%s' section '%s' at %llu", s->name,
                                ns_section_name(tried), (unsigned long long)offset);
    }
    return ns_error_set(err, NSEARCH_DAMAGED, "bad data in '%s' section '%s'", s->name,
                        ns_section_name(section));
}

nsearch_status ns_segment_intact(const ns_segment *s, nsearch_error *err)
{
    /* A page that is cut in the middle is filled with zeros and raises nothing: so the end is looked at too. */
    if (ns_guard_watches(s->base) && (ns_get_u32(s->base + s->size - 4) != s->tail || ns_guard_lost(s->base)))
        return ns_error_set(err, NSEARCH_DAMAGED, "'%s' shrank or could not be read while it was in use", s->name);
    if (atomic_load_explicit(s->met, memory_order_acquire))
        return ns_segment_damaged(s, NS_SECTION_COUNT, err);
    return NSEARCH_OK;
}

nsearch_status ns_segment_check_all(const ns_segment *s, nsearch_error *err)
{
    for (uint64_t page = 0; page < page_count(s); page++) {
        if (!page_is_good(s, page))
            return ns_error_set(err, NSEARCH_DAMAGED, "bad checksum in '%s' at %llu", s->name,
                                (unsigned long long)(page * NS_SEGMENT_PAGE));
        if (page % 4096 == 4095)
            ns_segment_let_go(s);
    }
    ns_segment_let_go(s);
    return NSEARCH_OK;
}

void ns_segment_let_go(const ns_segment *s)
{
    ns_fs_current->let_go((void *)(uintptr_t)s->base, s->size);
}

static nsearch_status bad(const ns_segment *s, const char *what, nsearch_error *err)
{
    return ns_error_set(err, NSEARCH_DAMAGED, "%s in '%s'", what, s->name);
}

static nsearch_status check_header(const ns_segment *s, nsearch_error *err)
{
    uint64_t at = s->data_size - NS_SEGMENT_FOOTER_SIZE;
    if (!ns_segment_check_pages(s, 0, 0) ||
        !ns_segment_check_pages(s, at / NS_SEGMENT_PAGE, (s->data_size - 1) / NS_SEGMENT_PAGE))
        return bad(s, "bad checksum", err);
    const uint8_t *p = s->base;
    if (memcmp(p, NS_SEGMENT_MAGIC, 8) != 0)
        return bad(s, "no segment", err);
    if (ns_get_u32(p + 8) != NS_SEGMENT_VERSION)
        return ns_error_set(err, NSEARCH_UNSUPPORTED, "format version %u of '%s' is unknown to this program",
                            ns_get_u32(p + 8), s->name);
    return NSEARCH_OK;
}

static nsearch_status read_footer(ns_segment *s, nsearch_error *err)
{
    uint64_t at = s->data_size - NS_SEGMENT_FOOTER_SIZE;
    const uint8_t *p = s->base + at;
    s->counts.passages = ns_get_u32(p);
    s->counts.articles = ns_get_u32(p + 4);
    s->counts.terms = ns_get_u64(p + 8);
    s->counts.postings = ns_get_u64(p + 16);
    s->counts.total_length = ns_get_u64(p + 24);
    s->counts.text_bytes = ns_get_u64(p + 32);
    uint64_t texts = ns_get_u64(p + 40);
    p += 48;
    uint64_t end = NS_SEGMENT_HEADER_SIZE;
    for (uint32_t i = 0; i < NS_SECTION_COUNT; i++, p += 24) {
        uint64_t offset = ns_get_u64(p + 8), size = ns_get_u64(p + 16);
        if (ns_get_u32(p) != i || offset % 8 || offset < end || offset > at || size > at - offset)
            return bad(s, "bad section table", err);
        if (ns_get_u32(p + 4) != NS_SECTION_VERSION)
            return ns_error_set(err, NSEARCH_UNSUPPORTED,
                                "version %u of section '%s' in '%s' is unknown to this program",
                                ns_get_u32(p + 4), ns_section_name((ns_section)i), s->name);
        s->sections[i].offset = offset;
        s->sections[i].size = size;
        end = offset + size;
    }
    if (ns_get_u32(p) != NS_SECTION_COUNT || ns_get_u32(p + 4) != NS_SEGMENT_VERSION ||
        memcmp(p + 8, NS_SEGMENT_FOOT_MAGIC, 8) != 0 || !s->counts.articles ||
        s->counts.articles > s->counts.passages || s->counts.passages > NS_SEGMENT_PASSAGES_MAX ||
        texts > s->counts.articles)
        return bad(s, "bad footer", err);
    s->counts.texts = (uint32_t)texts;
    return NSEARCH_OK;
}

static nsearch_status open_file(int dirfd, const ns_manifest_file *file, bool damaged, ns_segment **segment,
                                nsearch_error *err)
{
    const bool unknown = damaged && !file->size; /* no manifest tells of it */
    const ns_fs *fs = ns_fs_current;
    ns_segment *s = calloc(1, sizeof *s);
    if (!s)
        return ns_error_memory(err);
    nsearch_status status = NSEARCH_OK;
    memcpy(s->name, file->name, sizeof s->name);
    s->id = file->id;
    int fd = fs->openat(dirfd, s->name, O_RDONLY, 0);
    if (fd < 0) {
        status = ns_error_system(err, "cannot open '%s'", s->name);
        goto out;
    }
    int64_t size = fs->size(fd);
    if (size < 0) {
        status = ns_error_system(err, "cannot read '%s'", s->name);
        goto out;
    }
    /* page_count pages of data and four bytes for each: the sums begin at data_size */
    uint64_t pages = ((uint64_t)size + NS_SEGMENT_PAGE + 3) / (NS_SEGMENT_PAGE + 4);
    if (((uint64_t)size != file->size && !unknown) ||
        (uint64_t)size < NS_SEGMENT_HEADER_SIZE + NS_SEGMENT_FOOTER_SIZE + 4 || (uint64_t)size > SIZE_MAX) {
        status = ns_error_set(err, NSEARCH_DAMAGED, "size of '%s' is %lld and should be %llu", s->name,
                              (long long)size, (unsigned long long)file->size);
        goto out;
    }
    void *map = fs->map(fd, (size_t)size);
    if (map == MAP_FAILED) {
        status = ns_error_system(err, "cannot map '%s'", s->name);
        goto out;
    }
    s->base = map;
    s->size = (uint64_t)size;
    s->data_size = s->size - pages * 4;
    s->tail = ns_get_u32(s->base + s->size - 4);
    if (page_count(s) != pages) {
        status = bad(s, "bad size", err);
        goto out;
    }
    s->checked = calloc(pages / 64 + 2, sizeof *s->checked);
    s->met = s->checked ? s->checked + pages / 64 + 1 : NULL;
    if (unknown)
        s->id = ns_get_u64(s->base + 16);
    if (!s->checked)
        status = ns_error_memory(err);
    else if (!damaged && ns_crc32c(ns_segment_seed(s->id, UINT64_MAX), s->base + s->data_size,
                                   (size_t)pages * 4) != file->sum)
        status = bad(s, "bad checksum of the table of sums", err);
    else if (!damaged)
        status = check_header(s, err);
    if (!status)
        status = read_footer(s, err);
    if (!status && !unknown &&
        (s->counts.passages != file->numbers[0] || s->counts.articles != file->numbers[1] ||
         s->counts.total_length != file->numbers[2] || s->counts.text_bytes != file->numbers[3] ||
         s->counts.texts != file->numbers[4]))
        status = bad(s, "counts differ from the manifest", err);
out:
    if (fd >= 0)
        fs->close(fd);
    if (status)
        ns_segment_close(s);
    else
        *segment = s;
    return status;
}

nsearch_status ns_segment_open(int dirfd, const ns_manifest_file *file, ns_segment **segment, nsearch_error *err)
{
    return open_file(dirfd, file, false, segment, err);
}

nsearch_status ns_segment_open_damaged(int dirfd, const ns_manifest_file *file, ns_segment **segment,
                                       nsearch_error *err)
{
    return open_file(dirfd, file, true, segment, err);
}

bool ns_segment_next_bad(const ns_segment *s, uint64_t *offset, ns_section *section)
{
    uint64_t page = *offset / NS_SEGMENT_PAGE;
    while (page < page_count(s) && page_is_good(s, page)) {
        if (++page % 4096 == 0)
            ns_segment_let_go(s);
    }
    *offset = page * NS_SEGMENT_PAGE;
    *section = NS_SECTION_COUNT;
    for (unsigned i = 0; i < NS_SECTION_COUNT && *offset; i++)
        if (s->sections[i].size && s->sections[i].offset <= *offset &&
            *offset < s->sections[i].offset + s->sections[i].size)
            *section = (ns_section)i;
    return page < page_count(s);
}

void ns_segment_trust(ns_segment *s)
{
    for (uint64_t i = 0; i <= page_count(s) / 64; i++)
        atomic_store_explicit(&s->checked[i], UINT64_MAX, memory_order_release);
}

void ns_segment_close(ns_segment *s)
{
    if (!s)
        return;
    if (s->base)
        ns_fs_current->unmap((void *)(uintptr_t)s->base, (size_t)s->size);
    free(s->checked);
    free(s);
}
