/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * reader.c - opens what the user named, walks folders, says how each file is called, and hands it to content.c for
 * its articles.
 */
#include "corpus/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/charset.h"
#include "corpus/confined.h"
#include "corpus/content.h"
#include "corpus/walk.h"

struct ns_reader {
    ns_walk *walk;           /* NULL: one file */
    ns_content *content;
    ns_confined *confined;   /* NULL: the content is read in this process */
    char *fields;            /* a map for it, or NULL */
    ns_content_news news;    /* of the content */
    bool open;               /* the content has a file */
    int fd;                  /* of that file, -1: memory or none */
    bool own_fd;
    bool over;
    bool refused;            /* the named path is neither file nor folder, or may not be read */
    nsearch_error refusal;
    char *root;              /* as the user named it */
    char *root_name;         /* the folder's own name, in ids */
    char *root_origin;       /* its absolute path */
    ns_buffer path, id, origin; /* of the file in hand: as shown, where ids begin, absolute; NUL behind */
    ns_buffer asked;         /* the path that a watch is asked about */
    const char *where;       /* the last answer came from */
    uint64_t bytes;          /* of the files before the open one */
    ns_reader_watch watch;   /* zeros: nobody watches */
    struct stat looks;       /* of the open file, before it was opened */
    int single;              /* the open file that was named; -1: it was handed on */
    bool own_single;
};

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

/* Sets path, id and origin of the file; 'name' is below the root, or "" for the root itself. */
static bool name_file(ns_reader *r, const char *name)
{
    ns_buffer_clear(&r->path);
    ns_buffer_clear(&r->id);
    ns_buffer_clear(&r->origin);
    size_t n = strlen(r->root);
    ns_content_add_readable(&r->path, r->root);
    if (*name && n && r->root[n - 1] != '/')
        ns_buffer_add_byte(&r->path, '/');
    ns_content_add_readable(&r->path, name);
    ns_content_add_readable(&r->id, r->root_name);
    if (*name && *r->root_name)
        ns_buffer_add_byte(&r->id, '/');
    ns_content_add_readable(&r->id, name);
    if (*r->root_origin && is_utf8(r->root_origin) && is_utf8(name)) {
        ns_buffer_add_string(&r->origin, r->root_origin);
        if (*name && strcmp(r->root_origin, "/"))
            ns_buffer_add_byte(&r->origin, '/');
        ns_buffer_add_string(&r->origin, name);
    }
    ns_buffer_add_byte(&r->path, 0);
    ns_buffer_add_byte(&r->id, 0);
    ns_buffer_add_byte(&r->origin, 0);
    r->where = text_of(&r->path);
    return !r->path.failed && !r->id.failed && !r->origin.failed;
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
    r->fd = r->single = -1;
    r->where = "";
    nsearch_status status = ns_content_new(&r->content, err);
    r->root = strdup(root);
    r->root_name = strdup(root_name);
    r->root_origin = strdup(origin);
    if (!status && (!r->root || !r->root_name || !r->root_origin || !name_file(r, "")))
        status = ns_error_memory(err);
    if (status)
        ns_reader_close(r);
    else
        *reader = r;
    return status;
}

static nsearch_status open_file(ns_reader *r, int fd, bool own, nsearch_error *err)
{
    const ns_content_file file = {text_of(&r->path), text_of(&r->id), !r->walk};
    r->fd = fd;
    r->own_fd = own;
    nsearch_status status = r->confined ? ns_confined_open(r->confined, &file, r->fields ? r->fields : "", fd, err)
                                        : ns_content_open(r->content, &file, fd, err);
    r->open = !status;
    return status;
}

static nsearch_status open_named(ns_reader *r, const char *path, const struct stat *st, nsearch_error *err)
{
    if (!S_ISDIR(st->st_mode) && !S_ISREG(st->st_mode))
        return ns_error_set(err, NSEARCH_SKIPPED, "neither a file nor a folder: '%s'", text_of(&r->path));
    int fd =
        open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (S_ISDIR(st->st_mode) ? O_DIRECTORY : 0));
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", text_of(&r->path));
    struct stat now;
    if (fstat(fd, &now) || (now.st_mode & S_IFMT) != (st->st_mode & S_IFMT)) {
        close(fd);
        return ns_error_set(err, NSEARCH_SKIPPED, "replaced while it was opened: '%s'", text_of(&r->path));
    }
    if (S_ISDIR(st->st_mode))
        return ns_walk_open(fd, &r->walk, err);
    r->single = fd;
    r->own_single = true;
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
        if (status)
            return status;
        r->single = STDIN_FILENO;
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
    const ns_content_file file = {text_of(&r->path), text_of(&r->id), true};
    status = ns_content_open_memory(r->content, &file, bytes, n, err);
    if (status) {
        ns_reader_close(r);
        return status;
    }
    r->open = true;
    *reader = r;
    return NSEARCH_OK;
}

nsearch_status ns_reader_set_fields(ns_reader *r, const char *map, nsearch_error *err)
{
    nsearch_status status = ns_content_set_fields(r->content, map, err);
    if (status)
        return status;
    free(r->fields);
    r->fields = strdup(map);
    return r->fields ? NSEARCH_OK : ns_error_memory(err);
}

void ns_reader_confine(ns_reader *r, ns_confined *confined)
{
    r->confined = confined;
}

/* ---- files that somebody watches */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The content has nothing more of the open file. 'whole': nor has the file. */
static void close_file(ns_reader *r, bool whole)
{
    struct stat now;
    r->open = false;
    r->bytes += r->news.bytes;
    r->news.bytes = 0;
    if (r->fd < 0 || !r->own_fd)
        return;
    if (r->watch.done)
        r->watch.done(r->watch.user, whole && !r->news.unreadable && !fstat(r->fd, &now) && is_same_file(&now, &r->looks));
    close(r->fd);
    r->fd = -1;
}

/* A walk's question: the file's name below the root. */
static bool pass(void *user, const char *name, const struct stat *st)
{
    ns_reader *r = user;
    r->looks = *st;
    if (!r->watch.pass)
        return false;
    ns_buffer_clear(&r->asked);
    ns_buffer_add_string(&r->asked, r->root_origin);
    if (*name && strcmp(r->root_origin, "/"))
        ns_buffer_add_byte(&r->asked, '/');
    ns_buffer_add_string(&r->asked, name);
    ns_buffer_add_byte(&r->asked, 0);
    return !r->asked.failed && r->watch.pass(r->watch.user, text_of(&r->asked), st);
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

/* An answer from the open file; END: it has no more. */
static ns_read next_of_file(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_read answer;
    if (r->confined) {
        answer = ns_confined_next(r->confined, arena, article, err);
        ns_confined_state(r->confined, &r->news);
    } else {
        answer = ns_content_next(r->content, arena, article, err);
        ns_content_state(r->content, &r->news);
    }
    r->where = r->news.where;
    if (!r->news.open)
        close_file(r, true);
    if (answer == NS_READ_ARTICLE && !(article->origin = ns_arena_string(arena, text_of(&r->origin)))) {
        ns_error_memory(err);
        return NS_READ_FAILED;
    }
    return answer;
}

/* The next entry of the folder is opened: END, and the caller goes on with it. */
static ns_read next_entry(ns_reader *r, nsearch_error *err)
{
    int fd;
    nsearch_error entry = NSEARCH_ERROR_INIT;
    switch (ns_walk_next(r->walk, &fd, &entry)) {
    case NS_WALK_END:
        r->over = true;
        break;
    case NS_WALK_SKIPPED:
        name_file(r, ns_walk_name(r->walk));
        ns_error_set(err, entry.status, "%s", entry.text);
        return NS_READ_SKIPPED;
    case NS_WALK_FILE:
        if (!name_file(r, ns_walk_name(r->walk))) {
            close(fd);
            ns_error_memory(err);
            return NS_READ_FAILED;
        }
        if (open_file(r, fd, true, err))
            return NS_READ_FAILED;
        break;
    }
    return NS_READ_END;
}

static ns_read next_answer(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_read answer = NS_READ_END;
    if (r->refused) {
        r->refused = false;
        r->over = true;
        ns_error_set(err, r->refusal.status, "%s", r->refusal.text);
        return NS_READ_SKIPPED;
    }
    while (!r->over && answer == NS_READ_END) {
        if (r->open) {
            answer = next_of_file(r, arena, article, err);
            continue;
        }
        int fd = r->single;
        r->single = -1;
        if (fd >= 0 && !pass(r, "", &r->looks)) {
            if (open_file(r, fd, r->own_single, err))
                answer = NS_READ_FAILED;
            continue;
        }
        if (fd >= 0 && r->own_single)
            close(fd);
        if (r->walk)
            answer = next_entry(r, err);
        else
            r->over = true;
    }
    return answer;
}

ns_read ns_reader_next(ns_reader *r, ns_arena *arena, ns_article *article, nsearch_error *err)
{
    ns_error_clear(err);
    ns_read answer = next_answer(r, arena, article, err);
    if (answer == NS_READ_FAILED)
        r->over = true;
    return answer;
}

const char *ns_reader_where(const ns_reader *r)
{
    return r->where;
}

const char *ns_reader_origin(const ns_reader *r)
{
    return text_of(&r->origin);
}

uint64_t ns_reader_bytes(const ns_reader *r)
{
    return r->bytes + r->news.bytes;
}

void ns_reader_close(ns_reader *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close_file(r, false);
    ns_content_free(r->content);
    if (r->single >= 0 && r->own_single)
        close(r->single);
    ns_walk_close(r->walk);
    ns_buffer_release(&r->path);
    ns_buffer_release(&r->id);
    ns_buffer_release(&r->origin);
    ns_buffer_release(&r->asked);
    free(r->fields);
    free(r->root);
    free(r->root_name);
    free(r->root_origin);
    free(r);
}
