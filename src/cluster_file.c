/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cluster_file.c - reads cluster.ini: 'key = value' lines, first those of the whole cluster, then a section a shard. What is
 * not understood is an error with its line: a misspelt key must not silently leave out a shard.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buffer.h"
#include "src/cluster.h"

#define FILE_BYTES_MAX (1u << 20)
#define SHOWN_MAX 80 /* bytes of a bad word in an error */

typedef struct reading {
    ns_cluster *c;
    const char *folder;
    unsigned line;
    bool timeout_set;
    nsearch_error *err;
} reading;

static nsearch_status bad_line(const reading *r, unsigned line, const char *what, const char *word)
{
    return ns_error_set(r->err, NSEARCH_INVALID, "line %u of '%s': %s '%.*s'", line, r->c->path, what, SHOWN_MAX, word);
}

static nsearch_status bad(const reading *r, const char *what, const char *word)
{
    return bad_line(r, r->line, what, word);
}

/* ---- where a shard is */

/* Words of an address go into commands and calls: letters, digits and a few signs, and no option. */
static bool is_plain(const char *s, const char *signs)
{
    if (!*s || *s == '-')
        return false;
    for (; *s; s++)
        if (!isalnum((unsigned char)*s) && !strchr(signs, *s))
            return false;
    return true;
}

static char *trim(char *s)
{
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
        n--;
    s[n] = '\0';
    return s;
}

/* "ssh HOST PATH": a server of that machine's, started for us and talking over ssh's pipe. */
static nsearch_status read_ssh(reading *r, char *value, bool writable, ns_shard *shard)
{
    char *host = trim(value + 3), *path = host + strcspn(host, " \t");
    if (*path)
        *path++ = '\0';
    path = trim(path);
    if (!is_plain(host, "@.-_:[]%"))
        return bad(r, "'ssh HOST PATH' expected; not a host:", host);
    if (*path != '/' || !is_plain(path, "/.-_+,=@:"))
        return bad(r, "'ssh HOST PATH' expected, the path from '/' on and without blanks; not", path);
    unsigned seconds = (r->c->timeout_ms + 999) / 1000;
    shard->kind = NS_SHARD_PROGRAM;
    shard->where = "ssh";
    shard->arguments =
        ns_arena_printf(&r->c->arena, "-o BatchMode=yes -o ConnectTimeout=%u -o ServerAliveInterval=15 %s xapian-progsrv %s%s",
                        seconds, host, writable ? "--writable " : "", path);
    return shard->arguments ? NSEARCH_OK : ns_error_memory(r->err);
}

/* "HOST:PORT", "[::1]:7031" */
static nsearch_status read_address(reading *r, char *value, ns_shard *shard)
{
    char *colon = strrchr(value, ':'), *host = value, *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (!colon || !isdigit((unsigned char)colon[1]) || *end || port < 1 || port > 65535)
        return bad(r, "neither a path, nor HOST:PORT, nor 'ssh HOST PATH':", value);
    *colon = '\0';
    if (*host == '[' && colon > host + 1 && colon[-1] == ']') {
        host++;
        colon[-1] = '\0';
    } else if (strchr(host, ':')) {
        return bad(r, "an address with colons goes into brackets, [HOST]:PORT; not", value);
    }
    if (!is_plain(host, ".-_:%"))
        return bad(r, "not a host:", host);
    shard->kind = NS_SHARD_TCP;
    shard->port = (unsigned)port;
    shard->where = ns_arena_string(&r->c->arena, host);
    return shard->where ? NSEARCH_OK : ns_error_memory(r->err);
}

static nsearch_status read_where(reading *r, char *value, bool writable, ns_shard *shard)
{
    bool absolute = *value == '/', relative = !strncmp(value, "./", 2) || !strncmp(value, "../", 3);
    if (shard->where)
        return bad(r, "a second value for", writable ? "write" : "where or replica");
    if (!strncmp(value, "ssh ", 4) || !strncmp(value, "ssh\t", 4))
        return read_ssh(r, value, writable, shard);
    if (!absolute && !relative)
        return read_address(r, value, shard);
    shard->kind = NS_SHARD_DIRECTORY;
    bool as_it_is = absolute || !strcmp(r->folder, ".");
    shard->where = as_it_is ? ns_arena_string(&r->c->arena, value)
                            : ns_arena_printf(&r->c->arena, "%s/%s", r->folder, value);
    return shard->where ? NSEARCH_OK : ns_error_memory(r->err);
}

/* ---- lines */

/* "2000", "2000 ms", "2 s" */
static nsearch_status read_timeout(reading *r, const char *value)
{
    char *end;
    errno = 0;
    double number = isdigit((unsigned char)*value) ? strtod(value, &end) : -1;
    if (number < 0 || errno)
        return bad(r, "timeout takes milliseconds, as 2000, or seconds, as 2 s; not", value);
    end += strspn(end, " \t");
    if (!strcmp(end, "s"))
        number *= 1000;
    else if (*end && strcmp(end, "ms"))
        return bad(r, "timeout takes milliseconds, as 2000, or seconds, as 2 s; not", value);
    if (!(number >= NS_CLUSTER_TIMEOUT_MIN && number <= NS_CLUSTER_TIMEOUT_MAX))
        return bad(r, "timeout must be 150 ms to 600 s, not", value);
    if (r->timeout_set)
        return bad(r, "a second", "timeout");
    r->timeout_set = true;
    r->c->timeout_ms = (unsigned)number;
    return NSEARCH_OK;
}

static nsearch_status begin_shard(reading *r, char *line)
{
    size_t n = strlen(line);
    ns_cluster *c = r->c;
    if (line[n - 1] != ']')
        return bad(r, "no ']' at the end of", line);
    line[n - 1] = '\0';
    char *name = trim(line + 1);
    if (!is_plain(name, ".-_") || strlen(name) > NS_CLUSTER_NAME_MAX)
        return bad(r, "a shard's name is 1 to 63 letters, digits, '-', '_' and '.'; not", name);
    for (size_t i = 0; i < c->shard_count; i++)
        if (!strcmp(c->shards[i].where.name, name))
            return bad(r, "a second shard", name);
    if (c->shard_count == NS_CLUSTER_SHARDS_MAX)
        return bad(r, "more than 256 shards:", name);
    ns_cluster_shard *more = reallocarray(c->shards, c->shard_count + 1, sizeof *more);
    if (!more)
        return ns_error_memory(r->err);
    c->shards = more;
    ns_cluster_shard *shard = &more[c->shard_count++];
    memset(shard, 0, sizeof *shard);
    shard->line = r->line;
    shard->where.name = shard->replica.name = shard->writer.name = ns_arena_string(&c->arena, name);
    return shard->where.name ? NSEARCH_OK : ns_error_memory(r->err);
}

static nsearch_status read_line(reading *r, char *line)
{
    ns_cluster *c = r->c;
    line = trim(line);
    if (!*line || *line == '#' || *line == ';')
        return NSEARCH_OK;
    if (*line == '[')
        return begin_shard(r, line);
    char *equals = strchr(line, '=');
    if (!equals)
        return bad(r, "neither '[SHARD]' nor 'key = value':", line);
    *equals = '\0';
    char *key = trim(line), *value = trim(equals + 1);
    if (!*value)
        return bad(r, "no value for", key);
    if (!c->shard_count) {
        if (!strcmp(key, "timeout"))
            return read_timeout(r, value);
        return bad(r, "before the first [SHARD] there is only 'timeout', not", key);
    }
    ns_cluster_shard *shard = &c->shards[c->shard_count - 1];
    if (!strcmp(key, "where"))
        return read_where(r, value, false, &shard->where);
    if (!strcmp(key, "replica"))
        return read_where(r, value, false, &shard->replica);
    if (!strcmp(key, "write"))
        return read_where(r, value, true, &shard->writer);
    return bad(r, "a shard has 'where', 'replica' and 'write', not", key);
}

/* ---- the whole */

static bool same_place(const ns_shard *a, const ns_shard *b)
{
    return a->kind == b->kind && !strcmp(a->where, b->where) && a->port == b->port &&
           !strcmp(a->arguments ? a->arguments : "", b->arguments ? b->arguments : "");
}

/* A shard that is read twice would count twice. */
static nsearch_status check_places(const reading *r)
{
    const ns_cluster *c = r->c;
    for (size_t i = 0; i < c->shard_count; i++) {
        const ns_cluster_shard *s = &c->shards[i];
        if (!s->where.where)
            return bad_line(r, s->line, "no 'where' for shard", s->where.name);
        for (size_t k = 0; k < i; k++) {
            const ns_cluster_shard *other = &c->shards[k];
            if (same_place(&s->where, &other->where) ||
                (other->replica.where && same_place(&s->where, &other->replica)) ||
                (s->replica.where && same_place(&s->replica, &other->where)))
                return bad_line(r, s->line, "in the place of another shard:", s->where.name);
        }
    }
    return NSEARCH_OK;
}

/* Where nothing else is said, articles go to where they are read. */
static nsearch_status set_writers(ns_cluster *c, nsearch_error *err)
{
    for (size_t i = 0; i < c->shard_count; i++) {
        ns_cluster_shard *s = &c->shards[i];
        if (s->writer.where)
            continue;
        s->writer = s->where;
        const char *server = s->where.arguments ? strstr(s->where.arguments, " xapian-progsrv ") : NULL;
        if (!server)
            continue;
        size_t before = (size_t)(server - s->where.arguments) + strlen(" xapian-progsrv ");
        s->writer.arguments = ns_arena_printf(&c->arena, "%.*s--writable %s", (int)before, s->where.arguments,
                                              s->where.arguments + before);
        if (!s->writer.arguments)
            return ns_error_memory(err);
    }
    return NSEARCH_OK;
}

nsearch_status ns_cluster_parse(const char *path, const char *folder, const char *text, size_t n, ns_cluster *cluster,
                                nsearch_error *err)
{
    memset(cluster, 0, sizeof *cluster);
    ns_arena_init(&cluster->arena);
    cluster->timeout_ms = NS_CLUSTER_TIMEOUT_DEFAULT;
    cluster->path = strdup(path);
    char *copy = cluster->path ? ns_arena_copy(&cluster->arena, text, n) : NULL;
    reading r = {.c = cluster, .folder = folder, .err = err};
    nsearch_status status = copy ? NSEARCH_OK : ns_error_memory(err);
    if (!status && memchr(text, '\0', n))
        status = ns_error_set(err, NSEARCH_INVALID, "'%s' is no text: it has NUL bytes", path);
    for (char *line = copy; !status && line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        r.line++;
        status = read_line(&r, line);
        line = end;
    }
    if (!status && !cluster->shard_count)
        status = ns_error_set(err, NSEARCH_INVALID, "'%s' names no shard: '[NAME]' and 'where = ...' is wanted", path);
    if (!status)
        status = check_places(&r);
    if (!status)
        status = set_writers(cluster, err);
    if (status)
        ns_cluster_release(cluster);
    return status;
}

bool ns_cluster_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static nsearch_status read_file(const char *path, ns_buffer *text, nsearch_error *err)
{
    uint8_t block[4096];
    ssize_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return ns_error_set(err, NSEARCH_NOT_FOUND, "no file '%s'", path);
    if (fd < 0)
        return ns_error_system(err, "cannot open '%s'", path);
    while (text->size <= FILE_BYTES_MAX && (n = read(fd, block, sizeof block)) > 0)
        ns_buffer_add(text, block, (size_t)n);
    nsearch_status status = NSEARCH_OK;
    if (n < 0)
        status = ns_error_system(err, "cannot read '%s'", path);
    else if (text->failed)
        status = ns_error_memory(err);
    else if (text->size > FILE_BYTES_MAX)
        status = ns_error_set(err, NSEARCH_INVALID, "'%s' is no list of shards: it is larger than 1 MB", path);
    close(fd);
    return status;
}

nsearch_status ns_cluster_read(const char *path, ns_cluster *cluster, nsearch_error *err)
{
    ns_buffer text = NS_BUFFER_INIT;
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    nsearch_status status = folder ? read_file(path, &text, err) : ns_error_memory(err);
    if (!status)
        status = ns_cluster_parse(path, folder, text.size ? (const char *)text.data : "", text.size, cluster, err);
    ns_buffer_release(&text);
    free(folder);
    return status;
}

void ns_cluster_release(ns_cluster *cluster)
{
    for (size_t i = 0; i < cluster->shard_count; i++) {
        ns_program_probe_end(&cluster->shards[i].where_probe);
        ns_program_probe_end(&cluster->shards[i].replica_probe);
    }
    free(cluster->path);
    free(cluster->shards);
    ns_arena_release(&cluster->arena);
    memset(cluster, 0, sizeof *cluster);
}
