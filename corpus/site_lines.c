/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * site_lines.c - a table of buckets: a line's hash, with its site's, names the bucket. A full bucket loses the
 * line that was on the fewest pages, of those the one not met for longest. The writer and 'nsearch-inspect read' call it.
 */
#include "corpus/site_lines.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/lines.h"
#include "corpus/wording.h"
#include "src/base/bytes.h"

enum { BUCKETS = 4096, WAYS = 4, RECORD = 37 };
enum {
    HEAD_MOST = 3, /* lines at the head of a body that are looked at, */
    TAIL_MOST = 6, /* and at its end, of its second half */
    BYTES_MOST = 300,
    WORDS_MOST = 40
};

typedef struct page_key {
    uint32_t address, text; /* hashes; one that is the same makes it the same page */
} page_key;

struct ns_site_line {
    uint64_t key; /* of site and line */
    page_key page[NS_SITE_LINE_PAGES];
    uint32_t met;  /* the clock when it was met last */
    uint8_t pages; /* 0: an empty place */
};

void ns_site_lines_release(ns_site_lines *lines)
{
    free(lines->table);
    memset(lines, 0, sizeof *lines);
}

static bool has_table(ns_site_lines *lines)
{
    if (!lines->table)
        lines->table = calloc(BUCKETS * WAYS, sizeof *lines->table);
    return lines->table != NULL;
}

/* The line's place; of one that is new the place to put it. */
static ns_site_line *place_of(const ns_site_lines *lines, uint64_t key)
{
    ns_site_line *bucket = &lines->table[key % BUCKETS * WAYS], *worst = bucket;
    for (size_t i = 0; i < WAYS; i++) {
        ns_site_line *l = &bucket[i];
        if (l->pages && l->key == key)
            return l;
        if (l->pages < worst->pages || (l->pages == worst->pages && l->met < worst->met))
            worst = l;
    }
    return worst;
}

static bool was_on(const ns_site_line *line, const page_key *page)
{
    for (size_t i = 0; i < line->pages; i++)
        if (line->page[i].address == page->address || line->page[i].text == page->text)
            return true;
    return false;
}

/* Whether it goes. Meeting it is remembered. */
static bool is_recurring(ns_site_lines *lines, uint64_t key, const page_key *page)
{
    ns_site_line *line = place_of(lines, key);
    if (!line->pages || line->key != key)
        *line = (ns_site_line){.key = key};
    line->met = lines->clock;
    if (was_on(line, page))
        return false;
    if (line->pages == NS_SITE_LINE_PAGES)
        return true;
    line->page[line->pages++] = *page;
    return false;
}

/* ---- which lines */

/* A sentence that may stand in a story is none of these, however often it comes: agencies end their reports alike. */
static bool speaks_to_reader(const char *text, size_t n)
{
    static const char *const words[] = {"you",        "your",       "you're",    "our",        "we",       "subscribe",
                                        "subscriber", "subscribers", "newsletter", "newsletters", "copyright",
                                        "all rights reserved", "written permission", "click", "sign up", NULL};
    ns_folded folded;
    if (memchr(text, '"', n) || memmem(text, n, "\u201c", 3) || memmem(text, n, "\u201e", 3) ||
        memmem(text, n, "\u00ab", 2))
        return false; /* somebody is quoted */
    ns_wording_fold(text, n, &folded);
    return ns_holds_phrase(&folded, words);
}

static ns_line look_at(const ns_paragraph *p)
{
    ns_line line = {.text = p->text, .n = p->length};
    ns_line_look(&line);
    return line;
}

static bool is_candidate(const ns_paragraph *p)
{
    if (p->length > BYTES_MOST)
        return false;
    ns_line line = look_at(p);
    return line.words <= WORDS_MOST && (!line.prose || speaks_to_reader(p->text, p->length));
}

/* A page of links or prices teaches nothing. */
static bool has_prose(const ns_article *a)
{
    for (size_t i = 0; i < a->paragraph_count; i++)
        if (look_at(&a->paragraphs[i]).prose && !is_candidate(&a->paragraphs[i]))
            return true;
    return false;
}

/* ---- which page */

static uint64_t hash_of_site(const ns_article *a)
{
    const char *host = strstr(a->url, "://");
    if (!host)
        return *a->source ? ns_hash64(a->source, strlen(a->source), 1) : 0;
    host += 3;
    host += !strncmp(host, "www.", 4) ? 4 : 0;
    return ns_hash64(host, strcspn(host, "/?#:"), 2);
}

static page_key key_of_page(const ns_article *a)
{
    const char *address = *a->url ? a->url : a->id;
    size_t longest = 0;
    for (size_t i = 1; i < a->paragraph_count; i++)
        if (a->paragraphs[i].length > a->paragraphs[longest].length)
            longest = i;
    const ns_paragraph *p = &a->paragraphs[longest];
    return (page_key){(uint32_t)ns_hash64(address, strcspn(address, "#"), 3), (uint32_t)ns_hash64(p->text, p->length, 4)};
}

/* ---- leaving out */

/* goes[i]: paragraph i does. */
static bool leave_out(ns_arena *arena, ns_article *a, const bool *goes, size_t count)
{
    ns_paragraph *body = ns_arena_array(arena, a->paragraph_count, sizeof *body);
    ns_dropped *dropped = ns_arena_array(arena, a->dropped_count + count, sizeof *dropped);
    if (!body || !dropped)
        return false;
    size_t kept = 0, out = 0, old = 0;
    for (size_t i = 0; i <= a->paragraph_count; i++) {
        for (; old < a->dropped_count && (a->dropped[old].before <= i || i == a->paragraph_count); old++) {
            dropped[out] = a->dropped[old];
            dropped[out++].before = (uint32_t)kept;
        }
        if (i == a->paragraph_count)
            break;
        if (goes[i])
            dropped[out++] = (ns_dropped){a->paragraphs[i].text, "recurring", (uint32_t)kept};
        else
            body[kept++] = a->paragraphs[i];
    }
    a->paragraphs = body;
    a->paragraph_count = kept;
    a->dropped = dropped;
    a->dropped_count = out;
    return true;
}

bool ns_site_lines_apply(ns_site_lines *lines, ns_arena *arena, ns_article *a)
{
    uint64_t site = strcmp(a->form, "page") != 0 ? 0 : hash_of_site(a);
    if (!site || !a->paragraph_count || !has_prose(a))
        return true;
    bool *goes = ns_arena_zero(arena, a->paragraph_count * sizeof *goes);
    if (!goes || !has_table(lines))
        return false;
    const page_key page = key_of_page(a);
    size_t count = 0, n = a->paragraph_count, head = 0;
    size_t tail = n / 2 > TAIL_MOST ? n - TAIL_MOST : n - n / 2;
    lines->clock++;
    /* At the head only what is no sentence, and stands before all that is the story's. */
    for (; head < HEAD_MOST && head < tail && is_candidate(&a->paragraphs[head]) &&
           !look_at(&a->paragraphs[head]).prose;
         head++) {
    }
    for (size_t i = 0; i < n; i++) {
        const ns_paragraph *p = &a->paragraphs[i];
        if (i >= head && (i < tail || !is_candidate(p)))
            continue;
        goes[i] = is_recurring(lines, ns_hash64(p->text, p->length, site), &page);
        count += goes[i];
    }
    return !count || leave_out(arena, a, goes, count);
}

/* ---- on disk */

void ns_site_lines_encode(const ns_site_lines *lines, ns_buffer *out)
{
    ns_buffer_add_u32(out, lines->clock);
    for (size_t i = 0; lines->table && i < BUCKETS * WAYS; i++) {
        const ns_site_line *l = &lines->table[i];
        if (!l->pages)
            continue;
        ns_buffer_add_u64(out, l->key);
        ns_buffer_add_u32(out, l->met);
        ns_buffer_add_byte(out, l->pages);
        for (size_t k = 0; k < NS_SITE_LINE_PAGES; k++) {
            ns_buffer_add_u32(out, l->page[k].address);
            ns_buffer_add_u32(out, l->page[k].text);
        }
    }
}

bool ns_site_lines_decode(ns_site_lines *lines, const uint8_t *p, size_t n)
{
    ns_site_lines_release(lines);
    if (n < 4 || (n - 4) % RECORD || (n - 4) / RECORD > BUCKETS * WAYS)
        return false;
    lines->clock = ns_get_u32(p);
    if (n > 4 && !has_table(lines))
        return false;
    const uint8_t *end = p + n;
    for (p += 4; p < end; p += RECORD) {
        const uint64_t key = ns_get_u64(p);
        ns_site_line *l = place_of(lines, key);
        if (l->pages || !p[12] || p[12] > NS_SITE_LINE_PAGES) { /* a line twice, or more than a bucket holds */
            ns_site_lines_release(lines);
            return false;
        }
        *l = (ns_site_line){.key = key, .met = ns_get_u32(p + 8), .pages = p[12]};
        for (size_t k = 0; k < NS_SITE_LINE_PAGES; k++)
            l->page[k] = (page_key){ns_get_u32(p + 13 + 8 * k), ns_get_u32(p + 17 + 8 * k)};
    }
    return true;
}
