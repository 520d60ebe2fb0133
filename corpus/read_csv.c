/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * read_csv.c - CSV and TSV with a header line: an article a row. libcsv takes the rows apart; a quote that is
 * never closed costs the row it stands in, not the file.
 */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/charset.h"
#include "corpus/record.h"

/* A cell grows by steps of this: by the 128 bytes that are usual one of many MB would be copied again and again. */
#define CELL_STEP (256 * 1024)

enum { COLUMNS_MAX = 512, NONE = NS_FIELD_COUNT };

typedef struct table {
    ns_record record;
    struct csv_parser parser;
    bool parser_ready;
    unsigned char delimiter;
    uint8_t field_of[COLUMNS_MAX];     /* ns_field of a column; NONE */
    uint8_t rank_of[COLUMNS_MAX];      /* of the column's name among the field's: smaller is better */
    uint8_t filled_by[NS_FIELD_COUNT]; /* rank of the name that filled the field */
    size_t columns, at;
    bool header, row_ended;
    ns_buffer row;   /* the lines of the row that is open */
    ns_buffer again; /* lines to be read again, each a row of its own */
    size_t again_at;
} table;

/* ---------------------------------------------------------------- bids */

static unsigned char delimiter_of(const uint8_t *p, size_t n)
{
    static const char candidates[] = "\t,;|";
    size_t best = 0;
    unsigned char found = 0;
    for (const char *c = candidates; *c; c++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += p[i] == (uint8_t)*c;
        if (count > best)
            best = count, found = (unsigned char)*c;
    }
    return found;
}

/* Which fields a header's columns name, of how many columns. */
static size_t named_columns(const ns_fields *fields, const uint8_t *p, size_t n, unsigned char delimiter,
                            bool *title, bool *text)
{
    size_t named = 0;
    for (size_t from = 0; from <= n;) {
        const uint8_t *next = from < n ? memchr(p + from, delimiter, n - from) : NULL;
        size_t to = next ? (size_t)(next - p) : n, a = from, b = to;
        while (a < b && (p[a] == '"' || p[a] == ' '))
            a++;
        while (b > a && (p[b - 1] == '"' || p[b - 1] == ' ' || p[b - 1] == '\r'))
            b--;
        for (int f = 0; f < NS_FIELD_COUNT; f++)
            for (size_t i = 0; i < fields->count[f]; i++)
                if (ns_field_is_named((const char *)p + a, b - a, fields->name[f][i])) {
                    named++;
                    *title = *title || f == NS_FIELD_TITLE;
                    *text = *text || f == NS_FIELD_TEXT || f == NS_FIELD_LEAD;
                    i = fields->count[f] - 1;
                }
        from = to + 1;
    }
    return named;
}

static int bid(const char *path, const uint8_t *bytes, size_t n)
{
    if (n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        bytes += 3, n -= 3;
    if (!n || !ns_looks_like_text(bytes, n))
        return 0;
    if (ns_path_has_extension(path, ".csv") || ns_path_has_extension(path, ".tsv"))
        return 88;
    const uint8_t *newline = memchr(bytes, '\n', n);
    size_t line = newline ? (size_t)(newline - bytes) : 0;
    unsigned char delimiter = delimiter_of(bytes, line);
    if (!delimiter || bytes[0] == '{' || bytes[0] == '<' || line > 2000)
        return 0;
    ns_fields *usual = malloc(sizeof *usual);
    bool title = false, text = false;
    if (!usual)
        return 0;
    ns_fields_init(usual);
    size_t named = named_columns(usual, bytes, line, delimiter, &title, &text);
    free(usual);
    return named >= 2 && title && text ? 60 : 0;
}

/* ---------------------------------------------------------------- rows */

static void name_column(table *t, const ns_fields *fields, const char *s, size_t n)
{
    t->field_of[t->columns] = NONE;
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        for (size_t i = 0; i < fields->count[f]; i++)
            if (ns_field_is_named(s, n, fields->name[f][i]) &&
                (t->field_of[t->columns] == NONE || i < t->rank_of[t->columns])) {
                t->field_of[t->columns] = (uint8_t)f;
                t->rank_of[t->columns] = (uint8_t)i;
            }
    t->columns++;
}

static void on_field(void *s, size_t n, void *user)
{
    ns_item *item = user;
    table *t = item->state;
    if (t->header) {
        if (t->columns < COLUMNS_MAX)
            name_column(t, item->fields, s ? s : "", n);
        return;
    }
    size_t column = t->at++;
    if (column >= t->columns || t->field_of[column] == NONE || !n)
        return;
    ns_field field = t->field_of[column];
    ns_buffer *to = &t->record.value[field];
    if (ns_record_has(&t->record, field) && t->filled_by[field] <= t->rank_of[column])
        return;
    ns_buffer_clear(to);
    ns_clean_utf8(s, n, to);
    t->filled_by[field] = t->rank_of[column];
}

static void on_row(int end, void *user)
{
    ns_item *item = user;
    table *t = item->state;
    (void)end;
    t->row_ended = true;
}

static bool start_parser(table *t)
{
    if (t->parser_ready)
        csv_free(&t->parser);
    t->parser_ready = csv_init(&t->parser, CSV_EMPTY_IS_NULL) == 0;
    if (t->parser_ready) {
        csv_set_blk_size(&t->parser, CELL_STEP);
        csv_set_delim(&t->parser, t->delimiter);
    }
    t->at = 0;
    t->row_ended = false;
    return t->parser_ready;
}

static void release(ns_item *item)
{
    table *t = item->state;
    if (!t)
        return;
    if (t->parser_ready)
        csv_free(&t->parser);
    ns_record_release(&t->record);
    ns_buffer_release(&t->row);
    ns_buffer_release(&t->again);
    free(t);
    item->state = NULL;
}

static ns_read skip(table *t, nsearch_error *err, const char *reason)
{
    ns_error_set(err, NSEARCH_SKIPPED, "%s", reason);
    ns_buffer_clear(&t->row);
    return NS_READ_SKIPPED;
}

/* One line, without its end, goes to the parser. False when memory is out. */
static bool parse_line(ns_item *item, table *t, const void *s, size_t n)
{
    if (csv_parse(&t->parser, s, n, on_field, on_row, item) != n ||
        csv_parse(&t->parser, "\n", 1, on_field, on_row, item) != 1)
        return false;
    for (int f = 0; f < NS_FIELD_COUNT; f++)
        if (t->record.value[f].failed)
            return false;
    return true;
}

/* The open row was no row: its first line is given up, the others are to be read by themselves. */
static bool give_up(table *t)
{
    const uint8_t *newline = memchr(t->row.data, '\n', t->row.size);
    size_t first = newline ? (size_t)(newline + 1 - t->row.data) : t->row.size;
    ns_buffer_clear(&t->again);
    ns_buffer_add(&t->again, t->row.data + first, t->row.size - first);
    t->again_at = 0;
    ns_record_clear(&t->record, "field");
    return start_parser(t) && !t->again.failed;
}

static bool open_table(ns_item *item)
{
    size_t n;
    table *t = calloc(1, sizeof *t);
    if (!t)
        return false;
    item->state = t;
    const uint8_t *first = ns_input_peek(&item->input, &n);
    const uint8_t *newline = n ? memchr(first, '\n', n) : NULL;
    t->delimiter = delimiter_of(first, newline ? (size_t)(newline - first) : n);
    if (!t->delimiter)
        t->delimiter = ',';
    t->header = true;
    return start_parser(t);
}

/* The next line into item->text, clean. */
static ns_input_answer next_line(ns_item *item, table *t)
{
    ns_buffer_clear(&item->text);
    if (t->again_at < t->again.size) {
        const uint8_t *s = t->again.data + t->again_at, *end = memchr(s, '\n', t->again.size - t->again_at);
        size_t n = end ? (size_t)(end - s) : t->again.size - t->again_at;
        ns_buffer_add(&item->text, s, n);
        t->again_at += n + 1;
        return NS_INPUT_LINE;
    }
    ns_input_answer answer = ns_input_line(&item->input, NS_TEXT_LIMIT, &item->scratch);
    if (answer == NS_INPUT_LINE) {
        size_t n = 0;
        for (size_t i = 0; i < item->scratch.size; i++) /* zeros would make a short line look like UTF-16 */
            if (item->scratch.data[i])
                item->scratch.data[n++] = item->scratch.data[i];
        ns_clean_bytes(item->scratch.data, n, NULL, &item->text);
    }
    if (answer != NS_INPUT_OVER)
        item->line++;
    return answer;
}

static ns_read next(ns_item *item, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    table *t = item->state;
    if (!t && (!open_table(item) || !(t = item->state)))
        goto memory;
    if (item->finished)
        return NS_READ_END;
    if (!t->header)
        ns_record_clear(&t->record, "field");
    for (;;) {
        bool again = t->again_at < t->again.size;
        ns_input_answer answer = next_line(item, t);
        if (answer == NS_INPUT_OVER && !t->row.size)
            return NS_READ_END;
        if (answer == NS_INPUT_TOO_LONG && start_parser(t))
            return skip(t, err, "line longer than 16 MB");
        if (item->text.failed || item->scratch.failed)
            goto memory;
        if (answer == NS_INPUT_OVER || t->row.size + item->text.size > NS_TEXT_LIMIT) {
            if (answer == NS_INPUT_LINE) {
                ns_buffer_add(&t->row, item->text.data, item->text.size);
                ns_buffer_add_byte(&t->row, '\n');
            }
            if (t->row.failed || !give_up(t))
                goto memory;
            return skip(t, err, "a quote in this row is never closed");
        }
        if (!item->text.size && !t->row.size)
            continue;
        ns_buffer_add(&t->row, item->text.data, item->text.size);
        ns_buffer_add_byte(&t->row, '\n');
        if (t->row.failed || !parse_line(item, t, item->text.data, item->text.size))
            goto memory;
        if (!t->row_ended && again) {
            if (!start_parser(t))
                goto memory;
            return skip(t, err, "a quote in this row is never closed");
        }
        if (!t->row_ended)
            continue;
        t->row_ended = false;
        t->at = 0;
        ns_buffer_clear(&t->row);
        memset(t->filled_by, 0, sizeof t->filled_by);
        if (!t->header)
            return ns_record_article(&t->record, item, arena, article, err);
        t->header = false;
        ns_record_clear(&t->record, "field");
        bool named = false;
        for (size_t i = 0; i < t->columns; i++)
            named = named || t->field_of[i] == NS_FIELD_TITLE || t->field_of[i] == NS_FIELD_TEXT;
        if (!named) {
            item->finished = true;
            return skip(t, err, "no column is called title or text: name them with --fields");
        }
    }
memory:
    ns_error_memory(err);
    return NS_READ_FAILED;
}

const ns_format ns_format_csv = {"csv", bid, next, release, NULL};
