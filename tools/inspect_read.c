/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inspect_read.c - 'nsearch-inspect read': how files are understood, without an index.
 */
#include <string.h>

#include "corpus/confined.h"
#include "corpus/reader.h"
#include "corpus/site_lines.h"
#include "tools/inspect.h"
#include "tools/tool_json.h"
#include "tools/tool_options.h"

/* Body and furniture in the order of the page. */
static void print_text(inspect *in, const ns_article *article)
{
    size_t dropped = 0;
    for (size_t i = 0; i <= article->paragraph_count; i++) {
        for (; dropped < article->dropped_count &&
               (article->dropped[dropped].before <= i || i == article->paragraph_count);
             dropped++) {
            char label[32];
            int n = snprintf(label, sizeof label, "  (%s) ", article->dropped[dropped].reason);
            unsigned column = n < 12 ? 12 : (unsigned)n;
            printf("%-12s", label);
            tool_print_wrapped(&in->page, 12, column, TOOL_DIM, article->dropped[dropped].text, NULL, 0);
        }
        const char *text = i < article->paragraph_count ? inspect_paragraph(in, article, i) : NULL;
        if (text)
            tool_print_wrapped(&in->page, 2, 0, TOOL_PLAIN, text, NULL, 0);
    }
}

static bool show(inspect *in, const ns_article *article, nsearch_error *err)
{
    if (in->json) {
        json_t *object = tool_json_answer(NULL);
        if (!inspect_set_article(in, object, article, err)) {
            json_decref(object);
            return false;
        }
        return tool_json_print(object, true);
    }
    inspect_print_fields(in, article);
    putchar('\n');
    print_text(in, article);
    putchar('\n');
    if (!inspect_print_entities(in, article, err))
        return false;
    putchar('\n');
    return true;
}

static void tell_skipped(const char *where, const char *reason)
{
    fflush(stdout);
    fputs("skipped ", stderr);
    tool_print_safe(stderr, where);
    fputs(": ", stderr);
    tool_print_safe(stderr, reason);
    fputc('\n', stderr);
}

static int read_path(inspect *in, ns_confined *confined, const char *path, ns_site_lines *lines)
{
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_reader *reader = NULL;
    if (ns_reader_open(path, &reader, &err))
        return tool_error("%s", err.text);
    if (in->fields && ns_reader_set_fields(reader, in->fields, &err)) {
        ns_reader_close(reader);
        return tool_error("%s", err.text);
    }
    ns_reader_confine(reader, confined);
    int code = TOOL_NONE;
    size_t shown = 0;
    for (bool more = true; more;) {
        ns_article article;
        ns_arena_reset(&in->arena);
        memset(&err, 0, sizeof err);
        switch (ns_reader_next(reader, &in->arena, &article, &err)) {
        case NS_READ_ARTICLE:
            code = TOOL_FOUND;
            if (!ns_site_lines_apply(lines, &in->arena, &article))
                ns_error_memory(&err);
            if (err.status || !show(in, &article, &err)) {
                code = tool_error("%s", err.text);
                more = false;
            } else if (++shown == in->limit) {
                more = false;
            }
            break;
        case NS_READ_END:
            more = false;
            break;
        case NS_READ_SKIPPED:
            tell_skipped(ns_reader_where(reader), err.text);
            break;
        case NS_READ_FAILED:
            code = tool_error("cannot read on in '%s': %s", ns_reader_where(reader), err.text);
            more = false;
            break;
        }
    }
    ns_reader_close(reader);
    return code;
}

int inspect_read(inspect *in, char **words, int count)
{
    if (!count)
        return tool_usage("nothing to read: name a file or a folder");
    ns_site_lines lines = {NULL, 0};
    int worst = TOOL_FOUND;
    ns_confined *confined = NULL;
    nsearch_error err = NSEARCH_ERROR_INIT;
    if (!in->no_sandbox && ns_confined_new(TOOL_READER, &confined, &err))
        return tool_failed(&err, "");
    for (int i = 0; i < count; i++) {
        int code = read_path(in, confined, words[i], &lines);
        worst = code > worst ? code : worst;
    }
    ns_site_lines_release(&lines);
    ns_confined_free(confined);
    return worst;
}
