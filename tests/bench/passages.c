/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * passages.c - lines of id, title and text.
 */
#include "tests/bench/passages.h"

#include <stdlib.h>
#include <string.h>

bool bench_passages_open(bench_passages *p, const char *path)
{
    *p = (bench_passages){.file = fopen(path, "r")};
    if (p->file)
        setvbuf(p->file, NULL, _IOFBF, 1 << 18);
    return p->file != NULL;
}

void bench_passages_close(bench_passages *p)
{
    free(p->line);
    ns_buffer_release(&p->rest);
    if (p->file)
        fclose(p->file);
    *p = (bench_passages){0};
}

/* Ends the field at *p with NUL and moves *p behind it. */
static char *take_field(char **p, char *end, bool last, size_t *length)
{
    char *field = *p, *tab = last ? NULL : memchr(field, '\t', (size_t)(end - field));
    char *stop = tab ? tab : end;
    *length = (size_t)(stop - field);
    *stop = '\0';
    *p = tab ? tab + 1 : end;
    return field;
}

static void split(char *line, size_t n, uint64_t number, bench_passage *out)
{
    char *at = line, *end = line + n - (n && line[n - 1] == '\n');
    out->id = take_field(&at, end, false, &out->id_length);
    out->title = take_field(&at, end, false, &out->title_length);
    out->text = take_field(&at, end, true, &out->text_length);
    out->number = number;
}

bool bench_passages_next(bench_passages *p, bench_passage *out)
{
    ssize_t n = getline(&p->line, &p->room, p->file);
    if (n <= 0)
        return false;
    split(p->line, (size_t)n, p->next++, out);
    return true;
}

/* Bytes of the first lines, 'most' at the most; counts them in *lines. A line without an end is one at the end of the
 * file only. */
static size_t whole_lines(const uint8_t *bytes, size_t n, bool at_end, uint64_t most, uint64_t *lines)
{
    size_t used = 0;
    for (*lines = 0; *lines < most && used < n; (*lines)++) {
        const uint8_t *stop = memchr(bytes + used, '\n', n - used);
        if (!stop && !at_end)
            break;
        used = stop ? (size_t)(stop - bytes) + 1 : n;
    }
    return used;
}

bool bench_passages_block(bench_passages *p, size_t size, uint64_t limit, bench_block *b)
{
    uint64_t lines = 0;
    size_t used = 0;
    bool at_end = false;
    ns_buffer_clear(&b->bytes);
    ns_buffer_add(&b->bytes, p->rest.data, p->rest.size);
    ns_buffer_clear(&p->rest);
    for (size_t more = size; !lines && !at_end && !b->bytes.failed && p->next < limit; more *= 2) {
        if (!ns_buffer_reserve(&b->bytes, more + 1))
            break;
        size_t got = fread(b->bytes.data + b->bytes.size, 1, more, p->file);
        at_end = got < more;
        b->bytes.size += got;
        used = whole_lines(b->bytes.data, b->bytes.size, at_end, limit - p->next, &lines);
    }
    if (b->bytes.failed)
        return false;
    ns_buffer_add(&p->rest, b->bytes.data + used, b->bytes.size - used);
    b->bytes.failed = p->rest.failed;
    b->bytes.size = used;
    b->taken = 0;
    b->first = p->next;
    b->end = p->next += lines;
    return lines && !b->bytes.failed;
}

bool bench_block_next(bench_block *b, bench_passage *out)
{
    if (b->first == b->end)
        return false;
    char *line = (char *)b->bytes.data + b->taken;
    const char *stop = memchr(line, '\n', b->bytes.size - b->taken);
    size_t n = stop ? (size_t)(stop - line) + 1 : b->bytes.size - b->taken;
    b->taken += n;
    split(line, n, b->first++, out); /* a last line without an end: there is room for its NUL */
    return true;
}
