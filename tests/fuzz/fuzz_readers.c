/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fuzz_readers.c - throws bytes at each reader, and at the parts below them that decide what readers see. A format's
 * own target passes bidding by, so that its code is met by any bytes, or makes sure that it wins; "reader" goes through
 * all of it, with the name of the file chosen by the first byte.
 *
 * With libFuzzer (tests/fuzz/run) the environment's NSEARCH_FUZZ_READER names the one.
 */
#include "tests/fuzz/fuzz_readers.h"

#include <string.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "corpus/html_dates.h"
#include "corpus/http_body.h"
#include "corpus/page_date.h"
#include "corpus/reader.h"
#include "corpus/textdate.h"
#include "corpus/wording.h"
#include "src/base/day.h"
#include "tests/fuzz/promises.h"

/* ---- one format, without bidding */

static void read_items(const ns_format *format, const uint8_t *bytes, size_t n, const ns_fields *fields)
{
    static const ns_known nothing = NS_KNOWN_NOTHING;
    ns_item item = {.path = "a/b.c", .bid_path = "a/b.c", .id = "a/b.c", .known = nothing};
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    item.input.fd = -1;
    item.fields = fields;
    PROMISE(ns_input_open_memory(&item.input, bytes, n));
    for (size_t answers = 0;; answers++) {
        ns_article article;
        ns_arena_reset(&arena);
        ns_article_init(&article);
        ns_read read = format->next(&item, &arena, &article, &err);
        PROMISE(answers <= n + 1);
        if (read == NS_READ_ARTICLE) {
            if (!*article.date_certainty)
                article.date_certainty = ns_date_certainty_of(article.date_source);
            promise_article(&article);
        } else if (read != NS_READ_END) {
            PROMISE(err.status != NSEARCH_OK && err.text[0]);
        }
        if (read == NS_READ_END || read == NS_READ_FAILED)
            break;
    }
    if (format->release)
        format->release(&item);
    ns_input_release(&item.input);
    ns_buffer_release(&item.scratch);
    ns_buffer_release(&item.text);
    ns_arena_release(&arena);
}

static int bid(const ns_format *format, const uint8_t *bytes, size_t n)
{
    return format->bid("a", bytes, n < NS_INPUT_PEEK ? n : NS_INPUT_PEEK);
}

static void read_format(const ns_format *format, const uint8_t *bytes, size_t n)
{
    static ns_fields fields; /* as of a reader, which has them ready for all its files */
    if (!fields.count[0])
        ns_fields_init(&fields);
    bid(format, bytes, n);
    read_items(format, bytes, n, &fields);
}

#define FORMAT(name)                                                                                         \
    static void run_##name(const uint8_t *bytes, size_t n)                                                   \
    {                                                                                                        \
        read_format(&ns_format_##name, bytes, n);                                                            \
    }
FORMAT(html)
FORMAT(feed)
FORMAT(newsml)
FORMAT(nitf)
FORMAT(xml)
FORMAT(jsonl)
FORMAT(csv)
FORMAT(wire)
FORMAT(text)

/* ---- the whole room, containers too */

static void read_named(const char *name, const uint8_t *bytes, size_t n)
{
    ns_reader *reader;
    nsearch_error err = NSEARCH_ERROR_INIT;
    ns_arena arena = NS_ARENA_INIT;
    PROMISE(!ns_reader_open_memory(name, bytes, n, &reader, &err));
    for (size_t answers = 0;; answers++) {
        ns_article article;
        ns_arena_reset(&arena);
        ns_read read = ns_reader_next(reader, &arena, &article, &err);
        PROMISE(*ns_reader_where(reader));
        PROMISE(answers <= ns_reader_bytes(reader) + n + 1);
        if (read == NS_READ_ARTICLE)
            promise_article(&article);
        else if (read != NS_READ_END)
            PROMISE(err.status != NSEARCH_OK && err.text[0]);
        if (read == NS_READ_END || read == NS_READ_FAILED)
            break;
    }
    ns_reader_close(reader);
    ns_arena_release(&arena);
}

static void run_reader(const uint8_t *bytes, size_t n)
{
    static const char *const names[] = {"a.jsonl", "a.html", "a.txt", "a", "a.xml", "a.csv", "a.warc", "a.sgm"};
    if (n)
        read_named(names[bytes[0] % 8], bytes + 1, n - 1);
}

/* Containers are met only where they bid, which few bytes at random would: those that do not begin as one get a beginning. */
static bool begins(const ns_format *format, const uint8_t *bytes, size_t n)
{
    static const uint8_t gzip[] = {0x1f, 0x8b, 8};
    return (n >= sizeof gzip && !memcmp(bytes, gzip, sizeof gzip)) || bid(format, bytes, n) > 0;
}

static void read_begun(const char *beginning, const uint8_t *bytes, size_t n)
{
    ns_buffer whole = NS_BUFFER_INIT;
    ns_buffer_add_string(&whole, beginning);
    ns_buffer_add(&whole, bytes, n);
    PROMISE(!whole.failed);
    read_named("a", whole.data, whole.size);
    ns_buffer_release(&whole);
}

static void run_archive(const uint8_t *bytes, size_t n)
{
    if (begins(&ns_format_archive, bytes, n))
        read_named("a", bytes, n);
    else
        read_begun("PK\3\4", bytes, n);
}

static void run_warc(const uint8_t *bytes, size_t n)
{
    if (begins(&ns_format_warc, bytes, n))
        read_named("a", bytes, n);
    else
        read_begun("WARC/1.0\r\n", bytes, n);
}

/* First byte: whether the headers go on, or a body follows. */
static void run_mail(const uint8_t *bytes, size_t n)
{
    static const char headers[] = "Received: x\nFrom: Desk <a@b>\nDate: Mon, 4 Sep 2023 10:00:00 +0000\n";
    static const char body[] = "Received: x\nFrom: Desk <a@b>\nSubject: =?utf-8?q?One?=\n"
                               "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
    if (!n || begins(&ns_format_mail, bytes, n))
        read_named("a", bytes, n);
    else
        read_begun(bytes[0] & 1 ? headers : body, bytes + 1, n - 1);
}

/* ---- parts */

/* First byte: what is declared. */
static void run_charset(const uint8_t *bytes, size_t n)
{
    static const char *const declared[] = {NULL, "utf-8", "utf-16", "utf-16be", "windows-1252", "shift_jis", "gb18030",
                                           "utf-7", "iso-2022-jp", "big5", "koi8-r", "no such charset", "utf-32"};
    ns_buffer out = NS_BUFFER_INIT;
    if (!n)
        return;
    ns_clean_bytes(bytes + 1, n - 1, declared[bytes[0] % (sizeof declared / sizeof *declared)], &out);
    ns_buffer_add_byte(&out, 0);
    promise_string((const char *)out.data, out.size - 1, "\n\t");
    ns_buffer_clear(&out);
    ns_clean_utf8(bytes + 1, n - 1, &out);
    ns_buffer_add_byte(&out, 0);
    promise_string((const char *)out.data, out.size - 1, "\n\t");
    ns_looks_like_text(bytes, n);
    ns_buffer_release(&out);
}

static void find_dates(const char *text, size_t n, ns_date_order order)
{
    size_t from = 0, found = 0;
    ns_text_date date;
    while (ns_text_date_find_in(text, n, from, order, &date)) {
        int32_t first, last;
        PROMISE(date.begin >= from && date.begin < date.end && date.end <= n);
        PROMISE(ns_day_parse_iso(date.iso, &first, &last) && first == date.day);
        from = date.end;
        PROMISE(++found <= n);
    }
}

static void promise_iso(const char *iso)
{
    int32_t first, last;
    PROMISE(memchr(iso, 0, NS_DATE_SIZE));
    PROMISE(!*iso || ns_day_parse_iso(iso, &first, &last));
}

static void run_dates(const uint8_t *bytes, size_t n)
{
    ns_buffer clean = NS_BUFFER_INIT;
    ns_arena arena = NS_ARENA_INIT;
    ns_lines lines;
    ns_text_date date;
    char iso[NS_DATE_SIZE];
    ns_clean_utf8(bytes, n, &clean);
    ns_buffer_add_byte(&clean, 0);
    const char *text = (const char *)clean.data;
    size_t size = clean.size - 1;
    for (int order = NS_DATE_ORDER_UNKNOWN; order <= NS_DATE_MONTH_FIRST; order++)
        find_dates(text, size, (ns_date_order)order);
    ns_text_date_field(text, iso);
    promise_iso(iso);
    ns_url_date(text, iso);
    promise_iso(iso);
    PROMISE(ns_lines_cut(&arena, text, size, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        ns_folded folded;
        ns_wording_fold(lines.line[i].text, lines.line[i].n, &folded);
        if (ns_page_date_line(&lines.line[i], &folded, &date) != NS_DATE_NONE)
            promise_iso(date.iso);
    }
    ns_page_date_confirmed(&lines, 19600);
    ns_arena_release(&arena);
    ns_buffer_release(&clean);
}

/* Two bytes: how it is packed, and in what pieces it is read. */
static void run_http(const uint8_t *bytes, size_t n)
{
    ns_input input = {.fd = -1};
    ns_http_body body;
    uint8_t piece[4096];
    char problem[160] = "";
    if (n < 2)
        return;
    size_t size = (size_t)1 << (bytes[1] & 7) << 5, out = 0;
    PROMISE(ns_input_open_memory(&input, bytes + 2, n - 2));
    uint64_t left = bytes[0] & 4 ? n - 2 : bytes[0] & 8 ? (n - 2) / 2 : UINT64_MAX;
    ns_http_body_open(&body, &input, left, bytes[0] & 1, bytes[0] & 2);
    for (ptrdiff_t got; (got = ns_http_body_read(&body, piece, size, problem)) != 0; out += (size_t)got) {
        PROMISE(got >= -1 && got <= (ptrdiff_t)size);
        PROMISE(got > 0 || problem[0]);
        if (got < 0)
            break;
        PROMISE(out <= (n + 64) * 1100 + sizeof piece);
    }
    ns_http_body_release(&body);
    ns_input_release(&input);
}

enum { UNPACKED_MOST = 1 << 18 }; /* some hundred bytes of bzip2 hold gigabytes */

/* gzip, xz, zstd, bzip2: by blocks, or by lines. First byte: which. */
static void run_input(const uint8_t *bytes, size_t n)
{
    ns_input input = {.fd = -1};
    ns_buffer line = NS_BUFFER_INIT, frugal = NS_BUFFER_INIT;
    size_t some;
    if (!n)
        return;
    if (n > 4 && !memcmp(bytes + 1, "BZh", 3)) { /* with blocks of the least size: a run is mostly their memory */
        ns_buffer_add(&frugal, bytes, n);
        PROMISE(!frugal.failed);
        frugal.data[4] = '1';
        bytes = frugal.data;
    }
    PROMISE(ns_input_open_memory(&input, bytes + 1, n - 1));
    if (bytes[0] & 1)
        ns_input_resync(&input);
    ns_input_peek(&input, &some);
    PROMISE(some <= NS_INPUT_PEEK);
    do {
        if (bytes[0] & 2)
            while (input.bytes < UNPACKED_MOST && ns_input_line(&input, 1000, &line) != NS_INPUT_OVER)
                PROMISE(line.size <= 1000);
        else
            while (input.bytes < UNPACKED_MOST && ns_input_block(&input, &some))
                PROMISE(some > 0);
    } while (input.bytes < UNPACKED_MOST && ns_input_pass_gap(&input));
    PROMISE(memchr(input.problem, 0, sizeof input.problem));
    ns_input_release(&input);
    ns_buffer_release(&line);
    ns_buffer_release(&frugal);
}

/* First line: a map as --fields takes it; then records that are read with it. */
static void run_fields(const uint8_t *bytes, size_t n)
{
    const uint8_t *newline = n ? memchr(bytes, '\n', n) : NULL;
    char map[1024];
    ns_fields fields;
    nsearch_error err = NSEARCH_ERROR_INIT;
    size_t length = newline ? (size_t)(newline - bytes) : n;
    if (length >= sizeof map)
        return;
    memcpy(map, bytes, length);
    map[length] = '\0';
    ns_fields_init(&fields);
    if (ns_fields_add(&fields, map, &err))
        PROMISE(err.status == NSEARCH_INVALID && err.text[0]);
    for (size_t f = 0; f < NS_FIELD_COUNT; f++) {
        PROMISE(fields.count[f] <= NS_FIELD_NAMES_MAX);
        for (size_t i = 0; i < fields.count[f]; i++)
            PROMISE(memchr(fields.name[f][i], 0, NS_FIELD_NAME_SIZE) && fields.name[f][i][0]);
    }
    if (!newline)
        return;
    size_t rest = n - length - 1;
    read_items(rest && newline[1] == '{' ? &ns_format_jsonl : &ns_format_csv, newline + 1, rest, &fields);
}

const fuzz_reader fuzz_readers[] = {
    {"archive", run_archive}, {"charset", run_charset}, {"csv", run_csv}, {"dates", run_dates},
    {"feed", run_feed}, {"fields", run_fields}, {"html", run_html}, {"http", run_http},
    {"input", run_input}, {"jsonl", run_jsonl}, {"mail", run_mail}, {"newsml", run_newsml},
    {"nitf", run_nitf}, {"reader", run_reader}, {"text", run_text}, {"warc", run_warc},
    {"wire", run_wire}, {"xml", run_xml}, {NULL, NULL},
};

const fuzz_reader *fuzz_reader_named(const char *name)
{
    const fuzz_reader *r = fuzz_readers;
    while (r->name && strcmp(r->name, name) != 0)
        r++;
    return r->name ? r : NULL;
}

#ifdef NS_FUZZ_ENGINE
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const fuzz_reader *reader;
    const char *name = getenv("NSEARCH_FUZZ_READER");
    if (!reader && !(reader = fuzz_reader_named(name ? name : ""))) {
        fprintf(stderr, "NSEARCH_FUZZ_READER names no reader: '%s'\n", name ? name : "");
        exit(2);
    }
    reader->run(bytes, n);
    return 0;
}
#endif
