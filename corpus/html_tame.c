/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * html_tame.c - one pass over HTML that leaves out what no reader of text wants and what makes parsers slow.
 */
#include "corpus/html_tame.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    TAG_LIMIT = 4096,    /* bytes of one tag; attributes behind are left out */
    TAGS_LIMIT = 200000, /* tags of a page; behind them only text counts */
    DEPTH_LIMIT = 200,   /* open elements of the kinds that must be closed */
    LD_LIMIT = 1 << 20,
    CHARSET_BYTES = 4096
};

/* Elements whose content is left out with them. */
static const char *const silent[] = {
    "script", "style", "noscript", "template", "svg", "iframe", "textarea", "select", "object", "canvas",
    "math", NULL
};
/* Elements that the parser closes by itself, or that hold nothing: they cannot nest for ever. */
static const char *const flat[] = {
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "option", "html", "head", "body", "title",
    "br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr",
    "param", NULL
};

static bool is_one_of(const char *s, size_t n, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == n && !strncasecmp(s, *names, n))
            return true;
    return false;
}

/* The end of a tag that begins at s[0] == '<': behind its '>', quotes respected. */
static size_t tag_end(const char *s, size_t n)
{
    char quote = 0;
    for (size_t i = 1; i < n; i++) {
        if (quote) {
            if (s[i] == quote)
                quote = 0;
        } else if (s[i] == '>') {
            return i + 1;
        } else if ((s[i] == '"' || s[i] == '\'') && s[i - 1] == '=') {
            const char *close = memchr(s + i + 1, s[i], n - i - 1);
            quote = close ? s[i] : 0; /* a quote that is never closed is none */
            if (!close) {
                const char *end = memchr(s + i, '>', n - i);
                return end ? (size_t)(end - s) + 1 : n;
            }
        }
    }
    return n;
}

/* A script's data may hold the day of publication: "publishedDate":"2016-11-04T20:37:27Z". Handed on as
 * JSON-LD of a page, the weakest kind. True when there was one. */
static bool add_date_of_script(const char *s, size_t n, ns_buffer *ld)
{
    static const char *const names[] = {"datePublished\":\"",   "publishedDate\":\"", "publishDate\":\"",
                                        "date_published\":\"",  "publish_date\":\"",  "published_at\":\"",
                                        "publicationDate\":\"", "pubDate\":\""};
    const char *end = s + n;
    for (const char *p = s; (p = memmem(p, (size_t)(end - p), "ub", 2)) != NULL; p += 2)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            size_t before = (size_t)(strstr(names[i], "ub") - names[i]), k = strlen(names[i]);
            const char *name = p - before, *value = name + k;
            if ((size_t)(p - s) <= before || name[-1] != '"' || (size_t)(end - name) < k + 10 ||
                memcmp(name, names[i], k) || !isdigit((unsigned char)*value))
                continue;
            size_t length = 0;
            while (length < 32 && value + length < end &&
                   (isalnum((unsigned char)value[length]) || strchr("-:+. ", value[length])))
                length++;
            ns_buffer_add_string(ld, "{\"@type\":\"WebPage\",\"datePublished\":\"");
            ns_buffer_add(ld, value, length);
            ns_buffer_add(ld, "\"}", 3);
            return true;
        }
    return false;
}

/* Finds "</name" from 'at' on; n when there is none. */
static size_t find_close(const char *s, size_t n, size_t at, const char *name, size_t length)
{
    while (at < n) {
        const char *p = memchr(s + at, '<', n - at);
        if (!p)
            return n;
        at = (size_t)(p - s);
        if (at + 2 + length <= n && s[at + 1] == '/' && !strncasecmp(s + at + 2, name, length) &&
            (at + 2 + length == n || !isalnum((unsigned char)s[at + 2 + length])))
            return at;
        at++;
    }
    return n;
}

static bool is_word(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && !strncasecmp(s, word, n);
}

/* The attributes that readers of a page look at; each costs the parser more than it costs here to leave it
 * out. */
static bool is_wanted(const char *tag, size_t tag_length, const char *name, size_t n, const char *value,
                      size_t length)
{
    static const char *const names[] = {"class",  "id",       "itemprop",      "role",
                                        "hidden", "datetime", "content",       "property",
                                        "rel",    "pubdate",  "data-datetime", NULL};
    if (n < 2 || n > 13)
        return false;
    if (is_one_of(name, n, names))
        return true;
    if (is_word(name, n, "style")) /* display: none */
        return memmem(value, length, "none", 4) != NULL;
    if (is_word(name, n, "title"))
        return tag_length > 1 && !is_word(tag, tag_length, "img");
    return (is_word(name, n, "href") && is_word(tag, tag_length, "link")) ||
           (is_word(name, n, "name") && is_word(tag, tag_length, "meta")) ||
           (is_word(name, n, "lang") && is_word(tag, tag_length, "html"));
}

/* Copies a tag of n bytes, '<' and '>' among them, with the attributes that are wanted among its first
 * TAG_LIMIT bytes. */
static void add_tag(const char *s, size_t n, ns_buffer *page)
{
    size_t end = n > TAG_LIMIT ? TAG_LIMIT : n, at = 1;
    bool closed = s[n - 1] == '>', empty = closed && n > 2 && s[n - 2] == '/';
    if (end == n && closed)
        end--;
    while (at < end && !isspace((unsigned char)s[at]) && s[at] != '/')
        at++;
    if (s[1] == '/')
        for (at = 2; at < end && isalnum((unsigned char)s[at]);)
            at++;
    size_t tag_length = at - 1;
    ns_buffer_add(page, s, at < 40 ? at : 40);
    while (s[1] != '/' && at < end) {
        while (at < end && (isspace((unsigned char)s[at]) || s[at] == '/'))
            at++;
        size_t from = at, length, value, to;
        while (at < end && !isspace((unsigned char)s[at]) && s[at] != '=' && s[at] != '/')
            at++;
        length = at - from;
        for (value = at; value < end && isspace((unsigned char)s[value]);)
            value++;
        if (value < end && s[value] == '=') {
            for (value++; value < end && isspace((unsigned char)s[value]);)
                value++;
            if (value < end && (s[value] == '"' || s[value] == '\'')) {
                const char *close = memchr(s + value + 1, s[value], end - value - 1);
                if (!close)
                    break;
                to = (size_t)(close - s) + 1;
            } else {
                for (to = value; to < end && !isspace((unsigned char)s[to]);)
                    to++;
                if (to == end && end < n && closed && end == TAG_LIMIT)
                    break; /* cut in the middle */
            }
            at = to;
        } else {
            value = to = at;
            at += length == 0;
        }
        if (is_wanted(s + 1, tag_length, s + from, length, s + value, to - value)) {
            ns_buffer_add_byte(page, ' ');
            ns_buffer_add(page, s + from, to - from);
        }
    }
    ns_buffer_add(page, empty ? " />" : ">", empty ? 3 : 1);
}

void ns_html_tame(const char *s, size_t n, ns_buffer *page, ns_buffer *ld)
{
    size_t depth = 0, flattened = 0, tags = 0, at = 0;
    /* Once there is no closing tag of a name ahead there never is: no second search over the rest. */
    bool hopeless[sizeof silent / sizeof *silent] = {false};
    bool no_comment_end = false, script_date = false;
    char heading = 0; /* '1' to '6': the one that is open */
    if (n == 0)
        return;
    while (at < n) {
        const char *p = memchr(s + at, '<', n - at);
        size_t open = p ? (size_t)(p - s) : n;
        ns_buffer_add(page, s + at, open - at);
        at = open;
        if (at == n)
            return;
        if (n - at >= 4 && !memcmp(s + at, "<!--", 4)) {
            const char *end = no_comment_end ? NULL : memmem(s + at + 4, n - at - 4, "-->", 3);
            if (end) {
                at = (size_t)(end - s) + 3;
            } else { /* never closed: only the mark goes */
                no_comment_end = true;
                at += 4;
            }
            continue;
        }
        if (at + 1 < n && (s[at + 1] == '!' || s[at + 1] == '?')) {
            const char *end = memchr(s + at, '>', n - at < TAG_LIMIT ? n - at : TAG_LIMIT);
            at = end ? (size_t)(end - s) + 1 : at + 2;
            continue;
        }
        bool closing = at + 1 < n && s[at + 1] == '/';
        const char *name = s + at + 1 + closing;
        size_t length = 0;
        while (name + length < s + n && isalnum((unsigned char)name[length]))
            length++;
        if (!length || !isalpha((unsigned char)*name)) { /* "1 < 2" */
            ns_buffer_add_string(page, "&lt;");
            at++;
            continue;
        }
        size_t end = at + tag_end(s + at, n - at);
        size_t which = 0;
        while (silent[which] && (strlen(silent[which]) != length || strncasecmp(silent[which], name, length)))
            which++;
        if (silent[which] && !closing) {
            size_t close = hopeless[which] || s[end - 1] != '>' || s[end - 2] == '/'
                               ? n
                               : find_close(s, n, end, name, length);
            if (close == n) { /* no end of it: only the tag goes */
                hopeless[which] = hopeless[which] || s[end - 2] != '/';
                at = end;
                continue;
            }
            if (!strcmp(silent[which], "script") && memmem(s + at, end - at, "ld+json", 7) &&
                ld->size < LD_LIMIT) {
                ns_buffer_add(ld, s + end, close - end);
                ns_buffer_add_byte(ld, 0);
            } else if (!script_date && *silent[which] == 's' && close - end < LD_LIMIT) {
                script_date = add_date_of_script(s + end, close - end, ld);
            }
            at = close;
            end = at + tag_end(s + at, n - at);
            ns_buffer_add_byte(page, ' ');
            at = end;
            continue;
        }
        if (silent[which] || ++tags > TAGS_LIMIT) {
            ns_buffer_add_byte(page, ' ');
            at = end;
            continue;
        }
        if (!is_one_of(name, length, flat)) {
            if (closing && flattened) {
                flattened--;
                ns_buffer_add_byte(page, ' ');
                at = end;
                continue;
            }
            if (!closing && depth >= DEPTH_LIMIT) {
                flattened++;
                ns_buffer_add_byte(page, ' ');
                at = end;
                continue;
            }
            if (closing)
                depth -= depth > 0;
            else
                depth++;
        }
        bool is_heading = length == 2 && (*name | 0x20) == 'h' && name[1] >= '1' && name[1] <= '6';
        if (is_heading && closing && heading && heading != name[1]) { /* the end of any is the end of this one */
            const char close[] = {'<', '/', 'h', heading, '>'};
            ns_buffer_add(page, close, sizeof close);
        } else
            add_tag(s + at, end - at, page);
        if (is_heading)
            heading = closing ? 0 : name[1];
        at = end;
    }
}

void ns_html_charset(const char *s, size_t n, char charset[40])
{
    charset[0] = '\0';
    if (n > CHARSET_BYTES)
        n = CHARSET_BYTES;
    for (size_t i = 0; i + 9 < n; i++) {
        if (strncasecmp(s + i, "charset", 7))
            continue;
        size_t at = i + 7, to = 0;
        while (at < n && (s[at] == ' ' || s[at] == '=' || s[at] == '"' || s[at] == '\''))
            at++;
        while (at < n && to < 39 && (isalnum((unsigned char)s[at]) || strchr("-_:.", s[at])) && s[at])
            charset[to++] = s[at++];
        charset[to] = '\0';
        if (to)
            return;
    }
}
