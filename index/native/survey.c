/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * survey.c - goes through the files of an index that may be damaged: tells each place that is not as it was written,
 * and reads the articles that still can be read. Sums say which pages are bad; an article on a bad page may be whole
 * all the same, and its own hash is the proof, so no more is lost than the bytes that were hit.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/native/columns.h"
#include "index/native/files.h"
#include "index/native/snapshot.h"
#include "index/native/texts.h"
#include "index/native/whole_file.h"
#include "src/base/fs.h"

typedef struct survey {
    int dirfd;
    const ns_survey *calls;
    ns_manifest manifest;
    bool manifest_damaged; /* then a segment's own header tells its id, and its footer the rest */
    size_t bad_lines;
    ns_arena arena;
    nsearch_error *err;
} survey;

static void tell(const survey *s, const char *what)
{
    if (s->calls->damaged)
        s->calls->damaged(what, s->calls->user);
}

static void tell_lost(const survey *s, const char *id, const char *file, uint64_t count)
{
    if (s->calls->lost && count)
        s->calls->lost(id, file, count, s->calls->user);
}

/* Damage is told and survived; other errors end the survey. */
static nsearch_status survive(const survey *s, const nsearch_error *why)
{
    if (why->status == NSEARCH_DAMAGED || why->status == NSEARCH_NOT_FOUND || why->status == NSEARCH_UNSUPPORTED) {
        tell(s, why->text);
        return NSEARCH_OK;
    }
    return why->status ? ns_error_set(s->err, why->status, "%s", why->text) : NSEARCH_OK;
}

/* ---- the articles of one segment */

/* One that is lost, with what the dictionary still knows of it. */
typedef struct missing {
    uint32_t article;
    const char *id, *file;
} missing;

typedef struct articles {
    missing *list; /* ascending */
    size_t count, capacity;
} articles;

static missing *find_missing(const articles *lost, uint32_t article)
{
    size_t low = 0, high = lost->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lost->list[middle].article < article)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lost->count && lost->list[low].article == article ? &lost->list[low] : NULL;
}

/* Terms of one kind stand in the first passage of the articles they belong to: their ids, their files. */
static void name_missing(survey *s, const ns_segment *segment, char kind, articles *lost, ns_arena *names)
{
    ns_dictionary_walk walk;
    for (bool more = ns_dictionary_seek(&walk, segment, &kind, 1); more && walk.key[0] == (uint8_t)kind;
         more = ns_dictionary_next(&walk)) {
        ns_cursor *c;
        ns_arena_reset(&s->arena);
        if (ns_postings_cursor(segment, &walk.list, 0, &s->arena, &c, NULL))
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END; d = ns_cursor_next(c)) {
            missing *m = d < segment->counts.passages ? find_missing(lost, ns_columns_article(segment, d)) : NULL;
            const char **name = m ? (kind == NS_TERM_ID ? &m->id : &m->file) : NULL;
            if (name && !**name) {
                const char *copy = ns_arena_copy(names, (const char *)walk.key + 1, walk.length - 1);
                *name = copy ? copy : "";
            }
        }
    }
}

static nsearch_status note_missing(survey *s, articles *lost, uint32_t article)
{
    if (lost->count == lost->capacity) {
        size_t capacity = lost->capacity ? lost->capacity * 2 : 64;
        missing *list = realloc(lost->list, capacity * sizeof *list);
        if (!list)
            return ns_error_memory(s->err);
        lost->list = list;
        lost->capacity = capacity;
    }
    lost->list[lost->count++] = (missing){article, "", ""};
    return NSEARCH_OK;
}

/* False when it cannot be read; whether it is what was written, its hash says to the caller. */
static bool read_article(survey *s, const ns_segment *segment, uint32_t article, const uint8_t **bytes, size_t *n,
                         uint64_t *hash)
{
    ns_article_facts facts;
    ns_text_block block;
    uint32_t end;
    ns_arena_reset(&s->arena);
    if (!ns_texts_place(segment, article, &facts, &block, &end) ||
        ns_texts_inflate(segment, &block, end, &s->arena, bytes, NULL))
        return false;
    *bytes += facts.text_offset;
    *n = end - facts.text_offset;
    *hash = facts.hash;
    return true;
}

static nsearch_status read_articles(survey *s, const ns_segment *segment, const ns_removed *removed)
{
    articles lost = {0};
    ns_arena names;
    nsearch_status status = NSEARCH_OK;
    uint32_t first = 0;
    ns_arena_init(&names);
    for (uint32_t article = 0; article < segment->counts.articles && !status; article++) {
        const uint8_t *bytes;
        size_t n;
        uint64_t hash;
        bool live = first >= segment->counts.passages || !ns_removed_has(removed, first);
        if (live && !(read_article(s, segment, article, &bytes, &n, &hash) &&
                      s->calls->article(bytes, n, hash, s->calls->user)))
            status = note_missing(s, &lost, article);
        if (first < segment->counts.passages)
            first = ns_columns_end(segment, first);
    }
    if (!status && lost.count) {
        name_missing(s, segment, NS_TERM_ID, &lost, &names);
        name_missing(s, segment, NS_TERM_ORIGIN, &lost, &names);
    }
    for (size_t i = 0; i < lost.count && !status; i++)
        tell_lost(s, lost.list[i].id, lost.list[i].file, 1);
    free(lost.list);
    ns_arena_release(&names);
    return status;
}

/* ---- files */

/* True if there are any. */
static bool tell_bad_pages(const survey *s, const ns_segment *segment, const ns_manifest_file *file)
{
    ns_section section;
    char text[160];
    uint64_t offset = 0, sums = segment->size - segment->data_size;
    bool any = false;
    if (file->size && ns_crc32c(ns_segment_seed(segment->id, UINT64_MAX), segment->base + segment->data_size,
                                (size_t)sums) != file->sum) {
        snprintf(text, sizeof text, "bad checksum in '%s' section 'sums' at %llu", segment->name,
                 (unsigned long long)segment->data_size);
        tell(s, text);
        any = true;
    }
    for (; ns_segment_next_bad(segment, &offset, &section); offset += NS_SEGMENT_PAGE) {
        snprintf(text, sizeof text, "bad checksum in '%s' section '%s' at %llu", segment->name,
                 section < NS_SECTION_COUNT ? ns_section_name(section) : offset ? "footer" : "header",
                 (unsigned long long)offset);
        tell(s, text);
        any = true;
    }
    return any;
}

static nsearch_status survey_segment(survey *s, const ns_manifest_file *file)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    ns_segment *segment;
    ns_removed removed = {0};
    ns_manifest_file known = *file;
    if (s->manifest_damaged)
        known.size = 0;
    nsearch_status status = ns_segment_open_damaged(s->dirfd, &known, &segment, &why);
    if (status) {
        tell_lost(s, "", "", file->numbers[1]);
        return survive(s, &why);
    }
    bool told = tell_bad_pages(s, segment, &known);
    if (!told && !ns_dictionary_check(segment)) {
        ns_segment_damaged(segment, NS_SECTION_TERM_INDEX, &why);
        status = survive(s, &why);
        ns_error_clear(&why); /* what was removed is known all the same */
    }
    for (size_t i = 0; i < s->manifest.file_count && !status && !why.status; i++) {
        const ns_manifest_file *other = &s->manifest.files[i];
        if (!strcmp(other->role, "removed") && other->id == segment->id && !removed.bits &&
            ns_removed_read(&removed, segment, s->dirfd, other, &why))
            status = survive(s, &why);
    }
    if (!status && s->calls->article) {
        ns_segment_trust(segment);
        /* what all reading by article relies on; the rest is looked up with care */
        nsearch_error sizes = NSEARCH_ERROR_INIT;
        uint64_t words = ((uint64_t)segment->counts.passages + 63) / 64;
        if (segment->sections[NS_SECTION_STARTS].size == words * 8 + (words + 7) / 8 * 4)
            status = read_articles(s, segment, &removed);
        else {
            ns_segment_damaged(segment, NS_SECTION_STARTS, &sizes);
            tell(s, sizes.text);
            tell_lost(s, "", "", segment->counts.articles);
        }
    }
    ns_removed_release(&removed);
    ns_segment_close(segment);
    return status;
}

static nsearch_status survey_names(survey *s, const ns_manifest_file *file)
{
    nsearch_error why = NSEARCH_ERROR_INIT;
    uint8_t *names;
    if (ns_whole_file_read(s->dirfd, file, &names, &why))
        return survive(s, &why);
    if (s->calls->names)
        s->calls->names((const char *)names, (size_t)file->size, s->calls->user);
    free(names);
    return NSEARCH_OK;
}

/* A segment that stands in the folder and in no line that can be read. */
static void note_unnamed(const char *name, void *user)
{
    survey *s = user;
    ns_manifest_file file = {.role = "unnamed"};
    size_t digits = strncmp(name, "seg-", 4) ? 0 : strspn(name + 4, "0123456789");
    if (!digits || name[4 + digits] || 4 + digits >= sizeof file.name)
        return;
    for (size_t i = 0; i < s->manifest.file_count; i++)
        if (!strcmp(s->manifest.files[i].name, name))
            return;
    memcpy(file.name, name, 4 + digits + 1);
    ns_manifest_add(&s->manifest, &file, NULL);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const ns_manifest_file *)left)->name, ((const ns_manifest_file *)right)->name);
}

static nsearch_status survey_files(survey *s)
{
    nsearch_status status = NSEARCH_OK;
    const size_t named = s->manifest.file_count;
    for (size_t i = 0; i < named; i++)
        if (!strcmp(s->manifest.files[i].role, "database"))
            return ns_error_set(s->err, NSEARCH_UNSUPPORTED, "'%s' is a file of another engine",
                                s->manifest.files[i].name);
    bool incomplete = s->bad_lines > 0;
    for (size_t i = 0; i < named && s->manifest_damaged; i++) {
        ns_manifest_file *file = &s->manifest.files[i];
        if (!strncmp(file->name, "seg-", 4)) /* whatever the role reads now */
            memcpy(file->role, "segment", sizeof "segment");
        int fd = incomplete ? -1 : ns_fs_current->openat(s->dirfd, file->name, O_RDONLY, 0);
        incomplete |= fd < 0; /* a name that was damaged */
        if (fd >= 0)
            ns_fs_current->close(fd);
    }
    if (incomplete && s->calls->article) {
        ns_fs_current->list(s->dirfd, note_unnamed, s);
        qsort(s->manifest.files + named, s->manifest.file_count - named, sizeof *s->manifest.files, by_name);
    }
    for (size_t i = 0; i < named && !status; i++)
        if (!strcmp(s->manifest.files[i].role, "names"))
            status = survey_names(s, &s->manifest.files[i]);
    for (size_t i = named; i < s->manifest.file_count && !status; i++)
        status = survey_segment(s, &s->manifest.files[i]); /* older, or of a line that is lost: named ones win */
    for (size_t i = 0; i < named && !status; i++)
        if (!strcmp(s->manifest.files[i].role, "segment"))
            status = survey_segment(s, &s->manifest.files[i]);
    return status;
}

nsearch_status ns_native_survey(const char *dir, const ns_survey *calls, nsearch_error *err)
{
    survey s = {.calls = calls, .err = err};
    nsearch_error why = NSEARCH_ERROR_INIT;
    nsearch_status status = ns_files_open_directory(dir, false, &s.dirfd, err);
    if (status)
        return status;
    ns_arena_init(&s.arena);
    status = ns_manifest_read(s.dirfd, &s.manifest, &why);
    if (status == NSEARCH_DAMAGED) {
        tell(&s, why.text);
        s.manifest_damaged = true;
        status = ns_manifest_read_damaged(s.dirfd, &s.manifest, &s.bad_lines, err);
        if (status == NSEARCH_DAMAGED) { /* nothing is left of it: what files there are must prove themselves */
            ns_error_clear(err);
            s.bad_lines = 1;
            status = NSEARCH_OK;
        }
    } else if (status)
        ns_error_set(err, status, "%s", why.text);
    if (!status)
        status = survey_files(&s);
    ns_manifest_release(&s.manifest);
    ns_arena_release(&s.arena);
    ns_fs_current->close(s.dirfd);
    return status;
}
