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
#include "corpus/format.h"
#include "corpus/json_article.h"

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

/* What the reader of one file keeps between its answers. */
typedef struct reading {
    ns_record record;
    json_t *root;         /* one document over many lines */
    const json_t *list;   /* its articles: an array, or one object */
    size_t at;            /* of the array's next object */
} reading;

static void release(ns_item *item)
{
    reading *r = item->state;
    if (r) {
        json_decref(r->root);
        ns_record_release(&r->record);
    }
    free(r);
    item->state = NULL;
}

static ns_read value_answer(ns_item *item, ns_arena *arena, const json_t *value, ns_article *article,
                            nsearch_error *err)
{
    reading *r = item->state;
    if (json_is_object(value))
        return ns_json_article(item, &r->record, arena, value, article, err);
    ns_error_set(err, NSEARCH_SKIPPED, "no JSON object");
    return NS_READ_SKIPPED;
}

static bool is_blank(const ns_buffer *line)
{
    return skip_space(line->data, line->size, 0) == line->size;
}

/* ---------------------------------------------------------------- one document over many lines */

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
    reading *r = item->state;
    r->root = root;
    r->list = ns_json_articles(root);
    item->line = 0;
    return NS_READ_ARTICLE;
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

static ns_read next_of_document(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    reading *r = item->state;
    if (json_is_array(r->list)) {
        if (r->at == json_array_size(r->list))
            return NS_READ_END;
        item->line = r->at + 1; /* objects are counted, as lines are */
        return value_answer(item, arena, ns_json_articles(json_array_get(r->list, r->at++)), article, err);
    }
    item->finished = true;
    return value_answer(item, arena, r->list, article, err);
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
    if (!item->state && !(item->state = calloc(1, sizeof(reading)))) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (((reading *)item->state)->root)
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

const ns_format ns_format_jsonl = { "jsonl", bid, next, release, NULL };
