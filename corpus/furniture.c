/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * furniture.c - the rules for lines that are no part of a story. Each is written so that it
 * would rather leave a menu in than take a sentence out.
 */
#include "corpus/furniture.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Headings above links to other stories; also as a label before one ("Read also: ..."). */
static const char *const related[] = {
    "read also", "also read", "read more", "read next", "see also", "related", "related article",
    "related articles", "related story", "related stories", "related news", "related post", "related posts",
    "related topics", "related content", "related coverage", "related links", "related items",
    "related reading", "related video", "related videos", "more on this topic", "more on this story",
    "more on this", "more on the topic", "more stories", "more news", "more like this", "more to read",
    "most popular", "most read", "most viewed", "most watched", "most shared", "most recent", "trending",
    "trending now", "trending stories", "trending news", "top stories", "top news", "latest news",
    "latest stories", "latest posts", "editor's pick", "editor's picks", "editors' picks", "editors picks",
    "recommended", "recommended for you", "recommended stories", "recommended reading", "you may also like",
    "you might also like", "you may like", "you might like", "you may be interested in",
    "you might be interested in", "what to read next", "don't miss", "dont miss", "popular posts",
    "popular stories", "popular articles", "recent posts", "recent articles", "recent stories",
    "recent news", "similar articles", "similar stories", "from the web", "around the web", "up next",
    "watch next", "further reading", "must read", "must reads", "in case you missed it", "keep reading",
    "continue reading", "other stories", "other news", "stories for you", "paid content", "partner content",
    "promoted stories", "promoted content", "sponsored", "sponsored content", "sponsored links",
    "more in this section", "in this section", "elsewhere on the web", "in other news", "explore more",
    "discover more", "watch also", "also watch", "more from this author", "more by this author",
    "next story", "previous story", NULL
};

/* Labels that make a link only with a colon or bar behind them. */
static const char *const labels[] = {
    "watch", "listen", "read", "video", "more", "live", "opinion", "explainer", "analysis", "gallery",
    "in pictures", "podcast", "photos", NULL
};

/* Whole lines of page machinery. */
static const char *const machinery[] = {"comment on this story",
                                        "gift article",
                                        "gift this article",
                                        "give this article",
                                        "please follow and like us",
                                        "follow and like us",
                                        "end of list",
                                        "open image in gallery",
                                        "open in gallery",
                                        "view gallery",
                                        "discussion about this post",
                                        "back to top",
                                        "back to top button",
                                        "leave a comment",
                                        "leave a reply",
                                        "post a comment",
                                        "add a comment",
                                        "write a comment",
                                        "join the discussion",
                                        "join the conversation",
                                        "comments",
                                        "no comments",
                                        "0 comments",
                                        "view comments",
                                        "show comments",
                                        "comments are closed",
                                        "comment",
                                        "share",
                                        "share this",
                                        "share this article",
                                        "share this story",
                                        "share this post",
                                        "share article",
                                        "share on facebook",
                                        "share on twitter",
                                        "share on whatsapp",
                                        "share on linkedin",
                                        "share via email",
                                        "tweet",
                                        "tweet this",
                                        "pin it",
                                        "copy link",
                                        "copy url",
                                        "link copied",
                                        "print",
                                        "print this",
                                        "print article",
                                        "email this",
                                        "email",
                                        "save",
                                        "save article",
                                        "save for later",
                                        "listen to this article",
                                        "listen to article",
                                        "follow us",
                                        "follow",
                                        "follow us on",
                                        "subscribe",
                                        "subscribe now",
                                        "subscribe today",
                                        "sign in",
                                        "sign up",
                                        "log in",
                                        "login",
                                        "register",
                                        "cancel reply",
                                        "submit",
                                        "loading",
                                        "loading...",
                                        "load more",
                                        "show more",
                                        "view more",
                                        "see more",
                                        "view all",
                                        "see all",
                                        "all rights reserved",
                                        "terms of use",
                                        "terms of service",
                                        "terms and conditions",
                                        "privacy policy",
                                        "cookie policy",
                                        "privacy",
                                        "cookies",
                                        "about us",
                                        "contact us",
                                        "advertise with us",
                                        "skip to content",
                                        "skip to main content",
                                        "skip to navigation",
                                        "toggle navigation",
                                        "jump to content",
                                        "menu",
                                        "search",
                                        "search for",
                                        "next article",
                                        "previous article",
                                        "next post",
                                        "previous post",
                                        "prev post",
                                        "next",
                                        "previous",
                                        "newsletter",
                                        "newsletters",
                                        "get the app",
                                        "download the app",
                                        "your email address",
                                        "enter your email",
                                        "accept",
                                        "accept all",
                                        "reject all",
                                        "manage cookies",
                                        "cookie settings",
                                        "tags",
                                        "topics",
                                        "categories",
                                        "related tags",
                                        "facebook",
                                        "twitter",
                                        "whatsapp",
                                        "linkedin",
                                        "reddit",
                                        "pinterest",
                                        "telegram",
                                        "instagram",
                                        "youtube",
                                        "tumblr",
                                        "flipboard",
                                        "messenger",
                                        "read time",
                                        "close",
                                        "dismiss",
                                        "play",
                                        "play video",
                                        "watch now",
                                        "return to top",
                                        "scroll to top",
                                        "go to top",
                                        "top of page",
                                        "report an error",
                                        "report a typo",
                                        "report this ad",
                                        "hide",
                                        "expand",
                                        "collapse",
                                        "share this:",
                                        "like this",
                                        "like",
                                        "like this:",
                                        "loading comments",
                                        "open in app",
                                        "view in browser",
                                        "correction",
                                        "suggest a correction",
                                        "follow us on google news",
                                        "google news",
                                        "republish this article",
                                        "republish",
                                        "x",
                                        "fb",
                                        NULL};

/* The same by their beginnings, up to a short line's length. */
static const char *const machinery_starts[] = {
    "subscribe now", "subscribe to", "subscribe for", "subscribe today", "our standards:",
    "your email address will not be published", "required fields are marked", "save my name, email",
    "notify me of", "this site uses", "this website uses", "our site uses", "our website uses",
    "we use cookies", "we and our partners", "by continuing to", "by clicking", "by signing up",
    "by subscribing", "copyright (c)", "copyright \xc2\xa9", "\xc2\xa9", "(c) 20", "copyright 20",
    "copyright 19", "all rights reserved", "filed under", "posted in", "tags:", "topics:", "categories:",
    "tagged:", "tagged with", "share on ", "share this", "follow us ", "click here ", "tap here ",
    "please enable javascript", "enable javascript", "you need to be logged in", "you must be logged in",
    "log in to", "sign in to", "login to", "already a subscriber", "already have an account",
    "this content is for subscribers", "view all posts by", "see all posts by", "join our ", "manage your ",
    "change your ", "unsubscribe", "terms of use", "privacy policy", "do not sell my",
    "an error has occurred", "an error occurred", "try again later", "thank you for subscribing",
    "check your inbox", "this article was automatically", "powered by ", "photo gallery", NULL
};

/* Beginnings of short lines that are no sentence. */
static const char *const short_starts[] = {
    "comments (", "copyright ", "listen live", "watch live", "sign up for ", "sign up to ", "top movers",
    "quotes delayed", "corrections:", "updated at ", NULL
};

/* Lines of nothing but these are buttons. */
static const char *const buttons[] = {
    "facebook", "twitter", "x", "instagram", "youtube", "rss", "whatsapp", "telegram", "linkedin", "reddit",
    "pinterest", "tiktok", "threads", "mastodon", "bluesky", "email", "print", "share", "tweet", "save",
    "copy", "link", NULL
};

static const char *const advertisements[] = {
    "advertisement", "advertisment", "advertisements", "advertising", "advertise", "advert", "ad", "ads",
    "ad feedback", "sponsored message", "story continues below", "story continues below advertisement",
    "article continues below", "article continues below advertisement", "article continues after ad",
    "continue reading below", "continue reading the main story", "continues after advertisement",
    "scroll to continue", "scroll to continue with content", "story continues after advertisement",
    "advertisement - scroll to continue", "article continues after advertisement", "remove ads",
    "skip advertisement", "skip ad", "sponsor message", "supported by", "after newsletter promotion",
    "advertisement continue reading", "ad loading", NULL
};

static const char *const end_marks[] = { "return", "ends", "end", "-30-", "30", "endit", "more", NULL };

static const char *const promo_starts[] = {
    "join ", "sign up", "subscribe", "follow ", "download ", "get ", "click ", "register ", "support ",
    "donate ", "become a ", "enter your", "stay ", "never miss", "don't miss", "receive ", "like us",
    "find us", "want ", "check out our", "listen to our", "read our", "catch up", "for more ", "to get ",
    "to receive ", "keep up", "sign-up", "install ", "help us", "send us", "share your", "visit our",
    "enjoying ", "love ", "for the latest", "to view the full", "to read the full", "to continue reading", "to read this",
    "first-time subscribers", "do you want to", "would you like to", "you can follow", "you can keep up", "submit your",
    "thank you for reading", "thanks for reading", "read the full", "this is a premium", "this article is for", NULL
};

static const char *const promo_things[] = {
    "newsletter", "newsletters", "telegram", "whatsapp", "inbox", "facebook", "twitter", "instagram",
    "youtube", "app", "email", "e-mail", "subscription", "subscriptions", "subscriber", "subscribers",
    "breaking news", "notifications", "alerts", "push notifications", "our channel", "google news",
    "apple news", "tiktok", "linkedin", "our podcast", "unlimited access", "our journalism", "free trial",
    "our mailing list", "mailing list", "delivered to you", "daily briefing", "morning briefing",
    "app store", "google play", "our website", "our apps", "apps for ios", "ios and android", "full story", "full article", "full access", "digital edition",
    "e-edition", "please subscribe", "log in", "sign up", "sign up here", "this form", "letter to the editor", NULL
};

/* In what publishers say of their rights, their earnings and their opinions. */
static const char *const legal[] = {
    "may not be published, broadcast", "may not be reproduced", "may not be republished", "written permission must be obtained",
    "without prior permission", "is the copyrighted property", "is copyrighted by", "all rights reserved",
    "not responsible for the opinions", "do not necessarily reflect the", "does not necessarily reflect the",
    "are solely those of the author", "we may receive compensation", "we may earn", "may earn a commission",
    "may receive a commission", "earn an affiliate commission", "contain affiliate links", "contains affiliate links",
    "advertising disclosure", "this story was originally published by", "under a creative commons license", NULL
};

static const char *const menu_words[] = {
    "home", "homepage", "news", "world", "politics", "business", "economy", "finance", "markets", "money",
    "opinion", "opinions", "editorial", "editorials", "sport", "sports", "football", "soccer", "cricket",
    "tennis", "rugby", "culture", "arts", "art", "life", "lifestyle", "style", "fashion", "food", "travel",
    "health", "science", "tech", "technology", "environment", "climate", "energy", "education",
    "entertainment", "music", "film", "movies", "tv", "books", "celebrity", "video", "videos", "photos",
    "pictures", "gallery", "live", "podcast", "podcasts", "radio", "weather", "local", "national", "nation",
    "international", "global", "regional", "region", "asia", "africa", "europe", "america", "americas", "us",
    "usa", "uk", "u.s", "india", "china", "middle", "east", "latin", "pacific", "south", "north", "west",
    "australia", "canada", "eu", "analysis", "features", "feature", "columns", "columnists",
    "investigations", "defense", "defence", "military", "security", "arms", "crime", "law", "property",
    "jobs", "cars", "motoring", "autos", "games", "crosswords", "puzzles", "obituaries", "letters",
    "magazine", "weekend", "sunday", "more", "menu", "search", "login", "log", "in", "sign", "up",
    "subscribe", "register", "about", "contact", "newsletter", "newsletters", "shop", "store", "archive",
    "archives", "latest", "breaking", "top", "stories", "headlines", "trending", "topics", "all", "sections",
    "section", "and", "skip", "to", "content", "main", "navigation", "toggle", "my", "account", "advertise",
    "help", "faq", "rss", "e-paper", "epaper", "today", "history", "company", "companies", "industry",
    "industries", "banking", "real", "estate", "startups", "war", "russia", "ukraine", "land", "air", "sea",
    "naval", "space", "cyber", "army", "navy", "general", "other", "society", "share", "tweet", "facebook",
    "twitter", "whatsapp", "email", "print", "comments", "min", "read", "mins", "minute", "minutes", "views",
    "shares", "listen", "save", "link", "copy", NULL
};

static size_t find_char(const char *s, size_t n, char c)
{
    const char *p = memchr(s, c, n);
    return p ? (size_t)(p - s) : n;
}

/* ---------------------------------------------------------------- style sheets and scripts */

/* "color: red;" - a property name, a colon, and a semicolon at the end. */
static bool is_declaration(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && (islower((unsigned char)s[i]) || s[i] == '-'))
        i++;
    return i >= 3 && i + 1 < n && s[i] == ':' && s[n - 1] == ';';
}

/* "p.box:before {", "@media print{", "#menu a {}" */
static bool is_selector(const char *s, size_t n)
{
    size_t brace = find_char(s, n, '{');
    if (brace == n || brace > 200)
        return false;
    if (brace + 1 < n && memchr(s + brace, '}', n - brace) && memchr(s + brace, ':', n - brace) &&
        memchr(s + brace, ';', n - brace))
        return true;
    if (brace + 1 != n && s[brace + 1] != '}' && !is_declaration(s + brace + 1 + (s[brace + 1] == ' '),
                                                                n - brace - 1 - (s[brace + 1] == ' ')))
        return false;
    for (size_t i = 0; i < brace; i++)
        if (!isalnum((unsigned char)s[i]) && !strchr(" .#:>,-_@*+~[]=\"'()", s[i]))
            return false;
    return brace > 0 && (strchr(".#@*", s[0]) || islower((unsigned char)s[0]));
}

static bool is_script(const ns_line *line)
{
    if (!strchr("fvwdjJ$(<-gicl!", line->text[0]))
        return false;
    static const char *const starts[] = {
        "function(", "function ",  "gtag(",    "var ",     "window.", "document.", "jQuery(",
        "$(",        "(function",  "<script",  "</script", "<style",  "</style",   "<!--",
        "-->",       "googletag.", "import {", "const ",   "let ",    "dataLayer", "!function"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (!strncmp(line->text, starts[i], strlen(starts[i])))
            return line->text[0] == '<' || line->text[0] == '-' || memchr(line->text, ';', line->n) ||
                   memchr(line->text, '{', line->n);
    return false;
}

static bool is_closing(const ns_line *line)
{
    if (line->n > 40)
        return false;
    for (size_t i = 0; i < line->n; i++)
        if (!strchr("{}();, ", line->text[i]))
            return false;
    return line->n > 0 && memchr(line->text, '}', line->n);
}

/* Marks rules over many lines; a rule without its closing brace ends where a line is no declaration. */
static void mark_style(ns_lines *lines)
{
    bool inside = false;
    for (size_t i = 0; i < lines->count; i++) {
        ns_line *line = &lines->line[i];
        bool style = is_selector(line->text, line->n) || is_script(line) ||
                     (inside && (is_declaration(line->text, line->n) || is_closing(line))) ||
                     (is_closing(line) && line->n < 8);
        if (!style && is_declaration(line->text, line->n) && i + 1 < lines->count)
            style = is_declaration(lines->line[i + 1].text, lines->line[i + 1].n) ||
                    is_closing(&lines->line[i + 1]);
        inside = style && !is_closing(line);
        if (style)
            line->reason = "style";
    }
}

/* ---------------------------------------------------------------- links, boxes, machinery */

typedef enum link_kind { NO_LINK, LINK_LINE, LINK_HEADING } link_kind;

static link_kind link_line(const ns_line *line, const ns_folded *folded)
{
    static const char *const also_in[] = { "also in ", "also this ", "also on ", NULL };
    if (ns_is_phrase(folded, related))
        return LINK_HEADING;
    if (!line->ended && line->words >= 3 && line->words <= 5 && ns_begins_with(folded, also_in))
        return LINK_HEADING;
    size_t n = ns_begins_with(folded, related);
    if (n) {
        unsigned char next = (unsigned char)line->text[folded->from[n]];
        const char *rest = folded->text + n;
        if (isupper(next) || next == 0xe2) /* glued: "RelatedRivals meet" */
            return LINK_LINE;
        rest += *rest == ' ';
        if (*rest == ':' || *rest == '|' || *rest == '-' || *rest == '>')
            return line->words <= 40 ? LINK_LINE : NO_LINK;
        bool verb = !strncmp(folded->text, "read", 4) || !strncmp(folded->text, "also read", 9) ||
                    !strncmp(folded->text, "see also", 8) || !strncmp(folded->text, "more ", 5);
        if (verb && !line->ended && line->words <= 25)
            return LINK_LINE;
    }
    n = ns_begins_with(folded, labels);
    if (n && !line->ended && line->words <= 25) {
        const char *rest = folded->text + n;
        rest += *rest == ' ';
        if (*rest == '|' || (*rest == ':' && isupper((unsigned char)line->text[0]) &&
                             (!strncmp(folded->text, "watch", 5) || !strncmp(folded->text, "read", 4) ||
                              !strncmp(folded->text, "listen", 6) || isupper((unsigned char)line->text[1]))))
            return LINK_LINE;
    }
    return NO_LINK;
}

static bool is_promo(const ns_line *line, const ns_folded *folded)
{
    return line->n <= 260 && line->text[0] != '"' && (unsigned char)line->text[0] != 0xe2 &&
           ns_begins_with(folded, promo_starts) && ns_holds_phrase(folded, promo_things);
}

/* "###", "* * *", "________": a rule, perhaps with a word of the page behind it. */
static bool is_rule(const ns_line *line, const ns_folded *folded)
{
    size_t marks = 0, letters = 0;
    if (!strchr("#*_-=~+.", line->text[0]))
        return false;
    for (size_t i = 0; i < line->n && i < 200; i++) {
        marks += strchr("#*_-=~+. ", line->text[i]) != NULL;
        letters += isalnum((unsigned char)line->text[i]) != 0 || (line->text[i] & 0x80);
    }
    if (marks >= 2 && !letters)
        return true;
    return marks >= 3 && letters <= 10 && (line->text[0] == '#' || line->text[0] == '-') &&
           ns_is_phrase(folded, end_marks);
}

/* A line below a heading of links: a headline of another story. */
static bool is_list_item(const ns_line *line)
{
    return !line->prose || (line->words <= 20 && line->n > 0 && line->text[line->n - 1] == '?');
}

/* Marks the links below heading i. A short line right before prose is the story's own subheading. */
static void mark_list(ns_lines *lines, size_t i)
{
    size_t first = i + 1;
    for (size_t k = first; k < lines->count && is_list_item(&lines->line[k]); k++) {
        ns_line *line = &lines->line[k];
        bool before_prose = k + 1 < lines->count && !is_list_item(&lines->line[k + 1]);
        if (before_prose && k > first && line->words <= 4)
            return;
        if (!line->reason)
            line->reason = "related";
    }
}

/* " REUTER", "-30-": a wire's word that the report ends. */
static void mark_last(ns_lines *lines)
{
    static const char *const words[] = {"reuter", "reuters", "ends", "endit", "30", NULL};
    ns_folded folded;
    ns_line *last = lines->count > 1 ? &lines->line[lines->count - 1] : NULL;
    if (!last || last->reason || last->words > 1)
        return;
    ns_wording_fold(last->text, last->n, &folded);
    if (ns_is_phrase(&folded, words))
        last->reason = "rule";
}

void ns_furniture_mark(ns_lines *lines, ns_furniture_from from)
{
    const bool trusted = from != NS_FURNITURE_TEXT, field = from == NS_FURNITURE_FIELD;
    ns_folded folded;
    mark_style(lines);
    mark_last(lines);
    for (size_t i = 0; i < lines->count; i++) {
        ns_line *line = &lines->line[i];
        if (line->reason)
            continue;
        if (line->n > 400)
            continue; /* no rule below takes so long a line */
        ns_wording_fold(line->text, line->n, &folded);
        link_kind link = link_line(line, &folded);
        if (ns_is_phrase(&folded, advertisements))
            line->reason = "advertisement";
        else if (is_rule(line, &folded))
            line->reason = "rule";
        else if (link == LINK_HEADING && (!trusted || line->words > 1)) {
            line->reason = "related";
            if (!trusted)
                mark_list(lines, i);
        } else if (link == LINK_LINE && (!trusted || strchr(line->text, ':') || strchr(line->text, '|')))
            line->reason = "related";
        else if (is_promo(line, &folded))
            line->reason = "promotion";
        else if (ns_is_phrase(&folded, machinery) && (!trusted || line->words > 2))
            line->reason = "menu";
        else if (!field && line->words <= 40 && ns_begins_with(&folded, machinery_starts))
            line->reason = "menu";
        else if (!field && line->words <= 60 && line->text[0] != '"' && ns_holds_phrase(&folded, legal))
            line->reason = "legal";
        else if (!field && line->words <= 10 && (!line->prose || line->words <= 6) &&
                 ns_begins_with(&folded, short_starts))
            line->reason = "menu";
        else if (!field && !line->ended && line->words <= 10 && ns_all_words_in(&folded, buttons))
            line->reason = "menu";
        else if (!field && ns_is_caption_line(line, &folded))
            line->reason = "caption";
    }
}

/* ---------------------------------------------------------------- lines of a page's head */

bool ns_is_caption_line(const ns_line *line, const ns_folded *folded)
{
    static const char *const starts[] = {
        "photo:", "photo by", "photograph:", "photograph by", "image:", "image source", "image caption",
        "image credit", "image copyright", "picture:", "file photo", "file picture", "file image",
        "photo credit", "media caption", "caption:", "(photo", "[photo", "photo courtesy", "image via",
        "photo via", "(file photo", "[file", "file - ", "credit:", "photo/", "illustration:", "representative image",
        NULL
    };
    static const char *const inside[] = {
        "/ photo:", "| photo:", "photo: ", "photograph: ", "image: ", "(photo by", "[photo by",
        "photo credit:", "image credit:", "picture credit:", "(file photo)", "[file photo]", "(photo:",
        "[photo:", "/ image:", "photo/", "/getty images", "via getty images", "/afp via", "/reuters)",
        "(reuters/", "(ap photo", "credit: ", "[file:", "(file)", " via ap)", " via afp)", " via reuters)",
        "/ap)", "/afp)", "/epa)", "/tass)", NULL
    };
    static const char *const agency[] = {"in this ", NULL};
    static const char *const photos[] = {"file photo", "photo provided", "photo released", "photo made available",
                                         "photo taken", "image released", "image provided", NULL};
    if (line->n > 400)
        return false;
    if (ns_begins_with(folded, starts) && line->words <= 45)
        return true;
    if (ns_begins_with(folded, agency) && ns_holds_phrase(folded, photos)) /* "In this June 3, 2011 file photo, ..." */
        return true;
    if (folded->n > 7 && !folded->cut && !strcmp(folded->text + folded->n - 7, " photo)") &&
        line->words <= 45)
        return true;
    /* The credit stands at the end: the story has nothing behind it. */
    if (folded->cut || line->words > 60)
        return false;
    const char *end = folded->text + (folded->n > 60 ? folded->n - 60 : 0);
    for (const char *const *p = inside; *p; p++)
        if (strstr(end, *p))
            return true;
    return false;
}

bool ns_is_image_line(const ns_line *line, const ns_folded *folded)
{
    static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg" };
    if (line->words > 4 || folded->cut || line->ended)
        return line->words <= 3 && line->n > 3 && line->text[line->n - 1] == ')' &&
               islower((unsigned char)line->text[0]) && isdigit((unsigned char)line->text[line->n - 2]);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t e = strlen(endings[i]);
        if (folded->n > e && !strcmp(folded->text + folded->n - e, endings[i]))
            return true;
    }
    if (line->n > 3 && line->text[line->n - 1] == ')' && islower((unsigned char)line->text[0])) {
        size_t open = line->n - 1; /* "putin (1)" */
        while (open && isdigit((unsigned char)line->text[open - 1]))
            open--;
        return open < line->n - 1 && open && line->text[open - 1] == '(';
    }
    /* "kim-putin-2023", "IMG_2034": one word held together by marks, with a digit */
    bool digit = false, mark = false;
    for (size_t i = 0; i < line->n; i++) {
        digit |= isdigit((unsigned char)line->text[i]) != 0;
        mark |= line->text[i] == '_' || line->text[i] == '-';
    }
    return line->words == 1 && digit && mark && line->n >= 6 && isalpha((unsigned char)line->text[0]);
}

/* Bytes of the longest menu word that s begins with, if what follows may be glued to it. */
static size_t menu_word_at(const char *s, size_t n)
{
    size_t best = 0;
    for (const char *const *w = menu_words; *w; w++) {
        size_t e = strlen(*w), i = 0;
        if (e < 3 || e > n || e <= best)
            continue;
        while (i < e && tolower((unsigned char)s[i]) == (*w)[i])
            i++;
        if (i == e && (e == n || !islower((unsigned char)s[e]) || menu_word_at(s + e, n - e)))
            best = e;
    }
    return best;
}

size_t ns_glued_menu(const char *s, size_t n)
{
    size_t at = 0, words = 0, word;
    if (n > 80)
        n = 80;
    while (at < n && (word = menu_word_at(s + at, n - at)) != 0) {
        at += word;
        words++;
        if (at < n && s[at] == ' ' && words > 1 && menu_word_at(s + at + 1, n - at - 1))
            at++;
    }
    return words && at < n && isupper((unsigned char)s[at]) && (words > 1 || !strncasecmp(s, "home", 4)) ? at
                                                                                                         : 0;
}

bool ns_is_menu_line(const ns_line *line, const ns_folded *folded)
{
    if (line->ended || folded->cut || line->n > 160)
        return false;
    if (ns_all_words_in(folded, menu_words))
        return true;
    /* "Home > World > Asia", "Home / News / Kim arrives" */
    size_t marks = 0;
    for (size_t i = 0; i + 2 < folded->n; i++)
        marks += folded->text[i] == ' ' && strchr(">/|\"", folded->text[i + 1]) && folded->text[i + 2] == ' ';
    size_t first_words = 1; /* a headline may have its outlet behind it: "Rivals meet again | The Ledger" */
    for (size_t i = 0; i < folded->n && !strchr(">/|\"", folded->text[i]); i++)
        first_words += folded->text[i] == ' ';
    if ((marks >= 2 && first_words <= 4) || (marks && !strncmp(folded->text, "home", 4)))
        return true;
    /* "ArmsAsia PacificEurope": names of sections run together, at least twice */
    size_t glued = 0;
    for (size_t i = 2; i + 3 < line->n; i++)
        glued += islower((unsigned char)line->text[i - 1]) && islower((unsigned char)line->text[i - 2]) &&
                 isupper((unsigned char)line->text[i]) && islower((unsigned char)line->text[i + 1]) &&
                 islower((unsigned char)line->text[i + 2]);
    return glued >= 2 && line->words <= 8;
}
