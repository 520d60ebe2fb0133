/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_body.c - where a page's story is. Elements are scored by the prose right below them (after Arc90's
 * Readability); the best is taken, or the one above it that holds clearly more, with the lead between it and
 * the headline and with the parts that follow it. The tree is no deeper than html_tame.c lets it be.
 */
#include "corpus/html_body.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/html_class.h"

enum {
    MUCH = 1000,     /* bytes of a story that is surely one */
    DEEPEST = 1000,  /* elements below one another */
    LEADS_MOST = 12, /* blocks between headline and story: more are no lead */
    PARTS_MOST = 64  /* behind it */
};

/* What is known of an element; kept in node->_private. */
typedef struct box {
    const xmlNode *node;
    const char *reason;
    uint32_t order;    /* of the page */
    size_t text, link; /* bytes of all text, of text in links */
    size_t commas;
    double prose;  /* points of all its prose, however deep */
    double listed; /* those of list items */
    bool leaf;    /* no block below it */
    bool ended;   /* its text ends as a sentence does */
} box;

typedef struct search {
    ns_arena *arena;
    bool loose, failed;
    uint32_t order;
    xmlNode *best;
    double best_score;
    const xmlNode *headline;
    const char *title;
} search;

static box *box_of(const xmlNode *node)
{
    return node->_private;
}

/* ---------------------------------------------------------------- weighing */

/* Counts a text's bytes and looks at its end. */
static void weigh_text(const char *s, box *b)
{
    char last = 0;
    size_t n = 0;
    for (; *s; s++) {
        if (isspace((unsigned char)*s))
            continue;
        n++;
        b->commas += *s == ',';
        last = *s;
    }
    b->text += n;
    if (n)
        b->ended = strchr(".!?\"\x9d\x82", last) != NULL; /* the last bytes of U+201D and U+3002 */
}

static bool same_title(const xmlNode *node, const char *title, bool *failed)
{
    ns_buffer text = NS_BUFFER_INIT;
    size_t i = 0, k = 0, same = 0;
    ns_html_text(node, 400, &text);
    while (i < text.size && title[k]) {
        if (isspace(text.data[i])) {
            i++;
        } else if (title[k] == ' ') {
            k++;
        } else if (tolower(text.data[i]) == tolower((unsigned char)title[k])) {
            i++, k++, same++;
        } else {
            break;
        }
    }
    while (i < text.size && isspace(text.data[i]))
        i++;
    bool whole = same >= 8 && (i == text.size || !title[k]);
    *failed = *failed || text.failed;
    ns_buffer_release(&text);
    return whole;
}

/* The heading that is the title, else the first h1; NULL. */
static const xmlNode *find_headline(const xmlNode *root, const char *title, bool *failed)
{
    const xmlNode *first = NULL, *match = NULL;
    for (const xmlNode *n = root; (n = ns_html_next(n, root, false)) != NULL;) {
        const char *name = (const char *)n->name;
        if (n->type != XML_ELEMENT_NODE || name[0] != 'h' || name[1] < '1' || name[1] > '3' || name[2])
            continue;
        bool top = name[1] == '1';
        if ((!match || top) && *title && same_title(n, title, failed)) {
            match = n;
            if (top)
                return n;
        }
        if (top && !first)
            first = n;
    }
    return match ? match : first;
}

/* Weighs a subtree; prose counts for its parent, half for the one above, no further. */
static box *weigh(search *s, xmlNode *node, double *parent, double *above, int depth)
{
    static const char *const prose[] = {"p", "pre", "blockquote", "td", "dd", NULL};
    static const char *const blocks[] = {"p",  "div", "section", "article", "ul", "ol", "table", "blockquote",
                                         "h1", "h2",  "h3",      "h4",      "h5", "h6", NULL};
    static const char *const inline_names[] = {"a",    "b",     "i",    "em", "strong", "span", "u",
                                               "font", "small", "mark", "q",  "abbr",   NULL};
    double here = 0;
    box *b = ns_arena_zero(s->arena, sizeof *b);
    node->_private = b;
    if (!b) {
        s->failed = true;
        return NULL;
    }
    b->node = node;
    b->order = s->order++;
    b->leaf = true;
    box own = {.text = 0};
    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE && child->content) {
            size_t was = own.text;
            weigh_text((const char *)child->content, &own);
            b->text += own.text - was;
            b->ended = own.text > was ? own.ended : b->ended;
        } else if (child->type == XML_ELEMENT_NODE && depth < DEEPEST) {
            const char *reason = ns_html_reason(child, s->headline, s->loose);
            b->leaf = b->leaf && !ns_html_is_one_of(child, blocks);
            if (reason) {
                box *marked = ns_arena_zero(s->arena, sizeof *marked);
                child->_private = marked;
                s->failed = s->failed || !marked;
                if (marked)
                    *marked = (box){.node = child, .reason = reason, .order = s->order++};
                continue;
            }
            box *below = weigh(s, child, &here, parent, depth + 1);
            if (!below)
                return NULL;
            b->text += below->text;
            b->link += below->link;
            b->commas += below->commas;
            b->prose += below->prose;
            b->listed += ns_html_is(child, "li") ? below->prose : below->listed;
            if (below->leaf && ns_html_is_one_of(child, inline_names)) { /* "<div><i>All of it.</i></div>" */
                own.text += below->text;
                own.commas += below->commas;
            }
            b->ended = below->text ? below->ended : b->ended;
        }
    }
    b->commas += own.commas;
    if (!strcmp((const char *)node->name, "a"))
        b->link = b->text;
    double density = b->text ? (double)b->link / (double)b->text : 0;
    bool is_prose = ns_html_is_one_of(node, prose);
    size_t prose_bytes = is_prose && b->leaf                        ? b->text
                         : !strcmp((const char *)node->name, "div") ? own.text
                                                                    : 0;
    if (prose_bytes >= 25 && density < 0.5) {
        double points = 1 + (double)own.commas + (prose_bytes > 300 ? 3 : (double)prose_bytes / 100);
        b->prose += points;
        if (is_prose) {
            *parent += points;
            *above += points / 2;
        } else {
            here += points;
        }
    }
    if (here > 0 && !is_prose) {
        double score = here * (1 - density);
        if (ns_html_is_story(node))
            score *= 2;
        if (!strcmp((const char *)node->name, "article") || !strcmp((const char *)node->name, "main"))
            score *= 1.3;
        if (score > s->best_score) {
            s->best_score = score;
            s->best = node;
        }
    }
    return b;
}

/* ---------------------------------------------------------------- choosing */

static bool is_top(const xmlNode *node)
{
    return !strcmp((const char *)node->name, "body") || !strcmp((const char *)node->name, "html");
}

/* The article that the headline stands in, when it has prose of its own; NULL. */
static xmlNode *article_of(const xmlNode *headline)
{
    xmlNode *node = headline ? headline->parent : NULL;
    while (node && !ns_html_is(node, "article"))
        node = node->parent;
    const box *b = node ? box_of(node) : NULL;
    return b && b->text >= 200 && b->prose >= 2 && b->link * 3 < b->text ? node : NULL;
}

/* The prose of a box; without its lists for a story that is in none: those may be a stream of other stories. */
static double prose_of(const box *b, bool in_list)
{
    return in_list ? b->prose : b->prose - b->listed;
}

/* A story cut into several boxes side by side: the element above holds clearly more prose. It does not reach
 * out of 'limit', which may be NULL. */
static xmlNode *climb(xmlNode *start, const xmlNode *limit)
{
    bool in_list = false;
    for (const xmlNode *node = start; node && !in_list; node = node->parent)
        in_list = ns_html_is(node, "li");
    double points = prose_of(box_of(start), in_list);
    xmlNode *chosen = start;
    int level = 0;
    for (xmlNode *node = start->parent;
         node && node->type == XML_ELEMENT_NODE && level < 6 && !is_top(node) && chosen != limit;
         node = node->parent, level++) {
        if (limit && node == limit->parent)
            break;
        const box *b = box_of(node);
        if (b && prose_of(b, in_list) > points * 1.35 && b->link * 10 < b->text * 3) {
            points = prose_of(b, in_list);
            chosen = node;
        } else if (b && ns_html_is_story(node) && b->link * 10 < b->text * 3) {
            points = prose_of(b, in_list);
            chosen = node;
        }
    }
    return chosen;
}

static bool is_inside(const xmlNode *node, const xmlNode *outer)
{
    while (node && node != outer)
        node = node->parent;
    return node != NULL;
}

/* A block of text that reads as a paragraph, or is called a lead. */
static bool is_lead(const box *b)
{
    static const char *const names[] = {"p", "h2", "h3", "h4", "div", "span", NULL};
    if (!b || b->reason || !b->leaf || b->text < 25 || b->link * 3 > b->text || b->text > 1500 ||
        !ns_html_is_one_of(b->node, names))
        return false;
    bool called = ns_html_is_lead(b->node) || (b->node->parent && ns_html_is_lead(b->node->parent));
    if (!strcmp((const char *)b->node->name, "span") && !called)
        return false;
    return (called && b->text >= 40) || (b->ended && b->text >= 60);
}

/* Writes the leads between headline and story; none when there are so many that they are something else. */
static void write_leads(search *s, ns_html_writer *w, const xmlNode *top, const xmlNode *story)
{
    const xmlNode *leads[LEADS_MOST];
    size_t count = 0;
    if (!s->headline || !box_of(s->headline) || is_inside(s->headline, story) ||
        box_of(s->headline)->order > box_of(story)->order)
        return;
    for (const xmlNode *n = s->headline; n && n != story;) {
        const box *b = n->type == XML_ELEMENT_NODE ? n->_private : NULL;
        bool lead = n != s->headline && is_lead(b);
        if (lead && count == LEADS_MOST)
            return;
        if (lead)
            leads[count++] = n;
        bool over = n == s->headline || lead || (n->type == XML_ELEMENT_NODE && (!b || b->reason));
        n = ns_html_next(n, top, over);
    }
    for (size_t i = 0; i < count; i++)
        ns_html_write(w, leads[i]);
}

/* A part of the story behind its largest: it is called like it, or is a paragraph. */
static bool is_part(const box *b, const xmlNode *story)
{
    if (!b || b->reason || b->text < 60 || b->link * 3 > b->text)
        return false;
    const char *a = ns_html_attribute(b->node, "class"), *c = ns_html_attribute(story, "class");
    if (a && c && *a && !strcmp(a, c) && b->prose >= 2)
        return true;
    return !strcmp((const char *)b->node->name, "p") && b->ended && b->text >= 80;
}

static void write_story(search *s, ns_html_writer *w, const xmlNode *root)
{
    xmlNode *article = article_of(s->headline);
    bool astray = article && !is_inside(s->best, article);
    const xmlNode *story = astray ? article : climb(s->best, article);
    write_leads(s, w, root, story);
    ns_html_write(w, story);
    size_t parts = 0;
    for (const xmlNode *n = story->next; n && !is_top(story) && parts < PARTS_MOST; n = n->next)
        if (n->type == XML_ELEMENT_NODE && is_part(n->_private, story)) {
            ns_html_write(w, n);
            parts++;
        }
}

/* One attempt; the bytes of story that it found. */
static size_t attempt(search *s, ns_html_writer *w, xmlNode *root)
{
    double parent = 0, above = 0;
    size_t bytes = 0;
    s->best = NULL;
    s->best_score = 0;
    s->order = 0;
    w->failed = w->failed || w->lines.failed;
    w->loose = s->loose;
    w->headline = s->headline;
    ns_buffer_clear(&w->lines);
    if (!weigh(s, root, &parent, &above, 0))
        return 0;
    if (s->best)
        write_story(s, w, root);
    else
        ns_html_write(w, root);
    for (size_t at = 0; at < w->lines.size; at += sizeof(ns_line)) {
        ns_line line;
        memcpy(&line, w->lines.data + at, sizeof line);
        bytes += line.reason ? 0 : line.n;
    }
    return bytes;
}

bool ns_html_body_read(ns_arena *arena, xmlDoc *page, const char *title, ns_lines *lines)
{
    search s = {.arena = arena, .title = title};
    ns_html_writer w = {.arena = arena};
    xmlNode *root = xmlDocGetRootElement(page);
    lines->line = NULL;
    lines->count = 0;
    if (!root)
        return true;
    s.headline = find_headline(root, title, &s.failed);
    size_t strict = attempt(&s, &w, root);
    if (strict < MUCH) {
        s.loose = true;
        size_t loose = attempt(&s, &w, root);
        s.loose = loose > 4 * strict;
        if (!s.loose)
            attempt(&s, &w, root);
    }
    size_t count = w.lines.size / sizeof(ns_line);
    lines->line = ns_arena_array(arena, count ? count : 1, sizeof *lines->line);
    bool good = lines->line && !s.failed && !w.failed && !w.lines.failed && !w.text.failed;
    if (good && count)
        memcpy(lines->line, w.lines.data, count * sizeof *lines->line);
    lines->count = good ? count : 0;
    ns_buffer_release(&w.lines);
    ns_buffer_release(&w.text);
    return good;
}
