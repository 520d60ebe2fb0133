/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_names.c - a page's headline, authors and outlet, chosen among those that its head, its JSON-LD and its
 * elements name. What the page declares as its headline is taken as declared; of <title> the outlet is cut
 * off, by the rules of Readability.js.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/html_facts.h"
#include "src/base/buffer.h"
#include "corpus/html_node.h"
#include "corpus/textdate.h"

enum { LONGEST_BYLINE = 100, LONGEST_OUTLET = 40 };

static const char *copy(ns_html_facts *f, const char *s, size_t n)
{
    while (n && s[n - 1] == ' ')
        n--;
    while (n && *s == ' ')
        s++, n--;
    const char *result = ns_arena_copy(f->arena, s, n);
    f->failed = f->failed || !result;
    return result ? result : "";
}

/* ---------------------------------------------------------------- headline */

static size_t count_words(const char *s, size_t n)
{
    size_t words = 0;
    for (size_t i = 0; i < n; i++)
        words += s[i] != ' ' && (i == 0 || s[i - 1] == ' ');
    return words;
}

/* A mark with blanks around it at s: its length, or 0. */
static size_t mark_at(const char *s)
{
    static const char *const marks[] = {"|", "-", "\xe2\x80\x93", "\xe2\x80\x94", "\\", "/", ">", "\xc2\xbb"};
    if (*s != ' ')
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);
        if (!strncmp(s + 1, marks[i], n) && s[n + 1] == ' ')
            return n + 2;
    }
    return 0;
}

static const char *page_title(ns_html_facts *f)
{
    const char *title = f->page_title ? f->page_title : "";
    size_t whole = strlen(title), n = whole, marks = 0, after_first = 0, after_last = 0;
    const char *begin = title, *colon = strstr(title, ": ");
    bool steps = false; /* a trail of sections */
    for (size_t i = 0; i < whole; i++) {
        size_t mark = mark_at(title + i);
        if (!mark)
            continue;
        steps = steps || strchr("\\/>", title[i + 1]) || mark == 4;
        if (!marks++)
            after_first = i + mark;
        n = i;
        after_last = i + mark;
    }
    if (marks) {
        if (count_words(title, n) < 3)
            begin = title + after_first, n = whole - after_first;
    } else if (colon) {
        const char *last = colon;
        for (const char *p = colon; (p = strstr(p + 1, ": ")) != NULL;)
            last = p;
        bool heading = (f->h1 && !strcmp(f->h1, title)) || (f->h2 && !strcmp(f->h2, title));
        size_t before = count_words(title, (size_t)(colon - title));
        const char *tail = last + 2;
        if (count_words(tail, strlen(tail)) < 3)
            tail = colon + 2;
        else if (before > 5)
            tail = title;
        if (!heading)
            begin = tail, n = strlen(tail);
    } else if ((whole > 150 || whole < 15) && f->h1_count == 1 && f->h1) {
        begin = f->h1, n = strlen(f->h1);
    }
    size_t words = count_words(begin, n), of_whole = count_words(title, whole) - marks;
    const char *rest = title + after_last;
    bool outlet_known = marks && f->site && !strcmp(rest, f->site) && f->h1 && strlen(f->h1) == n;
    if (words <= 4 && (!steps || words + 1 != of_whole) && whole && !outlet_known)
        return title;
    return copy(f, begin, n);
}

/* The share of the words of b, by letters, that a has too. */
static double likeness(const char *a, const char *b)
{
    size_t letters = 0, lost = 0;
    size_t n = strlen(a);
    while (*b) {
        size_t k = 0, i = 0;
        while (b[k] && (isalnum((unsigned char)b[k]) || (b[k] & 0x80)))
            k++;
        for (; k && i + k <= n; i++)
            if (!strncasecmp(a + i, b, k) && (i == 0 || !isalnum((unsigned char)a[i - 1])) &&
                !isalnum((unsigned char)a[i + k]))
                break;
        letters += k;
        lost += i + k > n ? k : 0;
        b += k ? k : 1;
    }
    return letters ? 1.0 - (double)lost / (double)letters : 0;
}

const char *ns_html_title(ns_html_facts *f)
{
    const char *title = page_title(f), *ld = f->ld_headline ? f->ld_headline : f->ld_name;
    if (f->ld_name && f->ld_headline && strcmp(f->ld_name, f->ld_headline)) {
        bool headline_fits = likeness(f->ld_headline, title) > 0.75;
        ld = likeness(f->ld_name, title) > 0.75 || !headline_fits ? f->ld_name : f->ld_headline;
    }
    const char *const all[] = {ld,
                               f->dc_title,
                               f->og_title,
                               f->meta_title,
                               f->twitter_title,
                               f->other_title,
                               *title ? title : NULL,
                               f->h1,
                               f->h2};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            return all[i];
    return "";
}

/* ---------------------------------------------------------------- authors */

static bool is_unlikely(const xmlNode *node)
{
    static const char *const words[] = {
        "-ad-",   "banner",    "breadcrumb", "comment",  "community",    "disqus",     "extra",
        "footer", "gdpr",      "legends",    "menu",     "related",      "remark",     "replies",
        "rss",    "sidebar",   "social",     "sponsor",  "supplemental", "pagination", "pager",
        "popup",  "recommend", "promo",      "trending", "popular",      NULL};
    static const char *const maybe[] = {"article", "body",  "column", "content",
                                        "main",    "story", "post",   NULL};
    for (int level = 0; node && node->type == XML_ELEMENT_NODE && level < 40; node = node->parent, level++) {
        if (ns_html_is(node, "body"))
            return false;
        if (ns_html_is(node, "nav"))
            return true;
        if (ns_html_called(node, words) && !ns_html_called(node, maybe))
            return true;
    }
    return false;
}

/* Whether the colon is that of "10:08". */
static bool is_clock(const char *colon, const char *begin)
{
    return isdigit((unsigned char)colon[1]) && isdigit((unsigned char)colon[2]) && !isdigit((unsigned char)colon[3]) &&
           colon > begin && isdigit((unsigned char)colon[-1]);
}

/* What is left of a byline without dates, times and what follows them. */
static size_t without_date(const char *s, size_t n)
{
    static const char *const tails[] = {"last updated", "updated",  "published", "posted", "| ",
                                        "\xe2\x80\xa2", "\xc2\xb7", "follow ",   "@",      "share"};
    ns_text_date date;
    if (ns_text_date_find(s, n, 0, &date))
        n = date.begin;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        for (size_t at = 0; at + strlen(tails[i]) <= n; at++)
            if (!strncasecmp(s + at, tails[i], strlen(tails[i])) &&
                (at == 0 || !isalnum((unsigned char)s[at - 1]))) {
                n = at;
                break;
            }
    for (size_t at = 1; at + 3 < n; at++)
        if (s[at] == ':' && is_clock(s + at, s)) {
            n = at;
            while (n && isdigit((unsigned char)s[n - 1]))
                n--;
        }
    while (n && strchr(" ,-|:;/", s[n - 1]))
        n--;
    return n;
}

/* A name has letters, and is not only the label before one. */
static bool is_name(const char *s, size_t n)
{
    static const char *const labels[] = {"by", "von", "par", "por", "author", "authors", "di", "door"};
    size_t letters = 0;
    for (size_t i = 0; i < n; i++)
        letters += isalpha((unsigned char)s[i]) || (s[i] & 0x80);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strlen(labels[i]) == letters && !strncasecmp(s, labels[i], letters))
            return false;
    return letters >= 2;
}

/* The text of an element, "" when it is too long for a byline. */
static const char *short_text(ns_html_facts *f, const xmlNode *node)
{
    ns_buffer text = NS_BUFFER_INIT;
    const char *clean = NULL;
    ns_html_text(node, 4 * LONGEST_BYLINE, &text);
    if (text.size && text.size < 4 * LONGEST_BYLINE)
        ns_html_keep(f, &clean, (const char *)text.data, text.size);
    f->failed = f->failed || text.failed;
    ns_buffer_release(&text);
    return clean && strlen(clean) < LONGEST_BYLINE ? clean : "";
}

void ns_html_look_for_author(ns_html_facts *f, const xmlNode *node)
{
    static const char *const names[] = {"byline", "author", "dateline", "writtenby", "p-author", NULL};
    const char *rel = ns_html_attribute(node, "rel"), *prop = ns_html_attribute(node, "itemprop");
    bool called = (rel && !strcasecmp(rel, "author")) || (prop && strcasestr(prop, "author"));
    if (f->shown_author || (!called && !ns_html_called(node, names)) || is_unlikely(node))
        return;
    const char *clean = short_text(f, node);
    if (!*clean)
        return;
    for (const xmlNode *n = node; (n = ns_html_next(n, node, false)) != NULL;) {
        const char *inner = n->type == XML_ELEMENT_NODE ? ns_html_attribute(n, "itemprop") : NULL;
        if (inner && !strcasecmp(inner, "name")) {
            clean = short_text(f, n);
            break;
        }
    }
    clean += strspn(clean, " ,-|:;/");
    size_t n = without_date(clean, strlen(clean));
    if (n && is_name(clean, n))
        f->shown_author = copy(f, clean, n);
}

const char *ns_html_byline(ns_html_facts *f)
{
    const char *const all[] = {f->ld_author, f->dc_author, f->author, f->other_author, f->shown_author};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] && strncasecmp(all[i], "http", 4) && strncasecmp(all[i], "www.", 4) &&
            strlen(all[i]) <= 300)
            return all[i];
    return "";
}

/* ---------------------------------------------------------------- outlet */

/* "Headline | Outlet", "Outlet - Headline": what stands beside the headline in <title>. */
static const char *beside_title(ns_html_facts *f, const char *title)
{
    const char *whole = f->page_title, *s = NULL;
    size_t n = title ? strlen(title) : 0, end = 0;
    if (!whole || n < 8)
        return "";
    size_t all = strlen(whole);
    if (all > n && !strncmp(whole, title, n)) {
        size_t from = n;
        for (size_t i = n; i < all; i++)
            if (mark_at(whole + i))
                from = i + mark_at(whole + i);
        s = from > n ? whole + from : NULL;
        end = all - from;
    } else if (all > n && !strcmp(whole + all - n, title)) {
        size_t to = 0;
        while (to < all - n && !mark_at(whole + to))
            to++;
        s = whole;
        end = to < all - n ? to : 0;
    }
    if (!s || end < 2 || end > LONGEST_OUTLET ||
        !(isupper((unsigned char)*s) || (*s & 0x80) || isdigit((unsigned char)*s)))
        return "";
    return copy(f, s, end);
}

const char *ns_html_outlet(ns_html_facts *f, const char *title)
{
    const char *const all[] = {f->site, f->ld_publisher, f->publisher, f->application};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] && strncasecmp(all[i], "http", 4) && strlen(all[i]) <= 120)
            return all[i];
    const char *beside = beside_title(f, title);
    if (!*beside && f->h1)
        beside = beside_title(f, f->h1);
    return beside;
}
