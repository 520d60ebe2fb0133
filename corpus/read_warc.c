/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_warc.c - WARC 1.0 and 1.1, as crawlers write it: the pages in response, resource and conversion
 * records are members that formats read in their turn. A broken record costs itself: the next line that
 * begins one is looked for.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "corpus/http_body.h"
#include "corpus/textdate.h"

enum { LINE_LIMIT = 1 << 16, LINES_LIMIT = 2000, URI_LIMIT = 4000 };

typedef struct archive {
    ns_http_body body;
    bool in_block;
    uint64_t left; /* of the block */
    /* of the record */
    char type[24], mime[64], charset[40], encoding[24], date[NS_DATE_SIZE];
    bool chunked, http, length_known, bad_length;
    uint64_t length;
    ns_buffer uri;
    unsigned status;
} archive;

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    (void)path;
    return n > 9 && !memcmp(bytes, "WARC/", 5) && isdigit(bytes[5]) ? 96 : 0;
}

static void release(ns_item *item)
{
    archive *w = item->state;
    if (!w)
        return;
    ns_http_body_release(&w->body);
    ns_buffer_release(&w->uri);
    free(w);
    item->state = NULL;
}

/* ---------------------------------------------------------------- headers */

static size_t trim(const char **s, size_t n)
{
    while (n && (**s == ' ' || **s == '\t'))
        (*s)++, n--;
    while (n && strchr(" \t\r", (*s)[n - 1]))
        n--;
    return n;
}

static bool is_name(const char *line, size_t n, const char *name)
{
    return strlen(name) == n && !strncasecmp(line, name, n);
}

static void keep(char *to, size_t size, const char *s, size_t n)
{
    n = n < size ? n : size - 1;
    memcpy(to, s, n);
    to[n] = '\0';
}

static void set_length(archive *w, const char *s, size_t n)
{
    uint64_t value = 0;
    bool bad = !n || n > 18;
    for (size_t i = 0; i < n && !bad; i++) {
        bad = !isdigit((unsigned char)s[i]);
        value = value * 10 + (uint64_t)(s[i] - '0');
    }
    bad = bad || (w->length_known && value != w->length);
    w->bad_length = w->bad_length || bad;
    w->length_known = true;
    w->length = value;
}

/* "text/html; charset=utf-8" */
static void set_mime(archive *w, const char *s, size_t n)
{
    size_t end = 0;
    while (end < n && s[end] != ';' && s[end] != ' ')
        end++;
    keep(w->mime, sizeof w->mime, s, end);
    for (; end + 8 < n; end++)
        if (!strncasecmp(s + end, "charset=", 8)) {
            s += end + 8, n -= end + 8;
            while (n && (*s == '"' || *s == '\''))
                s++, n--;
            size_t size = 0;
            while (size < n && !strchr("\"'; ", s[size]))
                size++;
            keep(w->charset, sizeof w->charset, s, size);
            return;
        }
}

static void set_uri(archive *w, const char *s, size_t n)
{
    if (n > 1 && s[0] == '<' && s[n - 1] == '>')
        s++, n -= 2;
    ns_buffer_clear(&w->uri);
    if (n <= URI_LIMIT)
        ns_clean_utf8(s, n, &w->uri);
}

static void warc_header(archive *w, const char *name, size_t n, const char *value, size_t size)
{
    char date[40];
    if (is_name(name, n, "WARC-Type")) {
        keep(w->type, sizeof w->type, value, size);
    } else if (is_name(name, n, "WARC-Target-URI")) {
        set_uri(w, value, size);
    } else if (is_name(name, n, "Content-Length")) {
        set_length(w, value, size);
    } else if (is_name(name, n, "Content-Type")) {
        w->http = size >= 16 && !strncasecmp(value, "application/http", 16);
        set_mime(w, value, size);
    } else if (is_name(name, n, "WARC-Date")) {
        keep(date, sizeof date, value, size);
        ns_text_date_field(date, w->date);
    }
}

static void http_header(archive *w, const char *name, size_t n, const char *value, size_t size)
{
    if (is_name(name, n, "Content-Type"))
        set_mime(w, value, size);
    else if (is_name(name, n, "Content-Encoding"))
        keep(w->encoding, sizeof w->encoding, value, size);
    else if (is_name(name, n, "Transfer-Encoding"))
        w->chunked = w->chunked || (size >= 7 && !strncasecmp(value + size - 7, "chunked", 7));
}

/* Reads header lines up to the empty one. False when they do not end as they should. */
static bool read_headers(ns_item *item, archive *w, bool http)
{
    for (size_t lines = 0; lines < LINES_LIMIT; lines++) {
        uint64_t before = item->input.bytes;
        ns_input_answer answer = ns_input_line(&item->input, LINE_LIMIT, &item->scratch);
        uint64_t used = item->input.bytes - before;
        if (http && used > w->left)
            return false;
        w->left -= http ? used : 0;
        if (answer == NS_INPUT_OVER)
            return false;
        const char *line = item->scratch.data ? (const char *)item->scratch.data : "";
        size_t n = trim(&line, item->scratch.size);
        if (answer == NS_INPUT_LINE && !n)
            return true;
        const char *colon = n ? memchr(line, ':', n) : NULL;
        if (!colon)
            continue;
        const char *value = colon + 1;
        size_t size = trim(&value, n - (size_t)(value - line));
        if (http)
            http_header(w, line, (size_t)(colon - line), value, size);
        else
            warc_header(w, line, (size_t)(colon - line), value, size);
    }
    return false;
}

/* ---------------------------------------------------------------- records */

/* To the line that begins the next record, over what is left of the last one. False at the end; *lost when
 * something else than empty lines stood before it. */
static bool find_record(ns_item *item, archive *w, bool *lost)
{
    if (w->in_block) {
        uint64_t rest = w->left;
        ns_http_body_release(&w->body);
        w->in_block = false;
        if (!ns_input_skip(&item->input, rest)) {
            *lost = true;
            if (!ns_input_pass_gap(&item->input))
                return false;
        }
    }
    for (;;) {
        ns_input_answer answer = ns_input_line(&item->input, LINE_LIMIT, &item->scratch);
        if (answer == NS_INPUT_OVER && ns_input_pass_gap(&item->input))
            continue;
        if (answer == NS_INPUT_OVER)
            return false;
        const char *line = item->scratch.data ? (const char *)item->scratch.data : "";
        size_t n = trim(&line, item->scratch.size);
        if (answer == NS_INPUT_LINE && n >= 8 && !memcmp(line, "WARC/", 5) && n < 20)
            return true;
        *lost = *lost || n || answer == NS_INPUT_TOO_LONG;
    }
}

static bool is_page(const archive *w)
{
    static const char *const types[] = {"text/html",
                                        "application/xhtml+xml",
                                        "text/plain",
                                        "text/xml",
                                        "application/xml",
                                        "application/rss+xml",
                                        "application/atom+xml",
                                        "application/rdf+xml",
                                        "application/feed+json",
                                        "application/json"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcasecmp(w->mime, types[i]))
            return true;
    return !w->mime[0];
}

static bool read_status(ns_item *item, archive *w)
{
    uint64_t before = item->input.bytes;
    ns_input_answer answer = ns_input_line(&item->input, LINE_LIMIT, &item->scratch);
    uint64_t used = item->input.bytes - before;
    if (answer != NS_INPUT_LINE || used > w->left)
        return false;
    w->left -= used;
    const char *line = (const char *)item->scratch.data;
    size_t n = trim(&line, item->scratch.size);
    const char *blank = n > 5 && !strncasecmp(line, "HTTP/", 5) ? memchr(line, ' ', n) : NULL;
    w->status = 0;
    for (size_t i = 1; blank && i <= 3 && blank + i < line + n && isdigit((unsigned char)blank[i]); i++)
        w->status = w->status * 10 + (unsigned)(blank[i] - '0');
    return w->status > 0;
}

/* The pieces of the block are read by ns_http_body; what it leaves is passed over after. */
static ptrdiff_t read_block(void *user, uint8_t *to, size_t n, char *problem)
{
    archive *w = user;
    uint64_t before = w->body.from->bytes;
    ptrdiff_t got = ns_http_body_read(&w->body, to, n, problem);
    w->left -= w->body.from->bytes - before;
    return got;
}

/* Looks at the record whose first line was read: true when it is a page to be read. *reason where it is
 * broken. */
static bool open_record(ns_item *item, archive *w, const char **reason)
{
    w->type[0] = w->mime[0] = w->charset[0] = w->encoding[0] = w->date[0] = '\0';
    w->chunked = w->http = w->length_known = w->bad_length = false;
    ns_buffer_clear(&w->uri);
    *reason = NULL;
    if (!read_headers(item, w, false)) {
        *reason = "record header without an end";
        return false;
    }
    if (!w->length_known || w->bad_length) {
        *reason = "record of no known length";
        return false;
    }
    w->left = w->length;
    w->in_block = true;
    bool response = !strcasecmp(w->type, "response");
    if (!response && strcasecmp(w->type, "resource") && strcasecmp(w->type, "conversion"))
        return false;
    if (response || w->http) {
        w->mime[0] = w->charset[0] = '\0';
        if (!w->http || !read_status(item, w) || !read_headers(item, w, true)) {
            *reason = w->http ? "no HTTP response in the record" : NULL;
            return false;
        }
        if (w->status < 200 || w->status > 299)
            return false;
    }
    if (!is_page(w) || !w->left)
        return false;
    if (!strcasecmp(w->encoding, "br") || !strcasecmp(w->encoding, "zstd")) {
        size_t n;
        const uint8_t *first = ns_input_peek(&item->input, &n);
        if (!n || !strchr("<\n\r \t{", first[0])) { /* else it was undone before */
            *reason = "packed by brotli or zstd on the way";
            return false;
        }
    }
    ns_http_body_open(&w->body, &item->input, w->left, w->chunked, !strcasecmp(w->encoding, "deflate"));
    return true;
}

static const char *uri_of(archive *w)
{
    ns_buffer_add_byte(&w->uri, 0);
    return w->uri.failed ? NULL : (const char *)w->uri.data;
}

static ns_read member(ns_item *item, ns_member *m, nsearch_error *err)
{
    archive *w = item->state;
    if (!w) {
        w = item->state = calloc(1, sizeof *w);
        if (!w)
            goto memory;
        ns_input_resync(&item->input);
    }
    for (;;) {
        bool lost = false;
        const char *reason;
        if (!find_record(item, w, &lost)) {
            if (lost && !item->input.problem[0])
                strcpy(item->input.problem, "record cut short");
            return NS_READ_END;
        }
        item->line++; /* records are counted, as lines are */
        bool page = open_record(item, w, &reason);
        if (item->scratch.failed)
            goto memory;
        if (reason) {
            ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", reason, item->path);
            return NS_READ_SKIPPED;
        }
        if (!page)
            continue;
        const char *uri = uri_of(w);
        if (!uri)
            goto memory;
        bool http = !strncasecmp(uri, "http", 4) && !strpbrk(uri, " \n\t");
        m->name = *uri ? uri : "record";
        m->id = http ? uri : "";
        m->known.url = http ? uri : "";
        m->known.charset = w->charset;
        m->known.captured = w->date;
        m->kind = !strcasecmp(w->mime, "text/html") || strstr(w->mime, "xhtml") ? "page.html" : "";
        m->source = read_block;
        m->user = w;
        return NS_READ_ARTICLE;
    }
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

const ns_format ns_format_warc = {"warc", bid, NULL, release, member};
