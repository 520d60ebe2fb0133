/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_lines.c - writes elements of a page out as lines: a block is a line, two breaks in a row end one, and
 * what its class calls furniture is marked.
 */
#include <ctype.h>
#include <string.h>

#include "corpus/charset.h"
#include "corpus/html_body.h"
#include "corpus/html_class.h"

enum { DEEPEST = 1000 }; /* elements below one another */

/* A letter that stands alone, drawn large, before the rest of its word: "T", "urkey, Poland and". */
static bool is_drop_cap(const ns_html_writer *w, const char *text)
{
    ns_line last;
    if (w->reason || !islower((unsigned char)*text) || w->lines.size < sizeof last)
        return false;
    memcpy(&last, w->lines.data + w->lines.size - sizeof last, sizeof last);
    return !last.reason && last.n == 1 && isupper((unsigned char)*last.text);
}

static void flush(ns_html_writer *w)
{
    ns_buffer clean = NS_BUFFER_INIT;
    w->failed = w->failed || w->text.failed || w->lines.failed;
    if (!w->text.size)
        return;
    ns_clean_utf8(w->text.data, w->text.size, &clean);
    char *text = ns_arena_take(w->arena, clean.size + 2);
    if (!text || clean.failed || w->text.failed) {
        w->failed = true;
    } else {
        size_t to = 0;
        for (size_t i = 0; i < clean.size; i++) {
            size_t skip = clean.data[i] == 0xc2 && i + 1 < clean.size && clean.data[i + 1] == 0xa0 ? 2
                          : clean.data[i] == ' ' || clean.data[i] == '\n' || clean.data[i] == '\t' ? 1
                                                                                                   : 0;
            if (!skip) {
                text[to++] = (char)clean.data[i];
                continue;
            }
            i += skip - 1;
            if (to && text[to - 1] != ' ')
                text[to++] = ' ';
        }
        while (to && text[to - 1] == ' ')
            to--;
        text[to] = '\0';
        if (is_drop_cap(w, text)) {
            ns_line cap;
            w->lines.size -= sizeof cap;
            memcpy(&cap, w->lines.data + w->lines.size, sizeof cap);
            memmove(text + 1, text, ++to);
            *text = *cap.text;
        }
        if (to) {
            ns_line line = {.text = text, .n = to, .after_blank = true, .reason = w->reason};
            ns_line_look(&line);
            if (!line.reason && w->link * 10 > to * 8 && line.words <= 30 && !line.ended)
                line.reason = "related";
            ns_buffer_add(&w->lines, &line, sizeof line);
        }
    }
    ns_buffer_release(&clean);
    ns_buffer_clear(&w->text);
    w->link = 0;
}

/* All text below a node that lies deeper than we descend. */
static void write_deep(ns_html_writer *w, const xmlNode *node)
{
    for (const xmlNode *n = node->children; n && n != node;) {
        if (n->type == XML_TEXT_NODE && n->content) {
            ns_buffer_add_string(&w->text, (const char *)n->content);
            ns_buffer_add_byte(&w->text, ' ');
        }
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (n != node && !n->next)
            n = n->parent;
        if (n != node)
            n = n->next;
    }
}

static void write_node(ns_html_writer *w, const xmlNode *node, int depth)
{
    static const char *const inline_names[] = {
        "a",    "b",       "i",    "em",  "strong", "span", "u",    "small", "big",  "sub", "sup",    "font",
        "abbr", "acronym", "cite", "q",   "code",   "mark", "time", "ins",   "del",  "s",   "strike", "tt",
        "kbd",  "var",     "samp", "bdi", "bdo",    "wbr",  "img",  "data",  "nobr", "dfn",
        "ruby", "rb",      NULL};
    static const char *const readings[] = {"rt", "rp", NULL}; /* how a word is spoken, above it */
    bool after_break = false;
    for (const xmlNode *child = node->children; child; child = child->next) {
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content) {
            size_t n = strlen((const char *)child->content);
            ns_buffer_add(&w->text, child->content, n);
            w->link += w->in_link ? n : 0;
            after_break = after_break && strspn((const char *)child->content, " \t\r\n") == n;
            continue;
        }
        if (child->type != XML_ELEMENT_NODE || ns_html_is_one_of(child, readings))
            continue;
        if (depth > DEEPEST) {
            write_deep(w, child);
            continue;
        }
        if (!strcmp((const char *)child->name, "br")) {
            if (after_break)
                flush(w);
            else
                ns_buffer_add_byte(&w->text, ' ');
            after_break = !after_break;
            continue;
        }
        after_break = false;
        const char *was = w->reason;
        const char *reason = ns_html_reason(child, w->headline, w->loose);
        bool is_inline = ns_html_is_one_of(child, inline_names);
        if (!is_inline || reason)
            flush(w);
        if (reason && !was)
            w->reason = reason;
        bool link = !strcmp((const char *)child->name, "a");
        w->in_link += link;
        write_node(w, child, depth + 1);
        w->in_link -= link;
        if (!is_inline || reason)
            flush(w);
        w->reason = was;
    }
}

void ns_html_write(ns_html_writer *w, const xmlNode *node)
{
    const char *reason = ns_html_reason(node, w->headline, w->loose);
    w->reason = reason;
    write_node(w, node, 0);
    flush(w);
    w->reason = NULL;
}
