/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_jsonl.c - the JSON reader: objects one a line, in an array, or one after another over many lines; each is an
 * article, or holds a list of them. Memory is that of one object: an array is never held as a whole.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "corpus/json_article.h"
#include "corpus/json_values.h"

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

/* How the values of a file are found. */
typedef enum way { BY_LINES, BY_BRACKETS } way;

/* What the reader of one file keeps between its answers. */
typedef struct reading {
    ns_record record;
    json_t *root;         /* a value that holds several articles */
    const json_t *list;   /* an array in it */
    size_t at;            /* of the array's next object */
    way way;
    bool counted;         /* articles, not lines, are what messages tell */
    bool alone;           /* the file is one value */
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

/* The next article of the open value; END behind its last. */
static ns_read next_of_list(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    reading *r = item->state;
    if (r->at == json_array_size(r->list)) {
        json_decref(r->root);
        r->root = NULL;
        return NS_READ_END;
    }
    item->line++;
    return value_answer(item, arena, ns_json_articles(json_array_get(r->list, r->at++)), article, err);
}

/* One article, or the first of several that the value holds. Takes the value over. */
static ns_read open_value(ns_item *item, ns_arena *arena, json_t *value, ns_article *article, nsearch_error *err)
{
    reading *r = item->state;
    const json_t *list = ns_json_articles(value), *first = json_array_get(list, 0);
    if (!json_is_array(list) || (first && !json_is_object(first) && !json_is_array(first))) {
        if (r->alone)
            item->line = 0; /* it has the file's id */
        ns_read answer = value_answer(item, arena, list, article, err);
        json_decref(value);
        return answer;
    }
    r->root = value;
    r->list = list;
    r->at = 0;
    r->counted = true;
    item->line--;
    return next_of_list(item, arena, article, err);
}

static bool is_blank(const ns_buffer *line)
{
    return skip_space(line->data, line->size, 0) == line->size;
}

/* ---------------------------------------------------------------- where a value ends */

/* The first line is the beginning of a value that goes on behind it, not a line cut off somewhere. */
static bool goes_on(const ns_buffer *line, ns_json_scan *scan)
{
    bool over;
    size_t n = line->size;
    ns_json_scan_on(scan, line->data, n, &over);
    while (n && (line->data[n - 1] == ' ' || line->data[n - 1] == '\t' || line->data[n - 1] == '\r'))
        n--;
    return !over && !scan->in_string && n && memchr("{[,:", line->data[n - 1], 4);
}

static ns_input_answer take_value(ns_item *item)
{
    reading *r = item->state;
    ns_buffer *line = &item->scratch;
    ns_json_scan scan = {0};
    ns_input_answer answer;
    bool first = item->line == 0;
    if (first && !r->counted && ns_json_enter(&item->input))
        r->way = BY_BRACKETS;
    do {
        item->line++;
        ns_buffer_clear(line);
        answer = r->way == BY_BRACKETS ? ns_json_value(&item->input, NS_TEXT_LIMIT, &scan, line)
                                       : ns_input_line(&item->input, NS_TEXT_LIMIT, line);
        if (item->line == 1 && line->size >= 3 && !memcmp(line->data, "\xef\xbb\xbf", 3))
            memset(line->data, ' ', 3);
    } while (answer == NS_INPUT_LINE && !line->failed && is_blank(line));
    if (r->way == BY_LINES && item->line == 1 && answer == NS_INPUT_LINE && goes_on(line, &scan)) {
        r->way = BY_BRACKETS;
        ns_buffer_add_byte(line, '\n');
        answer = ns_json_value(&item->input, NS_TEXT_LIMIT, &scan, line);
        r->alone = ns_json_is_over(&item->input);
    }
    return answer;
}

/* ---------------------------------------------------------------- answers */

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    if (!item->state && !(item->state = calloc(1, sizeof(reading))))
        goto memory;
    reading *r = item->state;
    if (r->root) {
        ns_read answer = next_of_list(item, arena, article, err);
        if (answer != NS_READ_END)
            return answer;
    }
    for (;;) {
        json_error_t error = { .text = "" };
        bool out_of_memory;
        ns_input_answer answer = take_value(item);
        if (answer == NS_INPUT_OVER)
            return NS_READ_END;
        if (answer == NS_INPUT_TOO_LONG) {
            ns_error_set(err, NSEARCH_SKIPPED, "%s longer than %zu MB",
                         r->way == BY_LINES ? "line" : "JSON value", NS_TEXT_LIMIT >> 20);
            return NS_READ_SKIPPED;
        }
        if (item->scratch.failed)
            goto memory;
        json_t *value = parse(item, &item->scratch, &error, &out_of_memory);
        if (out_of_memory)
            goto memory;
        if (!value) {
            ns_error_set(err, NSEARCH_SKIPPED, "bad JSON: %s", error.text);
            return NS_READ_SKIPPED;
        }
        ns_read read = open_value(item, arena, value, article, err);
        if (read != NS_READ_END) /* else it was an empty list */
            return read;
    }
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

const ns_format ns_format_jsonl = { "jsonl", bid, next, release, NULL };
