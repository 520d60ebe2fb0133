/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_dates.c - when a page was published. What the page declares to programs comes first; an address
 * confirms or corrects it; then what it shows to readers, weighed by how it is called, how it stands and how
 * near the headline.
 */
#include "corpus/html_dates.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "corpus/html_node.h"
#include "src/base/day.h"

enum {
    LONGEST_TEXT = 600, /* bytes of a piece of text in which a date is looked for */
    ENOUGH = 4,         /* points of a shown date that is believed */
    STRONG = 6          /* points of one that may correct what is declared */
};

static const char *const published_words[] = {
    "publish",      "posted",     "pubdate",     "created", "issued",      "released",  "submitted",
    "written",      "ffentlicht", "erstellt",    "publié",  "publicado",   "publicada", "pubblicato",
    "gepubliceerd", "gepost",     "geschrieben", "filed",   "first aired", NULL};
static const char *const updated_words[] = {"update",     "modifi",     "edited",     "revis",
                                            "changed",    "reviewed",   "nderung",    "aktualisiert",
                                            "geändert",   "mis à jour", "actualizad", "atualizad",
                                            "aggiornato", "bijgewerkt", "lastmod",    NULL};
static const char *const date_labels[] = {"date:", "datum", "fecha:", "data:", NULL};
static const char *const date_names[] = {"date",    "time",      "publish", "posted",   "byline", "meta",
                                         "author",  "submitted", "created", "dateline", "datum",  "fecha",
                                         "pubdate", "stamp",     "modifi",  NULL};
static const char *const furniture_names[] = {
    "comment",   "related", "sidebar",  "^footer",    "recommend", "widget",   "teaser",
    "promo",     "popular", "latest",   "recent",     "calendar",  "upcoming", "^archive",
    "copyright", "reply",   "respond",  "navigation", "carousel",  "ticker",   "trending",
    "most-",     "more-",   "side-bar", "listing",    NULL};

void ns_html_dates_keep(char date[NS_DATE_SIZE], const char *value)
{
    if (!date[0] && value)
        ns_text_date_field(value, date);
}

bool ns_html_dates_meta(ns_html_dates *d, const char *key, const char *content)
{
    static const char *const published[] = {"article:published_time",
                                            "og:published_time",
                                            "og:article:published_time",
                                            "article:published",
                                            "og:pubdate",
                                            "datepublished",
                                            "date_published",
                                            "pubdate",
                                            "pub_date",
                                            "publishdate",
                                            "publish-date",
                                            "publish_date",
                                            "publisheddate",
                                            "published_time",
                                            "published-date",
                                            "publication_date",
                                            "publication-date",
                                            "publish_time",
                                            "dc.date.issued",
                                            "dc.date.published",
                                            "dcterms.issued",
                                            "dcterms.created",
                                            "dc.created",
                                            "dc.date.created",
                                            "sailthru.date",
                                            "article.published",
                                            "article:post_date",
                                            "cxenseparse:recs:publishtime",
                                            "parsely-pub-date",
                                            "parsely-date",
                                            "originalpublicationdate",
                                            "article_date_original",
                                            "displaydate",
                                            "rnews:datepublished",
                                            "bt:pubdate",
                                            "citation_publication_date",
                                            "citation_online_date",
                                            "creation_date",
                                            "datecreated",
                                            "uploaddate",
                                            "article:create_at",
                                            "release_date",
                                            "timestamp",
                                            "og:release_date",
                                            "article.created",
                                            NULL};
    static const char *const weak[] = {
        "date",  "dc.date", "dcterms.date",      "dc:date",           "created", "citation_date",
        "pdate", "og:date", "parsely-page-date", "dcterms.available", NULL};
    static const char *const updated[] = {"article:modified_time",
                                          "og:updated_time",
                                          "og:modified_time",
                                          "lastmod",
                                          "last-modified",
                                          "last_modified",
                                          "datemodified",
                                          "dateupdate",
                                          "dcterms.modified",
                                          "dc.date.modified",
                                          "revised",
                                          "article:updated_time",
                                          "modified",
                                          "updated",
                                          "article.updated",
                                          "updated_time",
                                          NULL};
    const struct {
        const char *const *keys;
        char *to;
    } kinds[] = {{published, d->meta}, {weak, d->weak}, {updated, d->meta_updated}};
    for (size_t i = 0; i < 3; i++)
        for (const char *const *k = kinds[i].keys; *k; k++)
            if (!strcasecmp(key, *k)) {
                ns_html_dates_keep(kinds[i].to, content);
                return true;
            }
    return false;
}

/* ---------------------------------------------------------------- what the page shows */

static bool holds(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcasestr(s, *words))
            return true;
    return false;
}

/* Where the last of the words ends in s; NULL. */
static const char *last_of(const char *s, const char *const *words)
{
    const char *last = NULL;
    for (; *words; words++)
        for (const char *p = s; (p = strcasestr(p, *words)) != NULL; p++)
            if (!last || p > last)
                last = p;
    return last;
}

/* Points for how the elements around a date are called; notes what they say of it besides. */
static int named(const xmlNode *node, ns_shown_date *shown)
{
    int points = 0;
    bool link = false;
    for (int level = 0; node && node->type == XML_ELEMENT_NODE && level < 40; node = node->parent, level++) {
        if (ns_html_is(node, "body") || ns_html_is(node, "article"))
            break;
        if (level < 3 && !points && ns_html_called(node, date_names))
            points = 3;
        if (level < 2 && ns_html_called(node, updated_words))
            shown->updated = true;
        if (!shown->furniture && (ns_html_is(node, "aside") || ns_html_is(node, "footer") ||
                                  ns_html_is(node, "nav") || ns_html_called(node, furniture_names)))
            shown->furniture = node;
        link = link || ns_html_is(node, "a");
    }
    return points - link;
}

static ns_shown_date *add_shown(ns_html_dates *d)
{
    if (d->shown_count == NS_DATES_SHOWN)
        return NULL;
    ns_shown_date *shown = &d->shown[d->shown_count++];
    memset(shown, 0, sizeof *shown);
    shown->block = d->blocks;
    return shown;
}

/* A date among n bytes of text that 'node' holds; 'before' is what stands before them. */
static void look_in_text(ns_html_dates *d, const xmlNode *node, const char *s, size_t n)
{
    ns_text_date date;
    if (!ns_text_date_find_in(s, n, 0, d->order, &date) || !date.has_day)
        return;
    char label[128];
    size_t kept = date.begin < 60 ? date.begin : 60, had = date.begin < 30 ? strlen(d->before) : 0;
    memcpy(label, d->before, had);
    label[had] = ' ';
    memcpy(label + had + 1, s + date.begin - kept, kept);
    label[had + 1 + kept] = '\0';
    size_t letters = 0;
    for (size_t i = 0; i < n; i++)
        letters += (i < date.begin || i >= date.end) && isalpha((unsigned char)s[i]);
    ns_shown_date *shown = add_shown(d);
    if (!shown)
        return;
    memcpy(shown->iso, date.iso, 10);
    shown->day = date.day;
    shown->weekday = date.has_weekday;
    shown->points = named(node, shown);
    const char *published = last_of(label, published_words), *updated = last_of(label, updated_words);
    if (published || updated) {
        shown->updated = updated && (!published || updated > published);
        shown->points += letters < 80 ? 4 : 2;
    } else if (last_of(label, date_labels)) {
        shown->points += letters < 80 ? 4 : 2;
    }
    shown->points += letters <= 24 ? 2 : letters > 120 ? -3 : 0;
    /* "Published 3 May, updated 5 May" */
    ns_text_date second;
    if (letters < 80 && ns_text_date_find_in(s, n, date.end, d->order, &second) && second.has_day) {
        kept = second.begin - date.end < 60 ? second.begin - date.end : 60;
        memcpy(label, s + second.begin - kept, kept);
        label[kept] = '\0';
        bool is_updated = holds(label, updated_words);
        if (!is_updated && !(shown->updated && holds(label, published_words)))
            return;
        ns_shown_date *other = add_shown(d);
        if (!other)
            return;
        *other = *shown;
        memcpy(other->iso, second.iso, 10);
        other->day = second.day;
        other->updated = is_updated;
    }
}

/* Four digits that can be a year, or a point between two and two: worth a look. */
static bool may_hold_date(const char *s, size_t n)
{
    for (size_t i = 0; i + 3 < n; i++)
        if ((s[i] == '1' || s[i] == '2') && isdigit((unsigned char)s[i + 1]) &&
            isdigit((unsigned char)s[i + 2]) && isdigit((unsigned char)s[i + 3]))
            return true;
        else if (s[i] == '.' && isdigit((unsigned char)s[i + 1]) && isdigit((unsigned char)s[i + 2]) &&
                 s[i + 3] == '.')
            return true;
    return false;
}

void ns_html_dates_text(ns_html_dates *d, const xmlNode *text)
{
    const char *s = (const char *)text->content;
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    if (!n)
        return;
    d->blocks++;
    if (n <= LONGEST_TEXT && may_hold_date(s, n))
        look_in_text(d, text->parent, s, n);
    size_t kept = n < sizeof d->before - 1 ? n : sizeof d->before - 1;
    memcpy(d->before, s + n - kept, kept);
    d->before[kept] = '\0';
}

static void keep_heading(ns_html_dates *d, const xmlNode *node)
{
    ns_buffer text = NS_BUFFER_INIT;
    ns_html_text(node, NS_DATES_HEADING_BYTES, &text);
    size_t to = 0;
    char *heading = d->headings[d->heading_count].text;
    for (size_t i = 0; i < text.size && to + 1 < NS_DATES_HEADING_BYTES; i++) {
        bool blank = isspace((unsigned char)text.data[i]) != 0;
        if (!blank || (to && heading[to - 1] != ' '))
            heading[to++] = blank ? ' ' : (char)text.data[i];
    }
    while (to && heading[to - 1] == ' ')
        to--;
    heading[to] = '\0';
    d->failed = d->failed || text.failed;
    ns_buffer_release(&text);
    if (to < 4)
        return;
    d->headings[d->heading_count].block = d->blocks + 1;
    d->headings[d->heading_count].node = node;
    d->headings[d->heading_count++].level = node->name[1] - '0';
}

void ns_html_dates_element(ns_html_dates *d, const xmlNode *node)
{
    static const char *const names[] = {"datepublished", "published",   "pubdate",
                                        "entry-date",    "datecreated", NULL};
    const char *name = (const char *)node->name;
    if ((name[0] == 'h' || name[0] == 'H') && name[1] >= '1' && name[1] <= '3' && !name[2] &&
        d->heading_count < NS_DATES_HEADINGS) {
        keep_heading(d, node);
        return;
    }
    bool time = !strcmp(name, "time");
    if (!time && (!node->properties || !ns_html_called(node, date_names)))
        return;
    bool called = ns_html_called(node, names), updated = ns_html_called(node, updated_words);
    if (!time && !called && !updated) {
        /* Pieces of one date in elements of their own: "<p class=date>Mai<span>06</span>2018</p>" */
        const xmlNode *child = node->children;
        if (child && (child->next || child->type == XML_ELEMENT_NODE)) {
            ns_buffer text = NS_BUFFER_INIT;
            ns_html_text(node, 160, &text);
            size_t had = d->shown_count;
            if (text.size < 160 && may_hold_date((const char *)text.data, text.size))
                look_in_text(d, node, (const char *)text.data, text.size);
            if (d->shown_count > had)
                d->shown[had].points--; /* what stands in one piece is surer */
            d->failed = d->failed || text.failed;
            ns_buffer_release(&text);
        }
        return;
    }
    static const char *const attributes[] = {"datetime", "content", "title", "data-datetime", NULL};
    for (const char *const *a = attributes; *a; a++) {
        char iso[NS_DATE_SIZE] = "";
        int32_t first, last;
        ns_html_dates_keep(iso, ns_html_attribute(node, *a));
        if (strlen(iso) < 10 || !ns_day_parse_iso(iso, &first, &last))
            continue;
        ns_shown_date *shown = add_shown(d);
        if (!shown)
            return;
        strcpy(shown->iso, iso);
        shown->day = first;
        shown->element = true;
        shown->updated = updated && !(called && ns_html_attribute(node, "itemprop"));
        shown->points =
            4 + named(node, shown) + (called ? 3 : 0) + (ns_html_attribute(node, "pubdate") ? 3 : 0);
        if (last_of(d->before, updated_words) && !last_of(d->before, published_words))
            shown->updated = true;
        return;
    }
}

/* ---------------------------------------------------------------- judging */

static bool same_start(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && b[n] && tolower((unsigned char)a[n]) == tolower((unsigned char)b[n]))
        n++;
    return (!a[n] || !b[n] || n >= 24) && n >= 8;
}

typedef struct head {
    uint32_t block; /* pieces of text before it, and one; 0 when there is none */
    const xmlNode *node;
} head;

static head headline_of(const ns_html_dates *d, const char *title)
{
    head first = {0, NULL};
    int level = 9;
    for (size_t i = 0; i < d->heading_count; i++) {
        head h = {d->headings[i].block, d->headings[i].node};
        if (same_start(d->headings[i].text, title))
            return h;
        if (d->headings[i].level < level)
            level = d->headings[i].level, first = h;
    }
    return first;
}

/* What holds the headline too is called after a part of it, and no furniture. */
static bool in_furniture(const ns_shown_date *shown, head h)
{
    for (const xmlNode *n = h.node; n && shown->furniture; n = n->parent)
        if (n == shown->furniture)
            return false;
    return shown->furniture != NULL;
}

static int near_headline(uint32_t block, uint32_t headline)
{
    if (!headline)
        return block <= 4 ? 2 : block <= 20;
    if (block >= headline)
        return block - headline <= 8 ? 3 : block - headline <= 16 ? 2 : block - headline <= 40 ? 1 : 0;
    return headline - block <= 4 ? 3 : headline - block <= 8 ? 1 : 0;
}

/* The best of them with at least *points points; then *points says how many. */
static const ns_shown_date *best_shown(const ns_html_dates *d, bool updated, const char *url_month, head h,
                                       int *points)
{
    const ns_shown_date *best = NULL;
    --*points;
    for (size_t i = 0; i < d->shown_count; i++) {
        const ns_shown_date *s = &d->shown[i];
        int p = s->points + near_headline(s->block, h.block) - (in_furniture(s, h) ? 5 : 0);
        if (s->updated != updated)
            continue;
        if (url_month[0] && !updated)
            p += !strncmp(s->iso, url_month, 7) ? 7 : -5;
        if (s->weekday && h.block && s->block + 8 < h.block)
            p -= 3; /* a page's clock */
        if (p > *points)
            best = s, *points = p;
    }
    return best;
}

static bool is_universal(const char *iso)
{
    size_t n = strlen(iso);
    return n > 11 && (iso[n - 1] == 'Z' || !strcmp(iso + n - 5, "00:00") || !strcmp(iso + n - 5, "+0000"));
}

static int32_t day_of(const char *iso)
{
    int32_t first = NS_DAY_UNKNOWN, last;
    return *iso && ns_day_parse_iso(iso, &first, &last) ? first : NS_DAY_UNKNOWN;
}

typedef struct judged {
    const char *iso, *source, *certainty;
} judged;

/* The declared date in the day of the place it was published in, as the address or the page shows it. */
static judged local_day(const ns_html_dates *d, judged declared, const char *url_day, head h)
{
    int32_t day = day_of(declared.iso), other = day_of(url_day);
    if (strlen(url_day) == 10 && other != day && (other < day || day - other == -1))
        return (judged){url_day, "url", day - other <= 1 ? "sure" : "likely"};
    if (!is_universal(declared.iso) || strlen(url_day) == 10)
        return declared;
    int points = STRONG;
    const ns_shown_date *shown = best_shown(d, false, "", h, &points);
    if (shown && shown->day - day <= 1 && day - shown->day <= 1 && shown->day != day &&
        !is_universal(shown->iso))
        return (judged){shown->iso, shown->element ? "time" : "text", "sure"};
    return declared;
}

static judged judge(const ns_html_dates *d, const ns_article *article, const char *url_date)
{
    head h = headline_of(d, article->title);
    const char *url_day = strlen(url_date) == 10 ? url_date : "";
    const struct {
        const char *iso, *source, *certainty;
    } declared[] = {{d->ld, "json-ld", "sure"},
                    {d->meta, "meta", "sure"},
                    {d->page, "json-ld", "likely"},
                    {d->weak, "meta", "likely"}};
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
        if (declared[i].iso[0])
            return local_day(d, (judged){declared[i].iso, declared[i].source, declared[i].certainty}, url_day,
                             h);
    if (*url_day)
        return (judged){url_day, "url", "likely"};
    int points = ENOUGH;
    const ns_shown_date *shown = best_shown(d, false, url_date, h, &points);
    if (shown)
        return (judged){shown->iso, shown->element ? "time" : "text", points >= STRONG ? "likely" : "guess"};
    if (*url_date)
        return (judged){url_date, "url", "likely"};
    return (judged){"", "", ""};
}

bool ns_html_dates_choose(const ns_html_dates *d, ns_arena *arena, ns_article *article)
{
    char url_date[NS_DATE_SIZE];
    int points = 1; /* for an element that says 'updated' of itself */
    ns_url_date(article->url, url_date);
    const char *updated = d->ld_updated[0] ? d->ld_updated : d->meta_updated;
    if (!*updated) {
        const ns_shown_date *shown = best_shown(d, true, "", headline_of(d, article->title), &points);
        updated = shown ? shown->iso : "";
    }
    if (!*article->updated)
        article->updated = ns_arena_string(arena, updated);
    if (!*article->date) {
        judged j = judge(d, article, url_date);
        if (!*j.iso && *updated) /* no later than that, and mostly on that day */
            j = (judged){updated, "updated", "guess"};
        article->date = ns_arena_string(arena, j.iso);
        article->date_source = j.source;
        article->date_certainty = j.certainty;
    }
    return article->date && article->updated && !d->failed;
}
