/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_html.c - the HTML reader: one page, one article. The page is tamed, parsed by libxml2, asked
 * for what it says of itself, and its story is taken out. Nothing is fetched.
 */
#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "corpus/html_body.h"
#include "corpus/html_head.h"
#include "corpus/html_meta.h"
#include "corpus/html_tame.h"

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body"};
    static const char *const extensions[] = {".html", ".htm", ".xhtml"};
    size_t at = n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    if (!ns_looks_like_text(bytes, n))
        return 0;
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (ns_path_has_extension(path, extensions[i]))
            return 70;
    while (at < n && (bytes[at] <= ' ' || !bytes[at]))
        at++;
    const char *s = (const char *)bytes + at;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (n - at >= strlen(starts[i]) && !strncasecmp(s, starts[i], strlen(starts[i])))
            return 60;
    bool markup = n > at && (*s == '<') && memmem(s, n - at, "<html", 5);
    return markup ? 50 : 0;
}

/* The page's tree, from item->scratch. NULL when there is nothing in it, or with *out_of_memory. */
static xmlDoc *parse(ns_item *item, ns_buffer *ld, bool *out_of_memory)
{
    char charset[40];
    xmlDoc *doc = NULL;
    ns_buffer page = NS_BUFFER_INIT;
    ns_html_charset((const char *)item->scratch.data, item->scratch.size, charset);
    ns_buffer_clear(&item->text);
    const char *declared = charset[0] ? charset : item->known.charset;
    ns_clean_bytes(item->scratch.data, item->scratch.size, *declared ? declared : NULL, &item->text);
    ns_html_tame((const char *)item->text.data, item->text.size, &page, ld);
    *out_of_memory = item->text.failed || page.failed || ld->failed;
    if (*out_of_memory || !page.size || page.size > INT32_MAX)
        goto out;
    doc = htmlReadMemory((const char *)page.data, (int)page.size, NULL, "UTF-8",
                         HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                             HTML_PARSE_COMPACT | (int)XML_PARSE_HUGE);
out:
    ns_buffer_release(&page);
    return doc;
}

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_buffer ld = NS_BUFFER_INIT;
    ns_lines lines;
    xmlDoc *doc = NULL;
    ns_read answer = NS_READ_FAILED;
    if (item->finished)
        return NS_READ_END;
    item->finished = true;
    ns_buffer_clear(&item->scratch);
    bool more = ns_input_all(&item->input, NS_TEXT_LIMIT, &item->scratch);
    article->id = ns_arena_string(arena, item->id);
    article->form = "page";
    if (item->scratch.failed || !article->id) {
        ns_error_memory(err);
        goto out;
    }
    bool out_of_memory;
    doc = parse(item, &ld, &out_of_memory);
    if (out_of_memory) {
        ns_error_memory(err);
        goto out;
    }
    if (!doc) {
        ns_error_set(err, NSEARCH_SKIPPED, "nothing to index: no text in '%s'", item->path);
        answer = NS_READ_SKIPPED;
        goto out;
    }
    const char *declared;
    if (!ns_html_meta_read(arena, doc, &ld, article, &declared) ||
        !ns_html_body_read(arena, doc, article->title, &lines) ||
        !ns_html_body_complete(arena, declared, &lines) || !ns_html_head_mark(article, &lines) ||
        ns_article_set_lines(arena, &lines, article, err)) {
        ns_error_memory(err);
        goto out;
    }
    if (!*article->title && !article->paragraph_count) {
        ns_error_set(err, NSEARCH_SKIPPED, "nothing to index: no text in '%s'", item->path);
        answer = NS_READ_SKIPPED;
        goto out;
    }
    if (more && ns_article_note_limit(arena, article)) {
        ns_error_memory(err);
        goto out;
    }
    answer = NS_READ_ARTICLE;
out:
    xmlFreeDoc(doc);
    ns_buffer_release(&ld);
    return answer;
}

const ns_format ns_format_html = {"html", bid, next, NULL, NULL};
