/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_body.c - scores elements by the prose right below them (after Arc90's Readability), takes the best
 * and writes its blocks out as lines. The tree is no deeper than html_tame.c lets it be.
 */
#include "corpus/html_body.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "src/base/buffer.h"

enum {
    MUCH = 1000,   /* bytes of a story that is surely one */
    DEEPEST = 1000 /* elements below one another */
};

typedef struct weight {
    size_t text, link; /* bytes of a subtree's text, of text in links */
    double prose;      /* points of all its prose, however deep */
} weight;

typedef struct walker {
    ns_arena *arena;
    bool loose; /* do not believe class names: on this page they hide the story */
    xmlNode *best;
    double best_score;
    bool failed;
    /* writing */
    ns_buffer lines;  /* of ns_line */
    ns_buffer text;   /* of the paragraph in the making */
    size_t link;      /* bytes of it in links */
    const char *reason;
    int in_link;
} walker;

static const char *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (!strcasecmp((const char *)a->name, name))
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return "";
}

static bool is_one_of(const xmlNode *node, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp((const char *)node->name, *names))
            return true;
    return false;
}

/* A word of a class or id begins with one of the words. */
static bool has_word(const char *s, const char *const *words)
{
    for (const char *p = s; *p; p++) {
        if (p > s && isalpha((unsigned char)p[-1]) &&
            !(isupper((unsigned char)*p) && islower((unsigned char)p[-1])))
            continue;
        for (const char *const *w = words; *w; w++)
            if (!strncasecmp(p, *w, strlen(*w)))
                return true;
    }
    return false;
}

/* Why the element is no part of a story, or NULL. */
static const char *reason_of(const walker *w, const xmlNode *node)
{
    static const struct {
        const char *name, *reason;
    } elements[] = {{"nav", "menu"},   {"aside", "related"}, {"footer", "menu"},
                    {"head", "head"},  {"button", "menu"},   {"figcaption", "caption"},
                    {"label", "menu"}, {"menu", "menu"},     {"dialog", "menu"},
                    {"cite", NULL}};
    static const char *const related[] = {
        "related", "recommend", "readmore", "read-more", "more-on", "most-", "popular", "trending", "also-",
        "outbrain", "taboola", "teaser", "promo", NULL
    };
    static const char *const menu[] = {
        "comment", "share", "sharing", "social", "sidebar", "footer", "menu", "nav", "breadcrumb",
        "newsletter", "subscri", "widget", "cookie", "consent", "toolbar", "pagination", "pager", "masthead",
        "signup", "sign-up", "login", "modal", "popup", "disqus", "tag-", "tags", "toc", "skip", "print",
        "byline-social", "author-bio", "paywall", "rating", "vcard", "screen-reader", "sr-only", NULL
    };
    static const char *const caption[] = {
        "caption", "credit", "copyright", "wp-caption", "photo-", "gallery", NULL
    };
    static const char *const advert[] = { "advert", "ad-", "ads-", "adslot", "sponsor", "dfp", NULL };
    static const char *const story[] = {
        "article-body", "article__body", "articlebody", "story-body", "entry-content", "post-content",
        "main-content", "article-content", "story", "article", NULL
    };
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (!strcmp((const char *)node->name, elements[i].name))
            return elements[i].reason;
    if (!strcmp((const char *)node->name, "body") || !strcmp((const char *)node->name, "article") ||
        !strcmp((const char *)node->name, "main") || !strcmp((const char *)node->name, "html"))
        return NULL;
    const char *style = attribute(node, "style");
    if (strcasestr(style, "display:none") || strcasestr(style, "display: none"))
        return "hidden";
    const char *names[] = { attribute(node, "class"), attribute(node, "id") };
    for (size_t i = 0; i < 2 && !w->loose; i++) {
        if (!*names[i])
            continue;
        if (has_word(names[i], advert))
            return "advertisement";
        if (has_word(names[i], caption))
            return "caption";
        if (has_word(names[i], related))
            return "related";
        if (has_word(names[i], menu) && !has_word(names[i], story))
            return "menu";
    }
    const char *role = attribute(node, "role");
    if (!strcmp(role, "navigation") || !strcmp(role, "complementary") || !strcmp(role, "banner"))
        return "menu";
    return NULL;
}

static size_t text_bytes(const char *s, size_t *commas)
{
    size_t n = 0;
    for (; *s; s++) {
        n += !isspace((unsigned char)*s);
        *commas += *s == ',';
    }
    return n;
}

static bool is_story_element(const xmlNode *node)
{
    static const char *const names[] = {
        "article-body", "article__body", "articlebody", "article_body", "story-body", "story__body",
        "entry-content", "post-content", "article-content", "story-content", "article-text", "post-body",
        "article__content", "body-content", "storytext", "story-text", NULL
    };
    return !strcasecmp(attribute(node, "itemprop"), "articleBody") ||
           has_word(attribute(node, "class"), names) || has_word(attribute(node, "id"), names);
}

/* Weighs a subtree; prose counts for its parent, half for the one above, no further. */
static weight weigh(walker *w, xmlNode *node, double *parent, double *above, int depth)
{
    weight sum = { 0, 0, 0 };
    double here = 0;
    size_t own = 0, own_commas = 0;
    static const char *const prose[] = { "p", "pre", "blockquote", "td", "dd", NULL };
    static const char *const blocks[] = {
        "p", "div", "section", "article", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5",
        "h6", NULL
    };
    bool has_block = false;
    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE && child->content) {
            size_t n = text_bytes((const char *)child->content, &own_commas);
            own += n;
            sum.text += n;
        } else if (child->type == XML_ELEMENT_NODE && depth < DEEPEST) {
            if (reason_of(w, child))
                continue;
            has_block = has_block || is_one_of(child, blocks);
            weight below = weigh(w, child, &here, parent, depth + 1);
            sum.text += below.text;
            sum.link += below.link;
            sum.prose += below.prose;
        }
    }
    if (!strcmp((const char *)node->name, "a"))
        sum.link = sum.text;
    double density = sum.text ? (double)sum.link / (double)sum.text : 0;
    size_t prose_bytes = is_one_of(node, prose) && !has_block ? sum.text
                         : !strcmp((const char *)node->name, "div") ? own : 0;
    if (prose_bytes >= 25 && density < 0.5) {
        double points = 1 + (double)own_commas + (prose_bytes > 300 ? 3 : (double)prose_bytes / 100);
        sum.prose += points;
        if (is_one_of(node, prose)) {
            *parent += points;
            *above += points / 2;
        } else {
            here += points;
        }
    }
    if (here > 0 && !is_one_of(node, prose)) {
        double score = here * (1 - density);
        if (is_story_element(node))
            score *= 2;
        if (!strcmp((const char *)node->name, "article") || !strcmp((const char *)node->name, "main"))
            score *= 1.3;
        if (score > w->best_score) {
            w->best_score = score;
            w->best = node;
        }
    }
    return sum;
}

/* ---------------------------------------------------------------- writing */

static void flush(walker *w)
{
    ns_buffer clean = NS_BUFFER_INIT;
    w->failed = w->failed || w->text.failed || w->lines.failed;
    if (!w->text.size)
        return;
    ns_clean_utf8(w->text.data, w->text.size, &clean);
    char *text = ns_arena_take(w->arena, clean.size + 1);
    if (!text || clean.failed || w->text.failed) {
        w->failed = true;
    } else {
        size_t to = 0;
        for (size_t i = 0; i < clean.size; i++) {
            size_t skip = clean.data[i] == 0xc2 && i + 1 < clean.size && clean.data[i + 1] == 0xa0 ? 2
                          : clean.data[i] == ' ' || clean.data[i] == '\n' || clean.data[i] == '\t' ? 1 : 0;
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
        if (to) {
            ns_line line = { .text = text, .n = to, .after_blank = true, .reason = w->reason };
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
static void write_deep(walker *w, const xmlNode *node)
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

static void write_node(walker *w, const xmlNode *node, int depth)
{
    static const char *const inline_names[] = {
        "a", "b", "i", "em", "strong", "span", "u", "small", "big", "sub", "sup", "font", "abbr", "acronym",
        "cite", "q", "code", "mark", "time", "ins", "del", "s", "strike", "tt", "kbd", "var", "samp", "bdi",
        "bdo", "wbr", "img", "data", "nobr", "dfn", NULL
    };
    bool after_break = false;
    for (const xmlNode *child = node->children; child; child = child->next) {
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content) {
            size_t n = strlen((const char *)child->content);
            ns_buffer_add(&w->text, child->content, n);
            w->link += w->in_link ? n : 0;
            after_break = after_break && strspn((const char *)child->content, " \t\r\n") == n;
            continue;
        }
        if (child->type != XML_ELEMENT_NODE)
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
        const char *reason = reason_of(w, child);
        bool is_inline = is_one_of(child, inline_names);
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

/* A story cut into several boxes side by side: the element above holds clearly more prose. */
static void climb(walker *w)
{
    double unused = 0;
    if (!w->best)
        return;
    xmlNode *start = w->best;
    double points = weigh(w, start, &unused, &unused, 0).prose;
    xmlNode *chosen = start;
    int level = 0;
    for (xmlNode *node = start->parent; node && node->type == XML_ELEMENT_NODE && level < 6;
         node = node->parent, level++) {
        if (!strcmp((const char *)node->name, "body") || !strcmp((const char *)node->name, "html"))
            break;
        weight above = weigh(w, node, &unused, &unused, 0);
        if (above.prose > points * 1.35 && above.link * 10 < above.text * 3) {
            points = above.prose;
            chosen = node;
        }
    }
    w->best = chosen;
}

/* One attempt; the bytes of story that it found. */
static size_t attempt(walker *w, xmlNode *root)
{
    double parent = 0, above = 0;
    size_t bytes = 0;
    w->best = NULL;
    w->best_score = 0;
    w->failed = w->failed || w->lines.failed;
    ns_buffer_clear(&w->lines);
    weigh(w, root, &parent, &above, 0);
    climb(w);
    write_node(w, w->best ? w->best : root, 0);
    flush(w);
    for (size_t at = 0; at < w->lines.size; at += sizeof(ns_line)) {
        ns_line line;
        memcpy(&line, w->lines.data + at, sizeof line);
        bytes += line.reason ? 0 : line.n;
    }
    return bytes;
}

bool ns_html_body_read(ns_arena *arena, xmlDoc *page, ns_lines *lines)
{
    walker w = { .arena = arena };
    xmlNode *root = xmlDocGetRootElement(page);
    lines->line = NULL;
    lines->count = 0;
    if (!root)
        return true;
    size_t strict = attempt(&w, root);
    if (strict < MUCH) {
        w.loose = true;
        size_t loose = attempt(&w, root);
        w.loose = loose > 4 * strict;
        if (!w.loose)
            attempt(&w, root);
    }
    size_t count = w.lines.size / sizeof(ns_line);
    lines->line = ns_arena_array(arena, count ? count : 1, sizeof *lines->line);
    bool good = lines->line && !w.failed && !w.lines.failed;
    if (good && count)
        memcpy(lines->line, w.lines.data, count * sizeof *lines->line);
    lines->count = good ? count : 0;
    ns_buffer_release(&w.lines);
    ns_buffer_release(&w.text);
    return good;
}
