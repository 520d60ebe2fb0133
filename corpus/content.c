/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * content.c - lets the formats bid on the first bytes of an open file, opens containers in containers, and gives one
 * article at a time. It opens nothing in the file system.
 */
#include "corpus/content.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "src/base/day.h"

static const ns_format *const formats[] = {
    &ns_format_archive, &ns_format_warc, &ns_format_feed,  &ns_format_newsml, &ns_format_nitf, &ns_format_xml,
    &ns_format_wire,    &ns_format_csv,  &ns_format_jsonl, &ns_format_html,   &ns_format_mail,   &ns_format_text
};

/* Containers in containers; deeper ones are skipped. */
enum { DEPTH_MAX = 4 };

/* An open file, and above it the open member of a container. */
typedef struct level {
    ns_item item;
    const ns_format *format; /* NULL before the bids */
    ns_buffer path, id;
} level;

struct ns_content {
    level levels[DEPTH_MAX];
    size_t depth;       /* open levels */
    size_t named;       /* the level that the last answer came from */
    bool alone;         /* the file was named by itself: what breaks it off is no mere skip */
    bool unreadable;    /* the system refused to read on */
    uint64_t bytes;     /* of the file, once it is closed */
    ns_buffer where;
    ns_fields fields;
};

void ns_content_add_readable(ns_buffer *to, const char *s)
{
    const uint8_t *p = (const uint8_t *)s, *end = p + strlen(s);
    while (p < end) {
        uint32_t code;
        size_t n = ns_utf8_decode(p, end, &code);
        if (code == UINT32_MAX || code < 0x20 || (code >= 0x7f && code < 0xa0) ||
            (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
            for (size_t i = 0; i < n; i++)
                ns_buffer_printf(to, "%%%02X", p[i]);
        else
            ns_buffer_add(to, p, n);
        p += n;
    }
}

static const char *text_of(const ns_buffer *b)
{
    return b->data ? (const char *)b->data : "";
}

bool ns_path_has_extension(const char *path, const char *extension)
{
    size_t n = strlen(path), e = strlen(extension);
    if (n > 3 && !strcasecmp(path + n - 3, ".gz"))
        n -= 3;
    return n > e && !strncasecmp(path + n - e, extension, e);
}

/* Readies a level for what the buffers in it name. */
static bool set_item(ns_content *c, level *l)
{
    ns_buffer_add_byte(&l->path, 0);
    ns_buffer_add_byte(&l->id, 0);
    if (l->path.failed || l->id.failed)
        return false;
    l->item.path = l->item.bid_path = text_of(&l->path);
    l->item.id = text_of(&l->id);
    l->item.known = (ns_known)NS_KNOWN_NOTHING;
    l->item.fields = &c->fields;
    l->item.line = 0;
    l->item.finished = false;
    l->format = NULL;
    return true;
}

/* Opens a member of the container on top. */
static bool open_member(ns_content *c, const ns_member *member)
{
    level *below = &c->levels[c->depth - 1], *l = &c->levels[c->depth];
    ns_buffer_clear(&l->path);
    ns_buffer_clear(&l->id);
    ns_buffer_add_string(&l->path, below->item.path);
    ns_buffer_add_byte(&l->path, '/');
    ns_content_add_readable(&l->path, member->name);
    if (!*member->id) {
        ns_buffer_add_string(&l->id, below->item.id);
        ns_buffer_add_byte(&l->id, '/');
    }
    ns_content_add_readable(&l->id, *member->id ? member->id : member->name);
    if (!set_item(c, l))
        return false;
    l->item.known = member->known;
    if (*member->kind)
        l->item.bid_path = member->kind;
    c->depth++;
    return ns_input_open_source(&l->item.input, member->source, member->user);
}

nsearch_status ns_content_new(ns_content **content, nsearch_error *err)
{
    ns_content *c = calloc(1, sizeof *c);
    if (!c)
        return ns_error_memory(err);
    for (size_t i = 0; i < DEPTH_MAX; i++)
        c->levels[i].item.input.fd = -1;
    ns_fields_init(&c->fields);
    *content = c;
    return NSEARCH_OK;
}

nsearch_status ns_content_set_fields(ns_content *c, const char *map, nsearch_error *err)
{
    ns_fields_init(&c->fields);
    return *map ? ns_fields_add(&c->fields, map, err) : NSEARCH_OK;
}

/* Closes the file or member on top. */
static void close_item(ns_content *c)
{
    level *l = &c->levels[--c->depth];
    if (l->format && l->format->release)
        l->format->release(&l->item);
    l->item.state = NULL;
    if (!c->depth) {
        c->bytes = l->item.input.bytes;
        c->unreadable = l->item.input.unreadable;
    }
    ns_input_release(&l->item.input);
    l->format = NULL;
}

static bool name_file(ns_content *c, const ns_content_file *file)
{
    level *l = &c->levels[0];
    while (c->depth)
        close_item(c);
    c->named = 0;
    c->alone = file->alone;
    c->unreadable = false;
    ns_buffer_clear(&l->path);
    ns_buffer_clear(&l->id);
    ns_buffer_add_string(&l->path, file->path);
    ns_buffer_add_string(&l->id, file->id);
    if (!set_item(c, l))
        return false;
    c->depth = 1;
    return true;
}

nsearch_status ns_content_open(ns_content *c, const ns_content_file *file, int fd, nsearch_error *err)
{
    if (!name_file(c, file) || !ns_input_open_fd(&c->levels[0].item.input, fd, false))
        return ns_error_memory(err);
    return NSEARCH_OK;
}

nsearch_status ns_content_open_memory(ns_content *c, const ns_content_file *file, const void *bytes, size_t n,
                                      nsearch_error *err)
{
    if (!name_file(c, file) || !ns_input_open_memory(&c->levels[0].item.input, bytes, n))
        return ns_error_memory(err);
    return NSEARCH_OK;
}

/* What a file without a bidder is, where its first bytes tell. */
static const char *kind_of(const uint8_t *p, size_t n)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *kind;
    } kinds[] = {
        { "%PDF-", 5, "a PDF document" },          { "PK\3\4", 4, "an office document or book" },
        { "\x89PNG", 4, "an image" },              { "\xff\xd8\xff", 3, "an image" },
        { "GIF8", 4, "an image" },                 { "\xfd"  "7zXZ", 5, "packed more than once" },
        { "BZh", 3, "packed more than once" },     { "\x28\xb5\x2f\xfd", 4, "packed more than once" },
        { "\x1f\x8b", 2, "packed more than once" },
        { "\x7f" "ELF", 4, "a program" },          { "SQLite format 3", 15, "a database" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= kinds[i].n && !memcmp(p, kinds[i].magic, kinds[i].n))
            return kinds[i].kind;
    return "not text";
}

/* Chooses the format. A reason where there is none. */
static const char *take_bids(level *l)
{
    size_t n;
    const uint8_t *bytes = ns_input_peek(&l->item.input, &n);
    int best = 0;
    if (!n)
        return l->item.input.problem[0] ? l->item.input.problem : "empty file";
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        int bid = formats[i]->bid(l->item.bid_path, bytes, n);
        if (bid > best)
            best = bid, l->format = formats[i];
    }
    return l->format ? NULL : kind_of(bytes, n);
}

static bool keep_known(ns_arena *arena, const char *known, const char **field)
{
    if (**field || !*known)
        return true;
    *field = ns_arena_string(arena, known);
    return *field != NULL;
}

/* What the container knew and the member did not say. */
static bool add_known(const ns_item *item, ns_arena *arena, ns_article *a)
{
    const ns_known *k = &item->known;
    bool dated = *a->date;
    if (*k->headline && strcmp(a->title, k->headline) && !(a->title = ns_arena_string(arena, k->headline)))
        return false;
    bool ok = keep_known(arena, k->captured, &a->captured) && keep_known(arena, k->url, &a->url) &&
              keep_known(arena, k->title, &a->title) && keep_known(arena, k->source, &a->source) &&
              keep_known(arena, k->byline, &a->byline) && keep_known(arena, k->date, &a->date);
    if (ok && !dated && *a->date)
        a->date_source = "field";
    if (!*a->date_certainty)
        a->date_certainty = ns_date_certainty_of(a->date_source);
    int32_t first, last, fetched_first, fetched;
    if (ok && *k->captured && *a->date && ns_day_parse_iso(a->date, &first, &last) &&
        ns_day_parse_iso(k->captured, &fetched_first, &fetched) && first > fetched + 1)
        a->date = a->date_source = a->date_certainty = ""; /* later than the page was fetched: it cannot be true */
    return ok;
}

static ns_read broken_input(ns_content *c, nsearch_error *err)
{
    const ns_item *item = &c->levels[c->depth - 1].item;
    ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", item->input.problem, item->path);
    ns_read answer = !c->alone || c->depth > 1 ? NS_READ_SKIPPED : NS_READ_FAILED;
    close_item(c);
    return answer;
}

/* The next member of the container on top is opened: END, and the caller goes on with it. */
static ns_read next_member(ns_content *c, level *l, nsearch_error *err)
{
    ns_member member = { .name = "", .id = "", .kind = "", .known = NS_KNOWN_NOTHING };
    ns_read answer = l->format->member(&l->item, &member, err);
    if (answer == NS_READ_END) {
        if (l->item.input.problem[0])
            return broken_input(c, err);
        close_item(c);
    }
    if (answer != NS_READ_ARTICLE)
        return answer;
    if (c->depth == DEPTH_MAX) {
        ns_error_set(err, NSEARCH_SKIPPED, "more than %d archives in one another: '%s'", DEPTH_MAX - 1,
                     l->item.path);
        return NS_READ_SKIPPED;
    }
    if (open_member(c, &member))
        return NS_READ_END;
    ns_error_memory(err);
    return NS_READ_FAILED;
}

/* One answer from the file or member on top; END closes it, or opens a member above it. */
static ns_read next_of_item(ns_content *c, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    level *l = &c->levels[c->depth - 1];
    ns_item *item = &l->item;
    c->named = c->depth - 1;
    if (!l->format) {
        const char *reason = take_bids(l);
        if (reason) {
            bool broken = item->input.problem[0] && c->alone && c->depth == 1;
            ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", reason, item->path);
            close_item(c);
            return broken ? NS_READ_FAILED : NS_READ_SKIPPED;
        }
    }
    if (l->format->member)
        return next_member(c, l, err);
    ns_article_init(article);
    ns_read answer = l->format->next(item, arena, article, err);
    if (answer == NS_READ_ARTICLE && !add_known(item, arena, article)) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (answer == NS_READ_END && item->input.problem[0])
        return broken_input(c, err);
    if (answer == NS_READ_END)
        close_item(c);
    return answer;
}

ns_read ns_content_next(ns_content *c, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_read answer = NS_READ_END;
    while (c->depth && answer == NS_READ_END)
        answer = next_of_item(c, arena, article, err);
    const ns_item *item = &c->levels[c->named].item;
    ns_buffer_clear(&c->where);
    ns_buffer_add_string(&c->where, item->path);
    if (item->line)
        ns_buffer_printf(&c->where, ":%llu", (unsigned long long)item->line);
    ns_buffer_add_byte(&c->where, 0);
    return answer;
}

void ns_content_state(const ns_content *c, ns_content_news *news)
{
    news->where = c->where.failed || !c->where.data ? c->levels[0].item.path : text_of(&c->where);
    news->open = c->depth > 0;
    news->bytes = c->depth ? c->levels[0].item.input.bytes : c->bytes;
    news->unreadable = c->depth ? c->levels[0].item.input.unreadable : c->unreadable;
}

void ns_content_free(ns_content *c)
{
    if (!c)
        return;
    while (c->depth)
        close_item(c);
    for (size_t i = 0; i < DEPTH_MAX; i++) {
        ns_buffer_release(&c->levels[i].item.scratch);
        ns_buffer_release(&c->levels[i].item.text);
        ns_buffer_release(&c->levels[i].path);
        ns_buffer_release(&c->levels[i].id);
    }
    ns_buffer_release(&c->where);
    free(c);
}
