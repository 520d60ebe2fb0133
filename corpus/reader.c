/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * reader.c - the order of things in this room: open what the user named, walk folders, let the
 * formats bid on a file's first bytes, and hand out one article at a time.
 */
#include "corpus/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/charset.h"
#include "corpus/format.h"
#include "corpus/walk.h"
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

struct ns_reader {
    ns_walk *walk; /* NULL: one file */
    level levels[DEPTH_MAX];
    size_t depth;            /* open levels */
    size_t named;            /* the level that the last answer came from */
    bool over;
    bool refused;            /* the named path is neither file nor folder, or may not be read */
    nsearch_error refusal;
    char *root;              /* as the user named it */
    char *root_name;         /* the folder's own name, in ids */
    char *root_origin;       /* its absolute path */
    ns_buffer origin, where;
    ns_fields *fields;
    uint64_t bytes;          /* of the items before the open one */
    ns_reader_watch watch;   /* zeros: nobody watches */
    struct stat looks;       /* of the open file, before it was opened */
    bool closing;            /* in the middle of things */
    int single;              /* the open file that was named; -1: it was handed on */
};

/* Ids, paths in messages: valid UTF-8, a byte that is none (or a control) as %XX. */
static void add_readable(ns_buffer *to, const char *s)
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

static bool is_utf8(const char *s)
{
    uint32_t code = 0;
    for (const uint8_t *p = (const uint8_t *)s, *end = p + strlen(s); p < end && code != UINT32_MAX;)
        p += ns_utf8_decode(p, end, &code);
    return code != UINT32_MAX;
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
static bool set_item(ns_reader *r, level *l)
{
    ns_buffer_add_byte(&l->path, 0);
    ns_buffer_add_byte(&l->id, 0);
    if (l->path.failed || l->id.failed || r->origin.failed)
        return false;
    l->item.path = l->item.bid_path = text_of(&l->path);
    l->item.id = text_of(&l->id);
    l->item.origin = text_of(&r->origin);
    l->item.known = (ns_known)NS_KNOWN_NOTHING;
    l->item.fields = r->fields;
    l->item.line = 0;
    l->item.finished = false;
    l->format = NULL;
    return true;
}

/* Sets path, id and origin of the file; 'name' is below the root, or "" for the root itself. */
static bool name_item(ns_reader *r, const char *name)
{
    level *l = &r->levels[0];
    r->named = 0;
    ns_buffer_clear(&l->path);
    ns_buffer_clear(&l->id);
    ns_buffer_clear(&r->origin);
    size_t n = strlen(r->root);
    add_readable(&l->path, r->root);
    if (*name && n && r->root[n - 1] != '/')
        ns_buffer_add_byte(&l->path, '/');
    add_readable(&l->path, name);
    add_readable(&l->id, r->root_name);
    if (*name && *r->root_name)
        ns_buffer_add_byte(&l->id, '/');
    add_readable(&l->id, name);
    if (*r->root_origin && is_utf8(r->root_origin) && is_utf8(name)) {
        ns_buffer_add_string(&r->origin, r->root_origin);
        if (*name && strcmp(r->root_origin, "/"))
            ns_buffer_add_byte(&r->origin, '/');
        ns_buffer_add_string(&r->origin, name);
    }
    ns_buffer_add_byte(&r->origin, 0);
    return set_item(r, l);
}

/* The same for a member of the container on top, which is opened. */
static bool open_member(ns_reader *r, const ns_member *member)
{
    level *below = &r->levels[r->depth - 1], *l = &r->levels[r->depth];
    ns_buffer_clear(&l->path);
    ns_buffer_clear(&l->id);
    ns_buffer_add_string(&l->path, below->item.path);
    ns_buffer_add_byte(&l->path, '/');
    add_readable(&l->path, member->name);
    if (!*member->id) {
        ns_buffer_add_string(&l->id, below->item.id);
        ns_buffer_add_byte(&l->id, '/');
    }
    add_readable(&l->id, *member->id ? member->id : member->name);
    if (!set_item(r, l))
        return false;
    l->item.known = member->known;
    if (*member->kind)
        l->item.bid_path = member->kind;
    r->depth++;
    return ns_input_open_source(&l->item.input, member->source, member->user);
}

/* The last two parts of an absolute path: an id that is the same however the file was named. */
static const char *last_parts(const char *path, int count)
{
    const char *p = path + strlen(path);
    while (p > path) {
        if (p[-1] == '/' && --count == 0)
            break;
        p--;
    }
    return p;
}

static nsearch_status new_reader(const char *root, const char *root_name, const char *origin,
                                 ns_reader **reader, nsearch_error *err)
{
    ns_reader *r = calloc(1, sizeof *r);
    if (!r)
        return ns_error_memory(err);
    r->single = -1;
    for (size_t i = 0; i < DEPTH_MAX; i++)
        r->levels[i].item.input.fd = -1;
    r->fields = malloc(sizeof *r->fields);
    if (!r->fields) {
        ns_reader_close(r);
        return ns_error_memory(err);
    }
    ns_fields_init(r->fields);
    r->root = strdup(root);
    r->root_name = strdup(root_name);
    r->root_origin = strdup(origin);
    if (!r->root || !r->root_name || !r->root_origin || !name_item(r, "")) {
        ns_reader_close(r);
        return ns_error_memory(err);
    }
    *reader = r;
    return NSEARCH_OK;
}

static nsearch_status open_item_fd(ns_reader *r, int fd, bool own, nsearch_error *err)
{
    r->depth = 1;
    if (!ns_input_open_fd(&r->levels[0].item.input, fd, own))
        return ns_error_memory(err);
    return NSEARCH_OK;
}

static nsearch_status open_named(ns_reader *r, const char *path, const struct stat *st, nsearch_error *err)
{
    if (!S_ISDIR(st->st_mode) && !S_ISREG(st->st_mode))
        return ns_error_set(err, NSEARCH_SKIPPED, "neither a file nor a folder: '%s'", r->levels[0].item.path);
    int fd =
        open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (S_ISDIR(st->st_mode) ? O_DIRECTORY : 0));
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", r->levels[0].item.path);
    struct stat now;
    if (fstat(fd, &now) || (now.st_mode & S_IFMT) != (st->st_mode & S_IFMT)) {
        close(fd);
        return ns_error_set(err, NSEARCH_SKIPPED, "replaced while it was opened: '%s'", r->levels[0].item.path);
    }
    if (S_ISDIR(st->st_mode))
        return ns_walk_open(fd, &r->walk, err);
    r->single = fd;
    r->looks = now;
    return NSEARCH_OK;
}

nsearch_status ns_reader_open(const char *path, ns_reader **reader, nsearch_error *err)
{
    ns_reader *r = NULL;
    nsearch_status status;
    if (!path || !reader)
        return ns_error_set(err, NSEARCH_INVALID, "no path given");
    if (!strcmp(path, "-")) {
        status = new_reader("standard input", "stdin", "", &r, err);
        if (!status)
            status = open_item_fd(r, STDIN_FILENO, false, err);
        if (status)
            goto out;
        *reader = r;
        return NSEARCH_OK;
    }
    struct stat st;
    char *origin = NULL;
    if (stat(path, &st)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return ns_error_set(err, NSEARCH_NOT_FOUND, "no such file or folder: '%s'", path);
        return ns_error_system(err, "cannot open '%s'", path);
    }
    origin = realpath(path, NULL);
    const char *absolute = origin ? origin : path;
    bool folder = S_ISDIR(st.st_mode);
    status = new_reader(path, last_parts(absolute, folder ? 1 : 2), absolute, &r, err);
    free(origin);
    if (status)
        goto out;
    nsearch_error refusal = NSEARCH_ERROR_INIT;
    status = open_named(r, path, &st, &refusal);
    if (status == NSEARCH_NO_MEMORY) {
        ns_error_set(err, status, "%s", refusal.text);
        goto out;
    }
    if (status) {
        r->refused = true;
        r->refusal = refusal;
    }
    *reader = r;
    return NSEARCH_OK;
out:
    ns_reader_close(r);
    return status;
}

nsearch_status ns_reader_open_memory(const char *name, const void *bytes, size_t n, ns_reader **reader,
                                     nsearch_error *err)
{
    ns_reader *r = NULL;
    nsearch_status status = new_reader(name, name, "", &r, err);
    if (status)
        return status;
    r->depth = 1;
    if (!ns_input_open_memory(&r->levels[0].item.input, bytes, n)) {
        ns_reader_close(r);
        return ns_error_memory(err);
    }
    *reader = r;
    return NSEARCH_OK;
}

nsearch_status ns_reader_set_fields(ns_reader *r, const char *map, nsearch_error *err)
{
    return ns_fields_add(r->fields, map, err);
}

/* ---- files that somebody watches */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void tell_done(ns_reader *r, const ns_input *input)
{
    struct stat now;
    bool whole = !r->closing && !input->unreadable && !fstat(input->fd, &now) && is_same_file(&now, &r->looks);
    r->watch.done(r->watch.user, whole);
}

/* A walk's question: the file's name below the root. */
static bool pass(void *user, const char *name, const struct stat *st)
{
    ns_reader *r = user;
    r->looks = *st;
    if (!r->watch.pass)
        return false;
    ns_buffer_clear(&r->where);
    ns_buffer_add_string(&r->where, r->root_origin);
    if (*name && strcmp(r->root_origin, "/"))
        ns_buffer_add_byte(&r->where, '/');
    ns_buffer_add_string(&r->where, name);
    ns_buffer_add_byte(&r->where, 0);
    return !r->where.failed && r->watch.pass(r->watch.user, text_of(&r->where), st);
}

void ns_reader_set_watch(ns_reader *r, const ns_reader_watch *watch)
{
    r->watch = *watch;
    if (r->walk)
        ns_walk_set_pass(r->walk, pass, r);
}

int64_t ns_reader_id_offset(const ns_reader *r)
{
    return (int64_t)strlen(r->root_origin) - (int64_t)strlen(r->root_name);
}

/* Closes the file or member on top. */
static void close_item(ns_reader *r)
{
    if (!r->depth)
        return;
    level *l = &r->levels[--r->depth];
    if (l->format && l->format->release)
        l->format->release(&l->item);
    l->item.state = NULL;
    if (!r->depth) {
        r->bytes += l->item.input.bytes;
        if (r->watch.done && l->item.input.fd >= 0 && l->item.input.own_fd)
            tell_done(r, &l->item.input);
    }
    ns_input_release(&l->item.input);
    l->format = NULL;
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

static bool start_article(const ns_item *item, ns_arena *arena, ns_article *article)
{
    ns_article_init(article);
    article->origin = ns_arena_string(arena, item->origin);
    return article->origin != NULL;
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

static ns_read broken_input(ns_reader *r, nsearch_error *err)
{
    const ns_item *item = &r->levels[r->depth - 1].item;
    ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", item->input.problem, item->path);
    ns_read answer = r->walk || r->depth > 1 ? NS_READ_SKIPPED : NS_READ_FAILED;
    close_item(r);
    return answer;
}

/* The next member of the container on top is opened: END, and the caller goes on with it. */
static ns_read next_member(ns_reader *r, level *l, nsearch_error *err)
{
    ns_member member = { .name = "", .id = "", .kind = "", .known = NS_KNOWN_NOTHING };
    ns_read answer = l->format->member(&l->item, &member, err);
    if (answer == NS_READ_END) {
        if (l->item.input.problem[0])
            return broken_input(r, err);
        close_item(r);
    }
    if (answer != NS_READ_ARTICLE)
        return answer;
    if (r->depth == DEPTH_MAX) {
        ns_error_set(err, NSEARCH_SKIPPED, "more than %d archives in one another: '%s'", DEPTH_MAX - 1,
                     l->item.path);
        return NS_READ_SKIPPED;
    }
    if (open_member(r, &member))
        return NS_READ_END;
    ns_error_memory(err);
    return NS_READ_FAILED;
}

/* One answer from the file or member on top; END closes it, or opens a member above it. */
static ns_read next_of_item(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    level *l = &r->levels[r->depth - 1];
    ns_item *item = &l->item;
    r->named = r->depth - 1;
    if (!l->format) {
        const char *reason = take_bids(l);
        if (reason) {
            bool broken = item->input.problem[0] && !r->walk && r->depth == 1;
            ns_error_set(err, NSEARCH_SKIPPED, "%s: '%s'", reason, item->path);
            close_item(r);
            return broken ? NS_READ_FAILED : NS_READ_SKIPPED;
        }
    }
    if (l->format->member)
        return next_member(r, l, err);
    if (!start_article(item, arena, article)) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    ns_read answer = l->format->next(item, arena, article, err);
    if (answer == NS_READ_ARTICLE && !add_known(item, arena, article)) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    if (answer == NS_READ_END && item->input.problem[0])
        return broken_input(r, err);
    if (answer == NS_READ_END)
        close_item(r);
    return answer;
}

static ns_read next_answer(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    if (r->refused) {
        r->refused = false;
        r->over = true;
        ns_error_set(err, r->refusal.status, "%s", r->refusal.text);
        return NS_READ_SKIPPED;
    }
    while (!r->over) {
        if (r->depth) {
            ns_read answer = next_of_item(r, arena, article, err);
            if (answer != NS_READ_END)
                return answer;
            continue;
        }
        int fd = r->single;
        r->single = -1;
        if (fd >= 0 && !pass(r, "", &r->looks)) {
            if (open_item_fd(r, fd, true, err))
                return NS_READ_FAILED;
            continue;
        }
        if (fd >= 0)
            close(fd);
        r->over = !r->walk;
        if (r->over)
            break;
        nsearch_error entry = NSEARCH_ERROR_INIT;
        switch (ns_walk_next(r->walk, &fd, &entry)) {
        case NS_WALK_END:
            r->over = true;
            break;
        case NS_WALK_SKIPPED:
            name_item(r, ns_walk_name(r->walk));
            ns_error_set(err, entry.status, "%s", entry.text);
            return NS_READ_SKIPPED;
        case NS_WALK_FILE:
            if (!name_item(r, ns_walk_name(r->walk))) {
                close(fd);
                ns_error_memory(err);
                return NS_READ_FAILED;
            }
            if (open_item_fd(r, fd, true, err))
                return NS_READ_FAILED;
            break;
        }
    }
    return NS_READ_END;
}

ns_read ns_reader_next(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_error_clear(err);
    ns_read answer = next_answer(r, arena, article, err);
    if (answer == NS_READ_FAILED)
        r->over = true;
    const ns_item *item = &r->levels[r->named].item;
    ns_buffer_clear(&r->where);
    ns_buffer_add_string(&r->where, item->path);
    if (item->line)
        ns_buffer_printf(&r->where, ":%llu", (unsigned long long)item->line);
    ns_buffer_add_byte(&r->where, 0);
    return answer;
}

const char *ns_reader_where(const ns_reader *r)
{
    return r->where.failed || !r->where.data ? r->levels[0].item.path : text_of(&r->where);
}

const char *ns_reader_origin(const ns_reader *r)
{
    return text_of(&r->origin);
}

uint64_t ns_reader_bytes(const ns_reader *r)
{
    return r->bytes + (r->depth ? r->levels[0].item.input.bytes : 0);
}

void ns_reader_close(ns_reader *r)
{
    if (!r)
        return;
    r->closing = true;
    while (r->depth)
        close_item(r);
    if (r->single >= 0)
        close(r->single);
    ns_walk_close(r->walk);
    for (size_t i = 0; i < DEPTH_MAX; i++) {
        ns_buffer_release(&r->levels[i].item.scratch);
        ns_buffer_release(&r->levels[i].item.text);
        ns_buffer_release(&r->levels[i].path);
        ns_buffer_release(&r->levels[i].id);
    }
    free(r->fields);
    ns_buffer_release(&r->origin);
    ns_buffer_release(&r->where);
    free(r->root);
    free(r->root_name);
    free(r->root_origin);
    free(r);
}
