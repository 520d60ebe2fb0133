/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_class.c - what an element is by its name, class, id, role and style. The words are those that all
 * sites use; no site is known.
 */
#include "corpus/html_class.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/html_node.h"

enum { REST = 1000 }; /* bytes of the rest of a story, at least; nodes of it that are looked at */

typedef enum kind { RELATED, MENU, CAPTION, ADVERT, COMMENT, KINDS } kind;

/* A word of a class or id that begins so. Weak ones are not believed where they hide a whole story. */
static const char *const words[KINDS][64] = {
    [RELATED] = {"related",  "recommend", "read-also",  "more-on",   "more-stories",
                 "most-",    "popular",   "trending", "also-",     "outbrain",   "taboola",   "teaser",
                 "promo",    "recirc",    "next-",    "nextstory", "more-posts", "more-news", "explore",
                 "see-also", "upnext",    "up-next",  NULL},
    [MENU] = {"share",
              "sharing",
              "social",
              "sidebar",
              "footer",
              "menu",
              "nav",
              "breadcrumb",
              "newsletter",
              "subscri",
              "widget",
              "cookie",
              "consent",
              "toolbar",
              "pagination",
              "pager",
              "masthead",
              "signup",
              "sign-up",
              "login",
              "modal",
              "popup",
              "tag-",
              "tags",
              "toc",
              "skip",
              "print",
              "byline-social",
              "author-bio",
              "rating",
              "vcard",
              "screen-reader",
              "sr-only",
              "visually-hidden",
              "meta-info",
              "post-meta",
              "entry-meta",
              "article-meta",
              "publish-date",
              "timestamp",
              "disclosure",
              "disclaimer",
              "postmeta",
              "read-time",
              "readtime",
              "reading-time",
              "buybox",
              "buy-box",
              "cta",
              "donat",
              "follow",
              "about-author",
              "about-the-author",
              "addtoany",
              "sociable",
              NULL},
    [CAPTION] = {"caption", "credit", "copyright", "wp-caption", "photo-", "gallery", NULL},
    [ADVERT] = {"advert", "ad-", "ads-", "adslot", "sponsor", "dfp", NULL},
    [COMMENT] = {"comment", "disqus", "respond", "reply", NULL},
};
static const char *const reasons[KINDS] = {"related", "menu", "caption", "advertisement", "comment"};

/* Names of the element that holds a story and nothing else. */
static const char *const story_body[] = {
    "article-body", "article__body", "articlebody",      "article_body",    "story-body",
    "story__body",  "entry-content", "post-content",     "article-content", "story-content",
    "article-text", "post-body",     "article__content", "body-content",    "storytext",
    "story-text",   "articletext",   "article_text",     "article_content", NULL};
static const char *const story[] = {"main-content", "story", "article", "content", NULL};
static const char *const lead[] = {
    "lead",        "lede",      "intro",   "excerpt",     "standfirst", "dek",      "deck",
    "subtitle",    "sub-title", "subhead", "summary",     "abstract",   "preamble", "teaser",
    "description", "ingress",   "chapo",   "kicker-text", "bajada",     "sumario",  NULL};

static uint32_t letter(unsigned char c)
{
    return isalpha(c) ? 1u << (tolower(c) - 'a') : 0;
}

static uint32_t first_letters(const char *const *list)
{
    uint32_t mask = 0;
    for (; *list; list++)
        mask |= letter((unsigned char)**list);
    return mask;
}

/* A word of a class or id begins with one of the words. */
static bool has_word(const char *s, const char *const *list)
{
    uint32_t mask = first_letters(list);
    for (const char *p = s; *p; p++) {
        if (!(letter((unsigned char)*p) & mask) ||
            (p > s && isalpha((unsigned char)p[-1]) &&
             !(isupper((unsigned char)*p) && islower((unsigned char)p[-1]))))
            continue;
        char first = (char)(*p | 0x20);
        for (const char *const *w = list; *w; w++)
            if (**w == first && !strncasecmp(p, *w, strlen(*w)))
                return true;
    }
    return false;
}

bool ns_html_is_story(const xmlNode *node)
{
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *name = (const char *)a->name,
                   *value = a->children ? (const char *)a->children->content : NULL;
        if (value && !strcmp(name, "itemprop") && !strcasecmp(value, "articleBody"))
            return true;
        if (value && (!strcmp(name, "class") || !strcmp(name, "id")) && has_word(value, story_body))
            return true;
    }
    return false;
}

bool ns_html_is_lead(const xmlNode *node)
{
    const char *prop = ns_html_attribute(node, "itemprop"), *class = ns_html_attribute(node, "class");
    const char *id = ns_html_attribute(node, "id");
    return (prop && !strcasecmp(prop, "description")) || (class && has_word(class, lead)) ||
           (id && has_word(id, lead));
}

static const char *reason_of_name(const char *name)
{
    static const struct {
        const char *name, *reason;
    } elements[] = {{"nav", "menu"},           {"aside", "related"}, {"footer", "menu"}, {"head", "head"},
                    {"button", "menu"},        {"label", "menu"},    {"menu", "menu"},   {"dialog", "menu"},
                    {"figcaption", "caption"}, {"time", "date"}};
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (!strcmp(name, elements[i].name))
            return elements[i].reason;
    return NULL;
}

/* "Read more" is the name of links to other stories, and of the rest of a long one that is shown on demand. */
static bool is_rest_of_story(const xmlNode *node)
{
    size_t text = 0, links = 0, nodes = 0;
    for (const xmlNode *n = node; (n = ns_html_next(n, node, false)) != NULL && text < 4 * REST && nodes < REST; nodes++)
        if (n->type == XML_TEXT_NODE && n->content) {
            size_t bytes = strlen((const char *)n->content) - strspn((const char *)n->content, " \t\r\n");
            text += bytes;
            links += n->parent && ns_html_is(n->parent, "a") ? bytes : 0;
        }
    return text >= REST && links * 10 < text;
}

/* What its class or id says. */
static const char *reason_of_words(const xmlNode *node, const char *names, bool loose)
{
    static const char *const more[] = {"readmore", "read-more", NULL};
    if (!loose && has_word(names, more) && !has_word(names, story_body) && !is_rest_of_story(node))
        return reasons[RELATED];
    for (int k = 0; k < KINDS; k++) {
        if (!has_word(names, words[k]))
            continue;
        if ((loose && k != COMMENT) || has_word(names, story_body))
            continue;
        if ((k == MENU || k == COMMENT) && has_word(names, story))
            continue;
        return reasons[k];
    }
    return NULL;
}

static const char *reason_of(const xmlNode *node, bool loose)
{
    static const char *const never[] = {"body", "article", "main", "html", "p", "blockquote", NULL};
    const char *name = (const char *)node->name;
    const char *reason = reason_of_name(name);
    if (reason)
        return reason;
    bool is_story = ns_html_is_one_of(node, never);
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *key = (const char *)a->name,
                   *value = a->children ? (const char *)a->children->content : NULL;
        if (!strcmp(key, "hidden"))
            return loose ? NULL : "hidden";
        if (!value)
            continue;
        if (!strcmp(key, "style") &&
            (strcasestr(value, "display:none") || strcasestr(value, "display: none")))
            return "hidden";
        if (!is_story && (!strcmp(key, "class") || !strcmp(key, "id")) &&
            (reason = reason_of_words(node, value, loose)) != NULL)
            return reason;
        if (!is_story && !strcmp(key, "role") &&
            (!strcmp(value, "navigation") || !strcmp(value, "complementary") || !strcmp(value, "banner")))
            return "menu";
    }
    return NULL;
}

const char *ns_html_reason(const xmlNode *node, const xmlNode *headline, bool loose)
{
    const char *reason = node == headline ? "title" : reason_of(node, loose);
    /* What is called after an advertisement beside the story, or after the menu above it, may hold all of the
     * page. */
    if (reason && node != headline)
        for (const xmlNode *n = headline; n; n = n->parent)
            if (n == node)
                return NULL;
    return reason;
}
