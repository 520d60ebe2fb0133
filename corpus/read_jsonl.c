/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_jsonl.c - the JSON lines reader: one object a line, one article an object. Fields: id date source
 * title byline dateline url text language section, with common other names where those are missing. A file
 * whose first line is a bare bracket is one document instead: an object, or an array of objects.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/entities.h"
#include "corpus/format.h"
#include "corpus/textdate.h"

static size_t skip_space(const uint8_t *p, size_t n, size_t at)
{
    while (at < n && (p[at] == ' ' || p[at] == '\t' || p[at] == '\r' || p[at] == '\n'))
        at++;
    return at;
}

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    size_t at = n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    at = skip_space(bytes, n, at);
    bool named = ns_path_has_extension(path, ".jsonl") || ns_path_has_extension(path, ".ndjson") ||
                 ns_path_has_extension(path, ".json");
    if (named)
        return at == n ? 0 : 90;
    if (at < n && bytes[at] == '[') {
        at = skip_space(bytes, n, at + 1);
        return at < n && bytes[at] == '{' ? 75 : 0;
    }
    if (at == n || bytes[at] != '{')
        return 0;
    at = skip_space(bytes, n, at + 1);
    return at < n && (bytes[at] == '"' || bytes[at] == '}') ? 80 : 0;
}

/* What jansson refuses but real files hold: lone surrogates as \ud800 and raw control bytes. Same length. */
static void mend(char *s, size_t n)
{
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)s[i] < 0x20)
            s[i] = ' ';
        if (s[i] == '"') {
            in_string = !in_string;
        } else if (in_string && s[i] == '\\' && i + 1 < n) {
            i++;
            bool surrogate =
                s[i] == 'u' && i + 4 < n && (s[i + 1] | 0x20) == 'd' && strchr("89abAB", s[i + 2]);
            bool pair = surrogate && i + 10 < n && s[i + 5] == '\\' && s[i + 6] == 'u' &&
                        (s[i + 7] | 0x20) == 'd' && s[i + 8] && strchr("cdefCDEF", s[i + 8]);
            bool low = s[i] == 'u' && i + 4 < n && (s[i + 1] | 0x20) == 'd' && s[i + 2] &&
                       strchr("cdefCDEF", s[i + 2]);
            if (pair)
                i += 10;
            else if (surrogate || low)
                memcpy(s + i + 1, "fffd", 4);
        }
    }
}

static json_t *load(const char *s, size_t n, json_error_t *error)
{
    return json_loadb(s, n, JSON_ALLOW_NUL | JSON_DECODE_ANY, error);
}

/* Parses one line; on failure once more with the text mended. NULL with *out_of_memory, or with a text in
 * 'error'. */
static json_t *parse(ns_item *item, ns_buffer *line, json_error_t *error, bool *out_of_memory)
{
    json_error_t again = { .text = "" };
    *out_of_memory = false;
    json_t *value = load((const char *)line->data, line->size, error);
    if (value || json_error_code(error) == json_error_stack_overflow)
        return value;
    ns_buffer_clear(&item->text);
    ns_clean_bytes(line->data, line->size, NULL, &item->text);
    if (item->text.size && !item->text.failed) {
        mend((char *)item->text.data, item->text.size);
        value = load((const char *)item->text.data, item->text.size, &again);
    }
    *out_of_memory = !value && (item->text.failed || json_error_code(error) == json_error_out_of_memory ||
                                json_error_code(&again) == json_error_out_of_memory);
    return value;
}

/* Appends a value's text: strings, numbers, arrays of strings as paragraphs or as a list. */
static void add_value(const json_t *value, const char *between, ns_buffer *to)
{
    if (json_is_string(value)) {
        ns_clean_utf8(json_string_value(value), json_string_length(value), to);
    } else if (json_is_integer(value)) {
        ns_buffer_printf(to, "%lld", (long long)json_integer_value(value));
    } else if (json_is_array(value)) {
        size_t count = json_array_size(value);
        for (size_t i = 0; i < count; i++) {
            const json_t *part = json_array_get(value, i);
            if (json_is_object(part))
                part = json_object_get(part, "name");
            if (!part || json_is_array(part))
                continue;
            if (to->size)
                ns_buffer_add_string(to, between);
            add_value(part, between, to);
        }
    } else if (json_is_object(value)) {
        const json_t *name = json_object_get(value, "name");
        if (json_is_string(name))
            add_value(name, between, to);
    }
}

/* The text of the first of these fields (names separated by blanks) that holds any, in item->text, which
 * says 'failed' when memory is out. */
static bool field(ns_item *item, const json_t *object, const char *names, const char *between)
{
    char name[32];
    for (const char *p = names; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        p += n;
        const json_t *value = json_object_get(object, name);
        if (!value)
            continue;
        ns_buffer_clear(&item->text);
        add_value(value, between, &item->text);
        if (item->text.failed)
            return false;
        if (item->text.size)
            return true;
    }
    ns_buffer_clear(&item->text);
    return false;
}

/* A short field: one line, references undone, white space single. */
static const char *short_field(ns_item *item, ns_arena *arena, const json_t *object, const char *names)
{
    if (!field(item, object, names, ", "))
        return item->text.failed ? NULL : "";
    char *s = (char *)item->text.data;
    size_t n = ns_unescape_entities(s, item->text.size), to = 0;
    for (size_t i = 0; i < n; i++) {
        bool space = s[i] == ' ' || s[i] == '\t' || s[i] == '\n';
        if (space && (to == 0 || s[to - 1] == ' '))
            continue;
        s[to++] = space ? ' ' : s[i];
    }
    while (to && s[to - 1] == ' ')
        to--;
    return ns_arena_copy(arena, s, to);
}

/* "SALVADOR, Feb 26 -" to "SALVADOR": the place; the day is in the date. NULL when memory is out. */
static const char *place_of(ns_arena *arena, const char *dateline)
{
    static const char *const months[] = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
    };
    size_t n = strlen(dateline);
    for (const char *comma = strchr(dateline, ','); comma; comma = strchr(comma + 1, ',')) {
        const char *word = comma + 1 + strspn(comma + 1, " ");
        size_t letters = strcspn(word, " .");
        for (size_t i = 0; i < 12; i++)
            if (letters <= 9 && !strncasecmp(word, months[i], 3) &&
                strspn(word + letters, " .0123456789") > 1 && (size_t)(comma - dateline) < n)
                n = (size_t)(comma - dateline);
    }
    while (n &&
           (strchr(" -:,", dateline[n - 1]) || (n >= 3 && (!memcmp(dateline + n - 3, "\xe2\x80\x93", 3) ||
                                                           !memcmp(dateline + n - 3, "\xe2\x80\x94", 3)))))
        n -= strchr(" -:,", dateline[n - 1]) ? 1 : 3;
    return ns_arena_copy(arena, dateline, n);
}

static const char *http_only(const char *url)
{
    return !strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8) ? url : "";
}

static ns_read article_of(ns_item *item, ns_arena *arena, const json_t *object, ns_article *article,
                          nsearch_error *err)
{
    char iso[NS_DATE_SIZE];
    article->id = short_field(item, arena, object, "id _id guid");
    article->title = short_field(item, arena, object, "title headline");
    article->source = short_field(item, arena, object, "source publisher publication outlet");
    article->byline = short_field(item, arena, object, "byline author authors");
    article->dateline = short_field(item, arena, object, "dateline");
    article->url = short_field(item, arena, object, "url link");
    article->language = short_field(item, arena, object, "language lang");
    article->section = short_field(item, arena, object, "section category");
    article->credit = short_field(item, arena, object, "credit agency");
    const char *date =
        short_field(item, arena, object, "date published published_at date_published publish_date pubDate");
    if (!article->id || !article->title || !article->source || !article->byline || !article->dateline ||
        !article->url || !article->language || !article->section || !article->credit || !date)
        goto memory;
    article->url = http_only(article->url);
    if (!strncasecmp(article->byline, "by ", 3))
        article->byline += 3;
    article->dateline = place_of(arena, article->dateline);
    if (!article->dateline)
        goto memory;
    ns_text_date_field(date, iso);
    article->date = ns_arena_string(arena, iso);
    article->date_source = iso[0] ? "field" : "";
    if (!*article->id)
        article->id = item->line ? ns_arena_printf(arena, "%s:%llu", item->id, (unsigned long long)item->line)
                                 : ns_arena_string(arena, item->id);
    if (!article->id || !article->date)
        goto memory;
    if (field(item, object, "text body content", "\n\n")) {
        size_t n = ns_unescape_entities((char *)item->text.data, item->text.size);
        if (ns_article_set_body(arena, (char *)item->text.data, n, article, err))
            goto memory;
    } else if (item->text.failed) {
        goto memory;
    }
    if (!*article->title && !article->paragraph_count) {
        ns_error_set(err, NSEARCH_SKIPPED, "nothing to index: neither title nor text");
        return NS_READ_SKIPPED;
    }
    return NS_READ_ARTICLE;
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

static ns_read value_answer(ns_item *item, ns_arena *arena, const json_t *value, ns_article *article,
                            nsearch_error *err)
{
    if (json_is_object(value))
        return article_of(item, arena, value, article, err);
    ns_error_set(err, NSEARCH_SKIPPED, "no JSON object");
    return NS_READ_SKIPPED;
}

static bool is_blank(const ns_buffer *line)
{
    return skip_space(line->data, line->size, 0) == line->size;
}

/* ---------------------------------------------------------------- one document over many lines */

typedef struct document {
    json_t *root;
    size_t at; /* of the array's next object */
} document;

static void release(ns_item *item)
{
    document *d = item->state;
    if (d)
        json_decref(d->root);
    free(d);
    item->state = NULL;
}

/* The first line in item->scratch is only a bracket: reads the rest behind it and parses it all. */
static ns_read open_document(ns_item *item, nsearch_error *err)
{
    json_error_t error = { .text = "" };
    ns_buffer_add_byte(&item->scratch, '\n');
    bool more = ns_input_all(&item->input, NS_TEXT_LIMIT, &item->scratch);
    if (item->scratch.failed)
        goto memory;
    if (more) {
        ns_error_set(err, NSEARCH_SKIPPED, "JSON document longer than %zu MB: put one object on a line",
                     NS_TEXT_LIMIT >> 20);
        item->finished = true;
        return NS_READ_SKIPPED;
    }
    bool out_of_memory;
    json_t *root = parse(item, &item->scratch, &error, &out_of_memory);
    if (out_of_memory)
        goto memory;
    if (!root) {
        ns_error_set(err, NSEARCH_SKIPPED, "bad JSON: %s", error.text);
        item->finished = true;
        return NS_READ_SKIPPED;
    }
    document *d = calloc(1, sizeof *d);
    if (!d) {
        json_decref(root);
        goto memory;
    }
    d->root = root;
    item->state = d;
    item->line = 0;
    return NS_READ_ARTICLE;
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

static ns_read next_of_document(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    document *d = item->state;
    if (json_is_array(d->root)) {
        if (d->at == json_array_size(d->root))
            return NS_READ_END;
        item->line = d->at + 1; /* objects are counted, as lines are */
        return value_answer(item, arena, json_array_get(d->root, d->at++), article, err);
    }
    item->finished = true;
    return value_answer(item, arena, d->root, article, err);
}

static bool is_bare_bracket(const ns_buffer *line)
{
    size_t at = skip_space(line->data, line->size, 0);
    return at < line->size && (line->data[at] == '{' || line->data[at] == '[') &&
           skip_space(line->data, line->size, at + 1) == line->size;
}

/* ---------------------------------------------------------------- lines */

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_buffer *line = &item->scratch;
    if (item->finished)
        return NS_READ_END;
    if (item->state)
        return next_of_document(item, arena, article, err);
    for (;;) {
        ns_input_answer answer = ns_input_line(&item->input, NS_TEXT_LIMIT, line);
        if (answer == NS_INPUT_OVER)
            return NS_READ_END;
        item->line++;
        if (answer == NS_INPUT_TOO_LONG) {
            ns_error_set(err, NSEARCH_SKIPPED, "line longer than %zu MB", NS_TEXT_LIMIT >> 20);
            return NS_READ_SKIPPED;
        }
        if (line->failed) {
            ns_error_memory(err);
            return NS_READ_FAILED;
        }
        if (item->line == 1 && line->size >= 3 && !memcmp(line->data, "\xef\xbb\xbf", 3))
            memset(line->data, ' ', 3);
        if (!is_blank(line))
            break;
    }
    if (item->line == 1 && is_bare_bracket(line)) {
        ns_read opened = open_document(item, err);
        return opened == NS_READ_ARTICLE ? next_of_document(item, arena, article, err) : opened;
    }
    json_error_t error = { .text = "" };
    bool out_of_memory;
    json_t *value = parse(item, line, &error, &out_of_memory);
    if (out_of_memory) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (!value) {
        ns_error_set(err, NSEARCH_SKIPPED, "bad JSON: %s", error.text);
        return NS_READ_SKIPPED;
    }
    ns_read result = value_answer(item, arena, value, article, err);
    json_decref(value);
    return result;
}

const ns_format ns_format_jsonl = { "jsonl", bid, next, release };
