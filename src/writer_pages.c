/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * writer_pages.c - a feed's entry that has only the beginning of its story gives way to the page that it points to, in
 * whichever order and in whichever runs the two come. Both have a term of their address (src/text/address.h).
 */
#include <string.h>

#include "src/text/address.h"
#include "src/text/stored.h"
#include "src/writer.h"

enum { FORM = 1, ADDRESS = 2 }; /* bytes of a term */

static size_t text_bytes(const ns_article *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->paragraph_count; i++)
        n += a->paragraphs[i].length;
    return n;
}

/* Called for a committed article that has the term; *over ends the walk. */
typedef nsearch_status each_article(nsearch_writer *w, const ns_article *article, size_t bytes, bool *over,
                                    nsearch_error *err);

static nsearch_status walk_term(nsearch_writer *w, const char *term, size_t n, each_article *each, size_t bytes,
                                bool *over, nsearch_error *err)
{
    ns_snapshot *s = w->backend->store_snapshot(w->store);
    nsearch_status status = NSEARCH_OK;
    ns_arena arena = NS_ARENA_INIT;
    *over = false;
    for (size_t p = 0; s && p < s->backend->part_count(s) && !*over && !status; p++) {
        ns_cursor *c;
        status = s->backend->cursor(s, p, term, n, &arena, &c, err);
        if (status || !c)
            continue;
        for (uint32_t d = c->docid; d != NS_DOCID_END && !*over && !status; d = ns_cursor_next(c)) {
            ns_article_columns columns;
            const uint8_t *stored;
            size_t size;
            ns_stored old;
            if (s->backend->columns(s, d, &columns, NULL))
                continue; /* removed */
            status = s->backend->fetch(s, columns.article, &arena, &stored, &size, err);
            if (!status)
                status = ns_stored_decode(stored, size, &arena, &old, err);
            if (!status)
                status = each(w, &old.article, bytes, over, err);
        }
        c->ops->close(c);
    }
    ns_arena_release(&arena);
    return status;
}

/* ---- entries that give way */

static nsearch_status give_way(nsearch_writer *w, const char *id, uint32_t file, nsearch_error *err)
{
    uint64_t *value = ns_map_put(&w->outdone, id, strlen(id), NULL);
    if (!value)
        return ns_error_memory(err);
    *value = file;
    return NSEARCH_OK;
}

static nsearch_status note_entry(nsearch_writer *w, const ns_article *entry, size_t bytes, bool *over,
                                 nsearch_error *err)
{
    (void)over;
    if (text_bytes(entry) > bytes)
        return NSEARCH_OK;
    return give_way(w, entry->id, ns_known_files_find(&w->files, entry->origin), err);
}

/* A page: entries that came before it give way. */
static nsearch_status meet_entries(nsearch_writer *w, char *term, size_t n, size_t bytes, nsearch_error *err)
{
    bool over;
    uint64_t *page = ns_map_put(&w->pages, term + ADDRESS, n - ADDRESS, NULL);
    if (!page)
        return ns_error_memory(err);
    if (*page < bytes)
        *page = bytes;
    const uint64_t *last = ns_map_find(&w->entries, term + ADDRESS, n - ADDRESS);
    for (const ns_entry *e = last ? (const ns_entry *)(uintptr_t)*last : NULL; e; e = e->before)
        if (e->bytes <= bytes && give_way(w, e->id, e->file, err))
            return NSEARCH_NO_MEMORY;
    term[FORM] = 'e';
    return walk_term(w, term, n, note_entry, bytes, &over, err);
}

/* A page that the index holds counts, unless it is about to be found missing. */
static nsearch_status note_page(nsearch_writer *w, const ns_article *page, size_t bytes, bool *over,
                                nsearch_error *err)
{
    (void)err;
    bool missing = ns_writer_is_missing(w, page);
    *over = (!missing || !w->sweeping) && text_bytes(page) >= bytes;
    if (*over && missing && w->file != NS_NO_FILE)
        w->files.list[w->file].flags |= NS_FILE_WAITS;
    return NSEARCH_OK;
}

static nsearch_status keep_entry(nsearch_writer *w, const char *id, const char *address, size_t n, size_t bytes,
                                 nsearch_error *err)
{
    uint64_t *last = ns_map_put(&w->entries, address, n, NULL);
    ns_entry *e = ns_arena_take(&w->entry_arena, sizeof *e);
    if (!last || !e)
        return ns_error_memory(err);
    *e = (ns_entry){ns_arena_string(&w->entry_arena, id), bytes, w->file, (ns_entry *)(uintptr_t)*last};
    *last = (uint64_t)(uintptr_t)e;
    return e->id ? NSEARCH_OK : ns_error_memory(err);
}

nsearch_status ns_writer_complete(nsearch_writer *w, const ns_article *a, bool *outdone, nsearch_error *err)
{
    char term[NS_TERM_MAX];
    size_t n = w->finds_disabled ? 0 : ns_address_term(a->form, a->url, term), bytes = text_bytes(a);
    *outdone = false;
    if (!n)
        return NSEARCH_OK;
    if (term[FORM] == 'p')
        return meet_entries(w, term, n, bytes, err);
    const uint64_t *page = ns_map_find(&w->pages, term + ADDRESS, n - ADDRESS);
    nsearch_status status = NSEARCH_OK;
    *outdone = page && *page >= bytes;
    if (!*outdone) {
        term[FORM] = 'p';
        status = walk_term(w, term, n, note_page, bytes, outdone, err);
    }
    if (status || !*outdone)
        return status ? status : keep_entry(w, a->id, term + ADDRESS, n - ADDRESS, bytes, err);
    w->progress.completed += !w->sweeping;
    if (w->file != NS_NO_FILE) /* should the page go, the entry is wanted again */
        w->files.list[w->file].flags |= NS_FILE_SHADOWED;
    return NSEARCH_OK;
}

nsearch_status ns_writer_complete_elsewhere(nsearch_writer *w, const ns_article *a, bool *outdone, nsearch_error *err)
{
    char term[NS_TERM_MAX];
    size_t n = ns_address_term(a->form, a->url, term), bytes = text_bytes(a);
    *outdone = false;
    if (n && term[FORM] == 'p')
        return meet_entries(w, term, n, bytes, err);
    const uint64_t *page = n ? ns_map_find(&w->pages, term + ADDRESS, n - ADDRESS) : NULL;
    *outdone = page && *page >= bytes;
    return NSEARCH_OK;
}

nsearch_status ns_writer_take_out_entries(nsearch_writer *w, nsearch_error *err)
{
    nsearch_status status = NSEARCH_OK;
    for (size_t i = 0; i < w->outdone.count && !status; i++) {
        const ns_map_entry *e = &w->outdone.entries[i];
        nsearch_error why = NSEARCH_ERROR_INIT;
        status = w->backend->store_remove(w->store, e->key, &why);
        if (status == NSEARCH_NOT_FOUND) {
            status = NSEARCH_OK;
            continue;
        }
        if (status) {
            ns_error_set(err, status, "%s", why.text);
            break;
        }
        w->progress.completed++;
        status = ns_writer_ungroup(w, e->key, err);
        ns_sighting *seen = ns_writer_sighting(w, e->key);
        uint32_t file = seen ? seen->file : (uint32_t)e->value;
        if (seen)
            seen->hash = 0;
        ns_writer_file_loses(w, file);
        if (file != NS_NO_FILE)
            w->files.list[file].flags |= NS_FILE_SHADOWED;
    }
    ns_map_clear(&w->outdone);
    return status;
}
